"""Run the program, its tests or its checks from a plain clone: ``python3 dev.py run``.

This file has to stay readable to Python 3.8, whose users are to get a sentence and not a SyntaxError: newer types
stand only in annotations, and newer modules are imported where they are used. So are the slow ones, since a start
that finds everything installed must cost nothing to notice.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Runner = Callable[[Sequence[str], Path], "tuple[int, str]"]

ROOT = Path(__file__).resolve().parent
OLDEST_PYTHON = (3, 11)
TORCH = "2.13.0"
SOAK_MINUTES = "10"
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"
CHECKS = (("ruff", "format", "--check", "."), ("ruff", "check", "."), ("mypy",), ("lint-imports",))
NO_NETWORK = ("connection", "timed out", "name resolution", "getaddrinfo", "unreachable")  # in pip's words
USAGE = """\
usage: python3 dev.py COMMAND [ARGS...]

  run [ARGS...]   run the program: bptui ARGS...
  test [--all] [ARGS...]
                  run the tests: pytest ARGS...; with --all also the slow ones
  soak [MINUTES]  run the open-ended tests, for this many minutes in total (default: 10)
  check           run the checks: ruff format, ruff, mypy, lint-imports
  bench [ARGS...] measure how fast the program is: [NAME...] [--json FILE] [--against FILE]
  pictures        draw the pictures in README.md again
  torch           try again to install PyTorch, if it could not be downloaded before

The first start creates .venv beside this file and installs the project there, with its dependencies and a CPU build
of PyTorch: on Linux a download of about 220 MB, 1 GB on disk. Later starts install again only when the
dependencies in pyproject.toml change."""


class DevError(Exception):
    """Something that stops dev.py; its text is all the user sees."""


def say(line: str) -> None:
    """Tell the user what goes on: on standard error, as standard output is the program's."""
    print(line, file=sys.stderr, flush=True)


def run_captured(command: Sequence[str], folder: Path) -> tuple[int, str]:
    """Run a command unseen; its exit status and everything that it printed."""
    from subprocess import DEVNULL, PIPE, STDOUT, run

    done = run(command, cwd=folder, stdin=DEVNULL, stdout=PIPE, stderr=STDOUT, text=True, errors="replace", check=False)
    return done.returncode, done.stdout


def run_shown(command: Sequence[str], folder: Path) -> tuple[int, str]:
    """Run a command that prints to the terminal; its exit status and everything that it printed as errors."""
    from subprocess import DEVNULL, PIPE, run

    done = run(command, cwd=folder, stdin=DEVNULL, stderr=PIPE, text=True, errors="replace", check=False)
    return done.returncode, done.stderr


def hand_over(command: list[str]) -> int:
    """End as this command: on POSIX it takes this process's place, so that signals and the terminal are its own."""
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    import signal
    import subprocess

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the command, which answers it by its exit status
    return subprocess.call(command)


def read_project(root: Path) -> dict[str, Any]:
    """The tables of pyproject.toml."""
    import tomllib

    try:
        return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise DevError(f"pyproject.toml: {fault}") from fault


def requirements(project: Mapping[str, Any], group: str) -> list[str]:
    """What a dependency group asks for, with the groups that it includes (PEP 735)."""
    found: list[str] = []
    for entry in project["dependency-groups"][group]:
        found += [entry] if isinstance(entry, str) else requirements(project, entry["include-group"])
    return found


def digests(project: Mapping[str, Any]) -> dict[str, str]:
    """For each set that can be installed, a digest that changes when installing it again would change something."""
    import hashlib

    table = project["project"]
    keys = ("name", "dependencies", "optional-dependencies", "scripts")
    core = [TORCH, project["build-system"], project.get("tool", {}).get("hatch"), *map(table.get, keys)]
    sets = {"run": core, "test": [*core, requirements(project, "dev")]}
    return {name: hashlib.sha256(repr(decides).encode()).hexdigest() for name, decides in sets.items()}


def torch_attempts(platform: str = sys.platform) -> list[list[str]]:
    """What to ask pip for, in this order: PyTorch as it lies on disk, then as a CPU build from an index."""
    from_index = [f"torch=={TORCH}"]
    if platform == "linux":  # where that is gigabytes of CUDA; "+cpu" keeps pip from finding it in another index
        from_index = ["--index-url", CPU_BUILDS, "--timeout", "10", "--retries", "0", f"torch=={TORCH}+cpu"]
    return [["--no-index", f"torch=={TORCH}"], from_index]


class Environment:
    """The folder ``.venv`` and what is installed in it.

    ``.venv/dev-stamp`` says: ``state unfinished`` from before the first file is made until pip is done, then the
    digest of each installed set. An interrupted start can so never pass for a finished one, and is made anew.
    """

    def __init__(self, root: Path, run: Runner = run_captured, show: Runner | None = None) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.stamp = self.folder / "dev-stamp"
        self.python = self.script("python")
        self._run, self._show = run, show
        # Neither a move nor another Python can be mended: scripts and packages hold the path and the version.
        self._home = f"{sys.implementation.cache_tag} {sys.platform} {str(root)!r}"

    def script(self, name: str) -> Path:
        """Where the environment has the program of this name."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / (name + ".exe" * (os.name == "nt"))

    def prepare(self, wanted: str, retry_torch: bool = False) -> None:
        """Install a set, ``run`` or ``test``, if it is not; fail for want of PyTorch only if that is to be retried."""
        project, stamp = read_project(self.root), self._read_stamp()
        current = {name for name, digest in digests(project).items() if stamp.get(name) == digest}
        at_home = stamp.get("home") == self._home and self.python.exists()
        if at_home and wanted in current and (stamp.get("torch") == TORCH or not retry_torch):
            return
        if why := self._why_make(stamp):
            self._make(why)
            stamp, current = {}, set()
        pip_words = self._install(project, current | {"run", wanted}, stamp)
        if pip_words and retry_torch:
            raise DevError(f"{pip_words}\nPyTorch could not be installed (see pip's output)")
        if pip_words:
            say(f"PyTorch cannot be downloaded: continuing without it. To add it later: python3 {sys.argv[0]} torch")

    def _read_stamp(self) -> dict[str, str]:
        text = self.stamp.read_text(encoding="utf-8", errors="replace") if self.stamp.exists() else ""
        return {key: value for key, _, value in (line.partition(" ") for line in text.splitlines())}

    def _write_stamp(self, **values: str) -> None:
        self.stamp.write_text("".join(f"{key} {value}\n" for key, value in values.items()), encoding="utf-8")

    def _why_make(self, stamp: Mapping[str, str]) -> str:
        """Why the folder has to be made, as a line for the user, or nothing."""
        if not self.folder.exists():
            return "creating .venv ..."
        if "state" in stamp:
            return ".venv is unfinished: creating it again ..."
        if stamp.get("home", self._home) != self._home:
            return ".venv was created by another Python or in another folder: creating it again ..."
        probe = f"import sys, pip; sys.exit(sys.implementation.cache_tag != {sys.implementation.cache_tag!r})"
        if not self.python.exists() or self._run([str(self.python), "-c", probe], self.root)[0]:
            return ".venv was created by another Python, or is incomplete: creating it again ..."
        return ""

    def _make(self, why: str) -> None:
        import importlib.util
        import shutil

        say(why)
        if not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
            raise DevError("this Python cannot create environments; on Debian and Ubuntu: apt install python3-venv")
        self.folder.mkdir(exist_ok=True)
        self._write_stamp(state="unfinished")
        for entry in self.folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry != self.stamp:
                entry.unlink()
        base = getattr(sys, "_base_executable", sys.executable)  # dev.py may run in the very .venv just emptied
        status, output = self._run([base, "-m", "venv", str(self.folder)], self.root)
        if status:
            raise DevError(f"{output}\n.venv could not be created (see Python's output)")

    def _install(self, project: Mapping[str, Any], sets: set[str], before: Mapping[str, str]) -> str:
        """Install these sets; the words of pip if it could not get PyTorch, else nothing."""
        self._write_stamp(state="unfinished")
        if before.get("torch") != TORCH:
            size = 220 if sys.platform == "linux" else 160
            say(f"downloading about {size} MB into .venv, mostly PyTorch; this takes a few minutes ...")
        say("installing PyTorch (a CPU build) ...")
        for attempt in torch_attempts():
            # Without its dependencies: the place that has PyTorch may lack them. The editable install brings them.
            status, torch_words = self._pip("--no-deps", *attempt, show="--no-index" not in attempt)
            if status == 0:
                break
        say("installing bptui and its dependencies ...")
        group = requirements(project, "dev") if "test" in sets else []
        status_of_rest, words = self._pip("--editable", ".[web]" if status else ".[torch,web]", *group)
        if status_of_rest:
            self._write_stamp(**before)  # pip ended in order: what was there is still good
            offline = any(sign in words.lower() for sign in NO_NETWORK)
            raise DevError(f"{words}\n{'no network' if offline else 'the installation failed'} (see pip's output)")
        done = {name: digest for name, digest in digests(project).items() if name in sets}
        self._write_stamp(home=self._home, torch="missing" if status else TORCH, **done)
        return torch_words if status else ""

    def _pip(self, *words: str, show: bool = True) -> tuple[int, str]:
        """Install; where there is a terminal to show it in, with pip's own progress."""
        run = self._show if show else None
        output = "--progress-bar=on" if run else "--quiet"
        pip = [str(self.python), "-m", "pip", "install", output, "--no-input", "--disable-pip-version-check"]
        return (run or self._run)([*pip, *words], self.root)


def processes() -> int:
    """How many processes all tests share: one and a half for a core, since a third of the time they wait."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return cores + (cores + 1) // 2


def check(environment: Environment) -> int:
    """Run all checks and say which failed."""
    import subprocess

    failed = []
    for name, *words in CHECKS:
        title = " ".join((name, *words))
        print(f"== {title}", flush=True)
        if subprocess.call([str(environment.script(name)), *words], cwd=environment.root):
            failed.append(title)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return 1 if failed else 0


def start(verb: str, words: Sequence[str], environment: Environment) -> int:
    """Do what a command stands for, with everything installed that it needs."""
    environment.prepare("run" if verb in ("run", "torch") else "test", retry_torch=verb == "torch")
    if verb == "run":
        return hand_over([str(environment.script("bptui")), *words])
    if verb == "test":
        os.chdir(environment.root)  # pytest takes testpaths from pyproject.toml only there
        if list(words[:1]) == ["--all"]:
            os.environ["ALL_TESTS"], words = "1", words[1:]
        all_of_them = ("--numprocesses", str(processes()), "--dist", "worksteal")  # on all cores
        together = () if words else all_of_them
        return hand_over([str(environment.python), "-m", "pytest", *together, *words])
    if verb == "soak":
        os.chdir(environment.root)
        os.environ["SOAK_MINUTES"] = words[0] if words else SOAK_MINUTES
        return hand_over([str(environment.python), "-m", "pytest", "-m", "long", "-v"])
    if verb in ("bench", "pictures"):
        os.environ["PYTHONPATH"] = str(environment.root)  # not by a change of folder: --json FILE is the user's
        return hand_over([str(environment.python), "-P", "-m", f"tests.{verb}", *words])
    return check(environment) if verb == "check" else 0


def main(words: Sequence[str]) -> int:
    """Run a command line; the exit status is 2 if it means nothing, 1 for a failure, else that of what was run."""
    if sys.version_info < OLDEST_PYTHON:
        this, needed = (".".join(map(str, version[:3])) for version in (sys.version_info, OLDEST_PYTHON))
        say(f"dev.py needs Python {needed} or newer, and this is {this}: start it with python{needed}")
        return 1
    verb, *rest = words or ["--help"]
    if verb in ("-h", "--help"):
        sys.stdout.write(f"{USAGE}\n")
        return 0
    alone = ("check", "pictures", "torch")  # which take no words
    wrong = verb not in ("run", "test", "soak", "bench", *alone) or (rest and verb in alone)
    if wrong or (verb == "soak" and rest and not (len(rest) == 1 and rest[0].isdecimal())):
        say(f"dev.py: unknown command: {' '.join(words)}\n\n{USAGE}")
        return 2
    try:
        return start(verb, rest, Environment(ROOT, show=run_shown if sys.stdout.isatty() else None))
    except (DevError, OSError) as fault:
        say(f"dev.py: {fault}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
