"""Every page that links lead to, public and panel, Polish and English: axe finds nothing; 320 px is enough."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from tests.journeys.conftest import Site

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
NOT_A_PAGE = re.compile(r"\.(ics|atom|json|csv|xlsx|xml|txt|eml|svg|png|woff2)$|/sign-out|/static/")
PUBLIC_STARTS = (
    "/",
    "/archive",
    "/calendar",
    "/calendar?kind=workshop&city=proszowice",
    "/calendar?kind=workshop&q=" + "%C5%BC" * 60,
    "/privacy",
    "/accessibility",
    "/events/warsztaty-wspolpraca-transgraniczna",
    "/events/warsztaty-wspolpraca-transgraniczna/thanks",
    "/no-such-page",
    "/?q=nothing-like-this",
    "/panel/sign-in",
)
MOST_PAGES = 120


def shape(url: str) -> str:
    """Pages of one kind are looked at once: ids, names and queries do not make a new kind."""
    parts = urlsplit(url)
    path = re.sub(r"/\d+(?=/|$)", "/N", parts.path)
    path = re.sub(r"(/(?:panel/)?(?:events|series|organisers|privacy))/(?!new$)[a-z0-9-]+", r"\1/S", path)
    keys = sorted(pair.split("=")[0] for pair in parts.query.split("&") if pair)
    return path + ("?" + "&".join(keys) if keys else "")


def problems_of(page: Page) -> list[str]:
    """What axe and a narrow window find on the page that is open."""
    found = Axe().run(page, options=WCAG).response["violations"]
    problems = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]
    page.set_viewport_size({"width": 320, "height": 700})
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > 320:
        problems.append(f"scrolls sideways at 320 px: {width}")
    page.set_viewport_size({"width": 1280, "height": 900})
    return problems


def crawl(page: Page, site: Site, starts: Iterable[str], inside: str) -> tuple[dict[str, list[str]], set[str]]:
    """Follow links below `inside` (a pattern of paths); problems by address, and the kinds of pages seen."""
    waiting = list(starts)
    seen = {shape(start) for start in waiting}
    problems: dict[str, list[str]] = {}
    visited = 0
    while waiting and visited < MOST_PAGES:
        path = waiting.pop(0)
        answer = page.goto(path)
        visited += 1
        assert answer is not None
        assert answer.status < 500, path
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        if found := problems_of(page):
            problems[path] = found
        for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            parts = urlsplit(href)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            ours = f"{parts.scheme}://{parts.netloc}" == site.url and re.match(inside, parts.path)
            if ours and not NOT_A_PAGE.search(parts.path) and shape(target) not in seen:
                seen.add(shape(target))
                waiting.append(target)
    return problems, seen


@pytest.mark.parametrize("language", ["", "/en"])
def test_public_pages(context: BrowserContext, site: Site, language: str) -> None:
    starts = [language + start for start in PUBLIC_STARTS]
    problems, seen = crawl(context.new_page(), site, starts, inside=rf"^{language}/(?!en/|panel)")
    assert problems == {}
    assert len(seen) >= 12


@pytest.mark.parametrize("language", ["", "/en"])
def test_panel_pages(panel: Page, site: Site, language: str) -> None:
    problems, seen = crawl(panel, site, [f"{language}/panel/events"], inside=rf"^{language}/panel")
    assert problems == {}
    assert len(seen) >= 20
