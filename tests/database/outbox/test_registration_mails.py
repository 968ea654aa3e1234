"""Which mail goes to whom, with which invitation: calendar.md 3-6 and 4a, abuse 15 and 16."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar, Component
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert, select

from eventreg.database import db, transaction
from eventreg.events.event_cancelling import cancel_event
from eventreg.events.event_changes import Changed, change_event
from eventreg.events.event_loading import fields_of
from eventreg.events.models import Event
from eventreg.outbox.delivering import Delivery, deliver_due
from eventreg.outbox.models import Mail
from eventreg.registrations import event_mails, registration_mails
from eventreg.registrations.cancelling import cancel_registration, restore_registration
from eventreg.registrations.facts_for_mails import event_facts
from eventreg.registrations.models import Registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import SignUpRequest
from tests.database.outbox.conftest import Postbox
from tests.factories import Factory

MakeDelivery = Callable[..., Delivery]
pytestmark = pytest.mark.usefixtures("sending_app")


def sign_up_through_the_form(event: Event, now: datetime, name: str, email: str = "anna@example.org") -> Registration:
    sign_up(event.id, SignUpRequest(name=name, email=email, language="pl"), now)
    return db.session.scalars(select(Registration).where(Registration.name == name)).one()


def deliver(delivery: Delivery) -> None:
    while deliver_due(delivery).claimed:
        pass


def entry_of(mail: EmailMessage) -> tuple[str, Component]:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    calendar = Calendar.from_ical(payload)
    assert part["Content-Type"].params["method"] == calendar["METHOD"]
    (entry,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), entry


def files_of(mail: EmailMessage) -> dict[str, Calendar]:
    files = {}
    for part in mail.iter_attachments():
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        files[part.get_filename() or ""] = Calendar.from_ical(payload)
    return files


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def changed(event_id: int, now: datetime, **values: Any) -> Changed:
    db.session.rollback()
    event = db.session.get_one(Event, event_id)
    outcome = change_event(event.id, replace(fields_of(event), **values), event.revision, True, None, now)
    assert isinstance(outcome, Changed)
    return outcome


def test_calendar_05_one_persons_messages_keep_the_uid_and_raise_her_own_sequence(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(capacity=30)
    anna = sign_up_through_the_form(event, now, "Anna Kowalska")
    sign_up_through_the_form(event, now, "Jan Nowak", "jan@example.org")
    deliver(delivery())
    start, end = event.starts_at + timedelta(hours=1), event.ends_at + timedelta(hours=1)
    steps = [
        lambda at: cancel_registration(anna.id, at, by="person"),
        lambda at: restore_registration(anna.id, at, by="person"),
        lambda at: changed(event.id, at, starts_at=start, ends_at=end),
        lambda at: cancel_event(event.id, "Choroba prowadzącego", None, at),
    ]
    for hours, step in enumerate(steps, start=1):
        moment = now + timedelta(hours=hours)
        step(moment)
        deliver(delivery(moment))
    hers = [entry_of(mail) for mail in postbox.received if "anna@" in str(mail["To"])]
    assert [method for method, _ in hers] == ["REQUEST", "CANCEL", "REQUEST", "REQUEST", "CANCEL"]
    assert [entry["SEQUENCE"] for _, entry in hers] == [0, 1, 2, 3, 4]
    assert {str(entry["UID"]) for _, entry in hers} == {anna.uid}
    stamps = [entry["DTSTAMP"].dt for _, entry in hers]
    assert stamps == sorted(set(stamps))
    assert hers[3][1]["DTSTART"].dt == start
    assert hers[4][1]["STATUS"] == "CANCELLED"
    his = [entry_of(mail)[1]["SEQUENCE"] for mail in postbox.received if "jan@" in str(mail["To"])]
    assert his == [0, 1, 2]


def test_calendar_05_uids_have_128_random_bits_and_differ(factory: Factory, now: datetime) -> None:
    event = factory.event()
    uids = {sign_up_through_the_form(event, now, f"Osoba {letter}", f"{letter}@example.org").uid for letter in "abc"}
    assert len(uids) == 3
    assert all(len(bytes.fromhex(uid.partition("@")[0])) >= 16 for uid in uids)


def test_calendar_06_cancelling_sends_cancel_with_the_same_uid_organizer_and_start(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    anna = sign_up_through_the_form(event, now, "Anna Kowalska")
    deliver(delivery())
    cancel_registration(anna.id, now, by="organiser")
    deliver(delivery())
    (asked, first), (method, second) = (entry_of(mail) for mail in postbox.received)
    assert (asked, method) == ("REQUEST", "CANCEL")
    for name in ("UID", "ORGANIZER", "ATTENDEE"):
        assert str(first[name]) == str(second[name])
    assert first["DTSTART"].dt == second["DTSTART"].dt
    assert second["STATUS"] == "CANCELLED"
    assert "organizator wycofał zgłoszenie" in text_of(postbox.received[1])


def test_calendar_04a_the_second_person_of_a_mailbox_gets_a_file_and_no_request(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    sign_up_through_the_form(event, now, "Anna Kowalska", "sekretariat@example.org")
    jan = sign_up_through_the_form(event, now, "Jan Łoś", "sekretariat@example.org")
    deliver(delivery())
    first, second = postbox.received
    assert entry_of(first)[0] == "REQUEST"
    assert [part.get_content_type() for part in second.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "application/ics",
    ]
    (calendar,) = files_of(second).values()
    assert list(files_of(second)) == ["Jan-Los.ics"]
    assert calendar["METHOD"] == "PUBLISH"
    (entry,) = calendar.walk("VEVENT")
    assert "ATTENDEE" not in entry
    assert str(entry["UID"]) == jan.uid
    assert "Jan Łoś" in text_of(second)


def test_calendar_04a_a_change_is_one_readable_mail_to_a_shared_mailbox(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    people = ("Anna Kowalska", "Jan Nowak", "Ewa Lis")
    for name in people:
        sign_up_through_the_form(event, now, name, "sekretariat@example.org")
    sign_up_through_the_form(event, now, "Piotr Sam", "piotr@example.org")
    deliver(delivery())
    postbox.received.clear()
    assert changed(event.id, now, venue="Dom Kultury").mails == 2
    deliver(delivery())
    shared = next(mail for mail in postbox.received if "sekretariat@" in str(mail["To"]))
    alone = next(mail for mail in postbox.received if "piotr@" in str(mail["To"]))
    assert len(postbox.received) == 2
    assert entry_of(alone)[0] == "REQUEST"
    files = files_of(shared)
    assert sorted(files) == ["Anna-Kowalska.ics", "Ewa-Lis.ics", "Jan-Nowak.ics"]
    assert {str(calendar["METHOD"]) for calendar in files.values()} == {"PUBLISH"}
    assert {str(calendar.walk("VEVENT")[0]["SEQUENCE"]) for calendar in files.values()} == {"1"}
    for name in people:
        assert name in text_of(shared)
    assert text_of(shared).count("/registrations/") == 6
    assert str(shared["To"]) == "sekretariat@example.org"
    cancel_event(event.id, "", None, now)
    postbox.received.clear()
    deliver(delivery())
    shared = next(mail for mail in postbox.received if "sekretariat@" in str(mail["To"]))
    assert {str(c.walk("VEVENT")[0]["STATUS"]) for c in files_of(shared).values()} == {"CANCELLED"}


def test_a_change_tells_before_and_after_and_never_contradicts_its_invitation(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(title="Warsztaty")
    sign_up_through_the_form(event, now, "Anna Kowalska")
    deliver(delivery())
    start = event.starts_at + timedelta(days=1)
    changed(event.id, now, starts_at=start, ends_at=start + timedelta(hours=2), city="Kraków", title="Warsztaty II")
    # Changed once more, untold, before the worker comes: the mail goes on telling what it was queued for.
    with transaction() as session:
        session.get_one(Event, event.id).title = "Zupełnie co innego"
    deliver(delivery())
    mail = postbox.received[-1]
    text, (method, entry) = text_of(mail), entry_of(mail)
    assert method == "REQUEST"
    assert str(entry["SUMMARY"]) == "Warsztaty II"
    assert entry["DTSTART"].dt == start
    assert "32-100 Kraków" in str(entry["LOCATION"])
    assert "Nowy tytuł: Warsztaty II (poprzednio: Warsztaty)" in text
    assert "10\u00a0grudnia 2026" in text
    assert "9\u00a0grudnia 2026" in text
    assert "Nowe miejsce: " in text
    assert "Zupełnie co innego" not in mail.as_string()


def test_an_unsent_confirmation_is_superseded_by_the_change_that_says_it_all(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    sign_up_through_the_form(event, now, "Anna Kowalska")
    changed(event.id, now, venue="Dom Kultury")
    deliver(delivery())
    (mail,) = postbox.received
    method, entry = entry_of(mail)
    assert (method, entry["SEQUENCE"]) == ("REQUEST", 1)
    assert "/registrations/" in text_of(mail)
    assert [m.state for m in db.session.scalars(select(Mail).order_by(Mail.id))] == ["superseded", "sent"]


def test_who_cancelled_is_told_nothing_about_later_changes_and_keeps_the_news_of_cancelling(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    anna = sign_up_through_the_form(event, now, "Anna Kowalska")
    deliver(delivery())
    cancel_registration(anna.id, now, by="person")
    assert changed(event.id, now, venue="Dom Kultury").mails == 0
    deliver(delivery())
    assert [entry_of(mail)[0] for mail in postbox.received] == ["REQUEST", "CANCEL"]


def test_calendar_09_a_refused_person_gets_no_mail(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(capacity=1)
    sign_up_through_the_form(event, now, "Anna Kowalska")
    sign_up(event.id, SignUpRequest(name="Jan Nowak", email="jan@example.org", language="pl"), now)
    deliver(delivery())
    assert [str(mail["To"]) for mail in postbox.received] == ["Anna Kowalska <anna@example.org>"]


def test_abuse_15_and_16_signing_the_same_person_up_again_mails_the_owner_once_a_day(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    anna = sign_up_through_the_form(event, now, "Anna Kowalska")
    for _ in range(30):
        sign_up(event.id, SignUpRequest(name="anna kowalska", email="Anna@example.org", language="pl"), now)
    deliver(delivery())
    assert [mail["Subject"].split(":")[0] for mail in postbox.received] == [
        "Potwierdzenie udziału",
        "Zgłoszenie przyjęto już wcześniej",
    ]
    assert [part for part in postbox.received[1].walk() if part.get_content_type() == "text/calendar"] == []
    later = now + timedelta(hours=24)
    assert registration_mails.tell_already_registered(event, anna, later - timedelta(seconds=1)) is None
    assert registration_mails.tell_already_registered(event, anna, later) is not None


def test_resending_the_confirmation_raises_the_sequence(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    anna = sign_up_through_the_form(event, now, "Anna Kowalska")
    deliver(delivery())
    registration_mails.tell_standing(event, [anna], now + timedelta(hours=1))
    deliver(delivery(now + timedelta(hours=1)))
    assert [entry_of(mail)[1]["SEQUENCE"] for mail in postbox.received] == [0, 1]


def test_a_missing_contact_of_the_event_is_the_organisers(factory: Factory, now: datetime) -> None:
    event = factory.event(contact_email="", contact_phone="")
    facts = event_facts(event)
    assert facts.contact_email == event.organiser.contact_email


@pytest.mark.parametrize("people", [3, 2500])
def test_telling_everybody_costs_a_constant_number_of_statements_a_thousand(
    people: int, sending_app: Flask, factory: Factory, now: datetime
) -> None:
    event = factory.event(capacity=None)
    one = factory.registration(event)
    columns = [column.name for column in Registration.__table__.columns if column.name != "id"]
    template = {name: getattr(one, name) for name in columns}
    rows = [
        {
            **template,
            "name_key": f"k{number}",
            "uid": f"u{number}",
            "link_key": f"l{number}",
            "email": f"p{number}@example.org",
            "address_key": f"p{number}@example.org",
        }
        for number in range(people - 1)
    ]
    with transaction() as session:
        session.execute(insert(Registration), rows)
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith(("BEGIN", "COMMIT")):
            seen.append(statement)

    db.session.rollback()
    event = db.session.get_one(Event, event.id)
    assert event_mails.count_event_mails(event.id) == people
    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert event_mails.tell_event_cancelled(event, now) == people
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    # The event with its organiser anew, sequences, recipients, superseding; then one a thousand mails.
    assert len(seen) <= 5 + -(-people // 1000)
    assert len(db.session.scalars(select(Mail.id)).all()) == people
