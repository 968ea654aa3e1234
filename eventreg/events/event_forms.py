"""The form of an event: everything an organiser may set, checked together, turned into `EventFields`."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)

from eventreg.events import event_rules as rules
from eventreg.events.event_rules import EventFields
from eventreg.events.event_when_forms import WhenForm
from eventreg.events.event_words import ATTENDANCE_WORDS, FIELD_WORDS, KIND_WORDS, SIGN_UP_MODE_WORDS
from eventreg.events.slug_rules import LONGEST_SLUG, is_reserved, is_valid_slug, slug_from_title
from eventreg.i18n import LANGUAGES
from eventreg.organisers.panel_forms import PanelForm, is_address, length, needed, stripped

NO_SERIES = ""


PAGE_ORDER = (
    *("revision", "title", "kind", "summary", "audience"),
    *("starts_on", "starts_clock", "ends_on", "ends_clock", "all_day", "time_zone"),
    *("attendance", "venue", "street", "room", "postal_code", "city", "country", "online_url"),
    *("sign_up_mode", "sign_up_url", "capacity", "sign_up_closes_on", "sign_up_closes_clock"),
    *("sign_up_opens_on", "sign_up_opens_clock", "cap_per_address"),
    *("programme", "partners", "cost", "funding", "venue_accessibility", "access_contact_on"),
    *("contact_name", "contact_email", "contact_phone", "responsible_person", "editor_name"),
    *("belongs_to", "language", "slug", "listed"),
)
"""The fields as templates/panel/events/_form.html shows them; a test compares."""


_FOR_SIGN_UP_HERE = (
    *("capacity", "sign_up_closes_on", "sign_up_closes_clock", "sign_up_opens_on", "sign_up_opens_clock"),
    "cap_per_address",
)
"""Without meaning when people sign up elsewhere or not at all; what was typed is kept when it can be read."""


def _line(name: str, most: int, *more: Any) -> StringField:
    """A line of text for a field of the event; stored in one line, whatever was pasted."""
    return StringField(FIELD_WORDS[name], filters=[_one_line], validators=[length(most), *more])


def _text(name: str, most: int) -> TextAreaField:
    return TextAreaField(FIELD_WORDS[name], filters=[stripped], validators=[length(most)])


def _one_line(value: str | None) -> str:
    return " ".join(stripped(value).split())


def is_web_address(form: PanelForm, field: StringField) -> None:
    """An empty field passes; else a whole http(s) address without user and password, or ValidationError."""
    if not field.data:
        return
    try:
        parts = urlsplit(field.data)
        host = parts.hostname
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or parts.username is not None or " " in field.data:
        raise ValidationError(_("Please give the whole address, beginning with https://"))


class EventForm(WhenForm):
    """All fields of an event. `fields` holds the result once `validate()` said yes."""

    fields: EventFields

    revision = HiddenField()
    title = _line("title", rules.TITLE_LENGTH, needed(_l("Please give the title.")))
    kind = SelectField(FIELD_WORDS["kind"], choices=list(KIND_WORDS.items()), default="workshop")
    summary = _line("summary", rules.SUMMARY_LENGTH)
    programme = _text("programme", rules.PROGRAMME_LENGTH)
    audience = _line("audience", rules.AUDIENCE_LENGTH)
    cost = _line("cost", rules.COST_LENGTH)
    funding = _line("funding", rules.FUNDING_LENGTH)
    partners = _line("partners", rules.PARTNERS_LENGTH)

    attendance = RadioField(FIELD_WORDS["attendance"], choices=list(ATTENDANCE_WORDS.items()), default="place")
    venue = _line("venue", rules.VENUE_LENGTH)
    room = _line("room", rules.VENUE_LENGTH)
    street = _line("street", rules.VENUE_LENGTH)
    postal_code = _line("postal_code", rules.POSTAL_CODE_LENGTH)
    city = _line("city", rules.CITY_LENGTH)
    country = _line("country", rules.CITY_LENGTH)
    online_url = _line("online_url", rules.URL_LENGTH, is_web_address)
    venue_accessibility = _text("venue_accessibility", rules.ACCESSIBILITY_LENGTH)

    sign_up_mode = RadioField(FIELD_WORDS["sign_up_mode"], choices=list(SIGN_UP_MODE_WORDS.items()), default="here")
    sign_up_url = _line("sign_up_url", rules.URL_LENGTH, is_web_address)
    capacity = StringField(FIELD_WORDS["capacity"], filters=[_one_line])
    cap_per_address = StringField(
        FIELD_WORDS["cap_per_address"], filters=[_one_line], default=str(rules.DEFAULT_CAP_PER_ADDRESS)
    )

    contact_name = _line("contact_name", rules.PERSON_LENGTH)
    contact_email = _line("contact_email", rules.EMAIL_LENGTH, is_address)
    contact_phone = _line("contact_phone", rules.PHONE_LENGTH)
    responsible_person = _line("responsible_person", rules.PERSON_LENGTH)
    editor_name = _line("editor_name", rules.PERSON_LENGTH)

    belongs_to = SelectField(_l("Series or edition"), default=NO_SERIES)
    language = SelectField(FIELD_WORDS["language"], choices=list(LANGUAGES.items()), default="pl")
    listed = BooleanField(FIELD_WORDS["listed"], default=True)
    slug = StringField(FIELD_WORDS["slug"], filters=[_one_line], validators=[length(LONGEST_SLUG)])

    def __iter__(self) -> Iterator[Field]:
        """The fields in the order of the page, so that the summary of errors follows it."""
        return iter([self[name] for name in PAGE_ORDER])

    def offer_series(self, choices: Sequence[tuple[str, str]]) -> None:
        """The series and editions to choose from, as `series.own_series.series_choices` gives them."""
        self.belongs_to.choices = [(NO_SERIES, _("Not part of a series")), *choices]

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
            raise ValidationError(
                _("Please use only small letters without diacritics, digits and hyphens: warsztaty-2026.")
            )

    def validate_city(self, field: StringField) -> None:
        """An event at a place needs a city."""
        if self.attendance.data in ("place", "hybrid") and not field.data:
            raise ValidationError(_("Please give the city, or choose that people take part online."))

    def validate_online_url(self, field: StringField) -> None:
        """An online event needs its address: it goes to participants only."""
        if self.attendance.data in ("online", "hybrid") and not field.data:
            raise ValidationError(_("Please give the address of the meeting. Only participants see it."))

    def validate_sign_up_url(self, field: StringField) -> None:
        """Sign-up elsewhere needs to say where."""
        if self.sign_up_mode.data == "elsewhere" and not field.data:
            raise ValidationError(_("Please give the address where people sign up."))

    def validate_capacity(self, field: StringField) -> None:
        """Empty means no limit; else a whole number."""
        if field.data:
            _number(field.data, rules.LARGEST_CAPACITY)

    def validate_cap_per_address(self, field: StringField) -> None:
        """A whole number."""
        _number(field.data, rules.LARGEST_CAP_PER_ADDRESS)

    def validate(self, extra_validators: Any = None) -> bool:
        """Checks every field and the times together; leaves the result in `fields`."""
        fine = super().validate(extra_validators)
        if fine:
            self.fields = self._to_fields()
        return fine

    def _to_fields(self) -> EventFields:
        plain = {
            name: self[name].data
            for name in rules.FIELD_NAMES
            if name in self and name not in ("slug", "capacity", "cap_per_address")
        }
        plain.update(dict.fromkeys(self._untold(), ""))
        times = {name: getattr(self.moments, name) for name in self.moments.__slots__}
        series_id, _hyphen, edition_id = (self.belongs_to.data or NO_SERIES).partition("-")
        return EventFields(
            **{**plain, **times},
            slug=self.slug.data or slug_from_title(self.title.data or ""),
            capacity=self._read_number("capacity", rules.LARGEST_CAPACITY, None),
            cap_per_address=self._read_number("cap_per_address", rules.LARGEST_CAP_PER_ADDRESS, None)
            or rules.DEFAULT_CAP_PER_ADDRESS,
            series_id=int(series_id) if series_id else None,
            edition_id=int(edition_id) if edition_id else None,
        )

    def known_revision(self) -> int:
        """The revision of the event that the person saw; 0, which no event has, for a forged one."""
        typed = str(self.revision.data or "")
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else 0

    def not_meant(self) -> tuple[str, ...]:
        """Fields that the chosen ways of taking part and signing up leave without meaning."""
        names = super().not_meant() + self._untold()
        return names if self.sign_up_mode.data == "here" else names + _FOR_SIGN_UP_HERE

    def _untold(self) -> tuple[str, ...]:
        """Fields without meaning that must be empty, so that no page and no mail tells them."""
        names: tuple[str, ...] = ()
        if self.attendance.data == "online":
            names += ("venue", "room", "street", "postal_code", "city", "country")
        if self.attendance.data == "place":
            names += ("online_url",)
        if self.sign_up_mode.data != "elsewhere":
            names += ("sign_up_url",)
        return names

    def _read_number(self, name: str, largest: int, otherwise: int | None) -> int | None:
        typed = self[name].data
        return _number(typed, largest) if typed and name not in self.forgiven else otherwise

    @classmethod
    def of(cls, fields: EventFields, revision: int, language: str) -> "EventForm":
        """The form filled in with an event, the dates as people write them in `language`."""
        values: dict[str, Any] = {name: getattr(fields, name) for name in rules.FIELD_NAMES}
        values["capacity"] = "" if fields.capacity is None else str(fields.capacity)
        values["cap_per_address"] = str(fields.cap_per_address)
        values["revision"] = str(revision)
        values["belongs_to"] = series_value(fields.series_id, fields.edition_id)
        return cls(formdata=None, data={**values, **cls.typed_moments(fields, language)})


def new_event_form(editor_name: str) -> EventForm:
    """The form of a new event: empty but for what is usual."""
    return EventForm(formdata=None, data={"editor_name": editor_name})


def series_value(series_id: int | None, edition_id: int | None) -> str:
    """The value of a choice of `belongs_to`: '' nothing, '3' a series, '3-7' an edition of it."""
    if series_id is None:
        return NO_SERIES
    return str(series_id) if edition_id is None else f"{series_id}-{edition_id}"


def _number(typed: str | None, largest: int) -> int:
    """A whole number from 1 to `largest`, or ValidationError."""
    digits = (typed or "").replace("\u00a0", "").replace(" ", "")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= len(str(largest))
    if is_number and 1 <= int(digits) <= largest:
        return int(digits)
    raise ValidationError(_("Please give a whole number from 1 to %(most)d.", most=largest))
