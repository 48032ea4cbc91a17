"""Forked children: what they inherit is refused and dropped in peace, what they make works, and they end as told."""

import os

import children
import pytest

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system"),
]
# Validation sees no copy of SwiftShader, and says so on standard error.
QUIET = {"VULKAN_FORGE_VALIDATION": "0"}

FORK = """
    import gc, os, signal, sys, warnings
    import numpy as np
    import vulkan_forge as vf
    import dems, forks

    warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of fork beside threads
    dem = dems.ridge(12, 12)
    device = {device!r}
    renderer = forks.make(device)
    expected = renderer.render_rgba()
    image = forks.draw(device)
    pid = os.fork()
    if pid == 0:
        signal.alarm(60)
        try:
            {child}
        except Exception as error:
            print(type(error).__name__, error, file=sys.stderr)
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    np.testing.assert_array_equal(expected, renderer.render_rgba())
    np.testing.assert_array_equal(image, forks.draw(device))
    sys.exit(code)
"""


def fork(child: str, device: str | None = None, **more) -> str:
    child = child.strip().replace("\n", "\n            ")
    return children.succeed(FORK.format(child=child, device=device), **more)


def test_an_inherited_renderer_is_refused_and_dropped_in_peace():
    calls = [
        "renderer.render_rgba()",
        "renderer.render()",
        "renderer.add_terrain(dem)",
        "renderer.upload_height_r32f()",
        "renderer.read_full_height_texture()",
        "renderer.render_triangle_rgba()",
        "renderer.set_sun(1.0, 2.0)",
        "renderer.info()",
    ]
    out = fork(f"""
for call in {calls}:
    try:
        eval(call)
    except vf.ForkedProcessError as error:
        assert str(os.getpid()) in str(error) and str(os.getppid()) in str(error), error
        print("refused", flush=True)
del renderer, image; gc.collect()
        """)
    assert out.split() == ["refused"] * len(calls)


@pytest.mark.both_drivers
def test_a_forked_child_makes_its_own(each_device):
    out = fork(
        """
np.testing.assert_array_equal(image, forks.draw(device))
del renderer; gc.collect()
print("drawn", flush=True)
        """,
        each_device,
        env=QUIET,
    )
    assert out == "drawn\n"


def test_swiftshader_in_a_child_says_that_it_is_not_validated(two_devices):
    ended = children.run(
        """
        import os, sys, warnings
        import vulkan_forge as vf
        warnings.simplefilter("ignore", DeprecationWarning)
        keep = vf.Renderer(8, 8, device="SwiftShader")
        pid = os.fork()
        own = vf.Renderer(8, 8, device="SwiftShader")
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) if pid else 0)
        """,
        env={"VULKAN_FORGE_VALIDATION": "1"},
    )
    assert ended.code == 0 and ended.err.count("without validation") == 1, ended


def mixtures(device: str | None, forks: int, seed: int, *, terrains: bool, **more) -> None:
    """Run tests/forks.py, which says which child ended otherwise than it was told to."""
    argv = ["forks.py", device, forks, seed, "terrains" if terrains else "cheap"]
    children.succeed(
        f"import runpy, sys; sys.argv = [str(word) for word in {argv}]\n"
        f"runpy.run_path({str(children.TESTS / 'forks.py')!r}, run_name='__main__')",
        env=QUIET,
        **more,
    )


@pytest.mark.both_drivers
def test_children_end_as_they_are_told(each_device):
    mixtures(each_device, 16, 1, terrains=False)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_five_hundred_children_end_as_they_are_told(each_device):
    mixtures(each_device, 500, 2, terrains=each_device != "SwiftShader", timeout=880)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_sixty_children_that_draw_on_swiftshader(two_devices):
    """It compiles for seconds what each child draws."""
    mixtures("SwiftShader", 60, 3, terrains=True, timeout=1780)


@pytest.mark.parametrize("first", [True, False], ids=["first", "later"])
def test_a_fork_waits_for_devices_in_the_making(first):
    """The loader's locks, taken by another thread at the time of a fork, would never open in the child.

    What waits for the process's very first device has to be there before that is made: each round of `first` is a new
    process, in which the fork and the first device begin together."""
    children.succeed(
        """
        import os, signal, threading, time, warnings
        import forks
        warnings.simplefilter("ignore", DeprecationWarning)
        running = True

        def work():
            while running:
                forks.THINGS["triangle"](None)

        def codes(forked, pause_s=0.0):
            thread = threading.Thread(target=work)
            thread.start()
            time.sleep(pause_s)
            for _ in range(forked):
                pid = os.fork()
                if pid == 0:
                    signal.alarm(20)
                    forks.THINGS["triangle"](None)
                    os._exit(7)
                yield os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

        if FIRST:
            ended = []
            for round in range(16):  # this process itself makes none, so each child's is its first
                pid = os.fork()
                if pid == 0:
                    os._exit(next(codes(1, pause_s=round * 0.0005)) % 256)
                ended.append(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
            assert ended == [7] * 16, ended
        else:
            ended = list(codes(8))
            running = False
            assert ended == [7] * 8, ended
        """.replace("FIRST", str(first)),
        env=QUIET,
        timeout=400,
    )


WORKER = """
import os
import dems
import vulkan_forge as vf

def draw(seed):
    return vf.render(dems.ridge(9, 9, seed), size=(16, 12), device=os.environ["DEVICE"] or None).rgba.tobytes()
"""


@pytest.mark.parametrize("pool", ["fork", "spawn", "forkserver", "executor"])
def test_pools_of_workers(pool, tmp_path):
    (tmp_path / "worker.py").write_text(WORKER)
    if pool == "executor":  # as joblib and dask use it, on forked workers
        work = """
            context = multiprocessing.get_context("fork")
            with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
                assert list(pool.map(worker.draw, range(4))) == expected"""
    else:
        work = f"""
            with multiprocessing.get_context({pool!r}).Pool(2) as pool:
                assert pool.map(worker.draw, range(4)) == expected
                pool.close()
                pool.join()"""
    children.succeed(
        f"""
        import concurrent.futures, multiprocessing, sys, warnings
        sys.path.insert(0, {str(tmp_path)!r})
        warnings.simplefilter("ignore", DeprecationWarning)
        import worker

        if __name__ == "__main__":
            expected = [worker.draw(seed) for seed in range(4)]
            {work.strip()}
        """,
        env={"DEVICE": ""},
        timeout=120,
    )


def test_a_server_that_forks_its_workers(tmp_path):
    """The master draws once, to see that all is well; its workers serve until they are told to go."""
    (tmp_path / "worker.py").write_text(WORKER)
    out = children.succeed(
        f"""
        import os, signal, sys, warnings
        sys.path.insert(0, {str(tmp_path)!r})
        warnings.simplefilter("ignore", DeprecationWarning)
        import worker

        expected = [worker.draw(seed) for seed in range(3)]
        workers = []
        for number in range(2):
            (read_order, order), (read_answer, answer) = os.pipe(), os.pipe()
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGTERM, lambda *_: sys.exit(number))
                signal.alarm(90)
                while True:
                    seed = os.read(read_order, 1)[0]
                    os.write(answer, worker.draw(seed))
            workers.append((pid, order, read_answer))
        for seed in range(3):
            for _, order, _ in workers:
                os.write(order, bytes([seed]))
            for _, _, answer in workers:
                assert os.read(answer, 1 << 16) == expected[seed]
        for pid, *_ in workers:
            os.kill(pid, signal.SIGTERM)
            print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        """,
        env={"DEVICE": ""},
        timeout=120,
    )
    assert out.split() == ["0", "1"]


def test_values_cross_a_fork():
    children.succeed("""
        import os, warnings
        import vulkan_forge as vf
        warnings.simplefilter("ignore", DeprecationWarning)
        camera = vf.Camera.orbit((0, 0, 0), 5, 10, 20)
        pid = os.fork()
        if pid == 0:
            camera.view()
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0
        """)
