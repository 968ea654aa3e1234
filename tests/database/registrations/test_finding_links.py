"""Lost links: one mail to the mailbox, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.outbox.facts_reading import without_secrets
from eventreg.outbox.models import Mail
from eventreg.registrations.finding_links import mail_links
from eventreg.registrations.models import RegistrationGroup
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

ANNA = "anna@example.org"


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def links(mail: Mail) -> list[tuple[str, str]]:
    """Name and key of each link in a mail."""
    return [(link["name"], link["link_key"]) for link in mail.facts["links"]]


def test_all_links_of_the_mailbox_come_in_one_mail_the_next_event_first(factory: Factory, now: datetime) -> None:
    soon, later = factory.event(), factory.event(starts_at=now + timedelta(days=40), ends_at=now + timedelta(days=41))
    a = factory.registration(later, name="Anna Nowak", email=ANNA)
    b = factory.registration(soon, name="Jan Bąk", email="Anna@example.org", state="pending", confirmed_at=None)
    c = factory.registration(soon, name="Anna Nowak", email=ANNA, state="waitlisted", waiting_order=1)
    factory.registration(soon, email="kto@example.org")
    assert mail_links(ANNA, "pl", now) is not None
    [mail] = mails()
    assert (mail.occasion, mail.to_address, mail.event_id, mail.registration_id) == ("links_found", ANNA, None, None)
    assert mail.order_key == f"p:{ANNA}"
    assert links(mail) == [(b.name, b.link_key), (c.name, c.link_key), (a.name, a.link_key)]


@pytest.mark.parametrize(
    ("event", "person"),
    [
        ({}, {"state": "cancelled"}),
        ({}, {"state": "declined"}),
        ({"state": "cancelled"}, {}),
        ({"state": "archived"}, {}),
    ],
)
def test_what_is_not_valid_any_more_has_no_link(
    factory: Factory, now: datetime, event: dict[str, Any], person: dict[str, Any]
) -> None:
    factory.registration(factory.event(**event), email=ANNA, **person)
    assert mail_links(ANNA, "pl", now) is None
    assert mails() == []


def test_abuse_15_an_address_that_nobody_confirmed_gets_no_mail(factory: Factory, now: datetime) -> None:
    until = now + timedelta(hours=1)
    factory.registration(factory.event(), email=ANNA, state="unconfirmed", hold_until=until, confirmed_at=None)
    assert mail_links(ANNA, "pl", now) is None


def test_an_event_that_is_over_has_no_link(factory: Factory, now: datetime) -> None:
    event = factory.event()
    factory.registration(event, email=ANNA)
    assert mail_links(ANNA, "pl", event.ends_at) is None
    assert mail_links(ANNA, "pl", event.ends_at - timedelta(seconds=1)) is not None


def test_abuse_16_an_unknown_address_gets_nothing(now: datetime) -> None:
    assert mail_links("nikt@example.org", "pl", now) is None
    assert mails() == []


def test_abuse_15_one_mail_an_hour(factory: Factory, now: datetime) -> None:
    factory.registration(factory.event(), email=ANNA)
    assert mail_links(ANNA, "pl", now) is not None
    assert mail_links("ANNA@example.org", "pl", now + timedelta(minutes=59)) is None
    assert mail_links(ANNA, "pl", now + timedelta(minutes=60, seconds=1)) is not None
    assert len(mails()) == 2


def test_abuse_17_variants_of_an_address_share_the_hour(factory: Factory, now: datetime) -> None:
    event = factory.event()
    factory.registration(event, email="jan+a@gmail.com")
    factory.registration(event, email="j.a.n@gmail.com")
    assert mail_links("jan+a@gmail.com", "pl", now) is not None
    assert mail_links("j.a.n@gmail.com", "pl", now) is None


def test_abuse_19_over_the_quota_the_mail_waits(factory: Factory, now: datetime) -> None:
    factory.registration(factory.event(), email=ANNA)
    for hour in range(21):
        mail_links(ANNA, "pl", now + timedelta(hours=hour, seconds=hour))
    last = mails()[-1]
    assert len(mails()) == 21
    assert last.next_try_at == last.created_at + timedelta(hours=24)


def test_the_page_of_a_group_is_among_them(factory: Factory, now: datetime) -> None:
    for key, state in (("with-people", "confirmed"), ("left-by-all", "cancelled")):
        event = factory.event()
        group = RegistrationGroup(
            event_id=event.id, email=ANNA, address_key=ANNA, quota_key=ANNA, link_key=key, created_at=now
        )
        with transaction() as session:
            session.add(group)
        factory.registration(event, email="jan@example.org", group_id=group.id, state=state)
    assert mail_links(ANNA, "pl", now) is not None
    assert links(mails()[0]) == [("", "with-people")]


def test_the_links_are_wiped_once_the_mail_has_left(factory: Factory, now: datetime) -> None:
    person = factory.registration(factory.event(), email=ANNA)
    mail_links(ANNA, "pl", now)
    kept = str(without_secrets(mails()[0].facts))
    assert person.link_key not in kept
    assert person.name not in kept


def test_asked_twice_at_once_it_is_one_mail(each_database: Flask, factory: Factory, now: datetime) -> None:
    event = factory.event()
    for _number in range(3):
        factory.registration(event, email=ANNA)

    def ask(_number: int) -> int | None:
        with each_database.app_context():
            return mail_links(ANNA, "pl", now)

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(ask, range(6)))
    assert len([outcome for outcome in outcomes if outcome is not None]) == 1
    assert len(mails()) == 1
