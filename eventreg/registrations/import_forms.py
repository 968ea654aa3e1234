"""The forms of an import: the file, what its columns hold, what is to happen."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, ValidationError
from wtforms.validators import AnyOf

from eventreg.events.models import Event
from eventreg.i18n import LANGUAGES
from eventreg.organisers.panel_forms import PanelForm
from eventreg.questions.question_rules import AnswerRefusal, AskedQuestion
from eventreg.registrations import import_words
from eventreg.registrations.address_rules import AddressRefusal
from eventreg.registrations.import_columns_rules import (
    Columns,
    ColumnShown,
    Role,
    column_faults,
    role_of_question,
)
from eventreg.registrations.import_judging_rules import Reason
from eventreg.registrations.importing import ImportWish, WithoutPlaces
from eventreg.registrations.name_rules import NameRefusal
from eventreg.registrations.sign_up_forms import address_refusal_words, name_refusal_words

_HEADINGS, _PERSON = "headings", "person"


class UploadForm(PanelForm):
    """The file with the list. What it holds is told by the rules of reading, not by its name."""

    list_file = FileField(_l("File with the list"))

    def validate_list_file(self, field: FileField) -> None:
        """WTForms calls it; raises ValidationError when no file was chosen."""
        if field.data is None or not field.data.filename:
            raise ValidationError(_("Please choose a file."))


class ColumnsForm(PanelForm):
    """What the columns hold; `columns_form` adds a field for each of them. Sent by GET: nothing changes by it."""

    first_row = RadioField(
        _l("First row of the file"),
        choices=[(_HEADINGS, _l("Headings of the columns")), (_PERSON, _l("A person"))],
    )

    columns: Columns

    def roles(self) -> tuple[str, ...]:
        """What was chosen, column by column."""
        return tuple(field.data or "" for field in self if field.name != "first_row")

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, then what they say together; leaves the result in `columns`."""
        if not super().validate(extra_validators):
            return False
        self.columns = Columns(self.roles(), self.first_row.data == _HEADINGS)
        faults = column_faults(self.columns.roles)
        for place, fault in faults.items():
            words = str(import_words.COLUMN_FAULT_WORDS[fault])
            if place < 0:
                self.form_errors.append(words)
            else:
                self[column_name(place)].errors = [words]
        return not faults


def column_name(place: int) -> str:
    """The field of a column, counted from 0."""
    return f"c{place}"


def columns_form(
    shown: Sequence[ColumnShown], questions: Sequence[AskedQuestion], data: Columns, formdata: Any = None
) -> ColumnsForm:
    """The form for a list with these columns; `data` is what stands in it until somebody chooses."""
    choices = [(str(role), words) for role, words in import_words.ROLE_WORDS.items() if role is not Role.IGNORE]
    choices += [(role_of_question(question), question.label) for question in questions]
    choices.insert(0, ("", import_words.ROLE_WORDS[Role.IGNORE]))
    fields: dict[str, Any] = {
        column_name(place): SelectField(_label(place, column), description="; ".join(column.samples), choices=choices)
        for place, column in enumerate(shown)
    }
    kept: Mapping[str, Any] = {column_name(place): role for place, role in enumerate(data.roles)}
    first_row = _HEADINGS if data.has_headings else _PERSON
    form = type("ColumnsOfThisList", (ColumnsForm,), fields)(formdata, first_row=first_row, **kept)
    assert isinstance(form, ColumnsForm)
    return form


def columns_as_fields(columns: Columns) -> dict[str, str]:
    """The choice as fields of an address or a form, to carry it from page to page."""
    fields = {column_name(place): role for place, role in enumerate(columns.roles)}
    return {"first_row": _HEADINGS if columns.has_headings else _PERSON, **fields}


class ImportForm(PanelForm):
    """The decision at the preview."""

    tell = RadioField(
        _l("Invitations"),
        choices=[
            ("yes", _l("Send everybody a mail with the confirmation and the invitation to the calendar")),
            ("no", _l("Send no mails")),
        ],
        default="yes",
    )
    language = SelectField(_l("Language of the mails"), choices=list(LANGUAGES.items()))
    without_places = RadioField(_l("If there are not enough places"), default=WithoutPlaces.REFUSE.value)
    leave_out_wrong = BooleanField(_l("Leave out the rows that are to be corrected"))

    def __init__(self, formdata: Any, event: Event) -> None:
        super().__init__(formdata, language=event.language)
        refuse = (WithoutPlaces.REFUSE.value, _l("Add nobody"))
        line = (WithoutPlaces.WAITING_LIST.value, _l("Put those without a place on the waiting list"))
        over = (WithoutPlaces.OVER_CAPACITY.value, _l("Add everybody, also beyond the number of places"))
        self.without_places.choices = [refuse, over] if event.waiting_list == "off" else [refuse, line, over]
        self.without_places.validators = [AnyOf([choice[0] for choice in self.without_places.choices])]

    def to_wish(self, columns: Columns) -> ImportWish:
        """The decision, after validation."""
        return ImportWish(
            columns=columns,
            language=self.language.data,
            tell=self.tell.data == "yes",
            leave_out_wrong=self.leave_out_wrong.data,
            without_places=WithoutPlaces(self.without_places.data),
        )


def reason_words(reason: Reason) -> str:
    """Why a row of the list is not good."""
    kind = reason.kind
    if isinstance(kind, NameRefusal):
        return _("There is no name.") if kind is NameRefusal.EMPTY else name_refusal_words(kind)
    if isinstance(kind, AddressRefusal):
        return _("There is no e-mail address.") if kind is AddressRefusal.EMPTY else address_refusal_words(kind)
    if isinstance(kind, AnswerRefusal):
        return import_words.answer_words(kind, reason.label)
    return import_words.fault_words(kind, reason.row)


def _label(place: int, column: ColumnShown) -> str:
    number = _("Column %(number)d", number=place + 1)
    return f"{number}: {column.heading}" if column.heading else number


TELL_HINTS = {
    "no": lazy_pgettext(
        "import", "You then inform these people yourself that their data are kept, within a month (RODO, art. 14)."
    )
}
