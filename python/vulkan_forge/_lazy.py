"""Names of a package whose modules are imported when one of them is first asked for (PEP 562)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any


def lazily(
    package: str, names: Mapping[str, Sequence[str]]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of `package`: names by the module in it that has them.

    A module that is named is itself a name too, unless it begins with an underscore.
    """
    homes = {name: module for module, held in names.items() for name in held}
    modules = {module for module in names if not module.startswith("_")}

    def get(name: str) -> Any:
        if name not in homes and name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(f"{package}.{homes.get(name, name)}")
        value = getattr(module, name) if name in homes else module
        setattr(sys.modules[package], name, value)  # is found there from now on
        return value

    def names_of() -> list[str]:
        return sorted({*vars(sys.modules[package]), *homes, *modules})

    return get, names_of
