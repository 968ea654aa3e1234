"""The people on a contact's page: whom she signed up, and whoever else is signed up with her address."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from eventreg.database import db
from eventreg.registrations import queries
from eventreg.registrations.group_page_rules import Standing, control_of
from eventreg.registrations.models import AddressChange, Registration, RegistrationGroup


@dataclass(frozen=True, slots=True)
class Member:
    """One person, what the contact may do for her, and her position in line (0: not in line)."""

    registration: Registration
    standing: Standing
    position: int


def group_by_link_key(link_key: str) -> RegistrationGroup | None:
    """The group that a link from a mail names."""
    return db.session.scalar(select(RegistrationGroup).where(RegistrationGroup.link_key == link_key))


def members_of(group: RegistrationGroup) -> list[Member]:
    """Everybody on the page as they are now, in the order in which they were signed up."""
    people = db.session.scalars(
        select(Registration)
        .where(
            Registration.event_id == group.event_id,
            or_(Registration.group_id == group.id, Registration.address_key == group.address_key),
        )
        .order_by(Registration.id)
        .execution_options(populate_existing=True)
    ).all()
    moved = _who_moved([one.id for one in people])
    last = max((one.waiting_order or 0 for one in people), default=0)
    positions = queries.waiting_positions(group.event_id, last) if last else {}
    return [Member(one, _standing(one, group, moved), positions.get(one.id, 0)) for one in people]


def _standing(one: Registration, group: RegistrationGroup, moved: set[int]) -> Standing:
    control = control_of(
        one.address_key, group.address_key, is_substitute=one.stands_for_id is not None, has_moved=one.id in moved
    )
    return Standing(one.id, one.state, control, has_offer=one.offer_until is not None)


def _who_moved(ids: Sequence[int]) -> set[int]:
    """Those who took their registration to another address."""
    done = select(AddressChange.registration_id).where(
        AddressChange.registration_id.in_(ids), AddressChange.done_at.is_not(None)
    )
    return set(db.session.scalars(done))
