"""What the panel's page about one person shows besides her own row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.registrations import queries
from eventreg.registrations.attendance_rules import is_day_of_event
from eventreg.registrations.invitation_standing_rules import InvitationState, invitation_state
from eventreg.registrations.models import Registration


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Her position in line (0: not in line), the people around her, the newest mail, and what may be done."""

    position: int
    group: Sequence[Registration]
    stood_in_by: Sequence[Registration]
    last_mail: tuple[str, str] | None
    is_event_open: bool
    may_mark: bool
    invitation: InvitationState


def page_of_person(registration: Registration, now: datetime) -> PersonPage:
    """All that the page needs, as it is now."""
    event = registration.event
    return PersonPage(
        position=queries.waiting_position(registration),
        group=_of_same_group(registration),
        stood_in_by=_stand_in_for(registration),
        last_mail=queries.last_mails(registration.event_id, [registration]).get(registration.id),
        is_event_open=event.state in ("draft", "published") and now < event.ends_at,
        may_mark=registration.state == "confirmed" and is_day_of_event(event.starts_at, event.time_zone, now),
        invitation=state_of_invitation(registration),
    )


def state_of_invitation(registration: Registration) -> InvitationState:
    """Which version of her invitation she was last sent, and whether a newer one is still to leave."""
    return invitation_state(
        registration.state, registration.ical_sequence, registration.sent_sequence, registration.sent_sequence_at
    )


def events_to_move_to(event: Event, now: datetime) -> Sequence[Event]:
    """The organiser's other published events that are not over, the soonest first."""
    return db.session.scalars(
        select(Event)
        .where(
            Event.organiser_id == event.organiser_id,
            Event.id != event.id,
            Event.state == "published",
            Event.ends_at > now,
        )
        .order_by(Event.starts_at, Event.id)
    ).all()


def _of_same_group(registration: Registration) -> Sequence[Registration]:
    if registration.group_id is None:
        return ()
    return db.session.scalars(
        select(Registration)
        .where(Registration.group_id == registration.group_id, Registration.id != registration.id)
        .order_by(Registration.sort_key, Registration.id)
    ).all()


def _stand_in_for(registration: Registration) -> Sequence[Registration]:
    return db.session.scalars(
        select(Registration).where(Registration.stands_for_id == registration.id).order_by(Registration.id)
    ).all()
