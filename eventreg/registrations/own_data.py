"""Everything that is kept about one registration, for the person herself (RODO art. 15 and 20).

Other people are left out: neither who decided nor who stands for whom. So is the office's note: a link may have been
forwarded (abuse 27), and a note may speak of others; the office hands it out when it knows who asks.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from eventreg.database import db
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.models import Mail
from eventreg.privacy.models import InformationClause
from eventreg.questions.queries import answers_of
from eventreg.registrations import queries
from eventreg.registrations.models import AddressChange, Registration
from eventreg.registrations.personal_calendar import has_calendar


def own_data(registration: Registration, language: str, now: datetime) -> dict[str, Any]:
    """Plain values for JSON; moments in ISO 8601, UTC. Ready-made words of questions are in `language`."""
    return {
        "format": "eventreg registration 1",
        "made_at": _moment(now),
        "person": _person(registration),
        "event": _event(registration),
        "registration": _registration(registration),
        "answers": [
            {"question": answer.label, "answer": list(answer.values)}
            for answer in answers_of(registration.id, language, access_needs=True)
        ],
        "information_clause": _clause(registration.clause_id),
        "personal_calendar": has_calendar(registration),  # that there is one; its address is secret
        "address_changes": _address_changes(registration.id),
        "mails": _mails(registration),
        "history": _history(registration.id),
    }


def _person(registration: Registration) -> dict[str, Any]:
    return {
        "name": registration.name,
        "surname": registration.surname,
        "academic_title": registration.academic_title,
        "email": registration.email,
        "language": registration.language,
    }


def _event(registration: Registration) -> dict[str, Any]:
    event = registration.event
    return {
        "title": event.title,
        "address": event.slug,
        "starts_at": _moment(event.starts_at),
        "ends_at": _moment(event.ends_at),
        "organiser": event.organiser.name,
        "contact": event.contact_email or event.organiser.contact_email,
    }


def _registration(registration: Registration) -> dict[str, Any]:
    stood_for = db.session.scalar(select(Registration.id).where(Registration.stands_for_id == registration.id).limit(1))
    return {
        "state": registration.state,
        "waiting_position": queries.waiting_position(registration) or None,
        "offer_until": _moment(registration.offer_until),
        "confirm_until": _moment(registration.hold_until),
        "category": registration.category,
        "source": registration.source,
        "channel": registration.channel,
        "case_number": registration.case_number,
        "signed_up_with_others": registration.group_id is not None,
        "stands_for_somebody": registration.stands_for_id is not None,
        "somebody_comes_instead": stood_for is not None and registration.cancelled_by == "substituted",
        "signed_up_at": _moment(registration.created_at),
        "confirmed_at": _moment(registration.confirmed_at),
        "decided_at": _moment(registration.decided_at),
        "cancelled_at": _moment(registration.cancelled_at),
        "cancelled_by": registration.cancelled_by,
        "reason": registration.reason,
        "attended": registration.attended,
        "calendar_entry": {"uid": registration.uid, "sequence": max(registration.ical_sequence, 0)},
    }


def _clause(clause_id: int | None) -> dict[str, Any] | None:
    clause = db.session.get(InformationClause, clause_id) if clause_id is not None else None
    if clause is None:
        return None
    return {"version": clause.version, "since": _moment(clause.created_at), "pl": clause.text_pl, "en": clause.text_en}


def _address_changes(registration_id: int) -> list[dict[str, Any]]:
    found = db.session.scalars(
        select(AddressChange).where(AddressChange.registration_id == registration_id).order_by(AddressChange.id)
    )
    return [
        {
            "new_email": change.new_email,
            "asked_at": _moment(change.created_at),
            "expires_at": _moment(change.expires_at),
            "done_at": _moment(change.done_at),
        }
        for change in found
    ]


def _mails(registration: Registration) -> list[dict[str, Any]]:
    """Mails to her alone, and those that a shared mailbox got about several people, her among them."""
    columns = (Mail.id, Mail.occasion, Mail.state, Mail.to_address, Mail.created_at, Mail.sent_at)
    own = db.session.execute(select(*columns).where(Mail.registration_id == registration.id)).all()
    addresses = {registration.address_key, *(row.to_address.lower() for row in own)}  # a former one is among them
    shared = db.session.execute(
        select(*columns, Mail.facts["people"].label("people")).where(
            Mail.order_key.in_([f"e{registration.event_id}:{address}" for address in addresses]),
            Mail.registration_id.is_(None),
        )
    )
    found = list(own)
    found += [row for row in shared if any(told["id"] == registration.id for told in row.people or ())]
    return [
        {
            "about": row.occasion,
            "to": row.to_address,
            "state": row.state,
            "queued_at": _moment(row.created_at),
            "sent_at": _moment(row.sent_at),
        }
        for row in sorted(found, key=lambda row: int(row.id))
    ]


def _history(registration_id: int) -> list[dict[str, Any]]:
    """What was done to the registration and when, without who did it."""
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.registration_id == registration_id).order_by(AuditEntry.id)
    )
    return [{"at": _moment(entry.at), "action": entry.action} for entry in entries]


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None
