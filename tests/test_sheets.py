"""DEMs that stay where they are and are drawn from sheets: the same pictures as in memory, and what goes wrong."""

from __future__ import annotations

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import NEAR, SPACING, Counted, ground, in_sheets, same

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize(
    ("levels", "holes"),
    [((5, 1), False), ((5, 2), True), ((6, 4), False), ((4, 5), True)],
    ids=str,
)
@pytest.mark.parametrize(
    "options",
    [
        {"samples": 1},
        {"samples": 4, "camera": NEAR, "aovs": ("elevation",)},
        {"samples": 1, "camera": NEAR, "detail": "exact", "water": 900.0, "contours": 50.0},
        {"samples": 4, "size": (90, 60), "sun_radius": 1.0, "base": True},
    ],
    ids=["auto", "near", "exact", "far"],
)
def test_pictures_are_those_of_the_dem_in_memory(levels, holes, options):
    heights = ground(holes)
    options = {"size": (160, 100), "spacing": SPACING, "prefer_software": True} | options
    if levels[1] > 1:
        # The sun's map of a DEM so small is of level 1, which is not whole here. Of one that is as large as these levels are for it is.
        options["shadows"] = options.get("camera") is not None
    same(vf.render(in_sheets(heights, levels), **options), vf.render(heights, **options))


def test_on_each_driver(each_device):
    options = {"size": (32, 24), "samples": 1, "device": each_device, "camera": NEAR}
    options |= {"lit": False, "detail": "exact"}
    heights = ground(True)
    same(
        vf.render(in_sheets(heights, (5, 3)), **options),
        vf.render(heights, spacing=SPACING, **options),
    )


def test_layers_labels_and_sky_light_lie_on_it():
    heights = ground()
    line = vf.Lines(np.array([[-5000.0, -3000.0], [0.0, 500.0], [5500.0, 4000.0]]), width=4)
    spots = vf.Labels([(0.0, 0.0), (2500.0, -2000.0)], text=["Middle", "East"])
    options = {
        "size": (200, 120),
        "spacing": SPACING,
        "layers": [line, spots],
        "ambient_occlusion": True,
        "drape": np.full((4, 4, 3), 90, np.uint8),
    }
    same(vf.render(in_sheets(heights), **options), vf.render(heights, **options))


def test_few_sheets_at_a_time_are_enough():
    """140 sheets of heights, of which a picture straight down needs all, and room for 96: it is drawn in parts."""
    source = Counted(ground())
    slot, (width, height) = 4 * 35 * 35, (224, 160)
    fixed = 4 * (4 * width * 2 * height) + 2 * 4 * (width // 2) * (height // 2)
    # Slots are as many as fit beneath the coarse levels, 25 across.
    tight = in_sheets(source, max_memory=fixed + 100 * slot + 4 * 21 * 140)
    # A roof with a valley under it, in several of the parts.
    house = np.array([[-900.0, -4000.0], [900.0, -4000.0], [900.0, 4000.0], [-900.0, 4000.0]])
    options = {
        "size": (160, 100),
        "spacing": SPACING,
        "camera": vf.Camera.map(),
        "detail": "exact",
        "layers": [vf.Polygons(house, height=200.0, base=850.0)],
        "aovs": ("elevation", "depth"),
    }
    tight._source.landmarks()
    source.asked.clear()
    same(vf.render(tight, **options), vf.render(ground(), **options))
    assert len({str(place) for place in source.asked}) == 140
    assert len(source.asked) > 140  # some went, and were brought again
    with pytest.raises(
        vf.InvalidInputError, match=r"max_memory must be at least \d+ bytes .* got 100000;"
    ):
        vf.render(in_sheets(ground(), max_memory=100_000), **options)


def test_bytes_sent_are_coarse_levels_and_sheets():
    source = Counted(ground())
    renderer = vf.Renderer(60, 40)
    renderer.add_terrain(in_sheets(source))
    renderer.set_camera(NEAR)
    source.asked.clear()
    first = renderer.render().metrics["bytes_uploaded"]
    sheets = len(source.asked)
    again = renderer.render().metrics["bytes_uploaded"]
    assert sheets > 5
    # Of 224 x 160 cells five planes, two of the next level, which has a quarter of them, slopes of the one after that, and
    # whole slots.
    assert first - again == (22 * 4 + 1) * 224 * 160 // 4 + sheets * 4 * 35 * 35


def test_sheets_of_coarse_levels_are_known_already():
    """Those of level 3 from what the survey has seen: finer ones and heights are read."""
    source = Counted(ground())
    dem = in_sheets(source, (4, 4))
    dem._source.landmarks()
    source.asked.clear()
    vf.render(dem, size=(60, 40), samples=1, detail="exact", camera=vf.Camera.map())
    wide = {place[1].stop - place[1].start for place in source.asked}
    assert wide and max(wide) < (1 << (4 + 3))  # a sheet of level 3 is as wide


def test_a_picture_of_several_strips():
    """A part of its rows at a time, of which some miss what the tiles that are looked at first do not."""
    options = {"size": (6000, 120), "samples": 1, "spacing": SPACING, "lit": False, "camera": NEAR}
    same(vf.render(in_sheets(ground(), (4, 1)), **options), vf.render(ground(), **options))


def test_a_renderer_keeps_its_sheets():
    heights = ground()
    source = Counted(heights)
    renderer, plain = vf.Renderer(120, 80), vf.Renderer(120, 80)
    renderer.add_terrain(in_sheets(source), exaggeration=2.0)
    plain.add_terrain(heights, SPACING, 2.0)
    assert renderer.terrain_stats() == pytest.approx(plain.terrain_stats(), rel=1e-6)
    for each in (renderer, plain):
        each.set_camera(NEAR)
        each.set_colormap("viridis", robust=False, vmin=800)
    same(renderer.render(), plain.render())
    before = len(source.asked)
    same(renderer.render(), plain.render())
    assert len(source.asked) == before
    cameras = [vf.Camera.look_at((x, -6000, 3500), (0, 0, 900)) for x in (-2000, 0, 2000)]
    for a, b in zip(renderer.frames(cameras), plain.frames(cameras), strict=True):
        same(a, b)
    patch = renderer.debug_read_height_patch(7, 9, 20, 10)
    assert np.array_equal(patch, heights[9:19, 7:27])
    with pytest.raises(vf.InvalidInputError, match="needs a DEM in memory"):
        renderer.normalize_terrain("minmax")


def test_longer_than_images_may_be():
    """A plane of 20,000 columns: taken for large of itself, and where it should be to a hundredth of a cell."""
    x = np.arange(20_000, dtype=np.float32)
    heights = np.ascontiguousarray(np.broadcast_to(0.5 * x, (40, x.size)))
    camera = vf.Camera.map()
    picture = vf.render(
        heights, size=(400, 8), camera=camera, samples=1, aovs=("elevation", "ground")
    )
    place, elevation = picture.aovs["ground"][..., 0], picture.aovs["elevation"]
    assert np.isfinite(elevation).all()
    assert np.abs(elevation - 0.5 * (place + (x.size - 1) / 2)).max() < 0.005
    with pytest.raises(
        vf.InvalidInputError, match="2 to 65536 samples along each side; got 2 x 70000"
    ):
        vf.render(np.zeros((2, 70_000), np.float32), size=(8, 8))


def test_a_camera_that_has_it_in_frame():
    heights = ground(True)
    assert vf.Camera.fit(in_sheets(heights), 100, 50) == vf.Camera.fit(
        heights, 100, 50, spacing=SPACING
    )


def test_percentiles_and_range_for_colours():
    heights = ground(True)
    kwargs = {"size": (80, 60), "spacing": SPACING, "samples": 1, "prefer_software": True}
    same(vf.render(in_sheets(heights), levels=5, **kwargs), vf.render(heights, levels=5, **kwargs))
    same(
        vf.render(in_sheets(heights), robust=True, **kwargs),
        vf.render(heights, robust=True, **kwargs),
    )


def test_marks_at_a_coast_are_those_of_the_dem_in_memory():
    """Their own cells have no ground but for the samples at an edge, at which kept cells end, or none at all."""
    heights = ground(False)
    heights[:, 65:] = np.nan
    x, y = np.meshgrid(64.5 + np.arange(4) * 0.7, np.arange(5, 295, 12.0))
    places = np.column_stack([(x.ravel() - 209.5) * SPACING[0], (149.5 - y.ravel()) * SPACING[1]])
    marks = vf.Points(places, size="9px", color="black", crs="world")
    kwargs = {"size": (120, 90), "samples": 1, "spacing": SPACING, "camera": vf.Camera.map()}
    bare = np.asarray(vf.render(heights, **kwargs))
    both = [vf.render(dem, layers=[marks], **kwargs) for dem in (heights, in_sheets(heights))]
    assert (np.asarray(both[0]) != bare).any(axis=2).sum() > 50
    same(*both)


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
        vf.Polygons(
            rings[0] + np.array((300, 2000)), height=600, base=900.0, fill="gold", alpha=0.5
        ),
        vf.Lines(way, z="relative", width=60, color="red"),
        vf.Lines(way + np.array((0, -1500, 1300)), z="absolute", width="4px"),
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


@pytest.mark.parametrize("slots", [None, 110])
def test_a_wide_picture_is_drawn_in_blocks(slots, tmp_path):
    """More samples than fit a strip of whole rows; and of ground that has no room as a whole."""
    options = {
        "samples": 16,
        "spacing": SPACING,
        "lit": False,
        "camera": NEAR,
        "layers": things()[-1:],
    }
    few = {}
    if slots is not None:
        fixed = 4 * (4 * 224 * 2 * 160) + 2 * 4 * (224 // 2) * (160 // 2)
        few = {"max_memory": fixed + slots * 4 * 35 * 35 + 4 * 21 * 140}
    large = in_sheets(ground(), (5, 1), **few)
    same(
        vf.render(large, size=(1200, 300), **options),
        vf.render(ground(), size=(1200, 300), **options),
    )
    for number, dem in enumerate((large, ground())):
        vf.poster(dem, tmp_path / f"{number}.png", size=(1200, 300), **options)
    assert (tmp_path / "0.png").read_bytes() == (tmp_path / "1.png").read_bytes()
