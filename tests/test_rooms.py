"""Arrows between modules run down, and nowhere in a circle; functions stay short."""

from __future__ import annotations

import re

import graphs
import pytest

# What a room of the package may import beside itself and single files that are in no room; each knows those before it.
ROOMS = (
    "vulkan_forge.geo",
    "vulkan_forge.vector",
    "vulkan_forge._film",
    "vulkan_forge._tiles",
    "vulkan_forge._serve",
    "vulkan_forge._map",
    "vulkan_forge.cli",
)
# Where a picture comes from: files in no room that stand above `geo` and `vector`.
DOORS = (
    "_landing",
    "_live",
    "_orbiting",
    "_canvas",
    "_window",
    "_render",
    "_renderer",
    "_shade",
    "notebook",
    "xarray",
    "benchmark",
    "_light_source",
    "_poster",
    "relief",
)
# Rooms of the crate, with those that they may name. Everything may name `error` and `cores`.
MAY_NAME = {
    "bindings": {"render", "relief", "scene", "labels", "text", "gpu", "image_file", "host_memory"},
    "render": {"scene", "labels", "text", "gpu", "relief", "host_memory"},
    "relief": {"scene", "gpu"},
    "scene": {"labels"},
    "labels": {"text"},
    "text": set(),
    "gpu": set(),
    "image_file": set(),
    "host_memory": set(),
    "cores": set(),
    "error": set(),
}
# Files of the crate that know each other for a reason: a device and what it is found by; an engine and what it keeps.
TOGETHER = [
    {
        "buffer",
        "descriptors",
        "device",
        "fork",
        "image",
        "instance",
        "pipeline",
        "reopened",
        "report",
        "shader",
        "validation",
    },
    {"drape", "engine", "far_cells", "pyramid", "sky_view", "sun_map", "terrain"},
    {
        "grid",
        "place",
    },  # things over the ground are placed for an outlook, and a grid is of placed things
    {"ground", "labels"},  # places of labels on the ground are kept with it
    {
        "heightfield",
        "rows",
        "survey",
        "windows",
    },  # a DEM gives rows; what a survey of rows finds is a DEM's
]


def test_circles_are_found():
    """The test's own eyes."""
    assert graphs.circles({1: [2], 2: [3], 3: [1, 4], 4: [], 5: [4]}) == [{1, 2, 3}]
    arrows = graphs.python_imports()
    assert arrows["vulkan_forge._render"]["vulkan_forge._landing"] is True
    assert arrows["vulkan_forge._surface"]["vulkan_forge.geo._convert"] is False, "in a function"
    uses = graphs.rust_uses()
    water = ("scene", "scenery", "water")
    assert (
        water in uses["render", "scenery", "water"]
    ), "through two re-exports, of which one is of all"
    assert ("render", "engine") in uses["bindings", "engine"]


def test_python_modules_import_nowhere_in_a_circle():
    """Imports in functions, which only put a circle off, included."""
    assert graphs.circles(graphs.python_imports()) == []


def test_python_rooms_import_downwards():
    def room(module: str) -> int:
        inside = [at for at, name in enumerate(ROOMS) if f"{module}.".startswith(f"{name}.")]
        return inside[0] if inside else -1

    wrong = []
    for module, arrows in graphs.python_imports().items():
        for other in arrows:
            if room(module) >= 0 and room(other) > room(module):
                wrong.append((module, other))
            name = other.removeprefix("vulkan_forge.")
            if room(module) in (0, 1) and (name in DOORS or other == "vulkan_forge"):
                wrong.append((module, other))
    assert wrong == []


def test_nothing_compiled_calls_up():
    for path in graphs.CRATE.rglob("*.rs"):
        assert not re.search(r'import\("vulkan_forge', path.read_text("utf-8")), path
    (imported,) = {
        name
        for path in graphs.CRATE.rglob("*.rs")
        for name in re.findall(r'\bimport\("([\w.]+)"\)', path.read_text("utf-8"))
        if name != "os"
    }
    assert imported == "numpy"


def test_rust_rooms_name_downwards():
    arrows = {
        (module[0], other[0])
        for module, others in graphs.rust_uses().items()
        for other in others
        if module and other and module[0] != other[0]
    }
    assert {room for pair in arrows for room in pair} <= set(MAY_NAME)
    wrong = {
        (room, other)
        for room, other in arrows
        if other not in ("cores", "error") and other not in MAY_NAME[room]
    }
    assert wrong == set()
    assert graphs.circles(MAY_NAME) == []


def test_rust_files_name_each_other_only_where_they_must():
    for circle in graphs.circles(graphs.rust_uses()):
        members = {module[-1] for module in circle if len(module) > 1}
        assert any(members <= known for known in TOGETHER), sorted(members)


def test_an_option_stands_in_few_files():
    """Value, row, setter and argument; scene, numbers and reading of it; what it looks like."""
    files = [
        path
        for folder in ("src", "shaders", "python/vulkan_forge")
        for path in (graphs.ROOT / folder).rglob("*")
        if path.suffix in {".rs", ".glsl", ".comp", ".py", ".pyi"}
    ]
    named = [path for path in files if "haze" in path.read_text("utf-8").lower()]
    assert 0 < len(named) <= 8 < len(files), [str(path.relative_to(graphs.ROOT)) for path in named]


@pytest.mark.parametrize(
    ("folder", "suffixes", "most"), [("src", (".rs",), 80), ("shaders", (".comp", ".glsl"), 60)]
)
def test_functions_are_short(folder, suffixes, most):
    seen, long = 0, {}
    for path in (graphs.ROOT / folder).rglob("*"):
        if path.suffix in suffixes:
            text = (
                graphs._code(path.read_text("utf-8"))
                if path.suffix == ".rs"
                else path.read_text("utf-8")
            )
            for name, lines in _functions(text, path.suffix == ".rs"):
                seen += 1
                if lines > most:
                    long[f"{path.relative_to(graphs.ROOT)}: {name}"] = lines
    assert not long and seen > 100


def _functions(text: str, rust: bool) -> list[tuple[str, int]]:
    """Names of functions with the lines from their first to their closing brace."""
    found, lines = [], text.splitlines()
    head = re.compile(
        r"^(\s*)(?:pub(?:\([^)]*\))? |const |unsafe )*fn (\w+)" if rust else r"^()\w[\w ]* (\w+)\("
    )
    for at, line in enumerate(lines):
        start = head.match(line)
        if start is None:
            continue
        for end in range(at, len(lines)):
            if lines[end].rstrip().endswith(";") and end == at:  # declared, or of one line
                break
            if lines[end].startswith(f"{start[1]}}}"):
                found.append((start[2], end - at + 1))
                break
    return found
