"""``Renderer``: the compiled session, whose words this file lands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, final

import numpy as np
import numpy.typing as npt

from . import _scenery
from ._camera import Camera
from ._colormaps import resolve
from ._colour_scale import colour_scale
from ._drape import Drape, laid
from ._environment import host
from ._frames import Frames
from ._heights import Landmarks
from ._image import Image
from ._numbers import finite
from ._scenery import ScenerySetters
from ._sun_time import sun_at
from ._surface import Surface, in_metres, surface
from ._vulkan_forge import Source
from ._water import Water
from ._water import water as landed_water

if TYPE_CHECKING:
    from .geo import LargeDEM
    from .geo._grid import Grid
    from .vector import Layer, LayerHandle
    from .vector._session import Entry

_Heights = npt.NDArray[np.float32] | npt.NDArray[np.float64]


@final
class Renderer(ScenerySetters):
    """A session: one device, one picture size, one terrain, settings that stay until changed.

    It knows no coordinates but world metres.

    Parameters
    ----------
    width, height : int
        Size of the pictures in pixels, 1 to the device's limit.
    device : int or str, optional
        Index in `devices()`, a part of a name, "gpu" or "software". By default the best there
        is: discrete, integrated, virtual, CPU.
    prefer_software : bool, default False
        Take a CPU device where there is one; so does ``VULKAN_FORGE_PREFER_SOFTWARE=1``.

    Raises
    ------
    InvalidInputError
        A size outside its range.
    NoDeviceError
        No device fits.
    """

    __slots__ = ("__weakref__", "_drape", "_geography", "_height_unit_m", "_layers")
    _drape: Drape | None
    """One that `set_drape` was given."""
    _geography: Grid | None
    """Where its terrain lies, if whoever made it knew."""
    _height_unit_m: float
    _layers: list[Entry]

    def __new__(
        cls,
        width: int,
        height: int,
        *,
        device: int | str | None = None,
        prefer_software: bool = False,
    ) -> Renderer:
        """Open a device."""
        return cls._made(width, height, device=device, prefer_software=prefer_software)

    @classmethod
    def _made(cls, width: int, height: int, **words: Any) -> Renderer:
        """With the words of the compiled session."""
        renderer = super().__new__(cls, width, height, **words)
        renderer._geography, renderer._height_unit_m = None, 1.0
        renderer._drape, renderer._layers = None, []
        return renderer

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "expected what can go to another process or be copied; got a Renderer, which holds a device of this process; make "
            "another there, and add the terrain and the layers to it"
        )

    def report_environment(self) -> dict[str, Any]:
        """Tell versions, driver, limits, memory, layers and host; JSON-able.

        Host memory is None without psutil.
        """
        return {**super().report_environment(), "host": host()}

    def add_terrain(
        self,
        heightmap: _Heights | LargeDEM | Source,
        spacing: tuple[float, float] = (1.0, 1.0),
        exaggeration: float = 1.0,
        colormap: Any = "viridis",
    ) -> None:
        """Set the terrain, in place of one that is there. Layers and drape are placed on it anew.

        Parameters
        ----------
        heightmap : array, shape (H, W), float32 or float64, or LargeDEM
            C-contiguous, at least 2 x 2, metres, NaN where there is no ground, nothing infinite.
        spacing : (float, float)
            Cell size (dx, dy) in metres, finite and > 0. A LargeDEM's own, and its unit, hold unless this is another
            than the default.
        exaggeration : float
            Factor on all heights, finite and > 0.
        colormap : str, Colormap, list of colours, or array of shape (N, 3) or (N, 4)
            As `cmap` of `render`.

        Raises
        ------
        InvalidInputError
            Anything not as above, or a layer that was added, or the drape, cannot be placed on this terrain.
        """
        heights: Any = heightmap
        shown = Surface(heights, spacing, 1.0, None)
        if hasattr(heightmap, "_source"):
            shown = surface(heightmap, None if spacing == (1.0, 1.0) else spacing)
            exaggeration = in_metres(exaggeration, shown.z_factor)
        self._stand_on(shown, exaggeration, _colours(colormap))

    def _stand_on(self, ground: Surface, exaggeration: Any, colormap: Any) -> None:
        """Show this ground, `exaggeration` in metres for a unit of its heights, and on it layers and drape that were set."""
        from .vector._session import prepared, show

        # Before anything is another: a layer may have no place beside it.
        layers = prepared(self, ground.grid, ground.z_factor)
        drape = laid(self._drape, ground.grid)
        super().add_terrain(ground.heights, ground.spacing, exaggeration, colormap)
        self._geography, self._height_unit_m = ground.grid, ground.z_factor
        if layers:
            show(self, layers)
        if drape is not None:
            self._set("drape", drape)

    def set_colormap(
        self,
        cmap: Any,
        *,
        vmin: float | None = None,
        vmax: float | None = None,
        robust: bool = False,
        norm: Any = None,
        vcenter: float | None = None,
        levels: Any = None,
        extend: str | None = None,
        under: Any = None,
        over: Any = None,
    ) -> None:
        """Colour the terrain that is there: a colour map with its range, norm or levels.

        Takes the place of `add_terrain`'s colour map and of `set_height_range`. What depends on the
        DEM (open ends, `robust`, `levels` as a number) is found now, and stays.

        Parameters
        ----------
        cmap, vmin, vmax, robust, norm, vcenter, levels, extend, under, over
            As in `render`.

        Raises
        ------
        InvalidInputError
            An argument is not as there, two contradict each other, or there is no terrain.
        """
        known = Landmarks(*self._landmarks())
        scale = colour_scale(
            cmap,
            known,
            vmin=vmin,
            vmax=vmax,
            robust=robust,
            norm=norm,
            vcenter=vcenter,
            levels=levels,
            extend=extend,
            under=under,
            over=over,
        )
        self._set_colours(*scale)

    def set_bad(self, colour: Any) -> None:
        """Paint holes in this colour, as ground that goes on from their rims; None: see-through.

        Parameters
        ----------
        colour : colour or None
            As `bad` of `render`.
        """
        self._set("bad", _scenery.bad(colour))

    def set_water(self, water: float | npt.NDArray[np.bool_] | Water | None) -> None:
        """Add water: None, a level in the DEM's own heights, a (H, W) bool array, or `Water`."""
        self._set("water", landed_water(water))

    def set_keep_out(self, keep_out: Any) -> None:
        """Parts of the picture that labels leave free: a sequence of (left, top, right, bottom) in pixels, or None."""
        self._set("keep_out", keep_out)

    def set_drape(self, drape: Any) -> None:
        """Lay an image on the ground, in place of one that is there; None takes it away.

        Parameters
        ----------
        drape : Drape, or whatever one can be made of, or None
            Bounds are in the coordinates of a terrain that has some (`LargeDEM`), else in world metres; of a
            terrain that is set later in its own.
        """
        if drape is not None and not isinstance(drape, Drape):
            drape = Drape(drape)
        self._set("drape", laid(drape, self._geography))
        self._drape = drape

    def set_sun_time(
        self, time: Any, position: tuple[float, float], convergence: float = 0.0
    ) -> None:
        """Put the sun where it stands at a time, refraction included; at night only ambient light is left.

        Parameters
        ----------
        time : datetime, numpy.datetime64 or str
            One without a zone is UTC.
        position : (float, float)
            Latitude and longitude in degrees, north and east positive.
        convergence : float, default 0
            Bearing of the world's north there, in degrees: ``DEM.convergence`` of what is drawn.

        Raises
        ------
        InvalidInputError
            An argument is not as above.
        """
        azimuth, altitude = sun_at(time, position)
        self.set_sun(altitude, azimuth - finite(convergence, "convergence"))

    def add(self, layer: Layer, *, dpi: float = 96.0) -> LayerHandle:
        """Draw a layer too, from now on: `Labels` and the like.

        Parameters
        ----------
        layer : Layer
            Its coordinates are world metres: a session knows no others.
        dpi : float
            Pixels an inch, for lengths such as "9pt".

        Returns
        -------
        LayerHandle
            ``handle.update(color="red")`` changes it, ``handle.remove()`` takes it away.

        Raises
        ------
        InvalidInputError
            No layer, or one in a coordinate system.
        """
        from .vector._session import add

        return add(self, layer, dpi)

    def add_lines(self, data: Any, **words: Any) -> LayerHandle:
        """``add(Lines(data, ...))``; `words` are those of `Lines`."""
        from .vector import Lines

        return self.add(Lines(data, **words))

    def add_polygons(self, data: Any, **words: Any) -> LayerHandle:
        """``add(Polygons(data, ...))``; `words` are those of `Polygons`."""
        from .vector import Polygons

        return self.add(Polygons(data, **words))

    def add_points(self, data: Any, **words: Any) -> LayerHandle:
        """``add(Points(data, ...))``; `words` are those of `Points`."""
        from .vector import Points

        return self.add(Points(data, **words))

    def add_graph(self, nodes: Any, edges: Any, **words: Any) -> LayerHandle:
        """``add(Graph(nodes, edges, ...))``; `words` are those of `Graph`."""
        from .vector import Graph

        return self.add(Graph(nodes, edges, **words))

    def render(self, aovs: Sequence[str] = ()) -> Image:
        """Draw the terrain; `aovs` from "depth", "elevation", "normal", "ground".

        Raises
        ------
        InvalidInputError
            There is no terrain, or an unknown AOV.
        """
        return Image(self._draw(aovs), self._geography)

    def frames(self, cameras: Iterable[Camera], aovs: Sequence[str] = ()) -> Frames:
        """Draw the terrain from each of `cameras`; the next picture is drawn while the last is read.

        Gives an iterator of `Image`, each with the bytes that `set_camera` and `render` give. The
        renderer's own camera stays. Cameras are taken one ahead; one that cannot be had is an error
        when its picture is due. A setting or terrain changed meanwhile holds from the next picture
        on, which is then drawn anew. Leaving early gives up the picture drawn ahead; ``close()``,
        or ``with``, does so at once.

        Parameters
        ----------
        cameras : iterable of Camera
            Any, endless ones too.
        aovs : sequence of str
            As for `render`.

        Raises
        ------
        InvalidInputError
            No iterable, an item that is no Camera, no terrain, or an unknown AOV.

        Examples
        --------
        >>> renderer = vf.Renderer(320, 240)
        >>> renderer.add_terrain(np.zeros((50, 50), np.float32))
        >>> cameras = [vf.Camera.orbit((0, 0, 0), 100, azimuth, 30) for azimuth in (0, 120, 240)]
        >>> for number, picture in enumerate(renderer.frames(cameras)):
        ...     picture.save(f"turn_{number}.png")
        """
        return Frames(self._draw_each(cameras, aovs), self._geography)

    def _put(self, layers: Any, dpi: Any) -> None:
        """Draw these layers, None or a sequence of them, in place of those that were added."""
        from .vector._session import put

        put(self, layers, dpi)


def _colours(colormap: Any) -> Any:
    """What is a colour map to callers as a name or a table."""
    known = isinstance(colormap, str) or hasattr(colormap, "entries")
    read = callable(colormap) or isinstance(colormap, list | tuple)
    return resolve(colormap) if read and not known else colormap
