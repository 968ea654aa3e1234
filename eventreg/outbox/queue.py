"""The outbox as a queue: mails go in with their occasion's transaction, workers claim and send them.

A claim is one conditional UPDATE; whoever claimed writes the outcome only while the claim is still his. Mails
with one order key (an event and an address) leave one after the other. Mails to many leave after the others and so
many a minute (outbox.bulk_pace); those of a message that is paused or stopped are not put back into the queue.
"""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from eventreg.database import Base, db, transaction
from eventreg.outbox.bulk_pace import claim_alone, room_for_bulk
from eventreg.outbox.facts_reading import without_secrets
from eventreg.outbox.holding import lock_messages, state_when_put_back
from eventreg.outbox.mail_facts import MailFacts
from eventreg.outbox.mail_quotas import earliest_moment
from eventreg.outbox.models import Mail
from eventreg.outbox.retry_rules import CLAIM_LEASE
from eventreg.outbox.superseding_rules import NEVER_SUPERSEDED
from eventreg.registrations.address_rules import quota_key

_UNFETCHED = {"synchronize_session": False}
_ERROR_LENGTH = 500
_PROCESS_MARK = secrets.token_hex(4)
_UNCLAIMED: dict[str, Any] = {"claimed_by": None, "claimed_at": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOrder:
    """A mail that is due: to whom, for what occasion, and everything it tells."""

    occasion: str
    to_address: str
    to_name: str
    language: str
    facts: MailFacts
    event_id: int | None = None
    organiser_id: int | None = None
    registration_id: int | None = None
    account_id: int | None = None
    event_message_id: int | None = None
    is_bulk: bool = False  # one of many: leaves after the others, so many a minute


@dataclass(frozen=True, slots=True)
class ClaimedMail:
    """What a worker needs to compose and send one mail. `attempts` counts the tries before this one."""

    id: int
    occasion: str
    to_address: str
    to_name: str
    language: str
    facts: Mapping[str, Any]
    message_id: str
    attempts: int
    created_at: datetime
    event_message_id: int | None = None


def enqueue(order: MailOrder, now: datetime, *, supersede: bool = False, within_quota: bool = True) -> int:
    """Put one mail into the outbox, inside the caller's transaction; returns its id.

    `supersede`: older mails about the same registration that have not left are not sent any more. Above the
    quota of its address, or of its event (outbox.mail_quotas), the mail waits, unless `within_quota` is off. Costs
    two statements, three with `supersede`.
    """
    with transaction() as session:
        if supersede and order.registration_id is not None:
            supersede_unsent([order.registration_id])
        earliest = earliest_moment(order.to_address, order.occasion, order.event_id, now) if within_quota else now
        row = {**_row(order, now), "next_try_at": earliest}
        return int(session.execute(_INSERT, row).scalar_one())


def enqueue_many(orders: Sequence[MailOrder], now: datetime) -> None:
    """Put many mails in, a thousand a statement, inside the caller's transaction.

    For what an organiser tells all participants: one mail an address, so no quota is asked.
    """
    with transaction() as session:
        rows = [{**_row(order, now), "next_try_at": now} for order in orders]
        every_null = {"render_nulls": True}  # else rows with and without a person would be statements of their own
        for start in range(0, len(rows), 1000):
            session.execute(insert(Mail), rows[start : start + 1000], execution_options=every_null)


_MAILS = Base.metadata.tables["mails"]
_INSERT = insert(_MAILS).returning(_MAILS.c.id)
"""Built once: everybody who signs up needs it."""


def supersede_unsent(registration_ids: Sequence[int]) -> None:
    """Mails about these registrations that have not left are old news; what no newer mail tells stays."""
    with transaction() as session:
        for start in range(0, len(registration_ids), 500):
            session.execute(
                update(Mail)
                .where(
                    Mail.registration_id.in_(registration_ids[start : start + 500]),
                    Mail.state == "queued",
                    Mail.occasion.not_in(NEVER_SUPERSEDED),
                )
                .values(state="superseded"),
                execution_options=_UNFETCHED,
            )


def claim_due(now: datetime, worker: str, limit: int) -> list[ClaimedMail]:
    """Claim up to `limit` due mails for this worker, the longest due first; one order key once at most.

    Mails to many come after all others, and no more of them than their per-minute limit leaves room for.
    """
    with transaction():
        claimed = _claim(now, worker, limit, ~Mail.is_bulk)
        if len(claimed) < limit and _is_due(now, Mail.is_bulk.is_(True)):
            claim_alone()
            room = min(limit - len(claimed), room_for_bulk(now))
            claimed += _claim(now, worker, room, Mail.is_bulk.is_(True)) if room else []
    return claimed


def _claim(now: datetime, worker: str, limit: int, which: ColumnElement[bool]) -> list[ClaimedMail]:
    due = (
        select(Mail.id)
        .where(Mail.state == "queued", Mail.next_try_at <= now, which, ~_has_earlier_unsent())
        .order_by(Mail.next_try_at, Mail.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Mail)
        .cte("due")  # as a plain subquery PostgreSQL may run it once a row and claim more than the limit
    )
    rows = db.session.execute(
        update(Mail)
        .where(Mail.id.in_(select(due.c.id)), Mail.state == "queued")
        .values(state="sending", claimed_by=worker, claimed_at=now)
        .returning(
            Mail.id,
            Mail.occasion,
            Mail.to_address,
            Mail.to_name,
            Mail.language,
            Mail.facts,
            Mail.message_id,
            Mail.attempts,
            Mail.created_at,
            Mail.event_message_id,
        ),
        execution_options=_UNFETCHED,
    ).all()
    return [ClaimedMail(*row) for row in sorted(rows, key=lambda row: int(row.id))]


def has_due(now: datetime) -> bool:
    """Whether anything may leave; a mere look, so that an idle worker takes no write lock.

    False while only mails to many are due and their limit is used up: the worker then rests.
    """
    return _is_due(now, ~Mail.is_bulk) or (_is_due(now, Mail.is_bulk.is_(True)) and room_for_bulk(now) > 0)


def _is_due(now: datetime, which: ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(select(exists().where(Mail.state == "queued", Mail.next_try_at <= now, which))))


def begin_try(mail_id: int, worker: str, now: datetime) -> bool:
    """Renew the claim right before sending and count the try; False when the claim was lost."""
    return _while_mine(mail_id, worker, attempts=Mail.attempts + 1, claimed_at=now)


def mark_sent(mail: ClaimedMail, worker: str, now: datetime) -> bool:
    """The mail server took it. False when the claim was lost meanwhile."""
    return _leave(mail, worker, now, "sent")


def mark_filed(mail: ClaimedMail, worker: str, now: datetime) -> bool:
    """It was written as a file, there being no mail server."""
    return _leave(mail, worker, now, "filed")


def mark_put_off(mail: ClaimedMail, worker: str, next_try_at: datetime, error: str | None) -> bool:
    """Back to the queue until `next_try_at`; `error` None keeps what was said before (it was not tried).

    A mail whose message was paused or stopped meanwhile is held or stopped like its fellows.
    """
    values: dict[str, Any] = {"next_try_at": next_try_at, **_UNCLAIMED}
    if error is not None:
        values["last_error"] = error[:_ERROR_LENGTH]
    with transaction():
        lock_messages([] if mail.event_message_id is None else [mail.event_message_id])
        return _while_mine(mail.id, worker, state=state_when_put_back(), **values)


def mark_failed(mail: ClaimedMail, worker: str, error: str) -> bool:
    """Given up, for people to see."""
    return _while_mine(mail.id, worker, state="failed", last_error=error[:_ERROR_LENGTH], **_UNCLAIMED)


def release_stale_claims(now: datetime) -> int:
    """Mails claimed longer ago than the lease go back into the queue: their worker is gone."""
    return _release(Mail.claimed_at < now - CLAIM_LEASE)


def release_claims_of_the_dead(host: str) -> int:
    """At a worker's start: claims of processes of this host that do not live any more go back at once.

    One that claimed under this very process number is dead too, unless it carries this process's mark: in a
    container every worker is process 1.
    """
    claimants = db.session.scalars(select(Mail.claimed_by).where(Mail.state == "sending").distinct()).all()
    dead = [name for name in claimants if name is not None and _is_dead(name, host)]
    return _release(Mail.claimed_by.in_(dead)) if dead else 0


def worker_name(host: str) -> str:
    """The name a worker of this process claims under: host:process:mark."""
    return f"{host[:60]}:{os.getpid()}:{_PROCESS_MARK}"


def _row(order: MailOrder, now: datetime) -> dict[str, Any]:
    address = order.to_address.lower()
    scope = f"a{order.account_id}" if order.account_id is not None else "p"  # p: a person, whatever the event
    if order.event_id is not None:
        scope = f"e{order.event_id}"
    return {
        "occasion": order.occasion,
        "event_id": order.event_id,
        "organiser_id": order.organiser_id,
        "registration_id": order.registration_id,
        "account_id": order.account_id,
        "event_message_id": order.event_message_id,
        "is_bulk": order.is_bulk,
        "to_address": order.to_address,
        "to_name": order.to_name,
        "quota_key": quota_key(order.to_address),
        "order_key": f"{scope}:{address}",
        "language": order.language,
        "facts": order.facts.to_json(),
        "message_id": new_message_id(),
        "state": "queued",
        "attempts": 0,
        "created_at": now,
    }


def new_message_id() -> str:
    """A Message-ID of 128 random bits in the domain the mails come from."""
    domain = current_app.extensions["eventreg.config"].mail_from.rpartition("@")[2]
    return f"<{secrets.token_hex(16)}@{domain.encode('idna').decode('ascii')}>"


def _has_earlier_unsent() -> ColumnElement[bool]:
    """Whether an older mail of the same order key waits; a single mail does not wait for one of many."""
    earlier = aliased(Mail)
    return exists().where(
        earlier.order_key == Mail.order_key,
        earlier.id < Mail.id,
        earlier.state.in_(("queued", "sending")),
        or_(Mail.is_bulk, ~earlier.is_bulk),
    )


def _leave(mail: ClaimedMail, worker: str, now: datetime, state: str) -> bool:
    values: dict[str, Any] = {"state": state, "sent_at": now, "last_error": None, **_UNCLAIMED}
    kept = without_secrets(mail.facts)
    if kept != mail.facts:
        values["facts"] = kept
    return _while_mine(mail.id, worker, **values)


def _while_mine(mail_id: int, worker: str, **values: Any) -> bool:
    with transaction() as session:
        changed = session.execute(
            update(Mail)
            .where(Mail.id == mail_id, Mail.state == "sending", Mail.claimed_by == worker)
            .values(**values)
            .returning(Mail.id),
            execution_options=_UNFETCHED,
        )
        return changed.first() is not None


def _release(which: ColumnElement[bool]) -> int:
    with transaction() as session:
        stale = and_(Mail.state == "sending", which)
        lock_messages(session.scalars(select(Mail.event_message_id).where(stale).distinct()).all())
        released = session.execute(
            update(Mail).where(stale).values(state=state_when_put_back(), **_UNCLAIMED).returning(Mail.id),
            execution_options=_UNFETCHED,
        )
        return len(released.all())


def _is_dead(claimant: str, host: str) -> bool:
    """True for a process of this host that is gone; false when in doubt (the lease will tell)."""
    name_and_process, _, mark = claimant.rpartition(":")
    name, _, process = name_and_process.rpartition(":")
    if name != host[:60] or not process.isdigit():
        return False
    if int(process) == os.getpid():
        return mark != _PROCESS_MARK
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False
