"""The calendar of one person: asked for, renewed, switched off, forgotten; on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar, Component
from sqlalchemy import delete, func, select, update

from eventreg.calendars.personal_feed import PersonalFeed, personal_feed
from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.outbox.facts_reading import without_secrets
from eventreg.outbox.models import Mail
from eventreg.registrations.address_changing import change_address_for_person
from eventreg.registrations.cancelling import cancel_registration, restore_registration
from eventreg.registrations.finding_links import mail_links
from eventreg.registrations.models import PersonalCalendar, Registration
from eventreg.registrations.own_data import own_data
from eventreg.registrations.personal_calendar import (
    ask_for_calendar,
    calendar_seen,
    forget_calendars,
    renew_address,
    switch_off,
)
from eventreg.registrations.substitution import Substitute, Substituted, substitute
from eventreg.worker import PERIODIC_WORK
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

ANNA = "anna@example.org"
OFFICE = "sekretariat@example.org"


def mails(occasion: str = "personal_calendar") -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail).where(Mail.occasion == occasion).order_by(Mail.id)))


def calendars() -> list[PersonalCalendar]:
    db.session.rollback()
    query = select(PersonalCalendar).order_by(PersonalCalendar.id).execution_options(populate_existing=True)
    return list(db.session.scalars(query))


def told(mail: Mail) -> list[tuple[str, str]]:
    return [(one["name"], one["link_key"]) for one in mail.facts["calendars"]]


def feed_of(registration: Registration, now: datetime) -> PersonalFeed:
    """Of the person's calendar, which is made when she has none."""
    db.session.rollback()
    person = db.session.get_one(Registration, registration.id, populate_existing=True)
    mine = (PersonalCalendar.address_key == person.address_key, PersonalCalendar.name_key == person.name_key)
    if db.session.scalar(select(PersonalCalendar.id).where(*mine)) is None:
        assert ask_for_calendar(person.id, "pl", now) is not None
    calendar = db.session.scalars(select(PersonalCalendar).where(*mine)).one()
    db.session.rollback()
    db.session.expire_all()
    return personal_feed(calendar, "pl", now)


def entries(feed: PersonalFeed) -> dict[str, Component]:
    return {str(event["UID"]): event for event in Calendar.from_ical(feed.body).walk("VEVENT")}


def test_the_address_goes_to_the_mailbox_and_is_wiped_once_it_has_left(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), name="Anna Nowak", email="Anna@example.org")
    assert ask_for_calendar(person.id, "en", now) is not None
    [mail], [calendar] = mails(), calendars()
    assert (mail.to_address, mail.language, mail.to_name) == ("Anna@example.org", "en", "")
    assert (mail.event_id, mail.registration_id, mail.organiser_id) == (None, None, None)
    assert told(mail) == [("Anna Nowak", calendar.link_key)]
    assert (calendar.address_key, calendar.name_key) == (person.address_key, person.name_key)
    kept = str(without_secrets(mail.facts))
    assert calendar.link_key not in kept
    assert "Nowak" not in kept


def test_abuse_25_a_key_of_128_random_bits(factory: Factory, now: datetime) -> None:
    event = factory.event()
    for _number in range(5):
        ask_for_calendar(factory.registration(event).id, "pl", now)
    keys = {calendar.link_key for calendar in calendars()}
    assert len(keys) == 5
    assert {len(key) for key in keys} == {22}


def test_abuse_15_one_mail_an_hour_and_always_the_same_address(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=ANNA)
    assert ask_for_calendar(person.id, "pl", now) is not None
    assert ask_for_calendar(person.id, "pl", now + timedelta(minutes=59)) is None
    assert ask_for_calendar(person.id, "pl", now + timedelta(minutes=60, seconds=1)) is not None
    first, second = mails()
    assert told(first) == told(second)


def test_abuse_17_variants_of_an_address_share_the_hour(factory: Factory, now: datetime) -> None:
    event = factory.event()
    one = factory.registration(event, email="jan+a@gmail.com")
    other = factory.registration(event, email="j.a.n@gmail.com")
    assert ask_for_calendar(one.id, "pl", now) is not None
    assert ask_for_calendar(other.id, "pl", now) is None


def test_abuse_19_over_the_quota_the_mail_waits(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=ANNA)
    for hour in range(21):
        ask_for_calendar(person.id, "pl", now + timedelta(hours=hour, seconds=hour))
    assert len(mails()) == 21
    assert mails()[-1].next_try_at == mails()[-1].created_at + timedelta(hours=24)


@pytest.mark.parametrize("state", ["unconfirmed", "declined", "cancelled"])
def test_abuse_15_who_is_not_live_or_not_confirmed_gets_none(factory: Factory, now: datetime, state: str) -> None:
    more: dict[str, Any] = {"hold_until": now + timedelta(hours=1)} if state == "unconfirmed" else {}
    person = factory.registration(factory.event(), email=ANNA, state=state, confirmed_at=None, **more)
    assert ask_for_calendar(person.id, "pl", now) is None
    assert (mails(), calendars()) == ([], [])


def test_asked_twice_at_once_it_is_one_calendar_and_one_mail(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    people = [factory.registration(factory.event(), name="Anna Nowak", email=ANNA) for _number in range(3)]

    def ask(number: int) -> int | None:
        with each_database.app_context():
            return ask_for_calendar(people[number % 3].id, "pl", now)

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(ask, range(6)))
    assert len([outcome for outcome in outcomes if outcome is not None]) == 1
    assert (len(mails()), len(calendars())) == (1, 1)


def test_a_new_address_is_mailed_and_the_old_one_is_dead(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), name="Anna Nowak", email=ANNA)
    ask_for_calendar(person.id, "pl", now)
    old = calendars()[0].link_key
    assert renew_address(old, "pl", now + timedelta(minutes=5))  # within the hour: asked for by who holds the link
    [calendar] = calendars()
    assert calendar.link_key != old
    assert calendar_seen(old) is None
    assert told(mails()[1]) == [("Anna Nowak", calendar.link_key)]
    assert mails()[1].facts["calendars"][0]["is_renewed"]
    assert not renew_address(old, "pl", now)
    assert not switch_off(old)
    assert len(mails()) == 2


def test_switched_off_it_is_gone_and_a_later_one_has_another_address(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=ANNA)
    ask_for_calendar(person.id, "pl", now)
    old = calendars()[0].link_key
    assert switch_off(old)
    assert not switch_off(old)
    assert calendars() == []
    ask_for_calendar(person.id, "pl", now + timedelta(hours=2))
    assert calendars()[0].link_key != old
    assert calendar_seen(old) is None


def test_it_holds_all_events_of_the_person_and_each_as_it_stands(factory: Factory, now: datetime) -> None:
    event = factory.event(title="Szkolenie", attendance="hybrid", online_url="https://meet.example.org/x")
    people = {
        "confirmed": factory.registration(event, name="Anna Nowak", email=ANNA),
        "waiting": factory.registration(
            factory.event(title="Wizyta", attendance="hybrid", online_url="https://meet.example.org/y"),
            name="anna  nowak",
            email="ANNA@example.org",
            state="waitlisted",
            waiting_order=1,
            confirmed_at=None,
        ),
        "offered": factory.registration(
            factory.event(title="Misja"),
            name="Anna Nowak",
            email=ANNA,
            state="waitlisted",
            waiting_order=1,
            holds_place=True,
            offer_until=datetime(2026, 11, 24, 11, 0, tzinfo=UTC),
            confirmed_at=None,
        ),
        "pending": factory.registration(
            factory.event(title="Spotkanie"), name="Anna Nowak", email=ANNA, state="pending", confirmed_at=None
        ),
        "cancelled": factory.registration(
            factory.event(title="Wymiana"),
            name="Anna Nowak",
            email=ANNA,
            state="cancelled",
            cancelled_by="person",
            cancelled_at=now,
        ),
        "event_cancelled": factory.registration(
            factory.event(title="Webinar", state="cancelled", cancelled_at=now, cancel_reason="Choroba"),
            name="Anna Nowak",
            email=ANNA,
        ),
    }
    found = entries(feed_of(people["confirmed"], now))
    summaries = {key: str(found[person.uid]["SUMMARY"]) for key, person in people.items()}
    assert summaries == {
        "confirmed": "Szkolenie",
        "waiting": "Wizyta (lista rezerwowa)",
        "offered": "Misja (wolne miejsce czeka na przyjęcie)",
        "pending": "Spotkanie (czeka na decyzję organizatora)",
        "cancelled": "Wymiana (zgłoszenie wycofane)",
        "event_cancelled": "Webinar (wydarzenie odwołane)",
    }
    statuses = {key: str(found[person.uid]["STATUS"]) for key, person in people.items()}
    assert statuses == {
        "confirmed": "CONFIRMED",
        "waiting": "TENTATIVE",
        "offered": "TENTATIVE",
        "pending": "TENTATIVE",
        "cancelled": "CANCELLED",
        "event_cancelled": "CANCELLED",
    }
    assert len(found) == len(people)
    assert "https://meet.example.org/x" in found[people["confirmed"].uid]["DESCRIPTION"]
    assert found[people["confirmed"].uid]["CONFERENCE"] == "https://meet.example.org/x"
    assert "meet.example.org/y" not in found[people["waiting"].uid].to_ical().decode()  # for participants only
    assert str(found[people["offered"].uid]["DESCRIPTION"]).startswith("Miejsce czeka do 24\N{NO-BREAK SPACE}listopada")
    assert "Choroba" in found[people["event_cancelled"].uid]["DESCRIPTION"]


def test_abuse_32_nobody_else_is_in_it(factory: Factory, now: datetime) -> None:
    event = factory.event(contact_name="Maria Zielińska", contact_email="m.zielinska@example.org")
    anna = factory.registration(event, name="Anna Nowak", email=OFFICE)
    jan = factory.registration(event, name="Jan Bąk", email=OFFICE)  # the same mailbox
    namesake = factory.registration(event, name="Anna Nowak", email="anna.nowak@example.org")
    feed = feed_of(anna, now)
    assert list(entries(feed)) == [anna.uid]
    text = feed.body.decode().replace("\r\n ", "")
    for word in (
        jan.uid,
        namesake.uid,
        "Bąk",
        "Nowak",
        "Zieli",
        "@example.org",
        "ATTENDEE",
        "ORGANIZER",
        anna.link_key,
    ):
        assert word not in text
    assert calendars()[0].link_key not in text  # not even its own address: exports of it would hand it on


def test_abuse_32_the_substitute_has_a_calendar_of_her_own(factory: Factory, now: datetime) -> None:
    old = factory.registration(factory.event(title="Szkolenie"), name="Anna Nowak", email=OFFICE)
    feed_of(old, now)
    outcome = substitute(old.id, Substitute("Jan Bąk", OFFICE, "pl"), now)
    assert isinstance(outcome, Substituted)
    new = db.session.get_one(Registration, outcome.registration_id)
    [entry] = entries(feed_of(old, now)).values()
    assert (str(entry["UID"]), str(entry["STATUS"])) == (old.uid, "CANCELLED")
    assert list(entries(feed_of(new, now + timedelta(hours=2)))) == [new.uid]


def test_abuse_27_a_moved_registration_leaves_nothing_in_the_old_calendar(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event, name="Anna Nowak", email=ANNA)
    feed_of(person, now)
    old_calendar = calendars()[0]
    account = factory.account(event.organiser)
    change_address_for_person(person.id, event.id, "nowy@example.org", account.id, now)
    assert entries(personal_feed(old_calendar, "pl", now)) == {}
    assert not db.session.scalar(
        select(func.count()).where(PersonalCalendar.address_key == "nowy@example.org")
    )  # whoever reads the new mailbox asks for one
    db.session.rollback()
    assert forget_calendars(now) == 1
    assert calendars() == []


def test_calendar_10_the_same_bytes_while_nothing_changes(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=ANNA)
    first, later = feed_of(person, now), feed_of(person, now + timedelta(days=3))
    assert (first.body, first.tag, first.changed_at) == (later.body, later.tag, later.changed_at)
    assert first.changed_at == now


def test_calendar_12_every_change_raises_sequence_and_stamp(factory: Factory, now: datetime) -> None:
    event = factory.event(waiting_list="when_full")
    person = factory.registration(event, email=ANNA)
    feed_of(person, now)
    seen = []

    def look() -> None:
        [entry] = entries(feed_of(person, now)).values()
        assert entry["DTSTAMP"].dt == entry["LAST-MODIFIED"].dt
        seen.append((int(entry["SEQUENCE"]), entry["DTSTAMP"].dt, str(entry["STATUS"]), feed_of(person, now).tag))

    look()
    cancel_registration(person.id, now, by="person")
    look()
    restore_registration(person.id, now, by="person")
    look()
    with transaction() as session:
        changed = session.get_one(Event, event.id)
        changed.title, changed.revision, changed.updated_at = (
            "Inny tytuł",
            changed.revision + 1,
            now + timedelta(days=1),
        )
    look()
    assert [status for _sequence, _stamp, status, _tag in seen] == ["CONFIRMED", "CANCELLED", "CONFIRMED", "CONFIRMED"]
    sequences = [sequence for sequence, _stamp, _status, _tag in seen]
    assert sequences == sorted(set(sequences))
    stamps = [stamp for _sequence, stamp, _status, _tag in seen]
    assert stamps == sorted(stamps)
    assert stamps[0] == now < stamps[-1]
    assert len({tag for *_others, tag in seen}) == 4


def test_calendar_12_every_way_to_write_a_registration_raises_its_revision(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=ANNA)
    revisions = []
    for write in (_by_statement, _by_object):
        with transaction() as session:
            write(session.get_one(Registration, person.id))
        db.session.expire_all()
        row = db.session.execute(select(Registration.revision, Registration.updated_at)).one()
        revisions.append(row.revision)
        assert row.updated_at is not None
    assert revisions == [2, 3]


def _by_statement(person: Registration) -> None:
    db.session.execute(
        update(Registration).where(Registration.id == person.id).values(note="x"),
        execution_options={"synchronize_session": False},
    )


def _by_object(person: Registration) -> None:
    person.note = "y"


def test_found_links_carry_the_calendars_of_those_who_have_one(factory: Factory, now: datetime) -> None:
    event = factory.event()
    anna = factory.registration(event, name="Anna Nowak", email=OFFICE)
    factory.registration(factory.event(), name="Anna NOWAK", email=OFFICE)
    factory.registration(event, name="Jan Bąk", email=OFFICE)
    ask_for_calendar(anna.id, "pl", now)
    assert mail_links(OFFICE, "pl", now) is not None
    [mail] = mails("links_found")
    assert told(mail) == [("Anna NOWAK", calendars()[0].link_key)]
    assert calendars()[0].link_key not in str(without_secrets(mail.facts))


def test_found_links_bring_the_calendar_when_all_events_are_over(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event, name="Anna Nowak", email=ANNA)
    ask_for_calendar(person.id, "pl", now)
    assert mail_links(ANNA, "pl", event.ends_at) is not None
    assert mails("links_found")[0].facts["links"] == []
    assert told(mails("links_found")[0]) == [("Anna Nowak", calendars()[0].link_key)]


def test_the_worker_forgets_calendars_of_people_without_registrations(factory: Factory, now: datetime) -> None:
    stays, goes = factory.registration(factory.event(), email=ANNA), factory.registration(factory.event())
    for person in (stays, goes):
        ask_for_calendar(person.id, "pl", now)
    assert forget_calendars in PERIODIC_WORK
    assert forget_calendars(now) == 0
    with transaction() as session:
        session.execute(delete(Registration).where(Registration.id == goes.id))
    assert forget_calendars(now) == 1
    assert [calendar.address_key for calendar in calendars()] == [ANNA]


def test_her_data_tell_that_there_is_one_and_not_its_address(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=ANNA)
    assert own_data(person, "pl", now)["personal_calendar"] is False
    ask_for_calendar(person.id, "pl", now)
    db.session.rollback()
    data = own_data(db.session.get_one(Registration, person.id), "pl", now)
    assert data["personal_calendar"] is True
    assert calendars()[0].link_key not in str(data)
