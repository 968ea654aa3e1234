"""Which mails are due when somebody signed up several people: one to each mailbox.

The contact learns the standing of those whose messages come to her own mailbox, and only the names of the others: who
has an address of her own is told there, also that she was signed up before (abuse 16). Sent again, the form mails each
mailbox once a day at most (abuse 15).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import func, select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.outbox.mail_facts import RegistrationMailFacts
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import MailOrder, enqueue
from eventreg.outbox.retry_rules import QUOTA_PER_ADDRESS, REMINDED_AT_MOST_EVERY
from eventreg.registrations.address_rules import address_key
from eventreg.registrations.facts_for_mails import event_facts, organiser_facts
from eventreg.registrations.models import Registration
from eventreg.registrations.registration_mails import About, tell_already_registered, tell_people

GROUP = "group_signed_up"
AGAIN = "already_registered"

MOST_GROUP_MAILS_A_DAY = 10
"""About one event to a contact none of whose own people joined (else the quota of a mailbox): whoever named a stranger
as the contact could sign up, cancel and sign up again without end, and each such mail would wait for its turn (abuse
15). The link in the earlier ones shows everybody."""


@dataclass(frozen=True, slots=True)
class GroupLetter:
    """What the mails about one sent form tell."""

    contact_email: str
    link_key: str
    language: str
    joined: tuple[Registration, ...]
    known: tuple[Registration, ...]
    left_out: tuple[str, ...]
    told_themselves: tuple[str, ...]  # names typed with an address of their own, known before or not

    @property
    def is_news(self) -> bool:
        """Whether the form did anything that it had not done before."""
        return bool(self.joined or self.left_out)


def tell_group(event: Event, letter: GroupLetter, now: datetime) -> None:
    """The contact, everybody with an own address, and those of them who had been signed up before."""
    contact = address_key(letter.contact_email)
    own = [one for one in letter.joined if one.address_key != contact]
    tell_people(event, own, now, About(signed_up_by=letter.contact_email))
    _tell_known(event, [one for one in letter.known if one.address_key != contact], now)
    told = _times_told(event.id, contact, GROUP, now)
    is_hers = any(one.address_key == contact for one in letter.joined)
    if told == 0 or (letter.is_news and told < (QUOTA_PER_ADDRESS if is_hers else MOST_GROUP_MAILS_A_DAY)):
        _tell_contact(event, letter, contact, now)


def _tell_contact(event: Event, letter: GroupLetter, contact: str, now: datetime) -> None:
    people = sorted((one for one in letter.joined + letter.known if one.address_key == contact), key=lambda one: one.id)
    about = About(
        GROUP, group_link_key=letter.link_key, left_out=letter.left_out, told_themselves=letter.told_themselves
    )
    if people:
        tell_people(event, people, now, about)
        return
    facts = RegistrationMailFacts(
        event=event_facts(event),
        organiser=organiser_facts(event.organiser),
        people=(),
        group_link_key=about.group_link_key,
        left_out=about.left_out,
        told_themselves=about.told_themselves,
    )
    order = MailOrder(
        occasion=GROUP,
        to_address=letter.contact_email,
        to_name="",
        language=letter.language,
        facts=facts,
        event_id=event.id,
        organiser_id=event.organiser_id,
    )
    enqueue(order, now)


def _tell_known(event: Event, known: Sequence[Registration], now: datetime) -> None:
    by_mailbox = sorted(known, key=lambda one: (one.address_key, one.id))
    for address, group in groupby(by_mailbox, key=lambda one: one.address_key):
        people = list(group)
        if len(people) == 1:
            tell_already_registered(event, people[0], now)
        elif not _times_told(event.id, address, AGAIN, now):
            tell_people(event, people, now, About(AGAIN, is_new=True))


def _times_told(event_id: int, address: str, occasion: str, now: datetime) -> int:
    """How many mails of this kind, about this event and several people, this mailbox got within the last day."""
    told = select(func.count()).where(
        Mail.order_key == f"e{event_id}:{address}",
        Mail.occasion == occasion,
        Mail.created_at > now - REMINDED_AT_MOST_EVERY,
    )
    return db.session.scalar(told) or 0
