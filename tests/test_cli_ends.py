"""How commands end: told to, or with the streams closed that they write to."""

import os
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from vulkan_forge.cli import main

pytest.importorskip("rasterio")
pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(sys.platform == "win32", reason="signals and bash are POSIX's"),
]


def tell_once_it_writes(number, before):
    """Send a signal to this process as soon as there is a file that was not there `before`; what calls that off."""
    folder, stop = Path.cwd(), threading.Event()

    def tell():
        while not stop.wait(0.005):
            if set(os.listdir(folder)) - before:
                os.kill(os.getpid(), number)
                return

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()

    def call_off():
        stop.set()
        teller.join()

    return call_off


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("SIGTERM", "poster dem.tif big.png --size 4000x9000"),
        ("SIGHUP", "tiles dem.tif big.mbtiles --zooms 5-19"),
    ],
)
def test_who_is_told_to_end_leaves_no_half_file(name, line, shell, capsys):
    number = getattr(signal, name)
    usual = signal.signal(number, signal.SIG_DFL)
    before = set(os.listdir())
    call_off = tell_once_it_writes(number, before)
    try:
        assert main(line.split()) == 128 + number
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        call_off()
        signal.signal(number, usual)
    assert set(os.listdir()) == before
    assert capsys.readouterr().err.splitlines()[-1].endswith(f"error: ended by {name}")


def test_nohup_and_handlers_of_others_are_left_alone(shell, monkeypatch):
    usual = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    told = []
    mine = signal.signal(signal.SIGTERM, lambda *_: told.append("mine"))
    try:
        from vulkan_forge.cli import _info

        def run(options, prog):
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGTERM)

        monkeypatch.setattr(_info, "run", run)
        assert main(["info", "dem.tif"]) == 0 and told == ["mine"]
    finally:
        signal.signal(signal.SIGHUP, usual)
        signal.signal(signal.SIGTERM, mine)


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("render dem.tif out.png --size 24x18 >&-", 0, ""),
        ("render dem.tif - >&-", 2, "got a closed one"),
        ("info none.tif 2>&-", 1, ""),  # nor among what standard output carries
    ],
)
def test_closed_streams(line, code, said, shell):
    done = subprocess.run(
        ["bash", "-c", f"{shlex.quote(sys.executable)} -m vulkan_forge {line}"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == code and done.stdout == ""
    assert said in done.stderr and done.stderr.count("\n") == bool(said)
    assert Path("out.png").exists() is (code == 0)
