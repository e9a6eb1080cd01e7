"""Figures recomputed: under another problem, another reading, and going on with what was printed."""

from collections.abc import Iterable
from dataclasses import replace
from math import isfinite

import numpy as np
import pytest

from bptui.core.engines.engine import ENGINES, Floats, NumpyEngine, make_engine
from bptui.core.formulas.rounding import NONE
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import list_printable
from bptui.core.training.run import Run
from bptui.explain.calculation.changes import Reading
from bptui.explain.recomputed import Figure, RecomputedValues
from tests.strategies import problem
from tests.torches import needs_torch

SPEC = problem(biases="per neuron")
PLAIN = Reading()
LINE = Spec.from_table(  # everything can be worked out by hand: in = w1·x, o = w2·w1·x, E = ½o²
    {
        "network": {
            "inputs": [1.0],
            "targets": [0.0],
            "hidden": 1,
            "weights": [0.5, 0.5],
            "activation": {"hidden": "identity", "output": "identity"},
        },
        "training": {"step": 1.0},
    }
)


def value(
    figure: Figure, read: Reading = PLAIN, among: Iterable[Figure] = (), spec: Spec | None = None
) -> float | None:
    return RecomputedValues([figure, *among]).value(figure, spec or figure.spec, read)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rounds each call of an engine has trained."""
    counts: list[int] = []
    advance = NumpyEngine.advance

    def counting(self: NumpyEngine, state: Floats, rounds: int, first: int) -> tuple[Floats, Floats]:
        counts.append(rounds)
        return advance(self, state, rounds, first)

    monkeypatch.setattr(NumpyEngine, "advance", counting)
    return counts


# --- the numbers of a problem ---


@pytest.mark.parametrize("round_", [1, 2, 7])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_a_quantity_is_that_of_the_engine_to_the_last_bit(precision: str, round_: int) -> None:
    spec = replace(SPEC, precision=precision)
    run = Run(NumpyEngine(spec))
    run.train_to(round_)
    figures = [Figure(spec, round_, name, "0") for name in run.values(round_)]
    recomputed = RecomputedValues(figures)
    assert {f.name: recomputed.value(f, spec, PLAIN) for f in figures} == run.values(round_)


def test_all_that_may_be_printed_of_a_round_is_recomputed_and_nothing_else_is() -> None:
    recomputed = RecomputedValues([Figure(SPEC, 2, name, "0") for name in [*list_printable(SPEC.network), "dE_dw99"]])
    for name in list_printable(SPEC.network):
        found = recomputed.value(Figure(SPEC, 2, name, "0"), SPEC, PLAIN)
        assert found is not None and isfinite(found)
    assert recomputed.value(Figure(SPEC, 2, "dE_dw99", "0"), SPEC, PLAIN) is None


def test_no_problem_is_trained_twice_for_a_round_nor_from_the_start_for_a_later_one(trained: list[int]) -> None:
    figures = [Figure(SPEC, round_, name, "0") for round_ in (5, 10, 20) for name in ("E", "o1", "new_w1")]
    recomputed, other = RecomputedValues(figures), replace(SPEC, step=0.25)
    for _ in range(3):
        for spec in (SPEC, other):
            for figure in figures:
                recomputed.value(figure, spec, PLAIN)
                recomputed.value(figure, spec, Reading(cut=True, turned=True, factor=10.0))
    assert sum(trained) == 2 * 19


# --- the ways of reading them ---


@pytest.mark.parametrize("shift", [-1, 0, 1, 3])
def test_a_shifted_figure_is_that_of_another_round(shift: int) -> None:
    figure, there = Figure(SPEC, 4, "E", "0"), Figure(SPEC, 4 + shift, "E", "0")
    assert value(figure, Reading(shift=shift)) == value(there)


def test_before_the_first_round_there_is_no_number() -> None:
    figure = Figure(SPEC, 1, "E", "0")
    recomputed = RecomputedValues([figure])
    assert recomputed.value(figure, SPEC, Reading(shift=-1)) is None
    assert recomputed.compute_by_torch(figure, SPEC, Reading(shift=-1)) is None


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        *((name, -1) for name in ("delta_o1", "dE_dw1", "dE_db_h1", "dE_do1", "dE_dh1")),
        *((name, 1) for name in ("o1", "E", "new_w1", "change_w1", "do1_din_o1")),
    ],
)
def test_turned_are_deltas_and_gradients_and_nothing_that_is_printed_beside_them(name: str, sign: int) -> None:
    figure = Figure(SPEC, 2, name, "0")
    plain = value(figure)
    assert plain is not None and value(figure, Reading(turned=True)) == sign * plain


def test_a_number_is_multiplied_by_what_it_was_misprinted_by() -> None:
    figure = Figure(SPEC, 2, "dE_dw1", "0")
    plain = value(figure)
    assert plain is not None and value(figure, Reading(factor=-10.0)) == -10.0 * plain


# --- going on with the printed figures ---


def test_going_on_with_the_printed_figures_takes_each_of_them_for_its_number_in_all_that_follows() -> None:
    """By hand: o1 = 0.25 is printed 0.3, so δ = 0.3 and new w2 = 0.35; that is printed 0.4, and new w1 is 0.35.

    Round 2 has h1 = 0.35 and o1 = 0.4·0.35 = 0.14, so new w2 = 0.4 − 0.14·0.35 = 0.351.
    """
    printed = [Figure(LINE, 1, "o1", "0.3"), Figure(LINE, 1, "new_w2", "0.4")]
    asked = {
        (1, "o1"): 0.25,  # itself as it was before it was rounded
        (1, "delta_o1"): 0.3,
        (1, "dE_dh1"): 0.15,
        (1, "change_w2"): -0.15,
        (1, "new_w2"): 0.35,
        (1, "new_w1"): 0.35,
        (2, "h1"): 0.35,
        (2, "o1"): 0.14,
        (2, "new_w2"): 0.351,
        (3, "h1"): 0.35 - 0.14 * 0.4,
    }
    for (round_, name), by_hand in asked.items():
        found = value(Figure(LINE, round_, name, "0.3" if (round_, name) == (1, "o1") else "0"), CARRIED, printed)
        assert found == pytest.approx(by_hand if name != "new_w2" or round_ > 1 else 0.35, rel=1e-15), (round_, name)


CARRIED = Reading(carried=True)


def test_a_printed_number_with_the_opposite_sign_goes_on_with_the_sign_that_it_has_here() -> None:
    printed = [Figure(LINE, 1, "delta_o1", "-0.3")]
    turned = Reading(carried=True, turned=True)
    assert value(Figure(LINE, 1, "dE_dw2", "0"), turned, printed) == -0.15
    assert value(Figure(LINE, 1, "new_w2", "0"), turned, printed) == 0.35
    assert value(Figure(LINE, 1, "delta_o1", "-0.3"), turned) == -0.25


def test_what_arrives_and_what_changes_go_on_as_well_though_they_are_no_quantities() -> None:
    assert value(Figure(LINE, 1, "delta_h1", "0"), CARRIED, [Figure(LINE, 1, "dE_dh1", "0.2")]) == 0.2
    assert value(Figure(LINE, 1, "new_w2", "0"), CARRIED, [Figure(LINE, 1, "change_w2", "-0.2")]) == 0.3


def test_going_on_with_figures_that_hold_every_digit_changes_nothing() -> None:
    figures = [Figure(SPEC, round_, name, "0") for round_ in (1, 2, 4) for name in list_printable(SPEC.network)]
    plain = RecomputedValues(figures)
    full = [replace(f, printed=repr(plain.value(f, SPEC, PLAIN))) for f in figures]
    carried = RecomputedValues(full)
    for figure in full:
        assert carried.value(figure, SPEC, CARRIED) == pytest.approx(float(figure.printed), rel=1e-13, abs=1e-15)


def test_a_figure_of_another_problem_or_of_a_later_round_is_not_gone_on_with() -> None:
    others = [Figure(replace(LINE, step=2.0), 1, "o1", "0.9"), Figure(LINE, 3, "o1", "0.9")]
    assert value(Figure(LINE, 2, "o1", "0"), CARRIED, others) == value(Figure(LINE, 2, "o1", "0"))


@pytest.mark.parametrize("digits", ["1e300", "nan", "inf", "1e400", "-0.0"])
@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_going_on_with_a_number_out_of_all_proportion_warns_of_nothing(digits: str, precision: str) -> None:
    spec = replace(SPEC, precision=precision)
    found = value(Figure(spec, 2, "new_w1", "0"), CARRIED, [Figure(spec, 1, "o1", digits)])
    assert isinstance(found, float)


# --- torch's own digits ---


@needs_torch
def test_torch_gives_its_own_last_digits_where_it_can_do_the_calculation() -> None:
    spec = replace(problem(activation="torch.sigmoid"), precision="float32", torch_precision="same")
    run = Run(make_engine("torch", spec))
    run.train_to(50)
    for round_ in (1, 50):
        figure = Figure(spec, round_, "E", "0", "torch")
        assert RecomputedValues([figure]).compute_by_torch(figure, spec, PLAIN) == float(run.values(round_)["E"])


@pytest.mark.parametrize(
    ("settings", "read"),
    [({"gradient": "as published"}, PLAIN), ({"rounding": "3 digits"}, PLAIN), ({}, CARRIED)],
    ids=["a rule", "rounding", "going on"],
)
def test_what_torch_cannot_do_is_numpys(
    settings: dict[str, str], read: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENGINES, "torch", "no_such_torch:Engine")
    figure = Figure(replace(SPEC, **settings), 3, "E", "0")  # type: ignore[arg-type]
    recomputed = RecomputedValues([figure])
    assert recomputed.compute_by_torch(figure, figure.spec, read) == recomputed.value(figure, figure.spec, read)


def test_without_torch_there_are_no_digits_of_torchs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "torch", "no_such_torch:Engine")
    figure = Figure(SPEC, 3, "E", "0")
    assert SPEC.rounding == NONE
    assert RecomputedValues([figure]).compute_by_torch(figure, SPEC, PLAIN) is None
    assert np.isfinite(RecomputedValues([figure]).value(figure, SPEC, PLAIN) or np.nan)
