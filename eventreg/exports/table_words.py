"""The words of an exported table in the language of the page it was asked for on."""

from flask_babel import gettext as _
from flask_babel import pgettext

from eventreg.exports.attendee_table import Column, TableWords


def table_words() -> TableWords:
    """Headings, states, sources and languages; needs a request or `in_locale`."""
    return TableWords(
        sheet=_("Registrations"),
        headings={
            Column.NUMBER.value: pgettext("column", "No."),
            Column.SURNAME.value: pgettext("column", "Surname"),
            Column.NAME.value: pgettext("column", "Name and surname"),
            Column.EMAIL.value: pgettext("column", "E-mail address"),
            Column.STATE.value: pgettext("column", "State"),
            Column.SIGNED_UP_AT.value: pgettext("column", "Signed up"),
            Column.CANCELLED_AT.value: pgettext("column", "Cancelled"),
            Column.SOURCE.value: pgettext("column", "How"),
            Column.LANGUAGE.value: pgettext("column", "Language"),
        },
        states={
            "confirmed": pgettext("state of a registration", "Confirmed"),
            "cancelled": pgettext("state of a registration", "Cancelled"),
        },
        sources={
            "web": pgettext("source of a registration", "Form on the page"),
            "panel": pgettext("source of a registration", "Added by the organiser"),
        },
        languages={
            "pl": pgettext("language of a person", "Polish"),
            "en": pgettext("language of a person", "English"),
        },
    )
