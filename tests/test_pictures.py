"""The pictures in README.md are what the program draws now."""

import os
import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.effort import mostly
from tests.film import FIVE_MINUTES, Terminal
from tests.pictures import FOLDER, PICTURES, plain_svg
from tests.test_dev import dev

ROOT = FOLDER.parent
DRAWN_WITH = f"{dev.TORCH}+cpu"  # which the screen names, and of which every last digit may depend
ALL = (*PICTURES, FIVE_MINUTES)
SLOW = ("check", "compare", FIVE_MINUTES.name)  # which wait for what other processes find, or for many keys
QUICK = tuple(picture.name for picture in ALL if picture.name not in SLOW)
README = (ROOT / "README.md").read_text(encoding="utf-8")


def torch_there() -> str:
    """The version of torch, or nothing."""
    try:
        return version("torch")
    except PackageNotFoundError:
        return ""


@pytest.mark.with_torch
@pytest.mark.skipif(
    torch_there() != DRAWN_WITH, reason=f"the pictures show the numbers of torch {DRAWN_WITH}: python3 dev.py torch"
)
@pytest.mark.parametrize("names", mostly([QUICK], [QUICK, SLOW]), ids=", ".join)
def test_the_pictures_are_what_the_program_draws_now(tmp_path: Path, names: tuple[str, ...]) -> None:
    """`python3 dev.py pictures` draws them anew."""
    words = [sys.executable, "-P", "-m", "tests.pictures", str(tmp_path), *names]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600, env=beside_this())
    assert done.returncode == 0, done.stderr
    for name in names:
        now, kept = ((folder / f"{name}.svg").read_text(encoding="utf-8") for folder in (tmp_path, FOLDER))
        assert shown(now) == shown(kept), name
        assert now == kept, name


def beside_this() -> dict[str, str]:
    """The environment of a Python that finds this project's tests and package, wherever it is started."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def shown(svg: str) -> list[str]:
    """The texts of a picture, from left to right and top to bottom."""
    return [text.replace("\xa0", " ") for text in ElementTree.fromstring(svg).itertext() if text.strip()]


def test_the_readme_shows_every_picture_there_is_and_says_in_words_what_is_on_it() -> None:
    there = {path.name for path in FOLDER.iterdir()}
    links = dict(re.findall(r"!\[([^\]]+)\]\(\.pictures/([\w.-]+)\)", README))
    assert there == set(links.values()) == {f"{picture.name}.svg" for picture in ALL}
    assert all(len(alt.split()) > 8 for alt in links)


@pytest.mark.parametrize("picture", ALL, ids=lambda picture: picture.name)
def test_a_picture_fetches_nothing_from_elsewhere(picture: Terminal) -> None:
    """Where it is shown, nothing may be fetched; the one address names the language it is written in."""
    svg = (FOLDER / f"{picture.name}.svg").read_text(encoding="utf-8")
    assert re.findall(r"\w+://[^\"')\s]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "@font-face" not in svg and "monospace" in svg


def test_the_moving_picture_is_small_and_stands_still_for_those_who_ask() -> None:
    svg = (FOLDER / f"{FIVE_MINUTES.name}.svg").read_text(encoding="utf-8")
    assert len(svg.encode()) < 1_000_000
    assert "prefers-reduced-motion" in svg and svg.count("translateX") > len(FIVE_MINUTES.scenes)


def test_what_is_exported_at_another_time_is_the_same_picture() -> None:
    made = (
        "<svg>\n<!-- by {0} -->@font-face {{ src: url(x) }}\n.terminal-{0}-r1 {{}}<g id='terminal-{0}-line-0'/></svg>"
    )
    first, second = (plain_svg(made.format(number), "stepper") for number in (12, 345))
    assert first == second == "<svg>\n.stepper-r1 {}<g id='stepper-line-0'/></svg>"


def test_dev_py_draws_the_pictures_of_this_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    handed: list[list[str]] = []
    monkeypatch.setattr(dev, "hand_over", handed.append)
    monkeypatch.setattr(dev.Environment, "prepare", lambda *_, **__: None)
    monkeypatch.setenv("PYTHONPATH", "")
    environment = dev.Environment(tmp_path)
    dev.start("pictures", [], environment)
    assert handed == [[str(environment.python), "-P", "-m", "tests.pictures"]]
    assert dev.main(["pictures", "all"]) == 2
