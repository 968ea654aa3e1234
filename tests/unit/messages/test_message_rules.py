"""What an organiser may write, and how placeholders are filled in."""

import pytest

from eventreg.messages.message_rules import (
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    NEW_LINE,
    WORDS,
    Figures,
    Piece,
    Placeholder,
    Refused,
    TextRefusal,
    check_subject,
    check_text,
    filled_line,
    paragraphs_of,
    plain,
    state_shown,
)

VALUES = {
    Placeholder.NAME: (Piece("Żaneta Łęcka"),),
    Placeholder.EVENT: (Piece("Warsztaty"),),
    Placeholder.DATE: (Piece("środa, 9 grudnia 2026 r."),),
    Placeholder.PLACE: (Piece("Proszowice"),),
    Placeholder.ORGANISER: (Piece("Urząd"),),
    Placeholder.LINK: (Piece("https://example.org/x", "https://example.org/x"),),
}


def text_of(text: str) -> str:
    return "\n\n".join(plain(pieces) for pieces in paragraphs_of(text, VALUES))


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_placeholder_of_the_list_is_filled_in(language: str) -> None:
    for placeholder, word in WORDS[language].items():
        assert text_of(f"a {{{word}}} b") == f"a {VALUES[placeholder][0].text} b"
        assert check_text(f"{{{word}}}") is None


def test_a_placeholder_may_be_typed_with_capitals_and_blanks() -> None:
    assert text_of("{ Imię  i nazwisko }, {NAME}") == "Żaneta Łęcka, Żaneta Łęcka"


@pytest.mark.parametrize(
    "written",
    [
        "{nazwa}",
        "{{ name }}",
        "{{7*7}}",
        "{name!r}",
        "{name.__class__.__init__.__globals__}",
        "{0}",
        "{}",
        "{% include 'base.html' %}",
        "{name:>1000000000}",
    ],
)
def test_abuse_05_what_is_no_placeholder_of_the_list_is_refused_by_its_name(written: str) -> None:
    found = written[: written.rindex("}") + 1]
    assert check_text(f"Dzień dobry {written} dalej") == Refused(TextRefusal.UNKNOWN_PLACEHOLDER, found)
    assert check_subject(f"Dzień dobry {written}") == Refused(TextRefusal.UNKNOWN_PLACEHOLDER, found)
    assert text_of(f"a {written} b") == f"a {written} b", "and it would stay a text"


@pytest.mark.parametrize("text", ["%(name)s %s $name ${name", "a } b", "{ otwarta", "set = {1\n2}"])
def test_abuse_05_other_notations_are_text(text: str) -> None:
    assert check_text(text) is None
    assert text_of(text) == text


def test_abuse_05_what_is_put_in_is_not_searched_again() -> None:
    values = {**VALUES, Placeholder.NAME: (Piece("{link} {{event}} https://evil.example"),)}
    (pieces,) = paragraphs_of("{name}", values)
    assert pieces == [Piece("{link} {{event}} https://evil.example")]
    assert filled_line("{name}", values) == "{link} {{event}} https://evil.example"


@pytest.mark.parametrize("separator", ["\r\n", "\n", "\r", "\v", "\u2028", "\u2029", "\x85", "\0"])
def test_abuse_02_a_subject_is_one_line(separator: str) -> None:
    assert check_subject(f"Zmiana{separator}Bcc: x@example.org") == Refused(TextRefusal.CONTROL_CHARACTER)


def test_subjects_and_texts_have_bounds() -> None:
    assert check_subject("a" * LONGEST_SUBJECT) is None
    assert check_subject("a" * (LONGEST_SUBJECT + 1)) == Refused(TextRefusal.TOO_LONG)
    assert check_subject("  ") == Refused(TextRefusal.EMPTY)
    assert check_text("a" * LONGEST_TEXT) is None
    assert check_text("a" * (LONGEST_TEXT + 1)) == Refused(TextRefusal.TOO_LONG)
    assert check_text("\n \n") == Refused(TextRefusal.EMPTY)
    assert check_text("a\tb\n\nc") is None
    assert check_text("a\x07b") == Refused(TextRefusal.CONTROL_CHARACTER)


def test_a_persons_link_never_stands_in_a_subject() -> None:
    assert check_subject("Zobacz {link}") == Refused(TextRefusal.LINK_IN_SUBJECT, "{link}")


def test_paragraphs_lines_and_links() -> None:
    text = "Dzień dobry,\nzapraszamy.\n\n \nMapa: https://example.org/mapa?a=1, (http://example.org/b). Koniec\n"
    assert paragraphs_of(text, VALUES) == [
        [Piece("Dzień dobry,"), NEW_LINE, Piece("zapraszamy.")],
        [
            Piece("Mapa: "),
            Piece("https://example.org/mapa?a=1", "https://example.org/mapa?a=1"),
            Piece(", ("),
            Piece("http://example.org/b", "http://example.org/b"),
            Piece("). Koniec"),
        ],
    ]


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org", "HTTPS:/x"])
def test_abuse_06_only_web_addresses_become_links(text: str) -> None:
    assert [piece.href for pieces in paragraphs_of(text, VALUES) for piece in pieces] == [""]


def test_a_filled_subject_stays_one_line() -> None:
    assert filled_line("{event}:  {name}", {**VALUES, Placeholder.NAME: (Piece("A\nB"),)}) == "Warsztaty: A B"


def test_figures_count_the_states_of_the_outbox() -> None:
    states = {"sent": 3, "filed": 1, "failed": 2, "queued": 5, "sending": 1, "held": 4, "stopped": 7, "superseded": 1}
    figures = Figures.of(states)
    assert figures == Figures(sent=4, failed=2, waiting=10, stopped=8)
    assert (figures.total, figures.settled) == (24, 14)


@pytest.mark.parametrize(
    ("state", "waiting", "shown"),
    [
        ("sending", 1, "sending"),
        ("sending", 0, "done"),
        ("paused", 1, "paused"),
        ("paused", 0, "done"),
        ("stopped", 0, "stopped"),
        ("draft", 0, "draft"),
    ],
)
def test_a_message_of_which_nothing_is_left_reads_as_done(state: str, waiting: int, shown: str) -> None:
    assert state_shown(state, Figures(sent=1, waiting=waiting)) == shown
