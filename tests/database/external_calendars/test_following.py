"""Following calendars of others, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from eventreg.database import db, transaction
from eventreg.events.public_version import public_version
from eventreg.external_calendars.choosing_events import choose_events
from eventreg.external_calendars.feed_address_rules import AddressFault
from eventreg.external_calendars.following import (
    FollowRefusal,
    LookRefusal,
    ask_for_look,
    change_calendar,
    follow_calendar,
    stop_following,
)
from eventreg.external_calendars.following_rules import MOST_CALENDARS, CalendarFields
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.organisers.models import Account, AuditEntry, Membership, Organiser
from eventreg.privacy.models import InformationClause
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

FEED = "https://zwiazek.example.org/kalendarz.ics"


@pytest.fixture
def organiser(each_database: Flask, factory: Factory) -> Organiser:
    return factory.organiser()


@pytest.fixture
def account(factory: Factory, organiser: Organiser) -> Account:
    return factory.account(organiser)


def fields_of(calendar: ExternalCalendar, **changes: str | None) -> CalendarFields:
    values = {name: getattr(calendar, name) for name in ("name", "feed_url", "page_url", "kind", "shows", "words")}
    return CalendarFields(**{**values, **changes})


def stored(event: ExternalEvent) -> ExternalEvent:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(ExternalEvent, event.id)


def actions() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_calendar_is_followed_and_due_at_once(organiser: Organiser, account: Account, now: datetime) -> None:
    fields = CalendarFields("Związek Miast", "webcal://ZWIAZEK.example.org/kalendarz.ics", kind="meeting")
    followed = follow_calendar(organiser.id, fields, account.id, now)
    assert isinstance(followed, ExternalCalendar)
    assert (followed.feed_url, followed.outcome, followed.next_check_at) == (FEED, "new", now)
    assert (followed.shows, followed.kind, followed.checked_at) == ("by_hand", "meeting", None)
    assert actions() == ["calendar_followed"]


def test_one_address_is_followed_once_by_an_organiser(
    organiser: Organiser, account: Account, factory: Factory, now: datetime
) -> None:
    factory.external_calendar(organiser, feed_url=FEED)
    same = CalendarFields("Inaczej", "webcal://zwiazek.example.org/kalendarz.ics")
    assert follow_calendar(organiser.id, same, account.id, now) is FollowRefusal.ALREADY_FOLLOWED
    other = factory.external_calendar(organiser)
    changed = change_calendar(organiser.id, other.id, fields_of(other, feed_url=FEED), account.id, now)
    assert changed is FollowRefusal.ALREADY_FOLLOWED
    elsewhere = factory.organiser()
    assert isinstance(follow_calendar(elsewhere.id, same, account.id, now), ExternalCalendar)


def test_an_organiser_follows_so_many_calendars_at_most(
    organiser: Organiser, account: Account, factory: Factory, now: datetime
) -> None:
    for _number in range(MOST_CALENDARS):
        factory.external_calendar(organiser)
    assert follow_calendar(organiser.id, CalendarFields("X", FEED), account.id, now) is FollowRefusal.TOO_MANY
    assert actions() == []


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("javascript:alert(1)", AddressFault.SCHEME),
        ("ftp://zwiazek.example.org/k.ics", AddressFault.SCHEME),
        ("https://anna:haslo@zwiazek.example.org/k.ics", AddressFault.USER),
        ("https://zwiazek.example.org:22/k.ics", AddressFault.PORT),
        ("http://127.0.0.1/k.ics", AddressFault.PRIVATE),
        ("kalendarz", AddressFault.SCHEME),
    ],
)
def test_abuse_14_an_address_that_may_not_be_asked_is_refused_at_once(
    organiser: Organiser, account: Account, factory: Factory, now: datetime, address: str, fault: AddressFault
) -> None:
    calendar = factory.external_calendar(organiser)
    assert follow_calendar(organiser.id, CalendarFields("X", address), account.id, now) is fault
    assert change_calendar(organiser.id, calendar.id, fields_of(calendar, feed_url=address), account.id, now) is fault
    assert db.session.scalars(select(ExternalCalendar.feed_url)).all() == [calendar.feed_url]


@pytest.mark.parametrize("change", [{"name": "Inna nazwa"}, {"kind": "meeting"}, {"page_url": "https://x.example.org"}])
def test_what_feeds_tell_with_each_event_raises_its_revision(
    organiser: Organiser, account: Account, factory: Factory, now: datetime, change: dict[str, str]
) -> None:
    calendar = factory.external_calendar(organiser)
    event = factory.external_event(calendar, revision=3, changed_at=now - timedelta(days=2))
    bystander = factory.external_event(factory.external_calendar(organiser), revision=3)
    mark = public_version().mark
    changed = change_calendar(organiser.id, calendar.id, fields_of(calendar, **change), account.id, now)
    assert changed == list(change)
    assert (stored(event).revision, stored(event).changed_at, stored(event).shown) == (4, now, True)
    assert stored(bystander).revision == 3
    assert public_version().mark != mark
    assert actions() == ["calendar_changed"]


def test_nothing_is_written_when_nothing_changed(
    organiser: Organiser, account: Account, factory: Factory, now: datetime
) -> None:
    calendar = factory.external_calendar(organiser)
    event = factory.external_event(calendar)
    mark = public_version().mark
    assert change_calendar(organiser.id, calendar.id, fields_of(calendar), account.id, now) == []
    assert (stored(event).revision, public_version().mark, actions()) == (1, mark, [])


def test_another_rule_decides_anew_what_is_shown_but_not_what_was_picked_by_hand(
    organiser: Organiser, account: Account, factory: Factory, now: datetime
) -> None:
    calendar = factory.external_calendar(organiser)
    named = factory.external_event(calendar, title="Targi w Łodzi")
    other = factory.external_event(calendar, title="Posiedzenie zarządu")
    picked = factory.external_event(calendar, title="Zjazd", chosen=True)
    hidden = factory.external_event(calendar, title="Łódź buduje", chosen=False, shown=False)
    by_word = fields_of(calendar, shows="words", words="lod, targ")
    assert change_calendar(organiser.id, calendar.id, by_word, account.id, now) == ["shows", "words"]
    assert [stored(event).shown for event in (named, other, picked, hidden)] == [True, False, True, False]
    assert stored(named).revision == 1
    by_hand = fields_of(calendar, shows="by_hand", words="lod, targ")
    change_calendar(organiser.id, calendar.id, by_hand, account.id, now)
    assert [stored(event).shown for event in (named, other, picked, hidden)] == [False, False, True, False]
    all_of_it = fields_of(calendar, shows="all", words="")
    change_calendar(organiser.id, calendar.id, all_of_it, account.id, now)
    assert [stored(event).shown for event in (named, other, picked, hidden)] == [True, True, True, False]


def test_another_address_begins_from_nothing(
    organiser: Organiser, account: Account, factory: Factory, now: datetime
) -> None:
    calendar = factory.external_calendar(
        organiser, etag='"a"', last_modified="Sun, 22 Nov 2026 08:00:00 GMT", content_mark="f" * 64, failures=2,
        events_read=1, events_left_out=3, events_repeating=4, outcome="too_slow",
    )  # fmt: skip
    factory.external_event(calendar)
    kept = factory.external_event(factory.external_calendar(organiser))
    mark = public_version().mark
    change_calendar(organiser.id, calendar.id, fields_of(calendar, feed_url=FEED), account.id, now)
    db.session.rollback()
    db.session.expire_all()
    assert db.session.scalars(select(ExternalEvent.id)).all() == [kept.id]
    anew = db.session.get_one(ExternalCalendar, calendar.id)
    assert (anew.feed_url, anew.outcome, anew.next_check_at, anew.failures) == (FEED, "new", now, 0)
    assert (anew.etag, anew.last_modified, anew.content_mark) == ("", "", "")
    assert (anew.checked_at, anew.succeeded_at) == (None, None)
    assert (anew.events_read, anew.events_left_out, anew.events_repeating) == (0, 0, 0)
    assert public_version().mark != mark


def test_stopping_forgets_the_calendar_and_its_events(
    organiser: Organiser, account: Account, factory: Factory, now: datetime
) -> None:
    calendar = factory.external_calendar(organiser)
    factory.external_event(calendar)
    kept = factory.external_event(factory.external_calendar(organiser))
    mark = public_version().mark
    assert stop_following(organiser.id, calendar.id, account.id, now) is True
    db.session.rollback()
    assert db.session.scalars(select(ExternalEvent.id)).all() == [kept.id]
    assert db.session.scalars(select(ExternalCalendar.id)).all() == [kept.calendar_id]
    assert public_version().mark != mark
    assert stop_following(organiser.id, calendar.id, account.id, now) is False
    assert actions() == ["calendar_unfollowed"]


def test_a_look_is_asked_for_at_most_once_a_minute(
    organiser: Organiser, account: Account, factory: Factory, now: datetime
) -> None:
    calendar = factory.external_calendar(organiser, checked_at=now - timedelta(seconds=61))
    assert ask_for_look(organiser.id, calendar.id, account.id, now) is None
    db.session.rollback()
    assert db.session.scalars(select(ExternalCalendar.next_check_at)).one() == now
    assert ask_for_look(organiser.id, calendar.id, account.id, now) is LookRefusal.LOOKED_LATELY
    with transaction():
        looked = db.session.get_one(ExternalCalendar, calendar.id)
        looked.checked_at, looked.next_check_at = now, now + timedelta(hours=1)
    soon = now + timedelta(seconds=59)
    assert ask_for_look(organiser.id, calendar.id, account.id, soon) is LookRefusal.LOOKED_LATELY
    assert ask_for_look(organiser.id, calendar.id, account.id, now + timedelta(minutes=1)) is None
    assert actions() == ["calendar_look_asked", "calendar_look_asked"]


def test_asking_for_a_look_changes_nothing_in_public(
    organiser: Organiser, account: Account, factory: Factory, now: datetime
) -> None:
    calendar = factory.external_calendar(organiser)
    mark = public_version().mark
    assert ask_for_look(organiser.id, calendar.id, account.id, now) is None
    db.session.rollback()
    assert public_version().mark == mark


def test_events_are_picked_hidden_and_left_to_the_rule(
    organiser: Organiser, account: Account, factory: Factory, now: datetime
) -> None:
    calendar = factory.external_calendar(organiser, shows="by_hand")
    first, second = (factory.external_event(calendar, shown=False) for _number in range(2))
    mark = public_version().mark
    assert choose_events(organiser.id, calendar.id, [first.id], True, account.id, now) == 1
    assert [(stored(event).chosen, stored(event).shown) for event in (first, second)] == [(True, True), (None, False)]
    assert public_version().mark != mark
    assert choose_events(organiser.id, calendar.id, [first.id, second.id], False, account.id, now) == 2
    assert [(stored(event).chosen, stored(event).shown) for event in (first, second)] == [(False, False)] * 2
    assert choose_events(organiser.id, calendar.id, [first.id], None, account.id, now) == 1
    assert (stored(first).chosen, stored(first).shown) == (None, False)
    assert actions() == ["calendar_events_chosen"] * 3


def test_abuse_28_an_organiser_touches_nothing_of_another(
    organiser: Organiser, account: Account, factory: Factory, now: datetime
) -> None:
    own = factory.external_calendar(organiser)
    theirs = factory.external_calendar()
    event = factory.external_event(theirs)
    fields = fields_of(theirs, name="Przejęty", feed_url=FEED)
    assert change_calendar(organiser.id, theirs.id, fields, account.id, now) is FollowRefusal.NOT_FOUND
    assert stop_following(organiser.id, theirs.id, account.id, now) is False
    assert ask_for_look(organiser.id, theirs.id, account.id, now) is LookRefusal.NOT_FOUND
    assert choose_events(organiser.id, theirs.id, [event.id], False, account.id, now) is None
    assert choose_events(organiser.id, own.id, [event.id], False, account.id, now) == 0
    assert (stored(event).chosen, stored(event).shown, stored(event).calendar.name) == (None, True, theirs.name)
    assert actions() == []


def test_several_at_once_are_judged_one_after_the_other(
    each_database: Flask, organiser: Organiser, account: Account, factory: Factory, now: datetime
) -> None:
    for _number in range(MOST_CALENDARS - 2):
        factory.external_calendar(organiser)
    db.session.rollback()

    def follow(address: str) -> str:
        with each_database.app_context():
            outcome = follow_calendar(organiser.id, CalendarFields("X", address), account.id, now)
            return outcome.value if isinstance(outcome, FollowRefusal) else "followed"

    addresses = [FEED, FEED, f"{FEED}?2", f"{FEED}?3"]
    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(follow, addresses))
    assert outcomes.count("followed") == 2
    db.session.rollback()
    followed = db.session.scalars(select(ExternalCalendar.feed_url)).all()
    assert len(followed) == len(set(followed)) == MOST_CALENDARS


def test_an_organiser_that_goes_takes_its_calendars_along(
    organiser: Organiser, factory: Factory, now: datetime
) -> None:
    factory.external_event(factory.external_calendar(organiser))
    with transaction() as session:
        session.execute(delete(Membership))
        session.execute(delete(InformationClause))
        session.execute(delete(Organiser).where(Organiser.id == organiser.id))
    assert db.session.scalars(select(ExternalEvent)).all() == []
