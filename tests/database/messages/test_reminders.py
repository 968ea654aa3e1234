"""Who is reminded of what, and who is thanked, on both databases."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert, select, update

from eventreg.database import db, transaction
from eventreg.events.event_cancelling import cancel_event
from eventreg.events.event_changes import Changed, change_event
from eventreg.events.event_loading import fields_of
from eventreg.events.event_publishing import withdraw_event
from eventreg.events.models import Event
from eventreg.messages.due_reminders import events_due, reminder_log
from eventreg.messages.models import ReminderRun
from eventreg.messages.reminder_mails import PAGE
from eventreg.messages.reminders import send_due_of_event, send_due_reminders
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.mail_facts import RegistrationMailFacts
from eventreg.outbox.models import Mail
from eventreg.registrations.models import Registration
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def event(factory: Factory, now: datetime) -> Event:
    """Starts in 17 days at 12:00: reminders are due the day before at 12:00 and at 10:00."""
    return factory.event(published_at=now - 30 * DAY)


def days_due(event: Event) -> datetime:
    return event.starts_at - DAY


def hours_due(event: Event) -> datetime:
    return event.starts_at - 2 * HOUR


def mails(*occasions: str) -> list[Mail]:
    db.session.rollback()
    return list(
        db.session.scalars(select(Mail).where(Mail.occasion.in_(occasions or ("reminder",))).order_by(Mail.to_address))
    )


def names_in(mail: Mail) -> list[str]:
    facts = facts_from_json(mail.facts)
    assert isinstance(facts, RegistrationMailFacts)
    return [person.name for person in facts.people]


def runs() -> list[tuple[str, int]]:
    db.session.rollback()
    return [(run.kind, run.mails) for run in db.session.scalars(select(ReminderRun).order_by(ReminderRun.id))]


def set_values(event: Event, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(Event).where(Event.id == event.id).values(**values))
    db.session.expire_all()


def changed(event_id: int, now: datetime, *, tell: bool, **values: Any) -> Changed:
    db.session.rollback()
    event = db.session.get_one(Event, event_id)
    outcome = change_event(event.id, replace(fields_of(event), **values), event.revision, tell, None, now)
    assert isinstance(outcome, Changed)
    return outcome


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)


def test_the_confirmed_are_reminded_once_and_nobody_else(factory: Factory, event: Event) -> None:
    factory.registration(event, name="Anna Bąk", email="anna@example.org")
    factory.registration(event, name="Ewa Cis", email="ewa@example.org", state="waitlisted", waiting_order=1)
    factory.registration(event, name="Jan Dąb", email="jan@example.org", state="pending")
    factory.registration(event, name="Ola Etz", email="ola@example.org", state="cancelled", cancelled_by="person")
    factory.registration(event, name="Piotr Fok", email="piotr@example.org", state="declined")
    at = days_due(event)
    assert send_due_reminders(at - timedelta(seconds=1)) == 0
    assert send_due_reminders(at) == 1
    (mail,) = mails()
    assert (mail.to_address, mail.to_name, names_in(mail)) == ("anna@example.org", "Anna Bąk", ["Anna Bąk"])
    assert mail.is_bulk
    assert mail.registration_id is not None
    assert send_due_reminders(at + timedelta(minutes=1)) == 0
    assert send_due_of_event(event.id, at + timedelta(minutes=1)) == 0
    assert send_due_reminders(hours_due(event)) == 1
    assert send_due_reminders(hours_due(event) + HOUR) == 0
    assert len(mails()) == 2
    assert runs() == [("days", 1), ("hours", 1)]


def test_who_signed_up_after_the_moment_is_not_reminded(factory: Factory, event: Event) -> None:
    at = days_due(event)
    factory.registration(event, email="anna@example.org", confirmed_at=at)
    factory.registration(event, email="late@example.org", confirmed_at=at + timedelta(minutes=1))
    factory.registration(
        event, email="promoted@example.org", created_at=at - 5 * DAY, confirmed_at=at + timedelta(minutes=2)
    )
    assert send_due_reminders(at + 3 * HOUR) == 1
    assert [mail.to_address for mail in mails()] == ["anna@example.org"]
    assert send_due_reminders(hours_due(event)) == 3


def test_calendar_04a_a_shared_mailbox_gets_one_mail_that_names_everybody(factory: Factory, event: Event) -> None:
    for name, email in (("Jan Łoś", "Biuro@example.org"), ("Ewa Ćwik", "biuro@example.org"), ("Ola Żak", "ola@x.org")):
        factory.registration(event, name=name, email=email)
    assert send_due_reminders(days_due(event)) == 2
    bundled, single = mails()
    assert sorted(names_in(bundled)) == ["Ewa Ćwik", "Jan Łoś"]
    assert (bundled.to_name, bundled.registration_id) == ("", None)
    assert names_in(single) == ["Ola Żak"]


@pytest.mark.parametrize("state", ["draft", "cancelled", "archived"])
def test_nobody_is_reminded_of_an_event_that_is_not_on(factory: Factory, event: Event, state: str) -> None:
    factory.registration(event)
    set_values(event, state=state)
    assert send_due_reminders(days_due(event)) == 0
    assert send_due_of_event(event.id, days_due(event)) == 0
    assert mails() == []
    assert runs() == []


def test_an_unlisted_event_is_reminded_of(factory: Factory, event: Event) -> None:
    factory.registration(event)
    set_values(event, listed=False)
    assert send_due_reminders(days_due(event)) == 1


def test_after_a_move_of_the_date_people_are_reminded_again(factory: Factory, event: Event) -> None:
    factory.registration(event)
    at, hours_before_the_old_date = days_due(event), hours_due(event)
    assert send_due_reminders(at) == 1
    later = event.starts_at + 7 * DAY
    changed(event.id, at + HOUR, tell=True, starts_at=later, ends_at=later + HOUR)
    assert send_due_reminders(at + 2 * HOUR) == 0
    assert send_due_reminders(hours_before_the_old_date) == 0
    assert send_due_reminders(later - DAY) == 1
    assert send_due_reminders(later - 2 * HOUR) == 1
    assert runs() == [("days", 1), ("days", 1), ("hours", 1)]


def test_a_move_that_everybody_was_just_told_of_is_not_repeated_at_once(factory: Factory, event: Event) -> None:
    factory.registration(event)
    sooner = event.starts_at - 2 * DAY
    at = sooner - 20 * HOUR  # the reminder of the new date would have been due four hours ago
    changed(event.id, at, tell=True, starts_at=sooner, ends_at=sooner + HOUR)
    assert send_due_reminders(at + HOUR) == 0
    assert events_due(at + HOUR) == []
    assert send_due_reminders(sooner - 2 * HOUR) == 1


def test_a_move_that_nobody_was_told_of_is_reminded_of_at_once(factory: Factory, event: Event) -> None:
    factory.registration(event)
    sooner = event.starts_at - 2 * DAY
    at = sooner - 20 * HOUR
    changed(event.id, at, tell=False, starts_at=sooner, ends_at=sooner + HOUR)
    assert send_due_reminders(at + HOUR) == 1


def test_a_worker_that_was_away_sends_one_reminder_and_none_after_the_start(factory: Factory, event: Event) -> None:
    factory.registration(event)
    assert send_due_reminders(event.starts_at - HOUR) == 1
    assert runs() == [("hours", 1)]
    other = factory.event(published_at=event.published_at)
    factory.registration(other)
    assert send_due_reminders(event.starts_at) == 0


def test_two_workers_at_once_remind_once(each_database: Flask, factory: Factory, event: Event) -> None:
    for number in range(40):
        factory.registration(event, email=f"p{number:02d}@example.org")
    at, found, together = days_due(event), [], threading.Barrier(4)
    event_id = event.id

    def work() -> None:
        with each_database.app_context():
            due = events_due(at)
            together.wait(timeout=30)
            found.append((due, send_due_of_event(event_id, at)))
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert [due for due, _ in found] == [[event_id]] * 4
    assert sorted(queued for _, queued in found) == [0, 0, 0, 40]
    assert len(mails()) == 40
    assert runs() == [("days", 40)]


def test_what_fails_half_way_has_not_happened_and_is_done_later(
    each_database: Flask, factory: Factory, event: Event
) -> None:
    other = factory.event(published_at=event.published_at)
    set_values(other, starts_at=event.starts_at)
    for number in range(3):
        factory.registration(event, email=f"p{number}@example.org")
    factory.registration(other, email="other@example.org")

    def fail(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("INSERT INTO reminder_runs"):
            written = parameters["event_id"] if isinstance(parameters, dict) else parameters[0]
            if written == event.id:
                raise RuntimeError("the machine stops here")

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", fail)
    try:
        assert send_due_reminders(days_due(event)) == 1  # the other event's
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", fail)
    assert [mail.to_address for mail in mails()] == ["other@example.org"]
    assert send_due_reminders(days_due(event)) == 3
    assert sorted(runs()) == [("days", 1), ("days", 3)]


def test_three_thousand_people_cost_two_statements_a_page_and_a_second_run_writes_nothing(
    factory: Factory, event: Event, now: datetime
) -> None:
    people = 3000
    with transaction() as session:
        session.execute(insert(Registration), [_row(event, number, now) for number in range(people)])
    with statements() as seen:  # two share a mailbox, on either side of a page's end
        assert send_due_reminders(days_due(event)) == people - 1
    pages = -(-people // PAGE)
    assert len([one for one in seen if one.startswith("INSERT INTO mails")]) == pages
    assert len(seen) <= 2 * pages + 16
    assert len(set(db.session.scalars(select(Mail.to_address)))) == people - 1
    (bundled,) = db.session.scalars(select(Mail).where(Mail.registration_id.is_(None)))
    assert len(names_in(bundled)) == 2
    with statements() as seen:
        assert send_due_reminders(days_due(event) + HOUR) == 0
    assert [one for one in seen if not one.startswith(("SELECT", "BEGIN"))] == []
    assert len(seen) <= 6


def _row(event: Event, number: int, now: datetime) -> dict[str, Any]:
    address = f"p{PAGE - 1 if number == PAGE else number:05d}@example.org"
    return {
        "event_id": event.id,
        "state": "confirmed",
        "holds_place": True,
        "name": f"Osoba {number}",
        "name_key": f"osoba {number:05d}",
        "surname": "Osoba",
        "sort_key": f"{number:05d}",
        "email": address,
        "address_key": address,
        "quota_key": address,
        "uid": f"{number}@localhost",
        "link_key": f"key-{number}",
        "created_at": now,
        "confirmed_at": now,
    }


def test_an_idle_look_is_one_statement_that_writes_nothing(factory: Factory, event: Event, now: datetime) -> None:
    factory.registration(event)
    with statements() as seen:
        assert send_due_reminders(now) == 0
    assert len([one for one in seen if one.startswith("SELECT")]) == 1
    assert [one for one in seen if not one.startswith(("SELECT", "BEGIN"))] == []


def test_thanks_go_to_those_who_came_when_the_organiser_wants_it(factory: Factory, event: Event) -> None:
    morning = (event.ends_at + DAY).replace(hour=8, minute=0)
    anna = factory.registration(event, name="Anna Bąk", email="anna@example.org", attended=True)
    ewa = factory.registration(event, name="Ewa Cis", email="ewa@example.org", attended=False)
    factory.registration(event, name="Jan Dąb", email="jan@example.org")
    assert send_due_reminders(morning) == 0
    set_values(event, sends_thanks=True)
    assert send_due_reminders(morning - timedelta(minutes=1)) == 0
    assert send_due_reminders(morning) == 1
    assert [(mail.to_address, names_in(mail)) for mail in mails("thanks")] == [("anna@example.org", [anna.name])]
    assert send_due_reminders(morning + HOUR) == 0
    with transaction() as session:  # attendance is entered from paper, later
        session.execute(update(Registration).where(Registration.id == ewa.id).values(attended=True))
    assert send_due_reminders(morning + 3 * DAY) == 1
    assert send_due_reminders(morning + 3 * DAY) == 0
    assert [mail.to_address for mail in mails("thanks")] == ["anna@example.org", "ewa@example.org"]
    assert runs() == [("thanks", 2)]


def test_thanks_to_a_shared_mailbox_are_one_mail(factory: Factory, event: Event) -> None:
    set_values(event, sends_thanks=True)
    for name, came in (("Jan Łoś", True), ("Ewa Ćwik", True), ("Ola Żak", False)):
        factory.registration(event, name=name, email="biuro@example.org", attended=came)
    assert send_due_reminders(event.ends_at + DAY) == 1
    (mail,) = mails("thanks")
    assert sorted(names_in(mail)) == ["Ewa Ćwik", "Jan Łoś"]


def test_the_organiser_sees_what_is_to_come_and_what_went_out(factory: Factory, event: Event, now: datetime) -> None:
    factory.registration(event)
    log = reminder_log(event, now)
    assert log.next is not None
    assert (log.next.due_at, list(log.runs)) == (days_due(event), [])
    send_due_reminders(days_due(event))
    log = reminder_log(event, days_due(event) + HOUR)
    assert log.next is not None
    assert log.next.due_at == hours_due(event)
    assert [(run.kind, run.mails, run.ran_at) for run in log.runs] == [("days", 1, days_due(event))]


def test_cancelled_and_withdrawn_after_all_was_planned(factory: Factory, event: Event, now: datetime) -> None:
    factory.registration(event)
    other = factory.event(published_at=event.published_at)
    factory.registration(other)
    cancel_event(event.id, "", None, now)
    withdraw_event(other.id, None, now)
    assert send_due_reminders(days_due(event)) == 0
    assert mails() == []


def test_reminders_are_on_unless_switched_off_from_the_beginning(factory: Factory) -> None:
    def stored(event: Event) -> tuple[int | None, int | None]:
        row = db.session.execute(select(Event.remind_days, Event.remind_hours).where(Event.id == event.id)).one()
        return row.remind_days, row.remind_hours

    assert stored(factory.event()) == (1, 2)
    assert stored(factory.event(remind_days=None, remind_hours=None)) == (None, None)
