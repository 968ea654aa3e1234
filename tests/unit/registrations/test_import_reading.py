"""Uploaded lists: encodings, separators, workbooks, and what is refused before it is parsed."""

import io
import tracemalloc
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventreg.registrations.csv_reading_rules import decode_text, sniff_separator
from eventreg.registrations.import_columns_rules import guess_columns
from eventreg.registrations.import_judging_rules import judge_rows
from eventreg.registrations.list_reading_rules import read_list
from eventreg.registrations.unreadable_list_rules import (
    LARGEST_FILE,
    MOST_COLUMNS,
    MOST_ROWS,
    CannotRead,
    Unreadable,
    UnreadableListError,
)
from tests.workbooks import repacked, saved, shared_text_workbook, workbook

HEADED = "imię;nazwisko;e-mail\nŁucja;Żółć-Śliwińska;lucja@example.org\nJózef;Gęś;jozef@example.org\n"
CELLS = [
    ("imię", "nazwisko", "e-mail"),
    ("Łucja", "Żółć-Śliwińska", "lucja@example.org"),
    ("Józef", "Gęś", "jozef@example.org"),
]


def cells(content: bytes) -> list[tuple[str, ...]]:
    rows = read_list(content)
    assert not isinstance(rows, CannotRead), rows
    return [row.cells for row in rows]


def refusal(content: bytes) -> CannotRead:
    rows = read_list(content)
    assert isinstance(rows, CannotRead)
    return rows


def peak_memory(content: bytes, reason: Unreadable) -> int:
    """Bytes that the refusal of this content takes at most."""
    tracemalloc.start()
    try:
        assert refusal(content).reason is reason
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1250", "iso-8859-2"])
def test_every_encoding_of_an_office_gives_the_polish_letters(encoding: str) -> None:
    assert cells(HEADED.encode(encoding)) == CELLS


def test_utf_16_of_the_other_byte_order() -> None:
    assert cells(b"\xfe\xff" + HEADED.encode("utf-16-be")) == CELLS


def test_without_polish_letters_windows_wins() -> None:
    assert decode_text("Jan “Kowal”".encode("cp1250")) == "Jan “Kowal”"


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_separator_and_line_end(separator: str, line_end: str) -> None:
    assert cells(HEADED.replace(";", separator).replace("\n", line_end).encode()) == CELLS


def test_excels_own_first_line_names_the_separator() -> None:
    assert cells(b'sep=,\r\nJan,"Kowalski; junior",jan@example.org\r\n') == [
        ("Jan", "Kowalski; junior", "jan@example.org")
    ]


def test_commas_within_texts_do_not_divide_what_semicolons_divide() -> None:
    text = "Kowalski, Jan;jan@example.org;Urząd Miasta, Wydział A\nNowak, Anna;anna@example.org;Urząd, Referat\n"
    assert sniff_separator(text) == ";"
    assert cells(text.encode()) == [
        ("Kowalski, Jan", "jan@example.org", "Urząd Miasta, Wydział A"),
        ("Nowak, Anna", "anna@example.org", "Urząd, Referat"),
    ]


def test_one_column_with_a_comma_in_one_name_stays_one_column() -> None:
    text = "Anna Nowak <a@example.org>\nKowalski, Jan <j@example.org>\nEwa Lis <e@example.org>\n"
    assert cells(text.encode()) == [
        ("Anna Nowak <a@example.org>",),
        ("Kowalski, Jan <j@example.org>",),
        ("Ewa Lis <e@example.org>",),
    ]


def test_recipients_copied_from_a_mail_program_are_a_list() -> None:
    line = "; ".join(f"Osoba {letter} <{letter}@example.org>" for letter in "abc" * 20)
    assert cells(line.encode())[:2] == [("Osoba a <a@example.org>",), ("Osoba b <b@example.org>",)]
    assert len(cells(line.encode())) == 60


def test_empty_rows_are_left_out_and_numbers_stay_those_of_the_file() -> None:
    rows = read_list(b"\n;;\nJan;jan@example.org;;\n\n  \nAnna;anna@example.org\n")
    assert not isinstance(rows, CannotRead)
    assert [(row.number, row.cells) for row in rows] == [
        (3, ("Jan", "jan@example.org")),
        (6, ("Anna", "anna@example.org")),
    ]


def test_line_ends_and_hard_spaces_within_a_cell_become_spaces() -> None:
    assert cells(b'"Jan\n Kowalski";jan@example.org\n') == [("Jan Kowalski", "jan@example.org")]


def test_quotation_marks_within_a_quoted_cell_are_read_all_the_same() -> None:
    assert cells('"Urząd "Miasta"";jan@example.org\nx;y@example.org\n'.encode())[1] == ("x", "y@example.org")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Unreadable.EMPTY),
        (b"\n ; ;\n\t\n", Unreadable.EMPTY),
        (b"\xef\xbb\xbf", Unreadable.EMPTY),
        (b"Jan\0Kowalski;jan@example.org", Unreadable.OTHER_KIND),
        (bytes(range(256)) * 20, Unreadable.OTHER_KIND),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, Unreadable.OLD_EXCEL),
        (b"%PDF-1.7\n1 0 obj", Unreadable.OTHER_KIND),
        (b"<!DOCTYPE html><table><tr><td>Jan", Unreadable.OTHER_KIND),
        (b"<?xml version='1.0'?><a/>", Unreadable.OTHER_KIND),
        (b"PK\x03\x04 and nothing more", Unreadable.DAMAGED),
        (b"x" * (LARGEST_FILE + 1), Unreadable.TOO_LARGE),
    ],
)
def test_what_is_no_list_is_refused_by_its_content(content: bytes, reason: Unreadable) -> None:
    assert refusal(content).reason is reason


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_row() -> None:
    text = 'Jan;jan@example.org\nAnna;"anna@example.org\nEwa;ewa@example.org\n'
    assert refusal(text.encode()) == CannotRead(Unreadable.OPEN_QUOTE, 2)


def test_abuse_9_ten_thousand_columns_are_refused() -> None:
    assert refusal(b"a@example.org;x\n" + b";".join([b"x"] * 10_000)).reason is Unreadable.TOO_MANY_COLUMNS
    assert len(cells(b";".join([b"x"] * MOST_COLUMNS))[0]) == MOST_COLUMNS
    assert refusal(b";".join([b"x"] * (MOST_COLUMNS + 1))) == CannotRead(Unreadable.TOO_MANY_COLUMNS, 1)


def test_more_rows_than_are_taken_are_refused() -> None:
    assert len(cells(b"a;b@example.org\n" * (MOST_ROWS + 1))) == MOST_ROWS + 1
    assert refusal(b"a;b@example.org\n" * (MOST_ROWS + 2)).reason is Unreadable.TOO_MANY_ROWS
    assert refusal(workbook(*[("a", "b")] * (MOST_ROWS + 2))).reason is Unreadable.TOO_MANY_ROWS
    assert refusal(b"\n" * (LARGEST_FILE - 10)).reason is Unreadable.EMPTY


def test_a_workbook_gives_text_whatever_its_cells_are() -> None:
    content = workbook(
        ("Osoba", "Numer", "Dzień", "Chwila", "Błąd", "Prawda"),
        ("Łucja Żak", 12.0, date(2026, 11, 5), datetime(2026, 11, 5, 9, 30), "#REF!", True),  # noqa: DTZ001  # Excel's
        ("Jan", 12.5),
    )
    assert cells(content) == [
        ("Osoba", "Numer", "Dzień", "Chwila", "Błąd", "Prawda"),
        ("Łucja Żak", "12", "2026-11-05", "2026-11-05 09:30", "", "True"),
        ("Jan", "12.5", "", "", "", ""),
    ]


def test_the_first_visible_sheet_with_content_is_read_and_row_numbers_kept() -> None:
    book = openpyxl.Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.sheet_state = "hidden"
    hidden["A1"] = "tajne"
    book.create_sheet("pusty")
    book.create_sheet("lista")["B3"] = "jan@example.org"
    rows = read_list(saved(book))
    assert not isinstance(rows, CannotRead)
    assert [(row.number, row.cells) for row in rows] == [(3, ("", "jan@example.org"))]


def test_a_formula_gives_its_value_and_never_itself() -> None:
    assert refusal(workbook(('=HYPERLINK("http://x")',))).reason is Unreadable.EMPTY  # no value was stored with it


def test_abuse_11_a_workbook_that_says_how_far_it_unpacks_is_refused() -> None:
    bomb = repacked(workbook(("a",)), **{"xl/worksheets/sheet1.xml": b" " * 300_000_000})
    assert len(bomb) < 400_000
    assert peak_memory(bomb, Unreadable.UNPACKS_TOO_FAR) < 4_000_000


def test_abuse_11_a_directory_that_lies_about_the_sizes_does_not_help() -> None:
    bomb = bytearray(repacked(workbook(("a",)), **{"xl/worksheets/sheet1.xml": b" " * 300_000_000}))
    real = (300_000_000).to_bytes(4, "little")
    assert bomb.count(real) == 2
    lying = bytes(bomb).replace(real, (1_000).to_bytes(4, "little"))
    assert peak_memory(lying, Unreadable.DAMAGED) < 4_000_000


def test_abuse_11_millions_of_tiny_cells_are_refused() -> None:
    sheet = b"<worksheet><sheetData><row>" + b"<c/>" * 2_500_000 + b"</row></sheetData></worksheet>"
    assert refusal(repacked(workbook(("a",)), **{"xl/worksheets/sheet1.xml": sheet})).reason is (
        Unreadable.UNPACKS_TOO_FAR
    )


def test_abuse_11_thousands_of_parts_are_refused() -> None:
    parts = {f"xl/{number}.xml": b"" for number in range(2_000)}
    assert refusal(repacked(workbook(("a",)), **parts)).reason is Unreadable.UNPACKS_TOO_FAR


def test_abuse_11_one_long_text_in_very_many_cells_is_refused() -> None:
    content = shared_text_workbook(cells=4_000, text="x" * 2_000_000)
    assert len(content) < 100_000
    assert peak_memory(content, Unreadable.UNPACKS_TOO_FAR) < 60_000_000
    assert cells(shared_text_workbook(cells=40, text="Jan")) == [("Jan",) * 40]


def test_a_row_far_down_is_read_without_a_row_for_each_above() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1048576"] = "jan@example.org"
    rows = read_list(saved(book))
    assert not isinstance(rows, CannotRead)
    assert [row.number for row in rows] == [1_048_576]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet='a@;,"\t\n\r ł|.=<', max_size=80).map(str.encode))
def test_whatever_is_sent_is_read_or_refused_and_judged(content: bytes) -> None:
    rows = read_list(content)
    if not isinstance(rows, CannotRead):
        columns = guess_columns(rows, ())
        assert {len(row.cells) for row in rows} == {len(columns.roles)}
        judged = judge_rows(rows, columns, (), {})
        assert len(judged) == len(rows) - columns.has_headings


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4_000), st.integers(0, 255)), max_size=8))
def test_a_damaged_workbook_is_read_or_refused(damages: list[tuple[int, int]]) -> None:
    content = bytearray(workbook(("Jan", "jan@example.org", 12, date(2026, 1, 1))))
    for place, value in damages:
        content[place % len(content)] = value
    read_list(bytes(content))


@pytest.mark.parametrize(
    "sheet",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>',
        b'\xef\xbb\xbf \n<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><worksheet/>'.encode("utf-16"),
        b"<worksheet>" + b"x" * (64 * 1024 - 15) + b"<!DOCTYPE x>",
    ],
)
def test_abuse_12_document_types_and_entities_are_refused(sheet: bytes) -> None:
    assert refusal(repacked(workbook(("a",)), **{"xl/worksheets/sheet1.xml": sheet})).reason is Unreadable.DAMAGED


def test_other_archives_and_damaged_workbooks_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert refusal(file.getvalue()).reason is Unreadable.OTHER_KIND
    whole = workbook(("Jan", "jan@example.org"))
    assert refusal(whole[: len(whole) // 2]).reason is Unreadable.DAMAGED
    broken = repacked(whole, **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"})
    assert refusal(broken).reason is Unreadable.DAMAGED


def test_nul_is_told_by_the_reader_itself() -> None:
    with pytest.raises(UnreadableListError):
        decode_text(b"a\0b")
