"""What goes wrong in rasterio, GDAL, PROJ and pyproj, as this package's own errors. Nothing is printed."""

from __future__ import annotations

import contextlib
import threading
import warnings
from collections.abc import Iterator
from typing import Any

from .._extras import require
from .._vulkan_forge import ImageFileError, InvalidInputError, OutOfMemoryError, VulkanForgeError

_OPENING = threading.Lock()  # what warnings are ignored is the whole process's
_LONGEST = 240  # characters of a library's message: PROJ quotes whole coordinate systems


@contextlib.contextmanager
def ours(
    expected: str,
    cure: str,
    kind: type[VulkanForgeError] = InvalidInputError,
    *,
    got: str | None = None,
) -> Iterator[None]:
    """Turn any error of the libraries called inside into ``kind("{expected}, got: ...; {cure}")``.

    With `got` it says ``"{expected}; got {got} (...); {cure}"``.

    GDAL's errors reach Python as classes without a common base, beside rasterio's own and ValueError; so
    any exception is taken, but for ours. GDAL writes to standard error where no ``rasterio.Env`` is entered.
    """
    with quiet():
        try:
            yield
        except VulkanForgeError:
            raise
        except MemoryError as error:
            raise OutOfMemoryError(
                f"out of memory: {expected}, got: {error}; ask for less, with bounds=, overview= or resolution="
            ) from error
        except Exception as error:
            said = f", got: {brief(error)}" if got is None else f"; got {got} ({brief(error)})"
            raise kind(f"{expected}{said}; {cure}") from error


def opened(expected: str, cure: str, **words: Any) -> Any:
    """``rasterio.open`` of a file that may have no place on Earth, which is no matter here.

    Raises
    ------
    ImageFileError
        It cannot be read.
    """
    rasterio = require("rasterio", "geo", "a raster file")
    with _OPENING, warnings.catch_warnings(), ours(expected, cure, ImageFileError):
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        return rasterio.open(**words)


def of_source(path: str) -> tuple[str, str]:
    """What is expected of the file of a LargeDEM, perhaps in another process, and the cure where it is not there."""
    expected = f"{path}: expected the file that a LargeDEM reads from"
    return expected, "have it under this name here too"


def quiet() -> Any:
    """A context in which GDAL and PROJ report their errors to rasterio and not to standard error."""
    return require("rasterio.env", "geo", "a coordinate system").env_ctx_if_needed()


def brief(error: BaseException) -> str:
    """What a library says, on one line of readable length."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
