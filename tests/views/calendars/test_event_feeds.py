"""What a feed tells of an event."""

import pytest

from eventreg.calendars.event_feeds import feed_event
from tests.factories import Factory


@pytest.mark.usefixtures("app")
def test_the_audience_stands_with_its_label(factory: Factory) -> None:
    event = factory.event(summary="Jedno zdanie.", audience="urzędnicy")
    assert feed_event(event, "pl").description == "Jedno zdanie.\nDla kogo: urzędnicy"
    assert feed_event(event, "en").description == "Jedno zdanie.\nFor whom: urzędnicy"
    assert feed_event(factory.event(summary="Jedno zdanie.", audience=""), "pl").description == "Jedno zdanie."
