"""``Path``: where a film's camera is at each moment."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, final

import numpy as np

from .._bearings import on_grid
from .._camera import Camera
from .._numbers import finite, flag, positive
from .._vulkan_forge import InvalidInputError
from ._attitude import pose_of
from ._checks import AUTO, cameras_of, clearance_of, not_negative, times_of, vector
from ._flight import flight
from ._ground import Ground
from ._keyed import Keyed
from ._orbit import all_in_frame, lift_of_orbit, on_orbit
from ._splines import Cubic

_WIDE = 16 / 9


@final
class Path:
    """Where a film's camera is, and where it looks, at each moment: made by `orbit`, `keyframes` or `fly`.

    Places have two continuous derivatives, attitudes too. One that knows its DEM stays above that ground, unless it is
    told not to by ``clearance=None``; ``keyframes`` without ``dem=`` knows of none. All is in world metres, as for :class:`Camera`.
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
        t, aspect = finite(t, "t"), positive(aspect, "aspect")
        t = t % self._duration if self._closed else min(max(t, 0.0), self._duration)
        return self._at(t, aspect)

    def times(self, fps: float = 30) -> list[float]:
        """The moments of a film's frames: one each 1 / `fps` seconds from 0 on, before the end."""
        rate = positive(fps, "fps")
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
        seconds, rounds = positive(duration, "duration"), finite(turns, "turns")
        first = finite(on_grid(start, ground.surface.grid, north), "start")
        altitude, fov = finite(altitude, "altitude"), finite(fov, "fov")
        centre = (
            vector(target, "target") if target is not None else (0.0, 0.0, sum(ground.range) / 2)
        )
        Camera.orbit(centre, 1.0, first, altitude, fov)  # checks what it is given
        fixed = None if distance is None else positive(distance, "distance")
        keep = clearance_of(clearance, ground.clearance)

        @functools.lru_cache(maxsize=8)
        def plan(aspect: float) -> tuple[float, Cubic | None]:
            # One distance for all, or the terrain would breathe.
            metres = all_in_frame(ground, centre, altitude, fov, aspect) if fixed is None else fixed
            return metres, lift_of_orbit(ground, centre, metres, altitude, keep)

        def at(t: float, aspect: float) -> Camera:
            metres, lift = plan(aspect)
            bearing = first + 360.0 * rounds * t / seconds
            if lift is None:
                return Camera.orbit(centre, metres, bearing, altitude, fov)
            eye = on_orbit(centre, metres, np.array([bearing]), altitude)[0]
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
        shots = cameras_of(cameras)
        around = flag(closed, "closed")
        if sum(word is not None for word in (times, duration, speed)) > 1:
            raise InvalidInputError(
                "expected times, duration or speed; got more than one; pass one of them"
            )
        count = len(shots) + around
        given = None if times is None else times_of(times, count)
        pace = None if speed is None else positive(speed, "speed")
        seconds = 10.0 if duration is None else positive(duration, "duration")
        ground = None if dem is None else Ground(dem, spacing, vert_exag)
        keep = None if ground is None else clearance_of(clearance, ground.clearance)

        @functools.lru_cache(maxsize=8)
        def plan(aspect: float) -> Keyed:
            poses = [pose_of(shot, aspect) for shot in shots]
            return Keyed(poses + poses[:1] * around, given, seconds, pace, around, ground, keep)

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
        above, pace = positive(height, "height"), positive(speed, "speed")
        tilt, view = finite(pitch, "pitch"), finite(fov, "fov")
        if not -89 <= tilt <= 89:
            raise InvalidInputError(
                f"pitch must be in -89..89; got {tilt}; pass degrees above the horizon, -15 to look a little down"
            )
        Camera.orbit((0, 0, 0), 1.0, 0.0, 0.0, view)  # checks it
        even, lead = (
            not_negative(value, name) for value, name in ((smooth, "smooth"), (ahead, "ahead"))
        )
        keep = clearance_of(clearance, above / 2)
        way = flight(line, crs, ground, above, pace, even, lead, keep)

        def at(t: float, aspect: float) -> Camera:
            eye, heading = way.at(t * pace)
            level, rise = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))
            ahead = np.array([math.sin(heading) * level, math.cos(heading) * level, rise])
            return Camera.look_at(tuple(eye), tuple(eye + above * ahead), (0, 0, 1), view)

        return cls(way.length / pace, at, closed=False, vert_exag=ground.vert_exag)
