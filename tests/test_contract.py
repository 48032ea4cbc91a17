"""Names, signatures and defaults as promised; documents, versions and types that agree with the code."""

import inspect
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import vulkan_forge as vf

ROOT = Path(__file__).resolve().parent.parent

# The promise. Parameters may be added behind these, with defaults; these may not change.
SIGNATURES = """
render(dem, *, size=(1920, 1080), camera=None, spacing=None, vert_exag=1.0, cmap="terrain", vmin=None, vmax=None, lit=True, azimuth=315.0, altitude=45.0, shadows=True, ambient=0.35, exposure=1.0, background=(1, 1, 1, 1), samples=4, aovs=(), device=None, prefer_software=False)
Camera.look_at(eye, target, up=(0, 0, 1), fov=35.0)
Camera.orbit(target, distance, azimuth, altitude, fov=35.0)
Camera.fit(dem, azimuth=225.0, altitude=35.0, fov=35.0, spacing=None, vert_exag=1.0)
Camera.map(bounds=None)
Camera.view(self)
Camera.projection(self, aspect, clip_space="wgpu")
Image.save(self, path)
Image._repr_png_(self)
Image.ground_at(self, px, py)
Renderer(width, height, *, device=None, prefer_software=False)
Renderer.info(self)
Renderer.report_environment(self)
Renderer.render_metrics(self)
Renderer.add_terrain(self, heightmap, spacing=(1.0, 1.0), exaggeration=1.0, colormap="viridis")
Renderer.terrain_stats(self)
Renderer.set_height_range(self, min, max)
Renderer.normalize_terrain(self, mode, range=None, eps=None)
Renderer.set_camera_look_at(self, eye, target, up, fovy_deg, znear, zfar)
Renderer.set_camera_orbit(self, center, distance, elevation_deg, azimuth_deg)
Renderer.set_camera(self, camera)
Renderer.set_sun(self, elevation_deg, azimuth_deg)
Renderer.set_exposure(self, exposure)
Renderer.set_shadows(self, enabled)
Renderer.set_ambient(self, ambient)
Renderer.set_samples(self, samples)
Renderer.set_background(self, rgba)
Renderer.upload_height_r32f(self)
Renderer.read_full_height_texture(self)
Renderer.debug_read_height_patch(self, x, y, w, h)
Renderer.render(self, aovs=())
Renderer.render_rgba(self)
Renderer.render_png(self, path)
Renderer.render_triangle_rgba(self)
Renderer.render_triangle_png(self, path)
render_triangle_rgba(w, h)
render_triangle_png(path, w, h)
png_to_numpy(path)
numpy_to_png(path, array)
grid_generate(nx, nz, spacing=(1.0, 1.0), origin="center")
make_mesh(heightmap, spacing=(1.0, 1.0), exaggeration=1.0)
dem_stats(heightmap)
dem_normalize(heightmap, *, mode="minmax", out_range=(0, 1), eps=1e-8, return_stats=False)
camera_look_at(eye, target, up)
camera_perspective(fovy_deg, aspect, znear, zfar, clip_space="wgpu")
camera_view_proj(eye, target, up, fovy_deg, aspect, znear, zfar, clip_space="wgpu")
colormap_supported()
devices()
enumerate_adapters()
device_probe(backend=None)
run_benchmark(op, width, height, *, iterations=..., warmup=..., seed=...)
"""
PROPERTIES = "Image.rgba Image.size Image.metrics Image.aovs DeviceInfo.name"
EXCEPTIONS = (
    "VulkanForgeError InvalidInputError NoDeviceError DeviceLostError OutOfMemoryError ImageFileError "
    "ForkedProcessError"
)
PROMISES = [line for line in SIGNATURES.splitlines() if line]


def _find(path: str):
    found = vf
    for part in path.split("."):
        found = getattr(found, part)
    return found


def _promised(line: str) -> tuple[str, list[inspect.Parameter]]:
    name, _, rest = line.partition("(")
    scope: dict = {}
    exec(f"def promise({rest}: pass", scope)  # the table above, as Python itself reads it
    return name, list(inspect.signature(scope["promise"]).parameters.values())


def test_every_public_name_is_exported():
    names = {line.partition("(")[0].partition(".")[0] for line in PROMISES}
    names |= set(EXCEPTIONS.split()) | {"DeviceInfo", "__version__"}
    assert names <= set(vf.__all__)
    assert all(hasattr(vf, name) for name in vf.__all__)
    scenery = vf._scenery.__all__
    own = [name for name in vf.__all__ if name not in scenery]
    assert own == sorted(
        set(own), key=lambda name: (not name.isupper(), not name[0].isupper(), name)
    )
    assert vf.__all__ == own + sorted(set(scenery))
    for path in PROPERTIES.split():
        assert inspect.isdatadescriptor(_find(path)), path


@pytest.mark.parametrize("line", PROMISES, ids=lambda line: line.partition("(")[0])
def test_signature(line):
    name, promised = _promised(line)
    actual = list(inspect.signature(_find(name)).parameters.values())
    if promised and promised[0].name == "self":
        # methods of compiled classes have it positional-only
        assert actual[0].name == "self"
        promised, actual = promised[1:], actual[1:]
    for want, have in zip(promised, actual, strict=False):
        assert (have.name, have.kind) == (want.name, want.kind)
        if want.default is not ...:
            assert have.default == want.default, f"{have.name}={have.default}"
        else:
            assert have.default is not have.empty
    assert len(actual) >= len(promised)
    assert all(extra.default is not extra.empty for extra in actual[len(promised) :])


def test_nothing_else_is_needed_to_call_by_keyword():
    """Compiled functions take their arguments by name, too."""
    assert vf.grid_generate(nx=2, nz=3, spacing=(1, 1), origin="center")[0].shape == (6, 2)
    assert vf.camera_look_at(eye=(1, 2, 3), target=(0, 0, 0), up=(0, 0, 1)).shape == (4, 4)


# --- documents ----------------------------------------------------------------------------------------


def _documented():
    for name in [*vf.__all__, *(line.partition("(")[0] for line in PROMISES)]:
        found = _find(name)
        if callable(found) and not (inspect.isclass(found) and issubclass(found, Exception)):
            yield name, found


def test_everything_public_has_a_docstring():
    missing = sorted(
        {name for name, found in _documented() if not inspect.getdoc(found)} - {"Image._repr_png_"}
    )
    assert not missing


def _literal(text: str):
    import ast

    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None


def test_defaults_named_in_docstrings_are_those_of_the_signature():
    """NumPy style: `name, other : type, default 1.0`; `by default 1` counts only where it names a value."""
    checked = 0
    for name, found in _documented():
        try:
            parameters = inspect.signature(found).parameters
        except ValueError:
            continue
        text = inspect.getdoc(found) or ""
        for names, said in re.findall(
            r"^([\w, ]+?) : .*\bdefault (?:is )?(.+?)\.?$", text, re.MULTILINE
        ):
            names = [part.strip() for part in names.split(",")]
            values = [_literal(part.strip().strip("`")) for part in re.split(r"\band\b", said)]
            if len(values) == 1:
                values *= len(names)
            for parameter, value in zip(names, values, strict=True):
                assert (
                    parameter in parameters
                ), f"{name} documents {parameter}, which it does not have"
                if value is not None:
                    assert parameters[parameter].default == value, f"{name}: {parameter}"
                    checked += 1
        for parameter, said in re.findall(r"``(\w+)=([^`]+)``", text):
            if (
                parameter in parameters
                and "default" in text.partition(f"{parameter}={said}")[2][:20]
            ):
                assert parameters[parameter].default == _literal(said), f"{name}: {parameter}"
    assert checked >= 8


def test_versions_agree():
    cargo = tomllib.loads((ROOT / "Cargo.toml").read_text("utf-8"))["package"]["version"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    source = re.search(
        r'^__version__ = "(.+)"$',
        (ROOT / "python/vulkan_forge/__init__.py").read_text("utf-8"),
        re.M,
    )
    log = re.search(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    readme = re.findall(r"[Vv]ersion (\d+\.\d+\.\d+)", (ROOT / "README.md").read_text("utf-8"))
    assert source and log and readme
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text("utf-8"))["package"]
    locked = [entry["version"] for entry in lock if entry["name"] == "vulkan_forge"]
    driver = tomllib.loads((ROOT / "software/pyproject.toml").read_text("utf-8"))["project"][
        "version"
    ]
    package = (ROOT / "software/vulkan_forge_software/__init__.py").read_text("utf-8")
    software = [driver, *re.findall(r'^__version__ = "(.+)"$', package, re.M)]
    assert len(software) == 2
    found = {
        cargo,
        project,
        source[1],
        log[1],
        *readme,
        *locked,
        *software,
        vf.__version__,
        vf._vulkan_forge.__version__,
    }
    assert found == {cargo}


def test_changelog_versions_have_dates():
    heads = re.findall(r"^## \[(.+?)\](.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert heads
    for version, rest in heads:
        assert version == "Unreleased" or re.fullmatch(r" - \d{4}-\d{2}-\d{2}", rest), version


def _readme_blocks() -> list[str]:
    return re.findall(
        r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S
    )


@pytest.mark.gpu
def test_readme_code_runs(tmp_path):
    """All Python blocks, in order, in one interpreter: what a reader who copies the page does."""
    blocks = _readme_blocks()
    assert len(blocks) >= 2
    script = tmp_path / "readme.py"
    script.write_text("\n".join(blocks))
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for name in re.findall(r'\.save\("([^"]+\.png)"\)', "\n".join(blocks)):
        assert vf.png_to_numpy(tmp_path / name).size, name


def test_the_first_readme_example_is_short():
    assert len([line for line in _readme_blocks()[0].splitlines() if line.strip()]) <= 10


@pytest.mark.gpu
def test_module_docstring_example_runs(tmp_path, monkeypatch):
    import doctest

    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testmod(vf, verbose=False)
    assert tried > 0 and failed == 0


def test_readme_links_lead_somewhere():
    text = (ROOT / "README.md").read_text("utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    assert len(targets) > 5
    for target in targets:
        assert (ROOT / target).exists(), target


def test_the_package_says_that_it_is_typed():
    assert (Path(vf.__file__).parent / "py.typed").exists()


def test_no_file_is_too_long():
    """Past 400 lines, look for the second noun in it."""
    folders = ["src", "shaders", "python", "tests", "build", "devtools"]
    suffixes = {".rs", ".py", ".pyi", ".comp", ".glsl"}
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and (lines := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert not set(long) - {"python/vulkan_forge/_vulkan_forge.pyi"}, long


def test_no_line_of_a_shader_is_too_long():
    """No formatter sees to these."""
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in (ROOT / "shaders").rglob("*.*")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if len(line) > 100
    ]
    assert long == []


def test_rooms_keep_to_themselves():
    """`unsafe` and `ash` only in src/gpu; pyo3 only in src/bindings; scene knows no gpu."""

    def users(pattern: str, *but: str) -> list[str]:
        return [
            str(path.relative_to(ROOT))
            for path in (ROOT / "src").rglob("*.rs")
            if not path.relative_to(ROOT / "src").as_posix().startswith(but)
            and re.search(pattern, re.sub(r"//.*", "", path.read_text("utf-8")))
        ]

    assert users(r"\bunsafe\s*(\{|fn|impl|extern)", "gpu/") == []
    assert users(r"\b(use ash|ash::|vk::)", "gpu/") == []
    assert users(r"\b(pyo3|numpy)::", "bindings/", "lib.rs") == []
    assert users(r"crate::relief\b", "relief/", "bindings/") == ["src/render/sky_view.rs"]
    assert users(r"crate::(render|bindings)\b", "render/", "bindings/") == []
    scene = [path.read_text("utf-8") for path in (ROOT / "src/scene").glob("*.rs")]
    assert not any(re.search(r"crate::(gpu|render|bindings)", text) for text in scene)
