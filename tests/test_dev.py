"""dev.py with a runner that only records: which commands, in which order, and what is left on disk after them."""

import ast
import importlib.util
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

DEV = Path(__file__).parents[1] / "dev.py"
PYPROJECT = """
[build-system]
requires = ["hatchling"]
[project]
name = "bptui"
dependencies = ["textual"]
[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
lint = ["ruff"]
"""


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev", DEV)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


dev = load()


class Runner:
    """Stands for the machine: records each command, and fails those that hold one of the ``failing`` words."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.commands: list[list[str]] = []
        self.states: list[str] = []
        self.failing: set[str] = set()
        self.interrupted_by = ""

    def __call__(self, command: Sequence[str], folder: Path) -> tuple[int, str]:
        assert folder == self.root
        self.commands.append(list(command))
        self.states.append((self.root / ".venv" / "dev-stamp").read_text(encoding="utf-8"))
        if self.interrupted_by in command:
            raise KeyboardInterrupt
        if "venv" in command:
            python = dev.Environment(self.root).python
            python.parent.mkdir(parents=True, exist_ok=True)
            python.write_text("", encoding="utf-8")
        return (1, "pip: connection refused") if self.failing & set(command) else (0, "")

    @property
    def pip(self) -> list[list[str]]:
        """What pip was asked to install, without the options that every call has."""
        return [words[7:] for words in self.commands if words[1:4] == ["-m", "pip", "install"]]


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    return Runner(tmp_path)


def prepare(runner: Runner, wanted: str = "run", **options: bool) -> list[list[str]]:
    """Start dev.py once; what pip was asked for by this start."""
    before = len(runner.pip)
    dev.Environment(runner.root, runner).prepare(wanted, **options)
    return runner.pip[before:]


def change_project(runner: Runner, old: str, new: str) -> None:
    path = runner.root / "pyproject.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


ON_DISK, FROM_INDEX = (["--no-deps", *attempt] for attempt in dev.torch_attempts())


def test_first_start_makes_the_environment_and_takes_pytorch_from_disk(runner: Runner) -> None:
    assert prepare(runner) == [ON_DISK, ["--editable", ".[torch,web]"]]
    assert runner.commands[0][1:3] == ["-m", "venv"]


@pytest.mark.parametrize(("platform", "size"), [("linux", 220), ("darwin", 160)])
def test_the_size_is_said_before_anything_is_downloaded_and_only_then(
    runner: Runner, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, platform: str, size: int
) -> None:
    monkeypatch.setattr(dev.sys, "platform", platform)
    prepare(runner)
    said = f"downloading about {size} MB into .venv, mostly PyTorch; this takes a few minutes ..."
    assert capsys.readouterr().err.splitlines()[1] == said
    change_project(runner, '"textual"', '"textual", "rich"')
    prepare(runner)
    assert "downloading" not in capsys.readouterr().err


def test_on_a_terminal_pip_shows_its_progress_where_it_downloads(runner: Runner) -> None:
    shown = Runner(runner.root)
    runner.failing = {"--no-index"}
    dev.Environment(runner.root, runner, shown).prepare("run")
    assert runner.pip == [ON_DISK]  # which downloads nothing, and may fail
    assert shown.pip == [FROM_INDEX, ["--editable", ".[torch,web]"]]
    assert all("--quiet" not in words and "--progress-bar=on" in words for words in shown.commands)
    assert all("--quiet" in words for words in runner.commands[1:])


def test_what_is_shown_is_still_known_as_the_reason_of_a_failure(runner: Runner) -> None:
    shown = Runner(runner.root)
    shown.failing = {"--editable"}
    with pytest.raises(dev.DevError, match=r"connection refused\nno network"):
        dev.Environment(runner.root, runner, shown).prepare("run")


def test_a_command_that_is_shown_prints_to_the_terminal_and_returns_its_errors(
    capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code = "import sys; print('50 %'); sys.stderr.write('no route'); sys.exit(3)"
    assert dev.run_shown([sys.executable, "-c", code], tmp_path) == (3, "no route")
    assert capfd.readouterr() == ("50 %\n", "")


def test_pytorch_from_its_own_cpu_builds_if_not_on_disk(runner: Runner) -> None:
    runner.failing = {"--no-index"}
    assert prepare(runner) == [ON_DISK, FROM_INDEX, ["--editable", ".[torch,web]"]]


def test_linux_never_asks_the_package_index_for_pytorch() -> None:
    on_disk, from_index = dev.torch_attempts("linux")
    assert "--no-index" in on_disk
    assert from_index[:2] == ["--index-url", dev.CPU_BUILDS]
    assert from_index[-1] == f"torch=={dev.TORCH}+cpu"


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_the_package_index_has_the_cpu_build(platform: str) -> None:
    assert dev.torch_attempts(platform)[1:] == [[f"torch=={dev.TORCH}"]]


def test_goes_on_without_pytorch_and_says_how_to_add_it(runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    runner.failing = {ON_DISK[-1], FROM_INDEX[-1]}
    assert prepare(runner) == [ON_DISK, FROM_INDEX, ["--editable", ".[web]"]]
    assert "torch\n" in capsys.readouterr().err
    assert prepare(runner) == []  # nor does the next start ask for it again


def test_the_torch_verb_tries_again(runner: Runner) -> None:
    runner.failing = {ON_DISK[-1], FROM_INDEX[-1]}
    prepare(runner)
    with pytest.raises(dev.DevError, match="PyTorch"):
        prepare(runner, retry_torch=True)
    assert prepare(runner) == []
    runner.failing = set()
    assert prepare(runner, retry_torch=True) == [ON_DISK, ["--editable", ".[torch,web]"]]
    assert prepare(runner, retry_torch=True) == []


def test_the_test_set_has_the_development_group_and_serves_run_too(runner: Runner) -> None:
    assert prepare(runner, "test")[-1] == ["--editable", ".[torch,web]", "pytest", "ruff"]
    assert prepare(runner, "run") == prepare(runner, "test") == []


def test_from_run_to_test_nothing_is_made_anew(runner: Runner) -> None:
    prepare(runner)
    assert prepare(runner, "test")[-1][-2:] == ["pytest", "ruff"]
    assert sum("venv" in words for words in runner.commands) == 1


def test_a_second_start_runs_nothing(runner: Runner) -> None:
    prepare(runner)
    count = len(runner.commands)
    prepare(runner)
    assert len(runner.commands) == count


def test_changed_dependencies_install_again(runner: Runner) -> None:
    prepare(runner, "test")
    change_project(runner, '"ruff"', '"ruff>=1"')
    assert prepare(runner, "run") == []
    assert prepare(runner, "test")[-1][-1] == "ruff>=1"
    change_project(runner, '"textual"', '"textual", "rich"')
    assert prepare(runner, "run")[-1] == ["--editable", ".[torch,web]"]
    assert prepare(runner, "test")[-1][-1] == "ruff>=1"


def test_another_description_installs_nothing(runner: Runner) -> None:
    prepare(runner)
    change_project(runner, 'name = "bptui"', 'name = "bptui"\ndescription = "new"')
    assert prepare(runner) == []


@pytest.mark.parametrize("moment", ["venv", "--no-index", "--editable"])
def test_the_stamp_is_written_last(runner: Runner, moment: str) -> None:
    runner.interrupted_by = moment
    with pytest.raises(KeyboardInterrupt):
        prepare(runner)
    assert runner.states == ["state unfinished\n"] * len(runner.states)
    runner.interrupted_by = ""
    (runner.root / ".venv" / "half-made").mkdir()
    assert prepare(runner) == [ON_DISK, ["--editable", ".[torch,web]"]]
    assert not (runner.root / ".venv" / "half-made").exists()


def test_a_failure_of_pip_leaves_what_was_there_in_use(runner: Runner) -> None:
    prepare(runner)
    runner.failing = {"pytest"}
    with pytest.raises(dev.DevError, match=r"connection refused\nno network"):
        prepare(runner, "test")
    assert prepare(runner) == []
    runner.failing = set()
    assert prepare(runner, "test") != []


def test_an_environment_of_another_python_is_made_anew(runner: Runner, capsys: pytest.CaptureFixture[str]) -> None:
    prepare(runner)
    stamp = runner.root / ".venv" / "dev-stamp"
    stamp.write_text(stamp.read_text(encoding="utf-8").replace(sys.platform, "other"), encoding="utf-8")
    capsys.readouterr()
    assert prepare(runner) == [ON_DISK, ["--editable", ".[torch,web]"]]
    assert ".venv was created by another Python or in another folder: creating it again ..." in capsys.readouterr().err


def test_an_environment_whose_python_is_gone_is_made_anew(runner: Runner) -> None:
    prepare(runner)
    dev.Environment(runner.root).python.unlink()
    assert prepare(runner) == [ON_DISK, ["--editable", ".[torch,web]"]]


def test_a_python_that_cannot_make_environments(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(dev.DevError, match="apt install python3-venv"):
        prepare(runner)


@pytest.fixture
def handed(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that a verb ends as, each with status 7."""
    commands: list[list[str]] = []

    def hand_over(command: list[str]) -> int:
        commands.append(command)
        return 7

    monkeypatch.setattr(dev, "hand_over", hand_over)
    monkeypatch.chdir(runner.root)
    return commands


def test_verbs_get_their_arguments_untouched(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, handed: list[list[str]]
) -> None:
    monkeypatch.setenv("PYTHONPATH", "")
    environment = dev.Environment(runner.root, runner)
    assert dev.start("run", ["relu", "--step", "5", "a b", ""], environment) == 7
    assert dev.start("test", ["-k", "not slow", "--help"], environment) == 7
    assert dev.start("bench", ["one-change", "--json", "a b.json"], environment) == 7
    assert handed == [
        [str(environment.script("bptui")), "relu", "--step", "5", "a b", ""],
        [str(environment.python), "-m", "pytest", "-k", "not slow", "--help"],
        [str(environment.python), "-P", "-m", "tests.bench", "one-change", "--json", "a b.json"],
    ]


@pytest.mark.parametrize(("cores", "processes"), [(1, "2"), (2, "3"), (16, "24")])
def test_all_tests_run_on_all_cores_and_those_that_are_named_on_one(
    runner: Runner, handed: list[list[str]], monkeypatch: pytest.MonkeyPatch, cores: int, processes: str
) -> None:
    monkeypatch.delattr(dev.os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(dev.os, "cpu_count", lambda: cores)
    environment = dev.Environment(runner.root, runner)
    dev.start("test", [], environment)
    dev.start("test", ["tests/test_dev.py"], environment)
    assert [command[3:] for command in handed] == [
        ["--numprocesses", processes, "--dist", "worksteal"],
        ["tests/test_dev.py"],
    ]


@pytest.mark.parametrize("words", [[], ["-k", "keys"]])
def test_those_that_take_long_run_only_if_that_is_asked_for(
    runner: Runner, handed: list[list[str]], monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("ALL_TESTS", "")
    asked = []
    for more in ([], ["--all"]):
        dev.start("test", [*more, *words], dev.Environment(runner.root, runner))
        asked.append(os.environ["ALL_TESTS"])
    assert asked == ["", "1"] and handed[0] == handed[1]


@pytest.mark.parametrize(("words", "minutes"), [([], "10"), (["3"], "3")])
def test_the_soak_runs_the_long_tests_for_so_many_minutes(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, handed: list[list[str]], words: list[str], minutes: str
) -> None:
    monkeypatch.setenv("SOAK_MINUTES", "")
    dev.start("soak", words, dev.Environment(runner.root, runner))
    assert os.environ["SOAK_MINUTES"] == minutes
    assert handed[0][3:] == ["-m", "long", "-v"]


def test_benchmarks_run_in_the_users_folder_and_find_the_project_all_the_same(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(dev, "hand_over", lambda command: 0)
    monkeypatch.setenv("PYTHONPATH", "")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert dev.start("bench", [], dev.Environment(runner.root, runner)) == 0
    assert Path.cwd() == elsewhere
    assert os.environ["PYTHONPATH"] == str(runner.root)


def test_check_runs_all_and_names_the_failed(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[str] = []

    def call(command: Sequence[str], cwd: Path) -> int:
        ran.append(Path(command[0]).stem)
        return int(ran[-1] == "mypy")

    monkeypatch.setattr(subprocess, "call", call)
    assert dev.start("check", [], dev.Environment(runner.root, runner)) == 1
    assert ran == ["ruff", "ruff", "mypy", "lint-imports"]
    assert capsys.readouterr().out.endswith("failed: mypy\n")


@pytest.mark.parametrize("words", [[], ["-h"], ["--help"]])
def test_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(words) == 0
    assert capsys.readouterr().out == f"{dev.USAGE}\n"


@pytest.mark.parametrize("words", [["walk"], ["--run"], ["check", "all"], ["torch", "2"], ["soak", "long"]])
def test_an_unknown_command_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(words) == 2
    assert f"unknown command: {' '.join(words)}\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (dev.DevError("no network"), 1, "dev.py: no network\n"),
        (PermissionError(13, "Permission denied", ".venv"), 1, "dev.py: [Errno 13] Permission denied: '.venv'\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_faults_end_in_words(
    fault: BaseException,
    status: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def start(*_: object) -> int:
        raise fault

    monkeypatch.setattr(dev, "start", start)
    assert dev.main(["run"]) == status
    assert capsys.readouterr().err == said


def test_a_pyproject_that_cannot_be_read(runner: Runner) -> None:
    change_project(runner, "[project]", "[project")
    with pytest.raises(dev.DevError, match=r"pyproject\.toml: "):
        prepare(runner)


def test_an_old_python_gets_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 8))
    monkeypatch.setattr(dev, "OLDEST_PYTHON", (99, 1))
    assert dev.main(["run"]) == 1
    assert "dev.py needs Python 99.1 or newer" in capsys.readouterr().err
