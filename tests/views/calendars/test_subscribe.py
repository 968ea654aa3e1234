"""The page of a calendar to subscribe to: for all events and for every filter, with an address that programs take."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar

from eventreg.calendars.feed import CANCELLED_STAYS, PAST_STAYS
from eventreg.calendars.subscribe_rules import qr_picture
from eventreg.database import transaction
from eventreg.series.models import Series
from tests.conftest import NOW
from tests.factories import Factory


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def _events(factory: Factory) -> None:
    office = factory.organiser(slug="omp", name="Ośrodek Myśli")
    other = factory.organiser(slug="urzad", name="Łódzki Urząd")
    with transaction() as session:
        series = Series(slug="konferencja", organiser_id=office.id, title="Stała Konferencja")
        session.add(series)
        session.flush()
        series_id = series.id
    factory.event(office, title="Warsztaty w Krakowie", kind="workshop", city="Kraków")
    factory.event(other, title="Warsztaty w Łodzi", kind="workshop", city="Łódź")
    factory.event(office, title="Konferencja", kind="conference", city="Kraków", series_id=series_id)
    factory.event(factory.organiser(slug="tajny"), title="Szkic", kind="visit", city="Radom", state="draft")
    factory.event(factory.organiser(slug="cichy"), title="Ukryte", kind="mission", city="Pisz", listed=False)


def page_of(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1].strip())


def offered(page: str) -> str | None:
    """The address on the page, which is the same in the field, the button and the head."""
    field = re.search(r'<input class="govuk-input" id="calendar-address" type="text" value="([^"]*)" readonly', page)
    if field is None:
        return None
    address = html.unescape(field[1])
    assert f'href="{html.escape("webcal" + address.removeprefix("http"))}"' in page
    return address


@pytest.mark.usefixtures("_events")
@pytest.mark.parametrize(
    ("filters", "called", "address", "titles"),
    [
        ("", None, "/calendar.ics", {"Warsztaty w Krakowie", "Warsztaty w Łodzi", "Konferencja"}),
        ("?kind=workshop", "Warsztaty", "/kinds/workshop.ics", {"Warsztaty w Krakowie", "Warsztaty w Łodzi"}),
        ("?organiser=omp", "Ośrodek Myśli", "/organisers/omp.ics", {"Warsztaty w Krakowie", "Konferencja"}),
        ("?series=konferencja", "Stała Konferencja", "/series/konferencja.ics", {"Konferencja"}),
        ("?city=lodz", "Łódź", "/cities/lodz.ics", {"Warsztaty w Łodzi"}),
        (
            "?kind=workshop&organiser=omp&series=&city=&q=",
            "Warsztaty – Ośrodek Myśli",
            "/calendar.ics?kind=workshop&organiser=omp",
            {"Warsztaty w Krakowie"},
        ),
        (
            "?kind=workshop&q=%C5%82odzi",
            "Warsztaty – „łodzi”",
            "/calendar.ics?kind=workshop&q=%C5%82odzi",
            {"Warsztaty w Łodzi"},
        ),
    ],
)
def test_each_calendar_has_its_page_with_a_working_address(
    client: FlaskClient, filters: str, called: str | None, address: str, titles: set[str]
) -> None:
    page = page_of(client, f"/calendar{filters}")
    assert heading(page) == (f"Kalendarz: {called}" if called else "Wszystkie wydarzenia we własnym kalendarzu")
    assert offered(page) == f"http://localhost{address}"
    calendar = Calendar.from_ical(client.get(address).data)
    assert {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")} == titles
    if called:
        assert str(calendar["X-WR-CALNAME"]) == called


@pytest.mark.usefixtures("_events")
def test_in_english_the_address_is_the_english_one(client: FlaskClient) -> None:
    page = page_of(client, "/en/calendar?kind=workshop&organiser=omp")
    assert heading(page) == "Calendar: Workshops – Ośrodek Myśli"
    assert offered(page) == "http://localhost/en/calendar.ics?kind=workshop&organiser=omp"
    polish = 'href="http://localhost/calendar?kind=workshop&amp;organiser=omp" lang="pl" hreflang="pl"'
    assert page.count(polish) == 2  # in the navigation, and beside the steps


@pytest.mark.usefixtures("_events")
@pytest.mark.parametrize(
    "filters",
    [
        "kind=nothing",
        "series=nothing",
        "organiser=nothing",
        "city=radom",
        "kind=workshop&city=nothing",
        f"q={'x' * 201}",
    ],
)
def test_what_there_is_not_is_a_calm_404(client: FlaskClient, filters: str) -> None:
    assert "Nie ma takiej strony" in page_of(client, f"/calendar?{filters}", 404)


@pytest.mark.usefixtures("_events")
def test_the_form_offers_what_is_public_and_keeps_what_was_chosen(client: FlaskClient) -> None:
    page = page_of(client, "/calendar?city=lodz&q=%22x&month=2026-12")
    options = re.findall(r'<option value="([^"]*)"( selected)?>([^<]+)</option>', page)
    assert [(value, words) for value, _, words in options if value] == [
        ("workshop", "Warsztaty"),
        ("conference", "Konferencje"),
        ("urzad", "Łódzki Urząd"),
        ("omp", "Ośrodek Myśli"),
        ("konferencja", "Stała Konferencja"),
        ("krakow", "Kraków"),
        ("lodz", "Łódź"),
    ]
    assert [value for value, chosen, _ in options if chosen] == ["lodz"]
    assert 'name="q" value="&#34;x"' in page
    assert '<input type="hidden" name="month" value="2026-12">' in page


def test_an_empty_site_has_a_calendar_too(client: FlaskClient, factory: Factory) -> None:
    page = page_of(client, "/calendar")
    assert offered(page) == "http://localhost/calendar.ics"
    assert 'id="series"' not in page
    assert 'id="city"' not in page


@pytest.mark.usefixtures("_events")
def test_the_kind_asked_for_can_be_chosen_though_nothing_of_it_is_announced(client: FlaskClient) -> None:
    assert '<option value="webinar" selected>' in page_of(client, "/calendar?kind=webinar")


@pytest.mark.usefixtures("_events")
def test_calendar_15_a_long_combination_is_explained_and_the_nearest_shorter_one_offered(client: FlaskClient) -> None:
    words = "%C5%BC" * 40  # six characters of an address each
    page = page_of(client, f"/calendar?kind=workshop&organiser=omp&q={words}")
    assert offered(page) is None
    assert "webcal://" not in page
    assert "<svg" not in page
    assert "Adres tego kalendarza byłby zbyt długi" in page
    assert "255\xa0znaków" in page
    assert '<a class="govuk-button" href="/calendar?kind=workshop&amp;organiser=omp">' in page
    shorter = page_of(client, "/calendar?kind=workshop&organiser=omp")
    assert offered(shorter) == "http://localhost/calendar.ics?kind=workshop&organiser=omp"


@pytest.mark.usefixtures("_events")
@pytest.mark.parametrize("letters", range(28, 44))
def test_calendar_15_no_page_offers_an_address_of_256_characters(client: FlaskClient, letters: int) -> None:
    page = page_of(client, f"/calendar?kind=workshop&q={'%C5%BC' * letters}")
    address = offered(page)
    too_long = len(f"webcal://localhost/calendar.ics?kind=workshop&q={'%C5%BC' * letters}") >= 256
    assert (address is None) == too_long
    if address:
        assert len("webcal" + address.removeprefix("http")) < 256


@pytest.mark.usefixtures("_events")
def test_the_code_leads_a_telephone_to_this_very_page(client: FlaskClient) -> None:
    """Not to webcal://, with which Android's camera can do nothing."""
    page = page_of(client, "/en/calendar?city=krakow")
    assert qr_picture("http://localhost/en/calendar?city=krakow") in page
    assert 'role="img" aria-label="QR code with the address of this page"' in page


@pytest.mark.usefixtures("_events")
def test_every_program_has_its_steps_and_the_periods_are_those_of_the_feeds(client: FlaskClient) -> None:
    page = page_of(client, "/en/calendar")
    names = re.findall(r"<h3>(.*?)</h3>", page)
    assert names == [
        "iPhone and iPad",
        "Android",
        "Google Calendar",
        "Outlook.com, Microsoft\u00a0365 and the new Outlook",
        "Classic Outlook for Windows",
        "Calendar on a Mac",
        "Thunderbird",
        "Nextcloud",
    ]
    for host in ("calendar.google.com/calendar/render", "outlook.live.com/", "outlook.office.com/"):
        assert f'href="https://{host}' in page
    assert f"stays for {CANCELLED_STAYS.days} days, marked as cancelled" in page
    assert f"stays for {PAST_STAYS.days} days." in page


@pytest.mark.usefixtures("_events")
def test_the_same_list_for_other_programs_is_linked(client: FlaskClient) -> None:
    page = page_of(client, "/calendar?kind=workshop&organiser=omp")
    for form in ("atom", "json"):
        address = f"/events.{form}?kind=workshop&organiser=omp"
        assert f'href="{html.escape(address)}"' in page
        assert client.get(address).status_code == 200


@pytest.mark.usefixtures("_events")
def test_without_javascript_nothing_is_offered_that_needs_it(client: FlaskClient) -> None:
    page = page_of(client, "/calendar")
    assert re.search(r'<button [^>]*type="button" hidden>Kopiuj adres</button>', page)
    assert re.search(r'<script src="/static/copy\.js\?v=[0-9a-f]+" defer></script>', page)
    assert "style=" not in page
    assert "onclick" not in page


@pytest.mark.usefixtures("_events")
def test_only_the_calendar_of_all_events_is_for_search_engines(client: FlaskClient) -> None:
    assert '<meta name="robots"' not in page_of(client, "/calendar")
    assert '<meta name="robots" content="noindex">' in page_of(client, "/calendar?kind=workshop")


@pytest.mark.usefixtures("_events")
def test_an_unchanged_page_is_304_and_a_new_city_changes_it(client: FlaskClient, factory: Factory) -> None:
    first = client.get("/calendar")
    known: dict[str, Any] = {"headers": {"If-None-Match": first.headers["ETag"]}}
    assert client.get("/calendar", **known).status_code == 304
    factory.event(city="Zakopane")
    again = client.get("/calendar", **known)
    assert again.status_code == 200
    assert '<option value="zakopane">Zakopane</option>' in again.text


@pytest.mark.usefixtures("_events")
@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("/", "/calendar"),
        ("/?kind=workshop&city=krakow&month=2026-12", "/calendar?kind=workshop&amp;city=krakow"),
        ("/?organiser=nothing", "/calendar"),
        ("/series/konferencja", "/calendar?series=konferencja"),
        ("/organisers/omp", "/calendar?organiser=omp"),
    ],
)
def test_lists_lead_to_the_calendar_of_what_they_show(client: FlaskClient, page: str, link: str) -> None:
    main = page_of(client, page).split("<main")[1]
    assert f'href="{link}">Subskrybuj kalendarz' in main


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", '"><svg onload=x>', "a\r\nSet-Cookie: x=1"])
def test_words_from_the_address_stay_words(client: FlaskClient, factory: Factory, words: str) -> None:
    answer = client.get("/calendar", query_string={"q": words})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    for bad in ("<script>alert", "<svg onload"):
        assert bad not in answer.text
