"""To whom a message goes: kept and read back."""

import pytest

from eventreg.messages.audience_rules import (
    Answer,
    Audience,
    AudienceKind,
    read_answer,
    read_audience,
    read_ids,
)


@pytest.mark.parametrize(
    "audience",
    [
        Audience(AudienceKind.ALL),
        Audience(AudienceKind.STATES, ("confirmed", "waitlisted")),
        Audience(AudienceKind.ANSWER, ("option-12",)),
        Audience(AudienceKind.PICKED, ids=(3, 1)),
    ],
)
def test_an_audience_is_read_back_as_it_was_kept(audience: Audience) -> None:
    assert read_audience(audience.to_json()) == audience


@pytest.mark.parametrize("stored", [{}, {"kind": "everyone", "values": [], "ids": []}, {"kind": "all"}])
def test_what_this_program_did_not_write_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises((KeyError, ValueError)):
        read_audience(stored)


@pytest.mark.parametrize("answer", [Answer(option_id=12), Answer(question_id=3, says="yes")])
def test_an_answer_has_a_key(answer: Answer) -> None:
    assert read_answer(answer.key) == answer


@pytest.mark.parametrize("key", ["", "option-", "option-x", "maybe-3", "12", "option-" + "9" * 10, "option-١"])
def test_anything_else_is_no_answer(key: str) -> None:
    assert read_answer(key) is None


def test_ids_are_read_from_addresses_and_forms() -> None:
    assert read_ids(["3", "1,3, 7", "x", "-2", "", "9" * 10, "²"]) == (3, 1, 7)
