"""How the program starts and ends on a town hall's machine."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT, start_site

SERVE = [sys.executable, "-m", "flask", "--app", "app", "serve"]


def workers_of(parent: int) -> list[int]:
    """The mail workers that a running program started, by process id."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().split(b"\0")
            status = (entry / "status").read_text()
        except OSError:  # it ended while we looked
            continue
        if b"worker" in command and f"PPid:\t{parent}\n" in status:
            found.append(int(entry.name))
    return found


def wait_until_gone(process_id: int, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)  # nothing tells when a process that is not our child has ended
    return False


def test_ctrl_c_stops_server_and_worker_and_the_next_start_keeps_the_password_to_itself(tmp_path: Path) -> None:
    first = start_site(tmp_path / "data")
    assert len(first.password) >= 12
    with urllib.request.urlopen(first.url + "/readyz") as answer:  # noqa: S310  # our own http address
        assert answer.status == 200
    [worker] = workers_of(first.process.pid)
    first.process.send_signal(signal.SIGINT)
    assert first.process.wait(30) == 0
    assert wait_until_gone(worker)

    second = start_site(tmp_path / "data")
    assert second.email == first.email
    assert second.password == f"(set at first start; flask account reset {first.email})"
    [orphan] = workers_of(second.process.pid)
    second.process.kill()
    second.process.wait(30)
    assert wait_until_gone(orphan), "a worker whose program was killed must not go on alone"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "eighty"),
        ("EVENTREG_BASE_URL", "nowhere"),
        ("EVENTREG_DATABASE_URL", "mysql://x/y"),
        ("EVENTREG_DATABASE_URL", "postgresql://somebody:secret-word@127.0.0.1:1/x"),
        ("EVENTREG_DATABASE_URL", "sqlite:////proc/nowhere/x.sqlite3"),
    ],
)
def test_bad_configuration_stops_the_start_and_names_the_variable(tmp_path: Path, variable: str, value: str) -> None:
    environ = {**os.environ, "EVENTREG_DATA_DIR": str(tmp_path / "data"), variable: value}
    ended = subprocess.run(SERVE, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert ended.returncode != 0
    assert f"Error: {variable}: " in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "secret-word" not in ended.stderr


def test_a_taken_port_is_said_plainly(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        environ = {**os.environ, "EVENTREG_DATA_DIR": str(tmp_path / "data"), "PORT": str(port)}
        ended = subprocess.run(SERVE, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert ended.returncode != 0
    assert f"127.0.0.1:{port} cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr
