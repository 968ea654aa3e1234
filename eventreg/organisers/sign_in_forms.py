"""What comes in when somebody signs in or sets a password."""

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, StringField, ValidationError

from eventreg.organisers.panel_forms import PanelForm, needed, stripped
from eventreg.organisers.password_rules import (
    LEAST_LENGTH,
    MOST_LENGTH,
    PasswordProblem,
    password_problem,
)

_LONGEST_TYPED = 1000
"""A longer 'password' is not even hashed."""


class SignInForm(PanelForm):
    """Address and password."""

    email = StringField(
        _l("E-mail address"), filters=[stripped], validators=[needed(_l("Please enter your e-mail address."))]
    )
    password = PasswordField(_l("Password"), validators=[needed(_l("Please enter your password."))])

    def credentials(self) -> tuple[str, str]:
        """The address in lower case and the password as typed."""
        return (self.email.data or "")[:254].lower(), (self.password.data or "")[:_LONGEST_TYPED]


class CodeForm(PanelForm):
    """Six digits from an authenticator."""

    code = StringField(
        _l("Code"), filters=[stripped], validators=[needed(_l("Please enter the six digits of the code."))]
    )


class ForgottenPasswordForm(PanelForm):
    """Where to send a link."""

    email = StringField(
        _l("E-mail address"), filters=[stripped], validators=[needed(_l("Please enter your e-mail address."))]
    )

    def address(self) -> str:
        """In lower case."""
        return (self.email.data or "")[:254].lower()


class NewPasswordForm(PanelForm):
    """A new password, twice; set `account_email` before validating."""

    account_email = ""

    password = PasswordField(_l("New password"), validators=[needed(_l("Please enter a new password."))])
    repeat = PasswordField(
        _l("New password once more"), validators=[needed(_l("Please enter the new password once more."))]
    )

    def validate_password(self, field: PasswordField) -> None:
        """Says what is wrong with the password."""
        problem = password_problem(field.data or "", self.account_email)
        if problem is not None:
            raise ValidationError(_problem_words(problem))

    def validate_repeat(self, field: PasswordField) -> None:
        """Both must be the same."""
        if field.data != self.password.data:
            raise ValidationError(str(_l("The two passwords differ. Please enter the same one twice.")))


class ChangePasswordForm(NewPasswordForm):
    """With the present password, so that an unlocked screen is not enough."""

    current_password = PasswordField(
        _l("Present password"), validators=[needed(_l("Please enter your present password."))]
    )

    def __iter__(self) -> Iterator[Field]:
        """The fields in the order of the page, so that the summary of errors follows it."""
        return iter([self.current_password, self.password, self.repeat])


class CurrentPasswordForm(PanelForm):
    """The present password alone, before something delicate."""

    current_password = PasswordField(
        _l("Present password"), validators=[needed(_l("Please enter your present password."))]
    )


def _problem_words(problem: PasswordProblem) -> str:
    words = {
        PasswordProblem.TOO_SHORT: _l(
            "The password is too short: at least %(least)d characters. A few words in a row are easy to remember.",
            least=LEAST_LENGTH,
        ),
        PasswordProblem.TOO_LONG: _l("The password is too long: at most %(most)d characters.", most=MOST_LENGTH),
        PasswordProblem.EASY_TO_GUESS: _l(
            "This password is easy to guess. Please choose a few words that do not belong together."
        ),
    }
    return str(words[problem])
