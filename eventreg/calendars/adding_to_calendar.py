"""'Add to calendar' for one event, in words: for everybody on its page, for participants on theirs and in mails."""

from flask_babel import gettext as _

from eventreg.calendars.calendar_link_rules import CalendarLinks, EntryToAdd, calendar_links
from eventreg.calendars.calendar_text_rules import clean_url
from eventreg.i18n import in_locale
from eventreg.links import absolute_url
from eventreg.outbox.mail_facts import EventFacts


def public_calendar_links(event: EventFacts, organiser_name: str, language: str) -> CalendarLinks:
    """For everybody: the address of an online meeting stays out."""
    return _links(event, organiser_name, language, online_url="")


def participants_calendar_links(event: EventFacts, organiser_name: str, language: str) -> CalendarLinks:
    """For somebody who has a place, with the address of the online meeting; nothing in them is hers alone."""
    online_url = clean_url(event.online_url) if event.attendance != "place" else ""
    return _links(event, organiser_name, language, online_url=online_url)


def _links(event: EventFacts, organiser_name: str, language: str, *, online_url: str) -> CalendarLinks:
    page = absolute_url("event_page.event_page", language, slug=event.slug)
    with in_locale(language):
        organiser = _("Organiser: %(name)s", name=organiser_name)
        online = (_("Join online: %(link)s", link=online_url),) if online_url else ()
        entry = EntryToAdd(
            title=event.title,
            times=event.times,
            place=", ".join(event.place_lines) if event.attendance != "online" else _("Online"),
            description="\n".join(line for line in (event.summary, organiser) if line),
            closing=(*online, _("Page of the event: %(link)s", link=page)),
        )
    return calendar_links(entry)
