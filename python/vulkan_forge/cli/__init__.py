"""The shell's door: ``vulkan-forge``, or ``vf`` for short.

``python -m vulkan_forge`` is the same. Exit codes: 0 done, 1 it could not be done (files, devices), 2 the
command line is wrong. Errors are one line on standard error.
"""

from ._main import main

__all__ = ["main"]
