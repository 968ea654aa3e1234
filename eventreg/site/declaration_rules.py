"""The accessibility declaration: act of 4 April 2019, art. 10 and 12; ids and order of its technical conditions."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

REVIEW_BY = (3, 31)
"""Every year until the end of March the declaration must be reviewed (art. 11)."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the declaration says, in one language."""

    entity: str
    site_name: str
    url: str
    published_on: date | None
    updated_on: date | None
    status: str
    exceptions: str
    declared_on: date | None
    reviewed_on: date | None
    assessor: str
    contact_person: str
    contact_email: str
    contact_phone: str
    architecture: str
    apps: str


def missing_parts(declaration: Declaration) -> list[str]:
    """Names of the parts that the act asks for and that are still empty."""
    required = ["entity", "published_on", "updated_on", "declared_on", "reviewed_on"]
    required += ["contact_person", "contact_email", "contact_phone", "architecture"]
    if declaration.status != "full":
        required.append("exceptions")
    return [name for name in required if not getattr(declaration, name)]


def review_is_due(declaration: Declaration, today: date) -> bool:
    """Whether a yearly review was missed: the last 31 March that has passed saw no review in its year."""
    if declaration.reviewed_on is None:
        return False
    is_past_deadline = (today.month, today.day) > REVIEW_BY
    return declaration.reviewed_on.year < today.year - (0 if is_past_deadline else 1)


def day_in_words(day: date, language: str) -> str:
    """'22 listopada 2026 r.' or '22 November 2026'."""
    words = format_date(day, "d MMMM y", locale=language)
    return f"{words}\u00a0r." if language == "pl" else words
