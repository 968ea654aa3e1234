"""Where writers of one SQLite file queue before BEGIN IMMEDIATE: those of this process in a line, processes by turns.

SQLite lets only one write at a time, and who finds it busy sleeps ever longer before the next look: of several who want
to write at once some wait a second and more while newcomers pass them. Here nobody sleeps longer than LOOK_SECONDS.
The database's own lock still guards it against everybody who does not queue (another program, a migration).
"""

import fcntl
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition

from sqlalchemy.exc import TimeoutError as PoolTimeoutError

LOOK_SECONDS = 0.001
"""How long a process that finds another one writing waits before it looks again."""


class LaneClosedError(PoolTimeoutError):
    """Nobody got through in the time given: the writer before did not finish. Told like a busy database (503)."""


class WriterLane:
    """The queue before one database. `seconds`: how long somebody stands in it at most."""

    def __init__(self, database: Path, seconds: float) -> None:
        self._path = database.with_name(f"{database.name}-lane")
        self._seconds = seconds
        self._line: deque[object] = deque()
        self._moved = Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Mine to write, until the end. First come, first served; raises LaneClosedError."""
        ends = time.monotonic() + self._seconds
        ticket = object()
        with self._moved:
            self._line.append(ticket)
        try:
            with self._moved:
                if not self._moved.wait_for(lambda: self._line[0] is ticket, ends - time.monotonic()):
                    raise LaneClosedError
            handle = self._alone_among_processes(ends)
            try:
                yield
            finally:
                os.close(handle)  # gives the lock back
        finally:
            with self._moved:
                self._line.remove(ticket)
                self._moved.notify_all()

    def _alone_among_processes(self, ends: float) -> int:
        """The open file whose lock is held. The system takes it back from a process that dies."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return handle
            except BlockingIOError:
                if time.monotonic() >= ends:
                    os.close(handle)
                    raise LaneClosedError from None
                time.sleep(LOOK_SECONDS)
