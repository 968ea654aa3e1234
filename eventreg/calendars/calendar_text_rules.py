"""What may stand in a calendar: text, addresses and links from which no line of their own can grow.

RFC 5545 3.1 (content lines) and 3.3.11 (TEXT); abuse case 4; calendar.md 8.
"""

import re
from urllib.parse import quote, urlsplit

from icalendar import vText

_LINE_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Unicode's categories Cc, less LF, and Cs."""

_SPACES = re.compile(r"\s+")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1.3 less the angle brackets
_KEPT_IN_URLS = "%/:=&?~#+!$,;'@()*[]"
ELLIPSIS = "…"
"""What a text ends with whose end was cut off."""


class UnsafeAddressError(ValueError):
    """An e-mail address that could break out of its line; such a one is never written anywhere."""


class CalendarText(vText):
    """A value of type TEXT, escaped as RFC 5545 3.3.11 has it.

    icalendar's own takes a typed backslash and N, as in 'C:\\Nowe', for a line break.
    """

    def to_ical(self) -> bytes:
        """As it stands in a calendar."""
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
        return escaped.replace("\n", "\\n").encode()


def clean_text(value: str) -> str:
    """Text of several lines: line breaks become LF, every other control character and lone surrogate goes."""
    return _CONTROLS.sub("", _LINE_BREAKS.sub("\n", value))


def clean_line(value: str) -> str:
    """Text of one line: breaks, tabs and runs of spaces become one space; hard spaces stay."""
    spaced = clean_text(value.replace("\t", " ")).replace("\n", " ")
    return re.sub(" {2,}", " ", spaced).strip(" ")


def shortened(text: str, longest: int) -> str:
    """The text itself, or as many of its whole lines as fit in `longest` characters, then a line with ELLIPSIS.

    A first line that is too long by itself is cut between words.
    """
    if len(text) <= longest:
        return text
    lines, _, _ = text[: longest - len(ELLIPSIS)].rpartition("\n")
    if lines.strip():
        return f"{lines.rstrip()}\n{ELLIPSIS}"
    words, _, _ = text[:longest].rpartition(" ")
    return (words.rstrip() or text[: longest - len(ELLIPSIS)]) + ELLIPSIS


def clean_parameter(value: str) -> str:
    """A parameter value such as CN: one line without what clients read differently.

    RFC 6868 has an escape for quote and caret, but Outlook shows it as it stands; before a colon a backslash makes
    some parsers lose the address.
    """
    return clean_line(value.replace('"', "'").replace("^", " ").replace("\\", " "))


def clean_url(value: str) -> str:
    """An http(s) address in ASCII without blanks; '' for anything else."""
    stripped = _SPACES.sub("", clean_text(value))
    try:
        parts = urlsplit(stripped)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    return quote(stripped, safe=_KEPT_IN_URLS)


def checked_address(address: str) -> str:
    """The plain address in ASCII: one local part, one domain, nothing that ends a line or URI.

    An international domain gets its ASCII form. Raises UnsafeAddressError for anything else.
    """
    local, at, domain = address.rpartition("@")
    if not domain.isascii():
        try:
            address = local + at + domain.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise UnsafeAddressError("not a domain") from error
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise UnsafeAddressError("not one plain e-mail address")
    return address
