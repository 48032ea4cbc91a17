"""Columns of Arrow tables beside their geometries."""

import ctypes

import numpy as np
import pytest
from vulkan_forge.vector._arrow_values import _Array, _Schema, values_of
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
