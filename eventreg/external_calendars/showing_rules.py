"""Which events of an external calendar are shown: all, those with a word, or those picked by hand."""

import re

from eventreg.events.listing_rules import folded

_BETWEEN_ENTRIES = re.compile(r"[,;\r\n]+")
_WORD = re.compile(r"\w+")


def is_shown(shows: str, words: str, chosen: bool | None, title: str, description: str, place: str) -> bool:
    """Whether an event is shown. `shows` is 'all', 'words' or 'by_hand'; what was `chosen` by hand counts before it.

    With 'words' an event is shown that has one of the entries of `words`. Entries stand between commas, semicolons or
    line ends; of an entry of several words all must occur, in any order. A word is looked for at the beginning of the
    event's words, without case and diacritics: Polish words change at their ends ('miast' finds 'Miasto' and 'miasta'),
    and 'eko' must not find 'dekoracja'.
    """
    if chosen is not None:
        return chosen
    if shows == "all":
        return True
    if shows != "words":
        return False
    entries = entries_of(words)
    if not entries:
        return False
    text = " " + " ".join(_words_in(f"{title}\n{place}\n{description}"))
    return any(all(f" {word}" in text for word in entry) for entry in entries)


def entries_of(words: str) -> tuple[tuple[str, ...], ...]:
    """The entries of a list of words, each as its folded words: 'Łódź, miasta partnerskie' has two."""
    entries = (tuple(_words_in(entry)) for entry in _BETWEEN_ENTRIES.split(words))
    return tuple(dict.fromkeys(entry for entry in entries if entry))


def _words_in(text: str) -> list[str]:
    return _WORD.findall(folded(text))
