"""A draft as one real recipient will read it; the link that belongs to the person alone is masked."""

from dataclasses import dataclass

from eventreg.events.models import Event
from eventreg.messages.audience_rules import read_audience
from eventreg.messages.message_mails import OCCASION, message_facts
from eventreg.messages.models import EventMessage
from eventreg.messages.queries import Recipient, count_recipients, people_of_mailbox
from eventreg.outbox.composing import Readable, mask_secret_links, words_of


@dataclass(frozen=True, slots=True)
class MessagePreview:
    """The mail to the `number`-th mailbox (from 1) of `mailboxes`, and who stands behind it."""

    number: int
    mailboxes: int
    people: list[Recipient]
    readable: Readable


def preview_of_message(event: Event, message: EventMessage, number: int) -> MessagePreview | None:
    """None when nobody is written to; a number beyond the ends means the first or last mailbox."""
    audience = read_audience(message.audience)
    mailboxes, _people = count_recipients(event.id, audience)
    number = min(max(1, number), mailboxes)
    people = people_of_mailbox(event.id, audience, number) if mailboxes else []
    if not people:
        return None
    facts = message_facts(message.subject, message.body, event, people)
    words = words_of(OCCASION, facts, people[0].language)
    masked = Readable(words.subject, mask_secret_links(words.text), mask_secret_links(words.html))
    return MessagePreview(number, mailboxes, people, masked)
