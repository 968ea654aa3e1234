"""Several people in one go: what is asked, and what must hold before anybody is looked up. Pure rules."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from eventreg.events.sign_up_policy_rules import is_domain_allowed
from eventreg.events.sign_up_window_rules import SignUpStatus, SignUpWindow, sign_up_status
from eventreg.questions.question_rules import GivenAnswer
from eventreg.registrations.address_rules import address_key
from eventreg.registrations.name_rules import name_key
from eventreg.registrations.sign_up_rules import Refusal

PersonKey = tuple[str, str]
"""Address key and name key: the same for the same person."""


@dataclass(frozen=True, slots=True)
class GroupPerson:
    """One of the people; `email` '' means that her messages go to the contact."""

    name: str
    email: str = ""
    answers: tuple[GivenAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupRequest:
    """A sign-up of several people whose names and addresses passed name_rules and address_rules."""

    email: str  # of the contact, who may be one of the people or not
    language: str
    people: tuple[GroupPerson, ...]
    all_or_nobody: bool = False  # else as many as there are places


class GroupRefusal(StrEnum):
    """Why nobody of the group was signed up."""

    NO_SUCH_EVENT = "no_such_event"
    NOT_OPEN = "not_open"
    FULL = "full"
    NOT_ENOUGH_PLACES = "not_enough_places"
    ONE_BY_ONE = "one_by_one"  # the organiser takes no groups
    TOO_MANY = "too_many"
    TWICE = "twice"
    ADDRESS_CAP = "address_cap"
    DOMAIN = "domain"
    OPTION_FULL = "option_full"


@dataclass(frozen=True, slots=True)
class GroupRefused:
    """Nobody was signed up and nothing was written.

    `person` is the one (from 0) whom the reason is about; None: the contact or all of them.
    """

    reason: GroupRefusal
    person: int | None = None
    detail: tuple[str, ...] = ()  # OPTION_FULL: the labels of the options


@dataclass(frozen=True, slots=True)
class GroupSignedUp:
    """What came of it. The page that answers must not depend on it (abuse 16); the mails tell."""

    group_id: int
    joined: tuple[int, ...]  # ids of the registrations that this made
    known: tuple[int, ...] = ()  # ids of those that stood there before
    left_out: tuple[str, ...] = ()  # names for whom there was no place


GroupResult = GroupSignedUp | GroupRefused


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """What the organiser set about groups."""

    limit: int  # people in one go; 1: everybody alone
    allowed_domains: str = ""
    approval: bool = False


def own_address(request: GroupRequest, person: GroupPerson) -> str:
    """Where a person is written to: her own address, else the contact's."""
    return person.email or request.email


def person_keys(request: GroupRequest) -> list[PersonKey]:
    """Who is meant, in the order of the form."""
    return [(address_key(own_address(request, one)), name_key(one.name)) for one in request.people]


def first_repeated(keys: Sequence[PersonKey]) -> int | None:
    """The place of the first person who stands in the form a second time."""
    return next((index for index, key in enumerate(keys) if key in keys[:index]), None)


def judge_group(window: SignUpWindow, terms: GroupTerms, request: GroupRequest, now: datetime) -> GroupRefused | None:
    """Why a group must be refused whoever is in it, or None.

    Asks nothing of the database, so the answer cannot tell whether somebody is signed up already (abuse 16).
    """
    status = sign_up_status(window, now)
    if status is SignUpStatus.FULL:
        return GroupRefused(GroupRefusal.FULL)
    if status not in (SignUpStatus.OPEN, SignUpStatus.WAITING):
        return GroupRefused(GroupRefusal.NOT_OPEN)
    if terms.limit < 2:
        return GroupRefused(GroupRefusal.ONE_BY_ONE)
    if len(request.people) > terms.limit:
        return GroupRefused(GroupRefusal.TOO_MANY)
    if (repeated := first_repeated(person_keys(request))) is not None:
        return GroupRefused(GroupRefusal.TWICE, repeated)
    if not is_domain_allowed(request.email, terms.allowed_domains):
        return GroupRefused(GroupRefusal.DOMAIN)
    for index, person in enumerate(request.people):
        if not is_domain_allowed(own_address(request, person), terms.allowed_domains):
            return GroupRefused(GroupRefusal.DOMAIN, index)
    if request.all_or_nobody and may_not_fit(window, terms, now) and not _is_room_for(window, len(request.people)):
        return GroupRefused(GroupRefusal.NOT_ENOUGH_PLACES)
    return None


def may_not_fit(window: SignUpWindow, terms: GroupTerms, now: datetime) -> bool:
    """Whether 'all or nobody' means anything: places are given at once, and their number is limited."""
    return sign_up_status(window, now) is SignUpStatus.OPEN and window.capacity is not None and not terms.approval


def exceeds_contact_cap(there: Collection[PersonKey], asked: Sequence[PersonKey], cap: int) -> bool:
    """Whether one mailbox would speak for more people than the organiser allows (abuse 18).

    `there` are the live people under the contact's mailbox, variants folded, and those whom it signed up under
    addresses of their own. Whoever is among them already counts once, so a double click changes nothing.
    """
    return len(set(there) | set(asked)) > cap


_OF_A_PERSON = {
    Refusal.ADDRESS_CAP: GroupRefusal.ADDRESS_CAP,
    Refusal.DOMAIN: GroupRefusal.DOMAIN,
    Refusal.OPTION_FULL: GroupRefusal.OPTION_FULL,
    Refusal.FULL: GroupRefusal.NOT_ENOUGH_PLACES,
}


def refused_because_of(person: int, reason: Refusal, detail: tuple[str, ...]) -> GroupRefused:
    """The group's refusal when one person's sign-up was refused."""
    return GroupRefused(_OF_A_PERSON.get(reason, GroupRefusal.NOT_OPEN), person, detail)


def _is_room_for(window: SignUpWindow, number: int) -> bool:
    return window.capacity is None or window.capacity - window.places_taken >= number
