"""DEMs that stay where they are and are drawn from sheets: the same pictures as in memory, and what goes wrong."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import NEAR, SPACING, Counted, Failing, ground, in_sheets, rung_after, same

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize(
    ("levels", "holes"), [((5, 1), False), ((5, 2), True), ((6, 4), False)], ids=str
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
    options = {
        "size": (160, 100),
        "spacing": SPACING,
        "camera": vf.Camera.map(),
        "detail": "exact",
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
    # Of 224 x 160 cells five planes, two of the next level, which has a quarter of them, and whole slots.
    assert first - again == 22 * 224 * 160 + sheets * 4 * 35 * 35


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
    a = np.asarray(vf.render(in_sheets(heights), robust=True, **kwargs)).astype(int)
    b = np.asarray(vf.render(heights, robust=True, **kwargs)).astype(int)
    assert np.abs(a - b).max() <= 6  # percentiles of a sixteenth of the samples


# What goes wrong.


def test_a_file_that_is_cut_short(tmp_path):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    large = in_sheets(np.memmap(path, np.float32, "r", 0, (300, 420)))
    with path.open("r+b") as file:
        file.truncate(200_000)
    with pytest.raises(
        vf.ImageFileError,
        match=r"heights\.bin: expected \d+ bytes at \d+, got \d+; the file was cut short",
    ):
        vf.render(large, size=(40, 30))


@pytest.mark.parametrize("parts", [0, 27])
@pytest.mark.parametrize(
    ("what", "error", "said"),
    [
        (OSError("the disk is gone"), vf.ImageFileError, "the Failing: expected rows .* the disk is gone"),
        (MemoryError("no"), vf.OutOfMemoryError, "out of memory: expected rows"),
        (np.zeros((3, 3), np.float32), vf.InvalidInputError, r"a source must give float32 of shape"),
        (np.zeros((3, 3), complex), vf.InvalidInputError, "dem must hold real numbers"),
    ],
    ids=["gone", "memory", "shape", "dtype"],
)  # fmt: skip
def test_a_source_that_fails_on_the_way(parts, what, error, said):
    renderer = vf.Renderer(40, 30)

    def draw(source):
        renderer.add_terrain(source)
        renderer.render()

    with pytest.raises(error, match=said):
        draw(in_sheets(Failing(parts, what)))
    draw(ground())


def test_a_source_that_draws_itself_is_told_so():
    class Vain(Counted):
        def __getitem__(self, place):
            vf.render(large, size=(8, 8))
            return super().__getitem__(place)

    large = in_sheets(Vain(ground()))
    with pytest.raises(vf.InvalidInputError, match="must not be drawn by its own source"):
        vf.render(large, size=(8, 8))


def test_what_is_too_large_for_an_image_is_told_its_own_cure(each_device):
    """Of DEMs as large as images may be another way is known, of pictures that lie on them none."""
    options = {"size": (8, 8), "samples": 1, "lit": False, "device": each_device}
    with pytest.raises(vf.InvalidInputError, match="cut it into parts, or resample it") as told:
        vf.render(ground(), drape=np.zeros((2, 40_000, 3), np.uint8), **options)
    assert "LargeDEM" not in str(told.value)
    heights = np.zeros((2, 16_000), np.float32)
    refused = None
    try:
        vf.render(heights, **options)
    except vf.InvalidInputError as error:
        refused = str(error)
    assert refused is None or "got 2 x 16000; pass vf.LargeDEM(dem)" in refused


def test_infinite_heights_and_what_needs_memory_are_refused():
    heights = ground(True).copy()
    with pytest.raises(vf.InvalidInputError, match="bad needs a DEM in memory"):
        vf.render(in_sheets(heights), bad="#808080", size=(8, 8))
    heights[200, 300] = np.inf
    with pytest.raises(vf.InvalidInputError, match="infinite value at row 200, column 300"):
        vf.render(in_sheets(heights), size=(8, 8))
    with pytest.raises(vf.InvalidInputError, match="stays where it is"):
        np.asarray(in_sheets(heights))
    for source, said in [
        ([[0.0, 1.0]], "array with shape, dtype and slices; got list"),
        (np.zeros((2, 3, 4)), "must be 2-D"),
        (np.zeros((3, 3), complex), "must hold real numbers"),
    ]:
        with pytest.raises(vf.InvalidInputError, match=said):
            vf.LargeDEM(source)


def test_nothing_but_holes():
    heights = np.full((300, 420), np.nan, np.float32)
    options = {"size": (40, 30), "samples": 1, "spacing": SPACING}
    same(vf.render(in_sheets(heights), **options), vf.render(heights, **options))


class Endless:
    """Heights that take minutes to read."""

    shape, dtype = (30_000, 30_000), np.dtype(np.float32)

    def __getitem__(self, place):
        time.sleep(0.02)
        return np.zeros([part.stop - part.start for part in place], np.float32)


def test_ctrl_c_ends_the_survey_at_once():
    with rung_after(0.4), pytest.raises(KeyboardInterrupt):
        vf.render(vf.LargeDEM(Endless()), size=(8, 8))

    def stop(part):
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        vf.render(vf.LargeDEM(Endless(), progress=stop), size=(8, 8))


def test_ctrl_c_ends_waiting_for_anothers_survey():
    begun, over = threading.Event(), threading.Event()

    def told(part):
        begun.set()
        if over.is_set():
            raise RuntimeError("no more")

    large = vf.LargeDEM(Endless(), progress=told)

    def survey():
        with pytest.raises(RuntimeError, match="no more"):
            large._source.landmarks()

    other = threading.Thread(target=survey)
    other.start()
    try:
        assert begun.wait(20)
        with rung_after(0.2), pytest.raises(KeyboardInterrupt):
            large._source.landmarks()
    finally:
        over.set()
        other.join()
