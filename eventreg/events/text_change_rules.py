"""Is a changed text a substantive change or a corrected typo?

The public register of changes names what readers could have relied on (duties.md: 'not each typo').
"""

import re
from difflib import SequenceMatcher

TYPO_LETTERS = 2
"""A word that differs by at most so many letters in one spot is the same word, corrected."""
MOST_TYPOS = 5
"""More corrected words than this are a rewritten text."""

_WORD = re.compile(r"\w+")


def is_substantive_change(before: str, after: str) -> bool:
    """Whether words were added, removed or replaced, or any number changed.

    White space, punctuation, capitals and Markdown marks do not count, nor up to MOST_TYPOS corrected words.
    """
    old, new = _words(before), _words(after)
    typos = 0
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if tag != "replace" or old_to - old_from != new_to - new_from:
            return True
        pairs = zip(old[old_from:old_to], new[new_from:new_to], strict=True)
        if not all(is_corrected_word(was, becomes) for was, becomes in pairs):
            return True
        typos += old_to - old_from
    return typos > MOST_TYPOS


def is_substantive_title_change(before: str, after: str) -> bool:
    """The same for a title, where one corrected word is the most that goes unsaid."""
    old, new = _words(before), _words(after)
    if len(old) != len(new):
        return True
    different = [(was, becomes) for was, becomes in zip(old, new, strict=True) if was != becomes]
    return len(different) > 1 or not all(is_corrected_word(*pair) for pair in different)


def is_corrected_word(before: str, after: str) -> bool:
    """Whether two words are one word and its correction; words with digits (dates, numbers) never are."""
    if any(letter.isdigit() for letter in before + after):
        return False
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    shared = start + end
    return shared > 0 and max(len(before), len(after)) - shared <= TYPO_LETTERS


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
