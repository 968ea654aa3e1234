"""Flask's extensions, unbound; `application.create_app` binds them."""

from ipaddress import ip_address, ip_network

from flask import request
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_migrate import Migrate
from flask_security import Security
from flask_wtf import CSRFProtect


def client_address() -> str:
    """Whom a rate limit counts: the client's address as the trusted proxies tell it."""
    return client_key(request.remote_addr or "")


def client_key(address: str) -> str:
    """An IPv4 address, or the /64 network of an IPv6 one: a household has that many, and could count as nobody."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        if parsed.ipv4_mapped is not None:  # a dual-stack socket names IPv4 clients so
            return str(parsed.ipv4_mapped)
        return str(ip_network((int(parsed) >> 64 << 64, 64)).network_address)
    return str(parsed)


babel = Babel()
compress = Compress()
csrf = CSRFProtect()
limiter = Limiter(key_func=client_address, headers_enabled=False)
migrate = Migrate()
security = Security()
