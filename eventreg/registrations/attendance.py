"""Who came: the organiser marks people present or absent, one or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from eventreg.database import db, transaction
from eventreg.organisers import audit
from eventreg.registrations import queries
from eventreg.registrations.attendance_rules import is_day_of_event
from eventreg.registrations.models import Registration


@dataclass(frozen=True)
class Marked:
    """How many people are marked otherwise than before.

    `unchanged`: they were marked so already; `without_place`: only who has a place can come.
    """

    changed: int = 0
    unchanged: int = 0
    without_place: int = 0


@dataclass(frozen=True)
class TooEarly:
    """The day of the event has not begun: nobody can have come."""


def mark_attendance(
    event_id: int, ids: Sequence[int], attended: bool | None, account_id: int, now: datetime
) -> Marked | TooEarly:
    """Say of people that they came (True), did not come (False), or that nobody knows (None).

    It can be said after the event too. Ids of other events count as people without a place (abuse 28). Nobody is
    written to.
    """
    with transaction():
        event = queries.lock_event(event_id)
        if event is None or not is_day_of_event(event.starts_at, event.time_zone, now):
            return TooEarly()
        chosen = list(dict.fromkeys(ids))
        found = queries.registrations_now(chosen)
        present = [one for one in found if one.event_id == event_id and one.state == "confirmed"]
        changed = [one.id for one in present if one.attended is not attended]
        _write(changed, attended)
        if changed:
            detail = {"people": changed, "attended": attended}
            audit.record(account_id, "attendance_marked", event.organiser_id, event_id, detail=detail, now=now)
        return Marked(len(changed), len(present) - len(changed), len(chosen) - len(present))


def _write(ids: Sequence[int], attended: bool | None) -> None:
    for start in range(0, len(ids), 500):
        db.session.execute(
            update(Registration).where(Registration.id.in_(ids[start : start + 500])).values(attended=attended),
            execution_options={"synchronize_session": False},
        )
