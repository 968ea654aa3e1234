"""The pages of a message, with axe and in a narrow window; the crawl of all pages never writes one."""

import pytest
from playwright.sync_api import Page

from tests.journeys.test_accessibility import problems_of

EVENT = "/panel/events/warsztaty-wspolpraca-transgraniczna"


@pytest.mark.parametrize(
    ("language", "subject", "text", "save", "send"),
    [
        ("", "Temat", "Treść", "Zapisz i pokaż podgląd", "Wyślij na"),
        ("/en", "Subject", "Text", "Save and preview", "Send to"),
    ],
)
def test_draft_error_and_progress(panel: Page, language: str, subject: str, text: str, save: str, send: str) -> None:
    problems: dict[str, list[str]] = {}
    panel.goto(f"{language}{EVENT}/messages/new")
    panel.get_by_label(text, exact=True).fill("{{ 7*7 }}")
    panel.get_by_role("button", name=save).click()
    panel.locator("#error-summary").wait_for()
    problems["error"] = problems_of(panel)
    panel.get_by_label(subject, exact=True).fill("Sala 12")
    panel.get_by_label(text, exact=True).fill("{name}, https://example.org")
    panel.get_by_role("button", name=save).click()
    panel.locator("iframe").wait_for()
    problems["draft"] = problems_of(panel)
    panel.get_by_role("button", name=send).click()
    panel.locator("[data-figure=sent]").wait_for()
    problems["progress or report"] = problems_of(panel)
    panel.goto(f"{language}{EVENT}/messages")
    problems["list"] = problems_of(panel)
    assert problems == {"error": [], "draft": [], "progress or report": [], "list": []}
