"""The queue on both databases: claims, order, quota, superseding, taking back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.outbox import queue
from eventreg.outbox.mail_facts import AccountMailFacts
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import MailOrder
from eventreg.outbox.retry_rules import CLAIM_LEASE, QUOTA_PER_ADDRESS
from eventreg.outbox.trying_again import CannotTryAgain, try_again
from eventreg.registrations.models import Registration
from tests.factories import Factory

FACTS = AccountMailFacts("https://example.org/secret", "Strona", "anna@example.org")


@pytest.fixture
def order(each_database: Flask, factory: Factory) -> Callable[..., MailOrder]:
    event = factory.event()

    def make(registration: Registration | None = None, **values: Any) -> MailOrder:
        registration = registration or factory.registration(event)
        made = MailOrder(
            occasion="sign_up_confirmed",
            to_address=registration.email,
            to_name=registration.name,
            language="pl",
            facts=FACTS,
            event_id=event.id,
            organiser_id=event.organiser_id,
            registration_id=registration.id,
        )
        return replace(made, **values)

    return make


def mails() -> dict[int, Mail]:
    db.session.rollback()
    rows = db.session.scalars(select(Mail).order_by(Mail.id).execution_options(populate_existing=True))
    return {mail.id: mail for mail in rows}


def statements_of(work: Callable[[], Any]) -> list[str]:
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    return seen


def test_a_mail_is_claimed_once(order: Callable[..., MailOrder], now: datetime) -> None:
    mail_id = queue.enqueue(order(), now)
    claimed = queue.claim_due(now, "a:1:x", 10)
    assert [mail.id for mail in claimed] == [mail_id]
    assert claimed[0].facts == FACTS.to_json()
    assert queue.claim_due(now, "b:2:y", 10) == []
    assert mails()[mail_id].claimed_by == "a:1:x"


def test_enqueue_costs_two_statements_and_three_when_it_supersedes(
    order: Callable[..., MailOrder], now: datetime
) -> None:
    fresh = order()
    assert len(statements_of(lambda: queue.enqueue(fresh, now))) == 2
    assert len(statements_of(lambda: queue.enqueue(fresh, now, supersede=True))) == 3


def test_enqueue_joins_the_callers_transaction(order: Callable[..., MailOrder], now: datetime) -> None:
    fresh = order()

    def fail_after_queueing() -> None:
        with transaction():
            queue.enqueue(fresh, now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_queueing()
    assert mails() == {}


def test_message_ids_are_unguessable_unique_and_of_our_domain(order: Callable[..., MailOrder], now: datetime) -> None:
    fresh = order()
    ids = [queue.enqueue(fresh, now) for _ in range(3)]
    found = [mails()[mail_id].message_id for mail_id in ids]
    assert len(set(found)) == 3
    for message_id in found:
        local, _, domain = message_id.strip("<>").partition("@")
        assert len(bytes.fromhex(local)) == 16
        assert domain == "localhost"


def test_a_newer_mail_supersedes_older_unsent_ones_of_the_same_registration_only(
    order: Callable[..., MailOrder], now: datetime
) -> None:
    first, other = order(), order()
    old, kept = queue.enqueue(first, now), queue.enqueue(other, now)
    new = queue.enqueue(replace(first, occasion="registration_cancelled"), now, supersede=True)
    assert {mail_id: mail.state for mail_id, mail in mails().items()} == {
        old: "superseded",
        kept: "queued",
        new: "queued",
    }


def test_a_mail_that_is_being_sent_is_not_superseded_and_the_newer_one_waits_for_it(
    order: Callable[..., MailOrder], now: datetime
) -> None:
    first = order()
    old = queue.enqueue(first, now)
    (claimed,) = queue.claim_due(now, "a:1:x", 10)
    new = queue.enqueue(first, now, supersede=True)
    assert queue.claim_due(now, "b:2:y", 10) == []
    assert queue.mark_sent(claimed, "a:1:x", now)
    assert [mail.id for mail in queue.claim_due(now, "b:2:y", 10)] == [new]
    assert mails()[old].state == "sent"


def test_mails_of_one_address_and_event_leave_in_order_even_when_the_first_was_put_off(
    order: Callable[..., MailOrder], now: datetime
) -> None:
    first = order()
    ids = [queue.enqueue(first, now) for _ in range(3)]
    (claimed,) = queue.claim_due(now, "a:1:x", 10)
    assert claimed.id == ids[0]
    queue.mark_put_off(claimed, "a:1:x", now + timedelta(hours=1), "451 later")
    assert queue.claim_due(now + timedelta(minutes=59), "a:1:x", 10) == []
    assert [mail.id for mail in queue.claim_due(now + timedelta(hours=1), "a:1:x", 10)] == [ids[0]]


def test_a_failed_mail_does_not_hold_up_the_next(order: Callable[..., MailOrder], now: datetime) -> None:
    first = order()
    queue.enqueue(first, now)
    (claimed,) = queue.claim_due(now, "a:1:x", 10)
    new = queue.enqueue(first, now)
    assert queue.mark_failed(claimed, "a:1:x", "550 no such user")
    assert [mail.id for mail in queue.claim_due(now, "a:1:x", 10)] == [new]


def test_only_who_claimed_writes_the_outcome(order: Callable[..., MailOrder], now: datetime) -> None:
    mail_id = queue.enqueue(order(), now)
    (claimed,) = queue.claim_due(now, "a:1:x", 10)
    assert not queue.begin_try(mail_id, "b:2:y", now)
    assert not queue.mark_sent(claimed, "b:2:y", now)
    assert not queue.mark_failed(claimed, "b:2:y", "x")
    assert queue.begin_try(mail_id, "a:1:x", now)
    assert queue.mark_sent(claimed, "a:1:x", now)
    assert not queue.mark_sent(claimed, "a:1:x", now)
    assert mails()[mail_id].attempts == 1


def test_a_claim_older_than_the_lease_is_taken_back_and_its_worker_shut_out(
    order: Callable[..., MailOrder], now: datetime
) -> None:
    mail_id = queue.enqueue(order(), now)
    (claimed,) = queue.claim_due(now, "a:1:x", 10)
    assert queue.release_stale_claims(now + CLAIM_LEASE) == 0
    later = now + CLAIM_LEASE + timedelta(seconds=1)
    assert queue.release_stale_claims(later) == 1
    assert not queue.begin_try(mail_id, "a:1:x", later)
    assert not queue.mark_sent(claimed, "a:1:x", later)
    assert [mail.id for mail in queue.claim_due(later, "b:2:y", 10)] == [mail_id]


def test_claims_of_dead_processes_of_this_host_come_back_at_once(
    order: Callable[..., MailOrder], now: datetime
) -> None:
    made = {name: queue.enqueue(order(), now) for name in ("dead", "living", "elsewhere", "reborn")}
    own = queue.worker_name("here")
    process = own.split(":")[1]
    names = {"dead": "here:4194305:x", "living": own, "elsewhere": "there:4194305:x", "reborn": f"here:{process}:other"}
    for key, name in names.items():
        (claimed,) = queue.claim_due(now, name, 1)
        assert claimed.id == made[key]
    assert queue.release_claims_of_the_dead("here") == 2
    states = {key: mails()[mail_id].state for key, mail_id in made.items()}
    assert states == {"dead": "queued", "living": "sending", "elsewhere": "sending", "reborn": "queued"}


def test_abuse_15_a_thousand_mails_to_one_address_wait_and_none_is_lost(
    order: Callable[..., MailOrder], now: datetime
) -> None:
    first = order()
    for number in range(QUOTA_PER_ADDRESS * 2 + 1):
        queue.enqueue(
            replace(first, to_address="victim@example.org", event_id=None, account_id=None, registration_id=None), now
        )
        assert len(mails()) == number + 1
    due = [mail.next_try_at - now for mail in mails().values()]
    assert due.count(timedelta()) == QUOTA_PER_ADDRESS
    assert due.count(timedelta(days=1)) == QUOTA_PER_ADDRESS
    assert due.count(timedelta(days=2)) == 1


def test_abuse_17_plus_variants_count_against_the_same_quota(order: Callable[..., MailOrder], now: datetime) -> None:
    first = order()
    for number in range(QUOTA_PER_ADDRESS):
        queue.enqueue(replace(first, to_address=f"victim+{number}@example.org"), now)
    last = queue.enqueue(replace(first, to_address="victim+again@example.org"), now)
    assert mails()[last].next_try_at == now + timedelta(days=1)


def test_a_link_of_an_account_mail_is_wiped_once_it_has_left(order: Callable[..., MailOrder], now: datetime) -> None:
    mail_id = queue.enqueue(order(), now)
    (claimed,) = queue.claim_due(now, "a:1:x", 10)
    assert claimed.facts["link"] == "https://example.org/secret"
    queue.mark_sent(claimed, "a:1:x", now)
    assert mails()[mail_id].facts["link"] == ""


def test_try_again_sends_a_failed_mail_from_the_start(order: Callable[..., MailOrder], now: datetime) -> None:
    mail_id = queue.enqueue(order(), now)
    (claimed,) = queue.claim_due(now, "a:1:x", 10)
    queue.begin_try(mail_id, "a:1:x", now)
    queue.mark_failed(claimed, "a:1:x", "550 no")
    later = now + timedelta(days=1)
    assert try_again(mail_id, later) is None
    assert (mails()[mail_id].state, mails()[mail_id].attempts) == ("queued", 0)
    assert [mail.id for mail in queue.claim_due(later, "a:1:x", 10)] == [mail_id]


def test_try_again_refuses_what_would_contradict_or_repeat(order: Callable[..., MailOrder], now: datetime) -> None:
    first = order()
    failed = queue.enqueue(first, now)
    (claimed,) = queue.claim_due(now, "a:1:x", 10)
    assert try_again(failed, now) is CannotTryAgain.UNDER_WAY
    queue.mark_failed(claimed, "a:1:x", "550 no")
    newer = queue.enqueue(first, now, supersede=True)
    assert try_again(failed, now) is CannotTryAgain.NEWER_MAIL
    (claimed,) = queue.claim_due(now, "a:1:x", 10)
    queue.mark_sent(claimed, "a:1:x", now)
    assert try_again(newer, now) is CannotTryAgain.ALREADY_SENT
    assert try_again(10**6, now) is CannotTryAgain.NOT_FOUND


def test_many_mails_cost_one_statement_a_thousand(order: Callable[..., MailOrder], now: datetime) -> None:
    first = order()
    seen = statements_of(lambda: queue.enqueue_many([first] * 1500, now))
    assert len(mails()) == 1500
    assert len(seen) <= 4
