"""A LargeDEM through every door: what the DEM in memory gives, or a word on what to pass instead."""

from __future__ import annotations

import json

import numpy as np
import pytest
import vulkan_forge as vf
from sheeted import ground, same
from vulkan_forge import relief
from vulkan_forge.cli._main import main

rasterio = pytest.importorskip("rasterio")
import geotiffs  # noqa: E402

SIZE = (96, 64)


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A file of ground with holes, in memory and as one that stays there."""
    path = tmp_path_factory.mktemp("large") / "dem.tif"
    transform = rasterio.Affine(30.0, 0, 400_000, 0, -30.0, 3_800_000)
    geotiffs.write(path, ground(True), transform=transform, crs="EPSG:32611", nodata=np.nan)
    return vf.open(path), vf.LargeDEM(path, _levels=(5, 1))


def test_place_parts_and_overviews(pair):
    dem, large = pair
    assert large.transform == dem.transform and large.unit == dem.unit == "m"
    assert np.array_equal(large.spacing_by_row, dem.spacing_by_row)
    assert large.stats() == pytest.approx(dem.stats(), rel=1e-6)
    box = (401_000, 3_795_000, 402_000, 3_796_000)
    part = large.crop(box)
    assert np.array_equal(part.data, dem.crop(box).data, equal_nan=True)
    assert part.bounds == dem.crop(box).bounds
    assert np.array_equal(large.overview(420).data, dem.data, equal_nan=True)
    coarse = large.overview(105)
    assert coarse.shape == (75, 105) and coarse.bounds == dem.bounds
    blocks = dem.data.reshape(75, 4, 105, 4).swapaxes(1, 2).reshape(75, 105, 16)
    with np.errstate(invalid="ignore"):
        known = ~np.isnan(blocks)
        means = np.where(known, blocks, 0).sum(axis=2, dtype=np.float64) / known.sum(axis=2)
    assert np.isnan(means).any()
    np.testing.assert_allclose(coarse.data, means, rtol=1e-6)
    uneven = large.overview(100)
    assert max(uneven.shape) <= 100 and uneven.bounds == pytest.approx(dem.bounds)
    for most in (1, 2.5, True, "many"):
        with pytest.raises(vf.InvalidInputError, match="most must be a whole number of at least 2"):
            large.overview(most)


@pytest.mark.gpu
def test_relief_is_computed_when_it_is_asked_for(pair):
    pytest.importorskip("dask.array")
    pytest.importorskip("xarray")
    dem, large = pair
    for name, words, most in [
        ("slope", {}, 0.0),
        ("shadow_mask", {"azimuth": 250, "altitude": 15}, 0.0),
        ("sky_view_factor", {"radius": 600}, 1e-4),
    ]:
        found, wanted = getattr(relief, name)(large, **words), getattr(relief, name)(dem, **words)
        assert (
            type(found.data).__module__.startswith("dask")
            and dem.crs.to_wkt() == found.spatial_ref.attrs["crs_wkt"]
        )
        values = found.values
        assert np.array_equal(np.isnan(values), np.isnan(wanted.data)), name
        assert np.nanmax(np.abs(values - wanted.data)) <= most, name
    array = large.to_xarray(100)
    assert array.data.chunks[0] == (100, 100, 100) and array.attrs["units"] == "m"
    assert np.array_equal(array.values, dem.data, equal_nan=True)
    with pytest.raises(vf.InvalidInputError, match="chunks must be a whole number"):
        large.to_xarray(0)


@pytest.mark.gpu
def test_maps_have_the_same_bytes(pair, tmp_path):
    for camera, style in [(None, None), ("oblique", None), (None, "imhof")]:
        pages = []
        for source in pair:
            page = vf.map(source, camera=camera, style=style, graticule=True, paper="A7", dpi=60)
            page.save(tmp_path / "page.png")
            pages.append((tmp_path / "page.png").read_bytes())
        assert pages[0] == pages[1]  # with lines on the ground


@pytest.mark.gpu
def test_a_style_has_the_cells_of_the_part_that_is_shown(pair):
    from vulkan_forge._map._styles import style_of_large

    dem, large = pair
    left, bottom = dem.bounds[:2]
    box = (left + 3000, bottom + 3000, left + 6000, bottom + 5400)
    words = style_of_large("swiss", large, box, {}, 60, 200).words
    drape, part = words["drape"], dem.crop(words["drape"].bounds)
    assert (
        drape.image.shape[:2] == part.shape == (120, 140)
    )  # 80 x 100, and as far around as light looks
    # Heights have the colours that they have in all of it, and not in the part.
    everywhere = style_of_large("swiss", large, None, {}, 60, 2000).words["drape"]
    assert everywhere.bounds is None and everywhere.image.shape[:2] == dem.shape
    a, b = drape.image[20:-20, 20:-20].astype(int), everywhere.image[120:200, 100:200]
    assert np.abs(a - b).mean() < 12  # its exaggeration is that of other slopes


@pytest.mark.gpu
def test_tiles_are_the_same(pair, tmp_path, monkeypatch):
    pytest.importorskip("morecantile")
    from vulkan_forge._tiles import _source

    # Several blocks, so that each reads a part of the DEM.
    monkeypatch.setattr(_source, "_BLOCK", 200)
    whole = [{}, {}]
    for source, found in zip(pair, whole, strict=True):
        folder = tmp_path / type(source).__name__
        vf.tiles(source, folder, zooms=12, encoding="terrain-rgb")
        for tile in folder.rglob("*.png"):
            found[tile.relative_to(folder)] = tile.read_bytes()
    assert len(whole[0]) > 2 and whole[0] == whole[1]


@pytest.mark.gpu
def test_served_tiles_know_their_dem(pair):
    pytest.importorskip("morecantile")
    pytest.importorskip("starlette")
    from vulkan_forge._serve._tilesets import TileSets
    from vulkan_forge._tiles._plan import plan_of

    plan = plan_of(pair[1], "WebMercatorQuad", 12)
    sets = TileSets(plan, plan.style({}), "large", "")
    other = plan_of(
        vf.LargeDEM(ground(), transform=pair[0].transform, crs=pair[0].crs), "WebMercatorQuad", 12
    )
    again = TileSets(other, other.style({}), "large", "")
    assert sets.version("terrain-rgb") != again.version("terrain-rgb")


@pytest.mark.gpu
def test_films_and_posters(pair, tmp_path):
    dem, large = pair
    posters = []
    for number, source in enumerate(pair):
        vf.poster(source, tmp_path / f"{number}.png", size=SIZE)
        posters.append((tmp_path / f"{number}.png").read_bytes())
    assert posters[0] == posters[1]
    assert vf.Path.orbit(large, duration=1).cameras(fps=3) == vf.Path.orbit(
        dem, duration=1
    ).cameras(fps=3)
    way = np.array([[401_000, 3_796_000], [404_000, 3_797_000.0]])
    path, over = (vf.Path.fly(way, 200, 100, dem=source, crs="dem") for source in pair)
    assert path.cameras(fps=2) == over.cameras(fps=2)
    pictures = [vf.render(source, size=SIZE, camera=path.camera(1.0)) for source in pair]
    same(*pictures)
    seen = [picture.ground_at(48, 50) for picture in pictures]
    assert seen[0] == pytest.approx(seen[1])


@pytest.mark.gpu
def test_the_shell_leaves_large_files_where_they_are(tmp_path, capsys, monkeypatch):
    heights = np.tile(ground(), (2, 2))
    transform = rasterio.Affine(30.0, 0, 400_000, 0, -30.0, 3_800_000)
    path = geotiffs.write(tmp_path / "dem.tif", heights, transform=transform, crs="EPSG:32611")

    def run(*words):
        assert main([str(word) for word in words]) in (0, None)
        return capsys.readouterr()

    small, large = tmp_path / "small.png", tmp_path / "large.png"
    assert "stay where they are" not in run("render", path, small, "--size", "96x64").err
    plenty = ("--max-memory", "1")  # megabytes, of heights of two
    monkeypatch.setattr(vf.LargeDEM, "__init__", _roomy(vf.LargeDEM.__init__))
    assert (
        "600 x 840 samples stay where they are"
        in run("render", path, large, "--size", "96x64", *plenty).err
    )
    assert small.read_bytes() == large.read_bytes()
    told = json.loads(run("info", path, "--json", *plenty).out)
    assert told["min"] == pytest.approx(float(heights.min())) and told["holes"] is None
    pytest.importorskip("dask.array")
    run("shadow", path, tmp_path / "a.tif", "-alt", "20")
    run("shadow", path, tmp_path / "b.tif", "-alt", "20", *plenty)
    with rasterio.open(tmp_path / "a.tif") as a, rasterio.open(tmp_path / "b.tif") as b:
        assert np.array_equal(a.read(), b.read()) and a.crs == b.crs
    assert main(["shadow", str(path), str(tmp_path / "b.png"), *plenty]) == 2
    assert "OUTPUT must end in .tif" in capsys.readouterr().err


def _roomy(plain):
    """A LargeDEM with the memory that its levels want: the shell's megabyte is for the test's sake."""

    def made(self, *args, **options):
        plain(self, *args, **(options | {"max_memory": None}))

    return made
