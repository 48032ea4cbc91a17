"""The page that shows tiles: MapLibre GL, from wherever one has it; a list where it has no map of theirs."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterable
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


def listing(title: str, tilesets: Iterable[str]) -> str:
    """The page of tiles in another matrix than MapLibre's."""
    places = ["matrix.json", *(f"{name}/tiles.json" for name in tilesets)]
    links = "".join(f'<li><a href="{place}">{place}</a></li>' for place in places)
    return (
        f'<!doctype html><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<h1>{html.escape(title)}</h1><p>Tiles for OpenLayers, QGIS and others that take any matrix:</p>"
        f"<ul>{links}</ul>"
    )
