"""What the columns of an uploaded list hold: guessed from headings and values, decided by the organiser."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from eventreg.questions.question_rules import AskedQuestion
from eventreg.registrations.first_names_rules import FIRST_NAMES
from eventreg.registrations.list_reading_rules import ListRow

ROWS_LOOKED_AT = 50
"""How many rows a guess is made from."""

SAMPLES = 3
"""How many values of a column are shown beside its heading."""


LONGEST_SAMPLE = 80
"""Characters of a heading or value that are shown."""


class Role(StrEnum):
    """What a column holds; a question of the event is 'q' and its id instead."""

    IGNORE = ""
    NAME = "name"
    FIRST_NAME = "first_name"
    SURNAME = "surname"
    EMAIL = "email"
    NAME_AND_EMAIL = "name_and_email"  # 'Jan Kowalski <jan@example.org>'
    ACADEMIC_TITLE = "academic_title"
    CATEGORY = "category"
    CASE_NUMBER = "case_number"
    NOTE = "note"


class ColumnFault(Enum):
    """Why people cannot be read with these roles."""

    NO_NAME = "no_name"
    NO_EMAIL = "no_email"
    TWICE = "twice"
    TWO_KINDS_OF_NAME = "two_kinds_of_name"


def role_of_question(question: AskedQuestion) -> str:
    """How a column says that it answers this question."""
    return f"q{question.id}"


@dataclass(frozen=True, slots=True)
class Columns:
    """The roles of a list's columns, from the first on, and whether its first row holds headings."""

    roles: tuple[str, ...]
    has_headings: bool


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """One column as the organiser sees it: its heading ('' without one) and its first values."""

    heading: str
    samples: tuple[str, ...]


_HEADINGS = {
    Role.NAME: """
        imie i nazwisko|nazwisko i imie|nazwisko imie|imie nazwisko|imiona i nazwisko|imie i nazwisko uczestnika|
        uczestnik|uczestniczka|uczestnik uczestniczka|osoba|full name|name and surname|participant|attendee|person
    """,
    Role.FIRST_NAME: "imie|imiona|imie uczestnika|first name|firstname|given name|forename",
    Role.SURNAME: "nazwisko|nazwisko uczestnika|surname|last name|lastname|family name",
    Role.EMAIL: """
        email|e mail|mail|adres email|adres e mail|adres mail|adres mailowy|adres poczty|poczta|poczta elektroniczna|
        adres poczty elektronicznej|adres elektroniczny|email sluzbowy|e mail sluzbowy|email address|e mail address|
        mail address
    """,
    Role.NAME_AND_EMAIL: """
        imie nazwisko i e mail|imie nazwisko e mail|name and e mail|name and email|recipients|odbiorcy
    """,
    Role.ACADEMIC_TITLE: """
        tytul|tytul naukowy|stopien naukowy|tytul stopien|tytul stopien naukowy|tytul zawodowy|title|academic title|
        degree
    """,
    Role.CATEGORY: "kategoria|kategoria uczestnika|rola|typ uczestnika|category|role",
    Role.CASE_NUMBER: "znak sprawy|numer sprawy|nr sprawy|sygnatura|case number|case no|reference",
    Role.NOTE: """
        uwagi|uwaga|notatka|notatki|notatka wewnetrzna|komentarz|note|notes|note of the office|remarks|comment|
        comments
    """,
}
_ROLE_OF = {" ".join(heading.split()): role for role, headings in _HEADINGS.items() for heading in headings.split("|")}
_NAME_ALONE = "name"  # a full name, unless a column for the surname stands beside it
_QUESTION_HEADINGS = {
    "institution": """
        instytucja|urzad|jednostka|nazwa jednostki|nazwa instytucji|organizacja|firma|nazwa urzedu|institution|
        organisation|organization|company|office
    """,
    "job_title": "stanowisko|funkcja|stanowisko lub funkcja|stanowisko funkcja|job title|job|position",
    "voivodeship": "wojewodztwo|voivodeship|region",
    "diet": "dieta|diet|preferencje zywieniowe",
}
# It begins where a word begins, so that a long text without an address is read in one go.
_ADDRESS = re.compile(r"(?<![^\s<>()\[\];,:\"'])[^\s<>()\[\];,:\"']+@[^\s<>()\[\];,\"']+")
_UNDECOMPOSED = str.maketrans({"ł": "l", "đ": "d", "ø": "o"})


def folded(text: str) -> str:
    """Without case, diacritics and punctuation, so that 'E-mail:' is 'e mail' and 'Imię' is 'imie'."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_UNDECOMPOSED))
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]+|_", " ", plain).split())


def guess_columns(rows: Sequence[ListRow], questions: Sequence[AskedQuestion]) -> Columns:
    """The roles that headings name, else those that the values look like. Never wrong for good: people decide."""
    first = rows[0].cells
    named = _by_headings(first, questions)
    below = [row.cells for row in rows[1 : ROWS_LOOKED_AT + 1]]
    if any(named) and not any("@" in cell for cell in first):
        return Columns(_completed(named, below), has_headings=True)
    unlike = bool(below) and "@" in "".join(below[0]) and not any("@" in cell for cell in first)
    values = below if unlike else [first, *below]
    return Columns(_completed([""] * len(first), values), has_headings=unlike)


def column_faults(roles: Sequence[str]) -> dict[int, ColumnFault]:
    """What is wrong with the roles, by the column where it is told; -1 for what concerns no single column."""
    faults: dict[int, ColumnFault] = {}
    for place, role in enumerate(roles):
        if role and role in roles[:place]:
            faults[place] = ColumnFault.TWICE
    of_name = {Role.NAME, Role.SURNAME, Role.NAME_AND_EMAIL} & set(roles)
    of_parts = {Role.FIRST_NAME, Role.SURNAME} & set(roles)
    if not of_name:
        faults[-1] = ColumnFault.NO_NAME
    elif (Role.NAME in roles) and of_parts:
        faults[roles.index(Role.NAME)] = ColumnFault.TWO_KINDS_OF_NAME
    elif not {Role.EMAIL, Role.NAME_AND_EMAIL} & set(roles):
        faults[-1] = ColumnFault.NO_EMAIL
    return faults


def columns_shown(rows: Sequence[ListRow], *, has_headings: bool) -> list[ColumnShown]:
    """Each column's heading and first values that are not empty."""
    headings = tuple(map(_shortened, rows[0].cells)) if has_headings else ("",) * len(rows[0].cells)
    below = rows[1:] if has_headings else rows
    shown = []
    for place, heading in enumerate(headings):
        values = (_shortened(row.cells[place]) for row in below[:ROWS_LOOKED_AT] if row.cells[place])
        shown.append(ColumnShown(heading, tuple(value for value, _ in zip(values, range(SAMPLES), strict=False))))
    return shown


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SAMPLE else text[: LONGEST_SAMPLE - 1].rstrip() + "…"


def name_and_address(cell: str) -> tuple[str, str]:
    """The two parts of 'Jan Kowalski <jan@example.org>', with or without brackets and quotation marks."""
    found = _ADDRESS.search(cell.replace("mailto:", " "))
    if found is None:
        return cell.strip(" \t,;<>()[]\"'"), ""
    rest = cell.replace("mailto:", " ").replace(found[0], " ", 1)
    return " ".join(re.sub(r"[<>()\[\]\"„”;]", " ", rest).split()).strip(" ,:-–"), found[0].rstrip(".")


def _by_headings(cells: Sequence[str], questions: Sequence[AskedQuestion]) -> list[str]:
    """The role that each heading names; '' for unknown ones and for a role that stands before already."""
    plain = [folded(cell) for cell in cells]
    of_questions = _question_headings(questions)
    has_surname = any(_ROLE_OF.get(heading) is Role.SURNAME for heading in plain)
    roles: list[str] = []
    for heading in plain:
        role: str = of_questions.get(heading) or _ROLE_OF.get(heading, Role.IGNORE)
        if heading == _NAME_ALONE:
            role = Role.FIRST_NAME if has_surname else Role.NAME
        roles.append("" if role in roles else role)
    if Role.FIRST_NAME in roles and Role.SURNAME not in roles and Role.NAME not in roles:
        roles[roles.index(Role.FIRST_NAME)] = Role.NAME  # 'Imię' above whole names
    return roles


def _question_headings(questions: Sequence[AskedQuestion]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for question in questions:
        kind = question.ready_made or question.kind
        for heading in _QUESTION_HEADINGS.get(kind, "").split("|"):
            if heading.strip():
                found.setdefault(" ".join(heading.split()), role_of_question(question))
        found[folded(question.label)] = role_of_question(question)
    return found


def _completed(named: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The roles with name and address added where the values show them."""
    roles = list(named)
    free = [place for place, role in enumerate(roles) if not role]
    if not {Role.EMAIL, Role.NAME_AND_EMAIL} & set(roles):
        for place in free:
            values = [row[place] for row in rows if row[place]]
            if values and sum("@" in value for value in values) * 2 > len(values):
                alone = sum(name_and_address(value)[0] == "" for value in values) * 2 > len(values)
                roles[place] = Role.EMAIL if alone else Role.NAME_AND_EMAIL
                break
    if not {Role.NAME, Role.FIRST_NAME, Role.SURNAME, Role.NAME_AND_EMAIL} & set(roles):
        _add_name(roles, rows)
    return tuple(str(role) for role in roles)


def _add_name(roles: list[str], rows: Sequence[Sequence[str]]) -> None:
    """A column of several words is the whole name; two neighbours of one word each are its parts."""
    texts = [place for place, role in enumerate(roles) if not role and _share(rows, place, _is_wordy) > 0.5]
    whole = next((place for place in texts if _share(rows, place, lambda value: " " in value) > 0.5), None)
    given = next((place for place in texts if _share(rows, place, _is_first_name) > 0.5), None)
    if given is not None and given != whole:
        neighbours = [place for place in (given + 1, given - 1) if place in texts and place != whole]
        if neighbours:
            roles[given], roles[neighbours[0]] = Role.FIRST_NAME, Role.SURNAME
            return
    if whole is None and len(texts) == 1:
        whole = texts[0]
    if whole is not None:
        roles[whole] = Role.NAME


def _share(rows: Sequence[Sequence[str]], place: int, is_such: Callable[[str], bool]) -> float:
    values = [row[place] for row in rows if row[place]]
    return sum(map(is_such, values)) / len(values) if values else 0.0


def _is_wordy(value: str) -> bool:
    return "@" not in value and not any(sign.isdigit() for sign in value) and any(sign.isalpha() for sign in value)


def _is_first_name(value: str) -> bool:
    return all(word in FIRST_NAMES for word in value.casefold().replace("-", " ").split())
