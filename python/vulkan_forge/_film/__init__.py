"""Films: ways of a camera (`_path.py`), and what becomes of them (`_animate.py`)."""

from ._animate import animate as animate
from ._path import Path as Path
