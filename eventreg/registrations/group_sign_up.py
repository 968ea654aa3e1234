"""Signing up several people in one go: one transaction, all the rules for each of them, one mail to each mailbox."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import or_, select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.events.queries import window_of
from eventreg.links import new_link_key
from eventreg.registrations import group_mails, queries
from eventreg.registrations.address_rules import address_key, quota_key
from eventreg.registrations.group_sign_up_rules import (
    GroupPerson,
    GroupRefusal,
    GroupRefused,
    GroupRequest,
    GroupResult,
    GroupSignedUp,
    GroupTerms,
    PersonKey,
    exceeds_contact_cap,
    judge_group,
    own_address,
    person_keys,
    refused_because_of,
)
from eventreg.registrations.models import Registration, RegistrationGroup
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import AlreadyRegistered, Refusal, Refused, SignUpRequest
from eventreg.registrations.standing_rules import LIVE_STATES


class _UndoneError(Exception):
    """Somebody of the group cannot be signed up, so nobody is: the transaction is rolled back."""

    def __init__(self, refused: GroupRefused) -> None:
        self.refused = refused


@dataclass
class _Outcome:
    joined: list[int] = field(default_factory=list)
    known: list[int] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def sign_up_group(event_id: int, request: GroupRequest, now: datetime) -> GroupResult:
    """Sign up the people of a group at `now` (UTC): those for whom there is a place, or all or nobody.

    Whoever finds no place goes to the waiting list, if the event has one, in the order of the form; else she is left
    out and the contact's mail says so. Whatever else stands in somebody's way refuses the whole group.
    """
    try:
        with transaction():
            return _sign_up_group(event_id, request, now)
    except _UndoneError as undone:
        return undone.refused


def terms_of(event: Event) -> GroupTerms:
    """What the organiser set about groups."""
    return GroupTerms(event.group_limit, event.allowed_domains, event.approval)


def _sign_up_group(event_id: int, request: GroupRequest, now: datetime) -> GroupResult:
    event = queries.lock_event(event_id)
    if event is None:
        return GroupRefused(GroupRefusal.NO_SUCH_EVENT)
    refused = judge_group(window_of(event), terms_of(event), request, now)
    if refused is not None:
        return refused
    if exceeds_contact_cap(_spoken_for(event.id, request.email), person_keys(request), event.cap_per_address):
        return GroupRefused(GroupRefusal.ADDRESS_CAP)
    group = _group_of(event, request, now)
    outcome = _Outcome()
    for index, person in enumerate(request.people):
        _sign_up_person(event, group, request, index, person, outcome, now)
    own = _under_own_addresses(request)
    letter = group_mails.GroupLetter(
        contact_email=request.email,
        link_key=group.link_key,
        language=request.language,
        joined=tuple(queries.registrations_now(outcome.joined)),
        known=tuple(queries.registrations_now(outcome.known)),
        left_out=tuple(outcome.left_out),
        told_themselves=tuple(name for name in own if name not in outcome.left_out),
    )
    group_mails.tell_group(event, letter, now)
    return GroupSignedUp(group.id, tuple(outcome.joined), tuple(outcome.known), tuple(outcome.left_out))


def _sign_up_person(
    event: Event,
    group: RegistrationGroup,
    request: GroupRequest,
    index: int,
    person: GroupPerson,
    outcome: _Outcome,
    now: datetime,
) -> None:
    asked = SignUpRequest(
        name=person.name,
        email=own_address(request, person),
        language=request.language,
        answers=person.answers,
        tell=False,
        group_id=group.id,
    )
    result = sign_up(event.id, asked, now)
    if not isinstance(result, Refused):
        found = outcome.known if isinstance(result, AlreadyRegistered) else outcome.joined
        found.append(result.registration_id)
    elif result.reason is Refusal.FULL and not request.all_or_nobody:
        standing = _known_to_contact(event.id, request, index)
        if standing is None:
            outcome.left_out.append(person.name)
        else:
            outcome.known.append(standing)
    else:
        raise _UndoneError(refused_because_of(index, result.reason, result.detail))


def _group_of(event: Event, request: GroupRequest, now: datetime) -> RegistrationGroup:
    """The contact's group of this event: there is one page for all whom a mailbox signs up."""
    key = address_key(request.email)
    found = db.session.scalar(
        select(RegistrationGroup).where(RegistrationGroup.event_id == event.id, RegistrationGroup.address_key == key)
    )
    if found is not None:
        return found
    group = RegistrationGroup(
        event_id=event.id,
        email=request.email,
        address_key=key,
        quota_key=quota_key(request.email),
        language=request.language,
        link_key=new_link_key(),
        created_at=now,
    )
    db.session.add(group)
    db.session.flush()
    return group


def _spoken_for(event_id: int, contact_email: str) -> set[PersonKey]:
    """The live people under the contact's mailbox, and those whom it signed up under addresses of their own."""
    mailbox = quota_key(contact_email)
    rows = db.session.execute(
        select(Registration.address_key, Registration.name_key)
        .outerjoin(RegistrationGroup, RegistrationGroup.id == Registration.group_id)
        .where(
            Registration.event_id == event_id,
            Registration.state.in_(LIVE_STATES),
            or_(Registration.quota_key == mailbox, RegistrationGroup.quota_key == mailbox),
        )
    )
    return {(row.address_key, row.name_key) for row in rows}


def _known_to_contact(event_id: int, request: GroupRequest, index: int) -> int | None:
    """The registration of somebody under the contact's own address: whoever reads that mailbox may know of it."""
    address, name = person_keys(request)[index]
    if address != address_key(request.email):
        return None
    return db.session.scalar(
        select(Registration.id).where(
            Registration.event_id == event_id,
            Registration.address_key == address,
            Registration.name_key == name,
            Registration.state.in_(LIVE_STATES),
        )
    )


def _under_own_addresses(request: GroupRequest) -> list[str]:
    contact = address_key(request.email)
    return [one.name for one in request.people if address_key(own_address(request, one)) != contact]
