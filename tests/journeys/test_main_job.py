"""The main job: an organiser publishes, a person signs up, the mail arrives, she cancels, the list comes out."""

import csv
import io
import re
from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl
from icalendar import Calendar
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import Mailbox, Site

WARSAW = ZoneInfo("Europe/Warsaw")
DAY = (datetime.now(WARSAW) + timedelta(days=40)).replace(hour=12, minute=0, second=0, microsecond=0)
TITLE = "Partnerstwa miast: warsztaty dla początkujących"


def publish(panel: Page, title: str = TITLE) -> str:
    """Type a new event the Polish way, publish it, give its address."""
    panel.goto("/panel/events")
    panel.get_by_role("link", name="Nowe wydarzenie").click()
    if panel.locator("select[name=organiser]").count():
        panel.get_by_role("button", name=re.compile("Dalej|organizator")).first.click()
    panel.locator("[name=title]").fill(title)
    panel.locator("[name=starts_on]").fill(f"{DAY:%d.%m.%Y}")
    panel.locator("[name=starts_clock]").fill("12.00")
    panel.locator("[name=ends_clock]").fill("13:30")
    panel.locator("[name=venue]").fill("Urząd Miasta Proszowice")
    panel.locator("[name=street]").fill("ul. 3 Maja 72")
    panel.locator("[name=postal_code]").fill("32-100")
    panel.locator("[name=city]").fill("Proszowice")
    panel.locator("[name=capacity]").fill("2")
    panel.locator("[name=venue_accessibility]").fill("Wejście bez progu, winda.")
    panel.get_by_role("button", name="Zapisz wersję roboczą").click()
    panel.get_by_role("link", name="Opublikuj").first.click()
    panel.get_by_role("button", name="Opublikuj").click()
    expect(panel.get_by_text("Opublikowane").first).to_be_visible()
    match = re.search(r"/panel/events/([a-z0-9-]+)", panel.url)
    assert match is not None
    return match[1]


def tree(message: Message) -> object:
    """The content types of a mail, as nested lists."""
    if message.is_multipart():
        return [message.get_content_type(), *(tree(part) for part in message.get_payload())]  # type: ignore[arg-type, union-attr]
    return message.get_content_type()


def calendar_part(message: Message) -> Message:
    [part] = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    return part


def entry_of(part: Message) -> Calendar:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return Calendar.from_ical(content)


def sign_up(page: Page, slug: str, name: str, email: str) -> None:
    page.goto(f"/events/{slug}")
    page.get_by_label("Imię i nazwisko").fill(name)
    page.get_by_label("Adres e-mail").fill(email)
    page.get_by_role("button", name="Zgłoś udział").click()
    page.wait_for_url("**/thanks")


def check_confirmation(mail: Message, site: Site) -> str:
    """The MIME tree and the invitation part by part; gives the link to the person's own page."""
    assert tree(mail) == [
        "multipart/mixed",
        ["multipart/alternative", "text/plain", "text/html", "text/calendar"],
        "application/ics",
    ]
    part = calendar_part(mail)
    assert part.get_param("method") == "REQUEST"
    assert part["Content-Transfer-Encoding"] == "base64"
    assert part["Content-ID"] is None
    assert part["Content-Disposition"] is None
    attachment = mail.get_payload()[1]  # type: ignore[index]
    assert attachment.get_payload(decode=True) == part.get_payload(decode=True)  # type: ignore[union-attr]
    invitation = entry_of(part)
    assert invitation["METHOD"] == "REQUEST"
    [entry] = invitation.walk("VEVENT")
    assert entry["SUMMARY"] == TITLE
    assert entry.decoded("DTSTART").astimezone(WARSAW) == DAY
    assert entry.decoded("DTEND").astimezone(WARSAW) == DAY + timedelta(minutes=90)
    assert entry["ATTENDEE"].lower() == "mailto:maria.scislo@example.org"
    assert entry["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert int(entry["SEQUENCE"]) == 0
    assert mail["Auto-Submitted"] == "auto-generated"
    [text] = [p for p in mail.walk() if p.get_content_type() == "text/plain"]
    words = text.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "Szanowni Państwo" in words
    link = re.search(re.escape(site.url) + r"/registrations/\S+", words)
    assert link is not None
    return link[0]


def test_from_publishing_to_the_exported_list(
    panel: Page, context: BrowserContext, site: Site, mailbox: Mailbox, tmp_path: Path
) -> None:
    slug = publish(panel)
    visitor = context.new_page()
    sign_up(visitor, slug, "Maria Ścisło", "maria.scislo@example.org")
    sign_up(visitor, slug, "dr Piotr Żak", "p.zak@example.org")
    visitor.goto(f"/events/{slug}")
    expect(visitor.get_by_text("Brak wolnych miejsc").first).to_be_visible()

    confirmation = mailbox.wait_for("maria.scislo@example.org")
    link = check_confirmation(confirmation, site)
    uid = entry_of(calendar_part(confirmation)).walk("VEVENT")[0]["UID"]

    visitor.goto(link)
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Udział potwierdzony")
    visitor.get_by_role("button", name="Zrezygnuj z udziału").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Zrezygnowano z udziału")
    withdrawn = mailbox.wait_for(
        "maria.scislo@example.org", lambda mail: mail["Message-ID"] != confirmation["Message-ID"]
    )
    cancel = entry_of(calendar_part(withdrawn))
    assert calendar_part(withdrawn).get_param("method") == cancel["METHOD"] == "CANCEL"
    [entry] = cancel.walk("VEVENT")
    assert (entry["UID"], entry["STATUS"], int(entry["SEQUENCE"])) == (uid, "CANCELLED", 1)

    panel.goto("/panel/events")
    row = panel.get_by_role("row").filter(has_text=TITLE)
    with panel.expect_download() as excel:
        row.get_by_role("link", name="Excel").click()
    excel.value.save_as(tmp_path / "list.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert sheet is not None
    cells = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert [
        next(value for value in line if value and "Ż" in str(value)) for line in cells if "p.zak@example.org" in line
    ]

    row.get_by_role("link", name="Zgłoszenia").click()
    with panel.expect_download() as table:
        panel.get_by_role("link", name="CSV").click()
    table.value.save_as(tmp_path / "list.csv")
    content = (tmp_path / "list.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    people = [line for line in lines if any("@example.org" in value for value in line)]
    assert any("dr Piotr Żak" in line for line in people)


def test_from_sign_in_to_the_downloaded_xlsx_in_three_clicks(context: BrowserContext, site: Site) -> None:
    page = context.new_page()
    page.goto("/panel/sign-in")
    page.locator("input[name=email]").fill(site.email)
    page.locator("input[name=password]").fill(site.password)
    page.locator("main button[type=submit]").first.click()  # 1
    page.wait_for_url("**/panel/**")
    clicks = 1
    if page.get_by_role("link", name="Excel").count() == 0:
        page.get_by_role("link", name="Wydarzenia").first.click()
        clicks += 1
    with page.expect_download() as excel:
        page.get_by_role("link", name="Excel").first.click()
    clicks += 1
    assert excel.value.suggested_filename.endswith(".xlsx")
    assert clicks <= 3
