"""The waiting list: sign up when all is taken, see the position, somebody cancels, the invitation arrives."""

import re
from email.message import Message

from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import Mailbox, Site
from tests.journeys.test_main_job import calendar_part, entry_of, publish


def sign_up_or_wait(page: Page, slug: str, name: str, email: str) -> None:
    """The same form, whichever its button promises."""
    page.goto(f"/events/{slug}")
    page.get_by_label("Imię i nazwisko").fill(name)
    page.get_by_label("Adres e-mail").fill(email)
    page.get_by_role("button", name=re.compile("Zgłoś udział|Zgłoś się na listę rezerwową")).click()
    page.wait_for_url("**/thanks")


def own_link(mail: Message, site: Site) -> str:
    """The link to the person's own page."""
    [text] = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
    link = re.search(re.escape(site.url) + r"/registrations/\S+", text.get_payload(decode=True).decode())  # type: ignore[union-attr]
    assert link is not None
    return link[0]


def has_calendar(mail: Message) -> bool:
    return any(part.get_content_type() == "text/calendar" for part in mail.walk())


def test_from_the_waiting_list_to_a_place(panel: Page, context: BrowserContext, site: Site, mailbox: Mailbox) -> None:
    slug = publish(panel, "Warsztaty z listą rezerwową")
    visitor = context.new_page()
    for number, name in enumerate(("Maria Pierwsza", "Piotr Drugi", "Ewa Trzecia", "Jan Czwarty"), start=1):
        sign_up_or_wait(visitor, slug, name, f"rezerwa{number}@example.org")
    on_the_line = mailbox.wait_for("rezerwa3@example.org")
    assert not has_calendar(on_the_line)
    hers = own_link(on_the_line, site)
    visitor.goto(hers)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Lista rezerwowa: pozycja 1")

    panel.goto(f"/panel/events/{slug}/registrations")
    panel.get_by_role("link", name="na liście rezerwowej").click()
    rows = panel.get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Ewa Trzecia")
    expect(rows.nth(2)).to_contain_text("Jan Czwarty")
    panel.get_by_role("button", name="wyżej Jan Czwarty").click()
    expect(panel.get_by_text("Przesunięto: Jan Czwarty. Obecna pozycja: 1.")).to_be_visible()
    panel.get_by_role("button", name="wyżej Ewa Trzecia").click()
    expect(rows.nth(1)).to_contain_text("Ewa Trzecia")

    visitor.goto(own_link(mailbox.wait_for("rezerwa1@example.org", has_calendar), site))
    visitor.get_by_role("button", name="Zrezygnuj z udziału").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Zrezygnowano z udziału")

    promoted = mailbox.wait_for("rezerwa3@example.org", has_calendar)
    invitation = entry_of(calendar_part(promoted))
    assert invitation["METHOD"] == "REQUEST"
    visitor.goto(hers)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Udział potwierdzony")
    panel.reload()
    expect(rows.nth(1)).to_contain_text("Jan Czwarty")
    expect(panel.get_by_text("Ewa Trzecia")).to_have_count(0)
