"""Which version of her invitation each person was last sent: kept on her registration when the mail leaves.

Reached from here and not from registrations.queries, which reads the outbox itself.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import case, or_, update

from eventreg.database import db, transaction
from eventreg.registrations.models import Registration

_UNFETCHED = {"synchronize_session": False}
_PEOPLE_A_STATEMENT = 500
_NO_NEWS = {"revision": Registration.revision, "updated_at": Registration.updated_at}
"""Both would rise with each UPDATE; a mail that left changes nothing in a calendar that somebody subscribes to."""


def note_sent_sequences(facts: Mapping[str, Any], now: datetime) -> None:
    """The mail with these stored facts has left (or was filed) with an invitation, a cancel or files to pass on.

    A late older mail does not lower what a newer one has told. One statement, none for a mail without an invitation.
    """
    sent = {
        int(person["id"]): int(person["invitation"]["sequence"])
        for person in facts.get("people", ())
        if person.get("invitation") is not None
    }
    ids = sorted(sent)  # one order, so that two workers never wait for each other
    with transaction():
        for start in range(0, len(ids), _PEOPLE_A_STATEMENT):
            part = {id_: sent[id_] for id_ in ids[start : start + _PEOPLE_A_STATEMENT]}
            sequence = case(part, value=Registration.id)
            db.session.execute(
                update(Registration)
                .where(
                    Registration.id.in_(part),
                    or_(Registration.sent_sequence.is_(None), Registration.sent_sequence < sequence),
                )
                .values(sent_sequence=sequence, sent_sequence_at=now, **_NO_NEWS),
                execution_options=_UNFETCHED,
            )
