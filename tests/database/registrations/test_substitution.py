"""A colleague comes instead, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.models import Mail
from eventreg.registrations.cancelling import CannotChange, cancel_registration, restore_registration
from eventreg.registrations.holds_and_offers import Taken, accept_offer
from eventreg.registrations.models import Registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import Confirmed, SignUpRequest
from eventreg.registrations.substitution import CannotSubstitute, Substitute, Substituted, substitute
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

EWA = Substitute("Ewa Ćwik", "ewa@example.org", "pl")


def counters(event: Event) -> tuple[int, int]:
    db.session.rollback()
    row = db.session.execute(select(Event.places_taken, Event.waiting_count).where(Event.id == event.id)).one()
    return row.places_taken, row.waiting_count


def row(registration_id: int) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration_id, populate_existing=True)


def mails() -> list[tuple[str, str, str | None]]:
    """Occasion, address and what the calendar is asked for, in the order of sending."""
    found = db.session.scalars(select(Mail).where(Mail.state == "queued").order_by(Mail.id))
    return [(mail.occasion, mail.to_address, _method(mail.facts)) for mail in found]


def _method(facts: dict[str, Any]) -> str | None:
    invitation = facts["people"][0]["invitation"]
    return None if invitation is None else str(invitation["method"])


def hand_over(registration: Registration, person: Substitute, now: datetime) -> int:
    outcome = substitute(registration.id, person, now)
    assert isinstance(outcome, Substituted)
    return outcome.registration_id


def test_the_place_stays_and_both_are_told(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1, waiting_list="when_full")
    old = factory.registration(event, category="speaker", note="prosi o fakturę", academic_title="dr")
    waiting = factory.registration(event, state="waitlisted", waiting_order=1, holds_place=False)
    new = row(hand_over(old, EWA, now))
    assert counters(event) == (1, 1)
    assert (row(old.id).state, row(old.id).cancelled_by, row(old.id).cancelled_at) == ("cancelled", "substituted", now)
    assert (new.state, new.holds_place, new.stands_for_id, new.category) == ("confirmed", True, old.id, "speaker")
    assert (new.note, new.academic_title, new.confirmed_at) == ("", "", now)
    assert new.clause_id == event.organiser.current_clause_id
    assert new.uid != old.uid
    assert row(waiting.id).state == "waitlisted"
    assert mails() == [("substituted", old.email, "CANCEL"), ("substitute_invited", "ewa@example.org", "REQUEST")]
    [entry] = db.session.scalars(select(AuditEntry))
    assert (entry.action, entry.account_id, entry.registration_id) == ("registration_substituted", None, old.id)
    assert entry.detail == {"substitute": new.id}


def test_the_position_in_line_stays(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1, waiting_list="when_full")
    factory.registration(event)
    old = factory.registration(event, state="waitlisted", waiting_order=4, confirmed_at=None)
    later = factory.registration(event, state="waitlisted", waiting_order=5, confirmed_at=None)
    new = row(hand_over(old, EWA, now))
    assert (new.state, new.waiting_order, new.holds_place) == ("waitlisted", 4, False)
    assert row(later.id).waiting_order == 5
    assert counters(event) == (1, 2)
    assert mails() == [("substituted", old.email, None), ("substitute_invited", "ewa@example.org", None)]


def test_an_offer_goes_along_with_its_time(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1, waiting_list="when_full", promotion="offer")
    until = now + timedelta(hours=5)
    old = factory.registration(
        event, state="waitlisted", waiting_order=1, holds_place=True, offer_until=until, confirmed_at=None
    )
    new = row(hand_over(old, EWA, now))
    assert (new.state, new.holds_place, new.offer_until) == ("waitlisted", True, until)
    assert counters(event) == (1, 0)
    assert accept_offer(new.id, until - timedelta(seconds=1)) is Taken.CONFIRMED
    assert counters(event) == (1, 0)


def test_an_offer_that_ran_out_cannot_be_handed_over(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1, waiting_list="when_full", promotion="offer")
    old = factory.registration(
        event, state="waitlisted", waiting_order=1, holds_place=True, offer_until=now, confirmed_at=None
    )
    assert substitute(old.id, EWA, now) is CannotSubstitute.NOT_NOW


def test_with_more_people_than_places_the_place_stays_all_the_same(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=2)
    old = factory.registration(event)
    factory.registration(event)
    with transaction():
        db.session.get_one(Event, event.id).capacity = 1  # lowered: nobody is thrown out
    assert row(hand_over(old, EWA, now)).state == "confirmed"
    assert counters(event) == (2, 0)


def test_who_handed_over_brings_nothing_back(factory: Factory, now: datetime) -> None:
    event = factory.event()
    old = factory.registration(event)
    hand_over(old, EWA, now)
    assert restore_registration(old.id, now, by="person") is CannotChange.NOT_YOURS_TO_RESTORE
    assert substitute(old.id, Substitute("Jan Bąk", "jan@example.org", "pl"), now) is CannotSubstitute.NOT_NOW
    assert cancel_registration(old.id, now, by="person").changed is False  # type: ignore[union-attr]  # not refused
    assert counters(event) == (1, 0)


def test_a_substitute_may_name_another_and_cancel(factory: Factory, now: datetime) -> None:
    event = factory.event()
    old = factory.registration(event)
    ewa = row(hand_over(old, EWA, now))
    jan = row(hand_over(ewa, Substitute("Jan Bąk", "jan@example.org", "pl"), now))
    assert (jan.stands_for_id, row(ewa.id).cancelled_by) == (ewa.id, "substituted")
    cancel_registration(jan.id, now, by="person")
    assert counters(event) == (0, 0)


def test_whoever_cancelled_before_gets_her_row_again(factory: Factory, now: datetime) -> None:
    event = factory.event()
    old = factory.registration(event)
    ewa = factory.registration(event, name=EWA.name, email=EWA.email)
    cancel_registration(ewa.id, now, by="person")
    assert hand_over(old, EWA, now) == ewa.id
    again = row(ewa.id)
    assert (again.state, again.stands_for_id, again.cancelled_by, again.uid) == ("confirmed", old.id, None, ewa.uid)
    assert counters(event) == (1, 0)


def test_back_and_forth(factory: Factory, now: datetime) -> None:
    event = factory.event()
    old = factory.registration(event)
    ewa = row(hand_over(old, EWA, now))
    assert hand_over(ewa, Substitute(old.name, old.email, "pl"), now) == old.id
    assert (row(old.id).state, row(ewa.id).cancelled_by) == ("confirmed", "substituted")
    assert counters(event) == (1, 0)


def test_who_signs_up_again_by_herself_stands_for_nobody(factory: Factory, now: datetime) -> None:
    event = factory.event()
    ewa = hand_over(factory.registration(event), EWA, now)
    cancel_registration(ewa, now, by="person")
    assert isinstance(sign_up(event.id, SignUpRequest(EWA.name, EWA.email, "pl"), now), Confirmed)
    assert row(ewa).stands_for_id is None


@pytest.mark.parametrize("state", ["confirmed", "pending", "declined"])
def test_who_stands_on_the_list_already_cannot_come_instead(factory: Factory, now: datetime, state: str) -> None:
    event = factory.event()
    old = factory.registration(event)
    factory.registration(event, name=EWA.name, email=EWA.email, state=state)
    assert substitute(old.id, EWA, now) is CannotSubstitute.NOT_POSSIBLE
    assert row(old.id).state == "confirmed"
    assert mails() == []


def test_the_same_person_is_no_substitute(factory: Factory, now: datetime) -> None:
    old = factory.registration(factory.event(), name="Anna Nowak", email="anna@example.org")
    person = Substitute("anna  NOWAK", "Anna@example.org", "pl")
    assert substitute(old.id, person, now) is CannotSubstitute.SAME_PERSON


def test_the_domains_of_the_event_hold_for_substitutes(factory: Factory, now: datetime) -> None:
    old = factory.registration(factory.event(allowed_domains="um.krakow.pl"), email="a@um.krakow.pl")
    assert substitute(old.id, EWA, now) is CannotSubstitute.DOMAIN
    assert isinstance(substitute(old.id, Substitute("Ewa Ćwik", "e@um.krakow.pl", "pl"), now), Substituted)


def test_the_cap_of_a_mailbox_does_not_count_whom_the_place_leaves(factory: Factory, now: datetime) -> None:
    event = factory.event(cap_per_address=2)
    people = [factory.registration(event, name=name, email="biuro@example.org") for name in ("Jan Bąk", "Ala Lis")]
    other = factory.registration(event)
    person = Substitute("Ewa Ćwik", "biuro@example.org", "pl")
    assert substitute(other.id, person, now) is CannotSubstitute.NOT_POSSIBLE
    assert isinstance(substitute(people[0].id, person, now), Substituted)


@pytest.mark.parametrize(
    ("values", "why"),
    [({"state": "cancelled"}, CannotChange.EVENT_CANCELLED), ({"state": "archived"}, CannotChange.EVENT_OVER)],
)
def test_nothing_is_handed_over_when_the_event_is_off(
    factory: Factory, now: datetime, values: dict[str, Any], why: CannotChange
) -> None:
    old = factory.registration(factory.event(**values))
    assert substitute(old.id, EWA, now) is why


def test_two_substitutes_at_once_have_one_winner(each_database: Flask, factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1)
    old = factory.registration(event)

    def name(number: int) -> object:
        with each_database.app_context():
            return substitute(old.id, Substitute(f"Osoba {'ABCDEF'[number]}", f"o{number}@example.org", "pl"), now)

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(name, range(6)))
    assert sum(isinstance(outcome, Substituted) for outcome in outcomes) == 1
    assert outcomes.count(CannotSubstitute.NOT_NOW) == 5
    assert counters(event) == (1, 0)


def test_substitute_and_cancel_at_once_keep_the_count(each_database: Flask, factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1)
    old = factory.registration(event)

    def act(number: int) -> object:
        with each_database.app_context():
            if number:
                return substitute(old.id, EWA, now)
            return cancel_registration(old.id, now, by="person")

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(act, range(2)))
    expected = 1 if isinstance(outcomes[1], Substituted) else 0
    assert counters(event) == (expected, 0)
    live = db.session.scalars(select(Registration).where(Registration.state == "confirmed")).all()
    assert len(live) == expected
