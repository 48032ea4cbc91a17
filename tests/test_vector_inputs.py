"""Geometries from wherever, placed beside the DEM."""

import json
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge.vector._place import in_world
from vulkan_forge.vector._read import read
from vulkan_forge.vector._shapes import LINE, POINT, RING

shapely = pytest.importorskip("shapely")

HOLED = "POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))"
WKT = [
    "POINT Z (1 2 3)",
    "MULTIPOINT (1 2, 3 4)",
    "LINESTRING (0 0, 1 1, 2 0)",
    "MULTILINESTRING ((0 0, 1 1), (5 5, 6 6, 7 7))",
    HOLED,
    f"MULTIPOLYGON ({HOLED[8:]}, ((10 10, 11 10, 11 11, 10 10)))",
    "GEOMETRYCOLLECTION (POINT (9 9), GEOMETRYCOLLECTION (LINESTRING (0 0, 1 0)))",
]


def geometries():
    return shapely.from_wkt(WKT)


def utm():
    pytest.importorskip("rasterio")
    return vf.DEM(
        np.zeros((100, 120), np.float32),
        bounds=(380_000, 3_780_000, 416_000, 3_810_000),
        crs="EPSG:32611",
    )


def same(found, expected):
    a, b = found.shapes, expected.shapes
    for name in ("xy", "offsets", "rows", "kinds", "holes"):
        assert (getattr(a, name) == getattr(b, name)).all(), name
    assert found.rows == expected.rows


def test_pieces_are_told_by_row_kind_and_hole():
    features = read(geometries())
    shapes = features.shapes
    assert features.rows == len(WKT) and features.crs is None
    assert shapes.rows.tolist() == [0, 1, 1, 2, 3, 3, 4, 4, 5, 5, 5, 6, 6]
    assert shapes.kinds.tolist() == [POINT] * 3 + [LINE] * 3 + [RING] * 5 + [POINT, LINE]
    assert np.flatnonzero(shapes.holes).tolist() == [7, 9]
    assert shapes.lengths.tolist() == [1, 1, 1, 3, 2, 3, 5, 5, 5, 5, 4, 1, 2]
    assert shapes.z[0] == 3


@pytest.mark.parametrize("kind", ["Point", "LineString", "Polygon"])
def test_pieces_of_one_kind_are_in_the_order_of_their_rows(kind):
    one = {"Point": shapely.Point(1, 2), "LineString": shapely.LineString([(0, 1), (2, 3)])}
    one["Polygon"] = shapely.box(0, 0, 1, 1)
    many = getattr(shapely, f"Multi{kind}")([one[kind], one[kind]])
    deep = shapely.GeometryCollection([shapely.GeometryCollection([many]), one[kind]])
    found = read([deep, one[kind], many, one[kind], many]).shapes
    assert found.rows.tolist() == [0, 0, 0, 1, 2, 2, 3, 4, 4]


def test_every_door_leads_to_the_same():
    gpd = pytest.importorskip("geopandas")
    expected = read(geometries())
    same(read(list(geometries())), expected)
    same(read(gpd.GeoSeries(geometries())), expected)
    same(read(gpd.GeoDataFrame(geometry=geometries())), expected)
    same(read(list(shapely.to_wkb(geometries()))), expected)
    features = [
        {"type": "Feature", "properties": {"n": row}, "geometry": json.loads(text)}
        for row, text in enumerate(shapely.to_geojson(geometries()))
    ]
    collection = {"type": "FeatureCollection", "features": features}
    for geojson in (collection, json.dumps(collection), Interface(collection)):
        found = read(geojson)
        same(found, expected)
        assert found.crs == "OGC:CRS84" and list(found.column("n")) == list(range(len(WKT)))
    same(read(geometries()[4]), read(geometries()[4:5]))
    same(read(shapely.to_wkb(geometries()[4])), read(geometries()[4:5]))


class Interface(NamedTuple):
    data: dict

    @property
    def __geo_interface__(self):
        return self.data


def geoarrow(kind, interleaved):
    """A column of GeoArrow's own encoding, made from lists by an Arrow library that is not ours, with a column of names."""
    core = pytest.importorskip("arro3.core")
    geometries = {
        "point": "POINT (1 2)",
        "multipoint": WKT[1],
        "linestring": WKT[2],
        "multilinestring": WKT[3],
        "polygon": HOLED,
        "multipolygon": WKT[5],
    }
    pair = shapely.from_wkt([geometries[kind]] * 2)
    _, coordinates, offsets = shapely.to_ragged_array(pair)
    if interleaved:
        array = core.fixed_size_list_array(core.Array.from_numpy(coordinates.reshape(-1)), 2)
    else:
        halves = [core.Array.from_numpy(np.ascontiguousarray(half)) for half in coordinates.T]
        fields = [core.Field(name, core.DataType.float64()) for name in "xy"]
        array = core.struct_array(halves, fields=fields)
    for ends in offsets:
        array = core.list_array(core.Array.from_numpy(ends.astype(np.int32)), array)
    metadata = {
        "ARROW:extension:name": f"geoarrow.{kind}",
        "ARROW:extension:metadata": '{"crs": "EPSG:32611"}',
    }
    field = core.Field("where", array.type, metadata=metadata)
    names = core.Array(["short", "a name of more than twelve bytes"], core.DataType.string())
    schema = core.Schema([field, core.Field("name", core.DataType.string())])
    return pair, core.Table.from_arrays([array, names], schema=schema)


@pytest.mark.parametrize("interleaved", [True, False])
@pytest.mark.parametrize(
    "kind", ["point", "multipoint", "linestring", "multilinestring", "polygon", "multipolygon"]
)
def test_geoarrow_without_an_arrow_library(kind, interleaved):
    pair, table = geoarrow(kind, interleaved)
    found = read(table)
    same(found, read(pair))
    assert list(found.column("name")) == ["short", "a name of more than twelve bytes"]
    assert found.crs == "EPSG:32611"


def test_arrow_of_wkb(tmp_path):
    pyogrio, gpd = pytest.importorskip("pyogrio"), pytest.importorskip("geopandas")
    frame = gpd.GeoDataFrame(
        {"n": ["a", None], "v": [1.5, 2.5]}, geometry=geometries()[[2, 3]], crs="EPSG:32611"
    )
    path = tmp_path / "roads.gpkg"
    pyogrio.write_dataframe(frame, path, geometry_type="Unknown")
    with pyogrio.raw.open_arrow(path, use_pyarrow=False) as (_, stream):
        found = read(stream)
    same(found, read(geometries()[[2, 3]]))
    assert list(found.column("n")) == ["a", None] and list(found.column("v")) == [1.5, 2.5]


def test_files_that_gdal_reads(tmp_path):
    pyogrio, gpd = pytest.importorskip("pyogrio"), pytest.importorskip("geopandas")
    frame = gpd.GeoDataFrame({"n": ["a", "b"]}, geometry=geometries()[[2, 3]], crs="EPSG:32611")
    path = tmp_path / "roads.gpkg"
    pyogrio.write_dataframe(frame, path, geometry_type="Unknown")
    found = read(path)
    same(found, read(geometries()[[2, 3]]))
    assert list(found.column("n")) == ["a", "b"] and "32611" in str(found.crs)
    pyogrio.write_dataframe(frame[:1], path, layer="other", geometry_type="Unknown")
    assert read(f"{path}|layername=other").rows == 1
    with pytest.warns(
        vf.GeometryWarning, match="several layers, 'roads', 'other', of which 'roads' is read"
    ):
        assert read(path).rows == 2
    with pytest.raises(vf.ImageFileError, match="name its layer"):
        read(f"{path}|layername=nowhere")
    with pytest.raises(vf.ImageFileError, match="no such file"):
        read(tmp_path / "none.gpkg")
    (tmp_path / "bad.gpkg").write_text("nothing")
    with pytest.raises(vf.ImageFileError, match="GDAL reads"):
        read(tmp_path / "bad.gpkg")


def test_tables_of_text_have_numbers_dates_and_names(tmp_path):
    pytest.importorskip("pyogrio")
    path = tmp_path / "places.csv"
    rows = ['"POINT (1 2)",00701,0.5,2020-01-02,3', '"POINT (3 4)",00802,0.75,2021-01-02,']
    path.write_text("\n".join(["WKT,zip,share,day,n", *rows]))
    found = read(path)
    assert found.column("zip").tolist() == ["00701", "00802"]
    assert found.column("share").tolist() == [0.5, 0.75]
    assert found.column("day").dtype.kind == "M" and np.isnan(found.column("n")[1])


def test_files_that_gdal_does_not_read_name_who_does(tmp_path):
    pytest.importorskip("pyogrio")
    for ending, reader in ((".parquet", "read_parquet"), (".feather", "read_feather")):
        path = tmp_path / f"places{ending}"
        path.write_bytes(b"PAR1")
        with pytest.raises(vf.ImageFileError, match=rf"pass geopandas\.{reader}\('.*places"):
            read(path)


def test_texts_of_geometries():
    """Well-known text and hexadecimal, as databases give them, with the system that their SRID names."""
    expected = read(geometries())
    same(read(WKT), expected)
    same(read([shape.wkb_hex for shape in geometries()]), expected)
    same(read([memoryview(shape.wkb) for shape in geometries()]), expected)
    same(read(WKT[4]), read(geometries()[4]))
    same(read(shapely.to_wkb(geometries()[4], hex=True)), read(geometries()[4]))
    point = shapely.set_srid(shapely.Point(1, 2), 32611)
    for data in (point, [point.wkb], "SRID=32611;POINT(1 2)", shapely.to_wkb(point, hex=True, include_srid=True)):  # fmt: skip
        found = read(data)
        assert found.crs == (None if isinstance(data, list) else "EPSG:32611")
        assert found.shapes.xy.tolist() == [[1, 2]]
    with pytest.raises(
        vf.InvalidInputError, match=r"one coordinate system; got SRIDs \[4326, 32611"
    ):
        read([point, shapely.set_srid(point, 4326)])
    for wrong in ("POINT (1 two)", "SRID=99999999999;POINT(1 2)"):
        with pytest.raises(vf.InvalidInputError, match=r"WKT must be .* text; got .* in row 1"):
            read(["POINT (1 2)", wrong])
    blanks = f"  {shapely.Point(1, 2).wkb_hex}\r\n"
    for data in (blanks, [blanks]):
        assert read(data).shapes.xy.tolist() == [[1, 2]]


def test_curves_are_refused():
    """Circular strings, which shapely has no way to straighten."""
    curve = (
        "0108000000030000000000000000000000000000000000000000000000000000000000000000000000"
        + "0" * 64
    )
    for data in ("CIRCULARSTRING (0 0, 1 1, 2 0)", curve, bytes.fromhex(curve)):
        with pytest.raises(vf.InvalidInputError, match=r"WK[TB] must be well-known .* in row 0"):
            read(data)


def test_tables_of_pandas():
    """Without geopandas' class, which operations on columns lose; without pyarrow, which pandas' own streams need."""
    pd, gpd = pytest.importorskip("pandas"), pytest.importorskip("geopandas")
    expected = read(geometries())
    plain = pd.DataFrame({"n": range(len(WKT)), "shape": list(geometries())})
    same(read(plain), expected)
    assert list(read(plain).column("n")) == list(range(len(WKT)))
    same(read(plain["shape"]), expected)
    same(read(pd.Series([shape.wkb for shape in geometries()], index=range(5, 12))), expected)
    with pytest.warns(vf.GeometryWarning, match="row 1 of 2 have no geometry"):
        assert read(pd.Series([shapely.Point(1, 2), np.nan])).rows == 2
    texts = pd.DataFrame({"name": list("abcdefg"), "shape": WKT})
    same(read(texts), expected)
    same(read(texts.assign(own=geometries())), expected)  # what geometries are goes before texts
    array = gpd.array.from_shapely(geometries(), crs=32611)
    same(read(array), expected)
    assert read(array).crs == "EPSG:32611"
    for table in (pd.DataFrame({"x": [1.0], "y": [2.0]}), gpd.GeoDataFrame({"x": [1.0]})):
        with pytest.raises(vf.InvalidInputError, match=r"one column of geometries; got 0 .*points_from_xy"):  # fmt: skip
            read(table)
    with pytest.raises(
        vf.InvalidInputError, match=r"a column must hold geometries; got 1.0 in row 2"
    ):
        read(pd.Series(["POINT (1 2)", None, 1.0], dtype=object))
    with pytest.raises(vf.InvalidInputError, match=r"must be shapely's; got 'POINT .* in row 2"):
        read(pd.Series([None, shapely.Point(1, 2), "POINT (1 2)"]))
    odd = gpd.GeoDataFrame(pd.DataFrame([[1, 2, 3]], columns=[0, "a", "a"]), geometry=geometries()[:1])  # fmt: skip
    assert list(read(odd).column("0")) == [1]
    with pytest.raises(vf.InvalidInputError, match="'a' must stand in the table once; got it 2"):
        read(odd).column("a")


def test_arrays_of_every_kind():
    places = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    masked = np.ma.array(places, mask=[[0, 0], [1, 0], [0, 0]])
    assert np.isnan(read(masked).shapes.xy[1, 0])
    assert in_world(read(masked, [0, 3]), None, None).lengths.tolist() == [1, 1]
    with pytest.raises(vf.InvalidInputError, match=r"must be finite; got \(nan, 4.0\) in row 1"):
        in_world(read(masked), None, None)
    assert (read(places.astype(object)).shapes.xy == places).all()
    with pytest.raises(vf.InvalidInputError, match=r"coordinates must be numbers; got .*object"):
        read(np.array([["a", 1]], object))
    for module, make in (("dask.array", "from_array"), ("xarray", "DataArray")):
        library = pytest.importorskip(module)
        assert (read(getattr(library, make)(places)).shapes.xy == places).all()
    with pytest.warns(vf.GeometryWarning, match="rows 0 and 1 of 2"):
        assert read([None, None]).rows == 2


def test_several_arrays_are_a_line_each():
    """As matplotlib's collections of lines and polygons take them."""
    runs = [[(0, 0), (1, 1)], [(2, 0), (3, 1), (4, 0)]]
    known = read(np.array(runs[0] + runs[1], float), [0, 2, 5]).shapes
    for given in (runs, tuple(runs), [np.array(run) for run in runs], [runs[0], np.array(runs[1])]):
        found = read(given)
        assert found.rows == 2 and found.shapes.offsets.tolist() == known.offsets.tolist()
        assert (found.shapes.xy == known.xy).all() and (found.shapes.kinds == known.kinds).all()
    high = read(np.arange(18.0).reshape(2, 3, 3)).shapes
    assert high.offsets.tolist() == [0, 3, 6] and high.z.tolist() == [2, 5, 8, 11, 14, 17]
    masked = np.ma.masked_equal(np.array(runs[1]), 3)
    assert np.isnan(read([np.array(runs[0]), masked]).shapes.xy[3, 0])
    assert len(vf.Polygons(runs[1:], fill=["red"])._features.shapes.rows) == 1
    assert read([(0, 0), (1, 1)]).rows == read([np.zeros(2), np.ones(2)]).rows == 2  # points
    with pytest.raises(
        vf.InvalidInputError, match="Points expected points; got a line in rows 0 and 1"
    ):
        vf.Points(runs)
    for bad in ([runs[0], [(0, 0, 1), (1, 1, 1)]], [runs[0], []], [runs[0], [(0,), (1,)]]):
        with pytest.raises(vf.InvalidInputError, match="coordinates must"):
            read(bad)


@pytest.mark.parametrize(
    ("stated", "crs"),
    [
        (None, "OGC:CRS84"),
        ("EPSG:32611", "EPSG:32611"),
        ({"type": "EPSG", "properties": {"code": 32611}}, "EPSG:32611"),
        ({"type": "name", "properties": {"name": "EPSG:32611"}}, "EPSG:32611"),
        ({"type": "name", "properties": None}, "OGC:CRS84"),
    ],
)
def test_geojson_says_its_system(stated, crs):
    point = {"type": "Point", "coordinates": [1, 2], "crs": stated}
    assert read(point).crs == crs
    assert read("\ufeff" + json.dumps(point)).crs == crs
    for encoding in ("utf-8", "utf-8-sig"):
        assert read(json.dumps(point).encode(encoding)).crs == crs


def test_geojson_positions_of_any_number_of_values():
    """GPS loggers write the time behind the height, and some positions have none."""
    lines = [[[0, 0, 5, 9], [1, 1, 6, 9]], [[0, 0], [1, 1, 6]]]
    found = read({"type": "MultiLineString", "coordinates": lines}).shapes
    assert found.xy.tolist() == [[0, 0], [1, 1]] * 2
    np.testing.assert_array_equal(found.z, [5, 6, np.nan, 6])
    point = {"type": "Point", "coordinates": [1, 2, 3, 4]}
    found = read({"type": "GeometryCollection", "geometries": [point, point]}).shapes
    assert found.xy.tolist() == [[1, 2]] * 2 and found.z.tolist() == [3, 3]


def test_a_track_is_not_hidden_by_empty_layers(tmp_path):
    """GPX has five layers, of which the first is of waypoints, and the last two repeat the others."""
    pytest.importorskip("pyogrio")
    point = '<trkpt lat="46.{0}" lon="10.{0}"><ele>{0}</ele></trkpt>'
    track = f"<trk><trkseg>{point.format(1)}{point.format(2)}</trkseg></trk>"
    place = '<wpt lat="47" lon="11"/>'
    for name, body in (("track", track), ("place", place), ("both", place + track)):
        (tmp_path / f"{name}.gpx").write_text(
            f'<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>'
        )
    found = read(tmp_path / "track.gpx").shapes
    assert found.kinds.tolist() == [LINE] and found.xy.tolist() == [[10.1, 46.1], [10.2, 46.2]]
    assert read(tmp_path / "place.gpx").shapes.xy.tolist() == [[11, 47]]
    with pytest.warns(vf.GeometryWarning, match=r"'waypoints', 'tracks', .*layername=tracks"):
        assert read(tmp_path / "both.gpx").shapes.kinds.tolist() == [POINT]


@pytest.mark.parametrize("crs", ["EPSG:5703", "EPSG:4978"])
def test_heights_and_geocentric_places_are_on_no_map(crs):
    pytest.importorskip("pyproj")
    with pytest.raises(
        vf.InvalidInputError, match=r"system of places on a map; got .* CRS; transform"
    ):
        in_world(read(np.ones((1, 2))), crs, utm()._grid)


def test_missing_geometries_are_told_with_their_row():
    items = [geometries()[2], None, shapely.from_wkt("POLYGON EMPTY")]
    with pytest.warns(vf.GeometryWarning, match="rows 1 and 2 of 3 have no geometry"):
        features = read(items)
    assert features.rows == 3 and features.shapes.rows.tolist() == [0]


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (5, "must have geometries; got 5"),
        ([1, 2], "must be a geometry; got 1 in row 0"),
        ([None, shapely.Point(1, 2), 5], "must be a geometry; got 5 in row 2"),
        (np.zeros((3, 4)), r"shape \(N, 2\) or \(N, 3\); got \(3, 4\)"),
        ([(0, 0), (1, "x")], "coordinates must be numbers"),
        ([{"type": "Point", "coordinates": [1, 2]}, 5], "must be a geometry; got 5 in row 1"),
        (["POINT (1 2)", None, "here"], "must be a geometry; got 'here' in row 2"),
        ([b"\x01", None, "POINT (1 2)"], "one kind; got 'POINT .1 2.' in row 2, binary before it"),
        ([b"\x01\x02", b"junk"], "WKB must be well-known binary; got .* in row 0"),
        ([{"type": "Point"}], "GeoJSON must hold geometries; got .* in row 0"),
        (SimpleNamespace(__geo_interface__=None), "__geo_interface__ must be a mapping; got None"),
        ("{not json", "GeoJSON or a path"),
        ('{"a":' * 100_000, "GeoJSON or a path; got .* recursion"),
        ('{"name": "Zürich"}'.encode("latin-1"), r"bytes of GeoJSON must be UTF-8; got .* decode"),
        ('{"name": "Zürich"}'.encode("utf-16"), r"bytes of GeoJSON must be UTF-8; got .* decode"),
    ],
)
def test_what_is_no_geometry_is_refused(data, match):
    with pytest.raises(vf.InvalidInputError, match=match):
        read(data)


@pytest.mark.parametrize("offsets", [[0, 2], [0, 3, 2, 4], [1, 4], [0.0, 4.0], []])
def test_offsets_must_fit(offsets):
    with pytest.raises(
        vf.InvalidInputError, match="offsets must be whole numbers that ascend from 0"
    ):
        read(np.zeros((4, 2)), offsets)
