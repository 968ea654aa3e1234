"""Unpacks an answer as it comes, and never by more than is wanted: a gzip bomb goes off against the limit."""

import zlib

from eventreg.external_calendars.fetch_rules import Outcome


class UnpackingError(ValueError):
    """An answer that is not unpacked; `outcome` is TOO_LARGE or ANSWER_UNREADABLE."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


class Unpacking:
    """Collects a body in its Content-Encoding: none, gzip or deflate. Holds a byte more than the limit at most."""

    def __init__(self, encoding: str, most_bytes: int) -> None:
        self._encoding = encoding.strip().lower()
        if self._encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise UnpackingError(Outcome.ANSWER_UNREADABLE)
        self._most_bytes = most_bytes
        self._body = bytearray()
        self._zlib = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in self._encoding else None

    def take(self, piece: bytes) -> None:
        """The next bytes, at least one. Raises UnpackingError."""
        if self._encoding == "deflate" and self._zlib is None:
            # Most servers mean zlib's format, as RFC 9110 8.4.1.2 says; some send it bare.
            self._zlib = zlib.decompressobj(zlib.MAX_WBITS if piece[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        if self._zlib is None:
            self._body += piece
        else:
            try:
                self._body += self._zlib.decompress(piece, self._most_bytes + 1 - len(self._body))
            except zlib.error as error:
                raise UnpackingError(Outcome.ANSWER_UNREADABLE) from error
        if len(self._body) > self._most_bytes:
            raise UnpackingError(Outcome.TOO_LARGE)
        if self._zlib is not None and self._zlib.unused_data:  # a second packed part: nobody sends a calendar so
            raise UnpackingError(Outcome.ANSWER_UNREADABLE)

    def whole(self) -> bytes:
        """All of it. Raises UnpackingError when it breaks off."""
        if self._zlib is not None and not self._zlib.eof:
            raise UnpackingError(Outcome.ANSWER_UNREADABLE)
        return bytes(self._body)
