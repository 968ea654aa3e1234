"""A message to many, on both databases: started once, paused, continued, stopped, and what its pace leaves room for."""

import dataclasses
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.config import MailServer
from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.messages.audience_rules import Audience, AudienceKind
from eventreg.messages.message_rules import Figures
from eventreg.messages.messaging import (
    NobodyToWriteTo,
    NoDraft,
    Started,
    Wording,
    continue_message,
    discard_message,
    pause_message,
    rewrite_message,
    send_test,
    start_message,
    stop_message,
    write_message,
)
from eventreg.messages.models import EventMessage
from eventreg.messages.queries import figures_of
from eventreg.organisers.models import Account, AuditEntry
from eventreg.outbox import queue
from eventreg.outbox.delivering import Delivery, deliver_due
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.mail_facts import EventMessageFacts
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import MailOrder
from eventreg.outbox.retry_rules import CLAIM_LEASE, PACE_WINDOW, QUOTA_PER_ADDRESS
from eventreg.outbox.trying_again import CannotTryAgain, try_again
from eventreg.registrations.models import Registration
from tests.database.outbox.conftest import Postbox, mail_server_set, smtp_server
from tests.factories import Factory

WORKER = "host:1:mark"
EVERYBODY = Audience(AudienceKind.ALL)


@dataclasses.dataclass(frozen=True)
class Desk:
    """An event with people, and the organiser who writes to them."""

    event: Event
    account: Account
    now: datetime

    def draft(self, text: str = "Zapraszamy.", audience: Audience = EVERYBODY) -> int:
        return write_message(self.event, Wording("Zmiana", text, audience), self.account.id, self.now)

    def sent(self, text: str = "Zapraszamy.", audience: Audience = EVERYBODY) -> int:
        message_id = self.draft(text, audience)
        assert isinstance(start_message(message_id, self.event, self.account.id, self.now), Started)
        return message_id


@pytest.fixture
def desk(each_database: Flask, factory: Factory, now: datetime) -> Desk:
    organiser = factory.organiser()
    event = factory.event(organiser)
    return Desk(event, factory.account(organiser), now)


def people(desk: Desk, factory: Factory, number: int, **values: Any) -> list[Registration]:
    return [factory.registration(desk.event, **values) for _ in range(number)]


def mails(message_id: int) -> list[Mail]:
    db.session.rollback()
    query = select(Mail).where(Mail.event_message_id == message_id).order_by(Mail.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def states(message_id: int) -> list[str]:
    return [mail.state for mail in mails(message_id)]


def the_message(message_id: int) -> EventMessage:
    db.session.rollback()
    return db.session.get_one(EventMessage, message_id, populate_existing=True)


def single_mail(desk: Desk, registration: Registration) -> int:
    """A confirmation, as it would be queued for a person of the event."""
    facts = EventMessageFacts(*_common(desk), people=(), subject="Potwierdzenie", text="Tak")
    order = MailOrder(
        occasion="sign_up_confirmed",
        to_address=registration.email,
        to_name="",
        language="pl",
        facts=facts,
        event_id=desk.event.id,
        registration_id=registration.id,
    )
    return queue.enqueue(order, desk.now)


def _common(desk: Desk) -> tuple[Any, Any]:
    facts = facts_from_json(mails(desk.sent())[0].facts)
    assert isinstance(facts, EventMessageFacts)
    return facts.event, facts.organiser


@contextmanager
def pace(app: Flask, limit: int) -> Iterator[None]:
    before = app.extensions["eventreg.config"]
    app.extensions["eventreg.config"] = dataclasses.replace(before, mail_per_minute=limit)
    try:
        yield
    finally:
        app.extensions["eventreg.config"] = before


def test_one_mail_goes_to_each_mailbox_whoever_shares_it(desk: Desk, factory: Factory) -> None:
    people(desk, factory, 2)
    factory.registration(desk.event, name="Anna Nowak", email="biuro@example.org", language="en")
    factory.registration(desk.event, name="Jan Łoś", email="BIURO@example.org")
    message_id = desk.sent("Dzień dobry, {name}: {link}")
    found = mails(message_id)
    assert len(found) == 3
    shared = next(mail for mail in found if mail.to_address == "biuro@example.org")
    facts = facts_from_json(shared.facts)
    assert isinstance(facts, EventMessageFacts)
    assert [person.name for person in facts.people] == ["Anna Nowak", "Jan Łoś"]
    assert (shared.to_name, shared.language, shared.registration_id) == ("", "en", None)
    assert all(mail.is_bulk and mail.occasion == "event_message" and mail.state == "queued" for mail in found)
    assert facts.text == "Dzień dobry, {name}: {link}", "it is filled in when the mail is composed"


def test_who_is_no_longer_or_not_yet_told_gets_nothing(desk: Desk, factory: Factory) -> None:
    (anna,) = people(desk, factory, 1)
    factory.registration(desk.event, state="cancelled")
    factory.registration(desk.event, state="declined")
    factory.registration(desk.event, state="unconfirmed", hold_until=desk.now)
    factory.registration(factory.event())
    (erased,) = people(desk, factory, 1)
    with transaction() as session:
        erased = session.merge(erased)
        erased.email = ""
    assert [mail.to_address for mail in mails(desk.sent())] == [anna.email]


def test_the_same_message_is_started_once(desk: Desk, factory: Factory) -> None:
    people(desk, factory, 3)
    message_id = desk.draft()
    assert start_message(message_id, desk.event, desk.account.id, desk.now) == Started(3)
    assert start_message(message_id, desk.event, desk.account.id, desk.now) == NoDraft()
    assert len(mails(message_id)) == 3


def test_of_two_who_click_at_once_one_starts_it(each_database: Flask, desk: Desk, factory: Factory) -> None:
    people(desk, factory, 30)
    message_id = desk.draft()
    event_id, account_id = desk.event.id, desk.account.id
    outcomes: list[object] = []
    together = threading.Barrier(4)

    def click() -> None:
        with each_database.app_context():
            event = db.session.get_one(Event, event_id)
            together.wait()
            outcomes.append(start_message(message_id, event, account_id, desk.now))

    threads = [threading.Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == sorted(map(str, [Started(30), NoDraft(), NoDraft(), NoDraft()]))
    assert len(mails(message_id)) == 30


def test_a_message_to_nobody_stays_a_draft(desk: Desk) -> None:
    message_id = desk.draft()
    assert start_message(message_id, desk.event, desk.account.id, desk.now) == NobodyToWriteTo()
    assert the_message(message_id).state == "draft"


def test_a_draft_can_be_changed_and_discarded_and_a_sent_message_cannot(desk: Desk, factory: Factory) -> None:
    people(desk, factory, 1)
    sent, draft = desk.sent(), desk.draft()
    wording = Wording("Inny temat", "Inna treść", EVERYBODY)
    assert rewrite_message(draft, desk.event, wording, desk.account.id, desk.now)
    assert the_message(draft).subject == "Inny temat"
    assert discard_message(draft, desk.event, desk.account.id, desk.now)
    assert db.session.get(EventMessage, draft) is None
    assert not rewrite_message(sent, desk.event, wording, desk.account.id, desk.now)
    assert not discard_message(sent, desk.event, desk.account.id, desk.now)
    assert the_message(sent).subject == "Zmiana"


def test_abuse_28_a_message_of_another_event_is_not_touched(desk: Desk, factory: Factory) -> None:
    people(desk, factory, 1)
    foreign = factory.event()
    draft, sent = desk.draft(), desk.sent()
    who, now = desk.account.id, desk.now
    assert start_message(draft, foreign, who, now) == NoDraft()
    assert not send_test(draft, foreign, desk.account, "pl", now)
    assert not rewrite_message(draft, foreign, Wording("x", "x", EVERYBODY), who, now)
    assert not discard_message(draft, foreign, who, now)
    assert not any(act(sent, foreign, who, now) for act in (pause_message, continue_message, stop_message))
    assert the_message(draft).state == "draft"
    assert the_message(sent).state == "sending"


def test_a_test_goes_to_oneself_and_does_not_count(desk: Desk, factory: Factory) -> None:
    (anna,) = people(desk, factory, 1)
    message_id = desk.draft("Strona: {link}, {name}")
    assert send_test(message_id, desk.event, desk.account, "pl", desk.now)
    db.session.rollback()
    mail = db.session.scalars(select(Mail)).one()
    assert (mail.to_address, mail.event_message_id, mail.is_bulk) == (desk.account.email, None, False)
    assert anna.link_key not in str(mail.facts)
    assert anna.name not in str(mail.facts)
    assert figures_of([message_id])[message_id] == Figures()
    assert the_message(message_id).state == "draft"


def test_paused_mails_are_held_and_go_on(desk: Desk, factory: Factory) -> None:
    people(desk, factory, 3)
    message_id = desk.sent()
    assert pause_message(message_id, desk.event, desk.account.id, desk.now)
    assert states(message_id) == ["held"] * 3
    assert not queue.has_due(desk.now)
    assert queue.claim_due(desk.now, WORKER, 10) == []
    assert not pause_message(message_id, desk.event, desk.account.id, desk.now)
    assert try_again(mails(message_id)[0].id, desk.now) is CannotTryAgain.PAUSED
    assert continue_message(message_id, desk.event, desk.account.id, desk.now)
    assert not continue_message(message_id, desk.event, desk.account.id, desk.now)
    assert len(queue.claim_due(desk.now, WORKER, 10)) == 3


def test_stopped_mails_never_leave_and_sent_ones_stay_sent(desk: Desk, factory: Factory) -> None:
    people(desk, factory, 3)
    message_id = desk.sent()
    (first,) = queue.claim_due(desk.now, WORKER, 1)
    queue.mark_sent(first, WORKER, desk.now)
    pause_message(message_id, desk.event, desk.account.id, desk.now)
    assert stop_message(message_id, desk.event, desk.account.id, desk.now)
    assert states(message_id) == ["sent", "stopped", "stopped"]
    assert queue.claim_due(desk.now + timedelta(days=1), WORKER, 10) == []
    assert not continue_message(message_id, desk.event, desk.account.id, desk.now)
    assert try_again(mails(message_id)[1].id, desk.now) is CannotTryAgain.STOPPED
    assert figures_of([message_id])[message_id] == Figures(sent=1, stopped=2)
    assert the_message(message_id).finished_at == desk.now


@pytest.mark.parametrize(("act", "becomes"), [(pause_message, "held"), (stop_message, "stopped")])
def test_what_was_under_way_and_comes_back_joins_its_fellows(
    act: Callable[..., bool], becomes: str, desk: Desk, factory: Factory
) -> None:
    people(desk, factory, 4)
    message_id = desk.sent()
    put_off, sent, stale = queue.claim_due(desk.now, WORKER, 3)
    act(message_id, desk.event, desk.account.id, desk.now)
    assert states(message_id) == ["sending", "sending", "sending", becomes]
    queue.mark_put_off(put_off, WORKER, desk.now + timedelta(minutes=1), "451 later")
    queue.mark_sent(sent, WORKER, desk.now)
    assert queue.release_stale_claims(desk.now + CLAIM_LEASE + timedelta(seconds=1)) == 1
    assert stale.id != put_off.id
    assert states(message_id) == [becomes, "sent", becomes, becomes]


@pytest.mark.parametrize(("act", "becomes"), [(pause_message, "held"), (stop_message, "stopped")])
def test_no_mail_slips_back_into_the_queue_while_the_message_is_paused_or_stopped(
    act: Callable[..., bool], becomes: str, each_database: Flask, desk: Desk, factory: Factory
) -> None:
    people(desk, factory, 24)
    message_id = desk.sent()
    claimed = queue.claim_due(desk.now, WORKER, 12)
    together = threading.Barrier(2)

    def put_back() -> None:
        with each_database.app_context():
            together.wait()
            for mail in claimed:
                queue.mark_put_off(mail, WORKER, desk.now, None)

    worker = threading.Thread(target=put_back)
    worker.start()
    together.wait()
    assert act(message_id, desk.event, desk.account.id, desk.now)
    worker.join()
    assert states(message_id) == [becomes] * 24


def test_held_mails_block_no_later_mail_of_the_same_address(desk: Desk, factory: Factory) -> None:
    (anna,) = people(desk, factory, 1)
    confirmation = single_mail(desk, anna)
    for message in db.session.scalars(select(EventMessage)).all():
        pause_message(message.id, desk.event, desk.account.id, desk.now)
    assert [mail.id for mail in queue.claim_due(desk.now, WORKER, 10)] == [confirmation]


def test_a_single_mail_leaves_before_mails_to_many(desk: Desk, factory: Factory) -> None:
    registrations = people(desk, factory, 5)
    confirmation = single_mail(desk, registrations[4])
    assert [mail.id for mail in queue.claim_due(desk.now, WORKER, 1)] == [confirmation]
    assert len(queue.claim_due(desk.now, WORKER, 10)) == 5


def test_mails_to_many_leave_so_many_a_minute(each_database: Flask, desk: Desk, factory: Factory) -> None:
    registrations = people(desk, factory, 7)
    desk.sent()
    with pace(each_database, 4):
        first = queue.claim_due(desk.now, WORKER, 3)
        second = queue.claim_due(desk.now, "other:2:mark", 3)
        assert (len(first), len(second)) == (3, 1), "what is under way counts, whoever claimed it"
        assert not queue.has_due(desk.now), "the worker rests instead of asking again and again"
        for mail in first:
            queue.mark_sent(mail, WORKER, desk.now)
        queue.mark_sent(second[0], "other:2:mark", desk.now)
        shortly_before = desk.now + PACE_WINDOW - timedelta(seconds=1)
        assert not queue.has_due(shortly_before)
        assert queue.claim_due(shortly_before, WORKER, 10) == []
        later = desk.now + PACE_WINDOW
        assert queue.has_due(later)
        assert len(queue.claim_due(later, WORKER, 10)) == 3
    with pace(each_database, 1):
        confirmation = single_mail(desk, registrations[0])
        assert confirmation in [mail.id for mail in queue.claim_due(later, WORKER, 10)], "single mails never wait"


def test_several_workers_stay_under_the_limit_together(each_database: Flask, desk: Desk, factory: Factory) -> None:
    people(desk, factory, 30)
    desk.sent()
    claimed: list[int] = []
    together = threading.Barrier(5)

    def work(name: str) -> None:
        with each_database.app_context():
            together.wait()
            claimed.extend(mail.id for mail in queue.claim_due(desk.now, name, 6))

    with pace(each_database, 10):
        workers = [threading.Thread(target=work, args=(f"host:{number}:mark",)) for number in range(5)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert len(claimed) == len(set(claimed)) == 10


def test_abuse_15_messages_neither_wait_for_the_quota_nor_use_it_up(desk: Desk, factory: Factory) -> None:
    (anna,) = people(desk, factory, 1)
    for _ in range(QUOTA_PER_ADDRESS + 1):
        message_id = desk.sent()
    assert mails(message_id)[0].next_try_at == desk.now
    assert db.session.get_one(Mail, single_mail(desk, anna)).next_try_at == desk.now


def test_a_newer_mail_about_the_person_leaves_the_message_alone(desk: Desk, factory: Factory) -> None:
    (anna,) = people(desk, factory, 1)
    message_id = desk.sent()
    queue.supersede_unsent([anna.id])
    assert states(message_id) == ["queued"]


def test_a_failed_mail_of_a_message_can_be_tried_again_whatever_came_after(desk: Desk, factory: Factory) -> None:
    (anna,) = people(desk, factory, 1)
    message_id = desk.sent()
    (mail,) = queue.claim_due(desk.now, WORKER, 10)
    queue.mark_failed(mail, WORKER, "550 no")
    single_mail(desk, anna)
    assert try_again(mail.id, desk.now) is None
    assert states(message_id) == ["queued"]


def test_a_message_is_done_when_its_last_mail_has_left(each_database: Flask, desk: Desk, factory: Factory) -> None:
    registrations = people(desk, factory, 45)
    postbox = Postbox()
    postbox.answers[registrations[7].email] = "550 5.1.1 No such user"
    message_id = desk.sent("Dzień dobry, {name}!\n\n{link}")
    later = desk.now + timedelta(seconds=30)
    with (
        smtp_server(postbox) as port,
        mail_server_set(each_database, MailServer("127.0.0.1", port, None, None, "none")),
    ):
        report = deliver_due(Delivery(WORKER, lambda: later))
    assert (report.left, report.failed) == (44, 1), "batch after batch over one connection"
    message = the_message(message_id)
    assert (message.state, message.finished_at) == ("done", later)
    assert figures_of([message_id])[message_id] == Figures(sent=44, failed=1)
    texts = {str(mail["To"].addresses[0].addr_spec): mail.get_body(("plain",)) for mail in postbox.received}
    for registration in registrations:
        if registration.email in texts:
            body = texts[registration.email]
            assert body is not None
            assert f"Dzień dobry, {registration.name}!" in body.get_content()
            assert registration.link_key in body.get_content()
    assert postbox.received[0]["Reply-To"].addresses[0].addr_spec == desk.event.organiser.contact_email


def test_every_step_is_in_the_trail_without_a_name(desk: Desk, factory: Factory) -> None:
    people(desk, factory, 1)
    message_id = desk.draft()
    send_test(message_id, desk.event, desk.account, "pl", desk.now)
    rewrite_message(message_id, desk.event, Wording("x", "y", EVERYBODY), desk.account.id, desk.now)
    start_message(message_id, desk.event, desk.account.id, desk.now)
    for act in (pause_message, continue_message, stop_message):
        act(message_id, desk.event, desk.account.id, desk.now)
    db.session.rollback()
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [entry.action for entry in entries] == [
        "message_written",
        "message_tested",
        "message_changed",
        "message_sent",
        "message_paused",
        "message_continued",
        "message_stopped",
    ]
    assert entries[3].detail == {"message": message_id, "mails": 1}
