"""``python -m vulkan_forge``: the command line."""

import sys

from .cli import main

sys.exit(main())
