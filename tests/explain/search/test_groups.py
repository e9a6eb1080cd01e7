"""Groups: which sets of changes are believed of which figures, given what comes out under each."""

from dataclasses import replace

from bptui.explain.recomputed import Figure

from bptui.explain.calculation.changes import Change
from bptui.explain.catalogue.catalogue import make_step_change
from bptui.explain.search.evidence import ChangeSet, Evidence
from bptui.explain.search.groups import Pool, group_figures
from tests.misprints import figures_under
from tests.strategies import problem

SPEC = problem()
UPDATED = Change("gradient rule", "updated weights", "", (("gradient", "updated weights"),))
FORGOTTEN = Change("gradient rule", "raw error", "", (("gradient", "raw error"),))
FIVE, TEN = make_step_change(5.0), make_step_change(10.0)
LATER = Change("round", "later", "", reading=(("shift", 1),), weight=1)
NAMES = ("o1", "dE_dw1", "new_w5", "E")


def printed(changes: ChangeSet, round_: int, digits: int = 5, names: tuple[str, ...] = NAMES) -> tuple[Figure, ...]:
    return figures_under(SPEC, changes, [(round_, name) for name in names], digits)


def pool_of(evidence: Evidence, *sets: ChangeSet) -> Pool:
    return {changes: evidence.find_matches(changes, evidence.all) for changes in sets}


def bests(evidence: Evidence, pool: Pool, sure: bool = True) -> list[tuple[ChangeSet, tuple[int, ...]]]:
    return [(group.best.changes, group.figures) for group in group_figures(evidence, pool, sure)]


def test_where_nothing_explains_anything_there_are_no_groups() -> None:
    evidence = Evidence(printed((UPDATED,), 3))
    assert group_figures(evidence, {}, sure=False) == ()
    assert group_figures(evidence, pool_of(evidence, (FIVE,)), sure=False) == ()


def test_one_set_under_which_all_comes_out_is_the_only_group() -> None:
    evidence = Evidence([*printed((FIVE,), 2), *printed((FIVE,), 5)])
    pool = pool_of(evidence, (TEN,), (FIVE,), (UPDATED,), (UPDATED, FIVE))
    (group,) = group_figures(evidence, pool, sure=True)
    assert group.best.changes == (FIVE,) and group.sure
    assert group.best.explains == evidence.all and set(group.figures) == evidence.wrong
    assert group.values == tuple(evidence.value(place, (FIVE,)) for place in group.figures)


def test_of_sets_that_explain_all_the_smallest_is_named_and_the_others_beside_it() -> None:
    evidence = Evidence(printed((FIVE,), 1, names=("o1", "new_w5")))
    pool = pool_of(evidence, (UPDATED, FIVE), (FIVE,))
    (group,) = group_figures(evidence, pool, sure=True)
    assert group.best.changes == (FIVE,) and group.others == ()
    evidence = Evidence([Figure(SPEC, 1, "new_w5", f.printed) for f in printed((FIVE,), 1, names=("new_w5",))])
    (group,) = group_figures(evidence, pool_of(evidence, (FIVE,), (replace(FIVE, name="the same"),)), sure=True)
    assert [other.changes[0].name for other in group.others] == ["the same"]


def test_two_sets_that_explain_one_part_each_are_two_groups_in_the_order_of_their_figures() -> None:
    evidence = Evidence([*printed((TEN, UPDATED), 2), *printed((FIVE, UPDATED), 4)])
    pool = pool_of(evidence, (UPDATED,), (UPDATED, FIVE), (UPDATED, TEN))
    assert bests(evidence, pool) == [((UPDATED, TEN), (0, 1, 2, 3)), ((UPDATED, FIVE), (4, 5, 6, 7))]


def test_a_set_of_two_for_all_is_preferred_to_two_sets_for_parts() -> None:
    evidence = Evidence([*printed((FIVE, UPDATED), 1, 7), *printed((FIVE, UPDATED), 2, 7)])
    pool = pool_of(evidence, (UPDATED,), (FIVE,), (UPDATED, FIVE))
    assert bests(evidence, pool) == [((UPDATED, FIVE), tuple(sorted(evidence.wrong)))]


def test_a_figure_of_few_digits_is_no_evidence_and_only_says_what_would_do() -> None:
    (figure,) = printed((FIVE,), 1, 1, ("change_w5",))
    evidence = Evidence([figure])
    pool = pool_of(evidence, (FIVE,))
    assert evidence.wrong == {0} == pool[(FIVE,)]
    assert group_figures(evidence, pool, sure=True) == ()
    (group,) = group_figures(evidence, pool, sure=False)
    assert not group.sure and group.best.changes == (FIVE,)


def test_a_change_of_many_digits_takes_many_digits_to_be_believed() -> None:
    evidence = Evidence(printed((FIVE,), 2, 5, ("E",)))
    for solved, believed in ((1, True), (4, False)):
        changes = (make_step_change(5.0, solved),)
        assert bool(group_figures(evidence, pool_of(evidence, changes), sure=True)) is believed


def test_a_change_that_nothing_speaks_for_is_not_believed_beside_one_that_explains_as_much_alone() -> None:
    evidence = Evidence(printed((FIVE,), 1, 6, ("new_w5", "new_w6")))
    pool = pool_of(evidence, (UPDATED, FIVE), (FIVE,))
    assert pool[(UPDATED, FIVE)] == evidence.all
    assert bests(evidence, pool) == [((FIVE,), (0, 1))]
    assert group_figures(evidence, {(UPDATED, FIVE): evidence.all}, sure=True) == ()


def test_no_figure_is_in_two_groups_and_a_right_one_in_none() -> None:
    evidence = Evidence([*printed((), 1), *printed((FIVE,), 2), *printed((LATER,), 4), *printed((FORGOTTEN,), 6)])
    pool = pool_of(evidence, (FIVE,), (LATER,), (FORGOTTEN,), (UPDATED,), (TEN,))
    placed = [place for group in group_figures(evidence, pool, sure=False) for place in group.figures]
    assert len(placed) == len(set(placed))
    assert set(placed) == evidence.wrong
