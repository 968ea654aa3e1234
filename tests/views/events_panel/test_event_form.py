"""Typing an event: what is taken, and what is refused beside its field."""

from collections.abc import Callable
from datetime import UTC, datetime
from re import DOTALL, findall, match

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from eventreg.database import db
from eventreg.events.event_forms import PAGE_ORDER, EventForm
from eventreg.events.models import Event
from eventreg.events.slug_rules import is_reserved
from eventreg.series.models import Edition, Series
from tests.factories import Factory
from tests.views.events_panel.conftest import NEW, House, error_of, stored, typed

Post = Callable[..., TestResponse]
PAGE = "/panel/events/new"
ELSEWHERE = {"sign_up_mode": "elsewhere", "sign_up_url": "https://example.org/form"}


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Event)) or 0


def test_a_typed_event_becomes_a_draft(house: House, post: Post) -> None:
    answer = post(house.alice, PAGE, {**NEW, "programme": "1. Start\r\n2. Koniec\r\n", "slug": ""})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/panel/events/nowe-warsztaty/edit"
    event = db.session.scalars(select(Event)).one()
    assert (event.title, event.state, event.organiser_id) == ("Nowe warsztaty", "draft", house.organiser.id)
    assert event.starts_at == datetime(2027, 10, 26, 10, 0, tzinfo=UTC)
    assert event.ends_at == datetime(2027, 10, 26, 11, 30, tzinfo=UTC)
    assert event.programme == "1. Start\n2. Koniec"
    assert (event.capacity, event.cap_per_address, event.listed) == (30, 10, True)


def test_the_form_of_an_event_shows_what_was_typed(house: House, post: Post) -> None:
    more = {
        "sign_up_closes_on": "20.10.2027",
        "access_contact_on": "15.10.2027",
        "ends_on": "27.10.2027",
        "summary": 'Zdanie "w cudzysłowie" & <b>',
    }
    post(house.alice, PAGE, {**NEW, **more})
    values = typed(house.alice.get("/panel/events/nowe-warsztaty/edit").text)
    for name in ("starts_on", "starts_clock", "title", "city", "capacity"):
        assert values[name] == NEW[name], name
    assert values["ends_clock"] == "13.30"
    for name, value in more.items():
        assert values[name] == value, name
    english = typed(house.alice.get("/en/panel/events/nowe-warsztaty/edit").text)
    assert english["starts_clock"] == "12:00"


def test_saving_the_shown_form_again_changes_nothing(house: House, post: Post) -> None:
    closes = {"sign_up_closes_on": "20.10.2027", "sign_up_opens_on": "1.10.2027", "sign_up_opens_clock": "8"}
    post(house.alice, PAGE, {**NEW, **closes, "access_contact_on": "15.10.2027"})
    path = "/panel/events/nowe-warsztaty/edit"
    answer = post(house.alice, path, typed(house.alice.get(path).text))
    assert answer.status_code == 303
    assert db.session.scalars(select(Event.revision)).one() == 1


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"title": " "}, "title", "Proszę podać tytuł."),
        ({"starts_on": ""}, "starts_on", "Proszę podać dzień, na przykład 26.10.2026."),
        ({"starts_on": "jutro"}, "starts_on", "Proszę wpisać datę w\u00a0postaci 26.10.2026."),
        ({"starts_on": "31.02.2027"}, "starts_on", "Takiego dnia nie ma w\u00a0kalendarzu. Proszę sprawdzić datę."),
        ({"starts_on": "26.10.20277"}, "starts_on", "Proszę wpisać datę w\u00a0postaci 26.10.2026."),
        ({"starts_on": "26.10.1027"}, "starts_on", "Proszę sprawdzić rok."),
        ({"starts_clock": ""}, "starts_clock", "Proszę podać godzinę rozpoczęcia, na przykład 12.00."),
        ({"starts_clock": "25.00"}, "starts_clock", "Proszę wpisać godzinę w\u00a0postaci 12.00 lub 12:00."),
        ({"ends_clock": "9.5"}, "ends_clock", "Proszę wpisać godzinę w\u00a0postaci 12.00 lub 12:00."),
        ({"ends_clock": ""}, "ends_clock", "Proszę podać godzinę zakończenia, na przykład 13.30."),
        (
            {"starts_on": "28.03.2027", "starts_clock": "2.30"},
            "starts_clock",
            "Tego dnia nie ma takiej godziny, ponieważ zegary są przestawiane na czas letni. Proszę podać inną.",
        ),
        ({"ends_clock": "12.00"}, "ends_clock", "Zakończenie musi przypadać po rozpoczęciu. Proszę poprawić."),
        ({"ends_on": "25.10.2027"}, "ends_on", "Zakończenie musi przypadać po rozpoczęciu. Proszę poprawić."),
        (
            {"ends_on": "25.10.2027", "all_day": "y"},
            "ends_on",
            "Ostatni dzień przypada przed pierwszym. Proszę poprawić jeden z\u00a0nich.",
        ),
        (
            {"ends_on": "28.10.2028"},
            "ends_on",
            "Wydarzenie trwałoby dłużej niż rok. Proszę sprawdzić rok w\u00a0obu datach.",
        ),
        (
            {"sign_up_closes_on": "27.10.2027"},
            "sign_up_closes_on",
            "Przyjmowanie zgłoszeń kończyłoby się po zakończeniu wydarzenia.",
        ),
        (
            {"sign_up_opens_on": "20.10.2027", "sign_up_closes_on": "19.10.2027"},
            "sign_up_closes_on",
            "Przyjmowanie zgłoszeń kończyłoby się przed jego rozpoczęciem.",
        ),
        (
            {"sign_up_closes_clock": "12.00"},
            "sign_up_closes_on",
            "Proszę podać również dzień albo pozostawić oba pola puste.",
        ),
        ({"capacity": "0"}, "capacity", "Proszę podać liczbę całkowitą od 1 do 100000."),
        ({"capacity": "dużo"}, "capacity", "Proszę podać liczbę całkowitą od 1 do 100000."),
        ({"capacity": "-5"}, "capacity", "Proszę podać liczbę całkowitą od 1 do 100000."),
        ({"cap_per_address": ""}, "cap_per_address", "Proszę podać liczbę całkowitą od 1 do 1000."),
        ({"city": ""}, "city", "Proszę podać miejscowość albo wybrać udział online."),
        (
            {"attendance": "online"},
            "online_url",
            "Proszę podać link do spotkania. Zobaczą go tylko uczestnicy.",
        ),
        (
            {"attendance": "online", "online_url": "javascript:alert(1)"},
            "online_url",
            "Proszę podać pełny adres, zaczynający się od https://",
        ),
        (
            {"sign_up_mode": "elsewhere"},
            "sign_up_url",
            "Proszę podać adres formularza zgłoszeniowego.",
        ),
        (
            {"sign_up_mode": "elsewhere", "sign_up_url": "https://user:pass@example.org/"},
            "sign_up_url",
            "Proszę podać pełny adres, zaczynający się od https://",
        ),
        (
            {"slug": "Zły Adres"},
            "slug",
            "Proszę użyć tylko małych liter bez znaków diakrytycznych, cyfr i\u00a0łączników: warsztaty-2026.",
        ),
        *(
            (
                {"slug": word},
                "slug",
                f"Słowo „{word}” jest zastrzeżone w\u00a0adresach tej strony. Proszę wybrać inny adres.",
            )
            for word in ("new", "thanks", "New")
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    house: House, post: Post, change: dict[str, str], field: str, message: str
) -> None:
    sent = {**NEW, **change}
    answer = post(house.alice, PAGE, sent)
    assert answer.status_code == 422
    assert error_of(answer.text, field) == message
    assert f'<a href="#{field}">' in answer.text
    assert "<title>Błąd: " in answer.text
    kept = typed(answer.text)
    for name, value in sent.items():
        assert kept.get(name, "") == value.strip(), name
    assert count() == 0


def test_every_page_beside_the_events_has_a_reserved_word(app: Flask) -> None:
    beside = {
        found[1]
        for rule in app.url_map.iter_rules()
        if (found := match(r"/(?:panel/)?(?:events|series)/([^/<>]+)(?:/|$)", rule.rule))
    }
    assert "new" in beside
    assert {word for word in beside if not is_reserved(word)} == set()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"online_url": "nie adres"}, {"online_url": "", "city": "Proszowice"}),
        ({"sign_up_url": "nie adres"}, {"sign_up_url": ""}),
        ({"attendance": "online", "online_url": "https://example.org/1", "city": "x" * 101}, {"city": ""}),
        ({"all_day": "y", "starts_clock": "rano", "ends_clock": "25"}, {"all_day": True}),
        (
            {**ELSEWHERE, "capacity": "dużo", "cap_per_address": "", "sign_up_closes_on": "zaraz"},
            {"capacity": None, "cap_per_address": 10, "sign_up_closes_at": None},
        ),
        (
            {**ELSEWHERE, "sign_up_opens_on": "20.10.2027", "sign_up_closes_on": "19.10.2027"},
            {"capacity": 30, "sign_up_opens_at": None, "sign_up_closes_at": None},
        ),
        ({"sign_up_mode": "open_entry", "sign_up_closes_clock": "12.00", "capacity": "0"}, {"capacity": None}),
    ],
)
def test_what_does_not_belong_to_the_chosen_way_is_not_asked(
    house: House, post: Post, change: dict[str, str], expected: dict[str, object]
) -> None:
    assert post(house.alice, PAGE, {**NEW, **change}).status_code == 303
    event = db.session.scalars(select(Event)).one()
    assert {name: getattr(event, name) for name in expected} == expected


def test_no_error_stands_at_a_field_that_is_not_shown(house: House, post: Post) -> None:
    hidden = {"online_url": "nie adres", "sign_up_url": "nie adres", "capacity": "dużo", "sign_up_opens_on": "x"}
    answer = post(house.alice, PAGE, {**NEW, **hidden, "sign_up_mode": "open_entry", "title": ""})
    assert answer.status_code == 422
    assert findall(r'<a href="#(\w+)">', answer.text[answer.text.index("error-summary__list") :])[:1] == ["title"]
    assert [name for name in PAGE_ORDER if error_of(answer.text, name)] == ["title"]
    kept = typed(answer.text)
    assert {name: kept[name] for name in hidden} == hidden


def test_a_folded_group_that_holds_an_error_is_open(house: House, post: Post) -> None:
    wrong = {
        "cap_per_address": "x",
        "slug": "Ż",
        "sign_up_opens_clock": "9",
        "time_zone": "Mars/Base",
        "country": "x" * 101,
    }
    page = post(house.alice, PAGE, {**NEW, **wrong}).text
    folds = findall(r"<details[^>]*>.*?</details>", page, DOTALL)
    assert [fold.startswith('<details class="govuk-details" open>') for fold in folds if "-error" in fold] == [True] * 4


def test_fewer_places_than_are_taken_are_spoken_of_before_saving(
    house: House, event: Event, factory: Factory, post: Post
) -> None:
    path = "/panel/events/warsztaty/edit"
    assert "nikt nie traci miejsca" not in house.alice.get(path).text
    for _ in range(5):
        factory.registration(event)
    beside = "Zajętych jest 5 miejsc. Przy mniejszej liczbie miejsc nikt nie traci miejsca"
    before = house.alice.get(path).text
    assert beside in before
    words = "Zajętych jest 5 miejsc, a\u00a0limit wynosi 3. Nikt nie traci miejsca. Nowe zgłoszenia będą możliwe, gdy"
    assert words not in before
    asked = post(house.alice, path, {**typed(before), "capacity": "3"})
    assert words in asked.text
    assert stored(event.id).capacity == 30
    enough = post(house.alice, path, {**typed(before), "capacity": "5"})
    assert "Nikt nie traci miejsca" not in enough.text
    assert post(house.alice, path, typed(asked.text), page=path).status_code == 303
    assert stored(event.id).capacity == 3
    assert words in house.alice.get(path).text


def test_an_hour_that_comes_twice_is_the_first_one(house: House, post: Post) -> None:
    post(house.alice, PAGE, {**NEW, "starts_on": "31.10.2027", "starts_clock": "2.30", "ends_clock": "4.00"})
    assert db.session.scalars(select(Event.starts_at)).one() == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_an_event_may_end_at_midnight(house: House, post: Post) -> None:
    post(house.alice, PAGE, {**NEW, "ends_clock": "24.00"})
    assert db.session.scalars(select(Event.ends_at)).one() == datetime(2027, 10, 26, 22, 0, tzinfo=UTC)


def test_whole_days_need_no_hours(house: House, post: Post) -> None:
    days = {"all_day": "y", "ends_on": "28.10.2027", "starts_clock": "", "ends_clock": ""}
    post(house.alice, PAGE, {**NEW, **days})
    event = db.session.scalars(select(Event)).one()
    assert event.all_day
    assert event.starts_at == datetime(2027, 10, 25, 22, 0, tzinfo=UTC)
    assert event.ends_at == datetime(2027, 10, 28, 22, 0, tzinfo=UTC)
    values = typed(house.alice.get(f"/panel/events/{event.slug}/edit").text)
    assert (values["starts_on"], values["ends_on"]) == ("26.10.2027", "28.10.2027")


def test_hours_are_those_of_the_chosen_zone(house: House, post: Post) -> None:
    post(house.alice, PAGE, {**NEW, "time_zone": "Europe/Kyiv"})
    assert db.session.scalars(select(Event.starts_at)).one() == datetime(2027, 10, 26, 9, 0, tzinfo=UTC)
    refused = post(house.alice, PAGE, {**NEW, "time_zone": "Mars/Base"})
    assert refused.status_code == 422


def test_the_last_day_of_sign_up_counts_to_its_end(house: House, post: Post) -> None:
    post(house.alice, PAGE, {**NEW, "sign_up_closes_on": "20.10.2027"})
    closes = db.session.scalars(select(Event.sign_up_closes_at)).one()
    assert closes == datetime(2027, 10, 20, 22, 0, tzinfo=UTC)


def test_mails_never_tell_a_place_of_an_online_event(house: House, post: Post) -> None:
    online = {"attendance": "online", "online_url": "https://spotkanie.example.org/1", "venue": "Urząd", "city": "Łódź"}
    post(house.alice, PAGE, {**NEW, **online})
    event = db.session.scalars(select(Event)).one()
    assert (event.venue, event.city, event.online_url) == ("", "", "https://spotkanie.example.org/1")


def test_a_title_that_is_taken_gets_a_numbered_address(house: House, post: Post) -> None:
    for _ in range(2):
        post(house.alice, PAGE, NEW)
    assert sorted(db.session.scalars(select(Event.slug))) == ["nowe-warsztaty", "nowe-warsztaty-2"]


def test_a_typed_address_that_is_taken_is_refused(house: House, event: Event, post: Post) -> None:
    answer = post(house.alice, PAGE, {**NEW, "slug": event.slug})
    assert answer.status_code == 422
    assert error_of(answer.text, "slug") == "Ten adres ma lub miało inne wydarzenie. Proszę wybrać inny."
    assert count() == 1


def test_a_changed_address_redirects_and_stays_reserved(house: House, event: Event, post: Post) -> None:
    path = "/panel/events/warsztaty/edit"
    form = {**typed(house.bob.get(path).text), "slug": "nowy-adres"}
    assert post(house.bob, path, form).headers["Location"] == "/panel/events/nowy-adres/edit"
    moved = house.alice.application.test_client().get("/events/warsztaty")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/events/nowy-adres")
    assert post(house.alice, PAGE, {**NEW, "slug": "warsztaty"}).status_code == 422


def test_a_capacity_below_what_is_taken_is_saved_and_said(
    house: House, event: Event, factory: Factory, post: Post
) -> None:
    for _ in range(3):
        factory.registration(event)
    path = "/panel/events/warsztaty/edit"
    form = {**typed(house.alice.get(path).text), "capacity": "2", "asked": "1"}
    assert post(house.alice, path, form).status_code == 303
    assert (stored(event.id).capacity, stored(event.id).places_taken) == (2, 3)
    assert "Liczba zajętych miejsc (3) przekracza nową liczbę miejsc." in house.alice.get(path).text


def test_abuse_33_fields_that_the_form_does_not_have_are_ignored(house: House, post: Post) -> None:
    forged = {
        "state": "published",
        "places_taken": "7",
        "organiser_id": "2",
        "published_at": "1.01.2026",
        "uid": "mine",
        "id": "99",
        "is_sample": "y",
        "sequence": "9",
        "publisher_name": "Ktoś",
    }
    post(house.alice, PAGE, {**NEW, **forged})
    event = db.session.scalars(select(Event)).one()
    assert (event.state, event.places_taken, event.organiser_id) == ("draft", 0, house.organiser.id)
    assert (event.published_at, event.is_sample, event.sequence) == (None, False, 0)
    assert event.uid != "mine"
    assert event.publisher_name == ""


def test_abuse_28_an_event_joins_own_series_only(house: House, factory: Factory, post: Post) -> None:
    theirs = factory._store(Series(slug="obcy", title="Obcy", organiser_id=factory.organiser().id))
    mine = factory._store(Series(slug="cykl", title="Cykl", organiser_id=house.organiser.id))
    edition = factory._store(Edition(series_id=mine.id, year=2027, number=5))
    for forged in (f"{theirs.id}", f"{theirs.id}-{edition.id}", "999", "x"):
        assert post(house.alice, PAGE, {**NEW, "belongs_to": forged}).status_code == 422
    assert count() == 0
    assert post(house.alice, PAGE, {**NEW, "belongs_to": f"{mine.id}-{edition.id}"}).status_code == 303
    assert count() == 1
    event = db.session.scalars(select(Event)).one()
    assert (event.series_id, event.edition_id) == (mine.id, edition.id)


def test_abuse_28_a_saved_event_moves_to_own_series_only(
    house: House, event: Event, factory: Factory, post: Post
) -> None:
    theirs = factory._store(Series(slug="obcy", title="Obcy", organiser_id=factory.organiser().id))
    edition = factory._store(Edition(series_id=theirs.id, year=2027, number=5))
    path = "/panel/events/warsztaty/edit"
    assert "Obcy" not in house.alice.get(path).text
    for forged in (f"{theirs.id}", f"{theirs.id}-{edition.id}"):
        form = {**typed(house.alice.get(path).text), "belongs_to": forged, "asked": "1"}
        assert post(house.alice, path, form).status_code == 422
    assert (stored(event.id).series_id, stored(event.id).edition_id) == (None, None)


def test_abuse_28_nobody_makes_events_for_another_organiser(house: House, post: Post) -> None:
    for client, slug in ((house.alice, "inny"), (house.charlie, "urzad")):
        answer = post(client, f"{PAGE}?organiser={slug}", NEW, page=PAGE)
        assert answer.status_code == 404
    assert count() == 0


def test_a_text_that_is_too_long_is_refused(house: House, post: Post) -> None:
    answer = post(house.alice, PAGE, {**NEW, "title": "a" * 201, "programme": "b" * 20_001})
    assert answer.status_code == 422
    assert "200" in error_of(answer.text, "title")
    assert "20000" in error_of(answer.text, "programme")


def test_errors_are_summed_up_in_the_order_of_the_page(house: House, post: Post) -> None:
    wrong = {"title": "", "starts_on": "x", "city": "", "capacity": "x", "slug": "Ż", "contact_email": "x"}
    page = post(house.alice, PAGE, {**NEW, **wrong}).text
    summary = page[: page.index("</ul>", page.index("error-summary__list"))]
    assert findall(r'<a href="#(\w+)">', summary[summary.index("error-summary__list") :]) == [
        "title",
        "starts_on",
        "city",
        "capacity",
        "contact_email",
        "slug",
    ]


def test_every_field_of_the_form_is_on_the_page_in_its_order(house: House, app: Flask) -> None:
    page = house.alice.get(PAGE).text
    positions = [page.index(f'name="{name}"') for name in PAGE_ORDER if name != "revision"]
    assert positions == sorted(positions)
    with app.test_request_context():
        assert set(PAGE_ORDER) == {field.name for field in EventForm(formdata=None)._fields.values()}
