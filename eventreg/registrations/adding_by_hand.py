"""The organiser signs somebody up: who called, or stands at the door."""

from datetime import datetime

from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import AlreadyRegistered, Refused, SignUpRequest, SignUpResult


class _NothingDoneError(Exception):
    """Rolls back whatever the refused sign-up had begun."""

    def __init__(self, refused: Refused) -> None:
        self.refused = refused


def add_by_hand(
    event_id: int, organiser_id: int, request: SignUpRequest, account_id: int, now: datetime
) -> SignUpResult:
    """Sign a person up as the public form does (same rules, same mail); `request.source` is PANEL.

    Over the capacity only with `request.over_capacity`.
    """
    try:
        with transaction():
            result = sign_up(event_id, request, now)
            if isinstance(result, Refused):
                raise _NothingDoneError(result)
            if not isinstance(result, AlreadyRegistered):
                audit.record(
                    account_id,
                    "registration_added",
                    organiser_id,
                    event_id,
                    result.registration_id,
                    {"over_capacity": request.over_capacity, "channel": request.channel},
                    now,
                )
            return result
    except _NothingDoneError as stopped:
        return stopped.refused
