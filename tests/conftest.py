"""What all tests share: no home but one of their own, and new cases from hypothesis on a developer's machine only."""

import os
import signal
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from time import monotonic

import pytest
from hypothesis import HealthCheck, settings

from bptui.core.problem.spec import Spec
from tests.effort import ALL, examples
from tests.torches import NO_TORCH


def priority() -> int:
    """Return the steps by which this process stands back behind others; 0 where the system knows none."""
    return os.nice(0) if hasattr(os, "nice") else 0


_PATIENT = [HealthCheck.too_slow, HealthCheck.filter_too_much]  # on a busy machine, and where few cases are tried
settings.register_profile("random", examples(100), suppress_health_check=_PATIENT)
settings.register_profile("repeatable", settings.get_profile("random"), derandomize=True)
settings.load_profile("repeatable" if os.environ.get("CI") else "random")

_PRIORITY = priority()  # before any test module is imported
_HOMES = count()
_PROJECT = Path(__file__).parents[1]


def pytest_configure() -> None:
    """Heed signals, as programs that tests start do, also where a shell has had them ignored; set the terminal."""
    for number in (getattr(signal, name, None) for name in ("SIGHUP", "SIGINT", "SIGQUIT")):
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL)
    # Rich keeps the codes of a style as the first terminal needs them, so all have the same, with 256 colours
    os.environ["TERM"] = "xterm-256color"
    os.environ.pop("COLORTERM", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long to say little more, unless all is asked for."""
    if not ALL:
        left_out = [item for item in items if item.get_closest_marker("exhaustive")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("exhaustive")]


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of all homes."""
    return str(tmp_path_factory.mktemp("homes"))


@pytest.fixture(scope="session")
def torch_left_out(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with a torch that does not load, to be looked through first: the real one takes seconds."""
    folder = tmp_path_factory.mktemp("no-torch")
    (folder / "torch.py").write_text("raise ImportError('left out of tests that are not marked with_torch')\n")
    return str(folder)


@pytest.fixture(autouse=True)
def programs_without_torch(
    torch_left_out: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Programs that a test starts load no torch, unless it is marked ``with_torch``."""
    if "with_torch" not in request.keywords:
        paths = filter(None, [torch_left_out, os.environ.get("PYTHONPATH")])
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))


@pytest.fixture(autouse=True)
def home(homes: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A home for each test and for the programs it starts; it is not there until somebody makes it."""
    path = os.path.join(homes, str(next(_HOMES)))  # noqa: PTH118 - thousands of tests make one
    monkeypatch.setenv("HOME", path)
    monkeypatch.setenv("XDG_STATE_HOME", f"{path}/state")
    monkeypatch.setenv("XDG_CONFIG_HOME", f"{path}/config")
    return path


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left() -> Iterator[None]:
    """Tests, and the programs they start, write in folders of their own and leave nothing among the project's files."""
    there = set(_PROJECT.glob("[!._]*"))
    yield
    left = set(_PROJECT.glob("[!._]*")) - there
    assert not left, f"left by a test: {sorted(path.name for path in left)}"


@pytest.fixture(scope="session", autouse=True)
def collecting_changes_nothing() -> None:
    """Importing the test modules loads no torch, which takes seconds, and leaves the priority as it was."""
    assert priority() == _PRIORITY, "a test module lowers the priority of all tests when it is imported"
    assert "torch" not in sys.modules, "a test module imports torch when it is imported"


@pytest.fixture(autouse=True)
def same_priority() -> Iterator[None]:
    """No test lowers the priority of those after it, which could not raise it again."""
    before = priority()
    yield
    assert priority() == before, "the test lowers the priority of all tests after it"


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """A round that a key goes to is computed at once also where other tests keep the processor busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.session.session._AT_ONCE", 0.15)
        yield


@pytest.fixture(scope="session")
def torch_is_loaded() -> None:
    """Torch is loaded before a test's time begins; at the tests' own priority, which torch's process lowers."""
    if find_spec("torch") is None:
        pytest.skip(NO_TORCH)
    import bptui.core.engines.torch_engine  # noqa: F401


@pytest.fixture
def until(request: pytest.FixtureRequest) -> float:
    """The moment, on ``time.monotonic``'s clock, up to which a test that is marked ``long`` goes on.

    Among all tests each takes the few seconds its mark says, else a third of them; ``dev.py soak`` sets
    ``SOAK_MINUTES``, which they share.
    """
    mark = request.node.get_closest_marker("long")
    assert mark is not None, "only a test that is marked long has a time to fill"
    seconds = float(mark.kwargs["seconds"]) * (1.0 if ALL else 0.35)
    if minutes := float(os.environ.get("SOAK_MINUTES", "0")):
        sharing = sum(item.get_closest_marker("long") is not None for item in request.session.items)
        seconds = max(seconds, 60.0 * minutes / sharing)
    return monotonic() + seconds


@pytest.fixture
def in_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that need a terminal do not look whether they have one."""
    monkeypatch.setattr("bptui.cli.terminal.require_terminal", lambda otherwise: None)


@pytest.fixture(scope="session")
def default() -> Spec:
    """The problem the program opens on, written out here so that no lesson file can change it."""
    return Spec.from_table(
        {
            "network": {
                "inputs": [0.5, 0.3],
                "targets": [0.23, -0.07],
                "hidden": 2,
                "weights": [0.2, -0.4, 0.5, 0.6, 0.1, -0.5, -0.3, 0.8],
            }
        }
    )
