"""The columns of an exported list that come from the event's questions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from flask_babel import gettext as _

from eventreg.exports.attendee_table import AttendeeRow
from eventreg.questions import queries
from eventreg.questions.question_rules import AskedQuestion
from eventreg.questions.ready_made_rules import in_language

ANSWER_WIDTH = 28
"""In characters."""

ROWS_AT_ONCE = 500
"""For so many people the answers are read together, so that memory does not grow with the list."""


def answer_columns(event_id: int, language: str, *, access_needs: bool) -> list[AskedQuestion]:
    """One question a column: those on the form, then those taken off it, whose answers stay (duties.md 5: access needs
    only when asked for)."""
    asked = [in_language(question, language) for question in queries.all_questions(event_id)]
    asked = [question for question in asked if access_needs or question.kind != "access_needs"]
    return sorted(asked, key=lambda question: question.is_removed)


def answer_headings(columns: Sequence[AskedQuestion]) -> list[str]:
    """Their headings, in the language the questions are in."""
    return [
        _("%(question)s (no longer asked)", question=question.label) if question.is_removed else question.label
        for question in columns
    ]


def with_answers(
    rows: Iterable[AttendeeRow], columns: Sequence[AskedQuestion], language: str, *, access_needs: bool
) -> Iterator[AttendeeRow]:
    """The rows with the answers of each person, one text for each column."""
    remaining = iter(rows)
    while chunk := list(islice(remaining, ROWS_AT_ONCE)):
        known = (
            queries.answers_by_registration([row.id for row in chunk], language, access_needs=access_needs)
            if columns
            else {}
        )
        for row in chunk:
            words = {answer.question_id: answer.words for answer in known.get(row.id, [])}
            yield replace(row, answers=tuple(words.get(question.id, "") for question in columns))
