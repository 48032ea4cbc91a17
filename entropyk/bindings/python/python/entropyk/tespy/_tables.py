"""Results as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._parts import Part
    from .networks import Network

_Table = tuple[list[str], dict[str, list[float]]]


def _tables(network: Network) -> dict[str, _Table]:
    """Of each class, the names of its parameters, and their numbers by label."""
    tables: dict[str, _Table] = {}
    parts: list[Part] = [*network.comps.values(), *network.conns.values()]
    for part in parts:
        words = [word for word in part.parameters if not word.endswith("0")]
        if words and part.printout:
            _, rows = tables.setdefault(type(part).__name__, (words, {}))
            rows[part.label] = [part.parameters[word].val for word in words]
    return tables


def frames(network: Network) -> dict[str, Any]:
    try:
        import pandas as pd  # type: ignore[import-untyped]
    except ImportError as error:
        raise ImportError(
            "results are pandas frames: pip install pandas, or read the values of components and connections"
        ) from error
    return {
        name: pd.DataFrame.from_dict(rows, orient="index", columns=words)
        for name, (words, rows) in _tables(network).items()
    }


def text(network: Network) -> str:
    lines = []
    for name, (words, rows) in _tables(network).items():
        cells = [[name, *words]] + [
            [label, *(f"{value:.4g}" if value == value else "-" for value in row)]
            for label, row in rows.items()
        ]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for row in cells:
            first, *rest = (
                cell.rjust(width) if i else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            lines.append("  ".join([first, *rest]).rstrip())
        lines.append("")
    return "\n".join(lines)
