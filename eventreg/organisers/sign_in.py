"""Signing in and out: Flask-Security does the hashing, the codes and the session, our views the talking.

Flask-Security's own views are not registered: their sentences lack Polish, they sign in on GET, and they
commit by themselves. `fs_uniquifier` is the mark that every session and every mailed link of an account
carries; renewing it ends them all (abuse 36).
"""

import base64
import hashlib
from datetime import datetime, timedelta

from flask import Flask, current_app, session
from flask_security import SQLAlchemyUserDatastore
from flask_security.utils import check_and_get_token_status, login_user, logout_user
from flask_security.utils import hash_password as hashed
from flask_security.utils import verify_password as is_password

from eventreg.config import Config
from eventreg.database import db, transaction
from eventreg.extensions import security
from eventreg.organisers import audit
from eventreg.organisers.models import Account, Role
from eventreg.organisers.queries import account_by_email, account_by_uniquifier
from eventreg.organisers.second_factor import OneTimeCodes
from eventreg.organisers.sign_in_rules import INVITATION_VALID, RESET_LINK_VALID


def install_security(app: Flask, config: Config) -> None:
    """Bind Flask-Security to the application, without its views, commands and token sign-in."""
    keys = (config.secret_key, *config.secret_key_fallbacks)
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  # the name of the method
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_PASSWORD_NORMALIZE_FORM="NFKC",  # noqa: S106  # a form of Unicode
        SECURITY_TWO_FACTOR=True,
        SECURITY_TWO_FACTOR_ENABLED_METHODS=["authenticator"],
        SECURITY_TOTP_SECRETS={str(len(keys) - n): _totp_key(key) for n, key in enumerate(keys)},
        SECURITY_TOTP_ISSUER=config.site_name.replace(":", " "),
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
    )
    security._totp_cls = OneTimeCodes
    security.init_app(app, SQLAlchemyUserDatastore(db, Account, Role), register_blueprint=False)
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]  # no token sign-in
    # Flask-Principal would look for a person before every public page too; nothing here asks it.
    before = app.before_request_funcs[None]
    before.remove(security.principal._on_before_request)


def _totp_key(secret_key: str) -> str:
    """The key that encrypts second factors in the database, derived so that the cookie's key is not used"
    " twice."""
    return base64.b64encode(hashlib.sha256(b"eventreg.totp\0" + secret_key.encode()).digest()).decode()


def check_credentials(email: str, password: str) -> Account | None:
    """The active account with this address and password, or None.

    One hash is computed whether or not there is such an account, so that the time tells nothing (abuse 35).
    """
    password = _normal(password)
    account = account_by_email(email)
    if account is None or not account.active or account.password is None:
        is_password(password, _hash_of_nobody())
        return None
    return account if is_password(password, account.password) else None


def is_own_password(account: Account, password: str) -> bool:
    """Whether the signed-in person knows the password (asked again before anything delicate)."""
    return account.password is not None and bool(is_password(_normal(password), account.password))


def open_session(account: Account) -> None:
    """Signs the person in, in a session made anew (abuse 36: nothing from before signing in survives)."""
    session.clear()
    login_user(account, remember=False)
    session.permanent = True


def close_all_sessions(account_id: int) -> None:
    """Ends every session of the account, here and on other machines, and every link mailed to it."""
    with transaction() as rows:
        account = rows.get_one(Account, account_id)
        security.datastore.set_uniquifier(account)


def sign_out(account_id: int) -> None:
    """Ends all sessions of the account, this one included."""
    close_all_sessions(account_id)
    logout_user()
    session.clear()


def store_password(account_id: int, password: str, generated: bool = False) -> None:
    """Sets a new password and ends all sessions and links; joins the open transaction."""
    with transaction() as rows:
        account = rows.get_one(Account, account_id)
        account.password = hashed(_normal(password))
        account.generated_password = generated
        security.datastore.set_uniquifier(account)


def change_password(account_id: int, password: str, action: str, now: datetime) -> Account:
    """A person sets a password: with the old one, or through an invitation or a reset link. Written in the"
    " trail."""
    with transaction() as rows:
        store_password(account_id, password)
        audit.record(account_id, action, now=now)
        return rows.get_one(Account, account_id)


def reset_token(account: Account) -> str:
    """For the link in a 'forgotten password' mail; dead after a new password, a sign-out, or a day."""
    return str(security.reset_serializer.dumps(account.fs_uniquifier))


def invitation_token(account: Account) -> str:
    """For the link in an invitation; dead once the password is set, or after two weeks."""
    return str(security.confirm_serializer.dumps(account.fs_uniquifier))


def account_of_reset(token: str) -> Account | None:
    """Whose password this link may set, or None when it is forged, used or too old."""
    return _account_of(token, "reset", RESET_LINK_VALID)


def account_of_invitation(token: str) -> Account | None:
    """Who was invited with this link, or None."""
    account = _account_of(token, "confirm", INVITATION_VALID)
    return account if account is not None and account.password is None else None


def _account_of(token: str, kind: str, within: timedelta) -> Account | None:
    if len(token) > 500:
        return None
    expired, invalid, uniquifier = check_and_get_token_status(token, kind, within)
    if expired or invalid or not isinstance(uniquifier, str):
        return None
    account = account_by_uniquifier(uniquifier)
    return account if account is not None and account.active else None


def _normal(password: str) -> str:
    """The same password typed on different keyboards is one (Flask-Security normalises at sign-in only)."""
    return str(security._password_util.normalize(password))


def _hash_of_nobody() -> str:
    """A hash made with the present settings, once per application."""
    known = current_app.extensions.setdefault("eventreg.hash_of_nobody", [])
    if not known:
        known.append(hashed("nobody has this password"))
    return str(known[0])
