"""What goes to other processes and comes back: pictures and layers, pickled and copied."""

import copy
import pickle

import dems
import numpy as np
import pytest
import vulkan_forge as vf

pytest.importorskip("rasterio")
pytestmark = pytest.mark.gpu

WAYS = [lambda value: pickle.loads(pickle.dumps(value)), copy.copy, copy.deepcopy]
DEM = vf.DEM(dems.ridge(24, 30), transform=(30, 0, 4e5, 0, -30, 5e6), crs="EPSG:32633")
XY = np.array([[400_100, 4_999_900], [400_600, 4_999_500], [400_800, 4_999_800.0]])
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="5" fill="teal"/></svg>'


@pytest.mark.parametrize("way", WAYS, ids=["pickle", "copy", "deepcopy"])
def test_a_picture_knows_all_that_it_knew(way):
    texts = vf.Labels(XY, text=["a", "b", "c"], crs="dem")
    for camera in (vf.Camera.map(), vf.Camera.fit(DEM)):
        made = vf.render(DEM, camera=camera, size=(40, 32), aovs=["depth"], layers=[texts])
        found = way(made)
        assert type(found) is vf.Image and found.size == made.size
        np.testing.assert_array_equal(found, made)
        np.testing.assert_array_equal(found.aovs["depth"], made.aovs["depth"])
        assert found.labels == made.labels and len(made.labels) > 0
        assert found.metrics == made.metrics
        assert (found.bounds, found.crs) == (made.bounds, made.crs)
        assert found.ground_at(20, 16) == made.ground_at(20, 16) is not None
        assert found._repr_png_() == made._repr_png_()


@pytest.mark.parametrize("way", WAYS, ids=["pickle", "copy", "deepcopy"])
def test_a_device_is_told_of_elsewhere(way):
    for device, report in zip(vf.devices(), vf.enumerate_adapters(), strict=True):
        found = way(device)
        assert type(found) is vf.DeviceInfo and repr(found) == repr(device)
        assert {name: getattr(found, name) for name in report} == report


LAYERS = {
    "lines": vf.Lines(XY, color="red", width="3px", crs="dem"),
    "areas": vf.Polygons(XY, fill="tan", hatch="/", crs="dem"),
    "prisms": vf.Polygons(XY, height=500.0, crs="dem"),
    "marks": vf.Points(XY, crs="dem"),
    "outlines": vf.Points(XY, shape="M0 0 L4 0 L2 3 Z", size="9px", crs="dem"),
    "symbols": vf.Points(XY, image=SVG, size="9px", crs="dem"),
    "images": vf.Points(XY, image=np.full((4, 4, 3), 90, np.uint8), height=40.0, crs="dem"),
    "graph": vf.Graph(XY, np.array([[0, 1], [1, 2]]), crs="dem"),
    "labels": vf.Labels(XY, text=["a", "b", "c"], crs="dem"),
}


@pytest.mark.parametrize("name", LAYERS)
def test_layers_travel_before_and_after_they_are_drawn(name):
    layer = LAYERS[name]
    before = [way(layer) for way in WAYS]
    expected = vf.render(DEM, size=(48, 36), layers=[layer]).rgba
    assert (expected != vf.render(DEM, size=(48, 36)).rgba).any()
    for other in (*before, *(way(layer) for way in WAYS)):
        assert repr(other) == repr(layer)
        np.testing.assert_array_equal(vf.render(DEM, size=(48, 36), layers=[other]).rgba, expected)
