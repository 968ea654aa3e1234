"""Asks a server on this machine as fast as it answers, for so many seconds and requests at most, and counts.

A process of its own, so that it takes no time from the server's interpreter: `python -m bench.load_generator` reads a
plan as JSON from standard input and writes what it counted as JSON. It speaks to 127.0.0.1 alone.
"""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field

HOST = "127.0.0.1"
LONGEST_SECONDS = 60.0
MOST_REQUESTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Plan:
    """GET `path` on `port` over that many kept-alive connections until the seconds or the requests are used up."""

    port: int
    path: str
    connections: int = 8
    seconds: float = 2.0
    requests: int = MOST_REQUESTS
    headers: dict[str, str] = field(default_factory=dict)
    numbered_header: str = ""  # gets another value in each request: as many different clients


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of it: answers by status, body bytes, and how long an answer took (milliseconds)."""

    seconds: float
    statuses: dict[str, int]
    body_bytes: int
    p50: float
    p95: float
    p99: float
    slowest: float

    @property
    def answers(self) -> int:
        """All of them."""
        return sum(self.statuses.values())

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


def run(plan: Plan) -> Counted:
    """Carry out a plan in a process of its own. Raises CalledProcessError when the server went away."""
    command = [sys.executable, "-m", "bench.load_generator"]
    done = subprocess.run(command, input=json.dumps(asdict(plan)), capture_output=True, text=True, check=True)  # noqa: S603  # ourselves
    return Counted(**json.loads(done.stdout))


async def _generate(plan: Plan) -> Counted:
    seconds = min(plan.seconds, LONGEST_SECONDS)
    left = iter(range(min(plan.requests, MOST_REQUESTS)))
    took: list[float] = []
    statuses: dict[str, int] = {}
    body_bytes = 0
    began = time.perf_counter()
    until = began + seconds

    async def ask_again_and_again() -> None:
        nonlocal body_bytes
        reader, writer = await asyncio.open_connection(HOST, plan.port, limit=64 * 1024)
        for number in left:
            sent = time.perf_counter()
            if sent >= until:
                break
            writer.write(_request(plan, number))
            status, size = await _answer(reader)
            took.append(time.perf_counter() - sent)
            statuses[status] = statuses.get(status, 0) + 1
            body_bytes += size
        writer.close()

    await asyncio.gather(*(ask_again_and_again() for _ in range(plan.connections)))
    lasted = time.perf_counter() - began
    took.sort()

    def percentile(part: float) -> float:
        return round(took[min(len(took) - 1, int(len(took) * part))] * 1000, 3)

    return Counted(lasted, statuses, body_bytes, percentile(0.5), percentile(0.95), percentile(0.99), percentile(1.0))


def _request(plan: Plan, number: int) -> bytes:
    headers = {"Host": f"localhost:{plan.port}", **plan.headers}
    if plan.numbered_header:
        headers[plan.numbered_header] = f"client-{number}"
    lines = [f"GET {plan.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("ascii")


async def _answer(reader: asyncio.StreamReader) -> tuple[str, int]:
    """Status and size of the body."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = head[9:12].decode("ascii")
    if status == "304":
        return status, 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            await reader.readexactly(int(value))
            return status, int(value)
    raise ValueError("an answer without Content-Length")


if __name__ == "__main__":
    given = Plan(**json.loads(sys.stdin.read()))
    print(json.dumps(asdict(asyncio.run(_generate(given)))))
