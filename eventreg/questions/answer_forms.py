"""The fields for an event's questions on a sign-up form, and the form with which a person corrects her answers.

Each question is a field `q<id>`; what it must look like is said by question_rules.check_answer.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectFieldBase

from eventreg.questions import queries
from eventreg.questions.question_rules import (
    CHOICE_KINDS,
    NO,
    TEXT_LENGTHS,
    YES,
    AnswerRefusal,
    AskedQuestion,
    GivenAnswer,
    ShownAnswer,
    check_answer,
)
from eventreg.questions.ready_made_rules import in_language, yes_or_no

MOST_RADIOS = 7
"""More to choose from than this is a list that opens."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One radio button, tick box or line of a list."""

    value: str
    label: str
    is_chosen: bool
    is_full: bool  # it cannot be chosen: nobody more finds a place


class AnswersForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """A form with the questions of an event in it; make one with `with_questions`."""

    class Meta:
        """No token: visitors have no session; http_headers refuses cross-site posts."""

        csrf = False

    questions: tuple[AskedQuestion, ...] = ()
    mine: frozenset[int] = frozenset()

    def asked(self) -> list[tuple[AskedQuestion, Field]]:
        """Each question with its field, in order, for the template."""
        return [(question, self[f"q{question.id}"]) for question in self.questions]

    def choices(self, question: AskedQuestion, field: SelectFieldBase) -> list[Choice]:
        """What there is to choose, for the template. What is full is never chosen: it would not be sent."""
        full = {str(option.id) for option in question.options if option.is_full and option.id not in self.mine}
        return [
            Choice(value, label, is_chosen and value not in full, value in full)
            for value, label, is_chosen, *_more in field.iter_choices()
        ]

    def given_answers(self) -> tuple[GivenAnswer, ...]:
        """One answer to each question, an empty one where nothing was said. After validation."""
        checked = [_checked(question, field, self.mine) for question, field in self.asked()]
        return tuple(answer for answer in checked if isinstance(answer, GivenAnswer))

    def refuse_full(self, event_id: int, labels: Sequence[str] = ()) -> None:
        """Say at the fields what got full between opening the form and sending it; everything typed stays.

        `labels` are told above the form when the fields cannot tell any more, since a place has got free again.
        """
        fresh = {question.id: question for question in queries.live_questions(event_id)}
        self.questions = tuple(
            _with_fresh_options(question, fresh[question.id]) if question.id in fresh else question
            for question in self.questions
        )
        found = False
        for question, field in self.asked():
            if _checked(question, field, self.mine) is AnswerRefusal.FULL:
                field.errors = [_refusal_words(AnswerRefusal.FULL, question, field, self.mine)]
                found = True
        if not found:
            self.form_errors = [_full_words(labels)]


FormClass = TypeVar("FormClass", bound=AnswersForm)


def with_questions(
    form_class: type[FormClass], questions: Sequence[AskedQuestion], language: str, mine: Collection[int] = ()
) -> type[FormClass]:
    """A form class with one more field for each question, worded in `language` where the words are ready-made.

    `mine` are the options that the person holds already: they stay hers when they are full.
    """
    if not questions:
        return form_class
    asked = tuple(in_language(question, language) for question in questions)
    fields: dict[str, Any] = {f"q{question.id}": _field(question, language) for question in asked}
    return type(form_class.__name__, (form_class,), {**fields, "questions": asked, "mine": frozenset(mine)})


def typed_values(answers: Sequence[ShownAnswer]) -> dict[str, Any]:
    """What stands in the fields when the form is opened with the answers given before: `Form(data=...)`."""
    return {f"q{answer.question_id}": _typed(answer) for answer in answers}


def correction_form(
    registration_id: int,
    event_id: int,
    language: str,
    formdata: Any = None,
    *,
    access_needs: bool = True,
    all_optional: bool = False,
) -> AnswersForm:
    """The form with which a person corrects her answers: as they are, or as it was sent (`formdata`).

    It asks what the event's form asks now; an option she holds stays choosable, be it full or taken off meanwhile.
    `access_needs=False`: without that question, for everybody but the person and owners (duties.md 5).
    `all_optional`: for the organiser, who writes down what she was told and no more. After validation give
    `given_answers()` to correcting_answers.correct_answers.
    """
    mine = set(queries.chosen_options(registration_id))
    asked = [
        replace(
            question,
            options=tuple(o for o in question.options if not o.is_removed or o.id in mine),
            required=question.required and not all_optional,
        )
        for question in queries.all_questions(event_id)
        if not question.is_removed and (access_needs or question.kind != "access_needs")
    ]
    answers = queries.answers_of(registration_id, language, access_needs=access_needs)
    form_class = with_questions(AnswersForm, asked, language, mine)
    return form_class(formdata, data=typed_values(answers) if formdata is None else {})


def _typed(answer: ShownAnswer) -> str | list[str]:
    if answer.kind == "several_of":
        return [str(id_) for id_ in answer.option_ids]
    return str(answer.option_ids[0]) if answer.option_ids else answer.text


def _field(question: AskedQuestion, language: str) -> Any:
    validators = [_check]
    if question.kind in ("short_text", "institution"):
        return StringField(question.label, validators)
    if question.kind not in (*CHOICE_KINDS, "yes_no"):
        return TextAreaField(question.label, validators)
    choices = [(str(option.id), option.label) for option in question.options]
    if question.kind == "several_of":
        return SelectMultipleField(question.label, validators, choices=choices, validate_choice=False)
    if question.kind == "yes_no":
        choices = [(key, yes_or_no(key, language)) for key in (YES, NO)]
    none = [] if question.required else [("", _("No answer"))]
    if len(choices) <= MOST_RADIOS:
        return RadioField(question.label, validators, choices=choices + none, validate_choice=False)
    first = none or [("", _("Please choose"))]
    return SelectField(question.label, validators, choices=first + choices, validate_choice=False)


def _check(form: AnswersForm, field: Field) -> None:
    question = next(question for question in form.questions if f"q{question.id}" == field.short_name)
    result = _checked(question, field, form.mine)
    if isinstance(result, AnswerRefusal):
        raise ValidationError(_refusal_words(result, question, field, form.mine))


def _checked(question: AskedQuestion, field: Field, mine: Collection[int]) -> GivenAnswer | AnswerRefusal:
    if question.kind in CHOICE_KINDS:
        values = field.raw_data if field.raw_data is not None else field.data
        return check_answer(question, "", _option_ids(values), mine)
    return check_answer(question, field.data or "", (), mine)


def _option_ids(values: Any) -> list[int]:
    """What was sent as ids; what is none becomes 0, which no option has."""
    sent = [values] if isinstance(values, str) else values or []
    return [int(value) if value.isascii() and value.isdigit() and len(value) < 18 else 0 for value in sent if value]


def _refusal_words(refusal: AnswerRefusal, question: AskedQuestion, field: Field, mine: Collection[int]) -> str:
    if refusal is AnswerRefusal.FULL:
        chosen = _option_ids(field.raw_data)
        return _full_words([o.label for o in question.options if o.id in chosen and o.is_full and o.id not in mine])
    if refusal is AnswerRefusal.TOO_LONG:
        return _("Please shorten the answer: at most %(most)d characters.", most=TEXT_LENGTHS[question.kind])
    if refusal is AnswerRefusal.MISSING:
        if question.kind in (*CHOICE_KINDS, "yes_no"):
            return _("Please choose an answer: %(question)s", question=question.label)
        return _("Please fill in: %(question)s", question=question.label)
    return {
        AnswerRefusal.NO_SUCH_OPTION: _("The organiser has changed this question. Please choose again."),
        AnswerRefusal.ONE_ONLY: _("Please choose one answer only."),
    }[refusal]


def _full_words(labels: Sequence[str]) -> str:
    return _("No places are left here: %(options)s. Please choose something else.", options=", ".join(labels))


def _with_fresh_options(question: AskedQuestion, fresh: AskedQuestion) -> AskedQuestion:
    taken = {option.id: (option.places, option.taken) for option in fresh.options}
    options = (
        replace(option, places=taken[option.id][0], taken=taken[option.id][1]) if option.id in taken else option
        for option in question.options
    )
    return replace(question, options=tuple(options))
