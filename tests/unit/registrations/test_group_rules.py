"""Rules of signing up several people, and of their contact's page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from eventreg.events.sign_up_window_rules import SignUpWindow
from eventreg.registrations.group_page_rules import (
    Control,
    Standing,
    cancellable,
    control_of,
    may_cancel,
    may_confirm,
    may_take_place,
)
from eventreg.registrations.group_sign_up_rules import (
    GroupPerson,
    GroupRefusal,
    GroupRefused,
    GroupRequest,
    GroupTerms,
    exceeds_contact_cap,
    first_repeated,
    judge_group,
    may_not_fit,
    person_keys,
    refused_because_of,
)
from eventreg.registrations.sign_up_rules import Refusal
from tests.conftest import NOW

WINDOW = SignUpWindow(
    state="published",
    mode="here",
    opens_at=None,
    closes_at=None,
    starts_at=NOW + timedelta(days=1),
    ends_at=NOW + timedelta(days=1, hours=2),
    capacity=10,
    places_taken=8,
)
TERMS = GroupTerms(limit=10)
THREE = GroupRequest("biuro@example.org", "pl", tuple(GroupPerson(f"Osoba {x}") for x in "abc"))


def judge(window: SignUpWindow = WINDOW, terms: GroupTerms = TERMS, **values: object) -> GroupRefusal | None:
    refused = judge_group(window, terms, replace(THREE, **values), NOW)  # type: ignore[arg-type]  # fields of GroupRequest
    return None if refused is None else refused.reason


def test_all_or_nobody_counts_names_against_free_places() -> None:
    assert judge() is None
    assert judge(all_or_nobody=True) is GroupRefusal.NOT_ENOUGH_PLACES
    assert judge(replace(WINDOW, places_taken=7), all_or_nobody=True) is None
    assert judge(replace(WINDOW, capacity=None), all_or_nobody=True) is None


@pytest.mark.parametrize(
    ("window", "terms"),
    [
        (WINDOW, replace(TERMS, approval=True)),
        (replace(WINDOW, waiting_list="always"), TERMS),
        (replace(WINDOW, waiting_list="when_full", places_taken=10), TERMS),
        (replace(WINDOW, waiting_list="when_full", waiting=2), TERMS),
    ],
)
def test_all_or_nobody_means_nothing_where_no_place_is_given_at_once(window: SignUpWindow, terms: GroupTerms) -> None:
    assert not may_not_fit(window, terms, NOW)
    assert judge(window, terms, all_or_nobody=True) is None


def test_who_may_not_come_refuses_the_group_whatever_the_choice() -> None:
    assert judge(replace(WINDOW, places_taken=10)) is GroupRefusal.FULL
    assert judge(replace(WINDOW, state="draft")) is GroupRefusal.NOT_OPEN
    assert judge(terms=replace(TERMS, limit=1)) is GroupRefusal.ONE_BY_ONE
    assert judge(terms=replace(TERMS, limit=2)) is GroupRefusal.TOO_MANY
    assert judge(terms=replace(TERMS, limit=3)) is None


def test_domains_are_asked_of_the_contact_and_of_own_addresses() -> None:
    terms = replace(TERMS, allowed_domains="um.krakow.pl *.gov.pl")
    assert judge_group(WINDOW, terms, THREE, NOW) == GroupRefused(GroupRefusal.DOMAIN)
    office = replace(THREE, email="biuro@um.krakow.pl")
    assert judge_group(WINDOW, terms, office, NOW) is None
    people = (GroupPerson("Anna Kowalska"), GroupPerson("Jan Łoś", "jan@example.org"))
    assert judge_group(WINDOW, terms, replace(office, people=people), NOW) == GroupRefused(GroupRefusal.DOMAIN, 1)


def test_the_same_person_twice_whatever_the_spelling() -> None:
    people = (
        GroupPerson("Jan Łoś"),
        GroupPerson("Ewa Ćwik"),
        GroupPerson("JAN  ŁOŚ".replace("  ", " "), "BIURO@example.org"),
    )
    request = replace(THREE, people=people)
    assert first_repeated(person_keys(request)) == 2
    assert judge_group(WINDOW, TERMS, request, NOW) == GroupRefused(GroupRefusal.TWICE, 2)
    other = replace(THREE, people=(GroupPerson("Jan Łoś"), GroupPerson("Jan Łoś", "jan@example.org")))
    assert first_repeated(person_keys(other)) is None


def test_abuse_18_the_cap_counts_everybody_once() -> None:
    asked = [("biuro@example.org", "a"), ("biuro@example.org", "b")]
    assert not exceeds_contact_cap([], asked, 2)
    assert exceeds_contact_cap([("jan@example.org", "c")], asked, 2)
    assert not exceeds_contact_cap(asked, asked, 2)


def test_why_one_person_stops_the_group() -> None:
    assert refused_because_of(2, Refusal.OPTION_FULL, ("Autobus",)) == GroupRefused(
        GroupRefusal.OPTION_FULL, 2, ("Autobus",)
    )
    assert refused_because_of(0, Refusal.FULL, ()) == GroupRefused(GroupRefusal.NOT_ENOUGH_PLACES, 0)
    assert refused_because_of(0, Refusal.NOT_OPEN, ()) == GroupRefused(GroupRefusal.NOT_OPEN, 0)


def test_abuse_27_what_the_contact_may_do() -> None:
    def control(key: str, *, substitute: bool = False, moved: bool = False) -> Control:
        return control_of(key, "biuro@example.org", is_substitute=substitute, has_moved=moved)

    assert control("biuro@example.org") is Control.OWN_MAILBOX
    assert control("biuro@example.org", substitute=True) is Control.OWN_MAILBOX
    assert control("jan@example.org") is Control.SIGNED_UP
    assert control("jan@example.org", substitute=True) is Control.GONE
    assert control("jan@example.org", moved=True) is Control.GONE


@pytest.mark.parametrize("state", ["unconfirmed", "pending", "confirmed", "waitlisted", "declined", "cancelled"])
def test_only_who_is_signed_up_can_be_cancelled(state: str) -> None:
    live = state not in ("declined", "cancelled")
    assert may_cancel(Standing(1, state, Control.OWN_MAILBOX)) is live
    assert may_cancel(Standing(1, state, Control.SIGNED_UP)) is live
    assert may_cancel(Standing(1, state, Control.GONE)) is False


def test_confirming_and_taking_places_is_for_the_own_mailbox() -> None:
    for control in Control:
        is_own = control is Control.OWN_MAILBOX
        assert may_confirm(Standing(1, "unconfirmed", control)) is is_own
        assert may_take_place(Standing(1, "waitlisted", control, has_offer=True)) is is_own
    assert not may_confirm(Standing(1, "confirmed", Control.OWN_MAILBOX))
    assert not may_take_place(Standing(1, "waitlisted", Control.OWN_MAILBOX))


def test_abuse_28_only_people_of_the_group_are_cancelled() -> None:
    people = [
        Standing(1, "confirmed", Control.OWN_MAILBOX),
        Standing(2, "confirmed", Control.GONE),
        Standing(3, "cancelled", Control.OWN_MAILBOX),
        Standing(4, "waitlisted", Control.SIGNED_UP),
    ]
    assert cancellable(people, None) == [1, 4]
    assert cancellable(people, [2, 3, 4, 99]) == [4]
