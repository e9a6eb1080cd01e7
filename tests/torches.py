"""Torches that fail, each in a way of its own: packages called torch that torch's process finds before the real one."""

import os
from importlib.util import find_spec
from pathlib import Path

import pytest

NO_TORCH = "torch is not installed: python3 dev.py torch"
needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason=NO_TORCH)

# A torch that loads, and can do nothing; what happens when it is asked is put in as ``tensor``
LOADS = """
import ctypes, os, signal, sys, time
__version__, Tensor, float32, float64 = "2.0", float, 1, 2
set_num_threads = print
def tensor(*_, **__):
    {fault}
"""
# The real torch, which fails when it is given parameters the fourth time, as long as the file beside it is there
FAILS_LATER = """
import ctypes, os, pathlib, signal, sys
folder = pathlib.Path(__file__).parents[1]
sys.path.remove(str(folder))
del sys.modules["torch"]
import torch
from_numpy, calls = torch.from_numpy, []
def counted(parameters):
    calls.append(1)
    if len(calls) == 4 and (folder / "fails").exists():
        {fault}
    return from_numpy(parameters)
torch.from_numpy = counted
"""
HOLD_EVERYTHING = "import ctypes; ctypes.PyDLL(None).sleep(600)"  # C code that lets no other thread run
SLEEP = "import time; time.sleep(600)"
COMPUTE = "while True: pass"


class Torches:
    """A folder that is looked through for torch first.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self._package = folder / "torch"
        self._package.mkdir()
        self.began = folder / "began"  # there as soon as torch is at what it fails at
        self.fails = folder / "fails"
        self.env = {"PYTHONPATH": os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))}

    def while_loading(self, fault: str) -> None:
        """From now on torch does this instead of loading."""
        self._write(f"open({str(self.began)!r}, 'w').close()\n{fault}")

    def when_asked(self, fault: str) -> None:
        """From now on torch loads, and does this when it is first asked."""
        self._write(LOADS.format(fault=f"open({str(self.began)!r}, 'w').close()\n    {fault}"))

    def later(self, fault: str) -> None:
        """From now on the real torch does this when it is given parameters the third time, until ``fails`` is gone."""
        self.fails.touch()
        self._write(FAILS_LATER.format(fault=fault))

    def _write(self, text: str) -> None:
        (self._package / "__init__.py").write_text(text, encoding="utf-8")


@pytest.fixture
def torches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Torches:
    found = Torches(tmp_path)
    monkeypatch.setenv("PYTHONPATH", found.env["PYTHONPATH"])
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")  # a torch that is written anew in the same second is another
    return found
