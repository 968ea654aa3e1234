"""Moving somebody to another event of the same organiser, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.links import signed_token
from eventreg.organisers.models import AuditEntry, Organiser
from eventreg.outbox.composing import compose
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import claim_due
from eventreg.registrations.cancelling import CannotChange, restore_registration
from eventreg.registrations.models import Registration
from eventreg.registrations.moving_between_events import CannotMove, Moved, move_registration
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")


@pytest.fixture
def organiser(factory: Factory) -> Organiser:
    return factory.organiser()


@pytest.fixture
def here(factory: Factory, organiser: Organiser) -> Event:
    return factory.event(organiser, slug="tutaj", title="Warsztaty jesienne", capacity=1, waiting_list="when_full")


@pytest.fixture
def there(factory: Factory, organiser: Organiser) -> Event:
    return factory.event(organiser, slug="tam", title="Warsztaty zimowe", capacity=1)


@pytest.fixture
def account_id(factory: Factory, organiser: Organiser) -> int:
    return factory.account(organiser).id


def row(registration_id: int) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration_id, populate_existing=True)


def counters(event: Event) -> tuple[int, int]:
    db.session.rollback()
    fresh = db.session.get_one(Event, event.id, populate_existing=True)
    return fresh.places_taken, fresh.waiting_count


def mails() -> list[tuple[str, str]]:
    db.session.rollback()
    return [(mail.occasion, mail.to_address) for mail in db.session.scalars(select(Mail).order_by(Mail.id))]


def test_out_of_one_event_into_the_other(
    factory: Factory, here: Event, there: Event, account_id: int, now: datetime
) -> None:
    jan = factory.registration(
        here,
        name="Jan Łoś",
        email="jan@example.org",
        surname="Łoś-Nowak",
        academic_title="dr hab.",
        category="speaker",
        channel="letter",
        case_number="OR.152.3.2026",
        note="oddzwonić",
        language="en",
    )
    waiting = factory.registration(here, email="nowa@example.org", state="waitlisted", waiting_order=1)
    outcome = move_registration(jan.id, here.id, there.id, account_id, now)
    assert isinstance(outcome, Moved)
    assert (outcome.target_slug, outcome.is_waiting) == ("tam", False)
    old, new = row(jan.id), row(outcome.registration_id)
    assert (old.state, old.cancelled_by, old.holds_place) == ("cancelled", "moved", False)
    assert (new.event_id, new.state, new.holds_place) == (there.id, "confirmed", True)
    kept = ("name", "surname", "academic_title", "category", "channel", "case_number", "note", "language", "source")
    assert [getattr(new, name) for name in kept] == [getattr(old, name) for name in kept]
    assert new.uid != old.uid
    assert (counters(here), counters(there)) == ((1, 0), (1, 0))
    assert row(waiting.id).state == "confirmed"
    assert mails() == [
        ("registration_moved", "jan@example.org"),
        ("sign_up_confirmed", "jan@example.org"),
        ("place_given", "nowa@example.org"),
    ]
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.event_id, entry.registration_id) == ("registration_moved", here.id, jan.id)
    assert entry.detail == {"to_event": there.id, "to_registration": new.id}


def test_the_calendar_loses_the_old_entry_and_gains_the_new_one(
    factory: Factory, here: Event, there: Event, account_id: int, now: datetime
) -> None:
    jan = factory.registration(here, name="Jan Łoś", email="jan@example.org")
    uid = jan.uid
    moved = move_registration(jan.id, here.id, there.id, account_id, now)
    assert isinstance(moved, Moved)
    found = {}
    for mail in claim_due(now, "test", 5):
        message = compose(mail)
        [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        calendar = Calendar.from_ical(content)
        found[mail.occasion] = (str(calendar["METHOD"]), str(calendar.walk("VEVENT")[0]["UID"]))
        if mail.occasion == "registration_moved":
            [text] = [part for part in message.walk() if part.get_content_type() == "text/plain"]
            words = text.get_payload(decode=True).decode()  # type: ignore[union-attr]
            assert "Warsztaty jesienne" in words
            assert "Warsztaty zimowe" in words
            assert "/events/tam" in words
            assert signed_token("registration", row(moved.registration_id).link_key) in words
            assert str(message["Subject"]) == "Zgłoszenie przeniesiono: Warsztaty zimowe"
    assert found == {
        "registration_moved": ("CANCEL", uid),
        "sign_up_confirmed": ("REQUEST", row(moved.registration_id).uid),
    }


def test_to_the_waiting_list_of_a_full_event(
    factory: Factory, organiser: Organiser, here: Event, account_id: int, now: datetime
) -> None:
    full = factory.event(db.session.get(Organiser, organiser.id), capacity=1, waiting_list="when_full")
    factory.registration(full)
    jan = factory.registration(here)
    outcome = move_registration(jan.id, here.id, full.id, account_id, now)
    assert isinstance(outcome, Moved)
    assert outcome.is_waiting
    assert (counters(here), counters(full)) == ((0, 0), (1, 1))
    assert [occasion for occasion, _ in mails()] == ["registration_moved", "sign_up_waitlisted"]


def refused(
    why: CannotMove, registration: Registration, here: Event, target_id: int, account_id: int, now: datetime
) -> None:
    """Nothing moves, nobody is written to, nothing stands in the trail."""
    before = (row(registration.id).state, counters(here))
    assert move_registration(registration.id, here.id, target_id, account_id, now) is why
    assert (row(registration.id).state, counters(here)) == before
    assert mails() == []
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_neither_place_nor_line_changes_nothing(
    factory: Factory, here: Event, there: Event, account_id: int, now: datetime
) -> None:
    factory.registration(there)
    refused(CannotMove.NO_PLACES, factory.registration(here), here, there.id, account_id, now)


def test_who_is_there_already_stays(
    factory: Factory, here: Event, there: Event, account_id: int, now: datetime
) -> None:
    factory.registration(there, name="Jan Łoś", email="jan@example.org")
    jan = factory.registration(here, name="JAN ŁOŚ", email="Jan@example.org")
    refused(CannotMove.SAME_PERSON, jan, here, there.id, account_id, now)


def test_who_cancelled_there_once_may_come_back(
    factory: Factory, here: Event, there: Event, account_id: int, now: datetime
) -> None:
    before = factory.registration(
        there, name="Jan Łoś", email="jan@example.org", state="cancelled", cancelled_at=now, cancelled_by="person"
    )
    jan = factory.registration(here, name="Jan Łoś", email="jan@example.org")
    outcome = move_registration(jan.id, here.id, there.id, account_id, now)
    assert isinstance(outcome, Moved)
    assert outcome.registration_id == before.id
    assert row(before.id).state == "confirmed"


@pytest.mark.parametrize("state", ["cancelled", "declined", "unconfirmed"])
def test_only_who_stands_and_whose_address_is_hers_is_moved(
    factory: Factory, here: Event, there: Event, account_id: int, now: datetime, state: str
) -> None:
    hold = now + timedelta(hours=3) if state == "unconfirmed" else None
    person = factory.registration(here, state=state, hold_until=hold)
    refused(CannotMove.NOT_MOVABLE, person, here, there.id, account_id, now)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"state": "draft"}, CannotMove.TARGET_CLOSED),
        ({"state": "cancelled"}, CannotMove.TARGET_CLOSED),
        ({"state": "archived"}, CannotMove.TARGET_CLOSED),
    ],
)
def test_only_to_a_published_event(
    factory: Factory,
    organiser: Organiser,
    here: Event,
    account_id: int,
    now: datetime,
    values: dict[str, str],
    why: CannotMove,
) -> None:
    closed = factory.event(db.session.get(Organiser, organiser.id), **values)
    refused(why, factory.registration(here), here, closed.id, account_id, now)


def test_not_to_or_from_an_event_that_is_over(
    factory: Factory, organiser: Organiser, here: Event, there: Event, account_id: int, now: datetime
) -> None:
    past = factory.event(
        db.session.get(Organiser, organiser.id),
        starts_at=now - timedelta(hours=3),
        ends_at=now - timedelta(hours=1),
    )
    refused(CannotMove.TARGET_CLOSED, factory.registration(here), here, past.id, account_id, now)
    refused(CannotMove.EVENT_CLOSED, factory.registration(past), past, there.id, account_id, now)


def test_abuse_28_not_to_another_organisers_event_and_not_from_it(
    factory: Factory, here: Event, there: Event, account_id: int, now: datetime
) -> None:
    theirs = factory.event()
    person = factory.registration(here)
    refused(CannotMove.NOT_FOUND, person, here, theirs.id, account_id, now)
    refused(CannotMove.NOT_FOUND, person, here, here.id, account_id, now)
    refused(CannotMove.NOT_FOUND, person, here, 999_999, account_id, now)
    assert move_registration(person.id, there.id, here.id, account_id, now) is CannotMove.NOT_FOUND


def test_a_moved_person_does_not_bring_the_old_registration_back_herself(
    factory: Factory, here: Event, there: Event, account_id: int, now: datetime
) -> None:
    jan = factory.registration(here)
    assert isinstance(move_registration(jan.id, here.id, there.id, account_id, now), Moved)
    assert restore_registration(jan.id, now, by="person") is CannotChange.NOT_YOURS_TO_RESTORE


def test_a_second_organiser_finds_her_moved(
    factory: Factory, here: Event, there: Event, account_id: int, now: datetime
) -> None:
    jan = factory.registration(here)
    assert isinstance(move_registration(jan.id, here.id, there.id, account_id, now), Moved)
    assert move_registration(jan.id, here.id, there.id, account_id, now) is CannotMove.NOT_MOVABLE
    assert len(mails()) == 2


def test_two_people_change_places_at_once_and_nobody_waits_for_ever(
    each_database: Flask, factory: Factory, organiser: Organiser, account_id: int, now: datetime
) -> None:
    events = [factory.event(db.session.get(Organiser, organiser.id), capacity=6).id for _ in range(2)]
    pairs = []
    for number in range(6):
        start = events[number % 2]
        person = factory.registration(db.session.get_one(Event, start))
        pairs.append((person.id, start, events[1 - number % 2]))
    db.session.rollback()

    def move(pair: tuple[int, int, int]) -> object:
        with each_database.app_context():
            return move_registration(*pair, account_id, now)

    with ThreadPoolExecutor(len(pairs)) as pool:
        outcomes = list(pool.map(move, pairs))
    assert all(isinstance(outcome, Moved) for outcome in outcomes)
    assert [counters(db.session.get_one(Event, id_)) for id_ in events] == [(3, 0), (3, 0)]
