"""Every string that people read has its Polish, and the compiled catalogue is the written one."""

import re
from pathlib import Path

import polib

from eventreg.translations import collect

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def test_every_string_is_translated_into_polish() -> None:
    catalogue = collect.merged(collect.extract(), polib.pofile(str(collect.CATALOGUE)))
    assert len(catalogue) > 100
    assert collect.untranslated(catalogue) == []


def test_the_catalogue_holds_nothing_that_is_gone() -> None:
    found = {(entry.msgctxt, entry.msgid) for entry in collect.extract()}
    kept = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(collect.CATALOGUE))}
    assert kept - found == set()


def test_the_compiled_catalogue_is_up_to_date() -> None:
    written = polib.pofile(str(collect.CATALOGUE))
    compiled = polib.mofile(str(collect.CATALOGUE.with_suffix(".mo")))

    def texts(entries: list[polib.POEntry] | list[polib.MOEntry]) -> dict[tuple[str | None, str], object]:
        return {(e.msgctxt, e.msgid): (e.msgstr, dict(e.msgstr_plural or {})) for e in entries}

    assert texts(written) == texts(compiled)


def test_translations_keep_the_placeholders() -> None:
    wrong = []
    for entry in polib.pofile(str(collect.CATALOGUE)):
        allowed = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            used = set(PLACEHOLDER.findall(text))
            if used - allowed or (not entry.msgid_plural and used != allowed):
                wrong.append((entry.msgid, text))
    assert wrong == []


def test_templates_hold_no_inline_script_style_or_foreign_host() -> None:
    wrong = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        is_mail = "mail" in path.relative_to(ROOT / "templates").parts[:1]
        if not is_mail and re.search(r"<style|\sstyle=|\son(click|load|submit|change)=|javascript:", text):
            wrong.append(f"{path.name}: inline style or script")
        if re.search(r"<(script|link|img|iframe)[^>]+(src|href)=[\"']https?://", text):
            wrong.append(f"{path.name}: foreign host")
        if not is_mail and re.search(r"<script(?![^>]*(\bsrc=|application/ld\+json))", text):
            wrong.append(f"{path.name}: inline script")
    assert wrong == []
