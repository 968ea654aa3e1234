"""Signing up on both databases: who gets a place, who is told what, what it costs."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.events.sign_up_window_rules import SignUpStatus
from eventreg.outbox.models import Mail
from eventreg.registrations.cancelling import Cancelled, cancel_registration
from eventreg.registrations.models import Registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import (
    AlreadyRegistered,
    Confirmed,
    Refusal,
    Refused,
    SignUpRequest,
    SignUpResult,
    Source,
)
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")


def ask(name: str = "Anna Kowalska", email: str = "anna@example.org", **more: Any) -> SignUpRequest:
    return SignUpRequest(name=name, email=email, language="pl", **more)


def taken(event: Event) -> int:
    db.session.rollback()
    return db.session.scalars(select(Event.places_taken).where(Event.id == event.id)).one()


def mails(occasion: str | None = None) -> list[Mail]:
    query = select(Mail).order_by(Mail.id)
    return list(db.session.scalars(query if occasion is None else query.where(Mail.occasion == occasion)))


def test_a_sign_up_takes_a_place_keeps_the_person_and_queues_one_mail(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=30)
    result = sign_up(event.id, ask("dr hab. Artur Wołek", "Artur.Wolek@Example.org"), now)
    assert isinstance(result, Confirmed)
    row = db.session.get_one(Registration, result.registration_id)
    assert (row.state, row.name, row.surname) == ("confirmed", "dr hab. Artur Wołek", "Wołek")
    assert row.address_key == "artur.wolek@example.org"
    assert row.confirmed_at == now
    assert row.clause_id == event.organiser.current_clause_id
    assert len(row.link_key) >= 22
    assert taken(event) == 1
    [mail] = mails()
    assert (mail.occasion, mail.to_address, mail.registration_id) == ("sign_up_confirmed", row.email, row.id)


def test_abuse_16_21_the_same_person_twice_is_one_registration_and_only_her_mailbox_learns_it(
    factory: Factory, now: datetime
) -> None:
    event = factory.event()
    first = sign_up(event.id, ask(), now)
    assert isinstance(first, Confirmed)
    again = sign_up(event.id, ask("ANNA  kowalska".replace("  ", " "), "Anna@Example.org"), now + timedelta(minutes=1))
    assert again == AlreadyRegistered(first.registration_id)
    assert taken(event) == 1
    assert [mail.occasion for mail in mails()] == ["sign_up_confirmed", "already_registered"]


def test_abuse_15_a_thousand_repeats_send_one_more_mail_a_day(factory: Factory, now: datetime) -> None:
    event = factory.event()
    for minute in range(30):
        sign_up(event.id, ask(), now + timedelta(minutes=minute))
    assert Counter(mail.occasion for mail in mails()) == {"sign_up_confirmed": 1, "already_registered": 1}


def test_abuse_16_a_full_event_is_full_to_everyone(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1)
    sign_up(event.id, ask(), now)
    full = Refused(Refusal.FULL, SignUpStatus.FULL)
    assert sign_up(event.id, ask(), now) == full
    assert sign_up(event.id, ask("Jan Łoś", "jan@example.org"), now) == full
    assert taken(event) == 1
    assert [mail.occasion for mail in mails()] == ["sign_up_confirmed", "already_registered"]


def test_several_people_share_an_office_mailbox(factory: Factory, now: datetime) -> None:
    event = factory.event()
    for name in ("Anna Kowalska", "Jan Łoś", "Ewa Ćwik"):
        assert isinstance(sign_up(event.id, ask(name, "sekretariat@example.org"), now), Confirmed)
    assert taken(event) == 3


def test_abuse_17_18_the_cap_per_mailbox_counts_variants_and_the_organiser_may_raise_it(
    factory: Factory, now: datetime
) -> None:
    event = factory.event(cap_per_address=2)
    sign_up(event.id, ask("Anna Kowalska", "office@example.org"), now)
    sign_up(event.id, ask("Jan Łoś", "office+jan@example.org"), now)
    third = ask("Ewa Ćwik", "office+ewa@example.org")
    assert sign_up(event.id, third, now) == Refused(Refusal.ADDRESS_CAP, SignUpStatus.OPEN)
    assert taken(event) == 2
    with transaction():
        db.session.merge(event).cap_per_address = 3
    assert isinstance(sign_up(event.id, third, now), Confirmed)


def test_at_the_cap_a_known_person_gets_the_same_answer_as_ever(factory: Factory, now: datetime) -> None:
    event = factory.event(cap_per_address=1)
    first = sign_up(event.id, ask(), now)
    assert isinstance(first, Confirmed)
    assert sign_up(event.id, ask(), now) == AlreadyRegistered(first.registration_id)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"state": "draft"}, SignUpStatus.NOT_PUBLISHED),
        ({"state": "cancelled"}, SignUpStatus.CANCELLED),
        ({"state": "archived"}, SignUpStatus.PAST),
        ({"sign_up_mode": "elsewhere", "sign_up_url": "https://example.org/"}, SignUpStatus.ELSEWHERE),
        ({"sign_up_mode": "open_entry"}, SignUpStatus.OPEN_ENTRY),
        ({"opens": 1}, SignUpStatus.NOT_YET),
        ({"closes": -1}, SignUpStatus.CLOSED),
        ({"closes": 0}, SignUpStatus.CLOSED),
    ],
)
def test_abuse_22_the_server_refuses_what_is_not_open(
    factory: Factory, now: datetime, values: dict[str, Any], status: SignUpStatus
) -> None:
    if "opens" in values:
        values = {"sign_up_opens_at": now + timedelta(minutes=values["opens"])}
    if "closes" in values:
        values = {"sign_up_closes_at": now + timedelta(minutes=values["closes"])}
    event = factory.event(**values)
    assert sign_up(event.id, ask(), now) == Refused(Refusal.NOT_OPEN, status)
    assert taken(event) == 0
    assert mails() == []


def test_abuse_22_a_past_or_unknown_event(factory: Factory, now: datetime) -> None:
    event = factory.event()
    assert sign_up(event.id, ask(), event.ends_at) == Refused(Refusal.NOT_OPEN, SignUpStatus.PAST)
    assert sign_up(event.id + 1000, ask(), now) == Refused(Refusal.NO_SUCH_EVENT, SignUpStatus.NOT_PUBLISHED)


def test_who_cancelled_and_comes_back_keeps_uid_and_link(factory: Factory, now: datetime) -> None:
    event = factory.event()
    first = sign_up(event.id, ask(), now)
    assert isinstance(first, Confirmed)
    before = db.session.get_one(Registration, first.registration_id)
    marks = (before.uid, before.link_key)
    assert cancel_registration(first.registration_id, now, by="person") == Cancelled(changed=True)
    assert taken(event) == 0
    back = sign_up(event.id, ask(), now + timedelta(hours=1))
    assert back == first
    row = db.session.get_one(Registration, first.registration_id, populate_existing=True)
    assert (row.uid, row.link_key) == marks
    assert (row.state, row.cancelled_at, row.cancelled_by) == ("confirmed", None, None)
    assert row.ical_sequence == 2
    assert taken(event) == 1


def test_by_hand_over_the_capacity_only_when_the_organiser_says_so(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1)
    sign_up(event.id, ask(), now)
    late = {"name": "Jan Łoś", "email": "jan@example.org", "source": Source.PANEL}
    assert sign_up(event.id, ask(**late), now) == Refused(Refusal.FULL, SignUpStatus.FULL)
    assert isinstance(sign_up(event.id, ask(**late, over_capacity=True), now), Confirmed)
    assert taken(event) == 2


def at_once(app: Flask, jobs: list[Callable[[], SignUpResult]], threads: int) -> list[SignUpResult]:
    def run(job: Callable[[], SignUpResult]) -> SignUpResult:
        with app.app_context():
            return job()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, jobs))


def test_abuse_20_five_hundred_people_on_fifty_places(each_database: Flask, factory: Factory, now: datetime) -> None:
    event_id = factory.event(capacity=50).id
    jobs = [
        (lambda n=n: sign_up(event_id, ask(f"Osoba {chr(65 + n % 26)}{n}", f"o{n}@example.org"), now))
        for n in range(500)
    ]
    results = Counter(type(result).__name__ for result in at_once(each_database, jobs, threads=16))
    assert results == {"Confirmed": 50, "Refused": 450}
    db.session.rollback()
    assert db.session.scalar(select(Event.places_taken).where(Event.id == event_id)) == 50
    assert db.session.scalar(select(func.count()).select_from(Registration)) == 50
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 50


def test_abuse_21_the_same_form_sent_thirty_times_at_once(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    event_id = factory.event().id
    results = at_once(each_database, [lambda: sign_up(event_id, ask(), now)] * 30, threads=15)
    assert Counter(type(result).__name__ for result in results) == {"Confirmed": 1, "AlreadyRegistered": 29}
    db.session.rollback()
    assert db.session.scalar(select(Event.places_taken).where(Event.id == event_id)) == 1


def statements_of(work: Callable[[], object]) -> list[str]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    return [statement for statement in seen if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]


def test_a_sign_up_costs_the_same_few_statements_whatever_the_number_of_people(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    event = factory.event(capacity=None)

    def post(number: int) -> list[str]:
        data = {"name": "Anna Kowalska", "email": f"anna{number}@example.org"}
        client = each_database.test_client()
        return statements_of(lambda: client.post(f"/events/{event.slug}", data=data))

    few = post(1)
    for _ in range(40):
        factory.registration(event)
    many = post(2)
    assert taken(event) == 42
    assert len(few) == len(many)
    assert 4 <= len(many) <= 10, "\n".join(many)
