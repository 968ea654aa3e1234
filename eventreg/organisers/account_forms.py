"""What comes in about accounts: one's own, and those of the people one invites."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField

from eventreg.i18n import LANGUAGES
from eventreg.organisers.panel_forms import PanelForm, is_address, length, needed, stripped

ROLE_WORDS = {
    "owner": _l("Owner"),
    "editor": _l("Editor"),
    "door": _l("Door staff"),
}
ROLE_HINTS = {
    "owner": _l("Everything, also the people and the information clause"),
    "editor": _l("Events, lists and mails"),
    "door": _l("Only the list at the door"),
}

_NAME_LENGTH = 120


def one_line(value: str | None) -> str:
    """In one line, whatever was pasted."""
    return " ".join(stripped(value).split())


class OwnDetailsForm(PanelForm):
    """The person's own name and language."""

    name = StringField(
        _l("Name"),
        filters=[one_line],
        validators=[needed(_l("Please enter your name.")), length(_NAME_LENGTH)],
    )
    language = SelectField(_l("Language of mails"), choices=list(LANGUAGES.items()))


class InvitePersonForm(PanelForm):
    """Somebody who is to work for an organiser."""

    email = StringField(
        _l("E-mail address"),
        filters=[stripped],
        validators=[needed(_l("Please enter an e-mail address.")), is_address],
    )
    name = StringField(_l("Name"), filters=[one_line], validators=[length(_NAME_LENGTH)])
    role = RadioField(_l("Role"), choices=list(ROLE_WORDS.items()), default="editor")
    language = SelectField(_l("Language of mails"), choices=list(LANGUAGES.items()))


class InviteAccountForm(InvitePersonForm):
    """The same, for the administrator, who chooses the organiser too."""

    organiser = SelectField(_l("Organiser"))
    administrator = BooleanField(_l("Administrator of the site"))

    def offer(self, organisers: list[tuple[str, str]]) -> None:
        """Sets what can be chosen: (address of the organiser, name); first of all none."""
        self.organiser.choices = [("", str(_l("None"))), *organisers]


class RoleForm(PanelForm):
    """Another role for a person."""

    role = SelectField(_l("Role"), choices=list(ROLE_WORDS.items()))
