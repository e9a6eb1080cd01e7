"""Groups: which sets of changes are believed of which slips, given what becomes of the sheet under each."""

from dataclasses import replace

from bptui.explain.calculation.changes import Change, ChangeSet
from bptui.explain.calculation.figure import Figure
from bptui.explain.calculation.torch_values import TorchValues
from bptui.explain.catalogue.settings import make_step_change
from bptui.explain.search.evidence import Candidate, Evidence
from bptui.explain.search.groups import Group, Pool, choose_groups, compute_cost, merge_groups
from tests.misprints import figures_under
from tests.strategies import problem

SPEC = problem()
UPDATED = Change("gradient rule", "updated weights", "", (("gradient", "updated weights"),))
FORGOTTEN = Change("gradient rule", "raw error", "", (("gradient", "raw error"),))
FIVE, TEN = make_step_change(5.0), make_step_change(10.0)
LATER = Change("round", "later", "", reading=(("shift", 1),), weight=1)
SLIP = Change("slip", "one digit", "", weight=2)
NAMES = ("o1", "dE_dw1", "new_w5", "E")


def printed(changes: ChangeSet, round_: int, digits: int = 5, names: tuple[str, ...] = NAMES) -> tuple[Figure, ...]:
    return figures_under(SPEC, changes, [(round_, name) for name in names], digits)


def evidence_of(*figures: Figure) -> Evidence:
    return Evidence(figures, TorchValues())


def pool_of(evidence: Evidence, *sets: ChangeSet) -> Pool:
    judged = {changes: evidence.judge(changes) for changes in sets}
    return {changes: one for changes, one in judged.items() if one.resolved and not one.broken}


def best_of(groups: tuple[Group, ...]) -> list[ChangeSet]:
    return [group.best.changes for group in groups]


def test_where_nothing_accounts_for_anything_there_are_no_groups() -> None:
    evidence = evidence_of(*printed((UPDATED,), 3))
    assert choose_groups(evidence, {}, final=True) == ()
    assert choose_groups(evidence, pool_of(evidence, (FIVE,)), final=True) == ()


def test_one_set_under_which_all_matches_is_the_only_group() -> None:
    evidence = evidence_of(*printed((FIVE,), 2), *printed((FIVE,), 5))
    pool = pool_of(evidence, (TEN,), (FIVE,), (UPDATED,), (UPDATED, FIVE))
    (group,) = choose_groups(evidence, pool, final=False)
    assert group.best.changes == (FIVE,) and group.sure
    assert group.best.explains == frozenset(range(8)) and group.best.resolved == evidence.slips
    found = evidence.audit_under((FIVE,)).findings
    assert group.values == tuple(found[place].value for place in group.figures)


def test_of_sets_that_account_for_all_the_smallest_is_named_and_the_others_beside_it() -> None:
    evidence = evidence_of(*printed((FIVE,), 1, names=("o1", "new_w5")))
    pool = pool_of(evidence, (UPDATED, FIVE), (FIVE,), (replace(FIVE, name="the same"),))
    (group,) = choose_groups(evidence, pool, final=False)
    assert group.best.changes in ((FIVE,), (replace(FIVE, name="the same"),))
    assert [len(other.changes) for other in group.others] == [1]


def test_of_sets_that_account_for_the_same_slips_the_one_under_which_most_values_match_goes_first() -> None:
    evidence = evidence_of(*printed((FIVE,), 2))
    judged = evidence.judge((FIVE,))
    fewer = replace(judged, changes=(TEN,), explains=frozenset(sorted(judged.explains)[1:]))
    (group,) = choose_groups(evidence, {(TEN,): fewer, (FIVE,): judged}, final=False)
    assert group.best.changes == (FIVE,) and group.others == (fewer,)


def test_a_value_of_few_digits_is_no_evidence_and_only_says_what_would_do() -> None:
    (figure,) = printed((FIVE,), 1, 1, ("change_w5",))
    evidence = evidence_of(figure)
    pool = pool_of(evidence, (FIVE,))
    assert evidence.slips == {0} == pool[(FIVE,)].resolved
    assert choose_groups(evidence, pool, final=False) == ()
    (group,) = choose_groups(evidence, pool, final=True)
    assert not group.sure and group.best.changes == (FIVE,)


def test_a_change_of_many_digits_takes_many_digits_to_be_believed() -> None:
    evidence = evidence_of(*printed((FIVE,), 2, 5, ("E",)))
    for solved, believed in ((1, True), (4, False)):
        changes = (make_step_change(5.0, solved),)
        assert bool(choose_groups(evidence, pool_of(evidence, changes), final=False)) is believed


def test_a_change_that_nothing_speaks_for_is_not_believed_beside_one_that_accounts_for_as_much_alone() -> None:
    evidence = evidence_of(*printed((FIVE,), 1, 6, ("new_w5", "new_w6")))
    pool = pool_of(evidence, (UPDATED, FIVE), (FIVE,))
    assert pool[(UPDATED, FIVE)].explains == {0, 1}
    assert best_of(choose_groups(evidence, pool, final=False)) == [(FIVE,)]
    del pool[(FIVE,)]
    assert choose_groups(evidence, pool, final=False) == ()


def test_no_value_is_in_two_groups_and_a_right_one_in_none() -> None:
    figures = [*printed((), 1), *printed((FIVE,), 2), *printed((LATER,), 4), *printed((FORGOTTEN,), 6)]
    evidence = evidence_of(*figures)
    judged = [evidence.judge((one,)) for one in (FIVE, LATER, FORGOTTEN, UPDATED, TEN)]
    groups = choose_groups(evidence, {one.changes: one for one in judged}, final=True)
    placed = [place for group in groups for place in group.figures]
    assert len(placed) == len(set(placed)) and groups
    assert not set(placed) & evidence.right


def test_a_mistake_in_a_number_alone_goes_behind_a_set_that_accounts_for_the_same_slip() -> None:
    evidence = evidence_of(*printed((FIVE,), 1, 6, ("new_w5",)))
    judged = evidence.judge((FIVE,))
    alone = Candidate((SLIP,), judged.explains, judged.resolved)
    (group,) = choose_groups(evidence, {(SLIP,): alone, (FIVE,): judged}, final=False)
    assert group.best.changes == (FIVE,) and group.others == (alone,)


def test_groups_of_one_set_on_several_sheets_are_one_in_order_of_their_values() -> None:
    evidence = evidence_of(*printed((FIVE,), 2))
    (group,) = choose_groups(evidence, pool_of(evidence, (FIVE,)), final=False)
    first, second = group.moved((5, 6, 7, 8)), group.moved((1, 2, 3, 4))
    (merged,) = merge_groups([first, second])
    assert merged.figures == tuple(sorted((*first.figures, *second.figures)))
    assert merged.best.explains == {1, 2, 3, 4, 5, 6, 7, 8}
    other = replace(second, best=replace(second.best, changes=(TEN,)))
    assert [one.best.changes for one in merge_groups([first, other])] == [(TEN,), (FIVE,)]


def test_a_set_costs_the_digits_of_its_changes_but_for_those_used_before() -> None:
    assert compute_cost(()) == 0
    assert compute_cost((FIVE, UPDATED, LATER)) == 2 + 2 + 1
    assert compute_cost((FIVE, UPDATED, LATER), {UPDATED}) == 2 + 1
    assert compute_cost((make_step_change(0.37, 2),)) == 4
