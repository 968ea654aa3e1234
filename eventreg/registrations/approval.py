"""The organiser decides about people who asked to take part: one or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.organisers import audit
from eventreg.questions.answering import drop_full_options
from eventreg.registrations import place_keeping, queries, registration_mails
from eventreg.registrations.cancelling import place_or_line_values
from eventreg.registrations.models import Registration
from eventreg.registrations.registration_mails import About
from eventreg.registrations.waiting_list import give_free_places

ACCEPTABLE = ("pending", "declined")
DECLINABLE = ("pending", "waitlisted", "confirmed")

_ADMITTED = {"confirmed": "registration_accepted", "waitlisted": "registration_accepted_waiting"}
"""The mails that tell of it, by where the admitted come to stand."""


@dataclass(frozen=True)
class Decided:
    """What a decision did: how many people came to stand where.

    `unchanged`: somebody else was faster, or the person cancelled meanwhile; `no_place`: they stay as they were.
    """

    accepted: int = 0
    waitlisted: int = 0
    declined: int = 0
    unchanged: int = 0
    no_place: int = 0
    promoted: int = 0  # people in line who were served because places got free


@dataclass(frozen=True)
class EventClosed:
    """The event is cancelled, over or gone: the list stays as it is."""


def accept(
    event_id: int,
    ids: Sequence[int],
    account_id: int,
    now: datetime,
    note: str = "",
    *,
    seen_at: datetime | None = None,
) -> Decided | EventClosed:
    """Admit people who are pending (or were declined), in the order of `ids`; each is told once, with the `note`.

    Who is admitted when no place is left goes to the waiting list, if the event has one. Ids of other events count as
    unchanged (abuse 28), and so does whoever was decided about after `seen_at`, when the organiser looked: another one
    was faster, and nobody is told two different things.
    """
    with transaction():
        event = _open_event(event_id, now)
        if event is None:
            return EventClosed()
        people = _people(event, ids, ACCEPTABLE, seen_at)
        no_place: list[Registration] = []
        placed = [one for one in people if _admit(event, one, account_id, now, note, no_place)]
        confirmed = [one for one in placed if one.state == "confirmed"]
        registration_mails.tell_people(event, placed, now, About(by_state=_ADMITTED))
        _record("registrations_accepted", event, placed, account_id, now)
        return Decided(
            accepted=len(confirmed),
            waitlisted=len(placed) - len(confirmed),
            unchanged=len(set(ids)) - len(people),
            no_place=len(no_place),
        )


def decline(
    event_id: int, ids: Sequence[int], note: str, account_id: int, now: datetime, *, seen_at: datetime | None = None
) -> Decided | EventClosed:
    """Do not admit people; `note` (may be empty) is told to each. A place that gets free goes to the next in line.

    `seen_at` as in `accept`.
    """
    with transaction():
        event = _open_event(event_id, now)
        if event is None:
            return EventClosed()
        people = _people(event, ids, DECLINABLE, seen_at)
        for registration in people:
            place_keeping.change_standing(registration, place_keeping.declined_values(now, account_id, note))
        registration_mails.tell_standing(event, people, now)
        _record("registrations_declined", event, people, account_id, now)
        promoted = give_free_places(event, now)
        return Decided(declined=len(people), unchanged=len(set(ids)) - len(people), promoted=promoted)


def _open_event(event_id: int, now: datetime) -> Event | None:
    event = queries.lock_event(event_id)
    return event if event is not None and event.state in ("draft", "published") and now < event.ends_at else None


def _people(event: Event, ids: Sequence[int], states: Sequence[str], seen_at: datetime | None) -> list[Registration]:
    found = queries.registrations_now(list(dict.fromkeys(ids)))
    mine = [one for one in found if one.event_id == event.id and one.state in states]
    return [one for one in mine if seen_at is None or one.decided_at is None or one.decided_at <= seen_at]


def _admit(
    event: Event, registration: Registration, account_id: int, now: datetime, note: str, no_place: list[Registration]
) -> bool:
    values = place_or_line_values(queries.lock_event(event.id) or event, now)  # the counters as they are by now
    if values is None:
        no_place.append(registration)
        return False
    decided = {"decided_by_id": account_id, "decided_at": now, "reason": note}
    comes_back = registration.state == "declined"
    place_keeping.change_standing(registration, {**values, **decided})
    if comes_back:
        drop_full_options(registration.id)
    return True


def _record(action: str, event: Event, people: Sequence[Registration], account_id: int, now: datetime) -> None:
    if people:
        detail = {"people": [one.id for one in people]}
        audit.record(account_id, action, event.organiser_id, event.id, detail=detail, now=now)
