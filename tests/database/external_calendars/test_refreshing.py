"""Looking at the calendars of others, from real servers, on both databases."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from eventreg.calendars.feed import PAST_STAYS
from eventreg.database import db, transaction
from eventreg.events.public_version import public_version
from eventreg.external_calendars import refreshing
from eventreg.external_calendars.fetch_rules import CLAIM_LASTS, MOST_IN_A_ROUND, SPREAD, Limits, Outcome
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.external_calendars.refreshing import refresh_calendar, refresh_due
from tests.calendar_servers import Asked, CalendarServer, calendar_server, drip, hang, pour
from tests.factories import Factory

HOUR = timedelta(hours=1)
QUICK = Limits(connect_seconds=0.3, total_seconds=0.3)


def calendar_of(*events: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", *events, "END:VCALENDAR", "")).encode()


def event(uid: str, title: str = "Forum", start: str = "20261201T100000Z", *lines: str) -> str:
    head = ("BEGIN:VEVENT", f"UID:{uid}", f"DTSTART:{start}", f"SUMMARY:{title}")
    return "\r\n".join((*head, *lines, "END:VEVENT"))


@pytest.fixture
def server(each_database: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[CalendarServer]:
    """A server that the application may ask although it is here."""
    with calendar_server() as server:
        config = each_database.extensions["eventreg.config"]
        allowed = replace(config, internal_calendar_hosts=(server.host,))
        monkeypatch.setitem(each_database.extensions, "eventreg.config", allowed)
        yield server


@pytest.fixture
def calendar(server: CalendarServer, factory: Factory, now: datetime) -> ExternalCalendar:
    """A calendar nobody has looked at, due since a minute."""
    return factory.external_calendar(
        feed_url=server.url(),
        outcome="new",
        checked_at=None,
        succeeded_at=None,
        next_check_at=now - timedelta(minutes=1),
    )


def holds(server: CalendarServer, *events: str, **headers: str) -> None:
    """What the server answers from now on."""
    body = calendar_of(*events)
    server.answer = lambda asked: asked.reply(body, **headers)


def rows() -> list[ExternalEvent]:
    db.session.rollback()
    found = db.session.scalars(
        select(ExternalEvent)
        .order_by(ExternalEvent.starts_at, ExternalEvent.id)
        .execution_options(populate_existing=True)
    )
    return list(found)


def fresh(calendar: ExternalCalendar) -> ExternalCalendar:
    db.session.rollback()
    return db.session.get_one(ExternalCalendar, calendar.id, populate_existing=True)


def mark() -> str:
    db.session.rollback()
    found = public_version().mark
    db.session.rollback()
    return found


def test_the_first_look_keeps_what_the_calendar_holds(
    server: CalendarServer, calendar: ExternalCalendar, now: datetime
) -> None:
    lines = ("DTEND:20261201T120000Z", "LOCATION:Kraków", "URL:https://example.org/forum", "DESCRIPTION:Dwa dni")
    holds(server, event("1", "Forum", "20261201T100000Z", *lines), event("2", "Rok 2020", "20200101"), ETag='"1"')
    before = mark()
    assert refresh_calendar(calendar.id, now) is Outcome.READ
    (row,) = rows()
    assert (row.title, row.place, row.url, row.description) == (
        "Forum",
        "Kraków",
        "https://example.org/forum",
        "Dwa dni",
    )
    assert (row.ends_at - row.starts_at, row.all_day, row.cancelled) == (2 * HOUR, False, False)
    assert (row.revision, row.changed_at, row.shown, row.chosen) == (1, now, True, None)
    assert row.uid.startswith("external-")
    assert row.uid.endswith("@localhost")
    kept = fresh(calendar)
    assert (kept.outcome, kept.failures, kept.etag, kept.checked_at, kept.succeeded_at) == ("read", 0, '"1"', now, now)
    assert (kept.events_read, kept.events_left_out, kept.events_repeating) == (1, 1, 0)
    assert HOUR <= kept.next_check_at - now < HOUR + SPREAD
    assert mark() != before
    ((_path, headers),) = server.asked
    assert headers["user-agent"] == "eventreg/0.1.0 (+http://localhost)"
    assert "if-none-match" not in headers


def test_a_later_look_changes_what_changed_and_no_more(
    server: CalendarServer, calendar: ExternalCalendar, now: datetime
) -> None:
    holds(server, event("1"), event("2", start="20261202"), event("3", start="20261203"))
    refresh_calendar(calendar.id, now)
    first, second, _third = [(row.id, row.uid) for row in rows()]
    holds(server, event("1"), event("2", "Inny tytuł", "20261202"), event("4", "Nowe", "20261204"))
    assert refresh_calendar(calendar.id, now + HOUR) is Outcome.READ
    one, two, four = rows()
    assert (one.id, one.uid, one.revision, one.changed_at) == (*first, 1, now)
    assert (two.id, two.uid, two.title) == (*second, "Inny tytuł")
    assert (two.revision, two.changed_at) == (2, now + HOUR)
    assert (four.title, four.revision) == ("Nowe", 1)
    assert len({row.uid for row in rows()}) == 3


@pytest.mark.parametrize("says_so", [True, False], ids=["304", "200 with the same bytes"])
def test_an_unchanged_calendar_leaves_what_is_public_alone(
    server: CalendarServer, calendar: ExternalCalendar, now: datetime, says_so: bool
) -> None:
    def answer(asked: Asked) -> None:
        if says_so and asked.headers.get("If-None-Match") == '"1"':
            asked.reply(b"", 304)
        else:
            asked.reply(calendar_of(event("1")), ETag='"1"')

    server.answer = answer
    refresh_calendar(calendar.id, now)
    before, (row,) = mark(), rows()
    assert refresh_calendar(calendar.id, now + HOUR) is Outcome.UNCHANGED
    assert server.asked[-1][1]["if-none-match"] == '"1"'
    assert mark() == before
    assert [(r.id, r.revision) for r in rows()] == [(row.id, 1)]
    kept = fresh(calendar)
    assert (kept.outcome, kept.checked_at, kept.succeeded_at) == ("unchanged", now + HOUR, now + HOUR)
    assert kept.next_check_at > now + 2 * HOUR


def test_a_calendar_that_was_not_taken_whole_is_read_in_full_the_next_day(
    server: CalendarServer, calendar: ExternalCalendar, now: datetime
) -> None:
    holds(server, event("1"), event("2", start="20200101"), ETag='"1"')
    refresh_calendar(calendar.id, now)
    assert refresh_calendar(calendar.id, now + HOUR) is Outcome.UNCHANGED
    before = mark()
    assert refresh_calendar(calendar.id, now + 24 * HOUR) is Outcome.READ
    assert ["if-none-match" in headers for _path, headers in server.asked] == [False, True, False]
    assert mark() == before  # it was read anew, and is still the same


FAILING: list[tuple[Callable[[Asked], None], Outcome]] = [
    (lambda asked: asked.reply(b"<html><body>Kalendarz</body></html>"), Outcome.NOT_A_CALENDAR),
    (lambda asked: asked.reply(b"BEGIN:VCALENDAR\r\n"), Outcome.NOT_A_CALENDAR),
    (lambda asked: asked.reply(b"", 404), Outcome.NOT_FOUND),
    (lambda asked: asked.reply(b"", 500), Outcome.ANSWER_ERROR),
    (lambda asked: asked.reply(b"", 302, Location="http://10.0.0.1/"), Outcome.ADDRESS_REFUSED),
    (lambda asked: asked.reply(bytes(6_000_000)), Outcome.TOO_LARGE),
    (pour, Outcome.TOO_LARGE),
    (drip, Outcome.TOO_SLOW),
    (hang, Outcome.TOO_SLOW),
]


@pytest.mark.parametrize(("answer", "outcome"), FAILING)
def test_what_was_read_before_a_failure_stays(
    server: CalendarServer,
    calendar: ExternalCalendar,
    now: datetime,
    answer: Callable[[Asked], None],
    outcome: Outcome,
) -> None:
    holds(server, event("1"), ETag='"1"')
    refresh_calendar(calendar.id, now)
    before = mark()
    server.answer = answer
    limits = QUICK if outcome is Outcome.TOO_SLOW else Limits(connect_seconds=10, total_seconds=30)
    assert refresh_calendar(calendar.id, now + HOUR, limits) is outcome
    kept = fresh(calendar)
    assert (kept.outcome, kept.failures, kept.checked_at, kept.succeeded_at) == (outcome.value, 1, now + HOUR, now)
    assert (kept.etag, kept.events_read) == ('"1"', 1)
    assert [row.title for row in rows()] == ["Forum"]
    assert mark() == before


def test_a_calendar_that_fails_is_asked_less_often_until_it_is_well_again(
    server: CalendarServer, calendar: ExternalCalendar, now: datetime
) -> None:
    server.answer = lambda asked: asked.reply(b"", 500)
    pauses = []
    for _ in range(7):
        refresh_calendar(calendar.id, now)
        pauses.append((fresh(calendar).next_check_at - now) // HOUR)
    assert pauses == [1, 2, 4, 8, 16, 24, 24]
    server.answer = lambda asked: asked.reply(b"", 503, Retry_After=str(10 * 3600))
    with transaction() as session:
        session.execute(update(ExternalCalendar).values(failures=0))
    refresh_calendar(calendar.id, now)
    assert (fresh(calendar).next_check_at - now) // HOUR == 10
    server.answer = Asked.reply
    assert refresh_calendar(calendar.id, now) is Outcome.READ
    assert (fresh(calendar).failures, (fresh(calendar).next_check_at - now) // HOUR) == (0, 1)


def test_what_was_chosen_by_hand_and_the_words_decide_what_is_shown(
    server: CalendarServer, calendar: ExternalCalendar, now: datetime
) -> None:
    with transaction() as session:
        session.execute(update(ExternalCalendar).values(shows="words", words="forum"))
    holds(server, event("1"), event("2", "Piknik", "20261202"), event("3", "Forum", "20261203"))
    refresh_calendar(calendar.id, now)
    assert [row.shown for row in rows()] == [True, False, True]
    with transaction() as session:
        session.execute(update(ExternalEvent).where(ExternalEvent.title == "Piknik").values(chosen=True, shown=True))
    holds(server, event("1", "Targi"), event("2", "Piknik rodzinny", "20261202"), event("3", "Forum", "20261203"))
    refresh_calendar(calendar.id, now + HOUR)
    assert [(row.title, row.chosen, row.shown) for row in rows()] == [
        ("Targi", None, False),
        ("Piknik rodzinny", True, True),
        ("Forum", None, True),
    ]


def test_what_is_over_for_long_goes_even_when_nothing_is_new(
    server: CalendarServer, calendar: ExternalCalendar, now: datetime
) -> None:
    holds(server, event("1"), event("2", start="20271201"), ETag='"1"')
    refresh_calendar(calendar.id, now)
    server.answer = lambda asked: asked.reply(b"", 304)
    over = rows()[0].ends_at + PAST_STAYS
    refresh_calendar(calendar.id, over - HOUR)
    assert len(rows()) == 2
    before = mark()
    assert refresh_calendar(calendar.id, over) is Outcome.UNCHANGED
    assert [row.starts_at.year for row in rows()] == [2027]
    assert mark() == before


def test_nothing_is_kept_for_a_calendar_that_is_gone_or_has_moved_meanwhile(
    each_database: Flask, server: CalendarServer, calendar: ExternalCalendar, now: datetime
) -> None:
    calendar_id = calendar.id

    def meanwhile(change: Callable[[], None]) -> Callable[[Asked], None]:
        def answer(asked: Asked) -> None:
            with each_database.app_context():
                change()
            asked.reply(calendar_of(event("1")))

        return answer

    def move() -> None:
        with transaction() as session:
            session.execute(update(ExternalCalendar).values(feed_url="https://other.example.org/", next_check_at=now))

    def forget() -> None:
        with transaction() as session:
            session.delete(session.get_one(ExternalCalendar, calendar_id))

    server.answer = meanwhile(move)
    assert refresh_calendar(calendar_id, now) is Outcome.NEW
    assert (fresh(calendar).outcome, fresh(calendar).next_check_at, rows()) == ("new", now, [])
    with transaction() as session:
        session.execute(update(ExternalCalendar).values(feed_url=server.url()))
    server.answer = meanwhile(forget)
    assert refresh_calendar(calendar_id, now) is Outcome.NEW
    assert refresh_calendar(calendar_id, now) is Outcome.NEW
    assert rows() == []


def test_what_is_due_is_looked_at_in_its_order_and_what_is_not_due_is_left(
    server: CalendarServer, calendar: ExternalCalendar, factory: Factory, now: datetime
) -> None:
    factory.external_calendar(feed_url=server.url("/later"), next_check_at=now + timedelta(seconds=1))
    factory.external_calendar(feed_url=server.url("/first"), next_check_at=now - HOUR)
    server.answer = lambda asked: asked.reply(b"", 404)
    assert refresh_due(now) == 2
    assert [path for path, _headers in server.asked] == ["/first", "/kalendarz.ics"]
    assert refresh_due(now) == 0
    assert refresh_due(now, is_stopping=lambda: True) == 0


def test_a_round_ends_and_a_worker_that_stops_takes_no_more(
    server: CalendarServer, factory: Factory, now: datetime
) -> None:
    organiser = factory.organiser()
    for number in range(MOST_IN_A_ROUND + 3):
        factory.external_calendar(organiser, feed_url=server.url(f"/{number}"), next_check_at=now)
    server.answer = lambda asked: asked.reply(b"", 404)
    assert refresh_due(now, is_stopping=lambda: len(server.asked) >= 2) == 2
    assert refresh_due(now) == MOST_IN_A_ROUND
    assert refresh_due(now) == 1


def test_several_workers_look_at_each_calendar_once(
    each_database: Flask, server: CalendarServer, factory: Factory, now: datetime
) -> None:
    organiser = factory.organiser()
    for number in range(12):
        factory.external_calendar(organiser, feed_url=server.url(f"/{number}"), next_check_at=now)
    db.session.rollback()
    done: list[int] = []

    def work() -> None:
        with each_database.app_context():
            done.append(refresh_due(now))
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(done) == 12
    assert sorted(path for path, _headers in server.asked) == sorted(f"/{number}" for number in range(12))


def test_while_a_server_is_waited_for_others_may_write_and_the_claim_holds(
    each_database: Flask, server: CalendarServer, calendar: ExternalCalendar, factory: Factory, now: datetime
) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def answer(asked: Asked) -> None:
        arrived.set()
        go_on.wait(30)
        asked.reply(calendar_of(event("1")))

    def work() -> None:
        with each_database.app_context():
            refresh_due(now)
            db.session.remove()

    server.answer = answer
    thread = threading.Thread(target=work)
    thread.start()
    assert arrived.wait(30)
    factory.organiser()  # on SQLite nobody could write beside an open transaction
    assert fresh(calendar).next_check_at == now + CLAIM_LASTS
    assert refresh_due(now) == 0
    db.session.rollback()
    go_on.set()
    thread.join(30)
    assert (fresh(calendar).outcome, len(rows())) == ("read", 1)


def test_a_mistake_of_ours_is_told_and_does_not_keep_us_from_the_others(
    server: CalendarServer,
    calendar: ExternalCalendar,
    factory: Factory,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = factory.external_calendar(feed_url=server.url("/other"), next_check_at=now)
    read_calendar = refreshing.read_calendar

    def stumble(body: bytes, moment: datetime) -> object:
        if len(server.asked) == 1:
            raise KeyError("a mistake")
        return read_calendar(body, moment)

    monkeypatch.setattr(refreshing, "read_calendar", stumble)
    assert refresh_due(now) == 2
    assert (fresh(calendar).outcome, fresh(calendar).failures) == ("failed", 1)
    assert fresh(other).outcome == "read"


def test_a_copy_of_one_of_our_own_uids_harms_nobody(
    server: CalendarServer, calendar: ExternalCalendar, factory: Factory, now: datetime
) -> None:
    own = factory.event()
    twin = factory.external_calendar(feed_url=server.url("/twin"), next_check_at=now)
    holds(server, event(own.uid))
    assert refresh_calendar(calendar.id, now) is Outcome.READ
    assert refresh_calendar(twin.id, now) is Outcome.READ
    assert len({own.uid, *(row.uid for row in rows())}) == 3


def test_the_public_calendar_follows_each_look(
    each_database: Flask, server: CalendarServer, calendar: ExternalCalendar, now: datetime
) -> None:
    client = each_database.test_client()

    def public() -> str:
        db.session.rollback()
        return client.get("/calendar.ics").get_data(as_text=True)

    coming = datetime.now(UTC) + timedelta(days=30)  # pages live by the real clock
    assert "BEGIN:VEVENT" not in public()
    for title in ("Forum Miast", "Forum Gmin"):
        holds(server, event("1", title, f"{coming:%Y%m%dT100000Z}"))
        refresh_calendar(calendar.id, now)
        assert f"SUMMARY:{title}" in public()
        assert public().count("BEGIN:VEVENT") == 1
    server.answer = lambda asked: asked.reply(b"<html></html>")
    refresh_calendar(calendar.id, now)
    assert "SUMMARY:Forum Gmin" in public()
    holds(server)
    refresh_calendar(calendar.id, now)
    assert "BEGIN:VEVENT" not in public()
