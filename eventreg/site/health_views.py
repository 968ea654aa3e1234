"""For those who watch the installation: is the process there, is it ready for visitors."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from eventreg.clock import now_utc
from eventreg.outbox.heartbeat import worker_state

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}, 200, {"Cache-Control": "no-store"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database answers (OperationalError becomes 503), and tells whether the mail worker lives.

    A silent worker delays mails and nothing else, so the site stays ready for visitors.
    """
    worker = "ok" if worker_state(now_utc()).is_alive else "silent"
    return {"database": "ok", "worker": worker}, 200, {"Cache-Control": "no-store"}
