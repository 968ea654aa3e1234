"""Sign-up, cancelling, promoting, offers, holds, decisions and changed rules in any order, on both databases.

A short run belongs to `make test`; `.ci/run` asks for thousands of steps (EVENTREG_LONG_RUNS=1).
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.event_changes import Changed, change_event
from eventreg.events.event_loading import fields_of, policy_of
from eventreg.events.models import Event
from eventreg.events.sign_up_policy import PolicySet, set_sign_up_policy
from eventreg.outbox.models import Mail
from eventreg.registrations import holds_and_offers
from eventreg.registrations.approval import accept, decline
from eventreg.registrations.cancelling import cancel_registration, restore_registration
from eventreg.registrations.models import Registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import SignUpRequest, Source
from eventreg.registrations.waiting_list import Promoted, move_in_line, promote
from tests.factories import Factory

IS_LONG = os.environ.get("EVENTREG_LONG_RUNS") == "1"
EXAMPLES, STEPS = (80, 50) if IS_LONG else (12, 40)

PEOPLE = st.integers(0, 14)
"""Whose turn it is: taken modulo the people there are."""


RARELY = st.sampled_from([False, False, False, True])


class AnyOrder(RuleBasedStateMachine):
    """One event and its people; `factory` is set by the test."""

    factory: Factory

    @initialize(
        capacity=st.sampled_from([2, 1, 3, 5, None]),
        promotion=st.sampled_from(["at_once", "offer"]),
        approval=RARELY,
        confirms=RARELY,
        crowd=st.sampled_from([7, 4, 0]),
    )
    def an_event(self, capacity: int | None, promotion: str, approval: bool, confirms: bool, crowd: int) -> None:
        db.session.rollback()
        self.now: datetime = self.factory.now
        organiser = self.factory.organiser()
        self.account = self.factory.account(organiser)
        self.event = self.factory.event(
            organiser,
            capacity=capacity,
            waiting_list="when_full",
            promotion=promotion,
            starts_at=self.now + timedelta(days=120),
            ends_at=self.now + timedelta(days=121),
            approval=approval,
            confirm_hours=24 if confirms else None,
        )
        self.seen = self._line()
        self.taken_before = 0
        self.mails_before = 0
        self.told: dict[int, str] = {}
        self.sequences: dict[int, int] = {}
        self.by_hand = self.moved = self.over = False
        self.several_sign_up(0, crowd)

    def _now_event(self) -> Event:
        event = db.session.get(Event, self.event.id, populate_existing=True)
        assert event is not None
        return event

    def _people(self) -> list[Registration]:
        rows = select(Registration).where(Registration.event_id == self.event.id).order_by(Registration.id)
        return list(db.session.scalars(rows.execution_options(populate_existing=True)))

    def _line(self) -> list[int]:
        waiting = [one for one in self._people() if one.state == "waitlisted" and not one.holds_place]
        return [one.id for one in sorted(waiting, key=lambda one: one.waiting_order or 0)]

    def _one(self, number: int, state: str = "") -> int | None:
        """Somebody; mostly one of those whom it is about, so that the line is not left alone by chance."""
        people = self._people()
        fitting = [one for one in people if one.state == state]
        chosen = fitting if fitting and number % 4 else people
        return chosen[number % len(chosen)].id if chosen else None

    def _do(self, what: Callable[[], Any], *, by_hand: bool = False, moved: bool = False, over: bool = False) -> Any:
        db.session.rollback()
        self.seen, self.taken_before = self._line(), self._now_event().places_taken
        self.by_hand, self.moved, self.over = by_hand, moved, over
        self.now += timedelta(seconds=1)
        return what()

    @rule(number=st.integers(0, 9), panel=st.booleans(), over=st.booleans(), line=st.booleans())
    def somebody_signs_up(self, number: int, panel: bool, over: bool, line: bool) -> None:
        source = Source.PANEL if panel else Source.WEB
        # Two people share each mailbox.
        request = SignUpRequest(
            f"Anna Kowalska {'abcdefghij'[number]}", f"urzad{number // 2}@example.org", "pl", source=source,
            over_capacity=over and panel, to_waiting_list=line and panel,
        )  # fmt: skip
        self._do(lambda: sign_up(self.event.id, request, self.now), by_hand=panel, over=over and panel)

    @rule(first=st.integers(0, 9), many=st.integers(2, 6))
    def several_sign_up(self, first: int, many: int) -> None:
        for number in range(first, first + many):
            self.somebody_signs_up(number % 10, panel=False, over=False, line=False)
            self.nobody_is_told_two_things()

    @rule(number=PEOPLE, by=st.sampled_from(["person", "organiser"]))
    def somebody_is_cancelled(self, number: int, by: str) -> None:
        if (one := self._one(number, "confirmed")) is not None:
            self._do(lambda: cancel_registration(one, self.now, by=by))

    @rule(number=PEOPLE, by=st.sampled_from(["person", "organiser"]))
    def somebody_comes_back(self, number: int, by: str) -> None:
        if (one := self._one(number, "cancelled")) is not None:
            self._do(lambda: restore_registration(one, self.now, by=by))

    @rule(number=PEOPLE, over=st.booleans())
    def the_organiser_promotes(self, number: int, over: bool) -> None:
        if (one := self._one(number, "waitlisted")) is not None:
            before = db.session.get(Registration, one, populate_existing=True)
            was_waiting = before is not None and before.state == "waitlisted"
            result = self._do(
                lambda: promote(one, self.event.id, self.account.id, self.now, over_capacity=over),
                by_hand=True,
                over=over,
            )
            assert was_waiting or not isinstance(result, Promoted)

    @rule(number=PEOPLE, position=st.integers(0, 6))
    def the_organiser_moves_somebody_in_line(self, number: int, position: int) -> None:
        if (one := self._one(number, "waitlisted")) is not None:
            self._do(lambda: move_in_line(one, self.event.id, position, self.account.id, self.now), moved=True)

    @rule(number=PEOPLE)
    def somebody_takes_an_offer(self, number: int) -> None:
        if (one := self._one(number, "waitlisted")) is not None:
            self._do(lambda: holds_and_offers.accept_offer(one, self.now))

    @rule(number=PEOPLE)
    def somebody_confirms_the_address(self, number: int) -> None:
        if (one := self._one(number, "unconfirmed")) is not None:
            self._do(lambda: holds_and_offers.confirm_address(one, self.now))

    @rule(hours=st.sampled_from([1, 30, 90]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self._do(lambda: holds_and_offers.expire_due(self.now))
        assert holds_and_offers.expire_due(self.now) == 0

    @rule(numbers=st.sets(PEOPLE, max_size=4), says_yes=st.booleans())
    def the_organiser_decides(self, numbers: set[int], says_yes: bool) -> None:
        ids = [one for number in sorted(numbers) if (one := self._one(number, "pending")) is not None]
        if says_yes:
            self._do(lambda: accept(self.event.id, ids, self.account.id, self.now))
        else:
            self._do(lambda: decline(self.event.id, ids, "Zabrakło miejsc.", self.account.id, self.now))

    @rule(capacity=st.sampled_from([2, 1, 4, 6, None]))
    def the_capacity_changes(self, capacity: int | None) -> None:
        event = self._now_event()
        fields, revision = replace(fields_of(event), capacity=capacity), event.revision
        result = self._do(lambda: change_event(event.id, fields, revision, False, self.account.id, self.now))
        assert not isinstance(result, Changed) or result.event.capacity == capacity

    @rule(
        waiting_list=st.sampled_from(["when_full", "when_full", "when_full", "when_full", "off", "always"]),
        promotion=st.sampled_from(["at_once", "at_once", "offer", "offer", "by_hand"]),
        approval=RARELY,
        confirm_hours=st.sampled_from([None, None, None, 24]),
    )
    def the_rules_change(self, waiting_list: str, promotion: str, approval: bool, confirm_hours: int | None) -> None:
        event = self._now_event()
        policy = replace(
            policy_of(event),
            waiting_list=waiting_list,
            promotion=promotion,
            approval=approval,
            confirm_hours=confirm_hours,
        )
        revision = event.revision
        result = self._do(lambda: set_sign_up_policy(event.id, policy, revision, self.account.id, self.now))
        assert not isinstance(result, PolicySet) or result.event.waiting_list == waiting_list

    @invariant()
    def the_counters_count_people(self) -> None:
        if not hasattr(self, "event"):
            return
        event, people = self._now_event(), self._people()
        assert event.places_taken == sum(one.holds_place for one in people)
        assert event.waiting_count == len(self._line())
        assert {one.state for one in people if one.holds_place} <= {"confirmed", "unconfirmed", "waitlisted"}

    @invariant()
    def never_more_places_than_there_are(self) -> None:
        if not hasattr(self, "event"):
            return
        event = self._now_event()
        if event.capacity is not None and not self.over:
            assert event.places_taken <= max(event.capacity, self.taken_before)

    @invariant()
    def the_line_is_kept(self) -> None:
        """Who waited before and waits still stands in the same order; newcomers are behind; the first are served."""
        if not hasattr(self, "event") or self.moved:
            return
        line = self._line()
        stayed = [one for one in line if one in self.seen]
        assert stayed == [one for one in self.seen if one in line]
        assert line[: len(stayed)] == stayed
        if self.by_hand:
            return
        places = {one.id for one in self._people() if one.holds_place}
        served = [one for one in self.seen if one in places]
        assert [one for one in self.seen if one in places or one in line][: len(served)] == served

    @invariant()
    def no_place_lies_idle(self) -> None:
        if not hasattr(self, "event"):
            return
        event = self._now_event()
        gives = event.waiting_list != "always" and event.promotion != "by_hand"
        if gives and event.waiting_count:
            assert event.capacity is not None
            assert event.places_taken >= event.capacity

    @invariant()
    def nobody_is_told_two_things(self) -> None:
        """A step tells a person at most once, what she was told last is how she stands, SEQUENCE only rises."""
        if not hasattr(self, "event"):
            return
        rows = select(Mail).where(Mail.event_id == self.event.id, Mail.id > self.mails_before).order_by(Mail.id)
        news: list[int] = []
        for mail in db.session.scalars(rows):
            self.mails_before = mail.id
            for person in mail.facts["people"]:
                news.append(person["id"])
                self.told[person["id"]] = person["state"]
                if (invitation := person.get("invitation")) is not None:
                    assert invitation["sequence"] > self.sequences.get(person["id"], -1)
                    self.sequences[person["id"]] = invitation["sequence"]
        assert len(news) == len(set(news))
        for one in self._people():
            if one.cancelled_by != "unconfirmed":  # an address that nobody confirmed gets no further mail
                assert self.told[one.id] == one.state


def test_any_order_of_things_keeps_places_line_and_mails_right(each_database: Flask, factory: Factory) -> None:
    class Here(AnyOrder):
        pass

    Here.factory = factory
    run_state_machine_as_test(  # type: ignore[no-untyped-call]  # hypothesis leaves it untyped
        Here,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not IS_LONG,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
