"""The words on screen for what the events' code names: kinds, states, modes, fields, reasons.

All lazy: they speak the language of the page that shows them.
"""

from zoneinfo import available_timezones

from flask_babel import get_locale, lazy_gettext, lazy_pgettext

from eventreg.events.event_life_rules import PublishingObstacle, PublishingWarning
from eventreg.events.event_rules import DEFAULT_ZONE, ZONES, ChangeKind
from eventreg.events.when_rules import city_of

Words = dict[str, str]

KIND_WORDS: Words = {
    "workshop": lazy_pgettext("kind of event", "Workshop"),
    "training": lazy_pgettext("kind of event", "Training"),
    "conference": lazy_pgettext("kind of event", "Conference"),
    "mission": lazy_pgettext("kind of event", "Economic mission"),
    "visit": lazy_pgettext("kind of event", "Visit"),
    "meeting": lazy_pgettext("kind of event", "Meeting"),
    "exchange": lazy_pgettext("kind of event", "Exchange"),
    "webinar": lazy_pgettext("kind of event", "Webinar"),
}

ATTENDANCE_WORDS: Words = {
    "place": lazy_gettext("At a place"),
    "online": lazy_gettext("Online"),
    "hybrid": lazy_gettext("At a place and online"),
}

SIGN_UP_MODE_WORDS: Words = {
    "here": lazy_gettext("People sign up here"),
    "elsewhere": lazy_gettext("People sign up elsewhere"),
    "open_entry": lazy_gettext("Open entry, no sign-up"),
}

STATE_WORDS: Words = {
    "draft": lazy_pgettext("state of an event", "Draft"),
    "published": lazy_pgettext("state of an event", "Published"),
    "cancelled": lazy_pgettext("state of an event", "Cancelled"),
    "archived": lazy_pgettext("state of an event", "In the archive"),
}

STATE_TONES = {"draft": "last", "published": "good", "cancelled": "bad", "archived": "quiet"}
"""The colour of each state's tag (templates/macros/page.html, state_tag)."""

OBSTACLE_WORDS: dict[PublishingObstacle, str] = {
    PublishingObstacle.NO_CLAUSE: lazy_gettext(
        "The organiser has no information clause yet. Without it nobody may be asked for data (RODO, art. 13)."
    ),
    PublishingObstacle.ALREADY_OVER: lazy_gettext("The date of the event has passed. Please correct the date."),
    PublishingObstacle.SIGN_UP_CLOSED: lazy_gettext(
        "The last day of sign-up has passed. Please choose a later one or leave it empty."
    ),
    PublishingObstacle.NOT_A_DRAFT: lazy_gettext("Only a draft can be published."),
}

WARNING_WORDS: dict[PublishingWarning, str] = {
    PublishingWarning.NO_ACCESSIBILITY: lazy_gettext(
        "Nothing is said about how accessible the venue is. The act of 19 July 2019 asks for it."
    ),
    PublishingWarning.NO_ACCESS_DEADLINE: lazy_gettext(
        "People are not told until when to report what they need in order to take part."
    ),
    PublishingWarning.NO_RESPONSIBLE_PERSON: lazy_gettext(
        "The publication record does not name the person who answers for the content."
    ),
    PublishingWarning.NO_PROGRAMME: lazy_gettext("The programme is empty."),
}

CHANGE_WORDS: Words = {
    ChangeKind.TIME: lazy_gettext("Time changed"),
    ChangeKind.PLACE: lazy_gettext("Place changed"),
    ChangeKind.ONLINE: lazy_gettext("Online address changed"),
    ChangeKind.TITLE: lazy_gettext("Title changed"),
    ChangeKind.PROGRAMME: lazy_gettext("Programme changed"),
    "published": lazy_gettext("Published again"),
    "withdrawn": lazy_gettext("Withdrawn from publication"),
    "cancelled": lazy_pgettext("register of changes", "Event cancelled"),
    "archived": lazy_gettext("Moved to the archive"),
}
"""Lines of the public register of changes, by `EventChange.what`."""

FIELD_WORDS: Words = {
    "slug": lazy_gettext("Address of the page"),
    "title": lazy_gettext("Title"),
    "kind": lazy_gettext("Kind of event"),
    "language": lazy_gettext("Language of the texts"),
    "listed": lazy_gettext("Shown in lists and calendars"),
    "series_id": lazy_pgettext("column", "Series"),
    "edition_id": lazy_gettext("Edition"),
    "summary": lazy_gettext("One sentence about it"),
    "programme": lazy_gettext("Programme"),
    "audience": lazy_gettext("For whom"),
    "cost": lazy_gettext("Cost"),
    "funding": lazy_gettext("Who pays for it"),
    "partners": lazy_gettext("Co-organisers and partners"),
    "starts_at": lazy_gettext("Start"),
    "ends_at": lazy_gettext("End"),
    "time_zone": lazy_gettext("Time zone"),
    "all_day": lazy_gettext("Whole days"),
    "attendance": lazy_gettext("How people take part"),
    "venue": lazy_gettext("Venue"),
    "room": lazy_gettext("Room or entrance"),
    "street": lazy_gettext("Street and number"),
    "postal_code": lazy_gettext("Postal code"),
    "city": lazy_gettext("City"),
    "country": lazy_gettext("Country"),
    "online_url": lazy_gettext("Address of the online meeting"),
    "venue_accessibility": lazy_gettext("Accessibility of the venue"),
    "access_contact_until": lazy_gettext("Report needs until"),
    "capacity": lazy_gettext("Number of places"),
    "sign_up_mode": lazy_gettext("How people sign up"),
    "sign_up_url": lazy_gettext("Address of the sign-up"),
    "sign_up_opens_at": lazy_gettext("Sign-up opens"),
    "sign_up_closes_at": lazy_gettext("Sign-up closes"),
    "cap_per_address": lazy_gettext("Persons per e-mail address"),
    "contact_name": lazy_gettext("Contact person"),
    "contact_email": lazy_gettext("Contact e-mail"),
    "contact_phone": lazy_gettext("Contact telephone"),
    "responsible_person": lazy_gettext("Person responsible for the content"),
    "editor_name": lazy_gettext("Editor"),
}
"""The label of each field of `event_rules.EventFields`: on the form, in lists of changes, in the history."""


def zone_choices(present: str) -> list[tuple[str, str]]:
    """Time zones to choose from by city, Poland first; `present` is offered even if the list lacks it."""
    zones = [*ZONES, present] if present in available_timezones() and present not in ZONES else ZONES
    language = str(get_locale())
    named = {zone: city_of(zone, language) for zone in zones}
    others = sorted((zone for zone in zones if zone != DEFAULT_ZONE), key=lambda zone: named[zone])
    return [(zone, named[zone]) for zone in (DEFAULT_ZONE, *others)]
