"""What a feed tells of an event."""

import pytest

from eventreg.calendars.event_feeds import feed_event
from tests.factories import Factory


@pytest.mark.usefixtures("app")
def test_the_audience_stands_with_its_label(factory: Factory) -> None:
    office = factory.organiser(name="Urząd")
    event = factory.event(office, summary="Jedno zdanie.", audience="urzędnicy")
    assert feed_event(event, "pl").description == "Jedno zdanie.\nDla kogo: urzędnicy\nOrganizator: Urząd"
    assert feed_event(event, "en").description == "Jedno zdanie.\nFor whom: urzędnicy\nOrganiser: Urząd"
    plain = factory.event(office, summary="Jedno zdanie.", audience="")
    assert feed_event(plain, "pl").description == "Jedno zdanie.\nOrganizator: Urząd"
