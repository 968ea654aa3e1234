"""The form of the event page: name and e-mail, and what the organiser asks besides."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError

from eventreg.questions.answer_forms import AnswersForm, with_questions
from eventreg.questions.queries import live_questions
from eventreg.registrations.address_rules import AddressRefusal, check_address
from eventreg.registrations.name_rules import NameRefusal, check_name
from eventreg.registrations.sign_up_rules import SignUpRequest, Source


def name_refusal_words(refusal: NameRefusal) -> str:
    """What to tell the person who typed a name that cannot be kept."""
    return {
        NameRefusal.EMPTY: _("Please give the name and surname."),
        NameRefusal.TOO_SHORT: _("The name is too short. Please give the name and surname."),
        NameRefusal.TOO_LONG: _("The name is too long: at most 120 characters."),
        NameRefusal.NO_LETTER: _("Please give the name and surname in letters."),
        NameRefusal.UNSEEN_CHARACTERS: _(
            "The name contains characters that cannot be seen. Please type it again by hand."
        ),
        NameRefusal.LOOKS_LIKE_LINK: _("The name looks like the address of a page. Please give a name only."),
    }[refusal]


def address_refusal_words(refusal: AddressRefusal) -> str:
    """What to tell the person who typed an address that cannot be written to."""
    return {
        AddressRefusal.EMPTY: _("Please give the e-mail address."),
        AddressRefusal.TOO_LONG: _("The e-mail address is too long."),
        AddressRefusal.FOREIGN_LETTERS: _(
            "The e-mail address contains letters that addresses do not have, such as ą or a Cyrillic а."
        ),
        AddressRefusal.NOT_AN_ADDRESS: _("Please check the e-mail address. It should look like name@office.example."),
    }[refusal]


def read_name(field: StringField) -> str:
    """The tidied name in a field; raises ValidationError in the reader's language."""
    result = check_name(field.data or "")
    if isinstance(result, NameRefusal):
        raise ValidationError(name_refusal_words(result))
    return result


class NameCheck:
    """For forms with the field `name`: `checked_name` holds what the rules gave."""

    checked_name = ""

    def validate_name(self, field: StringField) -> None:
        """WTForms calls it; raises ValidationError in the reader's language."""
        self.checked_name = read_name(field)


class AddressCheck:
    """For forms with the field `email`: `checked_email` holds what the rules gave."""

    checked_email = ""

    def validate_email(self, field: StringField) -> None:
        """WTForms calls it; raises ValidationError in the reader's language."""
        result = check_address(field.data or "")
        if isinstance(result, AddressRefusal):
            raise ValidationError(address_refusal_words(result))
        self.checked_email = result


class TrapCheck:
    """For forms with the trap `website`, which people neither see nor hear (abuse 18)."""

    def validate_website(self, field: StringField) -> None:
        """An honest person whose browser filled it in is told so; nobody is dropped silently."""
        if field.data:
            raise ValidationError(_("Please leave the hidden field empty and send the form again."))


class PersonForm(NameCheck, AddressCheck, FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Name and e-mail, checked by the rules; `checked_name` and `checked_email` hold what they gave."""

    class Meta(AnswersForm.Meta):
        """No token."""

    name = StringField(_l("Name and surname"))
    email = StringField(_l("E-mail address"))


class SignUpForm(TrapCheck, PersonForm, AnswersForm):
    """The public form; `sign_up_form_of` gives an event's.

    `website` is a trap that people neither see nor hear (abuse 18).
    """

    website = StringField(_l("Please leave this field empty"))

    def to_request(self, language: str) -> SignUpRequest:
        """The sign-up, after validation."""
        return SignUpRequest(
            name=self.checked_name,
            email=self.checked_email,
            language=language,
            source=Source.WEB,
            answers=self.given_answers(),
        )


def sign_up_form_of(event_id: int, language: str) -> type[SignUpForm]:
    """The form of an event's page, with the fields for its questions; words in `language`."""
    return with_questions(SignUpForm, live_questions(event_id), language)
