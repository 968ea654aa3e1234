"""What the waiting list does by itself, in words for the organiser."""

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from eventreg.events.models import Event


def automatic_words(event: Event, now: datetime) -> str:
    """What happens to a place that gets free now; the rule is waiting_list_rules.gives_places_by_itself."""
    if event.state in ("cancelled", "archived") or now >= event.ends_at:
        return _("The event is cancelled or over, so the list stays as it is.")
    if event.state == "draft":
        return _("The event is not published yet, so no place is given by itself.")
    if now >= event.starts_at:
        return _("The event has begun, so no place is given by itself any more. You may give places by hand.")
    if event.waiting_list == "always":
        return _("Every sign-up comes to the waiting list, and you give the places by hand.")
    if event.promotion == "by_hand":
        return _("A place that becomes free stays free until you give it to somebody by hand.")
    if event.promotion == "offer":
        return ngettext(
            "A place that becomes free is offered to the first person in line by mail and held for %(num)d working"
            " hour. If it is not taken, it is offered to the next person.",
            "A place that becomes free is offered to the first person in line by mail and held for %(num)d working"
            " hours. If it is not taken, it is offered to the next person.",
            event.offer_hours,
        )
    return _("A place that becomes free goes at once to the first person in line, with a mail and the invitation.")
