"""Slips explained by what happened to their numbers alone, and formulas that may have been written wrongly."""

from dataclasses import replace

from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.search.evidence import Evidence
from bptui.explain.search.formulas import list_formula_changes
from bptui.explain.search.lone_numbers import explain_lone_numbers
from tests.misprints import explain_figures
from tests.strategies import problem

SPEC = problem(biases="per neuron")
VALUES = Evidence([Figure(SPEC, 1, "E", "0")], TorchValues()).values_in_round(1)


def evidence_of(**printed: str) -> Evidence:
    return Evidence([Figure(SPEC, 1, name, digits) for name, digits in printed.items()], TorchValues())


def test_slips_of_one_kind_are_one_candidate() -> None:
    tenth = {name: f"{VALUES[name] / 10:.6f}" for name in ("o1", "o2")}
    evidence = evidence_of(in_h1=f"{VALUES['in_h1']:.6f}", **tenth)
    found = explain_lone_numbers(evidence, (1, 2))
    (candidate,) = [one for one in found.values() if one.changes[0].name == "decimal point"]
    assert candidate.resolved == {1, 2} and candidate.explains == {0, 1, 2} and not candidate.broken


def test_a_number_alone_is_compared_with_what_the_values_before_it_give_and_with_what_the_lesson_gives() -> None:
    wrong = VALUES["delta_o1"] + 0.05
    follows = wrong * VALUES["h1"]
    printed = {"h1": f"{VALUES['h1']:.7f}", "delta_o1": f"{wrong:.7f}", "dE_dw5": f"{-follows:.6f}"}
    evidence = evidence_of(**printed)
    assert evidence.slips == {1, 2}
    names = {one.changes[0].name for one in explain_lone_numbers(evidence, (2,)).values()}
    assert "sign lost" in names


def test_what_explains_a_number_alone_explains_nothing_after_it() -> None:
    printed = {name: f"{VALUES[name]:.6f}" for name in ("in_h1", "h1", "in_o1", "o1", "E")}
    explanation = explain_figures(evidence_of(**{**printed, "h1": f"{VALUES['h1'] / 10:.6f}"}).figures, 1)
    assert explanation.audit.slips == (1,)
    (group,) = explanation.groups
    assert [one.name for one in group.best.changes] == ["decimal point"] and group.figures == (1,)


def test_the_formulas_of_a_slip_are_its_own_and_those_of_what_is_not_printed_before_it() -> None:
    evidence = evidence_of(h1="0.5", h2="0.5", o1="0.9", dE_dw5="0.3")
    edited = {name for change in list_formula_changes(evidence, 3, ()) for name, _ in change.edits}
    assert {"dE_dw5", "delta_o1", "dE_do1", "do1_din_o1"} <= edited
    assert not edited & {"o1", "h1", "in_h1", "in_o1"} - {"in_o1"}
    assert all(Calculation(SPEC, (change,)).is_possible for change in list_formula_changes(evidence, 3, ()))


def test_a_formula_is_not_said_to_use_another_slips_number_in_place_of_the_right_one() -> None:
    """Both may be wrong by one cause."""
    printed = {name: f"{VALUES[name]:.7f}" for name in ("h1", "h2")}
    right, wrong = evidence_of(**printed, dE_dw5="0.9"), evidence_of(**{**printed, "h2": "0.9"}, dE_dw5="0.9")
    assert wrong.slips == {1, 2}
    found = [{one.name for one in list_formula_changes(evidence, 2, ())} for evidence in (right, wrong)]
    left_out = found[0] - found[1]
    assert left_out and all("h2 in place of" in name for name in left_out)


def test_a_formula_that_was_written_wrongly_in_all_rounds_or_in_one_is_named() -> None:
    names = ("in_h1", "h1", "h2", "in_o1", "o1", "delta_o1", "dE_dw5", "dE_dw7", "new_w5")
    for rounds in ((), (2,)):
        (change,) = [
            change
            for change in list_formula_changes(evidence_of(dE_dw5="0.3"), 0, ())
            if change.name.endswith("h2 in place of h1") and change.edits[0][0] == "dE_dw5"
        ]
        made = Evidence([Figure(SPEC, 1, "E", "0")], TorchValues())
        wrong = replace(change, rounds=rounds)
        values = {round_: made.values_in_round(round_, (wrong,)) for round_ in (1, 2)}
        figures = [Figure(SPEC, round_, name, f"{values[round_][name]:.7f}") for round_ in (1, 2) for name in names]
        (group,) = explain_figures(figures, 1).groups
        assert group.sure and [one.name for one in group.best.changes] == [change.name], rounds
