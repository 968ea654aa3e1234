"""Changing an event: what is saved, what the record keeps, and who is told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eventreg.database import transaction
from eventreg.events.event_addresses import is_address_free, keep_former_address
from eventreg.events.event_creating import SlugTaken
from eventreg.events.event_loading import fields_of, set_fields
from eventreg.events.event_rules import EventDiff, EventFields, diff_event
from eventreg.events.models import Event, EventChange
from eventreg.organisers import audit
from eventreg.registrations import event_mails
from eventreg.registrations.queries import lock_event
from eventreg.registrations.waiting_list import give_free_places


@dataclass(frozen=True, slots=True)
class Changed:
    """Saved. `mails` tell the participants of it; `promoted` people in line were served because places were added."""

    event: Event
    diff: EventDiff
    mails: int
    promoted: int = 0


@dataclass(frozen=True, slots=True)
class NothingChanged:
    """The event already reads like this; nothing was written."""

    event: Event


@dataclass(frozen=True, slots=True)
class ChangedMeanwhile:
    """Somebody saved it since the form was opened; nothing was written. `event` is how it reads now."""

    event: Event


@dataclass(frozen=True, slots=True)
class Gone:
    """The event was deleted or archived meanwhile."""


ChangeOutcome = Changed | NothingChanged | ChangedMeanwhile | SlugTaken | Gone


def change_event(
    event_id: int, fields: EventFields, revision: int, tell: bool, account_id: int | None, now: datetime
) -> ChangeOutcome:
    """Save an organiser's changes if the event still has the revision that the form was opened with.

    `tell` sends one mail to everybody who is signed up for a published event. Nobody is told of a draft.
    """
    try:
        with transaction() as session:
            event = lock_event(event_id)
            if event is None or event.state == "archived":
                return Gone()
            if event.revision != revision:
                return ChangedMeanwhile(event)
            diff = diff_event(fields_of(event), fields)
            if not diff.changes:
                return NothingChanged(event)
            if not is_address_free(fields.slug, event_id):
                return SlugTaken(fields.slug)
            _save(session, event, fields, diff, account_id, now)
            mails = 0
            if tell and event.state == "published":
                mails = event_mails.tell_event_changed(event, diff, now)
            promoted = give_free_places(event, now)
            audit.record(
                account_id,
                "event_changed",
                organiser_id=event.organiser_id,
                event_id=event.id,
                detail={"fields": list(diff.changed_fields), "mails": mails},
                now=now,
            )
    except IntegrityError:  # somebody took the address between the look and the update
        if is_address_free(fields.slug, event_id):
            raise
        return SlugTaken(fields.slug)
    return Changed(event, diff, mails, promoted)


def _save(
    session: Session,
    event: Event,
    fields: EventFields,
    diff: EventDiff,
    account_id: int | None,
    now: datetime,
) -> None:
    if "slug" in diff.changed_fields:
        keep_former_address(session, event, fields.slug)
    set_fields(event, fields)
    event.updated_at = now
    event.revision += 1
    if diff.is_told_to_calendars:
        event.sequence += 1
    if event.published_at is not None:
        for change in diff.public_changes:
            add_to_register(session, event, change.kind, account_id, now, change.before, change.after)
    session.flush()


def add_to_register(
    session: Session,
    event: Event,
    what: str,
    account_id: int | None,
    now: datetime,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """One more line in the public register of changes (access to public information act, art. 8(6))."""
    session.add(
        EventChange(event_id=event.id, at=now, account_id=account_id, what=str(what), before=before, after=after)
    )
