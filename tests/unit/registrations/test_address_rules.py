"""Addresses: what is taken, what is refused, and what counts as the same mailbox."""

import pytest

from eventreg.registrations.address_rules import AddressRefusal, address_key, check_address, quota_key


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("jan.los@example.org", "jan.los@example.org"),
        ("  Sekretariat@Example.ORG \n", "Sekretariat@example.org"),
        ("o'brien+tag@example.org", "o'brien+tag@example.org"),
        ("biuro@urząd.gov.pl", "biuro@xn--urzd-dta.gov.pl"),
        ("a@почта.рф", "a@xn--80a1acny.xn--p1ai"),
    ],
)
def test_taken(typed: str, kept: str) -> None:
    assert check_address(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", AddressRefusal.EMPTY),
        ("   ", AddressRefusal.EMPTY),
        ("jan", AddressRefusal.NOT_AN_ADDRESS),
        ("jan@", AddressRefusal.NOT_AN_ADDRESS),
        ("jan@localhost", AddressRefusal.NOT_AN_ADDRESS),
        ("Jan <jan@example.org>", AddressRefusal.NOT_AN_ADDRESS),
        ("jan@example.org, ewa@example.org", AddressRefusal.NOT_AN_ADDRESS),
        ("jan@example.org;ewa@example.org", AddressRefusal.NOT_AN_ADDRESS),
        ("jan@[127.0.0.1]", AddressRefusal.NOT_AN_ADDRESS),
        ("x" * 65 + "@example.org", AddressRefusal.NOT_AN_ADDRESS),
        ("x" * 250 + "@example.org", AddressRefusal.TOO_LONG),
        ("a" * 1_000_000, AddressRefusal.TOO_LONG),
    ],
)
def test_refused(typed: str, why: AddressRefusal) -> None:
    assert check_address(typed) is why


def test_abuse_02_a_line_break_in_an_address_is_refused() -> None:
    assert check_address("jan@example.org\r\nBcc: x@example.org") is AddressRefusal.NOT_AN_ADDRESS
    assert check_address("jan\n@example.org") is AddressRefusal.NOT_AN_ADDRESS


@pytest.mark.parametrize(
    "typed",
    [
        "j\u0430n@example.org",
        "żółw@example.org",
        "jan@ex\u0430mple.org",
        "jan@\u0440\u0430\u0443.com",
        "jan@xn--mple-43d3a6i.org",
    ],
)
def test_abuse_08_look_alikes_are_refused(typed: str) -> None:
    assert check_address(typed) is AddressRefusal.FOREIGN_LETTERS


def test_one_mailbox_in_any_case() -> None:
    assert address_key("Jan.Los@Example.org") == "jan.los@example.org"


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("Jan+1@example.org", "jan@example.org"),
        ("jan+a+b@example.org", "jan@example.org"),
        ("j.a.n+x@gmail.com", "jan@gmail.com"),
        ("j.an@googlemail.com", "jan@gmail.com"),
        ("j.nowak@example.org", "j.nowak@example.org"),
        ("+x@example.org", "+x@example.org"),
    ],
)
def test_abuse_17_variants_count_as_one(address: str, key: str) -> None:
    assert quota_key(address) == key
