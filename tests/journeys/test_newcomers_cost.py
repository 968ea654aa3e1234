"""What a sign-up costs a newcomer: screens, clicks, requests, bytes, cookies; by keyboard alone; without JavaScript.

Measured on the wire in a cold browser. Peers measured the same way: pretix 5 screens, 5 clicks, 20 requests, 461 kB,
one cookie; Indico 3 screens, 7 clicks, 62 requests, 2.8 MB, no way without JavaScript.
"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import Mailbox, Site

WORKSHOP = "/events/warsztaty-wspolpraca-transgraniczna"


def test_two_screens_one_click_two_fields_few_bytes_no_cookie(
    context: BrowserContext, site: Site, mailbox: Mailbox
) -> None:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    bytes_on_the_wire: list[float] = []
    hosts: dict[str, str] = {}
    session.on("Network.loadingFinished", lambda event: bytes_on_the_wire.append(event["encodedDataLength"]))
    session.on(
        "Network.requestWillBeSent",
        lambda event: hosts.update(
            {event["requestId"] + event["request"]["method"]: urlsplit(event["request"]["url"]).netloc}
        ),
    )
    from_cache: list[str] = []
    session.on("Network.requestServedFromCache", lambda event: from_cache.append(event["requestId"]))

    page.goto(WORKSHOP, wait_until="networkidle")
    visible = page.locator("form[method=post] input:visible:not([type=hidden])")
    fields = [box for box in visible.all() if (bounds := box.bounding_box()) and bounds["x"] >= 0]
    assert [box.get_attribute("name") for box in fields] == ["name", "email"]
    page.get_by_label("Imię i nazwisko").fill("Zofia Newcomer-Łęcka")
    page.get_by_label("Adres e-mail").fill("zofia.newcomer@example.org")
    page.get_by_role("button", name="Zgłoś udział").click()
    page.wait_for_url(f"**{WORKSHOP}/thanks")
    page.wait_for_load_state("networkidle")

    expect(page.get_by_role("heading", level=1)).to_have_text("Przyjęliśmy zgłoszenie.")
    assert {host for host in hosts.values() if host} == {urlsplit(site.url).netloc}  # duties 10: no foreign host
    assert 5 <= len(hosts) - len(from_cache) <= 10
    assert sum(bytes_on_the_wire) <= 150_000
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    mailbox.wait_for("zofia.newcomer@example.org")


def test_by_keyboard_alone(page: Page) -> None:
    page.goto(WORKSHOP)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "name":
            break
    page.keyboard.type("Karol Klawiatura")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "email"
    page.keyboard.type("karol.klawiatura@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{WORKSHOP}/thanks")


def test_the_skip_link_leads_to_the_content(page: Page) -> None:
    page.goto(WORKSHOP)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("path", ["/", WORKSHOP])
def test_without_javascript_and_no_sideways_scroll_at_320(browser: Browser, site: Site, path: str) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    page.goto(path)
    # Evaluated by the test tool, not by the page: its own scripts are off.
    width = page.locator("html").evaluate("element => element.scrollWidth")
    assert width <= 320
    if path == WORKSHOP:
        page.get_by_label("Imię i nazwisko").fill("Bez Skryptu")
        page.get_by_label("Adres e-mail").fill("bez.skryptu@example.org")
        page.get_by_role("button", name="Zgłoś udział").click()
        page.wait_for_url(f"**{WORKSHOP}/thanks")
    context.close()


def test_the_error_page_after_an_empty_form(page: Page) -> None:
    page.goto(WORKSHOP)
    with page.expect_response(lambda response: response.request.method == "POST") as answer:
        page.get_by_role("button", name="Zgłoś udział").click()
    assert answer.value.status == 422
    assert page.title().startswith("Błąd: ")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    links = summary.locator("a")
    assert [link.inner_text() for link in links.all()] == [
        "Proszę podać imię i nazwisko.",
        "Proszę podać adres e-mail.",
    ]
    for name, link in zip(("name", "email"), links.all(), strict=True):
        box = page.locator(f"input[name={name}]")
        assert box.get_attribute("aria-invalid") == "true"
        described = (box.get_attribute("aria-describedby") or "").split()
        assert any("Proszę podać" in page.locator(f"#{id_}").inner_text() for id_ in described)
        link.click()
        expect(box).to_be_focused()


def test_what_was_typed_is_kept(page: Page) -> None:
    page.goto(WORKSHOP)
    page.get_by_label("Imię i nazwisko").fill("Ewa Ćwik")
    page.get_by_label("Adres e-mail").fill("ewa.cwik(at)example.org")
    page.get_by_role("button", name="Zgłoś udział").click()
    expect(page.locator("input[name=name]")).to_have_value("Ewa Ćwik")
    expect(page.locator("input[name=email]")).to_have_value("ewa.cwik(at)example.org")


def test_localhost_answers_as_well(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url.replace("127.0.0.1", "localhost"))
    page = context.new_page()
    answer = page.goto(WORKSHOP)
    assert answer is not None
    assert answer.status == 200
    page.get_by_label("Imię i nazwisko").fill("Lokalna Osoba")
    page.get_by_label("Adres e-mail").fill("lokalna@example.org")
    page.get_by_role("button", name="Zgłoś udział").click()
    page.wait_for_url(f"**{WORKSHOP}/thanks")
    context.close()
