"""Signing up: one transaction that finds the person her standing, keeps her answers and queues the mail."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.events.queries import window_of
from eventreg.events.sign_up_window_rules import SignUpStatus, sign_up_status
from eventreg.links import new_link_key
from eventreg.questions.answering import drop_full_options, full_options, keep_answers
from eventreg.registrations import place_keeping, queries, registration_mails
from eventreg.registrations.address_rules import address_key, quota_key
from eventreg.registrations.models import Registration
from eventreg.registrations.name_rules import name_key, sort_key, surname_of
from eventreg.registrations.place_keeping import NoPlaceLeftError
from eventreg.registrations.sign_up_rules import (
    Admission,
    AlreadyRegistered,
    AwaitingConfirmation,
    Confirmed,
    MailboxRow,
    Pending,
    Refusal,
    Refused,
    SignUpRequest,
    SignUpResult,
    Source,
    Waitlisted,
    entry_by_organiser,
    judge_sign_up,
    read_mailbox,
    stands_already,
)
from eventreg.registrations.standing_rules import Entry, EntryTerms, entry


def sign_up(event_id: int, request: SignUpRequest, now: datetime) -> SignUpResult:
    """Sign a person up for an event at `now` (UTC).

    Costs a constant number of statements, whatever the number of registrations. The same person twice keeps one
    registration (abuse 21); only a mail to the mailbox's owner tells (abuse 16).
    """
    try:
        with transaction():
            return _sign_up(event_id, request, now)
    except NoPlaceLeftError:
        return Refused(Refusal.FULL, SignUpStatus.FULL)


def admission_of(event: Event) -> Admission:
    """Who may sign up, and on what terms."""
    terms = EntryTerms(event.approval, event.confirm_hours is not None)
    return Admission(event.cap_per_address, event.allowed_domains, terms)


def _sign_up(event_id: int, request: SignUpRequest, now: datetime) -> SignUpResult:
    event = queries.lock_event(event_id)
    if event is None:
        return Refused(Refusal.NO_SUCH_EVENT, SignUpStatus.NOT_PUBLISHED)
    rows = queries.mailbox_rows(event.id, quota_key(request.email))
    mailbox = read_mailbox(rows, address_key(request.email), name_key(request.name))
    known = mailbox.same_person
    refused = judge_sign_up(window_of(event), mailbox, admission_of(event), request, now)
    if stands_already(known, request.source) and (refused is None or refused.reason is Refusal.FULL):
        assert known is not None  # stands_already
        _tell_the_owner(event, known, request, now)
        return refused or AlreadyRegistered(known.id)
    if refused is not None:
        return refused
    if full := full_options(event.id, request.answers):
        return Refused(Refusal.OPTION_FULL, sign_up_status(window_of(event), now), full)
    registration = _keep(event, known, request, now)
    if request.tell:
        is_alone = mailbox.live == 0
        registration_mails.tell_standing(event, [registration], now, is_new=known is None, is_alone=is_alone)
    return _result(registration)


def _tell_the_owner(event: Event, known: MailboxRow, request: SignUpRequest, now: datetime) -> None:
    registration = queries.registration_by_id(known.id)
    if registration is not None and request.tell and request.source is Source.WEB:
        registration_mails.tell_already_registered(event, registration, now)


def _keep(event: Event, known: MailboxRow | None, request: SignUpRequest, now: datetime) -> Registration:
    """The new or revived registration, in its standing."""
    standing = _standing(event, request, now)
    details = _details(event, request)
    if known is None:
        person = new_person_values(event, request.name, request.email, request.language, now)
        row = {**person, **details, **standing}
        if request.tell and standing["state"] == "confirmed":
            row["ical_sequence"] = 0  # the first invitation goes out with it
        registration_id = place_keeping.insert_registration(row, over_capacity=request.over_capacity)
        assert registration_id is not None  # the event is locked: nobody else wrote this person meanwhile
        keep_answers(registration_id, request.answers)
        return Registration(id=registration_id, **row)  # as it was written just now; reading it back would cost
    registration = queries.registration_by_id(known.id)
    assert registration is not None  # read in this transaction
    kept = details if request.source is not Source.WEB else {name: details[name] for name in _SAID_ANEW}
    place_keeping.change_standing(registration, {**standing, **kept}, over_capacity=request.over_capacity)
    keep_answers(known.id, request.answers)
    drop_full_options(known.id)
    return registration


def _standing(event: Event, request: SignUpRequest, now: datetime) -> dict[str, Any]:
    """The columns that say where she stands; see standing_rules."""
    if request.source is Source.WEB:
        comes_in = entry(sign_up_status(window_of(event), now), admission_of(event).terms)
    else:
        comes_in = entry_by_organiser(window_of(event), request)
    match comes_in:
        case Entry.HELD | Entry.TO_CONFIRM:
            until = now + timedelta(hours=event.confirm_hours or 0)
            return place_keeping.unconfirmed_values(until, holds_place=comes_in is Entry.HELD)
        case Entry.PENDING:
            return place_keeping.pending_values()
        case Entry.CONFIRMED:
            return place_keeping.confirmed_values(now)
        case Entry.WAITLISTED:
            return place_keeping.waiting_values(place_keeping.next_waiting_order(event.id))
        case Entry.NO_PLACE:
            raise NoPlaceLeftError


_SAID_ANEW = ("source", "clause_id", "group_id", "stands_for_id")
"""What changes when a person comes back by herself; what the office noted about her stays."""


def _details(event: Event, request: SignUpRequest) -> dict[str, Any]:
    """How she came, and what the organiser says of her."""
    return {
        "source": request.source.value,
        "clause_id": event.organiser.current_clause_id,
        "group_id": request.group_id,
        "category": request.category,
        "academic_title": request.academic_title,
        "channel": request.channel,
        "case_number": request.case_number,
        "note": request.note,
        "attended": request.attended,
        "stands_for_id": None,
    }


def new_person_values(event: Event, name: str, email: str, language: str, now: datetime) -> dict[str, Any]:
    """The columns that say who a new registration is, with its invitation's UID and the key of its link."""
    surname = surname_of(name)
    return {
        "event_id": event.id,
        "name": name,
        "name_key": name_key(name),
        "surname": surname,
        "sort_key": sort_key(surname, name),
        "email": email,
        "address_key": address_key(email),
        "quota_key": quota_key(email),
        "language": language,
        "uid": f"{secrets.token_hex(16)}@{event.uid.rpartition('@')[2]}",
        "ical_sequence": -1,
        "link_key": new_link_key(),
        "created_at": now,
    }


def _result(registration: Registration) -> SignUpResult:
    results: dict[str, type[Confirmed] | type[Waitlisted] | type[Pending] | type[AwaitingConfirmation]] = {
        "confirmed": Confirmed,
        "waitlisted": Waitlisted,
        "pending": Pending,
        "unconfirmed": AwaitingConfirmation,
    }
    return results[registration.state](registration.id)
