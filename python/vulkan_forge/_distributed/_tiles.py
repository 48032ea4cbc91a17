"""``tiles``: blocks of map tiles, each with as much ground as it looks at."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from typing import Any

from .._tiles import TileSet
from .._tiles._block import blocks, part_for
from .._tiles._source import grounds
from .._tiles._tiles import Ask, asked, stored
from ._crew import Bulk, Crew
from ._work import tiles_of


def tiles(
    dem: Any,
    out: str | os.PathLike[str],
    *,
    zooms: Any = None,
    style: Mapping[str, Any] | None = None,
    shadows: bool = True,
    encoding: str = "png",
    matrix: Any = "WebMercatorQuad",
    name: str | None = None,
    attribution: str = "",
    fill: float | None = None,
    client: Any = None,
    in_flight: int | None = None,
    retries: int = 3,
    **words: Any,
) -> TileSet:
    """Draw a DEM as map tiles as :func:`vulkan_forge.tiles` does, byte for byte, in blocks on a cluster.

    The DEM is read and resampled here, and tiles are put into their place here; workers draw and encode.

    Parameters
    ----------
    dem, out, zooms, style, shadows, encoding, matrix, name, attribution, fill, **words
        As for :func:`vulkan_forge.tiles`.
    client, retries
        As for :func:`frames`.
    in_flight : int, optional
        Blocks of 4 x 4 tiles that are begun and not yet stored, at most; by default two for each thread of the workers.

    Returns
    -------
    TileSet

    Raises
    ------
    InvalidInputError, ImageFileError, MissingExtraError, NoDeviceError, OutOfMemoryError, DeviceLostError
        As for :func:`frames` and :func:`vulkan_forge.tiles`.
    """
    crew = Crew(client, in_flight, retries)
    ask = asked(
        dem, out, zooms, style, shadows, encoding, matrix, name, attribution, fill, dict(words)
    )
    return stored(ask, _made(crew, ask))


def _made(crew: Crew, ask: Ask) -> Iterator[tuple[int, int, int, bytes]]:
    plan, look = ask.plan, ask.look
    for ground in grounds(plan.dem, plan.matrix, plan.place, plan.zooms):
        level = ground.level
        jobs = (
            (Bulk(part_for(look, ground, corner, end)), corner, end)
            for corner, end in blocks(ground)
        )
        for made in crew.ordered(tiles_of, (look, crew.ranks), jobs, "block"):
            for column, row, data in made:
                yield level.zoom, column, row, data
