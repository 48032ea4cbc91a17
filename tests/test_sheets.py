"""DEMs that stay where they are and are drawn from sheets: the same pictures as in memory, from every kind of source."""

from __future__ import annotations

import functools
import os
import signal
import time

import numpy as np
import pytest
import vulkan_forge as vf

pytestmark = pytest.mark.gpu

SPACING = (30.0, 30.0)
NEAR = vf.Camera.look_at((-3000, -5200, 2600), (0, 0, 900), fov=45)


@functools.cache
def ground(holes: bool = False) -> np.ndarray:
    rng = np.random.default_rng(3)
    y, x = np.mgrid[0:300, 0:420].astype(np.float32)
    heights = 200 * np.sin(x / 37) * np.cos(y / 29) + 60 * np.sin(x / 7 + y / 11) + 1000
    heights = (heights + rng.normal(0, 3, heights.shape)).astype(np.float32)
    if holes:
        heights[40:70, 100:160] = np.nan
        heights[rng.integers(0, 300, 40), rng.integers(0, 420, 40)] = np.nan
    return heights


def in_sheets(heights: object, levels: tuple[int, int] = (5, 1), **options: object) -> vf.LargeDEM:
    """`levels` are log2 of a sheet's side and the finest level that is whole."""
    return vf.LargeDEM(heights, **({"spacing": SPACING} | options), _levels=levels)


def same(a: vf.Image, b: vf.Image) -> None:
    assert np.array_equal(np.asarray(a), np.asarray(b))
    assert a.aovs.keys() == b.aovs.keys()
    for name, values in a.aovs.items():
        assert np.array_equal(values, b.aovs[name], equal_nan=True), name


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
    """140 sheets, of which a picture straight down needs all, and room for 95: it is drawn in parts."""
    heights = ground()
    slot, (width, height) = 4 * 35 * 35, (224, 160)
    fixed = 4 * (4 * width * 2 * height) + 2 * 4 * (width // 2) * (height // 2)
    tight = in_sheets(heights, max_memory=fixed + 97 * slot)
    options = {
        "size": (160, 100),
        "spacing": SPACING,
        "camera": vf.Camera.map(),
        "aovs": ("elevation",),
    }
    same(vf.render(tight, **options), vf.render(heights, **options))
    with pytest.raises(
        vf.InvalidInputError, match=r"max_memory must be at least \d+ bytes .* got 100000;"
    ):
        vf.render(in_sheets(heights, max_memory=100_000), **options)


def test_a_renderer_keeps_its_sheets():
    heights = ground()
    asked = []

    class Counted:
        shape, dtype = heights.shape, heights.dtype

        def __getitem__(self, place):
            asked.append(place)
            return heights[place]

    renderer, plain = vf.Renderer(120, 80), vf.Renderer(120, 80)
    renderer.add_terrain(in_sheets(Counted()), exaggeration=2.0)
    plain.add_terrain(heights, SPACING, 2.0)
    assert renderer.terrain_stats() == pytest.approx(plain.terrain_stats(), rel=1e-6)
    for each in (renderer, plain):
        each.set_camera(NEAR)
        each.set_colormap("viridis", robust=False, vmin=800)
    same(renderer.render(), plain.render())
    before = len(asked)
    same(renderer.render(), plain.render())
    assert len(asked) == before
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


# Sources.


def stored(tmp_path, heights, kind):
    rows, columns = heights.shape
    if kind in ("memmap", "view"):
        path = tmp_path / "heights.bin"
        path.write_bytes(b"\0" * 12 + heights.astype(">f4").tobytes())
        mapped = np.memmap(path, ">f4", "r", 12, (rows, columns))
        return mapped if kind == "memmap" else mapped[20:, 30:]
    if kind == "dask":
        return pytest.importorskip("dask.array").from_array(heights, chunks=(130, 77))
    if kind == "chunks":

        class Chunked:  # as zarr has them
            shape, dtype, chunks = heights.shape, heights.dtype, (64, 100)

            def __getitem__(self, place):
                return heights[place]

        return Chunked()
    return heights.astype(np.int16) if kind == "int16" else heights[::-1, ::2]


@pytest.mark.parametrize("kind", ["memmap", "view", "dask", "chunks", "int16", "strided"])
def test_arrays_of_every_kind(tmp_path, kind):
    source = stored(tmp_path, ground(), kind)
    whole = np.ascontiguousarray(np.asarray(source[:, :]), np.float32)
    large = in_sheets(source)
    assert np.array_equal(large.read(11, 17, 200, 220), whole[11:211, 17:237])
    options = {"size": (80, 60), "samples": 1}
    same(vf.render(large, **options), vf.render(whole, spacing=SPACING, **options))


@pytest.mark.parametrize("south_up", [False, True])
def test_files_have_their_place_and_their_missing_cells(tmp_path, south_up):
    rasterio = pytest.importorskip("rasterio")
    heights = np.where(np.isnan(ground(True)), -9999, ground(True)).astype(np.int16)
    transform = (25.0, 0, 500_000, 0, 25.0 if south_up else -25.0, 5_200_000)
    path = tmp_path / "dem.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=420, height=300, count=1, dtype="int16", nodata=-9999,
        crs="EPSG:32611", transform=rasterio.Affine(*transform), tiled=True, blockxsize=128, blockysize=128,
    ) as file:  # fmt: skip
        file.write(heights, 1)
    dem, large = vf.open(path), vf.LargeDEM(path, _levels=(5, 1))
    assert (large.shape, large.spacing, large.bounds) == (dem.shape, dem.spacing, dem.bounds)
    assert np.array_equal(large.read(0, 0, 300, 420), dem.data, equal_nan=True)
    options = {"size": (80, 60), "samples": 1}
    same(vf.render(large, **options), vf.render(dem, **options))
    with rasterio.open(path) as file:
        part = vf.LargeDEM(file, _levels=(5, 1)).read(5, 6, 7, 8)
    assert np.array_equal(part, dem.data[5:12, 6:14], equal_nan=True)


def test_what_is_known_is_kept_beside_a_file(tmp_path):
    path = tmp_path / "heights.bin"
    ground().tofile(path)
    told = []

    def open_again():
        told.clear()
        mapped = np.memmap(path, np.float32, "r", 0, (300, 420))
        return in_sheets(mapped, keep=True, progress=told.append)

    options = {"size": (60, 40), "samples": 1}
    first = vf.render(open_again(), **options)
    assert told and told == sorted(told) and told[-1] <= 1
    again = vf.render(open_again(), **options)
    assert not told
    same(first, again)
    os.utime(path, (1, 1))
    same(first, vf.render(open_again(), **options))
    assert told
    (tmp_path / "heights.bin.vfp").write_bytes(b"torn")
    same(first, vf.render(open_again(), **options))
    with pytest.raises(vf.InvalidInputError, match="keep=True needs a file"):
        vf.LargeDEM(ground(), keep=True)


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


class Failing:
    """Heights that stop being readable after so many parts."""

    shape, dtype = (300, 420), np.dtype(np.float32)

    def __init__(self, parts: int, what: object) -> None:
        self.parts, self.what = parts, what

    def __getitem__(self, place):
        self.parts -= 1
        if self.parts >= 0:
            return ground()[place]
        if isinstance(self.what, Exception):
            raise self.what
        return self.what


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


def test_ctrl_c_ends_the_survey_at_once():
    class Slow:
        shape, dtype = (30_000, 30_000), np.dtype(np.float32)

        def __getitem__(self, place):
            time.sleep(0.02)
            return np.zeros([part.stop - part.start for part in place], np.float32)

    def ring(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.4)
        start = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            vf.render(vf.LargeDEM(Slow()), size=(8, 8))
        assert time.monotonic() - start < 0.4 + 0.35
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)

    def stop(part):
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        vf.render(vf.LargeDEM(Slow(), progress=stop), size=(8, 8))
