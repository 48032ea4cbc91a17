"""A small film and its frames, for several test files."""

import os

import dems
import numpy as np
import vulkan_forge as vf

SIZE = (64, 48)
DEM = dems.ridge(40, 50, noise=0.05)
WORDS = {"spacing": (30.0, 30.0), "samples": 1}
GROWING = np.array([[-500, -300], [-100, 200], [300, 0], [600, 400]], float)


def orbit(duration=0.4, **words):
    return vf.Path.orbit(DEM, duration=duration, spacing=(30.0, 30.0), **words)


def frames_of(folder):
    return [vf.png_to_numpy(entry) for entry in sorted(folder.iterdir())]


def drawn(folder, path, **words):
    """The frames of a film, as pictures."""
    vf.animate(DEM, path, f"{folder}{os.sep}", **({"size": SIZE, "fps": 10} | WORDS | words))
    return frames_of(folder)
