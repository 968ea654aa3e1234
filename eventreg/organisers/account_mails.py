"""Which mail is due to the people who work in the panel. They carry no organiser: their links are nobody
else's."""

from datetime import datetime

from flask import current_app

from eventreg.links import absolute_url
from eventreg.organisers.models import Account
from eventreg.organisers.sign_in_rules import INVITATION_VALID, RESET_LINK_VALID
from eventreg.outbox.mail_facts import AccountMailFacts
from eventreg.outbox.queue import MailOrder, enqueue


def account_invited(account: Account, token: str, organiser_name: str, now: datetime) -> None:
    """A link with which a new person sets her password; `organiser_name` may be empty (the administrator)."""
    link = absolute_url("sign_in.accept_invitation", account.language, token=token)
    enqueue(_order("account_invited", account, link, INVITATION_VALID.total_seconds(), organiser_name), now)


def password_reset(account: Account, token: str, now: datetime) -> None:
    """A link with which a person who forgot her password sets a new one.

    Not held back by the quota of the address, which strangers can use up by signing it up for events; these mails have
    a limit of their own (sign_in_rules.RESET_MAILS_PER_ACCOUNT).
    """
    link = absolute_url("sign_in.reset_password", account.language, token=token)
    order = _order("password_reset", account, link, RESET_LINK_VALID.total_seconds(), "")
    enqueue(order, now, within_quota=False)


def _order(occasion: str, account: Account, link: str, valid_seconds: float, organiser_name: str) -> MailOrder:
    facts = AccountMailFacts(
        link=link,
        site_name=current_app.extensions["eventreg.config"].site_name,
        account_email=account.email,
        account_name=account.name,
        organiser_name=organiser_name,
        valid_hours=int(valid_seconds // 3600),
    )
    return MailOrder(
        occasion=occasion,
        to_address=account.email,
        to_name=account.name,
        language=account.language,
        facts=facts,
        account_id=account.id,
    )
