"""Who uses whom: the modules of the package, and the files of the crate."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "python/vulkan_forge"
CRATE = ROOT / "src"

Node = TypeVar("Node", bound=Hashable)
Module = tuple[str, ...]


def circles(graph: Mapping[Node, Iterable[Node]]) -> list[set[Node]]:
    """Sets of nodes each of which is reached from each other: Tarjan's strongly connected components."""
    number: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    path: list[Node] = []
    found = []

    def visit(node: Node) -> None:
        number[node] = lowest[node] = len(number)
        path.append(node)
        for other in graph[node]:
            if other not in number:
                visit(other)
            if other in path:
                lowest[node] = min(lowest[node], lowest[other])
        if lowest[node] == number[node]:
            members = set(path[path.index(node) :])
            del path[path.index(node) :]
            if len(members) > 1:
                found.append(members)

    for node in graph:
        if node not in number:
            visit(node)
    return found


# --- Python


@functools.cache
def python_imports() -> dict[str, dict[str, bool]]:
    """Of each module of the package those that it imports, and whether it does so on its own import, not in a function.

    What is imported for type checkers alone does not count.
    """
    files = {".".join(_dotted(path)): path for path in PACKAGE.rglob("*.py")}
    graph: dict[str, dict[str, bool]] = {}
    for name, path in files.items():
        package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
        arrows = graph.setdefault(name, {})
        for target, at_once in _imported(ast.parse(path.read_text("utf-8")), package, True):
            while target and target not in files:  # a name in a module
                target = target.rpartition(".")[0]
            if target and target != name:
                arrows[target] = arrows.get(target, False) or at_once
    return graph


def _dotted(path: Path) -> list[str]:
    parts = ["vulkan_forge", *path.relative_to(PACKAGE).with_suffix("").parts]
    return parts[:-1] if parts[-1] == "__init__" else parts


def _imported(node: ast.AST, package: list[str], at_once: bool) -> Iterable[tuple[str, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from ((alias.name, at_once) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            base = package[: len(package) - child.level + 1] if child.level else []
            base = [*base, *(child.module or "").split(".")] if child.module else base
            for alias in child.names:
                path = [*base, alias.name]
                if "_vulkan_forge" not in path:  # the compiled module is no part of the graph
                    yield ".".join(path), at_once
        else:
            inner = at_once and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
            yield from _imported(child, package, inner)


# --- Rust


@functools.cache
def rust_uses() -> dict[Module, set[Module]]:
    """Of each file of the crate those of which it names something, through whatever re-exports; tests left out."""
    files = {_module(path): path for path in CRATE.rglob("*.rs")}
    texts = {module: _code(path.read_text("utf-8")) for module, path in files.items()}
    uses = {
        module: [
            (bool(public), path)
            for public, tree in re.findall(r"\b(pub(?:\([^)]*\))?\s+)?use ([^;]+);", text)
            for path in _paths(tree)
        ]
        for module, text in texts.items()
    }
    # A file whose folder holds others uses their names for them, and they have them from there.
    heads = {
        module
        for module, path in files.items()
        if path.name == "mod.rs" or path.with_suffix("").is_dir()
    }
    exports = {
        module: {path[-1]: path for public, path in found if public or module in heads}
        for module, found in uses.items()
    }

    def owner(base: Module, path: list[str], depth: int = 0) -> Module | None:
        """The file that has what is at `path`, as seen from `base`."""
        rest, at = list(path), base
        if rest[0] == "crate":
            rest, at = rest[1:], ()
        elif rest[0] == "self":
            rest = rest[1:]
        elif rest[0] != "super" and (*base, rest[0]) not in files:
            return None
        while rest and rest[0] == "super":
            rest, at = rest[1:], at[:-1]
        while rest and (*at, rest[0]) in files:
            rest, at = rest[1:], (*at, rest[0])
        known = exports.get(at, {})
        if rest and depth < 8 and rest[0] in known:
            return owner(at, [*known[rest[0]], *rest[1:]], depth + 1) or at
        if rest and depth < 8 and "*" in known:
            return owner(at, [*known["*"][:-1], *rest], depth + 1) or at
        return at

    graph: dict[Module, set[Module]] = {}
    for module, text in texts.items():
        named = [path for _, path in uses[module]] if module not in heads else []
        plain = re.sub(r"\buse [^;]+;", "", text)
        named += [path.split("::") for path in re.findall(r"\b((?:crate|super)(?:::\w+)+)", plain)]
        found = {owner(module, path) for path in named}
        graph[module] = {other for other in found if other and other != module}
    return graph


def _module(path: Path) -> Module:
    parts = path.relative_to(CRATE).with_suffix("").parts
    if parts == ("lib",):
        return ()
    return parts[:-1] if parts[-1] == "mod" else parts


def _code(text: str) -> str:
    """Without comments and tests, which come last."""
    text = re.sub(r"#\[cfg\(test\)\]\s*(#\[[^\]]*\]\s*)*mod \w+ \{.*", "", text, flags=re.DOTALL)
    return re.sub(r"//[^\n]*", "", text)


def _paths(tree: str) -> list[list[str]]:
    """``a::{b, c::d}`` as its paths."""
    tree = tree.strip()
    braces = re.fullmatch(r"([\w:\s]*?)(?:::)?\{(.*)\}", tree, re.DOTALL)
    if braces is None:
        return [[part.strip() for part in re.sub(r"\s+as \w+", "", tree).split("::")]]
    head = [part for part in braces[1].strip().split("::") if part]
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(braces[2]):
        depth += (letter == "{") - (letter == "}")
        if letter == "," and depth == 0:
            parts.append(braces[2][start:at])
            start = at + 1
    parts.append(braces[2][start:])
    return [head + path for part in parts if part.strip() for path in _paths(part)]
