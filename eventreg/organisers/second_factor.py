"""The second factor: codes of an authenticator (TOTP, RFC 6238), optional for each account."""

from datetime import datetime

from flask import session
from flask_security import Totp, UserMixin

from eventreg.database import transaction
from eventreg.extensions import security
from eventreg.organisers import audit
from eventreg.organisers.models import Account
from eventreg.organisers.queries import account_by_uniquifier
from eventreg.organisers.sign_in_rules import (
    CODE_WINDOW_SECONDS,
    SECOND_FACTOR_SETUP_WITHIN,
    SECOND_FACTOR_WITHIN,
)

_WAITING_ACCOUNT = "second_factor_for"
_WAITING_SINCE = "second_factor_since"
_SETUP_SECRET = "second_factor_setup"  # noqa: S105  # a session key; what stands there is encrypted
_SETUP_SINCE = "second_factor_setup_since"


class OneTimeCodes(Totp):
    """Codes of an authenticator; none is taken twice (RFC 6238, 5.2)."""

    def get_last_counter(self, user: UserMixin) -> int | None:
        """The time step of the code used last."""
        assert isinstance(user, Account)
        return user.tf_last_counter

    def set_last_counter(self, user: UserMixin, tmatch: object) -> None:
        """Remembers the time step of the code just used."""
        assert isinstance(user, Account)
        user.tf_last_counter = getattr(tmatch, "counter", None)


def has_second_factor(account: Account) -> bool:
    """Whether signing in asks this account for a code."""
    return account.tf_totp_secret is not None


def await_second_factor(account: Account, now: datetime) -> None:
    """Remembers that the password was right; the code has ten minutes."""
    session.clear()
    session[_WAITING_ACCOUNT] = account.fs_uniquifier
    session[_WAITING_SINCE] = int(now.timestamp())


def awaited_account(now: datetime) -> Account | None:
    """Whose code is awaited in this session, or None (then sign-in begins anew)."""
    uniquifier, since = session.get(_WAITING_ACCOUNT), session.get(_WAITING_SINCE, 0)
    if not isinstance(uniquifier, str) or now.timestamp() - since > SECOND_FACTOR_WITHIN.total_seconds():
        return None
    account = account_by_uniquifier(uniquifier)
    return account if account is not None and account.active and has_second_factor(account) else None


def is_code(account_id: int, code: str) -> bool:
    """Whether a code is the account's right now; a right one is used up."""
    with transaction() as rows:
        account = rows.get_one(Account, account_id, with_for_update=True)
        return account.tf_totp_secret is not None and _verified(code, account.tf_totp_secret, account)


def begin_second_factor_setup(now: datetime) -> str:
    """A new secret, kept encrypted in the session until a code proves that the authenticator has it."""
    since = session.get(_SETUP_SINCE, 0)
    secret = session.get(_SETUP_SECRET)
    if not isinstance(secret, str) or now.timestamp() - since > SECOND_FACTOR_SETUP_WITHIN.total_seconds():
        secret = str(security._totp_factory.generate_totp_secret())
        session[_SETUP_SECRET], session[_SETUP_SINCE] = secret, int(now.timestamp())
    return secret


def setup_values(account: Account, secret: str) -> tuple[str, str]:
    """What an authenticator is told: the address for its QR code, and the key to type."""
    factory = security._totp_factory
    return str(factory.get_totp_uri(account.email, secret)), str(factory.get_totp_pretty_key(secret))


def turn_on_second_factor(account_id: int, code: str, now: datetime) -> Account | None:
    """Stores the secret of the session if the code fits, and ends all sessions: the view opens a new one.

    None when the code does not fit, or when there is a second factor already.
    """
    secret = session.get(_SETUP_SECRET)
    if not isinstance(secret, str):
        return None
    with transaction() as rows:
        account = rows.get_one(Account, account_id)
        if has_second_factor(account) or not _verified(code, secret, account):
            return None
        account.tf_totp_secret, account.tf_primary_method = secret, "authenticator"
        security.datastore.set_uniquifier(account)
        audit.record(account_id, "second_factor_on", now=now)
        return account


def turn_off_second_factor(account_id: int, by_account_id: int | None, action: str, now: datetime) -> None:
    """From now on the password alone signs in; asked by the person or by the administrator."""
    with transaction() as rows:
        account = rows.get_one(Account, account_id)
        account.tf_totp_secret = account.tf_primary_method = account.tf_last_counter = None
        if by_account_id != account_id:
            security.datastore.set_uniquifier(account)
        audit.record(by_account_id, action, detail={"account": account_id}, now=now)


def _verified(code: str, secret: str, account: Account) -> bool:
    digits = code.replace(" ", "").replace("\u00a0", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return False
    return bool(security._totp_factory.verify_totp(digits, secret, account, window=CODE_WINDOW_SECONDS))
