"""The organiser's form for one question, with its options on numbered lines."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, ValidationError

from eventreg.organisers.panel_forms import PanelForm, length, stripped
from eventreg.questions.editing_rules import (
    MOST_OPTIONS,
    DraftProblem,
    OptionDraft,
    QuestionDraft,
    has_choices,
    mark_of,
    problems_of,
)
from eventreg.questions.question_rules import AskedQuestion
from eventreg.questions.question_words import DRAFT_PROBLEM_WORDS

MOST_PLACES = 100_000
SPARE_LINES = 4
"""Empty lines for options below those that are filled in."""


def one_line(value: object) -> str:
    """Text in one line, without what pasting leaves."""
    return " ".join(stripped(value).split())


class ReadyMadeForm(PanelForm):
    """Ready-made questions to tick."""

    keys = SelectMultipleField(_l("Ready-made questions"), validate_choice=False)


class QuestionForm(PanelForm):
    """One question. Options: fields `label0`, `places0`, `option0` (the stored option's id) and so on."""

    label = StringField(_l("Question"), filters=[one_line], validators=[length(200)])
    hint = StringField(_l("Hint"), filters=[one_line], validators=[length(300)])
    purpose = StringField(_l("What the answer is for"), filters=[one_line], validators=[length(300)])
    required = BooleanField(_l("An answer is needed to sign up"))
    required_purpose = StringField(_l("Why an answer is needed"), filters=[one_line], validators=[length(300)])
    mark = HiddenField()

    kind = ""
    ready_made = ""
    draft: QuestionDraft

    def lines(self) -> list[tuple[Any, Any, Any]]:
        """The option lines to show: (label, places, stored id), those filled in and a few empty ones."""
        every = [(self[f"label{i}"], self[f"places{i}"], self[f"option{i}"]) for i in range(MOST_OPTIONS)]
        used = max((i for i, line in enumerate(every, start=1) if line[0].data or line[1].data), default=0)
        return every[: max(used + SPARE_LINES, SPARE_LINES)]

    def validate(self, extra_validators: Any = None) -> bool:
        """As WTForms does, and by editing_rules.problems_of; `draft` is the question afterwards."""
        if not super().validate(extra_validators):
            return False
        self.draft = self._read()
        for problem in problems_of(self.draft):
            field = self[_FIELD_OF[problem]]
            field.errors = [*field.errors, str(DRAFT_PROBLEM_WORDS[problem])]
        return not self.errors

    def _read(self) -> QuestionDraft:
        return QuestionDraft(
            kind=self.kind,
            label=self.label.data or "",
            purpose=(self.purpose.data or "").removesuffix("."),
            hint=self.hint.data or "",
            required=bool(self.required.data),
            required_purpose=(self.required_purpose.data or "").removesuffix("."),
            ready_made=self.ready_made,
            options=tuple(self._options()) if has_choices(self.kind) else (),
        )

    def _options(self) -> list[OptionDraft]:
        lines = [
            (self[f"label{i}"].data, self[f"places{i}"].data, self[f"option{i}"].data) for i in range(MOST_OPTIONS)
        ]
        return [
            OptionDraft(label, int(places) if places else None, _stored_id(stored))
            for label, places, stored in lines
            if label
        ]


_FIELD_OF = {
    DraftProblem.NO_LABEL: "label",
    DraftProblem.NO_PURPOSE: "purpose",
    DraftProblem.NO_REQUIRED_PURPOSE: "required_purpose",
    DraftProblem.TOO_FEW_OPTIONS: "label0",
    DraftProblem.SAME_OPTION_TWICE: "label0",
    DraftProblem.NEVER_REQUIRED: "required",
}


def _places(form: QuestionForm, field: StringField) -> None:
    """Empty, or a whole number of places."""
    typed = field.data or ""
    if not typed:
        return
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 6 and 1 <= int(typed) <= MOST_PLACES):
        raise ValidationError(_("Please give the limit as a whole number from 1 to 100000, or leave it empty."))


def _stored_id(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 18 else None


for _number in range(MOST_OPTIONS):
    setattr(
        QuestionForm,
        f"label{_number}",
        StringField(_l("Option"), filters=[one_line], validators=[length(200)]),
    )
    setattr(QuestionForm, f"places{_number}", StringField(_l("Limit"), filters=[one_line], validators=[_places]))
    setattr(QuestionForm, f"option{_number}", HiddenField())


def form_for_kind(kind: str, ready_made: str = "", formdata: Any = None) -> QuestionForm:
    """The form for a question of this kind: empty, or as it was sent."""
    form = QuestionForm(formdata)
    form.kind, form.ready_made = kind, ready_made
    return form


def form_of_question(question: AskedQuestion) -> QuestionForm:
    """The form with the question in it."""
    values: dict[str, Any] = {
        "label": question.label,
        "hint": question.hint,
        "purpose": question.purpose,
        "required": question.required,
        "required_purpose": question.required_purpose,
        "mark": mark_of(question),
    }
    for number, option in enumerate([option for option in question.options if not option.is_removed]):
        values |= {f"label{number}": option.label, f"places{number}": option.places, f"option{number}": str(option.id)}
    form = QuestionForm(formdata=None, data=values)
    form.kind, form.ready_made = question.kind, question.ready_made
    return form
