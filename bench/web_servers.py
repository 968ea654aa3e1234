"""The web server that `flask serve` starts, with one process, on an application of the run."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from eventreg.supervising import web_command

START_SECONDS = 60


@contextmanager
def served(app: Flask, target: str = "app:app") -> Iterator[tuple[int, int]]:
    """A server on the application's database; gives its port and process id, and stops it at the end."""
    port = _free_port()
    config = app.extensions["eventreg.config"]
    environ = {
        **os.environ,
        "EVENTREG_DATA_DIR": str(config.data_dir),
        "EVENTREG_DATABASE_URL": str(config.database_url),
        "EVENTREG_SECRET_KEY": str(config.secret_key),
        "EVENTREG_RATE_LIMITS": "off",
        "EVENTREG_BASE_URL": f"http://localhost:{port}",
    }
    command = web_command("127.0.0.1", str(port), "1")
    command[-1] = target
    with Path(os.devnull).open("w") as nowhere:
        process = subprocess.Popen(command, env=environ, stdout=nowhere, stderr=nowhere)  # noqa: S603  # our own
        try:
            _wait(port, process)
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(30)


def memory_mib(pid: int) -> float:
    """What a process and its children hold in memory (resident set)."""
    children = subprocess.run(["ps", "-o", "rss=", "--ppid", str(pid), "-p", str(pid)], capture_output=True, text=True)  # noqa: S603, S607  # fixed words
    return sum(int(line) for line in children.stdout.split()) / 1024


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("the server ended at its start")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server did not start in time")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
