"""Write src/scene/colormaps.txt, the built-in colour tables, from an installed matplotlib.

    python tools/make_colormaps.py

One line per map: its name, then its colours as RRGGBB, the bytes of ``matplotlib.colormaps[name]``. The
reverse of a map, ``name_r``, has a line of its own only where matplotlib rounds it differently, else the
second word of the map's line is that name. Run it again only to add a map; the numbers that are checked in
are what the tests of ``src/scene/colormap.rs`` hold.
"""

from pathlib import Path

import matplotlib as mpl
import numpy as np

# The first three are promised by the API; the rest stand in groups.
NAMES = """
viridis magma terrain
inferno plasma cividis turbo gray gist_earth twilight twilight_shifted coolwarm
Greys Blues Greens Oranges Purples Reds YlGn YlGnBu YlOrBr YlOrRd GnBu BuGn PuBu PuBuGn BuPu OrRd
RdYlBu RdYlGn RdBu RdGy Spectral BrBG PiYG PRGn PuOr bwr seismic berlin managua vanimo
cubehelix ocean bone copper hot jet pink spring summer autumn winter cool hsv rainbow
gist_gray gist_heat gist_ncar gist_rainbow gist_stern gnuplot gnuplot2 CMRmap brg binary afmhot Wistia
""".split()

HEADER = """\
# Colour tables of matplotlib {version}, written by tools/make_colormaps.py.
# Each line: name, reversed name or -, colours RRGGBB (sRGB). Sources and licences:
# all are matplotlib's, used under its licence (PSF-based, BSD-compatible,
# https://matplotlib.org/stable/project/license.html), which itself names: ColorBrewer's maps
# (copyright 2002 C. Brewer, M. Harrower, Pennsylvania State University, Apache-2.0), the Yorick
# maps gist_* (BSD-style), Wistia (MIT). viridis, magma, inferno, plasma: S. van der Walt and
# N. Smith; cividis: J. Nunez, C. Anderton, R. Renslow; twilight: B. Bechtold; turbo: A. Mikhailov;
# coolwarm: K. Moreland; cubehelix: D. A. Green; berlin, managua, vanimo: after F. Crameri.
"""


def colours(name: str) -> list[str]:
    """All entries of one map, RRGGBB."""
    colormap = mpl.colormaps[name]
    return [bytes(rgba[:3]).hex() for rgba in colormap(np.arange(colormap.N), bytes=True)]


def main() -> None:
    """Write the table beside the Rust file that reads it."""
    lines = [HEADER.format(version=mpl.__version__)]
    for name in NAMES:
        forward, backward = colours(name), colours(name + "_r")
        if backward == forward[::-1]:
            lines.append(f"{name} {name}_r {' '.join(forward)}\n")
        else:
            lines.append(f"{name} - {' '.join(forward)}\n{name}_r - {' '.join(backward)}\n")
    target = Path(__file__).resolve().parents[1] / "src" / "scene" / "colormaps.txt"
    target.write_text("".join(lines), encoding="ascii", newline="\n")


if __name__ == "__main__":
    main()
