"""Which kind of film a name asks for."""

from __future__ import annotations

import os
import re
from pathlib import Path

VIDEOS = {
    ".mp4": "libx264",
    ".mov": "libx264",
    ".mkv": "libx264",
    ".webm": "libvpx-vp9",
}
"""By suffix: the codec, where none is named."""
ANIMATED = {".gif": "GIF", ".apng": "PNG"}
_PATTERN = re.compile(r"[^%]*%0?\d*d[^%]*")


def kind_of(name: str) -> str | None:
    """ "folder", "pictures" (by number), "video" or "animation"; None of a name that is no film's."""
    target = Path(name)
    suffix = target.suffix.lower()
    if name.endswith(("/", os.sep)) or os.path.isdir(target) or not suffix:
        return "folder"
    if suffix == ".png" and _PATTERN.fullmatch(target.name):
        return "pictures"
    return "video" if suffix in VIDEOS else "animation" if suffix in ANIMATED else None
