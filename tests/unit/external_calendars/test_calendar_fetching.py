"""Fetching from real servers: good ones, bad ones, and addresses that must never be asked (abuse 14)."""

import gzip
import io
import logging
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from eventreg.external_calendars.calendar_fetching import Asking, fetch_calendar
from eventreg.external_calendars.fetch_rules import Fetched, FetchFailed, Known, Limits, NotModified, Outcome
from eventreg.external_calendars.unpacking_rules import Unpacking, UnpackingError
from tests.calendar_servers import CALENDAR, Asked, CalendarServer, calendar_server, drip, drip_headers, hang, pour

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MEGABYTE = 1024 * 1024
EMPTINESS = gzip.compress(b"")[:10] + b"\x00\x00\x00\xff\xff" * 2 * MEGABYTE
"""Blocks of gzip that hold nothing: 10 MB on the wire, not one byte unpacked."""
PATIENT = Limits(connect_seconds=10, total_seconds=30)
IMPATIENT = Limits(connect_seconds=0.3, total_seconds=0.3)


def look(
    server: CalendarServer, limits: Limits = PATIENT, known: Known | None = None, path: str = "/kalendarz.ics"
) -> Fetched | NotModified | FetchFailed:
    return fetch_calendar(server.url(path), known or Known(), Asking("eventreg/1", (server.host,), limits), NOW)


def outcome(answer: Callable[[Asked], None], limits: Limits = PATIENT) -> Outcome:
    with calendar_server(answer) as server:
        failed = look(server, limits)
    assert isinstance(failed, FetchFailed)
    return failed.outcome


def test_a_calendar_is_fetched_with_what_is_needed_and_no_more() -> None:
    with calendar_server(
        lambda asked: asked.reply(ETag='"7"', Last_Modified="Sun, 22 Nov 2026 08:00:00 GMT")
    ) as server:
        found = look(server, path="/kalendarz.ics?token=a%20b")
        assert found == Fetched(CALENDAR, Known('"7"', "Sun, 22 Nov 2026 08:00:00 GMT"))
        assert server.asked == [
            (
                "/kalendarz.ics?token=a%20b",
                {
                    "host": server.host,
                    "user-agent": "eventreg/1",
                    "accept": "text/calendar, */*;q=0.1",
                    "accept-encoding": "gzip",
                    "connection": "close",
                },
            )
        ]


def test_what_is_known_is_told_and_the_server_may_say_that_nothing_is_new() -> None:
    with calendar_server(lambda asked: asked.reply(b"", 304)) as server:
        assert look(server, known=Known('W/"7"', "Sun, 22 Nov 2026 08:00:00 GMT")) == NotModified()
        assert server.asked[0][1]["if-none-match"] == 'W/"7"'
        assert server.asked[0][1]["if-modified-since"] == "Sun, 22 Nov 2026 08:00:00 GMT"
        assert look(server) == FetchFailed(Outcome.ANSWER_ERROR)  # nobody asked whether


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(CALENDAR)),
        ("X-Gzip", gzip.compress(CALENDAR)),
        ("deflate", zlib.compress(CALENDAR)),
        ("deflate", zlib.compress(CALENDAR)[2:-4]),
        ("identity", CALENDAR),
        ("", CALENDAR),
    ],
)
def test_packed_answers_are_unpacked(encoding: str, body: bytes) -> None:
    with calendar_server(lambda asked: asked.reply(body, Content_Encoding=encoding)) as server:
        assert look(server) == Fetched(CALENDAR, Known())


def test_pieces_and_answers_that_end_with_the_connection_are_whole() -> None:
    def pieces(asked: Asked) -> None:
        asked.begin_chunks()
        for start in range(0, len(CALENDAR), 7):
            asked.chunk(CALENDAR[start : start + 7])
        asked.chunk(b"")

    for answer in (pieces, lambda asked: asked.reply(length=-1)):
        with calendar_server(answer) as server:
            assert look(server) == Fetched(CALENDAR, Known())


def bomb(megabytes: int, window: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    return b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(megabytes)) + packer.flush()


def fifty_megabytes_in_pieces(asked: Asked) -> None:
    asked.begin_chunks()
    for _ in range(50):
        asked.chunk(bytes(MEGABYTE))
    asked.chunk(b"")


TOO_LARGE: dict[str, Callable[[Asked], None]] = {
    "50 MB announced": lambda asked: asked.reply(b"x", length=50 * MEGABYTE),
    "50 MB sent": lambda asked: asked.reply(bytes(50 * MEGABYTE)),
    "50 MB without a word": lambda asked: asked.reply(bytes(50 * MEGABYTE), length=-1),
    "50 MB in pieces": fifty_megabytes_in_pieces,
    "an absurd length": lambda asked: asked.reply(b"x", length=10**30),
    "endless": pour,
    "gzip bomb": lambda asked: asked.reply(bomb(300, 31), Content_Encoding="gzip"),
    "deflate bomb": lambda asked: asked.reply(bomb(300, 15), Content_Encoding="deflate"),
    "packed emptiness": lambda asked: asked.reply(EMPTINESS, length=-1, Content_Encoding="gzip"),
    "bare deflate bomb": lambda asked: asked.reply(bomb(300, -15), Content_Encoding="deflate"),
}


@pytest.mark.parametrize("case", TOO_LARGE)
def test_no_more_than_five_megabytes_are_taken_packed_or_unpacked(case: str) -> None:
    assert outcome(TOO_LARGE[case]) is Outcome.TOO_LARGE


def test_abuse_11_a_bomb_is_unpacked_no_further_than_the_limit() -> None:
    for encoding, packed in (("gzip", bomb(30, 31)), ("deflate", bomb(30, 15)), ("deflate", bomb(30, -15))):
        unpacking = Unpacking(encoding, 1_000)
        with pytest.raises(UnpackingError) as refused:
            unpacking.take(packed)
        assert refused.value.outcome is Outcome.TOO_LARGE
        assert len(unpacking._body) == 1_001


def test_exactly_the_limit_is_taken() -> None:
    limits = Limits(total_seconds=30, most_bytes=len(CALENDAR))
    for body, encoding in ((CALENDAR, "identity"), (gzip.compress(CALENDAR), "gzip")):
        with calendar_server(lambda asked, b=body, e=encoding: asked.reply(b, Content_Encoding=e)) as server:
            assert look(server, limits) == Fetched(CALENDAR, Known())
            smaller = Limits(total_seconds=30, most_bytes=len(CALENDAR) - 1)
            assert look(server, smaller) == FetchFailed(Outcome.TOO_LARGE)


def drip_start_of_gzip(asked: Asked) -> None:
    asked.begin_chunks(Content_Encoding="gzip")
    for sign in gzip.compress(CALENDAR)[:-10] * 1000:
        if not asked.wait(0.01):
            return
        asked.chunk(bytes([sign]))


@pytest.mark.parametrize("answer", [hang, drip, drip_headers, drip_start_of_gzip])
def test_the_whole_exchange_has_one_time_limit_however_slowly_it_drips(answer: Callable[[Asked], None]) -> None:
    began = time.monotonic()
    assert outcome(answer, IMPATIENT) is Outcome.TOO_SLOW
    assert time.monotonic() - began < 10


def test_redirects_do_not_start_the_time_anew() -> None:
    def slowly_on(asked: Asked) -> None:
        asked.wait(0.2)
        asked.reply(b"", 302, Location="/next")

    assert outcome(slowly_on, IMPATIENT) is Outcome.TOO_SLOW


def test_a_slow_name_server_counts_too() -> None:
    released = threading.Event()

    def resolve(_host: str, _port: int) -> Sequence[str]:
        released.wait(30)
        return ["127.0.0.1"]

    found = fetch_calendar("https://slow.example.org/", Known(), Asking("eventreg/1", (), IMPATIENT), NOW, resolve)
    released.set()
    assert found == FetchFailed(Outcome.TOO_SLOW)


def test_a_tls_handshake_that_never_ends_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = f"127.0.0.1:{silent.getsockname()[1]}"
        found = fetch_calendar(f"https://{host}/", Known(), Asking("eventreg/1", (host,), IMPATIENT), NOW)
    assert found == FetchFailed(Outcome.TOO_SLOW)


def break_off(asked: Asked) -> None:
    asked.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nBEGIN:VCALENDAR")
    asked.wfile.flush()
    asked.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    asked.connection.close()  # a reset, since what was to be told is thrown away


def say(text: bytes) -> Callable[[Asked], None]:
    def answer(asked: Asked) -> None:
        asked.wfile.write(text)

    return answer


FAILURES: list[tuple[str, Callable[[Asked], None], Outcome]] = [
    ("404", lambda asked: asked.reply(b"", 404), Outcome.NOT_FOUND),
    ("410", lambda asked: asked.reply(b"", 410), Outcome.NOT_FOUND),
    ("401", lambda asked: asked.reply(b"", 401), Outcome.ACCESS_DENIED),
    ("500", lambda asked: asked.reply(b"", 500), Outcome.ANSWER_ERROR),
    ("206", lambda asked: asked.reply(CALENDAR, 206), Outcome.ANSWER_ERROR),
    ("300 without an address", lambda asked: asked.reply(b"", 302), Outcome.ANSWER_ERROR),
    ("brotli", lambda asked: asked.reply(CALENDAR, Content_Encoding="br"), Outcome.ANSWER_UNREADABLE),
    ("gzip twice", lambda asked: asked.reply(CALENDAR, Content_Encoding="gzip, gzip"), Outcome.ANSWER_UNREADABLE),
    ("not gzip", lambda asked: asked.reply(CALENDAR, Content_Encoding="gzip"), Outcome.ANSWER_UNREADABLE),
    (
        "half a gzip",
        lambda asked: asked.reply(gzip.compress(CALENDAR)[:-9], Content_Encoding="gzip"),
        Outcome.ANSWER_UNREADABLE,
    ),
    (
        "two gzips",
        lambda asked: asked.reply(gzip.compress(CALENDAR) * 2, Content_Encoding="gzip"),
        Outcome.ANSWER_UNREADABLE,
    ),
    ("less than announced", lambda asked: asked.reply(length=len(CALENDAR) + 1), Outcome.ANSWER_UNREADABLE),
    (
        "a chunk cut short",
        say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nab"),
        Outcome.ANSWER_UNREADABLE,
    ),
    (
        "a crafted chunk",
        say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nab"),
        Outcome.ANSWER_UNREADABLE,
    ),
    ("not HTTP", say(b"SSH-2.0-OpenSSH_9.9\r\n"), Outcome.ANSWER_UNREADABLE),
    ("1,000 headers", say(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1_000 + b"\r\n"), Outcome.ANSWER_UNREADABLE),
    ("a 1 MB header", say(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * MEGABYTE + b"\r\n\r\n"), Outcome.ANSWER_UNREADABLE),
    ("nothing", say(b""), Outcome.UNREACHABLE),
    ("reset", break_off, Outcome.UNREACHABLE),
]


@pytest.mark.parametrize(("answer", "expected"), [case[1:] for case in FAILURES], ids=[case[0] for case in FAILURES])
def test_every_way_to_fail_has_its_name(answer: Callable[[Asked], None], expected: Outcome) -> None:
    assert outcome(answer) is expected


def test_a_server_may_ask_for_patience() -> None:
    with calendar_server(lambda asked: asked.reply(b"", 503, Retry_After="7200")) as server:
        assert look(server) == FetchFailed(Outcome.ANSWER_ERROR, timedelta(hours=2))


def test_nobody_listens_and_nobody_is_called_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        host = f"127.0.0.1:{gone.getsockname()[1]}"
    asking = Asking("eventreg/1", (host,), PATIENT)
    assert fetch_calendar(f"http://{host}/", Known(), asking, NOW) == FetchFailed(Outcome.UNREACHABLE)

    def nobody(_host: str, _port: int) -> Sequence[str]:
        raise socket.gaierror

    for resolve in (nobody, lambda _host, _port: []):
        assert fetch_calendar("http://a.example.org/", Known(), asking, NOW, resolve) == FetchFailed(
            Outcome.UNKNOWN_HOST
        )


def test_redirects_are_followed_three_times() -> None:
    def on(asked: Asked) -> None:
        number = int(asked.path.removeprefix("/"))
        if number == 0:
            asked.reply()
        else:
            asked.reply(b"", (301, 302, 303, 307, 308)[number], Location=f"/{number - 1}")

    with calendar_server(on) as server:
        assert look(server, path="/3") == Fetched(CALENDAR, Known())
        assert [path for path, _headers in server.asked] == ["/3", "/2", "/1", "/0"]
        assert look(server, path="/4") == FetchFailed(Outcome.REDIRECTED)


def test_a_redirect_in_a_circle_ends() -> None:
    with calendar_server(lambda asked: asked.reply(b"", 302, Location="/kalendarz.ics")) as server:
        assert look(server) == FetchFailed(Outcome.REDIRECTED)
        assert len(server.asked) == 4


REFUSED_REDIRECTS = [
    "http://127.0.0.1:1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/meta-data/",
    "http://2130706433/", "file:///etc/passwd", "gopher://127.0.0.1:25/_HELO", "http://u:p@example.org/",
    "http://example.org:25/",
]  # fmt: skip


@pytest.mark.parametrize("location", REFUSED_REDIRECTS)
def test_abuse_14_a_redirect_to_a_private_address_is_refused(location: str) -> None:
    with calendar_server(lambda asked: asked.reply(b"", 302, Location=location)) as server:
        assert look(server) == FetchFailed(Outcome.ADDRESS_REFUSED)
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://{host}/", "http://{host}@example.org/", "http://[::ffff:127.0.0.1]:{port}/", "http://[::1]:{port}/",
        "http://localhost:{port}/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/",
    ],
)  # fmt: skip
def test_abuse_14_without_leave_no_server_of_the_own_network_is_asked(address: str) -> None:
    with calendar_server() as server:
        url = address.format(host=server.host, port=server.port)
        found = fetch_calendar(url, Known(), Asking("eventreg/1", (), PATIENT), NOW)
        assert found == FetchFailed(Outcome.ADDRESS_REFUSED)
        assert server.asked == []


@pytest.mark.parametrize(
    "ips",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "10.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["2002:7f00:1::"],
        ["169.254.169.254"],
    ],
)
def test_abuse_14_a_name_that_leads_to_a_private_address_is_refused(ips: list[str]) -> None:
    asking = Asking("eventreg/1", (), PATIENT)
    found = fetch_calendar("https://calendar.example.org/", Known(), asking, NOW, lambda _host, _port: ips)
    assert found == FetchFailed(Outcome.ADDRESS_REFUSED)


def test_abuse_14_the_judged_address_is_the_one_that_is_asked_whatever_the_name_says_next() -> None:
    """DNS rebinding: the name is looked up once for each hop, and the connection goes to what was judged."""
    looked_up: list[str] = []

    def resolve(host: str, _port: int) -> Sequence[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["10.0.0.1"]

    with calendar_server() as server:
        asking = Asking("eventreg/1", (f"rebinding.example.org:{server.port}",), PATIENT)
        url = f"http://rebinding.example.org:{server.port}/"
        # No name service knows this host: had anything but the judged address been asked, nothing would have come.
        assert fetch_calendar(url, Known(), asking, NOW, resolve) == Fetched(CALENDAR, Known())
        assert server.asked[0][1]["host"] == f"rebinding.example.org:{server.port}"
    assert looked_up == ["rebinding.example.org"]


def test_abuse_14_a_name_that_turns_private_on_the_second_hop_is_refused() -> None:
    answers = iter((["127.0.0.1"], ["192.168.0.1"]))
    with calendar_server(lambda asked: asked.reply(b"", 302, Location="http://other.example.org/")) as server:
        asking = Asking("eventreg/1", (f"first.example.org:{server.port}",), PATIENT)
        url = f"http://first.example.org:{server.port}/"
        found = fetch_calendar(url, Known(), asking, NOW, lambda _host, _port: next(answers))
        assert found == FetchFailed(Outcome.ADDRESS_REFUSED)
        assert len(server.asked) == 1


def test_the_next_address_of_a_name_is_tried_when_the_first_does_not_answer() -> None:
    with calendar_server() as server:
        asking = Asking("eventreg/1", (f"two.example.org:{server.port}",), PATIENT)
        url = f"http://two.example.org:{server.port}/"
        found = fetch_calendar(url, Known(), asking, NOW, lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        assert found == Fetched(CALENDAR, Known())


def tls_of(*names: str, **times: datetime) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """What the server shows, and what a client trusts."""
    authority = trustme.CA()
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **times).configure_cert(shown)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    return shown, trusted


def look_securely(shown: ssl.SSLContext, trusted: ssl.SSLContext | None) -> Fetched | NotModified | FetchFailed:
    with calendar_server(tls=shown) as server:
        asking = Asking("eventreg/1", (f"safe.example.org:{server.port}",), PATIENT, trusted)
        url = f"https://safe.example.org:{server.port}/"
        return fetch_calendar(url, Known(), asking, NOW, lambda _host, _port: ["127.0.0.1"])


def test_a_certificate_is_checked_for_the_name_although_the_address_is_asked() -> None:
    assert look_securely(*tls_of("safe.example.org")) == Fetched(CALENDAR, Known())


def test_certificates_that_are_not_valid_are_refused() -> None:
    another, trusted = tls_of("another.example.org", "127.0.0.1")
    assert look_securely(another, trusted) == FetchFailed(Outcome.CERTIFICATE)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert look_securely(*tls_of("safe.example.org", not_after=long_ago)) == FetchFailed(Outcome.CERTIFICATE)
    unknown, _trusted = tls_of("safe.example.org")
    assert look_securely(unknown, None) == FetchFailed(Outcome.CERTIFICATE)


def test_a_redirect_from_https_to_http_is_refused() -> None:
    shown, trusted = tls_of("safe.example.org")
    with calendar_server(lambda asked: asked.reply(b"", 302, Location="http://safe.example.org/"), shown) as server:
        asking = Asking("eventreg/1", (f"safe.example.org:{server.port}",), PATIENT, trusted)
        url = f"https://safe.example.org:{server.port}/"
        found = fetch_calendar(url, Known(), asking, NOW, lambda _host, _port: ["127.0.0.1"])
        assert found == FetchFailed(Outcome.ADDRESS_REFUSED)


def test_proxies_of_the_environment_and_cookies_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    with calendar_server(lambda asked: asked.reply(Set_Cookie="a=b")) as server:
        for _ in range(2):
            assert look(server) == Fetched(CALENDAR, Known())
        assert all("cookie" not in headers for _path, headers in server.asked)


def test_secrets_in_addresses_are_not_logged() -> None:
    told = io.StringIO()
    handler = logging.StreamHandler(told)
    logging.getLogger().addHandler(handler)
    try:
        with calendar_server(say(b"HTTP/1.1 200 OK\r\nBad Header\r\nX: y\r\nContent-Length: 0\r\n\r\n")) as server:
            look(server, path="/secret-token.ics")
            assert server.asked[0][0] == "/secret-token.ics"
    finally:
        logging.getLogger().removeHandler(handler)
    assert told.getvalue() == ""


def test_no_thread_is_left_behind() -> None:
    before = set(threading.enumerate())
    for answer in (Asked.reply, lambda asked: asked.reply(b"", 404), pour):
        with calendar_server(answer) as server:
            assert look(server) != NotModified()
    after = set(threading.enumerate()) - before
    for thread in after:
        thread.join(10)
    assert not any(thread.is_alive() for thread in after)
