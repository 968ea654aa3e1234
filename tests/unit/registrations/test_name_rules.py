"""Names: what is taken, what is refused, and when two names are the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.registrations.name_rules import LONGEST_NAME, NameRefusal, check_name, name_key


@pytest.mark.parametrize(
    "name",
    [
        "Jan Łoś",
        "dr inż.Jan Kowalski",
        "dr hab. Agata Nijander-Dudzińska",
        "prof. UJ dr hab. A. Wołek",
        "Ng",
        "Conan O'Brien",
        "Nguyễn Thị Ánh",
        "Олена Коваленко",
        "Jan Kowalski (PL)",
        "mgr.Anna de Virion",
        "<b>Jan</b>",
        "=HYPERLINK(1)",
        "dr.Li Wei",
        "Jan Kowalski jr.",
    ],
)
def test_kept_as_typed(name: str) -> None:
    assert check_name(name) == name


def test_tidied() -> None:
    assert check_name("  Jan \u00a0 Łoś ") == "Jan Łoś"
    assert check_name(unicodedata.normalize("NFD", "Łucja Żółć")) == "Łucja Żółć"
    assert check_name("Jan Łoś\r\n") == "Jan Łoś"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", NameRefusal.EMPTY),
        (" \u00a0 ", NameRefusal.EMPTY),
        ("J", NameRefusal.TOO_SHORT),
        ("123 456", NameRefusal.NO_LETTER),
        ("---", NameRefusal.NO_LETTER),
        ("a" * 121, NameRefusal.TOO_LONG),
    ],
)
def test_refused(typed: str, why: NameRefusal) -> None:
    assert check_name(typed) is why


def test_the_longest_name() -> None:
    assert check_name("a" * LONGEST_NAME) == "a" * 120


@pytest.mark.parametrize(
    "typed",
    [
        "Wygraj http://x.example",
        "https:evil",
        "javascript:alert(1)",
        "Anna WWW.zarobki",
        "Anna zarabiaj-teraz.pl",
        "spam.com/win?x=1 Jan",
        "Kup (tanio.shop)",
        "jan@example.org",
        "evil。com",
        "ｅｖｉｌ．ｃｏｍ",
        "Anna urzad.gov.pl.",
    ],
)
def test_abuse_03_links_are_refused(typed: str) -> None:
    assert check_name(typed) is NameRefusal.LOOKS_LIKE_LINK


@pytest.mark.parametrize(
    "typed",
    [
        "Jan \u202egnp.exe",
        "Jan\u200b Kowalski",
        "Jan\u200d Kowalski",
        "Jan\ufeff Kowalski",
        "Jan\u00ad Kowalski",
        "Jan\tKowalski",
        "Jan\r\nBcc: x",
        "Jan\x00Kowalski",
        "Jan\u2028Kowalski",
        "Jan\u3164Kowalski",
        "J\u0301\u0302\u0303\u0304\u0305an Kowalski",
        "Jan \ud800",
    ],
)
def test_abuse_07_unseen_characters_are_refused(typed: str) -> None:
    assert check_name(typed) is NameRefusal.UNSEEN_CHARACTERS


def test_abuse_09_a_megabyte_is_refused_at_once() -> None:
    assert check_name("a" * 1_000_000) is NameRefusal.TOO_LONG
    assert check_name("a." * 1_190) is NameRefusal.TOO_LONG


def test_name_key_folds_case_and_spaces_but_keeps_diacritics() -> None:
    assert name_key("JAN  Łoś") == name_key("jan łoś") == "jan łoś"
    assert name_key(unicodedata.normalize("NFD", "Żółć")) == "żółć"
    assert name_key("Jan Los") != name_key("Jan Łoś")


@given(st.text(max_size=200))
def test_what_is_kept_stays_kept(raw: str) -> None:
    kept = check_name(raw)
    if isinstance(kept, str):
        assert check_name(kept) == kept
        assert 2 <= len(kept) <= 120
        assert kept == unicodedata.normalize("NFC", kept)
        assert len(name_key(kept)) <= 240
        assert name_key(name_key(kept)) == name_key(kept)
