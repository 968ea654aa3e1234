"""Collect the strings of code and templates into the Polish catalogue and compile it.

Run by `make messages`. What is translated stays; what is new is left empty (tests/architecture then fails and names
it); what is gone is dropped.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "eventreg" / "translations" / "pl" / "LC_MESSAGES" / "messages.po"
KEYWORDS = ("lazy_gettext", "_l", "lazy_ngettext:1,2", "lazy_pgettext:1c,2")
PLURAL_FORMS = 3
"""Polish: one, few, many."""


def extract() -> polib.POFile:
    """All strings of the project, without translations, sorted."""
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        keywords = [part for keyword in KEYWORDS for part in ("-k", keyword)]
        command = [str(Path(sys.executable).parent / "pybabel"), "-q", "extract", "-F", "pyproject.toml"]
        options = ["--omit-header", "--no-location", "--sort-output", "-o", str(template), "."]
        subprocess.run([*command, *keywords, *options], cwd=ROOT, check=True)  # noqa: S603  # our own words
        return polib.pofile(str(template))


def untranslated(catalogue: polib.POFile) -> list[str]:
    """The strings without a complete Polish text."""
    return [
        entry.msgid
        for entry in catalogue
        if not (all(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr)
    ]


def merged(found: polib.POFile, old: polib.POFile) -> polib.POFile:
    """The strings of `found` with the translations of `old`."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in old}
    new = polib.POFile(wrapwidth=110)
    new.metadata = old.metadata
    for entry in found:
        before = known.get((entry.msgctxt, entry.msgid))
        fresh = polib.POEntry(
            msgid=entry.msgid,
            msgctxt=entry.msgctxt,
            msgid_plural=entry.msgid_plural,
            flags=[flag for flag in entry.flags if flag != "fuzzy"],
        )
        if entry.msgid_plural:
            texts = before.msgstr_plural if before else {}
            fresh.msgstr_plural = {n: texts.get(n, "") for n in range(PLURAL_FORMS)}
        else:
            fresh.msgstr = before.msgstr if before else ""
        new.append(fresh)
    return new


def main() -> int:
    """Write the catalogue and its compiled form; 1 when something is left to translate."""
    catalogue = merged(extract(), polib.pofile(str(CATALOGUE)))
    catalogue.save(str(CATALOGUE))
    catalogue.save_as_mofile(str(CATALOGUE.with_suffix(".mo")))
    missing = untranslated(catalogue)
    for text in missing:
        sys.stdout.write(f"without Polish: {text}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
