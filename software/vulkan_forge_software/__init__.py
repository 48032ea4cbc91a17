"""A software Vulkan driver for vulkan_forge: the library beside this file, and where it is."""

from pathlib import Path

__version__ = "0.1.0"


def library() -> Path:
    """The driver's shared library."""
    return Path(__file__).with_name("libvk_swiftshader.so")
