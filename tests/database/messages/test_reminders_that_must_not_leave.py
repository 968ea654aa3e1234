"""A reminder that is queued and pointless by now never leaves; the worker's rounds send what is due."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from eventreg import worker
from eventreg.database import db, transaction
from eventreg.events.event_cancelling import cancel_event
from eventreg.events.event_changes import Changed
from eventreg.events.event_publishing import withdraw_event
from eventreg.events.models import Event
from eventreg.messages.reminders import send_due_reminders
from eventreg.messages.stale_reminders import withdraw_stale_reminders
from eventreg.outbox.composing import words_of
from eventreg.outbox.delivering import Delivery, deliver_due
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import claim_due
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.models import Registration
from eventreg.registrations.registration_mails import tell_already_registered
from eventreg.worker import PERIODIC_WORK_EVERY, Worker
from tests.database.messages.test_reminders import changed, names_in
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def event(factory: Factory, now: datetime) -> Event:
    return factory.event(published_at=now - timedelta(days=30))


@pytest.fixture
def reminded(factory: Factory, event: Event) -> datetime:
    """Anna is reminded alone, Jan and Ewa in one mail to their office; the moment."""
    factory.registration(event, name="Anna Bąk", email="anna@example.org")
    for name in ("Jan Łoś", "Ewa Ćwik"):
        factory.registration(event, name=name, email="biuro@example.org")
    at = event.starts_at - timedelta(days=1)
    assert send_due_reminders(at) == 2
    return at


def person(name: str) -> Registration:
    return db.session.scalars(select(Registration).where(Registration.name == name)).one()


def deliver(at: datetime) -> None:
    while deliver_due(Delivery("here:1:x", lambda: at, before_claiming=withdraw_stale_reminders)).claimed:
        pass


def reminders() -> dict[str, str]:
    """The state of each reminder by address."""
    db.session.rollback()
    rows = db.session.execute(select(Mail.to_address, Mail.state).where(Mail.occasion == "reminder"))
    return {row.to_address: row.state for row in rows}


BOTH_STAY = {"anna@example.org": "superseded", "biuro@example.org": "superseded"}
BOTH_LEAVE = {"anna@example.org": "filed", "biuro@example.org": "filed"}


def test_reminders_that_hold_leave(reminded: datetime) -> None:
    assert withdraw_stale_reminders(reminded + HOUR) == 0
    deliver(reminded + HOUR)
    assert reminders() == BOTH_LEAVE
    assert withdraw_stale_reminders(reminded + HOUR) == 0


def test_no_reminder_leaves_after_the_start(event: Event, reminded: datetime) -> None:
    assert withdraw_stale_reminders(event.starts_at - MINUTE) == 0
    deliver(event.starts_at)
    assert reminders() == BOTH_STAY


def test_no_reminder_leaves_of_a_cancelled_event(event: Event, reminded: datetime) -> None:
    cancel_event(event.id, "", None, reminded + MINUTE)
    deliver(reminded + HOUR)
    assert reminders() == BOTH_STAY


def test_no_reminder_leaves_of_a_withdrawn_event(event: Event, reminded: datetime) -> None:
    withdraw_event(event.id, None, reminded + MINUTE)
    deliver(reminded + HOUR)
    assert reminders() == BOTH_STAY


def test_no_reminder_leaves_with_a_date_that_was_moved_in_silence(event: Event, reminded: datetime) -> None:
    later = event.starts_at + HOUR
    changed(event.id, reminded + MINUTE, tell=False, starts_at=later, ends_at=later + HOUR)
    deliver(reminded + 2 * MINUTE)
    assert reminders() == BOTH_STAY
    assert send_due_reminders(reminded + HOUR) == 2  # a day before the new date


def test_a_change_that_people_are_told_takes_the_place_of_the_reminder(event: Event, reminded: datetime) -> None:
    changed(event.id, reminded + MINUTE, tell=True, room="sala 5")
    assert reminders() == BOTH_STAY
    deliver(reminded + HOUR)
    told = db.session.scalars(select(Mail.to_address).where(Mail.occasion == "event_changed", Mail.state == "filed"))
    assert sorted(told) == ["anna@example.org", "biuro@example.org"]


def test_a_reminder_supersedes_no_mail_and_leaves_after_what_was_queued_before(
    factory: Factory, event: Event, now: datetime
) -> None:
    factory.registration(event, email="anna@example.org")
    at = event.starts_at - timedelta(days=1)
    outcome = changed(event.id, at - MINUTE, tell=True, room="sala 5")
    assert isinstance(outcome, Changed)
    assert send_due_reminders(at) == 1
    deliver(at + MINUTE)
    rows = db.session.execute(select(Mail.occasion, Mail.state).order_by(Mail.sent_at, Mail.id)).all()
    assert [tuple(row) for row in rows] == [("event_changed", "filed"), ("reminder", "filed")]


def test_a_mail_to_one_person_does_not_wait_for_a_reminder(event: Event, reminded: datetime) -> None:
    tell_already_registered(event, person("Anna Bąk"), reminded)
    (claimed,) = claim_due(reminded, "here:1:x", 1)
    assert claimed.occasion == "already_registered"


def test_who_cancels_is_not_reminded_any_more(reminded: datetime) -> None:
    cancel_registration(person("Anna Bąk").id, reminded + MINUTE, by="person")
    deliver(reminded + HOUR)
    assert reminders() == {"anna@example.org": "superseded", "biuro@example.org": "filed"}


def test_who_is_cancelled_without_a_mail_is_not_reminded_any_more(reminded: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(Registration)
            .where(Registration.id == person("Anna Bąk").id)
            .values(state="cancelled", holds_place=False, cancelled_at=reminded + MINUTE, cancelled_by="organiser")
        )
    deliver(reminded + HOUR)
    assert reminders()["anna@example.org"] == "superseded"


def test_of_a_shared_mailbox_those_are_named_who_still_come(reminded: datetime) -> None:
    cancel_registration(person("Jan Łoś").id, reminded + MINUTE, by="person")
    assert withdraw_stale_reminders(reminded + HOUR) == 1
    assert withdraw_stale_reminders(reminded + HOUR) == 0
    mail = db.session.scalars(
        select(Mail).where(Mail.occasion == "reminder", Mail.to_address == "biuro@example.org")
    ).one()
    assert names_in(mail) == ["Ewa Ćwik"]
    assert (mail.state, mail.to_name, mail.registration_id) == ("queued", "Ewa Ćwik", person("Ewa Ćwik").id)
    words = words_of("reminder", facts_from_json(mail.facts), "pl")
    assert "Jan Łoś" not in words.text + words.html
    deliver(reminded + HOUR)
    assert reminders()["biuro@example.org"] == "filed"


def test_of_a_shared_mailbox_nobody_comes_any_more(reminded: datetime) -> None:
    for name in ("Jan Łoś", "Ewa Ćwik"):
        cancel_registration(person(name).id, reminded + MINUTE, by="person")
    deliver(reminded + HOUR)
    assert reminders() == {"anna@example.org": "filed", "biuro@example.org": "superseded"}


def test_three_of_a_mailbox_and_one_cancels(factory: Factory, event: Event) -> None:
    for name in ("Jan Łoś", "Ewa Ćwik", "Ola Żak"):
        factory.registration(event, name=name, email="biuro@example.org")
    at = event.starts_at - timedelta(days=1)
    send_due_reminders(at)
    cancel_registration(person("Ola Żak").id, at + MINUTE, by="person")
    deliver(at + HOUR)
    mail = db.session.scalars(select(Mail).where(Mail.occasion == "reminder")).one()
    assert (mail.state, sorted(names_in(mail)), mail.registration_id) == ("filed", ["Ewa Ćwik", "Jan Łoś"], None)


# The worker's rounds


class Clock:
    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def test_the_worker_reminds_by_itself_and_sends(each_database: Flask, factory: Factory, event: Event) -> None:
    factory.registration(event, email="anna@example.org")
    due_at = event.starts_at - timedelta(days=1)
    clock = Clock(due_at - timedelta(seconds=10))
    one = Worker(each_database, clock)
    assert one.run_once().claimed == 0
    clock.at = due_at + timedelta(seconds=1)
    assert one.run_once().claimed == 0  # looked a moment ago
    clock.at += PERIODIC_WORK_EVERY
    assert one.run_once().left == 1
    assert reminders() == {"anna@example.org": "filed"}
    clock.at += PERIODIC_WORK_EVERY
    assert one.run_once().claimed == 0
    clock.at = event.starts_at - HOUR
    assert Worker(each_database, clock).run_once().left == 1


def test_the_worker_sends_no_reminder_once_the_event_has_begun(
    each_database: Flask, event: Event, reminded: datetime
) -> None:
    Worker(each_database, Clock(event.starts_at)).run_once()
    assert reminders() == BOTH_STAY


def test_work_that_fails_stops_neither_the_other_work_nor_the_delivery(
    each_database: Flask, reminded: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[datetime] = []

    def broken(_now: datetime) -> int:
        raise RuntimeError

    def sound(now: datetime) -> int:
        done.append(now)
        return 1

    work: tuple[Callable[[datetime], int], ...] = (broken, sound)
    monkeypatch.setattr(worker, "PERIODIC_WORK", work)
    assert Worker(each_database, Clock(reminded + MINUTE)).run_once().left == 2
    assert done == [reminded + MINUTE]
    assert reminders() == BOTH_LEAVE
