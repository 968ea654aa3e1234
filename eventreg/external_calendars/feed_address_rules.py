"""Which addresses may be asked for a calendar: http(s) of public hosts, on the ports of web servers (abuse 14)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urljoin, urlsplit

LONGEST_ADDRESS = 500
"""Characters; the column holds no more."""

PORTS = frozenset({80, 443, 8080, 8443})
"""Where web servers listen; on others live mail servers, databases and the like, which must not be knocked at."""

_KEPT = "%/:=&?~+!$,;'@()*[]-._"
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LOOKS_NUMERIC = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")

_NOT_PUBLIC = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        "224.0.0.0/4", "240.0.0.0/4",
        "168.63.129.16/32",  # public by number, but inside Azure the host's own control address
        "::/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "4000::/2", "8000::/1",
    )
)  # fmt: skip
"""IANA's special-purpose registries (RFC 6890), written out because Python's own lists differ between its versions.

Of IPv6 only 2000::/3 is given to anybody: beside it lie loopback, link-local and private networks, multicast and old
ways to wrap IPv4 (::127.0.0.1, ::ffff:0:127.0.0.1). In it 2001::/23 holds Teredo, 2002::/16 is 6to4: both could wrap a
private IPv4 address, and no web server lives there.
"""

_NAT64 = ip_network("64:ff9b::/96")


class AddressFault(StrEnum):
    """Why an address is refused."""

    SCHEME = "scheme"
    """Neither http, https nor webcal."""
    USER = "user"
    """With a user's name or password."""
    HOST = "host"
    """Without a host name, or one that no name server could know."""
    PORT = "port"
    PRIVATE = "private"
    """The host is, or leads to, an address that is not public."""
    DOWNGRADE = "downgrade"
    """A redirect from https to http."""
    TOO_LONG = "too_long"


class AddressRefusedError(ValueError):
    """An address that is not asked; `fault` tells why."""

    def __init__(self, fault: AddressFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """The parts of an address that may be asked, once its host's IP addresses were judged, too."""

    scheme: str
    host: str  # in ASCII and lower case; an IPv6 address without brackets
    port: int
    target: str  # path and query

    @property
    def netloc(self) -> str:
        """As in the Host header: without the scheme's own port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address, as it is stored."""
        return f"{self.scheme}://{self.netloc}{self.target}"


def read_feed_address(text: str, internal_hosts: Iterable[str] = ()) -> FeedAddress:
    """The address in parts; webcal:// means https://. Raises AddressRefusedError.

    `internal_hosts` are names (or name:port) in the own network that may be asked all the same; a name alone opens
    the usual PORTS. IP addresses count in their one plain notation only: 0x7f000001, 2130706433 and 0177.1 are refused.
    """
    stripped = text.strip()
    if any(sign.isspace() or not sign.isprintable() for sign in stripped) or "\\" in stripped:
        raise AddressRefusedError(AddressFault.HOST)
    try:
        parts = urlsplit(stripped)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefusedError(AddressFault.HOST) from error
    scheme = {"webcal": "https", "webcals": "https"}.get(parts.scheme.lower(), parts.scheme.lower())
    if scheme not in ("http", "https"):
        raise AddressRefusedError(AddressFault.SCHEME)
    if "@" in parts.netloc:
        raise AddressRefusedError(AddressFault.USER)
    if port is None:
        port = 443 if scheme == "https" else 80
    target = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    address = FeedAddress(scheme, _read_host(host), port, target)
    is_internal = _is_internal(address, internal_hosts)
    if address.port not in PORTS and not is_internal:
        raise AddressRefusedError(AddressFault.PORT)
    if _is_literal(address.host) and not is_internal and not may_be_asked(address.host):
        raise AddressRefusedError(AddressFault.PRIVATE)
    if len(address.url) > LONGEST_ADDRESS:
        raise AddressRefusedError(AddressFault.TOO_LONG)
    return address


def redirect_address(before: FeedAddress, location: str, internal_hosts: Iterable[str] = ()) -> FeedAddress:
    """Where a redirect leads, judged as if it had been typed. Raises AddressRefusedError, also for https to http.

    From outside no redirect leads into the own network, to hosts that may be asked there neither.
    """
    try:
        joined = urljoin(before.url, location.strip())
    except ValueError as error:
        raise AddressRefusedError(AddressFault.HOST) from error
    if not joined.lower().startswith(("http:", "https:")):
        raise AddressRefusedError(AddressFault.SCHEME)
    address = read_feed_address(joined, internal_hosts)
    if before.scheme == "https" and address.scheme == "http":
        raise AddressRefusedError(AddressFault.DOWNGRADE)
    if _is_internal(address, internal_hosts) and not _is_internal(before, internal_hosts):
        raise AddressRefusedError(AddressFault.PRIVATE)
    return address


def judged_ips(address: FeedAddress, ips: Iterable[str], internal_hosts: Iterable[str] = ()) -> tuple[str, ...]:
    """The IP addresses of the host, in their order, when every one of them may be asked.

    One private among them refuses all: a name that leads both ways is a trap. Raises AddressRefusedError.
    """
    found = tuple(dict.fromkeys(ips))
    if not _is_internal(address, internal_hosts) and not all(may_be_asked(ip) for ip in found):
        raise AddressRefusedError(AddressFault.PRIVATE)
    return found


def public_front_page(feed_url: str, internal_hosts: Iterable[str] = ()) -> str:
    """The front page of a calendar's host, as visitors may read it; '' when the host is one of the own network."""
    try:
        address = read_feed_address(feed_url, internal_hosts)
    except AddressRefusedError:
        return ""
    return "" if _is_internal(address, internal_hosts) else f"{address.scheme}://{address.netloc}/"


def may_be_asked(ip: str) -> bool:
    """Whether an IP address is one of the public Internet; those that wrap an IPv4 address are judged by that one."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(ip)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        if parsed.scope_id is not None:
            return False
        wrapped = parsed.ipv4_mapped or (IPv4Address(int(parsed) & 0xFFFFFFFF) if parsed in _NAT64 else None)
        if wrapped is not None:
            return may_be_asked(str(wrapped))
    return parsed.is_global and not any(
        parsed in network for network in _NOT_PUBLIC if network.version == parsed.version
    )


def _is_internal(address: FeedAddress, internal_hosts: Iterable[str]) -> bool:
    host = f"[{address.host}]" if ":" in address.host else address.host
    entries = {entry.lower() for entry in internal_hosts}
    return f"{host}:{address.port}" in entries or (host in entries and address.port in PORTS)


def _is_literal(host: str) -> bool:
    return ":" in host or _LOOKS_NUMERIC.fullmatch(host.rsplit(".", 1)[-1]) is not None


def _read_host(host: str) -> str:
    """In ASCII and lower case, without a final dot. Raises AddressRefusedError for what is no host."""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise AddressRefusedError(AddressFault.HOST) from error
    host = host.lower().removesuffix(".")
    if _is_literal(host):
        try:
            literal = ip_address(host)
        except ValueError as error:
            raise AddressRefusedError(AddressFault.HOST) from error
        if isinstance(literal, IPv6Address) and literal.scope_id is not None:
            raise AddressRefusedError(AddressFault.HOST)
        return str(literal)
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise AddressRefusedError(AddressFault.HOST)
    return host
