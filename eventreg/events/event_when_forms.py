"""The days and hours of an event's form, typed the Polish way and checked against each other."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Field, SelectField, StringField

from eventreg.events import date_typing_rules as typing
from eventreg.events.date_typing_rules import TypingRefusal
from eventreg.events.event_rules import DEFAULT_ZONE, LONGEST_EVENT, EventFields
from eventreg.events.event_words import FIELD_WORDS, zone_choices
from eventreg.organisers.panel_forms import PanelForm, stripped

_MIDNIGHT_ENDS = ("24.00", "24:00", "24")
_LONGEST_TYPED = 60
_SIGN_UP_FIELDS = {"sign_up_opens_on", "sign_up_opens_clock", "sign_up_closes_on", "sign_up_closes_clock"}

Typed = TypeVar("Typed", date, time, datetime)


@dataclass(frozen=True, slots=True)
class Moments:
    """All moments of an event, in UTC."""

    starts_at: datetime
    ends_at: datetime
    sign_up_opens_at: datetime | None
    sign_up_closes_at: datetime | None
    access_contact_until: datetime | None


def _typed(label: Any) -> StringField:
    return StringField(label, filters=[lambda value: stripped(value)[:_LONGEST_TYPED]])


class WhenForm(PanelForm):
    """When the event is, and until when people may sign up and report needs; `moments` holds the result."""

    moments: Moments

    starts_on = _typed(_l("First day"))
    starts_clock = _typed(_l("Starts at"))
    ends_on = _typed(_l("Last day"))
    ends_clock = _typed(_l("Ends at"))
    all_day = BooleanField(_l("Whole days, without hours"))
    time_zone = SelectField(FIELD_WORDS["time_zone"], default=DEFAULT_ZONE)
    sign_up_opens_on = _typed(_l("Sign-up opens on"))
    sign_up_opens_clock = _typed(_l("From what hour"))
    sign_up_closes_on = _typed(_l("Last day of sign-up"))
    sign_up_closes_clock = _typed(_l("Until what hour"))
    access_contact_on = _typed(_l("Until when people may report their needs"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.forgiven: set[str] = set()
        self.time_zone.choices = zone_choices(str(self.time_zone.data or DEFAULT_ZONE))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field, then the moments together."""
        super().validate(extra_validators)
        self.forgive()
        if self.time_zone.errors:
            return False
        zone = str(self.time_zone.data)
        span = self._span(zone)
        opens = self._moment_or_none(self.sign_up_opens_on, self.sign_up_opens_clock, zone)
        closes = self._moment_or_none(self.sign_up_closes_on, self.sign_up_closes_clock, zone, day_ends=True)
        until = self._moment_or_none(self.access_contact_on, None, zone, day_ends=True)
        until = until and until - timedelta(minutes=1)  # 23:59: a date without an hour is shown of it
        self.forgive()
        if self._any_error() or span is None:
            return False
        self.moments = Moments(*span, opens, closes, until)
        self._check_together()
        if self.forgive() & _SIGN_UP_FIELDS:
            self.moments = replace(self.moments, sign_up_opens_at=None, sign_up_closes_at=None)
        return not self._any_error()

    def not_meant(self) -> tuple[str, ...]:
        """The fields that what was chosen leaves without meaning; the page does not show them."""
        return ("starts_clock", "ends_clock") if self.all_day.data else ()

    def forgive(self) -> set[str]:
        """Takes the errors off the fields that do not count, which nobody sees; returns which fields had one."""
        wrong = {name for name in self.not_meant() if self[name].errors}
        for name in wrong:
            self[name].errors = []
        self.forgiven |= wrong
        return wrong

    def _span(self, zone: str) -> tuple[datetime, datetime] | None:
        """Start and end of the event; None when something is wrong, which stands beside its field then."""
        first = self._day(self.starts_on, _("Please give the day, such as 26.10.2026."))
        last = self._day(self.ends_on, "") if self.ends_on.data else first
        if self.all_day.data:
            return self._whole_days(first, last, zone)
        starts = self._clock(self.starts_clock, _("Please give the hour of the start, such as 12.00."))
        ends: time | None = time()
        if self.ends_clock.data in _MIDNIGHT_ENDS:
            last = last and last + timedelta(days=1)
        else:
            ends = self._clock(self.ends_clock, _("Please give the hour of the end, such as 13.30."))
        if first is None or last is None or starts is None or ends is None:
            return None
        starts_at = self._moment(self.starts_clock, first, starts, zone)
        ends_at = self._moment(self.ends_clock, last, ends, zone)
        return None if starts_at is None or ends_at is None else (starts_at, ends_at)

    def _whole_days(self, first: date | None, last: date | None, zone: str) -> tuple[datetime, datetime] | None:
        if first is None or last is None:
            return None
        span = typing.all_day_span(first, last, zone)
        if isinstance(span, TypingRefusal):
            _complain(self.ends_on, _("The last day comes before the first. Please correct one of them."))
            return None
        return span

    def _check_together(self) -> None:
        moments = self.moments
        if typing.check_order(moments.starts_at, moments.ends_at) is not None:
            days_differ = bool(self.ends_on.data) and self.ends_on.data != self.starts_on.data
            field = self.ends_on if days_differ else self.ends_clock
            _complain(field, refusal_words(TypingRefusal.END_NOT_AFTER_START))
        elif moments.ends_at - moments.starts_at > LONGEST_EVENT:
            _complain(self.ends_on, _("The event would last longer than a year. Please check the years."))
        opens, closes = moments.sign_up_opens_at, moments.sign_up_closes_at
        if closes is not None and opens is not None and closes <= opens:
            _complain(self.sign_up_closes_on, _("Sign-up would close before it opens."))
        elif closes is not None and closes > moments.ends_at:
            # The day of the event may be the last day of sign-up: what counts then is the end of the event.
            if self.sign_up_closes_clock.data or not self._closes_on_last_day():
                _complain(self.sign_up_closes_on, _("Sign-up would close after the event has ended."))
        elif opens is not None and opens >= moments.ends_at:
            _complain(self.sign_up_opens_on, _("Sign-up would open after the event has ended."))

    def _closes_on_last_day(self) -> bool:
        closes = typing.read_date(self.sign_up_closes_on.data or "")
        return closes == typing.read_date(self.ends_on.data or self.starts_on.data or "")

    def _moment_or_none(
        self, on: StringField, clock: StringField | None, zone: str, day_ends: bool = False
    ) -> datetime | None:
        """A moment that may be left empty. Without an hour it is the start of the day, or its end."""
        typed_hour = clock.data if clock is not None else ""
        if not on.data:
            if typed_hour:
                _complain(on, _("Please give the day too, or leave both empty."))
            return None
        day = self._day(on, "")
        if day is None:
            return None
        if typed_hour and clock is not None and typed_hour not in _MIDNIGHT_ENDS:
            hour = self._clock(clock, "")
            return None if hour is None else self._moment(clock, day, hour, zone)
        if typed_hour or day_ends:
            day += timedelta(days=1)
        return self._moment(on, day, time(), zone)

    def _day(self, field: StringField, when_empty: str) -> date | None:
        return _read(field, typing.read_date(field.data or ""), when_empty)

    def _clock(self, field: StringField, when_empty: str) -> time | None:
        return _read(field, typing.read_clock(field.data or ""), when_empty)

    def _moment(self, field: StringField, day: date, clock: time, zone: str) -> datetime | None:
        return _read(field, typing.moment_of(day, clock, zone), "")

    def _any_error(self) -> bool:
        return any(field.errors for field in self)

    @staticmethod
    def typed_moments(fields: EventFields, language: str) -> dict[str, str]:
        """What stands in the fields for an event's moments, as people write them in `language`."""
        zone = fields.time_zone
        last_day = typing.typed_last_day if fields.all_day else typing.typed_date
        values = {
            "starts_on": typing.typed_date(fields.starts_at, zone),
            "ends_on": last_day(fields.ends_at, zone),
            "starts_clock": "" if fields.all_day else typing.typed_clock(fields.starts_at, zone, language),
            "ends_clock": "" if fields.all_day else typing.typed_clock(fields.ends_at, zone, language),
        }
        if values["ends_on"] == values["starts_on"]:
            values["ends_on"] = ""
        if fields.sign_up_opens_at is not None:
            values["sign_up_opens_on"] = typing.typed_date(fields.sign_up_opens_at, zone)
            values["sign_up_opens_clock"] = typing.typed_clock(fields.sign_up_opens_at, zone, language)
        if fields.sign_up_closes_at is not None:
            values["sign_up_closes_on"] = typing.typed_last_day(fields.sign_up_closes_at, zone)
            values["sign_up_closes_clock"] = _closing_clock(fields.sign_up_closes_at, zone, language)
        if fields.access_contact_until is not None:
            values["access_contact_on"] = typing.typed_last_day(fields.access_contact_until, zone)
        return values


def _closing_clock(moment: datetime, zone: str, language: str) -> str:
    """The hour of a closing time; nothing at midnight, which the day before closes with."""
    if typing.typed_last_day(moment, zone) != typing.typed_date(moment, zone):
        return ""
    return typing.typed_clock(moment, zone, language)


def _read(field: StringField, result: Typed | TypingRefusal, when_empty: str) -> Typed | None:
    """The value, or None after the reason was put beside the field."""
    if not isinstance(result, TypingRefusal):
        return result
    _complain(field, when_empty if result is TypingRefusal.EMPTY and when_empty else refusal_words(result))
    return None


def refusal_words(refusal: TypingRefusal) -> str:
    """What to tell the person who typed a day or an hour that cannot be taken."""
    words: dict[TypingRefusal, str] = {
        TypingRefusal.EMPTY: _("Please fill this in."),
        TypingRefusal.NOT_A_DATE: _("Please type the day like this: 26.10.2026."),
        TypingRefusal.NO_SUCH_DAY: _("There is no such day in the calendar. Please check it."),
        TypingRefusal.YEAR_OUT_OF_RANGE: _("Please check the year."),
        TypingRefusal.NOT_A_TIME: _("Please type the hour like this: 12.00 or 12:00."),
        TypingRefusal.SKIPPED_HOUR: _(
            "There is no such hour on this day: the clocks go forward. Please choose another one."
        ),
        TypingRefusal.END_NOT_AFTER_START: _("The end must come after the start. Please correct it."),
    }
    return words[refusal]


def _complain(field: Field, message: str) -> None:
    """Put a message beside a field, once."""
    if not field.errors:
        field.errors = [message]
