"""Evidence: which figures come out under which changes, and how much that says."""

from dataclasses import replace
from math import isfinite

import pytest
from bptui.explain.recomputed import Figure

from bptui.core.engines.engine import ENGINES
from bptui.explain.calculation.changes import Change
from bptui.explain.catalogue.catalogue import make_step_change
from bptui.explain.search.evidence import Evidence, compute_cost
from tests.misprints import figures_under
from tests.strategies import problem
from tests.torches import needs_torch

SPEC = problem()
OTHER_STEP, UPDATED = make_step_change(0.5), Change("gradient rule", "", "", (("gradient", "updated weights"),))
CUT, LATER = (
    Change("digits", "", "", reading=(("cut", True),)),
    Change("round", "", "", reading=(("shift", 1),), weight=1),
)
PLACES = [(1, "o1"), (1, "new_w5"), (1, "dE_dw1"), (3, "E")]


def evidence_of(*digits: tuple[str, str]) -> Evidence:
    return Evidence([Figure(SPEC, 1, name, printed) for name, printed in digits])


def stated(name: str, round_: int = 1) -> str:
    (figure,) = figures_under(SPEC, (), [(round_, name)], 9)
    return figure.printed


def moved(name: str, by: float) -> str:
    return f"{float(stated(name)) + by:.9f}"


# --- which come out ---


def test_figures_are_right_or_wrong_and_lie_in_blocks_by_round_and_problem() -> None:
    other = replace(SPEC, step=0.25)
    figures = [*figures_under(SPEC, (), PLACES), Figure(other, 1, "o1", "0.123"), Figure(other, 1, "E", "0.123")]
    evidence = Evidence(figures[::-1])
    assert evidence.all == {0, 1, 2, 3, 4, 5}
    assert (evidence.wrong, evidence.right) == (frozenset({0, 1}), frozenset({2, 3, 4, 5}))
    assert set(evidence.blocks) == {frozenset({0, 1}), frozenset({3, 4, 5}), frozenset({2})}
    assert evidence.blocks[-1] == {2}


def test_figures_come_out_under_what_they_were_made_with() -> None:
    for changes in ((OTHER_STEP,), (UPDATED,), (LATER,), (OTHER_STEP, UPDATED), (OTHER_STEP, CUT, LATER)):
        evidence = Evidence(figures_under(SPEC, changes, PLACES, 9))
        assert evidence.find_matches(changes, evidence.all) == evidence.all != evidence.right


def test_only_the_figures_asked_about_are_looked_at() -> None:
    evidence = Evidence(figures_under(SPEC, [OTHER_STEP], PLACES, 9))
    assert evidence.find_matches((OTHER_STEP,), {1, 3}) == {1, 3}


def test_a_figure_for_which_there_is_no_number_does_not_come_out() -> None:
    biased = problem(biases="per neuron")
    without = Change("biases", "", "", (("biases_hidden", ()), ("biases_output", ())))
    evidence = Evidence([Figure(biased, 1, "new_b_h1", "0.1")])
    assert evidence.value(0, (without,)) is None
    assert evidence.find_matches((without,), {0}) == frozenset()
    assert evidence.measure_digits_off(0, (without,)) == 1.0


def test_numpys_float32_may_be_off_by_what_another_order_does_and_float64_may_not() -> None:
    spec = replace(SPEC, precision="float32")
    (exact,) = figures_under(spec, (), [(3, "E")], 17)
    near = f"{float(exact.printed) * (1 + 2e-7):.17f}"
    assert Evidence([replace(exact, printed=near)]).right == {0}
    assert Evidence([Figure(SPEC, 3, "E", f"{float(stated('E', 3)) * (1 + 2e-7):.17f}")]).wrong == {0}


@needs_torch
def test_the_last_digits_of_a_float32_figure_of_torchs_are_torchs() -> None:
    spec = replace(SPEC, precision="float32")
    evidence = Evidence([Figure(spec, 3, "E", "0.1", "torch")])
    exact = f"{evidence.value(0):.17f}"
    near = f"{float(exact) * (1 + 2e-7):.17f}"
    assert Evidence([Figure(spec, 3, "E", exact, "torch")]).right == {0}
    assert Evidence([Figure(spec, 3, "E", near, "torch")]).wrong == {0}


def test_without_torch_its_figures_are_compared_as_far_as_numpy_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "torch", "no_such_torch:Engine")
    spec = replace(SPEC, precision="float32")
    (figure,) = figures_under(spec, (), [(3, "E")], 12)
    assert Evidence([replace(figure, engine="torch")]).right == {0}


# --- how much that says ---


@pytest.mark.parametrize(
    ("by", "digits"),
    [(1e-9, (0.4, 0.6)), (1e-8, (1.2, 1.5)), (1e-6, (3.2, 3.4)), (0.4, (8.8, 9.0)), (5.0, (9.5, 10.0))],
)
def test_a_figure_is_off_by_the_digits_that_differ_and_by_no_more_than_it_has(
    by: float, digits: tuple[float, float]
) -> None:
    low, high = digits
    assert low <= evidence_of(("o1", moved("o1", by))).measure_digits_off(0) <= high


@pytest.mark.parametrize("printed", ["nan", "inf", "1e400", "1e-400", "5.", "-0.0", "0.0"])
def test_whatever_is_printed_is_off_by_a_number_of_digits(printed: str) -> None:
    evidence = evidence_of(("o1", printed), ("in_h1", printed))
    assert isfinite(evidence.digits(evidence.wrong)) and isfinite(evidence.measure_nearness(0, (OTHER_STEP,)))
    assert 0.0 <= evidence.measure_digits_off(0) <= 1.0


def test_what_is_printed_as_no_number_at_all_is_off_by_one_digit_where_it_is_one() -> None:
    assert evidence_of(("o1", "nan")).measure_digits_off(0) == 1.0


def test_a_right_figure_is_hardly_off_and_says_nothing() -> None:
    evidence = evidence_of(("o1", stated("o1")), ("o2", moved("o2", 0.1)))
    assert evidence.measure_digits_off(0) < 0.31
    assert evidence.compute_gain((OTHER_STEP,), frozenset({0}), evidence.wrong) == 0.0


def test_wrong_figures_that_come_out_speak_for_a_set_and_right_ones_of_their_round_that_do_not_against_it() -> None:
    evidence = evidence_of(
        ("o1", moved("o1", 0.1)), ("o2", moved("o2", 1e-8)), ("h1", stated("h1")), ("h2", stated("h2"))
    )
    first, second = evidence.measure_digits_off(0), evidence.measure_digits_off(1)
    of = evidence.wrong
    assert (
        evidence.compute_gain((OTHER_STEP,), frozenset({0, 1, 2, 3}), of) == evidence.digits({0, 1}) == first + second
    )
    assert evidence.compute_gain((OTHER_STEP,), frozenset({0, 2, 3}), of) == first
    assert evidence.compute_gain((OTHER_STEP,), frozenset({0, 2}), of) == first - 0.5
    assert evidence.compute_gain((OTHER_STEP,), frozenset({0}), of) == first - 1.0
    assert evidence.compute_gain((OTHER_STEP,), frozenset({0, 1, 2, 3}), frozenset({1})) == second


def test_right_figures_of_other_rounds_speak_against_another_calculation_and_not_against_another_reading() -> None:
    figures = [Figure(SPEC, 1, "o1", moved("o1", 0.1)), *figures_under(SPEC, (), [(2, "o1"), (3, "o1")])]
    evidence = Evidence(figures)
    explains, off = frozenset({0}), evidence.measure_digits_off(0)
    assert evidence.compute_gain((LATER,), explains, evidence.wrong) == off
    assert (
        evidence.compute_gain((OTHER_STEP,), explains, evidence.wrong)
        == evidence.compute_gain((CUT, UPDATED), explains, explains)
        == off - 1
    )


def test_a_set_costs_the_digits_of_its_changes_but_for_those_used_before() -> None:
    assert compute_cost(()) == 0
    assert compute_cost((OTHER_STEP, UPDATED, LATER)) == 2 + 2 + 1
    assert compute_cost((OTHER_STEP, UPDATED, LATER), {UPDATED}) == 2 + 1
    assert compute_cost((make_step_change(0.37, 2),)) == 4


def test_nearness_counts_the_digits_that_are_right_from_none_to_all() -> None:
    evidence = evidence_of(("o1", stated("o1")), ("o2", moved("o2", 1e-5)), ("h1", "-5.0"), ("h2", "nan"))
    assert evidence.measure_nearness(0, ()) == pytest.approx(9.0, abs=0.5)
    assert 4.0 < evidence.measure_nearness(1, ()) < 6.0
    assert evidence.measure_nearness(2, ()) == evidence.measure_nearness(3, ()) == 0.0
