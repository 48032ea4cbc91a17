"""Draws docs/gallery: a picture for each row of gallery_table, and the README that shows them.

    python3 dev.py gallery [name ...]

Without names all are drawn. Pictures are JPEGs of at most 250 kB.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from gallery_table import ROWS, SECTIONS, SETTING, Row
from PIL import Image

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "gallery"
MOST_BYTES = 250_000

HEAD = """\
# Gallery

Every option of `vf.render` that changes what a picture looks like, on one real DEM: the Jacksboro fault in Tennessee, by the
USGS, which matplotlib carries. Each picture stands with the code that drew it, after this:

```python
{setting}```

`python3 dev.py gallery` draws them all anew, from `tools/gallery_table`.
"""
PICTURE = """
### {title}

{text}

![{title}]({name}.jpg)

```python
{code}
```
"""


def readme() -> str:
    """The page that goes with the pictures."""
    page = HEAD.format(setting=SETTING)
    for title, rows in SECTIONS.items():
        page += f"\n## {title}\n"
        for row in rows:
            page += PICTURE.format(title=row.title, text=row.text, name=row.name, code=row.code)
    return page


def draw(row: Row) -> np.ndarray:
    """The picture of a row: (H, W, 3) uint8."""
    scope: dict[str, object] = {}
    exec(SETTING + row.code, scope)  # the row's own code is what readers see
    return np.asarray(scope["picture"])[..., :3]


def save(pixels: np.ndarray, path: Path) -> int:
    """A JPEG of the best quality that stays small enough; its bytes."""
    for quality in (90, 87, 84, 80, 75):
        Image.fromarray(pixels).save(
            path, quality=quality, subsampling=0, optimize=True, progressive=True
        )
        if path.stat().st_size <= MOST_BYTES:
            return path.stat().st_size
    raise SystemExit(f"{path.name} has more than {MOST_BYTES} bytes; draw it smaller")


def main() -> None:
    """Draw what was asked for."""
    wanted = sys.argv[1:]
    unknown = set(wanted) - {row.name for row in ROWS}
    if unknown:
        raise SystemExit(f"no such picture: {', '.join(sorted(unknown))}; see tools/gallery_table")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for row in ROWS:
        if wanted and row.name not in wanted:
            continue
        start = time.perf_counter()
        size = save(draw(row), FOLDER / f"{row.name}.jpg")
        print(
            f"{row.name:<20} {size / 1000:6.0f} kB {time.perf_counter() - start:6.1f} s", flush=True
        )
    for path in FOLDER.glob("*.jpg"):
        if path.stem not in {row.name for row in ROWS}:
            path.unlink()
    (FOLDER / "README.md").write_text(readme(), encoding="utf-8")


if __name__ == "__main__":
    main()
