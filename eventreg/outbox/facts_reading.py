"""The facts of a mail, read again from its row in the outbox.

What a newer version wrote beside them is passed over; what is missing or of a wrong kind is refused.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from eventreg.calendars.invitation import Method
from eventreg.outbox.mail_facts import (
    AccountMailFacts,
    AddressChangeFacts,
    EventFacts,
    EventMessageFacts,
    FoundCalendar,
    FoundLink,
    FoundLinksFacts,
    InvitationFacts,
    MailFacts,
    OrganiserFacts,
    RegistrationFacts,
    RegistrationMailFacts,
)


class UnreadableFactsError(ValueError):
    """The stored facts lack something, or hold what no version of this program wrote."""


def facts_from_json(stored: Mapping[str, Any]) -> MailFacts:
    """The facts again; UnreadableFactsError when something is missing or of a wrong kind."""
    try:
        if stored["about"] == "account":
            return AccountMailFacts(**_known(AccountMailFacts, stored))
        if stored["about"] == "registration":
            return _registration_mail(stored)
        if stored["about"] == "event_message":
            return _event_message(stored)
        if stored["about"] == "found_links":
            return _found_links(stored)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableFactsError(type(error).__name__) from error
    raise UnreadableFactsError("about")


def without_secrets(stored: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept after a mail about an account, or with found links, has left: everything but the links."""
    kept = dict(stored)
    if kept.get("about") == "account":
        kept["link"] = ""
    if kept.get("about") == "found_links":
        kept.update(links=[], calendars=[])
    return kept


def _registration_mail(stored: Mapping[str, Any]) -> RegistrationMailFacts:
    before, moved_to = stored["before"], stored.get("moved_to")
    return RegistrationMailFacts(
        event=_event(stored["event"]),
        organiser=OrganiserFacts(**_known(OrganiserFacts, stored["organiser"])),
        people=tuple(_registration(person) for person in stored["people"]),
        shared=bool(stored["shared"]),
        changed=tuple(stored["changed"]),
        before=None if before is None else _event(before),
        cancelled_by=stored["cancelled_by"],
        added_by_organiser=bool(stored.get("added_by_organiser", False)),
        reason=stored.get("reason", ""),
        group_link_key=stored.get("group_link_key", ""),
        left_out=tuple(stored.get("left_out", ())),
        told_themselves=tuple(stored.get("told_themselves", ())),
        signed_up_by=stored.get("signed_up_by", ""),
        moved_to=None if moved_to is None else _event(moved_to),
        moved_link_key=stored.get("moved_link_key", ""),
        other_name=stored.get("other_name", ""),
        has_questions=bool(stored.get("has_questions", False)),
        address_change=_address_change(stored.get("address_change")),
    )


def _address_change(stored: Mapping[str, Any] | None) -> AddressChangeFacts | None:
    if stored is None:
        return None
    values = _known(AddressChangeFacts, stored)
    if values.get("until") is not None:
        values["until"] = _moment(values["until"])
    return AddressChangeFacts(**values)


def _found_links(stored: Mapping[str, Any]) -> FoundLinksFacts:
    calendars = tuple(FoundCalendar(**_known(FoundCalendar, one)) for one in stored.get("calendars", ()))
    return FoundLinksFacts(stored["site_name"], tuple(_found_link(link) for link in stored["links"]), calendars)


def _found_link(stored: Mapping[str, Any]) -> FoundLink:
    values = _known(FoundLink, stored)
    values["starts_at"] = _moment(values["starts_at"])
    values["ends_at"] = _moment(values["ends_at"])
    return FoundLink(**values)


def _event_message(stored: Mapping[str, Any]) -> EventMessageFacts:
    return EventMessageFacts(
        event=_event(stored["event"]),
        organiser=OrganiserFacts(**_known(OrganiserFacts, stored["organiser"])),
        people=tuple(_registration(person) for person in stored["people"]),
        subject=stored["subject"],
        text=stored["text"],
        test_name=stored["test_name"],
    )


def _event(stored: Mapping[str, Any]) -> EventFacts:
    values = _known(EventFacts, stored)
    values["starts_at"] = _moment(values["starts_at"])
    values["ends_at"] = _moment(values["ends_at"])
    return EventFacts(**values)


def _registration(stored: Mapping[str, Any]) -> RegistrationFacts:
    values = _known(RegistrationFacts, stored)
    invitation = values.get("invitation")
    if invitation is not None:
        values["invitation"] = InvitationFacts(
            method=Method(invitation["method"]),
            uid=invitation["uid"],
            sequence=invitation["sequence"],
            dtstamp=_moment(invitation["dtstamp"]),
        )
    if values.get("until") is not None:
        values["until"] = _moment(values["until"])
    return RegistrationFacts(**values)


def _known(kind: type[Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """The values that `kind` has fields for: a newer version may have written more."""
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in stored.items() if name in names}


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment
