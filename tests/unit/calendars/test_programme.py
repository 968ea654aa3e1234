"""An event with a programme: its sessions as the text of one entry, and no text without a bound."""

import pytest

from eventreg.calendars.calendar_text_rules import shortened
from eventreg.calendars.invitation import LONGEST_DESCRIPTION, publish_bytes, request_bytes
from eventreg.calendars.programme_rules import LONGEST_PROGRAMME, is_cut, programme_text
from tests.unit.calendars.calendar_reading import ANNA, content_lines, invitation, only_event

PROGRAMME = """## Dzień pierwszy

- 9.00 – **powitanie**
- 9.30 – [debata](https://example.org/debata)

## Dzień drugi

1. warsztaty
2. wnioski
"""


def test_sessions_read_as_plain_lines() -> None:
    assert programme_text(PROGRAMME) == (
        "Dzień pierwszy\n\n- 9.00 – powitanie\n- 9.30 – debata (https://example.org/debata)\n\n"
        "Dzień drugi\n\n1. warsztaty\n2. wnioski"
    )
    assert not is_cut(programme_text(PROGRAMME))


def test_a_long_programme_is_cut_after_a_whole_session() -> None:
    sessions = [
        f"- {hour}.{minute:02} – sesja o współpracy miast" for hour in range(8, 20) for minute in range(0, 60, 2)
    ]
    text = programme_text("\n".join(sessions))
    assert len(text) <= LONGEST_PROGRAMME
    assert is_cut(text)
    *kept, last = text.split("\n")
    assert last == "…"
    assert kept == sessions[: len(kept)]
    assert len(text) + len(sessions[len(kept)]) + 1 > LONGEST_PROGRAMME


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        ("", 5, ""),
        ("krótki", 6, "krótki"),
        ("jeden\ndwa\ntrzy", 13, "jeden\ndwa\n…"),
        ("jeden\n\n\ndwa", 9, "jeden\n…"),
        ("jeden dwa trzy", 10, "jeden dwa…"),
        ("\njeden dwa trzy", 11, "\njeden dwa…"),
        ("bezprzerwy" * 3, 8, "bezprze…"),
    ],
)
def test_shortening(text: str, longest: int, expected: str) -> None:
    assert shortened(text, longest) == expected
    assert len(expected) <= longest


def test_calendar_08_a_description_of_10_000_characters_is_cut_and_stays_whole_characters() -> None:
    long = "\n".join(f"Zdanie {number}: zażółć gęślą jaźń 🎓; „cytat”, koniec." for number in range(300))
    assert len(long) > 10_000
    for body in (request_bytes(invitation(description=long), ANNA), publish_bytes(invitation(description=long))):
        content_lines(body)
        told = str(only_event(body)["DESCRIPTION"])
        assert len(told) <= LONGEST_DESCRIPTION
        assert told.endswith("\n…")
        assert long.startswith(told.removesuffix("\n…"))


def test_abuse_04_a_programme_of_one_endless_line_or_of_markup_is_bounded_text() -> None:
    assert len(programme_text("a" * 20_000)) == LONGEST_PROGRAMME
    assert "<script" not in programme_text("Tekst\n\n![obraz](https://example.org/x.png)\n\n- punkt").lower()
    body = request_bytes(
        invitation(description=programme_text("x\r\nATTENDEE:mailto:eve@example.org\x00\x0bBEGIN:X")), ANNA
    )
    assert sum(line.startswith("ATTENDEE") for line in content_lines(body)) == 1
