"""One published conference of one office, for yardsticks that need no more."""

from datetime import UTC, datetime, timedelta

from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.organisers.models import Organiser

NOW = datetime.now(UTC).replace(microsecond=0)


def publish_conference(slug: str, capacity: int, *, waiting_list: str = "off") -> int:
    """Store it with an organiser of its own; its id."""
    starts_at = NOW + timedelta(days=30)
    with transaction() as session:
        organiser = Organiser(slug=f"urzad-{slug}", name="Urząd", contact_email="biuro@example.org", created_at=NOW)
        session.add(organiser)
        session.flush()
        event = Event(
            slug=slug,
            uid=f"{slug}@localhost",
            organiser_id=organiser.id,
            state="published",
            kind="conference",
            title="Konferencja współpracy międzynarodowej samorządów",
            summary="Jak przygotować wniosek i znaleźć partnera za granicą.",
            programme="## Program\n\n- 10.00 Otwarcie\n- 11.00 Warsztaty\n- 13.00 Podsumowanie\n",
            venue="Urząd Miasta Proszowice",
            street="ul. 3 Maja 72",
            postal_code="32-100",
            city="Proszowice",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=6),
            capacity=capacity,
            waiting_list=waiting_list,
            created_at=NOW,
            updated_at=NOW,
            published_at=NOW,
        )
        session.add(event)
        session.flush()
        return event.id
