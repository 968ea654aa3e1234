"""Runs the yardsticks named on the command line, or all."""

import sys
from collections.abc import Callable, Iterator

from flask import Flask

from bench.empty_databases import empty_applications
from bench.feed_yardstick import measure_feeds
from bench.page_yardstick import measure_pages
from bench.reminder_yardstick import measure_reminders
from bench.rush_yardstick import measure_rush
from bench.sign_up_yardstick import measure_sign_ups

YARDSTICKS: dict[str, Callable[[Flask], Iterator[str]]] = {
    "reminders": measure_reminders,
    "feeds": measure_feeds,
    "pages": measure_pages,
    "sign-ups": measure_sign_ups,
    "rush": measure_rush,
}


def main(names: list[str]) -> int:
    """Print each yardstick's figures on both databases; 2 for a name that is none."""
    unknown = sorted(set(names) - YARDSTICKS.keys())
    if unknown:
        print(f"No such yardstick: {', '.join(unknown)}. There are: {', '.join(YARDSTICKS)}.", file=sys.stderr)
        return 2
    for name in names or YARDSTICKS:
        for database, app in empty_applications():
            print(f"{name} on {database}", flush=True)
            with app.app_context():
                for line in YARDSTICKS[name](app):
                    print(f"  {line}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
