"""The words for what becomes of a calendar that is followed: how the last look ended, what was kept, what to do."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from eventreg.events.event_rules import DEFAULT_ZONE
from eventreg.events.when_rules import timestamp
from eventreg.external_calendars.feed_address_rules import AddressFault
from eventreg.external_calendars.fetch_rules import Outcome
from eventreg.external_calendars.following import FollowRefusal
from eventreg.external_calendars.following_rules import MOST_CALENDARS
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.external_calendars.queries import CalendarFigures

SHOWS_WORDS = {
    "all": _l("All events"),
    "words": _l("Events with these words"),
    "by_hand": _l("Only what is picked by hand"),
}
"""What of a calendar is shown."""

_TAGS = {
    "new": lazy_pgettext("state of a calendar", "New"),
    "read": lazy_pgettext("state of a calendar", "Read"),
    "failed": lazy_pgettext("state of a calendar", "Cannot be read"),
}

_WHY = {
    Outcome.ADDRESS_REFUSED: _l("This site may not connect to the address, or to one that it redirects to."),
    Outcome.UNKNOWN_HOST: _l("There is no server of that name."),
    Outcome.UNREACHABLE: _l("The server does not answer."),
    Outcome.CERTIFICATE: _l("The server's certificate is not valid."),
    Outcome.ACCESS_DENIED: _l("The server does not let us in: the calendar is not public."),
    Outcome.NOT_FOUND: _l("The server has nothing at this address."),
    Outcome.ANSWER_ERROR: _l("The server answers with an error."),
    Outcome.ANSWER_UNREADABLE: _l("The server's answer is damaged."),
    Outcome.REDIRECTED: _l("The address redirects from one place to the next and never arrives."),
    Outcome.TOO_SLOW: _l("The server is too slow."),
    Outcome.TOO_LARGE: _l("The calendar is too large for this site."),
    Outcome.NOT_A_CALENDAR: _l("What is at this address is not a whole calendar; it may be a web page."),
    Outcome.FAILED: _l("Something went wrong on this site."),
}

_CHECK_ADDRESS = _l("Please check the address, or ask the source for the address of its calendar (.ics, iCal).")
_ASK_SOURCE = _l("If this goes on, please tell the source: the fault most likely lies there.")
_WHAT_TO_DO = {
    Outcome.ADDRESS_REFUSED: _l("Please enter a public address of the calendar."),
    Outcome.UNKNOWN_HOST: _CHECK_ADDRESS,
    Outcome.UNREACHABLE: _ASK_SOURCE,
    Outcome.CERTIFICATE: _ASK_SOURCE,
    Outcome.ACCESS_DENIED: _l("Please ask the source for the public address of its calendar."),
    Outcome.NOT_FOUND: _CHECK_ADDRESS,
    Outcome.ANSWER_ERROR: _ASK_SOURCE,
    Outcome.ANSWER_UNREADABLE: _ASK_SOURCE,
    Outcome.REDIRECTED: _CHECK_ADDRESS,
    Outcome.TOO_SLOW: _ASK_SOURCE,
    Outcome.TOO_LARGE: _l("Please ask the source for a calendar with upcoming events only."),
    Outcome.NOT_A_CALENDAR: _CHECK_ADDRESS,
    Outcome.FAILED: _l("If this goes on, please tell the administrator of this site."),
}

_FAULT_WORDS = {
    AddressFault.SCHEME: _l("Please give the whole address of the calendar, beginning with https:// or webcal://"),
    AddressFault.USER: _l("The address holds a user name or a password. Please ask the source for a public address."),
    AddressFault.HOST: _l("This is not the address of a server. Please copy the whole address of the calendar."),
    AddressFault.PORT: _l(
        "The port in the address is not one of a web server. Please ask the source for another address."
    ),
    AddressFault.PRIVATE: _l("This is an address inside a network. Please give the public address of the calendar."),
    AddressFault.TOO_LONG: _l("The address is too long. Please ask the source for a shorter one."),
}


@dataclass(frozen=True, slots=True)
class CalendarState:
    """How a calendar stands: one word with its tone, sentences about what matters, then what is good to know."""

    tag: str
    tone: str
    sentences: list[str]
    details: list[str]


def state_of(calendar: ExternalCalendar, figures: CalendarFigures, language: str, now: datetime) -> CalendarState:
    """What the organiser reads of a calendar."""
    outcome, next_look = outcome_of(calendar), _next_look(calendar, language, now)
    if outcome is Outcome.NEW:
        return CalendarState(str(_TAGS["new"]), "info", [_("This calendar has not been checked yet.")], [next_look])
    if outcome.is_good:
        told = [_read(calendar, figures, language), *_nothing_shown(calendar, figures)]
        return CalendarState(str(_TAGS["read"]), "good", told, [*_left_out(calendar), next_look])
    why, what_to_do = str(_WHY[outcome]), str(_WHAT_TO_DO[outcome])
    when = [_failed(calendar, language), *_kept(calendar, figures, language), next_look]
    return CalendarState(str(_TAGS["failed"]), "bad", [why, what_to_do], when)


def outcome_of(calendar: ExternalCalendar) -> Outcome:
    """How the last look ended; a word of a later version reads as FAILED."""
    return Outcome(calendar.outcome) if calendar.outcome in set(Outcome) else Outcome.FAILED


def why_words(calendar: ExternalCalendar, event: ExternalEvent) -> str:
    """Why an event is shown or hidden."""
    if event.chosen is not None:
        return _("picked by hand") if event.chosen else _("hidden by hand")
    if calendar.shows == "all":
        return _("all events are shown")
    if calendar.shows == "words":
        return _("has one of the words") if event.shown else _("has none of the words")
    return _("not picked")


def refusal_words(refusal: FollowRefusal | AddressFault) -> str:
    """One or two sentences: why not, and what to do."""
    if isinstance(refusal, AddressFault):
        return str(_FAULT_WORDS.get(refusal, _FAULT_WORDS[AddressFault.HOST]))
    if refusal is FollowRefusal.ALREADY_FOLLOWED:
        return _("This calendar is followed already.")
    if refusal is FollowRefusal.TOO_MANY:
        return _(
            "An organiser may follow %(most)d calendars. Please stop following one of them first.", most=MOST_CALENDARS
        )
    return _("This calendar is not followed any more.")


def chosen_words(count: int, chosen: bool | None) -> str:
    """What became of the ticked events."""
    if chosen is None:
        return ngettext(
            "%(num)d event is shown or hidden as set for the calendar.",
            "%(num)d events are shown or hidden as set for the calendar.",
            count,
        )
    if chosen:
        return ngettext("%(num)d event is shown.", "%(num)d events are shown.", count)
    return ngettext("%(num)d event is hidden.", "%(num)d events are hidden.", count)


def _read(calendar: ExternalCalendar, figures: CalendarFigures, language: str) -> str:
    return ngettext(
        "Read %(when)s: %(num)d event to come, %(shown)d shown.",
        "Read %(when)s: %(num)d events to come, %(shown)d shown.",
        figures.coming,
        when=_when(calendar.checked_at or calendar.created_at, language),
        shown=figures.shown,
    )


def _failed(calendar: ExternalCalendar, language: str) -> str:
    return _("Could not be read: %(when)s.", when=_when(calendar.checked_at or calendar.created_at, language))


def _kept(calendar: ExternalCalendar, figures: CalendarFigures, language: str) -> list[str]:
    if calendar.succeeded_at is None:
        return [_("It has never been read yet.")]
    return [
        ngettext(
            "What was read %(when)s stays: %(num)d event to come, %(shown)d shown.",
            "What was read %(when)s stays: %(num)d events to come, %(shown)d shown.",
            figures.coming,
            when=_when(calendar.succeeded_at, language),
            shown=figures.shown,
        )
    ]


def _left_out(calendar: ExternalCalendar) -> list[str]:
    told = []
    if count := calendar.events_left_out:
        told.append(
            ngettext(
                "%(num)d entry was left out: private, unreadable, over long ago, too far ahead or beyond the limit.",
                "%(num)d entries were left out: private, unreadable, over long ago, too far ahead or beyond the limit.",
                count,
            )
        )
    if count := calendar.events_repeating:
        told.append(
            ngettext(
                "%(num)d event repeats: only its first date is here.",
                "%(num)d events repeat: only the first date of each is here.",
                count,
            )
        )
    return told


def _nothing_shown(calendar: ExternalCalendar, figures: CalendarFigures) -> list[str]:
    if not figures.coming or figures.shown:
        return []
    if calendar.shows == "words":
        return [_("Visitors see nothing of it: no event has one of the words, or those that have were hidden by hand.")]
    return [_("Visitors see nothing of it: please pick what to show.")]


def _next_look(calendar: ExternalCalendar, language: str, now: datetime) -> str:
    if calendar.next_check_at <= now:
        return _("The next check follows within minutes.")
    return _("Next check: %(when)s.", when=_when(calendar.next_check_at, language))


def _when(moment: datetime, language: str) -> str:
    return timestamp(moment, DEFAULT_ZONE, language)
