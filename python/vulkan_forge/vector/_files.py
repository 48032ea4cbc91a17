"""Files of geometries, through pyogrio."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .._extras import require
from .._vulkan_forge import ImageFileError
from ..geo._warnings import tell
from ._features import Features, GeometryWarning, from_wkb

_REPEATED = ("route_points", "track_points")
"""Layers of GPX that hold what its others do, vertex by vertex."""
_TYPED = {"AUTODETECT_TYPE": "YES", "AUTODETECT_SIZE_LIMIT": "0"}
"""Of tables of text: GDAL finds out, from all rows, which columns are numbers or dates."""
_COLUMNAR = (".parquet", ".geoparquet", ".feather", ".arrow")
"""Which pyogrio's own GDAL does not read."""


def from_file(name: str) -> Features:
    """The layer of a file that stands after ``|layername=``, or the first that is not empty.

    Raises
    ------
    ImageFileError
        There is no such file or layer, or GDAL finds no geometries in it.
    MissingExtraError
        pyogrio is not installed.
    """
    path, _, layer = name.partition("|layername=")
    if "://" not in path and not path.startswith("/vsi") and not os.path.exists(path):
        raise ImageFileError(
            f"{path!r}: expected a file of geometries, got: no such file; check the path"
        )
    pyogrio = require("pyogrio", "vector", f"reading {Path(path).name}")
    kind = Path(path).suffix.lower()
    typed = _TYPED if kind in (".csv", ".tsv") else {}
    try:
        chosen = layer or _first(pyogrio, path)
        meta, _, geometries, values = pyogrio.raw.read(path, layer=chosen, **typed)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        reader = "read_parquet" if "parquet" in kind else "read_feather"
        cure = (
            f"pass geopandas.{reader}({path!r})"
            if kind in _COLUMNAR
            else "check the file, or name its layer: 'file.gpkg|layername=roads'"
        )
        raise ImageFileError(
            f"{path!r}: expected a file of geometries that GDAL reads, got: {error}; {cure}"
        ) from error
    if geometries is None:
        raise ImageFileError(
            f"{path!r}: expected geometries, got a table without any; join them first"
        )
    columns = dict(zip(meta["fields"], values, strict=True))
    features = from_wkb(list(geometries), meta["crs"])
    return features._replace(column=columns.__getitem__, names=list(columns))


def _first(pyogrio: Any, path: str) -> str | None:
    """The first layer that holds geometries, which is not always the file's first: a GPX file has empty ones."""
    layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    if len(layers) < 2:
        return layers[0] if layers else None
    told = [pyogrio.read_info(path, layer=name, force_feature_count=True) for name in layers]
    repeated = _REPEATED if told[0]["driver"] == "GPX" else ()
    filled = [
        name
        for name, known in zip(layers, told, strict=True)
        if known["features"] and name not in repeated
    ]
    if len(filled) > 1:
        names = ", ".join(map(repr, filled))
        tell(
            f"{path!r} holds several layers, {names}, of which {filled[0]!r} is read; name the one that is meant: "
            f"'{path}|layername={filled[-1]}'",
            GeometryWarning,
        )
    return filled[0] if filled else layers[0]
