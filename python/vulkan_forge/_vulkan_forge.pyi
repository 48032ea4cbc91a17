"""The compiled module. Import its names from :mod:`vulkan_forge`.

Conventions, true everywhere: arrays of heights are ``(H, W)``, row 0 north, column 0 west. World: x
east, y north, z up, metres, origin at the DEM's centre; sample (i, j) is at x = (j - (W - 1) / 2)
dx, y = ((H - 1) / 2 - i) dy, z = height * exaggeration. Angles in degrees; an azimuth is the
compass bearing, clockwise from north, *from which* a thing is seen or lit. What takes a DEM with a
coordinate system (`Camera.fit`, ``render``, ``relief``) counts it from true north, unless told
``north="grid"``; what knows the world alone (`Camera.orbit`, `Renderer`) from the world's y, which is
the DEM's grid north. ``DEM.convergence`` is the angle between them. Pixel (px, py) has its
centre at (px + 0.5, py + 0.5), py down. Pictures are ``(H, W, 4) uint8``, sRGB, straight alpha.
Sizes are (width, height). A DEM for this module is float32, or float64 cast once, 2-D,
C-contiguous, at least 2 x 2, NaN where there is no ground; anything else raises InvalidInputError.

Anything that touches a device can raise DeviceLostError, OutOfMemoryError and, in a forked child,
ForkedProcessError; docstrings name only what is particular.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, Protocol, final

import numpy as np
import numpy.typing as npt

from .geo import LargeDEM
from .vector import Layer, LayerHandle

__all__ = [
    "Base",
    "Camera",
    "Contours",
    "DeviceInfo",
    "DeviceLostError",
    "Engine",
    "ForkedProcessError",
    "Frames",
    "GroundLayer",
    "Haze",
    "Image",
    "ImageFileError",
    "InvalidInputError",
    "LabelLayer",
    "NoDeviceError",
    "OutOfMemoryError",
    "Renderer",
    "Sky",
    "Texts",
    "VulkanForgeError",
    "Water",
    "__version__",
    "_camera",
    "_colormap_table",
    "_engine_count",
    "_forget_engines",
    "_height_percentiles",
    "_png_bytes",
    "_provoke_validation_message",
    "_relief_dominance",
    "_relief_horizon",
    "_relief_horizon_angles",
    "_relief_local",
    "_relief_shadow_mask",
    "_relief_viewshed",
    "_take_validation_messages",
    "camera_look_at",
    "camera_perspective",
    "camera_view_proj",
    "colormap_supported",
    "dem_normalize",
    "dem_stats",
    "device_probe",
    "devices",
    "enumerate_adapters",
    "grid_generate",
    "make_mesh",
    "numpy_to_png",
    "png_to_numpy",
    "render_triangle_png",
    "render_triangle_rgba",
]

__version__: str

_Path = str | os.PathLike[str]

class _Writable(Protocol):
    def write(self, data: Any, /) -> Any: ...

_Vec3 = Sequence[float] | npt.NDArray[Any]
_Heights = npt.NDArray[np.float32] | npt.NDArray[np.float64]
_ClipSpace = Literal["wgpu", "vulkan", "gl"]
_Colour = Sequence[float] | str

class VulkanForgeError(RuntimeError):
    """Base of every exception of this package."""

class InvalidInputError(VulkanForgeError, ValueError):
    """A value that was passed is not acceptable.

    The message says what was expected, what was got, the cure.
    """

class NoDeviceError(VulkanForgeError):
    """No Vulkan device can be used.

    Lists each device found, why it was refused, and what to install.
    """

class DeviceLostError(VulkanForgeError):
    """The device stopped answering. The object that used it is dead; a new one may work."""

class OutOfMemoryError(VulkanForgeError, MemoryError):
    """Host or device memory ran out. The message names the purpose and the bytes."""

class ImageFileError(VulkanForgeError, OSError):
    """An image file could not be read or written. Nothing is left half written."""

class ForkedProcessError(VulkanForgeError):
    """An object made before ``fork`` was used in the child. Make it anew there."""

@final
class DeviceInfo:
    """One Vulkan device that was found, usable or not."""

    @property
    def index(self) -> int:
        """Its number for ``device=``."""

    @property
    def name(self) -> str:
        """As its driver calls it."""

    @property
    def kind(self) -> str:
        """One of "discrete", "integrated", "virtual", "cpu", "other"."""

    @property
    def api_version(self) -> str:
        """Of Vulkan: "major.minor.patch"."""

    @property
    def driver(self) -> str:
        """Name and version."""

    @property
    def memory_bytes(self) -> int:
        """Bytes of device-local memory."""

    @property
    def max_image(self) -> int:
        """Longest side of a DEM, in samples."""

    @property
    def refused(self) -> str | None:
        """Why it cannot be used; None where it can."""

@final
class Camera:
    """Where a picture is taken from, and how. A value without a device.

    Immutable, comparable, hashable, picklable. Made by `look_at`, `orbit`, `fit` or `map`. Targets
    and eyes are in world metres, vertical exaggeration included.
    """

    @staticmethod
    def look_at(eye: _Vec3, target: _Vec3, up: _Vec3 = (0, 0, 1), fov: float = 35.0) -> Camera:
        """Perspective camera at `eye`, looking at `target`.

        Parameters
        ----------
        eye, target : (float, float, float)
            World metres, finite, different.
        up : (float, float, float)
            Direction that points up in the picture; not colinear with the view.
        fov : float
            Vertical field of view in degrees, in (0, 180).
        """

    @staticmethod
    def orbit(
        target: _Vec3, distance: float, azimuth: float, altitude: float, fov: float = 35.0
    ) -> Camera:
        """Perspective camera that sees `target` from a compass bearing and a height angle.

        Parameters
        ----------
        target : (float, float, float)
            World metres.
        distance : float
            Metres from the target to the eye, finite and > 0.
        azimuth : float
            Bearing of the eye as seen from the target, degrees clockwise from the world's north.
        altitude : float
            Degrees of the eye above the target's horizon, -90 to 90. At 90, up is north.
        fov : float
            Vertical field of view in degrees, in (0, 180).
        """

    @staticmethod
    def fit(
        dem: Any,
        azimuth: float = 225.0,
        altitude: float = 35.0,
        fov: float = 35.0,
        spacing: tuple[float, float] | None = None,
        vert_exag: float = 1.0,
        north: str = "true",
    ) -> Camera:
        """Perspective camera whose picture the whole of `dem` fills, whatever the picture's aspect.

        The ground takes 97 % of the frame in the direction in which it takes more, and is centred in
        both. Where a picture has walls, water or painted holes, they are in frame with it.

        Parameters
        ----------
        dem : array_like, shape (H, W), or whatever else `render` takes
            Any real dtype.
        azimuth, altitude, fov : float
            As in `orbit`, but see `north`.
        spacing : (float, float), optional
            Cell size (dx, dy) in metres; by default the DEM's own, or (1, 1) for an array.
        vert_exag : float
            Factor on all heights, finite and > 0.
        north : {"true", "grid"}, default "true"
            From which north `azimuth` counts: that of the ground in the middle of a DEM with a coordinate system,
            or that of its columns, which is the world's y and all that an array has.
        """

    @staticmethod
    def map(bounds: tuple[float, float, float, float] | None = None) -> Camera:
        """Orthographic camera that looks straight down, north up.

        Parameters
        ----------
        bounds : (xmin, ymin, xmax, ymax), optional
            World metres, stretched to the picture. By default the DEM's W dx by H dy footprint, so
            that a picture of the DEM's own size has exactly one cell in each pixel.
        """

    def view(self) -> npt.NDArray[np.float32]:
        """World to view, (4, 4), row-major, for column vectors; the view looks along -z.

        A map's is the identity, and that of `fit` is for a square picture.
        """

    def projection(self, aspect: float, clip_space: _ClipSpace = "wgpu") -> npt.NDArray[np.float32]:
        """View to clip, (4, 4), row-major.

        `aspect` is width / height, > 0; clip y is up in every space. The camera of `fit` stands
        elsewhere for each aspect: its matrix goes there from the place of ``view()`` first, so that
        the product of both is right for a picture of the bare ground.

        Raises
        ------
        InvalidInputError
            A value out of its range, or a map without bounds.
        """

@final
class Base:
    """A solid block under the ground: walls and a floor.

    Immutable, comparable, hashable, picklable. Walls stand at the DEM's edge and round holes, which
    go right through. They are lit by their own direction, and are ground like any other for `aovs`
    and ``ground_at``: depth and normal are theirs, elevation is the height of the point seen.
    """

    def __new__(cls, depth: float | None = None, colour: _Colour = (0.6, 0.53, 0.46)) -> Base:
        """Make one.

        Parameters
        ----------
        depth : float, optional
            From the DEM's least height down to the floor, in heights before `vert_exag`, > 0; by
            default a fifth of the height range, and at least 3 % of the DEM's longer side.
        colour : three floats in 0..1, "#rrggbb" or a name
            Of walls and floor. Downwards it gets darker, in layers.
        """

    @property
    def depth(self) -> float | None:
        """From the DEM's least height down to the floor; None: derived from the DEM."""

    @property
    def colour(self) -> tuple[float, float, float]:
        """SRGB of walls and floor."""

@final
class Contours:
    """Contour lines on the ground. Immutable, comparable, hashable, picklable.

    Lines are drawn at the exact height of what a pixel sees, as wide on steep slopes as on gentle
    ones, and lit like the ground. Where lines come closer than three of their widths, or three
    pixels, they fade, and are gone at two.
    """

    def __new__(
        cls,
        interval: float | None = None,
        index: int = 5,
        width: float = 0.8,
        colour: _Colour = (0.25, 0.16, 0.08, 0.7),
        base: float = 0.0,
    ) -> Contours:
        """Make them.

        Parameters
        ----------
        interval : float, optional
            Between neighbouring lines, in heights before `vert_exag`, > 0; by default 1, 2 or 5
            times a power of ten, at most sixteen lines.
        index : int, 0 to 1000
            Every so-manieth line, counted from `base`, is twice as wide; 0 for none.
        width : float
            Pixels, above 0 and at most 100.
        colour : three or four floats in 0..1, "#rrggbb", "#rrggbbaa" or a name
            Alpha is the lines' opacity.
        base : float
            A height that has a line.
        """

    @property
    def interval(self) -> float | None:
        """Between neighbouring lines; None: derived from the DEM."""

    @property
    def index(self) -> int:
        """Every so-manieth line is twice as wide; 0: none."""

    @property
    def width(self) -> float:
        """Of an ordinary line, in pixels."""

    @property
    def colour(self) -> tuple[float, float, float, float]:
        """SRGB and opacity."""

    @property
    def base(self) -> float:
        """A height that has a line."""

@final
class Haze:
    """Air that is not quite clear. Immutable, comparable, hashable, picklable.

    Of the light of a place at distance s, exp(-3 s / visibility) comes through (Koschmieder's law
    with a threshold of 5 %), and the rest is the haze's colour. It veils the ground and a `Sky`; a
    plain background stays as it is. A map has no distances: it shows haze only with a `height`, as
    seen from above it. Distances are in the world, `vert_exag` included.
    """

    def __new__(
        cls,
        visibility: float | None = None,
        height: float | None = None,
        colour: _Colour | None = None,
    ) -> Haze:
        """Make it.

        Parameters
        ----------
        visibility : float, optional
            Metres at which 5 % of the contrast is left, at the DEM's least height, > 0; by default
            twenty times the distance to the DEM's farthest corner.
        height : float, optional
            Scale height, in heights before `vert_exag`, > 0: so much higher haze is e times
            thinner. By default it is the same everywhere.
        colour : three floats in 0..1, "#rrggbb" or a name, optional
            What far ground fades into; by default the sky's at its horizon, else an opaque
            background's, else a light grey blue.
        """

    @property
    def visibility(self) -> float | None:
        """Metres at which 5 % of the contrast is left; None: derived from the scene."""

    @property
    def height(self) -> float | None:
        """Scale height; None: haze does not thin out."""

    @property
    def colour(self) -> tuple[float, float, float] | None:
        """SRGB; None: the sky's or the background's."""

@final
class Sky:
    """A sky behind the ground: three colours that run into one another by the line of sight's altitude.

    Immutable, comparable, hashable, picklable. An ordered pattern of half a step of a byte keeps the
    gradient from showing bands. A map looks straight down, and has nothing but `below`.
    """

    def __new__(
        cls,
        zenith: _Colour = (0.22, 0.44, 0.74),
        horizon: _Colour = (0.84, 0.9, 0.95),
        below: _Colour = (0.55, 0.6, 0.66),
    ) -> Sky:
        """Make one of the colours straight up, level, and straight down where there is no ground.

        Each is three floats in 0..1, "#rrggbb" or a name.
        """

    @property
    def zenith(self) -> tuple[float, float, float]:
        """SRGB straight up."""

    @property
    def horizon(self) -> tuple[float, float, float]:
        """SRGB at the horizon."""

    @property
    def below(self) -> tuple[float, float, float]:
        """SRGB straight down."""

@final
class Water:
    """Lakes and seas of one colour, with the sun in it. Immutable, comparable, hashable, picklable.

    At a level, water hides the ground the more, the longer the line of sight in it; where the DEM's
    edge cuts it one sees into it as into a block of glass. Shadows fall on its surface. There is no
    water over holes. `aovs` and ``ground_at`` look through it.
    """

    def __new__(
        cls,
        level: float | None = None,
        mask: npt.NDArray[np.bool_] | None = None,
        colour: _Colour = (0.13, 0.31, 0.44),
        clarity: float | None = None,
        glint: float = 0.8,
    ) -> Water:
        """Make it of a level or a mask.

        Parameters
        ----------
        level : float
            In heights before `vert_exag`: all ground below it lies under water.
        mask : bool array of shape (H, W)
            Samples that are water at the DEM's own height; a shore runs half-way between samples,
            and nothing is seen through it.
        colour : three floats in 0..1, "#rrggbb" or a name
            Of deep water.
        clarity : float, optional
            Length of the line of sight in the water at which 5 % of the ground's light is left, in
            heights before `vert_exag`, > 0; by default 0.4 times the greatest depth.
        glint : float
            How bright the sun's reflection is, in sunlit whites, >= 0.
        """

    @property
    def level(self) -> float | None:
        """Height of its surface; None: there is a mask."""

    @property
    def mask(self) -> npt.NDArray[np.bool_] | None:
        """A copy of the mask; None: there is a level."""

    @property
    def colour(self) -> tuple[float, float, float]:
        """SRGB of deep water."""

    @property
    def clarity(self) -> float | None:
        """Length of a line of sight in it at which 5 % is left; None: derived from the DEM."""

    @property
    def glint(self) -> float:
        """Brightness of the sun's reflection, in sunlit whites."""

@final
class Image:
    """A picture with what is known of it. ``np.asarray(image)`` shows its pixels without a copy."""

    @property
    def rgba(self) -> npt.NDArray[np.uint8]:
        """(H, W, 4) uint8, sRGB, straight alpha; no copy."""

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)."""

    @property
    def metrics(self) -> dict[str, Any]:
        """Timings and bytes of the frame, as in `Renderer.render_metrics`."""

    @property
    def aovs(self) -> dict[str, npt.NDArray[np.float32]]:
        """The arrays asked for: float32, NaN where no ground is seen, taken at the pixel's centre.

        ``depth`` (H, W): metres along the view axis. ``elevation`` (H, W): the DEM's own height.
        ``normal`` (H, W, 3): world, the bilinear patch's own. ``ground`` (H, W, 2): world x, y.
        """

    @property
    def labels(self) -> list[dict[str, Any]]:
        """The labels that found room, in the order in which they did.

        Dicts of ``layer`` (which of the layers of labels), ``row`` (of its data), ``bounds`` (left, top,
        right, bottom of the text with its halo, in pixels) and ``dim`` (drawn faintly, behind the terrain).
        """

    def ground_at(self, px: int, py: int) -> tuple[float, float, float] | None:
        """World (x, y, z) under a pixel's centre, or None where there is no ground.

        Raises
        ------
        InvalidInputError
            The pixel lies outside the picture.
        """

    @property
    def crs(self) -> Any:
        """Coordinate system of the DEM that was drawn, ``rasterio.crs.CRS``; None without one."""

    @property
    def transform(self) -> Any:
        """``affine.Affine`` from pixels to coordinates; None of an oblique picture."""

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """(left, bottom, right, top) in coordinates, as in rasterio; None of an oblique picture."""

    @property
    def extent(self) -> tuple[float, float, float, float] | None:
        """(left, right, bottom, top), as in matplotlib; None of an oblique picture."""

    def save(self, path: _Path | _Writable, *, world_file: bool = False) -> None:
        """Write what the suffix says, whole or not at all.

        Parameters
        ----------
        path : str, os.PathLike or file open for bytes
            Ends in .png, .tif or .tiff (a GeoTIFF, with rasterio), .jpg, .jpeg (quality 95, on
            white) or .webp (lossless), the last three with Pillow. Into a file goes a PNG.
        world_file : bool
            Put a .pgw, and the coordinate system as .aux.xml, beside a PNG.

        Raises
        ------
        ImageFileError
            The place cannot be written, or exists and is no regular file.
        InvalidInputError
            Another suffix or none; GeoTIFF or world file of an oblique picture, which has no place
            on a map.
        MissingExtraError
            Neither rasterio nor Pillow is there to write it.
        """

    def to_xarray(self) -> Any:
        """As ``xarray.DataArray`` (band, y, x) uint8.

        With coordinates for a picture from straight above.
        """

    def plot(self, ax: Any = None, **options: Any) -> Any:
        """Draw with ``imshow`` on `ax`, by default the current axes; returns the ``AxesImage``.

        With coordinates for a picture from straight above, without axes for an oblique one.
        """

    @property
    def _map_bounds(self) -> tuple[float, float, float, float] | None: ...
    @property
    def _geography(self) -> Any: ...
    @property
    def __array_interface__(self) -> dict[str, Any]: ...
    def __dlpack__(self, **options: Any) -> Any: ...
    def __dlpack_device__(self) -> tuple[int, int]: ...
    def _repr_png_(self) -> bytes: ...
    def __array__(
        self, dtype: npt.DTypeLike | None = None, copy: bool | None = None
    ) -> npt.NDArray[Any]: ...

@final
class Texts:
    """Texts shaped in their fonts. Internal: `vulkan_forge.Labels` makes it.

    `rows` are what messages call the texts by; `fonts` are (name, bytes), tried in this order before the
    package's own.
    """

    def __new__(
        cls, texts: Sequence[str], rows: Sequence[int], fonts: Sequence[tuple[str, bytes]]
    ) -> Texts: ...
    def __len__(self) -> int: ...

@final
class LabelLayer:
    """Labels in world metres with lengths in pixels. Internal: `vulkan_forge.Labels` makes it.

    Label i is ``texts[i]`` at ``xy[offsets[i]:offsets[i + 1]]``, a point or, with ``lines[i]``, a line whose
    runs NaN parts. `lifts`, `priorities`, `sizes` and `colors` are for each label, or one for all.
    """

    def __new__(
        cls,
        texts: Texts,
        *,
        rows: npt.NDArray[np.int64],
        xy: npt.NDArray[np.float64],
        offsets: npt.NDArray[np.int64],
        lines: npt.NDArray[np.bool_],
        lifts: npt.NDArray[np.float64],
        priorities: npt.NDArray[np.float64],
        sizes: npt.NDArray[np.float32],
        colors: npt.NDArray[np.uint8],
        halo: float,
        halo_color: Sequence[int],
        sides: Sequence[str],
        gap: float,
        leader: tuple[float, Sequence[int]] | None,
        occlude: str,
        order: float,
    ) -> LabelLayer: ...

@final
class GroundLayer:
    """Lines, polygons or points on the ground. Internal. Immutable; renderers may share one, and it keeps its index between pictures.

    Coordinates are float64 world metres (x east, y north, origin at the DEM's centre), finite; what lies
    beyond the DEM is cut off. Colours are float32 (F, 4), sRGB 0..1 with straight alpha; sizes float32 (F,);
    either may have one row for all features. A unit is "px", pixels of the picture, or "m", metres of the map.
    Later features lie above earlier ones. Raises InvalidInputError.
    """

    @staticmethod
    def lines(
        xy: npt.NDArray[np.float64],
        offsets: npt.NDArray[np.int64],
        features: npt.NDArray[np.int64],
        *,
        colors: npt.NDArray[np.float32],
        widths: npt.NDArray[np.float32],
        unit: str = "px",
        cap: str = "butt",
        join: str = "round",
        miter_limit: float = 5.0,
        dash: Sequence[float] | None = None,
        dash_offset: float = 0.0,
        casing_colors: npt.NDArray[np.float32] | None = None,
        casing_width: float = 0.0,
        zorder: float = 0.0,
    ) -> GroundLayer:
        """Line i is ``xy[offsets[i]:offsets[i + 1]]``, with the colour and width of row ``features[i]``.

        `widths` are whole widths in `unit`; `cap` "butt", "round" or "square"; `join` "round", "miter" (its tip cut off
        at `miter_limit` half widths) or "bevel". `dash` is up to four pairs of lengths on and off. A casing is
        `casing_width` wider on each side, and lies below all lines of the layer.
        """

    @staticmethod
    def polygons(
        xy: npt.NDArray[np.float64],
        offsets: npt.NDArray[np.int64],
        features: npt.NDArray[np.int64],
        holes: npt.NDArray[np.bool_],
        *,
        colors: npt.NDArray[np.float32],
        edge_colors: npt.NDArray[np.float32] | None = None,
        edge_widths: npt.NDArray[np.float32] | None = None,
        edge_unit: str = "px",
        edge_join: str = "round",
        edge_dash: Sequence[float] | None = None,
        hatch: Sequence[tuple[float, float, float]] | None = None,
        hatch_colors: npt.NDArray[np.float32] | None = None,
        hatch_unit: str = "px",
        zorder: float = 0.0,
    ) -> GroundLayer:
        """Rings, closed or not, of which `holes` says which are holes; inside an odd number of a feature's is filled.

        `colors` are the fill's, of alpha 0 for none; edges lie above all fills of the layer. `hatch` is a sequence of (angle in
        degrees, spacing, width) of stripes; angles run counter-clockwise from the picture's right ("px") or from east ("m").
        """

    @staticmethod
    def points(
        xy: npt.NDArray[np.float64],
        features: npt.NDArray[np.int64] | None = None,
        *,
        colors: npt.NDArray[np.float32],
        sizes: npt.NDArray[np.float32],
        unit: str = "px",
        shape: str = "disc",
        edge_colors: npt.NDArray[np.float32] | None = None,
        edge_widths: npt.NDArray[np.float32] | None = None,
        zorder: float = 0.0,
    ) -> GroundLayer:
        """A shape at each place, of row ``features[i]``, or of row i of the colours and sizes.

        `sizes` are a disc's diameter or a square's side; `shape` "disc", "square", "diamond", "triangle", "plus", "cross" or
        "star". An edge lies on the outline, half of `edge_widths` (one unit by default) to each side.
        """

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of the vertices; None without any."""

    @property
    def kind(self) -> str:
        """The words "lines", "polygons" or "points"."""

    @property
    def zorder(self) -> float:
        """Layers with a greater one lie above."""

    @property
    def count(self) -> int:
        """How many features there are."""

@final
class Engine:
    """This process's one engine for a device. Internal."""

    def __new__(
        cls, *, device: int | str | None = None, prefer_software: bool = False
    ) -> Engine: ...
    def render(
        self,
        heights: npt.NDArray[np.float32] | Source,
        *,
        size: tuple[int, int],
        spacing: tuple[float, float],
        vert_exag: float,
        vmin: float | None,
        vmax: float | None,
        aovs: Sequence[str],
        geography: Any = None,
        layers: Sequence[GroundLayer] | None = None,
        **options: Any,
    ) -> Image: ...
    def landmarks(
        self, source: Source
    ) -> tuple[tuple[float, float] | None, tuple[float, float] | None, float]: ...

@final
class Source:
    """A DEM that gives rectangles of its heights, and what is known of it. Internal."""

    def __new__(
        cls,
        read: Callable[[int, int, int, int], npt.NDArray[np.float32]],
        shape: Sequence[int],
        *,
        max_memory: int | None = None,
        levels: Sequence[int] | None = None,
        progress: Callable[[float], object] | None = None,
        keep: Callable[[bytes], object] | None = None,
    ) -> Source: ...
    def take(self, kept: bytes) -> bool: ...

@final
class Renderer:
    """A session: one device, one picture size, one terrain, settings that stay until changed."""

    def __new__(
        cls,
        width: int,
        height: int,
        *,
        device: int | str | None = None,
        prefer_software: bool = False,
    ) -> Renderer:
        """Open a device.

        Parameters
        ----------
        width, height : int
            Size of the pictures in pixels, 1 to the device's limit.
        device : int or str, optional
            Index in `devices()`, a part of a name, "gpu" or "software". By default the best there
            is: discrete, integrated, virtual, CPU.
        prefer_software : bool
            Take a CPU device where there is one; so does ``VULKAN_FORGE_PREFER_SOFTWARE=1``.

        Raises
        ------
        InvalidInputError
            A size outside its range.
        NoDeviceError
            No device fits.
        """

    def info(self) -> str:
        """One line: size, format, device."""

    def report_environment(self) -> dict[str, Any]:
        """Tell versions, driver, limits, memory, layers and host; JSON-able.

        Host memory is None without psutil.
        """

    def render_metrics(self) -> dict[str, Any]:
        """Numbers of the last frame.

        ``encode_ms`` (recording commands), ``gpu_ms`` (timestamp queries; None without a clock),
        ``readback_ms``,
        ``upload_ms``, ``total_ms``: milliseconds; ``bytes_uploaded``, ``bytes_read``: bytes.
        """

    def add_terrain(
        self,
        heightmap: _Heights | LargeDEM,
        spacing: tuple[float, float] = (1.0, 1.0),
        exaggeration: float = 1.0,
        colormap: Any = "viridis",
    ) -> None:
        """Set the terrain, in place of one that is there.

        Parameters
        ----------
        heightmap : array, shape (H, W), float32 or float64, or LargeDEM
            C-contiguous, at least 2 x 2, metres, NaN where there is no ground, nothing infinite.
        spacing : (float, float)
            Cell size (dx, dy) in metres, finite and > 0; by default a LargeDEM's own.
        exaggeration : float
            Factor on all heights, finite and > 0.
        colormap : str, Colormap, list of colours, or array of shape (N, 3) or (N, 4)
            As `cmap` of `render`.

        Raises
        ------
        InvalidInputError
            Anything not as above.
        """

    def terrain_stats(self) -> tuple[float, float, float, float]:
        """Least, greatest, mean, population standard deviation of height * exaggeration, metres.

        NaN is left out.

        Raises
        ------
        InvalidInputError
            There is no terrain.
        """

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

    def set_bad(self, colour: Any) -> None:
        """Paint holes in this colour, as ground that goes on from their rims; None: see-through.

        Parameters
        ----------
        colour : colour or None
            As `bad` of `render`.
        """

    def _set_ground_layers(self, layers: Sequence[GroundLayer]) -> None:
        """Put these on the ground, in place of those that are there: by zorder, then as given. Internal."""

    def set_drape(self, drape: Any) -> None:
        """Lay an image on the ground, in place of one that is there; None takes it away.

        Parameters
        ----------
        drape : Drape, or whatever one can be made of, or None
            Bounds are in world metres.
        """

    def set_shading(self, shading: str) -> None:
        """How light goes with colour: "multiply", "overlay" or "soft light", as in `render`."""

    def set_height_range(self, min: float, max: float) -> None:
        """Heights at the two ends of the colour map, before exaggeration; finite, min < max."""

    def normalize_terrain(
        self, mode: str, range: tuple[float, float] | None = None, eps: float | None = None
    ) -> None:
        """Rescale the heights in place.

        Parameters
        ----------
        mode : {"minmax", "zscore"}
            To `range`, or to mean 0 and standard deviation 1.
        range : (float, float), optional
            New least and greatest, for "minmax"; by default (0, 1).
        eps : float, > 0, optional
            Least spread that is divided by; by default 1e-8.
        """

    def set_camera_look_at(
        self, eye: _Vec3, target: _Vec3, up: _Vec3, fovy_deg: float, znear: float, zfar: float
    ) -> None:
        """Perspective camera with clip planes.

        Vectors in world metres, ``0 < znear < zfar`` in metres, `fovy_deg` in (0, 180).
        """

    def set_camera_orbit(
        self, center: _Vec3, distance: float, elevation_deg: float, azimuth_deg: float
    ) -> None:
        """As `Camera.orbit`, with the angles in the other order."""

    def set_camera(self, camera: Camera) -> None:
        """Use a `Camera`."""

    def set_sun(self, elevation_deg: float, azimuth_deg: float) -> None:
        """Put the sun at an angle above the horizon and a bearing clockwise from the world's north."""

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

    def set_sun_radius(self, degrees: float) -> None:
        """Angle from the middle of the sun's disc to its edge, 0 to 15; 0 is a point with hard shadows."""

    def set_exposure(self, exposure: float) -> None:
        """Factor on the light, finite and > 0."""

    def set_shadows(self, enabled: bool) -> None:
        """Whether terrain casts shadows."""

    def set_ambient(self, ambient: float) -> None:
        """Share of the light that reaches every place, 0 to 1."""

    def set_ambient_occlusion(self, enabled: bool, radius: float | None = None) -> None:
        """Whether the ambient light is multiplied by the part of the sky that each place sees.

        The map of it is kept between frames while terrain and radius stand still.

        Parameters
        ----------
        enabled : bool
        radius : float, optional
            How far it looks, in metres, finite and > 0; by default a sixteenth of the DEM's longer
            side, but not fewer than 8 and not more than 24 cells.

        Raises
        ------
        InvalidInputError
            `radius` is not as above, or comes with ``enabled=False``.
        """

    def set_samples(self, samples: int) -> None:
        """Rays for each pixel: 1, 2, 4, 8 or 16."""

    def set_detail(self, detail: str) -> None:
        """How ground is met whose cells are no larger than a pixel: "auto" or "exact", as in `render`."""

    def set_normals(self, normals: str) -> None:
        """What light falls on where cells are larger than pixels: "smooth" or "patch", as in `render`."""

    def set_background(self, rgba: _Colour | Sky) -> None:
        """What stands where no ground is seen, as `background` of `render`.

        A colour, "transparent", "sky" or a `Sky`.
        """

    def set_base(self, base: bool | Base | None) -> None:
        """Put a solid block under the ground: False, True or a `Base`."""

    def set_water(self, water: float | npt.NDArray[np.bool_] | Water | None) -> None:
        """Add water: None, a level in the DEM's own heights, a (H, W) bool array, or `Water`."""

    def set_haze(self, haze: bool | float | Haze | None) -> None:
        """Add haze: None, True, a visibility in metres, or `Haze`."""

    def set_contours(self, contours: bool | float | Contours | None) -> None:
        """Add contour lines: None, True, an interval in the DEM's own heights, or `Contours`."""

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

    @property
    def _layers(self) -> list[Any]: ...
    def _set_labels(self, labels: Sequence[LabelLayer]) -> None: ...
    def add_lines(self, data: Any, **words: Any) -> LayerHandle:
        """``add(Lines(data, ...))``; `words` are those of `Lines`."""

    def add_polygons(self, data: Any, **words: Any) -> LayerHandle:
        """``add(Polygons(data, ...))``; `words` are those of `Polygons`."""

    def add_points(self, data: Any, **words: Any) -> LayerHandle:
        """``add(Points(data, ...))``; `words` are those of `Points`."""

    def add_graph(self, nodes: Any, edges: Any, **words: Any) -> LayerHandle:
        """``add(Graph(nodes, edges, ...))``; `words` are those of `Graph`."""

    def upload_height_r32f(self) -> None:
        """Send the heights to the device now; `render` does it when needed.

        Raises
        ------
        InvalidInputError
            "no terrain uploaded; call add_terrain() first".
        """

    def read_full_height_texture(self) -> npt.NDArray[np.float32]:
        """Heights on the device, (H, W), bit for bit.

        Zeros before an upload, of shape (0, 0) with no terrain.
        """

    def debug_read_height_patch(self, x: int, y: int, w: int, h: int) -> npt.NDArray[np.float32]:
        """Columns x to x + w and rows y to y + h of the heights on the device, (h, w).

        Zeros before an upload.

        Raises
        ------
        InvalidInputError
            The patch leaves the terrain.
        """

    def render(self, aovs: Sequence[str] = ()) -> Image:
        """Draw the terrain; `aovs` from "depth", "elevation", "normal", "ground".

        Raises
        ------
        InvalidInputError
            There is no terrain, or an unknown AOV.
        """

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

    def render_rgba(self) -> npt.NDArray[np.uint8]:
        """Draw the terrain: (H, W, 4) uint8, sRGB, straight alpha."""

    def render_png(self, path: _Path) -> None:
        """Draw the terrain and write a PNG, whole or not at all."""

    def render_triangle_rgba(self) -> npt.NDArray[np.uint8]:
        """A fixed smoke picture, (H, W, 4) uint8, that needs no terrain."""

    def render_triangle_png(self, path: _Path) -> None:
        """The smoke picture as a PNG, whole or not at all."""

@final
class Frames:
    """Pictures from one camera after another, as `Renderer.frames` gives them."""

    def __iter__(self) -> Frames: ...
    def __next__(self) -> Image: ...
    def __enter__(self) -> Frames: ...
    def __exit__(self, *_exception: object) -> None: ...
    def close(self) -> None:
        """Stop: what is being drawn ahead is given up, and no more pictures come."""

def render_triangle_rgba(w: int, h: int) -> npt.NDArray[np.uint8]:
    """A fixed smoke picture, (h, w, 4) uint8, on the default device."""

def render_triangle_png(path: _Path, w: int, h: int) -> None:
    """The smoke picture as a PNG, whole or not at all."""

def png_to_numpy(path: _Path) -> npt.NDArray[np.uint8]:
    """Read a PNG as (H, W, 4) uint8 RGBA, with no colour transform.

    Raises
    ------
    ImageFileError
        Missing, unreadable, truncated, or no PNG.
    """

def numpy_to_png(path: _Path, array: npt.NDArray[np.uint8]) -> None:
    """Write a PNG, whole or not at all.

    Parameters
    ----------
    path : str or os.PathLike
        Where to.
    array : (H, W), (H, W, 3) or (H, W, 4) uint8, C-contiguous
        Grey, RGB or RGBA; the bytes are the sRGB payload.

    Raises
    ------
    InvalidInputError
        Another dtype, shape or memory order.
    ImageFileError
        The place cannot be written, or exists and is no regular file.
    """

def _colormap_table(name: str) -> npt.NDArray[np.float32]: ...
def _height_percentiles(
    heights: npt.NDArray[np.float32], percents: tuple[float, float]
) -> tuple[float, float] | None: ...
def _png_bytes(array: npt.NDArray[np.uint8]) -> bytes: ...
def grid_generate(
    nx: int, nz: int, spacing: tuple[float, float] = (1.0, 1.0), origin: str = "center"
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.uint32]]:
    """Make a regular grid of counter-clockwise triangles.

    Returns xy (N, 2) and uv (N, 2) float32, indices (M,) uint32.

    Parameters
    ----------
    nx, nz : int, >= 2
        Vertices along the two sides; N = nx nz.
    spacing : (float, float)
        Distance of neighbours, finite and > 0.
    origin : {"center", "corner"}
        What lies at (0, 0): the grid's middle, or its south-west corner.
    """

def make_mesh(
    heightmap: _Heights, spacing: tuple[float, float] = (1.0, 1.0), exaggeration: float = 1.0
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.uint32]]:
    """Turn a DEM into counter-clockwise triangles.

    Returns positions (N, 3) in world metres and uv (N, 2) float32, indices (M,) uint32.
    """

def dem_stats(heightmap: _Heights) -> tuple[float, float, float, float]:
    """(min, max, mean, population standard deviation) of the heights, NaN left out."""

def dem_normalize(
    heightmap: _Heights,
    *,
    mode: str = "minmax",
    out_range: tuple[float, float] = (0, 1),
    eps: float = 1e-8,
    return_stats: bool = False,
) -> Any:
    """Rescale a copy, (H, W) float32.

    Parameters
    ----------
    heightmap : array, shape (H, W), float32 or float64
    mode : {"minmax", "zscore"}
        To `out_range`, or to mean 0 and standard deviation 1.
    out_range : (float, float)
        For "minmax".
    eps : float, > 0
        Least spread that is divided by.
    return_stats : bool
        Return (array, (min, max, mean, std)).
    """

def camera_look_at(eye: _Vec3, target: _Vec3, up: _Vec3) -> npt.NDArray[np.float32]:
    """World to view, (4, 4), row-major, for column vectors, right-handed; the view looks along -z.

    Raises
    ------
    InvalidInputError
        "eye/target/up components must be finite", "up vector must not be colinear with view
        direction".
    """

def camera_perspective(
    fovy_deg: float, aspect: float, znear: float, zfar: float, clip_space: _ClipSpace = "wgpu"
) -> npt.NDArray[np.float32]:
    """View to clip, (4, 4), row-major.

    Parameters
    ----------
    fovy_deg : float
        Vertical field of view in degrees, in (0, 180).
    aspect : float
        Width / height, > 0.
    znear, zfar : float
        Metres to the clip planes, 0 < znear < zfar.
    clip_space : {"wgpu", "vulkan", "gl"}
        Depth in 0..1 for the first two, which are one; in -1..1 for "gl".
    """

def camera_view_proj(
    eye: _Vec3,
    target: _Vec3,
    up: _Vec3,
    fovy_deg: float,
    aspect: float,
    znear: float,
    zfar: float,
    clip_space: _ClipSpace = "wgpu",
) -> npt.NDArray[np.float32]:
    """World to clip, (4, 4): `camera_perspective` times `camera_look_at`."""

def colormap_supported() -> list[str]:
    """Names of the built-in colour maps; "viridis", "magma", "terrain" first."""

def devices() -> list[DeviceInfo]:
    """List every Vulkan device found, unusable ones included, in the order of ``device=`` indices.

    Empty where there is no Vulkan at all.
    """

def enumerate_adapters() -> list[dict[str, Any]]:
    """List `devices` as JSON-able dicts with the attributes of `DeviceInfo`."""

def device_probe(backend: str | None = None) -> dict[str, Any]:
    """Try whether the default device can be opened. Never raises for want of one.

    Parameters
    ----------
    backend : {None, "vulkan"}
        There is no other.

    Returns
    -------
    dict
        JSON-able. ``status`` is "ok" or "unavailable", ``backend`` "vulkan"; with the first comes
        ``device`` (as in `enumerate_adapters`), with the second ``message``.
    """

def _camera(maker: str, arguments: tuple[Any, ...], clip: tuple[float, float] | None) -> Camera: ...
def _engine_count() -> int: ...
def _forget_engines() -> None: ...
def _take_validation_messages() -> list[str]: ...
def _provoke_validation_message() -> None: ...
def _relief_local(
    engine: Engine,
    dem: npt.NDArray[np.float32],
    operators: Sequence[tuple[str, str, str, float, float]],
    *,
    spacing: tuple[float, float],
    north: float | None,
    vert_exag: float,
    edges: str,
    block_cells: int | None,
    places: tuple[npt.NDArray[np.float32], tuple[float, float], bool] | None = None,
) -> list[npt.NDArray[np.float32]]: ...
def _relief_horizon(
    engine: Engine,
    dem: npt.NDArray[np.float32],
    quantity: str,
    *,
    radius: float,
    directions: int,
    up: float,
    spacing: tuple[float, float],
    vert_exag: float,
    block_cells: int | None,
) -> npt.NDArray[np.float32]: ...
def _relief_horizon_angles(
    engine: Engine,
    dem: npt.NDArray[np.float32],
    *,
    radius: float,
    directions: int,
    up: float,
    spacing: tuple[float, float],
    vert_exag: float,
    block_cells: int | None,
) -> npt.NDArray[np.float32]: ...
def _relief_dominance(
    engine: Engine,
    dem: npt.NDArray[np.float32],
    *,
    min_radius: float,
    radius: float,
    directions: int,
    height: float,
    spacing: tuple[float, float],
    vert_exag: float,
    block_cells: int | None,
) -> npt.NDArray[np.float32]: ...
def _relief_shadow_mask(
    engine: Engine,
    dem: npt.NDArray[np.float32],
    *,
    azimuth: float,
    altitude: float,
    spacing: tuple[float, float],
    vert_exag: float,
    block_lines: int | None,
) -> npt.NDArray[np.float32]: ...
def _relief_viewshed(
    engine: Engine,
    dem: npt.NDArray[np.float32],
    *,
    x: float,
    y: float,
    height: float,
    target_height: float,
    curvature: float,
    body_radius: float,
    max_distance: float | None,
    spacing: tuple[float, float],
    vert_exag: float,
) -> npt.NDArray[np.float32]: ...
