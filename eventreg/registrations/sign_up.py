"""Signing up: one transaction that takes a place, keeps the person and queues the mail."""

import secrets
from datetime import datetime
from typing import Any

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.events.queries import window_of
from eventreg.events.sign_up_window_rules import SignUpStatus
from eventreg.links import new_link_key
from eventreg.registrations import queries, registration_mails
from eventreg.registrations.address_rules import address_key, quota_key
from eventreg.registrations.name_rules import name_key, sort_key, surname_of
from eventreg.registrations.sign_up_rules import (
    AlreadyRegistered,
    Confirmed,
    MailboxRow,
    Refusal,
    Refused,
    SignUpRequest,
    SignUpResult,
    judge_sign_up,
    read_mailbox,
)


class _NoPlaceLeftError(Exception):
    """Rolls the transaction back: the database refused the place that the rules saw."""


def sign_up(event_id: int, request: SignUpRequest, now: datetime) -> SignUpResult:
    """Sign a person up for an event at `now` (UTC).

    Costs a constant number of statements, whatever the number of registrations. The same person twice keeps one
    registration (abuse 21); only a mail to the mailbox's owner tells (abuse 16).
    """
    try:
        with transaction():
            return _sign_up(event_id, request, now)
    except _NoPlaceLeftError:
        return Refused(Refusal.FULL, SignUpStatus.FULL)


def _sign_up(event_id: int, request: SignUpRequest, now: datetime) -> SignUpResult:
    event = queries.lock_event(event_id)
    if event is None:
        return Refused(Refusal.NO_SUCH_EVENT, SignUpStatus.NOT_PUBLISHED)
    rows = queries.mailbox_rows(event.id, quota_key(request.email))
    mailbox = read_mailbox(rows, address_key(request.email), name_key(request.name))
    known = mailbox.same_person
    refused = judge_sign_up(window_of(event), mailbox, event.cap_per_address, request, now)
    if known is not None and known.state == "confirmed" and (refused is None or refused.reason is Refusal.FULL):
        _tell_the_owner(event, known, now)
        return refused or AlreadyRegistered(known.id)
    if refused is not None:
        return refused
    registration_id = _keep(event, known, request, now)
    if registration_id is None:
        raise _NoPlaceLeftError
    if not queries.take_place(event.id, over_capacity=request.over_capacity):
        raise _NoPlaceLeftError
    registration = queries.registration_by_id(registration_id)
    assert registration is not None  # written a moment ago in this transaction
    shared = mailbox.live_same_address > 0
    if known is None:
        registration_mails.confirm_sign_up(event, registration, now, shared_mailbox=shared)
    else:
        registration_mails.tell_restored(event, registration, now, shared_mailbox=shared)
    return Confirmed(registration_id)


def _tell_the_owner(event: Event, known: MailboxRow, now: datetime) -> None:
    registration = queries.registration_by_id(known.id)
    if registration is not None:
        registration_mails.tell_already_registered(event, registration, now)


def _keep(event: Event, known: MailboxRow | None, request: SignUpRequest, now: datetime) -> int | None:
    """The id of the new or revived registration; None when somebody else wrote it in the same moment."""
    if known is None:
        return queries.insert_registration(_new_row(event, request, now))
    revived = {**queries.confirmed_values(now), "clause_id": event.organiser.current_clause_id}
    return known.id if queries.change_state(known.id, "cancelled", revived) else None


def _new_row(event: Event, request: SignUpRequest, now: datetime) -> dict[str, Any]:
    surname = surname_of(request.name)
    return {
        "event_id": event.id,
        "name": request.name,
        "name_key": name_key(request.name),
        "surname": surname,
        "sort_key": sort_key(surname, request.name),
        "email": request.email,
        "address_key": address_key(request.email),
        "quota_key": quota_key(request.email),
        "language": request.language,
        "source": request.source.value,
        "clause_id": event.organiser.current_clause_id,
        "uid": f"{secrets.token_hex(16)}@{event.uid.rpartition('@')[2]}",
        "ical_sequence": 0,
        "link_key": new_link_key(),
        "created_at": now,
        **queries.confirmed_values(now),
    }
