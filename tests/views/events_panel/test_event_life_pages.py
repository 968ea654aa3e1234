"""Publishing, withdrawing, calling off, deleting, copying, and the pages that ask before."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.organisers.models import Organiser
from eventreg.outbox.models import Mail
from tests.factories import Factory
from tests.views.events_panel.conftest import House, stored

Post = Callable[..., TestResponse]


@pytest.fixture
def draft(house: House, factory: Factory, soon: datetime) -> Event:
    return factory.event(
        house.organiser,
        slug="szkic",
        title="Szkic wydarzenia",
        state="draft",
        starts_at=soon,
        ends_at=soon + timedelta(hours=1),
    )


def test_a_draft_is_seen_by_its_members_only_until_it_is_published(
    app: Flask, house: House, draft: Event, post: Post
) -> None:
    assert app.test_client().get("/events/szkic").status_code == 404
    preview = house.bob.get("/panel/events/szkic/preview")
    assert preview.status_code == 200
    assert "Szkic wydarzenia" in preview.text
    assert "Podgląd" in preview.text
    assert "Zgłoś udział" in preview.text
    assert 'href="/panel/events/szkic/edit"' in preview.text
    assert house.charlie.get("/panel/events/szkic/preview").status_code == 404
    assert post(house.bob, "/panel/events/szkic/publish", {}).status_code == 303
    assert app.test_client().get("/events/szkic").status_code == 200
    assert stored(draft.id).publisher_name == "Robert Nowak"
    assert house.bob.get("/panel/events/szkic/preview").headers["Location"] == "/events/szkic"


def test_a_preview_leads_to_no_page_that_is_not_there_yet(app: Flask, house: House, draft: Event) -> None:
    for path in ("/panel/events/szkic/preview", "/en/panel/events/szkic/preview"):
        page = house.bob.get(path).text
        assert "/events/szkic" not in page.replace("/panel/events/szkic/", ""), "no public address of the draft"
        assert 'rel="canonical"' not in page
        assert 'rel="alternate"' not in page
        form = page[page.index("<form") : page.index("</form>")]
        assert form.startswith("<form inert")
        assert '<button type="submit" class="govuk-button" disabled' in form
        for address in set(re.findall(r'(?:href|action)="([^"#:]+)"', page)):
            assert house.bob.get(address, follow_redirects=True).status_code == 200, address
        other = re.search(r'<a href="http://localhost([^"]*)" lang="', page)
        assert other is not None
        assert "/panel/events/szkic/preview" in other[1]
        assert house.bob.get(other[1]).status_code == 200


def test_the_page_of_a_cancelled_event_does_not_say_that_mails_have_gone_before_they_have(
    app: Flask, factory: Factory
) -> None:
    factory.event(slug="odwolane", state="cancelled")
    visitor = app.test_client()
    assert "Do osób zgłoszonych wysyłamy wiadomość e-mail." in unescape(visitor.get("/events/odwolane").text)
    assert "is being told by e-mail." in visitor.get("/en/events/odwolane").text


def test_publishing_says_what_is_missing(house: House, draft: Event, post: Post) -> None:
    with transaction() as session:
        session.get_one(Organiser, house.organiser.id).current_clause_id = None
    page = house.alice.get("/panel/events/szkic/publish")
    reason = "Organizator nie ma jeszcze klauzuli informacyjnej."
    assert reason in page.text
    assert "Brak informacji o\u00a0dostępności miejsca." in page.text
    answer = post(house.alice, "/panel/events/szkic/publish", {}, page="/panel/account")
    assert answer.status_code == 422
    assert answer.text.count(reason) == 2
    assert stored(draft.id).state == "draft"


def test_withdrawing_warns_of_those_who_are_signed_up(
    app: Flask, house: House, event: Event, factory: Factory, post: Post
) -> None:
    path = "/panel/events/warsztaty/withdraw"
    warning = "a\u00a0zgłoszone osoby nie otrzymają wiadomości"
    assert warning not in house.alice.get(path).text
    factory.registration(event)
    assert warning in house.alice.get(path).text
    assert post(house.alice, path, {}).status_code == 303
    assert stored(event.id).state == "draft"
    assert app.test_client().get("/events/warsztaty").status_code == 404
    assert house.alice.get(path).status_code == 302


def test_cancelling_names_the_number_of_mails_and_tells_the_reason(
    app: Flask, house: House, event: Event, factory: Factory, post: Post
) -> None:
    path = "/panel/events/warsztaty/cancel"
    assert "Nie ma zgłoszeń" in house.alice.get(path).text
    for _ in range(5):
        factory.registration(event)
    assert "Do zgłoszonych osób zostanie wysłanych 5 wiadomości." in house.alice.get(path).text
    assert post(house.alice, path, {"reason": "x" * 401}).status_code == 422
    assert post(house.alice, path, {"reason": "Choroba prowadzącego"}).status_code == 303
    cancelled = stored(event.id)
    assert (cancelled.state, cancelled.cancel_reason) == ("cancelled", "Choroba prowadzącego")
    assert len(db.session.scalars(select(Mail)).all()) == 5
    assert "Choroba prowadzącego" in app.test_client().get("/events/warsztaty").text
    again = post(house.alice, path, {"reason": ""}, page="/panel/account")
    assert again.status_code == 303
    assert len(db.session.scalars(select(Mail)).all()) == 5


def test_deleting_a_draft_and_archiving_an_event_with_people(
    house: House, draft: Event, event: Event, factory: Factory, post: Post
) -> None:
    assert "Usuń trwale" in house.alice.get("/panel/events/szkic/delete").text
    assert post(house.alice, "/panel/events/szkic/delete", {}).status_code == 303
    assert house.alice.get("/panel/events/szkic/edit").status_code == 404

    factory.registration(event)
    path = "/panel/events/warsztaty/delete"
    assert "Najpierw trzeba odwołać wydarzenie" in house.alice.get(path).text
    assert post(house.alice, path, {}, page="/panel/account").status_code == 422
    assert stored(event.id).state == "published"
    post(house.alice, "/panel/events/warsztaty/cancel", {"reason": ""})
    assert "Przenieś do archiwum" in house.alice.get(path).text
    assert post(house.alice, path, {}).status_code == 303
    assert stored(event.id).state == "archived"

    assert house.alice.get(path).headers["Location"] == "/panel/events/warsztaty/history"
    assert house.alice.get("/panel/events/warsztaty/edit").headers["Location"] == "/panel/events/warsztaty/history"
    history = house.alice.get("/panel/events/warsztaty/history")
    assert "Przywróć jako wersję roboczą" in history.text
    assert post(house.alice, "/panel/events/warsztaty/restore", {}, page="/panel/account").status_code == 303
    assert stored(event.id).state == "draft"


def test_copying_leads_to_the_form_of_the_new_draft(house: House, event: Event, post: Post) -> None:
    answer = post(house.alice, "/panel/events/warsztaty/copy", {}, page="/panel/account")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/panel/events/warsztaty-2/edit")
    page = house.alice.get("/panel/events/warsztaty-2/edit")
    assert "To jest kopia" in page.text
    assert "Wersja robocza" in page.text


def test_the_history_names_who_did_what(house: House, draft: Event, post: Post) -> None:
    post(house.bob, "/panel/events/szkic/publish", {})
    post(house.alice, "/panel/events/szkic/withdraw", {})
    page = house.alice.get("/panel/events/szkic/history").text
    for words in ("Robert Nowak", "Alicja Nowak", "Metryczka", "Data publikacji", "Wycofanie z\u00a0publikacji"):
        assert words in page, words


def test_the_publication_record_has_its_labels_and_can_be_switched_off(
    app: Flask, house: House, event: Event, factory: Factory
) -> None:
    with transaction() as session:
        row = session.get_one(Event, event.id)
        row.responsible_person, row.editor_name, row.publisher_name = "Jan Łoś", "Ewa Ćwik", "Ola Żak"
        row.revision += 1
    page = app.test_client().get("/events/warsztaty").text
    for label in (
        "Osoba odpowiedzialna za treść",
        "Redaktor",
        "Osoba publikująca",
        "Data utworzenia",
        "Data publikacji",
        "Data aktualizacji",
    ):
        assert f"<dt>{label}</dt>" in page, label
    ngo = factory.organiser(kind="ngo", has_publication_record=False)
    factory.event(ngo, slug="bez-metryczki")
    assert "Data utworzenia" not in app.test_client().get("/events/bez-metryczki").text


def test_a_get_changes_nothing(house: House, event: Event, draft: Event, factory: Factory) -> None:
    factory.registration(event)
    for slug in ("warsztaty", "szkic"):
        for page in ("", "/edit", "/preview", "/publish", "/withdraw", "/cancel", "/delete", "/history"):
            assert house.alice.get(f"/panel/events/{slug}{page}").status_code in (200, 302)
        for verb in ("/copy", "/restore"):
            assert house.alice.get(f"/panel/events/{slug}{verb}").status_code == 405
    assert (stored(event.id).revision, stored(draft.id).revision) == (1, 1)
    assert len(db.session.scalars(select(Event)).all()) == 2
