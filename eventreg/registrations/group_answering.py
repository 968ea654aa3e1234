"""The contact of a group answers for the people of her mailbox: confirms the address, takes an offered place."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from eventreg.database import db, transaction
from eventreg.registrations import queries, registration_mails
from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.group_members import members_of
from eventreg.registrations.group_page_rules import may_confirm, may_take_place
from eventreg.registrations.holds_and_offers import Taken, accept_offer, confirm_address
from eventreg.registrations.models import RegistrationGroup
from eventreg.registrations.registration_mails import About


@dataclass(frozen=True, slots=True)
class GroupConfirmed:
    """What came of confirming everybody: how many came to stand somewhere, were too late, or found no place."""

    done: int
    too_late: int = 0
    no_places: int = 0


def confirm_group(group_id: int, now: datetime) -> GroupConfirmed | CannotChange:
    """The contact says that her mailbox is hers: all its unconfirmed sign-ups count. One mail tells her.

    People with addresses of their own confirm by themselves.
    """
    with transaction():
        group = db.session.get(RegistrationGroup, group_id)
        if group is None:
            return CannotChange.NOT_FOUND
        ids = [one.registration.id for one in members_of(group) if may_confirm(one.standing)]
        outcomes = {id_: confirm_address(id_, now, tell=False) for id_ in ids}
        if outcomes and all(isinstance(one, CannotChange) for one in outcomes.values()):
            return next(one for one in outcomes.values() if isinstance(one, CannotChange))
        standing = (Taken.CONFIRMED, Taken.WAITLISTED, Taken.PENDING)
        settled = [id_ for id_, outcome in outcomes.items() if outcome in standing]
        event = queries.lock_event(group.event_id)
        if event is not None:
            about = About(group_link_key=group.link_key)
            registration_mails.tell_people(event, queries.registrations_now(settled), now, about)
        counts = Counter(outcomes.values())
        return GroupConfirmed(len(settled), counts[Taken.TOO_LATE], counts[Taken.NO_PLACES])


def take_place_of(group_id: int, registration_id: int, now: datetime) -> Taken | CannotChange:
    """Take the place that is offered to one person of the contact's own mailbox."""
    with transaction():
        group = db.session.get(RegistrationGroup, group_id)
        members = members_of(group) if group is not None else []
        hers = next((one for one in members if one.registration.id == registration_id), None)
        if hers is None:
            return CannotChange.NOT_FOUND
        if not may_take_place(hers.standing):
            return Taken.ALREADY if hers.standing.state == "confirmed" else Taken.TOO_LATE
        return accept_offer(registration_id, now)
