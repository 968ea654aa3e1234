"""The outbox as the panel shows it: rows in, rows out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import defer

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import Organiser
from eventreg.outbox.models import Mail

MAILS_PER_PAGE = 50
LATE_AFTER = timedelta(minutes=30)
"""A mail that should have left this long ago is stuck, whatever its state says; one of many may have to wait."""


@dataclass(frozen=True, slots=True)
class MailPage:
    """One page of a log, newest first. `found` counts the mails on all pages."""

    mails: Sequence[Mail]
    found: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; one at least."""
        return max(1, -(-self.found // MAILS_PER_PAGE))


@dataclass(frozen=True, slots=True)
class StuckMail:
    """A stuck mail as the site's administrator may see it: no recipient, no content."""

    id: int
    occasion: str
    state: str
    attempts: int
    last_error: str | None
    created_at: datetime
    next_try_at: datetime
    organiser_name: str | None
    is_filed_invitation: bool = False


def mails_of_event(event_id: int, states: Sequence[str], page: int) -> MailPage:
    """The log of one event; no states: all."""
    return _page(Mail.event_id == event_id, states, page)


def mails_of_organiser(organiser_id: int, states: Sequence[str], page: int) -> MailPage:
    """The log of everything that an organiser's events told people."""
    return _page(Mail.organiser_id == organiser_id, states, page)


def mail_of_event(mail_id: int, event_id: int) -> Mail | None:
    """One mail, only if it belongs to this event (abuse 28)."""
    return db.session.scalar(select(Mail).where(Mail.id == mail_id, Mail.event_id == event_id))


def account_mail(mail_id: int) -> Mail | None:
    """One mail about an account of the panel, which belongs to no organiser."""
    return db.session.scalar(select(Mail).where(Mail.id == mail_id, Mail.organiser_id.is_(None)))


def stuck_mails(now: datetime, limit: int = 200) -> list[StuckMail]:
    """Mails of the whole site that failed, were put off or are late; and, without a mail server, invitations to the
    panel that lie as files. The newest first."""
    filed_invitation = and_(Mail.state == "filed", Mail.occasion == "account_invited")
    rows = db.session.execute(
        select(
            Mail.id,
            Mail.occasion,
            Mail.state,
            Mail.attempts,
            Mail.last_error,
            Mail.created_at,
            Mail.next_try_at,
            Organiser.name,
            filed_invitation,
        )
        .outerjoin(Organiser, Organiser.id == Mail.organiser_id)
        .where(or_(_is_stuck(now), filed_invitation))
        .order_by(Mail.id.desc())
        .limit(limit)
    )
    return [StuckMail(*row) for row in rows]


def _is_stuck(now: datetime) -> ColumnElement[bool]:
    waiting = and_(
        Mail.state.in_(("queued", "sending")),
        or_(Mail.last_error.is_not(None), and_(~Mail.is_bulk, Mail.next_try_at < now - LATE_AFTER)),
    )
    return or_(Mail.state == "failed", waiting)


def _page(which: ColumnElement[bool], states: Sequence[str], page: int) -> MailPage:
    conditions = [which, Mail.state.in_(states)] if states else [which]
    found = db.session.scalar(select(func.count()).select_from(Mail).where(*conditions)) or 0
    page = min(max(1, page), max(1, -(-found // MAILS_PER_PAGE)))
    mails = db.session.scalars(
        select(Mail)
        .where(*conditions)
        .options(defer(Mail.facts))
        .order_by(Mail.id.desc())
        .limit(MAILS_PER_PAGE)
        .offset((page - 1) * MAILS_PER_PAGE)
    ).all()
    return MailPage(mails, found, page)


def events_of(mails: Sequence[Mail]) -> dict[int, tuple[str, str]]:
    """Slug and title of the events that mails are about, by id."""
    ids = {mail.event_id for mail in mails if mail.event_id is not None}
    rows = db.session.execute(select(Event.id, Event.slug, Event.title).where(Event.id.in_(ids)))
    return {row.id: (row.slug, row.title) for row in rows}


def owner_of(mail_id: int) -> tuple[int | None, int | None]:
    """The organiser and the event of a mail, for the trail."""
    row = db.session.execute(select(Mail.organiser_id, Mail.event_id).where(Mail.id == mail_id)).first()
    return (row.organiser_id, row.event_id) if row is not None else (None, None)


def unsent_of_event(event_id: int, occasions: Sequence[str]) -> list[tuple[str, str, dict[str, Any]]]:
    """(address, occasion, facts) of an event's mails that are queued and not claimed, the oldest first."""
    rows = db.session.execute(
        select(Mail.to_address, Mail.occasion, Mail.facts)
        .where(Mail.event_id == event_id, Mail.state == "queued", Mail.occasion.in_(occasions))
        .order_by(Mail.id)
    )
    return [(address, occasion, facts) for address, occasion, facts in rows]


def last_told(event_id: int, silent: Sequence[str]) -> list[tuple[str, datetime]]:
    """(address, moment) of the newest mail about an event to each address: what was frozen in it then, she knows.

    Mails of the occasions `silent` say nothing of time and place; nor do those that never leave.
    """
    rows = db.session.execute(
        select(Mail.to_address, func.max(Mail.created_at))
        .where(
            Mail.event_id == event_id,
            Mail.state.in_(("queued", "sending", "sent", "filed")),
            Mail.occasion.not_in(silent),
        )
        .group_by(Mail.to_address)
    )
    return [(address, moment) for address, moment in rows]
