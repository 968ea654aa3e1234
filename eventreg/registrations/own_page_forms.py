"""The forms of a person's own pages, and the one for lost links."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError

from eventreg.registrations.address_rules import AddressRefusal, check_address
from eventreg.registrations.name_rules import NameRefusal, check_name
from eventreg.registrations.sign_up_forms import PersonForm, address_refusal_words, name_refusal_words
from eventreg.registrations.substitution import Substitute


class SubstituteForm(PersonForm):
    """Who comes instead."""

    def to_substitute(self, language: str) -> Substitute:
        """The person, after validation; her mails speak `language`."""
        return Substitute(self.checked_name, self.checked_email, language)


class OwnNameForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """One's own name; the answers stand in a form of their own (questions.answer_forms.correction_form)."""

    class Meta:
        """No token: visitors have no session; http_headers refuses cross-site posts."""

        csrf = False

    name = StringField(_l("Name and surname"))

    checked_name = ""

    def validate_name(self, field: StringField) -> None:
        """WTForms calls it; raises ValidationError in the reader's language."""
        result = check_name(field.data or "")
        if isinstance(result, NameRefusal):
            raise ValidationError(name_refusal_words(result))
        self.checked_name = result


class NewAddressForm(FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Another address for a registration."""

    class Meta:
        """No token: visitors have no session; http_headers refuses cross-site posts."""

        csrf = False

    email = StringField(_l("New e-mail address"))

    checked_email = ""

    def validate_email(self, field: StringField) -> None:
        """WTForms calls it; raises ValidationError in the reader's language."""
        result = check_address(field.data or "")
        if isinstance(result, AddressRefusal):
            raise ValidationError(address_refusal_words(result))
        self.checked_email = result


class FindLinksForm(NewAddressForm):
    """The address whose links are lost. `website` is a trap that people neither see nor hear (abuse 18)."""

    email = StringField(_l("E-mail address"))
    website = StringField(_l("Please leave this field empty"))

    def validate_website(self, field: StringField) -> None:
        """An honest person whose browser filled it in is told so; nobody is dropped silently."""
        if field.data:
            raise ValidationError(_("Please leave the hidden field empty and send the form again."))
