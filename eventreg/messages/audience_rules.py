"""To whom of an event a message goes: an audience as it is chosen, kept, and read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

ANSWER_KINDS = ("one_of", "several_of", "yes_no")
"""Questions whose answers can be chosen; never access needs, which few people may see (duties.md 5)."""

MOST_PICKED = 5000


class AudienceKind(StrEnum):
    """How the recipients are chosen. All but `STATES` and `PICKED` mean people who are signed up."""

    ALL = "all"
    STATES = "states"
    ANSWER = "answer"
    CATEGORY = "category"
    ATTENDANCE = "attendance"
    PICKED = "picked"


class Attendance(StrEnum):
    """What was said about somebody's coming."""

    PRESENT = "present"
    ABSENT = "absent"
    UNSAID = "unsaid"


ATTENDED: Mapping[Attendance, bool | None] = {
    Attendance.PRESENT: True,
    Attendance.ABSENT: False,
    Attendance.UNSAID: None,
}
"""The value of `Registration.attended` for each."""


@dataclass(frozen=True, slots=True)
class Audience:
    """The recipients of a message. `values`: states, categories, one attendance, or one answer (see `Answer`);
    `ids` of registrations when they were picked."""

    kind: AudienceKind
    values: tuple[str, ...] = ()
    ids: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values for a JSON column."""
        return {"kind": self.kind.value, "values": list(self.values), "ids": list(self.ids)}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that can be chosen: an option of a question, or 'yes' or 'no' to a question."""

    option_id: int | None = None
    question_id: int | None = None
    says: str = ""

    @property
    def key(self) -> str:
        """'option-12', 'yes-3', 'no-3': as the form and the audience hold it."""
        return f"{self.says}-{self.question_id}" if self.says else f"option-{self.option_id}"


def read_answer(key: str) -> Answer | None:
    """The answer that a key names; None for anything else."""
    word, _, number = key.partition("-")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    if word == "option":
        return Answer(option_id=int(number))
    return Answer(question_id=int(number), says=word) if word in ("yes", "no") else None


def read_audience(stored: Mapping[str, Any]) -> Audience:
    """An audience as it was kept; ValueError, KeyError or TypeError for what this program did not write."""
    return Audience(
        AudienceKind(stored["kind"]),
        tuple(str(value) for value in stored["values"]),
        tuple(int(id_) for id_ in stored["ids"]),
    )


def read_ids(typed: Sequence[str]) -> tuple[int, ...]:
    """Ids from an address or a form ('3', '4,5'), each once, in order; what is no id is left out."""
    parts = [part.strip() for value in typed for part in value.split(",")]
    ids = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) <= 9]
    return tuple(dict.fromkeys(ids))[:MOST_PICKED]
