"""Layers are values: what they were made of may change, be read once, or be left behind."""

import pickle

import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge.vector._place import in_world

GROUND = np.zeros((20, 20), np.float32)
VIEW = {
    "size": (60, 60),
    "camera": vf.Camera.map(),
    "lit": False,
    "cmap": "gray",
    "vmin": -1,
    "vmax": 1,
}


def drawn(layer):
    return np.asarray(vf.render(GROUND, layers=[layer], **VIEW))


def batches(core):
    """A stream that gives two points, once."""
    shapely = pytest.importorskip("shapely")
    where = core.Array([shapely.Point(x, 0).wkb for x in (-5, 5)], core.DataType.binary(21))
    schema = core.Schema([core.Field("geometry", where.type)])
    batch = core.RecordBatch.from_arrays([where], schema=schema)
    return core.RecordBatchReader.from_batches(schema, [batch])


@pytest.mark.gpu
def test_what_is_written_into_an_array_later_is_not_in_the_layer():
    line = np.array([[-8.0, 0.0], [8.0, 0.0]])
    layer = vf.Lines(line, width=3)
    expected = drawn(vf.Lines(line.copy(), width=3))
    line[:] = 100
    assert (drawn(layer) == expected).all()
    assert (drawn(layer.replaced(alpha=1.0)) == expected).all()


@pytest.mark.gpu
def test_what_gives_its_rows_once_is_read_once():
    core = pytest.importorskip("arro3.core")
    points = np.array([[-5.0, 0.0], [5.0, 0.0]])
    graph = vf.Graph(batches(core), [(0, 1)], node_size=4)
    assert (drawn(graph) == drawn(vf.Graph(points, [(0, 1)], node_size=4))).all()
    expected = drawn(vf.Points(points, size=4, color="navy"))
    assert (drawn(vf.Points(batches(core), size=4).replaced(color="navy")) == expected).all()
    once = vf.Points((tuple(point) for point in points), size=4)
    for _ in range(2):
        once = once.replaced(color="navy")
        assert (drawn(once) == expected).all()


def test_words_that_are_left_stay_when_the_data_is_another():
    layer = vf.Lines(np.eye(4)[:, :2], offsets=[0, 2, 4]).replaced(width="2pt")
    assert layer.replaced(data=np.ones((4, 2)))._features.rows == 2
    assert layer.replaced(offsets=[0, 1, 2, 4])._features.rows == 3


def sources(tmp_path):
    gpd, pd = pytest.importorskip("geopandas"), pytest.importorskip("pandas")
    shapely, core = pytest.importorskip("shapely"), pytest.importorskip("arro3.core")
    frame = gpd.GeoDataFrame(
        {"name": ["a", "b"]}, geometry=shapely.points([[-5, 0], [5, 0]]), crs=3857
    )
    path = tmp_path / "points.gpkg"
    frame.to_file(path)
    table = core.Table.from_arrays(
        [
            core.Array(list(frame.geometry.to_wkb()), core.DataType.binary(21)),
            core.Array(["a", "b"], core.DataType.string()),
        ],
        names=["geometry", "name"],
    )
    plain = pd.DataFrame({"name": ["a", "b"], "shape": list(frame.geometry)})
    return [frame, plain, frame.__geo_interface__, path, table]


def test_layers_of_anything_with_columns_are_pickled(tmp_path):
    for data in sources(tmp_path):
        layer = vf.Labels(data, text="name", crs="world")
        copy = pickle.loads(pickle.dumps(layer))
        assert list(copy._features.column("name")) == ["a", "b"], type(data)
        xy = [in_world(one._features, "world", None).xy for one in (layer, copy)]
        assert (xy[0] == xy[1]).all()
