"""A new event, empty or as a copy of another one; always a draft."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.exc import IntegrityError

from eventreg.database import transaction
from eventreg.events.event_addresses import free_address_like, is_address_free
from eventreg.events.event_loading import fields_of, policy_of, set_fields, set_policy
from eventreg.events.event_rules import EventFields
from eventreg.events.models import Event
from eventreg.organisers import audit
from eventreg.questions.question_editing import copy_questions
from eventreg.registrations.queries import lock_event


@dataclass(frozen=True, slots=True)
class Created:
    """The draft that was made."""

    event: Event


@dataclass(frozen=True, slots=True)
class SlugTaken:
    """Another event has, or once had, this address."""

    slug: str


def create_event(organiser_id: int, fields: EventFields, account_id: int | None, now: datetime) -> Created | SlugTaken:
    """Make a draft of the organiser with these fields."""
    try:
        with transaction():
            if not is_address_free(fields.slug):
                return SlugTaken(fields.slug)
            event = _add_draft(organiser_id, fields, now)
            audit.record(account_id, "event_created", organiser_id=organiser_id, event_id=event.id, now=now)
    except IntegrityError:  # somebody took the address between the look and the insert
        if is_address_free(fields.slug):
            raise
        return SlugTaken(fields.slug)
    return Created(event)


def copy_event(event_id: int, account_id: int | None, editor_name: str, now: datetime) -> Event | None:
    """A draft with everything of the event but its address, sign-up times and people; None when it is gone.

    The online address and the link to the materials are left out too: they belong to the old meeting.
    """
    with transaction():
        original = lock_event(event_id)
        if original is None:
            return None
        fields = replace(
            fields_of(original),
            slug=free_address_like(original.slug),
            sign_up_opens_at=None,
            sign_up_closes_at=None,
            access_contact_until=None,
            online_url="",
            edition_id=None,
            editor_name=editor_name,
        )
        event = _add_draft(original.organiser_id, fields, now)
        set_policy(event, replace(policy_of(original), materials_url=""))
        copy_questions(original.id, event.id)
        audit.record(
            account_id,
            "event_copied",
            organiser_id=event.organiser_id,
            event_id=event.id,
            detail={"from": original.id},
            now=now,
        )
    return event


def _add_draft(organiser_id: int, fields: EventFields, now: datetime) -> Event:
    with transaction() as session:
        event = Event(
            uid=_new_uid(),
            organiser_id=organiser_id,
            state="draft",
            created_at=now,
            updated_at=now,
            revision=1,
            sequence=0,
        )
        set_fields(event, fields)
        session.add(event)
        session.flush()
    return event


def _new_uid() -> str:
    """Unique for good (RFC 7986, 5.3: random, no personal data); the host only says who made it."""
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "localhost"
    return f"event-{secrets.token_hex(16)}@{host}"
