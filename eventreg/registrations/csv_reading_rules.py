"""Text files with one person a line, in the encodings and with the separators that offices have."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from eventreg.registrations.unreadable_list_rules import LARGEST_FILE, MOST_ROWS, Unreadable, UnreadableListError

SEPARATORS = ("\t", ";", "|", ",")
"""In the order of preference when two divide the lines equally well: commas stand in texts, tabs do not."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_POLISH = frozenset("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
_NOTHING = "\x1f"
_LINES_LOOKED_AT = 50
_LINES_IN_A_CELL = 20
"""A cell with more line ends than that began with a quotation mark that nobody closed."""


def csv_rows(content: bytes) -> list[list[str]]:
    """The cells of every line, empty lines too, so that the numbering is the one that an editor shows.

    Raises UnreadableListError for what is no text, and for a quotation mark that is never closed.
    """
    text = decode_text(content)
    separator, text = _named_separator(text)
    separator = separator or sniff_separator(text)
    csv.field_size_limit(LARGEST_FILE)
    try:
        return _parsed(text, separator, strict=True)
    except csv.Error:
        rows = _parsed(text, separator, strict=False)  # 'Urząd "Miasta"' inside a quoted cell is readable all the same
    for number, row in enumerate(rows, 1):
        if any(cell.count("\n") > _LINES_IN_A_CELL for cell in row):
            raise UnreadableListError(Unreadable.OPEN_QUOTE, number)
    return rows


def decode_text(content: bytes) -> str:
    """The text of a file: by its byte order mark, else strict UTF-8, else as Polish Windows or ISO wrote it.

    Between windows-1250 and ISO-8859-2 the one wins that gives more Polish letters, on a tie windows-1250.
    Raises UnreadableListError for a file with NUL, which no text has.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _without_nul(content[len(mark) :].decode(encoding, "replace"))
    try:
        return _without_nul(content.decode("utf-8"))
    except UnicodeDecodeError:
        guesses = (content.decode("cp1250", "replace"), content.decode("iso-8859-2"))
        return _without_nul(max(guesses, key=_polish_letters))


def sniff_separator(text: str) -> str:
    """The sign that divides most of the first lines, into equally many columns; one that no text has if none does.

    So 'Kowalski, Jan <jan@example.org>' in a list of one column stays one cell.
    """
    best, best_share = _NOTHING, 0.0
    for separator in SEPARATORS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        widths = Counter(len(row) for row in _lenient(reader) if row)
        divided = {width: lines for width, lines in widths.items() if width > 1}
        if sum(divided.values()) * 2 <= sum(widths.values()):
            continue
        share = max(divided.values()) / sum(widths.values())
        if share > best_share:
            best, best_share = separator, share
    return best


def _lenient(reader: Iterator[list[str]]) -> list[list[str]]:
    """The first rows, up to one that cannot be read."""
    rows: list[list[str]] = []
    try:
        rows.extend(islice(reader, _LINES_LOOKED_AT))
    except csv.Error:
        return rows
    return rows


def _named_separator(text: str) -> tuple[str, str]:
    """The separator that Excel's own first line 'sep=;' names, and the text without that line."""
    first, _end, rest = text.partition("\n")
    named = first.strip("\r\n \"'")
    if named.casefold().startswith("sep=") and len(named) == len("sep=") + 1:
        return named[-1], rest
    return ("\t", rest) if named.casefold() == "sep=" and "\t" in first else ("", text)


def _parsed(text: str, separator: str, *, strict: bool) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict, skipinitialspace=True)
    rows: list[list[str]] = []
    nothing: list[str] = []  # one object for all empty lines, of which two megabytes may hold very many
    filled = 0
    try:
        for row in reader:
            filled += any(row)
            if filled > MOST_ROWS + 1:
                raise UnreadableListError(Unreadable.TOO_MANY_ROWS)
            rows.append(row if any(row) else nothing)
    except csv.Error as error:
        if strict and "unexpected end" in str(error):
            raise UnreadableListError(Unreadable.OPEN_QUOTE, len(rows) + 1) from error
        raise
    return rows


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise UnreadableListError(Unreadable.OTHER_KIND)
    return text


def _polish_letters(text: str) -> int:
    return sum(1 for letter in text if letter in _POLISH)
