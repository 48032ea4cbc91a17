"""Local relief operators: gdaldem as outside truth, NumPy twins, closed forms, blocks, inputs of every kind."""

import functools
import signal
import sys
import threading

import numpy as np
import pytest
import vulkan_forge as vf
from dems import plane, ridge, with_holes
from refusal import refused
from relief_reference import EXAGGERATED, GDALDEM, OPERATORS, SHADED, local
from vulkan_forge import _vulkan_forge, relief
from vulkan_forge._engines import with_engine
from vulkan_forge._local import Operator

pytestmark = pytest.mark.gpu

HILL = ridge(67, 83, seed=4, relief=500.0, noise=0.02)
HOLES = with_holes(HILL, seed=2, fraction=0.01)
HOLES[[0, 30, -1], [7, 0, -1]] = np.nan

# gdaldem's aspect leaves out the shape of cells, and so does the aspect in Igor's hillshade.
SQUARE_ONLY = {"aspect", "aspect/zevenbergen", "hillshade/igor"}


def operate(name, dem, **arguments):
    function, own = OPERATORS[name]
    return getattr(relief, function)(dem, **own, **arguments)


def turn(found, wanted):
    """Greatest difference of two rasters, of bearings the short way round; their NaNs must agree."""
    np.testing.assert_array_equal(np.isnan(found), np.isnan(wanted))
    return np.nanmax(np.abs(found - wanted), initial=0)


def bearing_turn(found, wanted):
    np.testing.assert_array_equal(np.isnan(found), np.isnan(wanted))
    return np.nanmax(np.abs((found - wanted + 180) % 360 - 180), initial=0)


@pytest.mark.parametrize("edges", ["nan", "extend"])
@pytest.mark.parametrize("name", GDALDEM)
def test_equals_gdaldem(gdaldem, name, edges):
    for spacing in [(30.0, 30.0)] if name in SQUARE_ONLY else [(30.0, 30.0), (12.5, 20.0)]:
        for dem in (HILL, HOLES):
            mode, *options = GDALDEM[name] + (() if edges == "nan" else ("-compute_edges",))
            wanted = gdaldem(dem, mode, *options, spacing=spacing)
            agree(name, operate(name, dem, spacing=spacing, edges=edges), wanted)


def agree(name, found, wanted):
    """Every cell is gdaldem's: none has a value in one and not in the other, and each value is the same."""
    mode = GDALDEM[name][0]
    if mode == "hillshade":
        factor, first = (255, 0) if name.endswith("igor") else (254, 1)
        np.testing.assert_array_equal(np.isnan(found), wanted == 0)
        level = np.floor(np.nan_to_num(first + factor * found) + 0.5) * ~np.isnan(found)
        assert np.abs(level - wanted).max() <= 1
        assert (level == wanted).mean() > 0.999
    else:
        assert (bearing_turn if mode == "aspect" else turn)(found, wanted) < 1e-3


def ragged(kind):
    """A DEM whose rims are anything but straight."""
    random = np.random.default_rng(len(kind))
    dem = ridge(41, 53, seed=len(kind), relief=300.0, noise=0.1)
    rows, columns = np.indices(dem.shape)
    if kind == "single cells":
        hole = random.random(dem.shape) < 0.04
    elif kind == "more holes than ground":
        hole = random.random(dem.shape) < 0.6
    elif kind == "a coast":
        hole = dem < np.median(dem)
    elif kind == "a swath":
        hole = np.abs(rows - 0.6 * columns - 4 + random.integers(-1, 2, dem.shape)) > 9
    else:  # frame: corners, borders, and lines of one cell
        hole = (rows % 7 == 0) | (columns % 5 == 0)
        hole[[1, -2], [1, -2]] = True
    dem[hole] = np.nan
    return dem


@pytest.mark.parametrize(
    "kind", ["single cells", "more holes than ground", "a coast", "a swath", "lines at the frame"]
)
def test_all_cells_beside_holes_are_gdaldems(gdaldem, kind):
    dem = ragged(kind)
    for name in GDALDEM:
        mode, *options = GDALDEM[name]
        wanted = gdaldem(dem, mode, *options, "-compute_edges", spacing=(30.0, 30.0))
        agree(name, operate(name, dem, spacing=(30.0, 30.0)), wanted)
    assert np.isnan(dem).mean() > 0.03
    for kind in (
        "mean",
        "plan",
        "profile",
    ):  # which gdaldem has not: a value wherever there is ground
        bent = relief.curvature(dem, kind=kind, spacing=(30.0, 30.0))
        np.testing.assert_array_equal(np.isnan(bent), np.isnan(dem))


def test_only_the_hole_itself_has_no_slope():
    dem = np.add.outer(np.arange(6.0), np.arange(6.0)) * 10
    dem[2, 2] = np.nan
    assert np.isnan(relief.slope(dem, spacing=(10, 10))).sum() == 1
    assert np.isnan(relief.slope(dem, spacing=(10, 10), edges="nan")).sum() == 20 + 9


@pytest.mark.parametrize("name", OPERATORS)
def test_equals_its_twin_on_small_random_dems(name):
    random = np.random.default_rng(7)
    for trial in range(12):
        shape = random.integers(2, 12, 2)
        dem = (random.normal(size=shape) * 30).astype(np.float32)
        if trial % 3 == 1:
            dem[random.random(shape) < 0.1] = np.nan
        arguments = {
            "edges": ["nan", "extend"][trial % 2],
            "spacing": tuple(random.uniform(1, 40, 2)),
        }
        if name in EXAGGERATED:
            arguments["vert_exag"] = random.uniform(0.2, 3)
        if name in SHADED:
            arguments |= {"azimuth": random.uniform(-360, 720), "altitude": random.uniform(0, 90)}
        wanted = local(name, dem, **arguments)
        found = operate(name, dem, **arguments)
        assert found.dtype == np.float32 and found.shape == dem.shape
        largest = max(1.0, np.nanmax(np.abs(wanted), initial=0))
        assert (bearing_turn if name.startswith("aspect") else turn)(found, wanted) < 1e-4 * largest


@pytest.mark.parametrize("gradient", [(0.5, 0.0), (0.0, -1.0), (0.3, 0.4), (-2.0, 1.0)])
def test_a_plane_has_one_slope_and_aspect(gradient):
    spacing = (3.0, 7.0)
    dem = plane(9, 11, gradient=gradient, spacing=spacing)
    steep = np.hypot(*gradient)
    corners = np.zeros(dem.shape, bool)
    corners[::8, ::10] = True  # where gdaldem repeats a column instead of extending it
    for method in ("horn", "zevenbergen-thorne"):
        for unit, wanted in (("degree", np.degrees(np.arctan(steep))), ("percent", 100 * steep)):
            found = relief.slope(dem, unit=unit, method=method, spacing=spacing)
            np.testing.assert_allclose(found[~corners], wanted, atol=1e-3)
        found = relief.aspect(dem, method=method, spacing=spacing)
        down = np.degrees(np.arctan2(-gradient[0], -gradient[1])) % 360
        np.testing.assert_allclose(found[~corners], down, atol=1e-2)
    np.testing.assert_allclose(relief.tpi(dem)[~corners], 0, atol=1e-4)
    for kind in ("mean", "plan", "profile"):
        found = relief.curvature(dem, kind=kind, spacing=spacing)
        np.testing.assert_allclose(found[~corners], 0, atol=1e-4)


def test_the_four_bearings_are_exact():
    rise = np.tile(np.arange(6, dtype=np.float32), (5, 1))
    assert (relief.aspect(rise) == 270).all() and (relief.aspect(rise[:, ::-1].copy()) == 90).all()
    assert (relief.aspect(np.ascontiguousarray(rise.T)) == 0).all()
    assert (relief.aspect(np.ascontiguousarray(rise.T[::-1])) == 180).all()


def test_flat_ground_has_no_aspect_and_even_light():
    flat = np.full((5, 9), 12.5, np.float32)
    assert np.isnan(relief.aspect(flat)).all()
    assert (relief.slope(flat) == 0).all() and (relief.roughness(flat) == 0).all()
    for method in ("horn", "zevenbergen-thorne", "multidirectional"):
        np.testing.assert_allclose(
            relief.hillshade(flat, method=method, altitude=30), 0.5, atol=1e-6
        )
    np.testing.assert_allclose(relief.hillshade(flat, method="igor"), 1, atol=1e-6)
    assert (relief.hillshade(flat, altitude=90) == 1).all()


def test_curvatures_of_a_paraboloid_are_its_closed_forms():
    spacing, bend = (2.0, 2.0), 0.01
    y, x = np.mgrid[20:-21:-1, -20:21] * 2.0
    dem = -0.5 * bend * (x**2 + y**2)
    inside = np.s_[1:-1, 1:-1]
    centre = (x == 0) & (y == 0)
    for kind in ("mean", "plan", "profile"):
        found = relief.curvature(dem, kind=kind, spacing=spacing)
        wanted = np.where(centre & (kind != "mean"), 0, bend)
        np.testing.assert_allclose(found[inside], wanted[inside], atol=2e-5)
    # A trough along y bends across its own direction only: seen along the way down, it is a profile.
    trough = 0.5 * bend * x**2
    off_axis = np.s_[1:-1, 1:19]
    profile = relief.curvature(trough, kind="profile", spacing=spacing)
    np.testing.assert_allclose(profile[off_axis], -bend, atol=2e-5)
    np.testing.assert_allclose(
        relief.curvature(trough, kind="plan", spacing=spacing)[off_axis], 0, atol=2e-5
    )


def blocks(dem, operators, cells, **arguments):
    return with_engine(
        None,
        False,
        lambda engine: _vulkan_forge._relief_local(
            engine,
            dem,
            operators,
            **{"spacing": (3.0, 4.0), "north": None, "vert_exag": 1.5, "edges": "extend"}
            | arguments,
            block_cells=cells,
        ),
    )


def lay(ground, shape):
    """How cells lie on such a ground, as `blocks` takes it."""
    if ground in ("metres", "degrees"):
        return {} if ground == "metres" else {"spacing": (0.01, 0.02), "north": 64.0}
    per_cell = (0.05, 0.07) if ground == "lattice" else (1.0, 1.0)
    across, down = (
        int(step * (side - 1)) + 2 for step, side in zip(per_cell, shape[::-1], strict=True)
    )
    nodes = np.random.default_rng(9).uniform(-0.1, 0.1, (down, 4 * across)).astype(np.float32)
    return {"places": (nodes, per_cell, ground == "lattice")}


@pytest.mark.parametrize("edges", ["nan", "extend"])
@pytest.mark.parametrize("ground", ["metres", "degrees", "lattice", "nodes"])
def test_blocks_change_no_byte(edges, ground):
    operators = [("hillshade",), ("aspect", "zevenbergen-thorne"), ("curvature", "plan")]
    if ground in ("metres", "degrees"):
        operators += [("slope", "degree"), ("tri", "riley"), ("roughness",)]
    every = [Operator(*words) for words in operators]
    for columns in (83, 16, 2):
        dem = np.ascontiguousarray(HOLES[:, :columns])
        words = {"edges": edges} | lay(ground, dem.shape)
        whole = blocks(dem, every, None, **words)
        for cells in (1, 3 * columns, 20 * columns):
            for one, part in zip(whole, blocks(dem, every, cells, **words), strict=True):
                np.testing.assert_array_equal(one.view(np.uint32), part.view(np.uint32))


def test_rows_without_holes_do_not_depend_on_holes_elsewhere():
    clean = relief.hillshade(HILL, spacing=(30, 30))
    holes = HILL.copy()
    holes[40:, :] = np.nan
    np.testing.assert_array_equal(relief.hillshade(holes, spacing=(30, 30))[:39], clean[:39])


def test_a_stack_equals_its_parts():
    wanted = [
        "slope",
        "aspect",
        ("hillshade", {"azimuth": 90, "method": "igor"}),
        "tri",
        "tpi",
        "hillshade",
    ]
    found = relief.stack(HOLES, wanted, spacing=(20, 30), vert_exag=2)
    assert list(found) == ["slope", "aspect", "hillshade", "tri", "tpi", "hillshade_2"]
    same = {"spacing": (20, 30)}
    parts = {
        "slope": relief.slope(HOLES, vert_exag=2, **same),
        "aspect": relief.aspect(HOLES, **same),
        "hillshade": relief.hillshade(HOLES, azimuth=90, method="igor", vert_exag=2, **same),
        "hillshade_2": relief.hillshade(HOLES, vert_exag=2, **same),
        "tri": relief.tri(HOLES),
        "tpi": relief.tpi(HOLES),
    }
    for name, part in parts.items():
        np.testing.assert_array_equal(found[name], part)


def test_two_drivers_give_the_same_bytes(two_devices):
    first, second = (
        relief.stack(
            HOLES,
            ["slope", "aspect", "hillshade", ("hillshade", {"method": "combined"})],
            device=device,
        )
        for device in two_devices
    )
    for name, values in first.items():
        np.testing.assert_array_equal(values.view(np.uint32), second[name].view(np.uint32), name)


def test_degrees_are_the_metres_of_each_row():
    step, north = 0.01, 65.0
    rows = north - step * np.arange(HILL.shape[0])
    sine = np.sin(np.radians(rows)) ** 2
    first_eccentricity = 0.00669437999014
    prime = 6378137.0 / np.sqrt(1 - first_eccentricity * sine)
    meridian = prime * (1 - first_eccentricity) / (1 - first_eccentricity * sine)
    metres = np.radians(step) * np.stack([prime * np.cos(np.radians(rows)), meridian])
    for name in ("slope/degree", "hillshade/horn", "curvature/plan"):
        found = operate(name, HILL, spacing=(step, step), geographic=True, latitude=north)
        wanted = local(name, HILL, spacing=metres[:, :, np.newaxis])
        assert turn(found, wanted) < 1e-3 * max(np.abs(wanted).max(), 1e-3)


@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (9, 1)])
@pytest.mark.parametrize("name", OPERATORS)
def test_rasters_without_neighbours_are_nan(name, shape):
    assert np.isnan(operate(name, np.ones(shape))).all()


def test_inputs_of_every_kind_agree():
    whole = np.round(HILL)
    wanted = relief.slope(whole, spacing=(30, 30))
    masked = np.ma.array(whole, mask=np.zeros(whole.shape, bool))
    masked.mask[5, 6] = True
    for dem in (
        whole.astype(np.float64),
        whole.astype(np.int16),
        whole.astype(">i4"),
        np.asfortranarray(whole),
        np.repeat(whole, 2, axis=1)[:, ::2],
        np.frombuffer(b" " + whole.tobytes(), whole.dtype, offset=1).reshape(whole.shape),
        whole.tolist(),
    ):
        np.testing.assert_array_equal(relief.slope(dem, spacing=(30, 30)), wanted)
    found = relief.slope(masked, spacing=(30, 30))
    assert np.isnan(found[5, 6]) and np.isnan(found).sum() == 1
    assert np.isnan(relief.slope(np.full((6, 5), np.nan))).all()


@pytest.mark.parametrize("name", OPERATORS)
def test_enormous_heights_stay_numbers(name):
    # Their squares, and the squares of those, are still numbers of float32.
    found = operate(name, HILL * np.float32(1e7))
    assert np.isfinite(found).all()


def test_bad_input_is_refused_with_its_cure():
    dem = HILL.copy()
    dem[3, 4], dem[50, 60] = np.inf, -np.inf
    refused(lambda: relief.slope(dem), "2 infinite values, the first at row 3, column 4")
    refused(lambda: relief.tri(np.ones((0, 4))), "at least one cell")
    refused(
        lambda: relief.hillshade(HILL, method="sobel"),
        'method must be one of "horn"',
        'got "sobel"',
    )
    refused(lambda: relief.slope(HILL, unit="radian"), 'unit must be one of "degree", "percent"')
    refused(lambda: relief.slope(HILL, edges="reflect"), "edges must be")
    refused(lambda: relief.hillshade(HILL, altitude=91), "altitude must be in 0..90; got 91")
    refused(lambda: relief.hillshade(HILL, azimuth=np.nan), "azimuth must be finite")
    for spacing in ((0, 1), (1, -1), (np.nan, 1), (np.inf, 1)):
        refused(functools.partial(relief.slope, HILL, spacing=spacing), "spacing must be")
    refused(lambda: relief.slope(HILL, vert_exag=0), "vert_exag")
    refused(lambda: relief.slope(HILL, geographic=True), "latitude must be given")
    refused(lambda: relief.slope(HILL, latitude=40), "latitude is for spacing in degrees")
    refused(
        lambda: relief.slope(HILL, geographic=True, latitude=95, spacing=(1, 1)),
        "between the poles",
    )
    refused(lambda: relief.stack(HILL, "slope"), "operators must be")
    refused(lambda: relief.stack(HILL, ["slop"]), "operators must be of")
    refused(lambda: relief.stack(HILL, [("slope", {"azimuth": 3})]), "takes unit, method")
    refused(lambda: relief.slope(np.ones((2, 3, 4))), "dem must be 2-D")


def test_is_reachable_from_the_package():
    assert vf.relief is relief


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
def test_ctrl_c_is_heard_between_blocks():
    class Heard(Exception):
        pass

    def handler(*_):
        raise Heard

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        with pytest.raises(Heard):
            blocks(np.zeros((100_000, 64), np.float32), [Operator("slope", "degree")], 1)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    # The engine is as good as before.
    assert np.isfinite(relief.slope(HILL)).all()


def test_other_threads_run_meanwhile():
    counted = [0]
    stop = threading.Event()

    def count():
        while not stop.wait(0.001):
            counted[0] += 1

    thread = threading.Thread(target=count)
    thread.start()
    relief.stack(np.zeros((3000, 3000), np.float32), ["slope", "aspect", "hillshade"])
    stop.set()
    thread.join()
    assert counted[0] > 5
