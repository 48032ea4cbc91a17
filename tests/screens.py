"""Screens of X11 and Wayland that nobody sees, what they show, and hands that use them."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

SIZE = (700, 500)
NO_COMPOSITOR = "no weston, Xvfb or xdotool; on Debian/Ubuntu: apt install weston xvfb xdotool"
MISSING = "no Xvfb or xdotool; on Debian/Ubuntu: apt install xvfb xdotool"


CONFIGURATION = """
[core]
idle-time=0
[shell]
panel-position=none
locking=false
background-color=0xff204060
"""


def available() -> bool:
    return all(shutil.which(tool) for tool in ("Xvfb", "xdotool"))


class Screen:
    """An X server with its picture in a file."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        size = f"{SIZE[0]}x{SIZE[1]}x24"
        # Once its last client leaves it would begin anew, and refuse others meanwhile.
        command = ["Xvfb", "-noreset", "-displayfd", "1", "-screen", "0", size, "-nolisten", "tcp"]
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

    def find(self, expected: np.ndarray, seconds: float = 5.0) -> tuple[int, int] | None:
        """Where it comes to show these pixels: their left upper corner; None if it does not."""
        height, width = expected.shape[:2]
        rows = np.ascontiguousarray(expected[..., :3])
        middle, end = rows[height // 2].tobytes(), time.monotonic() + seconds
        while time.monotonic() < end:
            there = np.ascontiguousarray(self.pixels())
            for y in range(len(there) - height + 1):
                x, odd = divmod(there[y + height // 2].tobytes().find(middle), 3)
                if (
                    not odd
                    and x >= 0
                    and np.array_equal(there[y : y + height, x : x + width], rows)
                ):
                    return x, y
            time.sleep(0.02)
        return None

    def do(self, *words: object) -> None:
        """Hands: words of xdotool."""
        environment = os.environ | {"DISPLAY": self.display}
        subprocess.run(["xdotool", *map(str, words)], env=environment, check=True, timeout=20)

    def close(self) -> None:
        self.server.kill()
        self.server.wait()
        self._folder.cleanup()


class Compositor:
    """A Wayland compositor, whose only output is a window that fills a screen of X11.

    weston has a back end without any screen too, but no hands there, without which GLFW 3.4 ends in
    a segmentation fault.
    """

    def __init__(self) -> None:
        self.screen = Screen()
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        folder.chmod(0o700)
        (folder / "weston.ini").write_text(CONFIGURATION, encoding="utf-8")
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "WAYLAND_DISPLAY": "wayland-of-tests",
            "DISPLAY": None,
            "XDG_SESSION_TYPE": None,
        }
        command = ["weston", "--backend=x11-backend.so", "--use-pixman", "--shell=desktop-shell.so"]
        command += [f"--width={SIZE[0]}", f"--height={SIZE[1]}", "--socket=wayland-of-tests"]
        self.server = subprocess.Popen(
            [*command, f"--config={folder}/weston.ini"],
            env=os.environ | {"XDG_RUNTIME_DIR": str(folder), "DISPLAY": self.screen.display},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + 20
        while not (self.screen.pixels() == (0x20, 0x40, 0x60)).all(axis=2).mean() > 0.9:
            assert time.monotonic() < end and self.server.poll() is None, "weston did not start"
            time.sleep(0.02)
        self.screen.do("mousemove", 0, 0)  # its pointer is drawn over windows

    @staticmethod
    def available() -> bool:
        return available() and shutil.which("weston") is not None

    def close(self) -> None:
        self.server.kill()
        self.server.wait()
        self.screen.close()
        self._folder.cleanup()
