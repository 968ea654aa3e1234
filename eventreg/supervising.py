"""The small process that keeps the web server and the mail worker running side by side.

`serving.serve` turns into it once the database is prepared: it imports neither Flask nor the application, so that it
costs little memory. Run as `python -m eventreg.supervising HOST PORT PROCESSES`.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from types import FrameType

WORKER_RESTART_SECONDS = 5.0
"""The pause before a mail worker that ended by itself is started again."""

STOP_SECONDS = 20.0
"""How long both may finish what they have in hand before they are killed; nothing is lost then either."""

THREADS_PER_PROCESS = 8
"""Requests that one web process answers at the same time."""

_LOOK_SECONDS = 0.2
_PR_SET_PDEATHSIG = 1  # prctl(2)


def web_command(host: str, port: str, processes: str) -> list[str]:
    """The web server, as a command."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", port),
        *("--workers", processes, "--blocking-threads", str(THREADS_PER_PROCESS), "--no-ws"),
        *("--respawn-failed-workers", "--log-level", "error", "app:app"),
    ]


WORKER_COMMAND = [sys.executable, "-m", "flask", "--app", "app", "worker"]


class Supervisor:
    """Starts both, waits for SIGINT or SIGTERM or the end of the web server, stops both."""

    def __init__(self, web: list[str], worker: list[str]) -> None:
        self._web_command = web
        self._worker_command = worker
        self._stopping = False

    def run(self) -> int:
        """The exit status: 0 after a signal, 1 when the web server ended by itself."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        web, worker = _start(self._web_command), _start(self._worker_command)
        restart_at: float | None = None
        while not self._stopping and web.poll() is None:
            if worker.poll() is not None:
                restart_at = restart_at or time.monotonic() + WORKER_RESTART_SECONDS
                if time.monotonic() >= restart_at:
                    worker, restart_at = _start(self._worker_command), None
            time.sleep(_LOOK_SECONDS)
        ended_by_itself = not self._stopping
        _end([web, worker])
        return 1 if ended_by_itself else 0

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    """A child in a session of its own: Ctrl-C reaches us alone, and we stop it in order."""
    # This process has one thread, so preexec_fn is safe here.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: S603  # ours


def _end_with_parent() -> None:
    """Linux sends the child SIGTERM when we end in whatever way, even by `kill -9`: no orphan goes on."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(children: "list[subprocess.Popen[bytes]]") -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()


if __name__ == "__main__":
    os.environ.pop("FLASK_APP", None)
    sys.exit(Supervisor(web_command(*sys.argv[1:4]), WORKER_COMMAND).run())
