"""Cut the web fonts of eventreg's pages out of the fontsource packages (run by build.sh).

fontsource splits every family into a Latin and an "extended Latin" file, and Polish needs both: two requests
for each page, and no kerning between 'W' and 'ł'. So the nine Polish letters are moved into the Latin file,
where each takes the kerning of its base letter. What other languages need stays in separate files, which a
browser fetches only for a page that shows such letters (`unicode-range` in _fonts.scss).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter  # type: ignore[import-untyped]  # has no types
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # has no types
from fontTools.varLib import instancer  # type: ignore[import-untyped]  # has no types

POLISH_BASES = {
    "ą": "a", "ć": "c", "ę": "e", "ł": "l", "ń": "n", "ś": "s", "ź": "z", "ż": "z",
    "Ą": "A", "Ć": "C", "Ę": "E", "Ł": "L", "Ń": "N", "Ś": "S", "Ź": "Z", "Ż": "Z",
}  # fmt: skip
MARKS = "‐–—‘’‚“”„†•…‰′″‹›€−\u2009"
PAGE_LETTERS = {*range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, MARKS), *map(ord, POLISH_BASES)}
# African, Vietnamese and phonetic letters double the file and stand in no European name: the system has them.
RARE_LETTERS = {
    *range(0x180, 0x218),
    *range(0x21C, 0x300),
    *range(0x500, 0x1E9E),
    *range(0x1E9F, 0x2000),
    *range(0x2C60, 0xFFFF),
}
# Headings are set in one weight; running text in two, so its file keeps the axis between them.
FAMILIES = {"brygada-1918": 600, "source-sans-3": (400, 600)}
FEATURES = ["kern", "mark", "liga", "ccmp", "locl", "tnum", "pnum"]


def cut(font: TTFont, letters: set[int]) -> TTFont:
    """The font with only these code points, without hints (screens of today ignore them)."""
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.glyph_names = True
    options.notdef_outline = True
    options.name_IDs = [0, 1, 2, 13, 14]
    subsetter = Subsetter(options=options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    return font


def load(source: Path, weights: Any) -> TTFont:
    """One fontsource file with its weight axis cut down to what the pages use."""
    return instancer.instantiateVariableFont(TTFont(source), {"wght": weights})


def add_polish(latin: TTFont, extended: TTFont) -> None:
    """Move the Polish letters (and the accents they are built from) into the Latin file."""
    order = latin.getGlyphOrder()
    known = set(order)
    names = extended.getBestCmap()
    cut(extended, {ord(letter) for letter in POLISH_BASES})
    added = [name for name in extended.getGlyphOrder() if name not in known]
    latin.setGlyphOrder(order + added)
    for name in added:
        latin["glyf"].glyphs[name] = extended["glyf"].glyphs[name]
        latin["hmtx"].metrics[name] = extended["hmtx"].metrics[name]
    if "gvar" in latin:
        for name in latin.getGlyphOrder():
            source = extended if name in added else latin
            latin["gvar"].variations[name] = source["gvar"].variations.get(name, [])
    if "HVAR" in latin:
        del latin["HVAR"]  # its indices no longer fit; the same widths stand in gvar
    for letter in POLISH_BASES:
        for table in latin["cmap"].tables:
            if table.isUnicode():
                table.cmap[ord(letter)] = names[ord(letter)]
    copy_kerning(latin, {names[ord(letter)]: base for letter, base in POLISH_BASES.items()})


def copy_kerning(font: TTFont, base_of: dict[str, str]) -> None:
    """Give each added glyph the pair kerning of its base letter."""
    if "GPOS" not in font:
        return
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            pairs = getattr(subtable, "ExtSubTable", subtable)
            if pairs.LookupType == 2:
                extend_pairs(pairs, base_of, font)


def extend_pairs(pairs: Any, base_of: dict[str, str], font: TTFont) -> None:
    """Extend one PairPos subtable, of either format, on both sides of the pair."""
    covered = list(pairs.Coverage.glyphs)
    sets = dict(zip(covered, pairs.PairSet, strict=True)) if pairs.Format == 1 else {}
    for glyph, base in base_of.items():
        if base not in covered or glyph in covered:
            continue
        covered.append(glyph)
        if pairs.Format == 1:
            sets[glyph] = sets[base]
        elif base in pairs.ClassDef1.classDefs:
            pairs.ClassDef1.classDefs[glyph] = pairs.ClassDef1.classDefs[base]
    if pairs.Format == 2:
        for glyph, base in base_of.items():
            if base in pairs.ClassDef2.classDefs:
                pairs.ClassDef2.classDefs[glyph] = pairs.ClassDef2.classDefs[base]
    covered.sort(key=font.getGlyphID)
    pairs.Coverage.glyphs = covered
    if pairs.Format == 1:
        pairs.PairSet = [sets[glyph] for glyph in covered]
        pairs.PairSetCount = len(covered)


def save(font: TTFont, target: Path) -> None:
    """Write woff2 with a fixed date, so that the same sources give the same bytes."""
    font.flavor = "woff2"
    font.recalcTimestamp = False
    font.save(target)
    print(f"{target.name}: {target.stat().st_size} bytes")


def main(modules: Path, target: Path) -> None:
    """Read the packages under `modules`, write the woff2 files and their licences to `target`."""
    target.mkdir(parents=True, exist_ok=True)
    for family, weights in FAMILIES.items():
        package = modules / "@fontsource-variable" / family
        files = package / "files"
        latin = load(files / f"{family}-latin-wght-normal.woff2", weights)
        add_polish(latin, load(files / f"{family}-latin-ext-wght-normal.woff2", weights))
        save(cut(latin, PAGE_LETTERS), target / f"{family}.woff2")
        for script in ("latin-ext", "cyrillic"):
            font = load(files / f"{family}-{script}-wght-normal.woff2", weights)
            letters = set(font.getBestCmap()) - PAGE_LETTERS - RARE_LETTERS
            save(cut(font, letters), target / f"{family}-{script}.woff2")
        (target / f"{family}-OFL.txt").write_bytes((package / "LICENSE").read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
