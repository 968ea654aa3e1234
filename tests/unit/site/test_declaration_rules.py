"""The accessibility declaration: what is missing, when its review is late, how dates read."""

from dataclasses import replace
from datetime import date

import pytest

from eventreg.site.declaration_rules import Declaration, day_in_words, missing_parts, review_is_due

COMPLETE = Declaration(
    entity="Gmina Proszowice",
    site_name="Wydarzenia",
    url="https://wydarzenia.example.org/",
    published_on=date(2026, 1, 2),
    updated_on=date(2026, 9, 1),
    status="partial",
    exceptions="- mapa",
    declared_on=date(2026, 1, 2),
    reviewed_on=date(2026, 3, 1),
    assessor="",
    contact_person="Anna Kowalska",
    contact_email="anna@example.org",
    contact_phone="12 345 67 89",
    architecture="Wejście bez progu.",
    apps="",
)


def test_a_complete_declaration_misses_nothing() -> None:
    assert missing_parts(COMPLETE) == []


@pytest.mark.parametrize(
    "name",
    [
        *("entity", "published_on", "updated_on", "declared_on", "reviewed_on"),
        *("contact_person", "contact_email", "contact_phone", "architecture", "exceptions"),
    ],
)
def test_each_required_part_is_asked_for(name: str) -> None:
    empty = None if name.endswith("_on") else ""
    assert missing_parts(replace(COMPLETE, **{name: empty})) == [name]  # type: ignore[arg-type]  # by name


def test_a_site_that_conforms_fully_needs_no_exceptions() -> None:
    assert missing_parts(replace(COMPLETE, status="full", exceptions="")) == []


@pytest.mark.parametrize(
    ("today", "is_due"),
    [
        (date(2026, 12, 31), False),
        (date(2027, 3, 31), False),
        (date(2027, 4, 1), True),
        (date(2028, 1, 1), True),
    ],
)
def test_the_yearly_review_is_late_from_the_first_of_april(today: date, is_due: bool) -> None:
    assert review_is_due(COMPLETE, today) is is_due


def test_dates_in_words() -> None:
    assert day_in_words(date(2026, 11, 2), "pl") == "2 listopada 2026\u00a0r."
    assert day_in_words(date(2026, 11, 2), "en") == "2 November 2026"
