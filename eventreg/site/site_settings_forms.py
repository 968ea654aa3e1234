"""What comes in about the operator and the accessibility declaration."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField, TextAreaField, ValidationError

from eventreg.events.date_typing_rules import TypingRefusal, read_date
from eventreg.organisers.account_forms import one_line
from eventreg.organisers.panel_forms import PanelForm, is_address, length, stripped
from eventreg.site.site_settings import DeclarationSettings, Operator
from eventreg.site.site_words import FIELD_NAMES, STATUS_WORDS

_LONGEST_TEXT = 10_000
_DATES = ("published_on", "updated_on", "declared_on", "reviewed_on")


def _line(name: str, most: int, *more: Any) -> StringField:
    return StringField(FIELD_NAMES[name], filters=[one_line], validators=[length(most), *more])


def _text(name: str) -> TextAreaField:
    return TextAreaField(FIELD_NAMES[name], filters=[stripped], validators=[length(_LONGEST_TEXT)])


def _is_day(form: PanelForm, field: StringField) -> None:
    """Empty, or a day typed the Polish way."""
    if field.data and isinstance(read_date(field.data), TypingRefusal):
        raise ValidationError(_("Please enter a date in the form 26.10.2026."))


def _day(name: str) -> StringField:
    return StringField(FIELD_NAMES[name], filters=[one_line], validators=[_is_day])


class OperatorForm(PanelForm):
    """Who runs the site."""

    operator_name = _line("operator_name", 200)
    operator_address = _line("operator_address", 300)
    operator_email = _line("operator_email", 254, is_address)
    operator_phone = _line("operator_phone", 60)
    privacy_pl = _text("privacy_pl")
    privacy_en = _text("privacy_en")

    def to_operator(self) -> Operator:
        """The checked values."""
        return Operator(**{name: self[name].data or "" for name in Operator.__dataclass_fields__})


class DeclarationForm(PanelForm):
    """The fields of the accessibility declaration."""

    published_on = _day("published_on")
    updated_on = _day("updated_on")
    declaration_status = RadioField(
        _l("Conformity with the act"), choices=list(STATUS_WORDS.items()), default="partial"
    )
    exceptions_pl = _text("exceptions_pl")
    exceptions_en = _text("exceptions_en")
    declared_on = _day("declared_on")
    reviewed_on = _day("reviewed_on")
    assessor = _line("assessor", 200)
    contact_person = _line("contact_person", 200)
    contact_email = _line("contact_email", 254, is_address)
    contact_phone = _line("contact_phone", 60)
    architecture_pl = _text("architecture_pl")
    architecture_en = _text("architecture_en")
    apps_pl = _text("apps_pl")
    apps_en = _text("apps_en")

    def show(self, settings: DeclarationSettings) -> None:
        """Puts stored settings into the fields."""
        values = {name: getattr(settings, name) for name in DeclarationSettings.__dataclass_fields__}
        for name in _DATES:
            values[name] = f"{values[name]:%d.%m.%Y}" if values[name] else ""
        self.process(formdata=None, data=values)

    def to_settings(self) -> DeclarationSettings:
        """The checked values."""
        values: dict[str, Any] = {name: self[name].data or "" for name in DeclarationSettings.__dataclass_fields__}
        values.update({name: _read(values[name]) for name in _DATES})
        return DeclarationSettings(**values)


def _read(typed: str) -> date | None:
    found = read_date(typed)
    return None if isinstance(found, TypingRefusal) else found
