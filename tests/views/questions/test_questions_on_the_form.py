"""An event's questions as visitors meet them: on the form, when something is wrong, on their own page."""

import re
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.links import signed_token
from eventreg.questions.answering import keep_answers
from eventreg.questions.queries import answers_of
from eventreg.questions.question_editing import add_ready_made, remove_question
from eventreg.questions.question_rules import AskedQuestion, GivenAnswer
from eventreg.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import Factory
from tests.question_steps import ask


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event(slug="dobre-praktyki")


def page(client: FlaskClient, prefix: str = "") -> str:
    return told(client.get(f"{prefix}/events/dobre-praktyki"))


def told(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", answer.text.replace("\u2060", ""))


def post(client: FlaskClient, prefix: str = "", **fields: Any) -> TestResponse:
    data = {"name": "Anna Kowalska", "email": "anna@example.org", **fields}
    return client.post(f"{prefix}/events/dobre-praktyki", data=data)


def field(text: str, question: AskedQuestion, value: str = "") -> str:
    """The first control of a question, or the one with this value, as it stands in the page."""
    tags = re.findall(rf'<(?:input|textarea|select)[^>]* name="q{question.id}"[^>]*>', text)
    return next(tag for tag in tags if not value or f'value="{value}"' in tag)


def kept() -> list[tuple[str, str]]:
    db.session.rollback()
    person = db.session.scalars(select(Registration)).one()
    return [(answer.label, answer.words) for answer in answers_of(person.id, "pl", access_needs=True)]


def people() -> int:
    db.session.rollback()
    return db.session.query(Registration).count()


def test_a_form_without_questions_stays_short(client: FlaskClient, event: Event) -> None:
    text = page(client)
    assert 'name="q' not in text
    assert "Do czego posłużą odpowiedzi" not in text


def test_every_kind_is_asked_and_kept(client: FlaskClient, event: Event) -> None:
    office = ask(event, "institution", "Urząd")
    title = ask(event, "short_text", "Stanowisko", hint="Jak na wizytówce")
    long = ask(event, "long_text", "Oczekiwania")
    one = ask(event, "one_of", "Nocleg", "tak, proszę", "nie, dziękuję")
    several = ask(event, "several_of", "Posiłek", "zupa", "ryba", "deser")
    yes = ask(event, "yes_no", "Autokar?")
    needs = ask(event, "access_needs", "Wsparcie")
    text = page(client)
    assert 'type="text" autocomplete="organization"' in field(text, office)
    assert f'aria-describedby="q{title.id}-hint"' in field(text, title)
    assert f'<div id="q{title.id}-hint" class="govuk-hint">Jak na wizytówce</div>' in text
    assert text.count('<span class="optional">(nieobowiązkowe)</span>') == 7
    assert field(text, long).startswith("<textarea")
    assert 'type="radio"' in field(text, one, str(one.options[0].id))
    assert 'type="checkbox"' in field(text, several, str(several.options[2].id))
    assert 'type="radio"' in field(text, yes, "yes")
    assert f'aria-describedby="q{needs.id}-seen-by"' in field(text, needs)
    answer = post(
        client,
        **{
            f"q{office.id}": "Urząd  Miasta ",
            f"q{title.id}": "",
            f"q{long.id}": "Po pierwsze\r\npo drugie",
            f"q{one.id}": str(one.options[1].id),
            f"q{several.id}": [str(several.options[2].id), str(several.options[0].id)],
            f"q{yes.id}": "no",
            f"q{needs.id}": "pętla indukcyjna",
        },
    )
    assert answer.status_code == 303
    assert kept() == [
        ("Urząd", "Urząd  Miasta"),
        ("Oczekiwania", "Po pierwsze\npo drugie"),
        ("Nocleg", "nie, dziękuję"),
        ("Posiłek", "zupa; deser"),
        ("Autokar?", "nie"),
        ("Wsparcie", "pętla indukcyjna"),
    ]


def test_optional_questions_may_all_stay_open(client: FlaskClient, event: Event) -> None:
    add_ready_made(event.id, ["institution", "voivodeship", "diet", "interpretation", "access_needs"], None, NOW)
    assert post(client).status_code == 303
    assert kept() == []


def test_a_long_list_is_one_that_opens(client: FlaskClient, event: Event) -> None:
    add_ready_made(event.id, ["voivodeship"], None, NOW)
    text = page(client)
    assert len(re.findall(r'<option value="\d+"', text)) == 16
    assert '<option value="">Bez odpowiedzi</option>' in text or '<option value="" selected>' in text


def test_errors_stand_at_the_fields_and_in_the_summary_and_nothing_typed_is_lost(
    client: FlaskClient, event: Event
) -> None:
    required = {"required": True, "required_purpose": "Wejście do budynku"}
    office = ask(event, "institution", "Urząd", **required)
    bus = ask(event, "one_of", "Autokar", "jadę", "nie jadę", **required)
    long = ask(event, "long_text", "Oczekiwania")
    meal = ask(event, "several_of", "Posiłek", "zupa", "ryba")
    fish = str(meal.options[1].id)
    answer = post(client, **{f"q{long.id}": "<b>" + "x" * 2000, f"q{meal.id}": fish})
    text = told(answer)
    assert answer.status_code == 422
    assert f'<a href="#q{office.id}">Proszę wypełnić pole: Urząd</a>' in text
    assert f'<a href="#q{bus.id}">Proszę wybrać odpowiedź: Autokar</a>' in text
    assert f'<a href="#q{long.id}">Proszę skrócić odpowiedź: najwyżej 2000 znaków.</a>' in text
    assert f'aria-describedby="q{office.id}-error" aria-invalid="true"' in field(text, office)
    assert f'id="q{bus.id}"' in field(text, bus)
    assert "&lt;b&gt;xxx" in text
    assert "checked" in field(text, meal, fish)
    assert 'value="Anna Kowalska"' in text
    assert people() == 0


def test_purposes_stand_with_the_information_clause(client: FlaskClient, event: Event) -> None:
    ask(event, "short_text", "Skąd?", purpose="Sprawozdanie", required=True, required_purpose="Rozliczenie dotacji")
    text = page(client)
    fold = text[text.index("Klauzula informacyjna") : text.index("</details>")]
    assert "Do czego posłużą odpowiedzi" in fold
    assert "<span>Skąd? – Sprawozdanie.</span> Odpowiedź jest wymagana: <span>Rozliczenie dotacji.</span>" in fold


def test_ready_made_words_are_in_the_readers_language_and_own_ones_are_marked(
    client: FlaskClient, event: Event
) -> None:
    add_ready_made(event.id, ["diet"], None, NOW)
    ask(event, "short_text", "Skąd Państwo są?")
    text = page(client, "/en")
    assert "<span>Meal</span>" in text
    assert "<span>gluten-free</span>" in text
    assert '<span lang="pl">Skąd Państwo są?</span>' in text


def test_a_full_option_is_shown_as_such(client: FlaskClient, factory: Factory, event: Event) -> None:
    bus = ask(event, "one_of", "Autokar", ("jadę", 1), "nie jadę")
    seat = str(bus.options[0].id)
    assert "disabled" not in field(page(client), bus, seat)
    person = factory.registration(event)
    keep_answers(person.id, [GivenAnswer(bus.id, option_ids=(bus.options[0].id,))])
    text = page(client)
    assert "disabled" in field(text, bus, seat)
    assert '<span>jadę</span> <span class="optional">(brak miejsc)</span>' in text
    with transaction() as session:
        session.delete(session.get_one(Registration, person.id))
    assert "disabled" not in field(page(client), bus, seat)


def test_the_last_seat_taken_while_the_form_was_open(client: FlaskClient, factory: Factory, event: Event) -> None:
    bus = ask(event, "several_of", "Autokar", ("tam", 1), "z powrotem")
    there, back = (str(option.id) for option in bus.options)
    keep_answers(factory.registration(event).id, [GivenAnswer(bus.id, option_ids=(bus.options[0].id,))])
    answer = post(client, **{f"q{bus.id}": [there, back]})
    text = told(answer)
    assert answer.status_code == 422
    assert f'<a href="#q{bus.id}">Brak wolnych miejsc: tam. Proszę wybrać inną odpowiedź.</a>' in text
    assert "checked" in field(text, bus, back)
    assert "disabled" in field(text, bus, there)
    assert "checked" not in field(text, bus, there)
    assert people() == 1
    assert post(client, **{f"q{bus.id}": [back]}).status_code == 303


@pytest.mark.parametrize("forged", ["0", "-1", "abc", "99999999999999999999", "१", "{other}", "{removed}"])
def test_abuse_33_options_that_are_not_offered(
    client: FlaskClient, factory: Factory, event: Event, forged: str
) -> None:
    bus = ask(event, "one_of", "Autokar", "jadę", "nie jadę")
    theirs = ask(factory.event(), "one_of", "Nocleg", "tak", "nie")
    gone = ask(event, "one_of", "Dawne", "tak", "nie")
    remove_question(event.id, gone.id, None, NOW)
    value = forged.format(other=theirs.options[0].id, removed=gone.options[0].id)
    answer = post(client, **{f"q{bus.id}": value})
    assert answer.status_code == 422
    assert "Organizator zmienił to pytanie." in answer.text
    assert people() == 0


def test_abuse_33_a_form_opened_before_a_question_was_removed_still_works(client: FlaskClient, event: Event) -> None:
    gone = ask(event, "one_of", "Dawne", "tak", "nie")
    remove_question(event.id, gone.id, None, NOW)
    assert post(client, **{f"q{gone.id}": str(gone.options[0].id)}).status_code == 303
    assert kept() == []


def test_the_cached_page_follows_the_questions(client: FlaskClient, event: Event) -> None:
    assert "Skąd?" not in page(client)
    ask(event, "short_text", "Skąd?")
    assert "Skąd?" in page(client)


def test_her_own_page_shows_what_she_answered(client: FlaskClient, factory: Factory, event: Event) -> None:
    office, needs = ask(event, "institution", "Urząd"), ask(event, "access_needs", "Wsparcie")
    person = factory.registration(event)
    keep_answers(person.id, [GivenAnswer(office.id, "<i>Urząd"), GivenAnswer(needs.id, "pętla")])
    text = told(client.get("/registrations/" + signed_token("registration", person.link_key)))
    assert "<dt>Urząd</dt><dd>&lt;i&gt;Urząd</dd>" in text
    assert "<dt>Wsparcie</dt><dd>pętla</dd>" in text
