"""Layers are values: what they were made of may change, be read once, or be left behind."""

import pickle

import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge.vector._layer import Setting
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


def large(west):
    rows, columns = GROUND.shape
    where = (west, 3_780_000, west + 20 * columns, 3_780_000 + 20 * rows)
    return vf.LargeDEM(GROUND, crs="EPSG:32611", bounds=where)


MARK = {"size": "5px", "color": "red", "crs": "EPSG:32611"}


def seen_at(image):
    """Columns of what is red, the middle of them."""
    pixels = np.asarray(image).astype(int)
    return np.flatnonzero((pixels[..., 0] > pixels[..., 1] + 100).any(axis=0)).mean()


@pytest.mark.gpu
def test_layers_of_a_session_lie_where_they_belong_on_its_next_terrain():
    pytest.importorskip("rasterio")
    renderer = vf.Renderer(60, 60)
    renderer.set_camera(vf.Camera.map())
    renderer.add_terrain(large(380_000))
    handle = renderer.add(vf.Points(np.array([[380_250.0, 3_780_200.0]]), **MARK))
    assert seen_at(renderer.render()) == pytest.approx(37, abs=0.6)
    renderer.add_terrain(large(380_150))
    assert seen_at(renderer.render()) == pytest.approx(14.5, abs=0.6)
    before = renderer.render_rgba()
    with pytest.raises(vf.InvalidInputError, match="beside a DEM without"):
        renderer.add_terrain(np.ones((9, 9), np.float32))
    assert (renderer.render_rgba() == before).all()
    handle.remove()
    renderer.add_terrain(np.ones((9, 9), np.float32))


@pytest.mark.gpu
@pytest.mark.parametrize("spacing", [(10.0, 10.0), (20.0, 5.0)])
def test_layers_lie_where_they_belong_in_cells_of_the_callers_size(spacing):
    pytest.importorskip("rasterio")
    mark = vf.Points(np.array([[380_250.0, 3_780_200.0]]), **MARK)
    picture = vf.render(large(380_000), spacing=spacing, layers=[mark], **VIEW)
    assert seen_at(picture) == pytest.approx(37, abs=0.6)
    renderer = vf.Renderer(60, 60)
    renderer.add_terrain(large(380_000), spacing=spacing)
    renderer.set_camera(vf.Camera.map())
    renderer.add(mark)
    assert seen_at(renderer.render()) == pytest.approx(37, abs=0.6)


def test_two_threads_have_each_their_own_of_a_shared_layer():
    layer, here, there = vf.Points(np.zeros((1, 2))), Setting(None, 96.0), Setting(None, 300.0)
    made = layer._engine_layers(here)
    elsewhere = []

    class Meanwhile(float):
        """A resolution that another thread uses the layer with another one while it is compared."""

        def __eq__(self, other):
            elsewhere.append(layer._engine_layers(there))
            return True

        __hash__ = float.__hash__

    assert layer._engine_layers(Setting(None, Meanwhile(96.0))) is made
    assert elsewhere and elsewhere[0] is not made
