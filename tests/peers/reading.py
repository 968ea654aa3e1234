"""What a peer understood of one event, told the same way by all of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Moment = int | str
"""Seconds since 1970 in UTC, or a date as 2026-12-09."""


@dataclass(frozen=True, slots=True)
class Reading:
    """`end` is exclusive, of whole days too."""

    uid: str
    summary: str
    description: str
    status: str
    start: Moment
    end: Moment


def moment(value: date | datetime) -> Moment:
    """An aware time or a date. A time without a zone is no instant and fails."""
    if not isinstance(value, datetime):
        return value.isoformat()
    assert value.tzinfo is not None, "a floating time"
    seconds = value.timestamp()
    assert seconds == int(seconds)
    return int(seconds)


def from_json(event: dict[str, Any]) -> Reading:
    """One event as a peer's script prints it. khal names the last whole day: the end is the day after."""
    values = dict(event)
    if "last" in values:
        last = date.fromisoformat(values.pop("last"))
        values["end"] = date.fromordinal(last.toordinal() + 1).isoformat()
    for name in ("start", "end"):
        if not isinstance(values[name], str):
            assert values[name] == int(values[name])
            values[name] = int(values[name])
    return Reading(**values)
