"""The person's own page by the same link in every state, in both languages."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.links import signed_token
from eventreg.outbox.models import Mail
from eventreg.questions.answering import keep_answers
from eventreg.questions.models import Question, QuestionOption
from eventreg.questions.question_rules import GivenAnswer
from eventreg.registrations.address_changing import agree, ask_address_change
from eventreg.registrations.models import AddressChange, Registration
from eventreg.registrations.registration_mails import About, tell_people
from tests.conftest import NOW
from tests.factories import Factory

SOON = NOW + timedelta(hours=5)


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def address(registration: Registration) -> str:
    return "/registrations/" + signed_token("registration", registration.link_key)


def row(registration: Registration) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def everything() -> list[Any]:
    """All that the database holds of people and mails, to see that nothing has changed."""
    db.session.rollback()
    return [
        [tuple(found) for found in db.session.execute(select(*table.columns))]
        for table in (Registration.__table__, Mail.__table__, AddressChange.__table__, Event.__table__)
    ]


STATES: list[tuple[dict[str, Any], str, str, set[str]]] = [
    (
        {"state": "unconfirmed", "hold_until": SOON, "holds_place": True, "confirmed_at": None},
        "Prosimy potwierdzić zgłoszenie",
        "Please confirm the registration",
        {"confirm", "cancel"},
    ),
    ({"state": "pending", "confirmed_at": None}, "Zgłoszenie czeka na decyzję", "waits for a decision", {"cancel"}),
    (
        {"state": "waitlisted", "waiting_order": 7, "confirmed_at": None},
        "Lista rezerwowa: pozycja 1",
        "Waiting list: position 1",
        {"cancel"},
    ),
    (
        {"state": "waitlisted", "waiting_order": 7, "offer_until": SOON, "holds_place": True, "confirmed_at": None},
        "Zwolniło się miejsce",
        "A place is free",
        {"accept", "cancel"},
    ),
    ({}, "Udział potwierdzony", "Participation confirmed", {"cancel"}),
    (
        {"state": "declined", "reason": "Pierwszeństwo mają gminy."},
        "Pierwszeństwo mają gminy.",
        "Not admitted",
        set(),
    ),
    (
        {"state": "cancelled", "cancelled_by": "person"},
        "Zrezygnowano z udziału",
        "Participation cancelled",
        {"restore"},
    ),
    (
        {"state": "cancelled", "cancelled_by": "person", "confirmed_at": None},
        "Zgłoszenie wycofane",
        "Registration withdrawn",
        {"restore"},
    ),
    (
        {"state": "cancelled", "cancelled_by": "organiser", "reason": "Zgłoszenie powtórzone."},
        "Zgłoszenie powtórzone.",
        "cancelled by the organiser",
        set(),
    ),
    (
        {"state": "cancelled", "cancelled_by": "expired"},
        "Proponowanego miejsca nie przyjęto w\u00a0terminie, dlatego zgłoszenie wygasło.",
        "The offered place was not taken in time, so the registration has expired.",
        {"restore"},
    ),
    (
        {"state": "cancelled", "cancelled_by": "unconfirmed"},
        "Adresu nie potwierdzono w\u00a0terminie, dlatego zgłoszenie wygasło.",
        "The address was not confirmed in time, so the registration has expired.",
        {"restore"},
    ),
    (
        {"state": "cancelled", "cancelled_by": "substituted"},
        "Zgłoszono zastępstwo",
        "Somebody else comes instead",
        set(),
    ),
    (
        {"state": "cancelled", "cancelled_by": "moved"},
        "przeniesiono na inne wydarzenie",
        "moved to another event",
        set(),
    ),
]


@pytest.mark.parametrize(("values", "polish", "english", "buttons"), STATES)
def test_the_same_link_shows_where_she_stands(
    client: FlaskClient, factory: Factory, values: dict[str, Any], polish: str, english: str, buttons: set[str]
) -> None:
    person = factory.registration(factory.event(waiting_list="when_full"), **values)
    page = client.get(address(person))
    assert page.status_code == 200
    assert polish in page.text
    assert english in client.get("/en" + address(person)).text
    for name in ("confirm", "accept", "cancel", "restore"):
        assert (f'action="{address(person)}/{name}"' in page.text) is (name in buttons), name
    assert f'href="{address(person)}/data.json"' in page.text
    assert person.email not in page.text  # abuse 27: the least


def test_deadlines_stand_in_words(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(waiting_list="when_full")
    held = factory.registration(event, state="unconfirmed", hold_until=SOON, holds_place=True)
    offered = factory.registration(event, state="waitlisted", waiting_order=1, offer_until=SOON, holds_place=True)
    for person in (held, offered):
        page = client.get(address(person)).text.replace("\u00a0", " ")
        assert "Miejsce jest zarezerwowane do 22 listopada 2026 r., godz. 15.00." in page
    english = client.get("/en" + address(offered)).text.replace("\u00a0", " ")
    assert "The place is kept until 22 November 2026, 15:00." in english


@pytest.mark.parametrize(("values", "_polish", "_english", "_buttons"), STATES)
def test_abuse_24_no_get_changes_anything_in_any_state(
    client: FlaskClient, factory: Factory, values: dict[str, Any], _polish: str, _english: str, _buttons: set[str]
) -> None:
    person = factory.registration(factory.event(waiting_list="when_full"), **values)
    before = everything()
    names = ("", "/confirm", "/accept", "/cancel", "/restore", "/substitute", "/correct", "/address", "/address/asked")
    for name in (*names, "/data.json", "/event.ics"):
        for method in (client.get, client.head):
            assert method(address(person) + name).status_code in (200, 303, 404)
    assert everything() == before


def test_confirming_takes_the_held_place(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(capacity=1, confirm_hours=5)
    person = factory.registration(event, state="unconfirmed", hold_until=SOON, holds_place=True, confirmed_at=None)
    answer = client.post(address(person) + "/confirm")
    assert (answer.status_code, answer.location) == (303, address(person))
    assert row(person).state == "confirmed"
    assert client.post(address(person) + "/confirm").status_code == 303  # a double click


def test_an_offer_is_taken_once_and_never_too_late(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(capacity=2, waiting_list="when_full", promotion="offer")
    offered: dict[str, Any] = {"state": "waitlisted", "offer_until": SOON, "holds_place": True, "confirmed_at": None}
    first = factory.registration(event, waiting_order=1, **offered)
    late = factory.registration(event, waiting_order=2, **offered)
    assert client.post(address(first) + "/accept").status_code == 303
    assert row(first).state == "confirmed"
    with time_machine.travel(SOON, tick=False):
        assert "Termin minął" in client.get(address(late)).text
        answer = client.post(address(late) + "/accept")
        assert answer.status_code == 409
        assert "Termin minął, zanim naciśnięto przycisk." in answer.text
    assert row(late).cancelled_by == "expired"


def test_leaving_the_line(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(waiting_list="when_full")
    person = factory.registration(event, state="waitlisted", waiting_order=1, confirmed_at=None)
    assert "Zrezygnuj z\u00a0listy rezerwowej" in client.get(address(person)).text
    assert client.post(address(person) + "/cancel").status_code == 303
    assert row(person).state == "cancelled"


def test_coming_back_to_the_line_is_told_before(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(capacity=1, waiting_list="when_full")
    factory.registration(event)
    person = factory.registration(event, state="cancelled", cancelled_by="person")
    assert "przywrócić na koniec listy rezerwowej" in client.get(address(person)).text
    assert client.post(address(person) + "/restore").status_code == 303
    assert row(person).state == "waitlisted"


def test_coming_back_where_the_organiser_decides(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(capacity=1, approval=True)
    factory.registration(event)
    person = factory.registration(event, state="cancelled", cancelled_by="person")
    assert client.post(address(person) + "/restore").status_code == 303
    assert row(person).state == "pending"


def test_coming_back_after_the_time_ran_out_before_the_worker_noticed(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(confirm_hours=1)
    person = factory.registration(event, state="unconfirmed", hold_until=NOW, holds_place=True, confirmed_at=None)
    assert "Termin minął" in client.get(address(person)).text
    assert client.post(address(person) + "/restore").status_code == 303
    assert row(person).state == "confirmed"


def test_options_that_got_full_meanwhile_are_told(client: FlaskClient, factory: Factory) -> None:
    event = factory.event()
    with transaction() as session:
        question = Question(event_id=event.id, position=1, kind="several_of", label="Dojazd", purpose="Autobus")
        question.options = [QuestionOption(position=1, label="Autobus o 8.00", places=1)]
        session.add(question)
        session.flush()
        answer = (GivenAnswer(question.id, option_ids=(question.options[0].id,)),)
    person = factory.registration(event, state="cancelled", cancelled_by="person")
    keep_answers(person.id, answer)
    keep_answers(factory.registration(event).id, answer)
    back = client.post(address(person) + "/restore")
    assert back.status_code == 200
    assert "z\u00a0odpowiedzi usunięto: Autobus o 8.00." in back.text


def test_substitution_over_http(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(capacity=1)
    person = factory.registration(event, name="Anna Nowak")
    form = client.get(address(person) + "/substitute")
    assert "Nie weźmie udziału: Anna Nowak." in form.text
    bad = client.post(address(person) + "/substitute", data={"name": "x", "email": "nic"})
    assert bad.status_code == 422
    assert 'value="nic"' in bad.text
    assert row(person).state == "confirmed"
    sent = client.post(
        address(person) + "/substitute",
        data={
            "name": "Jan Bąk",
            "email": "jan@example.org",
            "event_id": "999",
            "state": "declined",
            "category": "media",
        },
    )
    assert (sent.status_code, sent.location) == (303, address(person))
    page = client.get(address(person)).text
    assert "Zgłoszono zastępstwo" in page
    assert "Jan Bąk" not in page  # nobody else's data
    db.session.rollback()
    new = db.session.scalars(select(Registration).where(Registration.name == "Jan Bąk")).one()
    assert (new.event_id, new.state, new.category) == (event.id, "confirmed", "participant")  # abuse 33
    assert client.get(address(person) + "/substitute").status_code == 303
    late = client.post(address(person) + "/substitute", data={"name": "Ewa Ćwik", "email": "ewa@example.org"})
    assert late.status_code == 422
    assert "nie można go przekazać" in late.text


def test_abuse_16_why_somebody_cannot_come_instead_has_one_answer(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(cap_per_address=1)
    person = factory.registration(event)
    factory.registration(event, name="Jan Bąk", email="jan@example.org")
    answers = [
        client.post(address(person) + "/substitute", data={"name": name, "email": "jan@example.org"})
        for name in ("Jan Bąk", "Jan Lis")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].text.replace("Jan Bąk", "Jan Lis") == answers[1].text


def test_correcting_the_name_over_http(client: FlaskClient, factory: Factory) -> None:
    person = factory.registration(factory.event(), name="Anna Nowak")
    form = client.get(address(person) + "/correct")
    assert 'value="Anna Nowak"' in form.text
    assert address(person) + "/substitute" in form.text  # another person is a substitute
    assert client.post(address(person) + "/correct", data={"name": "http://zle.example"}).status_code == 422
    saved = client.post(address(person) + "/correct", data={"name": "Anna Żak", "email": "obcy@example.org"})
    assert saved.status_code == 303
    assert "Poprawki zostały zapisane." in client.get(saved.location).text
    assert (row(person).name, row(person).email) == ("Anna Żak", person.email)  # abuse 33


def test_correcting_answers_over_http(client: FlaskClient, factory: Factory) -> None:
    event = factory.event()
    with transaction() as session:
        question = Question(
            event_id=event.id, position=1, kind="short_text", label="Instytucja", purpose="Lista", required=True
        )
        session.add(question)
        session.flush()
    person = factory.registration(event, name="Anna Nowak")
    keep_answers(person.id, (GivenAnswer(question.id, text="Urząd Gminy"),))
    assert "Urząd Gminy" in client.get(address(person)).text
    assert 'value="Urząd Gminy"' in client.get(address(person) + "/correct").text
    empty = client.post(address(person) + "/correct", data={"name": "Anna Żak", f"q{question.id}": ""})
    assert empty.status_code == 422
    assert row(person).name == "Anna Nowak"
    client.post(address(person) + "/correct", data={"name": "Anna Nowak", f"q{question.id}": "Urząd Miasta"})
    assert "Urząd Miasta" in client.get(address(person)).text


def test_her_data_as_json(client: FlaskClient, factory: Factory) -> None:
    event = factory.event()
    other = factory.registration(event, name="Tajna Osoba", email="tajna@example.org")
    person = factory.registration(
        event,
        name="Anna Nowak",
        note="prosi o fakturę",
        stands_for_id=other.id,
        clause_id=event.organiser.current_clause_id,
    )
    client.post(address(person) + "/cancel")
    answer = client.get(address(person) + "/data.json")
    assert answer.content_type == "application/json"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{event.slug}.json"'
    data = answer.get_json()
    assert data["person"] == {
        "name": "Anna Nowak",
        "surname": "Nowak",
        "academic_title": "",
        "email": person.email,
        "language": "pl",
    }
    assert "prosi o" not in answer.text  # the office's note, whoever has the link
    assert "note" not in data["registration"]
    assert data["registration"]["stands_for_somebody"] is True
    assert data["registration"]["cancelled_by"] == "person"
    assert data["information_clause"]["version"] == 1
    assert [(mail["about"], mail["state"]) for mail in data["mails"]] == [("registration_cancelled", "queued")]
    assert "tajna" not in answer.text.lower()


def test_her_data_tell_of_mails_to_a_shared_mailbox(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(cap_per_address=3)
    for name in ("Anna Nowak", "Jan Bąk"):
        client.post(f"/events/{event.slug}", data={"name": name, "email": "biuro@example.org"})
    anna, jan = db.session.scalars(select(Registration).order_by(Registration.id))
    for person, other in ((anna, "Jan Bąk"), (jan, "Anna Nowak")):
        data = client.get(address(person) + "/data.json")
        assert [mail["about"] for mail in data.get_json()["mails"]] == ["sign_up_confirmed"]
        assert other not in data.text


def test_her_data_tell_of_mails_to_a_mailbox_she_shared_before(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(cap_per_address=3)
    for name in ("Anna Nowak", "Jan Bąk"):
        client.post(f"/events/{event.slug}", data={"name": name, "email": "biuro@example.org"})
    db.session.rollback()
    anna, jan = db.session.scalars(select(Registration).order_by(Registration.id))
    tell_people(event, [anna, jan], NOW, About("reminder"))
    ask_address_change(anna.id, "anna@example.org", NOW)
    change = db.session.scalars(select(AddressChange)).one()
    for key in (change.old_link_key, change.new_link_key):
        agree(key, NOW)
    mails = client.get(address(row(anna)) + "/data.json").get_json()["mails"]
    assert ("reminder", "biuro@example.org") in [(mail["about"], mail["to"]) for mail in mails]
    assert ("address_changed", "anna@example.org") in [(mail["about"], mail["to"]) for mail in mails]


def test_abuse_25_26_all_own_pages_are_private_and_calm_about_forged_links(
    client: FlaskClient, factory: Factory
) -> None:
    person = factory.registration(factory.event())
    forged = "/registrations/" + signed_token("address_change", person.link_key)
    for name in ("", "/substitute", "/correct", "/address", "/address/asked", "/data.json"):
        good = client.get(address(person) + name)
        assert (good.headers["Cache-Control"], good.headers["X-Robots-Tag"]) == ("private, no-store", "noindex"), name
        assert good.headers["Referrer-Policy"] == "same-origin"
        assert client.get(forged + name).status_code == 404
    for name in ("/confirm", "/accept", "/cancel", "/restore", "/substitute", "/correct", "/address"):
        assert client.post(forged + name, data={"name": "Jan Bąk", "email": "jan@example.org"}).status_code == 404
    assert client.get("/address-change/" + signed_token("registration", person.link_key)).status_code == 404
    assert client.post("/address-change/" + signed_token("address_change", "unknown")).status_code == 404


def test_every_button_is_rate_limited(make_app: Any) -> None:
    client = make_app(EVENTREG_RATE_LIMITS="on").test_client()
    for name in ("confirm", "accept", "cancel", "restore", "substitute", "correct", "address"):
        answers = {client.post(f"/registrations/nothing-such/{name}").status_code for _number in range(31)}
        assert answers == {404, 429}, name
