"""Lost links: one mail to a mailbox with every link that is its own, and nothing for whoever typed the address."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import exists, select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.outbox.mail_facts import FoundLink, FoundLinksFacts
from eventreg.outbox.queue import MailOrder, enqueue
from eventreg.registrations import queries
from eventreg.registrations.address_rules import address_key
from eventreg.registrations.models import Registration, RegistrationGroup
from eventreg.registrations.own_page_rules import MAIL_LINKS_EVERY_MINUTES, MOST_LINKS_IN_A_MAIL
from eventreg.registrations.personal_calendar import calendars_of_mailbox
from eventreg.registrations.standing_rules import TOLD_STATES


def mail_links(email: str, language: str, now: datetime) -> int | None:
    """Queue the mail with all links of a mailbox for events that are not over, and to its personal calendars; its id.

    None when there are none, or when the mailbox had such a mail within the hour (abuse 15): the page tells the same
    in each case. Whose address nobody confirmed gets none. `email` passed address_rules.check_address.
    """
    key = address_key(email)
    with transaction():
        queries.lock_mailbox(key)
        links = _links_of_people(key, now) + _links_of_groups(key, now)
        calendars = calendars_of_mailbox(key)
        since = now - timedelta(minutes=MAIL_LINKS_EVERY_MINUTES)
        if queries.is_mailed_since(email, "links_found", since) or not (links or calendars):
            return None
        order = MailOrder(
            occasion="links_found",
            to_address=email,
            to_name="",
            language=language,
            facts=FoundLinksFacts(
                _site_name(), tuple(links[:MOST_LINKS_IN_A_MAIL]), tuple(calendars[:MOST_LINKS_IN_A_MAIL])
            ),
        )
        return enqueue(order, now)


def _links_of_people(key: str, now: datetime) -> list[FoundLink]:
    rows = db.session.execute(
        select(Registration.link_key, Registration.name, Event)
        .join(Event, Event.id == Registration.event_id)
        .where(
            Registration.address_key == key,
            Registration.state.in_(TOLD_STATES),
            Event.state.in_(_STATES_WITH_LINKS),
            Event.ends_at > now,
        )
        .order_by(Event.starts_at, Event.id, Registration.sort_key)
        .limit(MOST_LINKS_IN_A_MAIL)
    )
    return [_link(event, link_key, name) for link_key, name, event in rows]


def _links_of_groups(key: str, now: datetime) -> list[FoundLink]:
    has_people = exists().where(Registration.group_id == RegistrationGroup.id, Registration.state.in_(TOLD_STATES))
    rows = db.session.execute(
        select(RegistrationGroup.link_key, Event)
        .join(Event, Event.id == RegistrationGroup.event_id)
        .where(
            RegistrationGroup.address_key == key,
            Event.state.in_(_STATES_WITH_LINKS),
            Event.ends_at > now,
            has_people,
        )
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_LINKS_IN_A_MAIL)
    )
    return [_link(event, link_key) for link_key, event in rows]


_STATES_WITH_LINKS = ("draft", "published")
"""A published event that was withdrawn to a draft keeps its people."""


def _link(event: Event, link_key: str, name: str = "") -> FoundLink:
    return FoundLink(event.title, event.starts_at, event.ends_at, event.time_zone, event.all_day, link_key, name)


def _site_name() -> str:
    return str(current_app.extensions["eventreg.config"].site_name)
