"""Misprints: what may have happened to one number alone, and the other numbers that it may be."""

import pytest

from bptui.explain.calculation.changes import Change
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue.misprints import list_confusions, list_misprints
from bptui.explain.search.evidence import Evidence
from bptui.text.printed import PrintedNumber
from tests.strategies import problem

SPEC = problem(biases="per neuron")
VALUES = Evidence([Figure(SPEC, 1, "E", "0")], TorchValues()).values_in_round(1)


@pytest.mark.parametrize(
    ("printed", "value", "names"),
    [
        ("0.3517", 0.31752, set()),
        ("0.3175", 0.31749, set()),
        ("0.3571", 0.35171, {"digits swapped"}),
        ("0.3597", 0.3517, {"one digit"}),
        ("0.3517", 0.35178, {"digits cut off", "one digit"}),
        ("-0.3517", 0.3517, {"sign lost"}),
        ("3.517", 0.3517, {"decimal point"}),
        ("0.003517", 0.3517, {"decimal point"}),
        ("0.35", -0.35, {"sign lost"}),
        ("nan", 0.35, set()),
        ("0.35", float("nan"), set()),
        ("0.0", 0.35, set()),
        ("0.35", 0.0, set()),
    ],
)
def test_a_number_is_recognised_by_its_digits(printed: str, value: float, names: set[str]) -> None:
    found = list(list_misprints(PrintedNumber.of(printed), value))
    assert {change.name for change in found} == names
    assert {change.kind for change in found} <= {"slip"}
    assert not any(change.settings or change.edits or change.reading for change in found)


def confusions(name: str, printed: str) -> list[Change]:
    return list(list_confusions(SPEC.network, name, PrintedNumber.of(printed), VALUES))


def test_a_number_may_be_that_of_another_quantity_of_its_round() -> None:
    (change,) = confusions("h1", f"{VALUES['h2']:.6f}")
    assert change.name == "that is h2" and change.kind == "slip"
    assert "that is h1" not in {change.name for change in confusions("h1", f"{VALUES['h1']:.6f}")}


def test_a_number_of_few_digits_is_recognised_as_no_other() -> None:
    assert not confusions("h1", f"{VALUES['h2']:.2f}")
    assert confusions("h1", f"{VALUES['h2']:.3f}")
