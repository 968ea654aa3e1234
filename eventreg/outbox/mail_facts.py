"""Everything a mail tells, frozen when it was queued, so that no later change makes it contradict itself.

Kept as JSON in the outbox row; language-neutral, the words come from the templates when the mail is composed.
"""

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any

from eventreg.calendars.invitation import Method
from eventreg.calendars.time_zone_rules import EventTimes


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
    programme: str = ""  # plain text, where the mail carries an invitation (calendars.programme_rules)

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
    by_organiser: bool = False  # who changed it without asking the mailboxes


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
        return {"version": 1, "about": "registration", **_plain(self)}


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
        return {"version": 1, "about": "account", **_plain(self)}


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
        return {"version": 1, "about": "event_message", **_plain(self)}


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
class FoundCalendar:
    """The personal calendar of the one called `name`. `is_renewed`: the address before this one works no more."""

    name: str
    link_key: str
    is_renewed: bool = False


@dataclass(frozen=True, slots=True)
class FoundLinksFacts:
    """All links that belong to one mailbox; they are wiped once the mail has left."""

    site_name: str
    links: tuple[FoundLink, ...]
    calendars: tuple[FoundCalendar, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return {"version": 1, "about": "found_links", **_plain(self)}


MailFacts = RegistrationMailFacts | AccountMailFacts | EventMessageFacts | FoundLinksFacts


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Method):
        return value.value
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value
