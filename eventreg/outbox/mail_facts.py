"""Everything a mail tells, frozen when it was queued, so that no later change makes it contradict itself.

Kept as JSON in the outbox row; language-neutral, the words come from the templates when the mail is composed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from eventreg.calendars.invitation import Method
from eventreg.calendars.time_zone_rules import EventTimes


class UnreadableFactsError(ValueError):
    """The stored facts lack something, or hold what no version of this program wrote."""


@dataclass(frozen=True, slots=True)
class EventFacts:
    """The event as the mail tells it. Moments aware, in UTC; `online_url` goes to participants only."""

    id: int
    slug: str
    title: str
    kind: str
    starts_at: datetime
    ends_at: datetime
    summary: str = ""
    time_zone: str = "Europe/Warsaw"
    all_day: bool = False
    attendance: str = "place"
    venue: str = ""
    room: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    online_url: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    cancelled: bool = False
    cancel_reason: str = ""
    day_phone: str = ""  # whom to ring on the day
    materials_url: str = ""

    @property
    def times(self) -> EventTimes:
        """When it is, as calendars want it."""
        return EventTimes(self.starts_at, self.ends_at, self.time_zone, self.all_day)

    @property
    def place_lines(self) -> tuple[str, ...]:
        """Where it is: venue, room, street, town; empty lines left out."""
        town = " ".join(part for part in (self.postal_code, self.city) if part)
        return tuple(line for line in (self.venue, self.room, self.street, town, self.country) if line)


@dataclass(frozen=True, slots=True)
class OrganiserFacts:
    """Who invites. `sends_as_itself`: the mail server lets us write From the organiser's own address."""

    name: str
    contact_email: str
    contact_phone: str = ""
    sends_as_itself: bool = False
    slug: str = ""


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """The calendar part: what it asks for, and its place in the order of messages (RFC 5546 2.1.4, 2.1.5)."""

    method: Method
    uid: str
    sequence: int
    dtstamp: datetime


@dataclass(frozen=True, slots=True)
class RegistrationFacts:
    """One person signed up. `link_key` goes into the signed link to the own page and nowhere else.

    `position` in line, from 1 (0: not in line); `until` when an offered or held place passes on.
    """

    id: int
    name: str
    state: str
    link_key: str
    invitation: InvitationFacts | None = None
    position: int = 0
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AddressChangeFacts:
    """An address that is being changed, as one of its two mailboxes is told (abuse 27).

    `link_key` of the page that asks this mailbox, until `until`; '' once it is changed. `new_address` is told to the
    old mailbox alone.
    """

    to_new: bool
    link_key: str = ""
    new_address: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class RegistrationMailFacts:
    """A mail about one registration, or about several behind one shared mailbox.

    `changed` names the event's changed fields, `before` is the event as it was; both only in 'event_changed'.
    `shared` holds when the mailbox has more than one live registration of the event: no REQUEST then.
    """

    event: EventFacts
    organiser: OrganiserFacts
    people: tuple[RegistrationFacts, ...]
    shared: bool = False
    changed: tuple[str, ...] = ()
    before: EventFacts | None = None
    cancelled_by: str = ""
    added_by_organiser: bool = False  # then the person is told by RODO art. 14 where her data came from
    reason: str = ""  # what the organiser said about a decision or cancellation
    group_link_key: str = ""  # of the page of those whom one contact signed up
    left_out: tuple[str, ...] = ()  # names for whom there was no place any more
    told_themselves: tuple[str, ...] = ()  # names of those of the group who are written to at addresses of their own
    signed_up_by: str = ""  # the contact who signed her up: she is told by RODO art. 14 where her data came from
    moved_to: EventFacts | None = None  # only in 'registration_moved': where the person is signed up now
    moved_link_key: str = ""  # of her registration there
    other_name: str = ""  # who comes instead, or instead of whom
    has_questions: bool = False  # only in 'substitute_invited': the organiser asks something she may answer
    address_change: AddressChangeFacts | None = None

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return {"version": 1, "about": "registration", **_plain(asdict(self))}


@dataclass(frozen=True, slots=True)
class AccountMailFacts:
    """A mail about an account of the panel. `link` is secret and is wiped once the mail has left."""

    link: str
    site_name: str
    account_email: str
    account_name: str = ""
    organiser_name: str = ""
    valid_hours: int = 0

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return {"version": 1, "about": "account", **_plain(asdict(self))}


@dataclass(frozen=True, slots=True)
class EventMessageFacts:
    """What an organiser wrote to people of the event, with its placeholders (messages.message_rules): these are filled
    in when the mail is composed, in the recipient's language, from the other facts.

    `test_name`: a test to the organiser's own mailbox. It stands for the name, and nobody's link is in the mail.
    """

    event: EventFacts
    organiser: OrganiserFacts
    people: tuple[RegistrationFacts, ...]
    subject: str
    text: str
    test_name: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return {"version": 1, "about": "event_message", **_plain(asdict(self))}


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link that somebody had lost: to her own page, or to the page of a group, which has no `name`."""

    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    all_day: bool
    link_key: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class FoundLinksFacts:
    """All links that belong to one mailbox; they are wiped once the mail has left."""

    site_name: str
    links: tuple[FoundLink, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return {"version": 1, "about": "found_links", **_plain(asdict(self))}


MailFacts = RegistrationMailFacts | AccountMailFacts | EventMessageFacts | FoundLinksFacts


def facts_from_json(stored: Mapping[str, Any]) -> MailFacts:
    """The facts again; UnreadableFactsError when something is missing or of a wrong kind."""
    try:
        if stored["about"] == "account":
            return AccountMailFacts(**_known(AccountMailFacts, stored))
        if stored["about"] == "registration":
            return _registration_mail(stored)
        if stored["about"] == "event_message":
            return _event_message(stored)
        if stored["about"] == "found_links":
            return FoundLinksFacts(stored["site_name"], tuple(_found_link(link) for link in stored["links"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableFactsError(type(error).__name__) from error
    raise UnreadableFactsError("about")


def without_secrets(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept after a mail about an account, or with found links, has left: everything but the links."""
    kept = dict(stored)
    if kept.get("about") == "account":
        kept["link"] = ""
    if kept.get("about") == "found_links":
        kept["links"] = []
    return kept


def _registration_mail(stored: Mapping[str, Any]) -> RegistrationMailFacts:
    before, moved_to = stored["before"], stored.get("moved_to")
    return RegistrationMailFacts(
        event=_event(stored["event"]),
        organiser=OrganiserFacts(**_known(OrganiserFacts, stored["organiser"])),
        people=tuple(_registration(person) for person in stored["people"]),
        shared=bool(stored["shared"]),
        changed=tuple(stored["changed"]),
        before=None if before is None else _event(before),
        cancelled_by=stored["cancelled_by"],
        added_by_organiser=bool(stored.get("added_by_organiser", False)),
        reason=stored.get("reason", ""),
        group_link_key=stored.get("group_link_key", ""),
        left_out=tuple(stored.get("left_out", ())),
        told_themselves=tuple(stored.get("told_themselves", ())),
        signed_up_by=stored.get("signed_up_by", ""),
        moved_to=None if moved_to is None else _event(moved_to),
        moved_link_key=stored.get("moved_link_key", ""),
        other_name=stored.get("other_name", ""),
        has_questions=bool(stored.get("has_questions", False)),
        address_change=_address_change(stored.get("address_change")),
    )


def _address_change(stored: Mapping[str, Any] | None) -> AddressChangeFacts | None:
    if stored is None:
        return None
    values = _known(AddressChangeFacts, stored)
    if values.get("until") is not None:
        values["until"] = _moment(values["until"])
    return AddressChangeFacts(**values)


def _found_link(stored: Mapping[str, Any]) -> FoundLink:
    values = _known(FoundLink, stored)
    values["starts_at"] = _moment(values["starts_at"])
    values["ends_at"] = _moment(values["ends_at"])
    return FoundLink(**values)


def _event_message(stored: Mapping[str, Any]) -> EventMessageFacts:
    return EventMessageFacts(
        event=_event(stored["event"]),
        organiser=OrganiserFacts(**_known(OrganiserFacts, stored["organiser"])),
        people=tuple(_registration(person) for person in stored["people"]),
        subject=stored["subject"],
        text=stored["text"],
        test_name=stored["test_name"],
    )


def _event(stored: Mapping[str, Any]) -> EventFacts:
    values = _known(EventFacts, stored)
    values["starts_at"] = _moment(values["starts_at"])
    values["ends_at"] = _moment(values["ends_at"])
    return EventFacts(**values)


def _registration(stored: Mapping[str, Any]) -> RegistrationFacts:
    values = _known(RegistrationFacts, stored)
    invitation = values.get("invitation")
    if invitation is not None:
        values["invitation"] = InvitationFacts(
            method=Method(invitation["method"]),
            uid=invitation["uid"],
            sequence=invitation["sequence"],
            dtstamp=_moment(invitation["dtstamp"]),
        )
    if values.get("until") is not None:
        values["until"] = _moment(values["until"])
    return RegistrationFacts(**values)


def _known(kind: type[Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """The values that `kind` has fields for: a newer version may have written more."""
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in stored.items() if name in names}


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Method):
        return value.value
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
