"""How an organiser's message reads to those who get it, in both languages."""

from collections.abc import Callable

import pytest

from eventreg.events.models import Event
from eventreg.links import signed_token
from eventreg.messages.message_mails import message_facts
from eventreg.messages.queries import Recipient
from eventreg.outbox.composing import Readable, words_of
from tests.factories import Factory

TEXT = "Dzień dobry, {imię i nazwisko}!\n\n{wydarzenie}, {termin}, {miejsce}.\n{link}\n\n{organizator}"
Words = Callable[..., Readable]


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event(factory.organiser(name="Urząd Miasta"), title="Dobre praktyki", slug="dobre-praktyki")


@pytest.fixture
def words(event: Event) -> Words:
    def read(language: str, *names: str, test_name: str = "") -> Readable:
        people = [
            Recipient(number, name, "confirmed", "biuro@example.org", "biuro@example.org", language, f"key-{number}")
            for number, name in enumerate(names)
        ]
        facts = message_facts("{wydarzenie}: zmiana", TEXT, event, people, test_name=test_name)
        return words_of("event_message", facts, language)

    return read


def link(number: int, prefix: str = "") -> str:
    return f"http://localhost{prefix}/registrations/{signed_token('registration', f'key-{number}')}"


def test_the_placeholders_speak_the_recipients_language(words: Words) -> None:
    polish, english = words("pl", "Anna Łęcka"), words("en", "Anna Łęcka")
    assert polish.subject == english.subject == "Dobre praktyki: zmiana"
    assert polish.text.startswith("Dzień dobry, Anna Łęcka!\n\nDobre praktyki, środa, 9\u00a0grudnia 2026\u00a0r.")
    assert "Dobre praktyki, Wednesday, 9\u00a0December 2026, 12:00–13:30, Urząd Miasta Proszowice" in english.text
    assert link(0) in polish.text
    assert link(0, "/en") in english.text
    assert "Urząd Miasta\n" in polish.text


def test_the_event_and_who_writes_stand_under_the_text(words: Words) -> None:
    polish, english = words("pl", "Anna Łęcka"), words("en", "Anna Łęcka")
    for readable in (polish.text, polish.html):
        assert "Autorem tej wiadomości jest organizator wydarzenia" in readable
        assert "http://localhost/events/dobre-praktyki" in readable
    for readable in (english.text, english.html):
        assert "This message was written by the organiser" in readable
        assert "http://localhost/en/events/dobre-praktyki" in readable
    assert '<html lang="en">' in english.html


def test_in_html_lines_break_and_links_lead(words: Words) -> None:
    html = words("pl", "Anna Łęcka").html
    assert f'<a href="{link(0)}"' in html
    assert ".<br><a href=" in html
    assert '<p style="margin:0 0 16px;">Dzień dobry, Anna Łęcka!</p>' in html


def test_a_shared_mailbox_reads_every_name_and_every_link(words: Words) -> None:
    shared = words("pl", "Anna Łęcka", "Jan Łoś")
    assert "Dzień dobry, Anna Łęcka, Jan Łoś!" in shared.text
    assert f"Anna Łęcka: {link(0)}\nJan Łoś: {link(1)}" in shared.text
    assert f'Anna Łęcka: <a href="{link(0)}"' in shared.html
    assert f'<br>Jan Łoś: <a href="{link(1)}"' in shared.html


def test_a_test_is_marked_and_leads_to_nobodys_page(words: Words) -> None:
    polish, english = words("pl", test_name="Alicja"), words("en", test_name="Alicja")
    assert polish.subject == "[Test] Dobre praktyki: zmiana"
    assert "To jest próbna wiadomość." in polish.text
    assert "This is a test." in english.html
    assert "Dzień dobry, Alicja!" in polish.text
    assert "[tu znajdzie się link do strony zgłoszenia]" in polish.text
    for readable in (polish.text, polish.html, english.text, english.html):
        assert "/registrations/" not in readable
