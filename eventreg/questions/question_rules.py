"""Questions and answers as plain values, and what an answer must look like."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """One person's answer to one question: a text ('yes' or 'no' for yes/no), or the ids of the chosen options."""

    question_id: int
    text: str = ""
    option_ids: tuple[int, ...] = ()
