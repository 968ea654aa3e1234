"""Signing up: the form alone and a person's whole way, next to three bare statements on the same server.

The event has more places than anybody takes here; the rush on few places is a yardstick of its own.
"""

from collections.abc import Iterator
from statistics import median

from flask import Flask
from sqlalchemy import insert

from bench.load_generator import Counted, Plan, Step, run
from bench.published_events import publish_conference
from bench.web_servers import served
from bench.yardstick_tables import EVENT, YARD_EVENTS, create_all
from eventreg.database import db, transaction

ROUNDS = 3
ROUND_SECONDS = 3.0
CLIENTS = (1, 8, 32)
ENOUGH_PLACES = 10_000_000
SLUG = "konferencja"


def measure_sign_ups(app: Flask) -> Iterator[str]:
    """Rates at 1, 8 and 32 clients; the three servers take turns."""
    _prepare()
    with (
        served(app, "bench.yardstick_apps:raw") as (raw, _),
        served(app, "bench.yardstick_apps:core") as (core, _),
        served(app) as (ours, _),
    ):
        for clients in CLIENTS:
            yield _posts(clients, {"raw": raw, "core": core}, ours)
            whole = run(Plan(ours, _whole_way(f"{clients}-w"), clients, ROUND_SECONDS, headers=BROWSER))
            _expect(whole, "200")
            yield f"{clients} clients, page, form and answer: {whole.rate:.0f}/s, p50 {whole.p50:.1f} ms"


def _posts(clients: int, yardsticks: dict[str, int], ours: int) -> str:
    plans = {
        name: Plan(port, [Step("/sign-up", form_of(f"{clients}-{name}"))], clients, ROUND_SECONDS)
        for name, port in yardsticks.items()
    }
    rates: dict[str, list[float]] = {name: [] for name in (*plans, "ours")}
    mine: list[Counted] = []
    for number in range(ROUNDS):
        for name, plan in plans.items():
            one = run(plan)
            _expect(one, "303")
            rates[name].append(one.rate)
        post = [Step(f"/events/{SLUG}", form_of(f"{clients}-{number}"))]
        mine.append(run(Plan(ours, post, clients, ROUND_SECONDS, headers=BROWSER)))
        _expect(mine[-1], "303")
        rates["ours"].append(mine[-1].rate)
    middle = {name: median(found) for name, found in rates.items()}
    p50, p99 = median(one.p50 for one in mine), median(one.p99 for one in mine)
    return (
        f"{clients} clients, the form alone: {middle['ours']:.0f}/s, p50 {p50:.1f} ms, p99 {p99:.1f} ms; "
        f"Core {middle['core']:.0f}/s (ratio {middle['ours'] / middle['core']:.2f}), "
        f"raw {middle['raw']:.0f}/s (ratio {middle['ours'] / middle['raw']:.2f})"
    )


def _expect(counted: Counted, status: str) -> None:
    if set(counted.statuses) != {status}:
        raise RuntimeError(f"not {status} alone: {counted.statuses}")


BROWSER = {"Sec-Fetch-Site": "same-origin"}


def form_of(run_name: str) -> dict[str, str]:
    """A new person in each round."""
    return {"name": f"Anna Kowalska {run_name}-{{n}}", "email": f"osoba.{run_name}.{{n}}@example.org", "website": ""}


def _whole_way(run_name: str) -> list[Step]:
    page = f"/events/{SLUG}"
    return [Step(page), Step(page, form_of(run_name)), Step()]


def _prepare() -> None:
    with transaction() as session:
        create_all(session.connection())
        session.execute(insert(YARD_EVENTS).values(id=EVENT, capacity=ENOUGH_PLACES, taken=0))
    publish_conference(SLUG, ENOUGH_PLACES)
    db.session.remove()
