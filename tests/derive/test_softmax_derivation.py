"""The derivation of a delta of softmax outputs: step by step to output minus target, where that is so."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import NumpyEngine, collect_given
from bptui.core.engines.program import compile_expression
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.quantities.chain_rule import find_derivations
from bptui.derive.notations import ASCII
from bptui.derive.page import derive_round
from bptui.derive.worked import Working
from bptui.lessons.lesson import load_lesson
from tests.effort import examples
from tests.strategies import numbers, problem

THREE = replace(problem((2, 2, 3), "softmax", "categorical cross entropy"), targets=((0.2, 0.7, 0.1),))


def values_of(spec: Spec) -> dict[str, Any]:
    start = make_initial_parameters(spec)
    return {**collect_given(spec, start, 1), **NumpyEngine(spec).evaluate(start, 1)}


def derive(spec: Spec, name: str) -> Any:
    return Working(spec.network, values_of(spec), form=ASCII).derivation(name)


def test_a_delta_is_its_chain_and_comes_to_the_output_times_the_sum_of_the_targets_minus_its_own() -> None:
    worked = derive(THREE, "delta_o2")
    assert worked.line.letters == "dE_do1*do1_din_o2 + dE_do2*do2_din_o2 + dE_do3*do3_din_o2"
    assert worked.chain is None and worked.verdict == ""
    assert [line.letters for _, line in worked.simpler] == [
        "(-y1/o1)*(-o1*o2) + (-y2/o2)*o2*(1 - o2) + (-y3/o3)*(-o3*o2)",
        "y1*o2 - y2*(1 - o2) + y3*o2",
        "y1*o2 + y2*o2 - y2 + y3*o2",
        "(y1 + y2 + y3)*o2 - y2",
    ]
    assert {line.result for _, line in worked.simpler} == {worked.line.result}
    assert worked.remark == "Here the targets sum to 1, so what is left is output minus target."


def test_output_minus_target_is_claimed_only_where_the_targets_sum_to_1() -> None:
    spec = replace(THREE, targets=((0.2, 0.5, 0.1),))
    worked, values = derive(spec, "delta_o2"), values_of(spec)
    assert worked.remark == "Here the targets sum to 0.8, not to 1, so the delta is not output minus target."
    assert values["delta_o2"] == pytest.approx(0.8 * values["o2"] - 0.5, rel=1e-14)
    assert abs(values["delta_o2"] - (values["o2"] - 0.5)) > 0.01


@examples(60)
@given(numbers(3, 2.0), numbers(10, 3.0), st.sampled_from(["float64", "float32"]))
def test_every_step_is_the_delta_up_to_rounding(targets: list[float], weights: list[float], precision: str) -> None:
    """For targets of any sign and sum, with one to three outputs."""
    for count in (1, 2, 3):
        size = 2 * 2 + 2 * count
        spec = replace(problem((2, 2, count), "softmax", "categorical cross entropy"), weights=tuple(weights[:size]))
        spec = replace(spec, targets=(tuple(targets[:count]),), precision=precision)
        values = values_of(spec)
        unit = 64 * float(np.finfo(precision).eps) * max(1.0, *map(abs, targets))
        for o in spec.network.outputs:
            for words, expr in find_derivations(spec.network)[f"delta_{o}"].simpler:
                assert compile_expression(expr)(values) == pytest.approx(values[f"delta_{o}"], rel=0, abs=unit), words


@pytest.mark.parametrize(
    "changes",
    [
        {"loss": "half squared error"},
        {"loss": "cross entropy"},
        {"gradient": "softmax by its diagonal"},
        {"rounding": "4 digits"},
        {"activation_output": "sigmoid"},
    ],
)
def test_nothing_is_simplified_where_nothing_cancels_or_another_rule_is_used(changes: dict[str, Any]) -> None:
    worked = derive(replace(THREE, **changes), "delta_o2")
    assert worked.simpler == () and worked.remark == ""


def test_a_delta_that_leaves_the_other_outputs_out_differs_from_the_chain_rule() -> None:
    worked = derive(replace(THREE, gradient="softmax by its diagonal"), "delta_o2")
    assert worked.line.letters == "dE_do2*do2_din_o2"
    assert worked.chain.letters == "dE_do1*do1_din_o2 + dE_do2*do2_din_o2 + dE_do3*do3_din_o2"
    assert worked.agrees is False and 'the rule "softmax by its diagonal" is not the chain rule' in worked.verdict


def test_the_chain_of_a_weight_goes_through_every_output() -> None:
    chain = derive(THREE, "dE_dw1").chain
    assert chain.letters.count(" + ") == 8 and "dE_do3*do3_din_o2*din_o2_dh1*dh1_din_h1*din_h1_dw1" in chain.letters


def test_with_several_samples_each_delta_is_simplified_for_its_own() -> None:
    spec = replace(THREE, inputs=((0.1, 0.2), (0.5, 0.4)), targets=((1.0, 0.0, 0.0), (0.2, 0.2, 0.2)))
    first, second = (derive(spec, f"delta_o1_s{sample}") for sample in (1, 2))
    assert first.simpler[-1][1].letters == "(y1_s1 + y2_s1 + y3_s1)*o1_s1 - y1_s1"
    assert "sum to 1," in first.remark and "sum to 0.6, not to 1" in second.remark


@pytest.mark.parametrize("kind", ["text", "markdown", "latex"])
def test_the_page_says_each_thing_once(kind: str) -> None:
    page = "\n".join(derive_round(load_lesson("softmax"), 1, kind, 6))
    assert page.count("Simplified: ") == 1 and page.count("what is left is output minus target") == 3
    if kind == "text":
        assert page.count("  do2_din_o1 = ") == page.count("  delta_o1 = dE_do1*") == page.count("  dE_do1 = ") == 1


@pytest.mark.parametrize("hidden", range(5))
def test_the_letters_of_the_jacobian_are_introduced_at_any_depth(hidden: int) -> None:
    """In the general derivative of an output by a weighted input, of whose letters the second is the outputs' own."""
    spec = problem((2, *[2] * hidden, 3), "softmax", "categorical cross entropy")
    text = " ".join("\n".join(derive_round(replace(load_lesson("softmax"), spec=spec), 1, "text", 6)).split())
    (every, own), *_ = re.findall(r" do_(\w)_din_o_(\w) = ", text)
    assert f"Here {every} stands for any of the outputs, {own} for one of them." in text
    assert f"{own} = 1..3 for the outputs" in text and f"{every} = 1.." not in text.partition("for the outputs")[0]
