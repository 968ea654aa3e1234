"""What the template of an organiser's message is given: her text with its placeholders filled in."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from eventreg.events.when_rules import when_in_full, when_words
from eventreg.links import absolute_url, signed_token
from eventreg.messages.message_rules import (
    NEW_LINE,
    TEST_MARK,
    Piece,
    Placeholder,
    Values,
    filled_line,
    paragraphs_of,
    plain,
)
from eventreg.outbox.mail_facts import EventFacts, EventMessageFacts


def event_message_values(facts: EventMessageFacts, language: str) -> dict[str, Any]:
    """For templates/mail/event_message; the caller has set the language."""
    values = _values(facts, language)
    subject = filled_line(facts.subject, values)
    paragraphs = paragraphs_of(facts.text, values)
    event = facts.event
    return {
        "subject": f"{TEST_MARK} {subject}" if facts.test_name else subject,
        "is_test": bool(facts.test_name),
        "paragraphs": paragraphs,
        "text": "\n\n".join(plain(pieces) for pieces in paragraphs),
        "event": event,
        "organiser": facts.organiser,
        "when": when_words(event.starts_at, event.ends_at, event.time_zone, language, all_day=event.all_day),
        "event_link": absolute_url("event_page.event_page", language, slug=event.slug),
        "contact_email": event.contact_email or facts.organiser.contact_email,
        "contact_phone": event.contact_phone or facts.organiser.contact_phone,
    }


def _values(facts: EventMessageFacts, language: str) -> Values:
    event = facts.event
    when = when_in_full(event.starts_at, event.ends_at, event.time_zone, language, all_day=event.all_day)
    names = ", ".join(person.name for person in facts.people) or facts.test_name
    return {
        Placeholder.NAME: (Piece(names),),
        Placeholder.EVENT: (Piece(event.title),),
        Placeholder.DATE: (Piece(when),),
        Placeholder.PLACE: (Piece(_place(event)),),
        Placeholder.ORGANISER: (Piece(facts.organiser.name),),
        Placeholder.LINK: tuple(_links(facts, language)),
    }


def _place(event: EventFacts) -> str:
    return ", ".join(event.place_lines) if event.attendance != "online" else _("Online")


def _links(facts: EventMessageFacts, language: str) -> Iterator[Piece]:
    """The link to the own page; for a mailbox that several people share a line with name and link for each."""
    if facts.test_name:
        yield Piece(_("[here stands the link to the person's own page]"))
    for number, person in enumerate(facts.people):
        if len(facts.people) > 1:
            yield from ((NEW_LINE,) if number else ())
            yield Piece(f"{person.name}: ")
        token = signed_token("registration", person.link_key)
        address = absolute_url("own_page.own_page", language, token=token)
        yield Piece(address, address)
