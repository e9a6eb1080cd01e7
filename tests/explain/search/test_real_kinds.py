"""Kinds of sheets that people print: the conventions and mistakes of real ones, each on a small made-up problem."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from bptui.core.formulas.expr import Expr, Name, Number, product
from bptui.core.formulas.names import change, gradient
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import list_printable
from bptui.explain.audit.finding import FOLLOWS, RIGHT, WRONG
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change, ChangeSet
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.steps import list_steps
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue.catalogue import CATALOGUE
from bptui.explain.search.evidence import Evidence
from bptui.explain.search.search import Explanation
from tests.effort import mostly
from tests.misprints import candidates, explain_figures, figures_under

KITCHEN = Spec.from_table(
    {
        "network": {
            "inputs": [0.5, 0.8],
            "targets": [0.3],
            "hidden": 2,
            "weights": [0.4, -0.7, 0.6, 0.2, 0.9, -0.3],
            "biases": {"hidden": [0.1, -0.2], "output": [0.25], "update": "per neuron"},
        },
        "training": {"loss": "half squared error", "step": 0.4},
    }
)
WIDE = replace(
    KITCHEN, targets=((0.3, 0.7),), weights=(*KITCHEN.weights[:4], 0.9, 0.35, -0.3, 0.55), biases_output=(0.25, 0.15)
)
FORWARD = ("in_h1", "in_h2", "h1", "h2", "in_o1", "o1", "E")
BACKWARD = ("delta_o1", "dE_dw5", "dE_dw6", "dE_db_o1", "delta_h1", "delta_h2", "dE_dw1", "dE_dw4", "dE_db_h1")
UPDATE = ("change_w1", "change_w5", "change_b_o1", "new_w1", "new_w5", "new_w6", "new_b_h1", "new_b_o1")
ALL = (*FORWARD, *BACKWARD, *UPDATE)


def option(spec: Spec, name: str) -> Change:
    return next(one for row in CATALOGUE for one in row.options(spec) if one.name == name)


def sheet(spec: Spec, changes: Sequence[Change], rounds: Sequence[int] = (1, 2), digits: int = 6) -> tuple[Figure, ...]:
    names = [name for name in ALL if name in list_printable(spec.network)]
    return figures_under(spec, changes, [(round_, name) for round_ in rounds for name in names], digits)


def sure_names(explanation: Explanation) -> list[str]:
    return [one.name for group in explanation.groups if group.sure for one in group.best.changes]


def all_names(explanation: Explanation) -> set[str]:
    return {one.name for candidate in candidates(explanation) for one in candidate.changes}


# --- conventions: nothing is wrong ---


def test_deltas_that_are_added_and_biases_as_weights_of_minus_one_are_two_conventions() -> None:
    """The deltas are target minus output and added; the input of each bias is −1. No sign is wrong."""
    negated = replace(KITCHEN, biases_hidden=(-0.1, 0.2), biases_output=(-0.25,))
    turned = Change("sign", "", "", reading=(("turned", True), ("bias_sign", -1.0)))
    values = Evidence([Figure(negated, 1, "E", "0")], TorchValues()).values_in_round(1, (turned,))
    figures = [Figure(KITCHEN, 1, name, f"{values[name]:.5f}") for name in ALL]
    explanation = explain_figures(figures)
    (group,) = explanation.groups
    assert {one.name for one in group.best.changes} == {"slopes counted the other way", "biases subtracted"}
    assert all(one.convention for one in group.best.changes) and group.sure
    assert len(group.best.explains) == len(figures)
    assert not explanation.audit.slips and not explanation.left
    assert not any("sign wrong" in name for name in all_names(explanation))


def test_a_loss_printed_as_the_full_square_with_the_slopes_of_half_of_it_is_a_convention() -> None:
    values = Evidence([Figure(KITCHEN, 1, "E", "0")], TorchValues()).values_in_round(1)
    stated = replace(KITCHEN, loss="squared error")
    printed = {name: values[name] * (2.0 if name == "E" else 1.0) for name in ALL}
    explanation = explain_figures([Figure(stated, 1, name, f"{value:.6f}") for name, value in printed.items()])
    (group,) = explanation.groups
    assert [one.name for one in group.best.changes] == ["slopes of half squared error"]
    assert group.best.changes[0].convention and not explanation.audit.slips
    assert len(group.best.explains) == len(ALL)


@pytest.mark.parametrize("name", ["rounds counted from 0", "digits cut off", "slopes counted the other way"])
def test_by_a_convention_alone_nothing_is_wrong(name: str) -> None:
    explanation = explain_figures(sheet(KITCHEN, [option(KITCHEN, name)]))
    assert not explanation.audit.slips and sure_names(explanation) == [name]


# --- mistakes of the catalogue ---


@pytest.mark.parametrize("neuron", ["h1", "h2", "o1"])
def test_the_numbers_of_one_neuron_read_in_another_order_are_named(neuron: str) -> None:
    """Its bias first and then its weights, in place of the weights first."""
    name = f"{neuron}: the bias is read first, then the weights"
    explanation = explain_figures(sheet(KITCHEN, [option(KITCHEN, name)]))
    assert name in sure_names(explanation) and explanation.left == ()


RULES = [("hidden derivative forgotten", "updated weights"), ("updated weights", "output derivative forgotten")]


@pytest.mark.parametrize("rules", mostly(RULES[:1], RULES))
def test_two_gradient_rules_at_once_are_both_named(rules: tuple[str, str]) -> None:
    changes = [option(KITCHEN, f'gradient rule "{rule}"') for rule in rules]
    explanation = explain_figures(sheet(KITCHEN, changes, rounds=(1,)))
    assert any({one.name for one in changes} == {c.name for c in found.changes} for found in candidates(explanation))
    assert explanation.left == ()


@pytest.mark.parametrize(
    "name",
    [
        *(f"derivative at the output: {where}" for where in ("all neurons", "the hidden neurons", "the outputs")),
        *(f"derivative σ(z)·σ(1 − z): {where}" for where in ("all neurons", "the outputs")),
        "update added: the outputs",
    ],
)
def test_a_wrong_derivative_or_update_of_all_layers_or_of_one_is_named(name: str) -> None:
    explanation = explain_figures(sheet(KITCHEN, [option(KITCHEN, name)]), 1)
    assert name in sure_names(explanation) and explanation.left == ()


def test_a_path_left_out_of_the_hidden_deltas_is_named() -> None:
    change = option(WIDE, "path through o2 left out")
    figures = figures_under(WIDE, [change], [(1, name) for name in (*FORWARD, "o2", *BACKWARD, *UPDATE)], 6)
    assert change.name in sure_names(explain_figures(figures, 1))


def test_three_values_cut_off_and_no_others_are_three_slips_of_one_kind() -> None:
    """All others are rounded, so it is no convention of the sheet."""
    values = Evidence([Figure(KITCHEN, 1, "E", "0")], TorchValues()).values_in_round(1)
    printed = {name: f"{values[name]:.5f}" for name in ALL}
    wrong = list[str]()
    for name in ALL:
        cut = f"{int(values[name] * 1e5) / 1e5:.5f}"
        if cut != printed[name] and len(wrong) < 3:
            printed[name] = cut
            wrong.append(name)
    explanation = explain_figures([Figure(KITCHEN, 1, name, text) for name, text in printed.items()])
    (group,) = explanation.groups
    assert [one.name for one in group.best.changes] == ["digits cut off"]
    assert [explanation.figures[place].name for place in group.figures] == wrong
    assert len(explanation.audit.slips) == 3 and explanation.left == ()


def test_an_input_that_was_misread_is_named_with_the_digits_and_nothing_else_is_sure() -> None:
    """x1 is read as 0.55 instead of 0.5."""
    misread = Change("given", "", "", (("inputs", ((0.55, 0.8),)),))
    explanation = explain_figures(sheet(KITCHEN, [misread]))
    (group,) = explanation.groups
    assert group.sure and len(group.best.explains) == len(explanation.figures)
    (change,) = group.best.changes
    assert change.about == "x1 is taken as 0.55, not as 0.5: an extra 5 is added at the end"


# --- no cause is made up ---


def independent_slips(count: int) -> tuple[list[Figure], list[int]]:
    """A sheet that goes on with its printed numbers, with an independent slip of arithmetic in every third value."""
    calculation, figures, slips = Calculation(WIDE), list[Figure](), list[int]()
    values = calculation.given(calculation.start(), 1)
    names = [name for name in (*FORWARD, "o2", *BACKWARD, *UPDATE) if name in {s.name for s in calculation.steps(1)}]
    for step in calculation.steps(1):
        value = float(step.compute(values))
        if step.name in names:
            if len(figures) % 3 == 1 and len(slips) < count:
                value += (0.0213, -0.0471, 0.0118, -0.0327, 0.0562, 0.0149, -0.0735)[len(slips)]
                slips.append(len(figures))
            figures.append(Figure(WIDE, 1, step.name, f"{value:.5f}"))
            value = float(figures[-1].printed)
        values[step.name] = type(values["x1"])(value)
    return figures, slips


def test_seven_independent_slips_are_named_at_once_and_get_no_common_cause() -> None:
    figures, slips = independent_slips(7)
    explanation = explain_figures(figures, 1)
    assert list(explanation.audit.slips) == slips
    assert {finding.status for finding in explanation.audit.findings} <= {RIGHT, WRONG, FOLLOWS}
    for group in explanation.groups:
        assert len(group.best.resolved) == 1 or not group.sure


def decayed(spec: Spec) -> dict[str, Expr]:
    """Weight decay: each update also takes away a hundredth of the weight."""
    network = spec.network
    return {
        change(p): product(Number(-1.0), Name("eta"), Name(gradient(p)) + product(Number(0.01), Name(p)))
        for p in network.parameters
        if p.startswith("w")
    }


def slower_layer(spec: Spec) -> dict[str, Expr]:
    """The weights into the outputs have a learning rate of their own."""
    return {change(p): product(Number(-0.7), Name(gradient(p))) for p in ("w5", "w6")}


def doubled_path(spec: Spec) -> dict[str, Expr]:
    """What comes back to h1 is squared."""
    back = next(step.expr for step in list_steps(spec.network) if step.name == "dE_dh1")
    return {"dE_dh1": product(back, back)}


UNKNOWN_MISTAKES = {"weight decay": decayed, "a layer's learning rate": slower_layer, "what comes back": doubled_path}


@pytest.mark.parametrize("mistake", UNKNOWN_MISTAKES)
def test_a_mistake_outside_the_catalogue_gets_no_sure_cause_that_leaves_what_it_touches_differing(mistake: str) -> None:
    edits: Mapping[str, Expr] = UNKNOWN_MISTAKES[mistake](KITCHEN)
    made: ChangeSet = (Change("formula", mistake, "", edits=tuple(edits.items())),)
    figures = sheet(KITCHEN, made, rounds=(1, 2))
    explanation = explain_figures(figures, 1)
    evidence = Evidence(figures, TorchValues())
    assert explanation.audit.slips or explanation.groups
    for group in explanation.groups:
        changes = group.best.changes
        if group.sure and not all(one.kind == "slip" for one in changes):
            assert not [p for p in evidence.audit_under(changes).slips if is_moved(evidence, changes, p)]
            assert not evidence.judge(changes).broken


def is_moved(evidence: Evidence, changes: ChangeSet, place: int) -> bool:
    """Whether what a value should be is another number under changes, by more than its digits."""
    now, was = (evidence.audit_under(one).findings[place].value for one in (changes, ()))
    if now is None or was is None:
        return now is not was
    return abs(now - was) > 2.0 * evidence.figures[place].digits.half
