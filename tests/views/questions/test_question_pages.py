"""The panel's pages for questions, their totals, the support wanted, and the answers in downloads."""

import csv
import io
import re
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.organisers.models import AuditEntry
from eventreg.questions.answering import keep_answers
from eventreg.questions.queries import live_questions
from eventreg.questions.question_editing import remove_question
from eventreg.questions.question_rules import AskedQuestion, GivenAnswer
from tests.conftest import NOW
from tests.factories import Factory, sign_in
from tests.panel_steps import token
from tests.question_steps import ask, asked, row

HOME = "/panel/events/dobre-praktyki/questions"
FORMULA = '=HYPERLINK("//evil","x")'


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event(slug="dobre-praktyki")


@pytest.fixture
def alice(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "owner"))


@pytest.fixture
def bob(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "editor"))


def send(client: FlaskClient, path: str, **fields: Any) -> Any:
    return client.post(HOME + path, data={"csrf_token": token(client), **fields})


def questions(event: Event) -> list[AskedQuestion]:
    db.session.rollback()
    return live_questions(event.id)


def test_ready_made_questions_come_by_ticking(bob: FlaskClient, event: Event) -> None:
    text = bob.get(HOME).text
    assert re.findall(r'name="keys" type="checkbox" value="(\w+)"', text)[0] == "institution"
    answer = send(bob, "/ready-made", keys=["diet", "institution", "nonsense"])
    assert (answer.status_code, answer.location) == (303, HOME)
    assert [question.label for question in questions(event)] == ["Instytucja", "Posiłek"]
    text = bob.get(HOME).text
    assert "Pytania dodano do formularza." in text
    assert 'id="ready-institution"' not in text
    send(bob, "/ready-made")
    assert "Niczego nie zaznaczono." in bob.get(HOME).text


def test_an_own_question_with_limits(bob: FlaskClient, event: Event) -> None:
    assert "Limit" in bob.get(HOME + "/new?kind=one_of").text
    fields = {"label": "Autokar", "purpose": "Zamówienie autokaru.", "label0": "jadę", "places0": "30", "label5": "nie"}
    answer = send(bob, "/new", kind="one_of", **fields)
    assert answer.status_code == 303
    [question] = questions(event)
    assert (question.kind, question.label, question.purpose) == ("one_of", "Autokar", "Zamówienie autokaru")
    assert [(option.label, option.places) for option in question.options] == [("jadę", 30), ("nie", None)]


@pytest.mark.parametrize(
    ("wrong", "words", "at"),
    [
        ({"label": " "}, "Proszę wpisać pytanie.", "label"),
        ({"purpose": ""}, "Proszę podać, do czego posłuży odpowiedź.", "purpose"),
        ({"required": "y"}, "Proszę podać, dlaczego bez odpowiedzi nie można wysłać zgłoszenia.", "required_purpose"),
        ({"label1": ""}, "Proszę podać więcej odpowiedzi do wyboru.", "label0"),
        ({"label1": "JADĘ"}, "Ta sama odpowiedź jest wpisana dwa razy.", "label0"),
        ({"places0": "0"}, "Proszę podać limit jako liczbę całkowitą", "places0"),
        ({"places0": "trzy"}, "Proszę podać limit jako liczbę całkowitą", "places0"),
        ({"places1": "9" * 40}, "Proszę podać limit jako liczbę całkowitą", "places1"),
        ({"label": "x" * 201}, "200", "label"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_lost(
    bob: FlaskClient, event: Event, wrong: dict[str, str], words: str, at: str
) -> None:
    good = {"kind": "one_of", "label": "Autokar", "purpose": "Zamówienie", "label0": "jadę", "label1": "nie"}
    answer = send(bob, "/new", **{**good, "hint": "Z Krakowa", **wrong})
    text = answer.text.replace("\u00a0", " ")
    assert answer.status_code == 422
    assert re.search(rf'<a href="#{at}">[^<]*{re.escape(words)}', text)
    assert 'value="Z Krakowa"' in text
    assert questions(event) == []


def test_a_kind_that_does_not_exist(bob: FlaskClient, event: Event) -> None:
    assert bob.get(HOME + "/new?kind=nonsense").status_code == 404
    assert send(bob, "/new", kind="nonsense", label="x", purpose="y").status_code == 404


def edit_fields(client: FlaskClient, question: AskedQuestion) -> dict[str, str]:
    """What the browser would send back from the edit page."""
    text = client.get(f"{HOME}/{question.id}").text
    form = text[text.index(f'action="{HOME}/{question.id}"') :]
    tags = re.findall(r"<input[^>]*>", form[: form.index("</form>")])
    named = [(re.search(r' name="([^"]+)"', tag), re.search(r' value="([^"]*)"', tag)) for tag in tags]
    return {name[1]: value[1] for name, value in named if name and value and name[1] not in ("csrf_token", "required")}


def test_editing_keeps_the_options_that_people_chose(bob: FlaskClient, factory: Factory, event: Event) -> None:
    question = ask(event, "one_of", "Autokar", ("jadę", 30), "nie")
    for _number in range(2):
        keep_answers(factory.registration(event).id, [GivenAnswer(question.id, option_ids=(question.options[0].id,))])
    text = bob.get(f"{HOME}/{question.id}").text
    assert "wybrały 2 osoby" in text
    assert "Na to pytanie są już odpowiedzi." in text.replace("\u00a0", " ")
    fields = {**edit_fields(bob, question), "label": "Autokar z Krakowa", "places0": "1"}
    assert send(bob, f"/{question.id}", **fields).status_code == 303
    changed = asked(event.id, question.id)
    assert changed.label == "Autokar z Krakowa"
    assert [(o.id, o.places, o.taken) for o in changed.options if o.places] == [(question.options[0].id, 1, 2)]
    assert "Tę odpowiedź wybrało już więcej osób, niż pozwala nowy limit: jadę." in bob.get(HOME).text


def test_two_colleagues_at_once(alice: FlaskClient, bob: FlaskClient, event: Event) -> None:
    question = ask(event, "short_text", "Skąd?")
    of_alice, of_bob = edit_fields(alice, question), edit_fields(bob, question)
    assert send(alice, f"/{question.id}", **{**of_alice, "label": "Z której gminy?"}).status_code == 303
    answer = send(bob, f"/{question.id}", **{**of_bob, "label": "Z jakiego miasta?"})
    assert answer.status_code == 409
    assert "Z której gminy?" in answer.text
    assert 'value="Z jakiego miasta?"' in answer.text
    mark = re.search(r'name="mark" value="(\w+)"', answer.text)
    assert mark is not None
    again = send(bob, f"/{question.id}", **{**of_bob, "label": "Z jakiego miasta?", "mark": mark[1]})
    assert again.status_code == 303
    assert asked(event.id, question.id).label == "Z jakiego miasta?"


def test_order_and_taking_off(bob: FlaskClient, factory: Factory, event: Event) -> None:
    first, second = ask(event, label="Pierwsze"), ask(event, label="Drugie")
    keep_answers(factory.registration(event).id, [GivenAnswer(second.id, "x")])
    send(bob, f"/{second.id}/move", step="up")
    assert [question.label for question in questions(event)] == ["Drugie", "Pierwsze"]
    send(bob, f"/{second.id}/remove")
    assert "Dotychczasowe odpowiedzi pozostają na liście" in bob.get(HOME).text
    send(bob, f"/{first.id}/remove")
    assert "Pytanie usunięto. Nie było na nie odpowiedzi." in bob.get(HOME).text
    assert row(first.id) is None
    assert questions(event) == []
    assert bob.get(f"{HOME}/{second.id}").location == HOME
    send(bob, f"/{second.id}/restore")
    assert [question.label for question in questions(event)] == ["Drugie"]


def test_abuse_33_a_question_of_another_event(bob: FlaskClient, factory: Factory, event: Event) -> None:
    theirs = ask(factory.event(), "one_of", "Nocleg", "tak", "nie")
    assert bob.get(f"{HOME}/{theirs.id}").status_code == 404
    for path in ("", "/move", "/remove", "/restore"):
        assert send(bob, f"/{theirs.id}{path}", label="x", purpose="y").status_code == 404
    stored = row(theirs.id)
    assert stored is not None
    assert (stored.label, stored.removed_at) == ("Nocleg", None)


def test_abuse_03_words_are_escaped(alice: FlaskClient, client: FlaskClient, factory: Factory, event: Event) -> None:
    evil = "<script>alert(1)</script>"
    question = ask(event, "one_of", evil, evil + "a", evil + "b", hint=evil, purpose=evil)
    needs = ask(event, "access_needs", "Wsparcie")
    person = factory.registration(event)
    keep_answers(
        person.id, [GivenAnswer(question.id, option_ids=(question.options[0].id,)), GivenAnswer(needs.id, evil)]
    )
    paths = [HOME, f"{HOME}/{question.id}", f"{HOME}/totals", f"{HOME}/access-needs"]
    paths.append(f"/panel/events/dobre-praktyki/registrations/{person.id}")
    for text in [*(alice.get(path).text for path in paths), client.get("/events/dobre-praktyki").text]:
        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert" not in text


def test_totals_on_the_page_and_as_csv(bob: FlaskClient, factory: Factory, event: Event) -> None:
    assert "Nie ma czego liczyć" in bob.get(f"{HOME}/totals").text.replace("\u00a0", " ")
    meal = ask(event, "one_of", FORMULA, ("wegański", 9), "zwykły")
    for number in (0, 1, 1):
        keep_answers(factory.registration(event).id, [GivenAnswer(meal.id, option_ids=(meal.options[number].id,))])
    factory.registration(event)
    assert bob.get(f"{HOME}/totals").status_code == 200
    answer = bob.get(f"{HOME}/totals.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="dobre-praktyki-podsumowanie.csv"'
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["Pytanie", "Odpowiedź", "Osoby z\u00a0miejscem", "Wszystkie zgłoszone osoby", "Limit"],
        ["'" + FORMULA, "wegański", "1", "1", "9"],
        ["'" + FORMULA, "zwykły", "2", "2", ""],
        ["'" + FORMULA, "bez odpowiedzi", "1", "1", ""],
    ]


@pytest.fixture
def answered(factory: Factory, event: Event) -> dict[str, AskedQuestion]:
    office, meal = ask(event, "institution", "Urząd"), ask(event, "several_of", "Posiłek", "zupa", "ryba")
    old, needs = ask(event, "yes_no", "Autokar?"), ask(event, "access_needs", "Wsparcie")
    person = factory.registration(event, name="Anna Nowak")
    keep_answers(
        person.id,
        [
            GivenAnswer(office.id, FORMULA),
            GivenAnswer(meal.id, option_ids=tuple(option.id for option in meal.options)),
            GivenAnswer(old.id, "yes"),
            GivenAnswer(needs.id, "pętla indukcyjna"),
        ],
    )
    factory.registration(event, name="Jan Zając")
    remove_question(event.id, old.id, None, NOW)
    return {"office": office, "needs": needs}


def csv_rows(client: FlaskClient, query: str = "") -> list[list[str]]:
    answer = client.get(f"/panel/events/dobre-praktyki/registrations.csv{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))


@pytest.mark.usefixtures("answered")
def test_one_column_a_question_in_the_downloads(bob: FlaskClient) -> None:
    headings, anna, jan = csv_rows(bob)
    assert headings[-3:] == ["Urząd", "Posiłek", "Autokar? (już nie w\u00a0formularzu)"]
    assert anna[-3:] == ["'" + FORMULA, "zupa; ryba", "tak"]
    assert jan[-3:] == ["", "", ""]
    answer = bob.get("/panel/events/dobre-praktyki/registrations.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    rows = [[cell.value for cell in line][-3:] for line in sheet.iter_rows()]
    assert rows[:2] == [headings[-3:], [FORMULA, "zupa; ryba", "tak"]]
    assert sheet.cell(2, sheet.max_column - 2).data_type == "s"


@pytest.mark.usefixtures("answered")
def test_abuse_28_access_needs_are_seen_by_owners_alone(alice: FlaskClient, bob: FlaskClient, event: Event) -> None:
    wish = "pętla indukcyjna"
    assert wish not in str(csv_rows(bob))
    assert wish not in str(csv_rows(alice))
    for ending in ("csv", "xlsx"):
        path = f"/panel/events/dobre-praktyki/registrations.{ending}?access_needs=1"
        assert bob.get(path).status_code == 404
    assert bob.get(f"{HOME}/access-needs").status_code == 404
    assert "/access-needs" not in bob.get(HOME).text
    text = alice.get(f"{HOME}/access-needs").text
    assert wish in text
    assert "Anna Nowak" in text
    assert "Jan Zając" not in text
    assert csv_rows(alice, "?access_needs=1")[1][-2:] == [wish, "tak"]
    db.session.rollback()
    seen = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert seen == ["access_needs_exported", "access_needs_seen"]


def test_the_list_and_the_persons_page_show_answers_without_access_needs(
    alice: FlaskClient, bob: FlaskClient, event: Event, answered: dict[str, AskedQuestion]
) -> None:
    listed = bob.get("/panel/events/dobre-praktyki/registrations").text
    found = re.search(r'href="(/panel/events/dobre-praktyki/registrations/\d+)">Anna Nowak', listed)
    assert found is not None
    assert "=HYPERLINK(&#34;//evil&#34;,&#34;x&#34;) · Posiłek – zupa; ryba · Autokar? – tak</small>" in listed
    assert "pętla" not in listed
    for client in (alice, bob):
        text = client.get(found[1]).text
        assert "<dt>Urząd</dt>" in text
        assert "pętla" not in text


def test_pages_speak_english_too(alice: FlaskClient, event: Event) -> None:
    ask(event, "one_of", "Autokar", ("jadę", 1), "nie")
    for path, words in ((HOME, "What the form asks"), (f"{HOME}/totals", "Totals of the answers")):
        assert words in alice.get(f"/en{path}").text
