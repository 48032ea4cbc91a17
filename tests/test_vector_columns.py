"""Columns of Arrow tables beside their geometries."""

import ctypes

import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge.vector._arrow import _native
from vulkan_forge.vector._arrow_values import _Array, _Schema, values_of
from vulkan_forge.vector._labels import _texts
from vulkan_forge.vector._read import read

shapely = pytest.importorskip("shapely")


def test_columns_of_every_arrow_type():
    """Categories are what they stand for, not their numbers; flags, dates and decimals keep what is missing."""
    core = pytest.importorskip("arro3.core")
    kinds, count = core.DataType, 9  # more than a byte of flags
    whole = core.Array([1, None, -3] * 3, kinds.int64())
    texts = core.Array(["a", None, "b"] * 3, kinds.string())
    columns = {
        "category": texts.cast(kinds.dictionary(kinds.int8(), kinds.string())),
        "flag": core.Array([True, None, False] * 3, kinds.bool()),
        "day": core.Array([1, None, -3] * 3, kinds.int32()).cast(kinds.date32()),
        "time": whole.cast(kinds.timestamp("ms")),
        "span": whole.cast(kinds.duration("s")),
        "price": whole.cast(kinds.decimal128(30, 4)),
        "half": core.Array([1, None, -3] * 3, kinds.int32()).cast(kinds.float16()),
    }
    where = core.Array([shapely.Point(row, 0).wkb for row in range(count)], kinds.binary(21))
    schema = core.Schema([core.Field(name, array.type) for name, array in columns.items()])
    schema = schema.insert(0, core.Field("geometry", where.type))
    found = read(core.Table.from_arrays([where, *columns.values()], schema=schema))
    assert found.shapes.xy[:, 0].tolist() == list(range(count))
    assert found.column("category").tolist() == ["a", None, "b"] * 3
    assert found.column("flag").tolist() == [True, None, False] * 3
    days = np.array(["1970-01-02", "NaT", "1969-12-29"] * 3, "datetime64[D]")
    assert np.array_equal(found.column("day"), days, equal_nan=True)
    moments = np.array([1, "NaT", -3] * 3, "datetime64[ms]")
    assert np.array_equal(found.column("time"), moments, equal_nan=True)
    spans = np.array([1, "NaT", -3] * 3, "timedelta64[s]")
    assert np.array_equal(found.column("span"), spans, equal_nan=True)
    assert found.column("price").tolist() == found.column("half").tolist() == [1.0, None, -3.0] * 3


def test_categories_that_are_times():
    core = pytest.importorskip("arro3.core")
    kinds = core.DataType
    day = core.Array([1, None, -3], kinds.int32()).cast(kinds.date32())
    time = core.Array([1, None, -3], kinds.int64()).cast(kinds.timestamp("ns"))
    where = core.Array([shapely.Point(1, 2).wkb] * 3, kinds.binary())
    columns = {"day": (day, kinds.date32()), "time": (time, kinds.timestamp("ns"))}
    named = [array.cast(kinds.dictionary(kinds.int8(), kind)) for array, kind in columns.values()]
    schema = core.Schema(
        [core.Field(name, array.type) for name, array in zip(columns, named, strict=True)]
    ).insert(0, core.Field("geometry", where.type))
    found = read(core.Table.from_arrays([where, *named], schema=schema))
    for name, expected in (
        ("day", np.array(["1970-01-02", "NaT", "1969-12-29"], "datetime64[D]")),
        ("time", np.array([1, "NaT", -3], "datetime64[ns]")),
    ):
        assert found.column(name).dtype == expected.dtype
        assert np.array_equal(found.column(name), expected, equal_nan=True)


@pytest.mark.parametrize("kind", ["+l", "+L", "u", "U", "z", "Z"])
def test_no_items_need_no_offsets(kind):
    """Arrow allows an empty buffer of offsets where there are no items: at its address may be nothing at all."""
    buffers = (ctypes.c_void_p * 3)(None, 64, 64)
    schema = _Schema(format=kind.encode(), n_children=1)
    array = _Array(n_buffers=3, n_children=1, buffers=buffers)
    item, items = _Schema(format=b"g"), _Array(n_buffers=2, buffers=buffers)
    schema.children = (ctypes.POINTER(_Schema) * 1)(ctypes.pointer(item))
    array.children = (ctypes.POINTER(_Array) * 1)(ctypes.pointer(items))
    found = values_of(schema, array, 0, 0)
    if kind.startswith("+"):
        valid, offsets, found = found
        assert offsets.tolist() == [0] and len(valid) == 0
    assert len(found) == 0


def test_categories_of_each_batch_are_its_own():
    core = pytest.importorskip("arro3.core")
    kinds = core.DataType
    kind = kinds.dictionary(kinds.int8(), kinds.string())
    fields = [core.Field("geometry", kinds.binary()), core.Field("name", kind)]
    point = core.Array([shapely.Point(1, 2).wkb], kinds.binary())
    batches = [
        core.RecordBatch.from_arrays(
            [point, core.Array([name], kinds.string()).cast(kind)], schema=core.Schema(fields)
        )
        for name in "ab"
    ]
    assert read(core.Table.from_batches(batches)).column("name").tolist() == ["a", "b"]


def test_null_rows_that_have_coordinates_are_not_drawn():
    """Arrow leaves open what stands where a value is null."""
    numbers = np.arange(6.0)
    ends, flags = np.array([0, 2, 4, 6], np.int32), np.array([0b101], np.uint8)
    place = numbers.ctypes.data, ends.ctypes.data, flags.ctypes.data
    both = [
        _Array(length=6, n_buffers=2, buffers=(ctypes.c_void_p * 2)(None, place[0])) for _ in "xy"
    ]
    named = [_Schema(format=b"g", name=name) for name in (b"x", b"y")]
    struct = _Array(length=6, n_buffers=1, n_children=2, buffers=(ctypes.c_void_p * 1)(None))
    struct.children = (ctypes.POINTER(_Array) * 2)(*map(ctypes.pointer, both))
    kind = _Schema(format=b"+s", n_children=2)
    kind.children = (ctypes.POINTER(_Schema) * 2)(*map(ctypes.pointer, named))
    lines = _Array(length=3, null_count=1, n_buffers=2, n_children=1)
    lines.buffers = (ctypes.c_void_p * 2)(place[2], place[1])
    lines.children = (ctypes.POINTER(_Array) * 1)(ctypes.pointer(struct))
    schema = _Schema(format=b"+l", n_children=1)
    schema.children = (ctypes.POINTER(_Schema) * 1)(ctypes.pointer(kind))
    shapes, count, lost = _native("linestring", values_of(schema, lines, 0, 3), False)
    assert (count, lost, shapes.rows.tolist()) == (3, [1], [0, 2])
    assert shapes.xy[:, 0].tolist() == [0, 1, 4, 5]


@pytest.mark.parametrize(("name", "z"), [("xym", None), ("xyz", [2, 5]), ("item", [2, 5])])
def test_measures_are_no_heights(name, z):
    core = pytest.importorskip("arro3.core")
    numbers = core.Array.from_numpy(np.arange(6.0))
    kind = core.DataType.list(core.Field(name, core.DataType.float64()), 3)
    field = core.Field("geometry", kind, metadata={"ARROW:extension:name": "geoarrow.point"})
    where = core.fixed_size_list_array(numbers, 3, type=kind)
    found = read(core.Table.from_arrays([where], schema=core.Schema([field]))).shapes
    assert found.xy.tolist() == [[0, 1], [3, 4]]
    assert (found.z if z is None else found.z.tolist()) == z


def test_numbers_as_texts_are_whole_where_they_were():
    """A column of people with one that is missing is of float64."""
    numbers = [8_799_800.0, 1_234_567.25, 0.1, 1234.5678, float("nan"), 1e16, -12.0]
    said = ["8799800", "1234567", "0.1", "1234.57", "", "1e+16", "-12"]
    assert _texts(read(np.zeros((7, 2))), numbers) == said


@pytest.mark.parametrize("kind", ["binary", "large_binary", "string", "large_string"])
def test_columns_of_arrow_are_known_by_what_they_hold(kind):
    core = pytest.importorskip("arro3.core")
    expected = np.array([shapely.LineString([(0, 1), (2, 3)]), shapely.box(0, 0, 1, 1)])
    write = shapely.to_wkb if "binary" in kind else shapely.to_wkt
    held = [*write(expected).tolist(), None]
    type_of = getattr(core.DataType, kind)()
    names = core.Array(["POINT of no return", None, "b"], core.DataType.string())
    numbers = core.Array([1, 2, 3], core.DataType.int64())
    table = core.Table.from_pydict(
        {"shape": core.Array(held, type_of), "name": names, "n": numbers}
    )
    with pytest.warns(vf.GeometryWarning, match="row 2 of 3"):
        found = read(table)
    for name in ("xy", "offsets", "rows", "kinds", "holes"):
        assert (getattr(found.shapes, name) == getattr(read(expected).shapes, name)).all()
    assert list(found.names) == ["name", "n"]
    with pytest.raises(vf.InvalidInputError, match=r"got 0 \(name, n\); pass one of WKB or WKT"):
        read(core.Table.from_pydict({"name": names, "n": numbers}))
    twice = {"a": core.Array(held, type_of), "b": core.Array(held, type_of)}
    with pytest.raises(vf.InvalidInputError, match=r"got 2 \(a, b\); select the columns"):
        read(core.Table.from_pydict(twice))
