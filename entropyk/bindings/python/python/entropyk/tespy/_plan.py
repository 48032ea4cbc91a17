"""What a network comes to: components, connections and relations of entropyk, apart from the numbers that are given.

Two networks of one shape differ in numbers alone, so that the second can be solved with the system of the first.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import entropyk as ek

from .tools.characteristics import CharLine, CharMap

if TYPE_CHECKING:
    from ._parts import Part
    from ._units import Units

Port = tuple[str, int]
Design = Mapping[str, Mapping[str, Mapping[str, float]]]


class Plan:
    """Collects what a network comes to."""

    def __init__(self, units: Units, offdesign: bool, design: Design | None) -> None:
        self.units, self.offdesign, self.design = units, offdesign, design
        self.components: list[tuple[Any, ...]] = []
        self.relations: list[tuple[Any, ...]] = []
        self.edges: list[tuple[Any, ...]] = []
        self.values: dict[str, float] = {}
        self.functions: dict[str, Callable[..., float]] = {}
        self.ports: dict[tuple[Part, str], Port] = {}
        self.edge_of: dict[Part, str] = {}
        self.core: dict[Part, str] = {}

    # what is given

    def active(self, part: Part, word: str) -> bool:
        """Whether a parameter is held: in off-design, some are let go and others held at their design values."""
        if self.offdesign and word in part.design:
            return False
        if self.offdesign and word in part.offdesign:
            return True
        group = part.characteristics.get(word) or part.parameters.get(word)
        return bool(group and group.is_set)

    def value(self, part: Part, word: str) -> float | None:
        """What a parameter is held at, in SI units; None if it is not."""
        if not self.active(part, word):
            return None
        if self.offdesign and word in part.offdesign:
            return self.design_value(part, word)
        parameter = part.parameters[word]
        return self.units.to_si(parameter.quantity, parameter.given)

    def design_value(self, part: Part, word: str) -> float:
        """What a parameter was in the design."""
        kind = "connections" if hasattr(part, "source") else "components"
        if self.design is None:
            raise ek.ValidationError(
                f"{part.label}: {word} refers to a design; give design_path, as network.save(as_dict=True) returns it"
            )
        value = self.design.get(kind, {}).get(part.label, {}).get(word, math.nan)
        if not math.isfinite(value):
            raise ek.ValidationError(f"{part.label}: the design has no {word}")
        return value

    def divisor(self, part: Part, word: str) -> float:
        """What a parameter was in the design, to which others are related: not 0."""
        value = self.design_value(part, word)
        if value == 0:
            raise ek.ValidationError(
                f"{part.label}: {word} is 0 in the design, so that nothing can be related to it; give another design"
            )
        return value

    def keywords(self, part: Part, words: Mapping[str, str]) -> dict[str, float]:
        """Those parameters that are held, by the words of entropyk."""
        values = {core: self.value(part, word) for word, core in words.items()}
        return {core: value for core, value in values.items() if value is not None}

    def store(self, part: Part, word: str, value: float) -> None:
        """Takes over what was found, in both units; what is held keeps its number."""
        parameter = part.parameters[word]
        parameter.val_SI = value
        # in off-design, what is listed for it is held at its design value instead of what is set
        listed = self.offdesign and word in part.offdesign
        held = parameter.is_set and self.active(part, word) and not listed
        parameter.val = parameter.given if held else self.units.from_si(parameter.quantity, value)

    # what it comes to

    def add(
        self,
        part: Part,
        kind: Any,
        keywords: Mapping[str, float] | None = None,
        *more: Any,
        name: str = "",
    ) -> str:
        """A component; its name."""
        name = self.core[part] + name
        keywords = keywords or {}
        self.components.append((name, kind, tuple(keywords), more))
        self.values.update({f"{name}.{word}": value for word, value in keywords.items()})
        return name

    def own(self, name: str, value: float | None = None) -> None:
        """A value of its own."""
        self.relations.append((name, None, (), value is not None))
        if value is not None:
            self.values[name] = value

    def relate(self, name: str, kind: Any, *data: Any, value: float | None = None) -> None:
        """A relation, whose value is held if one is given."""
        self.relations.append((name, kind, data, value is not None))
        if value is not None:
            self.values[name] = value

    def call(self, name: str, of: list[str], function: Callable[..., float]) -> None:
        """A function that is zero."""
        self.functions[name] = function
        self.relations.append((name, ek.Zero, (tuple(of), id(function)), False))

    def line(self, name: str, over: str, char: CharLine | CharMap | None, *more: str) -> None:
        """A value on a characteristic."""
        if isinstance(char, CharLine) and not more:
            self.relate(name, ek.Curve, over, tuple(char.x), tuple(char.y), char.extrapolate)
        elif isinstance(char, CharMap) and more:
            rows = [tuple(tuple(row) for row in v) for v in (char.y, char.z)]
            self.relate(name, ek.Surface, (over, *more), tuple(char.x), *rows, char.extrapolate)
        else:
            wanted = "a CharMap" if more else "a CharLine"
            raise ek.ValidationError(f"{name}: expected {wanted} as char_func, got {char!r}")

    def edge(self, part: Part, port: str) -> str:
        """The connection at a port."""
        return self.edge_of[part.at[port]]

    def over(
        self, part: Part, word: str, param: str, inlet: str = "in1", outlet: str = "out1"
    ) -> str:
        """What a characteristic is over, relative to the design; the name of that value."""
        name = f"{self.core[part]}.{word} over {param}"
        into, out = part.at[inlet], part.at[outlet]
        if param in ("m", "v"):
            terms, design = {f"{self.edge_of[into]}.{param}": 1.0}, self.divisor(into, param)
        elif param == "m_out":
            terms, design = {f"{self.edge_of[out]}.m": 1.0}, self.divisor(out, "m")
        elif param == "pr":
            terms = {f"{self.edge_of[out]}.p": 1.0, f"{self.edge_of[into]}.p": -1.0}
            design = self.divisor(out, "p") / self.divisor(into, "p")
        else:
            raise ek.ValidationError(
                f"{part.label}: {word} can be over m, m_out, v or pr, not over {param!r}"
            )
        self.relate(name, ek.Product, tuple(terms.items()), 1.0 / design)
        return name

    # the system

    def shape(self) -> tuple[Any, ...]:
        return tuple(self.components), tuple(self.edges), tuple(self.relations)

    def build(self) -> ek.System:
        """The system, with all values that are given."""
        system = ek.System("Water")  # connections say what flows in them
        handles = {}
        for name, kind, words, more in self.components:
            said = {word: self.values[f"{name}.{word}"] for word in words}
            extra: dict[str, Any] = dict(m for m in more if isinstance(m, tuple))
            plain = [m for m in more if not isinstance(m, tuple)]
            handles[name] = system.add_component(kind(*plain, **said, **extra), name)
        for source, target, name, fluid, words in self.edges:
            a, b = ((handles[end[0]], end[1]) for end in (source, target))
            given: dict[str, Any] = {word: self.values[f"{name}.{word}"] for word in words}
            system.add_edge(a, b, name, fluid=fluid, **given)
        for name, kind, data, held in self.relations:
            value = self.values[name] if held else None
            if kind is None:
                system.add_value(name, value)
            else:
                system.add_relation(name, self._relation(name, kind, data), value)
        system.finalize()
        return system

    def _relation(self, name: str, kind: Any, data: tuple[Any, ...]) -> ek.Relation:
        if kind is ek.Sum:
            return ek.Sum(dict(data[0]))
        if kind is ek.Product:
            return ek.Product(dict(data[0]), factor=data[1])
        if kind is ek.Zero:
            return ek.Zero(list(data[0]), self.functions[name])
        *points, extrapolate = data
        made: ek.Relation = kind(*points, extrapolate=extrapolate)
        return made
