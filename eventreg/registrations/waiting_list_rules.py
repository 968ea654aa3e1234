"""When a place that gets free goes to the next in line by itself: pure rules."""

from datetime import datetime


def gives_places_by_itself(state: str, waiting_list: str, promotion: str, starts_at: datetime, now: datetime) -> bool:
    """Whether free places of an event are given without the organiser.

    Not of a draft (nobody can see what she is given), not after the start, and not while the organiser gives the
    places: by choice, or because sign-ups go to the waiting list whatever is free. A waiting list that was switched
    off takes nobody in any more, but who is in line stays in line.
    """
    return state == "published" and now < starts_at and waiting_list != "always" and promotion != "by_hand"


def position_asked_for(position: int, step: str, typed: str) -> int | None:
    """Where somebody at `position` is to stand: one 'up', one 'down', or the number typed; None when it is none."""
    if step in ("up", "down"):
        return position - 1 if step == "up" else position + 1
    typed = typed.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and 0 < len(typed) < 7 and int(typed) > 0 else None
