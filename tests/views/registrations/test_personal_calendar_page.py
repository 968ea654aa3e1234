"""The personal calendar over HTTP: its page, the calendar itself, and its buttons."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from eventreg.calendars.subscribe_rules import is_short_enough
from eventreg.database import db
from eventreg.links import signed_token
from eventreg.outbox.composing import Readable, mask_secret_links, words_of
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.models import Mail
from eventreg.registrations.finding_links import mail_links
from eventreg.registrations.models import PersonalCalendar, Registration
from eventreg.registrations.personal_calendar import ask_for_calendar
from tests.conftest import NOW
from tests.factories import Factory
from tests.unit.calendars.calendar_reading import content_lines

ANNA = "anna@example.org"


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def person(factory: Factory) -> Registration:
    return factory.registration(factory.event(title="Szkolenie"), name="Anna Nowak", email=ANNA)


def own_page(registration: Registration) -> str:
    return "/registrations/" + signed_token("registration", registration.link_key)


def address() -> str:
    """Of the one calendar that there is."""
    db.session.rollback()
    return "/me/" + signed_token("personal_calendar", db.session.scalars(select(PersonalCalendar.link_key)).one())


@pytest.fixture
def calendar(person: Registration) -> str:
    ask_for_calendar(person.id, "pl", NOW)
    return address()


def count(model: type[Any]) -> int:
    db.session.rollback()
    return db.session.scalars(select(func.count()).select_from(model)).one()


def newest(language: str = "pl") -> Readable:
    db.session.rollback()
    mail = db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
    return words_of(mail.occasion, facts_from_json(mail.facts), language)


def test_abuse_27_the_own_page_shows_no_address_and_mails_it(client: FlaskClient, person: Registration) -> None:
    assert "Wyślij adres kalendarza" in client.get(own_page(person)).text
    asked = client.post(own_page(person) + "/personal-calendar")
    assert (asked.status_code, asked.location) == (303, own_page(person) + "?calendar=asked")
    page = client.get(asked.location)
    assert "przyjdzie na skrzynkę podaną" in page.text
    assert "raz na 60 minut" in page.text
    assert "/me/" not in page.text
    assert ANNA not in page.text
    link = "http://localhost" + address()
    words = newest()
    assert words.subject == "Adres kalendarza osobistego"
    for text in (words.text, words.html):
        assert link in text
        assert "Anna Nowak" in text
    again = client.post(own_page(person) + "/personal-calendar")
    assert (again.status_code, again.location) == (asked.status_code, asked.location)
    assert client.get(again.location).data == page.data
    assert count(Mail) == 1


def test_who_is_not_confirmed_sees_no_button(client: FlaskClient, factory: Factory) -> None:
    until = NOW + timedelta(hours=1)
    person = factory.registration(factory.event(), state="unconfirmed", hold_until=until, confirmed_at=None)
    assert "personal-calendar" not in client.get(own_page(person)).text
    assert client.post(own_page(person) + "/personal-calendar").status_code == 303
    assert count(PersonalCalendar) == 0


def test_the_page_shows_how_to_subscribe_and_the_least(client: FlaskClient, calendar: str) -> None:
    page = client.get(calendar)
    assert page.status_code == 200
    assert "Anna Nowak" in page.text
    assert f'value="http://localhost{calendar}.ics"' in page.text
    assert f'href="webcal://localhost{calendar}.ics"' in page.text
    assert "<svg" in page.text
    for word in (ANNA, "Szkolenie"):
        assert word not in page.text
    assert "Switch the calendar off" in client.get("/en" + calendar).text


def test_abuse_26_and_40_the_page_is_stored_nowhere_and_leaks_nowhere(client: FlaskClient, calendar: str) -> None:
    page = client.get(calendar, headers={"Host": "localhost"})
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert '<meta name="robots" content="noindex">' in page.text
    assert "Set-Cookie" not in page.headers
    for outside in re.findall(r'<a [^>]*href="https://[^"]*"[^>]*>', page.text):
        assert "noopener" in outside


def test_calendar_10_as_subscribers_ask_for_it(client: FlaskClient, calendar: str) -> None:
    first = client.get(calendar + ".ics")
    assert first.status_code == 200
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Cache-Control"] == "private, max-age=300"
    assert first.headers["X-Robots-Tag"] == "noindex"
    assert first.headers["Last-Modified"] == "Sun, 22 Nov 2026 09:00:00 GMT"
    assert "Set-Cookie" not in first.headers
    tag, weak = first.get_etag()
    assert tag
    assert not weak
    assert client.get(calendar + ".ics", headers={"Accept": "image/png"}).data == first.data
    head = client.head(calendar + ".ics")
    assert (head.status_code, head.data, head.get_etag()) == (200, b"", (tag, False))
    unchanged = client.get(calendar + ".ics", headers={"If-None-Match": f'"{tag}"'})
    assert (unchanged.status_code, unchanged.data) == (304, b"")
    assert unchanged.get_etag() == (tag, False)
    assert unchanged.headers["Cache-Control"] == "private, max-age=300"


def test_calendar_10_a_date_alone_never_hides_what_has_left_it(
    client: FlaskClient, calendar: str, person: Registration
) -> None:
    first = client.get(calendar + ".ics")
    since = {"If-Modified-Since": first.headers["Last-Modified"]}
    assert client.get(calendar + ".ics", headers=since).status_code == 200
    changed = {"If-None-Match": f'"{first.get_etag()[0]}"', **since}
    assert client.get(calendar + ".ics", headers=changed).status_code == 304
    assert client.post(own_page(person) + "/cancel").status_code == 303
    assert client.get(calendar + ".ics", headers=changed).status_code == 200


def test_calendar_11_what_the_calendar_says_of_itself(client: FlaskClient, calendar: str) -> None:
    lines = content_lines(client.get(calendar + ".ics").data)
    head = lines[: lines.index("BEGIN:VTIMEZONE")]
    assert [line for line in head if line.startswith("NAME:")] == ["NAME:Moje wydarzenia – Współpraca zagraniczna"]
    assert "X-WR-CALNAME:Moje wydarzenia – Współpraca zagraniczna" in head
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in head
    assert "X-PUBLISHED-TTL:PT6H" in head
    assert not [line for line in head if line.startswith(("UID", "METHOD", "SOURCE", "URL"))]
    english = client.get("/en" + calendar + ".ics").text
    assert "NAME:My events" in english


def test_calendar_15_its_address_is_short_enough(client: FlaskClient, calendar: str) -> None:
    assert is_short_enough("https://wydarzenia.omp.malopolska.example.org/events/en" + calendar + ".ics")


def test_abuse_24_opening_every_link_changes_nothing(client: FlaskClient, calendar: str, person: Registration) -> None:
    for path in (calendar, calendar + ".ics", "/me/renewed", "/me/switched-off"):
        assert client.get(path).status_code == 200
    for path in (calendar + "/new-address", calendar + "/off", own_page(person) + "/personal-calendar"):
        assert client.get(path).status_code == 303
    assert address() == calendar
    assert count(Mail) == 1


def test_abuse_32_a_new_address_is_mailed_and_never_shown(client: FlaskClient, calendar: str) -> None:
    renewed = client.post(calendar + "/new-address")
    assert (renewed.status_code, renewed.location) == (303, "/me/renewed")
    new = address()
    assert new != calendar
    assert new not in client.get(renewed.location).text
    assert newest().subject == "Nowy adres kalendarza osobistego"
    assert f"http://localhost{new}" in newest().text
    assert "Poprzedni adres przestał działać" in newest().text
    assert "nie trzeba nic robić" not in newest().text  # there is something to do
    assert client.get(new + ".ics").status_code == 200
    for path in (calendar, calendar + ".ics"):
        assert client.get(path).status_code == 404


def test_switched_off_it_is_gone(client: FlaskClient, calendar: str) -> None:
    off = client.post(calendar + "/off")
    assert (off.status_code, off.location) == (303, "/me/switched-off")
    assert "jest wyłączony" in client.get(off.location).text
    assert count(PersonalCalendar) == 0


def test_abuse_25_revoked_forged_and_other_links_are_the_same_404(
    client: FlaskClient, calendar: str, person: Registration
) -> None:
    client.post(calendar + "/off")
    forged = "/me/" + signed_token("personal_calendar", "x" * 22)
    damaged = calendar[:-1] + ("A" if calendar[-1] != "A" else "B")
    other_purpose = "/me/" + signed_token("registration", person.link_key)
    for ending in ("", ".ics"):
        answers = [client.get(path + ending) for path in (calendar, forged, damaged, other_purpose, "/me/nic")]
        assert {answer.status_code for answer in answers} == {404}
        assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-store"}
        texts = {
            re.sub(r'href="[^"]*/me/[^"]*"', "", answer.text) for answer in answers
        }  # the link to the other language names the address asked for
        assert len(texts) == 1
    for ending in ("/new-address", "/off"):
        assert client.post(calendar + ending).status_code == 404


def test_abuse_25_the_key_of_a_living_calendar_opens_nothing_without_its_own_signature(
    client: FlaskClient, calendar: str
) -> None:
    key = db.session.scalars(select(PersonalCalendar.link_key)).one()
    assert client.get(calendar + ".ics").status_code == 200
    for token in (key, f"{key}.", f"{key}.{'A' * 43}", signed_token("registration", key), signed_token("group", key)):
        for ending in ("", ".ics"):
            assert client.get(f"/me/{token}{ending}").status_code == 404, token
        for ending in ("/new-address", "/off"):
            assert client.post(f"/me/{token}{ending}").status_code == 404, token
    assert address() == calendar


def test_posts_from_other_sites_are_refused(client: FlaskClient, calendar: str) -> None:
    for ending in ("/new-address", "/off"):
        assert client.post(calendar + ending, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert address() == calendar


def test_abuse_26_previews_and_logs_show_no_address(
    client: FlaskClient, calendar: str, capfd: pytest.CaptureFixture[str]
) -> None:
    mail_links(ANNA, "pl", NOW)
    token = calendar.removeprefix("/me/")
    words = newest()
    assert token in words.text
    for text in (mask_secret_links(words.text), mask_secret_links(words.html)):
        assert token not in text
        assert "/me/…" in text
    client.get(calendar + ".ics")
    client.get(calendar)
    assert token not in "".join(capfd.readouterr())


def test_found_links_name_whose_calendar_it_is(client: FlaskClient, calendar: str) -> None:
    mail_links(ANNA, "pl", NOW)
    words = newest()
    for text in (words.text, words.html):
        assert "Wszystkie wydarzenia w\N{NO-BREAK SPACE}jednym kalendarzu: Anna Nowak" in text
        assert f"http://localhost{calendar}" in text
    assert words.subject == "Link do zgłoszenia"


def test_it_is_rate_limited_by_client(make_app: Any) -> None:
    client = make_app(EVENTREG_RATE_LIMITS="on").test_client()
    path = "/me/nicniematutaj.x/off"
    answers = [client.post(path).status_code for _number in range(31)]
    assert answers == [404] * 30 + [429]
