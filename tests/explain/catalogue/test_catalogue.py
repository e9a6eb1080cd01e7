"""The catalogue of changes: each of its rows changes what a problem says, and goes together with every other."""

from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Name
from bptui.core.formulas.gradient_rules import RULES
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import gradient, updated
from bptui.core.formulas.rounding import ROUNDINGS
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import list_printable
from bptui.explain import search as explain
from bptui.explain.catalogue.catalogue import CATALOGUE, CHANGE_KINDS, USUAL_STEPS, CatalogueRow, make_step_change
from bptui.explain.calculation.changes import Change, Reading, apply_changes, make_reading
from bptui.explain.recomputed import Figure, RecomputedValues
from tests.effort import each_once, examples
from tests.misprints import explain_figures, figures_under
from tests.strategies import BIASES, problem, tables
from tests.tables import over

SIZES = ((1, 1, 1), (2, 2, 2), (3, 1, 2), (1, 2, 3), (3, 2, 3))
ROWS = pytest.mark.parametrize("row", CATALOGUE, ids=CHANGE_KINDS)
PROBLEMS = [problem(size, biases=biases) for size in SIZES for biases in BIASES]
USUAL = problem(biases="shared")


def of_kind(kind: str, spec: Spec = USUAL) -> dict[str, Change]:
    (row,) = [row for row in CATALOGUE if row.kind == kind]
    return {change.name: change for change in row.options(spec)}


def all_options(spec: Spec) -> Iterator[Change]:
    for row in CATALOGUE:
        yield from row.options(spec)


def touched(change: Change) -> set[str]:
    """What of a problem, and of the reading of its figures, a change sets."""
    renamed = {"activation names"} if change.renamed else set()
    return {name for name, _ in (*change.settings, *change.reading)} | renamed


# --- of every row ---


@given(tables().map(Spec.from_table), st.booleans())
@examples(40)
def test_every_option_of_any_problem_is_another_problem_that_can_be_or_another_reading(
    spec: Spec, float_: bool
) -> None:
    options = list(all_options(replace(spec, precision="float32") if float_ else spec))
    for change in options:
        after = apply_changes(spec, [change])
        assert after != spec or make_reading([change]) != Reading() or float_
        assert Spec.from_table(after.to_table()) == after
        assert change.kind in CHANGE_KINDS and change.name.strip() and change.about.strip() and change.weight > 0
        assert {name for name, _ in change.settings} <= {field.name for field in fields(Spec)}
        assert {name for name, _ in change.reading} <= {field.name for field in fields(Reading)}
    assert len({(change.settings, change.reading, change.renamed) for change in options}) == len(options)


@ROWS
@over(spec=PROBLEMS)
def test_options_of_a_row_have_its_kind_and_what_they_set_is_set_by_no_other_row(row: CatalogueRow, spec: Spec) -> None:
    own = [touched(change) for change in row.options(spec)]
    beside = [other for other in CATALOGUE if other is not row and not (other.alone or row.alone)]
    others = [touched(change) for other in beside for change in other.options(spec)]
    assert {change.kind for change in row.options(spec)} <= {row.kind}
    assert not set().union(*own) & set().union(*others)


@pytest.mark.parametrize("spec", [problem((1, 1, 1)), USUAL], ids=["1-1-1", "2-2-2"])
def test_of_two_changes_of_different_kinds_it_does_not_matter_which_is_made_first(spec: Spec) -> None:
    for one, other in combinations(all_options(spec), 2):
        if one.kind != other.kind:
            assert apply_changes(spec, (one, other)) == apply_changes(spec, (other, one))
            assert make_reading((one, other)) == make_reading((other, one))


@each_once(size=SIZES, biases=BIASES)
def test_every_option_can_be_calculated_for_networks_of_any_size(size: tuple[int, int, int], biases: str) -> None:
    spec = problem(size, biases=biases)
    figures = [Figure(spec, 2, formula.name, "0.1") for formula in list_formulas(spec.network)]
    recomputed = RecomputedValues(figures)
    for change in all_options(spec):
        after, way = apply_changes(spec, [change]), make_reading([change])
        if way.named:  # which is asked of a single number only
            continue
        missing = {figure.name for figure in figures if recomputed.value(figure, after, way) is None}
        of_biases = set(map(gradient, spec.network.biases)) | set(map(updated, spec.network.biases))
        assert missing == (of_biases if change.name == "no biases" else set())


@ROWS
def test_every_option_changes_a_number_that_is_printed(row: CatalogueRow) -> None:
    """Some activations, losses and sigmoids mean the same here; of every other kind it is all of them."""
    spec = replace(USUAL, activation_hidden="torch.sigmoid") if row.kind == "sigmoid" else USUAL
    names = ["in_h2", "o1", "E", "delta_o1", "dE_dw2", "new_w1", "new_w3", "new_b_h1"]
    places = [(round_, name) for round_ in (2, 9) for name in names]
    digits = {"sigmoid": 17, "carried": 2}.get(row.kind, 15)
    stated = [figure.printed for figure in figures_under(spec, (), places, digits)]
    options = [change for change in row.options(spec) if not dict(change.reading).keys() & {"misread", "named"}]
    same = [o.name for o in options if [f.printed for f in figures_under(spec, [o], places, digits)] == stated]
    assert options
    assert len(same) < len(options) if row.kind in ("activation", "loss", "sigmoid") else not same


# --- of single rows ---


def test_there_is_an_option_for_every_rule_loss_rounding_and_usual_step_but_the_problems_own() -> None:
    assert set(of_kind("gradient rule")) == {f'gradient rule "{name}"' for name in RULES} - {
        'gradient rule "chain rule"'
    }
    assert set(of_kind("loss")) == set(LOSSES) - {"half squared error"}
    assert set(of_kind("rounding")) == {f"rounded to {name}" for name in ROUNDINGS}
    assert set(of_kind("step")) >= {f"step {step:g}" for step in USUAL_STEPS if step != USUAL.step}
    assert 'gradient rule "chain rule"' in of_kind("gradient rule", replace(USUAL, gradient="raw error"))
    assert "not rounded" in of_kind("rounding", replace(USUAL, rounding="3 digits"))


@pytest.mark.parametrize("step", [3.0, 0.03, 0.7, 1e-300, 5e-324, 1.7e308])
def test_no_two_steps_are_called_the_same_and_all_are_steps(step: float) -> None:
    options = [change.name for change in all_options(replace(USUAL, step=step)) if change.kind == "step"]
    assert len(set(options)) == len(options)
    assert all(0.0 < float(name.removeprefix("step ")) < 1e309 for name in options)


def test_a_step_that_was_solved_for_takes_as_many_more_digits_to_be_believed() -> None:
    assert make_step_change(0.37, 2).weight == make_step_change(0.37).weight + 2
    assert make_step_change(0.37, 2).settings == make_step_change(0.37).settings


def test_activations_are_offered_for_all_neurons_for_a_layer_and_for_each_neuron_alone() -> None:
    offered = of_kind("activation")
    assert {name.partition(":")[0] for name in offered} == {
        *("all neurons", "the hidden neurons", "the outputs"),
        *("h1", "h2", "o1", "o2"),
    }
    for name in set(ACTIVATIONS) - {"sigmoid", "torch.sigmoid"}:
        assert apply_changes(USUAL, [offered[f"o2: {name}"]]).network.activations == (*["sigmoid"] * 3, name)
        assert apply_changes(USUAL, [offered[f"the outputs: {name}"]]).network.activations == (
            *["sigmoid"] * 2,
            name,
            name,
        )
        assert apply_changes(USUAL, [offered[f"all neurons: {name}"]]).network.activations == (name,) * 4


def test_no_two_activation_options_come_to_the_same_network() -> None:
    for spec in (problem((1, 1, 1)), USUAL, replace(USUAL, activation_neurons=(("o2", "relu"),))):
        networks = [
            apply_changes(spec, [change]).network.activations for change in of_kind("activation", spec).values()
        ]
        assert len(set(networks)) == len(networks)
        assert spec.network.activations not in networks


@pytest.mark.parametrize(("used", "offered"), [("sigmoid", "the library's sigmoid"), ("torch.sigmoid", "written out")])
def test_a_problem_with_one_sigmoid_may_have_had_the_other(used: str, offered: str) -> None:
    (name,) = of_kind("sigmoid", problem(activation=used))
    assert offered in name
    assert not of_kind("sigmoid", problem(activation="relu"))


@pytest.mark.parametrize(
    ("biases", "offered"),
    [
        ("none", set()),
        ("frozen", {"biases per neuron", "no biases"}),
        ("per neuron", {"biases frozen", "no biases"}),
        ("shared", {"biases frozen", "biases per neuron", "no biases"}),
    ],
)
def test_biases_can_have_been_updated_otherwise_only_where_there_are_some(biases: str, offered: set[str]) -> None:
    assert set(of_kind("biases", problem(biases=biases))) == offered


def test_weights_named_otherwise_are_the_same_network_and_placed_otherwise_another_one() -> None:
    named, placed = of_kind("numbering").values()
    before, after = (RecomputedValues([Figure(USUAL, 1, n, "0") for n in ("E", "dE_dw2", "dE_dw3")]) for _ in range(2))

    def of(name: str, *changes: Change) -> float | None:
        return after.value(Figure(USUAL, 1, name, "0"), apply_changes(USUAL, changes), Reading())

    assert of("E", named) == before.value(Figure(USUAL, 1, "E", "0"), USUAL, Reading()) != of("E", placed)
    assert (of("dE_dw2", named), of("dE_dw3", named)) == (of("dE_dw3"), of("dE_dw2"))


@pytest.mark.parametrize("size", [(1, 1, 1), (2, 1, 1), (1, 2, 1)])
def test_numbering_is_no_question_where_both_ways_number_alike(size: tuple[int, int, int]) -> None:
    assert not of_kind("numbering", problem(size))


def test_weights_that_are_drawn_cannot_have_been_listed_in_another_order() -> None:
    drawn = Spec.from_table({"network": {"inputs": [0.1, 0.2], "targets": [0.3, 0.4], "init": {"kind": "normal"}}})
    assert set(of_kind("numbering", drawn)) == {"weights named by destination"}


def test_a_mean_over_one_output_is_no_other_loss() -> None:
    assert not [name for name in of_kind("loss", problem((2, 2, 1))) if "mean" in name]


def test_only_slips_in_a_single_number_stand_alone() -> None:
    assert [row.kind for row in CATALOGUE if row.alone] == ["slip"]
    assert {change.reading for change in all_options(USUAL) if change.kind == "slip"} == {
        *((("factor", factor),) for factor in (-1.0, 0.001, 0.01, 0.1, 10.0, 100.0, 1000.0)),
        *((("misread", how),) for how in ("swapped", "digit")),
        *((("named", name),) for name, expr in list_printable(USUAL.network).items() if not isinstance(expr, Name)),
    }


def test_a_single_number_may_be_that_of_another_quantity() -> None:
    """Of several, each would find one that it is."""
    way = Reading(named="h2")
    one, other = (Figure(USUAL, 1, name, "0.1") for name in ("h1", "h2"))
    assert RecomputedValues([one]).value(one, USUAL, way) == RecomputedValues([other]).value(other, USUAL, Reading())
    assert RecomputedValues([one, other]).value(one, USUAL, way) is None


# --- of a row to come ---


def test_a_row_that_is_added_is_found_by_the_search_without_another_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def options(spec: Spec) -> Iterator[Change]:
        inputs = spec.inputs[::-1]
        yield Change("inputs", "inputs swapped", "the inputs were taken in reverse order", (("inputs", inputs),))

    spec = problem()
    (change,) = options(spec)
    figures = figures_under(spec, [change], [(1, "in_h1"), (3, "E")], 9)
    assert explain_figures(figures, 1).left == (0, 1)
    monkeypatch.setattr(explain, "CATALOGUE", (*CATALOGUE, CatalogueRow("inputs", options)))
    monkeypatch.setattr(explain, "CHANGE_KINDS", (*CHANGE_KINDS, "inputs"))
    (group,) = explain_figures(figures, 1).groups
    assert group.best.changes == (change,) and group.figures == (0, 1) and group.sure
