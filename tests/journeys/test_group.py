"""A secretary signs up three colleagues by keyboard alone, cancels one on the page of the group; the line moves up."""

import re
from datetime import datetime, timedelta
from email.message import Message
from zoneinfo import ZoneInfo

from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import Mailbox, Site
from tests.journeys.test_accessibility import problems_of

WARSAW = ZoneInfo("Europe/Warsaw")
DAY = (datetime.now(WARSAW) + timedelta(days=45)).replace(hour=10, minute=0, second=0, microsecond=0)
TITLE = "Szkolenie dla sekretariatów"
OFFICE = "sekretariat@gmina.example.org"


def publish(panel: Page) -> str:
    """A training with three places; who comes later goes to the waiting list. Gives its address."""
    panel.goto("/panel/events")
    panel.get_by_role("link", name="Nowe wydarzenie").click()
    if panel.locator("select[name=organiser]").count():
        panel.get_by_role("button", name=re.compile("Dalej|organizator")).first.click()
    for name, value in {
        "title": TITLE,
        "starts_on": f"{DAY:%d.%m.%Y}",
        "starts_clock": "10.00",
        "ends_clock": "12.00",
        "venue": "Urząd Gminy",
        "street": "ul. Rynek 1",
        "postal_code": "32-100",
        "city": "Proszowice",
        "capacity": "3",
        "venue_accessibility": "Wejście bez progu.",
    }.items():
        panel.locator(f"[name={name}]").fill(value)
    panel.get_by_role("button", name="Zapisz wersję roboczą").click()
    panel.get_by_role("link", name="Opublikuj").first.click()
    panel.get_by_role("button", name="Opublikuj").click()
    expect(panel.get_by_text("Opublikowane").first).to_be_visible()
    match = re.search(r"/panel/events/([a-z0-9-]+)", panel.url)
    assert match is not None
    return match[1]


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control with this name attribute, or this text, has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        found = page.evaluate("[document.activeElement.name, document.activeElement.textContent.trim()]")
        if name in found:
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


def press(page: Page, name: str) -> None:
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def text_of(mail: Message) -> str:
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def calendar_files(mail: Message) -> list[str]:
    return sorted(name for part in mail.walk() if (name := part.get_filename()) and name.endswith(".ics"))


def sign_up_three_by_keyboard(page: Page, slug: str) -> None:
    page.goto(f"/events/{slug}")
    press(page, "Zgłoś kilka osób")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zgłoś kilka osób")
    assert problems_of(page) == []
    tab_to(page, "email")
    page.keyboard.type(OFFICE)
    for number, name in enumerate(("Anna Kowalska", "Jan Łoś"), start=1):
        tab_to(page, f"p{number}-name")
        page.keyboard.type(name)
    press(page, "Dodaj kolejną osobę")
    assert page.evaluate("document.activeElement.name") == "p4-name"
    page.keyboard.type("Ewa Ćwik")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # sends the form and does not add one more person
    expect(page.get_by_role("heading", level=1)).to_have_text("Przyjęliśmy zgłoszenie.")
    assert page.url.endswith(f"/events/{slug}/thanks")


def test_a_group_of_three_from_a_secretarys_mailbox(
    panel: Page, context: BrowserContext, site: Site, mailbox: Mailbox
) -> None:
    slug = publish(panel)
    page = context.new_page()
    sign_up_three_by_keyboard(page, slug)

    bundle = mailbox.wait_for(OFFICE)
    assert calendar_files(bundle) == ["Anna-Kowalska.ics", "Ewa-Cwik.ics", "Jan-Los.ics"]
    link = re.search(re.escape(site.url) + r"/groups/\S+", text_of(bundle))
    assert link is not None

    page.goto(f"/events/{slug}")
    page.get_by_label("Imię i nazwisko").fill("Piotr Żak")
    page.get_by_label("Adres e-mail").fill("piotr.zak@gmina.example.org")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/thanks")
    waits = mailbox.wait_for("piotr.zak@gmina.example.org")
    assert calendar_files(waits) == []

    page.goto(link[0])
    assert problems_of(page) == []
    expect(page.get_by_text("Udział potwierdzony")).to_have_count(3)
    press(page, "Wycofaj zgłoszenie: Jan Łoś")
    expect(page.get_by_text("Udział potwierdzony")).to_have_count(2)
    expect(page.get_by_text("Wycofane")).to_have_count(1)

    promoted = mailbox.wait_for("piotr.zak@gmina.example.org", lambda mail: mail["Message-ID"] != waits["Message-ID"])
    assert any(part.get_content_type() == "text/calendar" for part in promoted.walk())
    withdrawn = mailbox.wait_for(OFFICE, lambda mail: mail["Message-ID"] != bundle["Message-ID"])
    methods = [part.get_param("method") for part in withdrawn.walk() if part.get_content_type() == "text/calendar"]
    assert methods == ["CANCEL"]
    assert "Jan Łoś" in text_of(withdrawn)
    assert "Anna Kowalska" not in text_of(withdrawn)

    press(page, "Wycofaj wszystkie zgłoszenia")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wycofać wszystkie zgłoszenia?")
    assert problems_of(page) == []
    press(page, "Wycofaj wszystkie zgłoszenia")
    expect(page.get_by_text("Wycofane")).to_have_count(3)
