"""Buttons pressed while the worker lets time run out: one outcome, and the counters are right; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.holds_and_offers import Taken, accept_offer, confirm_address, expire_due
from eventreg.registrations.models import Registration
from eventreg.registrations.substitution import Substitute, substitute
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")


def standing(*people: Registration) -> list[str]:
    db.session.rollback()
    return [db.session.get_one(Registration, person.id, populate_existing=True).state for person in people]


def counters(event: Event) -> tuple[int, int]:
    db.session.rollback()
    row = db.session.execute(select(Event.places_taken, Event.waiting_count).where(Event.id == event.id)).one()
    return row.places_taken, row.waiting_count


@pytest.mark.parametrize("seconds", [-1, 0])
def test_an_offer_taken_while_it_expires(each_database: Flask, factory: Factory, now: datetime, seconds: int) -> None:
    event = factory.event(capacity=1, waiting_list="when_full", promotion="offer")
    until = now + timedelta(hours=1)
    offered = factory.registration(
        event, state="waitlisted", waiting_order=1, offer_until=until, holds_place=True, confirmed_at=None
    )
    next_one = factory.registration(event, state="waitlisted", waiting_order=2, confirmed_at=None)
    moment = until + timedelta(seconds=seconds)

    def act(number: int) -> object:
        with each_database.app_context():
            return accept_offer(offered.id, moment) if number % 2 else expire_due(moment)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(act, range(4)))
    if seconds < 0:
        assert sorted(str(outcome) for outcome in outcomes if isinstance(outcome, Taken)) == ["already", "confirmed"]
        assert standing(offered, next_one) == ["confirmed", "waitlisted"]
        assert counters(event) == (1, 1)
    else:
        assert [outcome for outcome in outcomes if isinstance(outcome, Taken)] == [Taken.TOO_LATE] * 2
        assert standing(offered, next_one) == ["cancelled", "waitlisted"]
        assert db.session.get_one(Registration, next_one.id).offer_until is not None
        assert counters(event) == (1, 0)


def test_confirming_and_withdrawing_at_once(each_database: Flask, factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1, confirm_hours=5)
    person = factory.registration(
        event, state="unconfirmed", hold_until=now + timedelta(hours=1), holds_place=True, confirmed_at=None
    )

    def act(number: int) -> object:
        with each_database.app_context():
            return confirm_address(person.id, now) if number else cancel_registration(person.id, now, by="person")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(act, range(2)))
    assert standing(person) == ["cancelled"]  # whichever came first: the withdrawal holds
    assert counters(event) == (0, 0)


def test_an_offer_is_taken_or_handed_over_never_both(each_database: Flask, factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1, waiting_list="when_full", promotion="offer")
    offered = factory.registration(
        event,
        state="waitlisted",
        waiting_order=1,
        offer_until=now + timedelta(hours=1),
        holds_place=True,
        confirmed_at=None,
    )

    def act(number: int) -> object:
        with each_database.app_context():
            if number:
                return accept_offer(offered.id, now)
            return substitute(offered.id, Substitute("Jan Bąk", "jan@example.org", "pl"), now)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(act, range(2)))
    db.session.rollback()
    holders = db.session.scalars(select(Registration).where(Registration.holds_place)).all()
    assert [holder.name for holder in holders] == ["Jan Bąk"]
    assert standing(offered) == ["cancelled"]
    assert counters(event) == (1, 0)
