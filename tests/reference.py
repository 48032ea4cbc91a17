"""The truth of the tests: a brute-force f64 ray caster over bilinear patches.

Written from the conventions alone (docstrings of `vulkan_forge`, README), not from the renderer's code, and
as plainly as possible: every ray is solved against every patch, so there is no traversal to get wrong.

A patch with corners a (north-west), b (north-east), c (south-west), d (south-east) has
z(s, t) = a + (b - a) s + (c - a) t + (a - b - c + d) s t with s east and t south in 0..1.
A ray is affine in s, t and z, so that z_ray - z(s, t) = 0 is a quadratic in the ray parameter. This is the
heightfield case, where s and t are known beforehand, of Ramsey, Potter and Hansen, "Ray Bilinear Patch
Intersections", Journal of Graphics Tools 9(3), 41-47, 2004. Roots without cancellation: Press et al.,
Numerical Recipes, section 5.6. sRGB: IEC 61966-2-1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

EDGE = 1e-9  # in cells: patches are closed, so a ray on a border hits if either patch is valid
LIFT = 1e-10  # of the relief: how far through the surface a shadow ray must pass to count


@dataclass(frozen=True)
class Terrain:
    """Heights (H, W) with NaN holes; sample (i, j) lies at ((j - (W-1)/2) dx, ((H-1)/2 - i) dy, h * exag)."""

    heights: np.ndarray
    spacing: tuple[float, float] = (1.0, 1.0)
    exaggeration: float = 1.0

    @property
    def z(self) -> np.ndarray:
        return np.asarray(self.heights, np.float64) * self.exaggeration

    @property
    def footprint(self) -> tuple[float, float]:
        """W dx by H dy: what the map camera shows by default."""
        rows, columns = self.heights.shape
        return columns * self.spacing[0], rows * self.spacing[1]


def direction_to(azimuth: float, altitude: float) -> np.ndarray:
    """Unit vector towards where a thing is seen or lit from: bearing clockwise from north, degrees."""
    az, alt = np.radians(azimuth), np.radians(altitude)
    return np.array([np.cos(alt) * np.sin(az), np.cos(alt) * np.cos(az), np.sin(alt)])


@dataclass(frozen=True)
class LookAt:
    """Perspective; fov is vertical, degrees. near and far bound the view depth."""

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    up: tuple[float, float, float] = (0.0, 0.0, 1.0)
    fov: float = 35.0
    near: float = 0.0
    far: float = np.inf

    def basis(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        forward = np.subtract(self.target, self.eye).astype(np.float64)
        forward /= np.linalg.norm(forward)
        right = np.cross(forward, self.up)
        right /= np.linalg.norm(right)
        return right, np.cross(right, forward), forward

    def rays(self, points, size, terrain):
        """Origins and directions (N, 3) through pixel points (N, 2); direction · forward = 1."""
        width, height = size
        right, up, forward = self.basis()
        tangent = np.tan(np.radians(self.fov) / 2)
        x = (2 * points[:, 0] / width - 1) * tangent * width / height
        y = (1 - 2 * points[:, 1] / height) * tangent
        direction = forward + x[:, None] * right + y[:, None] * up
        return np.broadcast_to(np.asarray(self.eye, np.float64), direction.shape), direction


def orbit(target, distance, azimuth, altitude, fov=35.0) -> LookAt:
    """The camera that sees `target` from a bearing; straight down, up is north."""
    eye = np.asarray(target, np.float64) + distance * direction_to(azimuth, altitude)
    up = (0.0, 1.0, 0.0) if altitude == 90 else (0.0, 0.0, 1.0)
    if altitude == 90:
        eye = np.asarray(target, np.float64) + np.array([0.0, 0.0, distance])
    return LookAt(tuple(eye), tuple(target), up, fov)


@dataclass(frozen=True)
class Map:
    """Orthographic, straight down; bounds (xmin, ymin, xmax, ymax), by default the footprint.

    The rays start at z = 0 and reach both ways, so that depth is -z."""

    bounds: tuple[float, float, float, float] | None = None
    near: float = -np.inf
    far: float = np.inf

    def rays(self, points, size, terrain):
        width, height = terrain.footprint
        bounds = self.bounds or (-width / 2, -height / 2, width / 2, height / 2)
        xmin, ymin, xmax, ymax = bounds
        x = xmin + points[:, 0] / size[0] * (xmax - xmin)
        y = ymax - points[:, 1] / size[1] * (ymax - ymin)
        origin = np.stack([x, y, np.zeros_like(x)], axis=1)
        return origin, np.broadcast_to(np.array([0.0, 0.0, -1.0]), origin.shape)


class Hits(NamedTuple):
    """Nearest hit per ray: parameter (inf = none), patch row and column, place inside it."""

    parameter: np.ndarray
    row: np.ndarray
    column: np.ndarray
    s: np.ndarray
    t: np.ndarray

    @property
    def found(self) -> np.ndarray:
        return np.isfinite(self.parameter)


def _coefficients(z):
    """a, b - a, c - a and a - b - c + d of every patch, (H-1, W-1) each; NaN where a corner is."""
    a, b, c, d = z[:-1, :-1], z[:-1, 1:], z[1:, :-1], z[1:, 1:]
    # A NaN corner reaches the twist, and the twist reaches every product below.
    return a, b - a, c - a, a - b - c + d


def _roots(a, b, c):
    """Both roots of a x^2 + b x + c, non-finite where there is none; a = 0 and b = 0 are allowed."""
    q = -0.5 * (b + np.copysign(np.sqrt(b * b - 4 * a * c), b))
    return q / a, c / q


def trace(terrain: Terrain, origin, direction, near, far) -> Hits:
    """Nearest hit in near..far of each ray (N, 3) with every patch, from either side."""
    z = terrain.z
    rows, columns = z.shape
    dx, dy = terrain.spacing
    s0, t0 = origin[:, 0] / dx + (columns - 1) / 2, (rows - 1) / 2 - origin[:, 1] / dy
    ds, dt, z0, dz = direction[:, 0] / dx, -direction[:, 1] / dy, origin[:, 2], direction[:, 2]
    count = len(s0)
    best = np.full(count, np.inf)
    row, column = np.zeros(count, int), np.zeros(count, int)
    best_s, best_t = np.zeros(count), np.zeros(count)
    a, b, c, e = _coefficients(z)
    with np.errstate(all="ignore"):
        for i, j in np.argwhere(~np.isnan(e)):
            s, t = s0 - j, t0 - i
            quadratic = e[i, j] * ds * dt
            linear = b[i, j] * ds + c[i, j] * dt + e[i, j] * (s * dt + t * ds) - dz
            constant = a[i, j] + b[i, j] * s + c[i, j] * t + e[i, j] * s * t - z0
            roots = _roots(quadratic, linear, constant)
            for root in roots:
                at_s, at_t = s + root * ds, t + root * dt
                hit = (root >= near) & (root <= far) & (root < best)
                hit &= (np.abs(at_s - 0.5) <= 0.5 + EDGE) & (np.abs(at_t - 0.5) <= 0.5 + EDGE)
                best[hit], row[hit], column[hit] = root[hit], i, j
                best_s[hit], best_t[hit] = np.clip(at_s[hit], 0, 1), np.clip(at_t[hit], 0, 1)
    return Hits(best, row, column, best_s, best_t)


def surface(terrain: Terrain, hits: Hits) -> tuple[np.ndarray, np.ndarray]:
    """World points (N, 3) and the patch's own upward unit normals (N, 3); NaN where nothing was hit."""
    z = terrain.z
    rows, columns = z.shape
    dx, dy = terrain.spacing
    a, b, c, e = (grid[hits.row, hits.column] for grid in _coefficients(z))
    s, t = hits.s, hits.t
    point = np.stack(
        [
            (hits.column + s - (columns - 1) / 2) * dx,
            ((rows - 1) / 2 - hits.row - t) * dy,
            a + b * s + c * t + e * s * t,
        ],
        axis=1,
    )
    normal = np.stack([-(b + e * t) / dx, (c + e * s) / dy, np.ones_like(s)], axis=1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    point[~hits.found] = np.nan
    normal[~hits.found] = np.nan
    return point, normal


def srgb_decode(code):
    """sRGB 0..1 to linear 0..1."""
    code = np.asarray(code, np.float64)
    return np.where(code <= 0.04045, code / 12.92, ((np.maximum(code, 0) + 0.055) / 1.055) ** 2.4)


def srgb_encode(linear):
    """Linear 0..1 to sRGB 0..1."""
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def to_bytes(code):
    """0..1 to the nearest of 0..255."""
    return np.floor(np.clip(code, 0, 1) * 255 + 0.5).astype(np.uint8)


@dataclass(frozen=True)
class Style:
    """Colour and light, with the defaults of `vulkan_forge.render`."""

    cmap: object = "terrain"
    vmin: float | None = None
    vmax: float | None = None
    lit: bool = True
    azimuth: float = 315.0
    altitude: float = 45.0
    shadows: bool = True
    ambient: float = 0.35
    exposure: float = 1.0
    background: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)

    def colors(self, terrain: Terrain, heights: np.ndarray) -> np.ndarray:
        """sRGB RGBA 0..1 of DEM heights, looked up as matplotlib does, whole bytes as it draws them."""
        import matplotlib

        cmap = matplotlib.colormaps[self.cmap] if isinstance(self.cmap, str) else self.cmap
        own = np.asarray(terrain.heights, np.float64)
        low = float(np.nanmin(own)) if self.vmin is None else self.vmin
        high = float(np.nanmax(own)) if self.vmax is None else self.vmax
        # matplotlib's Normalize gives 0 for every value of an empty range
        scaled = (heights - low) / (high - low) if high > low else np.zeros_like(heights)
        return cmap(np.where(np.isnan(scaled), 0, scaled), bytes=True) / 255.0


@dataclass(frozen=True)
class Picture:
    """What `vulkan_forge.Image` holds, plus linear premultiplied colour for supersampling."""

    rgba: np.ndarray
    depth: np.ndarray
    elevation: np.ndarray
    normal: np.ndarray
    ground: np.ndarray
    linear: np.ndarray = field(repr=False)


def brute_force(terrain: Terrain, camera, size, points) -> Hits:
    """The nearest hits through pixel points (N, 2)."""
    origin, direction = camera.rays(np.asarray(points, np.float64), size, terrain)
    return trace(terrain, origin, direction, camera.near, camera.far)


def shade(
    terrain: Terrain,
    camera,
    size,
    points,
    style: Style = Style(),
    *,
    trace_with=None,
    shadow_with=None,
) -> Picture:
    """Colour and AOVs, one row per pixel point (N, 2); longrays.py brings its own ways to trace."""
    hits = (trace_with or brute_force)(terrain, camera, size, points)
    point, normal = surface(terrain, hits)
    elevation = point[:, 2] / terrain.exaggeration
    color = style.colors(terrain, elevation)
    linear = srgb_decode(color[:, :3])
    if style.lit:
        sun = direction_to(style.azimuth, style.altitude)
        facing = np.maximum(normal @ sun, 0)
        if style.shadows:
            facing[(shadow_with or in_shadow)(terrain, hits, point, sun)] = 0
        linear = linear * (style.exposure * (style.ambient + (1 - style.ambient) * facing))[:, None]
    background = np.asarray(style.background, np.float64)
    linear = np.where(hits.found[:, None], linear, srgb_decode(background[:3]))
    alpha = np.where(hits.found, color[:, 3], background[3])[:, None]
    linear = np.clip(linear, 0, 1)
    rgba = to_bytes(np.concatenate([srgb_encode(linear), alpha], axis=1))
    depth = np.where(hits.found, hits.parameter, np.nan)
    premultiplied = np.concatenate([linear * alpha, alpha], axis=1)
    return Picture(rgba, depth, elevation, normal, point[:, :2], premultiplied)


def _inside(place, speed):
    """When place + x speed lies in 0..1: first and last x; none if first > last."""
    if speed == 0:
        return np.where(np.abs(place - 0.5) <= 0.5, -np.inf, np.inf), np.full(len(place), np.inf)
    ends = np.stack([-place / speed, (1 - place) / speed])
    return ends.min(axis=0), ends.max(axis=0)


def in_shadow(terrain: Terrain, hits: Hits, point, sun) -> np.ndarray:
    """Whether the ray from each hit point to the sun passes through the surface, from either side, (N,) bool.

    The ray starts above the ground that it leaves. Where there are no holes, passing through the surface is the
    same as being below it; a ray that came in through a hole is free as long as it meets no ground.
    """
    z = terrain.z
    rows, columns = z.shape
    dx, dy = terrain.spacing
    origin = np.where(hits.found[:, None], point, 0)
    s0, t0 = origin[:, 0] / dx + (columns - 1) / 2, (rows - 1) / 2 - origin[:, 1] / dy
    ds, dt = sun[0] / dx, -sun[1] / dy
    a, b, c, e = _coefficients(z)
    depth = -LIFT * (np.nanmax(z) - np.nanmin(z) + min(dx, dy))
    dark = np.zeros(len(s0), bool)
    with np.errstate(all="ignore"):
        for i, j in np.argwhere(~np.isnan(e)):
            s, t = s0 - j, t0 - i
            (enter_s, leave_s), (enter_t, leave_t) = _inside(s, ds), _inside(t, dt)
            enter, leave = np.fmax(np.fmax(enter_s, enter_t), 0), np.fmin(leave_s, leave_t)
            # height of the ray over the patch: q0 + q1 x + q2 x^2
            q2 = -e[i, j] * ds * dt
            q1 = sun[2] - (b[i, j] * ds + c[i, j] * dt + e[i, j] * (s * dt + t * ds))
            q0 = origin[:, 2] - (a[i, j] + b[i, j] * s + c[i, j] * t + e[i, j] * s * t)
            turn = np.clip(-q1 / (2 * q2), enter, leave) if q2 else enter
            first, last, between = (q0 + x * (q1 + x * q2) for x in (enter, leave, turn))
            side = np.where(first < depth, -1, 1)
            lowest = np.fmin(side * last, side * between)
            dark |= (enter < leave) & (lowest < depth)
    return dark & hits.found


def pixel_centres(size) -> np.ndarray:
    """(W * H, 2) pixel points, row by row."""
    x, y = np.meshgrid(np.arange(size[0]) + 0.5, np.arange(size[1]) + 0.5)
    return np.stack([x.ravel(), y.ravel()], axis=1)


def render(terrain: Terrain, camera, size, style: Style = Style()) -> Picture:
    """The picture of size = (width, height) at one sample per pixel, taken at its centre."""
    flat = shade(terrain, camera, size, pixel_centres(size), style)
    shape = (size[1], size[0])
    return Picture(
        flat.rgba.reshape(*shape, 4),
        flat.depth.reshape(shape),
        flat.elevation.reshape(shape),
        flat.normal.reshape(*shape, 3),
        flat.ground.reshape(*shape, 2),
        flat.linear.reshape(*shape, 4),
    )
