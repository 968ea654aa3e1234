"""What comes in when an event is called off."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from eventreg.events.event_rules import REASON_LENGTH
from eventreg.organisers.panel_forms import PanelForm, length, stripped


class CancelForm(PanelForm):
    """Why the event does not take place; may be empty."""

    reason = TextAreaField(_l("Reason"), filters=[stripped], validators=[length(REASON_LENGTH)])
