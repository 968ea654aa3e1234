"""The words for how sign-ups are taken: settings and choices of the panel, what visitors are told."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventreg.events.event_words import Words
from eventreg.events.sign_up_policy_rules import Promotion, SignUpPolicy, WaitingList, changed_names, endings_of

WAITING_LIST_WORDS: Words = {
    WaitingList.OFF: _l("Sign-up ends"),
    WaitingList.WHEN_FULL: _l("Sign-ups go to the waiting list"),
    WaitingList.ALWAYS: _l("All sign-ups go to the waiting list from the start"),
}

WAITING_LIST_HINTS: Words = {
    WaitingList.OFF: _l("The page says that there are no places. When somebody cancels, the place can be taken again."),
    WaitingList.WHEN_FULL: _l("Whoever comes later is told so and moves up when a place becomes free."),
    WaitingList.ALWAYS: _l("Nobody gets a place by signing up. You give the places from the list yourselves."),
}

PROMOTION_WORDS: Words = {
    Promotion.AT_ONCE: _l("The next person in line gets it at once"),
    Promotion.OFFER: _l("It is offered to the next person in line"),
    Promotion.BY_HAND: _l("You give it yourselves"),
}

PROMOTION_HINTS: Words = {
    Promotion.AT_ONCE: _l("The confirmation with the invitation for the calendar is sent without delay."),
    Promotion.OFFER: _l("The place is held meanwhile. When it is not taken in time, it is offered to the next person."),
    Promotion.BY_HAND: _l("It stays free until you choose somebody in the list of registrations."),
}

POLICY_WORDS: Words = {
    "waiting_list": _l("When places run out"),
    "promotion": _l("How a freed place is given"),
    "offer_hours": _l("Working hours to take an offered place"),
    "approval": _l("The organiser decides on each registration"),
    "allowed_domains": _l("Allowed mail domains"),
    "confirm_hours": _l("Hours to confirm the e-mail address"),
    "group_limit": _l("People in one go"),
    "remind_days": _l("Reminder (days before the start)"),
    "remind_hours": _l("Reminder (hours before the start)"),
    "day_phone": _l("Telephone number for the day of the event"),
    "materials_url": _l("Link to the materials"),
    "sends_thanks": _l("A thank-you after the event"),
}
"""The label of each setting of SignUpPolicy."""


def rules_sections() -> list[tuple[str, str]]:
    """The sections of the page, as (id, title), for the list of contents beside it."""
    return [
        ("places", _("When places run out")),
        ("freed", _("How a freed place is given")),
        ("who", _("Who may sign up")),
        ("confirming", _("Confirming the address")),
        ("group", _("Several people in one go")),
        ("reminders", _("Reminders and thank-you")),
    ]


def replaced_settings(typed: SignUpPolicy, present: SignUpPolicy) -> list[tuple[str, str, str]]:
    """What reads differently now than it was typed: label, the present value, the typed one."""
    return [
        (POLICY_WORDS[name], _value_words(name, present), _value_words(name, typed))
        for name in changed_names(typed, present)
    ]


def allowed_domains_words(allowed_domains: str) -> str:
    """For visitors: which addresses may sign up; '' when all may. For the hint at the field and for its error."""
    endings = ", ".join(endings_of(allowed_domains))
    return _("Only addresses with these endings can be signed up: %(endings)s.", endings=endings) if endings else ""


def freed_place_words(promotion: str, offer_hours: int) -> str:
    """For visitors: what becomes of a place that gets free while people wait."""
    if promotion == Promotion.OFFER:
        return ngettext(
            "Places that become free are offered by e-mail in the order of sign-up. An offer is good for %(num)d "
            "working hour.",
            "Places that become free are offered by e-mail in the order of sign-up. An offer is good for %(num)d "
            "working hours.",
            offer_hours,
        )
    if promotion == Promotion.BY_HAND:
        return _("The organiser gives the places that become free and tells people by e-mail.")
    return _("Places that become free go to the next people in the order of sign-up. They are told by e-mail.")


def promoted_words(promotion: str, promoted: int) -> str:
    """For the organiser: what a change of the rules did to the people in line; '' for nothing."""
    if not promoted:
        return ""
    if promotion == Promotion.OFFER:
        return ngettext(
            "%(num)d person of the waiting list was offered a place.",
            "%(num)d people of the waiting list were offered a place.",
            promoted,
        )
    return ngettext(
        "%(num)d person was moved up from the waiting list.",
        "%(num)d people were moved up from the waiting list.",
        promoted,
    )


def _value_words(name: str, policy: SignUpPolicy) -> str:
    value: Any = getattr(policy, name)
    if name == "waiting_list":
        return str(WAITING_LIST_WORDS[value])
    if name == "promotion":
        return str(PROMOTION_WORDS[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _("nothing") if value in (None, "") else str(value)
