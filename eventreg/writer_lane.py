"""Where writers of one SQLite file queue before BEGIN IMMEDIATE: those of one process in the order in which they came.

SQLite lets only one write at a time, and who finds it busy sleeps ever longer before the next look: of several who want
to write at once some wait a second and more while newcomers pass them. Here nobody sleeps longer than LOOK_SECONDS.
Between processes the next look decides, which is fair enough where each leaves a gap between two writes.

It is a courtesy: the database's own lock guards it, also against everybody who does not queue (a migration, another
program). Where the file of the lane cannot be used, writers go on without it.
"""

import fcntl
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Condition

from sqlalchemy.exc import TimeoutError as PoolTimeoutError

LOOK_SECONDS = 0.001
"""How long a process that finds another one writing waits before it looks again."""


class LaneClosedError(PoolTimeoutError):
    """Nobody got through in the time given: the writer before did not finish. Told like a busy database (503)."""

    def __init__(self) -> None:
        super().__init__("the database is busy: another program is writing to it")


class WriterLane:
    """The queue before one database. `seconds`: how long somebody stands in it at most."""

    def __init__(self, database: Path, seconds: float) -> None:
        self._database = database
        self._path = database.with_name(f"{database.name}-lane")
        self._seconds = seconds
        self._line: deque[object] = deque()
        self._moved = Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Mine to write, until the end. Raises LaneClosedError."""
        ends = time.monotonic() + self._seconds
        ticket = object()
        try:
            with self._moved:
                self._line.append(ticket)
                if not self._moved.wait_for(lambda: self._line[0] is ticket, ends - time.monotonic()):
                    raise LaneClosedError
            handle = self._alone_among_processes(ends)
            try:
                yield
            finally:
                if handle is not None:
                    fcntl.flock(handle, fcntl.LOCK_UN)
                    os.close(handle)
        finally:
            with self._moved:
                with suppress(ValueError):  # interrupted before it stood in the line
                    self._line.remove(ticket)
                self._moved.notify_all()

    def _alone_among_processes(self, ends: float) -> int | None:
        """The open file whose lock is held; a process that dies gives it back. None: there is no lane."""
        try:
            handle = self._open()
        except OSError:
            return None
        try:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return handle
                except BlockingIOError:
                    if time.monotonic() >= ends:
                        raise LaneClosedError from None
                    time.sleep(LOOK_SECONDS)
        except OSError:  # a file system without such locks
            os.close(handle)
            return None
        except BaseException:
            os.close(handle)
            raise

    def _open(self) -> int:
        """The lane's file, open to those to whom the database is, whoever made it first (root, in a command)."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with suppress(OSError):
            wanted, ours = self._database.stat(), os.fstat(handle)
            if (wanted.st_uid, wanted.st_gid) != (ours.st_uid, ours.st_gid):
                os.fchown(handle, wanted.st_uid, wanted.st_gid)
            if wanted.st_mode & 0o666 != ours.st_mode & 0o777:
                os.fchmod(handle, wanted.st_mode & 0o666)
        return handle
