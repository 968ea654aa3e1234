"""Writing to the people of an event, as the organiser meets it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.messages.audience_rules import Audience, AudienceKind
from eventreg.messages.messaging import Wording, start_message, write_message
from eventreg.messages.models import EventMessage
from eventreg.outbox.models import Mail
from eventreg.questions.models import Answer, ChosenOption, Question, QuestionOption
from eventreg.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import Factory, sign_in
from tests.panel_steps import token

LIST = "/panel/events/warsztaty/messages"


@pytest.fixture(autouse=True)
def _at_that_moment() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event(slug="warsztaty", title="Warsztaty <b>AI</b>")


@pytest.fixture
def alice(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "owner", email="alice@example.org", name="Alicja"))


@pytest.fixture
def anna(factory: Factory, event: Event) -> Registration:
    return factory.registration(event, name="Anna Łęcka", email="anna@example.org")


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client), **fields})


def write(client: FlaskClient, *, at: str = f"{LIST}/new", **fields: Any) -> TestResponse:
    values = {"subject": "Zmiana sali", "text": "Zapraszamy do sali 12.", "audience": "all"}
    return post(client, at, **{**values, **fields})


def the_message() -> EventMessage:
    db.session.rollback()
    return db.session.scalars(select(EventMessage).execution_options(populate_existing=True)).one()


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail).order_by(Mail.id).execution_options(populate_existing=True)))


def address_of(message: EventMessage) -> str:
    return f"{LIST}/{message.id}"


def test_a_message_is_written_previewed_tried_out_and_sent(alice: FlaskClient, anna: Registration) -> None:
    assert "Nie ma jeszcze żadnej wiadomości" in alice.get(LIST).text
    answer = write(alice, subject="Sala dla {wydarzenie}", text="Dzień dobry, {imię i nazwisko}!\n\n{link}")
    page = address_of(the_message())
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    draft = alice.get(page).text
    assert re.search(r"Wyślij na\s1 adres\b", draft)
    assert "Podgląd dla odbiorcy: Anna Łęcka" in draft
    assert "Sala dla Warsztaty &lt;b&gt;AI&lt;/b&gt;" in draft
    assert "Dzień dobry, Anna Łęcka!" in draft
    assert anna.link_key not in draft
    assert mails() == []
    assert post(alice, f"{page}/test").status_code == 303
    assert [mail.to_address for mail in mails()] == ["alice@example.org"]
    assert post(alice, f"{page}/send").status_code == 303
    assert [mail.to_address for mail in mails()][1:] == ["anna@example.org"]
    sent = alice.get(page).text
    assert "W trakcie wysyłki" in sent
    assert 'max="1" value="0"' in sent
    assert "Sala dla {wydarzenie}" in alice.get(LIST).text


def test_sending_twice_sends_once(alice: FlaskClient, anna: Registration) -> None:
    write(alice)
    page = address_of(the_message())
    post(alice, f"{page}/send")
    again = alice.post(f"{page}/send", data={"csrf_token": token(alice)}, follow_redirects=True)
    assert "Stan wiadomości już się zmienił." in again.text
    assert len(mails()) == 1


def test_the_frame_shows_the_mail_with_its_link_masked(
    alice: FlaskClient, anna: Registration, factory: Factory, event: Event
) -> None:
    factory.registration(event, name="Jan Łoś", email="jan@example.org")
    write(alice, text="{name} <i>x</i> {link} https://example.org/mapa")
    page = address_of(the_message())
    frame = alice.get(f"{page}/html?recipient=2")
    assert "Jan Łoś &lt;i&gt;x&lt;/i&gt;" in frame.text
    assert "/registrations/…" in frame.text
    assert '<a href="https://example.org/mapa"' in frame.text
    assert "sandbox" in frame.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in alice.get(page).headers["Content-Security-Policy"]
    for far in ("99", "-3", "0", "x", "9" * 30):
        assert alice.get(f"{page}?recipient={far}").status_code == 200
        assert alice.get(f"{page}/html?recipient={far}").status_code == 200


@pytest.mark.parametrize("written", ["{{ 7*7 }}", "{config}", "{name.__class__}", "{% include 'base.html' %}"])
@pytest.mark.parametrize("field", ["subject", "text"])
def test_abuse_05_an_unknown_placeholder_is_an_error_at_its_field(
    alice: FlaskClient, event: Event, written: str, field: str
) -> None:
    answer = write(alice, **{field: f"Witamy {written}"})
    assert answer.status_code == 422
    assert "takiego znacznika nie ma" in answer.text
    assert f'href="#{field}"' in answer.text
    assert "Witamy" in answer.text, "what was typed is kept"
    assert "49" not in re.sub(r'value="[^"]*"', "", answer.text)
    assert db.session.scalars(select(EventMessage)).all() == []


def test_abuse_05_a_name_is_text_wherever_it_is_put(alice: FlaskClient, factory: Factory, event: Event) -> None:
    factory.registration(event, name="{link} {{7*7}} <script>x</script>", email="x@example.org")
    write(alice, subject="{name}", text="{name}")
    page = address_of(the_message())
    frame = alice.get(f"{page}/html").text
    assert "{link} {{7*7}} &lt;script&gt;x&lt;/script&gt;" in frame
    assert "<script>" not in frame


@pytest.mark.parametrize("separator", ["\r\n", "\n", "\r", "\u2028", "\x85"])
def test_abuse_02_a_subject_of_two_lines_is_refused(alice: FlaskClient, event: Event, separator: str) -> None:
    answer = write(alice, subject=f"Zmiana{separator}Bcc: wszyscy@example.org")
    assert answer.status_code == 422
    assert "Temat musi mieścić się w\u00a0jednym wierszu" in answer.text
    assert db.session.scalars(select(EventMessage)).all() == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"subject": ""}, "Proszę wpisać temat."),
        ({"subject": "x" * 151}, "Dopuszczalna liczba znaków: 150"),
        ({"text": " \n "}, "Proszę wpisać treść wiadomości."),
        ({"subject": "{link}"}, "tylko w\u00a0treści"),
        ({"audience": "everyone"}, "Proszę wybrać odbiorców"),
        ({"audience": ""}, "Proszę wybrać odbiorców"),
        ({"audience": "states"}, "Proszę zaznaczyć co najmniej jeden stan."),
        ({"audience": "category"}, "Proszę zaznaczyć co najmniej jedną kategorię."),
        ({"audience": "answer", "answer": "option-1"}, "Proszę wybrać odbiorców"),
        ({"audience": "attendance", "attendance": "late"}, "Proszę wybrać obecność."),
        ({"audience": "picked", "picked": "1"}, "Proszę wybrać odbiorców"),
    ],
)
def test_what_is_missing_or_wrong_is_said(alice: FlaskClient, event: Event, fields: dict[str, str], words: str) -> None:
    answer = write(alice, **fields)
    assert answer.status_code == 422
    assert words in answer.text


def recipients_of(client: FlaskClient, **fields: Any) -> list[str]:
    """To whom a message with this audience goes."""
    with transaction() as session:
        for message in session.scalars(select(EventMessage)):
            session.delete(message)
    assert write(client, **fields).status_code == 303
    post(client, f"{address_of(the_message())}/send")
    return sorted(mail.to_name for mail in mails() if mail.event_message_id == the_message().id)


def test_every_audience_means_who_it_says(alice: FlaskClient, factory: Factory, event: Event) -> None:
    made: dict[str, Registration] = {}
    for name, values in {
        "Anna A": {"attended": True},
        "Beata B": {"attended": False, "category": "speaker"},
        "Celina C": {"state": "waitlisted", "waiting_order": 1},
        "Danuta D": {"state": "pending"},
        "Ewa E": {"state": "cancelled", "cancelled_by": "person"},
        "Felicja F": {"state": "unconfirmed", "hold_until": NOW},
    }.items():
        made[name] = factory.registration(event, name=name, **values)
    bus, vegan = bus_and_diet(factory, event, made)
    everybody = ["Anna A", "Beata B", "Celina C", "Danuta D"]
    assert recipients_of(alice) == everybody
    assert recipients_of(alice, audience="states", states=["waitlisted", "cancelled"]) == ["Celina C", "Ewa E"]
    assert recipients_of(alice, audience="category", categories=["speaker", "media"]) == ["Beata B"]
    assert recipients_of(alice, audience="attendance", attendance="present") == ["Anna A"]
    assert recipients_of(alice, audience="attendance", attendance="absent") == ["Beata B"]
    assert recipients_of(alice, audience="attendance", attendance="unsaid") == ["Celina C", "Danuta D"]
    assert recipients_of(alice, audience="answer", answer=f"option-{bus}") == ["Anna A", "Celina C"]
    assert recipients_of(alice, audience="answer", answer=f"yes-{vegan}") == ["Beata B"]
    assert recipients_of(alice, audience="answer", answer=f"no-{vegan}") == ["Anna A"]
    picked = f"{made['Ewa E'].id},{made['Anna A'].id},{made['Felicja F'].id}"  # abuse 15: her address is unproven
    assert recipients_of(alice, audience="picked", picked=picked) == ["Anna A", "Ewa E"]


def bus_and_diet(factory: Factory, event: Event, people: dict[str, Registration]) -> tuple[int, int]:
    """Anna and Celina take the bus (and so did Ewa, who cancelled); Beata is a vegan, Anna is not."""
    bus = factory._store(Question(event_id=event.id, position=1, kind="one_of", label="Autobus", purpose="p"))
    option = factory._store(QuestionOption(question_id=bus.id, position=1, label="Tak, chętnie"))
    vegan = factory._store(Question(event_id=event.id, position=2, kind="yes_no", label="Weganizm", purpose="p"))
    factory._store(Question(event_id=event.id, position=3, kind="access_needs", label="Potrzeby", purpose="p"))
    for name in ("Anna A", "Celina C", "Ewa E"):
        answer = factory._store(Answer(registration_id=people[name].id, question_id=bus.id))
        factory._store(ChosenOption(answer_id=answer.id, option_id=option.id))
    factory._store(Answer(registration_id=people["Beata B"].id, question_id=vegan.id, text="yes"))
    factory._store(Answer(registration_id=people["Anna A"].id, question_id=vegan.id, text="no"))
    return option.id, vegan.id


def test_access_needs_are_no_audience(alice: FlaskClient, factory: Factory, event: Event) -> None:
    bus_and_diet(
        factory, event, {name: factory.registration(event) for name in ("Anna A", "Beata B", "Celina C", "Ewa E")}
    )
    page = alice.get(f"{LIST}/new").text
    assert "Autobus: Tak, chętnie" in page
    assert "Weganizm: tak" in page
    assert "Potrzeby" not in page


def test_people_picked_from_the_list_are_offered(
    alice: FlaskClient, anna: Registration, factory: Factory, event: Event
) -> None:
    jan = factory.registration(event)
    page = alice.get(f"{LIST}/new?person={anna.id}&person={jan.id}&person={anna.id}&person=x").text
    assert re.search(r'value="picked" checked', page)
    assert sorted(re.search(r'name="picked" value="([^"]*)"', page)[1].split(",")) == sorted(  # type: ignore[index]
        [str(anna.id), str(jan.id)]
    )


def test_abuse_28_ids_of_another_event_are_ignored(
    alice: FlaskClient, anna: Registration, factory: Factory, event: Event
) -> None:
    stranger = factory.registration(factory.event(), name="Obca Osoba", email="obca@example.org")
    page = alice.get(f"{LIST}/new?person={stranger.id}").text
    assert 'value="picked"' not in page
    assert "Obca" not in page
    write(alice, audience="picked", picked=f"{stranger.id},{anna.id}")
    assert the_message().audience == {"kind": "picked", "values": [], "ids": [anna.id]}
    with transaction():
        the_message().audience = {"kind": "picked", "values": [], "ids": [anna.id, stranger.id]}
    post(alice, f"{address_of(the_message())}/send")
    assert [mail.to_address for mail in mails()] == ["anna@example.org"]


def test_abuse_28_answers_of_another_event_are_ignored(
    alice: FlaskClient, factory: Factory, event: Event, anna: Registration
) -> None:
    foreign = factory.event()
    people = {name: factory.registration(foreign) for name in ("Anna A", "Beata B", "Celina C", "Ewa E")}
    option, _question = bus_and_diet(factory, foreign, people)
    assert write(alice, audience="answer", answer=f"option-{option}").status_code == 422


def test_abuse_28_a_message_of_another_event_is_not_there(
    alice: FlaskClient, factory: Factory, event: Event, app: Flask
) -> None:
    foreign = factory.event(slug="obce")
    factory.registration(foreign)
    wording = Wording("x", "y", Audience(AudienceKind.ALL))
    message_id = write_message(foreign, wording, factory.account(foreign.organiser).id, NOW)
    path = f"{LIST}/{message_id}"
    for ending in ("", "/edit", "/html", "/progress.json"):
        assert alice.get(path + ending).status_code == 404
    for ending in ("/edit", "/send", "/test", "/pause", "/continue", "/stop", "/discard"):
        assert post(alice, path + ending, subject="x", text="y", audience="all").status_code == 404
    assert the_message().state == "draft"


def test_a_draft_is_edited_and_discarded(alice: FlaskClient, anna: Registration) -> None:
    write(alice, audience="states", states=["confirmed", "pending"])
    page = address_of(the_message())
    form = alice.get(f"{page}/edit").text
    assert 'value="Zmiana sali"' in form
    assert re.search(r'value="states" checked', form)
    assert len(re.findall(r'name="states"[^>]*checked', form)) == 2
    assert write(alice, at=f"{page}/edit", subject="").status_code == 422
    assert write(alice, at=f"{page}/edit", subject="Inny temat").status_code == 303
    assert the_message().subject == "Inny temat"
    assert post(alice, f"{page}/discard").headers["Location"] == LIST
    db.session.rollback()
    assert db.session.scalars(select(EventMessage)).all() == []


def test_a_sent_message_is_kept_as_it_was(alice: FlaskClient, anna: Registration) -> None:
    write(alice)
    page = address_of(the_message())
    post(alice, f"{page}/send")
    assert alice.get(f"{page}/edit").status_code == 302
    assert write(alice, at=f"{page}/edit", subject="Inny temat").status_code == 303
    assert post(alice, f"{page}/discard").headers["Location"] == page
    assert the_message().subject == "Zmiana sali"


def test_pause_continue_and_stop_from_the_page(alice: FlaskClient, anna: Registration) -> None:
    write(alice)
    page = address_of(the_message())
    post(alice, f"{page}/send")
    assert "progress.js" in alice.get(page).text
    assert "Pokaż bieżący stan" in alice.get(page).text, "without JavaScript a link reloads"
    post(alice, f"{page}/pause")
    paused = alice.get(page).text
    assert "Wznów wysyłkę" in paused
    assert "progress.js" not in paused
    post(alice, f"{page}/continue")
    assert the_message().state == "sending"
    post(alice, f"{page}/stop")
    assert "Przerwana" in alice.get(page).text
    assert mails()[0].state == "stopped"
    log = alice.get("/panel/events/warsztaty/mail").text
    assert "przerwano, nie wysłano" in log


def test_stopping_for_good_is_asked_before(alice: FlaskClient, anna: Registration) -> None:
    write(alice)
    page = address_of(the_message())
    assert alice.get(f"{page}/stop").location == page, "a draft is discarded, not stopped"
    post(alice, f"{page}/send")
    assert f'href="{page}/stop"' in alice.get(page).text
    assert f'action="{page}/stop"' not in alice.get(page).text
    asked = alice.get(f"{page}/stop").text
    assert "1 wiadomość nie została jeszcze wysłana." in asked
    assert f'action="{page}/stop"' in asked
    assert (the_message().state, mails()[0].state) == ("sending", "queued")
    post(alice, f"{page}/stop")
    assert the_message().state == "stopped"
    assert alice.get(f"{page}/stop").location == page


def test_progress_tells_figures_and_nobodys_name(alice: FlaskClient, anna: Registration) -> None:
    write(alice)
    page = address_of(the_message())
    post(alice, f"{page}/send")
    answer = alice.get(f"{page}/progress.json")
    assert answer.json == {
        "state": "sending",
        "total": 1,
        "settled": 0,
        "sent": 0,
        "failed": 0,
        "waiting": 1,
        "stopped": 0,
    }
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_report_groups_failures_by_the_servers_answer(alice: FlaskClient, factory: Factory, event: Event) -> None:
    people = [factory.registration(event) for _ in range(4)]
    write(alice)
    message = the_message()
    page = address_of(message)
    start_message(message.id, event, message.account_id or 0, NOW)
    with transaction() as session:
        for mail, person in zip(session.scalars(select(Mail).order_by(Mail.to_address)), people, strict=True):
            mail.state, mail.last_error = "failed", f"550 5.1.1 <{mail.to_address}>: user unknown"
            assert mail.registration_id == person.id
        mail.state, mail.last_error = "sent", None
    report = alice.get(page).text
    assert "Wysłana" in report, "the page is right although nobody noted the end"
    assert report.count("550 5.1.1 &lt;…@…&gt;: user unknown") == 1
    assert "(3)" in report
    assert f"/panel/events/warsztaty/registrations/{people[0].id}" in report
    assert people[0].email in report
    assert people[3].email not in report


def test_pages_speak_english_too(alice: FlaskClient, anna: Registration) -> None:
    assert "{name}" in alice.get(f"/en{LIST}/new").text
    assert "{imię i nazwisko}" in alice.get(f"{LIST}/new").text
    write(alice, text="{name}, {Organizator}")
    page = address_of(the_message())
    assert "Send to 1 address" in alice.get(f"/en{page}").text
    post(alice, f"{page}/send")
    assert "Being sent" in alice.get(f"/en{page}").text


def test_abuse_24_looking_sends_nothing(alice: FlaskClient, anna: Registration) -> None:
    write(alice)
    page = address_of(the_message())
    for ending in ("", "/html", "/edit", "/progress.json", "?recipient=1"):
        assert alice.get(page + ending).status_code == 200
    for ending in ("/send", "/test", "/pause", "/discard"):
        assert alice.get(page + ending).status_code in (404, 405)
    assert alice.get(f"{page}/stop").status_code == 303, "asks before, when there is something to stop"
    assert mails() == []
