"""DataArrays for the tests."""

from __future__ import annotations

import dems
import numpy as np
import xarray

HEIGHTS = dems.ridge(30, 40, noise=0.05)
UTM = "EPSG:32633"


def array(
    *,
    x=None,
    y=None,
    dims=("y", "x"),
    units=None,
    mapping=None,
    name="crs",
    heights=HEIGHTS,
    **attrs,
):
    """30 m cells with their corner at (400000, 5000000), unless other coordinates are given."""
    rows, columns = heights.shape
    x = 400015.0 + 30 * np.arange(columns) if x is None else x
    y = 4999985.0 - 30 * np.arange(rows) if y is None else y
    said = {} if units is None else {"units": units}
    made = xarray.DataArray(
        heights,
        dims=dims,
        coords={dims[0]: (dims[0], y, said), dims[1]: (dims[1], x, said)},
        attrs=attrs,
    )
    return made if mapping is None else made.assign_coords({name: ((), 0, mapping)})
