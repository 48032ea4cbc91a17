"""Cast shadows of map tiles, against those of ``relief`` and however the ground is cut."""

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge._tiles import _draw, _plan, _source

pytest.importorskip("morecantile")
pytestmark = pytest.mark.gpu

SIZE = 300
SUNS = [(300.0, 25.0), (135.0, 20.0), (45.0, 30.0), (180.0, 15.0), (271.0, 12.0), (10.0, 5.0)]


def ground_of(heights, folder):
    source = vf.DEM(heights, transform=(20, 0, 4e5, 0, -20, 3.8e6), crs="EPSG:32611")
    plan = _plan.plan_of(source, "WebMercatorQuad", None)
    zoom = plan.place.native
    return plan, _source.resampled(plan.dem, plan.matrix, plan.place, zoom, str(folder))


def light(plan, ground, azimuth, altitude, row, column, **words):
    """Red of a white map from (row, column) of the ground on."""
    look = {"cmap": ["#ffffff", "#ffffff"], "samples": 1, "azimuth": azimuth, "altitude": altitude}
    style = plan.style({**look, **words})
    place = ground.row + row, ground.column + column, SIZE, SIZE
    return _draw.picture(plan.matrix, ground, style, *place)[..., 0].astype(int)


@pytest.mark.parametrize(("azimuth", "altitude"), SUNS)
def test_shadows_are_those_of_relief(azimuth, altitude, tmp_path):
    plan, ground = ground_of(dems.rough(500, 520, relief=1500.0, noise=0.0), tmp_path)
    both = [light(plan, ground, azimuth, altitude, 120, 110, shadows=on) for on in (True, False)]
    ambient = both[1].min()
    facing = both[1] > ambient + 3
    hidden = both[0] < both[1]
    known = np.isfinite(ground.heights)
    middle = np.array([ground.row + 120 + SIZE / 2]), np.array([ground.column + 110 + SIZE / 2])
    spacing = tuple(plan.matrix.cells_on_ground(ground.level, *middle)[0])
    assert known[20:-20, 20:-20].all()
    style = plan.style({"samples": 1, "azimuth": azimuth, "altitude": altitude})
    truth = vf.relief.shadow_mask(
        ground.heights, spacing=spacing, azimuth=style.engine["azimuth"], altitude=altitude
    )[120 : 120 + SIZE, 110 : 110 + SIZE]
    assert 0.05 < truth.mean() < 0.95
    assert (hidden != (truth == 1))[facing].mean() < 0.002


@pytest.mark.parametrize(("azimuth", "altitude"), SUNS[:4])
@pytest.mark.parametrize("samples", [1, 4])
def test_shadows_do_not_know_how_the_ground_was_cut(azimuth, altitude, samples, tmp_path):
    heights = dems.with_holes(dems.rough(500, 520, relief=900.0), fraction=0.001)
    plan, ground = ground_of(heights, tmp_path)
    one = light(plan, ground, azimuth, altitude, 100, 90, samples=samples)
    other = light(plan, ground, azimuth, altitude, 163, 131, samples=samples)
    differs = np.abs(one[63:, 41:] - other[:-63, :-41]) > 1
    assert differs.sum() <= 2
