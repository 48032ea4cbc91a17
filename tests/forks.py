"""What a forked child may do and how it may end; the script of tests/test_fork.py.

`python forks.py DEVICE FORKS SEED TERRAINS` forks children in mixtures drawn by the seed. A child inherits what its
parent made, makes and drops things of its own, and ends in one of the ways that a process can; each must end as it was
told to. TERRAINS says whether children may draw terrains, whose pipelines take SwiftShader seconds.
"""

from __future__ import annotations

import gc
import os
import random
import signal
import sys
import threading
import warnings

import dems
import numpy as np
import vulkan_forge as vf

LIMIT_S = 300  # of a child; then SIGALRM ends it, which no child is told to end by. SwiftShader compiles long


def make(device):
    renderer = vf.Renderer(32, 24, device=device)
    renderer.add_terrain(dems.ridge(12, 12))
    renderer.set_camera(vf.Camera.fit(dems.ridge(12, 12)))
    return renderer


def draw(device):
    return vf.render(dems.ridge(12, 12), size=(32, 24), device=device)


# Each makes one thing and returns what keeps it alive.
THINGS = {
    "renderer": make,
    "engine": draw,
    "frames": lambda device: [frames := make(device).frames([vf.Camera.map()] * 3), next(frames)],
    "triangle": lambda device: vf.Renderer(8, 8, device=device).render_triangle_rgba(),
    "relief": lambda device: vf.relief.hillshade(dems.ridge(12, 12), device=device),
    "devices": lambda device: vf.devices(),
    "failure": lambda device: refused(lambda: vf.Renderer(8, 8, device="no such device")),
}
CHEAP = ("triangle", "devices", "failure")


def refused(call):
    try:
        call()
    except vf.VulkanForgeError as error:
        return error
    raise AssertionError("nothing was refused")


def in_a_thread(work):
    """What joblib's threads and web servers do; stacks of these threads lie where the parent's threads had theirs."""
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Wrong(Exception):
    """A child ends by it."""


def end_by_status(status):
    os._exit(status)


def end_by_exit(status):
    sys.exit(status)


def end_by_exception(status):
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115 -- until the end
    raise Wrong


def end_by_signal(number):
    os.kill(os.getpid(), number)


# How a child ends, and what its parent then sees.
ENDS = {
    "os._exit": (lambda: end_by_status(7), 7),
    "sys.exit": (lambda: end_by_exit(8), 8),
    "sys.exit(0)": (lambda: end_by_exit(0), 0),
    "exception": (lambda: end_by_exception(1), 1),
    "SIGTERM": (lambda: end_by_signal(signal.SIGTERM), -signal.SIGTERM),
    "SIGKILL": (lambda: end_by_signal(signal.SIGKILL), -signal.SIGKILL),
}


def child(device, inherited, makes, drops, threads, end):
    """What happens in a child, up to its end."""
    for renderer in inherited.get("renderer", []):
        refused(renderer.render_rgba)
    if drops == "before":
        inherited.clear()
        gc.collect()
    work = lambda: [THINGS[name](device) for name in makes]  # noqa: E731
    own = work()
    if threads:
        in_a_thread(lambda: gc.collect())
    if drops == "after":
        inherited.clear()
        gc.collect()
    sys.modules["forks_keep"] = own  # alive until the very end
    ENDS[end][0]()


def main(device, forks, seed, terrains):
    warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of fork beside threads
    chance = random.Random(seed)
    names = [name for name in THINGS if terrains or name in CHEAP]
    inherited = {}
    expected = draw(device).rgba.tobytes() if terrains else None
    for _ in range(forks):
        more = chance.choice(names)
        if chance.random() < 0.2:
            inherited.clear()
        if len(inherited.setdefault(more, [])) < 2:
            inherited[more].append(THINGS[more](device))
        makes = chance.sample(names, chance.randint(0, min(3, len(names))))
        drops = chance.choice(["before", "after", "never"])
        threads, end = chance.random() < 0.3, chance.choice(list(ENDS))
        pid = os.fork()
        if pid == 0:
            signal.alarm(LIMIT_S)
            child(device, inherited, makes, drops, threads, end)
            os._exit(99)  # a signal that did not end it
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code != ENDS[end][1]:
            told = f"inherits {list(inherited)}, makes {makes}, drops {drops}, threads {threads}"
            sys.exit(f"{told}, ends by {end}: expected {ENDS[end][1]}, got {code}")
    if terrains and draw(device).rgba.tobytes() != expected:
        sys.exit("the parent draws another picture now")


if __name__ == "__main__":
    np.seterr(all="ignore")
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] == "terrains")
