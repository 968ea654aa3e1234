"""vdirsyncer and khal live on the feed of the site over HTTP: calendar.md 10-14."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar, Component
from werkzeug.serving import make_server

from eventreg.database import db
from eventreg.events.event_cancelling import Cancelled, cancel_event
from eventreg.events.event_changes import Changed, change_event
from eventreg.events.event_deleting import Deleted, remove_event
from eventreg.events.event_loading import fields_of
from eventreg.events.event_publishing import Withdrawn, withdraw_event
from eventreg.events.models import Event
from tests.factories import Factory
from tests.peers.conftest import peers_program
from tests.peers.subscriber import Seen, Subscriber

WARSAW = ZoneInfo("Europe/Warsaw")


@dataclass(frozen=True)
class Site:
    """The site behind a real port, now: who subscribes asks the real clock."""

    address: str
    factory: Factory
    now: datetime

    def read(self, event: Event) -> Event:
        db.session.expire_all()
        return db.session.get_one(Event, event.id)


@pytest.fixture
def site(app: Flask) -> Iterator[Site]:
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", Factory(now), now)
    finally:
        server.shutdown()
        thread.join()


@pytest.fixture
def subscriber(tmp_path: Path) -> Subscriber:
    program = peers_program("vdirsyncer")
    peers_program("khal")
    return Subscriber(program.parent, tmp_path / "subscriber")


def local(moment: datetime) -> str:
    return moment.astimezone(WARSAW).strftime("%Y-%m-%d %H:%M")


def entry_of(items: dict[str, bytes], title: str) -> Component:
    """The event of that title in her folder, alone in its file. vdirsyncer gives it a UID made from its contents."""
    events = [Calendar.from_ical(body).walk("VEVENT") for body in items.values()]
    [found] = [event for [event] in events if event["SUMMARY"] == title]
    return found


def test_calendar_12_a_subscriber_sees_a_new_event_an_edit_a_cancel_and_a_deletion(
    site: Site, subscriber: Subscriber
) -> None:
    office = site.factory.organiser()
    stays = site.factory.event(office, title="Zostaje")
    start = stays.starts_at
    subscriber.subscribe(f"{site.address}/calendar.ics")
    place = "Urząd Miasta Proszowice, ul. 3 Maja 72, 32-100 Proszowice"
    first = Seen(local(start), local(start + timedelta(minutes=90)), place)
    assert subscriber.agenda(site.now.date()) == {"Zostaje": first}

    site.factory.event(office, title="Nowe")
    goes = site.factory.event(office, title="Znika")
    subscriber.synchronise()
    assert subscriber.agenda(site.now.date()) == {"Zostaje": first, "Nowe": first, "Znika": first}

    before = entry_of(subscriber.items, "Zostaje")
    fields = fields_of(site.read(stays))
    later = replace(fields, starts_at=start + timedelta(days=1), ends_at=start + timedelta(days=1, hours=3), venue="")
    edited_at = site.now + timedelta(minutes=10)
    assert isinstance(change_event(stays.id, later, stays.revision, False, None, edited_at), Changed)
    subscriber.synchronise()
    agenda = subscriber.agenda(site.now.date())
    moved = Seen(local(later.starts_at), local(later.ends_at), place.removeprefix("Urząd Miasta Proszowice, "))
    assert agenda == {"Zostaje": moved, "Nowe": first, "Znika": first}
    after = entry_of(subscriber.items, "Zostaje")
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt == edited_at > before["DTSTAMP"].dt

    cancelled_at = site.now + timedelta(minutes=20)
    assert isinstance(cancel_event(stays.id, "Choroba", None, cancelled_at), Cancelled)
    subscriber.synchronise()
    assert subscriber.agenda(site.now.date())["Zostaje"] == replace(moved, is_cancelled=True)
    last = entry_of(subscriber.items, "Zostaje")
    assert (last["STATUS"], last["SEQUENCE"]) == ("CANCELLED", after["SEQUENCE"] + 1)
    assert last["DTSTAMP"].dt == cancelled_at

    assert isinstance(remove_event(goes.id, None, site.now + timedelta(minutes=30)), Deleted)
    subscriber.synchronise()
    assert set(subscriber.agenda(site.now.date())) == {"Zostaje", "Nowe"}
    assert len(subscriber.items) == 2


def test_calendar_12_what_is_withdrawn_is_gone_for_a_subscriber(site: Site, subscriber: Subscriber) -> None:
    office = site.factory.organiser()
    site.factory.event(office, title="Zostaje")
    event = site.factory.event(office, title="Cofnięte")
    subscriber.subscribe(f"{site.address}/calendar.ics")
    assert isinstance(withdraw_event(event.id, None, site.now + timedelta(minutes=1)), Withdrawn)
    subscriber.synchronise()
    assert set(subscriber.agenda(site.now.date())) == {"Zostaje"}


def test_calendar_11_a_feed_of_ten_stays_ten_events_for_a_subscriber(site: Site, subscriber: Subscriber) -> None:
    """A UID of the calendar's own would make one item of them."""
    office = site.factory.organiser()
    titles = {site.factory.event(office).title for _ in range(10)}
    subscriber.subscribe(f"{site.address}/calendar.ics")
    assert len(subscriber.items) == 10
    assert set(subscriber.agenda(site.now.date())) == titles


def test_calendar_10_nothing_is_written_again_for_a_subscriber_when_nothing_changed(
    site: Site, subscriber: Subscriber
) -> None:
    office = site.factory.organiser()
    for number in range(3):
        site.factory.event(office, title=f"Warsztaty {number}")
    assert "Copying" in subscriber.subscribe(f"{site.address}/calendar.ics")
    folder = subscriber.folder / "calendar"
    written = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}
    assert "Copying" not in subscriber.synchronise()
    assert {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()} == written


def test_calendar_14_a_conference_of_three_days_is_one_block_for_a_subscriber(
    site: Site, subscriber: Subscriber
) -> None:
    first = (site.now + timedelta(days=20)).astimezone(WARSAW).replace(hour=0, minute=0, second=0)
    after = first.replace(tzinfo=None) + timedelta(days=3)
    site.factory.event(
        title="Konferencja",
        all_day=True,
        starts_at=first.astimezone(UTC),
        ends_at=after.replace(tzinfo=WARSAW).astimezone(UTC),
    )
    subscriber.subscribe(f"{site.address}/calendar.ics")
    seen = subscriber.agenda(site.now.date())["Konferencja"]
    last = after - timedelta(days=1)
    assert seen.is_all_day
    assert (seen.start[:10], seen.end[:10]) == (first.date().isoformat(), last.date().isoformat())
