"""Things that one sees through: their order, their light and shadows, against a brute-force caster and closed forms."""

import compare
import numpy as np
import pytest
import reference as ref
import space_twins as twins
import vulkan_forge as vf

pytestmark = pytest.mark.gpu
SQUARE = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
WHITE = np.ones((2, 4))
FLAT = np.zeros((41, 41), np.float32)
ABOVE = {"size": (41, 41), "camera": vf.Camera.map(), "cmap": WHITE, "lit": False}


def decoded(byte):
    return ref.srgb_decode(np.asarray(byte, float) / 255)


def encoded(linear):
    linear = np.clip(linear, 0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("samples", [1, 4])
def test_each_hides_as_much_as_its_alpha_says(samples, each_device):
    """Two roofs one over the other, whichever layer comes first; the lower one is seen through the upper."""
    low = vf.Polygons(SQUARE * 8, height=4.0, fill="#0000ff", alpha=0.5)
    high = vf.Polygons(SQUARE * 8 + (6, 0), height=9.0, base=5.0, fill="#ff0000", alpha=0.25)
    for layers in ([low, high], [high, low]):
        seen = vf.render(FLAT, layers=layers, samples=samples, device=each_device, **ABOVE).rgba
        for column, wanted in (
            (14, (0.5, 0.5, 1.0)),
            (24, (0.25 + 0.75 * 0.5, 0.75 * 0.5, 0.75)),
            (31, (1.0, 0.75, 0.75)),
            (2, (1.0, 1.0, 1.0)),
        ):
            assert np.abs(seen[20, column, :3] - encoded(np.array(wanted))).max() <= 1.01, column
    glass = vf.Points(np.zeros((1, 2)), height=30.0, size=10.0, color="lime", alpha=0.5)
    camera = vf.Camera.look_at((0, -60, 30), (0, 0, 30))
    view = {"size": (40, 40), "camera": camera, "lit": False, "background": "none"}
    seen = vf.render(FLAT, layers=[glass], samples=samples, device=each_device, **view).rgba
    assert np.abs(seen[20, 20].astype(int) - (0, 255, 0, 128)).max() <= 1


def test_a_thing_is_seen_once():
    """The walls of a box, the pieces and joints of a line, and what crosses itself, are one thing each."""
    bent = np.array([[-15.0, -10], [0, 10], [15, -10], [-15, 8]])
    line = vf.Lines(bent, height=5.0, width=4.0, color="black", alpha=0.5)
    seen = vf.render(FLAT, layers=[line], samples=1, **ABOVE).rgba[..., 0].astype(int)
    assert set(np.unique(seen)) <= {187, 188, 189, 255} and (seen < 200).sum() > 200
    camera = vf.Camera.look_at((20, -60, 25), (0, 0, 5), fov=40)
    view = ABOVE | {"size": (80, 60), "camera": camera, "samples": 1, "background": "white"}
    box = vf.Polygons(SQUARE * 6, height=10.0, fill="black", alpha=0.5)
    seen = vf.render(FLAT, layers=[box], **view).rgba[..., 0].astype(int)
    assert set(np.unique(seen)) <= {187, 188, 189, 255} and (seen < 200).sum() > 200


COUNT, BALLS, SIZE = 24, 8, (80, 60)
SUN = ref.direction_to(250.0, 40.0)


@pytest.fixture(scope="module")
def crowd():
    """Terrain, camera, layers, and the colour that a caster finds for each ray; NaN where no ground is."""
    rng = np.random.default_rng(4)
    heights = np.add.outer(np.zeros(33), np.linspace(-20, 20, 33)).astype(np.float32)
    terrain, camera = ref.Terrain(heights, (10.0, 10.0)), ref.orbit((0, 0, 5), 380, 200, 35)
    rings = [SQUARE * rng.uniform(8, 30, 2) + rng.uniform(-110, 110, 2) for _ in range(COUNT)]
    rises = rng.uniform(8, 45, COUNT)
    balls = np.column_stack([rng.uniform(-100, 100, (BALLS, 2)), rng.uniform(20, 60, BALLS)])
    colours = rng.uniform(0.2, 1, (COUNT + BALLS, 4))
    colours[::5, 3] = 1.0
    layers = [
        vf.Polygons(
            np.concatenate(rings),
            offsets=np.arange(COUNT + 1) * 4,
            height=rises,
            fill=colours[:COUNT],
        ),
        vf.Points(balls, z="absolute", size=20.0, color=colours[COUNT:]),
    ]
    things = [
        twins.Prism((ring,), ring[:, 0].min() / 8, ring[:, 0].min() / 8 + rise)
        for ring, rise in zip(rings, rises, strict=True)
    ]
    things += [twins.Tube(ball, ball, 10.0) for ball in balls]
    pixels = np.stack(np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1])), axis=-1)
    origin, direction = camera.rays(pixels.reshape(-1, 2) + 0.5, SIZE, terrain)
    ground = ref.trace(terrain, origin, direction, camera.near, camera.far)

    def lit(t, normal):
        there = np.isfinite(t)
        place = (origin + np.where(there, t, 0)[:, None] * direction + 1e-4 * normal)[there]
        left = np.ones(len(place))
        for thing, alpha in zip(things, colours[:, 3], strict=True):
            hidden = twins.seek([thing], place, np.broadcast_to(SUN, place.shape)).which >= 0
            left *= np.where(hidden, 1 - alpha, 1)
        light = np.zeros(len(t))
        light[there] = 0.3 + 0.7 * left * np.maximum(normal[there] @ SUN, 0)
        return light

    met, shades = [], []
    for thing, colour in zip(things, colours, strict=True):
        seen = twins.seek([thing], origin, direction, camera.near, ground.parameter)
        met.append(np.where(seen.which < 0, np.inf, seen.t))
        shades.append(lit(met[-1], seen.normal)[:, None] * decoded(255 * colour[:3]))
    met, shades = np.array(met), np.array(shades)
    slope = np.broadcast_to(np.array([-1 / 8, 0, 1]) / np.hypot(1, 1 / 8), direction.shape)
    total = np.repeat(lit(ground.parameter, slope)[:, None], 3, axis=1)
    rays = np.arange(len(total))
    for row in np.argsort(met, axis=0)[::-1]:  # the farthest first
        alpha = np.where(np.isfinite(met[row, rays]), colours[row, 3], 0)[:, None]
        total = total * (1 - alpha) + alpha * shades[row, rays]
    assert (np.isfinite(met).sum(axis=0) > 2).mean() > 0.05
    total[~np.isfinite(ground.parameter)] = np.nan
    return terrain, camera, layers, encoded(total)


@pytest.mark.parametrize("samples", [1, 4])
def test_random_ones_are_a_ray_casters(samples, crowd, each_device):
    """Boxes and balls of any alpha, opaque ones among them, each in the shadows of all others."""
    terrain, camera, layers, wanted = crowd
    picture = compare.render(
        terrain, camera, SIZE, ref.Style(cmap=WHITE, azimuth=250.0, altitude=40.0, ambient=0.3),
        layers=layers, background="none", device=each_device, shadows=True, samples=samples,
    )  # fmt: skip
    known = np.isfinite(wanted[:, 0])
    off = np.abs(picture.rgba.reshape(-1, 4)[known, :3] - wanted[known]).max(axis=1)
    if samples == 1:
        assert (off > 2.0).mean() < 0.02, (off > 2.0).mean()
    else:  # a pixel's mean is near its middle's, but at edges
        assert (off > 6.0).mean() < 0.3 and np.median(off) < 2


def test_numbers_and_labels_are_those_of_what_is_behind():
    camera = vf.Camera.look_at((0, -80, 30), (0, 0, 5), fov=45)
    words = {"size": (100, 70), "camera": camera, "aovs": ("depth", "normal")}
    label = vf.Labels(np.array([[0.0, 10.0]]), text=["behind"])
    glass = vf.Polygons(SQUARE * 5, height=30.0, alpha=0.4)
    bare, seen = (vf.render(FLAT, layers=layers, **words) for layers in ([label], [label, glass]))
    assert len(seen.labels) == 1 and (bare.rgba != seen.rgba).any()
    for name in words["aovs"]:
        np.testing.assert_array_equal(bare.aovs[name], seen.aovs[name])


def test_layers_water_and_haze_lie_behind_and_before():
    """Beneath a glass roof there is the area that lies there; haze before it is that of its own distance."""
    area = vf.Polygons(SQUARE * 15, fill="lime")
    glass = vf.Polygons(SQUARE * 8, height=6.0, fill="blue", alpha=0.5)
    for samples in (1, 4):
        seen = vf.render(FLAT, layers=[area, glass], samples=samples, **ABOVE).rgba[20, 20, :3]
        assert np.abs(seen.astype(int) - (0, 188, 188)).max() <= 1
    camera = vf.Camera.look_at((0, -90, 40), (0, 0, 5), fov=45)
    view = ABOVE | {
        "size": (60, 45),
        "camera": camera,
        "samples": 1,
        "haze": vf.Haze(visibility=300),
    }
    clear, solid = (
        vf.render(FLAT, layers=layers, **view).rgba[..., :3]
        for layers in ([], [vf.Polygons(SQUARE * 8, height=6.0, fill="blue")])
    )
    half = vf.render(FLAT, layers=[glass], **view).rgba[..., :3]
    wanted = encoded(0.5 * decoded(clear) + 0.5 * decoded(solid))
    assert np.abs(half - wanted).max() < 1.6 and (solid != clear).any(axis=-1).sum() > 50


@pytest.mark.parametrize("samples", [1, 2])
def test_any_number_behind_each_other_count(samples, each_device):
    """30 panes of two colours from above: the closed form, the same bytes each time; and 20 on one level."""
    colours = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])[np.arange(30) % 2]
    alphas = np.linspace(0.04, 0.12, 30)
    panes = [
        vf.Polygons(SQUARE * 9, height=0.5, base=2.0 * k, fill=(*colours[k], alphas[k]))
        for k in range(30)
    ]
    wanted = np.ones(3)
    for colour, alpha in zip(colours, alphas, strict=True):  # the lowest first
        wanted = (1 - alpha) * wanted + alpha * colour
    view = ABOVE | {"samples": samples, "device": each_device}
    seen = [vf.render(FLAT, layers=panes[::-1], **view).rgba for _ in range(2)]
    np.testing.assert_array_equal(*seen)
    off = np.abs(seen[0][12:29, 12:29, :3] - encoded(wanted))
    assert off.max() <= 1.6, off.max()
    level = [vf.Polygons(SQUARE * 9, height=4.0, fill="black", alpha=0.1) for _ in range(20)]
    seen = vf.render(FLAT, layers=level, **view).rgba
    assert abs(int(seen[20, 20, 0]) - encoded(0.9**20)) <= 1.01


def test_a_box_seen_through_a_dozen_others_is_seen_once(each_device):
    """Boxes in boxes: a ray leaves the outermost after it has come through all, and through others beside them."""
    nested = [
        vf.Polygons(SQUARE * (18 - k), height=16.0 - k, fill="black", alpha=0.06) for k in range(14)
    ]
    camera = vf.Camera.look_at((0.3, -70, 20), (0, 0, 4), fov=40)
    view = {"size": (40, 30), "camera": camera, "cmap": WHITE, "lit": False, "samples": 1}
    seen = vf.render(FLAT, layers=nested, device=each_device, background="white", **view).rgba
    grey = seen[..., 0].astype(int)
    levels = encoded(0.94 ** np.arange(15))
    assert np.abs(grey[..., None] - levels).min(axis=-1).max() <= 1.01
    assert np.abs(grey - levels[14]).min() <= 1.01


def test_light_comes_through_any_number():
    """Beneath 30 panes the ground has what all of them leave of the sun, and beside them all of it."""
    panes = [vf.Polygons(SQUARE * 6, height=0.2, base=8.0 + k / 4, alpha=0.05) for k in range(30)]
    view = ABOVE | {"lit": True, "azimuth": 270, "altitude": 45, "ambient": 0.0}
    for words, most in (({"samples": 1}, 0.004), ({"samples": 1, "sun_radius": 1.0}, 0.01)):
        seen = vf.render(FLAT, layers=panes, **view, **words).rgba
        light = decoded(seen[20, :, 0]) / np.sin(np.radians(45))
        assert abs(light[20 + 14] - 0.95**30) < most and abs(light[2] - 1) < 0.01, light


def test_few_that_one_sees_through_cost_no_bytes():
    tower = vf.Polygons(SQUARE * 5, height=9.0, fill="red")
    lone = vf.render(FLAT, layers=[tower], size=(60, 40)).rgba
    pane = vf.Polygons(SQUARE + 1e5, height=2.0, alpha=0.3)
    np.testing.assert_array_equal(vf.render(FLAT, layers=[tower, pane], size=(60, 40)).rgba, lone)


@pytest.mark.parametrize("samples", [1, 4])
def test_a_wide_sun_softens_their_shadows_as_those_of_others(samples, each_device):
    """What half of the light goes through leaves half as much shadow, in penumbras too."""
    view = ABOVE | {"lit": True, "azimuth": 250, "altitude": 40, "ambient": 0.1, "samples": samples}
    view |= {"sun_radius": 4.0, "device": each_device, "size": (82, 82)}

    def light(*layers):
        return decoded(vf.render(FLAT, layers=list(layers), **view).rgba[..., 0])

    box = {"height": 6.0, "base": 6.0, "fill": "white"}
    bare, opaque = light(), light(vf.Polygons(SQUARE * 3, **box))
    through = light(vf.Polygons(SQUARE * 3, alpha=0.5, **box))
    shade = np.ones(bare.shape, bool)
    shade[30:52, 30:52] = False  # the box itself
    lost = (bare - opaque)[shade]
    penumbra = (lost > 0.05 * bare.max()) & (lost < 0.8 * bare.max())
    assert penumbra.sum() > 80
    assert np.abs((bare - through)[shade] - 0.5 * lost).max() < 0.02
