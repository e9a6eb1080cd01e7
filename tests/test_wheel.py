"""The wheel: built, installed in a clean environment with what it says it needs, and run there."""

import os
import re
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from bptui import __version__
from bptui.lessons.lesson import load_bundled_lessons
from tests.terminal import QUIT, Terminal
from tests.test_dev import dev

pytestmark = pytest.mark.exhaustive
ROOT = Path(__file__).parents[1]
PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")


def run(*words: str | Path, folder: Path, status: int = 0) -> str:
    """What a command prints in a folder, without the paths and settings of this environment."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        words, cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=300, encoding="utf-8"
    )
    if done.returncode != status and any(sign in done.stderr.lower() for sign in dev.NO_NETWORK):
        pytest.skip("no network to install from")
    assert done.returncode == status, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, *PIP, "wheel", "--no-deps", "--wheel-dir", folder, ROOT, folder=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path) -> Path:
    """The folder of programs of an environment in which only the wheel was installed."""
    environment = dev.Environment(wheel.parent)
    run(sys.executable, "-m", "venv", environment.folder, folder=wheel.parent)
    run(environment.python, *PIP, "install", wheel, folder=wheel.parent)
    return Path(environment.python).parent


def test_the_wheel_holds_the_package_with_all_its_files_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = {path for path in (ROOT / "bptui").rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert inside == {path.relative_to(ROOT).as_posix() for path in package}
    assert wheel.name == f"bptui-{__version__}-py3-none-any.whl"


def test_what_an_index_would_show_has_no_picture_or_link_that_is_broken_there(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    about = message_from_bytes(archive.read(name))
    classifiers = set(about.get_all("Classifier", []))
    oldest = str(about["Requires-Python"]).removeprefix(">=")
    assert {"Development Status :: 4 - Beta", f"Programming Language :: Python :: {oldest}"} <= classifiers
    assert about["Description-Content-Type"] == "text/markdown"
    text = str(about.get_payload())
    assert "bptui help" in text and not re.search(r"<img|\]\((?!https?://)", text)


def test_an_installed_wheel_runs_its_verbs_with_what_it_says_it_needs(scripts: Path, tmp_path: Path) -> None:
    assert run(scripts / "bptui", "--version", folder=tmp_path) == f"bptui {__version__}\n"
    listed = run(scripts / "bptui", "lessons", folder=tmp_path).splitlines()
    assert [line.split()[0] for line in listed] == [lesson.name for lesson in load_bundled_lessons()]
    assert "figures agree" in run(scripts / "bptui", "check", "mazur-2015", folder=tmp_path, status=1)
    assert run(scripts / "bptui", "help", "keys", folder=tmp_path).startswith("# Keys\n")
    assert "_shtab_bptui" in run(scripts / "bptui", "completion", "bash", folder=tmp_path)
    code = "import bptui; print(bptui.__file__)"
    assert str(scripts.parent) in run(scripts / "python", "-c", code, folder=tmp_path)


def test_an_installed_wheel_opens_in_a_terminal_and_goes_on_without_torch(scripts: Path) -> None:
    program = Terminal(120, 36, program=(str(scripts / "bptui"),), env={"PYTHONPATH": ""})
    program.until("no torch")
    program.type(QUIT)
    assert program.end() == 0
