"""What organisers write, made safe."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventreg.events.markdown_rules import excerpt, to_html, to_text

PROGRAMME = """# Program

1. Korzyści ze współpracy i jej planowanie
2. Stałe związki: [partnerzy](https://example.org/p)
   - miasta
   - gminy

Prowadzi **dr hab. Artur Wołek**.
Zapraszamy!
"""


def test_html() -> None:
    assert to_html(PROGRAMME) == (
        "<h2>Program</h2>\n<ol>\n<li>Korzyści ze współpracy i\u00a0jej planowanie</li>\n"
        '<li>Stałe związki: <a href="https://example.org/p" rel="nofollow noopener">partnerzy</a>\n'
        "<ul>\n<li>miasta</li>\n<li>gminy</li>\n</ul>\n</li>\n</ol>\n"
        "<p>Prowadzi <strong>dr hab. Artur Wołek</strong>.<br>\nZapraszamy!</p>"
    ).replace("\u00a0", "&nbsp;")


def test_headings_begin_where_the_page_wants() -> None:
    assert to_html("## A\n\n#### B", first_heading=3) == "<h3>A</h3>\n<h5>B</h5>"
    assert to_html("# A\n\n###### B", first_heading=3) == "<h3>A</h3>\n<h6>B</h6>"


def test_a_pasted_agenda_keeps_its_lines() -> None:
    assert to_html("    9.00 Otwarcie\n    9.30 Wykład") == "<p>9.00 Otwarcie<br>\n9.30 Wykład</p>"


@pytest.mark.parametrize(
    "attack",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,x)",
        "[x](vbscript:x)",
        "<script>alert(1)</script>",
        "<img src=https://evil.example/p.gif onerror=alert(1)>",
        "![opis](https://evil.example/p.gif)",
        "![opis](data:image/png;base64,AA==)",
        "[![opis](https://evil.example/p.gif)](https://example.org)",
        "<a href='javascript:alert(1)'>x</a>",
        '[x](https://example.org "onmouseover=alert(1)")',
        "<style>*{}</style><iframe src=//evil.example></iframe>",
    ],
)
def test_abuse_06_nothing_active_and_nothing_remote(attack: str) -> None:
    html = to_html(attack)
    tags = re.findall(r"<[^>]*>", html)
    assert not re.search(r"<(img|script|iframe|style|object|svg)", html)
    for tag in tags:
        assert "javascript" not in tag.lower()
        assert "evil.example" not in tag
        assert "data:" not in tag
        assert " on" not in tag


def test_abuse_06_an_image_leaves_its_description() -> None:
    assert to_html("![Ratusz](https://evil.example/p.gif)") == "<p>Ratusz</p>"


def test_abuse_05_placeholders_stay_as_typed() -> None:
    assert to_html("{{ config }} {name}") == "<p>{{ config }} {name}</p>"


def test_text() -> None:
    assert to_text(PROGRAMME) == (
        "Program\n\n"
        "1. Korzyści ze współpracy i jej planowanie\n"
        "2. Stałe związki: partnerzy (https://example.org/p)\n"
        "  - miasta\n"
        "  - gminy\n\n"
        "Prowadzi dr hab. Artur Wołek.\nZapraszamy!"
    )
    assert to_text("[biuro@example.org](mailto:biuro@example.org)") == "biuro@example.org"


def test_excerpt() -> None:
    assert excerpt("# Tytuł\n\nPierwszy *akapit*,\n[tu](https://example.org).\n\nDrugi") == ("Pierwszy akapit, tu.")
    assert excerpt("słowo " * 100, 20) == "słowo słowo słowo…"
    assert excerpt("") == ""


@given(st.text(max_size=400))
def test_html_holds_allowed_tags_only(markdown: str) -> None:
    allowed = "p|br|hr|strong|em|s|a|ul|ol|li|blockquote|code|pre|h[2-6]|table|thead|tbody|tr|th|td"
    for tag in re.findall(r"<[^>]*>", to_html(markdown)):
        assert re.match(rf"</?({allowed})[ >]", tag)
    to_text(markdown)
    assert len(excerpt(markdown)) <= 200
