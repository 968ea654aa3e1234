"""Two organisers at the same people: the second one is told, and nobody is written to twice. On both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.models import Mail
from eventreg.registrations.approval import Decided, EventClosed, accept, decline
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.models import Registration
from eventreg.registrations.waiting_list import CannotPromote, Promoted, promote
from tests.factories import Factory


@pytest.fixture
def event(each_database: Flask, factory: Factory) -> Event:
    return factory.event(capacity=2, approval=True, waiting_list="when_full", promotion="by_hand")


@pytest.fixture
def account_id(factory: Factory, event: Event) -> int:
    return factory.account(event.organiser).id


def state_of(registration: Registration) -> str:
    db.session.rollback()
    return db.session.scalars(select(Registration.state).where(Registration.id == registration.id)).one()


def mails() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Mail.occasion)))


def both_at_once(app: Flask, *operations: Callable[[], object]) -> list[object]:
    """What each of them was told; each in a thread with a connection of its own."""

    def run(operation: Callable[[], object]) -> object:
        with app.app_context():
            return operation()

    with ThreadPoolExecutor(len(operations)) as pool:
        return list(pool.map(run, operations))


def test_two_accept_the_same_people_at_once(
    each_database: Flask, factory: Factory, event: Event, account_id: int, now: datetime
) -> None:
    ids = [factory.registration(event, state="pending", confirmed_at=None).id for _ in range(3)]
    event_id = event.id

    def decide() -> object:
        return accept(event_id, ids, account_id, now)

    told = both_at_once(each_database, decide, decide)
    assert Decided(accepted=2, waitlisted=1) in told
    assert Decided(unchanged=3) in told
    assert mails() == ["registration_accepted", "registration_accepted", "registration_accepted_waiting"]
    assert len(db.session.scalars(select(AuditEntry)).all()) == 1


def test_one_accepts_while_the_other_declines(
    each_database: Flask, factory: Factory, event: Event, account_id: int, now: datetime
) -> None:
    person = factory.registration(event, state="pending", confirmed_at=None)
    person_id, event_id = person.id, event.id
    accept(event_id, [person_id], account_id, now)
    assert accept(event_id, [person_id], account_id, now) == Decided(unchanged=1)
    assert mails() == ["registration_accepted"]
    assert decline(event_id, [person_id], "Zmiana decyzji.", account_id, now) == Decided(declined=1)
    assert decline(event_id, [person_id], "Zmiana decyzji.", account_id, now) == Decided(unchanged=1)
    assert state_of(person) == "declined"


def test_deciding_about_somebody_who_cancelled_meanwhile(
    factory: Factory, event: Event, account_id: int, now: datetime
) -> None:
    person = factory.registration(event, state="pending", confirmed_at=None)
    cancel_registration(person.id, now, by="person")
    assert accept(event.id, [person.id], account_id, now) == Decided(unchanged=1)
    assert decline(event.id, [person.id], "", account_id, now) == Decided(unchanged=1)
    assert (state_of(person), mails()) == ("cancelled", ["registration_cancelled"])


def test_promoting_somebody_who_cancelled_meanwhile(
    factory: Factory, event: Event, account_id: int, now: datetime
) -> None:
    person = factory.registration(event, state="waitlisted", waiting_order=1, confirmed_at=None)
    cancel_registration(person.id, now, by="person")
    assert promote(person.id, event.id, account_id, now) is CannotPromote.NOT_WAITING
    assert (state_of(person), mails()) == ("cancelled", ["registration_cancelled"])


def test_two_promote_the_same_person_at_once(
    each_database: Flask, factory: Factory, event: Event, account_id: int, now: datetime
) -> None:
    person = factory.registration(event, state="waitlisted", waiting_order=1, confirmed_at=None)
    person_id, event_id = person.id, event.id

    def give() -> object:
        return promote(person_id, event_id, account_id, now)

    told = both_at_once(each_database, give, give)
    assert sorted(map(repr, told)) == sorted(map(repr, [Promoted(person_id), CannotPromote.NOT_WAITING]))
    assert mails() == ["place_given"]
    db.session.rollback()
    assert db.session.scalars(select(Event.places_taken).where(Event.id == event_id)).one() == 1


def test_a_cancelled_event_takes_no_decisions(factory: Factory, account_id: int, event: Event, now: datetime) -> None:
    off = factory.event(state="cancelled", approval=True)
    person = factory.registration(off, state="pending", confirmed_at=None)
    assert accept(off.id, [person.id], account_id, now) == EventClosed()
    assert mails() == []
