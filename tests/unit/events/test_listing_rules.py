"""The public list: labels, search, months, numbers."""

from datetime import UTC, datetime

import pytest

from eventreg.events.listing_rules import (
    EventLabel,
    by_month,
    event_label,
    matches_search,
    month_bounds,
    page_count,
    page_label,
    read_month,
    roman,
    search_words,
    unbroken,
)
from eventreg.events.sign_up_window_rules import Places, SignUpStatus


@pytest.mark.parametrize(
    ("places", "label"),
    [
        (Places.FREE, EventLabel.PLACES_FREE),
        (Places.LAST, EventLabel.PLACES_LAST),
        (Places.NONE, EventLabel.PLACES_NONE),
        (Places.UNLIMITED, EventLabel.OPEN),
    ],
)
def test_while_sign_up_is_open_the_places_decide(places: Places, label: EventLabel) -> None:
    assert event_label(SignUpStatus.OPEN, places) is label


def test_when_sign_up_is_not_open_the_places_do_not_matter() -> None:
    assert event_label(SignUpStatus.CANCELLED, Places.FREE) is EventLabel.CANCELLED
    assert event_label(SignUpStatus.NOT_YET, Places.FREE) is EventLabel.NOT_YET
    assert event_label(SignUpStatus.FULL, Places.NONE) is EventLabel.PLACES_NONE


def test_every_status_has_a_label() -> None:
    assert {event_label(status, Places.FREE) for status in SignUpStatus} <= set(EventLabel)


def test_lists_say_waiting_list_and_the_event_page_whether_a_place_is_free() -> None:
    assert event_label(SignUpStatus.WAITING, Places.NONE) is EventLabel.WAITING
    assert page_label(SignUpStatus.WAITING, Places.NONE) is EventLabel.PLACES_NONE
    assert page_label(SignUpStatus.WAITING, Places.FREE) is EventLabel.OPEN
    for status in set(SignUpStatus) - {SignUpStatus.WAITING}:
        assert page_label(status, Places.LAST) is event_label(status, Places.LAST)


@pytest.mark.parametrize("search", ["lodz", "ŁÓDŹ", "Łódź", "wspolpraca lodz", "  łódź   współpraca "])
def test_search_knows_neither_case_nor_diacritics_nor_order(search: str) -> None:
    assert matches_search(search_words(search), ["Współpraca zagraniczna", "Łódź"])


def test_every_word_must_be_found() -> None:
    assert not matches_search(search_words("łódź kraków"), ["Współpraca zagraniczna", "Łódź"])
    assert matches_search((), ["anything"])


def test_a_long_search_is_cut() -> None:
    assert sum(map(len, search_words("ą" * 5000))) == 100


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-12", (2026, 12)),
        ("2026-13", None),
        ("2026-1", None),
        ("1999-01", None),
        ("2026-12-01", None),
        ("", None),
        ("٢٠٢٦-12", None),
    ],
)
def test_a_month_is_read_strictly(text: str, month: tuple[int, int] | None) -> None:
    assert read_month(text) == month


def test_a_month_begins_at_midnight_in_warsaw() -> None:
    first, after = month_bounds(2026, 12)
    assert first == datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    assert after == datetime(2026, 12, 31, 23, 0, tzinfo=UTC)


def test_months_keep_the_order_and_join_neighbours() -> None:
    items = [("a", (2026, 12)), ("b", (2026, 12)), ("c", (2027, 2))]
    assert by_month(items, lambda item: item[1]) == [((2026, 12), items[:2]), ((2027, 2), items[2:])]


@pytest.mark.parametrize(("items", "pages"), [(0, 1), (1, 1), (30, 1), (31, 2), (90, 3)])
def test_an_empty_list_has_one_page(items: int, pages: int) -> None:
    assert page_count(items, 30) == pages


@pytest.mark.parametrize(("number", "sign"), [(1, "I"), (4, "IV"), (5, "V"), (9, "IX"), (14, "XIV"), (49, "XLIX")])
def test_editions_are_numbered_in_roman(number: int, sign: str) -> None:
    assert roman(number) == sign


def test_ranges_of_numbers_are_held_together() -> None:
    assert unbroken("12.00–13.30") == "12.00–\u206013.30"
    assert unbroken("Polska – państwa nordyckie") == "Polska – państwa nordyckie"
    assert unbroken("Gminy i powiaty w 2027 r.") == "Gminy i\u00a0powiaty w\u00a02027 r."
    assert unbroken("Kraków jest") == "Kraków jest"
    assert unbroken("32-100 Proszowice, 2026-10-10") == "32-\u2060100 Proszowice, 2026-10-10"
