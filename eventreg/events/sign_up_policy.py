"""Setting how an event takes sign-ups; the people in line get what the new rules free."""

from dataclasses import dataclass
from datetime import datetime

from eventreg.database import transaction
from eventreg.events.event_changes import ChangedMeanwhile, Gone, NothingChanged
from eventreg.events.event_loading import policy_of, set_policy
from eventreg.events.models import Event
from eventreg.events.sign_up_policy_rules import SignUpPolicy, changed_names
from eventreg.organisers import audit
from eventreg.registrations.queries import lock_event
from eventreg.registrations.waiting_list import give_free_places


@dataclass(frozen=True, slots=True)
class PolicySet:
    """Saved. `promoted` people of the waiting list were given, or offered, a place because of it."""

    event: Event
    changed: tuple[str, ...]
    promoted: int


PolicyOutcome = PolicySet | NothingChanged | ChangedMeanwhile | Gone


def set_sign_up_policy(
    event_id: int, policy: SignUpPolicy, revision: int, account_id: int | None, now: datetime
) -> PolicyOutcome:
    """Save the rules if the event still has the revision that the page was opened with.

    Whoever is signed up keeps what she has: a rule holds for what comes after it. Free places that the new rules
    leave to the waiting list are given in the same transaction.
    """
    with transaction() as session:
        event = lock_event(event_id)
        if event is None or event.state == "archived":
            return Gone()
        if event.revision != revision:
            return ChangedMeanwhile(event)
        changed = changed_names(policy_of(event), policy)
        if not changed:
            return NothingChanged(event)
        set_policy(event, policy)
        event.updated_at = now
        event.revision += 1
        session.flush()
        promoted = give_free_places(event, now)
        audit.record(
            account_id,
            "sign_up_rules_changed",
            organiser_id=event.organiser_id,
            event_id=event.id,
            detail={"fields": list(changed), "promoted": promoted},
            now=now,
        )
    return PolicySet(event, changed, promoted)
