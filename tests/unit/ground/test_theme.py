"""The look's promises: contrast in both schemes, fonts fetched once, no foreign host, small files."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
THEME = ROOT / "eventreg" / "theme"
STATIC = ROOT / "eventreg" / "static"

TEXT_ON_GROUND = [
    *(("ink", ground) for ground in ("paper", "wash", "blue-wash", "red-wash", "amber-wash", "green-wash")),
    *(("ink-2", ground) for ground in ("paper", "wash", "blue-wash")),
    *(("blue", ground) for ground in ("paper", "wash", "blue-wash", "green-wash", "amber-wash")),
    ("blue-deep", "paper"),
    ("red", "paper"),
    ("red", "red-wash"),
    ("red-deep", "red-wash"),
    ("amber", "amber-wash"),
    ("green", "green-wash"),
    ("focus-ink", "focus"),
]
WHITE_ON = ["press", "press-deep", "bar", "chosen"]


def _schemes() -> dict[str, dict[str, str]]:
    light, dark = (THEME / "_tokens.scss").read_text(encoding="utf-8").split("@media screen", 1)
    colours = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6})\b", light))
    return {"light": colours, "dark": colours | dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6})\b", dark))}


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    digits = colour.removeprefix("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_a_contrast_of_4_5_or_more(scheme: str) -> None:
    colours = _schemes()[scheme]
    pairs = [(text, ground, _contrast(colours[text], colours[ground])) for text, ground in TEXT_ON_GROUND]
    pairs += [("white", ground, _contrast("#fff", colours[ground])) for ground in WHITE_ON]
    assert [pair for pair in pairs if pair[2] < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_of_inputs_have_a_contrast_of_3_or_more(scheme: str) -> None:
    colours = _schemes()[scheme]
    assert _contrast(colours["edge"], colours["paper"]) >= 3
    assert _contrast(colours["red"], colours["paper"]) >= 3


def test_stylesheets_name_no_other_host_and_inline_nothing() -> None:
    for name in ("style.css", "panel.css"):
        css = (STATIC / name).read_text(encoding="utf-8")
        assert re.findall(r"https?://|url\(\s*[\"']?(?:data|//)", css) == []


def test_fonts_carry_the_mark_that_preload_links_carry() -> None:
    css = (STATIC / "style.css").read_text(encoding="utf-8")
    fonts = re.findall(r"fonts/([a-z0-9-]+\.woff2)\?v=([0-9a-f]{10})", css)
    assert {name for name, _ in fonts} == {path.name for path in (STATIC / "fonts").glob("*.woff2")}
    for name, mark in fonts:
        assert hashlib.sha256((STATIC / "fonts" / name).read_bytes()).hexdigest()[:10] == mark


def test_what_every_page_loads_is_small() -> None:
    preloaded = [STATIC / "fonts" / f"{name}.woff2" for name in ("brygada-1918", "source-sans-3")]
    assert all(path.stat().st_size < 25_000 for path in preloaded)
    assert (STATIC / "style.css").stat().st_size < 40_000


def test_no_group_of_the_event_form_is_hidden_while_it_holds_an_error() -> None:
    css = (STATIC / "panel.css").read_text(encoding="utf-8")
    hiding = [rule for rule in re.findall(r"([^{}]*)\{display:none\}", css) if ".event-form" in rule]
    selectors = [part for rule in hiding for part in rule.split(",.event-form")]
    assert len(selectors) == 6
    error = ":not(.govuk-form-group--error,:has(.govuk-form-group--error))"
    assert [part for part in selectors if not part.endswith(error)] == []
