"""The panel's forms about people: adding one, correcting a name, the cap per address, searching."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import BooleanField, IntegerField, SelectField, StringField, ValidationError

from eventreg.i18n import LANGUAGES
from eventreg.organisers.panel_forms import PanelForm
from eventreg.registrations.attendee_list_rules import LARGEST_CAP_PER_ADDRESS
from eventreg.registrations.name_rules import NameRefusal, check_name
from eventreg.registrations.sign_up_forms import PersonForm, name_refusal_words
from eventreg.registrations.sign_up_rules import SignUpRequest, Source


class AddPersonForm(PersonForm):
    """Somebody whom the organiser signs up."""

    language = SelectField(_l("Language of the mails"), choices=list(LANGUAGES.items()), default="pl")
    over_capacity = BooleanField(
        _l("Add this person even if all places are taken"),
        description=_l("More people than places will then be on the list."),
    )

    def to_request(self) -> SignUpRequest:
        """The sign-up, after validation."""
        return SignUpRequest(
            name=self.checked_name,
            email=self.checked_email,
            language=self.language.data,
            source=Source.PANEL,
            over_capacity=self.over_capacity.data,
        )


class CorrectNameForm(PanelForm):
    """How the person is called, and the surname by which the list is sorted."""

    name = StringField(_l("Name and surname"))
    surname = StringField(
        lazy_pgettext("column", "Surname"),
        description=_l("The list is sorted by it. It was guessed from the full name; please correct it if needed."),
    )

    checked_name = ""
    checked_surname = ""

    def validate_name(self, field: StringField) -> None:
        """WTForms calls it; raises ValidationError in the reader's language."""
        self.checked_name = _checked(field)

    def validate_surname(self, field: StringField) -> None:
        """The same rules; the surname alone."""
        if not (field.data or "").strip():
            raise ValidationError(_("Please give the surname."))
        self.checked_surname = _checked(field)


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


def _checked(field: StringField) -> str:
    result = check_name(field.data or "")
    if isinstance(result, NameRefusal):
        raise ValidationError(name_refusal_words(result))
    return result
