"""What columns hold: guessed from headings and values."""

import pytest

from eventreg.questions.question_rules import AskedQuestion
from eventreg.registrations.import_columns_rules import (
    ColumnFault,
    Columns,
    column_faults,
    columns_shown,
    folded,
    guess_columns,
    name_and_address,
)
from eventreg.registrations.list_reading_rules import ListRow

INSTITUTION = AskedQuestion(7, "institution", "Instytucja, którą Państwo reprezentują", ready_made="institution")
DIET = AskedQuestion(8, "short_text", "Ulubiona potrawa")


def listed(*rows: tuple[str, ...]) -> list[ListRow]:
    return [ListRow(number, cells) for number, cells in enumerate(rows, 1)]


@pytest.mark.parametrize(
    ("headings", "roles"),
    [
        (("L.p.", "Imię i nazwisko", "E-mail"), ("", "name", "email")),
        (("IMIĘ", "NAZWISKO", "Adres e-mail:"), ("first_name", "surname", "email")),
        (("Nazwisko i imię", "poczta elektroniczna", "Tytuł"), ("name", "email", "academic_title")),
        (("First name", "Surname", "e-mail address", "Category"), ("first_name", "surname", "email", "category")),
        (("name", "surname", "mail"), ("first_name", "surname", "email")),
        (("Name", "Mail", "Uwagi", "Znak sprawy"), ("name", "email", "note", "case_number")),
        (("Imię", "Mail"), ("name", "email")),
        (("e-mail", "e-mail", "nazwisko"), ("email", "", "surname")),
        (("Nazwisko", "Urząd", "ulubiona potrawa", "mail"), ("surname", "q7", "q8", "email")),
    ],
)
def test_headings_in_polish_and_english(headings: tuple[str, ...], roles: tuple[str, ...]) -> None:
    rows = listed(headings, tuple("x@example.org" if role == "email" else "Jan" for role in roles))
    assert guess_columns(rows, (INSTITUTION, DIET)) == Columns(roles, has_headings=True)


@pytest.mark.parametrize(
    ("row", "roles"),
    [
        (("1", "Jan Kowalski", "jan@example.org"), ("", "name", "email")),
        (("Jan", "Kowalski", "jan@example.org"), ("first_name", "surname", "email")),
        (("Kowalski", "Jan", "jan@example.org"), ("surname", "first_name", "email")),
        (("Jan Kowalski <jan@example.org>",), ("name_and_email",)),
        (("jan@example.org", "Jan Kowalski"), ("email", "name")),
        (("Jan", "jan@example.org"), ("name", "email")),
        (("12", "13"), ("", "")),
    ],
)
def test_values_tell_where_no_heading_does(row: tuple[str, ...], roles: tuple[str, ...]) -> None:
    assert guess_columns(listed(row, row), ()) == Columns(roles, has_headings=False)


def test_unknown_headings_above_addresses_are_headings() -> None:
    rows = listed(("Kto", "Kontakt"), ("Jan Kowalski", "jan@example.org"), ("Ewa Lis", "ewa@example.org"))
    assert guess_columns(rows, ()) == Columns(("name", "email"), has_headings=True)


def test_only_headings() -> None:
    assert guess_columns(listed(("imię", "nazwisko", "mail")), ()) == Columns(
        ("first_name", "surname", "email"), has_headings=True
    )


@pytest.mark.parametrize(
    ("roles", "faults"),
    [
        (("name", "email"), {}),
        (("first_name", "surname", "email"), {}),
        (("surname", "email"), {}),
        (("name_and_email",), {}),
        (("", "email"), {-1: ColumnFault.NO_NAME}),
        (("first_name", "email"), {-1: ColumnFault.NO_NAME}),
        (("name", "note"), {-1: ColumnFault.NO_EMAIL}),
        (("name", "surname", "email"), {0: ColumnFault.TWO_KINDS_OF_NAME}),
        (("name", "email", "email", "name"), {2: ColumnFault.TWICE, 3: ColumnFault.TWICE}),
    ],
)
def test_what_is_wrong_with_a_choice(roles: tuple[str, ...], faults: dict[int, ColumnFault]) -> None:
    assert column_faults(roles) == faults


def test_a_column_is_shown_with_its_first_values_that_are_not_empty() -> None:
    rows = listed(("imię", "uwagi"), ("Jan", ""), ("Ewa", "wózek"), ("Ola", ""), ("Iga", ""))
    [first, second] = columns_shown(rows, has_headings=True)
    assert (first.heading, first.samples) == ("imię", ("Jan", "Ewa", "Ola"))
    assert (second.heading, second.samples) == ("uwagi", ("wózek",))
    assert columns_shown(rows, has_headings=False)[0].samples == ("imię", "Jan", "Ewa")


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("Jan Kowalski <jan@example.org>", ("Jan Kowalski", "jan@example.org")),
        ('"Kowalski, Jan" <jan@example.org>', ("Kowalski, Jan", "jan@example.org")),
        ("Jan Kowalski (jan@example.org)", ("Jan Kowalski", "jan@example.org")),
        ("jan@example.org, Jan Kowalski", ("Jan Kowalski", "jan@example.org")),
        ("Jan Kowalski - jan@example.org.", ("Jan Kowalski", "jan@example.org")),
        ("Jan Kowalski mailto:jan@example.org", ("Jan Kowalski", "jan@example.org")),
        ("jan@example.org", ("", "jan@example.org")),
        ("Jan Kowalski", ("Jan Kowalski", "")),
        ("", ("", "")),
    ],
)
def test_name_and_address_in_one_cell(cell: str, parts: tuple[str, str]) -> None:
    assert name_and_address(cell) == parts


def test_folding_leaves_letters_and_digits() -> None:
    assert folded("  Adres  E-MAIL (służbowy): ") == "adres e mail sluzbowy"


def test_a_long_text_without_an_address_is_read_in_one_go() -> None:
    assert name_and_address("x" * 200_000) == ("x" * 200_000, "")
    long = columns_shown(listed(("y" * 500, "")), has_headings=True)[0].heading
    assert (len(long), long[-1]) == (80, "…")
