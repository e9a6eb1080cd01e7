"""What tests of screens share."""

import pytest

from bptui.session.torch_side.process import TorchProcess
from bptui.system.process import Unavailable


@pytest.fixture
def torch_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No process is started for torch, whose answers would change a picture at any time."""

    async def start(self: TorchProcess) -> None:
        raise Unavailable("torch is not installed")

    monkeypatch.setattr(TorchProcess, "start", start)
