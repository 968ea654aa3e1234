"""The words on screen for questions, their kinds and what is wrong with them. All lazy."""

from flask_babel import lazy_gettext as _l

from eventreg.questions.editing_rules import DraftProblem

KIND_WORDS = {
    "short_text": _l("Answer in a few words"),
    "long_text": _l("Longer answer"),
    "one_of": _l("One of several options"),
    "several_of": _l("Any number of options"),
    "yes_no": _l("Yes or no"),
    "institution": _l("Institution, which browsers fill in by themselves"),
    "access_needs": _l("Support wanted, seen by owners only"),
}
"""In the order in which they are offered."""

DRAFT_PROBLEM_WORDS = {
    DraftProblem.NO_LABEL: _l("Please type the question."),
    DraftProblem.NO_PURPOSE: _l("Please say what the answer is for. RODO asks for it, and people read it."),
    DraftProblem.NO_REQUIRED_PURPOSE: _l("Please say why nobody can sign up without an answer."),
    DraftProblem.TOO_FEW_OPTIONS: _l("Please give more options to choose from."),
    DraftProblem.SAME_OPTION_TWICE: _l("The same option stands here twice."),
    DraftProblem.NEVER_REQUIRED: _l("Nobody has to say what support they want. Please leave the answer optional."),
}
