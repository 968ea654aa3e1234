"""The form for a message: subject, text, and to whom."""

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)

from eventreg.events.models import Event
from eventreg.messages.audience_rules import Audience, AudienceKind, read_audience, read_ids
from eventreg.messages.message_rules import check_subject, check_text
from eventreg.messages.message_words import (
    ATTENDANCE_WORDS,
    KIND_WORDS,
    answer_choices,
    subject_refusal_words,
    text_refusal_words,
)
from eventreg.messages.messaging import Wording
from eventreg.messages.models import EventMessage
from eventreg.messages.queries import ids_of_event
from eventreg.organisers.panel_forms import PanelForm, stripped
from eventreg.registrations import attendee_words
from eventreg.registrations.standing_rules import STATES


class MessageForm(PanelForm):
    """What to write, and to whom. Make it with `message_form`."""

    subject = StringField(_l("Subject"))
    text = TextAreaField(_l("Text"), filters=[stripped])
    audience = RadioField(_l("To whom"), default=AudienceKind.ALL.value, validate_choice=False)
    states = SelectMultipleField(
        _l("Which states"),
        choices=[(state, attendee_words.STATE_WORDS[state]) for state in STATES if state != "unconfirmed"],
        default=["confirmed"],
    )
    answer = SelectField(_l("Which answer"), validate_choice=False)
    categories = SelectMultipleField(_l("Which categories"), choices=list(attendee_words.CATEGORY_WORDS.items()))
    attendance = RadioField(
        _l("Which attendance"),
        choices=[(attendance.value, words) for attendance, words in ATTENDANCE_WORDS.items()],
        default="present",
        validate_choice=False,
    )
    picked = HiddenField()

    picked_ids: tuple[int, ...] = ()
    answers: Collection[str] = ()
    kinds: Collection[str] = ()

    def validate_subject(self, field: StringField) -> None:
        """One line with known placeholders (abuse 2, 5)."""
        refused = check_subject((field.data or "").strip(" "))
        if refused is not None:
            raise ValidationError(subject_refusal_words(refused))

    def validate_text(self, field: TextAreaField) -> None:
        """Known placeholders only (abuse 5)."""
        refused = check_text(field.data or "")
        if refused is not None:
            raise ValidationError(text_refusal_words(refused))

    def validate_audience(self, field: RadioField) -> None:
        """One of the kinds on offer, and what it needs."""
        if field.data not in self.kinds:
            raise ValidationError(_("Please choose to whom the message goes."))

    def validate_states(self, field: SelectMultipleField) -> None:
        """At least one, when the states decide."""
        if self.audience.data == AudienceKind.STATES and not field.data:
            raise ValidationError(_("Please tick at least one state."))

    def validate_categories(self, field: SelectMultipleField) -> None:
        """At least one, when the categories decide."""
        if self.audience.data == AudienceKind.CATEGORY and not field.data:
            raise ValidationError(_("Please tick at least one category."))

    def validate_answer(self, field: SelectField) -> None:
        """One on offer, when an answer decides."""
        if self.audience.data == AudienceKind.ANSWER and field.data not in self.answers:
            raise ValidationError(_("Please choose an answer."))

    def validate_attendance(self, field: RadioField) -> None:
        """One on offer, when attendance decides."""
        if self.audience.data == AudienceKind.ATTENDANCE and field.data not in list(ATTENDANCE_WORDS):
            raise ValidationError(_("Please choose an attendance."))

    def to_wording(self) -> Wording:
        """What was written, after validation."""
        kind = AudienceKind(self.audience.data)
        match kind:
            case AudienceKind.PICKED:
                audience = Audience(kind, ids=self.picked_ids)
            case AudienceKind.STATES:
                audience = Audience(kind, tuple(self.states.data or ()))
            case AudienceKind.CATEGORY:
                audience = Audience(kind, tuple(self.categories.data or ()))
            case AudienceKind.ANSWER:
                audience = Audience(kind, (self.answer.data,))
            case AudienceKind.ATTENDANCE:
                audience = Audience(kind, (self.attendance.data,))
            case AudienceKind.ALL:
                audience = Audience(kind)
        return Wording((self.subject.data or "").strip(" "), self.text.data or "", audience)


def message_form(
    event: Event,
    language: str,
    posted: object = None,
    message: EventMessage | None = None,
    picked: tuple[int, ...] = (),
) -> MessageForm:
    """The form for an event: what was posted, else a draft, else empty with the people picked from the list.

    Ids that are not registrations of this event are left out (abuse 28).
    """
    form = MessageForm(posted, data=_values_of(message, picked))
    form.picked_ids = ids_of_event(event.id, read_ids([form.picked.data or ""]))
    form.picked.data = ",".join(str(id_) for id_ in form.picked_ids)
    answers = answer_choices(event.id, language)
    form.answer.choices = answers
    form.answers = dict(answers)
    left_out = {AudienceKind.PICKED: not form.picked_ids, AudienceKind.ANSWER: not answers}
    form.audience.choices = [(kind.value, words) for kind, words in KIND_WORDS.items() if not left_out.get(kind)]
    form.kinds = [kind.value for kind in KIND_WORDS if not left_out.get(kind)]
    return form


def _values_of(message: EventMessage | None, picked: tuple[int, ...]) -> dict[str, object]:
    if message is None:
        ids = ",".join(str(id_) for id_ in picked)
        return {"audience": AudienceKind.PICKED.value, "picked": ids} if picked else {}
    audience = read_audience(message.audience)
    values: dict[str, object] = {"subject": message.subject, "text": message.body, "audience": audience.kind.value}
    match audience.kind:
        case AudienceKind.STATES:
            values["states"] = list(audience.values)
        case AudienceKind.CATEGORY:
            values["categories"] = list(audience.values)
        case AudienceKind.ANSWER:
            values["answer"] = audience.values[0]
        case AudienceKind.ATTENDANCE:
            values["attendance"] = audience.values[0]
        case AudienceKind.PICKED:
            values["picked"] = ",".join(str(id_) for id_ in audience.ids)
    return values
