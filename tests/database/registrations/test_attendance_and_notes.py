"""Who came, what the office notes, who is added by hand on the day: on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.models import Mail
from eventreg.registrations.adding_by_hand import CannotAdd, add_by_hand
from eventreg.registrations.attendance import Marked, TooEarly, mark_attendance
from eventreg.registrations.correcting import Corrected, OfficeDetails, correct_name
from eventreg.registrations.models import Registration
from eventreg.registrations.noting import keep_note
from eventreg.registrations.registration_mails import tell_standing
from eventreg.registrations.sign_up_rules import Confirmed, Refusal, Refused, SignUpRequest, Source, Waitlisted
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")


@pytest.fixture
def event(factory: Factory, now: datetime) -> Event:
    """It began an hour ago and lasts three more."""
    return factory.event(capacity=3, starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=3))


@pytest.fixture
def account_id(factory: Factory, event: Event) -> int:
    return factory.account(event.organiser).id


def row(registration_id: int) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration_id, populate_existing=True)


def trail() -> list[tuple[str, object]]:
    db.session.rollback()
    return [(row.action, row.detail) for row in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def mails() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail.occasion).order_by(Mail.id)))


def by_hand(**values: object) -> SignUpRequest:
    return SignUpRequest("Jan Łoś", "jan@example.org", "pl", Source.PANEL, **values)  # type: ignore[arg-type]  # each test names its own


def test_marking_who_came(factory: Factory, event: Event, account_id: int, now: datetime) -> None:
    jan, ewa = factory.registration(event), factory.registration(event, attended=True)
    waits = factory.registration(event, state="waitlisted", waiting_order=1, confirmed_at=None)
    stranger = factory.registration(factory.event())
    ids = [jan.id, jan.id, ewa.id, waits.id, stranger.id]
    assert mark_attendance(event.id, ids, True, account_id, now) == Marked(changed=1, unchanged=1, without_place=2)
    assert [row(one.id).attended for one in (jan, ewa, waits, stranger)] == [True, True, None, None]
    assert mark_attendance(event.id, [ewa.id], False, account_id, now) == Marked(changed=1)
    assert mark_attendance(event.id, [ewa.id], None, account_id, now) == Marked(changed=1)
    assert row(ewa.id).attended is None
    assert mark_attendance(event.id, [ewa.id], None, account_id, now) == Marked(unchanged=1)
    assert trail() == [
        ("attendance_marked", {"people": [jan.id], "attended": True}),
        ("attendance_marked", {"people": [ewa.id], "attended": False}),
        ("attendance_marked", {"people": [ewa.id], "attended": None}),
    ]
    assert mails() == []


def test_nobody_came_before_the_day_and_it_can_be_said_afterwards(
    factory: Factory, event: Event, account_id: int, now: datetime
) -> None:
    jan = factory.registration(event)
    yesterday, next_month = now - timedelta(days=1), now + timedelta(days=30)
    assert mark_attendance(event.id, [jan.id], True, account_id, yesterday) == TooEarly()
    assert row(jan.id).attended is None
    assert mark_attendance(event.id, [jan.id], True, account_id, next_month) == Marked(changed=1)


def test_a_note_is_kept_and_told_to_nobody(factory: Factory, event: Event, account_id: int, now: datetime) -> None:
    jan = factory.registration(event)
    assert keep_note(jan.id, event.id, "Prosi o miejsce z przodu.", account_id, now)
    assert keep_note(jan.id, event.id, "Prosi o miejsce z przodu.", account_id, now)
    assert row(jan.id).note == "Prosi o miejsce z przodu."
    assert trail() == [("registration_noted", None)]
    tell_standing(db.session.get_one(Event, event.id), [row(jan.id)], now)
    assert "z przodu" not in str(db.session.scalars(select(Mail.facts)).one())


def test_abuse_28_no_note_in_another_event(factory: Factory, event: Event, account_id: int, now: datetime) -> None:
    stranger = factory.registration(factory.event())
    assert not keep_note(stranger.id, event.id, "x", account_id, now)
    assert (row(stranger.id).note, trail()) == ("", [])


def test_correcting_what_the_office_says(factory: Factory, event: Event, account_id: int, now: datetime) -> None:
    jan = factory.registration(event, name="Jan Łoś")
    details = OfficeDetails("dr hab.", "speaker", "letter", "OR.152.3.2026")
    outcome = correct_name(jan.id, event.id, "Jan Łoś", "Łoś", account_id, now, details)
    assert outcome == Corrected(("academic_title", "category", "channel", "case_number"))
    fresh = row(jan.id)
    assert (fresh.academic_title, fresh.category) == ("dr hab.", "speaker")
    assert (fresh.channel, fresh.case_number) == ("letter", "OR.152.3.2026")
    assert correct_name(jan.id, event.id, "Jan Łoś", "Łoś", account_id, now, details) == Corrected(())
    assert [action for action, _ in trail()] == ["registration_corrected"]
    assert mails() == []


def test_a_walk_in_is_there(event: Event, account_id: int, now: datetime) -> None:
    request = by_hand(channel="walk_in", category="guest", academic_title="dr", note="bez zgłoszenia", tell=False)
    result = add_by_hand(event.id, event.organiser_id, request, account_id, now)
    assert isinstance(result, Confirmed)
    fresh = row(result.registration_id)
    assert (fresh.state, fresh.attended, fresh.channel) == ("confirmed", True, "walk_in")
    assert (fresh.category, fresh.academic_title, fresh.note) == ("guest", "dr", "bez zgłoszenia")
    assert mails() == []
    assert trail() == [("registration_added", {"over_capacity": False, "channel": "walk_in"})]


def test_a_walk_in_over_the_capacity_needs_a_tick_and_never_waits(
    factory: Factory, event: Event, account_id: int, now: datetime
) -> None:
    for _ in range(3):
        factory.registration(event)
    refused = add_by_hand(
        event.id, event.organiser_id, by_hand(channel="walk_in", to_waiting_list=True), account_id, now
    )
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.FULL
    ticked = by_hand(channel="walk_in", over_capacity=True)
    assert isinstance(add_by_hand(event.id, event.organiser_id, ticked, account_id, now), Confirmed)
    db.session.rollback()
    assert db.session.scalars(select(Event.places_taken).where(Event.id == event.id)).one() == 4


def test_walk_ins_come_on_the_day_or_from_the_paper_list(event: Event, account_id: int, now: datetime) -> None:
    early, late = event.starts_at - timedelta(days=1), event.ends_at + timedelta(days=2)
    walk_in = by_hand(channel="walk_in")
    assert add_by_hand(event.id, event.organiser_id, walk_in, account_id, early) is CannotAdd.NOT_THE_DAY
    caller = by_hand(channel="telephone")
    assert add_by_hand(event.id, event.organiser_id, caller, account_id, late) is CannotAdd.EVENT_OVER
    assert (mails(), trail()) == ([], [])
    assert isinstance(add_by_hand(event.id, event.organiser_id, walk_in, account_id, late), Confirmed)
    assert mails() == []


def test_to_the_waiting_list_if_there_is_no_place(
    factory: Factory, account_id: int, event: Event, now: datetime
) -> None:
    full = factory.event(capacity=1, waiting_list="when_full")
    factory.registration(full)
    wishes = by_hand(channel="telephone", case_number="OR.1", to_waiting_list=True)
    result = add_by_hand(full.id, full.organiser_id, wishes, account_id, now)
    assert isinstance(result, Waitlisted)
    assert (row(result.registration_id).waiting_order, row(result.registration_id).case_number) == (1, "OR.1")
    assert mails() == ["sign_up_waitlisted"]
    without_line = factory.event(capacity=1, waiting_list="off")
    factory.registration(without_line)
    refused = add_by_hand(without_line.id, without_line.organiser_id, wishes, account_id, now)
    assert isinstance(refused, Refused)
