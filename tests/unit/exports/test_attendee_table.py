"""The table of registrations and its two formats, read back by other programs' readers."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.exports.attendee_table import (
    EVERYDAY_COLUMNS,
    WIDTHS,
    AttendeeRow,
    Cell,
    Column,
    TableWords,
    headings,
    safe_text,
    table_rows,
)
from eventreg.exports.csv_writing import csv_chunks
from eventreg.exports.xlsx_writing import write_xlsx

WORDS = TableWords(
    sheet="Zgłoszenia",
    headings={column.value: f"Nagłówek {column.value}" for column in Column},
    states={"confirmed": "potwierdzone", "cancelled": "rezygnacja"},
    sources={"web": "formularz"},
    languages={"pl": "polski"},
    categories={"participant": "uczestnik", "speaker": "prelegent"},
    channels={"letter": "pismo"},
    attendance={True: "obecność", False: "nieobecność"},
)
EWA = AttendeeRow(
    "Ćwik",
    "Ewa Ćwik",
    "ewa@example.org",
    "cancelled",
    datetime(2026, 11, 19, 7, 20, 5, 999, tzinfo=UTC),
    datetime(2026, 11, 20, 7, 0, tzinfo=UTC),
    "web",
    "pl",
    academic_title="dr hab.",
    category="speaker",
    channel="letter",
    case_number="OR.152.3.2026",
    attended=False,
    stands_for="Jan Łoś",
    reason="Brak miejsc.",
    note="=dzwonić po 15",
    sent_sequence=2,
    sent_sequence_at=datetime(2026, 11, 20, 7, 1, tzinfo=UTC),
)
ATTACKER = AttendeeRow(
    '=HYPERLINK("http://evil";"x")',
    '+48 12; "Jan"',
    "@example.org",
    "confirmed",
    datetime(2026, 7, 1, 22, 30, tzinfo=UTC),
    None,
    "import",
    "uk",
    waiting_position=2,
)
FORMULA = '=HYPERLINK("http://evil";"x")'


def cells() -> list[list[Cell]]:
    return list(table_rows([EWA, ATTACKER], WORDS, "Europe/Warsaw"))


def test_cells() -> None:
    assert cells() == [
        [
            1,
            "Ćwik",
            "Ewa Ćwik",
            "dr hab.",
            "ewa@example.org",
            "rezygnacja",
            None,
            "prelegent",
            "nieobecność",
            "Jan Łoś",
            datetime.fromisoformat("2026-11-19T08:20:05"),
            datetime.fromisoformat("2026-11-20T08:00:00"),
            "Brak miejsc.",
            "formularz",
            "pismo",
            "OR.152.3.2026",
            "polski",
            datetime.fromisoformat("2026-11-20T08:01:00"),
            2,
        ],
        [
            2,
            FORMULA,
            '+48 12; "Jan"',
            "",
            "@example.org",
            "potwierdzone",
            2,
            "uczestnik",
            "",
            "",
            datetime.fromisoformat("2026-07-02T00:30:00"),
            None,
            "",
            "import",
            "",
            "",
            "uk",
            None,
            None,
        ],
    ]
    assert headings(WORDS)[:2] == ["Nagłówek number", "Nagłówek surname"]
    assert list(WIDTHS) == list(Column)


def test_notes_leave_only_when_asked_for() -> None:
    assert Column.NOTE not in EVERYDAY_COLUMNS
    assert len(EVERYDAY_COLUMNS) == len(Column) - 1
    [row] = table_rows([EWA], WORDS, "Europe/Warsaw", (Column.NAME, Column.NOTE))
    assert row == ["Ewa Ćwik", "=dzwonić po 15"]
    raw = b"".join(csv_chunks(headings(WORDS, (Column.NAME, Column.NOTE)), [row])).decode("utf-8-sig")
    assert "Ewa Ćwik;'=dzwonić po 15\r\n" in raw


def test_rows_are_taken_one_at_a_time() -> None:
    def endless() -> Iterator[AttendeeRow]:
        while True:
            yield EWA

    assert [next(table_rows(endless(), WORDS, "Europe/Warsaw"))[0]] == [1]
    chunks = csv_chunks(["a"], table_rows(endless(), WORDS, "Europe/Warsaw"))
    assert next(chunks) == b"\xef\xbb\xbf"
    assert next(chunks).count(b"\r\n") == 201


def test_csv_as_polish_excel_reads_it() -> None:
    raw = b"".join(csv_chunks(headings(WORDS), cells()))
    assert raw.startswith(b"\xef\xbb\xbfNag\xc5\x82\xc3\xb3wek number;")
    assert raw.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1] == [
        "1",
        "Ćwik",
        "Ewa Ćwik",
        "dr hab.",
        "ewa@example.org",
        "rezygnacja",
        "",
        "prelegent",
        "nieobecność",
        "Jan Łoś",
        "2026-11-19 08:20",
        "2026-11-20 08:00",
        "Brak miejsc.",
        "formularz",
        "pismo",
        "OR.152.3.2026",
        "polski",
        "2026-11-20 08:01",
        "2",
    ]
    assert len(rows) == 3


def test_abuse_01_csv_cells_are_no_formulas() -> None:
    raw = b"".join(csv_chunks(headings(WORDS), cells())).decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(raw, newline=""), delimiter=";"))[2]
    assert row[1:5] == ["'" + FORMULA, '\'+48 12; "Jan"', "", "'@example.org"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx", "＝1"])
def test_abuse_01_every_beginning_of_a_formula(text: str) -> None:
    assert safe_text(text) == "'" + text


@given(st.text())
def test_abuse_01_no_text_begins_a_formula(text: str) -> None:
    assert not safe_text(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe_text(text).removeprefix("'") in (text, text[1:])


def test_xlsx_as_another_reader_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "lista.xlsx"
    created = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
    write_xlsx(path, WORDS.sheet, headings(WORDS), list(WIDTHS.values()), cells(), created)
    page = openpyxl.load_workbook(path)["Zgłoszenia"]
    assert [cell.value for cell in page[1]] == headings(WORDS)
    assert [[cell.value for cell in row] for row in page.iter_rows(min_row=2)] == cells()
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:S3"
    assert page["K2"].is_date
    assert page["K2"].number_format == "dd.mm.yyyy hh:mm"
    assert page.column_dimensions["C"].width == pytest.approx(32, abs=1)
    assert list(tmp_path.iterdir()) == [path]


def test_abuse_01_xlsx_cells_are_text(tmp_path: Path) -> None:
    path = tmp_path / "lista.xlsx"
    write_xlsx(path, "A", headings(WORDS), [10] * 9, cells(), datetime(2026, 11, 22, tzinfo=UTC))
    page = openpyxl.load_workbook(path)["A"]
    assert page["B3"].data_type == "s"
    assert page["B3"].value == FORMULA
    assert page["B3"].hyperlink is None


def test_an_empty_table_is_still_a_table(tmp_path: Path) -> None:
    path = tmp_path / "lista.xlsx"
    write_xlsx(path, "A", headings(WORDS), [10] * 9, [], datetime(2026, 11, 22, tzinfo=UTC))
    assert openpyxl.load_workbook(path)["A"].max_row == 1
    assert b"".join(csv_chunks(["a", "b"], [])) == b"\xef\xbb\xbfa;b\r\n"
