"""Ways of a film's camera: smooth in place and attitude, at the speed asked for, above the ground. No device."""

import itertools
import math

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge._film._ground import Ground
from vulkan_forge._film._splines import Cubic, raised_over, smoothed

pytestmark = pytest.mark.camera
CELL = 30.0
DEM = dems.ridge(120, 160, noise=0.05) * np.float32(3)
LINE = np.array(
    [[-1800, -1200], [-600, 300], [0, -500], [900, 900], [1500, -1000], [400, -1300]], float
)
SHOTS = [
    vf.Camera.look_at((-3000, 0, 3000), (0, 0, 500), fov=30),
    vf.Camera.orbit((0, 0, 500), 4000, 300, 25, 50),
    vf.Camera.look_at((2000, 2500, 2500), (0, 0, 0), (0.3, 0, 1), 40),
    vf.Camera.orbit((0, 0, 500), 3000, 120, 60, 35),
]


def fly(line=LINE, height=300, speed=200, **words):
    return vf.Path.fly(line, height, speed, dem=DEM, spacing=(CELL, CELL), **words)


def pose(camera):
    """Eye, and the axes as rows."""
    view = camera.view().astype(np.float64)
    return -view[:3, :3].T @ view[:3, 3], view[:3, :3]


def sampled(path, count=800):
    """Times, eyes (N, 3) and axes (N, 9)."""
    times = np.linspace(0, path.duration, count + 1)
    poses = [pose(path.camera(t)) for t in times]
    return times, np.stack([eye for eye, _ in poses]), np.stack([axes.ravel() for _, axes in poses])


def top(eyes, vert_exag=1.0):
    return Ground(DEM, (CELL, CELL), vert_exag).top(eyes[:, :2])


# --- splines ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("closed", [False, True])
def test_a_spline_meets_its_values_with_two_continuous_derivatives(closed):
    rng = np.random.default_rng(4)
    knots = np.cumsum(rng.uniform(0.3, 2, 9))
    values = rng.normal(size=(9, 3))
    if closed:
        values[-1] = values[0]
    spline = Cubic(knots, values, closed=closed)
    inner = knots if closed else knots[1:-1]
    np.testing.assert_allclose(spline(knots[:-1]), values[:-1], atol=1e-12)
    for order in (0, 1, 2):
        left, right = spline(inner - 1e-9, order), spline(inner + 1e-9, order)
        np.testing.assert_allclose(left, right, atol=1e-6)
    if not closed:
        np.testing.assert_allclose(spline(knots[[0, -1]], 2), 0, atol=1e-12)
        slope = spline(knots[-1], 1)
        np.testing.assert_allclose(spline(knots[-1] + 3), values[-1] + 3 * slope)


def test_a_spline_is_scipys():
    interpolate = pytest.importorskip("scipy.interpolate")
    rng = np.random.default_rng(5)
    knots, values = np.cumsum(rng.uniform(0.3, 2, 30)), rng.normal(size=(30, 2))
    at = np.linspace(knots[0], knots[-1], 500)
    theirs = interpolate.CubicSpline(knots, values, bc_type="natural")
    for order in (0, 1, 2):
        np.testing.assert_allclose(Cubic(knots, values)(at, order), theirs(at, order), atol=1e-9)
    values[-1] = values[0]
    theirs = interpolate.CubicSpline(knots, values, bc_type="periodic")
    np.testing.assert_allclose(Cubic(knots, values, closed=True)(at), theirs(at), atol=1e-9)


def test_smoothing_keeps_lines_and_ends():
    line = np.linspace(3, 8, 50)
    np.testing.assert_allclose(smoothed(line, 4.0), line, atol=1e-12)
    rough = line + np.random.default_rng(1).normal(size=50)
    even = smoothed(rough, 4.0)
    assert np.abs(np.diff(even, 2)).max() < 0.1 * np.abs(np.diff(rough, 2)).max()
    np.testing.assert_allclose(even[[0, -1]], rough[[0, -1]])


@pytest.mark.parametrize("closed", [False, True])
def test_what_is_raised_over_deficits_is_never_below_and_smooth(closed):
    deficit = np.zeros(400)
    deficit[[0, 90, 91, 300]] = [2, 5, 1, 7]
    lift = raised_over(deficit, 20, closed=closed)
    assert (lift >= deficit).all() and lift.max() <= 7
    assert lift[150:250].max() == 0 and np.abs(np.diff(lift, 2)).max() < 0.2
    assert not raised_over(np.zeros(9), 3).any()


# --- orbits -------------------------------------------------------------------------------------------


def test_an_orbit_is_camera_orbit_all_round():
    path = vf.Path.orbit(DEM, spacing=(CELL, CELL), duration=8, altitude=40, fov=30)
    first = path.camera(0)
    _, (target, distance, azimuth, altitude, fov) = (
        first.__reduce__()[1][:2][0],
        first.__reduce__()[1][1],
    )
    assert (azimuth, altitude, fov) == (180, 40, 30)
    for t in (1, 2.5, 7):
        assert path.camera(t) == vf.Camera.orbit(target, distance, 180 + 45 * t, 40, 30)
    assert path.closed and path.camera(8) == path.camera(0) == path.camera(-8)
    assert len(path.cameras(25)) == 200
    assert path.times(2)[:3] == [0, 0.5, 1.0]


@pytest.mark.parametrize("aspect", [0.5, 1.0, 2.5])
def test_an_orbit_has_all_in_frame(aspect):
    path = vf.Path.orbit(DEM, spacing=(CELL, CELL), duration=36)
    x, y = 159 * CELL / 2, 119 * CELL / 2
    corners = itertools.product((-x, x), (-y, y), (DEM.min(), DEM.max()), (1,))
    corners = np.array(list(corners)).T
    most = 0
    for t in range(36):
        camera = path.camera(t, aspect)
        clip = camera.projection(aspect).astype(float) @ camera.view().astype(float) @ corners
        most = max(most, np.abs(clip[:2] / clip[3]).max())
    assert 0.9 < most <= 0.98


def test_an_orbit_does_not_go_through_mountains():
    words = {"spacing": (CELL, CELL), "distance": 900, "altitude": 3, "target": (0, 0, 200)}
    low = vf.Path.orbit(DEM, clearance=None, **words)
    _, eyes, _ = sampled(low)
    assert (top(eyes) > eyes[:, 2]).any(), "else nothing is tried"
    path = vf.Path.orbit(DEM, **words)
    times, eyes, axes = sampled(path)
    assert (eyes[:, 2] >= top(eyes) + CELL - 1e-3).all()
    flat = np.hypot(eyes[:, 0], eyes[:, 1])
    np.testing.assert_allclose(flat, flat[0], rtol=1e-4)
    for eye, rows in zip(eyes, axes, strict=True):
        towards = (np.array([0, 0, 200]) - eye) / np.linalg.norm([0, 0, 200] - eye)
        np.testing.assert_allclose(-rows[6:], towards, atol=1e-4)
    assert path.camera(times[-1]) == path.camera(0)


# --- keyframes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("closed", [False, True])
def test_keyframes_are_met(closed):
    times = [0, 1, 2.5, 4, 5][: 4 + closed]
    path = vf.Path.keyframes(SHOTS, times, closed=closed)
    assert path.duration == times[-1] and path.closed == closed
    for t, shot in zip(times, SHOTS, strict=False):
        (eye, axes), (wanted, attitude) = pose(path.camera(t)), pose(shot)
        np.testing.assert_allclose(eye, wanted, atol=0.01)
        np.testing.assert_allclose(axes, attitude, atol=1e-5)
        np.testing.assert_allclose(
            path.camera(t).projection(1.5)[1, 1], shot.projection(1.5)[1, 1], rtol=1e-5
        )


@pytest.mark.parametrize(
    "words", [{}, {"closed": True}, {"speed": 900}, {"speed": 900, "closed": True}]
)
def test_keyframes_are_smooth_in_place_and_attitude(words):
    path = vf.Path.keyframes(SHOTS, **words)
    fine = {}
    for count in (400, 1600):
        _, eyes, axes = sampled(path, count)
        if path.closed:
            eyes, axes = (np.concatenate([a, a[1:20]]) for a in (eyes, axes))
        # Of a curve with a bounded second derivative it goes with the square of the step; of a corner with the step.
        fine[count] = [np.abs(np.diff(a, 2, axis=0)).max() for a in (eyes, axes)]
    for coarse, finer in zip(fine[400], fine[1600], strict=True):
        assert finer < coarse / 8


def test_a_speed_is_kept():
    for closed in (False, True):
        path = vf.Path.keyframes(SHOTS, speed=700, closed=closed)
        times, eyes, _ = sampled(path, 1000)
        speeds = np.linalg.norm(np.diff(eyes, axis=0), axis=1) / np.diff(times)
        np.testing.assert_allclose(speeds, 700, rtol=2e-3)


def test_a_full_turn_of_keyframes_closes():
    shots = [vf.Camera.orbit((0, 0, 0), 1000, azimuth, 30) for azimuth in range(0, 360, 60)]
    path = vf.Path.keyframes(shots, duration=6, closed=True)
    for t in np.linspace(0, 6, 61):
        eye, axes = pose(path.camera(t))
        np.testing.assert_allclose(-axes[2], -eye / np.linalg.norm(eye), atol=0.03)


def test_fitted_cameras_are_keyframes_for_every_aspect():
    fit = vf.Camera.fit(DEM, 90, 40, spacing=(CELL, CELL))
    path = vf.Path.keyframes([SHOTS[0], fit], duration=1)
    for aspect in (0.7, 1.0, 2.0):
        camera = path.camera(1.0, aspect)
        product = camera.projection(aspect).astype(float) @ camera.view().astype(float)
        wanted = fit.projection(aspect).astype(float) @ fit.view().astype(float)
        points = np.array([[0, 0, 0, 1], [900, -700, 300, 1], [-2000, 1000, 0, 1]], float).T
        got, expected = product @ points, wanted @ points
        np.testing.assert_allclose(got[:2] / got[3], expected[:2] / expected[3], atol=1e-4)


def test_keyframes_stay_above_the_ground():
    low = [
        vf.Camera.look_at((x, y, 400), (0, 0, 0)) for x, y in ((-3000, -900), (0, 500), (3000, 800))
    ]
    words = {"duration": 4, "spacing": (CELL, CELL), "dem": DEM}
    _, eyes, _ = sampled(vf.Path.keyframes(low, clearance=None, **words))
    assert (top(eyes) > eyes[:, 2]).any(), "else nothing is tried"
    for clearance, least in (("auto", CELL), (200, 200)):
        _, eyes, _ = sampled(vf.Path.keyframes(low, clearance=clearance, **words))
        assert (eyes[:, 2] >= top(eyes) + least - 0.01).all()
        assert np.abs(np.diff(eyes[:, 2], 2)).max() < 2.0


def test_a_round_of_keyframes_closes_above_the_ground_too():
    """The ground is too high where the round ends, and lifts the beginning as well."""
    shots = [
        vf.Camera.look_at((x, y, 2500), (0, 0, 0))
        for x, y in ((2000, 0), (0, 1700), (-2000, 0), (0, -1700), (2000, 0))
    ]
    peak = np.zeros_like(DEM)
    rows, columns = np.indices(DEM.shape)
    peak += 3000 * np.exp(
        -((columns - 79.5 - 1900 / CELL) ** 2 + (rows - 59.5 + 250 / CELL) ** 2) / 200
    ).astype(np.float32)
    words = {"duration": 8, "closed": True, "dem": peak, "spacing": (CELL, CELL)}
    path = vf.Path.keyframes(shots, **words)
    ends, soon = (pose(path.camera(t))[0][2] for t in (7.9999, 0.0001))
    free = pose(vf.Path.keyframes(shots, clearance=None, **words).camera(0.0))[0][2]
    assert ends > free + 50, "else nothing is tried"
    assert abs(ends - soon) < 1


# --- flights ------------------------------------------------------------------------------------------


def test_a_flight_has_its_speed_and_is_smooth():
    path = fly()
    times, eyes, axes = sampled(path, 1200)
    # Of two places near each other: in sharp bends a chord is shorter than its arc.
    soon = np.stack([pose(path.camera(t + 0.002))[0] for t in times[:-1:4]])
    speeds = np.linalg.norm(soon[:, :2] - eyes[:-1:4, :2], axis=1) / 0.002
    np.testing.assert_allclose(speeds, 200, rtol=0.01)
    length = np.linalg.norm(np.diff(LINE, axis=0), axis=1).sum()
    assert 0.85 * length < path.duration * 200 < length
    np.testing.assert_allclose(eyes[0, :2], LINE[0], atol=1)
    np.testing.assert_allclose(eyes[-1, :2], LINE[-1], atol=1)
    _, finer, turned = sampled(path, 4800)
    for coarse, fine in ((eyes, finer), (axes, turned)):
        assert np.abs(np.diff(fine, 2, axis=0)).max() < np.abs(np.diff(coarse, 2, axis=0)).max() / 8


def test_a_flight_follows_the_ground_and_never_meets_it():
    _, eyes, _ = sampled(fly(height=250), 1500)
    above = eyes[:, 2] - top(eyes)
    assert above.min() >= 125 and abs(np.median(above) - 250) < 80
    _, eyes, _ = sampled(fly(height=60, smooth=8.0, clearance=40), 1500)
    assert (eyes[:, 2] - top(eyes)).min() >= 40
    _, eyes, _ = sampled(fly(height=20, smooth=8.0, clearance=None), 1500)
    assert (eyes[:, 2] - top(eyes)).min() < 0


def test_a_flight_looks_along_its_way_and_down():
    straight = np.array([[-2000, -1000], [2000, 1000]], float)
    path = fly(straight, pitch=-20)
    for t in (0, path.duration / 2, path.duration):
        _, axes = pose(path.camera(t))
        forward = -axes[2]
        assert math.degrees(math.asin(forward[2])) == pytest.approx(-20, abs=1e-3)
        assert math.degrees(math.atan2(forward[0], forward[1])) == pytest.approx(63.435, abs=0.1)
        assert axes[0, 2] == pytest.approx(0, abs=1e-6)  # the horizon is level


def test_a_flight_turns_back_without_a_jump():
    there = np.linspace((-2000, 0), (2000, 0), 50)
    path = fly(np.vstack([there, np.add(np.flipud(there), (0, 1.0))]), speed=100)
    times, _, axes = sampled(path, 2000)
    rates = np.linalg.norm(np.diff(axes, axis=0), axis=1) / np.diff(times)
    assert rates.max() < 3, "radians a second, about"


def test_lines_of_every_kind(tmp_path):
    pytest.importorskip("rasterio")
    dem = vf.DEM(DEM, bounds=(8.0, 46.0, 8.2, 46.1), crs="EPSG:4326")
    lonlat = np.array([[8.02, 46.02], [8.1, 46.07], [8.18, 46.03]])
    points = "".join(f'<trkpt lon="{x}" lat="{y}"><ele>1</ele></trkpt>' for x, y in lonlat)
    space = 'xmlns="http://www.topografix.com/GPX/1/1" version="1.1"'
    gpx = tmp_path / "track.gpx"
    gpx.write_text(f"<gpx {space}><wpt lon='0' lat='0'/><trk><trkseg>{points}</trkseg></trk></gpx>")
    geojson = {"type": "LineString", "coordinates": lonlat.tolist()}
    wanted = vf.Path.fly(lonlat, 300, 200, dem=dem, crs="EPSG:4326")
    for line in (gpx, str(gpx), geojson):
        path = vf.Path.fly(line, 300, 200, dem=dem)
        np.testing.assert_allclose(pose(path.camera(3))[0], pose(wanted.camera(3))[0], atol=0.1)
    shapely = pytest.importorskip("shapely")
    path = vf.Path.fly(shapely.LineString(lonlat), 300, 200, dem=dem, crs="EPSG:4326")
    assert path.camera(3) == wanted.camera(3)


def test_a_flight_may_leave_the_dem_and_cross_holes():
    holes = DEM.copy()
    holes[40:60, 60:90] = np.nan
    line = np.array([[-9000, 0], [9000, 300]], float)
    path = vf.Path.fly(line, 300, 500, dem=holes, spacing=(CELL, CELL))
    _, eyes, _ = sampled(path)
    assert np.isfinite(eyes).all() and eyes[:, 2].min() > np.nanmin(holes)


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "parts"),
    [
        (lambda: fly(LINE + 1e6), ["the line must cross the DEM", "crs="]),
        (lambda: fly(LINE[:1]), ["line must be longer than nothing; got one place"]),
        (lambda: fly(np.zeros((0, 2))), ["vertices"]),
        (lambda: fly("no.gpx"), ["no.gpx", "GPX"]),
        (lambda: fly(height=0), ["height must be > 0; got 0"]),
        (lambda: fly(speed=-3), ["speed must be > 0"]),
        (lambda: fly(pitch=-90), ["pitch must be in -89..89"]),
        (lambda: fly(fov=180), ["fov"]),
        (lambda: fly(smooth=-1), ["smooth must be >= 0"]),
        (lambda: fly(clearance=-1), ["clearance must be metres >= 0"]),
        (lambda: vf.Path.orbit(DEM, duration=0), ["duration must be > 0"]),
        (lambda: vf.Path.orbit(DEM, altitude=91), ["altitude"]),
        (lambda: vf.Path.orbit(DEM, target=(1, 2)), ["target must be (x, y, z)"]),
        (lambda: vf.Path.orbit(DEM, vert_exag=0), ["vert_exag must be > 0"]),
        (lambda: vf.Path.orbit(DEM, north="up"), ["north must be"]),
        (lambda: vf.Path.orbit(DEM, spacing=(1, -1)), ["spacing"]),
        (lambda: vf.Path.keyframes(SHOTS[:1]), ["cameras must be two or more Camera"]),
        (lambda: vf.Path.keyframes([SHOTS[0], vf.Camera.map()]), ["must be perspectives"]),
        (lambda: vf.Path.keyframes([SHOTS[0], vf.Camera.map((0, 0, 1, 1))]), ["got a map"]),
        (lambda: vf.Path.keyframes(SHOTS, [0, 1, 1, 2]), ["times must be 4 ascending numbers"]),
        (lambda: vf.Path.keyframes(SHOTS, [0, 1, 2]), ["times must be 4 ascending"]),
        (lambda: vf.Path.keyframes(SHOTS, 3), ["times must be 4 ascending"]),
        (lambda: vf.Path.keyframes(SHOTS, duration=3, speed=3), ["times, duration or speed"]),
        (lambda: vf.Path.keyframes([SHOTS[0]] * 2, speed=3), ["cameras in different places"]),
        (lambda: vf.Path.orbit(DEM).camera(math.nan), ["t must be"]),
        (lambda: vf.Path.orbit(DEM).times(0), ["fps must be > 0"]),
    ],
)
def test_bad_input_is_refused(make, parts):
    with pytest.raises(vf.VulkanForgeError) as refusal:
        make()
    assert all(part in str(refusal.value) for part in parts), refusal.value
