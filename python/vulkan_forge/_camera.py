"""``Camera``: the compiled viewpoint, and how it comes to fit whatever is a DEM."""

from __future__ import annotations

from typing import Any, final

from ._bearings import on_grid
from ._surface import in_metres, surface
from ._vulkan_forge import Viewpoint


@final
class Camera(Viewpoint):
    """Where a picture is taken from, and how. A value without a device.

    Immutable, comparable, hashable, picklable. Made by `look_at`, `orbit`, `fit` or `map`. Targets
    and eyes are in world metres, vertical exaggeration included.
    """

    __slots__ = ()

    @classmethod
    def fit(
        cls,
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

        Raises
        ------
        InvalidInputError
            An argument is not as above.
        """
        seen = surface(dem, spacing)
        return cls._fit(
            seen.heights,
            seen.spacing,
            in_metres(vert_exag, seen.z_factor),
            on_grid(azimuth, seen.grid, north),
            altitude,
            fov,
        )
