"""A corrected typo or another text."""

import pytest

from eventreg.events.text_change_rules import (
    MOST_TYPOS,
    is_corrected_word,
    is_substantive_change,
    is_substantive_title_change,
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Dobre praktyki", "dobre   praktyki."),
        ("wspólpraca gmin", "współpraca gmin"),
        ("Agata Nijander-Dudzińska", "Agata Nijander – Dudzińska"),
        ("## Program\n1. Start", "# Program\n\n1. Start"),
        ("", ""),
    ],
)
def test_small_corrections_are_not_substantive(before: str, after: str) -> None:
    assert not is_substantive_change(before, after)
    assert not is_substantive_change(after, before)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("udział jest obowiązkowy", "udział nie jest obowiązkowy"),
        ("obowiązkowy", "nieobowiązkowy"),
        ("godz. 12.00", "godz. 13.00"),
        ("prowadzi Anna Nowak", "prowadzi Jan Nowak"),
        ("", "nowy tekst"),
        ("a", "i"),
        ("jeden dwa trzy", "jeden trzy"),
    ],
)
def test_other_words_and_numbers_are_substantive(before: str, after: str) -> None:
    assert is_substantive_change(before, after)
    assert is_substantive_change(after, before)


def test_many_corrections_are_a_rewritten_text() -> None:
    before = [f"wyraz{chr(97 + n)}koniec" for n in range(MOST_TYPOS + 1)]
    after = [word.replace("wyraz", "wyras") for word in before]
    assert not is_substantive_change(" ".join(before[:-1]), " ".join(after[:-1]))
    assert is_substantive_change(" ".join(before), " ".join(after))


def test_two_corrected_words_make_another_title() -> None:
    assert not is_substantive_title_change("Wspólpraca gmin i miast", "Współpraca gmin i miast")
    assert is_substantive_title_change("Wspólpraca gmim i miast", "Współpraca gmin i miast")
    assert is_substantive_title_change("Edycja 4", "Edycja 5")
    assert is_substantive_title_change("Warsztaty", "Warsztaty gmin")


@pytest.mark.parametrize(
    ("before", "after", "corrected"),
    [("praktyki", "praktyk", True), ("2026", "2027", False), ("kot", "pies", False), ("ab", "ba", False)],
)
def test_one_word(before: str, after: str, corrected: bool) -> None:
    assert is_corrected_word(before, after) is corrected


def test_a_long_programme_is_compared_quickly() -> None:
    words = " ".join(f"słowo{n % 50}" for n in range(3_000))
    assert is_substantive_change(words, words + " koniec")
