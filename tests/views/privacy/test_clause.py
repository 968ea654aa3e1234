"""The information clause: drafted, edited, kept in versions, shown to the public."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.clock import now_utc
from eventreg.database import db, transaction
from eventreg.organisers.models import AuditEntry, Organiser
from eventreg.privacy.clauses import sample_clause, save_clause
from eventreg.privacy.models import InformationClause
from eventreg.privacy.queries import current_clause
from tests.factories import Factory, sign_in
from tests.panel_steps import post

SCREEN = "/panel/organisers/urzad/clause/"
FACTS = {
    "controller": "Województwo Małopolskie",
    "address": "ul. Basztowa 22, 31-156 Kraków",
    "contact": "dane@example.org",
    "officer": "iod@example.org",
    "task": "art. 14 ust. 1 ustawy o samorządzie województwa",
    "recipients": "",
    "retention_months": "24",
    "text_pl": "Administrator: {controller}, {retention}.",
    "text_en": "Controller: {controller}, {retention}.",
}


@pytest.fixture
def organiser(factory: Factory) -> Organiser:
    return factory.organiser(slug="urzad", name="Urząd Marszałkowski", legal_name="Województwo Małopolskie")


@pytest.fixture
def owner(app: Flask, factory: Factory, organiser: Organiser) -> FlaskClient:
    return sign_in(app, factory.account(organiser, "owner"))


def save(owner: FlaskClient, **changed: str) -> TestResponse:
    return post(owner, SCREEN, **{**FACTS, "action": "save", **changed})


def shown(organiser: Organiser) -> InformationClause:
    db.session.rollback()
    clause = current_clause(db.session.get_one(Organiser, organiser.id, populate_existing=True))
    assert clause is not None
    return clause


def text_in(page: str, name: str) -> str:
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>\n(.*?)</textarea>', page, flags=re.S)
    assert found is not None
    return html.unescape(found[1])


def test_without_a_clause_a_draft_waits_to_be_checked(owner: FlaskClient, organiser: Organiser) -> None:
    with transaction() as session:
        session.get_one(Organiser, organiser.id).current_clause_id = None
    page = owner.get(SCREEN).text
    assert "art.\u00a06 ust.\u00a01 lit.\u00a0e RODO" in text_in(page, "text_pl")
    assert "art. 6(1)(e) GDPR" in text_in(page, "text_en")
    assert 'value="Województwo Małopolskie"' in page
    missing = "Adres administratora danych, Inspektor ochrony danych"
    assert f"Do spełnienia wymogów art.\u00a013 RODO brakuje: {missing}" in page


def test_saving_makes_a_version_with_its_placeholders_filled(owner: FlaskClient, organiser: Organiser) -> None:
    assert save(owner).status_code == 303
    clause = shown(organiser)
    assert clause.version == 2
    assert clause.text_pl == "Administrator: Województwo Małopolskie, 24\u00a0miesiące."
    assert clause.text_en == "Controller: Województwo Małopolskie, 24 months."
    assert clause.retention_months == 24
    page = owner.get(SCREEN).text
    assert text_in(page, "text_pl") == FACTS["text_pl"], "the next version starts from the text with placeholders"


def test_old_versions_stay_as_they_were_shown(owner: FlaskClient, organiser: Organiser) -> None:
    save(owner)
    save(owner, controller="Gmina Proszowice")
    assert shown(organiser).version == 3
    assert "Gmina Proszowice, 24" in owner.get(f"{SCREEN}versions/3").text
    assert "Województwo Małopolskie, 24" in owner.get(f"{SCREEN}versions/2").text
    assert owner.get(f"{SCREEN}versions/4").status_code == 404
    saved = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "clause_saved")).all()
    assert [entry.detail for entry in saved] == [{"version": 2}, {"version": 3}]
    assert {entry.organiser_id for entry in saved} == {organiser.id}


def test_writing_the_draft_anew_saves_nothing(owner: FlaskClient, organiser: Organiser) -> None:
    answer = post(owner, SCREEN, **{**FACTS, "action": "draft", "text_pl": "stary tekst"})
    assert answer.status_code == 200
    assert "stary tekst" not in text_in(answer.text, "text_pl")
    assert "{officer}" in text_in(answer.text, "text_pl")
    assert shown(organiser).version == 1


def test_the_enter_key_saves_and_a_draft_loses_no_text(owner: FlaskClient) -> None:
    page = owner.get(SCREEN).text
    form = page[page.index('action="/panel/organisers/urzad/clause/"') :]
    assert re.findall(r'<button type="submit"[^>]*value="(\w+)"', form) == ["save", "draft"]
    first = post(owner, SCREEN, **{**FACTS, "action": "draft", "text_pl": "tekst <b> prawnika", "text_en": ""})
    assert text_in(first.text, "replaced") == "tekst <b> prawnika"
    again = post(owner, SCREEN, **{**FACTS, "action": "draft", "text_pl": "drugi", "replaced": "tekst <b> prawnika"})
    assert [html.unescape(text) for text in re.findall(r'name="replaced"[^>]*>\n(.*?)</textarea>', again.text)] == [
        "tekst <b> prawnika",
        "drugi",
        FACTS["text_en"],
    ]
    refused = save(owner, controller="", replaced="tekst <b> prawnika")
    assert refused.status_code == 422
    assert text_in(refused.text, "replaced") == "tekst <b> prawnika"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"text_pl": "Piszą do {inspektor}."}, "text_pl"),
        ({"text_en": "{{ config }}"}, "text_en"),
        ({"officer": "", "text_pl": "Inspektor: {officer}."}, "text_pl"),
        ({"task": "", "text_pl": "Zadanie: {task}."}, "text_pl"),
        ({"text_pl": "Tekst.\n\n[Do decyzji prawnika: albo tak, albo tak.]"}, "text_pl"),
        ({"text_en": "[For the lawyer to decide: this or that.]"}, "text_en"),
        ({"text_pl": ""}, "text_pl"),
        ({"controller": " "}, "controller"),
        ({"retention_months": "0"}, "retention_months"),
        ({"retention_months": "121"}, "retention_months"),
        ({"retention_months": "dwa"}, "retention_months"),
        ({"text_pl": "x" * 20_001}, "text_pl"),
    ],
)
def test_what_cannot_be_shown_is_refused_beside_its_field(
    owner: FlaskClient, organiser: Organiser, changed: dict[str, str], field: str
) -> None:
    answer = save(owner, **changed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert shown(organiser).version == 1


def test_the_public_reads_the_present_version_in_her_language(
    owner: FlaskClient, client: FlaskClient, organiser: Organiser
) -> None:
    save(owner, text_pl="## Kto\n\n{controller} <b>x</b> [a](javascript:alert(1))", text_en="")
    assert 'href="/privacy/urzad"' in client.get("/privacy").text
    page = client.get("/privacy/urzad").text
    assert "<h2>Kto</h2>" in page
    assert "&lt;b&gt;x" in page
    assert 'href="javascript:' not in page
    english = client.get("/en/privacy/urzad").text
    assert '<div class="prose" lang="pl">' in english
    save(owner)
    english = client.get("/en/privacy/urzad").text
    assert '<div class="prose" lang="en">' in english
    assert "Controller: Województwo Małopolskie" in english


def test_an_unknown_organiser_or_one_without_a_clause_has_no_page(client: FlaskClient, organiser: Organiser) -> None:
    with transaction() as session:
        session.get_one(Organiser, organiser.id).current_clause_id = None
    assert client.get("/privacy/urzad").status_code == 404
    assert client.get("/privacy/nikt").status_code == 404
    assert "/privacy/urzad" not in client.get("/privacy").text


def test_the_privacy_page_tells_about_cookies_and_sets_none(client: FlaskClient) -> None:
    answer = client.get("/privacy")
    assert "eventreg_panel" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("kind", ["public_body", "ngo", "other"])
def test_a_sample_clause_has_no_open_ends(factory: Factory, kind: str) -> None:
    organiser = factory.organiser(kind=kind)
    clause = save_clause(organiser.id, sample_clause(organiser), None, now_utc())
    for text in (clause.text_pl, clause.text_en):
        assert "{" not in text
        assert "[" not in text
        assert ": ." not in text
