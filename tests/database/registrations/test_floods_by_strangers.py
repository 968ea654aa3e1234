"""Abuse 15: who signs up, cancels and signs up again without end fills nobody's queue of mails; on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from eventreg.database import db
from eventreg.outbox.models import Mail
from eventreg.outbox.retry_rules import QUOTA_PER_ADDRESS
from eventreg.registrations.address_changing import Asked, CannotAsk, ask_address_change
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.group_cancelling import cancel_of_group
from eventreg.registrations.group_mails import MOST_GROUP_MAILS_A_DAY
from eventreg.registrations.group_sign_up import sign_up_group
from eventreg.registrations.group_sign_up_rules import GroupPerson, GroupRequest, GroupSignedUp
from eventreg.registrations.holds_and_offers import expire_due
from eventreg.registrations.own_page_rules import MOST_ASKED_OF_A_MAILBOX_A_DAY
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import SignUpRequest
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

VICTIM = "victim@example.org"


def waiting_mails(address: str) -> list[Mail]:
    """What may still leave for an address."""
    db.session.rollback()
    return list(db.session.scalars(select(Mail).where(Mail.to_address == address, Mail.state == "queued")))


def test_abuse_15_a_stranger_named_as_the_contact_is_not_written_to_without_end(
    factory: Factory, now: datetime
) -> None:
    event = factory.event(capacity=30)
    asked = GroupRequest(VICTIM, "pl", (GroupPerson("Obcy Człowiek", "obcy@example.com"),))
    for minute in range(3 * MOST_GROUP_MAILS_A_DAY):
        at = now + timedelta(minutes=minute)
        done = sign_up_group(event.id, asked, at)
        assert isinstance(done, GroupSignedUp)
        cancel_registration(done.joined[0], at, by="person")
    assert len(waiting_mails(VICTIM)) == MOST_GROUP_MAILS_A_DAY


def test_abuse_15_a_victim_in_a_strangers_group_waits_for_one_mail_at_most(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=30)
    asked = GroupRequest("obcy@example.com", "pl", (GroupPerson("Anna Nowak", VICTIM), GroupPerson("Obcy Człowiek")))
    for minute in range(2 * QUOTA_PER_ADDRESS):
        at = now + timedelta(minutes=minute)
        done = sign_up_group(event.id, asked, at)
        assert isinstance(done, GroupSignedUp)
        cancel_of_group(done.group_id, None, at)
    [mail] = waiting_mails(VICTIM)
    assert mail.next_try_at <= now + timedelta(days=1, hours=1), "what was superseded puts off nothing"


def test_abuse_15_many_registrations_ask_one_strange_mailbox_ten_times_a_day(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=None)
    own = [factory.registration(event, email=f"obcy{number}@example.com") for number in range(12)]
    variants = [f"victim+{number}@example.org" for number in range(12)]
    outcomes = [ask_address_change(one.id, to, now) for one, to in zip(own, variants, strict=True)]
    assert [isinstance(one, Asked) for one in outcomes] == [True] * MOST_ASKED_OF_A_MAILBOX_A_DAY + [False] * 2
    assert outcomes[-1] is CannotAsk.TOO_OFTEN
    assert isinstance(ask_address_change(own[-1].id, VICTIM, now + timedelta(days=1)), Asked)


def test_abuse_15_19_a_request_to_confirm_does_not_leave_after_its_time(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=30, confirm_hours=1)
    for hour in range(3):
        for number in range(10):
            at = now + timedelta(hours=2 * hour)
            sign_up(event.id, SignUpRequest(f"Osoba {chr(65 + hour)}{chr(65 + number)}", VICTIM, "pl"), at)
        assert len(waiting_mails(VICTIM)) == 10
        expire_due(now + timedelta(hours=2 * hour + 1))
        assert waiting_mails(VICTIM) == []


def test_abuse_15_whom_the_contact_cancels_unconfirmed_gets_no_dead_link(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=30, confirm_hours=24)
    asked = GroupRequest("obcy@example.com", "pl", (GroupPerson("Anna Nowak", VICTIM), GroupPerson("Obcy Człowiek")))
    done = sign_up_group(event.id, asked, now)
    assert isinstance(done, GroupSignedUp)
    assert [mail.occasion for mail in waiting_mails(VICTIM)] == ["address_to_confirm"]
    cancel_of_group(done.group_id, None, now)
    assert waiting_mails(VICTIM) == []
