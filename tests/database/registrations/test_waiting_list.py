"""The waiting list, offers, held places and decisions, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.event_changes import Changed, change_event
from eventreg.events.event_loading import fields_of
from eventreg.events.event_publishing import publish_event, withdraw_event
from eventreg.events.models import Event
from eventreg.outbox.models import Mail
from eventreg.registrations import queries
from eventreg.registrations.approval import Decided, EventClosed, accept, decline
from eventreg.registrations.cancelling import (
    Cancelled,
    CannotChange,
    Restored,
    cancel_registration,
    restore_registration,
)
from eventreg.registrations.forgetting_unconfirmed import forget_unconfirmed
from eventreg.registrations.holds_and_offers import Taken, accept_offer, confirm_address, expire_due
from eventreg.registrations.models import Registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import (
    AlreadyRegistered,
    AwaitingConfirmation,
    Confirmed,
    Pending,
    Refusal,
    Refused,
    SignUpRequest,
    Source,
    Waitlisted,
)
from eventreg.registrations.waiting_list import CannotPromote, Promoted, move_in_line, promote
from tests.factories import Factory

ACCOUNT = 1


def ask(number: int = 1, **more: Any) -> SignUpRequest:
    letter = chr(ord("a") + number % 26)
    return SignUpRequest(f"Anna Nowak {letter}{number}", f"osoba{number}@example.org", "pl", **more)


def now_of(registration_id: int) -> Registration:
    db.session.rollback()
    found = db.session.get(Registration, registration_id, populate_existing=True)
    assert found is not None
    return found


def event_now(event: Event) -> Event:
    db.session.rollback()
    found = db.session.get(Event, event.id, populate_existing=True)
    assert found is not None
    return found


def line_of(event: Event) -> list[int]:
    db.session.rollback()
    return queries.next_in_line(event.id, None)


def occasions(registration_id: int) -> list[str]:
    db.session.rollback()
    rows = select(Mail.occasion).where(Mail.registration_id == registration_id).order_by(Mail.id)
    return list(db.session.scalars(rows))


def waiting_people(factory: Factory, event: Event, count: int) -> list[int]:
    return [
        factory.registration(event, state="waitlisted", waiting_order=number, confirmed_at=None, ical_sequence=-1).id
        for number in range(1, count + 1)
    ]


@pytest.fixture
def full(each_database: Flask, factory: Factory) -> Event:
    """An event with two places, both taken, and a waiting list."""
    event = factory.event(capacity=2, waiting_list="when_full")
    factory.registration(event)
    factory.registration(event)
    return event


def taken_ids(event: Event) -> list[int]:
    rows = select(Registration.id).where(Registration.event_id == event.id, Registration.state == "confirmed")
    return list(db.session.scalars(rows.order_by(Registration.id)))


def test_fifty_cancel_at_once_and_the_first_fifty_of_a_hundred_move_up(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    event = factory.event(capacity=50, waiting_list="when_full")
    holders = [factory.registration(event).id for _ in range(50)]
    waiting = waiting_people(factory, event, 100)
    db.session.rollback()

    def cancel(registration_id: int) -> object:
        with each_database.app_context():
            return cancel_registration(registration_id, now, by="person")

    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(cancel, holders))
    assert results == [Cancelled(changed=True, promoted=1)] * 50
    assert taken_ids(event) == waiting[:50]
    assert line_of(event) == waiting[50:]
    assert (event_now(event).places_taken, event_now(event).waiting_count) == (50, 50)
    assert [occasions(one) for one in waiting[:50]] == [["place_given"]] * 50
    assert [occasions(one) for one in waiting[50:]] == [[]] * 50


def test_who_comes_when_all_is_taken_waits_and_is_told_the_position(full: Event, now: datetime) -> None:
    results = [sign_up(full.id, ask(number), now) for number in (1, 2, 3)]
    assert [type(result) for result in results] == [Waitlisted] * 3
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert mail is not None
    assert (mail.occasion, mail.facts["people"][0]["position"]) == ("sign_up_waitlisted", 3)
    assert mail.facts["people"][0]["invitation"] is None  # calendar.md 9: only who has a place is invited


def test_abuse_16_a_person_in_line_who_signs_up_again_keeps_her_position(full: Event, now: datetime) -> None:
    first = sign_up(full.id, ask(1), now)
    sign_up(full.id, ask(2), now)
    again = sign_up(full.id, ask(1), now + timedelta(minutes=1))
    assert isinstance(first, Waitlisted)
    assert again == AlreadyRegistered(first.registration_id)
    assert line_of(full)[0] == first.registration_id
    assert occasions(first.registration_id) == ["sign_up_waitlisted", "already_registered"]


def test_a_cancelled_place_goes_to_the_next_with_an_invitation(full: Event, factory: Factory, now: datetime) -> None:
    first, second = waiting_people(factory, full, 2)
    assert cancel_registration(taken_ids(full)[0], now, by="person") == Cancelled(changed=True, promoted=1)
    assert now_of(first).state == "confirmed"
    assert line_of(full) == [second]
    mail = db.session.scalar(select(Mail).where(Mail.registration_id == first))
    assert mail is not None
    invitation = mail.facts["people"][0]["invitation"]
    assert (mail.occasion, invitation["method"], invitation["sequence"]) == ("place_given", "REQUEST", 0)


def test_leaving_the_line_promotes_nobody_and_sends_no_cancel_to_a_calendar(
    full: Event, factory: Factory, now: datetime
) -> None:
    first, second = waiting_people(factory, full, 2)
    assert cancel_registration(first, now, by="person") == Cancelled(changed=True, promoted=0)
    assert line_of(full) == [second]
    mail = db.session.scalar(select(Mail).where(Mail.registration_id == first))
    assert mail is not None
    assert mail.facts["people"][0]["invitation"] is None


def test_raising_the_capacity_serves_the_line_in_the_same_step(full: Event, factory: Factory, now: datetime) -> None:
    waiting = waiting_people(factory, full, 3)
    event = event_now(full)
    result = change_event(event.id, replace(fields_of(event), capacity=4), event.revision, False, None, now)
    assert isinstance(result, Changed)
    assert result.promoted == 2
    assert line_of(full) == waiting[2:]


def test_lowering_the_capacity_throws_nobody_out_and_promotes_nobody(
    full: Event, factory: Factory, now: datetime
) -> None:
    (waiting,) = waiting_people(factory, full, 1)
    event = event_now(full)
    change_event(event.id, replace(fields_of(event), capacity=1), event.revision, False, None, now)
    assert event_now(full).places_taken == 2
    cancel_registration(taken_ids(full)[0], now, by="person")
    assert line_of(full) == [waiting]  # one place, one person: still full
    cancel_registration(taken_ids(full)[0], now, by="person")
    assert taken_ids(full) == [waiting]


def test_places_that_got_free_in_a_draft_are_given_when_it_is_published_again(
    full: Event, factory: Factory, now: datetime
) -> None:
    (waiting,) = waiting_people(factory, full, 1)
    account = factory.account(full.organiser)
    withdraw_event(full.id, account.id, now)
    cancel_registration(taken_ids(full)[0], now, by="organiser")
    assert line_of(full) == [waiting]
    publish_event(full.id, account, now)
    assert now_of(waiting).state == "confirmed"


class TestOffers:
    @pytest.fixture
    def offering(self, full: Event) -> Event:
        full.promotion, full.offer_hours = "offer", 8
        db.session.commit()
        return full

    def test_a_freed_place_is_held_for_the_next(self, offering: Event, factory: Factory, now: datetime) -> None:
        first, second = waiting_people(factory, offering, 2)
        cancel_registration(taken_ids(offering)[0], now, by="person")
        person = now_of(first)
        assert (person.state, person.holds_place) == ("waitlisted", True)
        assert person.offer_until == now.replace(hour=15) + timedelta(days=1)  # a Sunday: Monday 16.00 in Warsaw
        assert (event_now(offering).places_taken, event_now(offering).waiting_count) == (2, 1)
        assert occasions(first) == ["place_offered"]
        assert line_of(offering) == [second]

    def test_it_is_taken_by_a_button(self, offering: Event, factory: Factory, now: datetime) -> None:
        (first,) = waiting_people(factory, offering, 1)
        cancel_registration(taken_ids(offering)[0], now, by="person")
        assert accept_offer(first, now + timedelta(hours=1)) is Taken.CONFIRMED
        assert accept_offer(first, now + timedelta(hours=1)) is Taken.ALREADY
        assert now_of(first).state == "confirmed"
        assert occasions(first) == ["place_offered", "sign_up_confirmed"]

    def test_after_its_time_it_passes_on(self, offering: Event, factory: Factory, now: datetime) -> None:
        first, second = waiting_people(factory, offering, 2)
        cancel_registration(taken_ids(offering)[0], now, by="person")
        later = now + timedelta(days=2)
        assert expire_due(now + timedelta(hours=1)) == 0
        assert expire_due(later) == 1
        assert (now_of(first).state, now_of(first).cancelled_by) == ("cancelled", "expired")
        assert occasions(first) == ["place_offered", "offer_expired"]
        assert now_of(second).offer_until is not None
        assert expire_due(later) == 0

    def test_taken_too_late_even_before_the_worker_noticed(
        self, offering: Event, factory: Factory, now: datetime
    ) -> None:
        first, second = waiting_people(factory, offering, 2)
        cancel_registration(taken_ids(offering)[0], now, by="person")
        assert accept_offer(first, now + timedelta(days=2)) is Taken.TOO_LATE
        assert now_of(first).state == "cancelled"
        assert now_of(second).offer_until is not None
        assert accept_offer(first, now + timedelta(days=2)) is Taken.TOO_LATE

    def test_who_was_too_late_may_come_back_to_the_end_of_the_line(
        self, offering: Event, factory: Factory, now: datetime
    ) -> None:
        first, second, third = waiting_people(factory, offering, 3)
        cancel_registration(taken_ids(offering)[0], now, by="person")
        later = now + timedelta(days=2)
        expire_due(later)
        assert restore_registration(first, later, by="person") == Restored(changed=True)
        assert line_of(offering) == [third, first]
        assert now_of(second).offer_until is not None

    def test_refusing_an_offer_passes_it_on_at_once(self, offering: Event, factory: Factory, now: datetime) -> None:
        first, second = waiting_people(factory, offering, 2)
        cancel_registration(taken_ids(offering)[0], now, by="person")
        assert cancel_registration(first, now, by="person") == Cancelled(changed=True, promoted=1)
        assert now_of(second).offer_until is not None
        assert event_now(offering).places_taken == 2

    def test_one_who_accepts_and_the_worker_who_expires_have_one_winner(
        self, offering: Event, factory: Factory, now: datetime, each_database: Flask
    ) -> None:
        people = waiting_people(factory, offering, 2)
        cancel_registration(taken_ids(offering)[0], now, by="person")
        until = now_of(people[0]).offer_until
        assert until is not None
        db.session.rollback()

        def do(job: Callable[[], object]) -> object:
            with each_database.app_context():
                return job()

        jobs: list[Callable[[], object]] = [
            lambda: accept_offer(people[0], until - timedelta(seconds=1)),
            lambda: expire_due(until),
        ]
        with ThreadPoolExecutor(2) as pool:
            accepted, expired = pool.map(do, jobs)
        assert (accepted, expired) in [(Taken.CONFIRMED, 0), (Taken.TOO_LATE, 1)]
        assert event_now(offering).places_taken == 2


class TestByHand:
    def test_the_organiser_promotes_whom_she_likes(self, full: Event, factory: Factory, now: datetime) -> None:
        first, second = waiting_people(factory, full, 2)
        account = factory.account(full.organiser)
        assert promote(second, full.id, account.id, now) is CannotPromote.NO_PLACES
        assert promote(second, full.id, account.id, now, over_capacity=True) == Promoted(second)
        assert event_now(full).places_taken == 3
        assert line_of(full) == [first]
        assert occasions(second) == ["place_given"]

    def test_promoting_someone_who_cancelled_meanwhile(self, full: Event, factory: Factory, now: datetime) -> None:
        (first,) = waiting_people(factory, full, 1)
        account = factory.account(full.organiser)
        cancel_registration(first, now, by="person")
        assert promote(first, full.id, account.id, now, over_capacity=True) is CannotPromote.NOT_WAITING
        assert event_now(full).places_taken == 2

    def test_abuse_28_nobody_of_another_event(self, full: Event, factory: Factory, now: datetime) -> None:
        (first,) = waiting_people(factory, full, 1)
        other = factory.event()
        assert promote(first, other.id, ACCOUNT, now) is CannotPromote.NOT_FOUND
        assert not move_in_line(first, other.id, 1, ACCOUNT, now)

    @pytest.mark.parametrize(("position", "expected"), [(1, 0), (2, 1), (4, 3), (99, 3), (-5, 0)])
    def test_moving_in_line(self, full: Event, factory: Factory, now: datetime, position: int, expected: int) -> None:
        line = waiting_people(factory, full, 4)
        account = factory.account(full.organiser)
        assert move_in_line(line[2], full.id, position, account.id, now)
        moved = line_of(full)
        assert moved.index(line[2]) == expected
        assert [one for one in moved if one != line[2]] == [one for one in line if one != line[2]]

    def test_with_places_given_by_hand_nothing_passes_on(self, full: Event, factory: Factory, now: datetime) -> None:
        full.promotion = "by_hand"
        db.session.commit()
        waiting = waiting_people(factory, full, 2)
        cancel_registration(taken_ids(full)[0], now, by="person")
        assert line_of(full) == waiting
        result = sign_up(full.id, ask(9), now)
        assert isinstance(result, Waitlisted)  # nobody overtakes the line


class TestApproval:
    @pytest.fixture
    def choosy(self, each_database: Flask, factory: Factory) -> Event:
        return factory.event(capacity=2, waiting_list="when_full", approval=True)

    def people(self, event: Event, count: int, now: datetime) -> list[int]:
        results = [sign_up(event.id, ask(number), now) for number in range(count)]
        assert all(isinstance(result, Pending) for result in results)
        return [result.registration_id for result in results if isinstance(result, Pending)]

    def test_nobody_has_a_place_before_the_decision(self, choosy: Event, now: datetime) -> None:
        ids = self.people(choosy, 3, now)
        assert event_now(choosy).places_taken == 0
        assert [occasions(one) for one in ids] == [["sign_up_pending"]] * 3

    def test_the_accepted_get_places_and_then_the_line(self, choosy: Event, factory: Factory, now: datetime) -> None:
        ids, account = self.people(choosy, 4, now), factory.account(choosy.organiser)
        assert accept(choosy.id, ids[:3], account.id, now) == Decided(accepted=2, waitlisted=1)
        assert [now_of(one).state for one in ids] == ["confirmed", "confirmed", "waitlisted", "pending"]
        told = [occasions(one)[-1] for one in ids[:3]]
        assert told == ["registration_accepted", "registration_accepted", "registration_accepted_waiting"]

    def test_without_a_waiting_list_who_finds_no_place_stays_pending(
        self, choosy: Event, factory: Factory, now: datetime
    ) -> None:
        ids, account = self.people(choosy, 3, now), factory.account(choosy.organiser)
        choosy.waiting_list = "off"
        db.session.commit()
        assert accept(choosy.id, ids, account.id, now) == Decided(accepted=2, no_place=1)
        assert now_of(ids[2]).state == "pending"
        assert occasions(ids[2]) == ["sign_up_pending"]

    def test_two_organisers_deciding_at_once(self, choosy: Event, factory: Factory, now: datetime) -> None:
        ids, account = self.people(choosy, 2, now), factory.account(choosy.organiser)
        assert accept(choosy.id, ids, account.id, now) == Decided(accepted=2)
        assert accept(choosy.id, ids, account.id, now) == Decided(unchanged=2)
        assert [occasions(one) for one in ids] == [["sign_up_pending", "registration_accepted"]] * 2

    def test_declining_tells_why_and_frees_the_place(self, choosy: Event, factory: Factory, now: datetime) -> None:
        ids, account = self.people(choosy, 3, now), factory.account(choosy.organiser)
        accept(choosy.id, ids, account.id, now)
        decided = decline(choosy.id, [ids[0]], "Brak delegacji.", account.id, now)
        assert decided == Decided(declined=1, promoted=1)
        assert [now_of(one).state for one in ids] == ["declined", "confirmed", "confirmed"]
        mail = db.session.scalars(select(Mail).where(Mail.registration_id == ids[0]).order_by(Mail.id.desc())).first()
        assert mail is not None
        assert (mail.occasion, mail.facts["reason"]) == ("registration_declined", "Brak delegacji.")
        assert mail.facts["people"][0]["invitation"]["method"] == "CANCEL"  # she had been invited

    def test_the_declined_cannot_undo_it_by_signing_up_again(
        self, choosy: Event, factory: Factory, now: datetime
    ) -> None:
        (first,), account = self.people(choosy, 1, now), factory.account(choosy.organiser)
        decline(choosy.id, [first], "", account.id, now)
        assert sign_up(choosy.id, ask(0), now) == AlreadyRegistered(first)
        assert now_of(first).state == "declined"
        assert restore_registration(first, now, by="person") is CannotChange.NOT_YOURS_TO_RESTORE
        assert accept(choosy.id, [first], account.id, now) == Decided(accepted=1)

    def test_who_cancels_and_comes_back_waits_for_the_decision_again(
        self, choosy: Event, factory: Factory, now: datetime
    ) -> None:
        (first,), account = self.people(choosy, 1, now), factory.account(choosy.organiser)
        accept(choosy.id, [first], account.id, now)
        cancel_registration(first, now, by="person")
        restore_registration(first, now, by="person")
        assert now_of(first).state == "pending"

    def test_nothing_is_decided_about_an_event_that_is_over(
        self, choosy: Event, factory: Factory, now: datetime
    ) -> None:
        ids, account = self.people(choosy, 1, now), factory.account(choosy.organiser)
        assert accept(choosy.id, ids, account.id, choosy.ends_at) == EventClosed()
        assert decline(choosy.id, ids, "", account.id, choosy.ends_at) == EventClosed()

    def test_abuse_28_people_of_another_event_are_not_touched(
        self, choosy: Event, factory: Factory, now: datetime
    ) -> None:
        ids, account = self.people(choosy, 1, now), factory.account(choosy.organiser)
        other = factory.event(approval=True)
        assert accept(other.id, ids, account.id, now) == Decided(unchanged=1)
        assert now_of(ids[0]).state == "pending"


class TestConfirmingTheAddress:
    @pytest.fixture
    def careful(self, each_database: Flask, factory: Factory) -> Event:
        return factory.event(capacity=1, waiting_list="when_full", confirm_hours=24)

    def test_the_place_is_held_and_becomes_hers(self, careful: Event, now: datetime) -> None:
        result = sign_up(careful.id, ask(), now)
        assert isinstance(result, AwaitingConfirmation)
        assert event_now(careful).places_taken == 1
        assert confirm_address(result.registration_id, now + timedelta(hours=23)) is Taken.CONFIRMED
        assert confirm_address(result.registration_id, now + timedelta(hours=23)) is Taken.ALREADY
        assert occasions(result.registration_id) == ["address_to_confirm", "sign_up_confirmed"]

    def test_abuse_19_a_hoarded_place_passes_on_and_the_address_is_left_alone(
        self, careful: Event, now: datetime
    ) -> None:
        hoarder, honest = sign_up(careful.id, ask(1), now), sign_up(careful.id, ask(2), now)
        assert isinstance(hoarder, AwaitingConfirmation)
        assert isinstance(honest, AwaitingConfirmation)
        assert confirm_address(honest.registration_id, now) is Taken.WAITLISTED
        assert expire_due(now + timedelta(hours=24)) == 1
        assert now_of(honest.registration_id).state == "confirmed"
        gone = now_of(hoarder.registration_id)
        assert (gone.state, gone.cancelled_by) == ("cancelled", "unconfirmed")
        assert occasions(hoarder.registration_id) in (["address_to_confirm"], [])

    def test_abuse_19_an_address_that_nobody_confirmed_is_forgotten_after_a_day(
        self, careful: Event, now: datetime
    ) -> None:
        hoarder, honest = sign_up(careful.id, ask(1), now), sign_up(careful.id, ask(2), now)
        assert isinstance(hoarder, AwaitingConfirmation)
        assert isinstance(honest, AwaitingConfirmation)
        confirm_address(honest.registration_id, now)
        ran_out = now + timedelta(hours=24)
        expire_due(ran_out)
        assert forget_unconfirmed(ran_out + timedelta(hours=24)) == 0
        assert forget_unconfirmed(ran_out + timedelta(hours=25)) == 1
        db.session.rollback()
        assert list(db.session.scalars(select(Registration.id))) == [honest.registration_id]
        assert event_now(careful).places_taken == 1
        assert forget_unconfirmed(ran_out + timedelta(hours=25)) == 0

    def test_too_late_is_said_and_the_link_still_brings_her_back(self, careful: Event, now: datetime) -> None:
        result = sign_up(careful.id, ask(), now)
        assert isinstance(result, AwaitingConfirmation)
        later = now + timedelta(hours=25)
        assert confirm_address(result.registration_id, later) is Taken.TOO_LATE
        assert event_now(careful).places_taken == 0
        assert restore_registration(result.registration_id, later, by="person") == Restored(changed=True)
        assert now_of(result.registration_id).state == "confirmed"

    def test_with_approval_it_waits_for_the_decision_and_holds_nothing(
        self, careful: Event, factory: Factory, now: datetime
    ) -> None:
        careful.approval = True
        db.session.commit()
        result = sign_up(careful.id, ask(), now)
        assert isinstance(result, AwaitingConfirmation)
        assert event_now(careful).places_taken == 0
        assert confirm_address(result.registration_id, now) is Taken.PENDING

    def test_an_organiser_who_adds_somebody_knows_the_address(self, careful: Event, now: datetime) -> None:
        assert isinstance(sign_up(careful.id, ask(source=Source.PANEL), now), Confirmed)


def test_an_organiser_fills_a_full_event_only_as_she_ticked(full: Event, now: datetime) -> None:
    refused = sign_up(full.id, ask(1, source=Source.PANEL), now)
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.FULL
    assert isinstance(sign_up(full.id, ask(1, source=Source.PANEL, to_waiting_list=True), now), Waitlisted)
    assert isinstance(sign_up(full.id, ask(2, source=Source.PANEL, over_capacity=True), now), Confirmed)
    assert event_now(full).places_taken == 3


def test_only_certain_domains(full: Event, now: datetime) -> None:
    full.allowed_domains = "um.krakow.pl *.gov.pl"
    db.session.commit()
    refused = sign_up(full.id, ask(1), now)
    assert isinstance(refused, Refused)
    assert refused.reason is Refusal.DOMAIN
    assert isinstance(sign_up(full.id, replace(ask(1), email="a.nowak@mf.gov.pl"), now), Waitlisted)


def test_abuse_23_cancelling_against_promoting_has_one_winner(
    full: Event, factory: Factory, now: datetime, each_database: Flask
) -> None:
    (waiting,) = waiting_people(factory, full, 1)
    account = factory.account(full.organiser)
    account_id, event_id, holder = account.id, full.id, taken_ids(full)[0]
    db.session.rollback()

    def do(job: Callable[[], object]) -> object:
        with each_database.app_context():
            return job()

    jobs: list[Callable[[], object]] = [
        lambda: cancel_registration(waiting, now, by="person"),
        lambda: cancel_registration(holder, now, by="person"),
        lambda: promote(waiting, event_id, account_id, now, over_capacity=True),
    ]
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(do, jobs))
    person = now_of(waiting)
    assert person.state == "cancelled"  # whatever came first, her own wish stands
    assert event_now(full).places_taken == sum(now_of(one).holds_place for one in [*taken_ids(full), waiting])
    assert event_now(full).waiting_count == 0
