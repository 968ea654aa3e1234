"""A colleague comes instead: the place, or the position in line, stays; who has it changes.

The counters of the event move out and in within one transaction, so the next in line never sees the place.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.events.sign_up_policy_rules import is_domain_allowed
from eventreg.organisers import audit
from eventreg.questions.answering import drop_full_options
from eventreg.questions.queries import live_questions
from eventreg.registrations import place_keeping, queries, registration_mails
from eventreg.registrations.address_rules import address_key, quota_key
from eventreg.registrations.cancelling import CannotChange, changeable
from eventreg.registrations.models import Registration
from eventreg.registrations.name_rules import name_key
from eventreg.registrations.registration_mails import About
from eventreg.registrations.sign_up import new_person_values
from eventreg.registrations.sign_up_rules import MailboxRow, Source, read_mailbox, stands_already
from eventreg.registrations.standing_rules import LIVE_STATES

SUBSTITUTABLE = ("confirmed", "waitlisted")


class CannotSubstitute(StrEnum):
    """Why nobody comes instead."""

    NOT_NOW = "not_now"  # the registration holds neither a place nor a position any more
    SAME_PERSON = "same_person"  # the name and address of the one who does not come
    DOMAIN = "domain"
    NOT_POSSIBLE = "not_possible"  # signed up already, not admitted, or the mailbox has its cap: one answer (abuse 16)


@dataclass(frozen=True)
class Substituted:
    """Somebody comes instead."""

    registration_id: int  # of the substitute


@dataclass(frozen=True)
class Substitute:
    """Who comes instead; name and address passed name_rules.check_name and address_rules.check_address."""

    name: str
    email: str
    language: str


def substitute(
    registration_id: int, person: Substitute, now: datetime
) -> Substituted | CannotSubstitute | CannotChange:
    """Give a person's place, or her position in line, to somebody else; both are told.

    The registration given up is cancelled and cannot be brought back. Answers, title and the office's notes are
    personal: they stay behind; the category and the group go with the place. A substitute who was signed up and
    cancelled before gets her old registration again.
    """
    with transaction():
        found = changeable(registration_id, now)
        if isinstance(found, CannotChange):
            return found
        event, old = found
        rows = queries.mailbox_rows(event.id, quota_key(person.email))
        known = read_mailbox(rows, address_key(person.email), name_key(person.name)).same_person
        refused = _refusal(event, old, rows, known, person, now)
        if refused is not None:
            return refused
        standing = _standing_of(old, now)
        place_keeping.change_standing(old, place_keeping.cancelled_values(now, "substituted"))
        new = _keep(event, old, known, person, standing, now)
        registration_mails.tell_people(event, [old], now, About("substituted", other_name=new.name))
        about = About("substitute_invited", other_name=old.name, has_questions=bool(live_questions(event.id)))
        registration_mails.tell_people(event, [new], now, about)
        detail = {"substitute": new.id}
        audit.record(None, "registration_substituted", event.organiser_id, event.id, old.id, detail, now)
        return Substituted(new.id)


def _refusal(
    event: Event, old: Registration, rows: list[MailboxRow], known: MailboxRow | None, person: Substitute, now: datetime
) -> CannotSubstitute | None:
    if old.state not in SUBSTITUTABLE or (old.offer_until is not None and now >= old.offer_until):
        return CannotSubstitute.NOT_NOW
    if known is not None and known.id == old.id:
        return CannotSubstitute.SAME_PERSON
    if not is_domain_allowed(person.email, event.allowed_domains):
        return CannotSubstitute.DOMAIN
    # Whom the place leaves does not count any more.
    others = sum(1 for row in rows if row.state in LIVE_STATES and row.id != old.id)
    if stands_already(known, Source.WEB) or others >= event.cap_per_address:
        return CannotSubstitute.NOT_POSSIBLE
    return None


def _standing_of(old: Registration, now: datetime) -> dict[str, Any]:
    """The same place or position, an offer with its time included."""
    if old.state == "confirmed":
        return place_keeping.confirmed_values(now)
    values = place_keeping.waiting_values(old.waiting_order or 0)
    return {**values, "holds_place": old.holds_place, "offer_until": old.offer_until}


def _keep(
    event: Event,
    old: Registration,
    known: MailboxRow | None,
    person: Substitute,
    standing: dict[str, Any],
    now: datetime,
) -> Registration:
    """The new or revived registration. `over_capacity`: the place was the other one's, nobody counts it anew."""
    details = {
        "source": Source.WEB.value,
        "clause_id": event.organiser.current_clause_id,
        "group_id": old.group_id,
        "category": old.category,
        "stands_for_id": old.id,
    }
    if known is None:
        row = {**new_person_values(event, person.name, person.email, person.language, now), **details, **standing}
        registration_id = place_keeping.insert_registration(row, over_capacity=True)
        assert registration_id is not None  # the event is locked: nobody else wrote this person meanwhile
    else:
        registration_id = known.id
    new = queries.registration_by_id(registration_id)
    assert new is not None  # written or read in this transaction
    if known is not None:
        values = {**standing, **details, "language": person.language}
        place_keeping.change_standing(new, values, over_capacity=True)
        drop_full_options(new.id)
    return new
