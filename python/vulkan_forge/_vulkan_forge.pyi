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
from typing_extensions import Self, disjoint_base

__all__ = [
    "_MOST_SIDE",
    "DeviceInfo",
    "DeviceLostError",
    "Engine",
    "ForkedProcessError",
    "Frames",
    "GroundLayer",
    "ImageFileError",
    "InvalidInputError",
    "LabelLayer",
    "NoDeviceError",
    "OutOfMemoryError",
    "Picture",
    "PngRows",
    "Presenter",
    "Session",
    "Sheet",
    "Source",
    "SpaceLayer",
    "Strips",
    "Symbol",
    "Texts",
    "Viewpoint",
    "VulkanForgeError",
    "__version__",
    "_check_option",
    "_colormap_table",
    "_engine_count",
    "_halved_heights",
    "_height_percentiles",
    "_heights_with_rims",
    "_lean_png_bytes",
    "_leave",
    "_noto_sans",
    "_png_bytes",
    "_provoke_validation_message",
    "_relief_dominance",
    "_relief_horizon",
    "_relief_horizon_angles",
    "_relief_local",
    "_relief_shadow_band",
    "_relief_shadow_mask",
    "_relief_shadow_order",
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

_Vec3 = Sequence[float] | npt.NDArray[Any]
_Heights = npt.NDArray[np.float32] | npt.NDArray[np.float64]
_ClipSpace = Literal["wgpu", "vulkan", "gl"]

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

    @classmethod
    def _of(cls, parts: tuple[Any, ...]) -> DeviceInfo:
        """One of the parts of another, perhaps in another process."""

@disjoint_base
class Viewpoint:
    """What `vulkan_forge.Camera` is made of. Its makers give the class that they are called of."""

    def __new__(cls, viewpoint: Viewpoint) -> Self:
        """Another face of the same."""

    @classmethod
    def look_at(cls, eye: _Vec3, target: _Vec3, up: _Vec3 = (0, 0, 1), fov: float = 35.0) -> Self:
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

    @classmethod
    def orbit(
        cls, target: _Vec3, distance: float, azimuth: float, altitude: float, fov: float = 35.0
    ) -> Self:
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

    @classmethod
    def _fit(
        cls,
        heights: npt.NDArray[np.float32] | Source,
        spacing: Any,
        exaggeration: Any,
        azimuth: Any,
        altitude: Any,
        fov: Any,
    ) -> Self:
        """Perspective camera that has all of these heights in frame, on a bearing from the world's north."""

    @classmethod
    def map(cls, bounds: tuple[float, float, float, float] | None = None) -> Self:
        """Orthographic camera that looks straight down, north up.

        Parameters
        ----------
        bounds : (xmin, ymin, xmax, ymax), optional
            World metres, stretched to the picture. By default the DEM's W dx by H dy footprint, so
            that a picture of the DEM's own size has exactly one cell in each pixel.
        """

    @classmethod
    def _made(
        cls, maker: str, arguments: tuple[Any, ...], clip: tuple[float, float] | None
    ) -> Self: ...
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

@disjoint_base
class Picture:
    """What `vulkan_forge.Image` is made of: pixels, and all that was known when they were drawn."""

    def __new__(cls, picture: Picture) -> Self:
        """Another face of the same picture, without a copy."""

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
        ``normal`` (H, W, 3): world, the bilinear patch's own. ``ground`` (H, W, 2): world x, y. Where a thing over the
        ground is seen they are the thing's; its normal is towards the side from which it is seen.
        """

    @property
    def labels(self) -> list[dict[str, Any]]:
        """The labels that found room, in the order in which they did.

        Dicts of ``layer`` (which of the layers of labels), ``row`` (of its data), ``bounds`` (left, top,
        right, bottom of the text with its halo, in pixels) and ``dim`` (drawn faintly, behind the terrain).
        """

    def ground_at(self, px: int, py: int) -> tuple[float, float, float] | None:
        """World (x, y, z) under a pixel's centre, or None where there is no ground.

        It is the surface that the picture shows, within half a pixel of the exact one where cells are smaller than pixels; of a picture
        with `aovs` it is theirs, exact. Where a thing over the ground is seen it is that.

        Raises
        ------
        InvalidInputError
            The pixel lies outside the picture.
        """

    def _parts(self) -> tuple[Any, ...]:
        """All that it is made of, as `_of` takes it."""

    @classmethod
    def _of(cls, parts: tuple[Any, ...]) -> Picture:
        """A picture of the parts of another, perhaps in another process."""

    def _save_png(self, path: Any) -> None:
        """Write a PNG, whole or not at all."""

    @property
    def _map_bounds(self) -> tuple[float, float, float, float] | None: ...
    @property
    def _rays(self) -> npt.NDArray[np.float64]: ...
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
    def measures(self) -> npt.NDArray[np.float64]:
        """(N, 6): of each text its advance, its lines, and left, top, right, bottom of its outlines; ems, y down from the baseline."""

    def outline(self, number: int) -> tuple[bytes, npt.NDArray[np.float64]]:
        """Commands M, L, Q, C, Z of a text's outlines, and their points (N, 2) in ems, y down from the first baseline."""

@final
class Sheet:
    """A page of pixels that things are laid on, sRGB with straight alpha. Internal: `vulkan_forge.map` makes it.

    Places are in pixels from the upper left corner, y down, and need not be whole. Colours are four bytes.
    """

    def __new__(cls, width: int, height: int, colour: Sequence[int]) -> Sheet: ...
    def picture(self, image: npt.NDArray[np.uint8], left: int, top: int) -> None:
        """Lay pixels (h, w, 4) over it, their corner at pixel (left, top)."""

    def fill(self, rings: Sequence[npt.NDArray[np.float64]], colour: Sequence[int]) -> None:
        """Fill closed rings, (N, 2) each, by non-zero winding."""

    def stroke(
        self,
        lines: Sequence[npt.NDArray[np.float64]],
        pen: tuple[float, bool, bool, Sequence[float]],
        colour: Sequence[int],
    ) -> None:
        """Draw lines, (N, 2) each, with a pen: its width, round, closed, lengths on and off in turn or none."""

    def text(
        self,
        texts: Texts,
        number: int,
        baseline: tuple[float, float, float, float],
        size: float,
        colour: Sequence[int],
        halo: tuple[float, Sequence[int]],
    ) -> None:
        """Write one of `texts` along (x, y, right, down); a halo is how far it reaches, and its colour."""

    def rgba(self) -> npt.NDArray[np.uint8]:
        """A copy of the pixels, (H, W, 4)."""

@final
class LabelLayer:
    """Labels in world metres with lengths in pixels. Internal: `vulkan_forge.Labels` makes it.

    `places` are `xy`, `offsets`, `lines` and `inside`: label i is ``texts[i]`` at ``xy[offsets[i]:offsets[i + 1]]``, a point or, with
    ``lines[i]``, a line whose runs NaN parts. `looks` are lifts, priorities, sizes and colours, for each label or one for all.
    `around` is ((width, colour) of halos, sides, gap); without sides labels stand beside points, and in the middle of lines and,
    with ``inside[i]``, of areas.
    """

    def __new__(
        cls,
        texts: Texts,
        rows: npt.NDArray[np.int64],
        places: tuple[
            npt.NDArray[np.float64],
            npt.NDArray[np.int64],
            npt.NDArray[np.bool_],
            npt.NDArray[np.bool_],
        ],
        looks: tuple[
            npt.NDArray[np.float64],
            npt.NDArray[np.float64],
            npt.NDArray[np.float32],
            npt.NDArray[np.uint8],
        ],
        *,
        around: tuple[tuple[float, Sequence[int]], Sequence[str], float],
        leader: tuple[float, Sequence[int]] | None,
        occlude: str,
        order: float,
    ) -> LabelLayer: ...

class _Pieces(Protocol):
    """Points, lines or rings: piece i is ``xy[offsets[i]:offsets[i + 1]]``, of feature ``rows[i]``."""

    @property
    def xy(self) -> npt.NDArray[np.float64]: ...
    @property
    def offsets(self) -> npt.NDArray[np.int64]: ...
    @property
    def rows(self) -> npt.NDArray[np.int64]: ...
    @property
    def holes(self) -> npt.NDArray[np.bool_]: ...

_Paint = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], str]
"""Colours, sizes, and the unit of these: "px", pixels of the picture, or "m", metres of the map."""

@final
class Symbol:
    """An outline, or a picture with colours of its own. Internal. Immutable; layers may share one."""

    @classmethod
    def svg(cls, document: str, cropped: bool, coloured: bool) -> Symbol:
        """What an SVG document shows in its view box or, `cropped`, all that it draws. Raises InvalidInputError."""

    @classmethod
    def picture(cls, pixels: npt.NDArray[np.uint8]) -> Symbol:
        """A picture of pixels: (H, W), (H, W, 3) or (H, W, 4), sRGB with straight alpha."""

    @property
    def size(self) -> tuple[int, int]:
        """(columns, rows) of its texels."""

    def pixels(
        self,
        size: tuple[int, int],
        place: tuple[float, float, float, float],
        colour: tuple[float, float, float, float],
    ) -> npt.NDArray[np.uint8]:
        """On (width, height) pixels, (H, W, 4), where it fills `place` (left, top, width, height): each the mean of what is on it.

        An outline is filled with `colour`, sRGB 0..1 with straight alpha; of a picture's own colours that is the alpha.
        """

@final
class SpaceLayer:
    """Prisms or tubes over the ground. Internal. Immutable; renderers may share one.

    Heights are the DEM's own, before exaggeration. Colours are float32 (F, 4), sRGB 0..1 with straight alpha, 0 for what is not
    there. Each table may have one row for all features. Raises InvalidInputError.
    """

    @staticmethod
    def prisms(
        pieces: _Pieces,
        colors: npt.NDArray[np.float32],
        heights: npt.NDArray[np.float64],
        feet: npt.NDArray[np.float64] | None = None,
    ) -> SpaceLayer:
        """Upright walls with a level roof over rings.

        `heights` are from foot to roof; `feet` are heights of the DEM's, None: each at the lowest ground along its rings.
        """

    @staticmethod
    def tubes(
        pieces: _Pieces,
        z: npt.NDArray[np.float64],
        level: str,
        paint: _Paint,
        shape: str | Symbol | None = None,
        shares: npt.NDArray[np.float64] | None = None,
    ) -> SpaceLayer:
        """Round tubes along lines; a line of one vertex is a ball or, with a `shape`, that shape, which faces the camera.

        `z` is over `level`: "ground" at each vertex, or "datum", what the DEM's heights count from. With `shares` the ground
        is the straight way from that at a line's first vertex to that at its last, of which each has such a share; NaN lifts the pen.
        """

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
        pieces: _Pieces,
        paint: _Paint,
        *,
        cap: str,
        join: str,
        dash: Sequence[float] | None = None,
        casing: tuple[npt.NDArray[np.float32], float] | None = None,
        zorder: float,
    ) -> GroundLayer:
        """Lines of whole widths.

        `cap` is "butt", "round" or "square"; `join` "round", "miter" (its tip cut off at five half widths) or "bevel". `dash` is up
        to four pairs of lengths on and off. A `casing` is (colours, how much wider it is on each side), and lies below all lines.
        """

    @staticmethod
    def polygons(
        pieces: _Pieces,
        colors: npt.NDArray[np.float32],
        *,
        edge: (
            tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], str, Sequence[float] | None]
            | None
        ) = None,
        hatch: (
            tuple[Sequence[tuple[float, float, float]], npt.NDArray[np.float32], str] | None
        ) = None,
        zorder: float,
    ) -> GroundLayer:
        """Rings, closed or not; inside an odd number of a feature's is filled.

        `colors` are the fill's, of alpha 0 for none. An `edge`, (colours, widths, unit, dash or None), lies above all fills of the
        layer. `hatch` is (a sequence of (angle in degrees, spacing, width), colours, unit): angles run counter-clockwise from the
        picture's right ("px") or from east ("m").
        """

    @staticmethod
    def points(
        pieces: _Pieces,
        paint: _Paint,
        *,
        shape: str | Symbol,
        edge: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]] | None = None,
        zorder: float,
    ) -> GroundLayer:
        """A shape at each place, of a disc's diameter or a square's side.

        `shape` is "disc", "square", "diamond", "triangle", "plus", "cross", "star" or a `Symbol`. An `edge`, (colours, widths), lies on the
        outline, half of it to each side.
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
        aovs: Sequence[str],
        depth: bool = True,
        **words: Any,
    ) -> Picture: ...
    def strips(
        self,
        heights: npt.NDArray[np.float32] | Source,
        *,
        most_rows: int | None = None,
        rows: tuple[int, int] | None = None,
        **words: Any,
    ) -> Strips: ...

@final
class Strips:
    """Rows of a picture, strip after strip from the top on: (rows, width, 4) uint8. One is drawn ahead. Internal."""

    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def labels(self) -> list[dict[str, Any]]: ...
    @property
    def _map_bounds(self) -> tuple[float, float, float, float] | None: ...
    def __iter__(self) -> Strips: ...
    def __next__(self) -> npt.NDArray[np.uint8]: ...
    def close(self) -> None: ...

@final
class PngRows:
    """A PNG of RGBA pixels that is written row by row, and is there once `finish` was called. Internal."""

    def __new__(cls, path: str | os.PathLike[str], width: int, height: int) -> PngRows: ...
    def write(self, rows: npt.NDArray[np.uint8]) -> None: ...
    def finish(self) -> None: ...
    def close(self) -> None: ...

@final
class Source:
    """A DEM that gives rectangles of its heights, and what is known of it. Internal."""

    def __new__(
        cls,
        read: Callable[[int, int, int, int], npt.NDArray[np.float32]],
        shape: Sequence[int],
        *,
        chunk: Sequence[int] = ...,
        max_memory: int | None = None,
        levels: Sequence[int] | None = None,
        progress: Callable[[float], object] | None = None,
        keep: Callable[[bytes], object] | None = None,
        bare: Callable[[], object] | None = None,
    ) -> Source: ...
    @property
    def shape(self) -> tuple[int, int]: ...
    def landmarks(self) -> tuple[tuple[float, float] | None, tuple[float, float] | None, float]: ...
    def stats(self) -> tuple[float, float, float, float]: ...
    def has_holes(self) -> bool: ...
    def take(self, kept: bytes) -> bool: ...

@disjoint_base
class Session:
    """What `vulkan_forge.Renderer` is made of: one device, one picture size, one terrain, settings that stay until changed."""

    def __new__(
        cls,
        width: int,
        height: int,
        *,
        device: int | str | None = None,
        prefer_software: bool = False,
        windows: bool = False,
    ) -> Self:
        """Open a device."""

    def info(self) -> str:
        """One line: size, format, device."""

    def report_environment(self) -> dict[str, Any]:
        """Tell versions, driver, limits and layers; JSON-able."""

    def render_metrics(self) -> dict[str, Any]:
        """Numbers of the last frame.

        ``encode_ms`` (recording commands), ``gpu_ms`` (timestamp queries; None without a clock),
        ``readback_ms``,
        ``upload_ms``, ``total_ms``: milliseconds; ``bytes_uploaded``, ``bytes_read``: bytes.
        """

    def add_terrain(
        self,
        heightmap: _Heights | Source,
        spacing: tuple[float, float] = (1.0, 1.0),
        exaggeration: float = 1.0,
        colormap: Any = "viridis",
    ) -> None:
        """Set the terrain, in place of one that is there.

        Parameters
        ----------
        heightmap : array, shape (H, W), float32 or float64, or Source
            C-contiguous, at least 2 x 2, metres, NaN where there is no ground, nothing infinite.
        spacing : (float, float)
            Cell size (dx, dy) in metres, finite and > 0.
        exaggeration : float
            Factor on all heights, finite and > 0.
        colormap : str or array of shape (N, 3) or (N, 4), or what has such `entries`, `under`, `over` and `bad`
            A name of `colormap_supported`, or colours.

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

    def _set_ground_layers(self, layers: Sequence[GroundLayer]) -> None:
        """Put these on the ground, in place of those that are there: by zorder, then as given. Internal."""

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

    def set_camera(self, camera: Viewpoint) -> None:
        """Use a `Camera`."""

    def set_sun(self, elevation_deg: float, azimuth_deg: float) -> None:
        """Put the sun at an angle above the horizon and a bearing clockwise from the world's north."""

    def set_sun_radius(self, degrees: float) -> None:
        """Angle from the middle of the sun's disc to its edge, 0 to 15; 0 is a point with hard shadows."""

    def set_exposure(self, exposure: float) -> None:
        """Factor on the light, finite and > 0."""

    def set_lit(self, enabled: bool) -> None:
        """Whether light falls on the ground; else it has exactly the colour map's colours."""

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

    def _landmarks(
        self,
    ) -> tuple[tuple[float, float] | None, tuple[float, float] | None, float]:
        """Least and greatest height, 2nd and 98th percentile, least above 0: what a colour range may start from."""

    def _set_colours(self, colormap: Any, low: float | None, high: float | None) -> None:
        """Colour the terrain that is there; an end that is None is the terrain's own."""

    def _set(self, name: str, value: Any) -> None:
        """Set an option of a picture by its name."""

    def _draw(self, aovs: Sequence[str]) -> Picture:
        """Draw the terrain."""

    def _draw_at(
        self, size: tuple[int, int], layers: Sequence[GroundLayer] | None, **options: Any
    ) -> Picture:
        """Draw it at another size, with other layers unless None, and other options for this picture alone."""

    def _draw_each(self, cameras: Iterable[Viewpoint], aovs: Sequence[str]) -> Frames:
        """Draw the terrain from each of them, one ahead."""

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
    """Pictures from one camera after another. Internal: `vulkan_forge.Renderer.frames` gives them as images."""

    def __iter__(self) -> Frames: ...
    def __next__(self) -> Picture: ...
    def __enter__(self) -> Frames: ...
    def __exit__(self, *_exception: object) -> None: ...
    def close(self) -> None:
        """Stop: what is being drawn ahead is given up, and no more pictures come."""

@final
class Presenter:
    """Shows pictures of a session's device in a window of any toolkit. Internal: `vulkan_forge.Window` is made of it."""

    def __new__(
        cls, session: Session, kind: str, display: int, window: int, *, mailbox: bool = False
    ) -> Presenter: ...
    @property
    def mode(self) -> str | None: ...
    def extent(self, size: tuple[int, int]) -> tuple[int, int] | None:
        """Width and height of what the window shows; None while it is minimised."""

    def show(self, picture: Picture, size: tuple[int, int]) -> bool:
        """Show a picture; False while the display takes none."""

    def repeat(self, size: tuple[int, int]) -> bool:
        """Show the last picture again; False where it does not fit any more."""

    def close(self) -> None:
        """Let go of the window."""

def _check_option(name: str, value: Any) -> None:
    """Refuse an option of a picture whose fields are not as they must be."""

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

_MOST_SIDE: int

def _colormap_table(name: str) -> npt.NDArray[np.float32]: ...
def _height_percentiles(
    heights: npt.NDArray[np.float32], percents: tuple[float, float]
) -> tuple[float, float] | None: ...
def _noto_sans() -> bytes: ...
def _png_bytes(array: npt.NDArray[np.uint8], dpi: float | None = None) -> bytes: ...
def _lean_png_bytes(array: npt.NDArray[np.uint8]) -> bytes: ...
def _halved_heights(heights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]: ...
def _heights_with_rims(heights: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]: ...
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

def _engine_count() -> int: ...
def _leave() -> None: ...
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
def _relief_shadow_band(
    engine: Engine,
    dem: npt.NDArray[np.float32],
    *,
    azimuth: float,
    altitude: float,
    spacing: tuple[float, float],
    vert_exag: float,
    band: tuple[int, int, npt.NDArray[np.float32]],
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]: ...
def _relief_shadow_order(
    *, azimuth: float, altitude: float, spacing: tuple[float, float], vert_exag: float
) -> tuple[bool, bool] | None: ...
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
