"""The settings of the site, and what the going-live list looks at."""

from collections.abc import Sequence

from sqlalchemy import func, select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import ADMINISTRATOR, Account, Organiser, Role
from eventreg.site.models import THE_ROW, SiteSettings


def stored_settings() -> SiteSettings | None:
    """The one row, or None before anything was set."""
    return db.session.get(SiteSettings, THE_ROW)


def sample_rows() -> int:
    """How many organisers and events are still the sample's."""
    organisers = db.session.scalar(select(func.count()).select_from(Organiser).where(Organiser.is_sample))
    events = db.session.scalar(select(func.count()).select_from(Event).where(Event.is_sample))
    return (organisers or 0) + (events or 0)


def organiser_count() -> int:
    """How many organisers there are, samples not counted."""
    return db.session.scalar(select(func.count()).select_from(Organiser).where(~Organiser.is_sample)) or 0


def accounts_with_generated_password() -> Sequence[str]:
    """Addresses of active accounts whose printed password was not changed."""
    return db.session.scalars(
        select(Account.email).where(Account.generated_password, Account.active).order_by(Account.email)
    ).all()


def administrator_addresses() -> Sequence[str]:
    """Addresses of the active administrators."""
    return db.session.scalars(
        select(Account.email)
        .where(Account.active, Account.roles.any(Role.name == ADMINISTRATOR))
        .order_by(Account.email)
    ).all()


def administrators_without_second_factor() -> Sequence[str]:
    """Addresses of active administrators who sign in with a password alone."""
    return db.session.scalars(
        select(Account.email)
        .where(Account.active, Account.tf_totp_secret.is_(None), Account.roles.any(Role.name == ADMINISTRATOR))
        .order_by(Account.email)
    ).all()
