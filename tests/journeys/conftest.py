"""A person's way through the real thing: the program as `make run` starts it, a real browser, a real SMTP server."""

import os
import queue
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90
MAIL_SECONDS = 30


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys on one pytest-xdist worker: one server and one browser serve them all."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("journeys"))
            item.add_marker(pytest.mark.browser)


@dataclass
class Mailbox:
    """What the SMTP server took, message by message."""

    messages: list[bytes] = field(default_factory=list)
    arrived: "queue.Queue[bytes]" = field(default_factory=queue.Queue)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        content = envelope.original_content or b""
        self.messages.append(content)
        self.arrived.put(content)
        return "250 OK"

    def wait_for(self, recipient: str, check: Callable[[Message], bool] = lambda _: True) -> Message:
        """The first mail to this address that passes the check; waits for the worker."""
        deadline = time.monotonic() + MAIL_SECONDS
        while time.monotonic() < deadline:
            for content in self.messages:
                message = message_from_bytes(content)
                if recipient in str(message["To"]) and check(message):
                    return message
            try:
                self.arrived.get(timeout=0.5)
            except queue.Empty:
                continue
        raise AssertionError(f"no such mail to {recipient} within {MAIL_SECONDS} s")


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=_free_port())
    controller.start()
    box.port = controller.port  # type: ignore[attr-defined]
    yield box
    controller.stop()


@dataclass(frozen=True)
class Site:
    """The running program."""

    url: str
    email: str
    password: str
    process: "subprocess.Popen[str]"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_site(data: Path, **environ: str) -> Site:
    """Start the program in an empty data folder and wait until it answers."""
    port = _free_port()
    settings = {
        **{key: value for key, value in os.environ.items() if not key.startswith("EVENTREG_")},
        "EVENTREG_DATA_DIR": str(data),
        "EVENTREG_RATE_LIMITS": "off",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        **environ,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "serve"],
        cwd=ROOT,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=(data.parent / f"{data.name}.log").open("w"),
        text=True,
    )
    lines: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    threading.Thread(target=lambda: [lines.put(line) for line in process.stdout or ()], daemon=True).start()
    deadline = time.monotonic() + START_SECONDS
    account: re.Match[str] | None = None
    while account is None:
        assert time.monotonic() < deadline, "the program did not start in time"
        assert process.poll() is None, "the program ended at its start"
        try:
            account = re.match(r"panel account: (\S+) password: (.+)", lines.get(timeout=1))
        except queue.Empty:
            continue
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        threading.Event().wait(0.1)
    return Site(f"http://127.0.0.1:{port}", account[1], account[2].strip(), process)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, mailbox: Mailbox) -> Iterator[Site]:
    running = start_site(
        tmp_path_factory.mktemp("site") / "data",
        EVENTREG_MAIL_SERVER="127.0.0.1",
        EVENTREG_MAIL_PORT=str(mailbox.port),  # type: ignore[attr-defined]
        EVENTREG_MAIL_TLS="none",
        EVENTREG_MAIL_FROM="wydarzenia@example.org",
    )
    yield running
    running.process.terminate()
    running.process.wait(30)


def chromium_path() -> str | None:
    """The machine's Chromium, wherever it is."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing; .ci/run installs it")
        pytest.skip("no Chromium on this machine: install the package 'chromium' to run the journeys")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        running = playwright.chromium.launch(executable_path=path, args=[*flags, "--disable-quic", "--no-first-run"])
        yield running
        running.close()


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A fresh browser profile: no cookie, cold cache."""
    fresh = browser.new_context(base_url=site.url, viewport={"width": 1280, "height": 900}, locale="pl-PL")
    fresh.set_default_timeout(15_000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def _signed_in_state(browser: Browser, site: Site) -> object:
    """The cookie of one sign-in, reused: the password is hashed once."""
    fresh = browser.new_context(base_url=site.url)
    sign_in(fresh.new_page(), site)
    state = fresh.storage_state()
    fresh.close()
    return state


def sign_in(page: Page, site: Site) -> None:
    """Through the sign-in form, as a person does."""
    page.goto("/panel/sign-in")
    page.locator("input[name=email]").fill(site.email)
    page.locator("input[name=password]").fill(site.password)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/panel/**")


@pytest.fixture
def panel(browser: Browser, site: Site, _signed_in_state: dict[str, object]) -> Iterator[Page]:
    """A page of somebody who signed in."""
    fresh = browser.new_context(
        base_url=site.url,
        storage_state=_signed_in_state,  # type: ignore[arg-type]
        viewport={"width": 1280, "height": 900},
        accept_downloads=True,
    )
    fresh.set_default_timeout(15_000)
    yield fresh.new_page()
    fresh.close()
