"""How much of an uploaded list is read, and why one is not."""

from dataclasses import dataclass
from enum import Enum

MOST_ROWS = 1_000
"""People in one list; a larger one is imported in parts, so that it does not keep other writers waiting."""

MOST_COLUMNS = 40
LONGEST_CELL = 4_000
"""Characters of a cell that are read: more than anything that is kept of it may have."""

MOST_CHARACTERS = 10_000_000
"""In all cells of a workbook: a text that is stored once may stand in very many of them."""

LARGEST_FILE = 2 * 1024 * 1024
"""Bytes of an upload; the whole request may be a little larger (http_headers.UPLOADS)."""

LARGEST_UNPACKED = 32 * 1024 * 1024
"""Bytes that the parts of an XLSX file may have together once they are unpacked (abuse 11)."""

MOST_PARTS = 1_000
MOST_TAGS = 1_000_000
"""XML tags in an XLSX file: four for each cell and each text, so 1,000 rows of 40 columns with different texts and
more. What costs time is the number of cells, not the bytes."""


class Unreadable(Enum):
    """Why a file is not taken as a list."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    OLD_EXCEL = "old_excel"  # .xls, or .xlsx behind a password: both are OLE containers
    OTHER_KIND = "other_kind"
    DAMAGED = "damaged"
    UNPACKS_TOO_FAR = "unpacks_too_far"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    OPEN_QUOTE = "open_quote"


@dataclass(frozen=True, slots=True)
class CannotRead:
    """The refusal; `row` is where reading stopped, 0 when that tells nothing."""

    reason: Unreadable
    row: int = 0


class UnreadableListError(Exception):
    """Ends the reading of a list; `read_list` turns it into its `CannotRead`."""

    def __init__(self, reason: Unreadable, row: int = 0) -> None:
        super().__init__(reason.value)
        self.cannot_read = CannotRead(reason, row)
