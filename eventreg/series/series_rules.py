"""What an organiser may set of a series and of its editions. Lengths agree with the columns of `series/models.py`."""

from dataclasses import dataclass

from eventreg.events.listing_rules import roman

TITLE_LENGTH = 200
ABOUT_LENGTH = 10_000
CITY_LENGTH = 100
HOST_LENGTH = 200
THEME_LENGTH = 300

EARLIEST_YEAR = 1900
LATEST_YEAR = 2100
LARGEST_NUMBER = 999


@dataclass(frozen=True, slots=True)
class SeriesFields:
    """A series as its organiser describes it; `about` is Markdown."""

    title: str
    slug: str
    language: str
    about: str


@dataclass(frozen=True, slots=True)
class EditionFields:
    """One holding of a series. `number` is None where nobody counts."""

    year: int
    number: int | None = None
    city: str = ""
    host: str = ""
    theme: str = ""


def edition_label(number: int | None, year: int, city: str) -> str:
    """How an edition is called in lists of choices: 'IV, 2015, Kielce'; no words, so it needs no language."""
    parts = (roman(number) if number else "", str(year), city)
    return ", ".join(part for part in parts if part)
