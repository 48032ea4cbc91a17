#!/usr/bin/env python3
"""Proof that the wheels are all a bare machine needs: `sudo python3 tools/bare_machine.py [SUITE]`.

Makes a root file system of Debian's minbase with Python and nothing else (no Vulkan loader, no driver,
no X), installs the renderer's two wheels of dist/ and NumPy there as an ordinary user, draws, and compares
the bytes with those that the same driver draws on this machine. Entropyk's wheel is installed beside NumPy
alone, and solves a cycle to the number that it has here. Needs debootstrap, root, and `dev.py wheel` before.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
MIRROR = "http://deb.debian.org/debian"
USER = "1000:1000"
PICTURE = """
import hashlib, os, tempfile, time
start = time.perf_counter()
import numpy as np
import vulkan_forge as vf
y, x = np.mgrid[-3:3:400j, -3:3:400j]
dem = 900 * np.exp(-(x**2 + y**2) / 2) * (1 + 0.15 * np.sin(5 * x) * np.cos(4 * y))
picture = vf.render(dem, spacing=(10, 10), size=(800, 500), device="SwiftShader")
picture.save(os.path.join(tempfile.mkdtemp(), "hill.png"))
print(hashlib.sha256(np.asarray(picture).tobytes()).hexdigest())
print(f"{vf.devices()[0].name}; import to PNG {time.perf_counter() - start:.2f} s")
"""


# The cycle of Entropyk's README, without the tests' help: a bare machine has none.
CYCLE = """
import entropyk as ek
system = ek.SystemBuilder("R134a")
sink, source = ek.Stream("Water", T=313, m=6), ek.Stream("Water", T=288, m=8)
system.component("compressor", ek.Compressor(eta_s=0.75))
system.component("condenser", ek.Condenser(ua=25e3, pr=0.99, subcooling=3, secondary=sink))
system.component("valve", ek.ExpansionValve())
system.component("evaporator", ek.Evaporator(ua=20e3, pr=0.98, superheat=5, secondary=source))
system.edge("compressor", "condenser", m=1.0).edge("condenser", "valve")
system.edge("valve", "evaporator").edge("evaporator", "compressor")
print(f"COP {ek.NewtonConfig().solve(system.build()).cop_heating:.9f}")
"""
MOST = 3e6  # bytes of Entropyk's wheel


def inside(root: Path, command: list[str], *, user: str = USER) -> str:
    """What a command prints in the root file system, with no variable of this machine's."""
    words = ["chroot", f"--userspec={user}", str(root), "/usr/bin/env", "-i", "HOME=/home/user"]
    words += ["PATH=/usr/bin:/bin", *command]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command[:4])} exited with {done.returncode}:\n{done.stderr}")
    return done.stdout


def main() -> None:
    suite = sys.argv[1] if len(sys.argv) > 1 else "bookworm"
    drawing, solving = (sorted(DIST.glob(f"{name}*.whl")) for name in ("vulkan_forge", "entropyk"))
    if len(drawing) != 2 or len(solving) != 1:
        sys.exit(
            "expected the renderer's two wheels and Entropyk's in dist/; run `python3 dev.py wheel`"
        )
    size = solving[0].stat().st_size
    if size > MOST:
        sys.exit(f"{solving[0].name} has {size / 1e6:.1f} MB; expected at most {MOST / 1e6:.0f}")
    with tempfile.TemporaryDirectory(prefix="bare-") as folder:
        root = Path(folder) / suite
        packages = "--include=python3,python3-venv"
        print(f"debootstrap --variant=minbase {packages} {suite}", flush=True)
        subprocess.run(
            ["debootstrap", "--variant=minbase", packages, suite, str(root), MIRROR],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        found = [name for name in root.rglob("lib*vulkan*") if "python" not in str(name)]
        assert not found, f"the root file system has {found}"
        home = root / "home" / "user"
        home.mkdir()
        shutil.copytree(DIST, home / "wheels")
        version = inside(
            root, ["python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        )
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "numpy"),
                *("--only-binary", ":all:", "--python-version", version.strip()),
                *("-d", str(home / "wheels")),
            ],
            check=True,
        )
        (home / "picture.py").write_text(PICTURE, encoding="utf-8")
        (home / "cycle.py").write_text(CYCLE, encoding="utf-8")
        subprocess.run(["chown", "-R", USER, str(home)], check=True)
        start = time.perf_counter()
        inside(root, ["python3", "-m", "venv", "/home/user/env"])
        python = "/home/user/env/bin/python"
        wheels_there = ["--no-index", "--find-links", "/home/user/wheels"]
        inside(
            root, [python, "-m", "pip", "install", "-q", *wheels_there, "vulkan-forge[software]"]
        )
        installed = time.perf_counter()
        said = inside(root, ["/bin/sh", "-c", f"cd /home/user && {python} picture.py"])
        there, report = said.splitlines()
        print(f"bare {suite}: {report}")
        print(
            f"environment and wheels {installed - start:.1f} s, picture {time.perf_counter() - installed:.1f} s"
        )
        # an environment of its own: NumPy is all that comes with it
        inside(root, ["python3", "-m", "venv", "/home/user/cycles"])
        python = "/home/user/cycles/bin/python"
        inside(root, [python, "-m", "pip", "install", "-q", *wheels_there, "entropyk"])
        solved = inside(root, [python, "/home/user/cycle.py"]).strip()
        print(f"bare {suite}: entropyk, {size / 1e6:.2f} MB: {solved}")
    with tempfile.TemporaryDirectory() as folder:
        command = [str(ROOT / "dev.py"), "run", "python", "-c", PICTURE]
        driver = ROOT / ".deps" / "swiftshader" / "libvk_swiftshader.so"
        done = subprocess.run(
            [sys.executable, *command],
            env=os.environ | {"VULKAN_FORGE_DRIVER": str(driver)},
            capture_output=True,
            text=True,
            cwd=folder,
            check=True,
        )
    here = next(
        line for line in done.stdout.splitlines() if len(line) == hashlib.sha256().digest_size * 2
    )
    print("the same bytes as here" if here == there else f"OTHER BYTES: {there} there, {here} here")
    command = [sys.executable, str(ROOT / "dev.py"), "run", "python", "-c", CYCLE]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    agreed = solved in done.stdout.splitlines()
    print(
        "the same cycle as here" if agreed else f"ANOTHER CYCLE: {solved} there, {done.stdout} here"
    )
    sys.exit(here != there or not agreed)


if __name__ == "__main__":
    main()
