"""Asks a server on this machine as fast as it answers, for so many seconds and rounds at most, and counts.

A process of its own, so that it takes no time from the server's interpreter: `python -m bench.load_generator` reads a
plan as JSON from standard input and writes what it counted as JSON. It speaks to 127.0.0.1 alone.
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

HOST = "127.0.0.1"
LONGEST_SECONDS = 60.0
MOST_ROUNDS = 1_000_000
ANSWER_SECONDS = 30
"""How long an answer may take before the run gives up."""


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a round. Without a path it follows the Location of the answer before; `{n}` in a path or in the
    form becomes the number of the round."""

    path: str = ""
    form: dict[str, str] | None = None  # given: a POST


@dataclass(frozen=True, slots=True)
class Plan:
    """Rounds of steps over that many kept-alive connections until the seconds or the rounds are used up."""

    port: int
    steps: list[Step]
    connections: int = 8
    seconds: float = 2.0
    rounds: int = MOST_ROUNDS
    headers: dict[str, str] = field(default_factory=dict)
    numbered_header: str = ""  # gets another value in each round: as many different clients


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of it: rounds by the status of their last answer, body bytes, how long a round took (milliseconds)."""

    seconds: float
    statuses: dict[str, int]
    body_bytes: int
    p50: float
    p95: float
    p99: float
    slowest: float

    @property
    def rounds(self) -> int:
        """All of them."""
        return sum(self.statuses.values())

    @property
    def rate(self) -> float:
        """Rounds a second."""
        return self.rounds / self.seconds


def run(plan: Plan) -> Counted:
    """Carry out a plan in a process of its own. Raises CalledProcessError when the server went away."""
    command = [sys.executable, "-m", "bench.load_generator"]
    done = subprocess.run(command, input=json.dumps(asdict(plan)), capture_output=True, text=True, check=True)  # noqa: S603  # ourselves
    return Counted(**json.loads(done.stdout))


async def _generate(plan: Plan) -> Counted:
    left = iter(range(min(plan.rounds, MOST_ROUNDS)))
    took: list[float] = []
    statuses: dict[str, int] = {}
    body_bytes = 0
    began = time.perf_counter()
    until = began + min(plan.seconds, LONGEST_SECONDS)

    async def go_round_and_round() -> None:
        nonlocal body_bytes
        reader, writer = await asyncio.open_connection(HOST, plan.port, limit=64 * 1024)
        for number in left:
            sent = time.perf_counter()
            if sent >= until:
                break
            status = location = ""
            for step in plan.steps:
                writer.write(_request(plan, step, location, number))
                status, size, location = await asyncio.wait_for(_answer(reader), ANSWER_SECONDS)
                body_bytes += size
            took.append(time.perf_counter() - sent)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    await asyncio.gather(*(go_round_and_round() for _ in range(plan.connections)))
    lasted = time.perf_counter() - began
    took.sort()

    def percentile(part: float) -> float:
        return round(took[min(len(took) - 1, int(len(took) * part))] * 1000, 3)

    return Counted(lasted, statuses, body_bytes, percentile(0.5), percentile(0.95), percentile(0.99), percentile(1.0))


def _request(plan: Plan, step: Step, location: str, number: int) -> bytes:
    path = (step.path or location).replace("{n}", str(number))
    headers = {"Host": f"localhost:{plan.port}", **plan.headers}
    if plan.numbered_header:
        headers[plan.numbered_header] = f"client-{number}"
    body = ""
    if step.form is not None:
        body = urlencode({name: value.replace("{n}", str(number)) for name, value in step.form.items()})
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    method = "GET" if step.form is None else "POST"
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", body]
    return "\r\n".join(lines).encode("ascii")


async def _answer(reader: asyncio.StreamReader) -> tuple[str, int, str]:
    """Status, size of the body, Location."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = head[9:12].decode("ascii")
    size, location = None, ""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            size = int(value)
        elif name.lower() == b"location":
            location = value.strip().decode("ascii")
    if status == "304":
        return status, 0, location
    if size is None:
        raise ValueError("an answer without Content-Length")
    await reader.readexactly(size)
    return status, size, location


def _plan(given: dict[str, object]) -> Plan:
    steps = [Step(**step) for step in given.pop("steps")]  # type: ignore[attr-defined]  # what `run` wrote
    return Plan(steps=steps, **given)  # type: ignore[arg-type]  # same


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(_generate(_plan(json.loads(sys.stdin.read())))))))
