"""Deciders: a value that is not printed and would tell sets of changes apart."""

from bptui.core.formulas.expr import Name
from bptui.core.quantities.printable import list_printable
from bptui.explain.calculation.changes import Change
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.search.deciders import add_decider, find_decider
from bptui.explain.search.evidence import Candidate, Evidence
from bptui.explain.search.groups import Group
from tests.strategies import problem

SPEC = problem()
RAW = Change("gradient rule", "", "", (("gradient", "raw error"),))
CROSS = Change("loss", "", "", (("loss", "binary cross entropy"),))
SAME = Change("gradient rule", "raw error, by another name", "", (("gradient", "raw error"),))
EVIDENCE = Evidence([Figure(SPEC, 1, "delta_o1", "0.5"), Figure(SPEC, 1, "E_o1", "0.5")], TorchValues())


def test_a_decider_is_not_printed_and_differs_to_four_digits_under_the_sets() -> None:
    decider = find_decider(EVIDENCE, [(RAW,), (CROSS,)], 1)
    assert decider is not None
    round_, name = decider
    assert (round_, name) not in {(figure.round, figure.name) for figure in EVIDENCE.figures}
    one, other = (EVIDENCE.values_in_round(round_, (change,))[name] for change in (RAW, CROSS))
    assert f"{one:.3e}" != f"{other:.3e}"
    assert not isinstance(list_printable(SPEC.network)[name], Name)


def test_sets_that_mean_the_same_have_no_decider() -> None:
    assert find_decider(EVIDENCE, [(RAW,), (SAME,)], 1) is None


def test_a_group_gets_a_decider_only_beside_sets_under_which_as_many_values_match() -> None:
    places = frozenset({0})
    best, equal = (Candidate((change,), places, places) for change in (RAW, CROSS))
    worse = Candidate((CROSS,), frozenset(), places)
    assert add_decider(EVIDENCE, Group(best, (0,), (0.5,), (equal,), True)).decider is not None
    assert add_decider(EVIDENCE, Group(best, (0,), (0.5,), (worse,), True)).decider is None
    assert add_decider(EVIDENCE, Group(best, (0,), (0.5,), (), True)).decider is None
