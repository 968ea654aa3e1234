"""Pages that a crawl never meets, because they stand behind a form, a personal link or a state: axe finds nothing on
them in either language, a window of 320 px is enough, what came back with errors has the focus on its summary, and
all of it can be done from the keyboard."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_security.utils import hash_password
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from eventreg.organisers.models import Account
from tests.factories import Factory
from tests.full_house import fill
from tests.full_house_builder import House
from tests.journeys.conftest import Site, sign_in
from tests.journeys.test_accessibility import problems_of
from tests.panel_steps import PASSWORD


@dataclass(frozen=True)
class Open:
    """The house behind a real port, and somebody of its organiser who signed in."""

    page: Page
    house: House


@pytest.fixture
def open_house(app: Flask, browser: Browser) -> Iterator[Open]:
    factory = Factory(datetime.now(UTC).replace(microsecond=0))
    organiser = factory.organiser()
    account: Account = factory.account(organiser, password=hash_password(PASSWORD))
    email = account.email
    house = fill(organiser, account, factory.now)
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    context = browser.new_context(base_url=f"http://localhost:{server.server_port}", locale="pl-PL")
    try:
        page = context.new_page()
        sign_in(page, Site("", email, PASSWORD, None))  # type: ignore[arg-type]  # there is no process
        yield Open(page, house)
    finally:
        context.close()
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("language", ["", "/en"])
def test_axe_finds_nothing_behind_links_of_mails_and_in_any_state(open_house: Open, language: str) -> None:
    page, house = open_house.page, open_house.house
    problems: dict[str, list[str]] = {}
    for name, path in {**house.public, **{f"panel: {name}": path for name, path in house.panel.items()}}.items():
        answer = page.goto(language + path)
        assert answer is not None
        assert answer.status == 200, name
        if found := problems_of(page):
            problems[name] = found
    assert problems == {}


def sent_empty(path: str, submit: str = "main form[method=post] button[type=submit]:visible") -> Callable[[Page], None]:
    """Opens a page and presses its last visible button with nothing filled in."""

    def send(page: Page) -> None:
        page.goto(path)
        page.locator(submit).last.click()

    return send


@pytest.mark.parametrize("language", ["", "/en"])
def test_forms_that_come_back_put_the_focus_on_their_errors(open_house: Open, language: str) -> None:
    page, house = open_house.page, open_house.house
    panel = f"{language}/panel/events"
    sign_up = 'form[action*="/events/"] button[type=submit]:visible'
    ways = {
        "sign-up with questions": sent_empty(language + house.public["event, questions"], sign_up),
        "group": sent_empty(language + house.public["group form"]),
        "group with questions": sent_empty(language + house.public["group form with questions"]),
        "substitution": sent_empty(language + house.public["substitution"]),
        "new address": sent_empty(language + house.public["new address"]),
        "find": sent_empty(f"{language}/find-registration"),
        "add by hand": sent_empty(f"{panel}/house-questions/registrations/add"),
        "upload": sent_empty(f"{panel}/house-approval/registrations/import"),
        "new question": sent_empty(f"{panel}/house-questions/questions/new"),
        "message": sent_empty(f"{panel}/house-messages/messages/new"),
        "give a place": sent_empty(language + house.panel["place, house-waiting"]),
        "external calendar": sent_empty(language + house.panel["external calendar, new"]),
    }
    problems: dict[str, list[str]] = {}
    for name, send in ways.items():
        send(page)
        found = problems_of(page)
        if page.evaluate("document.activeElement.id") != "error-summary":
            found.append("the focus is not on the error summary")
        for link in page.locator("#error-summary a").all():
            target = str(link.get_attribute("href"))
            if page.locator(target).count() != 1:
                found.append(f"{target} leads nowhere")
        if found:
            problems[name] = found
    assert problems == {}


FOCUSED = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const label = it.labels && it.labels[0];
  const styles = [getComputedStyle(it)].concat(label ? [getComputedStyle(label, '::before')] : []);
  const box = it.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 20) / 2);
  return {
    words: it.tagName + ' ' + (it.name || '') + ' ' + (it.innerText || '').trim().slice(0, 40),
    place: [...document.querySelectorAll('*')].indexOf(it),
    ringed: styles.some(style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0),
    seen: !!top && (top === it || it.contains(top) || (label && (label === top || label.contains(top)))),
  };
}"""
MOST_STOPS = 150


def stops_that_fail(page: Page) -> list[str]:
    """What is wrong on the way of the Tab key from the top of the page to its end."""
    wrong: list[str] = []
    places: list[int] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or (places and focused["place"] == places[0]):
            break
        if not focused["ringed"]:
            wrong.append(f"no ring: {focused['words']}")
        if not focused["seen"]:
            wrong.append(f"covered or off the screen: {focused['words']}")
        places.append(focused["place"])
    else:
        wrong.append("the Tab key does not come to the end")
    if places != sorted(places):
        wrong.append("the order jumps")
    return wrong


@pytest.mark.parametrize("width", [360, 1280])
def test_the_tab_key_shows_where_it_is_and_comes_to_the_end(open_house: Open, width: int) -> None:
    page, house = open_house.page, open_house.house
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 720})
    addresses = {name: house.public[name] for name in ("event, questions", "group form", "group", "own page, offered")}
    addresses |= {name: house.panel[name] for name in ("list, house-waiting", "line, house-waiting")}
    addresses |= {name: house.panel[name] for name in ("external calendar, read", "external calendar, edit")}
    addresses |= {name: house.panel[name] for name in ("rules, house-waiting", "preview, house-approval")}
    addresses |= {name: house.panel[name] for name in ("new_message, house-messages", "pending_person, house-approval")}
    problems = {}
    for name, path in addresses.items():
        page.goto(path)
        if found := stops_that_fail(page):
            problems[name] = found
    assert problems == {}


def tab_to(page: Page, target: Locator) -> None:
    """Presses Tab until the target has the focus."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if target.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"the Tab key does not lead to {target}")


def test_places_are_taken_passed_on_and_given_from_the_keyboard(open_house: Open) -> None:
    page, house = open_house.page, open_house.house
    page.goto(house.public["own page, offered"])
    tab_to(page, page.get_by_role("button", name="Przyjmij miejsce"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Udział potwierdzony")

    page.goto(house.public["substitution"])
    tab_to(page, page.get_by_label("Imię i nazwisko"))
    page.keyboard.type("Maria Kos")
    page.keyboard.press("Tab")
    page.keyboard.type("kos@example.org")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zgłoszono zastępstwo")

    page.goto(house.panel["list, house-approval"])
    for name in ("Iza Mak", "Olga Sęk"):
        tab_to(page, page.get_by_label(f"Zaznacz: {name}"))
        page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Zakwalifikuj", exact=True))
    page.keyboard.press("Enter")
    expect(page.locator(".govuk-notification-banner--success")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="Potwierdzone")).to_have_count(2)


def test_a_group_a_list_and_a_message_from_the_keyboard(open_house: Open) -> None:
    page, house = open_house.page, open_house.house
    page.goto("/events/house-changes/group")
    tab_to(page, page.get_by_label("Kontaktowy adres e-mail"))
    page.keyboard.type("kadry@example.org")
    tab_to(page, page.get_by_label("Imię i nazwisko").first)
    page.keyboard.type("Adam Kos")
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks*")

    page.goto(house.panel["preview, house-approval"])
    tab_to(page, page.get_by_label("Pominąć wiersze wymagające poprawy"))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Dodaj 1 osobę"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("row").filter(has_text="Hanna Ćwik")).to_have_count(1)

    page.goto(house.panel["new_message, house-messages"])
    tab_to(page, page.get_by_label("Temat"))
    page.keyboard.type("Sala 12")
    page.keyboard.press("Tab")
    page.keyboard.type("Zapraszamy do sali 12.")
    tab_to(page, page.get_by_label("Wszystkie zgłoszone osoby"))
    page.keyboard.press("ArrowDown")
    tab_to(page, page.get_by_label("Potwierdzone"))
    tab_to(page, page.get_by_role("button", name="Zapisz i pokaż podgląd"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Wyślij na 3 adresy"))
    page.keyboard.press("Enter")
    expect(page.locator("progress")).to_be_visible()
