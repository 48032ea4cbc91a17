"""The shell: every example of every --help, reports, bad input, bytes on standard output."""

import io
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import geotiffs
import numpy as np
import pytest
import shells
import vulkan_forge as vf
from PIL import Image as PillowImage
from vulkan_forge.cli import _main, main
from vulkan_forge.cli._relief import OPERATORS, relief

rasterio = pytest.importorskip("rasterio")
pytestmark = pytest.mark.gpu
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")
COMMANDS = _main.parser()._subparsers._group_actions[0].choices


def examples():
    for name, command in COMMANDS.items():
        found = re.findall(r"^  vf (.+)$", command.epilog.replace("vulkan-forge ", "vf "), re.M)
        assert found, f"vf {name} --help has no example"
        yield from (pytest.param(line, id=line) for line in found)


@pytest.mark.parametrize("line", list(examples()))
def test_every_example_of_every_help(line, shell, capsysbinary, monkeypatch):
    if line.startswith("serve "):  # test_serve.py has it wait for requests
        uvicorn = pytest.importorskip("uvicorn")
        monkeypatch.setattr(uvicorn.Server, "run", lambda server, sockets: None)
    line, _, target = line.partition(" > ")
    words = shlex.split(line)
    assert main(words) == 0, capsysbinary.readouterr().err
    out, err = capsysbinary.readouterr()
    assert err == b""
    if target:
        assert out
    else:
        named = [word for word in words[2:] if re.search(r"\.(png|pdf|svg|tif|mp4|gif)$", word)]
        for name in named:
            assert (shell / (name % 0 if "%" in name else name)).stat().st_size > 0


def test_the_overview_names_every_command(capsys):
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for name in COMMANDS:
        assert re.search(rf"^ +{name}\b", out, re.M)
    for name, command in COMMANDS.items():
        assert main([name, "--help"]) == 0
        assert command.description.split()[0] in capsys.readouterr().out
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"vulkan-forge {vf.__version__}\n"


def test_relief_commands_light_up_with_relief():
    module = relief()
    for name, operator in OPERATORS.items():
        assert (name in COMMANDS) == (module is not None and hasattr(module, operator.function))


def test_render_is_the_library(shell):
    words = "render dem.tif out.png --size 90x60 -z 2 -az 200 -alt 30 --cmap magma --no-shadows"
    words += " --samples 1 --vmin 50 --north grid"
    assert main(words.split()) == 0
    expected = vf.render(
        shells.HEIGHTS,
        spacing=(30, 30),
        size=(90, 60),
        vert_exag=2,
        azimuth=200,
        altitude=30,
        cmap="magma",
        shadows=False,
        samples=1,
        vmin=50,
    )
    with PillowImage.open("out.png") as file:
        np.testing.assert_array_equal(np.asarray(file), expected.rgba)


def test_a_map_keeps_its_place(shell):
    assert main(["render", "dem.tif", "map.tif", "--map", "--scale", "0.5"]) == 0
    with rasterio.open("map.tif") as file, rasterio.open("dem.tif") as source:
        assert file.shape == (18, 24) and file.bounds == source.bounds and file.crs == source.crs


def test_json_reports(shell, capsys):
    assert main("render dem.tif out.png --size 64x48 --json".split()) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["size"] == [64, 48] and report["metrics"]["total_ms"] > 0
    assert main("info dem.tif --json".split()) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["cell_m"] == [30, 30] and report["crs"] == "EPSG:32611" and report["holes"] == 0
    assert report["max"] == pytest.approx(shells.HEIGHTS.max())
    assert main("doctor --json".split()) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] and report["devices"] and report["extras"]["geo"]["rasterio"]
    brought = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]["optional-dependencies"]
    assert report["extras"].keys() == brought.keys()
    assert set(report["extras"]["vector"]) == {"shapely", "pyproj", "pyogrio"}
    assert main("bench triangle --size 16x16 --iterations 1 --json".split()) == 0
    assert json.loads(capsys.readouterr().out)[0]["op"] == "triangle"


def test_standard_output_carries_the_picture(shell):
    done = shells.run("render", "dem.tif", "-", "--size", "64x48")
    assert done.returncode == 0 and done.stderr == b""
    with PillowImage.open(io.BytesIO(done.stdout)) as file:
        assert file.size == (64, 48)


@pytest.mark.parametrize("command", ["render --map", "slope", "poster --size 16x16", "map"])
def test_nothing_is_written_over_its_own_input(shell, capsys, command):
    before = Path("dem.tif").read_bytes()
    name, *more = command.split()
    names = ["dem.tif", "./dem.tif"]
    if sys.platform != "win32":  # where links need a privilege
        Path("same.tif").symlink_to("dem.tif")
        names.append("same.tif")
    for output in names:
        shells.refused(capsys, 2, name, "dem.tif", output, *more, parts=["another file than INPUT"])
    assert Path("dem.tif").read_bytes() == before


def test_bad_input(shell, capsys):
    geotiffs.write("bare.tif", shells.HEIGHTS, crs=None)
    Path("text.tif").write_text("no raster")
    Path("folder.png").mkdir()
    out = "out.png"
    shells.refused(capsys, 1, "render", "none.tif", out, parts=["none.tif", "check the path"])
    shells.refused(capsys, 1, "render", "text.tif", out, parts=["text.tif"])
    shells.refused(
        capsys, 1, "render", "bare.tif", out, parts=["--crs", "--spacing METRES", "bare.tif"]
    )
    shells.refused(capsys, 1, "render", "dem.tif", out, "-b", 9, parts=["band must be", "9"])
    shells.refused(capsys, 1, "render", "dem.tif", "no/such/out.png", parts=["no/such/out.png"])
    shells.refused(capsys, 1, "render", "dem.tif", "no/such/out.tif", "--map", parts=["no/such"])
    shells.refused(capsys, 1, "render", "dem.tif", "folder.png", parts=["regular file"])
    shells.refused(capsys, 1, "render", "dem.tif", out, "--cmap", "nocolour", parts=["nocolour"])
    shells.refused(capsys, 1, "render", "dem.tif", out, "--device", "nodevice", parts=["nodevice"])
    shells.refused(capsys, 1, "render", "dem.tif", out, "--crs", "EPSG:0", parts=["EPSG:0"])
    shells.refused(capsys, 1, "render", "dem.tif", out, "--bounds", "0,0,1,1", parts=["400000"])
    shells.refused(capsys, 1, "info", "none.tif", parts=["none.tif"])
    shells.refused(
        capsys, 2, "info", "dem.tif", "--nope", parts=["vf info: error", "vf info --help"]
    )
    hours = "--start 2026-06-21T06:00 --end 2026-06-21T09:00 --step 60 --spacing 30".split()
    shells.refused(capsys, 2, "sun-hours", "bare.tif", "o.tif", *hours, parts=["--latitude"])
    assert main(["sun-hours", "bare.tif", "o.tif", *hours, "--latitude=40", "--longitude=9"]) == 0
    assert main(["render", "bare.tif", out, "--spacing", "30", "--size", "64x48"]) == 0


def test_wrong_command_lines(shell, capsys):
    both = shells.refused(capsys, 2, *"render dem.tif o.png --size 9x9 --scale 2".split())
    assert "--size or --scale" in both and "--help" in both
    shells.refused(capsys, 2, *"render dem.tif o.png --size 9".split(), parts=["1920x1080", "'9'"])
    shells.refused(capsys, 2, *"render dem.tif o.png --samples 3".split(), parts=["3"])
    shells.refused(capsys, 2, *"render dem.tif o.tif".split(), parts=["--map"])
    shells.refused(capsys, 2, *"render dem.tif o.png --world-file".split(), parts=["--map"])
    shells.refused(capsys, 2, *"render dem.tif - --json".split(), parts=["--json"])
    shells.refused(capsys, 2, *"render dem.tif o.png -s 1 --spacing 3".split(), parts=["--spacing"])
    shells.refused(capsys, 2, *"render dem.tif".split(), parts=["OUTPUT"])
    shells.refused(capsys, 2, *"turntable dem.tif turn.avi".split(), parts=["turn.avi"])
    shells.refused(capsys, 2, *"turntable dem.tif turn.mp4 --size 33x20".split(), parts=["32x20"])
    shells.refused(capsys, 2, "rendr", parts=["render"])
    shells.refused(capsys, 2, parts=["COMMAND"])
    shells.refused(capsys, 2, "bench", "--iterations", "0", parts=["'0'"])


def test_warnings_are_one_line_in_the_words_of_the_shell(shell, capsys):
    geotiffs.write(
        "deep.tif", np.where(shells.HEIGHTS < 60, -32768, shells.HEIGHTS).astype(np.int16)
    )
    assert main(["info", "deep.tif"]) == 0
    err = capsys.readouterr().err
    assert err.count("\n") == 1 and "warning: " in err and "--nodata -32768" in err
    assert main(["info", "deep.tif", "--nodata", "-32768"]) == 0
    assert capsys.readouterr().err == ""


def test_the_ratio_of_gdaldem(shell, capsys):
    assert main(["info", "dem.tif", "-s", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["cell_m"] == [60, 60]


def test_films(shell):
    av = pytest.importorskip("av")
    for name in ("turn.mp4", "turn.webm", "turn.gif"):
        assert main(["turntable", "dem.tif", name, *"--frames 3 --size 64x48".split()]) == 0
        with av.open(name) as film:
            frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        assert len(frames) == 3 and frames[0].shape == (48, 64, 3)
        assert np.abs(frames[0].astype(int) - frames[1]).max() > 30  # it turns
    assert not list(Path().glob(".*"))


def test_an_absent_extra_is_named(shell, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    err = shells.refused(capsys, 1, *"turntable dem.tif turn.mp4 --frames 2 --size 64x48".split())
    assert "vulkan-forge[video]" in err
    monkeypatch.setitem(sys.modules, "rasterio", None)
    assert "vulkan-forge[geo]" in shells.refused(capsys, 1, *"info dem.tif".split())


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_completion_names_every_option(shell_name, capsys):
    assert main(["completion", shell_name]) == 0
    script = capsys.readouterr().out
    for name, command in COMMANDS.items():
        assert name in script
        for action in command._actions:
            assert all(option.lstrip("-") in script for option in action.option_strings)


@posix
def test_bash_completes(shell, tmp_path):
    main_script = shells.run("completion", "bash").stdout.decode()
    (tmp_path / "vf.bash").write_text(main_script)
    probe = (
        "source vf.bash; COMP_WORDS=(vf ren); COMP_CWORD=1; _vulkan_forge; echo ${COMPREPLY[@]};"
        "COMP_WORDS=(vf render dem.tif o.png --sam); COMP_CWORD=4; _vulkan_forge; echo ${COMPREPLY[@]};"
        "COMP_WORDS=(vf render --samples 1); COMP_CWORD=3; _vulkan_forge; echo ${COMPREPLY[@]};"
        'COMP_WORDS=(vf render --shading ""); COMP_CWORD=3; _vulkan_forge; echo ${COMPREPLY[@]}'
    )
    done = subprocess.run(["bash", "-c", probe], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["render", "--samples", "1 16", "multiply overlay"]


def test_rio_vf(shell):
    rio = Path(sys.executable).with_name("rio")
    if not rio.is_file():
        pytest.skip("rasterio came without its rio command")
    done = subprocess.run([rio, "vf", "info", "dem.tif", "--json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == 36
    done = subprocess.run([rio, "vf", "info", "none.tif"], capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1


@posix
def test_a_closed_pipe_says_nothing(shell):
    done = subprocess.run(
        [
            "bash",
            "-c",
            f"{sys.executable} -m vulkan_forge render dem.tif - --size 2000x2000 | head -c 4",
        ],
        capture_output=True,
    )
    assert done.stderr == b"" and done.stdout == b"\x89PNG"


def test_names_go_to_consoles_that_lack_their_letters(monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), "cp1252")
    monkeypatch.setattr(sys, "stdout", console)
    assert main(["completion", "bash"]) == 0
    print("Łódź", flush=True)
    assert console.buffer.getvalue().endswith(
        b"\\u0141\xf3d\\u017a\n".replace(b"\n", os.linesep.encode())
    )


def test_a_progress_bar_only_on_a_terminal(capsys, monkeypatch):
    from vulkan_forge.cli._console import progress

    assert list(progress("abc", 3, "letters")) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert list(progress("abc", 3, "letters")) == ["a", "b", "c"]
    assert "3/3 letters" in capsys.readouterr().err


@pytest.mark.skipif(relief() is None, reason="this build has no vulkan_forge.relief")
def test_an_operator_keeps_its_place(shell, capsys):
    assert main("hillshade dem.tif shade.tif -az 300 --json".split()) == 0
    report = json.loads(capsys.readouterr().out)
    with rasterio.open("shade.tif") as file, rasterio.open("dem.tif") as source:
        assert file.bounds == source.bounds and file.crs == source.crs
        assert file.dtypes == ("uint8",) and file.nodata == 0 and file.read(1).max() > 150
        # To the nearest, as GDAL writes its bytes.
        light = vf.relief.hillshade(vf.open("dem.tif"), azimuth=300).data
        np.testing.assert_array_equal(file.read(1), np.floor(1 + 254 * light + 0.5))
    assert report["shape"] == [36, 48]
    done = shells.run("slope", "dem.tif", "-")
    with rasterio.MemoryFile(done.stdout) as memory, memory.open() as file:
        assert file.dtypes == ("float32",) and np.isnan(file.nodata)
    shells.refused(capsys, 2, "slope", "dem.tif", "out.jpg", parts=[".tif or .png"])
