"""``vf serve``: tiles of a DEM on a web server, with a map that shows them."""

from __future__ import annotations

import argparse
import contextlib
import os
import socket
import sys
from typing import Any

import vulkan_forge as vf
from vulkan_forge._extras import require
from vulkan_forge._serve._page import MAPLIBRE

from . import _options, _tiles
from ._console import show_json

_EPILOG = """examples:
  vf serve dem.tif
  vf serve dem.tif --port 8080 --cmap gist_earth --contours 100 --altitude 30

Open the address that it prints. Ctrl-C or SIGTERM ends it once answers under
way are given, with status 0. Other programs take ADDRESS/relief/tiles.json and
ADDRESS/terrain-rgb/tiles.json.
"""
_MOST = 512  # connections; more are told to come again
_LINGER = 5  # seconds that answers under way have at the end


def port(text: str) -> int:
    """0 to 65535."""
    if text.isdecimal() and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError(f"expected a port in 0 to 65535, got {text!r}")


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "serve",
        help="map tiles on a web server, drawn when they are asked for",
        description="Serve a DEM as map tiles, pictures and heights, and a page that shows them.",
        epilog=_EPILOG,
    )
    _options.add_input(parser)
    group = parser.add_argument_group("server")
    group.add_argument("--host", default="127.0.0.1", help="name or address (127.0.0.1)")
    group.add_argument("--port", type=port, default=8000, help="0 takes a free one (8000)")
    group.add_argument(
        "--maplibre",
        default=MAPLIBRE,
        metavar="URL|FOLDER",
        help="MapLibre GL JS 6 for the page (unpkg.com)",
    )
    group = parser.add_argument_group("tiles")
    _tiles.add_plan(group, "INPUT")
    _options.add_words(parser)
    _options.add_device(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, prog: str) -> None:
    """Read, listen, and draw until Ctrl-C."""
    uvicorn = require("uvicorn", "serve", "vf serve")
    words = _tiles.words_of_pictures(options)
    with _listening(options.host, options.port) as listener:
        app = vf.tile_app(
            _options.read(options),
            zooms=options.zooms,
            matrix=options.matrix,
            name=options.name or os.path.splitext(os.path.basename(options.input))[0],
            attribution=options.attribution,
            maplibre=options.maplibre,
            **words,
        )
        host = f"[{options.host}]" if ":" in options.host else options.host
        address = f"http://{host}:{listener.getsockname()[1]}/"
        if options.json:
            show_json({"address": address, "tilesets": ["relief", "terrain-rgb", "terrarium"]})
        else:
            print(address)
        sys.stdout.flush()
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                limit_concurrency=_MOST,
                timeout_graceful_shutdown=_LINGER,
                lifespan="off",
            )
        )
        with contextlib.suppress(KeyboardInterrupt):  # the way to end it, as is SIGTERM
            server.run(sockets=[listener])


def _listening(host: str, number: int) -> socket.socket:
    """A socket, before there is anything to draw: a port that is taken is to be heard of at once."""
    try:
        family = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, number), family=family, backlog=_MOST)
    except OSError as error:
        raise vf.VulkanForgeError(
            f"{host}:{number}: expected an address to listen at, got: {error}; pass another --port, 0 for a free one, or "
            "--host"
        ) from error
