"""The pages of docs/: what they show runs, and every link leads somewhere."""

import re
import shlex
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
# test_why.py and test_gallery.py look closer at these two; the rest of docs/relief.md's code is excerpts.
ELSEWHERE = {"why.md", "gallery/README.md", "relief.md"}


def name(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)


RUNNING = [
    page
    for page in PAGES
    if name(page) not in ELSEWHERE and (blocks(page, "python") or blocks(page, "sh"))
]


@pytest.mark.gpu
@pytest.mark.parametrize("page", RUNNING, ids=name)
@pytest.mark.filterwarnings("ignore::vulkan_forge.CRSMissingWarning")
def test_what_a_page_shows_runs(page, tmp_path, monkeypatch):
    for extra in ("matplotlib", "rasterio", "xarray", "dask"):
        pytest.importorskip(extra)
    from vulkan_forge.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    space: dict[str, object] = {"__name__": "guide"}
    for number, block in enumerate(blocks(page, "python")):
        exec(compile(block, f"{name(page)}[{number}]", "exec"), space)
    for line in "\n".join(blocks(page, "sh")).splitlines():
        words = shlex.split(line, comments=True)
        assert not words or words[0] == "vf", line
        assert not words or main(words[1:]) == 0, line


def anchors(page: Path) -> set[str]:
    """What a link to a heading of the page may name, as mkdocs makes it."""
    found = set()
    for heading in re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M):
        own = re.search(r"\{#([\w-]+)\}", heading)
        plain = re.sub(r"[^\w\s-]", "", heading.split("{#")[0]).strip().lower()
        found.add(own[1] if own else re.sub(r"[-\s]+", "-", plain))
    return found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.is_file(), f"{name(page)} links to {target}"
        assert not anchor or anchor in anchors(there), f"{name(page)} links to {target}"


def test_every_page_is_in_the_navigation():
    navigation = (DOCS.parent / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[2]
    assert {name(page) for page in PAGES} == set(re.findall(r"[\w/-]+\.md", navigation))


def test_messages_of_the_troubleshooting_page_are_those_of_the_code():
    root = DOCS.parent
    files = [*root.glob("src/**/*.rs"), *root.glob("python/vulkan_forge/**/*.py")]
    code = " ".join(re.sub(r"\s+", " ", file.read_text("utf-8")) for file in files)
    messages = re.findall(r"^## `(.+?)`", (DOCS / "troubleshooting.md").read_text("utf-8"), re.M)
    assert len(messages) >= 8
    for message in messages:
        assert message.replace(" ...", "") in code, message
