"""Layers on DEMs that stay where they are: the same pictures as in memory, what is read for them, and what goes wrong."""

import time

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import NEAR, SPACING, Counted, Failing, ground, in_sheets, rung_after, same

pytestmark = pytest.mark.gpu


def things() -> list[vf.Layer]:
    """Of every kind: on slopes, half beyond the DEM, one that one sees through, one as wide on every picture."""
    rng = np.random.default_rng(5)
    feet = rng.uniform((-6200, -4400), (6200, 4400), (40, 2))
    rings = feet[:, None] + np.array([[-90, -60], [90, -60], [90, 60], [-90, 60]])
    way = np.array([[-6500.0, -3000.0, 80.0], [-500.0, 900.0, 150.0], [5000.0, 4700.0, 90.0]])
    return [
        vf.Polygons(
            rings.reshape(-1, 2), offsets=np.arange(41) * 4, height=rng.uniform(50, 400, 40)
        ),
        vf.Polygons(rings[0] + (300, 2000), height=600, base=900.0, fill="gold", alpha=0.5),
        vf.Lines(way, z="relative", width=60, color="red"),
        vf.Lines(np.add(way, (0, -1500, 1300)), z="absolute", width="4px"),
        vf.Lines(way[:, :2] * 0.8, arc=0.2, width="3px", color="white"),
        vf.Points(feet[:9] * 0.9, height=300, size=150, shape="star"),
        vf.Graph(feet[9:13], [(0, 1), (2, 3)], height=200, width=30, node_size=120),
        vf.Labels(feet[20:24], text=list("ABCD"), height=500),
    ]


@pytest.mark.parametrize(
    ("levels", "holes"), [((5, 1), False), ((5, 2), True), ((6, 4), False)], ids=str
)
@pytest.mark.parametrize(
    "options",
    [
        {"samples": 1},
        {"samples": 4, "camera": NEAR, "aovs": ("elevation", "normal"), "sun_radius": 1.0},
        {"samples": 1, "camera": vf.Camera.map(), "detail": "exact"},
    ],
    ids=["fit", "near", "map"],
)
def test_things_stand_on_it_as_on_the_dem_in_memory(levels, holes, options):
    heights = ground(holes)
    options = {
        "size": (160, 100),
        "spacing": SPACING,
        "vert_exag": 1.5,
        "layers": things(),
    } | options
    if levels[1] > 1:
        options["shadows"] = options.get("camera") is not None
    same(vf.render(in_sheets(heights, levels), **options), vf.render(heights, **options))


def test_ground_under_things_is_read_where_they_are(each_device):
    """Once for all of them, and only there."""
    source = Counted(ground())
    large = in_sheets(source)
    large._source.landmarks()
    source.asked.clear()
    layers = [
        vf.Polygons(np.array([[x, 0.0], [x + 90, 0.0], [x, 90.0]]), height=200.0)
        for x in (-5000.0, -4800.0, 5000.0)
    ]
    far = vf.Camera.look_at((0, -300_000, 150_000), (0, 0, 900), fov=4)
    words = {"size": (64, 40), "samples": 1, "camera": far, "shadows": False, "device": each_device}
    vf.render(large, **words)
    bare = len(source.asked)
    source.asked.clear()
    vf.render(large, layers=layers, **words)
    read = source.asked[: len(source.asked) - bare]
    assert len(read) == 3
    assert all(max(part.stop - part.start for part in place) < 12 for place in read)


WAY = np.array([[-6000.0, -4000.0], [6000.0, 4000.0]])
ON_A_WAY = [
    pytest.param(lambda: vf.Labels(WAY, offsets=[0, 2], text=["Ridge"]), id="labels"),
    pytest.param(lambda: vf.Lines(WAY, height=50, width=30), id="things"),
]


@pytest.mark.parametrize("layer", ON_A_WAY)
def test_layers_end_with_a_source_that_fails(layer):
    source = Failing(10_000, OSError("the disk is gone"))
    large = in_sheets(source)
    large._source.landmarks()
    source.parts = 0
    with pytest.raises(vf.ImageFileError, match="the disk is gone"):
        vf.render(large, size=(40, 30), layers=[layer()])


@pytest.mark.parametrize("layer", ON_A_WAY)
def test_ctrl_c_ends_layers(layer):
    class Slow(Counted):
        slow = False

        def __getitem__(self, place):
            time.sleep(0.5 * self.slow)
            return super().__getitem__(place)

    source = Slow(ground())
    large = in_sheets(source)
    large._source.landmarks()
    source.slow = True
    with rung_after(0.2), pytest.raises(KeyboardInterrupt):
        vf.render(large, size=(40, 30), layers=[layer()])
