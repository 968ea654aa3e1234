"""Mails that leave through a real SMTP server: what arrives, and what becomes of those that cannot."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme
from flask import Flask
from icalendar import Calendar

from eventreg.config import MailServer
from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.outbox import queue, smtp_delivery
from eventreg.outbox.delivering import Delivery, deliver_due
from eventreg.outbox.filing import filed_mail
from eventreg.outbox.models import Mail
from eventreg.outbox.retry_rules import PAUSES, SHORTEST_AWAY_PAUSE
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.models import Registration
from tests.database.outbox.conftest import Postbox, free_port, mail_server_set, smtp_server
from tests.factories import Factory, confirm_sign_up

MakeDelivery = Callable[..., Delivery]


def the_mail(mail_id: int) -> Mail:
    db.session.rollback()
    mail = db.session.get(Mail, mail_id, populate_existing=True)
    assert mail is not None
    return mail


def sign_up(factory: Factory, now: datetime, event: Event | None = None, **values: object) -> int:
    event = event or factory.event()
    registration = factory.registration(event, **values)
    return confirm_sign_up(event, registration, now)


def calendar_of(mail: EmailMessage) -> Calendar:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return Calendar.from_ical(payload)


def test_calendar_01_the_confirmation_as_it_is_received(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event(title="Dobre praktyki: część I", attendance="hybrid", online_url="https://meet.example.org/x")
    mail_id = sign_up(factory, now, event, name="Żaneta Łęcka", email="zaneta@example.org")
    assert deliver_due(delivery()).left == 1
    (mail,) = postbox.received
    assert postbox.envelopes == [("no-reply@example.org", ["zaneta@example.org"])]
    assert mail["Message-ID"] == the_mail(mail_id).message_id
    assert mail["Subject"] == "Potwierdzenie udziału: Dobre praktyki: część I"
    assert mail["From"].addresses[0].addr_spec == "no-reply@example.org"
    assert mail["Reply-To"].addresses[0].addr_spec == event.organiser.contact_email
    assert mail["Auto-Submitted"] == "auto-generated"
    alternative, attached = mail.iter_parts()
    assert mail.get_content_type() == "multipart/mixed"
    assert [part.get_content_type() for part in alternative.iter_parts()] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    calendar_part = list(alternative.iter_parts())[2]
    assert calendar_part.get_payload(decode=True) == attached.get_payload(decode=True)
    calendar = calendar_of(mail)
    assert calendar["METHOD"] == calendar_part["Content-Type"].params["method"] == "REQUEST"
    (entry,) = calendar.walk("VEVENT")
    assert str(entry["SUMMARY"]) == "Dobre praktyki: część I"
    assert entry["DTSTART"].dt == event.starts_at
    assert str(entry["ORGANIZER"]) == "mailto:no-reply@example.org"
    assert str(entry["ATTENDEE"]) == "mailto:zaneta@example.org"
    assert str(entry["CONFERENCE"]) == "https://meet.example.org/x"
    for body in (mail.get_body(("plain",)), mail.get_body(("html",))):
        assert body is not None
        text = body.get_content()
        for words in (
            "Szanowni Państwo,",
            "Dobre praktyki: część I",
            "Żaneta Łęcka",
            "Proszowice",
            "9\u00a0grudnia 2026",
        ):
            assert words in text
        assert "/registrations/" in text
        assert "https://meet.example.org/x" in text
        assert event.organiser.contact_email in text
    assert the_mail(mail_id).state == "sent"


def test_calendar_03_no_other_persons_address_stands_in_the_mail(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    factory.registration(event, email="somebody.else@example.org")
    sign_up(factory, now, event, email="anna@example.org")
    deliver_due(delivery())
    whole = postbox.received[0].as_string() + calendar_of(postbox.received[0]).to_ical().decode()
    assert "somebody.else" not in whole


def test_calendar_04_an_organiser_who_may_send_as_itself_is_from_reply_to_and_organizer(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    organiser = factory.organiser(sends_as_itself=True, contact_email="biuro@urzad.example.org")
    sign_up(factory, now, factory.event(organiser))
    deliver_due(delivery())
    (mail,) = postbox.received
    (entry,) = calendar_of(mail).walk("VEVENT")
    assert {
        mail["From"].addresses[0].addr_spec,
        mail["Reply-To"].addresses[0].addr_spec,
        str(entry["ORGANIZER"]).removeprefix("mailto:"),
    } == {"biuro@urzad.example.org"}
    assert postbox.envelopes[0][0] == "biuro@urzad.example.org"


def test_mails_speak_the_persons_language(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    sign_up(factory, now, language="en", email="a@example.org")
    sign_up(factory, now, language="pl", email="b@example.org")
    deliver_due(delivery())
    english, polish = postbox.received
    assert english["Subject"].startswith("Participation confirmed: ")
    assert polish["Subject"].startswith("Potwierdzenie udziału: ")
    assert (english["Content-Language"], polish["Content-Language"]) == ("en", "pl")
    body = english.get_body(("plain",))
    assert body is not None
    assert "http://localhost/en/registrations/" in body.get_content()


def test_abuse_05_braces_of_organisers_are_text(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    hostile = "{{ 7*7 }} {config} {% include 'base.html' %} %(site)s <script>x</script>"
    event = factory.event(title=hostile, summary=hostile, venue=hostile)
    sign_up(factory, now, event)
    deliver_due(delivery())
    (mail,) = postbox.received
    assert hostile in mail["Subject"]
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert hostile in plain.get_content()
    assert "<script>" not in html.get_content()
    assert "{{ 7*7 }} {config} {% include" in html.get_content()
    assert "49" not in plain.get_content().split("\n", 6)[4]


def test_abuse_02_a_name_with_a_line_break_fails_visibly_and_holds_nobody_up(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    bad = sign_up(factory, now, name="Eve\r\nBcc: all@example.org", email="eve@example.org")
    good = sign_up(factory, now, email="anna@example.org")
    report = deliver_due(delivery())
    assert (report.failed, report.left) == (1, 1)
    assert the_mail(bad).state == "failed"
    assert the_mail(bad).last_error == "not composed: HeaderInjectionError"
    assert the_mail(good).state == "sent"
    assert [envelope[1] for envelope in postbox.envelopes] == [["anna@example.org"]]


def test_damaged_facts_fail_visibly_and_hold_nobody_up(
    sending_app: Flask, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    bad, good = sign_up(factory, now), sign_up(factory, now)
    with transaction() as session:
        mail = session.get(Mail, bad)
        assert mail is not None
        mail.facts = {"about": "nothing"}
    deliver_due(delivery())
    assert the_mail(bad).last_error == "not composed: UnreadableFactsError"
    assert the_mail(good).state == "sent"


def test_a_temporary_answer_is_tried_again_with_growing_pauses_and_the_same_message_id(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    mail_id = sign_up(factory, now, email="anna@example.org")
    postbox.answers["anna@example.org"] = "451 4.7.1 Greylisted"
    message_id = the_mail(mail_id).message_id
    moment = now
    for tries, pause in enumerate(PAUSES[:3], start=1):
        assert deliver_due(delivery(moment)).put_off == 1
        mail = the_mail(mail_id)
        assert (mail.state, mail.attempts, mail.last_error) == ("queued", tries, "451 4.7.1 Greylisted")
        assert mail.next_try_at == moment + pause
        assert deliver_due(delivery(moment + pause - timedelta(seconds=1))).claimed == 0
        moment = mail.next_try_at
    postbox.answers.clear()
    assert deliver_due(delivery(moment)).left == 1
    assert [mail["Message-ID"] for mail in postbox.received] == [message_id]
    assert the_mail(mail_id).state == "sent"


def test_temporary_answers_are_given_up_visibly_in_the_end(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    mail_id = sign_up(factory, now, email="anna@example.org")
    postbox.answers["anna@example.org"] = "452 4.2.2 Mailbox full"
    moment = now
    while the_mail(mail_id).state == "queued":
        moment = the_mail(mail_id).next_try_at
        deliver_due(delivery(moment))
    mail = the_mail(mail_id)
    assert (mail.state, mail.attempts, mail.last_error) == ("failed", len(PAUSES) + 1, "452 4.2.2 Mailbox full")


def test_a_permanent_answer_fails_at_once_and_visibly(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    refused, taken = sign_up(factory, now, email="gone@example.org"), sign_up(factory, now)
    postbox.answers["gone@example.org"] = "550 5.1.1 No such user"
    report = deliver_due(delivery())
    assert (report.failed, report.left) == (1, 1)
    assert (the_mail(refused).state, the_mail(refused).last_error) == ("failed", "550 5.1.1 No such user")
    assert the_mail(taken).state == "sent"


def test_a_mail_refused_after_its_text_leaves_the_connection_for_the_others(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    mails = [sign_up(factory, now) for _ in range(2)]
    postbox.data_answer = "554 5.7.1 Looks like spam"
    assert deliver_due(delivery()).failed == 2
    assert {the_mail(mail_id).last_error for mail_id in mails} == {"554 5.7.1 Looks like spam"}


@contextmanager
def silent_server(*, greets: bool, knows_hello: bool = False) -> Iterator[int]:
    """A server that takes connections and then says nothing (or only the first words)."""
    listening = socket.create_server(("127.0.0.1", 0))
    taken: list[socket.socket] = []

    def take() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            taken.append(connection)
            if greets:
                connection.sendall(b"220 silent.example.org\r\n")
            if knows_hello:
                connection.recv(1000)
                connection.sendall(b"250 silent.example.org\r\n")

    thread = threading.Thread(target=take, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for connection in taken:
            connection.close()


@pytest.mark.parametrize("greets", [False, True])
def test_a_server_that_hangs_delays_mails_and_nothing_else(
    greets: bool,
    each_database: Flask,
    factory: Factory,
    delivery: MakeDelivery,
    now: datetime,
    postbox: Postbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp_delivery, "SMTP_TIMEOUT_SECONDS", 0.3)
    event = factory.event()
    mails = [sign_up(factory, now, event) for _ in range(3)]
    signed_up_meanwhile: list[int] = []

    def sign_up_meanwhile() -> None:
        with each_database.app_context():
            signed_up_meanwhile.append(sign_up(factory, now, factory.event()))

    with (
        silent_server(greets=greets) as port,
        mail_server_set(each_database, MailServer("127.0.0.1", port, None, None, "none")),
    ):
        visitor = threading.Thread(target=sign_up_meanwhile)
        visitor.start()
        report = deliver_due(delivery())
        visitor.join()
    assert report.server_away
    assert len(signed_up_meanwhile) == 1
    for mail_id in mails:
        mail = the_mail(mail_id)
        assert (mail.state, mail.attempts) == ("queued", 0)
        assert mail.next_try_at == now + SHORTEST_AWAY_PAUSE
        assert mail.last_error == report.server_away
    with (
        smtp_server(postbox) as port,
        mail_server_set(each_database, MailServer("127.0.0.1", port, None, None, "none")),
    ):
        deliver_due(delivery(now + SHORTEST_AWAY_PAUSE))
    assert {mail["Message-ID"] for mail in postbox.received} >= {the_mail(mail_id).message_id for mail_id in mails}


def test_a_server_that_falls_silent_over_a_mail_is_tried_with_the_next_and_then_left_alone(
    each_database: Flask,
    factory: Factory,
    delivery: MakeDelivery,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(smtp_delivery, "SMTP_TIMEOUT_SECONDS", 0.3)
    mails = [sign_up(factory, now) for _ in range(3)]
    with (
        silent_server(greets=True, knows_hello=True) as port,
        mail_server_set(each_database, MailServer("127.0.0.1", port, None, None, "none")),
    ):
        report = deliver_due(delivery())
    assert report.server_away
    assert [(the_mail(mail_id).state, the_mail(mail_id).attempts) for mail_id in mails] == [
        ("queued", 1),
        ("queued", 1),
        ("queued", 0),
    ]


def test_nobody_listening_is_the_server_being_away(
    each_database: Flask, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    mail_id = sign_up(factory, now)
    with mail_server_set(each_database, MailServer("127.0.0.1", free_port(), None, None, "none")):
        report = deliver_due(delivery(away_since=now - timedelta(minutes=4)))
    assert report.server_away == "ConnectionRefusedError: [Errno 111] Connection refused"
    assert the_mail(mail_id).next_try_at == now + timedelta(minutes=4)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def test_a_certificate_nobody_vouches_for_is_refused_and_mails_wait(
    app: Flask, factory: Factory, delivery: MakeDelivery, now: datetime, postbox: Postbox, authority: trustme.CA
) -> None:
    mail_id = sign_up(factory, now)
    context = server_context(authority, "localhost")
    with (
        smtp_server(postbox, tls_context=context) as port,
        mail_server_set(app, MailServer("localhost", port, None, None, "starttls")),
    ):
        report = deliver_due(delivery())
    assert report.server_away is not None
    assert "CERTIFICATE_VERIFY_FAILED" in report.server_away
    assert postbox.received == []
    assert (the_mail(mail_id).state, the_mail(mail_id).attempts) == ("queued", 0)


@pytest.mark.parametrize(("name", "arrives"), [("localhost", True), ("mail.elsewhere.example.org", False)])
def test_the_certificates_name_has_to_be_the_servers(
    name: str,
    arrives: bool,
    app: Flask,
    factory: Factory,
    delivery: MakeDelivery,
    now: datetime,
    postbox: Postbox,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    sign_up(factory, now)
    context = server_context(authority, name)
    with (
        smtp_server(postbox, tls_context=context, require_starttls=True) as port,
        mail_server_set(app, MailServer("localhost", port, None, None, "starttls")),
    ):
        report = deliver_due(delivery())
    assert (report.left, len(postbox.received)) == ((1, 1) if arrives else (0, 0))
    assert (report.server_away is None) is arrives


def test_a_server_without_starttls_gets_nothing_in_the_clear(
    app: Flask, factory: Factory, delivery: MakeDelivery, now: datetime, postbox: Postbox
) -> None:
    sign_up(factory, now)
    with smtp_server(postbox) as port, mail_server_set(app, MailServer("127.0.0.1", port, None, None, "starttls")):
        report = deliver_due(delivery())
    assert report.server_away is not None
    assert postbox.received == []


def test_without_a_mail_server_mails_are_filed_whole(
    each_database: Flask, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    mail_id = sign_up(factory, now)
    assert deliver_due(delivery()).left == 1
    mail = the_mail(mail_id)
    assert mail.state == "filed"
    content = filed_mail(mail.message_id)
    assert content is not None
    assert content.startswith(f"Message-ID: {mail.message_id}\r\n".encode())
    assert filed_mail("<0000@example.org>") is None


def test_a_worker_asked_to_stop_puts_back_what_it_has_not_sent(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    mails = [sign_up(factory, now) for _ in range(3)]
    report = deliver_due(delivery(should_stop=lambda: len(postbox.received) == 1))
    assert (report.left, report.put_off) == (1, 2)
    assert [the_mail(mail_id).state for mail_id in mails] == ["sent", "queued", "queued"]
    assert [the_mail(mail_id).attempts for mail_id in mails] == [1, 0, 0]


def test_a_claim_lost_while_composing_is_not_sent(
    sending_app: Flask, postbox: Postbox, factory: Factory, now: datetime
) -> None:
    sign_up(factory, now)
    (claimed,) = queue.claim_due(now, "slow:1:x", 10)
    queue.release_stale_claims(now + timedelta(hours=1))
    assert deliver_due(Delivery("fast:1:y", lambda: now)).left == 1
    assert not queue.begin_try(claimed.id, "slow:1:x", now)
    assert len(postbox.received) == 1


def test_a_superseded_confirmation_is_never_sent(
    sending_app: Flask, postbox: Postbox, factory: Factory, delivery: MakeDelivery, now: datetime
) -> None:
    event = factory.event()
    registration: Registration = factory.registration(event)
    confirm_sign_up(event, registration, now)
    cancel_registration(registration.id, now, by="person")
    deliver_due(delivery())
    assert [calendar_of(mail)["METHOD"] for mail in postbox.received] == ["CANCEL"]
