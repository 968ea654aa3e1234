"""Lost links: one mail to a mailbox with every link that is its own, and nothing for whoever typed the address."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.outbox.mail_facts import FoundLink, FoundLinksFacts
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import MailOrder, enqueue
from eventreg.registrations.address_rules import address_key, quota_key
from eventreg.registrations.models import Registration, RegistrationGroup
from eventreg.registrations.own_page_rules import MAIL_LINKS_EVERY_MINUTES, MOST_LINKS_IN_A_MAIL
from eventreg.registrations.standing_rules import TOLD_STATES


def mail_links(email: str, language: str, now: datetime) -> int | None:
    """Queue the mail with all links of a mailbox for events that are not over; its id.

    None when there are none, or when the mailbox had such a mail within the hour (abuse 15): the page tells the same
    in each case. Whose address nobody confirmed gets none. `email` passed address_rules.check_address.
    """
    key = address_key(email)
    with transaction() as session:
        _wait_for_the_one_before(session, key)
        links = _links_of_people(key, now) + _links_of_groups(key, now)
        if _mailed_lately(email, now) or not links:
            return None
        order = MailOrder(
            occasion="links_found",
            to_address=email,
            to_name="",
            language=language,
            facts=FoundLinksFacts(_site_name(), tuple(links[:MOST_LINKS_IN_A_MAIL])),
        )
        return enqueue(order, now)


def _wait_for_the_one_before(session: Session, key: str) -> None:
    """Two who ask for one mailbox at once come one after the other. One row alone is locked: no circle of waiting."""
    for model in (Registration, RegistrationGroup):
        first = select(model.id).where(model.address_key == key).order_by(model.id).limit(1)
        if session.scalar(first.with_for_update(key_share=True)) is not None:
            return


def _mailed_lately(email: str, now: datetime) -> bool:
    since = now - timedelta(minutes=MAIL_LINKS_EVERY_MINUTES)
    mailed = exists().where(Mail.quota_key == quota_key(email), Mail.created_at > since, Mail.occasion == "links_found")
    return bool(db.session.scalar(select(mailed)))


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
