"""The waiting list of an event as it stands: offers under way, then the line in its order."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from eventreg.database import db
from eventreg.registrations import queries
from eventreg.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """`offered`: people for whom a place is held, the first to run out first; `waiting`: the line, the next first."""

    offered: Sequence[Registration]
    waiting: Sequence[Registration]


def line_of(event_id: int) -> WaitingLine:
    """Everybody on the waiting list of an event."""
    offered = db.session.scalars(
        select(Registration)
        .where(Registration.event_id == event_id, Registration.state == "waitlisted", Registration.holds_place)
        .order_by(Registration.offer_until, Registration.waiting_order)
    ).all()
    return WaitingLine(offered, queries.registrations_now(queries.next_in_line(event_id, None)))
