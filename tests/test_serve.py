"""Tiles from a web server: real requests, the bytes of ``vf.tiles``, and what comes of bad ones."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import dems
import geotiffs
import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage
from vulkan_forge._serve import _tilesets

uvicorn = pytest.importorskip("uvicorn", reason="needs the extra 'serve'")
pytest.importorskip("starlette", reason="needs the extra 'serve'")
pytest.importorskip("morecantile")
pytestmark = pytest.mark.gpu
STYLE = {"samples": 1, "cmap": "gist_earth", "altitude": 20.0}
DEM = vf.DEM(
    dems.with_holes(dems.ridge(150, 170), fraction=0.01),
    transform=(30.0, 0, 400_000.0, 0, -30.0, 3_800_000.0),
    crs="EPSG:32611",
)


@contextlib.contextmanager
def served(app):
    """The address of a real server of it."""
    config = uvicorn.Config(app, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


def got(address, **headers):
    """Status, headers and body."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as reply:
            return reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.fixture(scope="module")
def app():
    return vf.tile_app(DEM, zooms=(11, 13), name="hills <1>", attribution="me", **STYLE)


@pytest.fixture(scope="module")
def address(app):
    with served(app) as found:
        yield found


def test_tiles_are_those_of_a_folder(address, tmp_path):
    for tileset, words in {
        "relief": STYLE,
        "terrarium": {"encoding": "terrarium", "fill": float(np.nanmin(DEM.data))},
    }.items():
        made = vf.tiles(DEM, tmp_path / tileset, zooms=(11, 13), **words)
        files = list((tmp_path / tileset).glob("*/*/*.png"))
        assert len(files) == made.tiles >= 6
        for file in files:
            place = file.relative_to(tmp_path).as_posix()
            status, headers, body = got(f"{address}/{place}")
            assert (status, headers["Content-Type"]) == (200, "image/png")
            assert body == file.read_bytes(), place
    # Pixels of WebP are those of PNG, and heights mean the same in both encodings.
    place = f"{file.parts[-3]}/{file.parts[-2]}/{file.stem}"
    for tileset in ("relief", "terrain-rgb"):
        pictures = []
        for suffix in ("png", "webp"):
            (tmp_path / suffix).write_bytes(got(f"{address}/{tileset}/{place}.{suffix}")[2])
            pixels = np.asarray(PillowImage.open(tmp_path / suffix).convert("RGBA")).astype(float)
            pictures.append(np.where(pixels[..., 3:] > 0, pixels, 0))
        assert np.array_equal(*pictures), tileset
    mapbox = pictures[0] @ [6553.6, 25.6, 0.1, 0] - 10000
    pixels = np.asarray(PillowImage.open(file).convert("RGBA")).astype(float)
    assert np.abs(pixels @ [256, 1, 1 / 256, 0] - 32768 - mapbox).max() < 0.06


def test_where_there_is_no_ground(address, tmp_path):
    status, _, body = got(f"{address}/relief/12/0/0.png")
    (tmp_path / "t.png").write_bytes(body)
    assert status == 200 and not np.asarray(PillowImage.open(tmp_path / "t.png")).any()
    status, _, body = got(f"{address}/terrain-rgb/12/0/0.png")
    (tmp_path / "t.png").write_bytes(body)
    pixels = np.asarray(PillowImage.open(tmp_path / "t.png"))
    assert pixels.shape == (256, 256, 3)  # opaque, or viewers see a hole of 10 km
    heights = pixels @ [6553.6, 25.6, 0.1] - 10000
    assert np.allclose(heights, np.nanmin(DEM.data), atol=0.06)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("relief/10/1/1.png", "zooms are 11 to 13; got 10"),
        ("relief/14/1/1.png", "zooms are 11 to 13; got 14"),
        ("relief/12/4096/1.png", "zoom 12 has 4096 x 4096 tiles; got column 4096, row 1"),
        ("relief/12/1/4096.png", "got column 1, row 4096"),
        ("relief/12/-1/1.png", "whole numbers"),
        ("relief/12/1.5/1.png", "whole numbers"),
        ("relief/12/1/x.png", "whole numbers"),
        (f"relief/12/{'9' * 5000}/1.png", "whole numbers"),
        ("relief/12/1/1.jpg", "tiles are png or webp; got jpg"),
        ("slope/12/1/1.png", "tile sets are relief, terrarium, terrain-rgb; got slope"),
        ("slope/tiles.json", "tile sets are relief, terrarium, terrain-rgb; got slope"),
        ("relief/12", "Not Found"),
    ],
)
def test_what_there_is_not_is_404_with_a_reason(path, reason, address):
    status, headers, body = got(f"{address}/{path}")
    assert status == 404 and reason in body.decode()
    assert headers.get("Cache-Control") in ("no-cache", None)


def test_browsers_keep_tiles_until_the_style_changes(app, address):
    listing = json.loads(got(f"{address}/relief/tiles.json")[2])
    assert listing["tilejson"] == "3.0.0" and listing["name"] == "hills <1>"
    assert (listing["minzoom"], listing["maxzoom"], listing["attribution"]) == (11, 13, "me")
    assert listing["bounds"] == pytest.approx([-118.1, 34.29, -118.03, 34.34], abs=0.02)
    assert json.loads(got(f"{address}/terrain-rgb/tiles.json")[2])["encoding"] == "mapbox"
    (template,) = listing["tiles"]
    assert template.startswith(f"{address}/relief/{{z}}/{{x}}/{{y}}.png?v=")
    place = {"{z}": "12", "{x}": "0", "{y}": "0"}
    for mark, number in place.items():
        template = template.replace(mark, number)
    status, headers, body = got(template)
    assert status == 200 and body and "immutable" in headers["Cache-Control"]
    tag = headers["ETag"]
    status, headers, body = got(template, **{"If-None-Match": f'"other", {tag}'})
    assert (status, body, headers["ETag"]) == (304, b"", tag)
    status, headers, _ = got(template.partition("?")[0])
    assert (status, headers["Cache-Control"], headers["ETag"]) == (200, "no-cache", tag)
    assert got(template, Origin="http://elsewhere")[1]["Access-Control-Allow-Origin"] == "*"
    styles = [{"cmap": "viridis"}, {"cmap": "viridis", "azimuth": 10}]
    tags = {
        vf.tile_app(DEM, zooms=9, samples=1, **words)
        .routes[-1]
        .endpoint.__self__.sets.version("relief")
        for words in styles
    }
    assert len(tags) == 2


def test_the_page_names_what_it_shows(address, tmp_path):
    status, headers, body = got(f"{address}/")
    assert status == 200 and headers["Content-Type"].startswith("text/html")
    assert b"<title>hills &lt;1&gt;</title>" in body and b"https://unpkg.com/maplibre-gl@6" in body
    with pytest.raises(vf.InvalidInputError, match=r"folder with maplibre-gl\.mjs"):
        vf.tile_app(DEM, zooms=11, maplibre=tmp_path)
    (tmp_path / "maplibre-gl.mjs").write_text("export {};")
    with served(vf.tile_app(DEM, zooms=11, maplibre=tmp_path, samples=1)) as own:
        assert b'new URL("maplibre" + "/maplibre-gl.mjs"' in got(f"{own}/")[2]
        assert got(f"{own}/maplibre/maplibre-gl.mjs")[2] == b"export {};"
        assert got(f"{own}/maplibre/../../etc/passwd")[0] == 404


def test_many_at_once_share_blocks_and_wait_their_turn(monkeypatch):
    drawn, running, most = [], [], []
    block = _tilesets.block

    def counted(look, ground, corner, end):
        running.append(corner)
        most.append(len(running))
        time.sleep(0.02)
        drawn.append((ground.level.zoom, look.encoding, corner))
        try:
            return block(look, ground, corner, end)
        finally:
            running.pop()

    monkeypatch.setattr(_tilesets, "block", counted)
    with (
        served(vf.tile_app(DEM, zooms=(11, 13), **STYLE)) as address,
        ThreadPoolExecutor(24) as pool,
    ):
        drawn.clear()
        asked = [
            f"{address}/{tileset}/13/{column}/{row}.png"
            for tileset in ("relief", "terrarium")
            for column in range(1408, 1416)
            for row in range(3264, 3272)
        ]
        answers = list(pool.map(got, asked))
    assert {status for status, _, _ in answers} == {200}
    assert len(drawn) == len(set(drawn)) == 8
    assert max(most) == 2


def test_whoever_waits_has_what_was_drawn_though_nothing_is_kept(monkeypatch):
    drawn, go_on = [], threading.Event()
    block = _tilesets.block

    def slow(look, ground, corner, end):
        drawn.append(corner)
        go_on.wait(20)
        return block(look, ground, corner, end)

    monkeypatch.setattr(_tilesets, "_MOST", 1)
    app = vf.tile_app(DEM, zooms=(11, 13), **STYLE)
    monkeypatch.setattr(_tilesets, "block", slow)
    with served(app) as address, ThreadPoolExecutor(32) as pool:
        asked = [
            f"{address}/relief/13/{column}/{row}.png"
            for row in range(3264, 3268)
            for column in range(1408, 1424, 2)
        ]
        answers = [pool.submit(got, one) for one in asked]
        time.sleep(0.4)
        go_on.set()
        assert [answer.result()[0] for answer in answers] == [200] * 32
    assert len(drawn) == len(set(drawn)) == 4


def test_whoever_went_away_is_not_drawn_for(monkeypatch):
    drawn, go_on = [], threading.Event()
    block = _tilesets.block

    def slow(look, ground, corner, end):
        drawn.append(corner)
        if ground.level.zoom == 13:
            go_on.wait(20)
        return block(look, ground, corner, end)

    app = vf.tile_app(DEM, zooms=(11, 13), **STYLE)
    monkeypatch.setattr(_tilesets, "block", slow)
    with served(app) as address:
        host = address.removeprefix("http://")
        waiting = []
        for column in (0, 4, 8, 12, 16, 20):  # two are drawn, four wait
            connection = http.client.HTTPConnection(host)
            connection.request("GET", f"/terrarium/13/{column}/0.png")
            waiting.append(connection)
            time.sleep(0.05)
        for connection in waiting[2:]:
            connection.close()
        time.sleep(0.3)
        go_on.set()
        assert [connection.getresponse().status for connection in waiting[:2]] == [200, 200]
        assert got(f"{address}/terrarium/12/0/0.png")[0] == 200  # and it goes on
        for connection in waiting[:2]:
            connection.close()
    assert len(drawn) == 3


def test_bad_words_and_a_missing_device_are_heard_of_at_once():
    with pytest.raises(vf.InvalidInputError, match="tiles take no haze"):
        vf.tile_app(DEM, haze=True)
    with pytest.raises(vf.InvalidInputError, match="Unknown colormap"):
        vf.tile_app(DEM, cmap="no such map")
    with pytest.raises(vf.NoDeviceError):
        vf.tile_app(DEM, device="no such device", zooms=11)
    with pytest.raises(vf.InvalidInputError, match="without crs"):
        vf.tile_app(vf.DEM(np.ones((9, 9)), spacing=(30, 30)))


@pytest.mark.parametrize("matrix", ["WorldCRS84Quad", "UTM31WGS84Quad", "UPSAntarcticWGS84Quad"])
def test_other_matrices_have_the_bytes_of_tiles(matrix, tmp_path):
    """Matrices in degrees, in metres and over a pole, whose definition is served beside them."""
    import morecantile

    places = {
        "WorldCRS84Quad": DEM,
        "UTM31WGS84Quad": vf.DEM(
            DEM.data, transform=(30.0, 0, 400_000.0, 0, -30.0, 3_800_000.0), crs="EPSG:32631"
        ),
        "UPSAntarcticWGS84Quad": vf.DEM(
            DEM.data, transform=(30.0, 0, 2_100_000.0, 0, -30.0, 1_900_000.0), crs="EPSG:5042"
        ),
    }
    made = vf.tiles(places[matrix], tmp_path / "made", matrix=matrix, **STYLE)
    app = vf.tile_app(places[matrix], matrix=matrix, zooms=made.zooms, name="<b>", **STYLE)
    with served(app) as address:
        files = sorted((tmp_path / "made").glob("*/*/*.png"))
        assert len(files) == made.tiles > 0
        for file in files:
            place = file.relative_to(tmp_path / "made")
            status, _, data = got(f"{address}/relief/{place}")
            assert status == 200, place
            assert data == file.read_bytes(), place
        listing = json.loads(got(f"{address}/relief/tiles.json")[2])
        assert listing["matrix"] == f"{address}/matrix.json"
        defined = morecantile.TileMatrixSet.model_validate_json(got(listing["matrix"])[2])
        corner = 0, 0, made.zooms[0]
        assert defined.xy_bounds(*corner) == morecantile.tms.get(matrix).xy_bounds(*corner)
        page = got(f"{address}/")[2].decode()
        assert "matrix.json" in page
        assert "&lt;b&gt;" in page and "maplibre" not in page
    with pytest.raises(vf.InvalidInputError, match="matrix must be one of"):
        vf.tile_app(DEM, matrix="Mercator")


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C of another process is POSIX's")
def test_the_shell_serves_until_ctrl_c(tmp_path):
    geotiffs.write(tmp_path / "dem.tif", dems.ridge(60, 70))
    command = [sys.executable, "-m", "vulkan_forge", "serve", "dem.tif", "--json"]
    words = ["--zooms", "11-12", "--samples", "1"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taken_port = str(taken.getsockname()[1])
        refusal = subprocess.run(
            [*command, "--port", taken_port], cwd=tmp_path, capture_output=True, text=True
        )
    assert refusal.returncode == 1 and refusal.stderr.count("\n") == 1
    assert "expected an address to listen at" in refusal.stderr
    server = subprocess.Popen(
        [*command, "--port", "0", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        lines = []
        while "}" not in "".join(lines):
            lines.append(server.stdout.readline())
            assert lines[-1], server.stderr.read()
        address = json.loads("".join(lines))["address"].rstrip("/")
        assert json.loads(got(f"{address}/relief/tiles.json")[2])["name"] == "dem"
        assert got(f"{address}/relief/12/0/0.png")[0] == 200
        started = time.monotonic()
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=20)
        assert (server.returncode, out, err) == (0, "", "")
        assert time.monotonic() - started < 5
    finally:
        server.kill()
        server.wait()
