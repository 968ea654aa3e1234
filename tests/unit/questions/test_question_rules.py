"""What an answer must look like."""

import pytest

from eventreg.questions.question_rules import (
    LONG_LENGTH,
    SHORT_LENGTH,
    AnswerRefusal,
    AskedOption,
    AskedQuestion,
    GivenAnswer,
    ShownAnswer,
    check_answer,
    full_labels,
    tidy_text,
)

BUS = AskedOption(1, "autokar", places=2, taken=2)
TRAIN = AskedOption(2, "pociąg", places=2, taken=1)
CAR = AskedOption(3, "samochód")
GONE = AskedOption(4, "statek", is_removed=True)


def question(kind: str, *, required: bool = False) -> AskedQuestion:
    return AskedQuestion(7, kind, "Pytanie", required=required, options=(BUS, TRAIN, CAR, GONE))


@pytest.mark.parametrize(
    ("kind", "longest"), [("short_text", SHORT_LENGTH), ("institution", SHORT_LENGTH), ("long_text", LONG_LENGTH)]
)
def test_texts_have_a_length(kind: str, longest: int) -> None:
    assert check_answer(question(kind), "x" * longest, ()) == GivenAnswer(7, "x" * longest)
    assert check_answer(question(kind), "x" * (longest + 1), ()) is AnswerRefusal.TOO_LONG


def test_what_is_optional_may_stay_open_and_what_is_required_may_not() -> None:
    for kind in ("short_text", "long_text", "one_of", "several_of", "yes_no", "institution"):
        assert check_answer(question(kind), "", ()) == GivenAnswer(7)
        assert check_answer(question(kind, required=True), "", ()) is AnswerRefusal.MISSING
    assert check_answer(question("short_text", required=True), " \t", ()) is AnswerRefusal.MISSING


def test_yes_and_no_are_the_only_words() -> None:
    assert check_answer(question("yes_no"), "yes", ()) == GivenAnswer(7, "yes")
    assert check_answer(question("yes_no"), "maybe", ()) is AnswerRefusal.NO_SUCH_OPTION


def test_one_of_takes_one_and_several_of_many() -> None:
    assert check_answer(question("one_of"), "", [2]) == GivenAnswer(7, option_ids=(2,))
    assert check_answer(question("one_of"), "", [2, 2]) == GivenAnswer(7, option_ids=(2,))
    assert check_answer(question("one_of"), "", [2, 3]) is AnswerRefusal.ONE_ONLY
    assert check_answer(question("several_of"), "", [3, 2]) == GivenAnswer(7, option_ids=(3, 2))


@pytest.mark.parametrize("forged", [0, -1, 4, 99])
def test_abuse_33_an_option_that_is_not_offered(forged: int) -> None:
    assert check_answer(question("several_of"), "", [2, forged]) is AnswerRefusal.NO_SUCH_OPTION


def test_a_full_option_is_refused_but_to_the_one_who_has_it() -> None:
    assert check_answer(question("several_of"), "", [1]) is AnswerRefusal.FULL
    assert check_answer(question("several_of"), "", [1, 4], mine=[1, 4]) == GivenAnswer(7, option_ids=(1, 4))


def test_each_kind_reads_its_own_of_text_and_options() -> None:
    assert check_answer(question("one_of"), "anything", [3]) == GivenAnswer(7, option_ids=(3,))
    assert check_answer(question("short_text"), "tekst", [3]) == GivenAnswer(7, "tekst")


def test_text_is_tidied_and_keeps_its_lines() -> None:
    assert tidy_text(" a\r\nb\u200b\x00\rc ") == "a\nb\nc"


def test_labels_of_what_is_full() -> None:
    assert full_labels([BUS, TRAIN, CAR]) == ("autokar",)
    assert full_labels([AskedOption(1, "x", places=2, taken=3)]) == ("x",)


def test_several_values_read_in_one_line() -> None:
    assert ShownAnswer(1, "several_of", "Posiłek", ("a", "b")).words == "a; b"
