"""Numbers beside the picture: all four, from every kind of camera, against the reference, whatever the samples."""

import compare
import dems
import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

pytestmark = pytest.mark.gpu
NAMES = ("depth", "elevation", "normal", "ground")
SPACING = (30.0, 20.0)
CAMERAS = {
    "perspective": ref.orbit((0, 0, 150), 1500, 215, 30, 35.0),
    "low": ref.LookAt((-500, -450, 420), (80, 60, 120), fov=55.0),
    "straight down": ref.orbit((10, -20, 100), 1200, 0, 90, 35.0),
    "map": ref.Map(),
    "part of a map": ref.Map((-211.3, -129.7, 157.9, 148.1)),
}


def scene():
    heights = dems.with_holes(dems.ridge(26, 24, 5, spacing=SPACING), 4, 0.02)
    return ref.Terrain(heights, SPACING, 1.5)


@pytest.mark.parametrize("name", CAMERAS)
def test_all_are_the_references(name, each_device):
    terrain, camera, size = scene(), CAMERAS[name], (60, 45)
    image = compare.render(terrain, camera, size, aovs=NAMES, device=each_device)
    expected = ref.render(terrain, camera, size)
    assert not np.isnan(expected.depth).all()
    seen = ~np.isnan(image.aovs["depth"])
    for aov in NAMES:
        values = image.aovs[aov]
        assert values.dtype == np.float32
        flat = np.isnan(values) if values.ndim == 2 else np.isnan(values).all(axis=-1)
        np.testing.assert_array_equal(flat, ~seen)
    both = seen & ~np.isnan(expected.depth)
    assert (seen == ~np.isnan(expected.depth)).mean() > 0.995
    off = {
        "depth": np.abs(image.aovs["depth"] - expected.depth)[both],
        "elevation": np.abs(image.aovs["elevation"] - expected.elevation)[both],
        "normal": np.abs(image.aovs["normal"] - expected.normal).max(axis=-1)[both],
        "ground": np.abs(image.aovs["ground"] - expected.ground).max(axis=-1)[both],
    }
    for aov, most in {"depth": 0.05, "elevation": 0.05, "normal": 2e-3, "ground": 0.05}.items():
        assert (off[aov] < most).mean() > 0.99, f"{aov}: {np.sort(off[aov])[-5:]}"


@pytest.mark.parametrize("name", CAMERAS)
def test_samples_do_not_move_them(name):
    """The centre's value, byte for byte, however many rays a pixel has; `ground_at` tells the same."""
    terrain, camera, size = scene(), CAMERAS[name], (40, 30)
    first = compare.render(terrain, camera, size, aovs=NAMES, samples=1)
    for samples in (2, 4, 16):
        image = compare.render(terrain, camera, size, aovs=NAMES, samples=samples)
        for aov in NAMES:
            np.testing.assert_array_equal(image.aovs[aov], first.aovs[aov])
        for px, py in [(20, 15), (5, 25), (39, 0)]:
            assert image.ground_at(px, py) == first.ground_at(px, py)
    place = first.ground_at(20, 15)
    assert (place is None) == np.isnan(first.aovs["depth"][15, 20])
    if place is not None:
        at = np.append(first.aovs["ground"][15, 20], first.aovs["elevation"][15, 20] * 1.5)
        np.testing.assert_allclose(place, at, atol=0.05)


def test_colour_options_do_not_change_them():
    terrain, camera, size = scene(), CAMERAS["perspective"], (40, 30)
    plain = compare.render(terrain, camera, size, aovs=NAMES)
    image = np.full((3, 3, 3), 90, np.uint8)
    for options in (
        {"drape": image, "shading": "overlay"},
        {"levels": 5, "under": "#f00"},
        {"lit": False},
    ):
        again = vf.render(
            terrain.heights, size=size, camera=compare.camera_of(camera), spacing=SPACING,
            vert_exag=1.5, aovs=NAMES, **options,
        )  # fmt: skip
        for aov in NAMES:
            np.testing.assert_array_equal(again.aovs[aov], plain.aovs[aov])


def test_aovs_do_not_depend_on_samples():
    dem = dems.ridge(20, 20, 11)
    names = ("depth", "elevation", "normal", "ground")
    one, many = (vf.render(dem, size=(60, 40), samples=n, aovs=names) for n in (1, 16))
    for name in names:
        assert one.aovs[name].tobytes() == many.aovs[name].tobytes(), name
