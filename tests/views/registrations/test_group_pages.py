"""Signing up several people and their contact's page, over HTTP."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.links import new_link_key, signed_token
from eventreg.outbox.models import Mail
from eventreg.questions.models import Question
from eventreg.registrations.models import AddressChange, Registration, RegistrationGroup
from tests.conftest import NOW
from tests.factories import Factory

OFFICE = "sekretariat@example.org"


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event()


def filled(**more: str) -> dict[str, str]:
    three = {"p1-name": "Anna Kowalska", "p2-name": "Jan Łoś", "p3-name": "Ewa Ćwik"}
    return {"email": OFFICE, "rows": "3", **three, **more}


def post(client: FlaskClient, event: Event, path: str = "", **more: str) -> TestResponse:
    return client.post(f"{path}/events/{event.slug}/group", data=filled(**more))


def people() -> dict[str, Registration]:
    db.session.rollback()
    query = select(Registration).order_by(Registration.id).execution_options(populate_existing=True)
    return {one.name: one for one in db.session.scalars(query)}


def group_address() -> str:
    group = db.session.scalars(select(RegistrationGroup)).one()
    return "/groups/" + signed_token("group", group.link_key)


def mail_count() -> int:
    return len(db.session.scalars(select(Mail.id)).all())


def test_the_event_page_leads_here_and_keeps_its_two_fields(
    client: FlaskClient, event: Event, factory: Factory
) -> None:
    page = client.get(f"/events/{event.slug}").text
    assert f'href="/events/{event.slug}/group"' in page
    assert "Zgłoś kilka osób" in page
    alone = factory.event(group_limit=1)
    assert "/group" not in client.get(f"/events/{alone.slug}").text
    answer = client.get(f"/events/{alone.slug}/group")
    assert (answer.status_code, answer.location) == (303, f"/events/{alone.slug}")


def test_the_empty_form_is_public_and_sets_no_cookie(client: FlaskClient, event: Event) -> None:
    answer = client.get(f"/events/{event.slug}/group")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert answer.text.count("<fieldset") == 4, "three people and the question about places"
    assert "Klauzula." in answer.text
    assert "Prosimy poinformować zgłaszane osoby" in answer.text


def test_a_group_is_answered_with_the_thanks_page_of_everybody(client: FlaskClient, event: Event) -> None:
    answer = post(client, event)
    assert (answer.status_code, answer.location) == (303, f"/events/{event.slug}/thanks")
    assert {one.email for one in people().values()} == {OFFICE}
    assert set(people()) == {"Anna Kowalska", "Jan Łoś", "Ewa Ćwik"}


def test_in_english(client: FlaskClient, event: Event) -> None:
    assert "Add another person" in client.get(f"/en/events/{event.slug}/group").text
    assert post(client, event, path="/en").location == f"/en/events/{event.slug}/thanks"
    assert {one.language for one in people().values()} == {"en"}
    page = client.get("/en" + group_address()).text
    assert "Cancel all registrations" in page
    assert "Participation confirmed" in page


def test_fields_that_stay_empty_are_passed_over(client: FlaskClient, event: Event) -> None:
    assert post(client, event, **{"p1-name": " ", "p3-name": ""}).status_code == 303
    assert set(people()) == {"Jan Łoś"}


def test_another_person_is_a_button_that_keeps_everything_typed(client: FlaskClient, event: Event) -> None:
    answer = post(client, event, add="1", **{"p2-email": "nie adres"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert 'name="p4-name"' in answer.text
    assert 'value="Anna Kowalska"' in answer.text
    assert 'value="nie adres"' in answer.text
    assert "aria-invalid" not in answer.text
    assert people() == {}


def test_the_button_goes_at_the_organisers_limit(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(group_limit=3)
    assert "Dodaj kolejną osobę" not in client.get(f"/events/{event.slug}/group").text
    assert 'name="p4-name"' not in post(client, event, add="1").text
    assert client.get(f"/events/{factory.event(group_limit=2).slug}/group").text.count("Osoba ") == 2


@pytest.mark.parametrize("rows", ["", "0", "-1", "x", "9999", "100", "²"])
def test_abuse_33_a_forged_number_of_rows_is_harmless(client: FlaskClient, event: Event, rows: str) -> None:
    answer = post(client, event, rows=rows, add="1")
    assert answer.status_code == 200
    assert answer.text.count('-name"') <= 10 * 3


def test_what_was_typed_above_a_lowered_limit_is_kept_and_explained(client: FlaskClient, event: Event) -> None:
    with transaction():
        db.session.get_one(Event, event.id).group_limit = 2
    answer = post(client, event)
    assert answer.status_code == 422
    assert "najwyżej 2 osoby" in answer.text
    assert 'value="Ewa Ćwik"' in answer.text
    assert people() == {}


@pytest.mark.parametrize(
    ("fields", "words", "place"),
    [
        ({"email": ""}, "Proszę podać adres e-mail.", "#email"),
        ({"p2-email": "jan(at)example.org"}, "Osoba 2: Proszę sprawdzić adres e-mail.", "#p2-email"),
        ({"p3-name": "", "p3-email": "ewa@example.org"}, "Osoba 3: Proszę podać imię", "#p3-name"),
        ({"p3-name": "anna  kowalska"}, "Osoba 3: Ta osoba jest w\u00a0formularzu dwa razy.", "#p3-name"),
        ({"p1-name": "", "p2-name": "", "p3-name": ""}, "co najmniej jednej osoby", "#p1-name"),
        ({"p1-name": "https://spam.example.org"}, "Osoba 1: ", "#p1-name"),
    ],
)
def test_an_error_leads_to_its_field_and_nothing_is_lost(
    client: FlaskClient, event: Event, fields: dict[str, str], words: str, place: str
) -> None:
    answer = post(client, event, **fields)
    assert answer.status_code == 422
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert words in answer.text
    assert f'<a href="{place}">' in answer.text
    assert f'id="{place[1:]}"' in answer.text
    for name, value in filled(**fields).items():
        if value and name not in ("rows",):
            assert f'name="{name}"' in answer.text
            assert f'value="{value}"' in answer.text
    assert people() == {}


def test_not_enough_places_offers_the_other_choice_and_no_number(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(capacity=2)
    answer = post(client, event, places="all")
    assert answer.status_code == 422
    assert "nie ma dość miejsc" in answer.text
    assert '<a href="#places">' in answer.text
    assert people() == {}
    assert post(client, event, places="as_many").status_code == 303
    assert set(people()) == {"Anna Kowalska", "Jan Łoś"}


def test_the_choice_is_asked_only_where_it_means_something(client: FlaskClient, factory: Factory) -> None:
    for values in ({"capacity": None}, {"approval": True}, {"waiting_list": "always"}):
        assert 'name="places"' not in client.get(f"/events/{factory.event(**values).slug}/group").text


def test_each_person_answers_the_questions(client: FlaskClient, factory: Factory, event: Event) -> None:
    question = factory._store(
        Question(event_id=event.id, kind="short_text", label="Stanowisko", purpose="Lista", required=True, position=1)
    )
    name = f"q{question.id}"
    missing = post(client, event, **{f"p1-{name}": "wójt", f"p2-{name}": "radny"})
    assert missing.status_code == 422
    assert f'<a href="#p3-{name}">Osoba 3: ' in missing.text
    assert 'value="wójt"' in missing.text
    answers = {f"p{number}-{name}": f"praca {number}" for number in (1, 2, 3)}
    assert post(client, event, **answers).status_code == 303
    page = client.get("/registrations/" + signed_token("registration", people()["Jan Łoś"].link_key))
    assert page.status_code == 200


def test_abuse_18_a_filled_trap_is_told(client: FlaskClient, event: Event) -> None:
    assert post(client, event, website="x").status_code == 422
    assert people() == {}


def test_abuse_18_a_group_counts_once_for_the_limit_of_a_client(make_app: Callable[..., Flask]) -> None:
    app = make_app(EVENTREG_RATE_LIMITS="on")
    with app.app_context():
        event = Factory(NOW).event(capacity=None, cap_per_address=1000)
        client = app.test_client()
        codes = [
            post(client, event, email=f"biuro{number}@example.org").status_code
            for number in range(61)  # of three people each
        ]
        assert codes == [303] * 60 + [429]
        assert len(db.session.scalars(select(Registration.id)).all()) == 180


def test_who_comes_in_a_bad_moment_can_send_the_form_again(make_app: Callable[..., Flask]) -> None:
    app = make_app(EVENTREG_RATE_LIMITS="on")
    with app.app_context():
        event = Factory(NOW).event()
        client = app.test_client()
        for _ in range(60):
            post(client, event, email="")
        page = post(client, event)
    assert page.status_code == 429
    assert f'action="/events/{event.slug}/group"' in page.text
    assert 'name="p3-name" value="Ewa Ćwik"' in page.text


@pytest.mark.parametrize("waiting_list", ["off", "when_full"])
@pytest.mark.parametrize("capacity", [3, 30])
def test_abuse_16_the_second_group_is_answered_as_the_first(
    client: FlaskClient, factory: Factory, capacity: int, waiting_list: str
) -> None:
    """Also when the event is full, or its waiting list takes over."""
    known, fresh = (factory.event(capacity=capacity, waiting_list=waiting_list, title="To samo") for _ in range(2))
    for one in (known, fresh):  # both have the same number of places taken
        post(client, one, email="biuro@example.org", **({} if one is known else {"p1-name": "Ktoś Inny"}))
    answers = [post(client, one, email="biuro@example.org") for one in (known, fresh)]
    assert answers[0].status_code == answers[1].status_code == (422 if (capacity, waiting_list) == (3, "off") else 303)
    pages = [answer.text.replace(one.slug, "…") for answer, one in zip(answers, (known, fresh), strict=True)]
    assert pages[0].replace(known.organiser.name, "…") == pages[1].replace(fresh.organiser.name, "…")


def test_abuse_16_the_thanks_page_has_the_same_bytes_for_everybody(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(capacity=3, waiting_list="when_full")
    factory.registration(event, name="Piotr Żak", email="p@example.org")
    pages = []
    for name in ("Anna Kowalska", "Piotr Żak", "Ewa Ćwik"):
        answer = client.post(f"/events/{event.slug}", data={"name": name, "email": "p@example.org"})
        pages.append(client.get(answer.location).data)
    pages.append(client.get(post(client, event).location).data)
    assert len(set(pages[2:])) == 1, "on the waiting list one by one or in a group"


def test_abuse_22_closed_drafts_and_unknown_events(client: FlaskClient, factory: Factory) -> None:
    assert post(client, factory.event(state="draft")).status_code == 404
    closed = factory.event(sign_up_closes_at=NOW - timedelta(seconds=1))
    answer = post(client, closed)
    assert answer.status_code == 422
    assert 'value="Ewa Ćwik"' in answer.text
    assert client.get(f"/events/{closed.slug}/group").status_code == 303
    assert client.get("/events/nie-ma/group").status_code == 404
    assert people() == {}


def test_abuse_37_a_post_from_another_site_is_refused(client: FlaskClient, event: Event) -> None:
    answer = client.post(f"/events/{event.slug}/group", data=filled(), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 400


# The contact's page


@pytest.fixture
def group(client: FlaskClient, event: Event) -> str:
    """Two people under the contact's address and one with an own; gives the address of the page."""
    post(client, event, **{"p3-email": "ewa@example.org"})
    return group_address()


def test_the_page_shows_everybody_and_only_hers_own_pages(client: FlaskClient, group: str) -> None:
    page = client.get(group)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    there = people()
    for name in there:
        assert name in page.text
    for name in ("Anna Kowalska", "Jan Łoś"):
        assert "/registrations/" + signed_token("registration", there[name].link_key) in page.text
    assert page.text.count("/registrations/") == 2
    assert "ewa@example.org" not in page.text


def test_the_contact_cancels_one_and_each_mailbox_gets_one_mail(client: FlaskClient, group: str) -> None:
    before = mail_count()
    ewa = people()["Ewa Ćwik"].id
    answer = client.post(group + "/cancel", data={"person": str(ewa)})
    assert (answer.status_code, answer.location) == (303, group)
    assert {name: one.state for name, one in people().items()} == {
        "Anna Kowalska": "confirmed",
        "Jan Łoś": "confirmed",
        "Ewa Ćwik": "cancelled",
    }
    last = db.session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert last is not None
    assert (last.to_address, last.occasion) == ("ewa@example.org", "registration_cancelled")
    assert mail_count() == before + 1
    assert client.post(group + "/cancel", data={"person": str(ewa)}).status_code == 303
    assert mail_count() == before + 1


def test_cancelling_all_asks_first_and_mails_each_mailbox_once(client: FlaskClient, group: str) -> None:
    before = mail_count()
    asked = client.get(group + "/cancel-all")
    assert asked.status_code == 200
    assert "Wycofane zostaną 3 zgłoszenia." in asked.text
    assert client.post(group + "/cancel-all").status_code == 303
    assert {one.state for one in people().values()} == {"cancelled"}
    assert mail_count() == before + 2
    assert "Nie ma czego wycofać" in client.get(group + "/cancel-all").text


def test_abuse_28_nobody_else_can_be_cancelled_from_a_group(client: FlaskClient, group: str, factory: Factory) -> None:
    stranger = factory.registration(people()["Jan Łoś"].event, name="Obca Osoba", email="obca@example.org")
    elsewhere = factory.registration(factory.event(), name="Inna Osoba", email=OFFICE)
    for person in (stranger.id, elsewhere.id, 10**9, "x", ""):
        client.post(group + "/cancel", data={"person": str(person)})
    client.post(group + "/cancel-all")
    assert {name for name, one in people().items() if one.state == "confirmed"} == {"Obca Osoba", "Inna Osoba"}


def test_abuse_27_who_took_her_registration_away_is_no_business_of_the_contact(
    client: FlaskClient, group: str, factory: Factory
) -> None:
    jan = people()["Jan Łoś"]
    factory._store(
        AddressChange(
            registration_id=jan.id,
            new_email="jan@example.com",
            old_link_key=new_link_key(),
            new_link_key=new_link_key(),
            created_at=NOW,
            expires_at=NOW,
            done_at=NOW,
        )
    )
    with transaction():
        moved = db.session.get_one(Registration, jan.id)
        moved.email = moved.address_key = moved.quota_key = "jan@example.com"
    page = client.get(group).text
    assert "Jan Łoś" in page
    assert signed_token("registration", jan.link_key) not in page
    assert f'value="{jan.id}"' not in page
    client.post(group + "/cancel", data={"person": str(jan.id)})
    client.post(group + "/cancel-all")
    assert people()["Jan Łoś"].state == "confirmed"


def test_abuse_24_opening_every_link_changes_nothing(client: FlaskClient, group: str) -> None:
    before = [(one.state, one.ical_sequence) for one in people().values()], mail_count()
    for path in ("", "/cancel", "/cancel-all", "/confirm", "/take", "/cancel?person=1"):
        assert client.get(group + path).status_code in (200, 303)
    assert ([(one.state, one.ical_sequence) for one in people().values()], mail_count()) == before


def test_abuse_25_a_forged_or_foreign_token_opens_nothing(client: FlaskClient, group: str) -> None:
    key = db.session.scalars(select(RegistrationGroup.link_key)).one()
    for token in ("x" * 40, signed_token("registration", key), signed_token("group", new_link_key())):
        assert client.get(f"/groups/{token}").status_code == 404
        assert client.post(f"/groups/{token}/cancel-all").status_code == 404
    assert client.get("/registrations/" + group.rsplit("/", 1)[1]).status_code == 404


def test_one_button_confirms_all_whose_messages_come_here(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(confirm_hours=24)
    post(client, event, **{"p3-email": "ewa@example.org"})
    group, before = group_address(), mail_count()
    assert "Potwierdź wszystkie" in client.get(group).text
    assert client.post(group + "/confirm").status_code == 303
    assert {name: one.state for name, one in people().items()} == {
        "Anna Kowalska": "confirmed",
        "Jan Łoś": "confirmed",
        "Ewa Ćwik": "unconfirmed",
    }
    assert mail_count() == before + 1
    assert "Potwierdź wszystkie" not in client.get(group).text
    assert client.post(group + "/confirm").status_code == 303
    assert mail_count() == before + 1, "a double click"


def test_confirming_too_late_is_told(client: FlaskClient, factory: Factory) -> None:
    post(client, factory.event(confirm_hours=1))
    group = group_address()
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        answer = client.post(group + "/confirm")
    assert answer.status_code == 409
    assert "Termin minął" in answer.text
    assert {one.state for one in people().values()} == {"cancelled"}
    assert "Adresu nie potwierdzono w\u00a0terminie." in client.get(group).text


def test_an_offer_that_ran_out_is_told_as_such(client: FlaskClient, group: str) -> None:
    with transaction() as session:
        one = session.scalars(select(Registration).order_by(Registration.id)).first()
        assert one is not None
        one.state, one.cancelled_by, one.holds_place = "cancelled", "expired", False
    assert "Proponowanego miejsca nie przyjęto w\u00a0terminie." in client.get(group).text


def test_an_offered_place_is_taken_for_one(client: FlaskClient, factory: Factory) -> None:
    event = factory.event(capacity=1, waiting_list="when_full", promotion="offer", offer_hours=8)
    factory.registration(event, name="Piotr Żak", email="p@example.org")
    post(client, event)
    first = people()["Piotr Żak"]
    client.post("/registrations/" + signed_token("registration", first.link_key) + "/cancel")
    group = group_address()
    page = client.get(group).text
    assert "Zaproponowano miejsce" in page
    assert "Pozycja 1" in page
    anna = people()["Anna Kowalska"]
    assert client.post(group + "/take", data={"person": str(people()["Jan Łoś"].id)}).status_code == 409
    assert client.post(group + "/take", data={"person": str(anna.id)}).status_code == 303
    assert people()["Anna Kowalska"].state == "confirmed"


def test_a_cancelled_event_leaves_nothing_to_do(client: FlaskClient, group: str) -> None:
    with transaction():
        db.session.get_one(Event, people()["Jan Łoś"].event_id).state = "cancelled"
    assert "<button" not in client.get(group).text
    assert client.post(group + "/cancel-all").status_code == 409
    assert {one.state for one in people().values()} == {"confirmed"}


def test_abuse_26_the_token_is_not_in_the_logs(
    client: FlaskClient, group: str, capfd: pytest.CaptureFixture[str]
) -> None:
    client.get(group)
    written = "".join(capfd.readouterr())
    assert "/groups/<token>" in written
    assert group.rsplit("/", 1)[1] not in written
