"""Mails that were queued and never left: what the mail that replaces them has to tell as well.

A newer mail supersedes older unsent ones of the same registration. What only they would have told must not get lost:
that a place is confirmed, and what the event was like when the person last heard of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from eventreg.outbox.mail_facts import EventFacts, RegistrationMailFacts

CONFIRMATION = "sign_up_confirmed"
CONFIRMATIONS = (CONFIRMATION, "place_given", "registration_accepted", "registrations_together")
"""Mails that tell people that they have a place."""
CHANGE = "event_changed"


@dataclass(frozen=True, slots=True)
class Untold:
    """What one mailbox has not heard yet of one event."""

    confirmed: frozenset[int] = frozenset()  # ids of registrations whose confirmation has not left
    added_by_organiser: bool = False  # then the notice of RODO art. 14 has not left either
    signed_up_by: str = ""  # the same, by the contact of a group
    changed: tuple[str, ...] = ()  # kinds of changes in mails that have not left
    before: EventFacts | None = None  # the event as the oldest of them would have told it was


def untold_of(mails: Iterable[tuple[str, RegistrationMailFacts]]) -> Untold:
    """Sum up a mailbox's unsent mails: (occasion, facts), the oldest first."""
    untold = Untold()
    for occasion, facts in mails:
        if occasion in CONFIRMATIONS:
            has_place = {person.id for person in facts.people if person.state == "confirmed"}
            untold = replace(
                untold,
                confirmed=untold.confirmed | has_place,
                added_by_organiser=untold.added_by_organiser or facts.added_by_organiser,
                signed_up_by=untold.signed_up_by or facts.signed_up_by,
            )
        elif occasion == CHANGE:
            known = set(untold.changed)
            untold = replace(
                untold,
                changed=untold.changed + tuple(kind for kind in facts.changed if kind not in known),
                before=untold.before or facts.before,
            )
    return untold


def with_untold(facts: RegistrationMailFacts, untold: Untold) -> tuple[str, RegistrationMailFacts]:
    """The occasion and the facts of the mail that tells a change and replaces the unsent ones.

    Who has not heard yet that she has a place gets her confirmation, with the event as it is now. Everybody else is
    told all changes since the last mail that left, without what is again as it was.
    """
    if {person.id for person in facts.people} <= untold.confirmed:
        plain = replace(
            facts,
            changed=(),
            before=None,
            added_by_organiser=untold.added_by_organiser,
            signed_up_by=untold.signed_up_by,
        )
        return CONFIRMATION, plain
    before = untold.before or facts.before
    if before is None:
        return CHANGE, facts
    known = set(untold.changed)
    kinds = untold.changed + tuple(kind for kind in facts.changed if kind not in known)
    return CHANGE, replace(
        facts, changed=tuple(kind for kind in kinds if _differs(kind, before, facts.event)), before=before
    )


def _differs(kind: str, before: EventFacts, after: EventFacts) -> bool:
    """Whether a kind of change (events.event_rules.ChangeKind) shows between two states of the event.

    Programme and other texts are not among a mail's facts: they count as changed.
    """
    if kind == "time":
        return before.times != after.times
    if kind == "place":
        return (before.attendance, before.place_lines) != (after.attendance, after.place_lines)
    if kind == "online":
        return before.online_url != after.online_url
    return kind != "title" or before.title != after.title
