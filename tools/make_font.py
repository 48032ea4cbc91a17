"""Makes src/text/NotoSans.ttf, the one font that the crate carries, from the variable Noto Sans.

    pip install fontpkg-noto-sans==2.15 fonttools
    python tools/make_font.py

The package holds Noto Sans 2.015 with its licence, the SIL Open Font License 1.1, which is copied beside the font. What stays:
the regular instance, without hinting, of the scripts below. What goes: Devanagari, and features that labels never ask for.
"""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOM = Path(__file__).resolve().parent.parent / "src" / "text"
MOST_BYTES = 600 * 1024

KEPT = [
    (0x0020, 0x036F),  # Latin with all its extensions, phonetic letters, combining marks
    (0x0370, 0x052F),  # Greek, Cyrillic
    (0x1AB0, 0x1AFF),  # more combining marks
    (0x1C80, 0x1C8F),  # more Cyrillic
    (0x1D00, 0x1DFF),  # more phonetic letters and marks
    (0x1E00, 0x1FFF),  # Vietnamese and other Latin; polytonic Greek
    (0x2000, 0x206F),  # punctuation
    (0x2070, 0x20CF),  # superscripts, currencies
    (0x2100, 0x214F),  # letter-like signs
    (0x2150, 0x22FF),  # fractions, arrows, mathematics
    (0x25A0, 0x26FF),  # shapes, what there is of them
    (0x2C60, 0x2C7F),  # more Latin
    (0x2DE0, 0x2E5F),  # more Cyrillic and punctuation
    (0xA640, 0xA69F),  # more Cyrillic
    (0xA700, 0xA7FF),  # tone letters, more Latin
    (0xAB30, 0xAB6F),  # more Latin
    (0xFB00, 0xFB06),  # ligatures
    (0xFE20, 0xFE2F),  # half marks
    (0xFFFD, 0xFFFD),
]
FEATURES = "calt ccmp clig kern liga locl mark mkmk rlig".split()


def main() -> None:
    package = importlib.util.find_spec("fontpkg_noto_sans")
    if package is None or package.origin is None:
        raise SystemExit("fontpkg-noto-sans is not installed: pip install fontpkg-noto-sans==2.15")
    source = Path(package.origin).parent
    font = TTFont(source / "files" / "NotoSans[wdth,wght].ttf", recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, {"wght": 400, "wdth": 100})
    options = subset.Options(
        hinting=False, layout_features=FEATURES, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]
    )
    options.drop_tables += ["STAT", "gasp"]
    smaller = subset.Subsetter(options)
    smaller.populate(unicodes=[code for first, last in KEPT for code in range(first, last + 1)])
    smaller.subset(font)
    target = ROOM / "NotoSans.ttf"
    font.save(target)
    if target.stat().st_size > MOST_BYTES:
        raise SystemExit(f"the font has {target.stat().st_size} bytes; keep less")
    shutil.copyfile(source / "LICENSE", ROOM / "OFL.txt")
    print(f"{target}: {target.stat().st_size} bytes, {len(font.getGlyphOrder())} glyphs")


if __name__ == "__main__":
    main()
