"""'Add to calendar' on the event page, on the own page and in mails: what it says, to whom, and what it never tells."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.calendars.invitation import Method
from eventreg.database import db, transaction
from eventreg.events.event_cancelling import cancel_event
from eventreg.events.models import Event
from eventreg.links import signed_token
from eventreg.outbox.composing import OCCASIONS, Readable, words_of
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.mail_facts import (
    EventFacts,
    InvitationFacts,
    OrganiserFacts,
    RegistrationFacts,
    RegistrationMailFacts,
)
from eventreg.outbox.models import Mail
from eventreg.registrations.group_sign_up import sign_up_group
from eventreg.registrations.group_sign_up_rules import GroupPerson, GroupRequest
from eventreg.registrations.models import Registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import SignUpRequest
from tests.conftest import NOW
from tests.factories import Factory

HOSTS = ("calendar.google.com", "outlook.live.com", "outlook.office.com")
MEETING = "https://meet.example.org/tajne?pwd=7"

TELL_WHO_HAS_A_PLACE = (
    "sign_up_confirmed",
    "place_given",
    "registration_accepted",
    "registrations_together",
    "group_signed_up",
    "already_registered",
    "substitute_invited",
    "event_changed",
    "reminder",
)
"""Mails in which somebody may have a place; 'address_changed' besides."""


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def links_out(page: str) -> dict[str, dict[str, str]]:
    """Host -> what its link tells, for the three hosts."""
    addresses = [unescape(address) for address in re.findall(r'<a [^>]*?href="([^"]+)"', page)]
    found = [address for address in addresses if urlsplit(address).hostname in HOSTS]
    assert len(found) == len({urlsplit(address).hostname for address in found})
    return {
        str(urlsplit(address).hostname): {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
        for address in found
    }


def everything_in(links: dict[str, dict[str, str]]) -> str:
    return "\n".join(value for link in links.values() for value in link.values())


def own_address(registration: Registration) -> str:
    return "/registrations/" + signed_token("registration", registration.link_key)


def test_the_event_page_has_four_ways(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(title="Warsztaty & goście", summary="Jedno zdanie.")
    page = client.get(f"/events/{event.slug}").text
    assert f'href="/events/{event.slug}.ics" aria-label="Dodaj do kalendarza: plik .ics"' in page
    links = links_out(page)
    assert set(links) == set(HOSTS)
    google = links["calendar.google.com"]
    assert google["text"] == "Warsztaty & goście"
    assert google["dates"] == "20261209T110000Z/20261209T123000Z"
    assert google["location"] == "Urząd Miasta Proszowice, ul. 3 Maja 72, 32-100 Proszowice"
    assert google["details"] == (
        f"Jedno zdanie.\nOrganizator: {event.organiser.name}\nStrona wydarzenia: http://localhost/events/{event.slug}"
    )
    for host in HOSTS[1:]:
        assert links[host]["subject"] == google["text"]
        assert (links[host]["startdt"], links[host]["enddt"]) == ("2026-12-09T11:00:00Z", "2026-12-09T12:30:00Z")
        assert links[host]["location"] == google["location"]


def test_each_link_says_where_it_leads_and_opens_without_a_script(client: FlaskClient, factory: Factory) -> None:
    event = factory.event()
    for prefix, names in (
        ("", ("Dodaj do kalendarza Google", "Dodaj do kalendarza Outlook.com", "Dodaj do kalendarza Microsoft\xa0365")),
        ("/en", ("Add to Google Calendar", "Add to the Outlook.com calendar", "Add to the Microsoft\xa0365 calendar")),
    ):
        page = client.get(f"{prefix}/events/{event.slug}").text
        for host, name in zip(HOSTS, names, strict=True):
            [tag] = [tag for tag in re.findall(r"<a [^>]+>[^<]+", page) if f'href="https://{host}/' in tag]
            assert f'aria-label="{name}"' in tag
            assert 'rel="noopener noreferrer"' in tag
            assert tag.rpartition(">")[2] in name  # WCAG 2.5.3: the label holds the visible words


def test_loading_the_page_asks_no_foreign_host(client: FlaskClient, factory: Factory) -> None:
    answer = client.get(f"/events/{factory.event().slug}")
    loaded = re.findall(r"<(?!a\b)[^>]+(?:src|href|action)=\"(https?:[^\"]+)\"", answer.text)
    assert {urlsplit(address).hostname for address in loaded} <= {"localhost"}
    for directive in ("default-src 'none'", "img-src 'self' data:", "connect-src 'self'"):
        assert directive in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "values",
    [
        {"state": "cancelled"},
        {"starts_at": NOW - timedelta(days=2), "ends_at": NOW - timedelta(days=1)},
    ],
    ids=["cancelled", "past"],
)
def test_a_cancelled_or_past_event_has_no_such_line(
    client: FlaskClient, factory: Factory, values: dict[str, Any]
) -> None:
    page = client.get(f"/events/{factory.event(**values).slug}").text
    assert not links_out(page)
    assert "Dodaj do kalendarza" not in page


def test_the_public_links_keep_the_online_address_to_themselves(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(attendance="online", online_url=MEETING)
    links = links_out(client.get(f"/events/{event.slug}").text)
    assert "meet.example.org" not in everything_in(links)
    assert {link["location"] for link in links.values()} == {"Online"}


def test_whole_days_and_another_zone(client: FlaskClient, factory: Factory) -> None:
    start = datetime.fromisoformat("2027-03-27T00:00:00+02:00")  # Kyiv, over the night of the change
    event = factory.event(starts_at=start, ends_at=start + timedelta(days=2), time_zone="Europe/Kyiv", all_day=True)
    links = links_out(client.get(f"/events/{event.slug}").text)
    assert links["calendar.google.com"]["dates"] == "20270327/20270330"
    for host in HOSTS[1:]:
        link = links[host]
        assert (link["startdt"], link["enddt"], link["allday"]) == ("2027-03-27", "2027-03-30", "true")


def test_the_links_follow_a_change_of_the_event(client: FlaskClient, factory: Factory) -> None:
    event = factory.event()
    assert links_out(client.get(f"/events/{event.slug}").text)["calendar.google.com"]["text"] == event.title
    with transaction():
        changed = db.session.get_one(Event, event.id, populate_existing=True)
        changed.title, changed.revision = "Inny tytuł", changed.revision + 1
    assert links_out(client.get(f"/events/{event.slug}").text)["calendar.google.com"]["text"] == "Inny tytuł"


def test_abuse_26_the_own_page_tells_the_meeting_but_no_token(client: FlaskClient, factory: Factory) -> None:
    person = factory.registration(factory.event(attendance="hybrid", online_url=MEETING))
    page = client.get(own_address(person)).text
    links = links_out(page)
    assert set(links) == set(HOSTS)
    for link in links.values():
        assert MEETING in (link.get("details") or link["body"])
    told = everything_in(links)
    for secret in (person.link_key, "/registrations/", person.name, person.email):
        assert secret not in told
    assert f'href="{own_address(person)}/event.ics"' in page


@pytest.mark.parametrize(
    "values",
    [
        {"state": "waitlisted", "waiting_order": 1},
        {"state": "pending"},
        {"state": "unconfirmed", "hold_until": NOW + timedelta(hours=1), "holds_place": True},
        {"state": "cancelled", "cancelled_at": NOW, "cancelled_by": "person"},
        {"state": "declined"},
    ],
    ids=lambda values: values["state"],
)
def test_who_has_no_place_is_given_no_links(client: FlaskClient, factory: Factory, values: dict[str, Any]) -> None:
    event = factory.event(attendance="hybrid", online_url=MEETING)
    page = client.get(own_address(factory.registration(event, confirmed_at=None, **values))).text
    assert event.title in page
    assert not links_out(page)
    assert "meet.example.org" not in page


def mail_of(event: Event, language: str) -> Readable:
    mail = db.session.scalars(select(Mail).where(Mail.event_id == event.id).order_by(Mail.id.desc())).first()
    assert mail is not None
    return words_of(mail.occasion, facts_from_json(mail.facts), language)


@pytest.mark.usefixtures("app")
def test_the_confirmation_has_the_links_low_in_html_and_one_short_one_in_plain_text(factory: Factory) -> None:
    event = factory.event(attendance="hybrid", online_url=MEETING)
    sign_up(event.id, SignUpRequest("Jan Łoś", "jan@example.org", "pl"), NOW)
    polish, english = mail_of(event, "pl"), mail_of(event, "en")
    links = links_out(polish.html)
    assert set(links) == set(HOSTS)
    assert MEETING in links["outlook.office.com"]["body"]
    assert "Jeżeli wydarzenia nie ma jeszcze w\u00a0Państwa kalendarzu, można je dodać:" in polish.html
    assert "If the event is not in your calendar yet, add it:" in english.html
    assert polish.html.count("/event.ics") == polish.text.count("/event.ics") == 1
    for host in HOSTS:
        assert host not in polish.text
        assert polish.html.index("zmiany planów") < polish.html.index(host)


@pytest.mark.usefixtures("app")
def test_abuse_26_no_link_in_a_mail_takes_a_token_to_a_foreign_host(factory: Factory) -> None:
    event = factory.event(attendance="online", online_url=MEETING)
    sign_up(event.id, SignUpRequest("Jan Łoś", "jan@example.org", "pl"), NOW)
    person = db.session.scalars(select(Registration)).one()
    told = everything_in(links_out(mail_of(event, "pl").html))
    for secret in (person.link_key, "/registrations/", "/me/", "Jan", "jan@example.org"):
        assert secret not in told


@pytest.mark.usefixtures("app")
def test_several_people_of_a_mailbox_keep_a_file_each_and_one_line(factory: Factory) -> None:
    event = factory.event()
    people = tuple(GroupPerson(name) for name in ("Jan Łoś", "Ewa Ćwik"))
    sign_up_group(event.id, GroupRequest("biuro@example.org", "pl", people), NOW)
    words = mail_of(event, "pl")
    assert set(links_out(words.html)) == set(HOSTS)
    assert words.html.count("/event.ics") == words.text.count("/event.ics") == 2
    assert "Dodanie wydarzenia do kalendarza:" in words.html


def facts_of(*, people: int = 1, state: str = "confirmed", **event: Any) -> RegistrationMailFacts:
    start = NOW + timedelta(days=17)
    asked = InvitationFacts(Method.REQUEST, "uid@example.org", 0, NOW) if state == "confirmed" else None
    return RegistrationMailFacts(
        event=EventFacts(
            **{
                "id": 1,
                "slug": "warsztaty",
                "title": "Warsztaty",
                "kind": "workshop",
                "starts_at": start,
                "ends_at": start + timedelta(hours=1),
                "city": "Proszowice",
                **event,
            }
        ),
        organiser=OrganiserFacts("Urząd Przykładowy", "biuro@example.org", slug="urzad"),
        people=tuple(
            RegistrationFacts(number, f"Osoba {number}", state, f"klucz{number:017d}", asked)
            for number in range(1, people + 1)
        ),
        before=EventFacts(1, "warsztaty", "Warsztaty", "workshop", start, start + timedelta(hours=2)),
    )


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("occasion", TELL_WHO_HAS_A_PLACE)
@pytest.mark.parametrize("people", [1, 2])
def test_every_mail_to_somebody_with_a_place_has_the_line(occasion: str, people: int) -> None:
    assert occasion in OCCASIONS
    for language in ("pl", "en"):
        words = words_of(occasion, facts_of(people=people), language)
        links = links_out(words.html)
        assert set(links) == set(HOSTS)
        assert "klucz" not in everything_in(links)
        assert words.html.count("/event.ics") == people
        assert all(host not in words.text for host in HOSTS)


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("occasion", TELL_WHO_HAS_A_PLACE)
def test_no_mail_to_somebody_without_a_place_has_it(occasion: str) -> None:
    for state in ("waitlisted", "pending", "cancelled"):
        assert not links_out(words_of(occasion, facts_of(state=state), "pl").html)


@pytest.mark.usefixtures("app")
def test_after_a_change_the_old_entry_is_spoken_of() -> None:
    assert "pozostał niezmieniony" not in words_of("reminder", facts_of(), "pl").html
    assert "pozostał niezmieniony" in words_of("event_changed", facts_of(), "pl").html
    english = words_of("event_changed", facts_of(people=2), "en").html
    assert "If the entry in your calendar is still the old one, please delete it and add the event again:" in english


@pytest.mark.usefixtures("app")
def test_the_mail_about_a_cancelled_event_has_none(factory: Factory) -> None:
    event = factory.event()
    factory.registration(event)
    cancel_event(event.id, "Choroba", None, NOW)
    words = mail_of(event, "pl")
    assert not links_out(words.html)
    assert not links_out(words_of("event_cancelled", facts_of(cancelled=True), "pl").html)
