"""Uploaded lists that wait for their import: bound to an event and an account, gone after a day."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import delete, select

from eventreg.database import db, transaction
from eventreg.links import new_link_key, read_token, signed_token
from eventreg.registrations.models import ImportDraft

KEPT_FOR = timedelta(days=1)
"""How long somebody may look at a preview: names and addresses of people who do not know of it yet wait no longer."""

_PURPOSE = "import"
_UNFETCHED = {"synchronize_session": False}
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


class NoDraft(Enum):
    """Why there is nothing to import."""

    NOT_FOUND = "not_found"  # forged, of another event or another account
    GONE = "gone"  # it was ours: imported, given up, replaced by another upload, or too old


@dataclass(frozen=True, slots=True)
class UploadedList:
    """A list that waits, as it was when it was opened: somebody else may import or delete it any moment."""

    id: int
    event_id: int
    account_id: int
    file_name: str
    content: bytes


def keep_draft(event_id: int, account_id: int, file_name: str, content: bytes, now: datetime) -> str:
    """Keep an uploaded list and return its token. An earlier one of this account for this event is given up."""
    with transaction() as session:
        session.execute(
            delete(ImportDraft).where(ImportDraft.event_id == event_id, ImportDraft.account_id == account_id),
            execution_options=_UNFETCHED,
        )
        draft = ImportDraft(
            event_id=event_id,
            account_id=account_id,
            key=new_link_key(),
            file_name=_plain_name(file_name),
            content=content,
            created_at=now,
        )
        session.add(draft)
    return signed_token(_PURPOSE, draft.key)


def open_draft(token: str, event_id: int, account_id: int, now: datetime) -> UploadedList | NoDraft:
    """The list behind a token, for the account that uploaded it, on the event it was uploaded for (abuse 28)."""
    key = read_token(_PURPOSE, token)
    if key is None:
        return NoDraft.NOT_FOUND
    draft = db.session.execute(
        select(
            ImportDraft.id,
            ImportDraft.event_id,
            ImportDraft.account_id,
            ImportDraft.created_at,
            ImportDraft.file_name,
            ImportDraft.content,
        ).where(ImportDraft.key == key)
    ).one_or_none()
    if draft is None:
        return NoDraft.GONE
    if draft.event_id != event_id or draft.account_id != account_id:
        return NoDraft.NOT_FOUND
    if draft.created_at <= now - KEPT_FOR:
        return NoDraft.GONE
    return UploadedList(draft.id, draft.event_id, draft.account_id, draft.file_name, draft.content)


def delete_draft(draft_id: int) -> bool:
    """Imported or given up; False when it was gone already (a double click)."""
    with transaction() as session:
        statement = delete(ImportDraft).where(ImportDraft.id == draft_id).returning(ImportDraft.id)
        found = session.execute(statement, execution_options=_UNFETCHED)
        return found.first() is not None


def delete_old_drafts(now: datetime) -> int:
    """Delete the lists that nobody imported within `KEPT_FOR`; the worker calls it. Returns their number."""
    old = ImportDraft.created_at <= now - KEPT_FOR
    if db.session.scalar(select(ImportDraft.id).where(old).limit(1)) is None:
        return 0  # a mere look, so that an idle worker takes no write lock
    with transaction() as session:
        statement = delete(ImportDraft).where(old).returning(ImportDraft.id)
        return len(session.execute(statement, execution_options=_UNFETCHED).all())


def _plain_name(file_name: str) -> str:
    """The name without folders and unseen characters, for the organiser to recognise; never a path (abuse 13)."""
    name = re.split(r"[/\\]", file_name)[-1]
    return _UNSEEN.sub("", name).strip()[:200]
