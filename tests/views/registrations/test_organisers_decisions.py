"""The organiser's pages about people over HTTP: decisions about many, the waiting list, moving, attendance, notes."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eventreg.database import db
from eventreg.events.models import Event
from eventreg.links import signed_token
from eventreg.organisers.models import AuditEntry, Organiser
from eventreg.outbox.composing import words_of
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.models import Mail
from eventreg.registrations.models import Registration, RegistrationGroup
from tests.conftest import NOW
from tests.factories import Factory, sign_in
from tests.panel_steps import token

LIST = "/panel/events/praktyki/registrations"
LINE = f"{LIST}/waiting-list"


@pytest.fixture(autouse=True)
def _at_that_moment() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def event(factory: Factory) -> Event:
    return factory.event(
        slug="praktyki",
        title="Dobre praktyki",
        capacity=2,
        approval=True,
        waiting_list="when_full",
        promotion="by_hand",
    )


@pytest.fixture
def alice(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "owner", name="Alicja Nowak"))


@pytest.fixture
def bob(app: Flask, factory: Factory, event: Event) -> FlaskClient:
    return sign_in(app, factory.account(event.organiser, "editor"))


def post(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    return client.post(path, data={"csrf_token": token(client), **fields})


def row(registration: Registration) -> Registration:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def fresh(statement: Any) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(statement))


def told(page: str) -> list[str]:
    """What stands in the banners on top."""
    return [text.strip() for text in re.findall(r'class="govuk-notification-banner__heading">([^<]+)<', page)]


def after(client: FlaskClient, answer: TestResponse) -> str:
    assert answer.status_code == 303
    return client.get(answer.location).text


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row">(?:<input [^>]*>&ensp;)?<a [^>]*>([^<]+)</a>', page)


def pending(factory: Factory, event: Event, **values: Any) -> Registration:
    return factory.registration(event, state="pending", confirmed_at=None, **values)


def waiting(factory: Factory, event: Event, order: int, **values: Any) -> Registration:
    return factory.registration(event, state="waitlisted", waiting_order=order, confirmed_at=None, **values)


def event_of_today(factory: Factory, event: Event) -> Event:
    organiser = db.session.get_one(Organiser, event.organiser_id)
    return factory.event(
        organiser, slug="dzis", starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=3), capacity=1
    )


# Decisions about many


def test_accepting_many_is_said_in_numbers(alice: FlaskClient, event: Event, factory: Factory) -> None:
    people = [pending(factory, event) for _ in range(3)]
    late = factory.registration(event, state="cancelled", cancelled_at=NOW, cancelled_by="person")
    ids = [str(one.id) for one in (*people, late)]
    answer = post(alice, f"{LIST}/chosen", person=ids, doing="accept", state="pending", order="newest")
    assert answer.location == f"{LIST}?state=pending&order=newest"
    assert told(after(alice, answer)) == [
        "Zakwalifikowano 2 osoby. Z\u00a0braku miejsc 1 osoba trafia na listę rezerwową. "
        "W\u00a0przypadku 1 zgłoszenia decyzja zapadła już wcześniej lub zgłoszenie wycofano; pozostaje bez zmian."
    ]
    assert [row(one).state for one in people] == ["confirmed", "confirmed", "waitlisted"]
    occasions = sorted(fresh(select(Mail.occasion)))
    assert occasions == ["registration_accepted", "registration_accepted", "registration_accepted_waiting"]


def test_in_english(alice: FlaskClient, event: Event, factory: Factory) -> None:
    people = [pending(factory, event) for _ in range(3)]
    answer = post(alice, f"/en{LIST}/chosen", person=[str(one.id) for one in people], doing="accept")
    assert answer.location == f"/en{LIST}"
    assert told(after(alice, answer)) == [
        "2 people admitted. 1 person admitted without a place goes to the waiting list."
    ]


def test_the_second_organiser_is_told_and_nobody_is_written_to_twice(
    alice: FlaskClient, bob: FlaskClient, event: Event, factory: Factory
) -> None:
    person = pending(factory, event)
    post(alice, f"{LIST}/chosen", person=str(person.id), doing="accept")
    words = told(after(bob, post(bob, f"{LIST}/chosen", person=str(person.id), doing="accept")))
    assert words[0].startswith("W\u00a0przypadku 1 zgłoszenia decyzja zapadła już wcześniej")
    assert fresh(select(Mail.occasion)) == ["registration_accepted"]
    entries = fresh(select(AuditEntry))
    assert [(entry.action, entry.detail) for entry in entries] == [("registrations_accepted", {"people": [person.id]})]


def test_accepting_without_a_place_and_without_a_line(alice: FlaskClient, event: Event, factory: Factory) -> None:
    full = factory.event(db.session.get_one(Organiser, event.organiser_id), slug="pelne", capacity=1, approval=True)
    factory.registration(full)
    person = pending(factory, full)
    answer = post(alice, "/panel/events/pelne/registrations/chosen", person=str(person.id), doing="accept")
    assert told(after(alice, answer)) == ["Dla 1 osoby nie ma miejsca, więc decyzja pozostaje otwarta."]
    assert row(person).state == "pending"


def test_nobody_ticked(alice: FlaskClient, event: Event) -> None:
    answer = post(alice, f"{LIST}/chosen", doing="accept", q="los")
    assert answer.location == f"{LIST}?q=los"
    assert told(after(alice, answer)) == ["Nikogo nie wybrano. Proszę zaznaczyć co najmniej jedną osobę."]
    for ids in (["x"], ["-1"], ["9" * 30], ["²"]):
        assert post(alice, f"{LIST}/chosen", person=ids, doing="accept").status_code == 303


def test_admitting_with_a_note(alice: FlaskClient, event: Event, factory: Factory) -> None:
    jan, ewa = pending(factory, event, name="Jan Łoś"), pending(factory, event, name="Ewa Ćwik")
    asked = post(alice, f"{LIST}/chosen", person=[str(jan.id), str(ewa.id)], doing="accept_with_note")
    assert asked.location == f"{LIST}/accept?person={jan.id}&person={ewa.id}"
    assert "Dotyczy 2 osób:" in alice.get(asked.location).text
    assert row(jan).state == "pending"
    too_long = post(alice, f"{LIST}/accept", person=[str(jan.id)], reason="a" * 401)
    assert (too_long.status_code, "a" * 401 in too_long.text) == (422, True)
    done = post(alice, f"{LIST}/accept", person=[str(jan.id), str(ewa.id)], reason="Prosimy zabrać laptop.")
    assert told(after(alice, done)) == ["Zakwalifikowano 2 osoby."]
    assert row(jan).reason == "Prosimy zabrać laptop."
    [mail, _other] = fresh(select(Mail).order_by(Mail.id))
    words = words_of(mail.occasion, facts_from_json(mail.facts), "pl")
    assert "Prosimy zabrać laptop." in words.text
    assert "Prosimy zabrać laptop." in words.html
    late = post(alice, f"{LIST}/accept", person=str(jan.id), reason="x")
    assert late.location == f"{LIST}/{jan.id}"
    assert row(jan).reason == "Prosimy zabrać laptop."


def test_declining_asks_first_and_tells_the_words(alice: FlaskClient, event: Event, factory: Factory) -> None:
    jan, ewa = pending(factory, event, name="Jan Łoś"), pending(factory, event, name="Ewa Ćwik")
    gone = factory.registration(event, name="Ola Sto", state="cancelled", cancelled_by="person", cancelled_at=NOW)
    ids = [str(one.id) for one in (jan, ewa, gone)]
    asked = post(alice, f"{LIST}/chosen", person=ids, doing="decline")
    assert asked.location == f"{LIST}/decline?" + "&".join(f"person={id_}" for id_ in ids)
    page = alice.get(asked.location).text
    assert "Dotyczy 2 osób:" in page
    assert "więc bez zmian: Ola Sto." in page
    assert {row(jan).state, row(ewa).state} == {"pending"}
    done = post(alice, f"{LIST}/decline", person=[str(jan.id), str(ewa.id)], reason="Brak miejsc <dla> gminy.")
    assert told(after(alice, done)) == ["Nie zakwalifikowano 2 osób."]
    assert (row(jan).state, row(jan).reason) == ("declined", "Brak miejsc <dla> gminy.")
    assert fresh(select(Mail.occasion)) == ["registration_declined"] * 2
    here = alice.get(f"{LIST}/{jan.id}").text
    assert "Brak miejsc &lt;dla&gt; gminy." in here
    assert "Alicja Nowak" in here


def test_declining_with_too_many_words_keeps_them(alice: FlaskClient, event: Event, factory: Factory) -> None:
    jan = pending(factory, event, name="Jan Łoś")
    answer = post(alice, f"{LIST}/decline", person=str(jan.id), reason="a" * 401)
    assert answer.status_code == 422
    assert "a" * 401 in answer.text
    assert 'href="#reason"' in answer.text
    assert "Jan Łoś" in answer.text
    assert row(jan).state == "pending"


def test_abuse_03_names_and_reasons_are_escaped_everywhere(alice: FlaskClient, event: Event, factory: Factory) -> None:
    evil = "<b>Jan</b> & Łoś"
    person = waiting(factory, event, 1, name=evil, academic_title="<i>dr</i>", case_number="<u>1</u>")
    for path in (LIST, LINE, f"{LIST}/{person.id}", f"{LIST}/{person.id}/place", f"{LIST}/{person.id}/move"):
        page = alice.get(path).text
        assert "&lt;b&gt;Jan&lt;/b&gt; &amp;" in page
        assert not re.search("<b>Jan|<i>dr|<u>1", page)
    answer = post(alice, f"{LIST}/{person.id}/place")
    assert "Przyznano miejsce: &lt;b&gt;Jan" in alice.get(answer.location).text


def test_declining_one_leads_to_her_page(alice: FlaskClient, event: Event, factory: Factory) -> None:
    jan = pending(factory, event)
    assert post(alice, f"{LIST}/decline", person=str(jan.id)).location == f"{LIST}/{jan.id}"
    assert "więc nie ma nic do zrobienia" in alice.get(f"{LIST}/decline?person={jan.id}").text


def test_writing_to_those_who_are_ticked(alice: FlaskClient, event: Event, factory: Factory) -> None:
    first, second = factory.registration(event), factory.registration(event)
    answer = post(alice, f"{LIST}/chosen", person=[str(first.id), str(second.id)], doing="write")
    assert answer.location == f"/panel/events/praktyki/messages/new?person={first.id}&person={second.id}"
    assert "csrf" not in answer.location


def test_abuse_28_a_decision_does_not_reach_another_organisers_people(
    alice: FlaskClient, event: Event, factory: Factory
) -> None:
    stranger = pending(factory, factory.event(approval=True), name="Obca Osoba")
    post(alice, f"{LIST}/chosen", person=str(stranger.id), doing="accept")
    post(alice, f"{LIST}/decline", person=str(stranger.id))
    assert "Obca Osoba" not in alice.get(f"{LIST}/decline?person={stranger.id}").text
    assert (row(stranger).state, fresh(select(Mail.id))) == ("pending", [])


# The list


def test_figures_states_and_categories(alice: FlaskClient, event: Event, factory: Factory) -> None:
    factory.registration(event, name="Adam Aal", category="speaker")
    waiting(factory, event, 1, name="Jan Babik", holds_place=True, offer_until=NOW + timedelta(hours=8))
    waiting(factory, event, 2, name="Ewa Cabaj")
    pending(factory, event, name="Iza Dec")
    page = alice.get(LIST).text
    assert "<b>2 z\u00a02</b>" in page
    assert "1 z\u00a0zajętych miejsc proponujemy osobie z\u00a0listy rezerwowej." in page
    assert f'<b>1</b><span><a href="{LIST}?state=pending">do rozpatrzenia</a>' in page
    assert f'<b>2</b><span><a href="{LINE}">na liście rezerwowej</a>' in page
    assert "<small>Pozycja 1</small>" in page
    assert "Propozycja miejsca ważna do 22\u00a0listopada 2026\u00a0r., godz.\u00a018.00" in page
    assert names(alice.get(f"{LIST}?state=waitlisted").text) == ["Jan Babik", "Ewa Cabaj"]
    assert names(alice.get(f"{LIST}?state=pending").text) == ["Iza Dec"]
    assert names(alice.get(f"{LIST}?category=speaker").text) == ["Adam Aal"]
    assert f"{LIST}.xlsx?state=pending&amp;category=guest" in alice.get(f"{LIST}?state=pending&category=guest").text


def test_everybody_on_the_page_is_ticked_without_scripts(alice: FlaskClient, event: Event, factory: Factory) -> None:
    for _ in range(2):
        factory.registration(event)
    page = alice.get(f"{LIST}?state=confirmed").text
    assert f'href="{LIST}?state=confirmed&amp;ticked=all"' in page
    assert " checked>" not in page
    ticked = alice.get(f"{LIST}?state=confirmed&ticked=all").text
    assert ticked.count(" checked>") == 2
    assert f'<a href="{LIST}?state=confirmed">Odznacz wszystkie</a>' in ticked


# The waiting list


def test_the_line_in_order(alice: FlaskClient, event: Event, factory: Factory) -> None:
    waiting(factory, event, 5, name="Ewa Ćwik")
    waiting(factory, event, 3, name="Jan Łoś")
    waiting(factory, event, 1, name="Ola Sto", holds_place=True, offer_until=NOW + timedelta(hours=8))
    page = alice.get(LINE).text
    assert names(page) == ["Ola Sto", "Jan Łoś", "Ewa Ćwik"]
    assert "22\u00a0listopada 2026\u00a0r., godz.\u00a018.00" in page
    assert 'href="/panel/events/praktyki/sign-up"' in page
    assert "dopóki nie przyznają go Państwo ręcznie" in page


HINTS = [
    ({"promotion": "at_once"}, "od razu otrzymuje pierwsza osoba"),
    ({"promotion": "offer", "offer_hours": 8}, "czekamy 8 godzin roboczych"),
    ({"waiting_list": "always"}, "Każde zgłoszenie trafia na listę rezerwową"),
    ({"state": "draft"}, "nie jest jeszcze opublikowane"),
    ({"state": "cancelled"}, "więc lista pozostaje bez zmian"),
    ({"starts_at": NOW - timedelta(hours=1), "ends_at": NOW + timedelta(hours=1)}, "Wydarzenie już trwa"),
]


@pytest.mark.parametrize(("values", "words"), HINTS)
def test_what_happens_by_itself_is_said(
    alice: FlaskClient, event: Event, factory: Factory, values: dict[str, Any], words: str
) -> None:
    factory.event(
        db.session.get_one(Organiser, event.organiser_id), slug="inne", **{"waiting_list": "when_full", **values}
    )
    assert words in alice.get("/panel/events/inne/registrations/waiting-list").text


def test_moving_in_line(alice: FlaskClient, event: Event, factory: Factory) -> None:
    people = [waiting(factory, event, order, name=name) for order, name in enumerate(("A Aa", "B Bb", "C Cc"), 1)]

    def order() -> list[str]:
        return names(alice.get(LINE).text)

    answer = post(alice, f"{LIST}/{people[2].id}/line", step="up")
    assert told(after(alice, answer)) == ["Przesunięto: C Cc. Obecna pozycja: 2."]
    assert order() == ["A Aa", "C Cc", "B Bb"]
    post(alice, f"{LIST}/{people[0].id}/line", step="down")
    assert order() == ["C Cc", "A Aa", "B Bb"]
    post(alice, f"{LIST}/{people[1].id}/line", step="to", position="1")
    assert order() == ["B Bb", "C Cc", "A Aa"]
    post(alice, f"{LIST}/{people[1].id}/line", step="to", position="99")
    assert order() == ["C Cc", "A Aa", "B Bb"]
    for wrong in ("", "0", "x", "-2", "٣"):
        answer = post(alice, f"{LIST}/{people[1].id}/line", step="to", position=wrong)
        assert told(after(alice, answer)) == ["Proszę podać pozycję jako liczbę, począwszy od 1."]
    assert order() == ["C Cc", "A Aa", "B Bb"]
    actions = fresh(select(AuditEntry.action))
    assert actions == ["registration_moved_in_line"] * 4
    assert fresh(select(Mail.id)) == []


def test_moving_somebody_who_left_the_line_is_said(alice: FlaskClient, event: Event, factory: Factory) -> None:
    gone = factory.registration(event, state="cancelled", cancelled_at=NOW, cancelled_by="person")
    answer = post(alice, f"{LIST}/{gone.id}/line", step="up")
    assert "Tej osoby nie ma już na liście rezerwowej" in told(after(alice, answer))[0]


def test_a_place_by_hand(alice: FlaskClient, event: Event, factory: Factory) -> None:
    waiting(factory, event, 1, name="Jan Łoś")
    ewa = waiting(factory, event, 2, name="Ewa Ćwik")
    assert "Wcześniej na liście stoi 1 osoba" in alice.get(f"{LIST}/{ewa.id}/place").text
    answer = post(alice, f"{LIST}/{ewa.id}/place")
    assert answer.location == LINE
    page = after(alice, answer)
    assert told(page) == ["Przyznano miejsce: Ewa Ćwik. Wysyłamy wiadomość z\u00a0zaproszeniem."]
    assert names(page) == ["Jan Łoś"]
    assert (row(ewa).state, fresh(select(Mail.occasion))) == ("confirmed", ["place_given"])


def test_a_place_over_the_limit_needs_a_tick(alice: FlaskClient, event: Event, factory: Factory) -> None:
    for _ in range(2):
        factory.registration(event)
    ewa = waiting(factory, event, 1)
    answer = post(alice, f"{LIST}/{ewa.id}/place")
    assert answer.status_code == 422
    assert "Aby mimo to przyznać jeszcze jedno miejsce" in answer.text
    assert 'href="#over_capacity"' in answer.text
    assert row(ewa).state == "waitlisted"
    assert post(alice, f"{LIST}/{ewa.id}/place", over_capacity="y").status_code == 303
    assert row(ewa).state == "confirmed"
    assert "1 osoba ponad liczbę miejsc." in alice.get(LIST).text


def test_a_place_for_somebody_who_cancelled_meanwhile(alice: FlaskClient, event: Event, factory: Factory) -> None:
    gone = factory.registration(event, state="cancelled", cancelled_at=NOW, cancelled_by="person")
    assert "zgłoszenie wycofano albo przyznano już miejsce" in alice.get(f"{LIST}/{gone.id}/place").text
    assert "Tej osoby nie ma już" in told(after(alice, post(alice, f"{LIST}/{gone.id}/place")))[0]
    assert row(gone).state == "cancelled"


# One person


def test_what_is_known_of_a_person(alice: FlaskClient, event: Event, factory: Factory) -> None:
    group = factory._store(
        RegistrationGroup(
            event_id=event.id,
            email="sekretariat@example.org",
            address_key="sekretariat@example.org",
            quota_key="sekretariat@example.org",
            link_key="k" * 22,
            created_at=NOW,
        )
    )
    old = factory.registration(event, name="Adam Stary", state="cancelled", cancelled_by="substituted")
    other = factory.registration(event, name="Ola Druga", group_id=group.id)
    jan = waiting(factory, event, 1, name="Jan Łoś", group_id=group.id, stands_for_id=old.id, academic_title="dr hab.")
    page = alice.get(f"{LIST}/{jan.id}").text
    assert "<h1>dr hab.&nbsp;Jan Łoś</h1>" in page
    assert "<span>Pozycja 1</span>" in page
    assert "sekretariat@example.org" in page
    assert f'<a href="{LIST}/{other.id}">Ola Druga</a>' in page
    assert f'<a href="{LIST}/{old.id}">Adam Stary</a>' in page
    assert f'<a href="{LIST}/{jan.id}">Jan Łoś</a>' in alice.get(f"{LIST}/{old.id}").text


def test_accepting_on_the_persons_page(alice: FlaskClient, event: Event, factory: Factory) -> None:
    jan = pending(factory, event)
    answer = post(alice, f"{LIST}/chosen", person=str(jan.id), doing="accept", back="person")
    assert answer.location == f"{LIST}/{jan.id}"
    assert told(after(alice, answer)) == ["Zakwalifikowano 1 osobę."]


def test_cancelling_with_a_reason(alice: FlaskClient, event: Event, factory: Factory) -> None:
    jan = factory.registration(event)
    answer = post(alice, f"{LIST}/{jan.id}/cancel", reason="Podwójne zgłoszenie.")
    assert told(after(alice, answer)) == ["Zgłoszenie wycofano. Wysyłamy wiadomość do tej osoby."]
    assert (row(jan).state, row(jan).reason) == ("cancelled", "Podwójne zgłoszenie.")
    assert fresh(select(Mail.facts))[0]["reason"] == "Podwójne zgłoszenie."
    again = post(alice, f"{LIST}/{jan.id}/cancel", reason="Jeszcze raz.")
    assert told(after(alice, again)) == ["Zgłoszenie wycofano już wcześniej."]
    assert row(jan).reason == "Podwójne zgłoszenie."


def test_correcting_what_the_office_says(alice: FlaskClient, event: Event, factory: Factory) -> None:
    jan = factory.registration(event, name="Jan Łoś")
    fields = {"name": "Jan Łoś", "surname": "Łoś", "academic_title": " dr hab. ", "category": "speaker"}
    post(alice, f"{LIST}/{jan.id}/correct", **fields, channel="letter", case_number="OR.152.3.2026")
    assert (row(jan).academic_title, row(jan).category) == ("dr hab.", "speaker")
    assert (row(jan).channel, row(jan).case_number) == ("letter", "OR.152.3.2026")
    too_long = post(alice, f"{LIST}/{jan.id}/correct", **{**fields, "academic_title": "d" * 61}, channel="")
    assert too_long.status_code == 422
    assert "d" * 61 in too_long.text
    wrong = post(alice, f"{LIST}/{jan.id}/correct", **{**fields, "category": "boss"}, channel="")
    assert wrong.status_code == 422
    assert row(jan).category == "speaker"


def test_abuse_33_further_fields_of_a_correction_are_ignored(
    alice: FlaskClient, event: Event, factory: Factory
) -> None:
    jan = factory.registration(event, name="Jan Łoś", email="jan@example.org")
    forged = {"state": "cancelled", "holds_place": "", "email": "x@example.org", "note": "x", "event_id": "1"}
    post(alice, f"{LIST}/{jan.id}/correct", name="Jan Łoś", surname="Łoś", category="guest", channel="", **forged)
    fresh_jan = row(jan)
    assert (fresh_jan.state, fresh_jan.email, fresh_jan.note) == ("confirmed", "jan@example.org", "")
    assert fresh_jan.category == "guest"
    post(alice, f"{LIST}/{jan.id}/note", note="Notatka", attended="y", reason="x")
    assert (row(jan).note, row(jan).attended, row(jan).reason) == ("Notatka", None, "")


def test_the_note_is_for_the_office_alone(
    alice: FlaskClient, client: FlaskClient, app: Flask, event: Event, factory: Factory
) -> None:
    jan = factory.registration(event, name="Jan Łoś")
    answer = post(alice, f"{LIST}/{jan.id}/note", note="Prosi o <przód>")
    assert told(after(alice, answer)) == ["Notatkę zapisano."]
    assert "Prosi o &lt;przód&gt;" in alice.get(f"{LIST}/{jan.id}").text
    own = client.get(f"/registrations/{signed_token('registration', jan.link_key)}")
    assert own.status_code == 200
    assert "Prosi o" not in own.text
    assert "Prosi o" not in alice.get(f"{LIST}/print").text
    long = post(alice, f"{LIST}/{jan.id}/note", note="n" * 2001)
    assert (long.status_code, "n" * 2001 in long.text) == (422, True)


# Attendance


def test_marking_who_came(alice: FlaskClient, event: Event, factory: Factory) -> None:
    today = event_of_today(factory, event)
    jan = factory.registration(today, name="Jan Łoś")
    here = "/panel/events/dzis/registrations"
    assert "Oznacz obecność" in alice.get(here).text
    assert "Oznacz obecność" not in alice.get(LIST).text
    answer = post(alice, f"{here}/chosen", person=str(jan.id), doing="present")
    page = after(alice, answer)
    assert told(page) == ["Zapisano obecność lub nieobecność 1 osoby."]
    assert "<small>Obecność potwierdzona</small>" in page
    assert row(jan).attended is True
    post(alice, f"{here}/chosen", person=str(jan.id), doing="absent")
    assert row(jan).attended is False
    answer = post(alice, f"{here}/chosen", person=str(jan.id), doing="unsaid", back="person")
    assert (answer.location, row(jan).attended) == (f"{here}/{jan.id}", None)


def test_attendance_before_the_day_is_refused_in_words(alice: FlaskClient, event: Event, factory: Factory) -> None:
    jan = factory.registration(event)
    answer = post(alice, f"{LIST}/chosen", person=str(jan.id), doing="present")
    assert told(after(alice, answer)) == ["Obecność można oznaczać od dnia wydarzenia."]
    assert row(jan).attended is None


def test_the_attendance_sheet_tells_titles_categories_and_substitutes(
    alice: FlaskClient, event: Event, factory: Factory
) -> None:
    old = factory.registration(event, name="Adam Stary", state="cancelled", cancelled_by="substituted")
    factory.registration(event, name="Jan Łoś", academic_title="dr hab.", category="speaker", stands_for_id=old.id)
    waiting(factory, event, 1, name="Ewa Ćwik")
    page = alice.get(f"{LIST}/print").text
    assert "dr hab.&nbsp;Jan <b>Łoś</b><small>w\u00a0zastępstwie za: Adam Stary</small></td><td>Prelegent</td>" in page
    assert "Ćwik" not in page


# By hand


def test_adding_with_channel_and_case_number(alice: FlaskClient, event: Event) -> None:
    fields = {"name": "Ewa Ćwik", "email": "ewa@example.org", "language": "pl", "category": "media"}
    office = {"channel": "letter", "case_number": "OR.1.2026", "academic_title": "prof.", "note": "pismo z 2 XI"}
    answer = post(alice, f"{LIST}/add", **fields, **office)
    assert told(after(alice, answer)) == ["Dopisano: Ewa Ćwik. Wiadomości nie wysłano."]
    [person] = fresh(select(Registration))
    assert (person.category, person.channel, person.case_number) == ("media", "letter", "OR.1.2026")
    assert (person.academic_title, person.note, person.attended) == ("prof.", "pismo z 2 XI", None)
    assert fresh(select(Mail.id)) == []
    again = post(alice, f"{LIST}/add", **fields, **office)
    assert again.location == f"{LIST}/{person.id}"


def test_adding_to_the_waiting_list(alice: FlaskClient, event: Event, factory: Factory) -> None:
    for _ in range(2):
        factory.registration(event)
    fields = {"name": "Ewa Ćwik", "email": "ewa@example.org", "language": "pl", "category": "participant"}
    page = post(alice, f"{LIST}/add", **fields, channel="telephone")
    assert page.status_code == 422
    assert 'name="to_waiting_list"' in page.text
    answer = post(alice, f"{LIST}/add", **fields, channel="telephone", to_waiting_list="y", tell="y")
    assert told(after(alice, answer)) == ["Dopisano do listy rezerwowej: Ewa Ćwik."]
    assert fresh(select(Mail.occasion)) == ["sign_up_waitlisted"]


def test_a_walk_in_on_the_day_and_not_before(alice: FlaskClient, event: Event, factory: Factory) -> None:
    today = event_of_today(factory, event)
    fields = {"name": "Ewa Ćwik", "email": "ewa@example.org", "language": "pl", "category": "participant"}
    early = post(alice, f"{LIST}/add", **fields, channel="walk_in")
    assert early.status_code == 422
    assert "Osobę spoza listy można dopisać od dnia wydarzenia." in early.text
    assert 'href="#channel"' in early.text
    assert post(alice, "/panel/events/dzis/registrations/add", **fields, channel="walk_in").status_code == 303
    [person] = fresh(select(Registration))
    assert (person.event_id, person.attended) == (today.id, True)


# Moving


def test_moving_to_another_event(alice: FlaskClient, event: Event, factory: Factory) -> None:
    there = factory.event(db.session.get_one(Organiser, event.organiser_id), slug="tam", title="Zima w mieście")
    stranger = factory.event(title="Cudze wydarzenie")
    jan = factory.registration(event, name="Jan Łoś")
    page = alice.get(f"{LIST}/{jan.id}/move").text
    assert "9.12.2026, 12.00 · Zima w mieście" in page
    assert "Cudze wydarzenie" not in page
    assert "Odpowiedzi na pytania i\u00a0przynależność do grupy nie przechodzą" in page
    answer = post(alice, f"{LIST}/{jan.id}/move", target=str(there.id))
    assert answer.location.startswith("/panel/events/tam/registrations/")
    assert told(after(alice, answer)) == [
        "Przeniesiono na to wydarzenie, z\u00a0miejscem. Wysyłamy wiadomości do tej osoby."
    ]
    assert (row(jan).state, row(jan).cancelled_by) == ("cancelled", "moved")
    for forged in (str(stranger.id), "x", "", str(event.id)):
        refused = post(alice, f"{LIST}/{jan.id}/move", target=forged)
        assert refused.status_code == 422
    again = post(alice, f"{LIST}/{jan.id}/move", target=str(there.id))
    assert again.status_code == 422
    assert "czekające na decyzję" in again.text


def test_moving_without_anywhere_to_go(alice: FlaskClient, event: Event, factory: Factory) -> None:
    jan = factory.registration(event)
    assert "nie ma innego opublikowanego wydarzenia" in alice.get(f"{LIST}/{jan.id}/move").text


ENGLISH = [
    ("", "Tick all on this page"),
    ("/waiting-list", "A place that becomes free stays free until you give it to somebody by hand."),
    ("/add", "Case number"),
    ("/{id}", "Data on the list"),
    ("/{id}/place", "Give a place"),
    ("/{id}/move", "Move to another event"),
    ("/decline?person={id}", "It concerns 1 person:"),
    ("/accept?person={id}", "These registrations have been decided or cancelled already"),
]


@pytest.mark.parametrize(("path", "words"), ENGLISH)
def test_every_page_in_english(alice: FlaskClient, event: Event, factory: Factory, path: str, words: str) -> None:
    jan = waiting(factory, event, 1)
    page = alice.get(f"/en{LIST}" + path.format(id=jan.id))
    assert page.status_code == 200
    assert words in page.text
