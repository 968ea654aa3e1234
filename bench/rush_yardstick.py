"""The minute in which everybody comes: 500 people sign up at once for 200 places, from the page to the answer."""

from collections.abc import Iterator

from flask import Flask
from sqlalchemy import func, select

from bench.load_generator import Plan, Step, run
from bench.published_events import publish_conference
from bench.sign_up_yardstick import BROWSER, form_of
from bench.web_servers import served
from eventreg.database import db
from eventreg.events.models import Event
from eventreg.registrations.models import Registration

PEOPLE = 500
PLACES = 200
SLUG = "oblezona"


def measure_rush(app: Flask) -> Iterator[str]:
    """Everybody has a connection of her own; the rest is told that the event is full."""
    event_id = publish_conference(SLUG, PLACES)
    page = f"/events/{SLUG}"
    with served(app) as (port, _):
        plan = Plan(port, [Step(page), Step(page, form_of("rush"))], PEOPLE, 60.0, PEOPLE, BROWSER)
        counted = run(plan)
    signed_up = db.session.scalar(
        select(func.count()).where(Registration.event_id == event_id, Registration.state == "confirmed")
    )
    taken = db.session.scalar(select(Event.places_taken).where(Event.id == event_id))
    if counted.statuses != {"303": PLACES, "422": PEOPLE - PLACES} or (signed_up, taken) != (PLACES, PLACES):
        raise RuntimeError(f"not exactly {PLACES}: {counted.statuses}, {signed_up} people, {taken} places")
    yield (
        f"{PEOPLE} people at once on {PLACES} places: {signed_up} signed up, all answered in {counted.seconds:.1f} s; "
        f"p50 {counted.p50:.0f} ms, p95 {counted.p95:.0f} ms, p99 {counted.p99:.0f} ms"
    )
