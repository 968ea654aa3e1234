"""An organiser adds questions, a person answers, the answers stand in her page, the list and the exports."""

import csv
import io
import re
from email.message import Message
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Mailbox
from tests.journeys.test_main_job import publish


def test_a_question_is_added_answered_and_exported(panel: Page, page: Page, mailbox: Mailbox) -> None:
    slug = publish(panel, "Warsztaty z pytaniami")
    add_questions(panel, slug)

    page.goto(f"/events/{slug}")
    page.locator("summary", has_text="Klauzula informacyjna").click()
    expect(page.get_by_text("Do czego posłużą odpowiedzi")).to_be_visible()
    page.get_by_label("Imię i nazwisko").fill("Żaneta Pytająca")
    page.get_by_label("Adres e-mail").fill("zaneta.pytajaca@example.org")
    page.get_by_role("button", name="Zgłoś udział").click()
    # Nothing typed is lost, and the summary leads to the question that was left out.
    page.get_by_role("alert").get_by_role("link").first.click()
    expect(page.get_by_label("Instytucja")).to_be_focused()
    expect(page.get_by_label("Imię i nazwisko")).to_have_value("Żaneta Pytająca")
    page.get_by_label("Instytucja").fill("Urząd Miasta Proszowice")
    page.get_by_role("radio", name="Autokar z Krakowa").check()
    page.get_by_role("button", name="Zgłoś udział").click()
    page.wait_for_url("**/thanks")

    mail = mailbox.wait_for("zaneta.pytajaca@example.org")
    link = re.search(r"http://\S+/registrations/[A-Za-z0-9_.-]+", text_of(mail))
    assert link is not None
    page.goto(link[0])
    expect(page.get_by_text("Urząd Miasta Proszowice").first).to_be_visible()
    expect(page.get_by_text("Autokar z Krakowa").first).to_be_visible()

    # One seat on the coach, and it is taken.
    page.goto(f"/events/{slug}")
    expect(page.get_by_role("radio", name=re.compile("Autokar z Krakowa"))).to_be_disabled()

    panel.goto(f"/panel/events/{slug}/registrations")
    rows = list(csv.reader(io.StringIO(downloaded(panel, "CSV").decode("utf-8-sig")), delimiter=";"))
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["Instytucja"], told["Dojazd"]) == ("Urząd Miasta Proszowice", "Autokar z Krakowa")
    sheet = openpyxl.load_workbook(io.BytesIO(downloaded(panel, "Excel"))).worksheets[0]
    table = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert dict(zip(table[0], table[1], strict=True))["Instytucja"] == "Urząd Miasta Proszowice"


def add_questions(panel: Page, slug: str) -> None:
    """The ready-made institution, made needed, and an own one with a limit."""
    panel.goto(f"/panel/events/{slug}")
    panel.get_by_role("link", name="Pytania").click()
    panel.get_by_label("Instytucja").check()
    panel.get_by_role("button", name="Dodaj zaznaczone").click()
    panel.get_by_role("link", name="Instytucja").click()
    panel.locator("[name=required]").check()
    panel.locator("[name=required_purpose]").fill("Do budynku wchodzą tylko osoby zapowiedziane z instytucją.")
    panel.get_by_role("button", name="Zapisz").click()
    panel.locator("select[name=kind]").select_option("one_of")
    panel.get_by_role("button", name="Przejdź do pytania").click()
    panel.locator("[name=label]").fill("Dojazd")
    panel.get_by_label("Odpowiedź 1", exact=True).fill("Autokar z Krakowa")
    panel.get_by_label("Limit Odpowiedź 1").fill("1")
    panel.get_by_label("Odpowiedź 2", exact=True).fill("Dojazd własny")
    panel.locator("[name=purpose]").fill("zamówienie autokaru")
    panel.get_by_role("button", name="Zapisz").click()
    expect(panel.get_by_role("link", name="Dojazd")).to_be_visible()


def text_of(mail: Message) -> str:
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def downloaded(panel: Page, name: str) -> bytes:
    with panel.expect_download() as waiting:
        panel.get_by_role("link", name=name, exact=True).click()
    return Path(waiting.value.path()).read_bytes()
