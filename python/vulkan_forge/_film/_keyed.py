"""Ways through keyframes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from .._camera import Camera
from .._vulkan_forge import InvalidInputError
from ._attitude import Pose, aligned, camera_of, matrix, quaternion
from ._ground import Ground
from ._splines import Cubic, Floats, raised_over

_FEWEST, _MOST = 512, 50_000  # places at which the ground is looked for


class Keyed:
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
        reach = max(8, count // 40)
        if not self.eyes.closed:
            return Cubic(at, raised_over(deficit, reach))
        raised = raised_over(deficit[:-1], reach, closed=True)  # the last place is the first
        return Cubic(at, np.append(raised, raised[0]))

    def camera(self, t: float) -> Camera:
        at = t if self.inverse is None else float(self.inverse(t))
        eye = self.eyes(at)
        if self.lift is not None:
            eye[2] += float(self.lift(at))
        fov = 2 * math.degrees(math.atan(math.exp(float(self.lenses(at)))))
        return camera_of(Pose(eye, matrix(self.turns(at)), fov), self.reach)
