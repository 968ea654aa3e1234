"""The contact of a group gives back one place or all of them: one mail to each mailbox, then the line moves up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eventreg.database import db, transaction
from eventreg.outbox.queue import supersede_unsent
from eventreg.registrations import place_keeping, queries, registration_mails
from eventreg.registrations.cancelling import CannotChange, changeable
from eventreg.registrations.group_members import members_of
from eventreg.registrations.group_page_rules import cancellable
from eventreg.registrations.models import RegistrationGroup
from eventreg.registrations.waiting_list import give_free_places


@dataclass(frozen=True, slots=True)
class GroupCancelled:
    """How many registrations this cancelled (0: all were cancelled before), and how many people in line it served."""

    cancelled: int
    promoted: int = 0


def cancel_of_group(group_id: int, ids: Sequence[int] | None, now: datetime) -> GroupCancelled | CannotChange:
    """Cancel those of the group whose ids are asked for, or (None) all that the contact may cancel.

    Whoever is not hers to cancel is passed over. An address that nobody confirmed gets no further mail (abuse 15).
    """
    with transaction():
        group = db.session.get(RegistrationGroup, group_id)
        there = members_of(group) if group is not None else []
        if group is None or not there:
            return CannotChange.NOT_FOUND
        found = changeable(there[0].registration.id, now)
        if isinstance(found, CannotChange):
            return found
        event, _first = found
        chosen = cancellable([one.standing for one in members_of(group)], ids)  # as they are under the lock
        people = queries.registrations_now(chosen)
        told = [one for one in people if one.state != "unconfirmed"]
        supersede_unsent([one.id for one in people if one.state == "unconfirmed"])
        for registration in people:
            place_keeping.change_standing(registration, place_keeping.cancelled_values(now, "person"))
        registration_mails.tell_standing(event, told, now)
        return GroupCancelled(len(people), give_free_places(event, now) if people else 0)
