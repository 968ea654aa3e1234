"""The pages behind the links of mails, in a real browser: a mail scanner with JavaScript changes nothing (abuse 24),
and axe finds nothing on them."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from werkzeug.serving import make_server

from eventreg.database import Base, db
from eventreg.events.models import Event
from eventreg.outbox.composing import words_of
from eventreg.outbox.facts_reading import facts_from_json
from eventreg.outbox.models import Mail
from eventreg.registrations.address_changing import ask_address_change
from eventreg.registrations.approval import decline
from eventreg.registrations.cancelling import cancel_registration
from eventreg.registrations.finding_links import mail_links
from eventreg.registrations.models import Registration
from eventreg.registrations.sign_up import sign_up
from eventreg.registrations.sign_up_rules import SignUpRequest
from eventreg.registrations.substitution import Substitute, substitute
from tests.factories import Factory
from tests.journeys.test_accessibility import problems_of

LINK = re.compile(r"http://localhost(/[^\s\"'<>]*(?:registrations|address-change)/[^\s\"'<>]+)")


@dataclass(frozen=True)
class Served:
    """An application with people in every state, behind a real port; `links` are those of all its mails."""

    url: str
    links: list[str]


@pytest.fixture
def served(app: Flask) -> Iterator[Served]:
    _people_in_every_state(datetime.now(UTC).replace(microsecond=0))
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Served(f"http://localhost:{server.server_port}", _links_of_all_mails())
    server.shutdown()
    thread.join()


def _people_in_every_state(now: datetime) -> None:
    factory = Factory(now)
    account = factory.account()

    def come(event: Event, *names: str) -> list[Registration]:
        for name in names:
            email = name.split()[-1].lower().translate(str.maketrans("ąćęłńóśźż", "acelnoszz")) + "@example.org"
            sign_up(event.id, SignUpRequest(name, email, "pl"), now)
        found = db.session.scalars(select(Registration).where(Registration.event_id == event.id))
        return sorted(found, key=lambda person: person.id)

    offers = factory.event(capacity=1, waiting_list="when_full", promotion="offer")
    first, *_others = come(offers, "Anna Nowak", "Jan Bąk", "Ewa Lis")
    cancel_registration(first.id, now, by="person")  # the next in line is offered the place
    come(factory.event(confirm_hours=5), "Ola Kot")
    decided = factory.event(approval=True)
    _pending, unlucky = come(decided, "Iza Mak", "Adam Wilk")
    decline(decided.id, [unlucky.id], "Pierwszeństwo mają gminy.", account.id, now)
    open_to_all = factory.event()
    old, moving = come(open_to_all, "Piotr Dąb", "Zofia Sowa")
    substitute(old.id, Substitute("Maria Lato", "lato@example.org", "pl"), now + timedelta(seconds=1))
    ask_address_change(moving.id, "nowa@example.org", now)
    mail_links("sowa@example.org", "en", now)


def _links_of_all_mails() -> list[str]:
    db.session.rollback()
    found: dict[str, None] = {}
    for mail in db.session.scalars(select(Mail).order_by(Mail.id)):
        words = words_of(mail.occasion, facts_from_json(mail.facts), mail.language)
        found.update(dict.fromkeys(LINK.findall(words.text) + LINK.findall(words.html)))
    return list(found)


def _everything() -> list[Any]:
    db.session.rollback()
    tables = [Base.metadata.tables[name] for name in ("registrations", "events", "mails", "address_changes", "answers")]
    return [[tuple(row) for row in db.session.execute(select(*table.columns))] for table in tables]


@pytest.fixture
def page(browser: Browser, served: Served) -> Iterator[Page]:
    context = browser.new_context(base_url=served.url, locale="pl-PL", accept_downloads=True)
    yield context.new_page()
    context.close()


def _pages_behind(page: Page, link: str) -> list[str]:
    """The pages that a personal link leads to within itself."""
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    paths = {urlsplit(href).path for href in hrefs}
    return sorted(path for path in paths if path.startswith(link.split("/event.ics")[0]) and path != link)


def test_abuse_24_a_scanner_that_opens_every_link_of_every_mail_changes_nothing(page: Page, served: Served) -> None:
    before = _everything()
    assert len(served.links) >= 14
    opened = 0
    for link in served.links:
        if link.endswith(".ics"):
            assert page.request.get(link).status in (200, 404)  # 404: cancelled since
            continue
        answer = page.goto(link, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200, link
        for inner in _pages_behind(page, link):
            if inner.endswith((".ics", ".json")):
                assert page.request.get(inner).status == 200
            else:
                page.goto(inner, wait_until="networkidle")
        opened += 1
    assert opened >= 10
    assert _everything() == before


@pytest.mark.parametrize("language", ["", "/en"])
def test_axe_finds_nothing_on_the_pages_behind_the_links(page: Page, served: Served, language: str) -> None:
    problems: dict[str, list[str]] = {}
    titles = set()
    for link in [*served.links, "/find-registration", "/find-registration/sent"]:
        if link.endswith(".ics") or link.startswith("/en"):
            continue
        page.goto(language + link)
        inside = [inner for inner in _pages_behind(page, language + link) if not inner.endswith((".ics", ".json"))]
        for address in [language + link, *inside]:
            page.goto(address)
            if page.title() not in titles:
                titles.add(page.title())
                if found := problems_of(page):
                    problems[page.title()] = found
    assert problems == {}
    assert len(titles) >= 12
