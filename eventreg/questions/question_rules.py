"""Questions and answers as plain values, and what an answer must look like."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

SHORT_LENGTH = 200
LONG_LENGTH = 2000
"""Characters an answer may have; a long one is a paragraph or two, not a file."""

ACCESS_NEEDS_LENGTH = 1000

TEXT_LENGTHS = {
    "short_text": SHORT_LENGTH,
    "institution": SHORT_LENGTH,
    "long_text": LONG_LENGTH,
    "access_needs": ACCESS_NEEDS_LENGTH,
}
"""Kinds that are answered in words -> the longest answer."""

CHOICE_KINDS = ("one_of", "several_of")
"""Kinds that are answered by choosing."""

KINDS = ("short_text", "long_text", "one_of", "several_of", "yes_no", "institution", "access_needs")

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One person's answer to one question: a text ('yes' or 'no' for yes/no), or the ids of the chosen options.

    Neither text nor options: the question was asked and left open.
    """

    question_id: int
    text: str = ""
    option_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedOption:
    """One thing to choose on a form. `taken` counts the live registrations that chose it; `places` None: no limit."""

    id: int
    label: str
    places: int | None = None
    taken: int = 0
    is_removed: bool = False

    @property
    def is_full(self) -> bool:
        """Whether nobody more can choose it."""
        return self.places is not None and self.taken >= self.places


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as a form asks it, with the options that can be chosen (and, for the panel, those taken off)."""

    id: int
    kind: str
    label: str
    hint: str = ""
    required: bool = False
    purpose: str = ""
    required_purpose: str = ""
    ready_made: str = ""
    options: tuple[AskedOption, ...] = ()
    is_removed: bool = False
    is_in_page_language: bool = False  # still the ready-made words, shown in the reader's language


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """What a person answered, to be shown: `values` holds her text or the labels of what she chose."""

    question_id: int
    kind: str
    label: str
    values: tuple[str, ...]
    text: str = ""  # as stored: 'yes' or 'no' for yes/no
    option_ids: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """In one line."""
        return "; ".join(self.values)


class AnswerRefusal(StrEnum):
    """Why an answer cannot be kept."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NO_SUCH_OPTION = "no_such_option"  # forged, or taken off while the form was open (abuse 33)
    ONE_ONLY = "one_only"
    FULL = "full"


def check_answer(
    question: AskedQuestion, text: str, option_ids: Sequence[int], mine: Collection[int] = ()
) -> GivenAnswer | AnswerRefusal:
    """The answer in its kept form, or why not.

    `text` is what was typed ('yes' or 'no' for yes/no), `option_ids` what was chosen; each kind reads its own of the
    two. `mine` are options that this person holds already: a full or removed one of those stays choosable for her.
    """
    if question.kind in CHOICE_KINDS:
        return _check_choice(question, option_ids, mine)
    if question.kind == "yes_no":
        if text not in (YES, NO, ""):
            return AnswerRefusal.NO_SUCH_OPTION
    else:
        text = tidy_text(text)
        if len(text) > TEXT_LENGTHS[question.kind]:
            return AnswerRefusal.TOO_LONG
    if question.required and not text:
        return AnswerRefusal.MISSING
    return GivenAnswer(question.id, text)


def _check_choice(
    question: AskedQuestion, option_ids: Sequence[int], mine: Collection[int]
) -> GivenAnswer | AnswerRefusal:
    by_id = {option.id: option for option in question.options}
    chosen = tuple(dict.fromkeys(option_ids))
    for id_ in chosen:
        option = by_id.get(id_)
        if option is None or (option.is_removed and id_ not in mine):
            return AnswerRefusal.NO_SUCH_OPTION
    if any(by_id[id_].is_full and id_ not in mine for id_ in chosen):
        return AnswerRefusal.FULL
    if question.kind == "one_of" and len(chosen) > 1:
        return AnswerRefusal.ONE_ONLY
    if question.required and not chosen:
        return AnswerRefusal.MISSING
    return GivenAnswer(question.id, option_ids=chosen)


def tidy_text(text: str) -> str:
    """Typed text without what cannot be seen: line ends as one kind, no control characters, no blanks around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(char for char in text if char in "\n\t" or (char.isprintable() or char == "\u00a0"))
    return kept.strip()


def full_labels(options: Iterable[AskedOption]) -> tuple[str, ...]:
    """The labels of those options that nobody more can choose."""
    return tuple(option.label for option in options if option.is_full)
