"""Asks a foreign server for its calendar: only public addresses, only so much, only so long (abuse 14).

The name is looked up once, every address found is judged, and the connection is made to a judged one, so that a second,
different answer of the name server (DNS rebinding) is never asked for. Nothing of it is logged: addresses of calendars
often hold a secret.
"""

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from http.client import HTTPException

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ProtocolError
from urllib3.exceptions import TimeoutError as ReadTimeoutError

from eventreg.external_calendars.feed_address_rules import (
    AddressRefusedError,
    FeedAddress,
    judged_ips,
    read_feed_address,
    redirect_address,
)
from eventreg.external_calendars.fetch_rules import (
    LIMITS,
    Fetched,
    FetchFailed,
    Known,
    Limits,
    NotModified,
    Outcome,
    known_from,
    outcome_of_status,
    read_retry_after,
)
from eventreg.external_calendars.unpacking_rules import Unpacking, UnpackingError

logging.getLogger("urllib3.connection").setLevel(logging.CRITICAL)  # it would tell addresses when headers are odd

_PIECE_BYTES = 64 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)

Resolve = Callable[[str, int], Sequence[str]]
"""The IP addresses of a host (and port), in the order in which they are tried. Raises OSError."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks and what is allowed: the same for every calendar of an installation."""

    user_agent: str
    internal_hosts: tuple[str, ...] = ()
    limits: Limits = LIMITS
    tls: ssl.SSLContext | None = None
    """None: the certificates that the system trusts."""


class _LookFailedError(Exception):
    def __init__(self, failed: FetchFailed) -> None:
        super().__init__(failed.outcome.value)
        self.failed = failed


class _TimeLimit:
    """Ends everything that happens on a connection once the time is over.

    Time limits of a socket start anew with every byte, so a server that drips could hold on for ever: at the end the
    connection is shut down from another thread, which wakes whoever waits on it, in a TLS handshake too.
    """

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def left(self) -> float:
        """Seconds; raises when none are left."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise _failed(Outcome.TOO_SLOW)
        return left

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._ends

    def watch(self, connected: socket.socket | None) -> None:
        """From now on this connection instead of the one before (a copy of its handle: TLS takes over the first)."""
        with self._lock:
            if self._socket is not None:
                self._socket.close()
            self._socket = connected.dup() if connected is not None else None

    def stop(self) -> None:
        self._timer.cancel()
        self.watch(None)

    def _end(self) -> None:
        with self._lock:
            if self._socket is not None:
                try:
                    self._socket.shutdown(socket.SHUT_RDWR)
                except OSError:
                    return  # it is closed already


def look_up(host: str, port: int) -> Sequence[str]:
    """What the system's name service says. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [str(sockaddr[0]) for *_rest, sockaddr in found]


def fetch_calendar(
    feed_url: str, known: Known, asking: Asking, now: datetime, resolve: Resolve = look_up
) -> Fetched | NotModified | FetchFailed:
    """The calendar at an address; with what is `known` of last time the server may say that nothing is new.

    Never raises for anything that a server, a network or an address can do.
    """
    time_limit = _TimeLimit(asking.limits.total_seconds)
    try:
        address = read_feed_address(feed_url, asking.internal_hosts)
        for _hop in range(asking.limits.redirects + 1):
            answer = _ask(address, known, asking, now, time_limit, resolve)
            if not isinstance(answer, FeedAddress):
                return answer
            address = answer
        return FetchFailed(Outcome.REDIRECTED)
    except AddressRefusedError:
        return FetchFailed(Outcome.ADDRESS_REFUSED)
    except _LookFailedError as error:
        return FetchFailed(Outcome.TOO_SLOW) if time_limit.is_over else error.failed
    except (OSError, HTTPException, HTTPError, ValueError) as error:
        return FetchFailed(Outcome.TOO_SLOW if time_limit.is_over else _outcome_of(error))
    finally:
        time_limit.stop()


def _ask(
    address: FeedAddress, known: Known, asking: Asking, now: datetime, time_limit: _TimeLimit, resolve: Resolve
) -> Fetched | NotModified | FetchFailed | FeedAddress:
    """One question to one server: its answer, or the address it sends us on to."""
    ips = judged_ips(address, _resolved(address, time_limit, resolve), asking.internal_hosts)
    with _connected(address, ips[: asking.limits.addresses], asking, time_limit) as connection:
        connection.request(
            "GET", address.target, headers=_headers(address, known, asking), preload_content=False, decode_content=False
        )
        response = connection.getresponse()
        if response.status in _REDIRECTS and "Location" in response.headers:
            return redirect_address(address, response.headers["Location"], asking.internal_hosts)
        if response.status == 304 and known != Known():
            return NotModified()
        if response.status != 200:
            retry_after = read_retry_after(response.headers.get("Retry-After", ""), now)
            return FetchFailed(outcome_of_status(response.status), retry_after)
        body = _whole_body(response, asking.limits.most_bytes)
        if time_limit.is_over:
            raise _failed(Outcome.TOO_SLOW)  # a connection that was shut down ends like one whose server is done
        return Fetched(body, known_from(response.headers))


def _headers(address: FeedAddress, known: Known, asking: Asking) -> dict[str, str]:
    headers = {
        "Host": address.netloc,
        "User-Agent": asking.user_agent,
        "Accept": "text/calendar, */*;q=0.1",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.last_modified:
        headers["If-Modified-Since"] = known.last_modified
    return headers


def _resolved(address: FeedAddress, time_limit: _TimeLimit, resolve: Resolve) -> Sequence[str]:
    """The name service cannot be interrupted: a thread of its own waits for it, and is left behind if need be."""
    found: list[Sequence[str]] = []

    def ask() -> None:
        try:
            found.append(resolve(address.host, address.port))
        except (OSError, UnicodeError):
            found.append(())

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(time_limit.left())
    if not found:
        raise _failed(Outcome.TOO_SLOW)
    if not found[0]:
        raise _failed(Outcome.UNKNOWN_HOST)
    return found[0]


@contextmanager
def _connected(
    address: FeedAddress, ips: Sequence[str], asking: Asking, time_limit: _TimeLimit
) -> Iterator[HTTPConnection]:
    """A connection to the first of the addresses that answers, with the certificate checked for the host's name."""
    connected = _first_that_answers(address, ips, asking, time_limit)
    connection = HTTPConnection(address.host, address.port, timeout=asking.limits.total_seconds)
    connection.sock = connected
    try:
        time_limit.watch(connected)
        connected.settimeout(time_limit.left())
        if address.scheme == "https":
            tls = asking.tls or _trusted()
            connection.sock = tls.wrap_socket(connected, server_hostname=address.host)
        yield connection
    finally:
        connection.close()
        connected.close()


def _first_that_answers(
    address: FeedAddress, ips: Sequence[str], asking: Asking, time_limit: _TimeLimit
) -> socket.socket:
    for ip in ips:
        try:
            seconds = min(asking.limits.connect_seconds, time_limit.left())
            return socket.create_connection((ip, address.port), timeout=seconds)
        except OSError:
            continue
    raise _failed(Outcome.UNREACHABLE)


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    return ssl.create_default_context()


def _whole_body(response: HTTPResponse, most_bytes: int) -> bytes:
    """All of it, unpacked; raises when the wire or the unpacked text brings more than `most_bytes`."""
    announced = response.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and len(announced) > len(str(most_bytes)):
        raise _failed(Outcome.TOO_LARGE)
    taken = 0
    try:
        unpacking = Unpacking(response.headers.get("Content-Encoding", ""), most_bytes)
        while piece := response.read1(_PIECE_BYTES, decode_content=False):
            taken += len(piece)
            if taken > most_bytes:
                raise _failed(Outcome.TOO_LARGE)
            unpacking.take(piece)
        return unpacking.whole()
    except UnpackingError as error:
        raise _failed(error.outcome) from error


def _failed(outcome: Outcome) -> _LookFailedError:
    return _LookFailedError(FetchFailed(outcome))


def _outcome_of(error: Exception) -> Outcome:
    if isinstance(error, ssl.SSLError):
        return Outcome.CERTIFICATE
    if isinstance(error, TimeoutError | ReadTimeoutError):
        return Outcome.TOO_SLOW
    if isinstance(error, OSError) or (isinstance(error, ProtocolError) and isinstance(error.__cause__, OSError)):
        return Outcome.UNREACHABLE
    return Outcome.ANSWER_UNREADABLE
