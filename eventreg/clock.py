"""The only place that reads the wall clock."""

from datetime import UTC, datetime


def now_utc() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
