"""Which client sends a form, as a mark that names nobody.

Mail quotas count on it in the database (abuse 15). A mark is a keyed hash of the client's network address and the day:
it tells two clients apart for a day, and nobody without the key can turn it back.
"""

import hashlib
import hmac
from datetime import datetime

from flask import current_app, has_request_context, request

from eventreg.extensions import client_address


def asking_client(now: datetime) -> str:
    """The mark of the stranger whose form is being worked on; '' for the panel, the worker and commands.

    '' too where rate limits are off, which is for load tests.
    """
    if not has_request_context() or request.method != "POST" or request.path.startswith("/panel"):
        return ""
    if not current_app.config["RATELIMIT_ENABLED"]:
        return ""
    said = f"{now:%Y-%m-%d} {client_address()}".encode()
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"eventreg.client " + said, hashlib.sha256).hexdigest()[:32]
