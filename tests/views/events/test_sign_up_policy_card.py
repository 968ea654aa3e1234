"""What visitors see of waiting list, approval, confirmation of the address and mail domains."""

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import func, select, update

from eventreg.database import db, transaction
from eventreg.events.models import Event
from eventreg.registrations.models import Registration
from tests.conftest import NOW
from tests.factories import Factory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

FULL = {"capacity": 30, "places_taken": 30, "waiting_list": "when_full"}


@pytest.fixture(autouse=True)
def _the_moment() -> "Iterator[None]":
    with time_machine.travel(NOW, tick=False):
        yield


def page(client: "FlaskClient", path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.text).replace("\u00a0", " ").replace("\u2060", "")


def card(client: "FlaskClient", event: Event, prefix: str = "") -> str:
    return page(client, f"{prefix}/events/{event.slug}").partition("<aside")[2].partition("</aside>")[0]


def thanks(client: "FlaskClient", event: Event, prefix: str = "") -> list[str]:
    """The steps of the thanks page."""
    shown = page(client, f"{prefix}/events/{event.slug}/thanks")
    steps = shown.partition('<ol class="steps">')[2].partition("</ol>")[0]
    return re.findall(r"<li>(.*?)</li>", steps)


def change(event: Event, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(Event).where(Event.id == event.id).values(revision=Event.revision + 1, **values))


def people() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Registration)) or 0


def post(client: "FlaskClient", event: Event, email: str, prefix: str = "") -> "TestResponse":
    return client.post(f"{prefix}/events/{event.slug}", data={"name": "Anna Kowalska", "email": email, "website": ""})


@pytest.mark.parametrize(
    ("values", "prefix", "words"),
    [
        (
            FULL,
            "",
            [
                '<h2 id="sign-up">Lista rezerwowa</h2>',
                "Brak wolnych miejsc</span>",
                "Wszystkie miejsca są zajęte. Nowe zgłoszenia trafiają na listę rezerwową.",
                "Zwolnione miejsca przyznajemy według kolejności zgłoszeń i powiadamiamy o tym e-mailem.",
                "Wyślemy na niego wiadomość, gdy będzie miejsce.",
                "Zgłoś się na listę rezerwową</button>",
            ],
        ),
        (
            FULL,
            "/en",
            [
                '<h2 id="sign-up">Waiting list</h2>',
                "No places left</span>",
                "All places are taken. New sign-ups go to the waiting list.",
                "Places that become free go to the next people in the order of sign-up.",
                "Sign up for the waiting list</button>",
            ],
        ),
        (
            {**FULL, "promotion": "offer", "offer_hours": 22},
            "",
            ["Zwolnione miejsca proponujemy e-mailem", "Propozycja jest ważna przez 22 godziny robocze."],
        ),
        (
            {**FULL, "promotion": "offer", "offer_hours": 1},
            "/en",
            ["An offer is good for 1 working hour."],
        ),
        (
            {**FULL, "promotion": "by_hand"},
            "",
            ["Zwolnione miejsca przyznaje organizator i powiadamia o tym e-mailem."],
        ),
        (
            {"waiting_list": "when_full", "promotion": "by_hand", "waiting_count": 2},
            "",
            [
                "Zgłoszenia otwarte</span>",
                "Wolne miejsca otrzymują najpierw osoby z listy rezerwowej.",
                "Zgłoś się na listę rezerwową</button>",
            ],
        ),
        (
            {"waiting_list": "always"},
            "",
            [
                "Zgłoszenia otwarte</span>",
                "Wszystkie zgłoszenia trafiają na listę rezerwową. Miejsca przyznaje organizator",
                "Zgłoś się na listę rezerwową</button>",
            ],
        ),
        (
            {"waiting_list": "always"},
            "/en",
            ["All sign-ups go to the waiting list. The organiser gives the places and tells everybody by e-mail."],
        ),
        (
            {"approval": True},
            "",
            [
                "Zgłoś udział</h2>",
                "O każdym zgłoszeniu decyduje organizator.",
                "Wyślemy na niego decyzję organizatora.",
            ],
        ),
        (
            {"approval": True},
            "/en",
            ["The organiser decides on each registration.", "The decision of the organiser will be sent to it."],
        ),
        ({"confirm_hours": 24}, "", ["prosimy potwierdzić adres w ciągu 24 godzin, korzystając"]),
        ({"confirm_hours": 1}, "", ["prosimy potwierdzić adres w ciągu 1 godziny, korzystając"]),
        ({"confirm_hours": 24}, "/en", ["please confirm the address within 24 hours by the link in the mail."]),
        (
            {"allowed_domains": "um.krakow.pl *.gov.pl xn--krakw-3ta.pl"},
            "",
            ["Przyjmujemy wyłącznie adresy zakończone na: @um.krakow.pl, .gov.pl, @kraków.pl."],
        ),
        (
            {"allowed_domains": "um.krakow.pl"},
            "/en",
            ["Only addresses with these endings can be signed up: @um.krakow.pl."],
        ),
    ],
)
def test_the_card_tells_what_becomes_of_a_sign_up(
    client: "FlaskClient", factory: Factory, values: dict[str, Any], prefix: str, words: list[str]
) -> None:
    shown = card(client, factory.event(**values), prefix)
    for line in words:
        assert line in shown
    form = shown[shown.index('<form method="post"') : shown.index("</form>")]
    assert re.findall(r'<(?:input|select|textarea)[^>]*name="(\w+)"', form) == ["name", "email", "website"]


def test_an_event_without_rules_of_its_own_says_nothing_of_them(client: "FlaskClient", factory: Factory) -> None:
    shown = card(client, factory.event(waiting_list="when_full"))
    for word in ("rezerwow", "decyduje", "potwierdzić adres", "zakończone na"):
        assert word not in shown
    assert "Wyślemy na niego zaproszenie do kalendarza.</div>" in shown


def test_a_full_event_without_a_waiting_list_has_no_form(client: "FlaskClient", factory: Factory) -> None:
    shown = card(client, factory.event(capacity=30, places_taken=30, waiting_list="off"))
    assert "Wszystkie są zajęte." in shown
    assert "<form" not in shown


def test_the_page_follows_at_once_when_rules_or_line_change(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event(waiting_list="when_full", capacity=1)
    assert "Zgłoś udział</button>" in card(client, event)
    factory.registration(event)
    assert "Zgłoś się na listę rezerwową</button>" in card(client, event)
    change(event, promotion="offer")
    assert "proponujemy e-mailem" in card(client, event)
    change(event, allowed_domains="*.gov.pl")
    assert "zakończone na: .gov.pl" in card(client, event)
    change(event, waiting_list="off")
    assert "<form" not in card(client, event)


def test_lists_say_waiting_list(client: "FlaskClient", factory: Factory) -> None:
    factory.event(**FULL)
    assert '<span class="state state--last">Lista rezerwowa</span>' in page(client, "/")
    assert '<span class="state state--last">Waiting list</span>' in page(client, "/en/")


def test_search_engines_are_told_that_it_is_sold_out(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event(**FULL)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', client.get(f"/events/{event.slug}").text)
    assert found is not None
    assert json.loads(found[1])["offers"]["availability"] == "https://schema.org/SoldOut"


LINK = "Każda wiadomość w sprawie zgłoszenia zawiera link"
FIRST_COME = "Zwolnione miejsca przyznajemy według kolejności zgłoszeń"
PERHAPS = "dotrze wiadomość z informacją, czy jest wolne miejsce, czy zgłoszenie trafiło na listę rezerwową."


@pytest.mark.parametrize(
    ("values", "steps"),
    [
        ({"places_taken": 5, "waiting_list": "when_full"}, ["z potwierdzeniem i zaproszeniem do kalendarza.", LINK]),
        ({"places_taken": 30, "waiting_list": "off"}, ["z potwierdzeniem i zaproszeniem do kalendarza.", LINK]),
        ({"capacity": None, "waiting_list": "when_full"}, ["z potwierdzeniem i zaproszeniem do kalendarza.", LINK]),
        ({"places_taken": 30, "waiting_list": "when_full"}, [PERHAPS, FIRST_COME, LINK]),
        ({"places_taken": 28, "waiting_list": "when_full"}, [PERHAPS, FIRST_COME, LINK]),
        ({"waiting_count": 1, "waiting_list": "when_full"}, [PERHAPS, FIRST_COME, LINK]),
        (
            {"waiting_list": "always"},
            ["wiadomość o wpisaniu na listę rezerwową.", "Miejsca przyznaje organizator", LINK],
        ),
        ({"approval": True}, ["dotrze potwierdzenie przyjęcia zgłoszenia.", "decyduje organizator.", LINK]),
        (
            {"confirm_hours": 24},
            ["Bez potwierdzenia w ciągu 24 godzin zgłoszenie wygaśnie.", "Po potwierdzeniu prześlemy drugą", LINK],
        ),
        (
            {"confirm_hours": 24, "approval": True},
            ["Bez potwierdzenia w ciągu 24 godzin zgłoszenie wygaśnie.", "decyduje organizator.", LINK],
        ),
        (
            {"confirm_hours": 1, "waiting_list": "always"},
            ["w ciągu 1 godziny", "Po potwierdzeniu zgłoszenie trafi", "Miejsca przyznaje organizator", LINK],
        ),
        (
            {"confirm_hours": 24, "waiting_list": "when_full", "places_taken": 30},
            ["w ciągu 24 godzin", "Po potwierdzeniu prześlemy informację, czy jest wolne miejsce", FIRST_COME, LINK],
        ),
    ],
)
def test_the_thanks_page_tells_the_next_steps(
    client: "FlaskClient", factory: Factory, values: dict[str, Any], steps: list[str]
) -> None:
    shown = thanks(client, factory.event(**values))
    assert len(shown) == len(steps) + 1
    for line, words in zip(shown, steps, strict=False):
        assert words in line
    assert "Jeżeli wiadomość nie dotrze" in shown[-1]


def test_the_thanks_page_speaks_english(client: "FlaskClient", factory: Factory) -> None:
    steps = thanks(client, factory.event(confirm_hours=2, approval=True), "/en")
    assert "within 2 hours, or the registration expires." in steps[0]
    assert steps[1].startswith("The organiser decides on each registration.")


@pytest.mark.parametrize(
    "values",
    [
        {"capacity": 1, "waiting_list": "when_full"},
        {"waiting_list": "always"},
        {"approval": True},
        {"confirm_hours": 24},
        {"approval": True, "confirm_hours": 24, "capacity": 1, "waiting_list": "when_full"},
    ],
)
def test_abuse_16_known_or_not_with_a_place_or_in_line_everybody_reads_the_same(
    client: "FlaskClient", factory: Factory, values: dict[str, Any]
) -> None:
    """Each step of the answer, compared while the event's public state stays."""
    event = factory.event(**values)
    if event.capacity == 1:
        factory.registration(event, name="Anna Kowalska", email="anna@example.org")
    else:
        post(client, event, "anna@example.org")
    factory_state = client.get(f"/events/{event.slug}/thanks").data
    answers = [post(client, event, email) for email in ("anna@example.org", "jan@example.org", "anna@example.org")]
    assert {(answer.status_code, answer.location, answer.data) for answer in answers} == {
        (303, f"/events/{event.slug}/thanks", answers[0].data)
    }
    after = client.get(f"/events/{event.slug}/thanks")
    assert after.data == factory_state
    assert "pozycja" not in after.text
    assert "Set-Cookie" not in after.headers


def test_the_thanks_page_is_not_served_from_before_the_last_place_went(client: "FlaskClient", factory: Factory) -> None:
    event = factory.event(waiting_list="when_full")
    assert client.get(f"/events/{event.slug}/thanks").headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("email", ["anna@evilum.krakow.pl", "anna@gov.pl", "anna@example.org"])
def test_an_address_of_another_domain_is_refused_at_its_field(
    client: "FlaskClient", factory: Factory, email: str
) -> None:
    event = factory.event(allowed_domains="um.krakow.pl *.gov.pl")
    answer = post(client, event, email)
    assert answer.status_code == 422
    shown = unescape(answer.text).replace("\u00a0", " ")
    error = re.search(r'<p id="email-error"[^>]*>(.*?)</p>', shown, re.DOTALL)
    assert error is not None
    assert "Przyjmujemy wyłącznie adresy zakończone na: @um.krakow.pl, .gov.pl." in error[1]
    assert f'value="{email}"' in shown
    assert people() == 0


@pytest.mark.parametrize("email", ["anna@um.krakow.pl", "Anna@UM.KRAKOW.PL", "anna@poczta.mswia.gov.pl"])
def test_an_address_of_an_allowed_domain_is_taken(client: "FlaskClient", factory: Factory, email: str) -> None:
    event = factory.event(allowed_domains="um.krakow.pl *.gov.pl")
    assert post(client, event, email).status_code == 303
    assert people() == 1
