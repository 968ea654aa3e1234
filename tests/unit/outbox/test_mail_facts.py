"""What a mail tells, frozen as JSON and read again."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.calendars.invitation import Method
from eventreg.outbox.facts_reading import UnreadableFactsError, facts_from_json, without_secrets
from eventreg.outbox.mail_facts import (
    AccountMailFacts,
    EventFacts,
    FoundCalendar,
    FoundLink,
    FoundLinksFacts,
    InvitationFacts,
    MailFacts,
    OrganiserFacts,
    RegistrationFacts,
    RegistrationMailFacts,
)

START = datetime(2026, 12, 9, 11, 0, tzinfo=UTC)
EVENT = EventFacts(
    id=1,
    slug="warsztaty",
    title="Warsztaty „Łódź”",
    kind="workshop",
    starts_at=START,
    ends_at=START.replace(hour=13),
    postal_code="32-100",
    city="Proszowice",
    street="ul. 3 Maja 72",
)
FACTS = RegistrationMailFacts(
    event=EVENT,
    organiser=OrganiserFacts("Urząd", "biuro@example.org"),
    people=(
        RegistrationFacts(7, "Anna Kowalska", "confirmed", "key", InvitationFacts(Method.REQUEST, "uid", 2, START)),
        RegistrationFacts(8, "Jan Nowak", "confirmed", "other"),
    ),
    shared=True,
    changed=("time", "place"),
    before=replace(EVENT, starts_at=START.replace(hour=9)),
    cancelled_by="organiser",
)
FOUND = FoundLinksFacts(
    "Strona",
    (FoundLink("Warsztaty", START, START.replace(hour=13), "Europe/Warsaw", False, "link-key", "Anna Nowak"),),
    (FoundCalendar("Anna Nowak", "calendar-key", is_renewed=True),),
)
ACCOUNT = AccountMailFacts("https://example.org/secret", "Strona", "anna@example.org", "Anna", "Urząd", 24)


@pytest.mark.parametrize("facts", [FACTS, ACCOUNT, FOUND, replace(FACTS, before=None, people=FACTS.people[:1])])
def test_facts_survive_json(facts: MailFacts) -> None:
    assert facts_from_json(json.loads(json.dumps(facts.to_json()))) == facts


@given(st.text(), st.text(), st.datetimes(timezones=st.just(UTC)))
def test_any_text_and_moment_survives_json(title: str, name: str, moment: datetime) -> None:
    person = replace(FACTS.people[0], name=name, invitation=InvitationFacts(Method.CANCEL, "u", 1, moment))
    facts = replace(FACTS, event=replace(EVENT, title=title), people=(person,))
    assert facts_from_json(facts.to_json()) == facts


def test_fields_of_a_newer_version_are_passed_over() -> None:
    stored = FACTS.to_json()
    stored["event"]["weather"] = "sunny"
    assert facts_from_json(stored) == FACTS


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"about": "nobody"},
        {"about": "account"},
        {**FACTS.to_json(), "event": {"id": 1}},
        {**FACTS.to_json(), "people": [{"id": 1}]},
        {**FACTS.to_json(), "event": {**FACTS.to_json()["event"], "starts_at": "2026-12-09T11:00:00"}},
        {**FACTS.to_json(), "event": {**FACTS.to_json()["event"], "starts_at": None}},
    ],
)
def test_damaged_facts_are_named_as_such(stored: dict[str, object]) -> None:
    with pytest.raises(UnreadableFactsError):
        facts_from_json(stored)


def test_an_account_mails_link_is_wiped_and_nothing_else() -> None:
    assert without_secrets(ACCOUNT.to_json()) == {**ACCOUNT.to_json(), "link": ""}
    assert without_secrets(FACTS.to_json()) == FACTS.to_json()


def test_found_links_of_the_version_before_calendars_are_still_read() -> None:
    stored = FOUND.to_json()
    del stored["calendars"]
    assert facts_from_json(stored) == replace(FOUND, calendars=())


def test_of_found_links_nothing_is_kept_but_the_site() -> None:
    assert without_secrets(FOUND.to_json()) == FoundLinksFacts("Strona", ()).to_json() | {"links": [], "calendars": []}


def test_the_place_is_told_without_empty_lines() -> None:
    assert EVENT.place_lines == ("ul. 3 Maja 72", "32-100 Proszowice")
