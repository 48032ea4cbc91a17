"""What dev.py installs: pinned to versions that Debian 12's own Python takes too, not only the one that pinned them."""

import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from devtools.python import WITHOUT_DEPENDENCIES  # noqa: E402

DEBIAN_12 = "3.11.2"


def pins_of(lines):
    return [Requirement(line) for line in lines if line[:1].isalnum()]


FILES = [*sorted(ROOT.glob("requirements*.txt")), ROOT / "entropyk" / "requirements-test.txt"]
LISTS = {path.stem: pins_of(path.read_text(encoding="utf-8").splitlines()) for path in FILES}
LISTS["without dependencies"] = pins_of([WITHOUT_DEPENDENCIES])


@pytest.mark.parametrize("name", LISTS)
def test_pins_serve_the_oldest_python(name):
    pins = LISTS[name]
    assert pins and all("==" in str(pin.specifier) for pin in pins)
    for pin in pins:
        try:
            found = metadata.distribution(pin.name)
        except metadata.PackageNotFoundError:  # of a list that is not installed here
            continue
        wanted = SpecifierSet(found.metadata.get("Requires-Python", ""))
        takes = wanted.contains(DEBIAN_12) or not pin.specifier.contains(found.version)
        assert takes, f"{pin} is for Python {wanted}; pin an older one"


def test_a_package_is_pinned_once():
    """All lists go into one environment."""
    names = [canonicalize_name(pin.name) for pins in LISTS.values() for pin in pins]
    assert sorted(names) == sorted(set(names))


def test_what_comes_without_its_dependencies_finds_those_that_are_used():
    [alone] = LISTS["without dependencies"]
    if alone.marker and not alone.marker.evaluate():
        pytest.skip(f"{alone.name} is not for this Python")
    lines = metadata.requires(alone.name) or []
    wanted = {canonicalize_name(Requirement(line).name) for line in lines}
    pinned = {canonicalize_name(pin.name) for pins in LISTS.values() for pin in pins}
    assert wanted - pinned == {"gdal", "jupyter"}
