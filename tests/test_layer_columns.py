"""Columns of layers: dates, missing values, masks and what has no number; layers of nothing; data round the world."""

import datetime
import decimal
import fractions

import matplotlib.colors
import numpy as np
import pytest
import vulkan_forge as vf
from vulkan_forge.vector._columns import colours, days_of, numbers
from vulkan_forge.vector._features import Features, no_columns
from vulkan_forge.vector._labels import _texts
from vulkan_forge.vector._layer import Setting, placed
from vulkan_forge.vector._read import read


def rows(count):
    return read(np.zeros((count, 2)))


def test_dates_are_days_and_become_colours():
    moments = np.array(["1970-01-02", "NaT", "1970-01-04T12"], "datetime64[m]")
    np.testing.assert_array_equal(days_of(moments), [1.0, np.nan, 3.5])
    spans = np.array([36, 12], "timedelta64[h]")
    np.testing.assert_array_equal(days_of(spans), [1.5, 0.5])
    east = datetime.timezone(datetime.timedelta(hours=6))
    listed = np.array(
        [datetime.date(1970, 1, 3), None, datetime.datetime(1970, 1, 2, 6), datetime.datetime(1970, 1, 2, 6, tzinfo=east)],
        object,
    )  # fmt: skip
    np.testing.assert_array_equal(days_of(listed), [2.0, np.nan, 1.25, 1.0])
    assert days_of(np.array([1.0])) is None
    assert days_of(np.array(["a", None], object)) is None
    by_date = colours(rows(3), moments, "color")
    by_number = colours(rows(3), [0.0, np.nan, 1.0], "color")
    np.testing.assert_array_equal(by_date, by_number)
    assert by_date[1, 3] == 0
    np.testing.assert_array_equal(numbers(rows(2), spans, "priority", dates=True), [1.5, 0.5])


def test_numbers_are_coloured_as_float64_has_them():
    """Of seconds since 1970 float32 tells one in 128; its least number may be greater than that of the column."""
    seconds = 1.7e9 + np.arange(5.0) * 25
    for norm in (None, "linear"):
        np.testing.assert_array_equal(
            colours(rows(5), seconds, "color", norm=norm), colours(rows(5), np.arange(5.0), "color")
        )
    tenths = np.array([0.1, 0.5, 1.0])
    assert float(np.float32(0.1)) > 0.1
    colors = pytest.importorskip("matplotlib.colors")
    cmap = colors.ListedColormap(["red", "lime"], bad="white", under="white", over="white")
    for norm in ("linear", "log", "power"):
        assert (colours(rows(3), tenths, "color", cmap=cmap, norm=norm)[:, 2] == 0).all()
    listed = [decimal.Decimal("0.1"), None, fractions.Fraction(1, 2)]
    np.testing.assert_array_equal(
        colours(rows(3), listed, "color"), colours(rows(3), [0.1, np.nan, 0.5], "color")
    )


def test_norms_of_matplotlib_keep_the_colour_of_what_is_missing():
    colors = pytest.importorskip("matplotlib.colors")
    from matplotlib import colormaps

    cmap = colormaps["viridis"].with_extremes(bad="red", under="blue", over="lime")
    values = np.array([0.1, 1.0, np.nan, 1.5, 5.0])
    for norm in (
        colors.LogNorm(),
        colors.LogNorm(0.5, 2.0),
        colors.TwoSlopeNorm(1.0),
        colors.BoundaryNorm([0, 1, 2], 256),
        colors.SymLogNorm(1.0, vmin=-1, vmax=3),
    ):
        ours = colours(rows(5), values, "color", cmap=cmap, norm=norm)
        norm.autoscale_None(values[~np.isnan(values)])
        theirs = cmap(norm(np.ma.masked_invalid(values)))
        np.testing.assert_allclose(ours, theirs, atol=0.02)
        assert ours[2].tolist() == [1, 0, 0, 1]


def test_moments_are_said_as_such():
    """Also in nanoseconds, of which NumPy makes whole numbers."""
    for unit in ("s", "us", "ns"):
        texts = _texts(rows(2), np.array(["2020-01-02T03:04:05", "NaT"], f"M8[{unit}]"))
        assert texts == ["2020-01-02 03:04:05", ""]
    assert _texts(rows(1), np.array([90], "m8[s]")) == ["0:01:30"]
    assert _texts(rows(2), np.array(["Älv".encode(), b"\xff"], object)) == ["Älv", "\ufffd"]


def test_rows_without_a_colour_have_none():
    """Of names and of numbers alike."""
    for missing in (None, np.nan, NAType()):
        found = colours(rows(3), np.array(["red", missing, "#0000ff"], object), "color", alpha=0.5)
        np.testing.assert_array_equal(found, [[1, 0, 0, 0.5], [0, 0, 0, 0], [0, 0, 1, 0.5]])


def test_a_column_without_any_number_is_drawn_as_missing():
    """One of many files whose column is empty ends no run; that nothing is seen is told."""
    red = matplotlib.colormaps["viridis"].with_extremes(bad="red")
    log = matplotlib.colors.LogNorm()
    empty = [[np.nan] * 3, [None] * 3, np.array(["NaT"] * 3, "M8[D]"), np.ma.masked_all(3)]
    for values in empty:
        for norm in (None, "log", log):
            with pytest.warns(vf.GeometryWarning, match="color has no number in any row"):
                found = colours(rows(3), values, "color", cmap=red, norm=norm, alpha=0.5)
            np.testing.assert_array_equal(found, [[1, 0, 0, 0.5]] * 3)
    with pytest.raises(vf.InvalidInputError, match="Unknown colormap"):
        colours(rows(3), empty[0], "color", cmap="viridiss")
    with pytest.raises(vf.InvalidInputError, match="norm must be one of"):
        colours(rows(3), empty[0], "color", norm="logarithmic")


def test_colours_have_their_alpha_beside_them():
    """As matplotlib's; one for all is a tuple, in lists they are rows."""
    half_red, blue = [1, 0, 0, 0.5], [0, 0, 1, 1]
    for one in (("red", 0.5), ("#ff0000ff", 0.5), ((1, 0, 0), 0.5)):
        np.testing.assert_array_equal(colours(rows(2), one, "color"), [half_red])
    for each in ([("red", 0.5), "blue"], [("red", 0.5), ("blue", 1)], [("red", 0.5), (0, 0, 1)]):
        np.testing.assert_array_equal(colours(rows(2), each, "color"), [half_red, blue])
    np.testing.assert_array_equal(colours(rows(2), ("red", "blue"), "color")[1], blue)
    with pytest.raises(vf.InvalidInputError, match="value for each of 3 rows; got 2"):
        colours(rows(3), ("red", 2), "color")


def test_a_range_is_numbers():
    np.testing.assert_array_equal(
        colours(rows(3), range(3), "color"), colours(rows(3), [0, 1, 2], "color")
    )


def test_masked_values_are_missing():
    masked = np.ma.array([1, 5, 3], mask=[0, 1, 0])
    np.testing.assert_array_equal(
        colours(rows(3), masked, "color"), colours(rows(3), [1.0, np.nan, 3.0], "color")
    )
    with pytest.raises(vf.InvalidInputError, match=r"height must be a finite number.*row 1"):
        vf.Points(np.zeros((3, 2)), height=masked)
    moments = np.array(["2020-01-01", "2021-01-01", "2022-01-01"], "M8[ns]")
    late = moments.copy()
    late[1] = "NaT"
    np.testing.assert_array_equal(
        colours(rows(3), np.ma.array(moments, mask=[0, 1, 0]), "color"),
        colours(rows(3), late, "color"),
    )
    assert len(vf.Labels(np.zeros((2, 2)), text=np.ma.array(["a", "b"], mask=[0, 1]))) == 1


class NAType:
    """As pandas' NA: of no truth and equal to nothing."""

    def __ne__(self, other):
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = None


def test_missing_texts_have_no_label():
    assert (
        len(vf.Labels(np.zeros((4, 2)), text=np.array(["a", NAType(), None, np.nan], object))) == 1
    )
    assert len(vf.Labels(np.zeros((4, 2)), text=["", "  ", "\n\t", "a b"])) == 1


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: vf.Points(np.zeros((1, 2)), color=np.array([1j])), "color must be colours, numbers or dates; got .*1j.* row 0"),
        (lambda: vf.Points(np.zeros((3, 2)), size=[2.0, np.nan, np.nan]), "size must be a length in each row; got nan in rows 1 and 2"),
        (lambda: vf.Lines(np.zeros((2, 2)), width=np.ma.array([1.0], mask=[1])), "width must be a length in each row.*row 0"),
        (lambda: vf.Labels(np.zeros((1, 2)), text=["a"], priority=[np.nan]), "priority must be a finite number in each row; got nan in row 0"),
        (lambda: vf.Points(np.zeros((1, 2)), height=np.array([1j])), "height must be a finite number.*complex number.*row 0"),
        (lambda: vf.Points(np.zeros((1, 2)), height=np.array(["2020-01-01"], "M8[D]")), "height must be a finite.*a date or duration"),
        (lambda: vf.Points(np.zeros((2, 2)), color=["forest", "lake"]), r"got 'forest'.*in row 0; of categories pass codes"),
        (lambda: vf.Labels(np.zeros((2, 2)), text=["a", "b\ud800"]), "text must be Unicode.*surrogate pair in row 1"),
        (lambda: vf.Labels(np.zeros((1, 2)), text=["a"], priority=np.array(["NaT"], "M8[D]")), "priority must be a finite number.*row 0"),
    ],
)  # fmt: skip
def test_what_has_no_number_is_told_with_its_row(make, said):
    with pytest.raises(vf.InvalidInputError, match=said):
        make()


def test_nothing_with_columns_is_nothing():
    geopandas = pytest.importorskip("geopandas")
    empty = geopandas.GeoDataFrame({"n": [1.0], "geometry": geopandas.points_from_xy([0], [0])})[:0]
    vf.Points(empty, color="n", size="n", height="n")
    vf.Lines(empty, color="n", arc="n")
    vf.Labels(empty, text="n", priority="n")


def test_nothing_lies_beside_any_dem():
    """Whatever its coordinates would be: nobody is asked."""
    dem = vf.DEM(np.zeros((9, 9), np.float32), crs="EPSG:32633", bounds=(0, 0, 90, 90))
    for layer in (vf.Points, vf.Lines, vf.Polygons):
        assert not len(placed(layer(np.empty((0, 2)))._features, None, Setting(dem._grid, 96.0)).xy)


def test_another_body_is_refused():
    mars = vf.DEM(
        np.zeros((9, 9), np.float32), crs="+proj=eqc +R=3396190 +no_defs", bounds=(0, 0, 9e4, 9e4)
    )
    layer = vf.Points(np.array([[0.1, 0.1]]), crs="EPSG:4326")
    with pytest.raises(vf.InvalidInputError, match=r"data must lie on the DEM's own body.*WGS 84"):
        vf.render(mars, size=(8, 8), layers=[layer])


def places(xy, west, east, crs="EPSG:4326"):
    dem = vf.DEM(np.zeros((20, 40), np.float32), crs="EPSG:4326", bounds=(west, -10, east, 10))
    shapes = placed(read(np.asarray(xy, float)), crs, Setting(dem._grid, 96.0))
    half = 20 * dem._grid.spacing[0]
    return shapes.xy[:, 0] / half * (east - west) / 2 + (west + east) / 2, shapes.rows


def test_longitudes_of_another_turn_are_beside_the_dem():
    found, rows = places([(-175, 0), (170, 0), (20, 0), (190, 0)], 160, 200)
    np.testing.assert_allclose(found[rows == 0], [-175, 185])
    np.testing.assert_allclose(found[rows == 1], [170])
    assert len(found[rows == 2]) == 1
    np.testing.assert_allclose(found[rows == 3], [190])
    found, rows = places([(190, 0), (-180, 0), (180, 0), (0, 0)], -180, 180)
    np.testing.assert_allclose(sorted(found), [-180, -170, 0, 180, 190])
    features = Features(
        read(np.array([(175.0, 1), (185, 2)]), [0, 2]).shapes, 1, "EPSG:4326", no_columns, ()
    )
    dem = vf.DEM(np.zeros((20, 40), np.float32), crs="EPSG:4326", bounds=(-180, -10, 180, 10))
    shapes = placed(features, None, Setting(dem._grid, 96.0))
    np.testing.assert_allclose(np.diff(shapes.xy[:, 0])[[0, 2]], np.diff(shapes.xy[:2, 0])[0])
    assert list(shapes.rows) == [0, 0]
