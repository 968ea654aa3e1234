"""What every form of the panel has in common."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, ValidationError
from wtforms.validators import Length

from eventreg.registrations.address_rules import AddressRefusal, check_address


class PanelForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF is not typed
    """The token of every post is checked before any view (`panel_guard_views`), not by each form."""

    class Meta:
        """Turns the form's own token off."""

        csrf = False


def stripped(value: object) -> str:
    """Without the blanks that pasting leaves at the ends; line ends as one sign. A stored number as text."""
    return ("" if value is None else str(value)).replace("\r\n", "\n").replace("\r", "\n").strip()


def length(most: int) -> Length:
    """At most so many characters, said in the reader's language."""
    return Length(max=most, message=_l("Please shorten this: at most %(max)d characters."))


def needed(message: str) -> "Needed":
    """The field must be filled in; `message` says with what."""
    return Needed(message)


class Needed:
    """Like DataRequired, without the HTML attribute that lets browsers pre-empt the error summary."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, form: PanelForm, field: StringField) -> None:
        """Raises ValidationError when nothing was typed."""
        if not (field.data or "").strip():
            raise ValidationError(str(self.message))


def is_address(form: PanelForm, field: StringField) -> None:
    """Leaves the tidied address in lower case in the field, or raises ValidationError; an empty field
    passes."""
    if not (field.data or "").strip():
        return
    checked = check_address(field.data or "")
    if isinstance(checked, AddressRefusal):
        raise ValidationError(str(_l("Please enter an e-mail address in the form name@example.org.")))
    field.data = checked.lower()
