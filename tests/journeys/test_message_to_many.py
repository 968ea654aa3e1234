"""An organiser writes to 3,000 people and watches the bar, while the mail server goes away for a while."""

import re
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, create_engine, func, insert, select, update

from eventreg.events.models import Event
from eventreg.outbox.models import Mail, WorkerHeartbeat
from eventreg.registrations.models import Registration
from tests.journeys.conftest import Mailbox, _free_port, sign_in, start_site

RECIPIENTS = 3000
PATIENCE_SECONDS = 300


class MailServerThatGoesAway(Mailbox):
    """A mail server that can be pulled out in the middle of everything, and comes back at the same port."""

    def __init__(self) -> None:
        super().__init__()
        self.port = _free_port()
        self.connections: set[Any] = set()
        self.come_back()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's
        self.connections.add(server.transport)
        return await super().handle_DATA(server, session, envelope)

    def come_back(self) -> None:
        """Takes mails."""
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def go_away(self) -> None:
        """Breaks every connection and takes no new ones."""
        broken = threading.Event()

        def hang_up() -> None:
            while self.connections:
                self.connections.pop().close()
            broken.set()

        self.controller.loop.call_soon_threadsafe(hang_up)
        assert broken.wait(10)
        self.controller.stop()


@dataclass(frozen=True)
class Office:
    """The running program with its database, an event with 3,000 people, and somebody who signed in."""

    page: Page
    slug: str
    database: Engine
    server: MailServerThatGoesAway


@pytest.fixture
def office(browser: Browser, tmp_path: Path) -> Iterator[Office]:
    server = MailServerThatGoesAway()
    site = start_site(
        tmp_path / "data",
        EVENTREG_MAIL_SERVER="127.0.0.1",
        EVENTREG_MAIL_PORT=str(server.port),
        EVENTREG_MAIL_TLS="none",
        EVENTREG_MAIL_FROM="wydarzenia@example.org",
        EVENTREG_MAIL_PER_MINUTE="100000",
    )
    database = create_engine(f"sqlite:///{tmp_path / 'data' / 'eventreg.sqlite3'}")
    context = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900}, locale="pl-PL")
    context.set_default_timeout(30_000)
    try:
        page = context.new_page()
        sign_in(page, site)
        yield Office(page, event_with_people(database), database, server)
    finally:
        context.close()
        site.process.terminate()
        site.process.wait(30)
        database.dispose()
        server.controller.stop()


def event_with_people(database: Engine) -> str:
    """An event of the samples that nobody has signed up for, with 3,000 people put in at once."""
    now = datetime.now(UTC)
    taken = select(Registration.event_id)
    with writing(database) as connection:
        event = connection.execute(
            select(Event.id, Event.slug)
            .where(Event.state == "published", Event.starts_at > now, Event.id.not_in(taken))
            .order_by(Event.id)
        ).first()
        connection.execute(insert(Registration), [person(event.id, number, now) for number in range(RECIPIENTS)])
        connection.execute(update(Event).where(Event.id == event.id).values(capacity=None, places_taken=RECIPIENTS))
    return str(event.slug)


def person(event_id: int, number: int, now: datetime) -> dict[str, object]:
    name, address = f"Uczestniczka Numer-{number}", f"osoba{number}@poczta.example.org"
    return {
        "event_id": event_id,
        "state": "confirmed",
        "holds_place": True,
        "name": name,
        "name_key": name.lower(),
        "surname": f"Numer-{number}",
        "sort_key": f"numer {number:05}",
        "email": address,
        "address_key": address,
        "quota_key": address,
        "uid": f"{secrets.token_hex(16)}@example.org",
        "link_key": secrets.token_urlsafe(16),
        "created_at": now,
        "confirmed_at": now,
    }


@contextmanager
def writing(database: Engine) -> Iterator[Any]:
    with database.connect().execution_options(write=True) as connection:
        yield connection
        connection.commit()


def wait_until(page: Page, happened: Callable[[], bool], what: str) -> None:
    """Looks again and again; the browser goes on meanwhile."""
    for _ in range(PATIENCE_SECONDS * 5):
        if happened():
            return
        page.wait_for_timeout(200)
    raise AssertionError(f"{what}: not within {PATIENCE_SECONDS} s")


def test_a_message_to_3000_survives_a_mail_server_that_goes_away(office: Office) -> None:
    page = office.page
    write_the_message(page, office.slug)
    page.get_by_role("button", name=re.compile(r"Wyślij na\s3\s?000 adresów")).click()
    expect(page.locator("progress")).to_be_visible()
    opened_at = page.evaluate("performance.timeOrigin")
    sent = page.locator("[data-figure=sent]")
    wait_until(page, lambda: int(sent.inner_text()) > 300, "the bar lives")
    office.server.go_away()
    wait_until(page, lambda: is_away(office.database), "the site notices that the server is away")
    assert page.evaluate("performance.timeOrigin") == opened_at, "the bar lives without a new page"
    delivered_before = len(office.server.messages)
    assert delivered_before < RECIPIENTS
    office.server.come_back()
    expect(page.locator("main .state").nth(1)).to_have_text("Wysłana", timeout=PATIENCE_SECONDS * 1000)
    assert sent.inner_text() == str(RECIPIENTS)
    assert page.locator("[data-figure=failed]").inner_text() == "0"
    expect(page.get_by_text("Czas wysyłki")).to_be_visible()
    assert len(office.server.messages) > delivered_before
    everybody_got_it_once(office)


def write_the_message(page: Page, slug: str) -> None:
    page.goto(f"/panel/events/{slug}")
    page.get_by_role("link", name="Wiadomości", exact=True).click()
    page.get_by_role("link", name="Napisz wiadomość").click()
    page.get_by_label("Temat").fill("Zmiana sali: {wydarzenie}")
    page.get_by_label("Treść").fill("Dzień dobry, {imię i nazwisko}!\n\nSpotykamy się w sali 12.\n\n{link}")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.get_by_text(re.compile(r"Odbiorca 1\sz\s3000"))).to_be_visible()
    expect(page.frame_locator("iframe").get_by_text("Dzień dobry, Uczestniczka Numer-0!")).to_be_visible()


def is_away(database: Engine) -> bool:
    with database.connect() as connection:
        return connection.scalar(select(func.count(WorkerHeartbeat.mail_server_away_since))) == 1


def everybody_got_it_once(office: Office) -> None:
    parser = BytesHeaderParser()
    headers = [parser.parsebytes(content) for content in office.server.messages]
    recipients = Counter(str(header["To"]).rpartition("<")[2].rstrip(">") for header in headers)
    assert recipients == Counter({f"osoba{number}@poczta.example.org": 1 for number in range(RECIPIENTS)})
    assert len({header["Message-ID"] for header in headers}) == RECIPIENTS
    with office.database.connect() as connection:
        states = connection.execute(select(Mail.state, func.count()).where(Mail.is_bulk).group_by(Mail.state)).all()
    assert [tuple(row) for row in states] == [("sent", RECIPIENTS)]
