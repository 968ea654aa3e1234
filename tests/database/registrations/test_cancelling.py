"""Giving a place back and taking it again, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.outbox.models import Mail
from eventreg.registrations.cancelling import (
    Cancelled,
    CannotChange,
    Restored,
    cancel_registration,
    restore_registration,
)
from eventreg.registrations.models import Registration
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")


def taken(event: Event) -> int:
    db.session.rollback()
    return db.session.scalars(select(Event.places_taken).where(Event.id == event.id)).one()


def occasions() -> list[tuple[str, str]]:
    return [(mail.occasion, mail.state) for mail in db.session.scalars(select(Mail).order_by(Mail.id))]


def test_cancelling_frees_the_place_at_once_and_tells_the_person(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event)
    assert cancel_registration(person.id, now, by="person") == Cancelled(changed=True)
    row = db.session.get_one(Registration, person.id, populate_existing=True)
    assert (row.state, row.cancelled_at, row.cancelled_by) == ("cancelled", now, "person")
    assert row.ical_sequence == 1
    assert taken(event) == 0
    assert occasions() == [("registration_cancelled", "queued")]


def test_cancelling_twice_frees_one_place_and_sends_one_mail(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event)
    factory.registration(event)
    cancel_registration(person.id, now, by="person")
    assert cancel_registration(person.id, now, by="person") == Cancelled(changed=False)
    assert taken(event) == 1
    assert len(occasions()) == 1


def test_undo_takes_a_place_again_and_the_invitation_comes_back(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1)
    person = factory.registration(event)
    cancel_registration(person.id, now, by="person")
    assert restore_registration(person.id, now, by="person") == Restored(changed=True)
    assert restore_registration(person.id, now, by="person") == Restored(changed=False)
    assert taken(event) == 1
    assert db.session.get_one(Registration, person.id, populate_existing=True).ical_sequence == 2
    # The newer mail supersedes the older unsent one of the same registration.
    assert occasions() == [("registration_cancelled", "superseded"), ("sign_up_confirmed", "queued")]


def test_undo_is_refused_when_the_place_is_somebody_elses_by_now(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1)
    person = factory.registration(event)
    cancel_registration(person.id, now, by="person")
    factory.registration(event)
    assert restore_registration(person.id, now, by="person") is CannotChange.NO_PLACES
    assert taken(event) == 1


def test_what_the_organiser_cancelled_the_organiser_alone_brings_back(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event)
    cancel_registration(person.id, now, by="organiser")
    assert restore_registration(person.id, now, by="person") is CannotChange.NOT_YOURS_TO_RESTORE
    assert restore_registration(person.id, now, by="organiser") == Restored(changed=True)


def test_nothing_changes_after_the_event_or_when_it_is_cancelled(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event)
    assert cancel_registration(person.id, event.ends_at, by="person") is CannotChange.EVENT_OVER
    assert cancel_registration(person.id, event.ends_at - timedelta(seconds=1), by="person") == Cancelled(True)
    with transaction():
        db.session.get_one(Event, event.id).state = "cancelled"
    assert restore_registration(person.id, now, by="person") is CannotChange.EVENT_CANCELLED
    assert cancel_registration(person.id + 1000, now, by="person") is CannotChange.NOT_FOUND


def test_thirty_clicks_at_once_free_one_place(each_database: Flask, factory: Factory, now: datetime) -> None:
    event = factory.event()
    person_id = factory.registration(event).id
    for _ in range(4):
        factory.registration(event)

    def click(number: int) -> bool:
        with each_database.app_context():
            back = number % 3 == 0
            change = restore_registration if back else cancel_registration
            outcome = change(person_id, now, by="person")
            return isinstance(outcome, Cancelled | Restored)

    with ThreadPoolExecutor(10) as pool:
        assert all(pool.map(click, range(30)))
    places = taken(event)  # first: it ends this session's old read snapshot
    state = db.session.get_one(Registration, person_id, populate_existing=True).state
    assert places == (5 if state == "confirmed" else 4)
