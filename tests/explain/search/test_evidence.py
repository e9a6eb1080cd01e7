"""Evidence: which slips come right under which changes, what these break, and how much that says."""

from dataclasses import replace
from math import isfinite

import pytest

from bptui.core.engines.engine import ENGINES
from bptui.core.formulas.expr import Name
from bptui.core.quantities.printable import list_printable
from bptui.explain.audit.finding import RIGHT
from bptui.explain.calculation.changes import Change, ChangeSet
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue.settings import make_step_change
from bptui.explain.search.evidence import Candidate, Evidence
from tests.misprints import figures_under
from tests.strategies import problem
from tests.torches import needs_torch

SPEC = problem()
OTHER_STEP, UPDATED = make_step_change(0.5), Change("gradient rule", "", "", (("gradient", "updated weights"),))
CUT = Change("digits", "", "", reading=(("cut", True),))
LATER = Change("round", "", "", reading=(("shift", 1),), weight=1)
PLACES = [(1, "o1"), (1, "new_w5"), (1, "dE_dw1"), (3, "E")]
EVERY = frozenset({0, 1, 2, 3})


def make_evidence(figures: list[Figure] | tuple[Figure, ...]) -> Evidence:
    return Evidence(figures, TorchValues())


def evidence_of(*digits: tuple[str, str]) -> Evidence:
    return make_evidence([Figure(SPEC, 1, name, printed) for name, printed in digits])


def stated(name: str, round_: int = 1) -> str:
    (figure,) = figures_under(SPEC, (), [(round_, name)], 9)
    return figure.printed


def moved(name: str, by: float) -> str:
    return f"{float(stated(name)) + by:.9f}"


# --- what comes right, and what breaks ---


def test_values_match_under_what_they_were_made_with() -> None:
    for changes in ((OTHER_STEP,), (UPDATED,), (LATER,), (OTHER_STEP, UPDATED), (OTHER_STEP, CUT, LATER)):
        evidence = make_evidence(figures_under(SPEC, changes, PLACES, 9))
        judged = evidence.judge(changes)
        assert judged.explains == EVERY and judged.resolved == evidence.slips and not judged.broken
        assert evidence.slips and evidence.right < EVERY


def test_a_set_breaks_the_right_values_that_differ_under_it_and_explains_none_of_them() -> None:
    evidence = make_evidence([*figures_under(SPEC, (), PLACES, 9), Figure(SPEC, 3, "o1", "0.123456789")])
    judged = evidence.judge((OTHER_STEP,))
    assert {1, 3} <= judged.broken and not judged.broken & judged.explains
    assert not evidence.judge((CUT,)).broken & {4}


def test_a_set_breaks_a_slip_whose_number_it_alters_and_that_still_differs() -> None:
    evidence = make_evidence([Figure(SPEC, 1, "new_w5", moved("new_w5", 0.1))])
    assert evidence.judge((OTHER_STEP,)).broken == {0}
    assert evidence.judge((CUT,)).broken == frozenset()


def test_a_quick_look_finds_the_slips_that_come_right_by_either_way_of_going_on() -> None:
    evidence = make_evidence(figures_under(SPEC, (OTHER_STEP,), PLACES, 9))
    wanted = sorted(evidence.slips)
    look = evidence.quick.look((OTHER_STEP,), wanted)
    assert look.found == evidence.slips
    assert len(look.values) == 2 * len(wanted)
    assert not evidence.quick.look((), wanted).found


def test_values_before_them_are_put_in_as_they_are_printed_in_what_is_calculated_from_them() -> None:
    """δ_o1 is printed as twice what it is, so that ∂E/∂w5 = δ_o1·h1 doubles."""
    printed = f"{2 * float(stated('delta_o1')):.9f}"
    evidence = evidence_of(("delta_o1", printed), ("dE_dw5", "0"))
    delta, gradient = evidence.quick.calculate_each((), [{}, {}], (0, 1))
    assert gradient == pytest.approx(2 * float(stated("dE_dw5")), rel=1e-7)
    assert delta == pytest.approx(float(stated("delta_o1")), rel=1e-7)


def test_everything_that_may_be_printed_is_calculated_under_any_changes() -> None:
    evidence = evidence_of(("o1", "0"))
    for changes in ((), (OTHER_STEP, UPDATED), (LATER,)):
        found = evidence.values_in_round(2, changes)
        assert set(found) == set(list_printable(SPEC.network)) and all(map(isfinite, found.values()))
    assert evidence.values_in_round(1, (LATER,)) == evidence.values_in_round(2)


def test_what_uses_numbers_that_are_not_there_or_that_torch_does_not_calculate_is_refused() -> None:
    absent = Change("formula", "", "", edits=(("o1", Name("h9")),))
    present = Change("formula", "", "", edits=(("o1", Name("in_o1")),))
    evidence = evidence_of(("o1", "0.5"))
    assert evidence.quick.can_calculate((present, OTHER_STEP)) and not evidence.quick.can_calculate((absent,))
    by_torch = make_evidence([Figure(SPEC, 1, "o1", "0.5", "torch")])
    assert by_torch.quick.can_calculate((OTHER_STEP,)) and not by_torch.quick.can_calculate((present,))


def test_values_in_any_order_are_judged_by_their_place() -> None:
    figures = figures_under(SPEC, (OTHER_STEP,), PLACES, 9)
    for order in ((3, 2, 1, 0), (1, 3, 0, 2)):
        evidence = make_evidence([figures[place] for place in order])
        assert {order[place] for place in evidence.slips} == make_evidence(figures).slips


# --- torch ---


@needs_torch
def test_the_last_digits_of_a_float32_value_of_torchs_are_torchs() -> None:
    spec = replace(SPEC, precision="float32")
    value = make_evidence([Figure(spec, 3, "E", "0.1", "torch")]).recomputed[0]
    assert make_evidence([Figure(spec, 3, "E", f"{value:.17f}", "torch")]).right == {0}
    assert make_evidence([Figure(spec, 3, "E", f"{value:.4f}1234", "torch")]).slips == {0}


def test_without_torch_its_values_are_compared_as_far_as_numpy_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINES, "torch", "no_such_torch:Engine")
    spec = replace(SPEC, precision="float32")
    (figure,) = figures_under(spec, (), [(3, "E")], 6)
    assert make_evidence([replace(figure, engine="torch")]).right == {0}


# --- how much that says ---


@pytest.mark.parametrize(
    ("by", "digits"),
    [(1e-9, (0.4, 0.6)), (1e-8, (1.2, 1.5)), (1e-6, (3.2, 3.4)), (0.4, (8.8, 9.0)), (-5.0, (9.9, 10.4))],
)
def test_a_slip_is_off_by_the_digits_that_differ_and_by_no_more_than_it_has(
    by: float, digits: tuple[float, float]
) -> None:
    low, high = digits
    evidence = evidence_of(("o1", moved("o1", by)))
    assert low <= evidence.digits(evidence.slips) <= high


@pytest.mark.parametrize("printed", ["nan", "inf", "1e400", "1e-400", "5.", "-0.0", "0.0"])
def test_whatever_is_printed_is_off_by_a_number_of_digits(printed: str) -> None:
    evidence = evidence_of(("o1", printed), ("in_h1", printed))
    assert isfinite(evidence.digits(evidence.slips))
    assert all(0.0 <= evidence.digits({place}) <= 1.5 for place in evidence.slips)
    values = evidence.quick.look((OTHER_STEP,), (0, 1)).values
    assert isfinite(evidence.quick.measure_nearness((0, 1), values))


def test_what_only_follows_from_a_slip_is_no_evidence() -> None:
    slip = float(stated("delta_o1")) + 0.1
    follows = slip * float(stated("h1"))
    evidence = evidence_of(("h1", stated("h1")), ("delta_o1", f"{slip:.9f}"), ("dE_dw5", f"{follows:.9f}"))
    assert evidence.slips == {1} and evidence.right == {0}


def test_nearness_counts_the_digits_that_are_right_from_none_to_all() -> None:
    evidence = evidence_of(("o1", stated("o1")), ("o2", moved("o2", 1e-5)), ("h1", "-5.0"), ("h2", "nan"))

    def near(place: int) -> float:
        return evidence.quick.measure_nearness((place,), (evidence.recomputed[place],))

    assert near(0) == pytest.approx(9.0, abs=0.5)
    assert 4.0 < near(1) < 6.0
    assert near(2) == near(3) == 0.0


def test_a_candidate_of_one_sheet_has_the_places_of_all_and_is_joined_with_that_of_another() -> None:
    changes: ChangeSet = (OTHER_STEP,)
    one, other = (Candidate(changes, frozenset({0, 1}), frozenset({0}), frozenset({1})) for _ in range(2))
    both = one.moved((4, 7)).joined(other)
    found = [set(both.explains), set(both.resolved), set(both.broken)]
    assert found == [{0, 1, 4, 7}, {0, 4}, {1, 7}]


def test_an_audit_without_lines_differs_in_nothing_else() -> None:
    evidence = evidence_of(("o1", "0.123456"), ("E", "0.654321"))
    brief, whole = evidence.audit_under((OTHER_STEP,)), evidence.audit_under((OTHER_STEP,), lines=True)
    assert all(finding.step is None for finding in brief.findings) and any(finding.step for finding in whole.findings)
    assert brief.findings == tuple(finding._replace(step=None, operands=()) for finding in whole.findings)


def test_the_audit_under_a_set_is_made_once() -> None:
    evidence = make_evidence(figures_under(SPEC, (OTHER_STEP,), PLACES, 9))
    assert evidence.audit_under((OTHER_STEP,)) is evidence.audit_under((OTHER_STEP,))
    assert {finding.status for finding in evidence.audit_under((OTHER_STEP,)).findings} == {RIGHT}
