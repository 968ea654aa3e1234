"""Abuse cases 15 to 23 where there is a waiting list, addresses to confirm, and groups."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.outbox.models import Mail
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.group_cancelling import GroupCancelled, cancel_of_group
from eventreg.registrations.group_sign_up import sign_up_group
from eventreg.registrations.group_sign_up_rules import GroupPerson, GroupRequest, GroupSignedUp
from eventreg.registrations.holds_and_offers import confirm_address, expire_due
from eventreg.registrations.models import Registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import AwaitingConfirmation, Confirmed, SignUpRequest, Waitlisted
from eventreg.registrations.waiting_list import promote
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

NAMES = ("Anna Kowalska", "Jan Łoś", "Ewa Ćwik")


def ask(name: str, email: str) -> SignUpRequest:
    return SignUpRequest(name, email, "pl")


def group(event_id: int, now: datetime, *names: str, contact: str = "biuro@example.org") -> GroupSignedUp:
    people = tuple(GroupPerson(name) for name in names or NAMES)
    result = sign_up_group(event_id, GroupRequest(contact, "pl", people), now)
    assert isinstance(result, GroupSignedUp)
    return result


def standings(event: Event) -> dict[str, str]:
    db.session.rollback()
    rows = db.session.execute(
        select(Registration.name, Registration.state).where(Registration.event_id == event.id).order_by(Registration.id)
    )
    return {row.name: row.state for row in rows}


def counters(event: Event) -> tuple[int, int]:
    db.session.rollback()
    row = db.session.execute(select(Event.places_taken, Event.waiting_count).where(Event.id == event.id)).one()
    return row.places_taken, row.waiting_count


def occasions(address: str) -> list[str]:
    query = select(Mail.occasion).where(Mail.to_address == address).order_by(Mail.id)
    return list(db.session.scalars(query))


def statements_of(work: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    sqlalchemy_event.listen(db.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        sqlalchemy_event.remove(db.engine, "before_cursor_execute", note)
    return len([one for one in seen if not one.startswith(("BEGIN", "COMMIT", "ROLLBACK"))])


def test_abuse_15_on_the_waiting_list_a_thousand_repeats_send_one_more_mail_a_day(
    factory: Factory, now: datetime
) -> None:
    event = factory.event(capacity=1, waiting_list="when_full")
    sign_up(event.id, ask("Piotr Żak", "p@example.org"), now)
    for minute in range(20):
        sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now + timedelta(minutes=minute))
    assert occasions("anna@example.org") == ["sign_up_waitlisted", "already_registered"]
    assert counters(event) == (1, 1)


def test_abuse_15_19_an_address_that_nobody_confirms_gets_no_mail_but_the_first(
    factory: Factory, now: datetime
) -> None:
    event = factory.event(capacity=5, confirm_hours=1)
    sign_up(event.id, ask("Anna Kowalska", "victim@example.org"), now)
    assert expire_due(now + timedelta(hours=2)) == 1
    assert occasions("victim@example.org") == ["address_to_confirm"]


@pytest.mark.parametrize(
    ("values", "first"),
    [
        ({"capacity": 30}, Confirmed),
        ({"capacity": 1, "waiting_list": "when_full"}, Waitlisted),
        ({"capacity": 30, "confirm_hours": 24}, AwaitingConfirmation),
    ],
)
def test_abuse_16_a_known_address_costs_about_the_same_work(
    factory: Factory, now: datetime, values: dict[str, Any], first: type
) -> None:
    """So that the time to the answer tells nothing: with places, on the waiting list, with addresses to confirm."""
    event = factory.event(**values)
    factory.registration(event, name="Piotr Żak", email="p@example.org")
    assert isinstance(sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now), first)
    fresh = statements_of(lambda: sign_up(event.id, ask("Jan Łoś", "jan@example.org"), now))
    known = statements_of(lambda: sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now))
    assert abs(fresh - known) <= 3, (fresh, known)  # each a fraction of a millisecond; both write, both queue a mail


def test_abuse_16_a_full_event_costs_about_the_same_for_everybody(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1)
    sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now)
    fresh = statements_of(lambda: sign_up(event.id, ask("Jan Łoś", "jan@example.org"), now))
    sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now)  # the one mail of the day
    known = statements_of(lambda: sign_up(event.id, ask("Anna Kowalska", "anna@example.org"), now))
    assert abs(fresh - known) <= 2, (fresh, known)


def test_abuse_17_variants_fill_one_mailbox_on_the_waiting_list_too(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1, waiting_list="when_full", cap_per_address=2)
    results = [sign_up(event.id, ask(f"Osoba {x}", f"o.f.f.i.c.e+{x}@gmail.com"), now) for x in "abcd"]
    assert [type(one).__name__ for one in results] == ["Confirmed", "Waitlisted", "Refused", "Refused"]


def test_abuse_18_unconfirmed_sign_ups_count_for_the_cap(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=50, confirm_hours=24, cap_per_address=3)
    results = [sign_up(event.id, ask(f"Osoba {x}", "bot@example.org"), now) for x in "abcde"]
    assert Counter(type(one).__name__ for one in results) == {"AwaitingConfirmation": 3, "Refused": 2}
    assert counters(event) == (3, 0)


def test_abuse_19_hoarded_places_pass_on_to_those_who_wait(factory: Factory, now: datetime) -> None:
    """A group and single sign-ups take all places and confirm none; the line gets them in its order."""
    event = factory.event(capacity=4, confirm_hours=2, waiting_list="when_full")
    group(event.id, now)
    sign_up(event.id, ask("Bot Jeden", "bot@example.org"), now)
    assert counters(event) == (4, 0)
    honest = [sign_up(event.id, ask(f"Osoba {x}", f"{x}@example.org"), now + timedelta(minutes=1)) for x in "abc"]
    for one in honest:
        assert isinstance(one, AwaitingConfirmation)
        confirm_address(one.registration_id, now + timedelta(minutes=2))
    assert counters(event) == (4, 3)
    assert expire_due(now + timedelta(hours=2)) == 4
    found = standings(event)
    assert [found[f"Osoba {x}"] for x in "abc"] == ["confirmed"] * 3
    assert [found[name] for name in (*NAMES, "Bot Jeden")] == ["cancelled"] * 4
    assert counters(event) == (3, 0)
    assert occasions("biuro@example.org") == ["group_signed_up"]
    assert expire_due(now + timedelta(hours=2)) == 0


def test_abuse_19_what_has_run_out_can_be_signed_up_again(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=3, confirm_hours=1)
    first = group(event.id, now)
    expire_due(now + timedelta(hours=1))
    again = group(event.id, now + timedelta(hours=2))
    assert again.joined == first.joined
    assert counters(event) == (3, 0)


def run_all(app: Flask, jobs: list[Callable[[], object]]) -> list[object]:
    def run(job: Callable[[], object]) -> object:
        with app.app_context():
            return job()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, jobs))


def test_abuse_20_21_groups_and_single_people_at_once_fill_exactly_the_capacity(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    event = factory.event(capacity=10, waiting_list="when_full")
    event_id = event.id
    jobs: list[Callable[[], object]] = []
    for number in range(8):
        letter = chr(65 + number)
        names = [f"Osoba {letter}{one}" for one in "abc"]
        jobs += [lambda names=names, n=number: group(event_id, now, *names, contact=f"b{n}@example.org")] * 2
        jobs += [lambda letter=letter: sign_up(event_id, ask(f"Sam {letter}", f"{letter}@example.org"), now)] * 2
    run_all(each_database, jobs)
    found = standings(event)
    assert len(found) == 8 * 4
    assert Counter(found.values()) == {"confirmed": 10, "waitlisted": 22}
    assert counters(event) == (10, 22)
    db.session.rollback()
    orders = db.session.scalars(select(Registration.waiting_order).where(Registration.waiting_order.is_not(None))).all()
    assert len(set(orders)) == 22


def test_abuse_23_a_group_that_cancels_while_the_organiser_promotes_has_one_outcome(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    """Each of the waiting people ends up with a place or cancelled, never both, and the counters are right."""
    event = factory.event(capacity=3, waiting_list="when_full")
    event_id, account_id = event.id, factory.account(event.organiser).id
    holders = group(event.id, now)
    waiting = group(event.id, now, "Osoba Wa", "Osoba Wb", "Osoba Wc", contact="inne@example.org")
    ids = list(waiting.joined)
    jobs: list[Callable[[], object]] = [
        lambda: cancel_of_group(waiting.group_id, None, now),
        lambda: cancel_of_group(holders.group_id, None, now),
        *(lambda id_=id_: promote(id_, event_id, account_id, now) for id_ in ids),
        *(lambda id_=id_: cancel_registration(id_, now, by="person") for id_ in ids),
    ]
    run_all(each_database, jobs)
    found = standings(event)
    assert {found[name] for name in NAMES} == {"cancelled"}
    assert {found[f"Osoba W{x}"] for x in "abc"} == {"cancelled"}
    assert counters(event) == (0, 0)


def test_abuse_23_places_of_a_group_go_to_one_winner_each(
    each_database: Flask, factory: Factory, now: datetime
) -> None:
    event = factory.event(capacity=3, waiting_list="when_full")
    holders = group(event.id, now)
    group(event.id, now, *(f"Osoba W{x}" for x in "abcde"), contact="inne@example.org")
    results = run_all(each_database, [lambda: cancel_of_group(holders.group_id, None, now)] * 6)
    assert sorted(one.cancelled for one in results if isinstance(one, GroupCancelled)) == [0, 0, 0, 0, 0, 3]
    found = standings(event)
    assert [found[f"Osoba W{x}"] for x in "abcde"] == ["confirmed"] * 3 + ["waitlisted"] * 2
    assert counters(event) == (3, 2)
    assert occasions("inne@example.org") == ["group_signed_up", "place_given"], "three promoted, one mail"
