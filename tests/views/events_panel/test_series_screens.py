"""Series and editions in the panel."""

from collections.abc import Callable

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.series.models import Edition, Series
from tests.factories import Factory
from tests.views.events_panel.conftest import House, error_of

Post = Callable[..., TestResponse]
LIST = "/panel/series"


@pytest.fixture
def series(house: House, factory: Factory) -> Series:
    return factory._store(Series(slug="konferencja", title="Konferencja", organiser_id=house.organiser.id))


def test_a_series_is_made_and_changed(house: House, post: Post) -> None:
    made = post(house.alice, f"{LIST}/new", {"title": "Konferencja Samorządów", "language": "pl"})
    assert (made.status_code, made.headers["Location"]) == (303, "/panel/series/konferencja-samorzadow")
    path = "/panel/series/konferencja-samorzadow"
    changed = post(house.bob, path, {"title": "Konferencja", "slug": "konferencja", "language": "en", "about": "O nas"})
    assert changed.headers["Location"] == "/panel/series/konferencja"
    db.session.rollback()
    series = db.session.scalars(select(Series)).one()
    assert (series.title, series.language, series.about) == ("Konferencja", "en", "O nas")
    assert series.organiser_id == house.organiser.id
    assert "Konferencja" in house.alice.get(LIST).text


def test_addresses_of_series_are_unique(house: House, series: Series, post: Post) -> None:
    post(house.alice, f"{LIST}/new", {"title": "Konferencja", "language": "pl"})
    answer = post(house.alice, f"{LIST}/konferencja-2", {"title": "Druga", "slug": "konferencja", "language": "pl"})
    assert answer.status_code == 422
    assert error_of(answer.text, "slug") == "Ten adres ma inny cykl. Proszę wybrać inny."
    answer = post(house.alice, f"{LIST}/konferencja-2", {"title": "Druga", "slug": "new", "language": "pl"})
    assert answer.status_code == 422
    assert error_of(answer.text, "slug").startswith("Słowo „new” jest zastrzeżone")


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"year": ""}, "year", "Proszę podać rok."),
        ({"year": "15"}, "year", "Proszę podać liczbę całkowitą od 1900 do 2100."),
        ({"year": "20x5"}, "year", "Proszę podać liczbę całkowitą od 1900 do 2100."),
        ({"number": "0"}, "number", "Proszę podać liczbę całkowitą od 1 do 999."),
        ({"number": "IV"}, "number", "Proszę podać liczbę całkowitą od 1 do 999."),
    ],
)
@pytest.mark.usefixtures("series")
def test_what_is_wrong_with_an_edition_is_said(
    house: House, post: Post, change: dict[str, str], field: str, message: str
) -> None:
    answer = post(house.alice, f"{LIST}/konferencja/editions/new", {"year": "2015", "city": "Kielce", **change})
    assert answer.status_code == 422
    assert error_of(answer.text, field) == message
    assert 'value="Kielce"' in answer.text
    assert db.session.scalars(select(Edition)).all() == []


def test_editions_are_added_changed_and_deleted(house: House, series: Series, post: Post) -> None:
    form = {
        "year": "2015",
        "number": "4",
        "city": "Kielce",
        "host": "Województwo",
        "theme": "Polska – państwa nordyckie",
    }
    assert post(house.alice, f"{LIST}/konferencja/editions/new", form).status_code == 303
    edition = db.session.scalars(select(Edition)).one()
    assert (edition.year, edition.number, edition.city, edition.theme) == (2015, 4, "Kielce", form["theme"])
    path = f"{LIST}/konferencja/editions/{edition.id}"
    assert post(house.bob, path, {**form, "number": "", "city": "Łódź"}).status_code == 303
    db.session.rollback()
    changed = db.session.get_one(Edition, edition.id, populate_existing=True)
    assert (changed.number, changed.city) == (None, "Łódź")
    assert post(house.alice, f"{path}/delete", {}, page=path).status_code == 303
    db.session.rollback()
    assert db.session.scalars(select(Edition)).all() == []


def test_what_events_belong_to_is_not_deleted(house: House, series: Series, event: Event, post: Post) -> None:
    with transaction() as session:
        edition = Edition(series_id=series.id, year=2015)
        session.add(edition)
        session.flush()
        row = session.get_one(Event, event.id)
        row.series_id, row.edition_id = series.id, edition.id
    for path in (f"{LIST}/konferencja", f"{LIST}/konferencja/editions/{edition.id}"):
        post(house.alice, f"{path}/delete", {}, page="/panel/account")
        assert "Należy tu 1 wydarzenie, dlatego niczego nie usunięto." in house.alice.get(LIST).text
    db.session.rollback()
    assert db.session.scalars(select(Edition)).one().id == edition.id


def test_abuse_28_an_edition_of_another_series_is_not_reached_by_its_number(
    house: House, series: Series, factory: Factory, post: Post
) -> None:
    theirs = factory._store(Series(slug="obcy", title="Obcy", organiser_id=factory.organiser().id))
    edition = factory._store(Edition(series_id=theirs.id, year=2015))
    path = f"{LIST}/konferencja/editions/{edition.id}"
    assert house.alice.get(path).status_code == 404
    assert post(house.alice, path, {"year": "1999"}, page="/panel/account").status_code == 404
    assert post(house.alice, f"{path}/delete", {}, page="/panel/account").status_code == 404
    assert house.alice.get(f"{LIST}/obcy").status_code == 404
    assert post(house.alice, f"{LIST}/obcy/delete", {}, page="/panel/account").status_code == 404
    assert "Obcy" not in house.alice.get(LIST).text
    db.session.rollback()
    assert db.session.get_one(Edition, edition.id, populate_existing=True).year == 2015
