"""Changes that were saved without telling anybody: the next mail about a change tells them too.

Its invitation moves the entry to the event as it is now, so its words must say so as well. The public register of
changes knows what was changed, the outbox when somebody last heard of the event.
"""

from datetime import datetime

from eventreg.events.event_rules import PUBLIC_KINDS
from eventreg.events.models import Event
from eventreg.outbox.mail_facts import EventFacts
from eventreg.outbox.queries import last_told
from eventreg.registrations.address_rules import address_key
from eventreg.registrations.facts_for_mails import with_values
from eventreg.registrations.untold_rules import Untold

_TELL_NO_FACTS = ("thanks", "registration_moved", "links_found", "personal_calendar")
"""Mails that name neither time nor place; the last of an address would else hide what it has not heard."""


class EarlierChanges:
    """What each mailbox has not heard of the changes before this one."""

    def __init__(self, event: Event, before: EventFacts, now: datetime) -> None:
        """`before`: the event as it was before the change that is told now."""
        changes = [change for change in event.changes if change.at < now and change.what in PUBLIC_KINDS]
        self._told: dict[str, datetime] = {}
        self._until: list[tuple[datetime, Untold]] = []
        """(moment of a change, all from it on), the newest first."""
        kinds: tuple[str, ...] = ()
        for change in sorted(changes, key=lambda change: (change.at, change.id), reverse=True):
            before = with_values(before, change.what, change.before or {})
            kinds = (change.what, *(kind for kind in kinds if kind != change.what))
            self._until.append((change.at, Untold(changed=kinds, before=before)))
        if not changes:
            return
        for address, moment in last_told(event.id, _TELL_NO_FACTS):
            key = address_key(address)
            self._told[key] = max(moment, self._told.get(key, moment))

    def not_told_to(self, key: str) -> Untold:
        """By address key. Nothing for somebody who was never written to: there is no knowing what she has heard."""
        told = self._told.get(key)
        untold = Untold()
        for moment, changes in self._until:
            if told is None or moment <= told:
                break
            untold = changes
        return untold
