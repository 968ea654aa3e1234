"""A programme as calendars tell it: one entry for the whole event, its sessions in the entry's text."""

from functools import lru_cache

from eventreg.calendars.calendar_text_rules import ELLIPSIS, shortened
from eventreg.events.markdown_rules import to_text

LONGEST_PROGRAMME = 4_000
"""Characters: two closely printed pages, a conference of two days with its speakers. Each mail with an invitation
keeps a copy, and clients show the text in a small box."""


@lru_cache(maxsize=64)
def programme_text(markdown: str) -> str:
    """The programme as plain text, at most LONGEST_PROGRAMME characters; cut off at a line, it ends with ELLIPSIS.

    Remembered, because a mail to thousands of people tells the same programme thousands of times.
    """
    return shortened(to_text(markdown), LONGEST_PROGRAMME)


def is_cut(text: str) -> bool:
    """Whether a programme's text lacks its end."""
    return text.endswith(ELLIPSIS)
