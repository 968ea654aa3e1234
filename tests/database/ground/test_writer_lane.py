"""Writers of one SQLite file come one after the other, in the order in which they came, of whatever process."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from eventreg.writer_lane import LaneClosedError, WriterLane

HOLDER = """
import sys, time
from pathlib import Path
from eventreg.writer_lane import WriterLane
with WriterLane(Path(sys.argv[1]), 10).turn():
    print("mine", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "eventreg.sqlite"


def test_first_come_first_served(database: Path) -> None:
    lane, order = WriterLane(database, 10), []
    threads = []
    with lane.turn():
        for number in range(8):
            thread = threading.Thread(target=lambda number=number: _note(lane, order, number))
            thread.start()
            threads.append(thread)
            while len(lane._line) < number + 2:  # it stands in the line before the next one comes
                time.sleep(0.001)
        assert order == []
    for thread in threads:
        thread.join(10)
    assert order == list(range(8))


def _note(lane: WriterLane, order: list[int], number: int) -> None:
    with lane.turn():
        order.append(number)


def test_never_two_at_once(database: Path) -> None:
    lanes = [WriterLane(database, 10), WriterLane(database, 10)]  # as of two processes
    inside, most = 0, 0
    guard = threading.Lock()

    def write(lane: WriterLane) -> None:
        nonlocal inside, most
        for _ in range(20):
            with lane.turn():
                with guard:
                    inside += 1
                    most = max(most, inside)
                with guard:
                    inside -= 1

    threads = [threading.Thread(target=write, args=(lanes[number % 2],)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (inside, most) == (0, 1)


def test_a_writer_that_does_not_finish_is_not_waited_for_without_end(database: Path) -> None:
    lane, other = WriterLane(database, 0.05), WriterLane(database, 0.05)
    with lane.turn():
        with pytest.raises(LaneClosedError), other.turn():  # of another process
            raise AssertionError("two write at once")
        failed = []
        thread = threading.Thread(target=lambda: failed.append(_is_refused(lane)))
        thread.start()
        thread.join(10)
        assert failed == [True]
    with lane.turn():  # who gave up left the line
        assert len(lane._line) == 1


def _is_refused(lane: WriterLane) -> bool:
    try:
        with lane.turn():
            return False
    except LaneClosedError:
        return True


def test_a_process_that_is_killed_holds_up_nobody(database: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(database)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "mine\n"
    assert _is_refused(WriterLane(database, 0.05))
    holder.kill()
    holder.wait(10)
    with WriterLane(database, 5).turn():
        assert database.with_name("eventreg.sqlite-lane").stat().st_mode & 0o777 == 0o600


def test_the_file_of_the_lane_is_open_to_those_to_whom_the_database_is(database: Path) -> None:
    database.touch()
    database.chmod(0o660)
    with WriterLane(database, 1).turn():
        lane, kept = database.with_name("eventreg.sqlite-lane").stat(), database.stat()
        assert (lane.st_mode & 0o777, lane.st_uid, lane.st_gid) == (0o660, kept.st_uid, kept.st_gid)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_command_of_root_does_not_lock_the_service_out(database: Path) -> None:
    database.touch(mode=0o600)
    os.chown(database, 65534, 65534)
    with WriterLane(database, 1).turn():
        pass
    lane = database.with_name("eventreg.sqlite-lane").stat()
    assert (lane.st_uid, lane.st_gid, lane.st_mode & 0o777) == (65534, 65534, 0o600)


def test_without_a_usable_file_writers_go_on_without_the_lane(tmp_path: Path) -> None:
    entered = []
    with WriterLane(tmp_path / "no such folder" / "eventreg.sqlite", 1).turn():
        entered.append("folder")
    (tmp_path / "eventreg.sqlite-lane").mkdir()
    with WriterLane(tmp_path / "eventreg.sqlite", 1).turn():
        entered.append("file")
    assert entered == ["folder", "file"]


def test_an_error_inside_opens_the_lane(database: Path) -> None:
    lane = WriterLane(database, 1)
    with pytest.raises(ZeroDivisionError), lane.turn():
        raise ZeroDivisionError
    with lane.turn():
        assert len(lane._line) == 1
