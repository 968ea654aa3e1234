"""The panel's list of events, and who sees what of it."""

from datetime import datetime, timedelta
from re import findall

import pytest

from eventreg.events.models import Event
from tests.factories import Factory
from tests.views.events_panel.conftest import House

LIST = "/panel/events"
PAGES = ("", "/edit", "/preview", "/publish", "/withdraw", "/cancel", "/delete", "/history")
POSTS = ("/edit", "/publish", "/withdraw", "/cancel", "/delete", "/restore", "/copy")


@pytest.fixture
def year(house: House, factory: Factory, soon: datetime, event: Event) -> list[Event]:
    """One event of each list beside the published one."""
    day = timedelta(days=1)

    def made(title: str, state: str, start: datetime) -> Event:
        return factory.event(house.organiser, title=title, state=state, starts_at=start, ends_at=start + day)

    return [
        event,
        made("Odwołane spotkanie", "cancelled", soon + day),
        made("Szkic konferencji", "draft", soon),
        made("Dawne szkolenie", "published", soon - 90 * day),
        made("Z archiwum", "archived", soon),
        factory.event(title="Obce wydarzenie", starts_at=soon, ends_at=soon + day),
    ]


def titles(html: str) -> list[str]:
    return [title.strip() for title in findall(r'<th scope="row"[^>]*>\s*(?:<a[^>]*>)?([^<]+)', html)]


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("", ["Warsztaty o współpracy", "Odwołane spotkanie"]),
        ("upcoming", ["Warsztaty o współpracy", "Odwołane spotkanie"]),
        ("drafts", ["Szkic konferencji"]),
        ("past", ["Dawne szkolenie"]),
        ("archive", ["Z archiwum"]),
        ("nonsense", ["Warsztaty o współpracy", "Odwołane spotkanie"]),
    ],
)
def test_each_list_shows_its_own_events(house: House, show: str, expected: list[str]) -> None:
    assert titles(house.alice.get(LIST, query_string={"show": show}).text) == expected


@pytest.mark.usefixtures("year")
def test_the_search_ignores_case_and_diacritics(house: House) -> None:
    assert titles(house.alice.get(f"{LIST}?q=WSPOLPRACY").text) == ["Warsztaty o współpracy"]
    assert titles(house.alice.get(f"{LIST}?q=proszowice szkic&show=drafts").text) == ["Szkic konferencji"]
    nothing = house.alice.get(f"{LIST}?q=<script>&show=past").text
    assert titles(nothing) == []
    assert "<script>&" not in nothing


def test_a_row_leads_to_the_people_and_to_excel_in_one_click(house: House, event: Event, factory: Factory) -> None:
    for _ in range(3):
        factory.registration(event)
    page = house.alice.get(LIST).text
    assert "3 z\u00a030" in page or "3 z 30" in page
    assert 'href="/panel/events/warsztaty/registrations"' in page
    assert 'href="/panel/events/warsztaty/registrations.xlsx"' in page


def test_many_events_come_in_pages(house: House, factory: Factory, soon: datetime) -> None:
    for number in range(52):
        start = soon + timedelta(days=number)
        factory.event(
            house.organiser, title=f"Spotkanie {number:02d}", starts_at=start, ends_at=start + timedelta(hours=1)
        )
    assert len(titles(house.alice.get(LIST).text)) == 50
    assert titles(house.alice.get(f"{LIST}?page=2").text) == ["Spotkanie 50", "Spotkanie 51"]
    for odd in ("99", "0", "-3", "x"):
        assert house.alice.get(f"{LIST}?page={odd}").status_code == 200


def test_door_staff_see_the_list_and_no_door_in_it(house: House, event: Event) -> None:
    page = house.dora.get(LIST)
    assert titles(page.text) == ["Warsztaty o współpracy"]
    assert "/panel/events/warsztaty" not in page.text
    assert "/panel/events/new" not in page.text


@pytest.mark.parametrize("who", ["dora", "charlie"])
def test_abuse_28_neither_door_staff_nor_strangers_open_an_event(house: House, event: Event, who: str) -> None:
    client = getattr(house, who)
    token = findall(r'name="csrf_token" value="([^"]+)"', client.get("/panel/account").text)[0]
    for page in PAGES:
        assert client.get(f"{LIST}/warsztaty{page}").status_code == 404, page
        assert client.head(f"{LIST}/warsztaty{page}").status_code == 404, page
    for page in POSTS:
        data = {"csrf_token": token, "title": "Przejęte", "reason": "x", "revision": "1"}
        assert client.post(f"{LIST}/warsztaty{page}", data=data).status_code == 404, page
    assert titles(house.alice.get(LIST).text) == ["Warsztaty o współpracy"]


def test_an_editor_may_do_what_the_owner_may(house: House, event: Event) -> None:
    for page in PAGES:
        assert house.bob.get(f"{LIST}/warsztaty{page}").status_code in (200, 302), page


@pytest.mark.usefixtures("event")
def test_nobody_writes_without_the_token(house: House) -> None:
    for page in POSTS:
        assert house.alice.post(f"{LIST}/warsztaty{page}", data={"reason": "x"}).status_code == 400, page
    assert house.alice.get("/events/warsztaty").status_code == 200


def test_an_event_of_a_stranger_and_one_that_never_was_look_the_same(house: House, event: Event) -> None:
    theirs = house.charlie.get(f"{LIST}/warsztaty/edit")
    nobodys = house.charlie.get(f"{LIST}/nie-ma-takiego/edit")
    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert theirs.text == nobodys.text
