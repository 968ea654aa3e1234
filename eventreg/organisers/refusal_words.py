"""What to tell somebody whose change of an account or a role was refused."""

from flask_babel import gettext as _

from eventreg.organisers.accounts import AccountRefusal


def refusal_words(refusal: AccountRefusal) -> str:
    """One sentence: why not, and what to do."""
    words: dict[AccountRefusal, str] = {
        AccountRefusal.LAST_ADMINISTRATOR: _("This is the last administrator. Please name another one first."),
        AccountRefusal.LAST_OWNER: _("This is the last owner of the organiser. Please name another one first."),
        AccountRefusal.NOT_FOUND: _("This account or role no longer exists."),
        AccountRefusal.HAS_PASSWORD: _("The password is set already; an invitation is not needed."),
    }
    return words[refusal]
