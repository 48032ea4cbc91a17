"""Folders of frames: they go on with their own film, and with no other."""

import os

import children
import numpy as np
import pytest
import vulkan_forge as vf
from films import DEM, GROWING, SIZE, WORDS, drawn, orbit

pytestmark = pytest.mark.gpu


def test_a_folder_goes_on_where_it_was_left(tmp_path):
    frames = drawn(tmp_path, orbit())
    names = sorted(os.listdir(tmp_path))
    (tmp_path / names[2]).unlink()
    stamps = {name: (tmp_path / name).stat().st_mtime_ns for name in os.listdir(tmp_path)}
    again = drawn(tmp_path, orbit())
    np.testing.assert_array_equal(frames, again)
    assert sorted(os.listdir(tmp_path)) == names
    for name, stamp in stamps.items():
        assert (tmp_path / name).stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    "other",
    [
        {"dem": DEM + np.float32(1)},
        {"cmap": "magma"},
        {"azimuth": lambda t: 90 + t},
        {"layers": [vf.Lines(GROWING)]},
        {"path": vf.Path.orbit(DEM, duration=0.4, spacing=(30.0, 30.0), altitude=40)},
        {"size": (32, 24)},
        {"shutter": 0.5},
        {"contours": vf.Contours(20)},
        {"drape": np.zeros((3, 3, 3), np.uint8)},
    ],
    ids=lambda words: next(iter(words)),
)
def test_a_folder_of_another_scene_is_refused(other, tmp_path):
    drawn(tmp_path, orbit())
    before = sorted(os.listdir(tmp_path))
    call = {"dem": DEM, "path": orbit(), "size": SIZE, "fps": 10} | WORDS | other
    with pytest.raises(vf.InvalidInputError, match="must hold frames of this scene"):
        vf.animate(call.pop("dem"), call.pop("path"), tmp_path, **call)
    assert sorted(os.listdir(tmp_path)) == before


def test_what_others_made_is_told_apart(tmp_path):
    shapely = pytest.importorskip("shapely")
    geopandas = pytest.importorskip("geopandas")
    from matplotlib.colors import BoundaryNorm, SymLogNorm
    from vulkan_forge._film._scene import Scene, fingerprint

    def of(**words):
        return fingerprint(Scene(DEM, {"samples": 1} | words, (30.0, 30.0)), SIZE, [])

    short, long = (shapely.LineString([(0, 0), end]) for end in ((1, 1), (5, 9)))
    path = tmp_path / "a.geojson"

    def file(text):
        path.write_text(text)
        return vf.Points(path)

    point = '{"type": "Point", "coordinates": [1, %d]}'
    for one, other in [
        ({"layers": [vf.Lines(short)]}, {"layers": [vf.Lines(long)]}),
        *(
            ({"layers": [vf.Lines(frame(short, crs))]}, {"layers": [vf.Lines(frame(*changed))]})
            for frame in [lambda line, crs: geopandas.GeoSeries([line], crs=crs)]
            for crs in ["EPSG:32611"]
            for changed in [(long, crs), (short, "EPSG:32612")]
        ),
        ({"norm": SymLogNorm(1)}, {"norm": SymLogNorm(3)}),
        ({"norm": BoundaryNorm([0, 1, 9], 8)}, {"norm": BoundaryNorm([0, 5, 9], 8)}),
        ({"water": vf.Water(3)}, {"water": vf.Water(4)}),
    ]:
        assert of(**one) == of(**one) != of(**other), one
    before = of(layers=[file(point % 2)])
    assert before == of(layers=[vf.Points(path)]) != of(layers=[file(point % 33)])


def test_a_scene_is_the_same_in_every_process(tmp_path):
    code = f"""
        import dems
        import numpy as np
        import vulkan_forge as vf
        dem = dems.ridge(40, 50, noise=0.05)
        path = vf.Path.orbit(dem, duration=0.1)
        from matplotlib.colors import SymLogNorm
        import shapely
        layers = [vf.Lines(np.array([[0, 0], [9, 9.0]])), vf.Labels(np.zeros((1, 2)), text=["A"]),
                  vf.Lines(shapely.LineString([(0, 0), (5, 9)]))]
        vf.animate(dem, path, {str(tmp_path)!r}, size=(16, 12), fps=10, layers=layers, water=3,
                   time="2026-06-21T12:00", position=(46, 8), base=vf.Base(), norm=SymLogNorm(1))
        """
    for seed in ("1", "2"):
        children.succeed(code, env={"PYTHONHASHSEED": seed})
    assert len(os.listdir(tmp_path)) == 1
