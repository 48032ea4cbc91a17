"""Pictures of a DEM that stays on its device: those of `vf.render`, which sends its millions of samples each time."""

from __future__ import annotations

import numpy as np
import vulkan_forge as vf
from vulkan_forge._landing import land

NOT_OF_A_SESSION = ("colormap", "things", "labels")


class Kept:
    """A DEM of an array, which must not change."""

    def __init__(self, heights: np.ndarray) -> None:
        self.heights = heights
        self.sessions: dict[tuple, vf.Renderer] = {}

    def draw(self, *, size, device=None, aovs=(), **given) -> vf.Image:
        """vf.render(heights, size=size, device=device, aovs=aovs, **given)"""
        landed = land(self.heights, given)
        key = (size, device, landed.exaggeration, landed.surface.spacing)
        if key not in self.sessions:
            self.sessions[key] = landed.renderer(*size, device=device)
        session = self.sessions[key]
        session._set_colours(landed.options["colormap"], *landed.range)
        for name, value in landed.options.items():
            if name not in NOT_OF_A_SESSION:
                session._set(name, value)
        session._put(landed.layers, landed.dpi)
        return session.render(aovs=aovs)
