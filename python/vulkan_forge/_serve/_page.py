"""The page that shows tiles: MapLibre GL, from wherever one has it."""

from __future__ import annotations

import html
import json
import os
from pathlib import Path
from typing import Any

from .._numbers import shown
from .._vulkan_forge import InvalidInputError

MAPLIBRE = "https://unpkg.com/maplibre-gl@6.17.0/dist"
"""Where a browser finds MapLibre GL JS by default."""
_FILE = "maplibre-gl.mjs"


def place_of_maplibre(maplibre: Any) -> tuple[str, Path | None]:
    """What the page names, and the folder to serve there if it is one of this machine.

    Raises
    ------
    InvalidInputError
        It is neither an address nor a folder with MapLibre in it.
    """
    if isinstance(maplibre, str) and maplibre.startswith(("http://", "https://", "/")):
        if not Path(maplibre).is_dir():
            return maplibre.rstrip("/"), None
    elif not isinstance(maplibre, str | os.PathLike):
        raise InvalidInputError(
            f"maplibre must be an address or a folder; got {shown(maplibre)}; pass e.g. {MAPLIBRE!r}"
        )
    folder = Path(os.fsdecode(maplibre))
    if not (folder / _FILE).is_file():
        raise InvalidInputError(
            f"maplibre must be an address or a folder with {_FILE} (MapLibre GL JS 6); got {shown(str(folder))}; pass the "
            "folder dist of the npm package maplibre-gl"
        )
    return "maplibre", folder


def page(title: str, maplibre: str) -> str:
    """The page, which finds tiles beside itself."""
    text = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
    for mark, value in {
        "{{title}}": html.escape(title),
        "{{maplibre}}": html.escape(maplibre),
        "{{module}}": json.dumps(maplibre).replace("<", "\\u003c"),
    }.items():
        text = text.replace(mark, value)
    return text
