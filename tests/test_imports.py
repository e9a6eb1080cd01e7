"""What is loaded when: a slow library only where it is needed, looked at from a fresh interpreter."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import bptui
from bptui.cli.main import COMMANDS

ROOT = Path(bptui.__file__).parent
MODULES = {
    ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(ROOT.rglob("*.py"))
}
NO_SCREEN = [name for name in MODULES if not name.startswith("bptui.ui") and ".torch_" not in name]


def modules_after(code: str) -> set[str]:
    """The modules a fresh interpreter has loaded after running some code."""
    script = f"import sys\n{code}\nprint('loaded:', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120)
    return set(done.stdout.rpartition("loaded:")[2].split())


def loaded_after(code: str) -> set[str]:
    """Their top-level packages."""
    return {name.partition(".")[0] for name in modules_after(code)}


def run_command(*words: str) -> str:
    """Code that runs the command line with some words."""
    return f"import bptui.cli.main\ntry:\n    bptui.cli.main.main({list(words)!r})\nexcept SystemExit:\n    pass"


def test_what_is_not_the_screen_loads_no_textual_and_no_torch() -> None:
    """Nor rich, which only the screen draws with; all modules together, so each of them."""
    code = "\n".join(f"import {name}" for name in NO_SCREEN if not name.endswith("__main__"))
    assert {"bptui.core.formulas.expr", "bptui.lessons.lesson", "bptui.text.words", "bptui.cli.main"} <= set(NO_SCREEN)
    assert loaded_after(code) & {"textual", "torch", "rich"} == set()


def test_the_core_loads_no_reader_of_files() -> None:
    code = "\n".join(f"import {name}" for name in NO_SCREEN if name.startswith("bptui.core"))
    assert loaded_after(code) & {"tomllib", "tomli_w", "textual", "torch"} == set()


QUICK = [("--help",), ("--version",), *((name, "--help") for name in ("config", "lessons", "help", "completion"))]


@pytest.mark.parametrize("words", QUICK, ids=" ".join)
def test_help_answers_without_numpy(words: tuple[str, ...]) -> None:
    """Nor with the standard library's slow ones, and no command's needs."""
    slow = {"numpy", "torch", "textual", "platformdirs", "dataclasses", "typing"}
    assert loaded_after(run_command(*words)) & slow == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_loads_the_file_of_this_command_alone(name: str) -> None:
    """And nothing of what it does but the problem's settings, which are flags."""
    loaded = modules_after(run_command(name, "--help"))
    folder = "bptui.cli.commands."
    assert {one for one in loaded if one.startswith(folder)} == {f"{folder}{name}"}
    parts = {one.split(".")[1] for one in loaded if one.startswith("bptui.")}
    assert parts == ({"cli"} if (name, "--help") in QUICK else {"cli", "core", "record"})


def test_the_manual_is_read_without_numpy_and_without_the_screen() -> None:
    assert loaded_after(run_command("help")) & {"numpy", "torch", "textual", "rich"} == set()
    assert loaded_after(run_command("help", "keys")) & {"numpy", "torch", "textual"} == set()
    assert loaded_after(run_command("help", "nothing")) & {"numpy", "torch", "textual", "rich"} == set()


@pytest.mark.skipif(sys.platform != "linux" or os.cpu_count() == 1, reason="reads threads in /proc")
def test_numpy_starts_no_threads_unless_the_user_asks_for_them(monkeypatch: pytest.MonkeyPatch) -> None:
    count = f"{run_command('rounds', 'two-by-two')}\nimport os\nprint('threads:', len(os.listdir('/proc/self/task')))"
    for asked, expected in ((None, 1), ("2", 2)):
        monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
        if asked:
            monkeypatch.setenv("OPENBLAS_NUM_THREADS", asked)
        done = subprocess.run([sys.executable, "-c", count], capture_output=True, text=True, check=True, timeout=120)
        assert done.stdout.endswith(f"threads: {expected}\n")


def test_rounds_loads_numpy_and_neither_torch_nor_the_screen() -> None:
    loaded = loaded_after(run_command("rounds", "two-by-two"))
    assert "numpy" in loaded
    assert loaded & {"torch", "textual", "platformdirs"} == set()


def test_a_fault_is_told_without_torch_or_the_screen() -> None:
    assert loaded_after(run_command("rounds", "two-by-two", "--engine", "torch", "--step", "0")) & {"torch"} == set()
    assert loaded_after(run_command("two-by-two")) & {"torch", "textual"} == set()


def test_only_the_torch_engine_imports_torch() -> None:
    """By the source text, so that an import inside a function counts as well."""
    importers = set()
    for name, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found = []
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found = [node.module or ""]
            if any(module.partition(".")[0] == "torch" for module in found):
                importers.add(name)
    assert importers == {f"bptui.core.engines.torch_{name}" for name in ("engine", "optimiser", "text")}
