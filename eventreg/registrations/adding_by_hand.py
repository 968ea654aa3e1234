"""The organiser signs somebody up: who called, wrote, or stands at the door."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from eventreg.database import transaction
from eventreg.organisers import audit
from eventreg.registrations import queries
from eventreg.registrations.attendance_rules import is_day_of_event
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import AlreadyRegistered, Refused, SignUpRequest, SignUpResult

WALK_IN = "walk_in"


class CannotAdd(StrEnum):
    """Why nobody is added now, whatever places there are."""

    EVENT_OVER = "event_over"
    NOT_THE_DAY = "not_the_day"  # nobody has walked in before the day of the event


class _NothingDoneError(Exception):
    """Rolls back whatever the refused sign-up had begun."""

    def __init__(self, refused: Refused) -> None:
        self.refused = refused


def add_by_hand(
    event_id: int, organiser_id: int, request: SignUpRequest, account_id: int, now: datetime
) -> SignUpResult | CannotAdd:
    """Sign a person up as the public form does (same rules, same mail); `request.source` is PANEL.

    Over the capacity only with `request.over_capacity`. Who walked in (channel 'walk_in') is marked present, can be
    entered from the day of the event on, from the paper list even after its end, and is sent nothing then.
    """
    try:
        with transaction():
            event = queries.lock_event(event_id)
            if event is not None:
                refusal = _why_not(request.channel, event.starts_at, event.ends_at, event.time_zone, now)
                if refusal is not None:
                    return refusal
                request = replace(request, tell=request.tell and now < event.ends_at)
            result = sign_up(event_id, _as_it_came(request), now)
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


def _why_not(channel: str, starts_at: datetime, ends_at: datetime, zone: str, now: datetime) -> CannotAdd | None:
    if channel == WALK_IN:
        return None if is_day_of_event(starts_at, zone, now) else CannotAdd.NOT_THE_DAY
    return CannotAdd.EVENT_OVER if now >= ends_at else None


def _as_it_came(request: SignUpRequest) -> SignUpRequest:
    """Who walked in is there, so she is not put into a line."""
    if request.channel != WALK_IN:
        return request
    return replace(request, attended=True, to_waiting_list=False)
