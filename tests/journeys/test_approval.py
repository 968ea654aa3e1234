"""Approval: people ask to take part, the organiser decides about all of them at once, each is told."""

from email.message import Message

from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import Mailbox, Site
from tests.journeys.test_main_job import calendar_part, entry_of, publish, sign_up
from tests.journeys.test_waiting_list import has_calendar, own_link


def test_from_pending_to_many_decisions(panel: Page, context: BrowserContext, site: Site, mailbox: Mailbox) -> None:
    slug = publish(panel, "Warsztaty z kwalifikacją")
    panel.goto(f"/panel/events/{slug}/sign-up")
    panel.locator("[name=approval]").check()
    panel.locator("main form.event-form button[type=submit]").first.click()
    expect(panel.locator("[name=approval]")).to_be_checked()

    visitor = context.new_page()
    names = ("Adam Aal", "Ewa Bąk", "Jan Cud", "Ola Zła")
    for number, name in enumerate(names, start=1):
        sign_up(visitor, slug, name, f"decyzja{number}@example.org")
    asked = mailbox.wait_for("decyzja1@example.org")
    assert not has_calendar(asked)
    visitor.goto(own_link(asked, site))
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Zgłoszenie czeka na decyzję")

    panel.goto(f"/panel/events/{slug}/registrations")
    panel.locator("a[href$='?state=pending']").first.click()
    panel.get_by_label("Zaznacz: Ola Zła").check()
    panel.get_by_role("button", name="Nie kwalifikuj…").click()
    panel.locator("main textarea").fill("Liczba miejsc dla jednej gminy jest ograniczona.")
    panel.get_by_role("button", name="Nie kwalifikuj", exact=True).click()
    expect(panel.get_by_text("Nie zakwalifikowano 1 osoby.")).to_be_visible()

    panel.goto(f"/panel/events/{slug}/registrations?state=pending")
    panel.get_by_role("link", name="Zaznacz wszystkie na tej stronie").click()
    panel.get_by_role("button", name="Zakwalifikuj", exact=True).click()
    expect(panel.get_by_role("alert")).to_contain_text("Zakwalifikowano 2 osoby.")
    expect(panel.get_by_role("alert")).to_contain_text("1 osoba trafia na listę rezerwową.")

    for number in (1, 2):
        admitted = mailbox.wait_for(f"decyzja{number}@example.org", has_calendar)
        assert entry_of(calendar_part(admitted))["METHOD"] == "REQUEST"
    waits = mailbox.wait_for("decyzja3@example.org", lambda mail: "rezerwow" in words(mail))
    assert not has_calendar(waits)
    declined = mailbox.wait_for("decyzja4@example.org", lambda mail: "Liczba miejsc dla jednej gminy" in words(mail))
    assert not has_calendar(declined)


def words(mail: Message) -> str:
    """The plain text of a mail."""
    [text] = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
    return str(text.get_payload(decode=True).decode())  # type: ignore[union-attr]
