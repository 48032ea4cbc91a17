"""``VULKAN_FORGE_VALIDATION=1``: a process with a validation message ends with a failure."""

from __future__ import annotations

import atexit
import os
import sys

from . import _vulkan_forge


def _fail_if_messages() -> None:
    if not _vulkan_forge._take_validation_messages():
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)  # the only way to change the exit status this late


if os.environ.get("VULKAN_FORGE_VALIDATION", "0") not in ("", "0"):
    # Imported first of all, so that it runs after every other handler.
    atexit.register(_fail_if_messages)
