"""What an organiser does to the list, on both databases: each change with its entry in the trail."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.event_cancelling import Cancelled as Cancelling
from eventreg.events.event_cancelling import cancel_event
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.models import Mail
from eventreg.registrations import queries
from eventreg.registrations.adding_by_hand import add_by_hand
from eventreg.registrations.attendee_list import ListWish, figures_of, page_of_list
from eventreg.registrations.cancelling import Cancelled, CannotChange, Restored
from eventreg.registrations.cancelling_by_organiser import cancel_for_person, restore_for_person
from eventreg.registrations.correcting import CannotCorrect, Corrected, correct_name
from eventreg.registrations.event_mails import tell_event_cancelled
from eventreg.registrations.models import Registration
from eventreg.registrations.raising_address_cap import set_cap_per_address
from eventreg.registrations.resending import resend_confirmation
from eventreg.registrations.sign_up_rules import AlreadyRegistered, Confirmed, Refusal, Refused, SignUpRequest, Source
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")


def by_hand(name: str, email: str, *, over_capacity: bool = False) -> SignUpRequest:
    return SignUpRequest(name, email, "pl", Source.PANEL, over_capacity)


def trail() -> list[tuple[str, int | None, int | None]]:
    db.session.rollback()
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(row.action, row.account_id, row.registration_id) for row in rows]


def mails() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(Mail).order_by(Mail.id))
    return [(mail.occasion, mail.to_address) for mail in rows]


def taken(event: Event) -> int:
    db.session.rollback()
    return db.session.scalars(select(Event.places_taken).where(Event.id == event.id)).one()


def everybody(search: str = "", state: str | None = None, page: str = "") -> ListWish:
    return ListWish(search, state, newest_first=False, page=page)


def test_adding_by_hand(factory: Factory, now: datetime) -> None:
    event = factory.event()
    account = factory.account(event.organiser)
    result = add_by_hand(event.id, event.organiser_id, by_hand("Jan Łoś", "jan@example.org"), account.id, now)
    assert isinstance(result, Confirmed)
    row = db.session.get_one(Registration, result.registration_id)
    assert (row.name, row.surname, row.source, row.state) == ("Jan Łoś", "Łoś", "panel", "confirmed")
    assert taken(event) == 1
    assert mails() == [("sign_up_confirmed", "jan@example.org")]
    assert trail() == [("registration_added", account.id, row.id)]


def test_adding_over_the_capacity_needs_a_tick(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1)
    account = factory.account(event.organiser)
    factory.registration(event)
    one_more = by_hand("Jan Łoś", "jan@example.org")
    refused = add_by_hand(event.id, event.organiser_id, one_more, account.id, now)
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.FULL
    assert (taken(event), trail(), mails()) == (1, [], [])
    assert len(list(queries.registration_rows(event.id))) == 1
    ticked = by_hand("Jan Łoś", "jan@example.org", over_capacity=True)
    assert isinstance(add_by_hand(event.id, event.organiser_id, ticked, account.id, now), Confirmed)
    assert taken(event) == 2


def test_adding_somebody_who_is_there_adds_nobody(factory: Factory, now: datetime) -> None:
    event = factory.event()
    account = factory.account(event.organiser)
    factory.registration(event, name="Jan Łoś", email="jan@example.org")
    again = by_hand("JAN ŁOŚ", "Jan@example.org")
    assert isinstance(add_by_hand(event.id, event.organiser_id, again, account.id, now), AlreadyRegistered)
    assert (taken(event), trail()) == (1, [])


def test_cancelling_and_taking_back(factory: Factory, now: datetime) -> None:
    event = factory.event()
    account = factory.account(event.organiser)
    person = factory.registration(event, email="jan@example.org")
    assert cancel_for_person(person, account.id, now) == Cancelled(changed=True)
    assert cancel_for_person(person, account.id, now) == Cancelled(changed=False)
    assert taken(event) == 0
    assert restore_for_person(person, account.id, now) == Restored(changed=True)
    assert taken(event) == 1
    assert trail() == [
        ("registration_cancelled", account.id, person.id),
        ("registration_restored", account.id, person.id),
    ]
    assert [occasion for occasion, _ in mails()] == ["registration_cancelled", "sign_up_confirmed"]


def test_nothing_changes_after_the_event(factory: Factory, now: datetime) -> None:
    event = factory.event()
    account = factory.account(event.organiser)
    person = factory.registration(event)
    later = event.ends_at + timedelta(hours=1)
    assert cancel_for_person(person, account.id, later) is CannotChange.EVENT_OVER
    assert resend_confirmation(person.id, event.id, account.id, later) is CannotChange.EVENT_OVER
    assert (taken(event), trail(), mails()) == (1, [], [])


def test_resending_raises_the_persons_own_sequence(factory: Factory, now: datetime) -> None:
    event = factory.event()
    account = factory.account(event.organiser)
    person = factory.registration(event, email="jan@example.org")
    assert isinstance(resend_confirmation(person.id, event.id, account.id, now), Registration)
    assert mails() == [("sign_up_confirmed", "jan@example.org")]
    row = db.session.get_one(Registration, person.id, populate_existing=True)
    assert row.ical_sequence == 1
    assert trail() == [("confirmation_resent", account.id, person.id)]


def test_resending_to_somebody_who_cancelled_is_refused(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event, state="cancelled", cancelled_at=now, cancelled_by="person")
    account = factory.account(event.organiser)
    assert resend_confirmation(person.id, event.id, account.id, now) is CannotChange.NOT_FOUND


def test_correcting_moves_the_person_in_the_order(factory: Factory, now: datetime) -> None:
    event = factory.event()
    account = factory.account(event.organiser)
    person = factory.registration(event, name="Adam Marek")
    factory.registration(event, name="Zofia Bąk")
    assert [row.surname for row in queries.registration_rows(event.id)] == ["Bąk", "Marek"]
    assert correct_name(person.id, event.id, "Adam Marek", "Adam", account.id, now) == Corrected(("surname",))
    assert [row.surname for row in queries.registration_rows(event.id)] == ["Adam", "Bąk"]
    outcome = correct_name(person.id, event.id, "Marek Adam", "Adam", account.id, now)
    assert outcome == Corrected(("name",))
    assert correct_name(person.id, event.id, "Marek Adam", "Adam", account.id, now) == Corrected(())
    assert [action for action, *_ in trail()] == ["registration_corrected"] * 2
    assert mails() == []


def test_two_people_cannot_become_one(factory: Factory, now: datetime) -> None:
    event = factory.event()
    account = factory.account(event.organiser)
    factory.registration(event, name="Jan Łoś", email="biuro@example.org")
    other = factory.registration(event, name="Jan Los", email="biuro@example.org")
    outcome = correct_name(other.id, event.id, "jan łoś", "łoś", account.id, now)
    assert outcome is CannotCorrect.SAME_PERSON
    assert trail() == []


def test_abuse_28_a_registration_of_another_event_is_not_found(factory: Factory, now: datetime) -> None:
    event, other = factory.event(), factory.event()
    account = factory.account(event.organiser)
    person = factory.registration(other)
    assert queries.registration_of_event(person.id, event.id) is None
    outcome = correct_name(person.id, event.id, "Jan Łoś", "Łoś", account.id, now)
    assert outcome is CannotCorrect.NOT_FOUND
    assert resend_confirmation(person.id, event.id, account.id, now) is CannotChange.NOT_FOUND


def test_raising_the_cap_shuts_out_a_form_that_is_open_elsewhere(factory: Factory, now: datetime) -> None:
    event = factory.event()
    account = factory.account(event.organiser)
    before = event.revision
    assert set_cap_per_address(event.id, 25, account.id, now)
    assert not set_cap_per_address(event.id, 25, account.id, now)
    row = db.session.get_one(Event, event.id, populate_existing=True)
    assert (row.cap_per_address, row.revision) == (25, before + 1)
    assert [action for action, *_ in trail()] == ["event_changed"]


def test_the_list_in_the_polish_order_whatever_the_database(factory: Factory) -> None:
    event = factory.event()
    order = ["Ewa Ćwik", "Anna Lis", "Kowal Łasica", "Jan Łoś", "Jan Sowa", "Maria Ścisło", "Jan Żak"]
    for name in reversed(order):
        factory.registration(event, name=name)
    assert [row.name for row in queries.registration_rows(event.id)] == order
    page = page_of_list(event, everybody())
    assert [line.registration.name for line in page.lines] == order


def test_search_folds_case_and_diacritics(factory: Factory) -> None:
    event = factory.event()
    for name, email in (("Jan Łoś", "j@example.org"), ("Ewa Ćwik", "losowy@example.org")):
        factory.registration(event, name=name, email=email)
    factory.registration(event, name="Anna Nowak")
    page = page_of_list(event, everybody("LOS"))
    assert [line.registration.name for line in page.lines] == ["Ewa Ćwik", "Jan Łoś"]
    assert page_of_list(event, everybody("nikogo")).lines == []


def test_pages_and_states(factory: Factory) -> None:
    event = factory.event(capacity=None)
    for _ in range(51):
        factory.registration(event)
    factory.registration(event, state="cancelled")
    first, second = page_of_list(event, everybody()), page_of_list(event, everybody(page="2"))
    assert (len(first.lines), len(second.lines), first.pages, first.found) == (50, 2, 2, 52)
    assert page_of_list(event, everybody(state="cancelled")).found == 1
    assert len(list(queries.registration_rows(event.id, "confirmed"))) == 51


def test_figures_and_lines(factory: Factory, now: datetime) -> None:
    event = factory.event()
    factory.registration(event, name="Anna Lis", email="biuro@example.org")
    person = factory.registration(event, name="Jan Łoś", email="Biuro@example.org")
    factory.registration(event, state="cancelled", created_at=now - timedelta(days=30))
    account = factory.account(event.organiser)
    resend_confirmation(person.id, event.id, account.id, now)
    figures = figures_of(event, now)
    assert (figures.confirmed, figures.by_state["cancelled"], figures.offered, figures.held) == (2, 1, 0, 0)
    assert [bar.count for bar in figures.chart] == [0] * 13 + [2]
    lines = page_of_list(event, everybody(state="confirmed")).lines
    assert [(line.sharing, line.last_mail) for line in lines] == [
        (2, None),
        (2, ("sign_up_confirmed", "queued")),
    ]


def test_the_last_mail_of_a_shared_mailbox_is_that_of_everybody_it_told(factory: Factory, now: datetime) -> None:
    event = factory.event()
    account = factory.account(event.organiser)
    people = [factory.registration(event, name=f"Jan {name}", email="Biuro@example.org") for name in ("Bąk", "Ćwik")]
    alone = factory.registration(event, name="Zoja Żuk")
    resend_confirmation(people[0].id, event.id, account.id, now)
    assert cancel_event(event.id, "", account.id, now) == Cancelling(event, 2)
    late = factory.registration(event, name="Jan Dąb", email="biuro@example.org")
    lines = page_of_list(event, everybody()).lines
    assert [(line.registration.id, line.last_mail) for line in lines] == [
        (people[0].id, ("event_cancelled", "queued")),
        (people[1].id, ("event_cancelled", "queued")),
        (late.id, None),
        (alone.id, ("event_cancelled", "queued")),
    ]


def test_the_last_mails_of_a_page_cost_two_statements(factory: Factory, now: datetime) -> None:
    event = factory.event()
    for number in range(12):
        factory.registration(event, email=f"biuro{number // 3}@example.org")
    tell_event_cancelled(event, now)
    people = list(db.session.scalars(select(Registration)))
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        found = queries.last_mails(event.id, people)
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    assert found == {person.id: ("event_cancelled", "queued") for person in people}
    assert len([statement for statement in seen if statement.startswith("SELECT")]) == 2
