"""Things in space: against a brute-force caster and closed forms; feet, shadows, what hides what, and what is refused."""

import functools
from itertools import pairwise

import compare
import numpy as np
import pytest
import reference as ref
import space_twins as twins
import vulkan_forge as vf

SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
NAMES = ("depth", "elevation", "normal", "ground")
WHITE = np.ones((2, 4))
gpu = pytest.mark.gpu


def boxes(count, seed, reach=140.0):
    """Rings (4 vertices each), offsets, heights: rectangles of any direction."""
    rng = np.random.default_rng(seed)
    rings = []
    for _ in range(count):
        turn, size, middle = rng.uniform(0, 3), rng.uniform(2, 9, 2), rng.uniform(-reach, reach, 2)
        cos, sin = np.cos(turn), np.sin(turn)
        rings.append((SQUARE * size) @ np.array([[cos, sin], [-sin, cos]]) + middle)
    return rings, np.arange(count + 1) * 4, rng.uniform(3, 30, count)


def rays_of(camera, size, terrain):
    pixels = np.stack(np.meshgrid(np.arange(size[0]), np.arange(size[1])), axis=-1)
    return camera.rays(pixels.reshape(-1, 2) + 0.5, size, terrain)


def encoded(linear):
    linear = np.clip(linear, 0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


@gpu
@pytest.mark.parametrize("view", ["oblique", "map"])
def test_random_boxes_are_a_ray_casters(view, each_device):
    """200 of them on a slope, in each other's shadow: depth, normal, colour and light of all but a few pixels on edges."""
    terrain, camera, size, layer, colours, truth = random_boxes(view)
    picture = compare.render(
        terrain, camera, size, ref.Style(cmap=WHITE, azimuth=250.0, altitude=40.0, ambient=0.3),
        aovs=NAMES, layers=[layer], background="none", device=each_device, shadows=True,
    )  # fmt: skip
    thing, t, normal, light, which, hidden = truth
    depth = picture.aovs["depth"].reshape(-1)
    known = np.isfinite(t)
    assert (np.isfinite(depth) == known).mean() > 0.999
    assert 0.2 < thing.mean() < 0.9
    off = np.abs(depth - t)[known]
    assert (off < 0.05).mean() > 0.997, np.sort(off)[-20:]
    off = np.abs(picture.aovs["normal"].reshape(-1, 3) - normal).max(axis=1)[known]
    assert (off < 2e-3).mean() > 0.996
    linear = ref.srgb_decode(colours)
    base = np.where(thing[:, None], linear[which], 1.0)
    expected = encoded(base * light[:, None])[known]
    got = picture.rgba.reshape(-1, 4)[known, :3].astype(float)
    wrong = np.abs(got - expected).max(axis=1) > 1.5
    assert wrong.mean() < 0.008, wrong.mean()
    assert (hidden & ~thing & known).mean() > 0.02


@functools.cache
def random_boxes(view):
    """What each device draws, and what is seen."""
    heights = np.add.outer(np.zeros(33), np.linspace(-20, 20, 33)).astype(np.float32)
    terrain = ref.Terrain(heights, (10.0, 10.0))
    camera = ref.orbit((0, 0, 0), 420, 200, 35) if view == "oblique" else ref.Map()
    size = (160, 120) if view == "oblique" else (132, 132)
    rings, offsets, rises = boxes(200, 7)
    colours = np.random.default_rng(1).uniform(0.2, 1, (200, 3))
    slope = lambda xy: xy[:, 0] / 8.0  # noqa: E731
    things = [
        twins.Prism((ring,), slope(ring).min(), slope(ring).min() + rise)
        for ring, rise in zip(rings, rises, strict=True)
    ]
    layer = vf.Polygons(np.concatenate(rings), offsets=offsets, height=rises, fill=colours)
    sun = ref.direction_to(250.0, 40.0)
    origin, direction = rays_of(camera, size, terrain)
    ground = ref.trace(terrain, origin, direction, camera.near, camera.far)
    seen = twins.seek(things, origin, direction, camera.near, ground.parameter)
    t = np.minimum(seen.t, ground.parameter)
    thing = seen.which >= 0
    normal = np.where(thing[:, None], seen.normal, np.array([-1 / 8, 0, 1]) / np.hypot(1, 1 / 8))
    known = np.isfinite(t)
    # Light: the ground under each ray is plain, so only things throw shadows; from a place a little off what is met.
    place = origin + np.where(known, t, 0)[:, None] * direction + 1e-4 * normal
    hidden = twins.seek(things, place, np.broadcast_to(sun, place.shape)).which >= 0
    cosine = np.maximum(normal @ sun, 0)
    light = 0.3 + 0.7 * np.where(hidden, 0, cosine)
    return terrain, camera, size, layer, colours, (thing, t, normal, light, seen.which, hidden)


@gpu
def test_a_boxs_shadow_is_as_long_as_geometry_says():
    """20 m high in a sun at 45 degrees from the west: 20 m to the east, to a pixel."""
    box = vf.Polygons(SQUARE * 5, height=20.0, fill="red")
    for samples in (1, 4):
        picture = vf.render(
            np.zeros((81, 81), np.float32), size=(320, 320), camera=vf.Camera.map((-40, -40, 40, 40)),
            cmap=WHITE, azimuth=270, altitude=45, ambient=0.0, samples=samples, layers=[box],
        )  # fmt: skip
        red, green = picture.rgba[..., 0].astype(int), picture.rgba[..., 1].astype(int)
        roof = (red > 100) & (green < 10)
        np.testing.assert_array_equal(np.argwhere(roof).min(axis=0), [140, 140])
        np.testing.assert_array_equal(np.argwhere(roof).max(axis=0), [179, 179])
        dark = np.argwhere(red < 10)
        assert abs(dark[:, 1].max() - 259) <= 1 and abs(dark[:, 1].min() - 180) <= 1
        assert abs(dark[:, 0].min() - 140) <= 1 and abs(dark[:, 0].max() - 179) <= 1
        assert abs(len(dark) - 40 * 80) < 100


@gpu
def test_feet_stand_at_the_lowest_ground_or_where_they_are_told(each_device):
    slope = np.add.outer(np.zeros(41), np.arange(41.0)).astype(np.float32)
    view = {
        "size": (41, 41),
        "camera": vf.Camera.map(),
        "aovs": ("elevation",),
        "device": each_device,
    }
    ring = SQUARE * 4 + (0, 0)
    for words, roof in (
        ({}, 16 + 10),
        ({"base": 30.0}, 40),
        ({"base": "foot", "height": "tall"}, 35),
    ):
        data = {
            "type": "Feature",
            "properties": {"tall": 7, "foot": 28},
            "geometry": {"type": "Polygon", "coordinates": [ring.tolist()]},
        }
        layer = vf.Polygons(data, **{"height": 10.0, "crs": "world"} | words)
        found = vf.render(slope, vert_exag=2.0, layers=[layer], **view).aovs["elevation"]
        assert found[20, 20] == pytest.approx(roof, abs=1e-3)
        assert found[20, 30] == pytest.approx(30, abs=1e-3)
        assert (np.abs(found[:, 14:26] - roof) < 1e-3).sum() in range(64, 82)


@gpu
def test_courtyards_crossing_rings_and_degenerate_ones():
    flat = np.zeros((41, 41), np.float32)
    rings = [SQUARE * 12, SQUARE * 5, SQUARE[::-1] * 2]
    data = {
        "type": "MultiPolygon",
        "coordinates": [[rings[0].tolist(), rings[1].tolist()], [rings[2].tolist()]],
    }
    bow = np.array([[-15.0, 14.0], [-5.0, 19.0], [-5.0, 14.0], [-15.0, 19.0]])
    point = np.array([[17.0, 17.0], [17.0, 17.0], [17.0, 17.0]])
    layers = [
        vf.Polygons(data, height=8, crs="world"),
        vf.Polygons(bow, height=8),
        vf.Polygons(point, height=8),
    ]
    view = {"size": (164, 164), "camera": vf.Camera.map(), "aovs": ("elevation",)}
    high = vf.render(flat, layers=layers, **view).aovs["elevation"] == 8
    middle = (np.arange(164) + 0.5) / 4 - 20.5
    x, y = np.meshgrid(middle, -middle)
    largest = np.maximum(abs(x), abs(y))
    inside = (largest < 2) | ((largest > 5) & (largest < 12))
    inside |= (abs(x + 10) < 5) & (abs(y - 16.5) < 2.5 * abs(x + 10) / 5)
    off = high != inside
    assert off.mean() < 1e-3 and inside.mean() > 0.2
    assert off[largest < 13].sum() == 0


@gpu
def test_ridges_hide_things_and_things_hide_ridges(each_device):
    """Before, in and behind a ridge: what is seen is what is nearest, to the pixel."""
    y, x = np.mgrid[-24:25, -24:25]
    heights = (18 * np.exp(-((y / 6.0) ** 2)) + 2 * np.sin(x / 4.0)).astype(np.float32)
    terrain, camera, size = (
        ref.Terrain(heights, (5.0, 5.0)),
        ref.orbit((0, 0, 5), 260, 180, 22),
        (120, 80),
    )
    rings, offsets, rises = boxes(30, 3, 100.0)
    line = np.array([[-100.0, 60, 14], [-20, 55, 20], [30, -40, 12], [100, -60, 30]])
    balls = np.array([[-60.0, 70, 18], [0, 40, 25], [60, -70, 10]])
    layers = [
        vf.Polygons(np.concatenate(rings), offsets=offsets, height=rises, base=-1.0),
        vf.Lines(line, z="absolute", width=3.0),
        vf.Points(balls, z="absolute", size=16.0),
    ]
    things = [
        twins.Prism((ring,), -1.0, rise - 1.0) for ring, rise in zip(rings, rises, strict=True)
    ]
    things += [twins.Tube(a, b, 1.5) for a, b in pairwise(line)]
    things += [twins.Tube(ball, ball, 8.0) for ball in balls]
    picture = compare.render(terrain, camera, size, aovs=NAMES, layers=layers, device=each_device)
    origin, direction = rays_of(camera, size, terrain)
    ground = ref.trace(terrain, origin, direction, camera.near, camera.far)
    seen = twins.seek(things, origin, direction, 0.0, ground.parameter)
    t = np.minimum(seen.t, ground.parameter)
    depth = picture.aovs["depth"].reshape(-1)
    assert (np.isfinite(depth) == np.isfinite(t)).mean() > 0.999
    known = np.isfinite(t) & np.isfinite(depth)
    off = np.abs(depth - t)[known]
    assert (off < 0.05).mean() > 0.997, np.sort(off)[-20:]
    behind = twins.seek(things, origin, direction).t > ground.parameter
    assert (behind & np.isfinite(twins.seek(things, origin, direction).t)).sum() > 50
    thing = seen.which >= 0
    normals = picture.aovs["normal"].reshape(-1, 3)[thing & known]
    off = np.abs(normals - seen.normal[thing & known]).max(axis=1)
    assert (off < 0.02).mean() > 0.98
    place = (origin + np.where(known, t, 0)[:, None] * direction)[known]
    np.testing.assert_allclose(picture.aovs["ground"].reshape(-1, 2)[known], place[:, :2], atol=3)
    close = np.abs(picture.aovs["elevation"].reshape(-1)[known] - place[:, 2]) < 0.05
    assert close.mean() > 0.99
    # One picture gives one answer.
    for px, py in ((60, 40), (30, 50), (90, 45)):
        x, y = picture.aovs["ground"][py, px]
        np.testing.assert_allclose(
            picture.ground_at(px, py), (x, y, picture.aovs["elevation"][py, px]), atol=0.05
        )


@gpu
@pytest.mark.parametrize("detail", ["exact", "auto"])
def test_things_lie_in_the_terrains_shadow(detail):
    """East of a wall in the evening: the lower part of a tower is dark, up to where the wall's shadow ends."""
    side = 257 if detail == "auto" else 65
    cell = 256 / (side - 1)
    heights = np.zeros((side, side), np.float32)
    heights[:, side // 2 - side // 16] = 40.0
    tower = vf.Polygons(SQUARE * 6 + (30, 0), height=70.0, fill="white")
    camera = vf.Camera.look_at((-300, -420, 400), (20, 0, 25), fov=24)
    words = {
        "size": (320, 240), "camera": camera, "cmap": WHITE, "azimuth": 270, "altitude": 20, "ambient": 0.2,
        "spacing": (cell, cell), "detail": detail, "background": "none",
    }  # fmt: skip
    picture = vf.render(heights, layers=[tower], aovs=("normal", "elevation", "ground"), **words)
    normal, height = picture.aovs["normal"], picture.aovs["elevation"]
    west = (normal[..., 0] < -0.99) & (np.abs(picture.aovs["ground"][..., 0] - 24) < 0.01)
    assert west.sum() > 150
    # The wall's crest is one sample wide.
    crest = -(side // 16) * cell
    ends = 40.0 - np.tan(np.radians(20)) * (24 - crest)
    bright = picture.rgba[..., 0] > 180
    slack = 3.0
    assert bright[west & (height > ends + slack)].mean() > 0.99
    assert bright[west & (height < ends - slack)].mean() < 0.01
    assert (west & (height < ends - slack)).sum() > 50


@gpu
@pytest.mark.parametrize("sun_radius", [0.0, 3.0])
@pytest.mark.parametrize("detail", ["exact", "auto"])
def test_ground_without_sun_has_the_bytes_that_it_has_without_things(detail, sun_radius):
    """Where the terrain hides all of the sun, or faces away, there is nothing left for things to hide."""
    y, x = np.mgrid[0:300, 0:300]
    heights = (12 * np.sin(x / 15.0) * np.cos(y / 19.0)).astype(np.float32)
    rings, offsets, rises = boxes(150, 8)
    layer = vf.Polygons(np.concatenate(rings), offsets=offsets, height=rises, fill="orange")
    words = {
        "size": (320, 240), "camera": vf.Camera.orbit((0, 0, 0), 500, 30, 35), "cmap": WHITE, "aovs": ("depth",),
        "azimuth": 280, "altitude": 15, "samples": 1, "ambient": 0.3, "sun_radius": sun_radius, "detail": detail,
        "background": "none",
    }  # fmt: skip
    bare, built = vf.render(heights, **words), vf.render(heights, layers=[layer], **words)
    ground = bare.aovs["depth"] == built.aovs["depth"]
    dark = ground & (bare.rgba[..., 0] == round(encoded(0.3))) & (bare.rgba[..., 3] == 255)
    same = (bare.rgba == built.rgba).all(axis=-1)
    assert dark.sum() > 3000
    assert same[dark].all()
    assert (~same & ground).sum() > 1000


@gpu
def test_a_soft_sun_fades_things_shadows(each_device):
    """Behind a long wall light grows from none to all over the penumbra's width: height times the sun's disc."""
    wall = np.array([[-2.0, -60.0], [0.0, -60.0], [0.0, 60.0], [-2.0, 60.0]])
    words = {
        "size": (160, 16), "camera": vf.Camera.map((0, -4, 80, 4)), "cmap": WHITE, "azimuth": 270, "altitude": 45,
        "ambient": 0.0, "sun_radius": 4.0, "device": each_device,
    }  # fmt: skip
    picture = vf.render(
        np.zeros((161, 161), np.float32),
        samples=4,
        layers=[vf.Polygons(wall, height=30.0)],
        **words,
    )
    linear = ref.srgb_decode(picture.rgba[8, :, 0] / 255.0)
    ends = 30 / np.tan(np.radians([49, 41]))
    x = (np.arange(160) + 0.5) / 2
    assert linear[x < ends[0] - 0.5].max() < 0.01
    lit = np.sin(np.radians(45))
    np.testing.assert_allclose(linear[x > ends[1] + 0.5], lit, atol=0.02)
    assert abs(np.interp(0.5 * lit, linear, x) - 30) < 0.7
    steps = np.diff(linear)
    assert steps.min() > -0.02 and steps.max() < 0.12


@gpu
def test_a_line_of_pixels_is_as_wide_near_and_far():
    """6 px wide from the foreground to the horizon; 4 m wide it narrows."""
    flat = np.zeros((65, 65), np.float32)
    camera = vf.Camera.look_at((0, -200, 60), (0, 0, 10), fov=40)
    line = np.array([[0.0, -120.0], [0.0, 150.0]])
    words = {
        "size": (240, 200),
        "camera": camera,
        "cmap": WHITE,
        "lit": False,
        "spacing": (5.0, 5.0),
    }

    def widths(width):
        layer = vf.Lines(line, height=10.0, width=width, color="red")
        red = vf.render(flat, layers=[layer], samples=1, **words).rgba[..., 1] < 10
        found = red.sum(axis=1)
        return found[found > 0][4:-4]

    assert set(widths("6px")) <= {5, 6, 7} and len(widths("6px")) > 60
    assert widths(4.0).max() > 2.5 * widths(4.0).min()


@gpu
def test_labels_know_what_stands_before_them():
    flat = np.zeros((41, 41), np.float32)
    camera = vf.Camera.look_at((0, -80, 30), (0, 0, 5), fov=45)
    words = {"size": (200, 140), "camera": camera}
    places = np.array([[0.0, 10.0], [0.0, -12.0]])
    labels = vf.Labels(places, text=["behind", "before"])
    tower = vf.Polygons(SQUARE * 5, height=30.0)
    both = [label["row"] for label in vf.render(flat, layers=[labels], **words).labels]
    one = [label["row"] for label in vf.render(flat, layers=[labels, tower], **words).labels]
    assert sorted(both) == [0, 1] and one == [1]


@gpu
def test_water_air_and_layers_go_on_beside_things():
    """A tower in the sea under haze, beside a layer on the ground: above the water it is the tower's colour."""
    heights = np.full((41, 41), -10.0, np.float32)
    tower = vf.Polygons(SQUARE * 6, height=40.0, fill="red")
    area = vf.Polygons(SQUARE * 15, fill="lime")
    camera = vf.Camera.look_at((0, -90, 40), (0, 0, 5), fov=45)
    words = {"size": (120, 90), "camera": camera, "lit": False, "cmap": WHITE}
    plain = vf.render(heights, layers=[area, tower], aovs=("elevation",), **words)
    seen = plain.aovs["elevation"]
    wet = vf.render(heights, layers=[area, tower], water=0.0, **words).rgba
    red = (plain.rgba[..., :3] == (255, 0, 0)).all(axis=-1)
    assert red.sum() > 200
    dry = red & (seen > 1.0)
    np.testing.assert_array_equal(wet[dry], plain.rgba[dry])
    under = red & (seen < -1.0)
    assert dry.sum() > 100 and under.sum() > 20
    assert (wet[under][:, 0] < 200).all()
    assert (plain.rgba[..., :3] == (0, 255, 0)).all(axis=-1).sum() > 200
    hazy = vf.render(heights, layers=[area, tower], haze=vf.Haze(visibility=200), **words).rgba
    assert (hazy[red] != plain.rgba[red]).any(axis=-1).all()


@gpu
@pytest.mark.parametrize("samples", [1, 4])
def test_shadows_lie_on_the_water_and_not_on_its_bed(samples, each_device):
    """A tower of 20 m over a sea that is 10 m deep, the sun at 45 degrees: 20 m of shade on the water, not 30."""
    tower = vf.Polygons(SQUARE * 5, height=30.0, fill="red")
    words = {
        "size": (160, 160), "camera": vf.Camera.map((-40, -40, 40, 40)), "cmap": WHITE, "azimuth": 270, "altitude": 45,
        "ambient": 0.2, "samples": samples, "device": each_device,
    }  # fmt: skip
    sea = (
        vf.render(
            np.full((81, 81), -10.0, np.float32),
            layers=[tower],
            water=vf.Water(0.0, glint=0),
            **words,
        )
        .rgba[80]
        .astype(int)
    )
    x = (np.arange(160) + 0.5) / 2 - 40
    bright, dark = sea[x < -10, 2].mean(), sea[(x > 6) & (x < 24), 2].mean()
    assert dark < bright - 20
    shade = x[(sea[:, 2] < (bright + dark) / 2) & (x > 5)]
    assert abs(shade.max() - 25) < 0.8, shade.max()


@gpu
def test_far_and_near_ground_and_many_samples_agree():
    """Things before cells smaller than a pixel: as exact ground has them, but at edges."""
    y, x = np.mgrid[0:600, 0:600]
    heights = (8 * np.sin(x / 50.0) * np.cos(y / 60.0)).astype(np.float32)
    rings, offsets, rises = boxes(60, 5, 250.0)
    layer = vf.Polygons(np.concatenate(rings) * 2, offsets=offsets, height=3 * rises, fill="orange")
    words = {"size": (150, 100), "layers": [layer], "cmap": WHITE}
    exact = vf.render(heights, detail="exact", samples=4, **words).rgba.astype(int)
    auto = vf.render(heights, detail="auto", samples=4, **words).rgba.astype(int)
    assert (np.abs(exact - auto).max(axis=-1) > 30).mean() < 0.02
