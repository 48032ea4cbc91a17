"""Dask arrays in, dask arrays out: lazily, equal byte for byte, and across processes that each have a device."""

import numpy as np
import pytest
from dems import ridge, with_holes
from refusal import refused
from vulkan_forge import relief

dask_array = pytest.importorskip("dask.array", reason="needs dask")
pytestmark = pytest.mark.gpu

DEM = with_holes(ridge(97, 131, seed=8, relief=400.0, noise=0.02), seed=1, fraction=0.004)
CHUNKS = [(97, 131), (40, 50), ((1, 30, 66), (1, 129, 1))]


def operators():
    return {
        "hillshade": lambda dem, **where: relief.hillshade(dem, spacing=(30, 20), **where),
        "slope": lambda dem, **where: relief.slope(dem, spacing=(30, 20), **where),
        "tri": relief.tri,
    }


@pytest.mark.parametrize("edges", ["extend", "nan"])
@pytest.mark.parametrize("chunks", CHUNKS)
@pytest.mark.parametrize("name", operators())
def test_chunks_change_no_byte(name, chunks, edges):
    operate = operators()[name]
    found = operate(dask_array.from_array(DEM, chunks=chunks), edges=edges)
    assert isinstance(found, dask_array.Array)
    assert found.shape == DEM.shape and found.dtype == np.float32
    whole, parts = operate(DEM, edges=edges), found.compute(scheduler="threads")
    np.testing.assert_array_equal(whole.view(np.uint32), parts.view(np.uint32))


def test_degrees_go_on_from_chunk_to_chunk():
    same = {"spacing": (0.01, 0.01), "geographic": True, "latitude": 61.5}
    whole = relief.slope(DEM, **same)
    found = relief.slope(dask_array.from_array(DEM, chunks=(25, 60)), **same).compute(
        scheduler="sync"
    )
    np.testing.assert_allclose(found, whole, rtol=1e-6, equal_nan=True)


def test_nothing_is_computed_before_it_is_asked_for():
    def forbidden(block):
        raise AssertionError("computed")

    source = dask_array.from_array(DEM, chunks=(40, 50)).map_blocks(forbidden, dtype=np.float32)
    relief.slope(source)
    relief.stack(source, ["slope", "aspect"])


def test_a_stack_of_dask_arrays_is_one_pass():
    source = dask_array.from_array(DEM, chunks=(40, 50))
    wanted = relief.stack(DEM, ["slope", "aspect", "hillshade"])
    for name, values in relief.stack(source, ["slope", "aspect", "hillshade"]).items():
        np.testing.assert_array_equal(values.compute(scheduler="threads"), wanted[name])


SUNS = [
    (azimuth, altitude)
    for azimuth in (0.0, 45.0, 90.0, 123.0, 200.0, 225.0, 270.0, 301.5)
    for altitude in (4.0, 30.0)
]


@pytest.mark.parametrize(("azimuth", "altitude"), [*SUNS, (10.0, 90.0), (10.0, 0.0), (10.0, -5.0)])
def test_shadows_cross_chunks(azimuth, altitude):
    sun = {"azimuth": azimuth, "altitude": altitude, "spacing": (30, 20), "vert_exag": 1.5}
    whole = relief.shadow_mask(DEM, **sun)
    for chunks in CHUNKS[1:]:
        lazy = relief.shadow_mask(dask_array.from_array(DEM, chunks=chunks), **sun)
        assert lazy.chunks == dask_array.core.normalize_chunks(chunks, DEM.shape)
        np.testing.assert_array_equal(lazy.compute(scheduler="threads"), whole)


@pytest.mark.parametrize("more", [{}, {"curvature": True, "max_distance": 900.0, "height": 30.0}])
def test_views_cross_chunks(more):
    view = {"x": -300.0, "y": 210.0, "spacing": (30, 20)} | more
    whole = relief.viewshed(DEM, **view)
    for chunks in CHUNKS[1:]:
        lazy = relief.viewshed(dask_array.from_array(DEM, chunks=chunks), **view)
        np.testing.assert_array_equal(lazy.compute(scheduler="threads"), whole)


def test_hours_and_energy_of_the_sun_cross_chunks():
    day = {
        "start": "2026-03-20T06:00",
        "end": "2026-03-20T18:00",
        "latitude": 46.5,
        "longitude": 0.0,
        "step": 120,
        "spacing": (30, 20),
    }
    lazy = dask_array.from_array(DEM, chunks=(40, 50))
    for operate in (relief.sun_hours, relief.insolation):
        whole, parts = operate(DEM, **day), operate(lazy, **day)
        assert isinstance(parts, dask_array.Array)
        np.testing.assert_allclose(parts.compute(scheduler="threads"), whole, atol=1e-4)
    night = day | {"start": "2026-03-20T00:00", "end": "2026-03-20T02:00"}
    dark = relief.sun_hours(lazy, **night).compute(scheduler="threads")
    np.testing.assert_array_equal(dark, np.where(np.isnan(DEM), np.nan, 0))


def test_far_views_of_bad_input_are_refused():
    lazy = dask_array.from_array(DEM, chunks=(40, 50))
    refused(lambda: relief.viewshed(lazy, x=1e6, y=0), "x and y must lie on the dem")
    refused(lambda: relief.viewshed(lazy, x="a", y=0), "x and y must lie on the dem")
    refused(lambda: relief.shadow_mask(lazy, azimuth=0, altitude=91), "altitude in -90..90")
    refused(lambda: relief.shadow_mask(lazy, azimuth=0, altitude=9, spacing=(0, 1)), "spacing")
    unknown = lazy[lazy[:, 0] > 100]
    refused(lambda: relief.shadow_mask(unknown, azimuth=0, altitude=9), "chunks of known size")
    refused(lambda: relief.shadow_mask(dask_array.zeros(9), azimuth=0, altitude=9), "must be 2-D")
    heights = np.zeros((90, 120), np.float32)
    heights[63, 77] = np.inf
    bad = dask_array.from_array(heights, chunks=(40, 50))
    mask = relief.shadow_mask(bad, azimuth=0, altitude=9)
    refused(
        lambda: mask.compute(scheduler="sync"),
        "infinite value",
        "row 23, column 77",
        "row 0 and column 0 are row 40 and column 0 of dem",
    )


def test_bad_input_is_refused():
    refused(lambda: relief.slope(dask_array.zeros((2, 3, 4))), "dem must be 2-D")
    bad = dask_array.from_array(np.where(DEM > 100, np.inf, DEM), chunks=(40, 50))
    refused(lambda: relief.slope(bad).compute(scheduler="sync"), "infinite values")
    heights = np.zeros((90, 120), np.float32)
    heights[63, 77] = np.inf
    bad = dask_array.from_array(heights, chunks=(40, 50))
    # The chunk of rows 40..79 and columns 50..99 borrows a row and a column on each side.
    refused(
        lambda: relief.slope(bad).compute(scheduler="sync"),
        "1 infinite value",
        "row 24, column 28",
        "row 0 and column 0 are row 39 and column 49 of dem",
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_worker_processes_each_with_a_device(capsys):
    distributed = pytest.importorskip("distributed", reason="needs dask.distributed")
    random = dask_array.random.default_rng(3)
    source = 50 * random.random((1500, 1300), chunks=(400, 450), dtype=np.float32)
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        found, heights = client.compute([relief.slope(source), source], sync=True)
        made = client.run(engines)
        log = client.run(worker_log)
    np.testing.assert_array_equal(found, relief.slope(heights))
    assert len(made) == 2, made
    assert all(made.values()), made
    with capsys.disabled():
        print()
        for worker, lines in log.items():
            print(f"{worker}: {lines}")


def engines():
    """In a worker: how many devices it has opened for itself."""
    from vulkan_forge._vulkan_forge import _engine_count

    return _engine_count()


def worker_log(dask_worker):
    import os

    import vulkan_forge as vf

    tasks = (
        sum("_chunk" in str(key) for key in dask_worker.state.tasks)
        or dask_worker.state.executed_count
    )
    return f"pid {os.getpid()}, {tasks} tasks, device {vf.Renderer(1, 1).info().partition('device=')[2]}"
