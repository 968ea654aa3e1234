"""Each row of an uploaded list: a person to add, somebody who stands on the list already, or wrong, and why."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from eventreg.questions.question_rules import (
    CHOICE_KINDS,
    NO,
    YES,
    AnswerRefusal,
    AskedQuestion,
    GivenAnswer,
    check_answer,
    tidy_text,
)
from eventreg.registrations.address_rules import AddressRefusal, address_key, check_address
from eventreg.registrations.import_columns_rules import Columns, Role, folded, name_and_address, role_of_question
from eventreg.registrations.list_reading_rules import ListRow
from eventreg.registrations.name_rules import NameRefusal, check_name, name_key
from eventreg.registrations.standing_rules import LIVE_STATES

LONGEST_TITLE = 60
LONGEST_CASE_NUMBER = 60
LONGEST_NOTE = 2_000
"""Characters; as wide as the columns of the database."""

_CATEGORIES = {
    "participant": "uczestnik uczestniczka uczestnicy participant attendee",
    "speaker": "prelegent prelegentka prowadzacy prowadzaca panelista panelistka moderator moderatorka speaker",
    "guest": "gosc goscie guest vip",
    "media": "media prasa dziennikarz dziennikarka press journalist",
}
_CATEGORY_OF = {word: category for category, words in _CATEGORIES.items() for word in words.split()}
_YES = frozenset({"tak", "t", "yes", "y", "1", "x", "true", "prawda"})
_NO = frozenset({"nie", "n", "no", "0", "false", "falsz"})


class Verdict(Enum):
    """What becomes of a row."""

    GOOD = "good"
    DUPLICATE = "duplicate"
    WRONG = "wrong"


class RowFault(Enum):
    """Why a row is not good, beside what is wrong with a name or an address."""

    TWICE_IN_FILE = "twice_in_file"
    ON_LIST = "on_list"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    UNKNOWN_CATEGORY = "unknown_category"
    TITLE_TOO_LONG = "title_too_long"
    CASE_NUMBER_TOO_LONG = "case_number_too_long"
    NOTE_TOO_LONG = "note_too_long"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is said of a row; `row` is the earlier row of the same person, `label` the question asked."""

    kind: NameRefusal | AddressRefusal | RowFault | AnswerRefusal
    row: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody to add: everything has passed its rules. `surname` is '' where it is to be guessed from the name."""

    name: str
    email: str
    surname: str = ""
    academic_title: str = ""
    category: str = "participant"
    case_number: str = ""
    note: str = ""
    answers: tuple[GivenAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A row with its verdict. `person` stands there unless the row is wrong; name and address as in the file."""

    number: int
    verdict: Verdict
    name: str
    email: str
    person: ListedPerson | None = None
    reasons: tuple[Reason, ...] = ()


def judge_rows(
    rows: Sequence[ListRow],
    columns: Columns,
    questions: Sequence[AskedQuestion],
    known: Mapping[tuple[str, str], str],
) -> list[JudgedRow]:
    """Every row but the headings, in the order of the file.

    `known` holds the state of everybody on the event's list by (address key, name key). Somebody who cancelled or was
    declined counts as a duplicate: an old list must not bring people back.
    """
    earlier: dict[tuple[str, str], int] = {}
    judged = []
    by_role = {role_of_question(question): question for question in questions}
    for row in rows[1:] if columns.has_headings else rows:
        read = _read_row(row, columns.roles, by_role)
        if read.person is not None:
            key = (address_key(read.person.email), name_key(read.person.name))
            read = _marked_if_known(read, known.get(key), earlier.get(key))
            earlier.setdefault(key, row.number)
        judged.append(read)
    return judged


def verdict_counts(rows: Sequence[JudgedRow]) -> dict[Verdict, int]:
    """How many rows have each verdict, zeros included."""
    counted = Counter(row.verdict for row in rows)
    return {verdict: counted[verdict] for verdict in Verdict}


def _marked_if_known(read: JudgedRow, state: str | None, earlier_row: int | None) -> JudgedRow:
    if state in LIVE_STATES:
        reason = Reason(RowFault.ON_LIST)
    elif state is not None:
        reason = Reason(RowFault.DECLINED if state == "declined" else RowFault.CANCELLED)
    elif earlier_row is not None:
        reason = Reason(RowFault.TWICE_IN_FILE, row=earlier_row)
    else:
        return read
    return JudgedRow(read.number, Verdict.DUPLICATE, read.name, read.email, read.person, (reason,))


def _read_row(row: ListRow, roles: Sequence[str], questions: Mapping[str, AskedQuestion]) -> JudgedRow:
    cells = {role: cell for role, cell in zip(roles, row.cells, strict=True) if role}
    raw_name, raw_email = _name_and_email(cells)
    name, email = check_name(raw_name), check_address(raw_email)
    reasons = [Reason(found) for found in (name, email) if isinstance(found, NameRefusal | AddressRefusal)]
    title = tidy_text(cells.get(Role.ACADEMIC_TITLE, ""))
    case_number = tidy_text(cells.get(Role.CASE_NUMBER, ""))
    note = tidy_text(cells.get(Role.NOTE, ""))
    category = _category(cells.get(Role.CATEGORY, ""))
    answers = [_answer(question, cells[role]) for role, question in questions.items() if role in cells]
    reasons += _too_long(title, case_number, note)
    if category is None:
        reasons.append(Reason(RowFault.UNKNOWN_CATEGORY))
    reasons += [found for found in answers if isinstance(found, Reason)]
    if reasons or isinstance(name, NameRefusal) or isinstance(email, AddressRefusal) or category is None:
        return JudgedRow(row.number, Verdict.WRONG, raw_name, raw_email, None, tuple(reasons))
    surname = check_name(cells.get(Role.SURNAME, "")) if Role.FIRST_NAME in roles else ""
    person = ListedPerson(
        name=name,
        email=email,
        surname=surname if isinstance(surname, str) else "",
        academic_title=title,
        category=category,
        case_number=case_number,
        note=note,
        answers=tuple(
            found for found in answers if isinstance(found, GivenAnswer) and (found.text or found.option_ids)
        ),
    )
    return JudgedRow(row.number, Verdict.GOOD, name, email, person)


def _name_and_email(cells: Mapping[str, str]) -> tuple[str, str]:
    """As they stand in the file: from one cell, from cells of their own, the name maybe from two."""
    name, email = name_and_address(cells.get(Role.NAME_AND_EMAIL, ""))
    parts = (cells.get(Role.FIRST_NAME, ""), cells.get(Role.SURNAME, ""))
    name = cells.get(Role.NAME) or " ".join(part for part in parts if part) or name
    if typed := cells.get(Role.EMAIL, ""):
        _, found = name_and_address(typed)
        # 'Jan <jan@example.org>' in the column of addresses gives its address; 'a@x.pl, b@x.pl' stays as it is: wrong.
        email = found if typed.count("@") == 1 and found else typed
    return name, email


def _too_long(title: str, case_number: str, note: str) -> list[Reason]:
    limits = (
        (title, LONGEST_TITLE, RowFault.TITLE_TOO_LONG),
        (case_number, LONGEST_CASE_NUMBER, RowFault.CASE_NUMBER_TOO_LONG),
        (note, LONGEST_NOTE, RowFault.NOTE_TOO_LONG),
    )
    return [Reason(fault) for text, most, fault in limits if len(text) > most]


def _category(cell: str) -> str | None:
    return _CATEGORY_OF.get(folded(cell)) if cell else "participant"


def _answer(question: AskedQuestion, cell: str) -> GivenAnswer | Reason:
    """What the cell answers. An empty cell leaves the question open: what the form requires, a list may lack."""
    if not cell:
        return GivenAnswer(question.id)
    if question.kind == "yes_no":
        word = folded(cell)
        text = YES if word in _YES else NO if word in _NO else cell
        answer = check_answer(question, text, ())
    elif question.kind in CHOICE_KINDS:
        option_ids = _options(question, cell)
        answer = AnswerRefusal.NO_SUCH_OPTION if option_ids is None else check_answer(question, "", option_ids)
    else:
        answer = check_answer(question, cell, ())
    return Reason(answer, label=question.label) if isinstance(answer, AnswerRefusal) else answer


def _options(question: AskedQuestion, cell: str) -> list[int] | None:
    """The ids of the options whose labels stand in the cell, None when one is unknown."""
    by_label = {folded(option.label): option.id for option in question.options if not option.is_removed}
    whole = by_label.get(folded(cell))
    if whole is not None:
        return [whole]
    found = [by_label.get(folded(part)) for part in re.split(r"[;,|]", cell) if part.strip()]
    return [id_ for id_ in found if id_ is not None] if found and None not in found else None
