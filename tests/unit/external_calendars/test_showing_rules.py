"""Which events of an external calendar are shown."""

import pytest

from eventreg.external_calendars.showing_rules import entries_of, is_shown

EVENT = ("Forum Współpracy Miast: Łódź–Lwów", "Dekoracje i ekologia.", "Kraków, ul. Długa 1")


@pytest.mark.parametrize(
    ("shows", "chosen", "shown"),
    [
        ("all", None, True), ("all", False, False), ("all", True, True),
        ("by_hand", None, False), ("by_hand", False, False), ("by_hand", True, True),
        ("words", None, False), ("words", True, True), ("nothing known", None, False),
    ],
)  # fmt: skip
def test_what_was_chosen_by_hand_counts_before_the_rule(shows: str, chosen: bool | None, shown: bool) -> None:
    assert is_shown(shows, "", chosen, *EVENT) is shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("lodz", True),
        ("ŁÓDŹ", True),
        ("krakow", True),  # in the place
        ("ekolog", True),  # in the description
        ("oracje", False),  # not at the beginning of a word
        ("miast", True),
        ("miasta", False),
        ("Wrocław, lwów", True),
        ("Wrocław; Gdańsk\nlwow", True),
        ("forum kraków", True),  # all words of an entry, in any order
        ("kraków forum", True),
        ("forum gdańsk", False),
        ("forum lodz", True),
        ("", False),
        (" , ;\n", False),
        ("...", False),
    ],
)
def test_words_are_found_at_the_beginning_of_words_without_diacritics(words: str, shown: bool) -> None:
    assert is_shown("words", words, None, *EVENT) is shown


def test_entries_are_told_once() -> None:
    assert entries_of("Łódź, miasta partnerskie; LODZ\n") == (("lodz",), ("miasta", "partnerskie"))
