"""A DEM's tile sets: files of single tiles, drawn block by block as ``tiles`` draws them."""

from __future__ import annotations

import hashlib
import math
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .._heights import landmarks_of
from .._surface import surface
from .._tiles._block import Look, block, tiles_of_block
from .._tiles._draw import Pixels
from .._tiles._encode import HEIGHTS, coloured, encoded
from .._tiles._plan import Plan
from .._tiles._source import Ground, coarser, resampled
from .._tiles._store import About
from .._tiles._style import Style
from ..geo._dem import DEM

PICTURES = "relief"
"""The tile set of pictures; those of heights have the names of their encodings."""
SUFFIXES = ("png", "webp")
_MOST = 48  # blocks that are kept, of 4 MiB each in web mercator


class Pyramid:
    """The ground of all zooms: the finest at once, each coarser one when it is first asked for."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._making = threading.Lock()
        finest = max(plan.zooms[1], plan.place.native)
        ground = resampled(plan.dem, plan.matrix, plan.place, finest, tempfile.gettempdir())
        self._grounds = {finest: ground}

    def ground(self, zoom: int) -> Ground:
        """Of one zoom."""
        with self._making:
            while zoom not in self._grounds:
                last = min(self._grounds)
                level = self._plan.matrix.levels[last - 1]
                made = coarser(self._grounds[last], level, tempfile.gettempdir())
                self._grounds[last - 1] = made
        return self._grounds[zoom]


class BlockKey(NamedTuple):
    """Which block: of which tile set, and where."""

    tileset: str
    zoom: int
    row: int
    """Of its first tiles, in the matrix."""
    column: int


class TileSets:
    """Pictures and heights of one DEM.

    Any thread may ask. What is drawn is kept, as pixels of whole blocks, until others were asked for later.
    """

    def __init__(self, plan: Plan, style: Style, name: str, attribution: str) -> None:
        self.plan = plan
        least = landmarks_of(surface(plan.dem).heights).ends[0] * plan.dem.z_factor
        # Where a viewer in three dimensions finds no ground it is to find the foot of what there is.
        self._fill = least if math.isfinite(least) else 0.0
        self.about: Mapping[str, About] = {
            PICTURES: plan.about(style, "png", name, attribution, None),
            **{
                encoding: plan.about(None, encoding, name, attribution, self._fill)
                for encoding in HEIGHTS
            },
        }
        pictures = Look(plan.matrix, style, "png", None, plan.dem.z_factor)
        self._looks = {PICTURES: pictures} | {
            encoding: pictures._replace(style=None, encoding=encoding, fill=self._fill)
            for encoding in HEIGHTS
        }
        self.pyramid = Pyramid(plan)
        self._source = _digest(plan)
        self._kept: OrderedDict[BlockKey, Pixels | None] = OrderedDict()
        self._keeping = threading.Lock()

    def version(self, tileset: str) -> str:
        """Of the same DEM in the same style the same text, of others another."""
        text = f"{self._source} {self.about[tileset].style}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def missing(self, tileset: str, suffix: str, zoom: int, column: int, row: int) -> str | None:
        """Why there is no such tile; None where there is one, be it without ground."""
        if tileset not in self.about:
            return f"tile sets are {', '.join(self.about)}; got {tileset}"
        if suffix not in SUFFIXES:
            return f"tiles are {' or '.join(SUFFIXES)}; got {suffix}"
        first, last = self.plan.zooms
        if not first <= zoom <= last:
            return f"zooms are {first} to {last}; got {zoom}"
        across, down = self.plan.matrix.levels[zoom].tiles
        if column >= across or row >= down:
            return f"zoom {zoom} has {across} x {down} tiles; got column {column}, row {row}"
        return None

    def key(self, tileset: str, zoom: int, column: int, row: int) -> BlockKey:
        """The block that holds a tile."""
        down, right = tiles_of_block(self.plan.matrix.levels[zoom])
        return BlockKey(tileset, zoom, row // down * down, column // right * right)

    def kept(self, key: BlockKey) -> tuple[bool, Pixels | None]:
        """Whether a block need not be drawn, and it; None where there is no ground."""
        with self._keeping:
            if key not in self._kept:
                return False, None
            self._kept.move_to_end(key)
            return True, self._kept[key]

    def tile(self, tileset: str, suffix: str, zoom: int, column: int, row: int) -> bytes:
        """The file of a tile; where the DEM has no ground, of transparent pixels or of heights at its foot."""
        key = self.key(tileset, zoom, column, row)
        return self.cut(self.block(key), key, suffix, column, row)

    def cut(self, drawn: Pixels | None, key: BlockKey, suffix: str, column: int, row: int) -> bytes:
        """That file, of a block that is drawn."""
        width, height = self.plan.matrix.levels[key.zoom].tile
        y, x = (row - key.row) * height, (column - key.column) * width
        pixels = None if drawn is None else drawn[y : y + height, x : x + width]
        if pixels is None:
            pixels = self._empty(key.tileset, (height, width))
        return encoded(pixels, "webp" if suffix == "webp" else "png")

    def block(self, key: BlockKey) -> Pixels | None:
        """Pixels of a block, drawn unless they are kept; None where there is no ground."""
        known, drawn = self.kept(key)
        if not known:
            drawn = self._drawn(key, self.pyramid.ground(key.zoom))
            with self._keeping:
                self._kept[key] = drawn
                while len(self._kept) > _MOST:
                    self._kept.popitem(last=False)
        return drawn

    def _drawn(self, key: BlockKey, ground: Ground) -> Pixels | None:
        (down, right), (across, rows) = tiles_of_block(ground.level), ground.level.tiles
        end = min(key.row + down, rows), min(key.column + right, across)
        return block(self._looks[key.tileset], ground, (key.row, key.column), end)

    def _empty(self, tileset: str, shape: tuple[int, int]) -> Pixels:
        if tileset == PICTURES:
            return np.zeros((*shape, 4), np.uint8)
        return coloured(np.full(shape, np.nan, np.float32), tileset, self._fill)


def _digest(plan: Plan) -> str:
    dem = plan.dem
    found = hashlib.blake2b(digest_size=16)
    found.update(repr((dem.shape, tuple(dem.transform), str(dem.crs), dem.z_factor)).encode())
    if isinstance(dem, DEM):
        found.update(np.ascontiguousarray(dem.data).data)
    else:  # what a survey has found of it
        found.update(repr(dem.stats()).encode())
    return found.hexdigest()
