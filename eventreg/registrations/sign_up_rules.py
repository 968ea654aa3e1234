"""Rules of signing up: what is asked, what may come of it, who may have a place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from eventreg.events.sign_up_policy_rules import is_domain_allowed
from eventreg.events.sign_up_window_rules import SignUpStatus, SignUpWindow, sign_up_status
from eventreg.questions.question_rules import GivenAnswer
from eventreg.registrations.standing_rules import LIVE_STATES, Entry, EntryTerms


class Source(StrEnum):
    """The way a registration came."""

    WEB = "web"
    PANEL = "panel"  # the organiser, by hand
    IMPORT = "import"  # the organiser, from a list


@dataclass(frozen=True)
class SignUpRequest:
    """A sign-up whose name and address passed name_rules.check_name and address_rules.check_address."""

    name: str
    email: str
    language: str
    source: Source = Source.WEB
    over_capacity: bool = False  # the organiser ticked that one more may come
    to_waiting_list: bool = False  # the organiser puts her into the line when there is no place
    tell: bool = True  # False: the caller tells, or the organiser does not want to
    answers: tuple[GivenAnswer, ...] = ()
    group_id: int | None = None
    category: str = "participant"
    academic_title: str = ""
    channel: str = ""  # by hand: telephone, letter, mail, in_person, walk_in
    case_number: str = ""
    note: str = ""
    attended: bool | None = None


class Refusal(StrEnum):
    """Why nobody was signed up."""

    NO_SUCH_EVENT = "no_such_event"
    NOT_OPEN = "not_open"
    FULL = "full"
    ADDRESS_CAP = "address_cap"
    DOMAIN = "domain"
    OPTION_FULL = "option_full"


@dataclass(frozen=True)
class Confirmed:
    """A place was taken."""

    registration_id: int


@dataclass(frozen=True)
class Waitlisted:
    """No place; she is in line."""

    registration_id: int


@dataclass(frozen=True)
class Pending:
    """The organiser decides."""

    registration_id: int


@dataclass(frozen=True)
class AwaitingConfirmation:
    """The address has to be confirmed first."""

    registration_id: int


@dataclass(frozen=True)
class AlreadyRegistered:
    """This person is signed up, or was declined, already; nothing changed but a mail to the owner of the mailbox."""

    registration_id: int


@dataclass(frozen=True)
class Refused:
    """Nothing was taken. `status` tells what the event's window said."""

    reason: Refusal
    status: SignUpStatus
    detail: tuple[str, ...] = ()  # OPTION_FULL: the labels of the options


SignUpResult = Confirmed | Waitlisted | Pending | AwaitingConfirmation | AlreadyRegistered | Refused


@dataclass(frozen=True)
class MailboxRow:
    """One registration of the same event whose address folds to the same quota key."""

    id: int
    address_key: str
    name_key: str
    state: str


@dataclass(frozen=True)
class Mailbox:
    """What is known of an address within one event."""

    same_person: MailboxRow | None  # the same name and address, whatever its state
    live: int  # registrations that are live under any variant of the address


def read_mailbox(rows: Sequence[MailboxRow], address_key: str, name_key: str) -> Mailbox:
    """Sum up the rows of one mailbox for a person who signs up."""
    return Mailbox(
        same_person=next((r for r in rows if r.address_key == address_key and r.name_key == name_key), None),
        live=sum(1 for row in rows if row.state in LIVE_STATES),
    )


def stands_already(row: MailboxRow | None, source: Source) -> bool:
    """Whether signing up again changes nothing: she is live, or declined (which the organiser may overrule)."""
    return row is not None and (row.state in LIVE_STATES or (row.state == "declined" and source is Source.WEB))


@dataclass(frozen=True)
class Admission:
    """What the organiser set about who may sign up."""

    cap_per_address: int
    allowed_domains: str = ""
    terms: EntryTerms = field(default_factory=EntryTerms)


def judge_sign_up(
    window: SignUpWindow, mailbox: Mailbox, admission: Admission, request: SignUpRequest, now: datetime
) -> Refused | None:
    """Why a sign-up must be refused, or None.

    A full event is full to everyone, registered or not (abuse 16). The cap per mailbox (abuse 18) counts new people
    only; an organiser who adds somebody is bound by neither window nor cap nor domains, and by the capacity unless she
    ticked otherwise.
    """
    status = sign_up_status(window, now)
    if request.source is not Source.WEB:
        return _judge_by_organiser(window, mailbox, request, status)
    if status is SignUpStatus.FULL:
        return Refused(Refusal.FULL, status)
    if status not in (SignUpStatus.OPEN, SignUpStatus.WAITING):
        return Refused(Refusal.NOT_OPEN, status)
    if not is_domain_allowed(request.email, admission.allowed_domains):
        return Refused(Refusal.DOMAIN, status)
    if mailbox.live >= admission.cap_per_address and not stands_already(mailbox.same_person, request.source):
        return Refused(Refusal.ADDRESS_CAP, status)
    return None


def _judge_by_organiser(
    window: SignUpWindow, mailbox: Mailbox, request: SignUpRequest, status: SignUpStatus
) -> Refused | None:
    if window.state not in ("draft", "published"):
        return Refused(Refusal.NOT_OPEN, status)
    if stands_already(mailbox.same_person, request.source) or request.over_capacity:
        return None
    if entry_by_organiser(window, request) is Entry.NO_PLACE:
        return Refused(Refusal.FULL, status)
    return None


def entry_by_organiser(window: SignUpWindow, request: SignUpRequest) -> Entry:
    """Where somebody comes to stand whom the organiser signs up: she knows the address and has decided.

    She may give a free place whoever is in line; without one it is the capacity or the line, as she ticked.
    """
    has_place = window.capacity is None or window.places_taken < window.capacity
    if has_place or request.over_capacity:
        return Entry.CONFIRMED
    return Entry.WAITLISTED if request.to_waiting_list and window.waiting_list != "off" else Entry.NO_PLACE
