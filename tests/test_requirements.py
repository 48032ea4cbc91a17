"""What dev.py installs: pinned to versions that Debian 12's own Python takes too, not only the one that pinned them."""

from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parent.parent
DEBIAN_12 = "3.11.2"


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.txt")), ids=lambda path: path.stem)
def test_pins_serve_the_oldest_python(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if line[:1].isalnum()]
    assert pins and all("==" in str(pin.specifier) for pin in pins)
    for pin in pins:
        try:
            found = metadata.distribution(pin.name)
        except metadata.PackageNotFoundError:  # of a list that is not installed here
            continue
        wanted = SpecifierSet(found.metadata.get("Requires-Python", ""))
        takes = wanted.contains(DEBIAN_12) or not pin.specifier.contains(found.version)
        assert takes, f"{pin} is for Python {wanted}; pin an older one"
