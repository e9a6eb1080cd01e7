"""The client of the process that checks and explains: an answer of another shape is told as a reason."""

import pytest

from bptui.system.process import Message, Unavailable
from bptui.ui.widgets.explain_client import ExplainClient
from tests.ui.figures_process import TOLD, FakeProcess, processes

__all__ = ["processes"]


@pytest.mark.parametrize(
    "answer",
    [{}, {"told": None}, {"told": {}}, {"told": [TOLD]}, {"checked": {}}, {"progress": 1}, {"so_far": "x"}, {"x": 1}],
)
async def test_an_answer_that_is_none_is_refused(processes: list[FakeProcess], answer: Message) -> None:
    async def receive(_: FakeProcess) -> Message:
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FakeProcess, "receive", receive)
        with pytest.raises(Unavailable, match="sent an invalid answer"):
            [_ async for _ in ExplainClient().ask({"explain": ""})]
