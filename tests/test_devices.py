"""Choosing a device, and what the library tells of it: metrics, reports, logs."""

import json
import logging

import dems
import numpy as np
import pytest
import vulkan_forge as vf

pytestmark = pytest.mark.gpu


@pytest.fixture
def own() -> vf.Renderer:
    """A renderer that no other test has touched."""
    return vf.Renderer(64, 48)


METRICS = {
    "encode_ms",
    "gpu_ms",
    "readback_ms",
    "upload_ms",
    "total_ms",
    "bytes_uploaded",
    "bytes_read",
}


def test_metrics(own):
    dem = dems.ridge(200, 300, 6)
    own.add_terrain(dem)
    own.set_camera(vf.Camera.fit(dem))
    own.render_rgba()  # the heights travel with the first frame
    metrics = own.render_metrics()
    assert metrics.keys() >= METRICS
    assert json.loads(json.dumps(metrics)) == metrics
    assert all(metrics[name] >= 0 for name in METRICS)
    assert metrics["gpu_ms"] > 0 and metrics["total_ms"] > 0
    assert metrics["gpu_ms"] <= metrics["total_ms"] * 1.05
    assert metrics["bytes_read"] >= 64 * 48 * 4
    assert metrics["bytes_uploaded"] >= dem.nbytes
    later = own.render().metrics
    assert later.keys() >= METRICS and later["bytes_uploaded"] < dem.nbytes


def test_info(own):
    assert own.info().startswith("Renderer 64x48, format=R8G8B8A8_SRGB, device=")
    assert any(device.name in own.info() for device in vf.devices())


def test_environment_report_is_json(own):
    report = own.report_environment()
    text = json.dumps(report, allow_nan=False)
    assert vf.__version__ in text
    assert set(report) == {"vulkan_forge", "device", "vulkan_library", "layers", "limits", "host"}
    known = {device.name: device for device in vf.devices()}
    device = report["device"]
    assert device["name"] in known and device["driver"] and device["api_version"] >= "1.3"
    assert device["memory_bytes"] > 1 << 20 and report["limits"]["max_image"] >= 4096
    assert report["host"]["memory_total_bytes"] > report["host"]["memory_available_bytes"] > 0


def test_devices_and_how_to_name_them():
    found = vf.devices()
    assert all(isinstance(device, vf.DeviceInfo) and device.name for device in found)
    adapters = vf.enumerate_adapters()
    assert len(adapters) >= 1 and json.dumps(adapters)
    assert json.dumps(vf.device_probe())
    for index, device in enumerate(found):
        assert device.index == index
        if device.refused is not None:
            continue
        assert device.name in vf.Renderer(8, 8, device=index).info()
        part = device.name.split(" ")[0][:8]
        assert part in vf.Renderer(8, 8, device=part).info()


def test_software_can_be_asked_for(monkeypatch):
    software = ("llvmpipe", "SwiftShader")
    if not any(part in device.name for device in vf.devices() for part in software):
        pytest.skip("no software driver here")
    ways = [{"device": "software"}, {"prefer_software": True}]
    for given in ways:
        assert any(part in vf.Renderer(8, 8, **given).info() for part in software)
    monkeypatch.setenv("VULKAN_FORGE_PREFER_SOFTWARE", "1")
    assert any(part in vf.Renderer(8, 8).info() for part in software)


@pytest.mark.parametrize("device", ["no such device", 99, "gpu"])
def test_a_device_that_is_not_there_lists_those_that_are(device):
    found = vf.devices()
    if device == "gpu" and not all("llvmpipe" in d.name or "SwiftShader" in d.name for d in found):
        pytest.skip("there is a GPU here")
    with pytest.raises((vf.NoDeviceError, vf.InvalidInputError)) as caught:
        vf.Renderer(8, 8, device=device)
    assert all(d.name in str(caught.value) for d in found)


def test_benchmark_is_json():
    result = vf.run_benchmark("render", 32, 24, iterations=3, warmup=1, seed=5)
    assert json.loads(json.dumps(result)) == result
    text = json.dumps(result)
    for part in ("min", "p50", "mean", "p95", "max"):
        assert part in text


def test_nothing_prints_and_logs_go_to_logging(capfd, caplog):
    with caplog.at_level(logging.DEBUG):
        renderer = vf.Renderer(16, 16)
        renderer.add_terrain(dems.ridge(9, 9))
        renderer.set_camera(vf.Camera.fit(dems.ridge(9, 9)))
        renderer.render()
    out, err = capfd.readouterr()
    assert out == "" and err == ""
    assert all(record.name.startswith("vulkan_forge") for record in caplog.records)


def test_many_renderers_of_different_sizes():
    dem = dems.ridge(12, 12)
    camera = vf.Camera.fit(dem)
    renderers = [vf.Renderer(8 + n, 5 + 2 * n) for n in range(4)]
    for renderer in renderers:
        renderer.add_terrain(dem)
        renderer.set_camera(camera)
    for n, renderer in reversed(list(enumerate(renderers))):
        assert renderer.render_rgba().shape == (5 + 2 * n, 8 + n, 4)
    np.testing.assert_array_equal(
        renderers[2].render(), vf.render(dem, size=(10, 9), camera=camera, cmap="viridis")
    )
