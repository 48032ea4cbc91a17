"""Notebooks: pictures shown, the orbit widget by itself, and in a real browser."""

import asyncio
import io
import os
import re
import sys
import time
from pathlib import Path

import dems
import geotiffs
import numpy as np
import pytest
import vulkan_forge as vf
from PIL import Image as PillowImage
from refusal import refused

pytest.importorskip("jupyter_rfb")
pytest.importorskip("ipywidgets")
pytestmark = pytest.mark.gpu
ROOT = Path(__file__).resolve().parent.parent
HEIGHTS = dems.ridge(60, 80, noise=0.02)


@pytest.fixture
def orbit():
    from vulkan_forge.notebook import Orbit

    made = Orbit(HEIGHTS, spacing=(30, 30), size=(240, 160), vert_exag=1.5)
    yield made
    made.canvas.close()


def send(canvas, kind, **more):
    canvas.handle_event({"event_type": kind, "modifiers": (), **more})


def test_pictures_and_rasters_show_themselves():
    dem = vf.DEM(HEIGHTS, spacing=(30, 30))
    for shown in (vf.render(dem, size=(32, 24)), dem, vf.Raster(HEIGHTS)):
        with PillowImage.open(io.BytesIO(shown._repr_png_())) as picture:
            assert picture.mode == "RGBA"


def test_at_rest_it_is_the_librarys_picture(orbit):
    expected = vf.render(
        HEIGHTS, spacing=(30, 30), size=(240, 160), vert_exag=1.5, camera=orbit.camera
    )
    np.testing.assert_array_equal(orbit.canvas.get_frame(), expected.rgba[..., :3])


def test_drag_wheel_and_double_click(orbit):
    canvas = orbit.canvas
    first, view = canvas.get_frame(), orbit.camera
    send(canvas, "pointer_down", x=100, y=80, button=1)
    send(canvas, "pointer_move", x=150, y=90)
    assert canvas.view.azimuth == pytest.approx(245) and canvas.view.altitude == pytest.approx(38)
    send(canvas, "pointer_up", x=150, y=90)
    send(canvas, "pointer_move", x=10, y=10)  # no button: nothing
    assert canvas.view.azimuth == pytest.approx(245)
    before = canvas.view.distance
    send(canvas, "wheel", dx=0, dy=-120)
    assert canvas.view.distance < before
    for _ in range(100):
        send(canvas, "wheel", dx=0, dy=-1000)
    assert canvas.view.distance > 0
    time.sleep(0.5)
    send(canvas, "pointer_down", x=1, y=1, button=1)
    send(canvas, "pointer_up", x=1, y=1)
    send(canvas, "pointer_down", x=1, y=1, button=1)
    send(canvas, "pointer_up", x=1, y=1)
    assert orbit.camera == view
    canvas.pace.rest()
    np.testing.assert_array_equal(canvas.get_frame(), first)


def test_the_ground_follows_a_shift(orbit):
    canvas = orbit.canvas
    before = np.array(canvas.view.target)
    send(canvas, "pointer_down", x=100, y=80, button=2)
    send(canvas, "pointer_move", x=140, y=80)
    moved = canvas.view.target - before
    # Seen from the south-west, right is south-east: the target goes north-west.
    assert moved[0] < 0 < moved[1] and moved[2] == 0


def test_coarse_while_moving_and_full_when_still(orbit):
    canvas = orbit.canvas
    canvas.pace.coarse = 3
    canvas.moved()
    assert canvas.get_frame().shape == (160 // 3, 240 // 3, 3)
    canvas.pace.adapt(0.4, 3)
    assert canvas.pace.coarse == 6
    canvas.pace.adapt(0.001, 3)
    assert canvas.pace.coarse == 1
    canvas.pace.rest()
    assert canvas.get_frame().shape == (160, 240, 3)

    async def live():
        canvas.moved()
        assert canvas._timer is not None
        await asyncio.sleep(0.35)
        return canvas.get_frame().shape

    assert asyncio.run(live()) == (160, 240, 3)


def test_the_sun_moves_by_its_sliders(orbit):
    before = orbit.canvas.get_frame()
    orbit.sun_azimuth.value, orbit.sun_altitude.value = 90, 20
    assert orbit.canvas.view.sun == (90, 20)
    orbit.canvas.pace.rest()
    assert np.abs(orbit.canvas.get_frame().astype(int) - before).max() > 50


def test_sliders_and_keys_turn_one_sun(orbit):
    send(orbit.canvas, "key_down", key="l")
    send(orbit.canvas, "key_up", key="l")
    azimuth, altitude = orbit.canvas.view.sun
    assert azimuth != 315 and (orbit.sun_azimuth.value, orbit.sun_altitude.value) == (
        azimuth,
        altitude,
    )
    from vulkan_forge.notebook import Orbit

    west = Orbit(HEIGHTS, size=(24, 16), azimuth=-45, altitude=-5)
    assert (west.sun_azimuth.value, west.sun_altitude.value) == (315, -5)
    west.sun_altitude.value = 30
    assert west.canvas.view.sun == (-45, 30)
    west.canvas.close()


def test_a_wheel_of_any_strength_stays_within_reach(orbit):
    span = orbit.canvas.view.distance / 1.75
    for dy, distance in ((1e9, 20 * span), (-1e9, 0.02 * span), (1e9, 20 * span)):
        send(orbit.canvas, "wheel", dy=dy)
        assert orbit.canvas.view.distance == pytest.approx(distance)


def test_it_takes_a_new_size(orbit):
    send(orbit.canvas, "resize", width=100, height=50, pixel_ratio=2)
    assert orbit.canvas.get_frame().shape == (100, 200, 3)
    session = orbit.canvas._live.session  # one, whatever the size
    for width in range(10, 60, 10):
        send(orbit.canvas, "resize", width=width, height=50, pixel_ratio=1)
        orbit.canvas.get_frame()
    assert orbit.canvas._live.session is session
    orbit.canvas.close()
    assert orbit.canvas._live._session is None, "the terrain goes with the canvas"


def test_bad_arguments_are_told_at_once():
    from vulkan_forge.notebook import Orbit

    with pytest.raises(vf.InvalidInputError, match="size2"):
        Orbit(HEIGHTS, size2=3)
    with pytest.raises(vf.InvalidInputError, match="nocolour"):
        Orbit(HEIGHTS, cmap="nocolour")
    for size in ((64,), "a", None, (0, 0), (64.5, 48), (20000, 20000)):
        refused(
            lambda size=size: Orbit(HEIGHTS, size=size), "size must be (width, height)", "16384"
        )


def test_the_example_notebook_runs():
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(ROOT / "examples" / "notebook.ipynb", as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": "."}}
    )
    client.execute()
    pictures = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    widgets = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    ]
    assert len(pictures) >= 2 and widgets


@pytest.mark.slow
def test_in_a_real_browser(tmp_path):
    """Drag, wheel and slider in JupyterLab; VULKAN_FORGE_SCREENSHOT names a file that keeps the view."""
    import browser
    import nbformat

    if browser.CHROMIUM is None:
        pytest.skip("no chromium; on Debian: apt install chromium")
    pytest.importorskip("jupyterlab")
    source = geotiffs.write(tmp_path / "dem.tif", dems.ridge(200, 260, noise=0.01))
    cells = [
        f"from vulkan_forge.notebook import Orbit\norbit = Orbit({str(source)!r}, vert_exag=1.5)\norbit",
        "asked = globals().get('asked', 0) + 1\n"
        "print('state', asked, orbit.canvas.view.azimuth, orbit.canvas.view.distance, *orbit.canvas.view.sun,"
        " orbit.canvas.get_stats()['fps'], orbit.canvas.get_stats()['sent_frames'])\n"
        "orbit.canvas.reset_stats()",
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(text) for text in cells], metadata={"kernelspec": kernel}
    )
    nbformat.write(notebook, tmp_path / "orbit.ipynb")
    with browser.jupyterlab(tmp_path) as address:
        page = browser.Browser(tmp_path / "profile")
        try:
            _drive(page, address)
        finally:
            page.close()


def _drive(page, address):
    """Run the two cells, use the mouse, and ask the kernel what came of it."""
    page("Page.navigate", url=f"{address}/doc/tree/orbit.ipynb")
    panel = "window.jupyterapp?.shell?.currentWidget"
    page.until(f"{panel}?.content?.widgets?.length === 2")
    page.until(f"{panel}.sessionContext?.session?.kernel?.status === 'idle'")

    def execute(cell):
        page.run(
            f"(() => {{ const notebook = {panel}.content; notebook.activeCellIndex = {cell};"
            " window.jupyterapp.commands.execute('notebook:run-cell'); })()"
        )

    def state():
        nonlocal asked
        asked += 1
        execute(1)
        script = "[...document.querySelectorAll('.jp-OutputArea-output pre')].map(e => e.innerText).join(' ')"
        text = page.until(f"/state {asked} /.test({script}) && {script}")
        return [float(word) for word in re.search(rf"state {asked} ([^\n]*)", text)[1].split()]

    def states(done):
        """One after another until it is so, on a busy machine too, and for 20 s at most."""
        end, seen = time.monotonic() + 20, [state()]
        while not done(seen[-1]) and time.monotonic() < end:
            time.sleep(0.5)
            seen.append(state())
        return np.array(seen)

    asked = 0

    execute(0)
    frame = "document.querySelector('.jp-OutputArea canvas, .jp-OutputArea img')"
    page.until(f"{frame} && {frame}.getBoundingClientRect().width > 300")
    time.sleep(2)
    x, y, width, height = page.run(
        f"(() => {{ const r = {frame}.getBoundingClientRect(); return [r.x, r.y, r.width, r.height] }})()"
    )
    first = state()
    before = page.screenshot()
    page.drag((x + width * 0.4, y + height / 2), (x + width * 0.7, y + height * 0.55), steps=60)
    page.mouse("mouseWheel", x + width / 2, y + height / 2, deltaX=0, deltaY=-400)
    seen = states(lambda now: now[1] < first[1])
    azimuth, distance = seen[-1, :2]
    fps, frames = seen[seen[:, 5].argmax(), 4:]  # counted anew after a rest
    assert azimuth != first[0] and distance < first[1] and frames >= 5
    print(f"{frames:.0f} frames, {fps:.1f} a second", file=sys.stderr)
    slider = page.run(
        "(() => { const r = document.querySelectorAll('.noUi-target')[0].getBoundingClientRect();"
        " return [r.x, r.y, r.width, r.height] })()"
    )
    page.drag(
        (slider[0] + slider[2] * 315 / 360, slider[1] + slider[3] / 2),
        (slider[0] + slider[2] * 0.2, slider[1] + slider[3] / 2),
    )
    assert states(lambda now: now[2] < 200)[-1, 2] < 200
    page.until(
        f"({frame}.naturalWidth || {frame}.width) >= {width} - 8", 30
    )  # in full once it rests
    after = page.screenshot()
    shots = [
        np.asarray(PillowImage.open(io.BytesIO(shot)).convert("RGB")) for shot in (before, after)
    ]
    assert (np.abs(shots[0].astype(int) - shots[1]).max(axis=2) > 30).mean() > 0.02
    if target := os.environ.get("VULKAN_FORGE_SCREENSHOT"):
        Path(target).write_bytes(after)
