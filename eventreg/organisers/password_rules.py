"""What makes a password acceptable: length and not being the first guess (NIST SP 800-63B, 3.1.1); nothing
else.

No mixture of signs is demanded and nothing expires: both make people choose worse passwords.
"""

import secrets
from enum import Enum

LEAST_LENGTH = 12
MOST_LENGTH = 128

_OBVIOUS = (
    "0987654321",
    "1234567890",
    "abcdefgh",
    "admin",
    "administrator",
    "eventreg",
    "haslo",
    "hasło",
    "jesien",
    "jesień",
    "krakow",
    "kraków",
    "lato",
    "letmein",
    "password",
    "polska",
    "qwerty",
    "test",
    "urzad",
    "urząd",
    "warszawa",
    "welcome",
    "wiosna",
    "witaj",
    "wydarzenia",
    "zaq12wsx",
    "zima",
)
"""Words that, repeated or with figures around them, are tried first."""

_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no l, o, 0, 1: it is read from a screen


class PasswordProblem(Enum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    EASY_TO_GUESS = "easy_to_guess"


def password_problem(password: str, email: str) -> PasswordProblem | None:
    """What is wrong with a new password for the account with this address, or None."""
    if len(password) < LEAST_LENGTH:
        return PasswordProblem.TOO_SHORT
    if len(password) > MOST_LENGTH:
        return PasswordProblem.TOO_LONG
    folded = password.casefold()
    mailbox = email.casefold().partition("@")[0]
    if len(set(folded)) < 5 or (len(mailbox) > 3 and _is_made_of(folded, mailbox)):
        return PasswordProblem.EASY_TO_GUESS
    if any(_is_made_of(folded, word) for word in _OBVIOUS):
        return PasswordProblem.EASY_TO_GUESS
    return None


def generated_password() -> str:
    """A password to begin with, to read out or print: 4 groups of 5 signs, 100 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def _is_made_of(password: str, word: str) -> bool:
    """Whether nothing but figures and punctuation remains when the word is taken out."""
    rest = password.replace(word, "")
    return rest != password and not any(sign.isalpha() for sign in rest)
