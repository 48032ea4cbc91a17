"""Base, water, haze, contours and backgrounds as arguments: values, shorthands, refusals."""

from __future__ import annotations

import copy
import pickle

import dems
import numpy as np
import pytest
import vulkan_forge as vf

pytestmark = pytest.mark.gpu

MASK = np.zeros((12, 14), bool)
MASK[3:7, 4:9] = True
VALUES = [
    vf.Base(),
    vf.Base(depth=12.5, colour="#804020"),
    vf.Contours(),
    vf.Contours(2.5, 4, 1.5, (0.1, 0.2, 0.3, 0.4), -7),
    vf.Haze(),
    vf.Haze(visibility=5e4, height=300, colour=(0.5, 0.6, 0.7)),
    vf.Sky(),
    vf.Sky(zenith="black", horizon="#ffffff", below=(0.1, 0.1, 0.1)),
    vf.Water(level=3),
    vf.Water(mask=MASK, colour="#102030", clarity=4.0, glint=0),
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_values_compare_hash_copy_and_pickle(value):
    twins = [pickle.loads(pickle.dumps(value)), copy.copy(value), copy.deepcopy(value)]
    for twin in twins:
        assert twin == value and hash(twin) == hash(value) and repr(twin) == repr(value)
    others = [other for other in VALUES if other is not value]
    assert all(value != other for other in others)
    assert type(value).__name__ in repr(value)
    with pytest.raises(AttributeError):
        value.colour = "red"


def test_repr_makes_the_same_value():
    names = {name: getattr(vf, name) for name in ("Base", "Contours", "Haze", "Sky", "Water")}
    for value in VALUES[:-1]:
        assert eval(repr(value), names) == value


def test_fields_are_what_was_given():
    contours = vf.Contours(2.5, 4, 1.5, (0.1, 0.2, 0.3, 0.4), -7)
    assert (contours.interval, contours.index, contours.width, contours.base) == (2.5, 4, 1.5, -7)
    assert np.allclose(contours.colour, (0.1, 0.2, 0.3, 0.4))
    haze = vf.Haze(5e4, 300, (0.5, 0.6, 0.7))
    assert (haze.visibility, haze.height) == (5e4, 300) and np.allclose(
        haze.colour, (0.5, 0.6, 0.7)
    )
    water = vf.Water(mask=MASK)
    assert water.level is None and water.mask.dtype == bool and np.array_equal(water.mask, MASK)
    water.mask[:] = True
    assert np.array_equal(water.mask, MASK), "the mask is a copy"
    assert water != vf.Water(mask=~MASK), "masks are compared by their samples"
    assert vf.Base(depth=3).depth == 3 and vf.Base().depth is None


HUGE = 10**400
BAD_NUMBERS = [0, -1, np.nan, np.inf, HUGE, "1", True, [1]]
REFUSED = [
    *[(vf.Base, {"depth": bad}, "depth must be") for bad in BAD_NUMBERS],
    *[(vf.Haze, {"visibility": bad}, "visibility must be") for bad in BAD_NUMBERS],
    *[(vf.Haze, {"height": bad}, "height must be") for bad in BAD_NUMBERS],
    *[(vf.Contours, {"interval": bad}, "interval must be") for bad in BAD_NUMBERS],
    *[(vf.Contours, {"width": bad}, "width must be") for bad in [*BAD_NUMBERS, 101]],
    *[(vf.Contours, {"index": bad}, "index must be") for bad in [-1, 1001, 2.0, True, HUGE]],
    *[(vf.Contours, {"base": bad}, "base must be") for bad in [np.nan, np.inf, HUGE, 1e39, "0"]],
    *[(vf.Water, {"level": bad}, "level must be") for bad in [np.nan, np.inf, HUGE, 1e39, True]],
    *[(vf.Water, {"level": 1, "clarity": bad}, "clarity must be") for bad in BAD_NUMBERS],
    *[(vf.Water, {"level": 1, "glint": bad}, "glint must be") for bad in [-1, np.nan, np.inf]],
    (vf.Water, {}, "got neither"),
    (vf.Water, {"level": 1, "mask": MASK}, "got both"),
    *[
        (vf.Water, {"mask": bad}, "water mask must be")
        for bad in [MASK[0], MASK.astype(int), np.ma.masked_array(MASK, MASK), "mask", 3]
    ],
    *[
        (kind, {**more, name: bad}, name)
        for kind, more, names in [
            (vf.Base, {}, ["colour"]),
            (vf.Haze, {}, ["colour"]),
            (vf.Water, {"level": 1}, ["colour"]),
            (vf.Sky, {}, ["zenith", "horizon", "below"]),
        ]
        for name in names
        for bad in [(0, 0, 2), (0, 0), "nothing", "#12", (0, 0, 0, 0.5), np.nan, (0, 0, np.nan), 7]
    ],
    *[(vf.Contours, {"colour": bad}, "colour") for bad in [(0, 0, 2), (0, 0), "nothing", (1,) * 5]],
]


@pytest.mark.parametrize(("kind", "arguments", "text"), REFUSED)
def test_bad_fields_are_refused(kind, arguments, text):
    with pytest.raises(vf.InvalidInputError, match=text) as caught:
        kind(**arguments)
    assert "got" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        *[("base", bad) for bad in [1, "yes", 0.5, vf.Haze()]],
        *[
            ("water", bad)
            for bad in [True, np.nan, np.inf, "sea", HUGE, np.zeros((3, 3), bool), vf.Sky()]
        ],
        *[("haze", bad) for bad in [0, -1, np.nan, np.inf, "fog", HUGE, vf.Base()]],
        *[
            ("contours", bad)
            for bad in [0, -1, np.nan, np.inf, "lines", HUGE, 1e-12, [5], vf.Sky()]
        ],
        *[("background", bad) for bad in ["Sky", "nothing", (1, 1), vf.Haze(), 3, (0, 0, np.nan)]],
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value,
)
def test_bad_arguments_are_refused_and_named(name, bad, renderer):
    dem = dems.ridge(12, 14)
    with pytest.raises(vf.InvalidInputError) as caught:
        vf.render(dem, size=(8, 8), **{name: bad})
    assert "must" in str(caught.value) and "got" in str(caught.value)
    # A session refuses too, at once or when it draws, and stays usable.
    renderer.add_terrain(dem)
    with pytest.raises(vf.InvalidInputError):
        _set_and_draw(renderer, name, bad)
    for setting in ("base", "water", "haze", "contours"):
        getattr(renderer, f"set_{setting}")(None)
    renderer.render()


def _set_and_draw(renderer, name, value):
    getattr(renderer, f"set_{name}")(value)
    renderer.render()


def test_shorthands_are_the_values_they_stand_for(each_device):
    dem = dems.ridge(12, 14)

    def drawn(**more):
        return np.asarray(
            vf.render(dem, size=(48, 32), spacing=(30, 30), device=each_device, **more)
        )

    plain = drawn()
    for name, short, full in [
        ("base", True, vf.Base()),
        ("water", 60, vf.Water(60)),
        ("water", MASK, vf.Water(mask=MASK)),
        ("haze", True, vf.Haze()),
        ("haze", 2000, vf.Haze(2000)),
        ("contours", True, vf.Contours()),
        ("contours", 40.0, vf.Contours(40)),
        ("background", "sky", vf.Sky()),
        ("background", "transparent", (0, 0, 0, 0)),
        ("background", "#204060", (0x20 / 255, 0x40 / 255, 0x60 / 255)),
    ]:
        picture = drawn(**{name: short})
        assert np.array_equal(picture, drawn(**{name: full})), name
        assert not np.array_equal(picture, plain), name
    for name, off in [
        ("base", False),
        ("water", None),
        ("haze", None),
        ("haze", False),
        ("contours", None),
    ]:
        assert np.array_equal(drawn(**{name: off}), plain), name
    assert np.array_equal(drawn(background="white"), plain)


def test_a_session_draws_what_one_call_draws():
    dem = dems.ridge(12, 14)
    session = vf.Renderer(48, 32)
    session.add_terrain(dem, spacing=(30, 30), colormap="terrain")
    options = {
        "base": vf.Base(50),
        "water": MASK,
        "haze": 3000,
        "contours": 40,
        "background": "sky",
    }
    expected = vf.render(dem, size=(48, 32), spacing=(30, 30))
    assert np.array_equal(session.render_rgba(), expected)
    so_far = {}
    for name, value in options.items():
        getattr(session, f"set_{name}")(value)
        so_far[name] = value
        assert np.array_equal(
            session.render_rgba(), vf.render(dem, size=(48, 32), spacing=(30, 30), **so_far)
        )
    for name in options:
        getattr(session, f"set_{name}")((1, 1, 1, 1) if name == "background" else None)
    assert np.array_equal(session.render_rgba(), expected)
