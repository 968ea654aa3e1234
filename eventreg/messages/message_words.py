"""The words on screen for messages: states, audiences, answers that can be chosen, why a text is not taken."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext, ngettext

from eventreg.messages.audience_rules import (
    ANSWER_KINDS,
    ATTENDED,
    Answer,
    Attendance,
    Audience,
    AudienceKind,
    read_audience,
)
from eventreg.messages.message_rules import (
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    WORDS,
    Placeholder,
    Refused,
    TextRefusal,
)
from eventreg.messages.models import EventMessage
from eventreg.questions.queries import all_questions
from eventreg.questions.ready_made_rules import in_language, yes_or_no
from eventreg.registrations import attendee_words

STATE_WORDS = {
    "draft": lazy_pgettext("state of a message", "Draft"),
    "sending": lazy_pgettext("state of a message", "Being sent"),
    "paused": lazy_pgettext("state of a message", "Paused"),
    "stopped": lazy_pgettext("state of a message", "Stopped"),
    "done": lazy_pgettext("state of a message", "Sent"),
}
STATE_TONES = {"draft": "quiet", "sending": "info", "paused": "last", "stopped": "bad", "done": "good"}

KIND_WORDS = {
    AudienceKind.ALL: _l("Everybody who is signed up"),
    AudienceKind.STATES: _l("By the state of the registration"),
    AudienceKind.ANSWER: _l("By an answer"),
    AudienceKind.CATEGORY: _l("By category"),
    AudienceKind.ATTENDANCE: _l("By attendance"),
    AudienceKind.PICKED: _l("People picked from the list"),
}

ATTENDANCE_WORDS = {attendance: attendee_words.ATTENDANCE_WORDS[said] for attendance, said in ATTENDED.items()}

PLACEHOLDER_WORDS = {
    Placeholder.NAME: _l("name of the recipient"),
    Placeholder.EVENT: _l("title of the event"),
    Placeholder.DATE: _l("date and time"),
    Placeholder.PLACE: _l("venue and address"),
    Placeholder.LINK: _l("link to the recipient's own page"),
    Placeholder.ORGANISER: _l("name of the organiser"),
}


def placeholders_in(language: str) -> list[tuple[str, str]]:
    """('{name}', what it stands for) for each, as the panel's language writes it."""
    words = WORDS.get(language, WORDS["en"])
    return [(f"{{{words[placeholder]}}}", str(meaning)) for placeholder, meaning in PLACEHOLDER_WORDS.items()]


def subject_refusal_words(refused: Refused) -> str:
    """Why this subject is not taken."""
    match refused.why:
        case TextRefusal.EMPTY:
            return _("Please write a subject.")
        case TextRefusal.TOO_LONG:
            return _("Please shorten this: at most %(max)d characters.", max=LONGEST_SUBJECT)
        case TextRefusal.CONTROL_CHARACTER:
            return _("The subject has to be one line without control characters.")
        case TextRefusal.LINK_IN_SUBJECT:
            return _("%(placeholder)s cannot stand in the subject, only in the text.", placeholder=refused.what)
        case TextRefusal.UNKNOWN_PLACEHOLDER:
            return _unknown_placeholder_words(refused)


def text_refusal_words(refused: Refused) -> str:
    """Why this text is not taken."""
    match refused.why:
        case TextRefusal.EMPTY:
            return _("Please write the text of the message.")
        case TextRefusal.TOO_LONG:
            return _("Please shorten this: at most %(max)d characters.", max=LONGEST_TEXT)
        case TextRefusal.CONTROL_CHARACTER:
            return _("The text holds control characters. Please paste it as plain text.")
        case _:
            return _unknown_placeholder_words(refused)


def answer_choices(event_id: int, language: str) -> list[tuple[str, str]]:
    """(key, 'Question: answer') for every answer of an event that can be chosen as an audience."""
    choices = []
    for question in all_questions(event_id):
        if question.kind not in ANSWER_KINDS:
            continue
        asked = in_language(question, language)
        for option in asked.options:
            choices.append((Answer(option_id=option.id).key, f"{asked.label}: {option.label}"))
        if question.kind == "yes_no":
            for says in ("yes", "no"):
                key = Answer(question_id=question.id, says=says).key
                choices.append((key, f"{asked.label}: {yes_or_no(says, language)}"))
    return choices


def audience_words(message: EventMessage, language: str) -> str:
    """To whom a message goes, in one line."""
    audience = read_audience(message.audience)
    match audience.kind:
        case AudienceKind.ALL:
            return str(KIND_WORDS[audience.kind])
        case AudienceKind.STATES:
            return _("State: %(values)s", values=_listed(attendee_words.STATE_WORDS, audience))
        case AudienceKind.CATEGORY:
            return _("Category: %(values)s", values=_listed(attendee_words.CATEGORY_WORDS, audience))
        case AudienceKind.ATTENDANCE:
            return _("Attendance: %(values)s", values=_listed(ATTENDANCE_WORDS, audience))
        case AudienceKind.PICKED:
            return ngettext("%(num)d person picked", "%(num)d people picked", len(audience.ids))
        case AudienceKind.ANSWER:
            return dict(answer_choices(message.event_id, language)).get(audience.values[0], _("Answer"))


def _listed(words: dict[str, str] | dict[Attendance, str], audience: Audience) -> str:
    said = {str(key): str(word) for key, word in words.items()}
    return ", ".join(said.get(value, value) for value in audience.values)


def _unknown_placeholder_words(refused: Refused) -> str:
    return _("%(placeholder)s is not one of the placeholders below.", placeholder=refused.what)
