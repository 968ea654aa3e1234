"""What the templates of mails with links to a person's pages are given: found links, and an address being changed."""

from dataclasses import dataclass
from typing import Any

from eventreg.events.when_rules import WhenWords, deadline, when_words
from eventreg.links import absolute_url, signed_token
from eventreg.outbox.mail_facts import FoundCalendar, FoundLink, FoundLinksFacts, RegistrationMailFacts


@dataclass(frozen=True, slots=True)
class LinkInMail:
    """One link with the event it is about; `name` is '' for the page of a group."""

    title: str
    when: WhenWords
    name: str
    link: str


@dataclass(frozen=True, slots=True)
class CalendarInMail:
    """The page of one person's calendar."""

    name: str
    link: str
    is_renewed: bool


def found_links_values(facts: FoundLinksFacts, language: str) -> dict[str, Any]:
    """For templates/mail/links_found and personal_calendar; the caller has set the language."""
    return {
        "links": tuple(_link_in_mail(link, language) for link in facts.links),
        "calendars": tuple(_calendar_in_mail(calendar, language) for calendar in facts.calendars),
    }


def address_change_values(facts: RegistrationMailFacts, language: str) -> dict[str, Any]:
    """For templates/mail/address_change_asked and address_changed; nothing for other mails."""
    change = facts.address_change
    if change is None:
        return {}
    page = "address_changing.address_change_page"
    return {
        "to_new": change.to_new,
        "by_organiser": change.by_organiser,
        "new_address": change.new_address,
        "change_until": deadline(change.until, facts.event.time_zone, language) if change.until is not None else "",
        "change_link": absolute_url(page, language, token=signed_token("address_change", change.link_key))
        if change.link_key
        else "",
    }


def _link_in_mail(found: FoundLink, language: str) -> LinkInMail:
    if found.name:
        address = absolute_url("own_page.own_page", language, token=signed_token("registration", found.link_key))
    else:
        address = absolute_url("group_page.group_page", language, token=signed_token("group", found.link_key))
    when = when_words(found.starts_at, found.ends_at, found.time_zone, language, all_day=found.all_day)
    return LinkInMail(found.title, when, found.name, address)


def _calendar_in_mail(found: FoundCalendar, language: str) -> CalendarInMail:
    token = signed_token("personal_calendar", found.link_key)
    page = absolute_url("personal_calendar.calendar_page", language, token=token)
    return CalendarInMail(found.name, page, found.is_renewed)
