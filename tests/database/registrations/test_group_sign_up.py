"""Several people in one go, on both databases: all or nobody, as many as there are places, one mail to each mailbox."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.outbox.composing import words_of
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.models import Mail
from eventreg.questions.models import Question, QuestionOption
from eventreg.questions.question_rules import GivenAnswer
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.group_sign_up import sign_up_group
from eventreg.registrations.group_sign_up_rules import (
    GroupPerson,
    GroupRefusal,
    GroupRefused,
    GroupRequest,
    GroupResult,
    GroupSignedUp,
)
from eventreg.registrations.models import Registration, RegistrationGroup
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import SignUpRequest
from tests.factories import Factory

pytestmark = pytest.mark.usefixtures("each_database")

OFFICE = "sekretariat@example.org"
THREE = ("Anna Kowalska", "Jan Łoś", "Ewa Ćwik")


def group(*people: str | GroupPerson, contact: str = OFFICE, **more: Any) -> GroupRequest:
    asked = tuple(one if isinstance(one, GroupPerson) else GroupPerson(one) for one in people or THREE)
    return GroupRequest(contact, "pl", asked, **more)


def joined(result: GroupResult) -> GroupSignedUp:
    assert isinstance(result, GroupSignedUp), result
    return result


def people(event: Event) -> list[Registration]:
    db.session.rollback()
    query = select(Registration).where(Registration.event_id == event.id).order_by(Registration.id)
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def states(event: Event) -> dict[str, str]:
    return {one.name: one.state for one in people(event)}


def taken(event: Event) -> tuple[int, int]:
    db.session.rollback()
    row = db.session.execute(select(Event.places_taken, Event.waiting_count).where(Event.id == event.id)).one()
    return row.places_taken, row.waiting_count


def mails() -> list[tuple[str, str]]:
    return [(mail.to_address, mail.occasion) for mail in db.session.scalars(select(Mail).order_by(Mail.id))]


def last_words(address: str, language: str = "pl") -> str:
    mail = db.session.scalars(select(Mail).where(Mail.to_address == address).order_by(Mail.id.desc())).first()
    assert mail is not None
    return words_of(mail.occasion, facts_from_json(mail.facts), language).text


def test_three_colleagues_get_three_places_and_one_mail(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=30)
    result = joined(sign_up_group(event.id, group(), now))
    assert len(result.joined) == 3
    assert states(event) == dict.fromkeys(THREE, "confirmed")
    assert {one.email for one in people(event)} == {OFFICE}
    assert {one.group_id for one in people(event)} == {result.group_id}
    assert {one.clause_id for one in people(event)} == {event.organiser.current_clause_id}
    assert taken(event) == (3, 0)
    assert mails() == [(OFFICE, "group_signed_up")]
    words = last_words(OFFICE)
    for name in THREE:
        assert name in words
    assert words.count("/registrations/") == 6
    assert words.count("/groups/") == 1


def test_who_has_an_own_address_is_told_there_and_the_contact_reads_her_name_alone(
    factory: Factory, now: datetime
) -> None:
    event = factory.event()
    sign_up_group(event.id, group("Anna Kowalska", GroupPerson("Jan Łoś", "jan@example.org")), now)
    assert sorted(mails()) == [("jan@example.org", "sign_up_confirmed"), (OFFICE, "group_signed_up")]
    office, his = last_words(OFFICE), last_words("jan@example.org")
    assert "Jan Łoś" in office
    assert office.count("/registrations/") == 2, "Anna's page and her calendar; nothing of Jan's"
    assert OFFICE in his, "RODO art. 14: who gave his data"
    assert f"/privacy/{event.organiser.slug}" in his
    assert "Anna Kowalska" not in his


def test_a_contact_whose_colleagues_all_have_own_addresses_still_gets_one_mail(factory: Factory, now: datetime) -> None:
    event = factory.event()
    asked = group(GroupPerson("Jan Łoś", "jan@example.org"), GroupPerson("Ewa Ćwik", "ewa@example.org"))
    sign_up_group(event.id, asked, now)
    assert Counter(mails()) == {
        ("jan@example.org", "sign_up_confirmed"): 1,
        ("ewa@example.org", "sign_up_confirmed"): 1,
        (OFFICE, "group_signed_up"): 1,
    }
    office = last_words(OFFICE)
    assert "Jan Łoś, Ewa Ćwik" in office
    assert "/registrations/" not in office
    assert "/groups/" in office


def test_two_colleagues_who_share_another_mailbox_get_one_mail_there(factory: Factory, now: datetime) -> None:
    event = factory.event()
    shared = [GroupPerson(name, "wydzial@example.org") for name in ("Jan Łoś", "Ewa Ćwik")]
    sign_up_group(event.id, group(*shared), now)
    assert Counter(address for address, _ in mails()) == {"wydzial@example.org": 1, OFFICE: 1}


def test_all_or_nobody_takes_nobody_when_one_place_is_missing(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=2)
    assert sign_up_group(event.id, group(all_or_nobody=True), now) == GroupRefused(GroupRefusal.NOT_ENOUGH_PLACES)
    assert people(event) == []
    assert mails() == []
    assert taken(event) == (0, 0)
    assert db.session.scalars(select(RegistrationGroup)).all() == []
    assert len(joined(sign_up_group(event.id, group(*THREE[:2], all_or_nobody=True), now)).joined) == 2


def test_as_many_as_there_are_places_leaves_out_the_rest_and_says_whom(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=2)
    result = joined(sign_up_group(event.id, group(), now))
    assert result.left_out == ("Ewa Ćwik",)
    assert states(event) == {"Anna Kowalska": "confirmed", "Jan Łoś": "confirmed"}
    assert "Ewa Ćwik" in last_words(OFFICE)
    assert last_words(OFFICE).count("/registrations/") == 4


def test_as_many_as_there_are_places_puts_the_rest_on_the_waiting_list(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1, waiting_list="when_full")
    sign_up_group(event.id, group(), now)
    assert states(event) == {"Anna Kowalska": "confirmed", "Jan Łoś": "waitlisted", "Ewa Ćwik": "waitlisted"}
    assert taken(event) == (1, 2)
    assert mails() == [(OFFICE, "group_signed_up")]
    assert "pozycja 1" in last_words(OFFICE)
    assert "pozycja 2" in last_words(OFFICE)


@pytest.mark.parametrize("all_or_nobody", [True, False])
def test_a_full_event_takes_the_group_into_the_line_one_after_the_other(
    factory: Factory, now: datetime, all_or_nobody: bool
) -> None:
    event = factory.event(capacity=1, waiting_list="when_full")
    sign_up(event.id, SignUpRequest("Piotr Żak", "p@example.org", "pl"), now)
    sign_up_group(event.id, group(all_or_nobody=all_or_nobody), now)
    sign_up(event.id, SignUpRequest("Maria Ścisło", "m@example.org", "pl"), now)
    line = sorted((one.waiting_order, one.name) for one in people(event) if one.waiting_order is not None)
    assert [name for _, name in line] == [*THREE, "Maria Ścisło"]
    assert taken(event) == (1, 4)


def test_a_full_event_without_a_waiting_list_is_full_to_every_group(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1)
    sign_up(event.id, SignUpRequest("Anna Kowalska", OFFICE, "pl"), now)
    before = len(mails())
    assert sign_up_group(event.id, group(), now) == GroupRefused(GroupRefusal.FULL)
    assert len(mails()) == before


def test_with_approval_everybody_waits_for_the_decision(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=1, waiting_list="when_full", approval=True)
    sign_up_group(event.id, group(all_or_nobody=True), now)
    assert set(states(event).values()) == {"pending"}
    assert mails() == [(OFFICE, "group_signed_up")]


def test_with_addresses_to_confirm_the_places_are_held(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=5, confirm_hours=24)
    sign_up_group(event.id, group("Anna Kowalska", "Jan Łoś", GroupPerson("Ewa Ćwik", "ewa@example.org")), now)
    assert set(states(event).values()) == {"unconfirmed"}
    assert {one.hold_until for one in people(event)} == {now + timedelta(hours=24)}
    assert taken(event) == (3, 0)
    assert Counter(mails()) == {(OFFICE, "group_signed_up"): 1, ("ewa@example.org", "address_to_confirm"): 1}
    assert "potwierdzić zgłoszenia" in last_words(OFFICE)


def test_one_refused_person_refuses_the_group_and_nothing_is_written(factory: Factory, now: datetime) -> None:
    event = factory.event(allowed_domains="example.org")
    asked = group("Anna Kowalska", GroupPerson("Jan Łoś", "jan@example.com"))
    assert sign_up_group(event.id, asked, now) == GroupRefused(GroupRefusal.DOMAIN, 1)
    assert sign_up_group(event.id, group(contact="x@example.com"), now) == GroupRefused(GroupRefusal.DOMAIN)
    full_mailbox = factory.event(cap_per_address=1)
    sign_up(full_mailbox.id, SignUpRequest("Ktoś Inny", "jan@example.org", "pl"), now)
    asked = group(GroupPerson("Jan Łoś", "jan@example.org"))
    before = mails()
    assert sign_up_group(full_mailbox.id, asked, now) == GroupRefused(GroupRefusal.ADDRESS_CAP, 0)
    assert people(event) == []
    assert [one.name for one in people(full_mailbox)] == ["Ktoś Inny"]
    assert mails() == before


def test_the_last_seat_on_the_bus_goes_to_one_of_the_group_and_then_to_nobody(factory: Factory, now: datetime) -> None:
    event = factory.event()
    question = Question(event_id=event.id, kind="one_of", label="Przejazd", purpose="Autobus", position=1)
    factory._store(question)
    seat = factory._store(QuestionOption(question_id=question.id, label="Autobus", places=1, position=1))
    answer = (GivenAnswer(question.id, option_ids=(seat.id,)),)
    asked = group(GroupPerson("Anna Kowalska", answers=answer), GroupPerson("Jan Łoś", answers=answer))
    assert sign_up_group(event.id, asked, now) == GroupRefused(GroupRefusal.OPTION_FULL, 1, ("Autobus",))
    assert people(event) == []
    assert joined(sign_up_group(event.id, group(GroupPerson("Anna Kowalska", answers=answer), "Jan Łoś"), now))


def test_the_same_person_twice_in_one_form_is_pointed_out(factory: Factory, now: datetime) -> None:
    event = factory.event()
    twice = group("Anna Kowalska", "Jan Łoś", GroupPerson("anna kowalska", OFFICE.upper()))
    assert sign_up_group(event.id, twice, now) == GroupRefused(GroupRefusal.TWICE, 2)
    namesakes = group("Jan Nowak", GroupPerson("Jan Nowak", "jan@example.org"))
    assert len(joined(sign_up_group(event.id, namesakes, now)).joined) == 2


def test_the_organisers_limit_holds(factory: Factory, now: datetime) -> None:
    event = factory.event(group_limit=2)
    assert sign_up_group(event.id, group(), now) == GroupRefused(GroupRefusal.TOO_MANY)
    alone = factory.event(group_limit=1)
    assert sign_up_group(alone.id, group("Anna Kowalska"), now) == GroupRefused(GroupRefusal.ONE_BY_ONE)


def test_a_second_form_of_the_same_contact_is_told_with_the_same_page(factory: Factory, now: datetime) -> None:
    event = factory.event()
    first = joined(sign_up_group(event.id, group("Anna Kowalska"), now))
    second = joined(sign_up_group(event.id, group("Anna Kowalska", "Jan Łoś"), now + timedelta(minutes=1)))
    assert second.group_id == first.group_id
    assert (len(second.joined), len(second.known)) == (1, 1)
    words = last_words(OFFICE)
    assert "Anna Kowalska" in words
    assert "Jan Łoś" in words


def test_who_cancelled_and_is_signed_up_in_a_group_comes_back_with_her_uid(factory: Factory, now: datetime) -> None:
    event = factory.event()
    first = joined(sign_up_group(event.id, group(), now))
    cancel_registration(first.joined[0], now, by="person")
    back = joined(sign_up_group(event.id, group(), now + timedelta(minutes=1)))
    assert back.joined == (first.joined[0],)
    assert taken(event) == (3, 0)


def test_abuse_15_a_group_sent_again_mails_each_mailbox_once_a_day(factory: Factory, now: datetime) -> None:
    event = factory.event()
    asked = group(
        "Anna Kowalska", GroupPerson("Jan Łoś", "jan@example.org"), GroupPerson("Ewa Ćwik", "jan@example.org")
    )
    for minute in range(20):
        sign_up_group(event.id, asked, now + timedelta(minutes=minute))
    assert Counter(mails()) == {
        (OFFICE, "group_signed_up"): 1,
        ("jan@example.org", "sign_up_confirmed"): 1,
        ("jan@example.org", "already_registered"): 1,
    }


def test_abuse_15_a_stranger_cannot_mail_a_victim_by_naming_new_people_without_end(
    factory: Factory, now: datetime
) -> None:
    event = factory.event(capacity=None, cap_per_address=10)
    results = [
        sign_up_group(event.id, group(GroupPerson(f"Osoba {chr(65 + n)}", f"o{n}@example.org")), now) for n in range(15)
    ]
    assert Counter(type(result).__name__ for result in results) == {"GroupSignedUp": 10, "GroupRefused": 5}
    assert results[-1] == GroupRefused(GroupRefusal.ADDRESS_CAP)
    assert Counter(address for address, _ in mails())[OFFICE] == 10


def test_abuse_16_whoever_is_known_is_told_by_her_own_mail_and_the_contact_reads_the_same(
    factory: Factory, now: datetime
) -> None:
    known, fresh = factory.event(capacity=10), factory.event(capacity=10)
    sign_up(known.id, SignUpRequest("Jan Łoś", "jan@example.org", "pl"), now)
    asked = group("Anna Kowalska", GroupPerson("Jan Łoś", "jan@example.org"))
    one, other = (joined(sign_up_group(event.id, asked, now)) for event in (known, fresh))
    assert (len(one.known), len(other.known)) == (1, 0)
    his = [occasion for address, occasion in mails() if address == "jan@example.org"]
    assert his == ["sign_up_confirmed", "already_registered", "sign_up_confirmed"]
    to_contact = list(db.session.scalars(select(Mail).where(Mail.to_address == OFFICE).order_by(Mail.id)))
    told = [(mail.facts["told_themselves"], mail.facts["left_out"], len(mail.facts["people"])) for mail in to_contact]
    assert told[0] == told[1] == (["Jan Łoś"], [], 1)


def test_abuse_16_all_or_nobody_is_judged_before_anybody_is_looked_up(factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=3)
    sign_up_group(event.id, group(*THREE[:2]), now)
    refused = GroupRefused(GroupRefusal.NOT_ENOUGH_PLACES)
    assert sign_up_group(event.id, group(*THREE[:2], all_or_nobody=True), now) == refused
    assert sign_up_group(event.id, group("Obcy Jeden", "Obcy Drugi", all_or_nobody=True), now) == refused


def test_abuse_17_variants_of_the_contacts_address_count_as_one_mailbox(factory: Factory, now: datetime) -> None:
    event = factory.event(cap_per_address=3)
    own = [GroupPerson(f"Osoba {letter}", f"{letter}@example.org") for letter in "abcd"]
    sign_up_group(event.id, group(*own[:2], contact="office@example.org"), now)
    refused = sign_up_group(event.id, group(*own[2:], contact="office+2@example.org"), now)
    assert refused == GroupRefused(GroupRefusal.ADDRESS_CAP)
    assert joined(sign_up_group(event.id, group(own[2], contact="office+2@example.org"), now))


def test_abuse_18_a_group_counts_for_the_cap_of_the_contacts_mailbox(factory: Factory, now: datetime) -> None:
    event = factory.event(cap_per_address=3)
    sign_up(event.id, SignUpRequest("Piotr Żak", OFFICE, "pl"), now)
    assert sign_up_group(event.id, group(), now) == GroupRefused(GroupRefusal.ADDRESS_CAP)
    assert joined(sign_up_group(event.id, group(*THREE[:2]), now))
    assert joined(sign_up_group(event.id, group(*THREE[:2]), now)).known != (), "a double click is no error"


def test_abuse_21_the_same_group_sent_ten_times_at_once(each_database: Flask, factory: Factory, now: datetime) -> None:
    event = factory.event(capacity=30)
    event_id = event.id
    results = at_once(each_database, [lambda: sign_up_group(event_id, group(), now)] * 10, threads=10)
    assert Counter(len(joined(result).joined) for result in results) == {3: 1, 0: 9}
    assert taken(event) == (3, 0)
    assert mails() == [(OFFICE, "group_signed_up")]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"state": "draft"}, GroupRefusal.NOT_OPEN),
        ({"state": "cancelled"}, GroupRefusal.NOT_OPEN),
        ({"sign_up_mode": "open_entry"}, GroupRefusal.NOT_OPEN),
        ({"opens": 1}, GroupRefusal.NOT_OPEN),
        ({"closes": 0}, GroupRefusal.NOT_OPEN),
    ],
)
def test_abuse_22_no_group_before_opening_after_closing_or_to_a_draft(
    factory: Factory, now: datetime, values: dict[str, Any], reason: GroupRefusal
) -> None:
    if "opens" in values:
        values = {"sign_up_opens_at": now + timedelta(minutes=values["opens"])}
    if "closes" in values:
        values = {"sign_up_closes_at": now + timedelta(minutes=values["closes"])}
    event = factory.event(**values)
    assert sign_up_group(event.id, group(), now) == GroupRefused(reason)
    assert sign_up_group(event.id + 999, group(), now) == GroupRefused(GroupRefusal.NO_SUCH_EVENT)
    assert people(event) == []


def at_once(app: Flask, jobs: list[Callable[[], GroupResult]], threads: int) -> list[GroupResult]:
    def run(job: Callable[[], GroupResult]) -> GroupResult:
        with app.app_context():
            return job()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, jobs))


@pytest.mark.parametrize("all_or_nobody", [True, False])
def test_abuse_20_twenty_groups_of_three_on_ten_places(
    each_database: Flask, factory: Factory, now: datetime, all_or_nobody: bool
) -> None:
    event = factory.event(capacity=10)
    event_id = event.id

    def job(number: int) -> Callable[[], GroupResult]:
        names = [f"Osoba {chr(65 + number)}{letter}" for letter in "abc"]
        asked = group(*names, contact=f"biuro{number}@example.org", all_or_nobody=all_or_nobody)
        return lambda: sign_up_group(event_id, asked, now)

    results = at_once(each_database, [job(number) for number in range(20)], threads=10)
    sizes = Counter(len(result.joined) for result in results if isinstance(result, GroupSignedUp))
    by_group = Counter(one.email for one in people(event) if one.holds_place)
    if all_or_nobody:
        assert sizes == {3: 3}
        assert set(by_group.values()) == {3}, "no group is split"
        assert taken(event) == (9, 0)
    else:
        assert sizes == {3: 3, 1: 1}
        assert taken(event) == (10, 0)
    assert sum(by_group.values()) == taken(event)[0]
