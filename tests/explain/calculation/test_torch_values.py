"""Torch's own numbers: its last digits where it can do the calculation, and none where it cannot."""

from dataclasses import replace

import pytest

from bptui.core.engines.engine import ENGINES, make_engine
from bptui.core.formulas.expr import Name
from bptui.core.training.run import Run
from bptui.explain.calculation.changes import Change
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from tests.strategies import problem
from tests.torches import needs_torch

SPEC = replace(problem(activation="torch.sigmoid"), precision="float32", torch_precision="same")
TURNED = Change("sign", "", "", reading=(("turned", True),))
LATER = Change("round", "", "", reading=(("shift", 1),))
EARLIER = Change("round", "", "", reading=(("shift", -1),))
EDITED = Change("formula", "", "", edits=(("o1", Name("in_o1")),))


def by_torch(*places: tuple[int, str], engine: str = "torch") -> list[Figure]:
    return [Figure(SPEC, round_, name, "0", engine) for round_, name in places]


@needs_torch
def test_torch_gives_its_own_last_digits_where_it_can_do_the_calculation() -> None:
    run = Run(make_engine("torch", SPEC))
    run.train_to(50)
    found = TorchValues().values(by_torch((1, "E"), (50, "E"), (50, "dE_dw1")), ())
    expected = (run.values(1)["E"], run.values(50)["E"], run.values(50)["dE_dw1"])
    assert found == dict(enumerate(map(float, expected)))


@needs_torch
def test_torchs_numbers_are_read_off_as_the_reading_says() -> None:
    torch, figures = TorchValues(), by_torch((3, "dE_dw1"), (3, "E"), (1, "E"))
    plain = torch.values(figures, ())
    turned, later = torch.values(figures, (TURNED,)), torch.values(by_torch((2, "E")), (LATER,))
    assert turned == {0: -plain[0], 1: plain[1], 2: plain[2]}
    assert later == {0: plain[1]}
    assert set(torch.values(figures, (EARLIER,))) == {0, 1}
    assert set(torch.values(figures, (), [1])) == {1}


@pytest.mark.parametrize(
    "changes",
    [
        (Change("gradient rule", "", "", (("gradient", "as published"),)),),
        (Change("rounding", "", "", (("rounding", "3 digits"),)),),
        (EDITED,),
    ],
    ids=["a rule", "rounding", "an edit"],
)
def test_what_torch_cannot_do_is_said_and_not_calculated(
    changes: tuple[Change, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "torch", "no_such_torch:Engine")
    torch, figures = TorchValues(), by_torch((3, "E"))
    assert torch.values(figures, changes) == {} and not torch.missing
    assert not torch.can_calculate(figures, changes)
    assert torch.can_calculate(by_torch((3, "E"), engine="numpy"), changes)


def test_numpys_values_ask_no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "torch", "no_such_torch:Engine")
    torch = TorchValues()
    assert torch.values(by_torch((3, "E"), engine="numpy"), ()) == {} and not torch.missing


def test_without_torch_it_is_said_why_and_everything_else_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "torch", "no_such_torch:Engine")
    torch = TorchValues()
    assert torch.values(by_torch((3, "E")), ()) == {}
    assert torch.missing
    assert torch.can_calculate(by_torch((3, "E")), (EDITED,))
