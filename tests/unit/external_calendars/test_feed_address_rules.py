"""Which addresses may be asked for a calendar (abuse 14)."""

import pytest

from eventreg.external_calendars.feed_address_rules import (
    AddressFault,
    AddressRefusedError,
    FeedAddress,
    judged_ips,
    may_be_asked,
    public_front_page,
    read_feed_address,
    redirect_address,
)


def fault_of(text: str, *internal: str) -> AddressFault | None:
    try:
        read_feed_address(text, internal)
    except AddressRefusedError as refused:
        return refused.fault
    return None


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("https://example.org/kalendarz.ics", "https://example.org/kalendarz.ics"),
        ("  webcal://Example.ORG./a.ics?token=x#top ", "https://example.org/a.ics?token=x"),
        ("WEBCAL://example.org", "https://example.org/"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("https://example.org:8443/a", "https://example.org:8443/a"),
        ("https://żółw.example.org/ą.ics", "https://xn--w-uga1v8h.example.org/%C4%85.ics"),
        ("https://example.org/a%20b.ics", "https://example.org/a%20b.ics"),
        ("https://93.184.216.34/a.ics", "https://93.184.216.34/a.ics"),
        ("https://[2606:2800:220:1::1]/a.ics", "https://[2606:2800:220:1::1]/a.ics"),
    ],
)
def test_addresses_are_stored_in_one_form(typed: str, stored: str) -> None:
    address = read_feed_address(typed)
    assert address.url == stored
    assert read_feed_address(address.url) == address


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "gopher://example.org:25/_HELO", "ftp://example.org/a.ics", "dict://example.org:11211/",
        "javascript:alert(1)", "data:text/calendar,BEGIN:VCALENDAR", "example.org/a.ics", "//example.org/a.ics", "",
    ],
)  # fmt: skip
def test_abuse_14_other_schemes_than_http_are_refused(address: str) -> None:
    assert fault_of(address) is AddressFault.SCHEME


@pytest.mark.parametrize("port", [0, 22, 25, 110, 3306, 5432, 6379, 9200, 11211])
def test_abuse_14_port_25_and_other_services_are_refused(port: int) -> None:
    assert fault_of(f"http://example.org:{port}/") is AddressFault.PORT


@pytest.mark.parametrize(
    "address", ["https://user:password@example.org/", "https://user@example.org/", "https://@example.org/"]
)
def test_abuse_14_user_info_is_refused(address: str) -> None:
    assert fault_of(address) is AddressFault.USER


@pytest.mark.parametrize(
    "host",
    [
        "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.1", "1.2.3.4.5", "256.1.1.1", "0x",
        "1.0x10", "[fe80::1%25eth0]", "[::1", "[v1.fe80::1]", "a b.org", "exa\tmple.org", "-a.org", "a..b", "a_.b!",
        "x" * 64 + ".org", "example.org\\@127.0.0.1",
    ],
)  # fmt: skip
def test_abuse_14_odd_notations_of_hosts_are_refused(host: str) -> None:
    assert fault_of(f"http://{host}/a.ics") is AddressFault.HOST


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "[::1]", "[::ffff:10.0.0.1]", "0.0.0.1", "①②⑦.0.0.1"]
)
def test_abuse_14_a_private_address_written_out_is_refused(host: str) -> None:
    assert fault_of(f"http://{host}/a.ics") is AddressFault.PRIVATE


PRIVATE = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1",  # noqa: S104  # judged, not bound to
    "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.255.0.1",
    "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.0.9", "192.0.2.1",
    "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1",
    "255.255.255.255",
    "::", "::1", "::7f00:1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1",
    "2001:db8::1", "3fff::1", "1::1", "4000::1", "5f00::1", "8000::1", "f000::1",
    "::127.0.0.1", "::ffff:0:127.0.0.1", "::ffff:0:a9fe:a9fe",  # old ways to wrap IPv4
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe",  # IPv4-mapped
    "2002:7f00:1::1", "2002:0a00:0001::", "2002:5db8:d822::1",  # 6to4, whatever it wraps
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1",  # NAT64
    "no address", "",
]  # fmt: skip


@pytest.mark.parametrize("ip", PRIVATE)
def test_abuse_14_no_private_address_may_be_asked(ip: str) -> None:
    assert not may_be_asked(ip)


@pytest.mark.parametrize(
    "ip", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "2a00:1450:401b::1", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_public_addresses_may_be_asked(ip: str) -> None:
    assert may_be_asked(ip)


def test_abuse_14_one_private_address_among_public_ones_refuses_the_host() -> None:
    address = read_feed_address("https://example.org/")
    assert judged_ips(address, ["8.8.8.8", "8.8.8.8", "8.8.4.4"]) == ("8.8.8.8", "8.8.4.4")
    with pytest.raises(AddressRefusedError) as refused:
        judged_ips(address, ["8.8.8.8", "192.168.0.1"])
    assert refused.value.fault is AddressFault.PRIVATE


def test_hosts_of_the_own_network_are_asked_when_allowed_and_on_the_allowed_port_only() -> None:
    assert fault_of("http://10.0.0.7/", "10.0.0.7") is None
    assert fault_of("http://10.0.0.7:8080/", "10.0.0.7") is None
    assert fault_of("http://10.0.0.7:25/", "10.0.0.7") is AddressFault.PORT
    assert fault_of("http://10.0.0.7:5000/", "10.0.0.7:5000") is None
    assert fault_of("http://10.0.0.7/", "10.0.0.7:5000") is AddressFault.PRIVATE
    assert fault_of("http://10.0.0.8/", "10.0.0.7") is AddressFault.PRIVATE
    assert fault_of("http://[fd00::7]:5000/", "[fd00::7]:5000") is None
    intranet = read_feed_address("http://Intranet/a.ics", ["intranet"])
    assert judged_ips(intranet, ["10.1.1.1"], ["intranet"]) == ("10.1.1.1",)
    with pytest.raises(AddressRefusedError):
        judged_ips(intranet, ["10.1.1.1"], ["intranet.example.org"])


def test_an_address_is_no_longer_than_its_column() -> None:
    assert fault_of("https://example.org/" + "a" * 480) is None
    assert fault_of("https://example.org/" + "a" * 481) is AddressFault.TOO_LONG
    assert fault_of("https://example.org/" + "ą" * 200) is AddressFault.TOO_LONG


def test_visitors_read_nothing_of_a_host_in_the_own_network() -> None:
    assert public_front_page("https://example.org:8443/private-token/basic.ics") == "https://example.org:8443/"
    assert public_front_page("http://intranet:5000/a.ics", ["intranet:5000"]) == ""
    assert public_front_page("http://intranet:5000/a.ics") == ""  # allowed once, and no more
    assert public_front_page("http://10.0.0.7/a.ics") == ""
    assert public_front_page("javascript:alert(1)") == ""


def redirected(location: str, before: str = "https://example.org/dir/a.ics") -> FeedAddress:
    return redirect_address(read_feed_address(before), location)


def test_a_redirect_may_be_relative() -> None:
    assert redirected("../b.ics?x=1").url == "https://example.org/b.ics?x=1"
    assert redirected("//other.example.org/c").url == "https://other.example.org/c"
    assert redirected("https://b.example.org/", "http://example.org/").scheme == "https"


@pytest.mark.parametrize(
    ("location", "fault"),
    [
        ("http://example.org/", AddressFault.DOWNGRADE),
        ("https://127.0.0.1/", AddressFault.PRIVATE),
        ("https://[::ffff:127.0.0.1]/", AddressFault.PRIVATE),
        ("file:///etc/passwd", AddressFault.SCHEME),
        ("webcal://example.org/", AddressFault.SCHEME),
        ("https://example.org:25/", AddressFault.PORT),
        ("https://a:b@example.org/", AddressFault.USER),
        ("https://[::1", AddressFault.HOST),
    ],
)
def test_abuse_14_a_redirect_is_judged_as_if_it_had_been_typed(location: str, fault: AddressFault) -> None:
    with pytest.raises(AddressRefusedError) as refused:
        redirected(location)
    assert refused.value.fault is fault


def test_abuse_14_from_outside_no_redirect_leads_to_an_allowed_host_of_the_own_network() -> None:
    outside, intranet = read_feed_address("http://example.org/"), read_feed_address("http://intranet/", ["intranet"])
    with pytest.raises(AddressRefusedError) as refused:
        redirect_address(outside, "http://intranet/", ["intranet"])
    assert refused.value.fault is AddressFault.PRIVATE
    assert redirect_address(intranet, "/b", ["intranet"]).url == "http://intranet/b"
