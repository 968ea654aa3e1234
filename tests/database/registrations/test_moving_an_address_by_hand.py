"""The organiser gives a person another address, for who cannot read the old mailbox any more; on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry
from eventreg.outbox.composing import words_of
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.models import Mail
from eventreg.registrations.address_changing import (
    AddressChanged,
    Asked,
    CannotChangeAddress,
    ChangeStanding,
    agree,
    ask_address_change,
    change_address_for_person,
)
from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.models import AddressChange, Registration, RegistrationGroup
from eventreg.registrations.registration_mails import tell_standing
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

OLD, NEW = "anna@example.org", "anna.nowa@example.org"


def row(registration: Registration) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail).where(Mail.state == "queued").order_by(Mail.id)))


def moved(factory: Factory, person: Registration, address: str = NEW) -> Registration:
    account_id = factory.account(person.event.organiser, "editor").id
    outcome = change_address_for_person(person.id, person.event_id, address, account_id, factory.now)
    assert outcome == AddressChanged(changed=True)
    return row(person)


def refused(factory: Factory, person: Registration, address: str = NEW) -> object:
    """The refusal, when nothing was changed and nobody written to."""
    account_id = factory.account(person.event.organiser, "editor").id
    before, link_key = person.email, person.link_key
    outcome = change_address_for_person(person.id, person.event_id, address, account_id, factory.now)
    after = row(person)
    assert (after.email, after.link_key, mails()) == (before, link_key, [])
    assert db.session.scalar(select(AuditEntry)) is None
    return outcome


def test_it_moves_at_once_with_a_new_link(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=OLD)
    link_key, uid = person.link_key, person.uid
    after = moved(factory, person, "Anna.Nowa+praca@example.org")
    assert (after.email, after.address_key) == ("Anna.Nowa+praca@example.org", "anna.nowa+praca@example.org")
    assert (after.quota_key, after.uid, after.state) == ("anna.nowa@example.org", uid, "confirmed")
    assert after.link_key != link_key
    to_old, to_new = mails()
    assert (to_old.to_address, to_new.to_address) == (OLD, "Anna.Nowa+praca@example.org")
    assert after.link_key not in str(to_old.facts)
    assert after.link_key in str(to_new.facts)


def test_the_old_calendar_loses_the_entry_before_the_new_one_gets_it(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=OLD, ical_sequence=2)
    uid = person.uid
    assert moved(factory, person).ical_sequence == 4
    invitations = [mail.facts["people"][0]["invitation"] for mail in mails()]
    assert [(one["method"], one["uid"], one["sequence"]) for one in invitations] == [
        ("CANCEL", uid, 3),
        ("REQUEST", uid, 4),
    ]


def test_the_trail_names_who_did_it_and_no_address(factory: Factory, now: datetime) -> None:
    event = factory.event()
    person = factory.registration(event, email=OLD)
    account = factory.account(event.organiser, "editor")
    change_address_for_person(person.id, event.id, NEW, account.id, now)
    db.session.rollback()
    [entry] = db.session.scalars(select(AuditEntry))
    assert (entry.action, entry.account_id) == ("registration_address_changed", account.id)
    assert (entry.event_id, entry.registration_id) == (event.id, person.id)
    assert "@" not in str(entry.detail)


def test_the_old_mailbox_is_not_said_to_have_agreed(factory: Factory, now: datetime) -> None:
    moved(factory, factory.registration(factory.event(), email=OLD))
    to_old, to_new = (words_of(mail.occasion, facts_from_json(mail.facts), "en") for mail in mails())
    for words in (to_old.text, to_old.html):
        assert "The organiser has moved the registration" in words
        assert "both mailboxes" not in words
        assert NEW not in words
    for words in (to_new.text, to_new.html):
        assert "belongs to this address now" in words
        assert "entered these data" not in words


def test_who_was_entered_by_the_office_is_told_where_her_data_came_from(factory: Factory, now: datetime) -> None:
    """RODO art. 14: the first mail went to a mailbox that she may never have read."""
    moved(factory, factory.registration(factory.event(), email=OLD, source="panel"))
    to_old, to_new = (words_of(mail.occasion, facts_from_json(mail.facts), "en") for mail in mails())
    assert "entered these data" not in to_old.text
    for words in (to_new.text, to_new.html):
        assert "The organiser entered these data on the list of participants" in words


def test_who_was_signed_up_by_a_contact_is_told_so(factory: Factory, now: datetime) -> None:
    event = factory.event()
    office = "sekretariat@example.org"
    group = RegistrationGroup(
        event_id=event.id, email=office, address_key=office, quota_key=office, link_key="grupa", created_at=now
    )
    with transaction() as session:
        session.add(group)
    moved(factory, factory.registration(event, email=OLD, group_id=group.id))
    assert [mail.facts["signed_up_by"] for mail in mails()] == ["", office]


def test_a_waiting_person_keeps_her_position(factory: Factory, now: datetime) -> None:
    event = factory.event(waiting_list="when_full")
    person = factory.registration(event, state="waitlisted", waiting_order=7, confirmed_at=None, ical_sequence=-1)
    after = moved(factory, person)
    assert (after.state, after.waiting_order, after.ical_sequence) == ("waitlisted", 7, -1)
    assert [mail.facts["people"][0]["invitation"] for mail in mails()] == [None, None]


def test_an_unconfirmed_person_keeps_her_hold_and_is_asked_at_the_new_address_alone(
    factory: Factory, now: datetime
) -> None:
    event = factory.event(capacity=1)
    until = now + timedelta(hours=5)
    person = factory.registration(
        event, email=OLD, state="unconfirmed", holds_place=True, hold_until=until, confirmed_at=None, ical_sequence=-1
    )
    tell_standing(event, [person], now)
    link_key = person.link_key
    after = moved(factory, person)
    assert (after.state, after.holds_place, after.hold_until) == ("unconfirmed", True, until)
    assert after.event.places_taken == 1
    assert after.link_key != link_key
    [asked] = mails()  # the one to the old mailbox had not left and never will
    assert (asked.occasion, asked.to_address) == ("address_to_confirm", NEW)
    assert after.link_key in str(asked.facts)


def test_the_same_mailbox_changes_nothing(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=OLD)
    assert refused(factory, person, "Anna@example.org") == AddressChanged(changed=False)


def test_the_same_name_at_the_new_address_refuses_it(factory: Factory, now: datetime) -> None:
    event = factory.event()
    factory.registration(event, name="Anna Nowak", email=NEW, state="cancelled", cancelled_by="person")
    person = factory.registration(event, name="Anna Nowak", email=OLD)
    assert refused(factory, person) is CannotChangeAddress.SAME_PERSON


@pytest.mark.parametrize("state", ["cancelled", "declined"])
def test_who_is_not_signed_up_stays(factory: Factory, now: datetime, state: str) -> None:
    person = factory.registration(factory.event(), email=OLD, state=state)
    assert refused(factory, person) is CannotChangeAddress.NOT_NOW


def test_a_cancelled_event_and_one_that_is_over_stay(factory: Factory, now: datetime) -> None:
    off = factory.registration(factory.event(state="cancelled"), email=OLD)
    assert refused(factory, off) is CannotChange.EVENT_CANCELLED
    event = factory.event(starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1))
    assert refused(factory, factory.registration(event, email=OLD)) is CannotChange.EVENT_OVER


def test_abuse_28_a_person_of_another_event_is_not_found(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=OLD)
    other = factory.event()
    account_id = factory.account(other.organiser, "owner").id
    assert change_address_for_person(person.id, other.id, NEW, account_id, now) is CannotChange.NOT_FOUND
    assert row(person).email == OLD


def test_neither_the_cap_nor_the_domains_bind_the_organiser(factory: Factory, now: datetime) -> None:
    event = factory.event(cap_per_address=1, allowed_domains="um.krakow.pl")
    factory.registration(event, email=NEW)
    assert moved(factory, factory.registration(event, email="anna@um.krakow.pl")).email == NEW
    assert [mail.facts["people"][0]["invitation"]["method"] for mail in mails()] == ["CANCEL", "PUBLISH"]


def test_what_the_person_had_asked_for_ends(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=OLD)
    assert isinstance(ask_address_change(person.id, "trzecia@example.org", now), Asked)
    moved(factory, person)
    change = db.session.scalars(select(AddressChange)).one()
    keys = (change.old_link_key, change.new_link_key)
    assert [agree(key, now) for key in keys] == [ChangeStanding.EXPIRED] * 2
    assert row(person).email == NEW
    assert db.session.get_one(Event, person.event_id).places_taken == 1
