"""The software driver of the extra `software`: told to the Rust module, which opens it where nothing else fits."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

VARIABLE = "VULKAN_FORGE_SOFTWARE_DRIVER"


def offer() -> None:
    """Name the installed driver in the environment, which children inherit; a name that is there already stays."""
    if os.environ.get(VARIABLE):
        return
    found = importlib.util.find_spec("vulkan_forge_software")
    if found is None or found.origin is None:
        return
    library = Path(found.origin).with_name("libvk_swiftshader.so")
    if library.is_file():
        os.environ[VARIABLE] = str(library)


offer()
