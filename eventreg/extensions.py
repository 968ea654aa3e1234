"""Flask's extensions, unbound; `application.create_app` binds them."""

from flask import request
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_security import Security
from flask_wtf import CSRFProtect


def client_address() -> str:
    """Whom a rate limit counts: the client's address as the trusted proxies tell it."""
    return request.remote_addr or "unknown"


babel = Babel()
compress = Compress()
csrf = CSRFProtect()
limiter = Limiter(key_func=client_address, headers_enabled=False)
migrate = Migrate()
security = Security()
