"""The ready-made questions and their two languages."""

from dataclasses import replace

import pytest

from eventreg.questions.editing_rules import problems_of, ready_made_draft
from eventreg.questions.question_rules import AskedOption, AskedQuestion
from eventreg.questions.ready_made_rules import READY_MADE, in_language, yes_or_no


def made(key: str, language: str) -> AskedQuestion:
    draft = ready_made_draft(key, language)
    options = tuple(AskedOption(number, option.label) for number, option in enumerate(draft.options))
    return AskedQuestion(1, draft.kind, draft.label, draft.hint, purpose=draft.purpose, ready_made=key, options=options)


def test_institution_is_offered_first() -> None:
    assert list(READY_MADE) == [
        "institution", "job_title", "voivodeship", "diet", "interpretation", "accommodation", "access_needs",
    ]  # fmt: skip


@pytest.mark.parametrize("key", READY_MADE)
@pytest.mark.parametrize("language", ["pl", "en"])
def test_each_is_complete_in_both_languages(key: str, language: str) -> None:
    draft = ready_made_draft(key, language)
    assert problems_of(draft) == ()
    assert not draft.required
    assert max(len(draft.label), *(len(option.label) for option in draft.options), 0) <= 200
    assert max(len(draft.hint), len(draft.purpose)) <= 300


def test_there_are_sixteen_voivodeships() -> None:
    assert len({option["pl"] for option in READY_MADE["voivodeship"].options}) == 16
    assert len({option["en"] for option in READY_MADE["voivodeship"].options}) == 16


@pytest.mark.parametrize("key", READY_MADE)
def test_the_readers_language_is_shown(key: str) -> None:
    shown = in_language(made(key, "pl"), "en")
    assert replace(shown, is_in_page_language=False) == made(key, "en")
    assert shown.is_in_page_language
    assert replace(in_language(made(key, "en"), "pl"), is_in_page_language=False) == made(key, "pl")


def test_words_of_the_organisers_own_stay() -> None:
    stored = replace(
        made("diet", "pl"), label="Obiad", options=(AskedOption(1, "koszerny"), AskedOption(2, "wegański"))
    )
    shown = in_language(stored, "en")
    assert shown.label == "Obiad"
    assert not shown.is_in_page_language
    assert [option.label for option in shown.options] == ["koszerny", "vegan"]


def test_yes_and_no() -> None:
    assert [yes_or_no(word, "pl") for word in ("yes", "no", "x")] == ["tak", "nie", "x"]
    assert yes_or_no("yes", "en") == "yes"
