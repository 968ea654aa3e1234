"""Changing a published event: what changed is shown, the participants are told or not, nothing typed is lost."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.outbox.models import Mail
from tests.factories import Factory
from tests.views.events_panel.conftest import House, stored, typed

Post = Callable[..., TestResponse]
PATH = "/panel/events/warsztaty/edit"
TICKED = 'id="tell" name="tell" type="checkbox" value="y" checked'
UNTICKED = 'id="tell" name="tell" type="checkbox" value="y" aria'


@pytest.fixture
def people(event: Event, factory: Factory) -> list[str]:
    """Three persons at two addresses."""
    factory.registration(event, email="sekretariat@example.org", name="Jan Nowak")
    factory.registration(event, email="sekretariat@example.org", name="Ewa Ćwik")
    factory.registration(event, email="jan.los@example.org", name="Jan Łoś")
    return ["jan.los@example.org", "sekretariat@example.org"]


def told() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail.to_address).order_by(Mail.to_address)))


def form_with(house: House, **changes: str) -> dict[str, str]:
    return {**typed(house.alice.get(PATH).text), **changes}


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("change", "box"),
    [
        ({"starts_clock": "10.00"}, TICKED),
        ({"city": "Kraków"}, TICKED),
        ({"attendance": "hybrid", "online_url": "https://spotkanie.example.org/1"}, TICKED),
        ({"title": "Inny tytuł"}, UNTICKED),
        ({"programme": "Nowy program"}, UNTICKED),
        ({"capacity": "40"}, UNTICKED),
    ],
)
def test_a_change_is_shown_with_the_number_of_mails_before_it_is_saved(
    house: House, event: Event, post: Post, change: dict[str, str], box: str
) -> None:
    page = post(house.alice, PATH, form_with(house, **change))
    assert page.status_code == 200
    assert box in page.text
    assert "Wyślemy 2 wiadomości. Osoby, które mają miejsce, otrzymają aktualny wpis do kalendarza." in page.text
    assert stored(event.id).revision == 1
    assert told() == []


def test_who_waits_is_counted_and_not_promised_an_entry_for_the_calendar(
    house: House, event: Event, people: list[str], factory: Factory, post: Post
) -> None:
    factory.registration(event, state="pending", confirmed_at=None, email="ida@example.org")
    page = post(house.alice, PATH, form_with(house, city="Kraków"))
    assert "Wyślemy 3 wiadomości." in page.text
    assert "Osoby czekające na miejsce lub na decyzję otrzymają samą informację o\u00a0zmianie." in page.text
    post(house.alice, PATH, {**typed(page.text), "tell": "y"})
    assert told() == sorted([*people, "ida@example.org"])
    to_her = db.session.scalars(select(Mail).where(Mail.to_address == "ida@example.org")).one()
    assert to_her.facts["people"][0]["invitation"] is None


def test_saving_tells_everybody_when_ticked(house: House, event: Event, people: list[str], post: Post) -> None:
    asked = post(house.alice, PATH, form_with(house, city="Kraków", street="Rynek 1", programme="A\n\nB"))
    answer = post(house.alice, PATH, {**typed(asked.text), "tell": "y"})
    assert answer.status_code == 303
    assert told() == people
    saved = stored(event.id)
    assert (saved.city, saved.street, saved.programme, saved.revision) == ("Kraków", "Rynek 1", "A\n\nB", 2)
    assert "Zmiany zapisano. Zostaną wysłane 2 wiadomości." in house.alice.get(PATH).text


@pytest.mark.usefixtures("people")
def test_saving_tells_nobody_when_the_tick_is_taken_away(house: House, event: Event, post: Post) -> None:
    asked = post(house.alice, PATH, form_with(house, city="Kraków"))
    form = typed(asked.text)
    assert form.pop("tell") == "y"
    assert post(house.alice, PATH, form).status_code == 303
    assert stored(event.id).city == "Kraków"
    assert told() == []
    assert "Zmiany zapisano. Nie wysłano żadnej wiadomości." in house.alice.get(PATH).text


@pytest.mark.usefixtures("people")
def test_going_back_keeps_everything_that_was_typed(house: House, event: Event, post: Post) -> None:
    sent = form_with(house, city="Kraków", summary='"Zdanie" & <b>', programme="A\n\nB", starts_clock="10.00")
    del sent["listed"]
    asked = post(house.alice, PATH, sent)
    back = post(house.alice, PATH, {**typed(asked.text), "step": "back"})
    assert back.status_code == 200
    assert typed(back.text) | {"csrf_token": ""} == sent | {"csrf_token": ""}
    assert stored(event.id).revision == 1


def test_without_participants_nothing_is_asked(house: House, event: Event, post: Post) -> None:
    assert post(house.alice, PATH, form_with(house, city="Kraków")).status_code == 303
    assert stored(event.id).city == "Kraków"


@pytest.mark.usefixtures("people")
def test_nothing_changed_asks_nothing(house: House, post: Post) -> None:
    assert post(house.alice, PATH, form_with(house)).status_code == 303
    assert "Niczego nie zmieniono." in house.alice.get(PATH).text


def test_a_draft_tells_nobody(house: House, factory: Factory, post: Post, soon: datetime) -> None:
    draft = factory.event(
        house.organiser, slug="szkic", state="draft", starts_at=soon, ends_at=soon + timedelta(hours=1)
    )
    factory.registration(draft)
    path = "/panel/events/szkic/edit"
    form = {**typed(house.alice.get(path).text), "city": "Kraków", "tell": "y", "asked": "1"}
    assert post(house.alice, path, form).status_code == 303
    assert told() == []


@pytest.mark.usefixtures("people")
def test_the_past_is_changed_without_a_tick(house: House, factory: Factory, post: Post, soon: datetime) -> None:
    start = soon - timedelta(days=80)
    past = factory.event(house.organiser, slug="dawne", starts_at=start, ends_at=start + timedelta(hours=1))
    factory.registration(past)
    path = "/panel/events/dawne/edit"
    page = post(house.alice, path, {**typed(house.alice.get(path).text), "city": "Kraków"})
    assert UNTICKED in page.text


@pytest.mark.usefixtures("people")
def test_who_saves_second_is_told_and_loses_no_text(house: House, event: Event, post: Post) -> None:
    alices = form_with(house, city="Kraków", summary="Zdanie Alicji")
    bobs = {**typed(house.bob.get(PATH).text), "city": "Gdynia", "asked": "1"}
    assert post(house.bob, PATH, bobs).status_code == 303
    answer = post(house.alice, PATH, {**alices, "asked": "1", "tell": "y"})
    assert answer.status_code == 409
    assert "W\u00a0tym czasie inna osoba zmieniła to wydarzenie" in answer.text
    assert "zapisano: Gdynia" in answer.text
    assert "w\u00a0formularzu: Kraków" in answer.text
    kept = typed(answer.text)
    assert (kept["city"], kept["summary"], kept["revision"]) == ("Kraków", "Zdanie Alicji", "2")
    assert stored(event.id).city == "Gdynia"
    assert told() == []
    assert post(house.alice, PATH, {**kept, "asked": "1"}).status_code == 303
    assert (stored(event.id).city, stored(event.id).revision) == ("Kraków", 3)


@pytest.mark.parametrize("forged", ["", "0", "-1", "x", "9999999999999999999", "²"])
def test_a_forged_revision_saves_nothing(house: House, event: Event, post: Post, forged: str) -> None:
    assert post(house.alice, PATH, form_with(house, city="Kraków", revision=forged)).status_code == 409
    assert stored(event.id).revision == 1


def test_the_register_tells_what_stood_there_before(house: House, event: Event, post: Post) -> None:
    post(house.alice, PATH, form_with(house, city="Kraków", street="Rynek 1", postal_code="31-000", venue="Sukiennice"))
    for page in (house.alice.get("/panel/events/warsztaty/history"), house.alice.get("/events/warsztaty")):
        assert "Zmiana miejsca" in page.text
        assert "przed zmianą: Urząd Miasta Proszowice, ul. 3 Maja 72, 32-100 Proszowice" in page.text
        assert "po zmianie: Sukiennice, Rynek 1, 31-000 Kraków" in page.text
