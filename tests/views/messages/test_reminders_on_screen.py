"""What the mails of reminders say, in both languages, and what the panel's mail log tells of them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.messages.reminder_mails import remind, thank
from eventreg.messages.reminders import send_due_reminders
from eventreg.outbox.composing import Readable, compose, words_of
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.models import Mail
from eventreg.outbox.queue import ClaimedMail
from tests.conftest import NOW
from tests.factories import Factory, sign_in

STRUCTURAL_TAG = re.compile(r"<[^>]+>")


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    start = datetime(2026, 12, 9, 11, tzinfo=UTC)
    return factory.event(
        title="Dobre praktyki",
        slug="dobre-praktyki",
        summary="Warsztaty dla pracowników gmin.",
        starts_at=start,
        ends_at=start + timedelta(minutes=90),
        room="sala 12, wejście od podwórza",
        attendance="hybrid",
        online_url="https://meet.example.org/abc",
        contact_name="Anna Nowak",
        contact_email="kontakt@example.org",
        contact_phone="12 345 67 89",
        day_phone="600 100 200",
        materials_url="https://example.org/materialy",
        published_at=NOW - timedelta(days=30),
    )


def the_mail(language: str) -> Readable:
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert mail is not None
    return words_of(mail.occasion, facts_from_json(mail.facts), language)


def without_tokens(text: str) -> str:
    return re.sub(r"(/registrations/)[^/\s]+", r"\1...", text).replace("\u00a0", " ")


def test_the_reminder_in_polish_read_aloud(factory: Factory, event: Event) -> None:
    factory.registration(event, name="Jan Łoś", email="jan@example.org")
    assert remind(event, NOW, NOW) == 1
    words = the_mail("pl")
    assert words.subject.replace("\u00a0", " ") == "Przypomnienie: Dobre praktyki, środa, 9 grudnia 2026 r."
    assert without_tokens(words.text) == (
        "Szanowni Państwo,\n"
        "\n"
        "przypominamy o wydarzeniu, w którym udział zgłoszono z tego adresu.\n"
        "\n"
        "Dobre praktyki\n"
        "Warsztaty dla pracowników gmin.\n"
        "\n"
        "Termin: środa, 9 grudnia 2026 r., godz. 12.00–13.30\n"
        "Miejsce: Urząd Miasta Proszowice, sala 12, wejście od podwórza, ul. 3 Maja 72, 32-100 Proszowice\n"
        "Link do spotkania online: https://meet.example.org/abc\n"
        "Organizator: Urząd Przykładowy 2\n"
        "Kontakt: Anna Nowak, kontakt@example.org, 12 345 67 89\n"
        "Strona wydarzenia: http://localhost/events/dobre-praktyki\n"
        "Telefon w dniu wydarzenia: 600 100 200\n"
        "Materiały: https://example.org/materialy\n"
        "\n"
        "Jan Łoś\n"
        "  Szczegóły zgłoszenia i rezygnacja: http://localhost/registrations/...\n"
        "  Dodaj do kalendarza: http://localhost/registrations/.../event.ics\n"
        "\n"
        "W razie zmiany planów prosimy o rezygnację pod podanym wyżej linkiem. Zwolnione miejsce będzie od razu "
        "dostępne dla innej osoby.\n"
        "\n"
        "--\n"
        "Ten adres podano w zgłoszeniu na wydarzenie w serwisie Współpraca zagraniczna. Jeżeli zgłoszenie nie "
        "pochodzi od Państwa, prosimy o informację dla organizatora: kontakt@example.org.\n"
        "Wiadomość wysłano automatycznie. Odpowiedź trafi do organizatora.\n"
    )


def test_the_reminder_in_english_and_in_html(factory: Factory, event: Event) -> None:
    for name in ("Jan Łoś", "Ewa Ćwik"):
        factory.registration(event, name=name, email="biuro@example.org")
    assert remind(event, NOW, NOW) == 1
    words = the_mail("en")
    assert words.subject.replace("\u00a0", " ") == "Reminder: Dobre praktyki, Wednesday, 9 December 2026"
    for text in (words.text, STRUCTURAL_TAG.sub("", words.html)):
        for said in (
            "This is a reminder of an event that somebody signed up for with this address.",
            "12:00–13:30",
            "sala 12, wejście od podwórza",
            "https://meet.example.org/abc",
            "Telephone on the day of the event: 600 100 200",
            "Jan Łoś",
            "Ewa Ćwik",
            "kontakt@example.org",
        ):
            assert said in text
    assert words.html.count('href="http://localhost/en/registrations/') == 4  # each person's page and calendar file
    assert 'href="https://example.org/materialy"' in words.html


def test_without_a_number_for_the_day_the_contacts_is_given_and_nothing_is_empty(
    factory: Factory, event: Event
) -> None:
    factory.registration(event)
    event.day_phone = event.materials_url = event.online_url = ""
    remind(event, NOW, NOW)
    words = the_mail("pl")
    assert "Telefon w\u00a0dniu wydarzenia: 12 345 67 89" in words.text
    assert "Materiały" not in words.text + words.html
    assert "online" not in words.text


def test_the_thanks_in_both_languages(factory: Factory, event: Event) -> None:
    factory.registration(event, name="Jan Łoś", attended=True)
    assert thank(event, NOW) == 1
    polish, english = the_mail("pl"), the_mail("en")
    assert polish.subject == "Podziękowanie za udział: Dobre praktyki"
    assert english.subject == "Thank you for taking part: Dobre praktyki"
    assert "dziękujemy za udział w\u00a0wymienionym niżej wydarzeniu." in polish.text
    assert "Materiały: https://example.org/materialy\n\nObecność potwierdzona: Jan Łoś\n" in polish.text
    assert "Materials: https://example.org/materialy\n\nTook part: Jan Łoś\n" in english.text
    for words in (polish, english):
        assert "/registrations/" not in words.text + words.html
        assert "meet.example.org" not in words.text + words.html


@pytest.mark.usefixtures("app")
def test_the_mail_carries_no_invitation(factory: Factory, event: Event) -> None:
    factory.registration(event, name="Jan Łoś", email="jan@example.org")
    remind(event, NOW, NOW)
    mail = db.session.scalars(select(Mail)).one()
    message = compose(
        ClaimedMail(
            id=mail.id,
            occasion=mail.occasion,
            to_address=mail.to_address,
            to_name=mail.to_name,
            language=mail.language,
            facts=mail.facts,
            message_id=mail.message_id,
            attempts=0,
            created_at=mail.created_at,
        )
    )
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert message["Reply-To"] == "Urząd Przykładowy 2 <kontakt@example.org>"


def shown(app: Flask, factory: Factory, event: Event, path: str = "/panel/events/dobre-praktyki/mail") -> str:
    page = sign_in(app, factory.account(event.organiser, "owner")).get(path)
    assert page.status_code == 200
    return page.text.replace("\u00a0", " ")


def test_the_log_tells_of_the_next_reminder_and_of_those_sent(app: Flask, factory: Factory, event: Event) -> None:
    for number in range(3):
        factory.registration(event, email=f"p{number}@example.org")
    page = shown(app, factory, event)
    assert "Następne przypomnienie: 8 grudnia 2026 r., godz. 12.00, do wszystkich osób" in page
    at = event.starts_at - timedelta(days=1)
    assert send_due_reminders(at) == 3
    with time_machine.travel(at + timedelta(hours=1), tick=False):
        page = shown(app, factory, event)
        assert "Następne przypomnienie: 9 grudnia 2026 r., godz. 10.00, do wszystkich osób" in page
        assert "Przypomnienie wysłano 8 grudnia 2026 r., godz. 12.00 na 3 adresy." in page
        english = shown(app, factory, event, "/en/panel/events/dobre-praktyki/mail")
        assert "A reminder was sent on 8 December 2026, 12:00 to 3 addresses." in english
        assert ">Przypomnienie<" in page  # the occasion in the table


def test_the_log_says_when_no_reminder_is_planned(app: Flask, factory: Factory, event: Event) -> None:
    event = factory.event(event.organiser, slug="cisza", remind_days=None, remind_hours=None)
    page = shown(app, factory, event, "/panel/events/cisza/mail")
    assert "Nie zaplanowano żadnego przypomnienia." in page


def test_a_reminder_is_previewed_with_its_links_masked(app: Flask, factory: Factory, event: Event) -> None:
    factory.registration(event, name="Jan Łoś", email="jan@example.org")
    remind(event, NOW, NOW)
    mail = db.session.scalars(select(Mail)).one()
    page = shown(app, factory, event, f"/panel/events/dobre-praktyki/mail/{mail.id}")
    assert "przypominamy o wydarzeniu" in page
    assert "/registrations/…" in page
