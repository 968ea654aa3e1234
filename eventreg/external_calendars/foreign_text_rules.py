"""Text of strangers as plain text: no HTML, no control characters, nothing that turns the direction of what follows."""

import html
import re
import unicodedata
from urllib.parse import urlsplit

from eventreg.calendars.calendar_text_rules import clean_line, clean_text, clean_url

LONGEST_URL = 500

_READ_AT_MOST = 8_000
"""Characters of a text that are looked at: four times the longest that is kept, for tags."""

_MOST_MARKS = 4
"""Combining marks on one letter. No language needs more; thousands reach over the lines around, and putting them in
their order takes Unicode's normalisation the square of their number."""

_LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|&(?:nbsp|amp|quot|lt|gt|#[0-9]{1,6});")
_ENDS_A_LINE = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]{0,50}>", re.IGNORECASE)
_UNREAD = re.compile(r"<(script|style)\b.*?(?:</\1[^<>]{0,50}>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,1000}>")
_EMPTY_LINES = re.compile(r"\n(?:[ \u00a0]*\n){2,}")

_JOIN_LETTERS = frozenset("\u00ad\u200c\u200d\u200e\u200f")
"""Of the invisible signs those that writing needs: soft hyphen, joiners, and which way a run of text goes."""

_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and symbols by their category, of which nothing is seen: a title made of them would be empty."""


def plain_text(value: str, longest: int) -> str:
    """Text of several lines, at most `longest` characters; of HTML the words remain, a line for each paragraph."""
    text = value[:_READ_AT_MOST].replace("\t", " ")
    if _LOOKS_LIKE_HTML.search(text):
        # The result is shown as text, escaped like any other, so tags are taken out to read better, not to be safe.
        text = html.unescape(_TAG.sub("", _ENDS_A_LINE.sub("\n", _UNREAD.sub("", text))))
    text = unicodedata.normalize("NFC", _seen(clean_text(text)))
    return _shortened(_EMPTY_LINES.sub("\n\n", text).strip(), longest)


def plain_line(value: str, longest: int) -> str:
    """The same on one line."""
    return _shortened(clean_line(plain_text(value, _READ_AT_MOST)), longest)


def plain_url(value: str) -> str:
    """An http(s) address, '' for anything else, for one too long, and for one with a user name ('bank.pl@evil.pl')."""
    if len(value) > LONGEST_URL:
        return ""
    url = clean_url(value)
    return "" if len(url) > LONGEST_URL or "@" in urlsplit(url).netloc else url


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _seen(text: str) -> str:
    """Without what is invisible or reorders what stands around it (by which one title looks like another), and with
    few marks on a letter."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for sign in text:
        if sign in _BLANK_LETTERS or (unicodedata.category(sign) == "Cf" and sign not in _JOIN_LETTERS):
            continue
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)
