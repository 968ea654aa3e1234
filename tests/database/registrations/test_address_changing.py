"""Another address: both mailboxes agree (abuse 27), on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.composing import compose
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import ClaimedMail
from eventreg.registrations.address_changing import (
    Asked,
    CannotAsk,
    ChangeStanding,
    agree,
    ask_address_change,
    change_seen,
    delete_forgotten_changes,
)
from eventreg.registrations.cancelling import CannotChange, cancel_registration
from eventreg.registrations.models import AddressChange, Registration
from eventreg.registrations.substitution import Substitute, Substituted, substitute
from eventreg.worker import PERIODIC_WORK
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

NEW = "anna.nowa@example.org"


def row(registration: Registration) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def keys(registration: Registration) -> tuple[str, str]:
    """Of the newest request: the old mailbox's and the new one's."""
    db.session.rollback()
    found = db.session.scalars(
        select(AddressChange).where(AddressChange.registration_id == registration.id).order_by(AddressChange.id.desc())
    ).first()
    assert found is not None
    return found.old_link_key, found.new_link_key


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def calendar_part(mail: Mail) -> tuple[str, str, str, int, str] | None:
    """Method, status, UID, SEQUENCE and attendee of a mail as it leaves; None when it carries nothing."""
    claimed = ClaimedMail(**{field.name: getattr(mail, field.name) for field in fields(ClaimedMail)})
    for part in compose(claimed).walk():
        if part.get_content_type() == "text/calendar":
            calendar = Calendar.from_ical(part.get_payload(decode=True))
            [entry] = calendar.walk("VEVENT")
            method, status, uid = (str(value) for value in (calendar["METHOD"], entry["STATUS"], entry["UID"]))
            return method, status, uid, int(entry["SEQUENCE"]), str(entry["ATTENDEE"])
    return None


def asked(registration: Registration, now: datetime, address: str = NEW) -> tuple[str, str]:
    assert isinstance(ask_address_change(registration.id, address, now), Asked)
    return keys(registration)


def test_asking_writes_to_both_and_changes_nothing(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    asked(person, now)
    assert [(mail.occasion, mail.to_address, mail.state) for mail in mails()] == [
        ("address_change_asked", "anna@example.org", "queued"),
        ("address_change_asked", NEW, "queued"),
    ]
    assert row(person).email == "anna@example.org"
    assert all(person.link_key not in str(mail.facts) for mail in mails())  # the new mailbox cannot act alone


@pytest.mark.parametrize("old_first", [True, False])
def test_abuse_27_it_moves_when_both_have_agreed_in_either_order(
    factory: Factory, now: datetime, old_first: bool
) -> None:
    person = factory.registration(factory.event(), email="anna@example.org", ical_sequence=2)
    old_key, new_key = asked(person, now)
    first, second = (old_key, new_key) if old_first else (new_key, old_key)
    assert agree(first, now) is ChangeStanding.HALF
    assert agree(first, now) is ChangeStanding.HALF  # a double click
    assert row(person).email == "anna@example.org"
    assert agree(second, now) is ChangeStanding.DONE
    assert agree(second, now) is ChangeStanding.DONE
    moved = row(person)
    assert (moved.email, moved.address_key, moved.quota_key) == (NEW, NEW, NEW)
    assert moved.uid == person.uid
    assert moved.link_key not in (old_key, new_key)
    [entry] = db.session.scalars(select(AuditEntry))
    assert (entry.action, entry.account_id) == ("registration_address_changed_by_person", None)


def test_old_links_die_and_the_new_one_goes_to_the_new_mailbox_alone(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    before = person.link_key
    for key in asked(person, now):
        agree(key, now)
    after = row(person).link_key
    assert after != before
    to_old, to_new = mails()[2:]
    assert (to_old.to_address, to_new.to_address) == ("anna@example.org", NEW)
    assert after not in str(to_old.facts)
    assert after in str(to_new.facts)


def test_the_old_calendar_loses_the_entry_and_the_new_one_gets_it_with_the_same_uid(
    factory: Factory, now: datetime
) -> None:
    person = factory.registration(factory.event(), email="anna@example.org", ical_sequence=2)
    for key in asked(person, now):
        agree(key, now)
    assert [calendar_part(mail) for mail in mails()[:2]] == [None, None]
    to_old, to_new = mails()[2:]
    assert calendar_part(to_old) == ("CANCEL", "CANCELLED", person.uid, 3, "mailto:anna@example.org")
    assert calendar_part(to_new) == ("REQUEST", "CONFIRMED", person.uid, 4, f"mailto:{NEW}")
    assert row(person).ical_sequence == 4


def test_a_waiting_person_moves_without_any_calendar(factory: Factory, now: datetime) -> None:
    event = factory.event(waiting_list="when_full")
    person = factory.registration(event, state="waitlisted", waiting_order=1, confirmed_at=None, ical_sequence=-1)
    for key in asked(person, now):
        agree(key, now)
    assert (row(person).email, row(person).waiting_order, row(person).ical_sequence) == (NEW, 1, -1)
    assert all(mail.facts["people"][0]["invitation"] is None for mail in mails())


def test_it_expires_after_two_days(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    old_key, new_key = asked(person, now)
    agree(old_key, now)
    late = now + timedelta(hours=48)
    assert agree(new_key, late - timedelta(seconds=1)) is ChangeStanding.DONE
    other = factory.registration(factory.event(), email="ola@example.org")
    old_key, new_key = asked(other, now, "ola2@example.org")
    agree(old_key, now)
    assert agree(new_key, late) is ChangeStanding.EXPIRED
    assert row(other).email == "ola@example.org"


def test_a_newer_request_takes_the_place_of_the_older(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    old_key, new_key = asked(person, now, "zla@example.org")
    agree(old_key, now)
    asked(person, now)
    assert agree(new_key, now) is ChangeStanding.EXPIRED
    assert row(person).email == "anna@example.org"


def test_abuse_15_three_new_addresses_a_day(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    for number in range(3):
        asked(person, now, f"obca{number}@example.org")
    assert ask_address_change(person.id, "obca4@example.org", now) is CannotAsk.TOO_OFTEN
    assert isinstance(ask_address_change(person.id, NEW, now + timedelta(days=1)), Asked)


def test_addresses_that_never_agreed_are_forgotten(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    asked(person, now, "obca@example.org")
    asked(factory.registration(factory.event()), now + timedelta(hours=1), "ola2@example.org")
    assert delete_forgotten_changes in PERIODIC_WORK
    assert delete_forgotten_changes(now + timedelta(days=3)) == 0
    assert delete_forgotten_changes(now + timedelta(days=3, seconds=1)) == 1
    db.session.rollback()
    assert list(db.session.scalars(select(AddressChange.new_email))) == ["ola2@example.org"]


def test_an_address_that_agreed_is_not_forgotten(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    asked(person, now)
    for key in keys(person):
        agree(key, now)
    assert delete_forgotten_changes(now + timedelta(days=10)) == 0


def test_the_same_name_at_the_new_address_is_a_defined_end(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event, name="Anna Nowak", email="anna@example.org")
    factory.registration(event, name="Anna Nowak", email=NEW, state="cancelled", cancelled_by="person")
    old_key, new_key = asked(person, now)  # asking tells nothing about the new address
    agree(old_key, now)
    assert agree(new_key, now) is ChangeStanding.TAKEN
    assert row(person).email == "anna@example.org"
    for key in (old_key, new_key):
        seen = change_seen(key, now)
        assert seen is not None
        assert seen.standing is ChangeStanding.TAKEN
    assert len(mails()) == 2


def test_the_cap_of_the_new_mailbox_holds(factory: Factory, now: datetime) -> None:
    event = factory.event(cap_per_address=1)
    person = factory.registration(event, email="anna@example.org")
    factory.registration(event, email=NEW)
    old_key, new_key = asked(person, now)
    agree(new_key, now)
    assert agree(old_key, now) is ChangeStanding.TAKEN


def test_a_shared_mailbox_gets_a_file_and_no_request(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event, email="anna@example.org")
    factory.registration(event, email="biuro@example.org")
    for key in asked(person, now, "biuro@example.org"):
        agree(key, now)
    assert [mail.facts["people"][0]["invitation"]["method"] for mail in mails()[2:]] == ["CANCEL", "PUBLISH"]


def test_who_cancelled_meanwhile_does_not_move(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    old_key, new_key = asked(person, now)
    agree(old_key, now)
    cancel_registration(person.id, now, by="person")
    assert agree(new_key, now) is ChangeStanding.NOT_LIVE
    assert ask_address_change(person.id, NEW, now) is CannotAsk.NOT_NOW
    assert row(person).email == "anna@example.org"


def test_a_cancelled_event_keeps_its_addresses(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event, email="anna@example.org")
    old_key, _new_key = asked(person, now)
    with transaction():
        db.session.get_one(Event, event.id).state = "cancelled"
    assert agree(old_key, now) is ChangeStanding.NOT_LIVE
    assert ask_address_change(person.id, NEW, now) is CannotChange.EVENT_CANCELLED


def test_the_same_address_and_a_foreign_domain_are_told_at_once(factory: Factory, now: datetime) -> None:
    event = factory.event(allowed_domains="um.krakow.pl")
    person = factory.registration(event, email="anna@um.krakow.pl")
    assert ask_address_change(person.id, "Anna@um.krakow.pl", now) is CannotAsk.SAME_ADDRESS
    assert ask_address_change(person.id, NEW, now) is CannotAsk.DOMAIN


def test_a_key_of_nothing_changes_nothing(now: datetime) -> None:
    assert agree("nothing", now) is None
    assert change_seen("nothing", now) is None


def test_both_agree_at_the_same_moment(each_database: Flask, factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email="anna@example.org")
    both = asked(person, now)

    def press(key: str) -> ChangeStanding | None:
        with each_database.app_context():
            return agree(key, now)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(press, both * 2))
    assert ChangeStanding.DONE in outcomes
    assert row(person).email == NEW
    assert [mail.occasion for mail in mails()].count("address_changed") == 2


def test_agreeing_and_handing_over_at_once_leave_one_person_with_the_place(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    for number in range(4):
        event = factory.event(capacity=1)
        person = factory.registration(event, email=f"anna{number}@example.org")
        old_key, new_key = asked(person, now, f"nowa{number}@example.org")
        agree(old_key, now)
        db.session.rollback()
        colleague = Substitute("Jan Łoś", f"jan{number}@example.org", "pl")

        def work(
            what: str, key: str = new_key, id_: int = person.id, colleague: Substitute = colleague
        ) -> ChangeStanding | object:
            with each_database.app_context():
                return agree(key, now) if what == "agree" else substitute(id_, colleague, now)

        with ThreadPoolExecutor(2) as threads:
            agreed, handed_over = threads.map(work, ["agree", "substitute"])
        assert isinstance(handed_over, Substituted)
        assert agreed in (ChangeStanding.DONE, ChangeStanding.NOT_LIVE)
        given_up = row(person)
        assert (given_up.state, given_up.email) == (
            "cancelled",
            f"nowa{number}@example.org" if agreed is ChangeStanding.DONE else f"anna{number}@example.org",
        )
        assert db.session.get_one(Event, event.id, populate_existing=True).places_taken == 1
        told = db.session.scalar(
            select(Mail.to_address).where(Mail.event_id == event.id, Mail.occasion == "substituted")
        )
        assert told == given_up.email
