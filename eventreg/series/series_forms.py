"""The forms of a series and of one edition of it."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField, ValidationError

from eventreg.events.slug_rules import LONGEST_SLUG, is_reserved, is_valid_slug, slug_from_title
from eventreg.i18n import LANGUAGES
from eventreg.organisers.panel_forms import PanelForm, length, needed, stripped
from eventreg.series import series_rules as rules
from eventreg.series.series_rules import EditionFields, SeriesFields

_SLUG_LENGTH = min(LONGEST_SLUG, 76)
"""The column has 80 characters: some are left for the number that makes it unique."""


def _line(label: Any, most: int, *more: Any) -> StringField:
    return StringField(
        label, filters=[lambda value: " ".join(stripped(value).split())], validators=[length(most), *more]
    )


class SeriesForm(PanelForm):
    """Title, description, address."""

    title = _line(_l("Title of the series"), rules.TITLE_LENGTH, needed(_l("Please give the title.")))
    about = TextAreaField(_l("About the series"), filters=[stripped], validators=[length(rules.ABOUT_LENGTH)])
    language = SelectField(_l("Language of the texts"), choices=list(LANGUAGES.items()), default="pl")
    slug = _line(_l("Address of the page"), _SLUG_LENGTH)

    def validate_slug(self, field: StringField) -> None:
        """Empty is fine: the title gives the address."""
        if is_reserved(field.data or ""):
            raise ValidationError(
                _(
                    "The word “%(word)s” has a meaning of its own in addresses of this site. Please choose another "
                    "address.",
                    word=field.data,
                )
            )
        if field.data and not is_valid_slug(field.data):
            raise ValidationError(_("Please use only small letters without diacritics, digits and hyphens."))

    def to_fields(self) -> SeriesFields:
        """The series, after validation."""
        title = str(self.title.data)
        slug = self.slug.data or slug_from_title(title)
        return SeriesFields(title, slug, str(self.language.data), str(self.about.data))


class EditionForm(PanelForm):
    """Number, year, city, host, theme."""

    number = _line(_l("Number of the edition"), 4)
    year = _line(_l("Year"), 4, needed(_l("Please give the year.")))
    city = _line(_l("City"), rules.CITY_LENGTH)
    host = _line(_l("Host"), rules.HOST_LENGTH)
    theme = _line(_l("Theme"), rules.THEME_LENGTH)

    def validate_number(self, field: StringField) -> None:
        """Empty where nobody counts."""
        if field.data:
            _whole(field.data, 1, rules.LARGEST_NUMBER)

    def validate_year(self, field: StringField) -> None:
        """A year people may mean."""
        _whole(field.data or "", rules.EARLIEST_YEAR, rules.LATEST_YEAR)

    def to_fields(self) -> EditionFields:
        """The edition, after validation."""
        return EditionFields(
            year=int(str(self.year.data)),
            number=int(self.number.data) if self.number.data else None,
            city=str(self.city.data),
            host=str(self.host.data),
            theme=str(self.theme.data),
        )


def _whole(typed: str, least: int, most: int) -> None:
    if not (typed.isascii() and typed.isdigit() and least <= int(typed) <= most):
        raise ValidationError(_("Please give a whole number from %(least)d to %(most)d.", least=least, most=most))
