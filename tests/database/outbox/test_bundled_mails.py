"""A mailbox that several registrations share gets one mail each time something happens (calendar.md 4a)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.event_cancelling import cancel_event
from eventreg.events.event_changes import change_event
from eventreg.events.event_loading import fields_of
from eventreg.events.models import Event
from eventreg.outbox.delivering import Delivery, deliver_due
from eventreg.outbox.models import Mail
from eventreg.registrations.approval import accept, decline
from eventreg.registrations.group_answering import confirm_group
from eventreg.registrations.group_cancelling import cancel_of_group
from eventreg.registrations.group_sign_up import sign_up_group
from eventreg.registrations.group_sign_up_rules import GroupPerson, GroupRequest, GroupSignedUp
from eventreg.registrations.holds_and_offers import expire_due
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import SignUpRequest
from tests.database.outbox.conftest import Postbox
from tests.factories import Factory

MakeDelivery = Callable[..., Delivery]
pytestmark = pytest.mark.usefixtures("sending_app")

OFFICE = "sekretariat@example.org"
THREE = ("Anna Kowalska", "Jan Łoś", "Ewa Ćwik")


def group(event: Event, now: datetime, *people: GroupPerson, **more: Any) -> GroupSignedUp:
    asked = people or tuple(GroupPerson(name) for name in THREE)
    result = sign_up_group(event.id, GroupRequest(OFFICE, "pl", asked, **more), now)
    assert isinstance(result, GroupSignedUp)
    return result


def since(mark: int) -> Counter[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.execute(select(Mail.to_address, Mail.occasion).where(Mail.id > mark))
    return Counter((row.to_address, row.occasion) for row in rows)


def mark() -> int:
    return max(db.session.scalars(select(Mail.id)), default=0)


def calendars(mail: EmailMessage) -> list[str]:
    return sorted(part.get_filename() or "" for part in mail.iter_attachments())


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_calendar_04a_a_group_is_one_mail_with_an_entry_for_each(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    group(event, now)
    deliver_due(delivery())
    [mail] = postbox.received
    assert str(mail["To"]) == OFFICE
    assert str(mail["Subject"]).startswith("Zgłoszenie kilku osób: ")
    assert calendars(mail) == ["Anna-Kowalska.ics", "Ewa-Cwik.ics", "Jan-Los.ics"]
    files = [part.get_payload(decode=True) for part in mail.iter_attachments()]
    for content in files:
        assert isinstance(content, bytes)
        assert b"METHOD:PUBLISH" in content
        assert b"ATTENDEE" not in content
    assert not [part for part in mail.walk() if part.get_content_type() == "text/calendar" and not part.get_filename()]


def test_the_contact_alone_under_her_mailbox_gets_an_invitation_to_accept(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    group(factory.event(), now, GroupPerson("Anna Kowalska"), GroupPerson("Jan Łoś", "jan@example.org"))
    deliver_due(delivery())
    to_contact = next(mail for mail in postbox.received if OFFICE in str(mail["To"]))
    part = next(part for part in to_contact.walk() if part.get_content_type() == "text/calendar")
    assert part["Content-Type"].params["method"] == "REQUEST"
    assert "Jan Łoś" in text_of(to_contact)


def test_several_promoted_people_of_one_mailbox_are_told_in_one_mail(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(capacity=3, waiting_list="when_full")
    holders = group(event, now)
    for name in ("Piotr Żak", "Maria Ścisło", "Adam Cis"):
        sign_up(event.id, SignUpRequest(name, "wydzial@example.org", "pl"), now)
    deliver_due(delivery())
    postbox.received.clear()
    before = mark()
    cancel_of_group(holders.group_id, None, now)
    assert since(before) == {(OFFICE, "registration_cancelled"): 1, ("wydzial@example.org", "place_given"): 1}
    deliver_due(delivery())
    by_address = {str(mail["To"]): mail for mail in postbox.received}
    assert calendars(by_address["wydzial@example.org"]) == ["Adam-Cis.ics", "Maria-Scislo.ics", "Piotr-Zak.ics"]
    assert calendars(by_address[OFFICE]) == ["Anna-Kowalska.ics", "Ewa-Cwik.ics", "Jan-Los.ics"]
    for name in THREE:
        assert name in text_of(by_address[OFFICE])


def test_several_accepted_people_of_one_mailbox_are_told_in_one_mail(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=5, approval=True)
    account = factory.account(event.organiser)
    result = group(event, now)
    before = mark()
    accept(event.id, result.joined, account.id, now)
    assert since(before) == {(OFFICE, "registration_accepted"): 1}
    before = mark()
    decline(event.id, result.joined, "Za mało miejsc", account.id, now)
    assert since(before) == {(OFFICE, "registration_declined"): 1}


def test_accepted_people_some_of_whom_have_to_wait_are_told_in_one_mail(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=2, approval=True, waiting_list="when_full")
    account = factory.account(event.organiser)
    result = group(event, now)
    before = mark()
    accept(event.id, result.joined, account.id, now)
    assert since(before) == {(OFFICE, "registrations_together"): 1}


def test_offers_to_one_mailbox_and_their_end_are_one_mail_each(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=3, waiting_list="when_full", promotion="offer", offer_hours=8)
    holders = group(event, now)
    for name in ("Piotr Żak", "Maria Ścisło", "Adam Cis"):
        sign_up(event.id, SignUpRequest(name, "wydzial@example.org", "pl"), now)
    before = mark()
    cancel_of_group(holders.group_id, None, now)
    assert since(before)[("wydzial@example.org", "place_offered")] == 1
    before = mark()
    assert expire_due(now + timedelta(days=7)) == 3
    assert since(before) == {("wydzial@example.org", "offer_expired"): 1}


def test_a_change_and_the_end_of_the_event_are_one_mail_each(factory: Factory, now: datetime) -> None:
    event = factory.event()
    group(event, now, GroupPerson("Anna Kowalska"), GroupPerson("Jan Łoś"), GroupPerson("Ewa Ćwik", "ewa@example.org"))
    before = mark()
    db.session.rollback()
    event = db.session.get_one(Event, event.id)
    change_event(event.id, replace(fields_of(event), venue="Dom Kultury"), event.revision, True, None, now)
    assert sum(since(before).values()) == 2
    assert since(before)[(OFFICE, "event_changed")] == 1
    before = mark()
    cancel_event(event.id, "", None, now)
    assert since(before) == {(OFFICE, "event_cancelled"): 1, ("ewa@example.org", "event_cancelled"): 1}


def test_what_the_mail_about_a_group_tells_is_never_superseded(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    """Nothing else says for whom there was no place, or gives the link to the page of the group."""
    event = factory.event(capacity=2)
    result = group(event, now)
    cancel_of_group(result.group_id, result.joined[:1], now)
    db.session.rollback()
    event = db.session.get_one(Event, event.id)
    change_event(event.id, replace(fields_of(event), venue="Dom Kultury"), event.revision, True, None, now)
    while deliver_due(delivery()).claimed:
        pass
    assert "Ewa Ćwik" in text_of(postbox.received[0])
    assert "/groups/" in text_of(postbox.received[0])


def test_rodo_14_survives_a_change_before_the_first_mail_left(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    group(event, now, GroupPerson("Jan Łoś", "jan@example.org"))
    db.session.rollback()
    event = db.session.get_one(Event, event.id)
    change_event(event.id, replace(fields_of(event), venue="Dom Kultury"), event.revision, True, None, now)
    while deliver_due(delivery()).claimed:
        pass
    [his] = [mail for mail in postbox.received if "jan@" in str(mail["To"])]
    assert OFFICE in text_of(his)


def test_confirming_the_group_is_one_mail_with_an_entry_for_each(
    postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(confirm_hours=24)
    result = group(event, now)
    deliver_due(delivery())
    assert calendars(postbox.received[0]) == []
    before = mark()
    confirm_group(result.group_id, now)
    assert since(before) == {(OFFICE, "sign_up_confirmed"): 1}
    deliver_due(delivery())
    assert calendars(postbox.received[1]) == ["Anna-Kowalska.ics", "Ewa-Cwik.ics", "Jan-Los.ics"]
