"""The words of an exported table in the language of the page it was asked for on."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext

from eventreg.exports.attendee_table import Column, TableWords
from eventreg.registrations import attendee_words


def table_words() -> TableWords:
    """Headings, and the words for whatever the program keeps as a code; needs a request or `in_locale`."""
    return TableWords(
        sheet=_("Registrations"),
        headings=_headings(),
        states=_said(attendee_words.STATE_WORDS),
        sources=_said(attendee_words.SOURCE_WORDS),
        languages={
            "pl": pgettext("language of a person", "Polish"),
            "en": pgettext("language of a person", "English"),
        },
        categories=_said(attendee_words.CATEGORY_WORDS),
        channels=_said({code: word for code, word in attendee_words.CHANNEL_WORDS.items() if code}),
        attendance={
            True: str(attendee_words.ATTENDANCE_WORDS[True]),
            False: str(attendee_words.ATTENDANCE_WORDS[False]),
        },
    )


def _headings() -> dict[str, str]:
    return {
        Column.NUMBER.value: pgettext("column", "No."),
        Column.SURNAME.value: pgettext("column", "Surname"),
        Column.NAME.value: pgettext("column", "Name and surname"),
        Column.ACADEMIC_TITLE.value: pgettext("column", "Academic title"),
        Column.EMAIL.value: pgettext("column", "E-mail address"),
        Column.STATE.value: pgettext("column", "State"),
        Column.WAITING_POSITION.value: pgettext("column", "Position on the waiting list"),
        Column.CATEGORY.value: pgettext("column", "Category"),
        Column.ATTENDED.value: pgettext("column", "Attendance"),
        Column.STANDS_FOR.value: pgettext("column", "Stands in for"),
        Column.SIGNED_UP_AT.value: pgettext("column", "Signed up"),
        Column.CANCELLED_AT.value: pgettext("column", "Cancelled"),
        Column.REASON.value: pgettext("column", "Reason"),
        Column.SOURCE.value: pgettext("column", "How"),
        Column.CHANNEL.value: pgettext("column", "Channel"),
        Column.CASE_NUMBER.value: pgettext("column", "Case number"),
        Column.LANGUAGE.value: pgettext("column", "Language"),
        Column.INVITATION_SENT_AT.value: pgettext("column", "Invitation sent"),
        Column.INVITATION_SEQUENCE.value: pgettext("column", "Invitation: SEQUENCE"),
        Column.NOTE.value: pgettext("column", "Note of the office"),
    }


def _said(words: Mapping[str, Any]) -> dict[str, str]:
    """Lazy words, said in the language of this moment."""
    return {code: str(word) for code, word in words.items()}
