"""Given numbers that were copied wrongly: solved for, and named with the digit that was misread."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import nan

import pytest

from bptui.core.problem.spec import Spec
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue.settings import make_step_change
from bptui.explain.search.evidence import Evidence
from bptui.explain.search.given_numbers import (
    GivenNumber,
    describe_copying_slip,
    find_roots,
    list_given,
    list_solved,
    make_given_change,
    solve_given,
)
from tests.effort import ALL
from tests.misprints import candidates, each_counts, explain_figures, figures_under
from tests.strategies import problem

SPEC = replace(
    problem(biases="per neuron"),
    inputs=((0.35, 0.72),),
    targets=((0.15, 0.84),),
    weights=(0.12, -0.43, 0.25, 0.61, 0.37, -0.28, 0.53, 0.46),
    biases_hidden=(0.31, -0.24),
    biases_output=(0.17, 0.42),
    step=0.5,
)
PLACES = [(1, name) for name in ("in_h1", "in_h2", "o1", "o2", "delta_o1", "delta_o2", "dE_dw1", "new_w5", "new_b_h1")]
NUMBERS = 300 if ALL else 16


def misread(number: GivenNumber, spec: Spec, rng: random.Random) -> tuple[float, str, str]:
    """Another digit in place of one of a number: the number, and the digits that were read and are there."""
    text = f"{number.read(spec):.12g}"
    at = rng.choice([at for at, sign in enumerate(text) if sign.isdigit() and (at or sign != "0")])
    read = rng.choice([digit for digit in "123456789" if digit != text[at]])
    return float(text[:at] + read + text[at + 1 :]), read, text[at]


def copied(spec: Spec, number: GivenNumber, value: float) -> Change:
    return make_given_change(spec, number, value)


@pytest.mark.parametrize("first", range(0, NUMBERS, 20))
def test_a_given_number_that_is_off_by_a_digit_is_named_with_the_digit(first: int) -> None:
    """Inputs, targets, weights and biases in turn."""
    for seed in range(first, min(first + 20, NUMBERS)):
        rng = random.Random(seed)
        given = list_given(SPEC)
        number = given[seed * 5 % len(given)]
        value, read, there = misread(number, SPEC, rng)
        change = copied(SPEC, number, value)
        figures = figures_under(SPEC, [change], PLACES, 6)
        if not each_counts([change], figures):
            continue
        found = [one for c in candidates(explain_figures(figures, 1)) if len(c.changes) == 1 for one in c.changes]
        named = [one for one in found if dict(one.settings).get(number.setting) == number.put(SPEC, value)]
        assert named, (seed, change.about, [one.name for one in found])
        if named[0].kind == "given":
            assert f"the {there} is read as {read}" in named[0].about, (seed, named[0].about)


@pytest.mark.parametrize(
    ("name", "place"),
    [("x1", "in_h1"), ("y2", "delta_o2"), ("w4", "in_h2"), ("w8", "in_o2"), ("b_o1", "in_o1")],
)
def test_each_kind_of_number_is_solved_for_from_one_value(name: str, place: str) -> None:
    number = next(one for one in list_given(SPEC) if one.name == name)
    value = round(number.read(SPEC) + 0.1, 2)
    evidence = Evidence(figures_under(SPEC, [copied(SPEC, number, value)], [(1, place)], 6), TorchValues())
    assert copied(SPEC, number, value) in list(solve_given(evidence, (0,)))


@pytest.mark.parametrize("step", [0.6, 0.05, 0.53, 1.7, 5.0])
def test_a_learning_rate_that_was_copied_wrongly_is_named(step: float) -> None:
    figures = figures_under(SPEC, [make_step_change(step)], PLACES, 6)
    (group,) = explain_figures(figures, 1).groups
    assert group.sure and [dict(one.settings) for one in group.best.changes] == [{"step": step}]
    evidence = Evidence(figures_under(SPEC, [make_step_change(step)], [(1, "new_w1")], 6), TorchValues())
    assert any(dict(one.settings) == {"step": step} for one in list_solved(evidence, (0,), ()))


def test_a_number_is_solved_for_beside_another_change() -> None:
    number = next(one for one in list_given(SPEC) if one.name == "x1")
    squared = Change("loss", "", "", (("loss", "squared error"),))
    change = copied(SPEC, number, 0.39)
    evidence = Evidence(figures_under(SPEC, [squared, change], [(1, "in_h1"), (1, "delta_o1")], 7), TorchValues())
    assert any(dict(one.settings) == dict(change.settings) for one in solve_given(evidence, (0,), (squared,)))


def test_every_given_number_is_listed_once_and_put_in_its_place() -> None:
    given = list_given(SPEC)
    names = [number.name for number in given]
    assert names == [*SPEC.network.inputs, *SPEC.network.targets, *SPEC.network.parameters]
    for number in given:
        after = replace(SPEC, **{number.setting: number.put(SPEC, 9.0)})
        assert number.read(after) == 9.0
        assert [one.name for one in list_given(after) if one.read(after) != one.read(SPEC)] == [number.name]
    drawn = Spec.from_table({"network": {"inputs": [0.1, 0.2], "targets": [0.3, 0.4], "init": {"kind": "normal"}}})
    assert [number.name for number in list_given(drawn)] == ["x1", "x2", "y1", "y2"]


@pytest.mark.parametrize(
    ("was", "now", "how"),
    [
        ("0.35", "0.85", "the 3 is read as 8"),
        ("0.35", "0.53", "two of its digits are swapped"),
        ("-0.35", "0.35", "the minus sign is lost"),
        ("0.35", "-0.35", "a minus sign is added"),
        ("0.35", "3.5", "the decimal point is misplaced"),
        ("0.35", "0.035", "the decimal point is misplaced"),
        ("0.35", "0.355", "an extra 5 is added at the end"),
        ("0.35", "0.3", "the last digit, 5, is left out"),
        ("0.35", "0.71", ""),
        ("0.35", "0.3512", ""),
    ],
)
def test_how_a_number_was_copied_is_said_in_words_where_that_is_plain(was: str, now: str, how: str) -> None:
    assert describe_copying_slip(was, now) == how


def test_a_number_that_is_no_plain_copying_slip_needs_its_digits_of_evidence_more() -> None:
    number = next(one for one in list_given(SPEC) if one.name == "x1")
    plain, odd = copied(SPEC, number, 0.36), copied(SPEC, number, 0.4873)
    assert odd.weight == plain.weight + 4


@pytest.mark.parametrize("printed", ["nan", "inf", "1e400", "0.0", "-7.0"])
def test_no_number_is_solved_for_where_none_gives_the_value(printed: str) -> None:
    def numbers(figures: Sequence[Figure]) -> list[Change]:
        return list(solve_given(Evidence(figures, TorchValues()), (0,)))

    assert not [one for one in numbers([Figure(SPEC, 1, "o1", printed)]) if one.weight <= Change.weight]
    assert not list(solve_given(Evidence([Figure(SPEC, 1, "o1", printed)], TorchValues()), ()))


def test_the_secant_method_finds_roots_and_their_slopes_or_says_that_there_is_none() -> None:
    def find_off(asked: Mapping[str, float]) -> list[float]:
        return [{"root": x * x - 2.0, "line": 3.0 * x, "none": 1.0, "nan": nan}[name] for name, x in asked.items()]

    found = find_roots(find_off, dict.fromkeys(("root", "line", "none", "nan"), (1.0, 1.1)))
    root, line = found["root"], found["line"]
    assert root is not None and line is not None
    assert root[0] == pytest.approx(2.0**0.5, rel=1e-12) and root[1] == pytest.approx(2.0 * 2.0**0.5, rel=1e-3)
    assert line[0] == pytest.approx(0.0, abs=1e-12) and line[1] == pytest.approx(3.0)
    assert found["none"] is None and found["nan"] is None


def test_a_solved_number_gives_the_value() -> None:
    number = next(one for one in list_given(SPEC) if one.name == "w1")
    change = copied(SPEC, number, 0.17)
    (figure,) = figures_under(SPEC, [change], [(1, "in_h1")], 6)
    for solved in solve_given(Evidence([figure], TorchValues()), (0,)):
        calculation = Calculation(SPEC, (solved,))
        values = calculation.given(calculation.start(), 1)
        for step in calculation.steps(1):
            values[step.name] = step.compute(values)
        assert figure.digits.agree(float(values["in_h1"])), solved.name
