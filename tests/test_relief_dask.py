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
