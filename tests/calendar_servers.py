"""Real servers for the calendars of others: good ones and bad ones, on 127.0.0.1, each in threads of its own."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CALENDAR = b"\r\n".join(
    (
        b"BEGIN:VCALENDAR",
        b"VERSION:2.0",
        b"BEGIN:VEVENT",
        b"UID:1@example.org",
        b"DTSTART:20261201T100000Z",
        b"SUMMARY:Forum",
        b"END:VEVENT",
        b"END:VCALENDAR",
        b"",
    )
)


class Asked(BaseHTTPRequestHandler):
    """One question; `server.answer` answers it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        assert isinstance(self.server, CalendarServer)
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        self.close_connection = True
        with suppress(OSError):  # whoever asks may go at any time
            self.server.answer(self)

    def reply(self, body: bytes = CALENDAR, status: int = 200, length: int | None = None, **headers: str) -> None:
        """A whole answer; `length` announces another number of bytes, and a negative one none."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        announced = len(body) if length is None else length
        if announced >= 0:
            self.send_header("Content-Length", str(announced))
        self.end_headers()
        self.wfile.write(body)

    def begin_chunks(self, **headers: str) -> None:
        """An answer that comes piece by piece."""
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, piece: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def wait(self, seconds: float) -> bool:
        """Until the time is over (True) or the test is (False)."""
        assert isinstance(self.server, CalendarServer)
        return not self.server.ended.wait(seconds)

    def log_message(self, *_arguments: object) -> None:
        """Says nothing."""


class CalendarServer(ThreadingHTTPServer):
    """`answer` may be exchanged; `asked` holds what was asked: path and headers (lower case)."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Callable[[Asked], None], tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.answer = answer
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.ended = threading.Event()
        self.scheme = "http" if tls is None else "https"
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def host(self) -> str:
        """As it is allowed in EVENTREG_INTERNAL_CALENDAR_HOSTS."""
        return f"127.0.0.1:{self.port}"

    def url(self, path: str = "/kalendarz.ics") -> str:
        return f"{self.scheme}://{self.host}{path}"

    def handle_error(self, _request: object, _client_address: object) -> None:
        """Whoever asks may go at any time."""


@contextmanager
def calendar_server(
    answer: Callable[[Asked], None] = Asked.reply, tls: ssl.SSLContext | None = None
) -> Iterator[CalendarServer]:
    """A server that answers every question so."""
    server = CalendarServer(answer, tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()


def hang(asked: Asked) -> None:
    """Never answers."""
    asked.wait(60)


def drip(asked: Asked) -> None:
    """Announces a calendar and sends a byte now and then."""
    asked.begin_chunks(Content_Type="text/calendar")
    while asked.wait(0.01):
        asked.chunk(b"B")


def drip_headers(asked: Asked) -> None:
    """Headers without end, slowly."""
    asked.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while asked.wait(0.01):
        asked.wfile.write(b"X-A: b\r\n")


def pour(asked: Asked) -> None:
    """A calendar without end."""
    asked.begin_chunks(Content_Type="text/calendar")
    while True:
        asked.chunk(b"X-A:b\r\n" * 10_000)
