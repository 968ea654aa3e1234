"""Sessions exist under /panel only: visitors of the public pages never get a cookie, nor `Vary: Cookie`."""

from flask import Flask
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Request, Response

PANEL_PREFIX = "/panel"


def is_panel_path(path: str) -> bool:
    """Whether a path (without language prefix) belongs to the organiser's side."""
    return path == PANEL_PREFIX or path.startswith(PANEL_PREFIX + "/")


class _NoSession(SecureCookieSession):
    """What public pages see: an empty session that is never written to the answer."""

    @property
    def accessed(self) -> bool:
        """Never: nothing on a public page depends on a cookie."""
        return False

    @accessed.setter
    def accessed(self, value: bool) -> None:
        pass


class PanelSessionInterface(SecureCookieSessionInterface):
    """Flask's signed cookie, under the panel only."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The signed-in person's session, or an empty one outside the panel."""
        if not is_panel_path(request.path):
            return _NoSession()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Writes the cookie under the panel; does nothing elsewhere."""
        if not isinstance(session, _NoSession):
            super().save_session(app, session, response)
