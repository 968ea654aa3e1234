"""The information clause of RODO art. 13: its facts, its placeholders, and a draft to start from.

The words of the draft stand in `clause_wording_rules`. A clause is Markdown text with placeholders such as
`{controller}`; only the names of `PLACEHOLDERS` are ever replaced, in one pass, by plain search: no
`format`, no template language, and a value that itself looks like a placeholder stays as it is (abuse case
5).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from eventreg.privacy.clause_wording_rules import (
    BASIS_INTEREST_OR_CONTRACT,
    BASIS_OTHER,
    BASIS_PUBLIC_TASK,
    CONTROLLER,
    DECISIONS,
    NAMED_RECIPIENTS,
    NO_OFFICER,
    NOTE_BEGINNINGS,
    OFFICER,
    RECIPIENTS,
    RETENTION,
    RETENTION_PUBLIC_BODY,
    RIGHTS_INTEREST,
    RIGHTS_PUBLIC_TASK,
    VOLUNTARY,
)

CLAUSE_LANGUAGES = ("pl", "en")
"""The languages in which a clause is kept."""

DEFAULT_RETENTION_MONTHS = 12
LEAST_RETENTION_MONTHS = 1
MOST_RETENTION_MONTHS = 120
"""How long after the event the data of participants may be kept; the office's own rules decide inside these"
" bounds."""

LONGEST_CLAUSE = 20_000
"""Characters of one language's text."""

PLACEHOLDERS = (
    "controller",
    "address",
    "contact",
    "officer",
    "task",
    "recipients",
    "retention",
)

_PLACEHOLDER = re.compile(r"\{([^{}\n]{1,60})\}")
_SHORT_WORD = re.compile(
    r"(?<![\w\u00a0])(w|z|i|o|u|a|ul\.|art\.|ust\.|lit\.|pkt|nr|dr|we|ze|na|do|po|od) ",
    re.IGNORECASE,
)


class BodyKind(StrEnum):
    """What kind of body publishes; it decides which legal basis the draft proposes."""

    PUBLIC_BODY = "public_body"
    NGO = "ngo"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ClauseFacts:
    """What the clause says about one organiser; frozen together with each version of the text."""

    controller: str
    """Full legal name of the controller; may differ from the organiser's name ('Województwo Małopolskie')."""
    address: str
    contact: str
    """E-mail address or telephone number for matters of personal data."""
    officer: str = ""
    """How to reach the data protection officer; empty when there is none (public bodies must have one, art."
    " 37)."""
    task: str = ""
    """The provision that gives a public body the task (art. 6(1)(e) with 6(3))."""
    recipients: str = ""
    """Further recipients, named: co-organisers, the ministry that pays."""
    retention_months: int = DEFAULT_RETENTION_MONTHS


def draft_clause(kind: BodyKind, facts: ClauseFacts, language: str) -> str:
    """A draft for the office and its lawyer, in Markdown with placeholders; `language` is 'pl' or 'en'.

    Public bodies get art. 6(1)(e); associations and foundations wording that leaves their lawyer the choice
    between 6(1)(f) and 6(1)(b); everybody else 6(1)(b).
    """
    basis = {
        BodyKind.PUBLIC_BODY: BASIS_PUBLIC_TASK,
        BodyKind.NGO: BASIS_INTEREST_OR_CONTRACT,
        BodyKind.OTHER: BASIS_OTHER,
    }[kind]
    is_public = kind is BodyKind.PUBLIC_BODY
    sections = [
        CONTROLLER,
        OFFICER if facts.officer.strip() or is_public else NO_OFFICER,
        basis,
        RECIPIENTS,
        *([NAMED_RECIPIENTS] if facts.recipients.strip() else []),
        RETENTION_PUBLIC_BODY if is_public else RETENTION,
        RIGHTS_PUBLIC_TASK if is_public else RIGHTS_INTEREST,
        VOLUNTARY,
        DECISIONS,
    ]
    text = "\n\n".join(section[language] for section in sections)
    return _hard_spaces(text) if language == "pl" else text


def fill_clause(text: str, facts: ClauseFacts, language: str) -> str:
    """The text with each known placeholder replaced by its value; everything else in braces stays as"
    " typed."""
    values = placeholder_values(facts, language)

    def replacement(match: re.Match[str]) -> str:
        return values.get(match.group(1), match.group(0))

    return _PLACEHOLDER.sub(replacement, text)


def placeholder_values(facts: ClauseFacts, language: str) -> Mapping[str, str]:
    """What each placeholder stands for; the empty string where the office has not said."""
    return {
        "controller": facts.controller.strip(),
        "address": facts.address.strip(),
        "contact": facts.contact.strip(),
        "officer": facts.officer.strip(),
        "task": facts.task.strip(),
        "recipients": facts.recipients.strip(),
        "retention": retention_words(facts.retention_months, language),
    }


def unknown_placeholders(text: str) -> list[str]:
    """Names in braces that nothing will replace, in the order of the text, each once."""
    return list(dict.fromkeys(name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS))


def empty_placeholders(text: str, facts: ClauseFacts, language: str) -> list[str]:
    """Known placeholders the text uses although the office has not given the fact, in the order of the"
    " text."""
    values = placeholder_values(facts, language)
    used = dict.fromkeys(_PLACEHOLDER.findall(text))
    return [name for name in used if name in values and not values[name]]


def has_note(text: str) -> bool:
    """Whether a note of the draft to the lawyer still stands in the text."""
    return any(paragraph.strip().startswith(NOTE_BEGINNINGS) for paragraph in text.split("\n\n"))


def without_notes(text: str) -> str:
    """The text without the draft's notes to the lawyer."""
    paragraphs = text.replace("\r\n", "\n").split("\n\n")
    return "\n\n".join(p for p in paragraphs if not p.strip().startswith(NOTE_BEGINNINGS))


def gaps(kind: BodyKind, facts: ClauseFacts) -> list[str]:
    """Names of the facts that art. 13 asks for and that are still empty."""
    required = ["controller", "address", "contact"]
    if kind is BodyKind.PUBLIC_BODY:
        required += ["officer", "task"]
    return [name for name in required if not str(getattr(facts, name)).strip()]


def retention_words(months: int, language: str) -> str:
    """A period for the sentence 'przez okres: 12 miesięcy' / 'for 12 months'."""
    if language == "pl":
        if months == 1:
            return "1\u00a0miesiąc"
        few = months % 10 in (2, 3, 4) and months % 100 not in (12, 13, 14)
        return f"{months}\u00a0{'miesiące' if few else 'miesięcy'}"
    return "1 month" if months == 1 else f"{months} months"


def _hard_spaces(text: str) -> str:
    """Polish prints no single-letter word at the end of a line."""
    return _SHORT_WORD.sub(lambda match: match.group(1) + "\u00a0", text)
