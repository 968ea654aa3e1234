"""Other people's programs that read what eventreg writes. Where one is missing its tests are skipped and say which
package is wanted; with EVENTREG_PEERS=required, as in CI, that is a failure."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

import icalendar
import pytest
import vobject

from tests.peers.generated_events import Generated, sixty_events
from tests.peers.libical import Libical
from tests.peers.reading import Reading, from_json, moment

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS_BIN = ROOT / ".venv" / "peers" / "bin"
READ_SECONDS = 60
NODE_NEEDED = 20
"""node-ical's regular expressions have the flag v."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Somebody else's program. `read`: calendars in; for each, what it understands of the events."""

    name: str
    read: Callable[[list[bytes]], list[list[Reading]]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All on one pytest-xdist worker: the sixty events are drawn once."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("peers"))


def missing(what: str) -> NoReturn:
    """Skip, or fail where every peer has to be there."""
    if os.environ.get("EVENTREG_PEERS") == "required":
        pytest.fail(what)
    pytest.skip(what)


def _read_with_script(command: list[str], calendars: list[bytes]) -> list[list[Reading]]:
    """One process for all. Its machine stands in Auckland: what is read must not depend on that."""
    answer = subprocess.run(
        command,
        input=json.dumps([calendar.decode() for calendar in calendars]),
        capture_output=True,
        text=True,
        cwd=HERE,
        env={**os.environ, "TZ": "Pacific/Auckland"},
        timeout=READ_SECONDS,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr[-2000:]
    return [[from_json(event) for event in events] for events in json.loads(answer.stdout)]


def _major_version(node: str) -> int:
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return int(told.strip().removeprefix("v").split(".")[0])


def _node_script(package: str, script: str) -> Callable[[list[bytes]], list[list[Reading]]]:
    node = shutil.which("node")
    if node is None or _major_version(node) < NODE_NEEDED:
        missing(f"no Node.js {NODE_NEEDED} or newer on this machine: install the packages 'nodejs' and 'npm'")
    if not (HERE / "node_modules" / package).is_dir():
        missing(f"{package} is not installed: `make test` does it with npm")
    return partial(_read_with_script, [node, script])


def peers_program(name: str) -> Path:
    """A program of the subscriber's own virtual environment."""
    program = PEERS_BIN / name
    if not program.exists():
        missing(f"{name} is not installed: `make test` puts it into .venv/peers")
    return program


@pytest.fixture(scope="session")
def libical() -> Libical:
    loaded = Libical.load()
    if loaded is None:
        missing("no libical 3 on this machine: install the package 'libical3'")
    return loaded


def _read_with_icalendar(calendars: list[bytes]) -> list[list[Reading]]:
    return [
        [
            Reading(
                uid=str(event["UID"]),
                summary=str(event["SUMMARY"]),
                description=str(event["DESCRIPTION"]),
                status=str(event["STATUS"]),
                start=moment(event["DTSTART"].dt),
                end=moment(event["DTEND"].dt),
            )
            for event in icalendar.Calendar.from_ical(calendar).walk("VEVENT")
        ]
        for calendar in calendars
    ]


def _read_with_vobject(calendars: list[bytes]) -> list[list[Reading]]:
    return [
        [
            Reading(
                uid=event.uid.value,
                summary=event.summary.value,
                description=event.description.value,
                status=event.status.value,
                start=moment(event.dtstart.value),
                end=moment(event.dtend.value),
            )
            for event in vobject.readOne(calendar.decode()).vevent_list
        ]
        for calendar in calendars
    ]


PEERS = ("icalendar", "vobject", "ical.js", "node-ical", "libical", "khal")


@pytest.fixture(scope="session", params=PEERS)
def peer(request: pytest.FixtureRequest) -> Peer:
    """One after the other."""
    match request.param:
        case "icalendar":
            read = _read_with_icalendar
        case "vobject":
            read = _read_with_vobject
        case "ical.js":
            read = _node_script("ical.js", "read_with_ical_js.mjs")
        case "node-ical":
            read = _node_script("node-ical", "read_with_node_ical.mjs")
        case "libical":
            library = request.getfixturevalue("libical")
            read = lambda calendars: [library.read(calendar) for calendar in calendars]  # noqa: E731
        case "khal":
            read = partial(_read_with_script, [str(peers_program("python")), "read_with_khal.py"])
    return Peer(request.param, read)


@pytest.fixture(scope="session")
def events() -> list[Generated]:
    return sixty_events()
