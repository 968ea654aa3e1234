"""What a person reads on her own pages about what could not be done, or was done. All lazy."""

from flask_babel import lazy_gettext as _l

from eventreg.registrations.address_changing import CannotAsk
from eventreg.registrations.cancelling import CannotChange
from eventreg.registrations.holds_and_offers import Taken
from eventreg.registrations.substitution import CannotSubstitute

CANNOT_CHANGE_WORDS = {
    CannotChange.EVENT_OVER: _l("The event is over, so the registration stays as it is."),
    CannotChange.EVENT_CANCELLED: _l("The organiser has cancelled the event. Nothing needs to be done."),
    CannotChange.NO_PLACES: _l("All places are taken by now, so the registration could not be brought back."),
    CannotChange.NOT_YOURS_TO_RESTORE: _l(
        "This registration cannot be brought back here. In case of questions please write to the organiser."
    ),
    CannotChange.NOT_FOUND: _l("There is no such registration any more."),
}

TAKEN_WORDS = {
    Taken.TOO_LATE: _l("The time had run out before the button was pressed."),
    Taken.NO_PLACES: _l(
        "All places are taken and there is no waiting list, so the registration could not be accepted."
    ),
}
"""Only what is no success: the page itself shows where the person stands."""

CANNOT_SUBSTITUTE_WORDS = {
    CannotSubstitute.NOT_NOW: _l(
        "This registration holds no place and no position in line any more, so nobody can take it over."
    ),
    CannotSubstitute.SAME_PERSON: _l("This is the name and address of the person who is signed up now."),
    CannotSubstitute.NOT_POSSIBLE: _l(
        "This person cannot take the place: maybe the name is signed up already, or as many people as the organiser "
        "allows use this address. Please name somebody else or write to the organiser."
    ),
}

CANNOT_ASK_WORDS = {
    CannotAsk.NOT_NOW: _l("The registration is not valid any more, so its address stays as it is."),
    CannotAsk.SAME_ADDRESS: _l("This is the address that the registration has now."),
    CannotAsk.TOO_OFTEN: _l("The address was changed several times today. Please try again tomorrow."),
}
