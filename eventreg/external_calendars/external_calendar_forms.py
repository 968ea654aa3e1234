"""What comes in about a calendar that an organiser follows."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, ValidationError

from eventreg.events.event_forms import is_web_address
from eventreg.events.event_words import KIND_WORDS
from eventreg.external_calendars.external_calendar_words import SHOWS_WORDS, refusal_words
from eventreg.external_calendars.feed_address_rules import AddressFault
from eventreg.external_calendars.following import read_address
from eventreg.external_calendars.following_rules import (
    ADDRESS_LENGTH,
    NAME_LENGTH,
    WORDS_LENGTH,
    CalendarFields,
)
from eventreg.external_calendars.models import ExternalCalendar
from eventreg.external_calendars.showing_rules import entries_of
from eventreg.organisers.account_forms import one_line
from eventreg.organisers.panel_forms import PanelForm, length, needed


class ExternalCalendarForm(PanelForm):
    """The source, what kind its events are of, and which are shown. Make it with `calendar_form`."""

    name = StringField(
        _l("Name of the source"),
        filters=[one_line],
        validators=[needed(_l("Please give the name by which visitors know the source.")), length(NAME_LENGTH)],
    )
    feed_url = StringField(
        _l("Address of the calendar"),
        filters=[one_line],
        validators=[needed(_l("Please give the address of the calendar.")), length(ADDRESS_LENGTH)],
    )
    page_url = StringField(
        _l("Page of the source"), filters=[one_line], validators=[length(ADDRESS_LENGTH), is_web_address]
    )
    kind = SelectField(_l("Kind of its events"), default="")
    shows = RadioField(_l("What to show"), choices=list(SHOWS_WORDS.items()), default="by_hand")
    words = StringField(_l("Words"), filters=[one_line], validators=[length(WORDS_LENGTH)])

    def validate_feed_url(self, field: StringField) -> None:
        """An address that may be asked, as far as that is known without asking its host."""
        address = read_address(field.data or "")
        if isinstance(address, AddressFault):
            raise ValidationError(refusal_words(address))

    def validate_words(self, field: StringField) -> None:
        """Needed where they decide."""
        if self.shows.data == "words" and not entries_of(field.data or ""):
            raise ValidationError(_("Please give at least one word, or choose another way to pick the events."))

    def to_fields(self) -> CalendarFields:
        """The checked values."""
        return CalendarFields(
            name=self.name.data or "",
            feed_url=self.feed_url.data or "",
            page_url=self.page_url.data or "",
            kind=self.kind.data or None,
            shows=self.shows.data,
            words=self.words.data or "",
        )


def calendar_form(calendar: ExternalCalendar | None = None) -> ExternalCalendarForm:
    """The form of a calendar, or of one that is yet to be followed; a post fills it with what was typed."""
    form = ExternalCalendarForm(obj=calendar)
    form.kind.choices = [("", _("None: found under “All” only")), *KIND_WORDS.items()]
    if form.kind.data is None:
        form.kind.data = ""
    return form
