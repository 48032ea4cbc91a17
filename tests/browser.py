"""A headless Chromium, spoken to over its DevTools protocol, and a JupyterLab for it to visit."""

from __future__ import annotations

import base64
import contextlib
import itertools
import json
import os
import queue
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import websocket  # of the package websocket-client, which jupyter_server brings

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")


class Browser:
    """One page of one browser."""

    def __init__(self, profile: Path, size=(1100, 900), webgl=False):
        gl = (
            ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
            if webgl
            else ["--disable-gpu"]
        )
        self._process = subprocess.Popen(
            [
                CHROMIUM,
                "--headless=new",
                "--no-sandbox",
                *gl,
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                f"--user-data-dir={profile}",
                f"--window-size={size[0]},{size[1]}",
                "about:blank",
            ],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"HOME": str(profile)},
        )
        lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._drain, args=(lines,), daemon=True)
        self._reader.start()
        deadline = time.monotonic() + 60
        port = None
        while port is None:
            line = lines.get(timeout=max(0.1, deadline - time.monotonic()))
            found = re.search(r"DevTools listening on ws://127\.0\.0\.1:(\d+)/", line)
            port = found and int(found[1])
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as reply:
            page = next(page for page in json.load(reply) if page["type"] == "page")
        self._socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=120)
        self._numbers = itertools.count(1)
        self("Page.enable")
        self("Runtime.enable")
        self("Emulation.setFocusEmulationEnabled", enabled=True)

    def _drain(self, lines):
        for line in self._process.stderr:
            lines.put(line)

    def __call__(self, method: str, **parameters):
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def run(self, script: str):
        """The value of an expression, promises awaited."""
        result = self("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def until(self, script: str, seconds=90):
        """Wait for an expression to become true; its value."""
        deadline = time.monotonic() + seconds
        while True:
            with contextlib.suppress(RuntimeError):
                if value := self.run(script):
                    return value
            if time.monotonic() > deadline:
                raise TimeoutError(f"never true in {seconds} s: {script}")
            time.sleep(0.1)

    def mouse(self, kind: str, x: float, y: float, **more):
        self("Input.dispatchMouseEvent", type=kind, x=x, y=y, **more)

    def drag(self, start, end, steps=20, button="left"):
        buttons = {"left": 1, "right": 2}[button]
        self.mouse("mousePressed", *start, button=button, buttons=buttons, clickCount=1)
        for i in range(1, steps + 1):
            x, y = (a + (b - a) * i / steps for a, b in zip(start, end, strict=True))
            self.mouse("mouseMoved", x, y, button=button, buttons=buttons)
            time.sleep(0.03)
        self.mouse("mouseReleased", *end, button=button, buttons=0, clickCount=1)

    def screenshot(self) -> bytes:
        return base64.b64decode(self("Page.captureScreenshot", format="png")["data"])

    def close(self):
        with contextlib.suppress(Exception):
            self("Browser.close")
        self._socket.close()
        self._process.terminate()
        self._process.wait(20)
        self._reader.join(20)
        self._process.stderr.close()


@contextlib.contextmanager
def jupyterlab(folder: Path):
    """The address of a JupyterLab that serves `folder`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = folder / ".jupyter"
    quiet = settings / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    env = os.environ | {
        "JUPYTER_CONFIG_DIR": str(settings),
        "JUPYTER_DATA_DIR": str(settings / "data"),
        "JUPYTER_RUNTIME_DIR": str(settings / "run"),
        "IPYTHONDIR": str(settings / "ipython"),
    }
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            *("--expose-app-in-browser", f"--port={port}", "--ServerApp.port_retries=0"),
            *(
                "--IdentityProvider.token=",
                "--ServerApp.password=",
                f"--ServerApp.root_dir={folder}",
            ),
        ],
        cwd=folder,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/api", timeout=5).read()
                break
            if server.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError("JupyterLab did not start")
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(20)
