"""What happens after a sign-up, for the thanks page: told from the event's public state, never from the person.

Whoever posts the form reads the same, known or not, with a place or in line (abuse 16); her own mail tells the rest.
"""

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.events.models import Event
from eventreg.events.sign_up_policy_rules import WaitingList
from eventreg.events.sign_up_policy_words import freed_place_words
from eventreg.events.sign_up_window_rules import Places, places_of


def steps_after_sign_up(event: Event) -> list[str]:
    """The steps in their order, as sentences in the reader's language."""
    steps = [_confirm_words(event.confirm_hours), _later_words(event)] if event.confirm_hours else [_first_words(event)]
    if event.approval:
        steps.append(
            _(
                "The organiser decides on each registration. The decision will come by e-mail, for a place together "
                "with an invitation for the calendar."
            )
        )
    elif event.waiting_list == WaitingList.ALWAYS:
        steps.append(_("The organiser gives the places and tells everybody by e-mail."))
    elif may_wait(event):
        steps.append(freed_place_words(event.promotion, event.offer_hours))
    steps.append(_("Each mail about the registration has a link for checking or cancelling it."))
    return [step for step in steps if step]


def may_wait(event: Event) -> bool:
    """Whether somebody who signed up a moment ago may have come to the waiting list.

    Judged with a margin: the last place may be gone between the sign-up and the reading of the page.
    """
    if event.waiting_list != WaitingList.WHEN_FULL:
        return False
    places = places_of(event.capacity, event.places_taken)
    return event.waiting_count > 0 or places in (Places.LAST, Places.NONE)


def _confirm_words(hours: int) -> str:
    return ngettext(
        "In a few minutes a mail will arrive at the address given. Please open its link and confirm the address within "
        "%(num)d hour, or the registration expires.",
        "In a few minutes a mail will arrive at the address given. Please open its link and confirm the address within "
        "%(num)d hours, or the registration expires.",
        hours,
    )


def _later_words(event: Event) -> str:
    """What the mail after the confirmation of the address says; '' when a later step says it."""
    if event.approval:
        return ""
    if event.waiting_list == WaitingList.ALWAYS:
        return _("After that the registration is on the waiting list.")
    if may_wait(event):
        return _("After that another mail says whether there is a place or the registration is on the waiting list.")
    return _("After that another mail brings the confirmation and an invitation for the calendar.")


def _first_words(event: Event) -> str:
    if event.approval:
        return _("In a few minutes a mail will arrive at the address given. It confirms the receipt.")
    if event.waiting_list == WaitingList.ALWAYS:
        return _("In a few minutes a mail about the waiting list will arrive at the address given.")
    if may_wait(event):
        return _(
            "In a few minutes a mail will arrive at the address given. It says whether there is a place or the "
            "registration is on the waiting list."
        )
    return _(
        "In a few minutes a mail will arrive at the address given, with the confirmation and an invitation for the "
        "calendar."
    )
