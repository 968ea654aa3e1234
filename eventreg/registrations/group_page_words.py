"""The words on a contact's page of a group: where people stand, and what could not be done."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import pgettext

from eventreg.events.when_rules import deadline
from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.group_members import Member
from eventreg.registrations.holds_and_offers import Taken


def state_words(member: Member) -> str:
    """Where a person stands, in a word or two."""
    if member.standing.has_offer:
        return _("A place is offered")
    return {
        "confirmed": _("Participation confirmed"),
        "pending": _("Waits for a decision"),
        "waitlisted": _("Waiting list"),
        "unconfirmed": _("To be confirmed"),
        "declined": pgettext("state of a registration", "Not admitted"),
        "cancelled": pgettext("state of a registration", "Cancelled"),
    }[member.standing.state]


def detail_words(member: Member, zone: str, language: str, now: datetime) -> str:
    """Her position in line, or until when something has to be done; '' when there is nothing to add."""
    person = member.registration
    until = person.offer_until or person.hold_until
    if until is not None and until <= now:
        return _ran_out_words("expired" if person.offer_until is not None else "unconfirmed")
    if until is not None:
        return _("Until %(moment)s.", moment=deadline(until, zone, language))
    if member.position:
        return _("Position %(position)d", position=member.position)
    if person.state == "cancelled" and person.cancelled_by in ("expired", "unconfirmed"):
        return _ran_out_words(person.cancelled_by)
    if person.state == "cancelled" and person.cancelled_by == "substituted":
        return _("Somebody else comes instead.")
    return ""


def _ran_out_words(what: str) -> str:
    if what == "expired":
        return _("The offered place was not taken in time.")
    return _("The address was not confirmed in time.")


def problem_words(problem: CannotChange) -> str:
    """Why nothing changed."""
    return {
        CannotChange.EVENT_OVER: _("The event is over, so the registrations stay as they are."),
        CannotChange.EVENT_CANCELLED: _("The organiser has cancelled the event. Nothing needs to be done."),
    }.get(problem, _("There is no such registration any more."))


def taken_words(taken: Taken) -> str:
    """Why an offered place could not be taken, or an address not confirmed; '' when nothing was wrong."""
    if taken is Taken.TOO_LATE:
        return _("The time has run out, so the place went on to the next person.")
    if taken is Taken.NO_PLACES:
        return _("All places are taken by now, and there is no waiting list.")
    return ""
