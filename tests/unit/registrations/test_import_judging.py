"""Each row of a list: good, duplicate or wrong, and why."""

import pytest

from eventreg.questions.question_rules import AnswerRefusal, AskedOption, AskedQuestion, GivenAnswer
from eventreg.registrations.address_rules import AddressRefusal
from eventreg.registrations.import_columns_rules import Columns
from eventreg.registrations.import_judging_rules import (
    JudgedRow,
    ListedPerson,
    Reason,
    RowFault,
    Verdict,
    judge_rows,
    verdict_counts,
)
from eventreg.registrations.list_reading_rules import ListRow
from eventreg.registrations.name_rules import NameRefusal

BUS = AskedQuestion(
    4,
    "several_of",
    "Transport",
    options=(AskedOption(1, "Autobus"), AskedOption(2, "Pociąg"), AskedOption(3, "Prom", 1, 1)),
)
LUNCH = AskedQuestion(5, "yes_no", "Obiad", required=True)
OFFICE = AskedQuestion(6, "institution", "Instytucja")


def judged(roles: tuple[str, ...], *rows: tuple[str, ...], **known: str) -> list[JudgedRow]:
    """`known`: name (with _ for spaces) -> state, all at jan@example.org."""
    states = {("jan@example.org", name.replace("_", " ")): state for name, state in known.items()}
    listed = [ListRow(number, cells) for number, cells in enumerate(rows, 1)]
    return judge_rows(listed, Columns(roles, has_headings=False), (BUS, LUNCH, OFFICE), states)


def reasons(roles: tuple[str, ...], *cells: str) -> list[object]:
    [row] = judged(roles, cells)
    assert row.verdict is Verdict.WRONG
    assert row.person is None
    return [reason.kind for reason in row.reasons]


def test_a_good_row_is_a_person_with_everything_that_was_given() -> None:
    roles = ("academic_title", "first_name", "surname", "email", "category", "case_number", "note", "q4", "q5", "q6")
    cells = (
        "dr hab.", "Łucja Maria", "Żak", "Lucja@Example.ORG", "Prelegentka", "OR.1.2026", "wózek", "pociag, AUTOBUS",
        "TAK", "Urząd Gminy",
    )  # fmt: skip
    [row] = judged(roles, cells)
    assert row.verdict is Verdict.GOOD
    assert row.person == ListedPerson(
        name="Łucja Maria Żak",
        email="Lucja@example.org",
        surname="Żak",
        academic_title="dr hab.",
        category="speaker",
        case_number="OR.1.2026",
        note="wózek",
        answers=(GivenAnswer(4, option_ids=(2, 1)), GivenAnswer(5, "yes"), GivenAnswer(6, "Urząd Gminy")),
    )


def test_a_headings_row_is_nobody() -> None:
    rows = [ListRow(1, ("imię i nazwisko", "mail")), ListRow(2, ("Jan", "jan@example.org"))]
    [row] = judge_rows(rows, Columns(("name", "email"), has_headings=True), (), {})
    assert (row.number, row.name) == (2, "Jan")


@pytest.mark.parametrize(
    ("cells", "kinds"),
    [
        (("", "jan@example.org"), [NameRefusal.EMPTY]),
        (("Jan", ""), [AddressRefusal.EMPTY]),
        (("", ""), [NameRefusal.EMPTY, AddressRefusal.EMPTY]),
        (("Jan", "jan.example.org"), [AddressRefusal.NOT_AN_ADDRESS]),
        (("Jan", "a@example.org, b@example.org"), [AddressRefusal.NOT_AN_ADDRESS]),
        (("Jan", "jаn@example.org"), [AddressRefusal.FOREIGN_LETTERS]),  # a Cyrillic а (abuse 8)
        (("Zobacz www.example.org", "jan@example.org"), [NameRefusal.LOOKS_LIKE_LINK]),
        (("Jan\u202eKowalski", "jan@example.org"), [NameRefusal.UNSEEN_CHARACTERS]),
        (("J" * 121, "jan@example.org"), [NameRefusal.TOO_LONG]),
        (("12345", "jan@example.org"), [NameRefusal.NO_LETTER]),
    ],
)
def test_why_a_row_is_wrong(cells: tuple[str, str], kinds: list[object]) -> None:
    assert reasons(("name", "email"), *cells) == kinds


def test_other_columns_can_be_wrong_too() -> None:
    roles = ("name", "email", "category", "academic_title", "case_number", "note")
    assert reasons(roles, "Jan", "jan@example.org", "sponsor", "x" * 61, "y" * 61, "z" * 2001) == [
        RowFault.TITLE_TOO_LONG,
        RowFault.CASE_NUMBER_TOO_LONG,
        RowFault.NOTE_TOO_LONG,
        RowFault.UNKNOWN_CATEGORY,
    ]


@pytest.mark.parametrize(
    ("role", "cell", "refusal"),
    [
        ("q4", "Rower", AnswerRefusal.NO_SUCH_OPTION),
        ("q4", "Autobus; Rower", AnswerRefusal.NO_SUCH_OPTION),
        ("q4", "Prom", AnswerRefusal.FULL),
        ("q5", "może", AnswerRefusal.NO_SUCH_OPTION),
        ("q6", "x" * 201, AnswerRefusal.TOO_LONG),
    ],
)
def test_answers_follow_the_rules_of_the_form(role: str, cell: str, refusal: AnswerRefusal) -> None:
    [row] = judged(("name", "email", role), ("Jan", "jan@example.org", cell))
    assert [(reason.kind, bool(reason.label)) for reason in row.reasons] == [(refusal, True)]


def test_an_empty_answer_leaves_even_a_required_question_open() -> None:
    [row] = judged(("name", "email", "q5"), ("Jan", "jan@example.org", ""))
    assert row.verdict is Verdict.GOOD


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        ("confirmed", RowFault.ON_LIST),
        ("waitlisted", RowFault.ON_LIST),
        ("pending", RowFault.ON_LIST),
        ("unconfirmed", RowFault.ON_LIST),
        ("cancelled", RowFault.CANCELLED),
        ("declined", RowFault.DECLINED),
    ],
)
def test_who_stands_on_the_list_is_a_duplicate_whatever_her_state(state: str, fault: RowFault) -> None:
    [row] = judged(("name", "email"), ("JAN  Kowalski", "Jan@Example.org"), jan_kowalski=state)
    assert (row.verdict, row.reasons) == (Verdict.DUPLICATE, (Reason(fault),))


def test_twice_in_the_file_is_a_duplicate_of_the_first_good_row() -> None:
    rows = judged(
        ("name", "email"),
        ("Jan Kowalski", "jan@"),
        ("Jan Kowalski", "jan@example.org"),
        ("Ewa Lis", "jan@example.org"),
        ("jan kowalski", "JAN@example.org"),
    )
    assert [row.verdict for row in rows] == [Verdict.WRONG, Verdict.GOOD, Verdict.GOOD, Verdict.DUPLICATE]
    assert rows[3].reasons == (Reason(RowFault.TWICE_IN_FILE, row=2),)
    assert verdict_counts(rows) == {Verdict.GOOD: 2, Verdict.DUPLICATE: 1, Verdict.WRONG: 1}


def test_abuse_1_a_formula_in_a_name_is_kept_as_text() -> None:
    [row] = judged(("name", "email"), ('=HYPERLINK("x";"Jan")', "jan@example.org"))
    assert row.person is not None
    assert row.person.name == '=HYPERLINK("x";"Jan")'
