"""``rio vf ...``: the same commands through rasterio's plug-in entry point."""

from __future__ import annotations

import sys

import click

from ._main import main


@click.command(
    "vf",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    short_help="Terrain pictures and relief rasters on Vulkan.",
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def vf(arguments: tuple[str, ...]) -> None:
    """Run a command of vulkan-forge."""
    sys.exit(main(arguments))
