"""``Path``: where a film's camera is at each moment."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np

from .._bearings import on_grid
from .._camera import Camera
from .._numbers import finite, flag, shown
from .._vulkan_forge import InvalidInputError
from ._attitude import Pose, aligned, camera_of, matrix, pose_of, quaternion
from ._flight import flight
from ._ground import Ground, _positive
from ._splines import Cubic, Floats, raised_over

AUTO = "auto"
_LOOKS = 720  # places of an orbit at which the ground is looked for
_FEWEST, _MOST = 512, 50_000  # the same between keyframes
_WIDE = 16 / 9


@final
class Path:
    """Where a film's camera is, and where it looks, at each moment: made by `orbit`, `keyframes` or `fly`.

    Places have two continuous derivatives, attitudes too. None leads through the ground of the DEM that it is made for,
    unless it is told to by ``clearance=None``. All is in world metres, as for :class:`Camera`.
    """

    __slots__ = ("_at", "_closed", "_duration", "_vert_exag")

    def __init__(
        self,
        duration: float,
        at: Callable[[float, float], Camera],
        *,
        closed: bool,
        vert_exag: float | None,
    ) -> None:
        self._duration, self._at, self._closed = duration, at, closed
        self._vert_exag = vert_exag

    @property
    def duration(self) -> float:
        """Seconds from the first moment to the last."""
        return self._duration

    @property
    def closed(self) -> bool:
        """Whether it ends where it begins."""
        return self._closed

    def camera(self, t: float, aspect: float = _WIDE) -> Camera:
        """The camera `t` seconds after the start, for pictures of width / height = `aspect`.

        Before the start it is the first, after the end the last; a closed path goes round.
        """
        t, aspect = finite(t, "t"), _positive(aspect, "aspect")
        t = t % self._duration if self._closed else min(max(t, 0.0), self._duration)
        return self._at(t, aspect)

    def times(self, fps: float = 30) -> list[float]:
        """The moments of a film's frames: one each 1 / `fps` seconds from 0 on, before the end."""
        rate = _positive(fps, "fps")
        return [frame / rate for frame in range(max(1, round(self._duration * rate)))]

    def cameras(self, fps: float = 30, aspect: float = _WIDE) -> list[Camera]:
        """The cameras of all frames, for example for ``Renderer.frames``."""
        return [self.camera(t, aspect) for t in self.times(fps)]

    def __repr__(self) -> str:
        return f"<vulkan_forge.Path of {self._duration:.6g} s>"

    @classmethod
    def orbit(
        cls,
        dem: Any,
        *,
        duration: float = 10.0,
        start: float = 180.0,
        turns: float = 1.0,
        altitude: float = 35.0,
        distance: float | None = None,
        target: tuple[float, float, float] | None = None,
        fov: float = 35.0,
        clearance: float | str | None = AUTO,
        spacing: tuple[float, float] | None = None,
        vert_exag: float = 1.0,
        north: str = "true",
    ) -> Path:
        """Round a DEM, at one distance and speed.

        Parameters
        ----------
        dem : array_like, or whatever else :func:`render` takes
            What is looked at.
        duration : float, default 10.0
            Seconds, > 0.
        start : float, default 180.0
            Bearing from which it is seen at first, degrees clockwise from `north`.
        turns : float, default 1.0
            How often round, clockwise; negative ones the other way.
        altitude, fov : float, default 35.0
            As for ``Camera.orbit``, degrees.
        distance : float, optional
            Metres from the target; by default so that the DEM's box is in frame from everywhere.
        target : (float, float, float), optional
            World metres; by default the middle of the DEM's box.
        clearance : float, "auto" or None
            Metres that the camera keeps above the ground, by default a cell's width: where it would be lower, it is lifted.
            None: it goes through the ground.
        spacing, vert_exag
            As for :func:`render`; a film of this path must have the same `vert_exag`.
        north : {"true", "grid"}
            As for :func:`render`.

        Raises
        ------
        InvalidInputError
            An argument is not as above.
        """
        ground = Ground(dem, spacing, vert_exag)
        seconds, rounds = _positive(duration, "duration"), finite(turns, "turns")
        first = finite(on_grid(start, ground.surface.grid, north), "start")
        altitude, fov = finite(altitude, "altitude"), finite(fov, "fov")
        centre = (
            _vector(target, "target") if target is not None else (0.0, 0.0, sum(ground.range) / 2)
        )
        Camera.orbit(centre, 1.0, first, altitude, fov)  # checks what it is given
        fixed = None if distance is None else _positive(distance, "distance")
        keep = _clearance(clearance, ground.clearance)

        @functools.lru_cache(maxsize=8)
        def plan(aspect: float) -> tuple[float, Cubic | None]:
            # One distance for all, or the terrain would breathe.
            metres = (
                _all_in_frame(ground, centre, altitude, fov, aspect) if fixed is None else fixed
            )
            return metres, _lift_of_orbit(ground, centre, metres, altitude, keep)

        def at(t: float, aspect: float) -> Camera:
            metres, lift = plan(aspect)
            bearing = first + 360.0 * rounds * t / seconds
            if lift is None:
                return Camera.orbit(centre, metres, bearing, altitude, fov)
            eye = _on_orbit(centre, metres, np.array([bearing]), altitude)[0]
            eye[2] += float(lift(bearing % 360.0))
            return Camera.look_at(tuple(eye), centre, (0, 0, 1), fov)

        whole = float(rounds).is_integer() and rounds != 0
        return cls(seconds, at, closed=whole, vert_exag=ground.vert_exag)

    @classmethod
    def keyframes(
        cls,
        cameras: Sequence[Camera],
        times: Sequence[float] | None = None,
        *,
        duration: float | None = None,
        speed: float | None = None,
        closed: bool = False,
        dem: Any = None,
        clearance: float | str | None = AUTO,
        spacing: tuple[float, float] | None = None,
        vert_exag: float = 1.0,
    ) -> Path:
        """Through cameras at moments: places on a cubic spline, attitudes on one of quaternions.

        Parameters
        ----------
        cameras : sequence of Camera
            Two or more of ``Camera.look_at``, ``orbit`` and ``fit``.
        times : sequence of float, optional
            Seconds, ascending, one for each camera, and for a closed path one more for the return.
        duration : float, optional
            In place of `times`: seconds for all, the same between each two. By default 10.
        speed : float, optional
            In place of `times`: metres a second, the same everywhere on the way.
        closed : bool, default False
            Whether the last camera is followed by the first.
        dem : array_like, or whatever else :func:`render` takes, optional
            The ground to stay above; None: nothing is known of it.
        clearance, spacing, vert_exag
            As for `orbit`.

        Raises
        ------
        InvalidInputError
            An argument is not as above.
        """
        shots = _cameras(cameras)
        around = flag(closed, "closed")
        if sum(word is not None for word in (times, duration, speed)) > 1:
            raise InvalidInputError(
                "expected times, duration or speed; got more than one; pass one of them"
            )
        count = len(shots) + around
        given = None if times is None else _times(times, count)
        pace = None if speed is None else _positive(speed, "speed")
        seconds = 10.0 if duration is None else _positive(duration, "duration")
        ground = None if dem is None else Ground(dem, spacing, vert_exag)
        keep = None if ground is None else _clearance(clearance, ground.clearance)

        @functools.lru_cache(maxsize=8)
        def plan(aspect: float) -> _Keyed:
            poses = [pose_of(shot, aspect) for shot in shots]
            return _Keyed(poses + poses[:1] * around, given, seconds, pace, around, ground, keep)

        first = plan(_WIDE)

        def at(t: float, aspect: float) -> Camera:
            keyed = plan(aspect)
            return keyed.camera(t * keyed.duration / first.duration)

        exaggeration = None if ground is None else ground.vert_exag
        return cls(first.duration, at, closed=around, vert_exag=exaggeration)

    @classmethod
    def fly(
        cls,
        line: Any,
        height: float,
        speed: float,
        *,
        dem: Any,
        pitch: float = -15.0,
        fov: float = 60.0,
        smooth: float = 2.0,
        ahead: float = 1.0,
        clearance: float | str | None = AUTO,
        crs: Any = None,
        spacing: tuple[float, float] | None = None,
        vert_exag: float = 1.0,
    ) -> Path:
        """Along a line on the ground, looking ahead.

        Parameters
        ----------
        line : array (N, 2), geometry, GeoDataFrame, or path of a file, GPX too
            As for :class:`Lines`; several lines are flown one after another.
        height : float
            Metres above the ground, on the whole: the way is smoother than the ground.
        speed : float
            Metres a second over ground, the same everywhere.
        dem : array_like, or whatever else :func:`render` takes
            The ground.
        pitch : float, default -15.0
            Degrees above the horizon at which the camera looks, negative ones down; -89 to 89.
        fov : float, default 60.0
            Vertical field of view, degrees.
        smooth : float, default 2.0
            Seconds over which the way, its height and its heading are evened out; 0: hardly at all.
        ahead : float, default 1.0
            Seconds by which the camera looks round a bend before it is there.
        clearance : float, "auto" or None
            Metres that are kept above the ground everywhere; by default half of `height`. None: it goes through the ground.
        crs : optional
            Of the line's coordinates, where it does not say itself; as for :class:`Lines`.
        spacing, vert_exag
            As for `orbit`.

        Raises
        ------
        InvalidInputError
            An argument is not as above, or the line lies beside the DEM.
        ImageFileError
            A file cannot be read.
        """
        ground = Ground(dem, spacing, vert_exag)
        above, pace = _positive(height, "height"), _positive(speed, "speed")
        tilt, view = finite(pitch, "pitch"), finite(fov, "fov")
        if not -89 <= tilt <= 89:
            raise InvalidInputError(
                f"pitch must be in -89..89; got {tilt}; pass degrees above the horizon, -15 to look a little down"
            )
        Camera.orbit((0, 0, 0), 1.0, 0.0, 0.0, view)  # checks it
        even, lead = (
            _not_negative(value, name) for value, name in ((smooth, "smooth"), (ahead, "ahead"))
        )
        keep = _clearance(clearance, above / 2)
        way = flight(line, crs, ground, above, pace, even, lead, keep)

        def at(t: float, aspect: float) -> Camera:
            eye, heading = way.at(t * pace)
            level, rise = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))
            ahead = np.array([math.sin(heading) * level, math.cos(heading) * level, rise])
            return Camera.look_at(tuple(eye), tuple(eye + above * ahead), (0, 0, 1), view)

        return cls(way.length / pace, at, closed=False, vert_exag=ground.vert_exag)


class _Keyed:
    """Splines through poses."""

    def __init__(
        self,
        poses: Sequence[Pose],
        times: Floats | None,
        duration: float,
        speed: float | None,
        closed: bool,
        ground: Ground | None,
        clearance: float | None,
    ) -> None:
        eyes = np.stack([pose.eye for pose in poses])
        turns = aligned(np.stack([quaternion(pose.axes) for pose in poses]))
        lenses = np.log(np.tan(np.radians([pose.fov for pose in poses]) / 2))
        knots = np.linspace(0, duration, len(poses)) if times is None else times - times[0]
        steps = np.linalg.norm(np.diff(eyes, axis=0), axis=1)
        if speed is not None:
            if not steps.all():
                raise InvalidInputError(
                    "speed expected cameras in different places; got two neighbours in one; pass times"
                )
            knots = np.concatenate([[0.0], np.cumsum(steps)])
        self.eyes = Cubic(knots, eyes, closed=closed)
        once_round = knots
        if closed and turns[0] @ turns[-1] < 0:  # a quaternion is itself again after two turns
            once_round = np.concatenate([knots, knots[1:] + knots[-1]])
            turns = np.concatenate([turns, -turns[1:]])
        self.turns = Cubic(once_round, turns, closed=closed)
        self.lenses = Cubic(knots, lenses, closed=closed)
        self.duration = float(knots[-1])
        self.reach = max(float(steps.mean()), 1.0)
        self.inverse: Cubic | None = None
        if speed is not None:
            self._even_out(speed, len(poses))
        self.lift = None if ground is None or clearance is None else self._lift(ground, clearance)

    def _even_out(self, speed: float, count: int) -> None:
        """Find the spline's parameter for each moment at which the way is taken at one speed."""
        dense = np.linspace(0, self.duration, 256 * count + 1)
        rates = np.linalg.norm(self.eyes(dense, 1), axis=1)
        lengths = np.concatenate([[0.0], np.cumsum((rates[1:] + rates[:-1]) / 2 * np.diff(dense))])
        self.inverse = Cubic(lengths / speed, dense)
        self.duration = float(lengths[-1] / speed)

    def _lift(self, ground: Ground, clearance: float) -> Cubic | None:
        span = self.eyes.knots[-1]
        rough = self.eyes(np.linspace(0, span, _FEWEST))
        steps = np.linalg.norm(np.diff(rough[:, :2], axis=0), axis=1)
        half_cell = min(ground.spacing) / 2
        count = int(min(max(_FEWEST, math.ceil(steps.max() * _FEWEST / half_cell)), _MOST))
        at = np.linspace(0, span, count)
        eyes = self.eyes(at)
        deficit = np.maximum(ground.top(eyes[:, :2]) + clearance - eyes[:, 2], 0.0)
        if not deficit.any():
            return None
        return Cubic(at, raised_over(deficit, max(8, count // 40)))

    def camera(self, t: float) -> Camera:
        at = t if self.inverse is None else float(self.inverse(t))
        eye = self.eyes(at)
        if self.lift is not None:
            eye[2] += float(self.lift(at))
        fov = 2 * math.degrees(math.atan(math.exp(float(self.lenses(at)))))
        return camera_of(Pose(eye, matrix(self.turns(at)), fov), self.reach)


def _cameras(cameras: Any) -> list[Camera]:
    try:
        shots = list(cameras)
    except TypeError:
        shots = []
    if len(shots) < 2 or not all(isinstance(shot, Camera) for shot in shots):
        raise InvalidInputError(
            f"cameras must be two or more Camera; got {shown(cameras)}; pass e.g. [Camera.look_at(...), Camera.look_at(...)]"
        )
    return shots


def _times(times: Any, count: int) -> Floats:
    try:
        found = np.array([finite(time, "each of times") for time in times])
    except TypeError:
        found = np.empty(0)
    if len(found) != count or (np.diff(found) <= 0).any():
        raise InvalidInputError(
            f"times must be {count} ascending numbers, one for each camera and one for the return of a closed path; "
            f"got {shown(times)}; pass seconds"
        )
    return found


def _vector(value: Any, name: str) -> tuple[float, float, float]:
    try:
        x, y, z = (finite(part, f"each number of {name}") for part in value)
    except (TypeError, ValueError) as error:
        if isinstance(error, InvalidInputError):
            raise
        raise InvalidInputError(
            f"{name} must be (x, y, z); got {shown(value)}; pass world metres"
        ) from error
    return x, y, z


def _not_negative(value: Any, name: str) -> float:
    number = finite(value, name)
    if number < 0:
        raise InvalidInputError(f"{name} must be >= 0; got {number}; pass seconds")
    return number


def _clearance(value: Any, usual: float) -> float | None:
    if value is None:
        return None
    if isinstance(value, str) and value == AUTO:
        return usual
    number = finite(value, "clearance")
    if number < 0:
        raise InvalidInputError(
            f'clearance must be metres >= 0, "auto" or None; got {number}; pass None to go through the ground'
        )
    return number


def _on_orbit(centre: Any, distance: float, bearings: Floats, altitude: float) -> Floats:
    """(N, 3) eyes that see `centre` from these bearings."""
    level, up = math.cos(math.radians(altitude)), math.sin(math.radians(altitude))
    angle = np.radians(bearings)
    ways = np.column_stack([np.sin(angle) * level, np.cos(angle) * level, np.full(len(angle), up)])
    return np.asarray(centre + distance * ways)


def _lift_of_orbit(
    ground: Ground, centre: Any, distance: float, altitude: float, clearance: float | None
) -> Cubic | None:
    """How much higher the eye has to be, by bearing; None: nowhere."""
    if clearance is None:
        return None
    bearings: Floats = np.arange(_LOOKS, dtype=np.float64) * (360.0 / _LOOKS)
    eyes = _on_orbit(centre, distance, bearings, altitude)
    # Between two looks lie several cells of a fine DEM.
    finer: Floats = np.arange(_LOOKS * 16, dtype=np.float64) * (360.0 / (16 * _LOOKS))
    tops = ground.top(_on_orbit(centre, distance, finer, altitude)[:, :2]).reshape(_LOOKS, 16)
    tops = np.maximum(tops.max(axis=1), np.roll(tops.max(axis=1), 1))
    deficit = np.maximum(tops + clearance - eyes[:, 2], 0.0)
    if not deficit.any():
        return None
    raised = raised_over(deficit, _LOOKS // 24, closed=True)
    return Cubic(np.append(bearings, 360.0), np.append(raised, raised[0]), closed=True)


def _all_in_frame(ground: Ground, centre: Any, altitude: float, fov: float, aspect: float) -> float:
    """From how far off all corners of the DEM's box are in frame, whatever the bearing."""
    low, high = ground.range
    x, y = ground.half
    corners = np.array(list(itertools.product((-x, x), (-y, y), (low, high)))) - centre
    reach = 0.97 * math.tan(math.radians(fov) / 2)
    most = 0.0
    for bearing in range(0, 360, 5):
        view = Camera.orbit((0, 0, 0), 1.0, bearing, altitude, fov).view().astype(np.float64)
        right, up, towards = view[:3, :3] @ corners.T
        sideways = np.maximum(abs(right) / aspect, abs(up))
        most = max(most, float(np.max(towards + sideways / reach)))
    return most
