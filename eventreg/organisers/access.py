"""Who may open what in the panel.

Every view under /panel names its access with one of the decorators here; a view that names none is not
reachable at all (`panel_guard_views`). A stranger is told 404, never 403: that something exists is already an
answer (abuse 28, 35).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import abort, g
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import ADMINISTRATOR, Account, Organiser
from eventreg.organisers.queries import organisers_by_ids, roles_of

View = Callable[..., ResponseReturnValue]

_ADMITS = {"owner": ("owner",), "editor": ("owner", "editor"), "door": ("owner", "editor", "door")}
"""Asking for a role admits those above it too."""

DEFAULT_ROLES = ("owner", "editor")


@dataclass(frozen=True, slots=True)
class PanelAccess:
    """What a view asks of the one who opens it: 'anyone', 'signed_in', 'member' of some organiser,"
    " 'administrator'."""

    who: str
    roles: tuple[str, ...] = ()


def access_of(view: Callable[..., Any]) -> PanelAccess | None:
    """The access a view names, or None."""
    access = view.__dict__.get("panel_access")
    return access if isinstance(access, PanelAccess) else None


def current_account() -> Account:
    """The signed-in person, or 401 (panel_guard_views makes the sign-in page of it)."""
    if not current_user or not current_user.is_authenticated:
        abort(401)
    account = current_user._get_current_object()
    assert isinstance(account, Account)
    return account


def is_signed_in() -> bool:
    """Whether somebody is signed in, for views that are open to all."""
    return bool(current_user and current_user.is_authenticated)


def is_administrator(account: Account) -> bool:
    """Whether the account cares for the whole site."""
    return any(role.name == ADMINISTRATOR for role in account.roles)


def open_to_all(view: View) -> View:
    """For the sign-in pages: no session needed."""
    view.__dict__["panel_access"] = PanelAccess("anyone")
    return view


def require_sign_in(view: View) -> View:
    """For everybody with an account; what is shown must be scoped with event_for or organiser_for."""
    return _guarded(view, PanelAccess("signed_in"), lambda: None)


def require_site_administrator(view: View) -> View:
    """For the administrator; 404 for everybody else."""

    def check() -> None:
        if not is_administrator(current_account()):
            abort(404)

    return _guarded(view, PanelAccess("administrator"), check)


def require_organiser_role(*roles: str) -> Callable[[View], View]:
    """For those who have one of the roles for at least one organiser; 404 for others.

    Views on one event or organiser still ask event_for or organiser_for, which take these roles as their
    default.
    """
    wanted = roles or DEFAULT_ROLES

    def decorate(view: View) -> View:
        def check() -> None:
            g.panel_roles = wanted
            if not _organiser_ids(wanted):
                abort(404)

        return _guarded(view, PanelAccess("member", tuple(wanted)), check)

    return decorate


def event_for(slug: str, *roles: str) -> Event:
    """The event at this address if the signed-in person has one of the roles for its organiser; else 404.

    Without roles: those of the view's require_organiser_role, else owner and editor.
    """
    allowed = _organiser_ids(roles or g.get("panel_roles", DEFAULT_ROLES))
    event = db.session.scalar(select(Event).where(Event.slug == slug, Event.organiser_id.in_(allowed)))
    if event is None:
        abort(404)
    return event


def organiser_for(slug: str, *roles: str) -> Organiser:
    """The organiser at this address if the signed-in person has one of the roles there; else 404."""
    allowed = _organiser_ids(roles or g.get("panel_roles", DEFAULT_ROLES))
    organiser = db.session.scalar(select(Organiser).where(Organiser.slug == slug, Organiser.id.in_(allowed)))
    if organiser is None:
        abort(404)
    return organiser


def organisers_with_role(*roles: str) -> Sequence[Organiser]:
    """The organisers for which the signed-in person has one of the roles, by name; maybe none."""
    return organisers_by_ids(_organiser_ids(roles or DEFAULT_ROLES))


def has_role(organiser_id: int, *roles: str) -> bool:
    """Whether the signed-in person has one of the roles for this organiser."""
    return organiser_id in _organiser_ids(roles)


def _organiser_ids(roles: Sequence[str]) -> list[int]:
    account = current_account()
    if "panel_memberships" not in g:
        g.panel_memberships = roles_of(account.id)
    admitted = {admitted for role in roles for admitted in _ADMITS[role]}
    return [organiser_id for organiser_id, role in g.panel_memberships.items() if role in admitted]


def _guarded(view: View, access: PanelAccess, check: Callable[[], None]) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        current_account()
        check()
        return view(*args, **kwargs)

    guarded.__dict__["panel_access"] = access
    return guarded
