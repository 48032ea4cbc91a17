"""Relief as an algorithm of a real titiler under uvicorn: tiles that fit, and refusals in titiler's own way."""

import io
import json
import urllib.parse

import dems
import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage
from test_serve import got, served

morecantile = pytest.importorskip("morecantile")
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:The dataset has no Overviews"),
]
CELL = 40_075_016.685578488 / 256 / 2**13
WORDS = {"vmin": 0, "vmax": 900, "cmap": "gist_earth", "altitude": 25, "samples": 1}


@pytest.fixture(scope="module", autouse=True)
def titiler():
    return pytest.importorskip(
        "titiler.core", reason="needs the extra 'titiler'; dev.py torture has it"
    )


@pytest.fixture(scope="module")
def address(titiler, tmp_path_factory):
    from fastapi import FastAPI
    from titiler.core.errors import DEFAULT_STATUS_CODES, add_exception_handlers
    from titiler.core.factory import TilerFactory
    from vulkan_forge.titiler import algorithms

    file = tmp_path_factory.mktemp("titiler") / "dem.tif"
    # In the cells of zoom 13, so that whatever GDAL resamples stays as it is.
    left, top = -13_150_837.84 // CELL * CELL, 4_076_233.84 // CELL * CELL
    heights = dems.rough(700, 720, relief=900.0)
    vf.DEM(heights, transform=(CELL, 0, left, 0, -CELL, top), crs="EPSG:3857").save(file)
    app = FastAPI()
    app.include_router(TilerFactory(process_dependency=algorithms.dependency).router)
    add_exception_handlers(app, DEFAULT_STATUS_CODES)
    with served(app) as server:
        yield f"{server}/tiles/WebMercatorQuad/{{}}/{{}}/{{}}.png?url={file}&algorithm=vulkan_forge"


def tile(address, zoom, column, row, words=WORDS, **query):
    query["algorithm_params"] = json.dumps(words)
    asked = address.format(zoom, column, row) + "&" + urllib.parse.urlencode(query)
    status, _, body = got(asked)
    if status != 200:
        return status, json.loads(body)["detail"]
    return status, np.asarray(PillowImage.open(io.BytesIO(body)).convert("RGBA")).astype(int)


def test_neighbours_fit_with_the_buffer_that_shadows_need(address):
    zoom = 13
    middle = morecantile.tms.get("WebMercatorQuad").tile(-118.05, 34.30, zoom - 1)
    _, whole = tile(address, zoom - 1, middle.x, middle.y, tilesize=512, buffer=128)
    assert whole.shape == (512, 512, 4)
    off = {}
    for buffer in (128, None):
        query = {"buffer": buffer} if buffer else {}
        rows = []
        for down in (0, 1):
            parts = [
                tile(
                    address, zoom, 2 * middle.x + right, 2 * middle.y + down, tilesize=256, **query
                )
                for right in (0, 1)
            ]
            assert [status for status, _ in parts] == [200, 200]
            rows.append(np.hstack([pixels for _, pixels in parts]))
        assert rows[0].shape == (256, 512, 4)
        known = (whole[..., 3] > 0) & (np.vstack(rows)[..., 3] > 0)
        assert known.mean() > 0.5
        off[buffer] = (np.abs(np.vstack(rows) - whole).max(axis=2) > 1)[known].mean()
    assert off[128] < 0.001 < off[None] / 3, off


def test_pictures_are_those_of_our_own_server(address):
    """With the same words; light counts in metres on the ground, which are shorter than the matrix's here."""
    file = urllib.parse.parse_qs(urllib.parse.urlparse(address).query)["url"][0]
    middle = morecantile.tms.get("WebMercatorQuad").tile(-118.05, 34.30, 13)
    _, ours = tile(address, *(middle.z, middle.x, middle.y), buffer=160)
    with served(vf.tile_app(file, zooms=13, **WORDS)) as server:
        body = got(f"{server}/relief/13/{middle.x}/{middle.y}.png")[2]
    theirs = np.asarray(PillowImage.open(io.BytesIO(body)).convert("RGBA")).astype(int)
    assert (theirs[..., 3] == 255).all()
    assert np.array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({}, "vmin"),
        ({"vmin": 5, "vmax": 1}, "vmin must be less than vmax"),
        (WORDS | {"haze": True}, "tiles take no haze"),
        (WORDS | {"colour": 1}, "expected words of render"),
        (WORDS | {"cmap": "nothing"}, "Unknown colormap"),
        (WORDS | {"buffer": -1}, "buffer"),
    ],
)
def test_bad_parameters_are_answered_400(words, reason, address):
    status, detail = tile(address, 13, 1409, 3268, words)
    assert status == 400 and reason in detail


def test_a_buffer_that_leaves_nothing_is_refused():
    from rio_tiler.models import ImageData
    from vulkan_forge.titiler import Relief

    image = ImageData(np.zeros((1, 64, 64), np.float32), crs="EPSG:3857", bounds=(0, 0, 64, 64))
    with pytest.raises(vf.InvalidInputError, match="buffer must leave something"):
        Relief(vmin=0, vmax=1, buffer=32)(image)
    with pytest.raises(vf.InvalidInputError, match="lies somewhere"):
        Relief(vmin=0, vmax=1)(ImageData(np.zeros((1, 64, 64), np.float32)))
