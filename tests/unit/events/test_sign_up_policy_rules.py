"""Which domains an organiser may type, and which addresses they let in."""

from dataclasses import replace

import pytest

from eventreg.events.models import Event
from eventreg.events.sign_up_policy_rules import (
    POLICY_NAMES,
    BadDomain,
    SignUpPolicy,
    changed_names,
    endings_of,
    is_domain_allowed,
    read_domains,
    stored_domains,
)

LISTED = "um.krakow.pl *.gov.pl xn--krakw-3ta.pl"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ()),
        (" \n , ;\n", ()),
        ("um.krakow.pl", ("um.krakow.pl",)),
        ("um.krakow.pl\r\n*.gov.pl", ("um.krakow.pl", "*.gov.pl")),
        ("um.krakow.pl, malopolska.pl;gov.pl", ("um.krakow.pl", "malopolska.pl", "gov.pl")),
        ("b.pl a.pl b.pl B.PL", ("b.pl", "a.pl")),
        ("@UM.Krakow.PL.", ("um.krakow.pl",)),
        ("kraków.pl *.kraków.pl", ("xn--krakw-3ta.pl", "*.xn--krakw-3ta.pl")),
        ("*.pl", ("*.pl",)),
        ("*.громада.укр", ("*.xn--80aahf2bln.xn--j1amh",)),
    ],
)
def test_domains_are_read_in_the_ways_people_type_them(typed: str, read: tuple[str, ...]) -> None:
    assert read_domains(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "pl",
            "*",
            "*.",
            "*.*.pl",
            "*um.pl",
            "um.*.pl",
            "-um.pl",
            "um..pl",
            "um_x.pl",
            "1.2.3.4",
            "[1.2.3.4]",
            "x" * 70,
        ),
        *("jan@um.pl", "@@um.pl", "@*.gov.pl", "https://um.pl", "um.pl/x", "<um.pl>", "wszyscy", "um.pl:25"),
        *("[1.2.3.4]", "\u0430.pl"),  # a Cyrillic а
    ],
)
def test_what_is_no_domain_is_refused_with_its_line(typed: str) -> None:
    assert read_domains(f"um.krakow.pl\n\n  {typed} gov.pl") == BadDomain(line=3, typed=typed)


def test_what_is_read_can_be_read_again() -> None:
    read = read_domains("@UM.Krakow.pl *.gov.pl kraków.pl")
    assert not isinstance(read, BadDomain)
    assert read_domains(stored_domains(read)) == read


@pytest.mark.parametrize(
    "email",
    [
        *("anna@um.krakow.pl", "ANNA@UM.Krakow.PL", "a@b@um.krakow.pl", "anna@xn--krakw-3ta.pl"),
        *("anna@mswia.gov.pl", "anna@poczta.mswia.gov.pl"),
    ],
)
def test_addresses_of_a_listed_domain_are_let_in(email: str) -> None:
    assert is_domain_allowed(email, LISTED)


@pytest.mark.parametrize(
    "email",
    [
        *("anna@evilum.krakow.pl", "anna@um.krakow.pl.example.org", "anna@poczta.um.krakow.pl", "anna@krakow.pl"),
        *("anna@gov.pl", "anna@evilgov.pl", "anna@.gov.pl.example.org", "um.krakow.pl@example.org"),
        *("anna@um.krakow.pl@example.org", "anna@example.org", "anna@um-krakow.pl", "anna@umxkrakow.pl"),
    ],
)
def test_addresses_of_other_domains_are_not_let_in(email: str) -> None:
    assert not is_domain_allowed(email, LISTED)


def test_without_a_list_everybody_is_let_in() -> None:
    assert is_domain_allowed("anna@example.org", "")


def test_visitors_read_what_an_address_must_end_with() -> None:
    assert endings_of(LISTED) == ("@um.krakow.pl", ".gov.pl", "@kraków.pl")
    assert endings_of("") == ()


def test_the_settings_are_columns_of_the_event() -> None:
    columns = Event.__table__.columns
    assert set(POLICY_NAMES) <= set(columns.keys())
    for name, value in ((name, getattr(SignUpPolicy(), name)) for name in POLICY_NAMES):
        default = columns[name].default
        assert (default.arg if default is not None else None) == value, name  # a new event is as the form shows it


def test_what_changed_is_named_in_the_order_of_the_page() -> None:
    before = SignUpPolicy()
    after = replace(before, sends_thanks=True, waiting_list="off", remind_days=None)
    assert changed_names(before, after) == ("waiting_list", "remind_days", "sends_thanks")
    assert changed_names(before, replace(before)) == ()
