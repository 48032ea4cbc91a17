#!/usr/bin/env python3
"""The one list of commands of this checkout: `python3 dev.py COMMAND`; the standard library is all it needs."""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    sys.exit("dev.py needs Python 3.11 or newer; got {}.{}".format(*sys.version_info[:2]))

from devtools.commands import main

if __name__ == "__main__":
    sys.exit(main())
