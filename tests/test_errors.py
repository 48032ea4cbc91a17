"""Bad input: the exception that the contract names, and what was expected, what was got, the cure."""

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from refusal import refused

DEM = dems.ridge(6, 7)
HUGE = [2**31, 2**32, 2**63, 2**64, 10**30]
NAN, INF = float("nan"), float("inf")
BadInput = vf.InvalidInputError


def test_hierarchy():
    for name, bases in {
        "VulkanForgeError": (RuntimeError,),
        "InvalidInputError": (vf.VulkanForgeError, ValueError),
        "NoDeviceError": (vf.VulkanForgeError,),
        "DeviceLostError": (vf.VulkanForgeError,),
        "OutOfMemoryError": (vf.VulkanForgeError, MemoryError),
        "ImageFileError": (vf.VulkanForgeError, OSError),
        "ForkedProcessError": (vf.VulkanForgeError,),
    }.items():
        error = getattr(vf, name)
        assert error.__bases__ == bases, name
        assert error.__module__ == "vulkan_forge" and error.__doc__
        assert str(error("words")) == "words" and isinstance(error("words"), RuntimeError)


# --- arrays -------------------------------------------------------------------------------------------

STRICT_DEMS = {
    "int": (DEM.astype(np.int32), "float32"),
    "float16": (DEM.astype(np.float16), "float32"),
    "bool": (DEM > 100, "float32"),
    "complex": (DEM.astype(np.complex64), "float32"),
    "object": (DEM.astype(object), "float32"),
    "big-endian": (DEM.astype(">f4"), "float32"),
    "text": (np.full((4, 4), "12"), "float32"),
    "1-D": (DEM[0].copy(), "(H, W)"),
    "3-D": (DEM[None].copy(), "(H, W)"),
    "0-D": (np.array(1.0, np.float32), "(H, W)"),
    "Fortran": (np.asfortranarray(DEM), "np.ascontiguousarray"),
    "strided": (DEM[::2, ::2], "np.ascontiguousarray"),
    "reversed": (DEM[::-1], "np.ascontiguousarray"),
    "misaligned": (np.zeros(101, np.uint8)[1:].view(np.float32).reshape(5, 5), "aligned; expected"),
    "masked": (np.ma.masked_greater(DEM, 0), ".filled(np.nan)"),
    "empty": (np.zeros((0, 5), np.float32), "2 x 2"),
    "one row": (DEM[:1].copy(), "2 x 2"),
    "one column": (DEM[:, :1].copy(), "2 x 2"),
    "infinite": (np.where(DEM[2, 3] == DEM, np.float32(INF), DEM), "row 2, column 3"),
    "minus infinite": (np.full((3, 3), -np.inf, np.float32), "9 infinite"),
    "too large": (np.full((3, 3), 1e300), "infinite"),
}
STRICT_CALLS = {
    "make_mesh": vf.make_mesh,
    "dem_stats": vf.dem_stats,
    "dem_normalize": vf.dem_normalize,
}


@pytest.mark.parametrize("name", STRICT_DEMS)
@pytest.mark.parametrize("call", STRICT_CALLS)
def test_helpers_refuse_what_is_no_dem(call, name):
    dem, word = STRICT_DEMS[name]
    refused(lambda: STRICT_CALLS[call](dem), word)


@pytest.mark.gpu
@pytest.mark.parametrize("name", STRICT_DEMS)
def test_add_terrain_refuses_what_is_no_dem(renderer, name):
    dem, word = STRICT_DEMS[name]
    refused(lambda: renderer.add_terrain(dem), word)


def test_the_contracts_own_example():
    message = refused(lambda: vf.dem_stats(np.asfortranarray(DEM)))
    assert message == (
        "heightmap must be C-contiguous; expected row-major (H, W), got Fortran order; "
        "pass np.ascontiguousarray(heightmap)"
    )


@pytest.mark.parametrize(
    "dem",
    [None, 3, "dem.tif", [[1, 2], [3, 4]], b"1234", object()],
    ids=["none", "number", "path", "list", "bytes", "object"],
)
@pytest.mark.parametrize("call", STRICT_CALLS)
def test_helpers_refuse_what_is_no_array(call, dem):
    with pytest.raises((TypeError, BadInput)):
        STRICT_CALLS[call](dem)


RENDER_DEMS = {
    "complex": (DEM.astype(complex), "real"),
    "object": (np.array([[object()] * 3] * 3), "real"),
    "text": (np.full((4, 4), "12"), "real"),
    "dates": (np.zeros((4, 4), "M8[s]"), "real"),
    "1-D": (DEM[0], "2-D"),
    "3-D": (DEM[None], "2-D"),
    "scalar": (3.0, "2-D"),
    "none": (None, ""),
    "ragged": ([[1, 2], [3]], ""),
    "empty": (np.zeros((0, 0)), "2 x 2"),
    "one row": (DEM[:1], "2 x 2"),
    "infinite": (np.where(DEM[2, 3] == DEM, np.float32(INF), DEM), "row 2, column 3"),
    "too large": (np.full((3, 3), -1e300), "infinite"),
}


@pytest.mark.gpu
@pytest.mark.parametrize("name", RENDER_DEMS)
def test_render_refuses_what_is_no_dem(name):
    dem, word = RENDER_DEMS[name]
    refused(lambda: vf.render(dem, size=(8, 8)), word)


# --- parameters of render -----------------------------------------------------------------------------

RENDER_PARAMETERS = [
    *[("size", value, "65535") for value in [(0, 5), (5, 0), (-1, 5), (5, -1), (0, 0)]],
    *[("size", (value, 5), "65535") for value in HUGE],
    *[("size", (5, value), "65535") for value in (2**31, 2**63, -(2**63), -(2**70))],
    *[("size", value, "size") for value in [(5,), (5, 5, 5), ()]],
    *[
        ("spacing", value, "spacing")
        for value in [(0, 1), (1, -1), (NAN, 1), (1, INF), (1e-320, 0)]
    ],
    *[("vert_exag", value, "") for value in (0, -1, NAN, INF, 1e300)],
    *[("vmin", value, "") for value in (NAN, INF, 1e300)],
    *[("vmax", value, "") for value in (NAN, -INF)],
    *[("azimuth", value, "azimuth") for value in (NAN, INF)],
    *[("altitude", value, "altitude") for value in (NAN, INF, 91, -91)],
    *[("ambient", value, "ambient") for value in (NAN, -0.01, 1.01, INF)],
    *[("exposure", value, "exposure") for value in (NAN, 0, -1, INF)],
    *[
        ("background", value, "background")
        for value in [(1, 1, 1, 1.1), (-0.1, 0, 0, 1), (NAN, 0, 0, 1)]
    ],
    *[("background", value, "background") for value in [(1, 1), (1,) * 5, "no colour", "#12345"]],
    *[("samples", value, "samples") for value in (0, 3, 5, 32, -1, *HUGE)],
    *[("aovs", value, "depth") for value in [("depths",), ("depth", "Normal"), ("",)]],
    ("cmap", "", "Unknown colormap"),
    ("cmap", [], "cmap"),
    ("cmap", np.zeros((4, 2)), "(N, 3)"),
    ("cmap", np.full((4, 3), 1.5), "0..1"),
    ("cmap", np.full((4, 3), NAN), "0..1"),
]


@pytest.mark.gpu
@pytest.mark.parametrize(
    ("name", "value", "word"), RENDER_PARAMETERS, ids=lambda value: str(value)[:24]
)
def test_render_refuses_bad_parameters(name, value, word):
    refused(lambda: vf.render(DEM, **{"size": (8, 8), name: value}), word)


@pytest.mark.gpu
@pytest.mark.parametrize(("vmin", "vmax"), [(1.0, 1.0), (2.0, 1.0), (1e9, None), (None, -1e9)])
def test_render_refuses_an_empty_colour_range(vmin, vmax):
    refused(lambda: vf.render(DEM, size=(8, 8), vmin=vmin, vmax=vmax), "min")


@pytest.mark.gpu
@pytest.mark.parametrize(
    ("given", "near"),
    [
        ("virdis", "viridis"),
        ("Magma", "magma"),
        ("terain", "terrain"),
        ("viridis_", "viridis"),
        ("zzzzzz", ""),
    ],
)
def test_unknown_colormap_names_near_matches(renderer, given, near):
    for call in (
        lambda: vf.render(DEM, size=(8, 8), cmap=given),
        lambda: renderer.add_terrain(DEM, colormap=given),
    ):
        message = refused(call, f"Unknown colormap '{given}'", near, "colormap_supported")
        assert message.startswith("Unknown colormap")


# --- parameters of the session ------------------------------------------------------------------------


@pytest.mark.gpu
@pytest.mark.parametrize("side", [0, -1, *HUGE, -(2**70)])
def test_renderer_sizes(side):
    refused(lambda: vf.Renderer(side, 8))
    refused(lambda: vf.Renderer(8, side))


@pytest.mark.gpu
def test_a_picture_beyond_the_limit_is_refused_before_it_is_tried():
    for size in [(65536, 8), (8, 2**20), (2**31 - 1, 2**31 - 1)]:
        with pytest.raises((BadInput, vf.OutOfMemoryError)):
            vf.render(DEM, size=size)
    assert np.asarray(vf.render(DEM, size=(8, 8))).shape == (8, 8, 4)


SESSION_CALLS = {
    "spacing 0": (lambda r: r.add_terrain(DEM, (0.0, 1.0)), "spacing"),
    "spacing nan": (lambda r: r.add_terrain(DEM, (1.0, NAN)), "spacing"),
    "exaggeration 0": (lambda r: r.add_terrain(DEM, (1.0, 1.0), 0.0), "exaggeration"),
    "exaggeration inf": (lambda r: r.add_terrain(DEM, (1.0, 1.0), INF), "exaggeration"),
    "range equal": (lambda r: r.set_height_range(1.0, 1.0), "min < max"),
    "range reversed": (lambda r: r.set_height_range(2.0, 1.0), "min < max"),
    "range nan": (lambda r: r.set_height_range(NAN, 1.0), "finite"),
    "range inf": (lambda r: r.set_height_range(0.0, INF), "finite"),
    "range too large for float32": (lambda r: r.set_height_range(0.0, 1e300), "finite"),
    "exposure 0": (lambda r: r.set_exposure(0.0), "exposure must be finite and > 0"),
    "exposure -1": (lambda r: r.set_exposure(-1.0), "exposure must be finite and > 0"),
    "exposure nan": (lambda r: r.set_exposure(NAN), "exposure must be finite and > 0"),
    "exposure inf": (lambda r: r.set_exposure(INF), "exposure must be finite and > 0"),
    "ambient": (lambda r: r.set_ambient(1.5), "ambient"),
    "ambient nan": (lambda r: r.set_ambient(NAN), "ambient"),
    "sun": (lambda r: r.set_sun(NAN, 0.0), "finite"),
    "sun azimuth": (lambda r: r.set_sun(10.0, INF), "finite"),
    "sun beyond the zenith": (lambda r: r.set_sun(100.0, 0.0), "90"),
    "samples 3": (lambda r: r.set_samples(3), "1, 2, 4, 8 or 16"),
    "samples huge": (lambda r: r.set_samples(2**63), "samples"),
    "samples negative": (lambda r: r.set_samples(-1), "samples"),
    "background": (lambda r: r.set_background((0, 0, 0, 2)), "background"),
    "background of 2": (lambda r: r.set_background((0, 0)), "background"),
    "orbit distance": (lambda r: r.set_camera_orbit((0, 0, 0), 0.0, 30.0, 0.0), "distance"),
    "orbit nan": (lambda r: r.set_camera_orbit((0, 0, NAN), 10.0, 30.0, 0.0), "finite"),
    "aovs": (lambda r: r.render(aovs=("bogus",)), "bogus"),
    "patch negative": (lambda r: r.debug_read_height_patch(-1, 0, 1, 1), ""),
    "patch huge": (lambda r: r.debug_read_height_patch(0, 0, 2**63, 1), ""),
    "patch outside": (lambda r: r.debug_read_height_patch(0, 0, 8, 1), ""),
    "mode": (lambda r: r.normalize_terrain("max"), '"minmax", "zscore"'),
    "normalize range": (lambda r: r.normalize_terrain("minmax", range=(1.0, NAN)), "range"),
    "normalize eps": (lambda r: r.normalize_terrain("zscore", eps=-1.0), "eps"),
}


@pytest.mark.gpu
@pytest.mark.parametrize("name", SESSION_CALLS)
def test_session_refuses_and_stays_usable(name):
    call, word = SESSION_CALLS[name]
    renderer = vf.Renderer(16, 12)
    renderer.add_terrain(DEM)
    renderer.set_camera(vf.Camera.fit(DEM))
    before = renderer.render_rgba()
    refused(lambda: call(renderer), word)
    np.testing.assert_array_equal(before, renderer.render_rgba())


@pytest.mark.gpu
@pytest.mark.parametrize(
    "call",
    [
        lambda r: r.render(),
        lambda r: r.render_rgba(),
        lambda r: r.render_png("never.png"),
        lambda r: r.upload_height_r32f(),
        lambda r: r.terrain_stats(),
        lambda r: r.normalize_terrain("minmax"),
    ],
)
def test_no_terrain(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=r"^no terrain uploaded; call add_terrain\(\) first"):
        call(vf.Renderer(8, 8))
    assert not list(tmp_path.iterdir())


@pytest.mark.gpu
def test_ground_at_outside_the_picture():
    image = vf.render(DEM, size=(8, 6))
    for px, py in [(8, 0), (0, 6), (-1, 0), (2**31, 0), (0, 2**63)]:
        refused(lambda px=px, py=py: image.ground_at(px, py))


@pytest.mark.gpu
def test_a_flag_is_no_number_and_neither_is_a_duration(renderer):
    for call in (
        lambda: vf.Renderer(True, 8),
        lambda: renderer.set_samples(True),
        lambda: vf.render(DEM, size=(True, 3)),
        lambda: vf.Contours(index=True),
        lambda: vf.relief.sky_view_factor(DEM, radius=3, directions=np.True_),
    ):
        refused(call, "pass an int")
    for odd in (True, np.timedelta64(30, "s"), np.array(30, "m8[s]"), np.array("30"), "30"):
        refused(lambda odd=odd: vf.render(DEM, size=(8, 8), altitude=odd), "pass a float")
        refused(lambda odd=odd: renderer.set_sun(30, odd), "pass a float")
