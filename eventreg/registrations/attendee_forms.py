"""The panel's forms about people: adding one, correcting, noting, deciding, moving, the cap per address."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField, ValidationError

from eventreg.i18n import LANGUAGES
from eventreg.organisers.panel_forms import PanelForm, length, stripped
from eventreg.registrations.attendee_list_rules import (
    CATEGORIES,
    CHANNELS,
    LARGEST_CAP_PER_ADDRESS,
    LONGEST_CASE_NUMBER,
    LONGEST_NOTE,
    LONGEST_REASON,
    LONGEST_TITLE,
)
from eventreg.registrations.attendee_words import CATEGORY_WORDS, CHANNEL_WORDS
from eventreg.registrations.correcting import OfficeDetails
from eventreg.registrations.sign_up_forms import AddressCheck, PersonForm, read_name
from eventreg.registrations.sign_up_rules import SignUpRequest, Source


class OfficeFields(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """What the organiser says of a person besides her name."""

    academic_title = StringField(
        _l("Academic title"),
        description=_l("For example: dr hab. It stands before the name on the attendance sheet."),
        filters=[stripped],
        validators=[length(LONGEST_TITLE)],
    )
    category = SelectField(
        lazy_pgettext("column", "Category"),
        choices=[(category, CATEGORY_WORDS[category]) for category in CATEGORIES],
        default="participant",
    )
    channel = SelectField(
        _l("How the registration came"),
        choices=[(channel, CHANNEL_WORDS[channel]) for channel in ("", *CHANNELS)],
        default="",
    )
    case_number = StringField(
        _l("Case number"),
        description=_l("Of the letter in the office's register."),
        filters=[stripped],
        validators=[length(LONGEST_CASE_NUMBER)],
    )

    def office_details(self) -> OfficeDetails:
        """What was typed, after validation."""
        return OfficeDetails(
            academic_title=self.academic_title.data or "",
            category=self.category.data,
            channel=self.channel.data,
            case_number=self.case_number.data or "",
        )


class NoteField(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """The office's own words about a person."""

    note = TextAreaField(
        _l("Note of the office"),
        description=_l(
            "The organiser's people see it in the panel. It stands in no mail, but belongs to the data a person may ask"
            " for (RODO art. 15)."
        ),
        filters=[stripped],
        validators=[length(LONGEST_NOTE)],
    )


class AddPersonForm(PersonForm, OfficeFields, NoteField):
    """Somebody whom the organiser signs up."""

    language = SelectField(_l("Language of the mails"), choices=list(LANGUAGES.items()), default="pl")
    over_capacity = BooleanField(
        _l("Add this person even if all places are taken"),
        description=_l("More people than places will then be on the list."),
    )
    to_waiting_list = BooleanField(
        _l("To the waiting list if there is no place"),
        description=_l("The person comes to the end of the line."),
    )
    tell = BooleanField(
        _l("Send a mail to this person"),
        description=_l("With a place: the confirmation with an invitation to the calendar."),
        default=True,
    )

    def to_request(self) -> SignUpRequest:
        """The sign-up, after validation."""
        office = self.office_details()
        return SignUpRequest(
            name=self.checked_name,
            email=self.checked_email,
            language=self.language.data,
            source=Source.PANEL,
            over_capacity=self.over_capacity.data,
            to_waiting_list=self.to_waiting_list.data,
            tell=self.tell.data,
            category=office.category,
            academic_title=office.academic_title,
            channel=office.channel,
            case_number=office.case_number,
            note=self.note.data or "",
        )


class CorrectNameForm(OfficeFields, PanelForm):
    """How the person is called, the surname by which the list is sorted, and the office's details."""

    name = StringField(_l("Name and surname"))
    surname = StringField(
        lazy_pgettext("column", "Surname"),
        description=_l("The list is sorted by it. It was guessed from the full name; please correct it if needed."),
    )

    checked_name = ""
    checked_surname = ""

    def validate_name(self, field: StringField) -> None:
        """WTForms calls it; raises ValidationError in the reader's language."""
        self.checked_name = read_name(field)

    def validate_surname(self, field: StringField) -> None:
        """The same rules; the surname alone."""
        if not (field.data or "").strip():
            raise ValidationError(_("Please give the surname."))
        self.checked_surname = read_name(field)


class AddressForm(AddressCheck, PanelForm):
    """Another address for a person."""

    email = StringField(_l("New e-mail address"), filters=[stripped])


class NoteForm(NoteField, PanelForm):
    """The office's note alone."""


class ReasonForm(PanelForm):
    """Why a registration is cancelled or not admitted; the person reads it."""

    reason = TextAreaField(
        _l("What to tell the person"),
        description=_l("It stands in the mail. Leave it empty to give no reason."),
        filters=[stripped],
        validators=[length(LONGEST_REASON)],
    )


class PromoteForm(PanelForm):
    """A place for somebody in line."""

    over_capacity = BooleanField(
        _l("Give a place although all are taken"),
        description=_l("More people than places will then be on the list."),
    )


class MoveForm(PanelForm):
    """Another event of the same organiser."""

    target = SelectField(_l("Move to"), coerce=int, validate_choice=True)

    def offer(self, events: Sequence[tuple[int, str]]) -> None:
        """The events to choose from, as (id, words)."""
        self.target.choices = list(events)


class CapForm(PanelForm):
    """How many people one address may sign up."""

    cap = IntegerField(
        _l("People per e-mail address"),
        description=_l("An office's shared mailbox may need more. Nobody who is on the list loses a place."),
    )

    def validate_cap(self, field: IntegerField) -> None:
        """Between 1 and the largest cap; replaces WTForms' own words for something that is no number."""
        if field.data is None or not 1 <= field.data <= LARGEST_CAP_PER_ADDRESS:
            field.errors = []  # without WTForms' own words
            raise ValidationError(_("Please give a number between 1 and %(largest)d.", largest=LARGEST_CAP_PER_ADDRESS))
