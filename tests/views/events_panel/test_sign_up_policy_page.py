"""The organiser's page 'Sign-up rules': what it takes, what it refuses, who may open it."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from re import findall

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from eventreg.database import transaction
from eventreg.events.event_loading import policy_of
from eventreg.events.models import Event
from eventreg.events.sign_up_policy_forms import SignUpPolicyForm
from eventreg.events.sign_up_policy_rules import POLICY_NAMES, SignUpPolicy
from tests.factories import Factory
from tests.views.events_panel.conftest import House, error_of, stored

Post = Callable[..., TestResponse]
PAGE = "/panel/events/warsztaty/sign-up"

TYPED = {
    "revision": "1",
    "waiting_list": "when_full",
    "promotion": "at_once",
    "offer_hours": "16",
    "allowed_domains": "",
    "confirm_hours": "",
    "group_limit": "10",
    "remind_days": "1",
    "remind_hours": "2",
    "day_phone": "",
    "materials_url": "",
}
"""The form of a new event as a browser sends it; the factory's events differ in the waiting list alone."""

ALL_TYPED = {
    "revision": "1",
    "waiting_list": "always",
    "promotion": "offer",
    "offer_hours": " 40 ",
    "approval": "y",
    "allowed_domains": "@UM.Krakow.pl, *.gov.pl\r\nkraków.pl",
    "confirm_hours": "24",
    "group_limit": "3",
    "remind_days": "",
    "remind_hours": "48",
    "day_phone": " 600 000 000",
    "materials_url": "https://example.org/m",
    "sends_thanks": "y",
}


def text(answer: TestResponse) -> str:
    return unescape(answer.text).replace("\u00a0", " ")


def test_everything_typed_is_kept_and_shown_again(house: House, event: Event, post: Post) -> None:
    answer = post(house.alice, PAGE, ALL_TYPED)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert policy_of(stored(event.id)) == SignUpPolicy(
        waiting_list="always",
        promotion="offer",
        offer_hours=40,
        approval=True,
        allowed_domains="um.krakow.pl *.gov.pl xn--krakw-3ta.pl",
        confirm_hours=24,
        group_limit=3,
        remind_days=None,
        remind_hours=48,
        day_phone="600 000 000",
        materials_url="https://example.org/m",
        sends_thanks=True,
    )
    page = text(house.alice.get(PAGE))
    assert "Zasady zgłoszeń zapisano." in page
    assert "um.krakow.pl\n*.gov.pl\nxn--krakw-3ta.pl</textarea>" in page
    for value in ('value="40"', 'value="24"', 'value="48"', 'value="600 000 000"', 'value="https://example.org/m"'):
        assert value in page
    assert findall(r'type="(?:radio|checkbox)" value="(\w+)" checked', page) == ["always", "offer", "y", "y"]


def test_who_was_undecided_when_decisions_end_is_not_forgotten(
    house: House, event: Event, factory: Factory, post: Post
) -> None:
    assert post(house.alice, PAGE, {**TYPED, "approval": "y"}).status_code == 303
    for _ in range(2):
        factory.registration(event, state="pending", confirmed_at=None)
    link = "/panel/events/warsztaty/registrations?state=pending"
    assert link not in house.alice.get(PAGE).text
    post(house.alice, PAGE, {**TYPED, "revision": "2"})
    page = text(house.alice.get(PAGE))
    assert "2 zgłoszenia nadal czekają na Państwa decyzję." in page
    assert f'href="{link}"' in page
    shown = text(house.alice.get(link))
    assert shown.count('name="person"') == 2
    assert 'value="accept"' in shown


def test_saving_the_shown_page_changes_nothing(house: House, event: Event, post: Post) -> None:
    answer = post(house.alice, PAGE, {**TYPED, "waiting_list": "off"})
    assert answer.status_code == 303
    assert "Niczego nie zmieniono." in text(house.alice.get(PAGE))
    assert stored(event.id).revision == 1


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("offer_hours", "0", "Proszę podać liczbę całkowitą od 1 do 80."),
        ("offer_hours", "", "Proszę podać liczbę całkowitą od 1 do 80."),
        ("offer_hours", "81", "Proszę podać liczbę całkowitą od 1 do 80."),
        ("confirm_hours", "169", "Proszę podać liczbę całkowitą od 1 do 168 albo pozostawić puste pole."),
        ("confirm_hours", "dwa", "Proszę podać liczbę całkowitą od 1 do 168 albo pozostawić puste pole."),
        ("confirm_hours", "٣", "Proszę podać liczbę całkowitą od 1 do 168 albo pozostawić puste pole."),
        ("group_limit", "11", "Proszę podać liczbę całkowitą od 1 do 10."),
        ("group_limit", "-1", "Proszę podać liczbę całkowitą od 1 do 10."),
        ("remind_days", "31", "Proszę podać liczbę całkowitą od 1 do 30 albo pozostawić puste pole."),
        ("remind_hours", "9" * 5000, "Proszę podać liczbę całkowitą od 1 do 48 albo pozostawić puste pole."),
        ("materials_url", "materialy", "Proszę podać pełny adres, zaczynający się od https://"),
        ("materials_url", "javascript:alert(1)", "Proszę podać pełny adres, zaczynający się od https://"),
        ("day_phone", "6" * 61, "Proszę skrócić tekst. Dopuszczalna liczba znaków: 60."),
        (
            "allowed_domains",
            "um.krakow.pl\r\njan@um.krakow.pl",
            "Wiersz 2: „jan@um.krakow.pl” nie jest domeną poczty. Proszę podać ją w postaci um.krakow.pl lub *.gov.pl",
        ),
        (
            "allowed_domains",
            " ".join(f"urzad-{number}.example.org" for number in range(60)),
            "Lista jest za długa: może mieć najwyżej 1000 znaków. "
            "Wiele domen jednego rodzaju można zastąpić jednym wpisem, na przykład *.gov.pl",
        ),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field_and_stays_typed(
    house: House, event: Event, post: Post, field: str, typed: str, message: str
) -> None:
    answer = post(house.alice, PAGE, {**TYPED, "approval": "y", field: typed})
    assert answer.status_code == 422
    page = text(answer)
    assert error_of(page, field) == message
    assert f'<a href="#{field}">{message}</a>' in page
    assert typed.replace("\r\n", "\n") in page
    assert findall(r'name="approval" type="checkbox" value="y" checked', page)
    assert page.startswith("<!doctype html>")
    assert "<title>Błąd: " in page
    assert stored(event.id).revision == 1


@pytest.mark.parametrize("field", ["waiting_list", "promotion"])
@pytest.mark.parametrize("typed", ["", "sometimes"])
def test_a_forged_choice_is_refused(house: House, event: Event, post: Post, field: str, typed: str) -> None:
    answer = post(house.alice, PAGE, {**TYPED, field: typed})
    assert answer.status_code == 422
    assert error_of(answer.text, field)
    assert stored(event.id).revision == 1


def test_abuse_33_other_columns_of_the_event_are_out_of_reach(house: House, event: Event, post: Post) -> None:
    more = {"capacity": "1", "state": "cancelled", "places_taken": "9", "organiser_id": "7", "cap_per_address": "99"}
    assert post(house.alice, PAGE, {**TYPED, **more}).status_code == 303
    saved = stored(event.id)
    assert (saved.capacity, saved.state, saved.places_taken, saved.cap_per_address) == (30, "published", 0, 10)
    assert saved.organiser_id == house.organiser.id
    assert saved.waiting_list == "when_full"


def test_a_stale_page_is_answered_with_what_was_typed(house: House, event: Event, post: Post) -> None:
    post(house.bob, PAGE, {**TYPED, "approval": "y", "remind_days": ""})
    answer = post(house.alice, PAGE, {**TYPED, "group_limit": "4"})
    assert answer.status_code == 409
    page = text(answer)
    assert "W tym czasie inna osoba zmieniła to wydarzenie" in page
    assert "zapisano: tak<br>w formularzu: nie" in page
    assert "zapisano: (puste)<br>w formularzu: 1" in page
    assert "zapisano: 10<br>w formularzu: 4" in page
    assert 'value="4"' in page
    assert (stored(event.id).approval, stored(event.id).group_limit) == (True, 10)
    again = post(house.alice, PAGE, {**TYPED, "revision": "2", "group_limit": "4"})
    assert again.status_code == 303
    assert (stored(event.id).approval, stored(event.id).group_limit) == (False, 4)


def test_a_forged_revision_is_a_stale_one(house: House, event: Event, post: Post) -> None:
    for revision in ("", "x", "-1", "9" * 400):
        assert post(house.alice, PAGE, {**TYPED, "revision": revision}).status_code == 409
    assert stored(event.id).revision == 1


def test_it_is_told_how_many_people_moved_up(house: House, event: Event, factory: Factory, post: Post) -> None:
    with transaction() as session:
        session.execute(update(Event).where(Event.id == event.id).values(waiting_list="always"))
    for order in (1, 2, 3):
        factory.registration(event, state="waitlisted", waiting_order=order, confirmed_at=None)
    page = text(house.alice.get(PAGE))
    assert "Na liście rezerwowej są 3 osoby." in page
    assert post(house.alice, PAGE, TYPED).status_code == 303
    saved = text(house.alice.get(PAGE))
    assert "Zasady zgłoszeń zapisano. Miejsca przyznano 3 osobom z listy rezerwowej." in saved
    assert stored(event.id).places_taken == 3


def test_it_is_told_how_many_people_were_offered_a_place(
    house: House, event: Event, factory: Factory, post: Post
) -> None:
    with transaction() as session:
        session.execute(update(Event).where(Event.id == event.id).values(waiting_list="always"))
    factory.registration(event, state="waitlisted", waiting_order=1, confirmed_at=None)
    assert post(house.alice, PAGE, {**TYPED, "promotion": "offer"}).status_code == 303
    assert "Miejsce zaproponowano 1 osobie z listy rezerwowej." in text(house.alice.get(PAGE))


@pytest.mark.parametrize("state", ["draft", "published", "cancelled"])
def test_drafts_and_published_events_have_rules(
    house: House, event: Event, factory: Factory, post: Post, state: str
) -> None:
    other = factory.event(house.organiser, slug="inne", state=state, starts_at=event.starts_at, ends_at=event.ends_at)
    path = "/panel/events/inne/sign-up"
    assert post(house.bob, path, {**TYPED, "approval": "y"}).status_code == 303
    assert stored(other.id).approval is True


def test_an_archived_event_leads_to_its_history(house: House, factory: Factory, post: Post) -> None:
    archived = factory.event(house.organiser, slug="stare", state="archived")
    path = "/panel/events/stare/sign-up"
    answer = house.alice.get(path)
    assert (answer.status_code, answer.location) == (302, "/panel/events/stare/history")
    sent = post(house.alice, path, {**TYPED, "approval": "y"}, page="/panel/account")
    assert (sent.status_code, sent.location) == (303, "/panel/events")
    assert stored(archived.id).approval is False


def test_abuse_28_only_owner_and_editor_open_it(house: House, event: Event, post: Post) -> None:
    assert house.alice.get(PAGE).status_code == house.bob.get(PAGE).status_code == 200
    for stranger in (house.dora, house.charlie):
        assert stranger.get(PAGE).status_code == 404
        assert post(stranger, PAGE, {**TYPED, "approval": "y"}, page="/panel/account").status_code == 404
    assert stored(event.id).approval is False


def test_abuse_37_without_the_token_nothing_is_saved(house: House, event: Event) -> None:
    assert house.alice.post(PAGE, data={**TYPED, "approval": "y"}).status_code == 400
    assert stored(event.id).approval is False


def test_the_form_holds_every_setting_in_the_order_of_the_page(house: House, event: Event) -> None:
    page = house.alice.get(PAGE).text
    shown = list(dict.fromkeys(findall(r'<(?:input|textarea)[^>]* name="(\w+)"', page)))
    assert [name for name in shown if name != "csrf_token"] == ["revision", *POLICY_NAMES]
    assert [field.name for field in SignUpPolicyForm(formdata=None)] == ["revision", *POLICY_NAMES]


def test_the_page_speaks_english_too(house: House, event: Event, post: Post) -> None:
    page = text(house.alice.get(f"/en{PAGE}"))
    for words in ("Sign-up rules", "When places run out", "The event has 30 places.", "Save the rules"):
        assert words in page
    answer = post(house.alice, f"/en{PAGE}", {**TYPED, "allowed_domains": "?"})
    assert error_of(text(answer), "allowed_domains").startswith("Line 1: “?” is not a mail domain.")


def test_an_event_without_sign_up_here_says_so(house: House, event: Event, post: Post) -> None:
    with transaction() as session:
        session.execute(update(Event).where(Event.id == event.id).values(sign_up_mode="open_entry", capacity=None))
    page = text(house.alice.get(PAGE))
    assert "Na to wydarzenie nie przyjmuje się zgłoszeń na tej stronie." in page
    assert "Liczba miejsc jest nieograniczona, więc ich nie zabraknie." in page


def test_rules_saved_by_a_colleague_do_not_hide_in_the_stale_page(house: House, event: Event, post: Post) -> None:
    """Both set the same: nothing is lost, and the page says so."""
    post(house.bob, PAGE, {**TYPED, "approval": "y"})
    answer = post(house.alice, PAGE, {**TYPED, "approval": "y"})
    assert answer.status_code == 409
    assert "Zapisane zasady są takie same jak w formularzu." in text(answer)
    assert replace(policy_of(stored(event.id)), approval=False) == SignUpPolicy()
