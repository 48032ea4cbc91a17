"""What others take to draw the data of `vectors.py` flat, into as many pixels. Milliseconds of the wall; a peer that is missing says so."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import world
from vector_data import Paths

NAMES = ("matplotlib", "datashader", "GDAL")
CALLS = 3
HALF = world.EXTENT_M / 2


def measure(what: str, paths: Paths) -> dict[str, str]:
    """Of "outlines", "filled", "tracks" or points; by peer."""
    kind = what if what in ("outlines", "filled", "tracks") else "points"
    makers = {"matplotlib": _matplotlib, "datashader": _datashader, "GDAL": _gdal}
    found = {}
    for name, maker in makers.items():
        try:
            draw = maker(kind, paths, what)
        except ImportError as missing:
            found[name] = f"({missing.name} is not installed)"
            continue
        if draw is None:
            continue
        draw()  # what is compiled or cached
        times = []
        for _ in range(CALLS):
            start = time.perf_counter()
            draw()
            times.append(time.perf_counter() - start)
        found[name] = f"{1e3 * median(times):.0f}"
    return found


def _parts(paths: Paths) -> list[Any]:
    assert paths.offsets is not None
    return np.split(paths.xy, paths.offsets[1:-1])


def _matplotlib(kind: str, paths: Paths, what: str) -> Callable[[], object] | None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.collections import LineCollection, PolyCollection
    from matplotlib.figure import Figure

    figure = Figure(figsize=(world.WIDTH / 96, world.HEIGHT / 96), dpi=96)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-HALF, HALF), ylim=(-HALF, HALF))
    axes.set_axis_off()
    if kind == "points":
        axes.scatter(*paths.xy.T, s=float(what.split()[2]) ** 2, c="#cc3311", linewidths=0)
    elif kind == "filled":
        axes.add_collection(PolyCollection(_parts(paths), facecolors=paths.colours))
    else:
        axes.add_collection(LineCollection(_parts(paths), colors=paths.colours, linewidths=1))
    return FigureCanvasAgg(figure).draw


def _datashader(kind: str, paths: Paths, _: str) -> Callable[[], object] | None:
    import datashader  # type: ignore[import-not-found]
    import pandas

    canvas = datashader.Canvas(world.WIDTH, world.HEIGHT, (-HALF, HALF), (-HALF, HALF))
    if kind == "points":
        places = pandas.DataFrame({"x": paths.xy[:, 0], "y": paths.xy[:, 1]})
        return lambda: canvas.points(places, "x", "y")
    if kind == "filled":
        return None  # needs geometries of a package of its own
    assert paths.offsets is not None
    lifted = np.insert(paths.xy, paths.offsets[1:-1], np.nan, axis=0)
    vertices = pandas.DataFrame({"x": lifted[:, 0], "y": lifted[:, 1]})
    return lambda: canvas.line(vertices, "x", "y", line_width=1)


def _gdal(kind: str, paths: Paths, _: str) -> Callable[[], object] | None:
    import shapely
    from rasterio.features import rasterize
    from rasterio.transform import from_bounds

    if kind == "points":
        shapes: Any = shapely.points(paths.xy)
    else:
        make = shapely.polygons if kind == "filled" else shapely.linestrings
        assert paths.offsets is not None
        long = np.diff(paths.offsets) > 3
        parts = [part for part, enough in zip(_parts(paths), long, strict=True) if enough]
        shapes = [make(part) for part in parts]
    transform = from_bounds(-HALF, -HALF, HALF, HALF, world.WIDTH, world.HEIGHT)
    values = list(zip(shapes, range(1, len(shapes) + 1), strict=True))
    size = (world.HEIGHT, world.WIDTH)
    return lambda: rasterize(values, out_shape=size, transform=transform, dtype="int32")
