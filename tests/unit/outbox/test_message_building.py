"""calendar.md 1, 2 and 4a; abuse case 2."""

import email
import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventreg.outbox.message_building import (
    CalendarFile,
    CalendarPart,
    HeaderInjectionError,
    Headers,
    Mailbox,
    build_message,
    file_name_for,
)

WHEN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
ICS = b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n"


def headers(**values: object) -> Headers:
    return Headers(
        **{
            "message_id": "<0123456789abcdef0123456789abcdef@example.org>",
            "date": WHEN,
            "sender": Mailbox("Urząd Przykładowy", "no-reply@example.org"),
            "reply_to": Mailbox("Urząd Przykładowy", "biuro@example.org"),
            "recipient": Mailbox("Żaneta Łęcka", "zaneta@example.org"),
            "subject": "Potwierdzenie udziału: Dobre praktyki we współpracy transgranicznej samorządów",
            "language": "pl",
            **values,
        }
    )


def received(message: EmailMessage) -> EmailMessage:
    parsed = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def tree(part: EmailMessage) -> object:
    if part.is_multipart():
        return [part.get_content_type(), *(tree(child) for child in part.iter_parts())]  # type: ignore[arg-type]
    return part.get_content_type()


def test_calendar_01_the_tree_of_an_invitation_exactly() -> None:
    mail = received(build_message(headers(), "Tekst", "<p>Tekst</p>", calendar=CalendarPart("REQUEST", ICS)))
    assert tree(mail) == [
        "multipart/mixed",
        ["multipart/alternative", "text/plain", "text/html", "text/calendar"],
        "application/ics",
    ]
    alternative, attached = mail.iter_parts()
    calendar = list(alternative.iter_parts())[2]
    assert calendar["Content-Type"] == 'text/calendar; method="REQUEST"; charset="UTF-8"'
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert calendar["Content-Disposition"] is None
    assert calendar["Content-ID"] is None
    assert attached["Content-Type"].params["name"] == "invite.ics"
    assert attached.get_filename() == "invite.ics"
    assert attached.get_content_disposition() == "attachment"
    assert attached["Content-ID"] is None
    assert calendar.get_payload(decode=True) == ICS
    assert attached.get_payload(decode=True) == ICS


def test_calendar_02_the_method_parameter_is_the_parts_method() -> None:
    for method in ("REQUEST", "CANCEL"):
        mail = received(build_message(headers(), "x", "x", calendar=CalendarPart(method, ICS)))
        calendar = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
        assert calendar["Content-Type"].params["method"] == method


def test_calendar_04a_files_to_pass_on_carry_no_invitation_in_the_mail_itself() -> None:
    files = (CalendarFile("Anna-Kowalska.ics", ICS), CalendarFile("Jan-Nowak.ics", ICS))
    mail = received(build_message(headers(), "x", "x", files=files))
    assert tree(mail) == [
        "multipart/mixed",
        ["multipart/alternative", "text/plain", "text/html"],
        "application/ics",
        "application/ics",
    ]
    assert [part.get_filename() for part in mail.iter_attachments()] == ["Anna-Kowalska.ics", "Jan-Nowak.ics"]


def test_a_mail_without_calendar_is_text_and_html() -> None:
    mail = received(build_message(headers(), "Zażółć\n", "<p>Zażółć</p>\n"))
    assert tree(mail) == ["multipart/alternative", "text/plain", "text/html"]
    plain, html = mail.iter_parts()
    assert plain.get_content().split() == ["Zażółć"]
    assert html.get_content().split() == ["<p>Zażółć</p>"]


def test_headers_are_those_of_a_service_mail() -> None:
    mail = received(build_message(headers(), "x", "x"))
    assert mail["Message-ID"] == "<0123456789abcdef0123456789abcdef@example.org>"
    assert mail["Date"].datetime == WHEN
    assert mail["From"].addresses[0].addr_spec == "no-reply@example.org"
    assert mail["Reply-To"].addresses[0].addr_spec == "biuro@example.org"
    assert [str(address) for address in mail["To"].addresses] == ["Żaneta Łęcka <zaneta@example.org>"]
    assert mail["Subject"] == "Potwierdzenie udziału: Dobre praktyki we współpracy transgranicznej samorządów"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "pl"
    assert mail["MIME-Version"] == "1.0"


def test_every_try_gives_the_same_bytes_with_lines_that_servers_take() -> None:
    made = [
        build_message(headers(), "Zażółć gęślą jaźń " * 100, "<p>x</p>" * 500, calendar=CalendarPart("REQUEST", ICS))
        for _ in range(2)
    ]
    body = made[0].as_bytes()
    assert body == made[1].as_bytes()
    assert max(len(line) for line in body.split(b"\r\n")) <= 78
    assert body.isascii()
    assert b"\n" not in body.replace(b"\r\n", b"")


def test_a_message_id_with_a_long_domain_is_written_whole() -> None:
    message_id = f"<{'a' * 32}@{'poczta.' * 8}example.org>"
    assert message_id.encode() in build_message(headers(message_id=message_id), "x", "x").as_bytes()


BREAKS = ["\r", "\n", "\r\n", "\x00", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("character", BREAKS)
@pytest.mark.parametrize(
    "field", ["subject", "language", "sender", "reply_to", "recipient", "message_id", "to_address"]
)
def test_abuse_02_a_break_in_any_header_field_is_refused(field: str, character: str) -> None:
    bad = f"x{character}Bcc: eve@example.org"
    values: dict[str, object] = {
        "sender": {"sender": Mailbox(bad, "a@example.org")},
        "reply_to": {"reply_to": Mailbox(bad, "a@example.org")},
        "recipient": {"recipient": Mailbox(bad, "a@example.org")},
        "to_address": {"recipient": Mailbox("x", f"a@example.org{character}Bcc: eve@example.org")},
        "message_id": {"message_id": f"<{bad}@example.org>"},
    }.get(field, {field: bad})
    with pytest.raises(HeaderInjectionError):
        build_message(headers(**values), "x", "x")


@pytest.mark.parametrize(
    "name", ['x"\r\nX: y.ics', "x\ny.ics", 'x".ics', "ż.ics", "", "a/b.ics", "../x.ics", ".ics", "a;b.ics"]
)
def test_abuse_02_a_file_name_that_is_not_plain_is_refused(name: str) -> None:
    with pytest.raises(HeaderInjectionError):
        build_message(headers(), "x", "x", files=(CalendarFile(name, ICS),))


def test_abuse_02_a_method_with_a_break_is_refused() -> None:
    with pytest.raises(HeaderInjectionError):
        build_message(headers(), "x", "x", calendar=CalendarPart("REQUEST\r\nX: y", ICS))


@pytest.mark.parametrize("address", ["", "x", "a@b,c@d", "a@example.org>", "a b@example.org", "ą@example.org"])
def test_abuse_02_what_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(HeaderInjectionError):
        build_message(headers(recipient=Mailbox("x", address)), "x", "x")


printable = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=120)


@settings(max_examples=150, deadline=None)
@given(printable, printable)
def test_abuse_02_whatever_is_printable_adds_no_header_and_no_recipient(name: str, subject: str) -> None:
    mail = build_message(headers(recipient=Mailbox(name, "anna@example.org"), subject=subject), "x", "x")
    parsed = email.message_from_bytes(mail.as_bytes(), policy=email.policy.compat32)
    plain = build_message(headers(), "x", "x")
    assert sorted(parsed.keys()) == sorted(plain.keys())
    assert mail.as_bytes().split(b"\r\n\r\n")[0].count(b"@example.org") == 4


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Łukasz Wójcik", "Lukasz-Wojcik.ics"),
        ("dr hab. Anna Nijander-Dudzińska", "dr-hab-Anna-Nijander-Dudzinska.ics"),
        ("Олена", "invitation-3.ics"),
        ("../../etc/passwd", "etc-passwd.ics"),
        ("", "invitation-3.ics"),
        ("a" * 200, "a" * 60 + ".ics"),
    ],
)
def test_file_names_are_plain_and_recognisable(name: str, expected: str) -> None:
    assert file_name_for(name, 3) == expected


@given(st.text(max_size=100))
def test_any_name_gives_a_file_name_that_is_taken(name: str) -> None:
    mail = build_message(headers(), "x", "x", files=(CalendarFile(file_name_for(name, 1), ICS),))
    assert b".ics" in mail.as_bytes()
