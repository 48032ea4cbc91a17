"""Where all doors lead: a DEM and the words of its picture, read once, as the compiled module takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._bearings import on_grid
from ._colour_scale import colour_scale
from ._drape import laid
from ._engines import with_engine
from ._frames import close_at_exit
from ._heights import landmarks_of
from ._image import Image
from ._numbers import flag
from ._renderer import Renderer
from ._sun_time import sun_of
from ._surface import Surface, in_metres, surface
from ._vulkan_forge import InvalidInputError, Strips
from ._words import DEFAULTS, SCALE, WORDS
from .vector._prepare import Prepared, prepare

if TYPE_CHECKING:
    from .geo._grid import Grid

_SEEN_FROM = 225.0  # degrees, as for Camera.fit
# What belongs to a single picture, and not to what it shows.
FRAME = ("size", "aovs", "device", "prefer_software")


@dataclass(frozen=True)
class Landed:
    """A DEM with all that decides its picture, but for size and device."""

    surface: Surface
    exaggeration: Any
    """Metres in one unit of height, times `vert_exag`; checked by the engine."""
    range: tuple[float | None, float | None]
    """Heights of the colour map's ends; an end that is None is the DEM's own."""
    options: Mapping[str, Any]
    """Options of the engine by their names."""
    layers: Any
    """As they came."""
    dpi: Any
    prepared: Prepared
    """What the engine draws of them."""
    bearings: bool
    """Whether light comes from a bearing on the ground, which is another one elsewhere on a large DEM."""

    def draw(
        self, size: Any, aovs: Any = (), device: Any = None, prefer_software: Any = False
    ) -> Image:
        """One picture, after which the device forgets the DEM."""
        picture = with_engine(
            device,
            prefer_software,
            lambda engine: engine.render(
                self.surface.heights, size=size, aovs=aovs, **self._order()
            ),
        )
        self._warn(oblique=picture._map_bounds is None)
        return Image(picture, self.surface.grid)

    def strips(
        self,
        size: Any,
        device: Any = None,
        prefer_software: Any = False,
        most_rows: int | None = None,
        rows: tuple[int, int] | None = None,
    ) -> Strips:
        """The same picture, or `rows` of it from a multiple of 8 on, in strips from the top on; to be closed at the end."""
        strips = with_engine(
            device,
            prefer_software,
            lambda engine: engine.strips(
                self.surface.heights, size=size, most_rows=most_rows, rows=rows, **self._order()
            ),
        )
        self._warn(oblique=strips._map_bounds is None)
        return close_at_exit(strips)

    def _order(self) -> dict[str, Any]:
        return {
            "spacing": self.surface.spacing,
            "vert_exag": self.exaggeration,
            "vmin": self.range[0],
            "vmax": self.range[1],
            "layers": self.prepared.ground,
            **self.options,
        }

    def renderer(self, width: int, height: int, **device: Any) -> Renderer:
        """A session that shows this, for many pictures: on a device, software first, for windows."""
        session = Renderer._made(width, height, **device)
        session._stand_on(self.surface, self.exaggeration, self.options["colormap"])
        session._set_colours(self.options["colormap"], *self.range)
        for name, value in self.options.items():
            if name not in ("colormap", "things", "labels"):
                session._set(name, value)
        session._put(self.layers, self.dpi)
        self._warn(oblique=True)
        return session

    def prepared_for(self, enlarged: int) -> Prepared:
        """What the engine draws of the layers in a picture that is then enlarged so many times."""
        if enlarged == 1:
            return self.prepared
        return prepare(self.layers, self.surface.grid, self.dpi / enlarged, self.surface.z_factor)

    def _warn(self, *, oblique: bool) -> None:
        grid = self.surface.grid
        if grid is not None and (self.options["lit"] or oblique):
            from .geo._pictures import warn_of_span

            warn_of_span(grid, bearings=self.bearings)


def land(
    dem: Any,
    given: Mapping[str, Any],
    *,
    door: str = "render",
    without: Sequence[str] = (),
    grid: Grid | None = None,
) -> Landed:
    """Read `dem` and words of ``render``; those that are not given are as usual.

    `without` are words that `door` does not take. Bearings count in `grid`, by default in the DEM's own.

    Raises
    ------
    InvalidInputError
        A word is not as ``render`` tells, or not known.
    """
    known = [name for name in DEFAULTS if name not in without and name not in FRAME]
    unknown = [name for name in given if name not in known]
    if unknown:
        raise InvalidInputError(
            f"{door} takes {', '.join(known)}; got {', '.join(unknown)}; leave it out"
        )
    words = DEFAULTS | dict(given)
    shown = dem if isinstance(dem, Surface) else surface(dem, words["spacing"])
    scale = {name: words[name] for name in SCALE if name != "cmap"}
    colormap, *ends = colour_scale(words["cmap"], landmarks_of(shown.heights), **scale)
    grid = shown.grid if grid is None else grid
    north, time = words["north"], words["time"]
    azimuth, altitude = sun_of(
        words["azimuth"], words["altitude"], time, words["position"], grid, north
    )
    prepared = prepare(words["layers"], shown.grid, words["dpi"], shown.z_factor)
    options = {word.name: word.land(words[word.name]) for word in WORDS if word.land is not None}
    options |= {
        "colormap": colormap,
        "azimuth": azimuth,
        "altitude": altitude,
        "seen_from": on_grid(_SEEN_FROM, grid, north),
        "drape": laid(words["drape"], shown.grid),
        "things": prepared.things,
        "labels": prepared.labels,
    }
    return Landed(
        surface=shown,
        exaggeration=in_metres(words["vert_exag"], shown.z_factor),
        range=(ends[0], ends[1]),
        options=options,
        layers=words["layers"],
        dpi=words["dpi"],
        prepared=prepared,
        bearings=flag(words["lit"], "lit") and (north == "true" or time is not None),
    )
