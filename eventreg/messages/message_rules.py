"""What an organiser may write to people, and how its placeholders are filled in.

A fixed list of placeholders and nothing else (abuse 5): a text is searched once, what is put in is never searched
again, and no template language and no `format` ever sees it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category

LONGEST_SUBJECT = 150
LONGEST_TEXT = 10_000
"""Characters."""

TEST_MARK = "[Test]"

_BRACES = re.compile(r"\{+[^{}\n]*\}+")
_URL = re.compile(r"https?://[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_AFTER_A_URL = ".,;:!?)]'”’»"
_ENDS_A_LINE = ("Cc", "Cs", "Zl", "Zp")


class Placeholder(StrEnum):
    """What can be put into a message."""

    NAME = "name"
    EVENT = "event"
    DATE = "date"
    PLACE = "place"
    LINK = "link"
    ORGANISER = "organiser"


WORDS: Mapping[str, Mapping[Placeholder, str]] = {
    "pl": {
        Placeholder.NAME: "imię i nazwisko",
        Placeholder.EVENT: "wydarzenie",
        Placeholder.DATE: "termin",
        Placeholder.PLACE: "miejsce",
        Placeholder.LINK: "link",
        Placeholder.ORGANISER: "organizator",
    },
    "en": {placeholder: placeholder.value for placeholder in Placeholder},
}
"""How each is written between braces, by the language of the panel; both spellings work everywhere."""

_MEANT = {word: placeholder for words in WORDS.values() for placeholder, word in words.items()}


class TextRefusal(StrEnum):
    """Why a subject or a text is not taken."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    UNKNOWN_PLACEHOLDER = "unknown_placeholder"
    LINK_IN_SUBJECT = "link_in_subject"  # a subject is shown on locked screens and kept in logs of mail servers


@dataclass(frozen=True, slots=True)
class Refused:
    """Why, and for a placeholder which one, as it was typed."""

    why: TextRefusal
    what: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a filled text: words, with `href` a link; '\\n' alone ends a line."""

    text: str
    href: str = ""


Values = Mapping[Placeholder, Sequence[Piece]]
"""What each placeholder stands for."""

NEW_LINE = Piece("\n")


def check_subject(subject: str) -> Refused | None:
    """None when it can stand in the header of a mail (abuse 2) and every placeholder is known."""
    if not subject.strip():
        return Refused(TextRefusal.EMPTY)
    if len(subject) > LONGEST_SUBJECT:
        return Refused(TextRefusal.TOO_LONG)
    if any(category(sign) in _ENDS_A_LINE for sign in subject):
        return Refused(TextRefusal.CONTROL_CHARACTER)
    link = next((found for found in _BRACES.findall(subject) if _placeholder(found) is Placeholder.LINK), None)
    if link is not None:
        return Refused(TextRefusal.LINK_IN_SUBJECT, link)
    return _unknown_placeholder(subject)


def check_text(text: str) -> Refused | None:
    """None when the text can be sent; line ends are '\\n'."""
    if not text.strip():
        return Refused(TextRefusal.EMPTY)
    if len(text) > LONGEST_TEXT:
        return Refused(TextRefusal.TOO_LONG)
    if any(category(sign) in _ENDS_A_LINE and sign not in "\n\t" for sign in text):
        return Refused(TextRefusal.CONTROL_CHARACTER)
    return _unknown_placeholder(text)


def paragraphs_of(text: str, values: Values) -> list[list[Piece]]:
    """The text with its placeholders filled in: paragraphs (blank lines part them) of pieces. Addresses that the
    organiser typed become links; in what was filled in only what `values` makes a link is one."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return [_pieces_of_block(block.strip("\n"), values) for block in blocks if block.strip()]


def plain(pieces: Sequence[Piece]) -> str:
    """The words alone."""
    return "".join(piece.text for piece in pieces)


def filled_line(text: str, values: Values) -> str:
    """A subject with its placeholders filled in, in one line."""
    return " ".join(plain(list(_filled(text, values))).split())


def _placeholder(braces: str) -> Placeholder | None:
    """'{Imię  i nazwisko}' -> NAME; None for anything that is not exactly one word of the list in single braces."""
    return _MEANT.get(" ".join(braces[1:-1].split()).lower())


def _unknown_placeholder(text: str) -> Refused | None:
    for found in _BRACES.findall(text):
        if _placeholder(found) is None:
            return Refused(TextRefusal.UNKNOWN_PLACEHOLDER, found)
    return None


def _pieces_of_block(block: str, values: Values) -> list[Piece]:
    pieces: list[Piece] = []
    for number, line in enumerate(block.split("\n")):
        if number:
            pieces.append(NEW_LINE)
        pieces.extend(_filled(line.rstrip(), values))
    return pieces


def _filled(line: str, values: Values) -> Iterator[Piece]:
    end = 0
    for found in _BRACES.finditer(line):
        placeholder = _placeholder(found[0])
        if placeholder is None:
            continue  # cannot be: it was checked; then it stays what it is, a text
        yield from _with_links(line[end : found.start()])
        yield from values.get(placeholder, ())
        end = found.end()
    yield from _with_links(line[end:])


def _with_links(text: str) -> Iterator[Piece]:
    end = 0
    for found in _URL.finditer(text):
        address = found[0].rstrip(_AFTER_A_URL)
        if found.start() > end:
            yield Piece(text[end : found.start()])
        yield Piece(address, address)
        end = found.start() + len(address)
    if end < len(text):
        yield Piece(text[end:])


@dataclass(frozen=True, slots=True)
class Figures:
    """How far a message has got, counted in mails. `waiting`: may still leave."""

    sent: int = 0
    failed: int = 0
    waiting: int = 0
    stopped: int = 0

    @staticmethod
    def of(states: Mapping[str, int]) -> "Figures":
        """From the number of mails in each state of the outbox."""
        return Figures(
            sent=states.get("sent", 0) + states.get("filed", 0),
            failed=states.get("failed", 0),
            waiting=sum(states.get(state, 0) for state in ("queued", "sending", "held")),
            stopped=states.get("stopped", 0) + states.get("superseded", 0),
        )

    @property
    def total(self) -> int:
        """All mails of the message."""
        return self.sent + self.failed + self.waiting + self.stopped

    @property
    def settled(self) -> int:
        """Mails of which the outcome is known."""
        return self.total - self.waiting


def state_shown(state: str, figures: Figures) -> str:
    """The state of a message as people read it: one that nothing is left of is done, even before that was noted."""
    return "done" if state in ("sending", "paused") and not figures.waiting else state
