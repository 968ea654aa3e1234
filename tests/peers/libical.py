"""libical by ctypes: what it reads, and its judgement of an iTIP message (RFC 5546) or a feed.

`icalrestriction_check` looks at METHOD and then at each property of each event: how often it must and may occur, and
which STATUS goes with the method.
"""

import ctypes
import ctypes.util
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.peers.reading import Moment, Reading


class _Time(ctypes.Structure):
    """`struct icaltimetype` of libical 3."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("year", "month", "day", "hour", "minute", "second")),
        ("is_date", ctypes.c_int),
        ("is_daylight", ctypes.c_int),
        ("zone", ctypes.c_void_p),
    ]


_PROTOTYPES: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "icalparser_parse_string": (ctypes.c_void_p, (ctypes.c_char_p,)),
    "icalcomponent_free": (None, (ctypes.c_void_p,)),
    "icalcomponent_count_errors": (ctypes.c_int, (ctypes.c_void_p,)),
    "icalrestriction_check": (ctypes.c_int, (ctypes.c_void_p,)),
    "icalcomponent_string_to_kind": (ctypes.c_int, (ctypes.c_char_p,)),
    "icalproperty_string_to_kind": (ctypes.c_int, (ctypes.c_char_p,)),
    "icalcomponent_get_first_component": (ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_int)),
    "icalcomponent_get_next_component": (ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_int)),
    "icalcomponent_get_first_property": (ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_int)),
    "icalcomponent_get_next_property": (ctypes.c_void_p, (ctypes.c_void_p, ctypes.c_int)),
    "icalproperty_get_value_as_string": (ctypes.c_char_p, (ctypes.c_void_p,)),
    "icalcomponent_get_uid": (ctypes.c_char_p, (ctypes.c_void_p,)),
    "icalcomponent_get_summary": (ctypes.c_char_p, (ctypes.c_void_p,)),
    "icalcomponent_get_description": (ctypes.c_char_p, (ctypes.c_void_p,)),
    "icalcomponent_get_dtstart": (_Time, (ctypes.c_void_p,)),
    "icalcomponent_get_dtend": (_Time, (ctypes.c_void_p,)),
    "icaltime_as_timet_with_zone": (ctypes.c_long, (_Time, ctypes.c_void_p)),
}


@dataclass(frozen=True)
class Libical:
    """The loaded library."""

    library: ctypes.CDLL

    @classmethod
    def load(cls) -> "Libical | None":
        """None when this machine has no libical 3 (its `struct icaltimetype` is the one above)."""
        name = ctypes.util.find_library("ical")
        if name is None or ".so.3" not in name:
            return None
        library = ctypes.CDLL(name)
        for function, (result, arguments) in _PROTOTYPES.items():
            getattr(library, function).restype = result
            getattr(library, function).argtypes = arguments
        return cls(library)

    def complaints(self, calendar: bytes) -> list[str]:
        """What is wrong with a calendar; empty: libical accepts every line and every restriction is met."""
        root = self.library.icalparser_parse_string(calendar)
        assert root, "libical reads no calendar"
        try:
            accepted = self.library.icalcomponent_count_errors(root) == 0
            accepted = bool(self.library.icalrestriction_check(root)) and accepted
            found = [
                text for part in (root, *self._components(root, b"ANY")) for text in self._values(part, b"X-LIC-ERROR")
            ]
            return found or ([] if accepted else ["refused without a word"])
        finally:
            self.library.icalcomponent_free(root)

    def read(self, calendar: bytes) -> list[Reading]:
        """The events; local times by the VTIMEZONE that stands in the calendar."""
        root = self.library.icalparser_parse_string(calendar)
        assert root, "libical reads no calendar"
        try:
            return [self._reading(event) for event in self._components(root, b"VEVENT")]
        finally:
            self.library.icalcomponent_free(root)

    def _components(self, root: int, name: bytes) -> Iterator[int]:
        kind = self.library.icalcomponent_string_to_kind(name)
        component = self.library.icalcomponent_get_first_component(root, kind)
        while component:
            yield component
            component = self.library.icalcomponent_get_next_component(root, kind)

    def _values(self, component: int, name: bytes) -> Iterator[str]:
        kind = self.library.icalproperty_string_to_kind(name)
        entry = self.library.icalcomponent_get_first_property(component, kind)
        while entry:
            yield self.library.icalproperty_get_value_as_string(entry).decode()
            entry = self.library.icalcomponent_get_next_property(component, kind)

    def _reading(self, event: int) -> Reading:
        return Reading(
            uid=self.library.icalcomponent_get_uid(event).decode(),
            summary=self.library.icalcomponent_get_summary(event).decode(),
            description=(self.library.icalcomponent_get_description(event) or b"").decode(),
            status=next(self._values(event, b"STATUS")),
            start=self._moment(self.library.icalcomponent_get_dtstart(event)),
            end=self._moment(self.library.icalcomponent_get_dtend(event)),
        )

    def _moment(self, time: _Time) -> Moment:
        if time.is_date:
            return f"{time.year:04}-{time.month:02}-{time.day:02}"
        assert time.zone, "libical takes the time for a floating one"
        return int(self.library.icaltime_as_timet_with_zone(time, time.zone))
