"""For those who watch the installation: is the process there, is it ready for visitors."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from eventreg.database import db

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return {"status": "ok"}, 200, {"Cache-Control": "no-store"}


@blueprint.get("/readyz")
def readyz() -> ResponseReturnValue:
    """The database answers; OperationalError becomes 503."""
    db.session.execute(text("SELECT 1"))
    return {"database": "ok"}, 200, {"Cache-Control": "no-store"}
