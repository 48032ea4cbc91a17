"""Grids, meshes and statistics against NumPy. No device."""

import dems
import numpy as np
import pytest
import vulkan_forge as vf


def areas(points, indices):
    """Signed areas of triangles seen from above."""
    a, b, c = (points[indices.reshape(-1, 3)[:, k], :2].astype(float) for k in range(3))
    return ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2


@pytest.mark.parametrize(("nx", "nz"), [(2, 2), (3, 7), (61, 5)])
def test_grid(nx, nz):
    xy, uv, indices = vf.grid_generate(nx, nz, (2.0, 5.0))
    assert (
        xy.shape == (nx * nz, 2)
        and uv.shape == (nx * nz, 2)
        and indices.shape == (6 * (nx - 1) * (nz - 1),)
    )
    assert (xy.dtype, uv.dtype, indices.dtype) == (np.float32, np.float32, np.uint32)
    assert indices.max() == nx * nz - 1
    np.testing.assert_allclose(xy.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(np.ptp(xy, axis=0), [2 * (nx - 1), 5 * (nz - 1)], rtol=1e-6)
    np.testing.assert_allclose(
        areas(xy, indices), 5.0, rtol=1e-5
    )  # counter-clockwise, half a cell each
    np.testing.assert_array_equal([uv.min(), uv.max()], [0, 1])
    assert len(np.unique(xy, axis=0)) == nx * nz
    np.testing.assert_allclose(np.ptp(uv, axis=0), 1)


def test_mesh_lies_on_the_dem():
    dem = dems.ridge(9, 13, 2)
    positions, uv, indices = vf.make_mesh(dem, (30.0, 20.0), 1.5)
    assert (
        positions.shape == (9 * 13, 3)
        and uv.shape == (9 * 13, 2)
        and indices.shape == (6 * 8 * 12,)
    )
    assert (positions.dtype, uv.dtype, indices.dtype) == (np.float32, np.float32, np.uint32)
    grid = positions.reshape(9, 13, 3)
    np.testing.assert_allclose(grid[..., 2], dem * 1.5, rtol=1e-6)
    np.testing.assert_allclose(grid[..., 0], np.tile((np.arange(13) - 6) * 30.0, (9, 1)))
    np.testing.assert_allclose(grid[..., 1], np.tile((4 - np.arange(9)) * 20.0, (13, 1)).T)
    np.testing.assert_allclose(areas(positions, indices), 300.0, rtol=1e-5)


def test_mesh_leaves_holes_out():
    dem = dems.with_holes(dems.ridge(20, 25))
    positions, _, indices = vf.make_mesh(dem)
    assert np.isfinite(positions[indices]).all()
    whole = ~np.isnan(dem[:-1, :-1] + dem[:-1, 1:] + dem[1:, :-1] + dem[1:, 1:])
    assert len(indices) == 6 * whole.sum()


def test_large_indices():
    indices = vf.grid_generate(70_000, 2)[2]
    assert indices.max() == 139_999


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_stats(dtype):
    dem = dems.with_holes(dems.ridge(50, 60, 1) + np.float32(3000)).astype(dtype)
    exact = dem.astype(np.float64)
    expected = (np.nanmin(exact), np.nanmax(exact), np.nanmean(exact), np.nanstd(exact))
    stats = vf.dem_stats(dem)
    assert isinstance(stats, tuple) and stats == pytest.approx(expected, rel=1e-7)


def test_stats_of_many_equal_samples_do_not_drift():
    low, high, mean, std = vf.dem_stats(np.full((1000, 1000), 0.1, np.float32))
    assert low == high == mean == float(np.float32(0.1)) and std == 0


def test_normalize_minmax():
    dem = dems.with_holes(dems.ridge(20, 30, 3))
    kept = dem.copy()
    low, high = float(np.nanmin(dem)), float(np.nanmax(dem))
    for start, end in [(0, 1), (-3, 8), (1, 0.25)]:
        try:
            out = vf.dem_normalize(dem, out_range=(start, end))
        except vf.InvalidInputError:
            assert start > end  # a reversed range may be refused
            continue
        assert out.dtype == np.float32 and out.shape == dem.shape
        np.testing.assert_allclose(
            out, start + (dem.astype(float) - low) / (high - low) * (end - start), atol=1e-5
        )
    np.testing.assert_array_equal(dem, kept)


def test_normalize_zscore_and_stats():
    dem = dems.ridge(20, 30, 4)
    out, stats = vf.dem_normalize(dem, mode="zscore", return_stats=True)
    exact = dem.astype(float)
    np.testing.assert_allclose(out, (exact - exact.mean()) / exact.std(), atol=1e-5)
    assert stats == pytest.approx((exact.min(), exact.max(), exact.mean(), exact.std()), rel=1e-6)


@pytest.mark.parametrize("mode", ["minmax", "zscore"])
def test_normalizing_nothing_much(mode):
    flat = vf.dem_normalize(np.full((4, 5), 9.0, np.float32), mode=mode)
    assert np.isfinite(flat).all() and np.ptp(flat) == 0
    assert np.isnan(vf.dem_normalize(np.full((4, 5), np.nan, np.float32), mode=mode)).all()
