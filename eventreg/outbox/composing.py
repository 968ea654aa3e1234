"""From frozen facts to the finished mail: words from templates/mail/<occasion>/ in the recipient's language.

What people typed are values for the templates, never templates themselves (abuse 5). Links come from the
configured base URL (abuse 40).
"""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from eventreg.calendars.adding_to_calendar import participants_calendar_links
from eventreg.calendars.registration_calendar import sender_of
from eventreg.events.when_rules import WhenWords, deadline, when_words
from eventreg.i18n import in_locale
from eventreg.links import absolute_url, signed_token
from eventreg.outbox.calendar_parts import calendar_files, calendar_part
from eventreg.outbox.event_message_words import event_message_values
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.link_words import address_change_values, found_links_values
from eventreg.outbox.mail_facts import (
    AccountMailFacts,
    EventFacts,
    EventMessageFacts,
    FoundLinksFacts,
    MailFacts,
    RegistrationFacts,
    RegistrationMailFacts,
)
from eventreg.outbox.message_building import Headers, Mailbox, build_message
from eventreg.outbox.queue import ClaimedMail

OCCASIONS = (
    "sign_up_confirmed",
    "sign_up_waitlisted",
    "sign_up_pending",
    "address_to_confirm",
    "place_given",
    "place_offered",
    "offer_expired",
    "registration_accepted",
    "registration_accepted_waiting",
    "registration_declined",
    "registrations_together",
    "group_signed_up",
    "already_registered",
    "registration_cancelled",
    "registration_moved",
    "substituted",
    "substitute_invited",
    "address_change_asked",
    "address_changed",
    "links_found",
    "personal_calendar",
    "event_changed",
    "event_cancelled",
    "reminder",
    "thanks",
    "event_message",
    "account_invited",
    "password_reset",
)
"""Each has a folder in templates/mail."""

_SECRET_LINK = re.compile(r"(/(?:registrations|groups|address-change|me)/)[^\s\"'<>]+")
_SAID_IN_DAYS = 48
"""Hours; '24 hours' says more than 'one day'."""
_BLANK_LINES = re.compile(r"\n{3,}")
_MASK = "…"


class UnknownOccasionError(LookupError):
    """A mail for an occasion that this version of the program has no words for."""


@dataclass(frozen=True, slots=True)
class PersonInMail:
    """One person the mail is about: the links to her own page and to its calendar file, and where she stands.

    `standing` is said of everybody but who has a place.
    """

    name: str
    link: str
    calendar_link: str
    state: str
    standing: str
    has_offer: bool

    @property
    def has_place(self) -> bool:
        """Whether she takes part: then there is something for the calendar."""
        return self.state == "confirmed"

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to cancel."""
        return self.state in ("declined", "cancelled")


@dataclass(frozen=True, slots=True)
class Readable:
    """The words of a mail, without its headers and attachments."""

    subject: str
    text: str
    html: str


def compose(mail: ClaimedMail) -> EmailMessage:
    """The mail as it leaves; the same bytes on every try.

    Raises UnknownOccasionError, UnreadableFactsError, HeaderInjectionError, UnsafeAddressError or a
    template's error.
    """
    facts = facts_from_json(mail.facts)
    words = words_of(mail.occasion, facts, mail.language)
    sender, reply_to = _senders(facts)
    headers = Headers(
        message_id=mail.message_id,
        date=mail.created_at,
        sender=sender,
        reply_to=reply_to,
        recipient=Mailbox(mail.to_name, mail.to_address),
        subject=words.subject,
        language=mail.language,
    )
    if isinstance(facts, AccountMailFacts | EventMessageFacts | FoundLinksFacts):
        return build_message(headers, words.text, words.html)
    return build_message(
        headers,
        words.text,
        words.html,
        calendar=calendar_part(facts, mail.to_address, mail.language),
        files=calendar_files(facts, mail.language),
    )


def words_of(occasion: str, facts: MailFacts, language: str) -> Readable:
    """Subject, plain text and HTML of a mail in the given language."""
    if occasion not in OCCASIONS:
        raise UnknownOccasionError(occasion)
    with in_locale(language):
        values = _values_of(facts, language)
        values["site_name"] = current_app.extensions["eventreg.config"].site_name
        values["language"] = language
        # Not render_template: that would run what templates of pages are given, which asks for a request.
        subject, text, html = (
            current_app.jinja_env.get_template(f"mail/{occasion}/{name}").render(**values)
            for name in ("subject.txt", "body.txt", "body.html")
        )
    return Readable(subject.strip(), _BLANK_LINES.sub("\n\n", text.strip()) + "\n", html)


def _values_of(facts: MailFacts, language: str) -> dict[str, Any]:
    match facts:
        case AccountMailFacts():
            return _account_values(facts)
        case EventMessageFacts():
            return event_message_values(facts, language)
        case FoundLinksFacts():
            return found_links_values(facts, language)
        case _:
            return _values(facts, language)


def mask_secret_links(text: str) -> str:
    """The same text without the tokens of personal pages: whoever previews a mail must not act for the person."""
    return _SECRET_LINK.sub(rf"\1{_MASK}", text)


def _senders(facts: MailFacts) -> tuple[Mailbox, Mailbox]:
    """From and Reply-To: an answer in words reaches a person (calendar.md 4)."""
    if isinstance(facts, AccountMailFacts | FoundLinksFacts):
        site = Mailbox(facts.site_name, current_app.extensions["eventreg.config"].mail_from)
        return site, site
    party = sender_of(facts.organiser)
    sender = Mailbox(party.name, party.address)
    if facts.organiser.sends_as_itself:
        return sender, sender
    return sender, Mailbox(party.name, facts.event.contact_email or facts.organiser.contact_email or party.address)


def _values(facts: RegistrationMailFacts, language: str) -> dict[str, Any]:
    event = facts.event
    return {
        "event": event,
        "organiser": facts.organiser,
        "when": _when(event, language),
        "people": tuple(_person(person, event, language) for person in facts.people),
        "has_place": any(person.state == "confirmed" for person in facts.people),
        "has_invitation": any(_has_entry(person) for person in facts.people),
        "reason": facts.reason,
        "left_out": facts.left_out,
        "told_themselves": facts.told_themselves,
        "signed_up_by": facts.signed_up_by,
        "is_to_confirm": any(person.state == "unconfirmed" for person in facts.people),
        "group_link": _group_link(facts, language),
        "shared": facts.shared,
        "files_attached": sum(_has_entry(person) for person in facts.people),
        "changed": facts.changed,
        "before": facts.before,
        "place_after": _place(event),
        "place_before": _place(facts.before) if facts.before is not None else "",
        "when_before": _when(facts.before, language) if facts.before is not None else None,
        **_moved_values(facts, language),
        **address_change_values(facts, language),
        "other_name": facts.other_name,
        "has_questions": facts.has_questions,
        "cancelled_by": facts.cancelled_by,
        "added_by_organiser": facts.added_by_organiser,
        "clause_link": _clause_link(facts, language),
        "event_link": absolute_url("event_page.event_page", language, slug=event.slug),
        "calendar_links": participants_calendar_links(event, facts.organiser.name, language),
        "contact_email": event.contact_email or facts.organiser.contact_email,
        "contact_phone": event.contact_phone or facts.organiser.contact_phone,
    }


def _has_entry(person: RegistrationFacts) -> bool:
    """Whether the words speak of what is attached for her; a cancel that is only made up for goes without words."""
    return person.invitation is not None and person.state not in ("waitlisted", "pending", "unconfirmed")


def _moved_values(facts: RegistrationMailFacts, language: str) -> dict[str, Any]:
    if facts.moved_to is None:
        return {}
    token = signed_token("registration", facts.moved_link_key)
    return {
        "moved_to": facts.moved_to,
        "when_to": _when(facts.moved_to, language),
        "place_to": _place(facts.moved_to),
        "link_to": absolute_url("event_page.event_page", language, slug=facts.moved_to.slug),
        "own_link_to": absolute_url("own_page.own_page", language, token=token),
    }


def _clause_link(facts: RegistrationMailFacts, language: str) -> str:
    """The organiser's information clause; the list of all of them for mails queued before it was kept."""
    if facts.organiser.slug:
        return absolute_url("privacy.clause", language, slug=facts.organiser.slug)
    return absolute_url("privacy.privacy", language)


def _account_values(facts: AccountMailFacts) -> dict[str, Any]:
    return {
        "link": facts.link,
        "account_email": facts.account_email,
        "account_name": facts.account_name,
        "organiser_name": facts.organiser_name,
        "valid_hours": facts.valid_hours,
        "valid_days": 0 if facts.valid_hours % 24 or facts.valid_hours < _SAID_IN_DAYS else facts.valid_hours // 24,
    }


def _when(event: EventFacts, language: str) -> WhenWords:
    return when_words(event.starts_at, event.ends_at, event.time_zone, language, all_day=event.all_day)


def _group_link(facts: RegistrationMailFacts, language: str) -> str:
    """The page of the people whom one contact signed up; '' when they came one by one."""
    if not facts.group_link_key:
        return ""
    return absolute_url("group_page.group_page", language, token=signed_token("group", facts.group_link_key))


def _person(person: RegistrationFacts, event: EventFacts, language: str) -> PersonInMail:
    token = signed_token("registration", person.link_key)
    return PersonInMail(
        name=person.name,
        link=absolute_url("own_page.own_page", language, token=token),
        calendar_link=absolute_url("own_page.calendar_file", language, token=token),
        state=person.state,
        standing=_standing(person, event, language),
        has_offer=person.state == "waitlisted" and person.until is not None,
    )


def _standing(person: RegistrationFacts, event: EventFacts, language: str) -> str:
    """Where she stands, unless she has a place."""
    until = deadline(person.until, event.time_zone, language) if person.until is not None else ""
    if person.state == "waitlisted":
        if until:
            return _("A place is kept until %(until)s.", until=until)
        return _("Waiting list: position %(position)d", position=person.position)
    return {
        "unconfirmed": _("Please confirm by %(until)s.", until=until),
        "pending": _("The registration waits for the decision of the organiser."),
        "declined": _("Not admitted."),
        "cancelled": _("Cancelled."),
    }.get(person.state, "")


def _place(event: EventFacts) -> str:
    return ", ".join(event.place_lines) if event.attendance != "online" else _("Online")
