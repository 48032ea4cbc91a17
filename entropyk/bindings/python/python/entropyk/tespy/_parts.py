"""What components and connections have in common: parameters that are set, unset and found."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, ClassVar

from entropyk import ValidationError

from ._errors import unknown
from .tools.characteristics import CharLine, CharMap


class Value:
    """One number: `val` in the network's unit, `val_SI`, and whether it is set or found.

    In off-design what is set may be let go: then `val` is what is found, and `given` what was set.
    """

    __slots__ = ("given", "is_set", "is_var", "quantity", "ref", "val", "val_SI")

    def __init__(self, quantity: str) -> None:
        self.quantity = quantity
        self.val = math.nan
        self.val_SI = math.nan
        self.is_set = False
        self.is_var = False
        self.given = math.nan
        self.ref: Any = None

    def __repr__(self) -> str:
        state = "set" if self.is_set else "found"
        return f"Value({self.val!r}, {state})"


class Char:
    """A characteristic of a component: its line or map, and what it is over."""

    __slots__ = ("char_func", "is_set", "param")

    def __init__(self, default: CharLine | None, param: str) -> None:
        self.char_func: CharLine | CharMap | None = default
        self.param = param
        self.is_set = False


def finite(label: str, word: str, value: Any) -> float:
    """A finite number, whatever kind of number it is given as."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ValidationError(
            f"{label}: expected a number for {word}, in the network's unit, or None; got {value!r}"
        ) from None
    if not math.isfinite(number):
        raise ValidationError(f"{label}: expected a finite {word}, or None; got {number}")
    return number


class Part:
    """Something of a network that has a label and parameters."""

    # parameter -> quantity; those only found
    words: ClassVar[dict[str, str]] = {}
    found: ClassVar[dict[str, str]] = {}
    # characteristic -> (class and name of its default line, what it is over)
    chars: ClassVar[dict[str, tuple[str, str]]] = {}
    # groups of characteristics, that offdesign lists may name
    groups: ClassVar[dict[str, tuple[str, ...]]] = {}
    flags: ClassVar[dict[str, bool]] = {}
    # characteristics whose `param` is what it is
    fixed: ClassVar[frozenset[str]] = frozenset()
    # names of other versions
    aliases: ClassVar[dict[str, str]] = {}
    # parameters that may be "var": found, with what they belong to
    variable: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, label: str) -> None:
        if not isinstance(label, str) or not label:
            raise ValidationError(f"expected a label of letters, got {label!r}")
        self.label = label
        self.parameters: dict[str, Value] = {
            word: Value(quantity) for word, quantity in (self.words | self.found).items()
        }
        self.characteristics = {
            word: Char(self._default_line(word, name), over)
            for word, (name, over) in self.chars.items()
        }
        self.switches = dict(self.flags)
        self.design: list[str] = []
        self.offdesign: list[str] = []
        self.printout = True
        self.at: dict[str, Any] = {}

    @staticmethod
    def _default_line(word: str, name: str) -> CharLine | None:
        from ._curves import line

        return line(name, word) if name else None

    def known(self) -> list[str]:
        """All that can be set."""
        return [
            *self.words,
            *self.chars,
            *self.groups,
            *self.flags,
            *self.aliases,
            *("design", "offdesign", "printout"),
        ]

    def __getattr__(self, word: str) -> Any:
        if word.startswith("__") or "parameters" not in self.__dict__:
            raise AttributeError(word)
        word = self.aliases.get(word, word)
        for table in (self.parameters, self.characteristics, self.switches):
            if word in table:
                return table[word]
        raise AttributeError(str(unknown(self.label, word, [*self.known(), *self.found])))

    def get_attr(self, word: str) -> Any:
        return getattr(self, word)

    def set_attr(self, **words: Any) -> None:
        """Sets parameters; None unsets one."""
        for word, value in words.items():
            self._set(self.aliases.get(word, word), value)

    def _set(self, word: str, value: Any) -> None:
        if word in self.words:
            self._set_number(word, value)
        elif word in self.chars:
            self._set_characteristic(word, value)
        elif word in self.flags:
            if not isinstance(value, bool):
                raise ValidationError(
                    f"{self.label}: expected True or False for {word}, got {value!r}"
                )
            self.switches[word] = value
        elif word in self.groups:
            for element in self.groups[word]:
                self.characteristics[element].is_set = bool(value)
        elif word in ("design", "offdesign"):
            setattr(self, word, self._list(word, value))
        elif word == "printout":
            self.printout = bool(value)
        else:
            raise unknown(self.label, word, self.known())

    def _set_number(self, word: str, value: Any) -> None:
        parameter = self.parameters[word]
        parameter.ref = None
        if value is None:
            parameter.is_set = parameter.is_var = False
            return
        if isinstance(value, str) and value == "var":
            if word not in self.variable:
                raise unknown(f'{self.label}: "var"', word, self.variable or ["none"])
            parameter.is_set, parameter.is_var = False, True
            return
        number = finite(self.label, word, value)
        parameter.val = parameter.given = number
        parameter.is_set, parameter.is_var = True, False

    def _set_characteristic(self, word: str, value: Any) -> None:
        char = self.characteristics[word]
        if value is None:
            char.is_set = False
            return
        # as in tespy, a line alone says which, and `is_set` whether it is held
        said = value if isinstance(value, dict) else {"char_func": value}
        for key, what in said.items():
            if key == "char_func" and isinstance(what, CharLine | CharMap):
                char.char_func = what
            elif key == "param" and isinstance(what, str):
                if word in self.fixed and what != char.param:
                    raise unknown(f"{self.label}: param of {word}", what, [char.param])
                char.param = what
            elif key == "is_set" and isinstance(what, bool):
                char.is_set = what
            else:
                raise ValidationError(
                    f"{self.label}: expected of {word} a CharLine, a CharMap, or a dict of char_func, param and is_set; "
                    f"got {key}={what!r}"
                )

    def _list(self, word: str, value: Any) -> list[str]:
        if isinstance(value, str) or not isinstance(value, Iterable):
            raise ValidationError(
                f"{self.label}: expected a list of words for {word}, got {value!r}"
            )
        listed = [self.aliases.get(str(v), str(v)) for v in value]
        known = [*self.words, *self.chars, *self.groups]
        for item in listed:
            if item not in known:
                raise unknown(f"{self.label}: {word}", item, known)
        return listed
