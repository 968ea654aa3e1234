"""Excel files for tests, honest ones and others."""

import io
import zipfile

import openpyxl
import xlsxwriter


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    return saved(book)


def shared_text_workbook(cells: int, text: str) -> bytes:
    """One text, stored once, in very many cells: 40 in a row."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number in range(cells):
            sheet.write_string(number // 40, number % 40, "tu")
    stored = repacked(file.getvalue())
    with zipfile.ZipFile(io.BytesIO(stored)) as archive:
        strings = archive.read("xl/sharedStrings.xml")
    return repacked(stored, **{"xl/sharedStrings.xml": strings.replace(b">tu<", b">" + text.encode() + b"<")})


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """A workbook with some parts (their names with dots for slashes) replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        kept = {info.filename: old.read(info) for info in old.infolist()}
        for name, data in {**kept, **parts}.items():
            new.writestr(name, data)
    return file.getvalue()
