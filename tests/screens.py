"""A screen of X11 that nobody sees, what it shows, and hands that use it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

SIZE = (700, 500)
MISSING = "no Xvfb or xdotool; on Debian/Ubuntu: apt install xvfb xdotool"


def available() -> bool:
    return all(shutil.which(tool) for tool in ("Xvfb", "xdotool"))


class Screen:
    """An X server with its picture in a file."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        size = f"{SIZE[0]}x{SIZE[1]}x24"
        command = ["Xvfb", "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"]
        self.server = subprocess.Popen(
            [*command, "-fbdir", self._folder.name],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.server.stdout is not None
        with self.server.stdout as said:
            self.display = f":{int(said.readline())}"

    def pixels(self) -> np.ndarray:
        """(H, W, 3) as it is now. The file is in the format of xwd: a header of words, a colour table, BGRX rows."""
        data = Path(self._folder.name, "Xvfb_screen0").read_bytes()
        header = np.frombuffer(data[:100], ">u4")
        size, height, line, colours = (int(header[at]) for at in (0, 5, 12, 19))
        start = size + 12 * colours
        rows = np.frombuffer(data, np.uint8, height * line, start).reshape(height, -1, 4)
        return rows[..., 2::-1]

    def shows(self, expected: np.ndarray, at: tuple[int, int], seconds: float = 5.0) -> bool:
        """Whether it comes to show these pixels, their left upper corner there."""
        height, width = expected.shape[:2]
        end = time.monotonic() + seconds
        while True:
            there = self.pixels()[at[1] : at[1] + height, at[0] : at[0] + width]
            if np.array_equal(there, expected[..., :3]):
                return True
            if time.monotonic() > end:
                return False
            time.sleep(0.02)

    def do(self, *words: object) -> None:
        """Hands: words of xdotool."""
        environment = os.environ | {"DISPLAY": self.display}
        subprocess.run(["xdotool", *map(str, words)], env=environment, check=True, timeout=20)

    def close(self) -> None:
        self.server.kill()
        self.server.wait()
        self._folder.cleanup()
