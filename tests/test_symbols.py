"""Points in shapes of SVG, on the ground and over it, and billboards: against areas, sampled outlines and their own pixels."""

import numpy as np
import pytest
import reference as ref
import vulkan_forge as vf

pytestmark = pytest.mark.gpu

FLAT = np.zeros((41, 41), np.float32)
PLAIN = {
    "cmap": np.ones((2, 4)), "lit": False, "background": "none", "samples": 1, "size": (80, 80),
    "camera": vf.Camera.map((-20, -20, 20, 20)),
}  # fmt: skip
TRIANGLE = "M0 0 L4 0 L2 3 Z"
ARROW = "M0 2 H5 V0 L9 3 L5 6 V4 H0 Z"


def dark(layer, **words):
    """How much of each pixel a black layer on white ground hides, by linear light."""
    image = vf.render(FLAT, layers=[layer], **(PLAIN | words))
    return 1 - ref.srgb_decode(image.rgba[..., 0] / 255.0)


def covered(corners, size, middle, scale):
    """Shares of pixels inside a polygon, by 16 x 16 places each."""
    at = (np.arange(16) + 0.5) / 16
    y, x = np.meshgrid(
        *(np.add.outer(np.arange(side), at).ravel() for side in size[::-1]), indexing="ij"
    )
    ring = np.asarray(corners, float)
    ring = (ring - 0.5 * (ring.min(axis=0) + ring.max(axis=0))) * scale + middle
    odd = np.zeros(x.shape, bool)
    for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        spans = (a[1] <= y) != (b[1] <= y)
        odd ^= spans & (x < a[0] + (y - a[1]) / (b[1] - a[1] or 1) * (b[0] - a[0]))
    return odd.reshape(size[1], 16, size[0], 16).mean(axis=(1, 3))


ARROW_CORNERS = [(0, 2), (5, 2), (5, 0), (9, 3), (5, 6), (5, 4), (0, 4)]


@pytest.mark.parametrize("size", ["8px", "23px", "61px", 9.0, 26.0], ids=str)
def test_a_path_covers_its_area_on_the_ground(size, each_device):
    """In pixels, and in metres of which a pixel has half a one."""
    place = np.array([[0.3, -0.4]])
    pixels = float(size[:-2]) if isinstance(size, str) else 2 * size
    got = dark(
        vf.Points(place, shape=ARROW, size=size, color="black", crs="world"), device=each_device
    )
    wanted = covered(ARROW_CORNERS, (80, 80), (40 + 0.6, 40 + 0.8), pixels / 9)
    assert abs(got.sum() - wanted.sum()) < 0.01 * wanted.sum() + 0.2
    # An outline is known in 128ths of its length.
    assert np.abs(got - wanted).max() < 0.02 + pixels / 128


def test_a_symbol_larger_than_the_picture_is_even_inside(each_device):
    """Of sums of millions a pixel is worth less than one there."""
    for size in ("1024px", "4096px"):
        layer = vf.Points(
            [[0.0, 0.0]], shape="M0 0 H4 V4 H0 Z", size=size, color="black", crs="world"
        )
        assert dark(layer, device=each_device).min() > 0.99


def test_pixels_are_told_from_paths_of_files(tmp_path, monkeypatch):
    """Names that begin as path data do; arrays of no shape; nothing to be seen."""
    pixels = np.full((4, 4, 4), 255, np.uint8)
    vf.numpy_to_png(tmp_path / "m1.png", pixels)
    words = {"height": 0, "size": 9.0, "crs": "world"}
    monkeypatch.chdir(tmp_path)
    shown = [dark(vf.Points([[0.0, 0.0]], image=image, **words)) for image in ("m1.png", pixels)]
    assert np.array_equal(*shown)
    for image, said in [
        ([[1, 2], [3]], "got"),
        (np.zeros((3, 3, 4), np.uint8), "must show something"),
    ]:
        with pytest.raises(vf.InvalidInputError, match=said):
            vf.Points([[0.0, 0.0]], image=image, **words)


def test_documents_files_and_transforms_are_one(tmp_path):
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{}"><path d="{}" transform="{}"/></svg>'
    own = svg.format("0 0 4 4", "M0 0.5 L4 0.5 L2 3.5 Z", "")
    moved = svg.format("0 0 40 40", "M0 0 L4 0 L2 3 Z", "translate(0 5) scale(10)")
    (tmp_path / "own.svg").write_text(own)
    place = np.zeros((1, 2))
    first, *others = [
        dark(vf.Points(place, shape=shape, size="40px", color="black", crs="world"))
        for shape in (own, moved, tmp_path / "own.svg", str(tmp_path / "own.svg"), TRIANGLE)
    ]
    assert 500 < first.sum() < 650
    for other in others:
        np.testing.assert_allclose(first, other, atol=0.02)


def test_outlines_stand_over_the_ground_and_throw_their_shadow(each_device):
    """18 m long and 10 m over a plane, from the south and from above, in light from the south at 45 degrees."""
    camera = vf.Camera.look_at((0, -400, 10), (0, 0, 10), fov=6)
    layer = vf.Points(
        np.zeros((1, 2)), shape=ARROW, size=18.0, height=10, color="black", crs="world"
    )
    got = dark(layer, camera=camera, device=each_device, background="white")
    metres = 2 * 400 * np.tan(np.radians(3)) / 80
    wanted = covered(ARROW_CORNERS, (80, 80), (40, 40), 2 / metres)
    assert abs((got > 0.5).sum() - wanted.sum()) < 0.04 * wanted.sum() + 2
    assert np.abs((got > 0.5) - wanted).mean() < 0.02
    down = {
        "camera": vf.Camera.map((-20, -20, 20, 20)),
        "lit": True,
        "azimuth": 180,
        "altitude": 45,
    }
    shade = dark(layer, **down, ambient=0.0, device=each_device)
    # Seen from straight above it lies level, and so does its shadow, 10 m to the north.
    wanted = [covered(ARROW_CORNERS, (80, 80), (40, row), 4) for row in (40, 20)]
    assert np.abs((shade > 0.5) - np.maximum(*wanted)).mean() < 0.02


def test_billboards_have_their_own_colours_and_holes(each_device):
    pixels = np.zeros((32, 64, 4), np.uint8)
    pixels[:, :32] = (200, 40, 10, 255)
    pixels[:, 32:] = (20, 90, 230, 255)
    pixels[8:24, 24:40, 3] = 0
    layer = vf.Points(np.zeros((1, 2)), image=pixels, size="64px", height=5, crs="world")
    camera = vf.Camera.look_at((0, -400, 5), (0, 0, 5), fov=6)
    image = vf.render(FLAT, layers=[layer], **(PLAIN | {"camera": camera, "device": each_device}))
    got = image.rgba[24:56, 8:72]
    opaque = pixels[..., 3] > 0
    off = np.abs(got.astype(int) - pixels).max(axis=-1)
    assert (off[opaque] <= 2).mean() > 0.97
    assert (got[~opaque][:, 3] == 0).mean() > 0.9
    assert (image.rgba[:20, :, 3] == 0).all()


def test_billboards_are_hidden_and_far_ones_are_means(tmp_path, each_device):
    ridge = np.zeros((41, 41), np.float32)
    ridge[24] = 30.0
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 255
    vf.numpy_to_png(tmp_path / "stripes.png", stripes)
    words = PLAIN | {
        "camera": vf.Camera.look_at((0, -400, 20), (0, 0, 12), fov=6),
        "device": each_device,
    }
    layer = vf.Points(
        np.array([[0.0, 10.0]]), image=tmp_path / "stripes.png", size=16.0, height=12, crs="world"
    )
    seen = vf.render(FLAT, layers=[layer], **words).rgba
    inside = seen[seen[..., 3] > 0]
    white = (seen == 255).all(axis=-1) | (seen[..., 3] == 0)
    # Half of the light, where a pixel has several stripes.
    assert np.abs(seen[~white][:, 0].astype(int) - 188).max() < 40
    assert len(inside) > 700
    behind = vf.render(ridge, layers=[layer], **words).rgba
    assert np.array_equal(behind, vf.render(ridge, **words).rgba)


@pytest.mark.parametrize("size", ["64px", "24px", 32.0], ids=str)
def test_an_image_lies_on_the_ground_in_its_own_colours(size, each_device):
    """In pixels, fewer of them than it has, and in metres, of which a pixel has half a one."""
    rng = np.random.default_rng(4)
    pixels = rng.integers(0, 256, (32, 64, 4), dtype=np.uint8)
    pixels[..., 3] = np.where(rng.random((32, 64)) < 0.3, pixels[..., 3], 255)
    layer = vf.Points(np.array([[0.3, -0.4]]), image=pixels, size=size, alpha=0.8, crs="world")
    got = vf.render(FLAT, layers=[layer], **(PLAIN | {"device": each_device})).rgba / 255.0
    wide = float(size[:-2]) if isinstance(size, str) else 2 * size
    wanted = laid(pixels, (80, 80), (40 + 0.6, 40 + 0.8), wide, 0.8)
    light = ref.srgb_decode(got)[..., :3]
    assert np.abs(light - wanted).max() < 0.02


def laid(pixels, size, middle, wide, alpha):
    """Light of an image over white, by 32 x 32 places in each pixel."""
    columns, rows = size
    texel = wide / pixels.shape[1]
    light = ref.srgb_decode(pixels[..., :3] / 255.0)
    own = alpha * pixels[..., 3:] / 255.0
    over = np.ones((1, 1, 3))
    at = (np.arange(32) + 0.5) / 32
    x = (np.add.outer(np.arange(columns), at).ravel() - middle[0]) / texel + pixels.shape[1] / 2
    y = (np.add.outer(np.arange(rows), at).ravel() - middle[1]) / texel + pixels.shape[0] / 2
    inside = ((x >= 0) & (x < pixels.shape[1]))[None] & ((y >= 0) & (y < pixels.shape[0]))[:, None]
    j, i = (
        np.clip(v.astype(int), 0, most - 1)
        for v, most in zip((x, y), pixels.shape[1::-1], strict=True)
    )
    share = np.where(inside[..., None], own[i[:, None], j[None]], 0)
    seen = share * light[i[:, None], j[None]] + (1 - share) * over
    return seen.reshape(rows, 32, columns, 32, 3).mean(axis=(1, 3))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"shape": "heart"}, r"shape must be one of 'disc'.*or SVG: path data.*got 'heart'"),
        ({"shape": "M0 0"}, "SVG must draw something"),
        ({"shape": "<svg"}, "SVG must be a document that can be read"),
        ({"shape": TRIANGLE, "edge": "red"}, "edge is of shapes that have a name"),
        ({"shape": 3}, "shape must be one of"),
        ({"image": "tree.png", "shape": "disc"}, "in place of a shape; got it beside shape='disc'"),
        ({"image": np.full((2, 2, 4), 255, np.uint8), "edge": "red"}, "edge is of shapes that have a name"),
        ({"image": np.zeros((2, 2)), "height": 1}, r"image must be bytes.*float64 of shape \(2, 2\)"),
        ({"image": "tree.gif", "height": 1}, "image must be the path of a .png or .svg file"),
    ],
)  # fmt: skip
def test_what_is_no_symbol_is_told(words, said):
    with pytest.raises(vf.InvalidInputError, match=said):
        vf.Points(np.zeros((1, 2)), **words)


def test_files_that_are_not_there_are_told(tmp_path):
    for words in ({"shape": tmp_path / "a.svg"}, {"image": str(tmp_path / "a.png"), "height": 1}):
        with pytest.raises(vf.ImageFileError, match=r"a\.(svg|png)"):
            vf.Points(np.zeros((1, 2)), **words)


def test_bytes_sent_are_those_of_the_symbol_too():
    """A symbol over the ground is sent as sums of (128 + 1) x (96 + 1) corners, 16 bytes each."""

    def sent(shape):
        place = vf.Points([[0.0, 0.0]], size=5.0, height=3.0, shape=shape)
        return vf.render(FLAT, layers=[place], **PLAIN).metrics["bytes_uploaded"]

    assert sent(TRIANGLE) - sent("disc") == 129 * 97 * 16
