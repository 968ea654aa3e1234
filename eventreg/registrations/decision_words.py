"""What came of a decision about many people, said in numbers: one sentence each, in the reader's language."""

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.registrations.approval import Decided, EventClosed
from eventreg.registrations.attendance import Marked, TooEarly


def decided_words(outcome: Decided | EventClosed) -> str:
    """What accepting or declining did."""
    if isinstance(outcome, EventClosed):
        return _("The event is cancelled or over, so the list stays as it is.")
    told = (
        (outcome.accepted, ngettext("%(num)d person admitted.", "%(num)d people admitted.", outcome.accepted)),
        (
            outcome.waitlisted,
            ngettext(
                "%(num)d person admitted without a place goes to the waiting list.",
                "%(num)d people admitted without a place go to the waiting list.",
                outcome.waitlisted,
            ),
        ),
        (outcome.declined, ngettext("%(num)d person not admitted.", "%(num)d people not admitted.", outcome.declined)),
        (
            outcome.promoted,
            ngettext(
                "%(num)d person from the waiting list was served.",
                "%(num)d people from the waiting list were served.",
                outcome.promoted,
            ),
        ),
        (
            outcome.no_place,
            ngettext(
                "For %(num)d person there is no place, so the decision is still open.",
                "For %(num)d people there is no place, so the decision is still open.",
                outcome.no_place,
            ),
        ),
        (
            outcome.unchanged,
            ngettext(
                "%(num)d registration had been decided or cancelled already and was left alone.",
                "%(num)d registrations had been decided or cancelled already and were left alone.",
                outcome.unchanged,
            ),
        ),
    )
    return " ".join(sentence for number, sentence in told if number)


def did_something(outcome: object) -> bool:
    """Whether a decision changed anything: green or amber."""
    match outcome:
        case Decided(accepted=accepted, waitlisted=waitlisted, declined=declined):
            return accepted + waitlisted + declined > 0
        case Marked(changed=changed):
            return changed > 0
        case _:
            return False


def marked_words(outcome: Marked | TooEarly) -> str:
    """What marking the attendance did."""
    if isinstance(outcome, TooEarly):
        return _("The attendance can be marked from the day of the event on.")
    told = (
        (
            outcome.changed,
            ngettext("Attendance marked for %(num)d person.", "Attendance marked for %(num)d people.", outcome.changed),
        ),
        (
            outcome.unchanged,
            ngettext(
                "%(num)d person was marked so already.", "%(num)d people were marked so already.", outcome.unchanged
            ),
        ),
        (
            outcome.without_place,
            ngettext(
                "%(num)d person has no place, so nothing was marked.",
                "%(num)d people have no place, so nothing was marked.",
                outcome.without_place,
            ),
        ),
    )
    return " ".join(sentence for number, sentence in told if number)
