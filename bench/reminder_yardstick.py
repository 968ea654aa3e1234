"""Reminding an event's 3,000 people in one pass: seconds, statements, peak of memory; then the second look."""

import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.messages.reminders import send_due_reminders
from eventreg.organisers.models import Organiser
from eventreg.registrations.models import Registration

PEOPLE = 3_000
IN_EACH_SHARED_MAILBOX = 3
"""Every tenth person is the first of that many behind one address."""

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def measure_reminders(_app: Flask) -> Iterator[str]:
    """Three events, one after the other: time, memory (tracing slows it down), and ten times the people."""
    organiser_id = _organiser()
    with _crowd(organiser_id, 1, PEOPLE) as due_at, _statements() as seen:
        before = time.perf_counter()
        mails = send_due_reminders(due_at)
        took = time.perf_counter() - before
        yield f"{PEOPLE} people, {mails} mails: {took:.2f} s, {len(seen)} statements"
        seen.clear()
        before = time.perf_counter()
        mails = send_due_reminders(due_at + timedelta(minutes=1))
        took = time.perf_counter() - before
        yield f"a second run: {mails} mails, {took * 1000:.1f} ms, {len(seen)} statements"
    for people in (PEOPLE, 10 * PEOPLE):
        with _crowd(organiser_id, people, people) as due_at:
            tracemalloc.start()
            mails = send_due_reminders(due_at)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            yield f"{people} people, {mails} mails: peak of {peak / 2**20:.1f} MiB"


@contextmanager
def _statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)


def _organiser() -> int:
    with transaction() as session:
        organiser = Organiser(
            slug="urzad", name="Urząd", kind="public_body", contact_email="biuro@example.org", created_at=NOW
        )
        session.add(organiser)
        session.flush()
        return organiser.id


@contextmanager
def _crowd(organiser_id: int, number: int, people: int) -> Iterator[datetime]:
    """An event with that many confirmed people; yields when their reminder is due, and calls the event off."""
    starts_at = NOW + timedelta(days=10)
    with transaction() as session:
        event = Event(
            slug=f"konferencja-{number}",
            uid=f"konferencja-{number}@localhost",
            organiser_id=organiser_id,
            state="published",
            kind="conference",
            title="Konferencja",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=6),
            places_taken=people,
            created_at=NOW,
            updated_at=NOW,
            published_at=NOW,
        )
        session.add(event)
        session.flush()
        for first in range(0, people, 1_000):
            rows = [_person(event.id, one) for one in range(first, min(first + 1_000, people))]
            session.execute(insert(Registration), rows)
    yield starts_at - timedelta(days=1)
    with transaction() as session:
        session.get_one(Event, event.id).state = "archived"


def _person(event_id: int, number: int) -> dict[str, Any]:
    mailbox = number - number % 10 if number % 10 < IN_EACH_SHARED_MAILBOX else number
    address = f"osoba{mailbox:06d}@example.org"
    return {
        "event_id": event_id,
        "state": "confirmed",
        "holds_place": True,
        "name": f"Anna Kowalska {number}",
        "name_key": f"anna kowalska {number:06d}",
        "surname": "Kowalska",
        "sort_key": f"kowalska {number:06d}",
        "email": address,
        "address_key": address,
        "quota_key": address,
        "uid": f"{event_id}-{number}@localhost",
        "link_key": f"{event_id}-{number}",
        "created_at": NOW,
        "confirmed_at": NOW,
    }
