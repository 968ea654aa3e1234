"""The words on screen for importing a list: columns, verdicts, and why something cannot be read or added."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from eventreg.questions.question_rules import AnswerRefusal
from eventreg.registrations.import_columns_rules import ColumnFault, Role
from eventreg.registrations.import_judging_rules import (
    LONGEST_CASE_NUMBER,
    LONGEST_NOTE,
    LONGEST_TITLE,
    RowFault,
    Verdict,
)
from eventreg.registrations.importing import Imported, NotImported, Obstacle
from eventreg.registrations.unreadable_list_rules import MOST_COLUMNS, MOST_ROWS, CannotRead, Unreadable

ROLE_WORDS = {
    Role.IGNORE: lazy_pgettext("column of a list", "Leave out"),
    Role.NAME: lazy_pgettext("column of a list", "Name and surname"),
    Role.FIRST_NAME: lazy_pgettext("column of a list", "First name"),
    Role.SURNAME: lazy_pgettext("column of a list", "Surname"),
    Role.EMAIL: lazy_pgettext("column of a list", "E-mail address"),
    Role.NAME_AND_EMAIL: lazy_pgettext("column of a list", "Name and e-mail address in one"),
    Role.ACADEMIC_TITLE: lazy_pgettext("column of a list", "Academic title"),
    Role.CATEGORY: lazy_pgettext("column of a list", "Category: participant, speaker, guest or media"),
    Role.CASE_NUMBER: lazy_pgettext("column of a list", "Case number"),
    Role.NOTE: lazy_pgettext("column of a list", "Note for the office"),
}

VERDICT_WORDS = {
    Verdict.GOOD: lazy_pgettext("row of a list", "Will be added"),
    Verdict.DUPLICATE: lazy_pgettext("row of a list", "Passed over"),
    Verdict.WRONG: lazy_pgettext("row of a list", "To be corrected"),
}
VERDICT_TONES = {Verdict.GOOD: "good", Verdict.DUPLICATE: "quiet", Verdict.WRONG: "bad"}

COLUMN_FAULT_WORDS = {
    ColumnFault.NO_NAME: _l("Please say which column holds the name and surname."),
    ColumnFault.NO_EMAIL: _l("Please say which column holds the e-mail address."),
    ColumnFault.TWICE: _l("Two columns cannot hold the same thing. Please leave one of them out."),
    ColumnFault.TWO_KINDS_OF_NAME: _l(
        "Please choose either one column with the whole name, or the columns with the first name and the surname."
    ),
}

DRAFT_GONE = _l(
    "The uploaded list is no longer kept: it was imported, given up or replaced, or it waited longer than a day."
)

GIVEN_UP = _l("The uploaded list is deleted. Nobody was added.")


def unreadable_words(cannot: CannotRead) -> str:
    """Why a file is not read, and what to do."""
    if cannot.reason is Unreadable.TOO_MANY_ROWS:
        return _("The list has more than %(most)d rows. Please import it in parts.", most=MOST_ROWS)
    if cannot.reason is Unreadable.TOO_MANY_COLUMNS:
        return _(
            "The list has more than %(most)d columns (row %(row)d). Please delete those that are not needed.",
            most=MOST_COLUMNS,
            row=cannot.row,
        )
    if cannot.reason is Unreadable.OPEN_QUOTE:
        return _("A quotation mark in row %(row)d is opened and never closed. Please correct the file.", row=cannot.row)
    return {
        Unreadable.EMPTY: _("The file holds no rows. Please choose another one."),
        Unreadable.TOO_LARGE: _("The file is larger than 2 MB. Please import the list in parts."),
        Unreadable.OLD_EXCEL: _(
            "This is a workbook of an older Excel (.xls), or one with a password. "
            "Please save it as .xlsx without a password."
        ),
        Unreadable.OTHER_KIND: _("This is not a list in CSV or XLSX. Please save the list in one of these formats."),
        Unreadable.DAMAGED: _(
            "The workbook is damaged or contains things that a list does not need. "
            "Please save it again as .xlsx, or as CSV."
        ),
        Unreadable.UNPACKS_TOO_FAR: _(
            "The workbook becomes too large when it is unpacked. Please save only the sheet with the list, as CSV."
        ),
    }[cannot.reason]


def not_imported_words(result: NotImported) -> str:
    """Why nobody was added, and what to do."""
    if result.obstacle is Obstacle.WRONG_ROWS:
        return ngettext(
            "Nobody was added: %(num)d row is to be corrected. Please correct the file or tick to leave it out.",
            "Nobody was added: %(num)d rows are to be corrected. Please correct the file or tick to leave them out.",
            result.number,
        )
    if result.obstacle is Obstacle.TOO_FEW_PLACES:
        return ngettext(
            "Nobody was added: %(num)d place is missing. Please choose what is to happen.",
            "Nobody was added: %(num)d places are missing. Please choose what is to happen.",
            result.number,
        )
    if result.obstacle is Obstacle.OPTION_FULL:
        return _(
            "Nobody was added: from row %(row)d on there are no places left for: %(options)s.",
            row=result.number,
            options="; ".join(result.labels),
        )
    if result.obstacle is Obstacle.NOT_OPEN:
        return _("The event is cancelled or in the archive, so nobody can be added.")
    return _("Nobody was added: every row of the list is to be corrected.")


def imported_words(done: Imported, *, told: bool) -> str:
    """What has happened, in a few sentences."""
    if not done.added and not done.waiting:
        return ngettext(
            "Nobody was added: the only person of the list is on it already.",
            "Nobody was added: all %(num)d are on the list already.",
            done.duplicates,
        )
    said = [ngettext("%(num)d person has been added.", "%(num)d people have been added.", done.added)]
    if done.waiting:
        said.append(
            ngettext("%(num)d person is on the waiting list.", "%(num)d people are on the waiting list.", done.waiting)
        )
    if done.duplicates:
        said.append(
            ngettext("%(num)d duplicate was passed over.", "%(num)d duplicates were passed over.", done.duplicates)
        )
    if done.wrong:
        said.append(ngettext("%(num)d wrong row was left out.", "%(num)d wrong rows were left out.", done.wrong))
    said.append(_("The mails are on their way.") if told else _("No mails were sent."))
    return " ".join(said)


def answer_words(kind: AnswerRefusal, label: str) -> str:
    """Why an answer in a row cannot be kept."""
    if kind is AnswerRefusal.TOO_LONG:
        return _("The answer is too long: %(question)s.", question=label)
    if kind is AnswerRefusal.FULL:
        return _("What is chosen has no places left: %(question)s.", question=label)
    if kind is AnswerRefusal.ONE_ONLY:
        return _("Only one thing can be chosen: %(question)s.", question=label)
    return _("The answer is none of those that can be chosen: %(question)s.", question=label)


def fault_words(fault: RowFault, row: int) -> str:
    """What else is said of a row; `row` is the earlier row of the same person."""
    return {
        RowFault.TWICE_IN_FILE: _("The same person stands in row %(row)d already.", row=row),
        RowFault.ON_LIST: _("This person is on the list of registrations already."),
        RowFault.CANCELLED: _("The registration of this person was cancelled. It can be brought back on its own page."),
        RowFault.DECLINED: _("The registration of this person was not admitted."),
        RowFault.UNKNOWN_CATEGORY: _("The category is unknown. It can be: participant, speaker, guest or media."),
        RowFault.TITLE_TOO_LONG: _("The academic title is too long: at most %(most)d characters.", most=LONGEST_TITLE),
        RowFault.CASE_NUMBER_TOO_LONG: _(
            "The case number is too long: at most %(most)d characters.", most=LONGEST_CASE_NUMBER
        ),
        RowFault.NOTE_TOO_LONG: _("The note is too long: at most %(most)d characters.", most=LONGEST_NOTE),
    }[fault]
