"""Feeds of 10,000 events: what an unchanged one costs beside a bare view, what a whole one takes, what stays in memory.

calendar.md 16. Both servers take turns, so that a slow moment of the machine hits both.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from urllib.request import Request, urlopen

from flask import Flask
from sqlalchemy import insert, update

from bench.load_generator import Plan, Step, run
from bench.web_servers import memory_mib, served
from eventreg.database import transaction
from eventreg.events.models import Event
from eventreg.events.public_version import note_public_change
from eventreg.organisers.models import Organiser

EVENTS = 10_000
ROUNDS = 5
ROUND_SECONDS = 2.0
SUBSCRIBERS = 20_000

_FEED = [Step("/calendar.ics")]

NOW = datetime.now(UTC).replace(microsecond=0)


def measure_feeds(app: Flask) -> Iterator[str]:
    """Fills the database, then asks over HTTP as subscribers do."""
    _fill(EVENTS)
    with served(app, "bench.yardstick_apps:views") as (bare_port, _), served(app) as (port, pid):
        before = time.perf_counter()
        tag, size = _get(port)
        yield f"the first answer after the start, {EVENTS} events, {size / 2**20:.1f} MiB: {_ms(before):.0f} ms"
        yield f"the whole feed again: {_median_ms(port):.1f} ms, packed: {_median_ms(port, packed=True):.1f} ms"
        yield from _after_an_edit(port)
        tag, _size = _get(port)
        yield from _unchanged(port, bare_port, tag)
        yield from _subscribers(port, pid, tag)


def _after_an_edit(port: int) -> Iterator[str]:
    took = {False: [], True: []}
    for number in range(6):
        with transaction() as session:
            session.execute(
                update(Event).where(Event.id == number + 1).values(title="Inny tytuł", revision=Event.revision + 1)
            )
            note_public_change()
        before = time.perf_counter()
        _get(port, packed=bool(number % 2))
        took[bool(number % 2)].append(_ms(before))
    yield f"the whole feed after one edit: {median(took[False]):.0f} ms, packed: {median(took[True]):.0f} ms"


def _unchanged(port: int, bare_port: int, tag: str) -> Iterator[str]:
    ours, bare = [], []
    plan = Plan(port, _FEED, seconds=ROUND_SECONDS, headers={"If-None-Match": tag})
    bare_plan = Plan(bare_port, [Step("/unchanged")], seconds=ROUND_SECONDS)
    run(plan), run(bare_plan)
    for _ in range(ROUNDS):
        for one, rates in ((run(bare_plan), bare), (run(plan), ours)):
            if set(one.statuses) != {"304"}:
                raise RuntimeError(f"not 304 alone: {one.statuses}")
            rates.append(one.rate)
    ratio = median(ours) / median(bare)
    yield f"unchanged (304): {median(ours):.0f}/s; a view with one query: {median(bare):.0f}/s; ratio {ratio:.2f}"


def _subscribers(port: int, pid: int, tag: str) -> Iterator[str]:
    before = memory_mib(pid)
    for headers in ({"If-None-Match": tag}, {"Accept-Encoding": "gzip"}):
        requests = SUBSCRIBERS if "If-None-Match" in headers else 500
        run(Plan(port, _FEED, rounds=requests, seconds=60, headers=headers, numbered_header="User-Agent"))
    after = memory_mib(pid)
    yield f"memory before and after {SUBSCRIBERS} more subscribers: {before:.0f} and {after:.0f} MiB"


def _get(port: int, *, packed: bool = False) -> tuple[str, int]:
    headers = {"Accept-Encoding": "gzip"} if packed else {}
    request = Request(f"http://localhost:{port}/calendar.ics", headers=headers)
    with urlopen(request) as answer:  # noqa: S310  # same
        return answer.headers["ETag"], len(answer.read())


def _median_ms(port: int, *, packed: bool = False) -> float:
    headers = {"Accept-Encoding": "gzip"} if packed else {}
    return run(Plan(port, _FEED, connections=1, rounds=30, seconds=20, headers=headers)).p50


def _ms(before: float) -> float:
    return (time.perf_counter() - before) * 1000


def _fill(events: int) -> None:
    with transaction() as session:
        organisers = [
            Organiser(slug=f"urzad-{number}", name=f"Urząd {number}", contact_email="b@example.org", created_at=NOW)
            for number in range(20)
        ]
        session.add_all(organisers)
        session.flush()
        for first in range(0, events, 1_000):
            rows = [_event(number, organisers[number % 20].id) for number in range(first, first + 1_000)]
            session.execute(insert(Event), rows)
        note_public_change()


def _event(number: int, organiser_id: int) -> dict[str, object]:
    starts_at = NOW + timedelta(hours=1 + number % 8_000)
    return {
        "slug": f"warsztaty-{number}",
        "uid": f"warsztaty-{number}@localhost",
        "organiser_id": organiser_id,
        "state": "published",
        "kind": "workshop",
        "title": f"Warsztaty współpracy transgranicznej, część {number}",
        "summary": "Jak przygotować wniosek i znaleźć partnera za granicą.",
        "audience": "pracownicy jednostek samorządu terytorialnego",
        "venue": "Urząd Miasta Proszowice",
        "street": "ul. 3 Maja 72",
        "postal_code": "32-100",
        "city": "Proszowice",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=90),
        "capacity": 30,
        "created_at": NOW,
        "updated_at": NOW,
        "published_at": NOW,
    }
