"""The forms of a person's own pages, and the one for lost links."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField

from eventreg.registrations.sign_up_forms import AddressCheck, NameCheck, PersonForm, TrapCheck
from eventreg.registrations.substitution import Substitute


class SubstituteForm(PersonForm):
    """Who comes instead."""

    def to_substitute(self, language: str) -> Substitute:
        """The person, after validation; her mails speak `language`."""
        return Substitute(self.checked_name, self.checked_email, language)


class OwnNameForm(NameCheck, FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """One's own name; the answers stand in a form of their own (questions.answer_forms.correction_form)."""

    class Meta:
        """No token: visitors have no session; http_headers refuses cross-site posts."""

        csrf = False

    name = StringField(_l("Name and surname"))


class NewAddressForm(AddressCheck, FlaskForm):  # type: ignore[misc]  # flask_wtf has no types
    """Another address for a registration."""

    class Meta:
        """No token: visitors have no session; http_headers refuses cross-site posts."""

        csrf = False

    email = StringField(_l("New e-mail address"))


class FindLinksForm(TrapCheck, NewAddressForm):
    """The address whose links are lost. `website` is a trap that people neither see nor hear (abuse 18)."""

    email = StringField(_l("E-mail address"))
    website = StringField(_l("Please leave this field empty"))
