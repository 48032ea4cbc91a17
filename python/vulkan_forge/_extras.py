"""Packages that only some of this package needs: imported when used, and missed with a cure."""

from __future__ import annotations

import importlib
from typing import Any

from ._vulkan_forge import VulkanForgeError


class MissingExtraError(VulkanForgeError, ImportError):
    """A package of an extra is not installed. The message names the extra and how to install it."""


def require(module: str, extra: str, purpose: str) -> Any:
    """Import `module`, which `extra` of this distribution brings and `purpose` needs.

    Raises
    ------
    MissingExtraError
        It, or something that it needs itself, cannot be imported.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtraError(
            f"{purpose} needs {module.partition('.')[0]}, which cannot be imported ({error}); "
            f"expected the extra '{extra}': pip install 'vulkan-forge[{extra}]'"
        ) from error
