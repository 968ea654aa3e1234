"""A person who lives on a feed: vdirsyncer fetches it over HTTP into a folder, khal shows what is in it."""

import json
import os
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

SYNC_SECONDS = 60
_VDIRSYNCER = """\
[general]
status_path = "{folder}/status/"

[pair events]
a = "site"
b = "here"
collections = null

[storage site]
type = "http"
url = "{address}"

[storage here]
type = "filesystem"
path = "{folder}/calendar/"
fileext = ".ics"
"""
_KHAL = """\
[calendars]
[[events]]
path = {folder}/calendar/
readonly = True

[sqlite]
path = {folder}/khal.db

[locale]
local_timezone = Europe/Warsaw
default_timezone = Europe/Warsaw
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """An event as khal shows it, in the hours of Warsaw."""

    start: str
    end: str
    location: str
    is_cancelled: bool = False
    is_all_day: bool = False


@dataclass(frozen=True)
class Subscriber:
    """Somebody's machine: `programs` hold vdirsyncer and khal, `folder` is her own."""

    programs: Path
    folder: Path

    def subscribe(self, address: str) -> str:
        """To the feed at this address; then the first synchronisation, and what vdirsyncer tells of it."""
        (self.folder / "calendar").mkdir(parents=True)
        (self.folder / "vdirsyncer.conf").write_text(_VDIRSYNCER.format(folder=self.folder, address=address))
        (self.folder / "khal.conf").write_text(_KHAL.format(folder=self.folder))
        self._run("vdirsyncer", "-c", f"{self.folder}/vdirsyncer.conf", "discover", "events")
        return self.synchronise()

    def synchronise(self) -> str:
        """What vdirsyncer tells of it."""
        return self._run("vdirsyncer", "-c", f"{self.folder}/vdirsyncer.conf", "sync")

    @property
    def items(self) -> dict[str, bytes]:
        """What lies in her folder."""
        return {path.name: path.read_bytes() for path in (self.folder / "calendar").glob("*.ics")}

    def agenda(self, first: date) -> dict[str, Seen]:
        """The events of a hundred days by their titles."""
        fields = ("title", "start-long-full", "end-long-full", "location", "cancelled", "all-day")
        asked = [part for name in fields for part in ("--json", name)]
        answer = self._run(
            "khal", "-c", f"{self.folder}/khal.conf", "list", "--once", *asked, first.isoformat(), "100d"
        )
        found: dict[str, Seen] = {}
        for event in (event for line in answer.splitlines() for event in json.loads(line)):
            title, start, end, location, cancelled, all_day = (event[name] for name in fields)
            assert title not in found
            found[title] = Seen(start, end, location, cancelled.strip() == "CANCELLED", all_day == "True")
        return found

    def _run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=SYNC_SECONDS,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), "LANG": "C.UTF-8", "TZ": "Pacific/Auckland"},
        )
        assert done.returncode == 0, f"{program}: {done.stdout[-1000:]}{done.stderr[-2000:]}"
        return done.stdout + done.stderr
