"""A few pictures that someone has looked at. `pytest tests/test_looks.py --update-golden` makes them anew."""

import dems
import numpy as np
import pytest
import vulkan_forge as vf

pytestmark = pytest.mark.gpu
SIZE = (160, 100)


def test_jacksboro_fault(golden):
    dem, spacing = dems.jacksboro()
    camera = vf.Camera.fit(dem, spacing=spacing, vert_exag=2)
    golden(
        "jacksboro",
        vf.render(dem, size=SIZE, spacing=spacing, vert_exag=2, camera=camera, altitude=30),
    )


def test_jacksboro_map(golden):
    dem, spacing = dems.jacksboro()
    golden(
        "jacksboro_map", vf.render(dem, size=(134, 114), spacing=spacing, camera=vf.Camera.map())
    )


def test_holes_over_nothing(golden):
    dem = dems.with_holes(dems.ridge(30, 36, 3), 3, 0.03)
    golden(
        "holes",
        vf.render(
            dem, size=SIZE, spacing=(30, 30), cmap="magma", background=(0, 0, 0, 0), samples=8
        ),
    )


def test_shapes_and_their_shadows(golden):
    field = np.zeros((90, 180), np.float32)
    field[15:80, 10:75] = dems.cone(65, height=25)
    ball = dems.hemisphere(65, radius=24)
    field[15:80, 100:165] = ball
    camera = vf.Camera.orbit((0, 0, 5), 230, 160, 35)
    golden(
        "shapes",
        vf.render(
            field, size=SIZE, camera=camera, cmap=["#d0d0c0"], azimuth=250, altitude=25, samples=16
        ),
    )


def test_triangle(golden):
    golden("triangle", vf.render_triangle_rgba(*SIZE))


def test_the_comparison_itself_can_fail(golden, request, monkeypatch, tmp_path):
    """One pixel off by two, a wrong size and a missing file are each a failure."""
    import conftest

    if request.config.getoption("--update-golden"):
        pytest.skip("only meaningful when comparing")
    monkeypatch.setattr(conftest, "OUTPUT", tmp_path)
    picture = np.array(vf.render_triangle_rgba(*SIZE))
    near = picture.copy()
    near[50, 80, 0] += 1 if near[50, 80, 0] < 255 else -1
    golden("triangle", near)
    wrong = picture.copy()
    wrong[:40, :, 1] ^= 2
    with pytest.raises((pytest.fail.Exception, AssertionError)):
        golden("triangle", wrong)
    assert {path.name for path in tmp_path.iterdir()} == {
        "triangle.actual.png",
        "triangle.difference.png",
    }
    with pytest.raises((pytest.fail.Exception, AssertionError)):
        golden("triangle", picture[:-1])
    with pytest.raises(pytest.fail.Exception):
        golden("no such golden", picture)
