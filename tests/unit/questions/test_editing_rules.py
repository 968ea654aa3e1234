"""What an organiser may make of a question."""

from dataclasses import replace

from eventreg.questions.editing_rules import (
    DraftProblem,
    OptionDraft,
    QuestionDraft,
    mark_of,
    order_after_move,
    problems_of,
)
from eventreg.questions.question_rules import AskedOption, AskedQuestion

GOOD = QuestionDraft("short_text", "Skąd?", "Sprawozdanie")


def choices(kind: str, *labels: str) -> QuestionDraft:
    return replace(GOOD, kind=kind, options=tuple(OptionDraft(label) for label in labels))


def test_a_question_needs_words_and_a_purpose() -> None:
    assert problems_of(GOOD) == ()
    assert problems_of(replace(GOOD, label="")) == (DraftProblem.NO_LABEL,)
    assert problems_of(replace(GOOD, purpose="")) == (DraftProblem.NO_PURPOSE,)


def test_required_needs_a_purpose_of_its_own() -> None:
    assert problems_of(replace(GOOD, required=True)) == (DraftProblem.NO_REQUIRED_PURPOSE,)
    assert problems_of(replace(GOOD, required=True, required_purpose="Wejście do budynku")) == ()


def test_access_needs_are_never_required() -> None:
    draft = replace(GOOD, kind="access_needs", required=True, required_purpose="x")
    assert problems_of(draft) == (DraftProblem.NEVER_REQUIRED,)


def test_choices_need_options_each_once() -> None:
    assert problems_of(choices("one_of", "tak")) == (DraftProblem.TOO_FEW_OPTIONS,)
    assert problems_of(choices("several_of")) == (DraftProblem.TOO_FEW_OPTIONS,)
    assert problems_of(choices("several_of", "tak")) == ()
    assert problems_of(choices("one_of", "Tak", "tak")) == (DraftProblem.SAME_OPTION_TWICE,)


def test_moving_stops_at_the_ends() -> None:
    assert order_after_move([1, 2, 3], 2, -1) == [2, 1, 3]
    assert order_after_move([1, 2, 3], 1, -1) == [1, 2, 3]
    assert order_after_move([1, 2, 3], 3, 1) == [1, 2, 3]
    assert order_after_move([1, 2, 3], 9, 1) == [1, 2, 3]


def test_the_mark_follows_the_words_and_not_what_is_taken() -> None:
    question = AskedQuestion(1, "one_of", "Skąd?", options=(AskedOption(1, "a", 3, 1), AskedOption(2, "b")))
    taken = replace(question, options=(AskedOption(1, "a", 3, 2), AskedOption(2, "b")))
    assert mark_of(question) == mark_of(taken)
    changed = replace(question, options=(AskedOption(1, "a", 4, 1), AskedOption(2, "b")))
    assert len({mark_of(question), mark_of(changed), mark_of(replace(question, label="Dokąd?"))}) == 3
