"""The panel's pages of external calendars."""

from datetime import timedelta
from html import unescape
from re import DOTALL, findall, search, sub

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.clock import now_utc
from eventreg.database import db
from eventreg.external_calendars.fetch_rules import Outcome
from eventreg.external_calendars.following_rules import EVENTS_PER_PAGE, MOST_CALENDARS
from eventreg.external_calendars.models import ExternalCalendar, ExternalEvent
from eventreg.organisers.models import Membership, Organiser
from tests.factories import Factory, sign_in
from tests.panel_steps import post

LIST = "/panel/organisers/urzad/calendars"
FEED = "https://zwiazek.example.org/kalendarz.ics"
TYPED = {"name": "Związek Miast", "feed_url": FEED, "page_url": "", "kind": "", "shows": "by_hand", "words": ""}


@pytest.fixture
def organiser(factory: Factory) -> Organiser:
    return factory.organiser(slug="urzad", name="Urząd Przykładowy")


@pytest.fixture
def alice(app: Flask, factory: Factory, organiser: Organiser) -> FlaskClient:
    return sign_in(app, factory.account(organiser, "owner"))


@pytest.fixture
def bob(app: Flask, factory: Factory, organiser: Organiser) -> FlaskClient:
    return sign_in(app, factory.account(organiser, "editor"))


@pytest.fixture
def charlie(app: Flask, factory: Factory) -> FlaskClient:
    return sign_in(app, factory.account(factory.organiser(slug="inny"), "owner"))


@pytest.fixture
def calendar(factory: Factory, organiser: Organiser) -> ExternalCalendar:
    return factory.external_calendar(
        organiser,
        name="Związek Miast",
        checked_at=now_utc() - timedelta(hours=1),
        succeeded_at=now_utc() - timedelta(hours=1),
        next_check_at=now_utc() + timedelta(hours=1),
    )


def page_of(calendar: ExternalCalendar, ending: str = "") -> str:
    return f"{LIST}/{calendar.id}{ending}"


def text_of(html: str) -> str:
    """What is read on a page, in one line."""
    return unescape(" ".join(sub(r"<[^>]+>", " ", html).split())).replace("\u00a0", " ")


def error_of(html: str, field: str) -> str:
    found = search(rf'<p id="{field}-error"[^>]*>(.*?)</p>', html, DOTALL)
    return "" if found is None else unescape(sub(r"<span.*?</span>", "", found[1], flags=DOTALL).strip())


def calendars() -> list[ExternalCalendar]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(ExternalCalendar).order_by(ExternalCalendar.id)))


def events() -> list[tuple[bool | None, bool]]:
    db.session.rollback()
    rows = db.session.execute(select(ExternalEvent.chosen, ExternalEvent.shown).order_by(ExternalEvent.id))
    return [(chosen, shown) for chosen, shown in rows]


def choose(client: FlaskClient, calendar: ExternalCalendar, doing: str, ids: list[int], **more: str) -> TestResponse:
    from_page = search(r'name="csrf_token" value="([^"]+)"', client.get(page_of(calendar)).text)
    assert from_page is not None
    data = {"csrf_token": from_page[1], "event": [str(id_) for id_ in ids], "doing": doing, **more}
    return client.post(page_of(calendar, "/choose"), data=data)


def test_a_calendar_is_followed_and_changed_by_owner_and_editor(alice: FlaskClient, bob: FlaskClient) -> None:
    assert "Nie dodano jeszcze żadnego kalendarza." in bob.get(LIST).text
    made = post(bob, f"{LIST}/new", **{**TYPED, "feed_url": "webcal://zwiazek.example.org/kalendarz.ics"})
    [calendar] = calendars()
    assert (made.status_code, made.headers["Location"]) == (303, page_of(calendar))
    assert (calendar.name, calendar.feed_url, calendar.kind, calendar.shows) == ("Związek Miast", FEED, None, "by_hand")
    shown = text_of(alice.get(page_of(calendar)).text)
    assert "Tego kalendarza jeszcze nie odczytywano. Odczyt nastąpi w ciągu kilku minut." in shown
    changed = {**TYPED, "name": "ZMP", "kind": "meeting", "shows": "words", "words": "miasta, gminy"}
    assert post(alice, page_of(calendar, "/edit"), **changed).status_code == 303
    [calendar] = calendars()
    assert (calendar.name, calendar.kind, calendar.shows, calendar.words) == (
        "ZMP",
        "meeting",
        "words",
        "miasta, gminy",
    )
    form = alice.get(page_of(calendar, "/edit")).text
    assert 'value="miasta, gminy"' in form
    assert '<option value="meeting" selected>' in form
    assert 'value="words" checked' in form


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"name": " "}, "name", "Proszę podać nazwę, pod którą odwiedzający znają źródło."),
        ({"feed_url": ""}, "feed_url", "Proszę podać adres kalendarza."),
        ({"feed_url": "javascript:alert(1)"}, "feed_url", "Proszę podać pełny adres kalendarza, zaczynający się od"),
        ({"feed_url": "https://a:b@x.example.org/k"}, "feed_url", "Adres zawiera nazwę użytkownika albo hasło."),
        ({"feed_url": "https://10.0.0.1/k.ics"}, "feed_url", "To jest adres w\u00a0sieci wewnętrznej."),
        (
            {"feed_url": "https://x.example.org:25/k.ics"},
            "feed_url",
            "Port w\u00a0adresie nie jest portem serwera WWW.",
        ),
        ({"feed_url": "https:///k.ics"}, "feed_url", "To nie jest poprawny adres."),
        ({"page_url": "javascript:alert(1)"}, "page_url", "Proszę podać pełny adres, zaczynający się od https://"),
        ({"shows": "words", "words": " , "}, "words", "Proszę podać co najmniej jedno słowo"),
        ({"name": "x" * 201}, "name", "Proszę"),
        ({"feed_url": f"https://x.example.org/{'x' * 500}"}, "feed_url", "Proszę"),
        ({"kind": "wesele"}, "kind", ""),
        ({"shows": "nic"}, "shows", ""),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    alice: FlaskClient, change: dict[str, str], field: str, message: str
) -> None:
    answer = post(
        alice, f"{LIST}/new", **{**TYPED, "name": "Związek “Ü”", "page_url": "https://x.example.org", **change}
    )
    assert answer.status_code == 422
    assert error_of(answer.text, field).startswith(message)
    assert error_of(answer.text, field) != ""
    assert "error-summary" in answer.text
    assert "javascript:alert" not in "".join(findall(r'href="[^"]*"', answer.text))
    if "feed_url" not in change:
        assert f'value="{FEED}"' in answer.text
    assert calendars() == []


def test_one_too_many_and_one_twice_are_told(
    alice: FlaskClient, factory: Factory, organiser: Organiser, calendar: ExternalCalendar
) -> None:
    answer = post(alice, f"{LIST}/new", **{**TYPED, "feed_url": calendar.feed_url})
    assert error_of(answer.text, "feed_url") == "Ten kalendarz jest już dodany."
    for _number in range(MOST_CALENDARS - 1):
        factory.external_calendar(organiser)
    answer = post(alice, f"{LIST}/new", **TYPED)
    assert answer.status_code == 422
    assert "Organizator może mieć najwyżej tyle kalendarzy zewnętrznych: 20." in text_of(answer.text)
    assert "Dodano już tyle kalendarzy, ile można: 20." in alice.get(LIST).text


@pytest.mark.parametrize(
    "outcome", [outcome for outcome in Outcome if not outcome.is_good and outcome is not Outcome.NEW]
)
def test_every_failure_says_what_happened_what_was_kept_and_what_to_do(
    alice: FlaskClient, factory: Factory, organiser: Organiser, outcome: Outcome
) -> None:
    calendar = factory.external_calendar(organiser, outcome=outcome.value, failures=1)
    factory.external_event(calendar, starts_at=now_utc() + timedelta(days=1))
    for path in (f"/en{LIST}", f"/en{page_of(calendar)}", LIST, page_of(calendar)):
        assert alice.get(path).status_code == 200
    shown = text_of(alice.get(f"/en{LIST}").text)
    assert "Cannot be read" in shown
    assert "stays: 1 event to come, 1 shown." in shown
    assert "Please" in shown or "please" in shown


def test_the_state_of_a_calendar_that_was_read(
    alice: FlaskClient, factory: Factory, calendar: ExternalCalendar
) -> None:
    for number in range(5):
        factory.external_event(calendar, starts_at=now_utc() + timedelta(days=number + 1), shown=number < 2)
    factory.external_event(calendar, starts_at=now_utc() - timedelta(days=9))
    shown = text_of(alice.get(LIST).text)
    assert "Odczytany" in shown
    assert "5 nadchodzących wydarzeń, pokazywane: 2." in shown
    assert "Następny odczyt:" in shown


def test_what_was_left_out_and_a_calendar_of_which_nothing_is_shown_are_told(
    alice: FlaskClient, factory: Factory, organiser: Organiser
) -> None:
    calendar = factory.external_calendar(
        organiser, outcome="unchanged", shows="by_hand", events_left_out=2, events_repeating=1
    )
    factory.external_event(calendar, starts_at=now_utc() + timedelta(days=1), shown=False)
    shown = text_of(alice.get(f"/en{page_of(calendar)}").text)
    assert "2 entries were left out" in shown
    assert "1 event repeats" in shown
    assert "please pick what to show" in shown


def test_an_outcome_of_a_later_version_is_no_server_error(
    alice: FlaskClient, factory: Factory, organiser: Organiser
) -> None:
    calendar = factory.external_calendar(organiser, outcome="something_new", succeeded_at=None)
    assert "It has never been read yet." in text_of(alice.get(f"/en{page_of(calendar)}").text)


def test_events_are_picked_hidden_and_left_to_the_rule(
    bob: FlaskClient, factory: Factory, calendar: ExternalCalendar
) -> None:
    ids = [factory.external_event(calendar, starts_at=now_utc() + timedelta(days=1)).id for _number in range(3)]
    answer = choose(bob, calendar, "hide", ids[:2], page="1")
    assert (answer.status_code, answer.headers["Location"]) == (303, page_of(calendar))
    assert events() == [(False, False), (False, False), (None, True)]
    shown = text_of(bob.get(page_of(calendar)).text)
    assert "2 wydarzenia są ukryte." in shown
    assert shown.count("ukryto ręcznie") == 2
    choose(bob, calendar, "show", ids[:1])
    choose(bob, calendar, "rule", ids[1:2])
    assert events() == [(True, True), (None, True), (None, True)]
    assert "pokazywane są wszystkie wydarzenia" in bob.get(page_of(calendar)).text
    assert choose(bob, calendar, "explode", ids).status_code == 400
    choose(bob, calendar, "hide", [])
    assert "Proszę zaznaczyć co najmniej jedno wydarzenie." in bob.get(page_of(calendar)).text
    assert events() == [(True, True), (None, True), (None, True)]


@pytest.mark.parametrize("event", ["x", "-1", "99999999999999999999", "", "1' OR 1=1"])
def test_ids_that_are_none_choose_nothing(
    bob: FlaskClient, factory: Factory, calendar: ExternalCalendar, event: str
) -> None:
    factory.external_event(calendar, starts_at=now_utc() + timedelta(days=1))
    assert post(bob, page_of(calendar, "/choose"), event=event, doing="hide", page="no").status_code == 303
    assert events() == [(None, True)]


def test_more_events_than_fit_on_a_page(alice: FlaskClient, factory: Factory, calendar: ExternalCalendar) -> None:
    start = now_utc() + timedelta(days=1)
    ids = [
        factory.external_event(calendar, title=f"Nr {number:02d}", starts_at=start + timedelta(hours=number)).id
        for number in range(EVENTS_PER_PAGE + 1)
    ]
    first, second = (alice.get(page_of(calendar, ending)).text for ending in ("", "?page=2"))
    assert "Nr 00" in first
    assert f"Nr {EVENTS_PER_PAGE}" not in first
    assert f"Nr {EVENTS_PER_PAGE}" in second
    assert alice.get(page_of(calendar, "?page=99")).text.count("Nr 50") == second.count("Nr 50")
    answer = choose(alice, calendar, "hide", ids[-1:], page="2")
    assert answer.headers["Location"] == page_of(calendar, "?page=2")
    assert alice.get(page_of(calendar, "?ticked=all")).text.count(" checked") == EVENTS_PER_PAGE


def test_look_now_makes_a_look_due_and_is_limited(alice: FlaskClient, calendar: ExternalCalendar) -> None:
    assert "Odczytaj teraz" in alice.get(page_of(calendar)).text
    before = now_utc()
    assert post(alice, page_of(calendar, "/look")).status_code == 303
    shown = text_of(alice.get(page_of(calendar)).text)
    assert "Kalendarz zostanie odczytany w ciągu kilku minut." in shown
    [row] = calendars()
    assert before <= row.next_check_at <= now_utc()
    assert row.outcome == "read"
    assert "Odczytaj teraz" not in alice.get(page_of(calendar)).text
    post(alice, page_of(calendar, "/look"))
    assert "Proszę odczekać minutę." in alice.get(page_of(calendar)).text
    assert calendars()[0].next_check_at == row.next_check_at


def test_stopping_is_asked_and_says_what_disappears(
    alice: FlaskClient, factory: Factory, calendar: ExternalCalendar
) -> None:
    factory.external_event(calendar, starts_at=now_utc() + timedelta(days=1))
    factory.external_event(calendar, starts_at=now_utc() + timedelta(days=1), shown=False)
    path = page_of(calendar)
    asked = text_of(alice.get(f"/en{path}/stop").text)
    assert "1 event to come that is shown now disappears" in asked
    assert len(calendars()) == 1
    answer = post(alice, f"{path}/stop")
    assert (answer.status_code, answer.headers["Location"]) == (303, LIST)
    assert (calendars(), events()) == ([], [])
    assert alice.get(path).status_code == 404


def test_hostile_texts_of_a_calendar_are_text_in_the_panel(
    alice: FlaskClient, factory: Factory, organiser: Organiser
) -> None:
    hostile = '<script>alert(1)</script>"\u202eevil'
    calendar = factory.external_calendar(organiser, name=hostile, feed_url="https://x.example.org/k.ics")
    factory.external_event(
        calendar, title=hostile, place=hostile, url="javascript:alert(1)", starts_at=now_utc() + timedelta(days=1)
    )
    for ending in ("", "/edit", "/stop"):
        html = alice.get(page_of(calendar, ending)).text
        assert "<script>alert" not in html
        assert "javascript:" not in html
    html = alice.get(page_of(calendar)).text
    assert '<a href="https://x.example.org/" rel="external noopener nofollow"><bdi>&lt;script&gt;' in html
    assert "<script>alert" not in alice.get(LIST).text


def test_abuse_28_calendars_and_events_of_another_organiser_are_not_there(
    alice: FlaskClient, charlie: FlaskClient, factory: Factory, calendar: ExternalCalendar
) -> None:
    event = factory.external_event(calendar, starts_at=now_utc() + timedelta(days=1))
    own = factory.external_calendar(db.session.scalars(select(Organiser).where(Organiser.slug == "inny")).one())
    for ending in ("", "/edit", "/stop"):
        assert charlie.get(f"/panel/organisers/inny/calendars/{calendar.id}{ending}").status_code == 404
    for ending in ("/edit", "/stop", "/look", "/choose"):
        for path in (page_of(calendar, ending), f"/panel/organisers/inny/calendars/{calendar.id}{ending}"):
            assert post(charlie, path, **TYPED, doing="hide", event=str(event.id)).status_code == 404
    hidden = post(charlie, f"/panel/organisers/inny/calendars/{own.id}/choose", doing="hide", event=str(event.id))
    assert hidden.status_code == 303
    assert events() == [(None, True)]
    assert [row.name for row in calendars()] == ["Związek Miast", own.name]
    assert calendars()[0].feed_url not in charlie.get("/panel/organisers/inny/calendars").text


def test_the_way_there(
    alice: FlaskClient, bob: FlaskClient, app: Flask, factory: Factory, organiser: Organiser
) -> None:
    assert f'href="{LIST}"' in alice.get("/panel/organisers/urzad/people").text
    assert 'href="/panel/calendars"' in bob.get("/panel/events").text
    assert bob.get("/panel/calendars").headers["Location"] == LIST
    door = sign_in(app, factory.account(organiser, "door"))
    assert "/panel/calendars" not in door.get("/panel/events").text
    account = factory.account(organiser, "editor")
    other = factory.organiser(slug="drugi", name="Drugi Urząd")
    factory._store(Membership(account_id=account.id, organiser_id=other.id, role="editor"))
    several = sign_in(app, account).get("/panel/calendars").text
    assert LIST in several
    assert "/panel/organisers/drugi/calendars" in several
