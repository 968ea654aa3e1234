"""The trail of one event: who did what, with the facts that the trail keeps, in words."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from eventreg.database import db
from eventreg.events.event_words import FIELD_WORDS
from eventreg.events.when_rules import HOME_ZONE, timestamp
from eventreg.organisers.audit_words import ACTIONS, BY_THE_PERSON
from eventreg.organisers.models import AuditEntry

ENTRIES_SHOWN = 200
"""The newest so many; the whole trail stands in the organiser's settings."""


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry: when, what, who ('' for a command of the server), and the facts."""

    at: str
    words: str
    who: str
    facts: str


def event_trail(event_id: int, language: str) -> list[TrailLine]:
    """Everything that was done with an event, newest first."""
    entries = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.event_id == event_id)
        .options(selectinload(AuditEntry.account))
        .order_by(AuditEntry.id.desc())
        .limit(ENTRIES_SHOWN)
    )
    return [
        TrailLine(
            at=timestamp(entry.at, HOME_ZONE, language),
            words=str(ACTIONS.get(entry.action, entry.action)),
            who=_who(entry),
            facts="; ".join(_facts(entry)),
        )
        for entry in entries
    ]


def _who(entry: AuditEntry) -> str:
    if entry.account:
        return entry.account.name or entry.account.email
    return _("a person signed up") if entry.action in BY_THE_PERSON else ""


def _facts(entry: AuditEntry) -> list[str]:
    detail = entry.detail or {}
    facts = []
    fields = [str(FIELD_WORDS[name]) for name in detail.get("fields", ()) if name in FIELD_WORDS]
    if fields:
        facts.append(", ".join(fields))
    mails = detail.get("mails")
    if isinstance(mails, int) and mails:
        facts.append(ngettext("%(num)d mail", "%(num)d mails", mails))
    elif mails == 0:
        facts.append(_("nobody was told by mail"))
    return facts
