"""Public pages, whole and unchanged, next to an empty Flask view, a small page and a view with one query."""

from collections.abc import Iterator
from statistics import median
from urllib.request import urlopen

from flask import Flask

from bench.load_generator import Plan, Step, run
from bench.published_events import publish_conference
from bench.web_servers import served

ROUNDS = 3
ROUND_SECONDS = 2.0
SLUG = "konferencja"


def measure_pages(app: Flask) -> Iterator[str]:
    """Rates with 8 clients; the servers take turns."""
    publish_conference(SLUG, 100)
    with served(app, "bench.yardstick_apps:views") as (bare, _), served(app) as (ours, _):
        pages = {"event page": f"/events/{SLUG}", "list": "/", "calendar": "/calendar.ics"}
        plans = {name: Plan(bare, [Step(f"/{name}")], seconds=ROUND_SECONDS) for name in ("empty", "page")}
        plans["one query"] = Plan(bare, [Step("/unchanged")], seconds=ROUND_SECONDS)
        for name, path in pages.items():
            plans[name] = Plan(ours, [Step(path)], seconds=ROUND_SECONDS)
            known = {"If-None-Match": _tag(ours, path)}
            plans[f"{name}, unchanged"] = Plan(ours, [Step(path)], seconds=ROUND_SECONDS, headers=known)
        rates = _rates(plans)
    yield f"empty view {rates['empty']:.0f}/s, small page {rates['page']:.0f}/s, one query {rates['one query']:.0f}/s"
    for name in pages:
        whole, unchanged = rates[name], rates[f"{name}, unchanged"]
        yield (
            f"{name}: {whole:.0f}/s ({whole / rates['page']:.2f} of the small page), "
            f"unchanged {unchanged:.0f}/s ({unchanged / rates['one query']:.2f} of one query)"
        )


def _rates(plans: dict[str, Plan]) -> dict[str, float]:
    found: dict[str, list[float]] = {name: [] for name in plans}
    for _ in range(ROUNDS):
        for name, plan in plans.items():
            counted = run(plan)
            expected = "304" if name.endswith("unchanged") or name == "one query" else "200"
            if set(counted.statuses) != {expected}:
                raise RuntimeError(f"{name}: not {expected} alone: {counted.statuses}")
            found[name].append(counted.rate)
    return {name: median(rates) for name, rates in found.items()}


def _tag(port: int, path: str) -> str:
    with urlopen(f"http://localhost:{port}{path}") as answer:  # our own server
        return str(answer.headers["ETag"])
