"""The search: what was done differently is found from the printed values alone; where nothing is wrong, it says so."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count, pairwise
from time import monotonic

import pytest

from bptui.core.formulas.names import updated
from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import list_printable
from bptui.explain.audit.finding import FOLLOWS, WRONG
from bptui.explain.calculation.changes import Change
from bptui.explain.calculation.figure import Figure
from bptui.explain.catalogue.catalogue import CATALOGUE
from bptui.explain.search.search import Explanation, Search
from tests.effort import ALL, mostly
from tests.misprints import Misprint, candidates, each_counts, explain_figures, figures_under, misprint
from tests.strategies import problem
from tests.tables import over

CASES, CASES_OF_TEST = 300, 20  # of all kinds together; cases a test
SOME = 30  # searches that take a second each
OF_A_KIND = 1
SMALLER, LARGEST = (1, 2, 2), (4, 4, 3)
KINDS = tuple(row.kind for row in CATALOGUE)
SMALL = pytest.mark.parametrize("size", mostly([(1, 1, 1)], [(1, 1, 1), (2, 2, 2)]), ids=str)
PAIRS, SIZES = 12, ((1, 1, 1), (2, 1, 1), (1, 2, 1), (2, 2, 2))
WIDELY_READ = Spec.from_table(
    {
        "network": {
            "inputs": [0.05, 0.1],
            "targets": [0.01, 0.99],
            "numbering": "by destination",
            "weights": [0.15, 0.2, 0.25, 0.3, 0.4, 0.45, 0.5, 0.55],
            "biases": {"hidden": [0.35, 0.35], "output": [0.6, 0.6], "update": "frozen"},
            "activation": {"hidden": "sigmoid", "output": "sigmoid"},
        },
        "training": {"loss": "half squared error", "step": 0.5},
    }
)


def number(printed: str, name: str = "dE_dw1", round_: int = 1) -> list[Figure]:
    return [Figure(WIDELY_READ, round_, name, printed)]


def names(changes: Sequence[Change]) -> list[str]:
    return [change.name for change in changes]


def is_whole(explanation: Explanation) -> bool:
    """Whether every value has a finding, and every slip is accounted for by a group or left."""
    resolved = {place for group in explanation.groups for place in group.best.resolved | group.best.explains}
    places = [finding.place for finding in explanation.audit.findings]
    # the audit that is shown is made under the conventions that are believed, and has no slips of theirs
    slips = set(explanation.audit.slips) - resolved
    return places == list(range(len(explanation.figures))) and slips <= set(explanation.left)


# --- random problems ---


def assert_named(case: Misprint) -> None:
    """The change is the first one named, or one under which no fewer values match than under the first."""
    explanation = explain_figures(case.figures, 1)
    assert is_whole(explanation)
    named = [c for c in candidates(explanation) if case.is_named(c)]
    most = max((len(group.best.explains) for group in explanation.groups), default=0)
    assert named and len(named[0].explains) >= most, names(case.changes)


def assert_each_named(seeds: Sequence[int], kind: str = "", size: tuple[int, int, int] | None = None) -> None:
    for seed in seeds:
        try:
            assert_named(misprint(seed, kind=kind, size=size))
        except Exception as fault:
            raise AssertionError(f"seed {seed}") from fault


@over(kind=KINDS)
def test_a_single_change_of_any_kind_is_named_from_values_of_five_digits(kind: str) -> None:
    assert_each_named(range(OF_A_KIND), kind, SMALLER)


@pytest.mark.exhaustive
@pytest.mark.parametrize("kind", KINDS)
def test_every_single_change_of_a_kind_is_named_from_values_of_five_digits(kind: str) -> None:
    assert_each_named(range(OF_A_KIND, CASES // len(KINDS)), kind)


@pytest.mark.parametrize("kind", mostly(["gradient rule"], KINDS))
def test_a_single_change_is_named_in_the_largest_network(kind: str) -> None:
    assert_each_named(range(2 if ALL else 1), kind, LARGEST)


@pytest.mark.exhaustive
@pytest.mark.long(seconds=2)
def test_changes_are_named_for_ever(until: float) -> None:
    for seed in count(CASES):
        if seed > CASES and monotonic() > until:
            break
        assert_each_named([seed])


def is_named_by_less(case: Misprint, explanation: Explanation) -> bool:
    """Whether another change, one alone, makes all values match."""
    return any(len(c.changes) == 1 and len(c.explains) == len(case.figures) for c in candidates(explanation))


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=[pytest.mark.exhaustive] * (seed > 1)) for seed in range(PAIRS)],
)
def test_any_two_changes_are_named_where_no_single_one_does_as_well(seed: int) -> None:
    case = misprint(seed, 2, SIZES[seed % len(SIZES)], most_rounds=5)
    explanation = explain_figures(case.figures, 2)
    assert is_whole(explanation)
    assert any(map(case.is_named, candidates(explanation))) or is_named_by_less(case, explanation)


def test_right_values_are_never_called_wrong() -> None:
    for seed in range(0, CASES, 1 if ALL else CASES_OF_TEST // 2):
        case = misprint(seed)
        places = [(figure.round, figure.name) for figure in case.figures]
        figures = figures_under(case.spec, (), places)
        search = Search(figures)
        assert {progress.changes for progress in search.run()} <= {0}
        explanation = search.explanation
        assert (explanation.groups, explanation.left, explanation.nearest) == ((), (), None), seed
        assert explanation.right == frozenset(range(len(figures)))


# --- single numbers ---


@pytest.mark.parametrize(
    ("printed", "named"),
    [
        ("0.000364722878", {'gradient rule "updated weights"'}),
        ("0.000877135469", {"squared error", "slopes of squared error", "that is dE_dw2"}),
        (
            "0.002268350454",
            {'gradient rule "output derivative forgotten"', 'gradient rule "raw error"', "binary cross entropy"},
        ),
        ("0.001817515320", {'gradient rule "hidden derivative forgotten"'}),
        (
            "-0.000438567734",
            {"slopes counted the other way", "sign lost", 'gradient rule "sign wrong"', "that is change_w2"},
        ),
        ("0.000461550563", {'gradient rule "two weights swapped"'}),
        ("0.00438567734", {"decimal point"}),
    ],
)
def test_a_single_number_is_traced_to_all_that_gives_it(printed: str, named: set[str]) -> None:
    (group,) = explain_figures(number(printed)).groups
    assert group.sure and group.figures == (0,)
    assert {name for one in (group.best, *group.others) for name in names(one.changes)} == named
    assert all(len(one.changes) == 1 for one in (group.best, *group.others))


def test_a_right_number_needs_no_explanation() -> None:
    explanation = explain_figures(number("0.000438567734"))
    assert (explanation.right, explanation.groups, explanation.left) == (frozenset({0}), (), ())


def test_a_number_that_nothing_gives_is_left_with_what_comes_nearest() -> None:
    explanation = explain_figures(number("0.000364755555"), 1)  # nearly what the hidden step with updated weights gives
    assert (explanation.groups, explanation.left, explanation.looked) == ((), (0,), 1)
    assert explanation.nearest is not None
    assert names(explanation.nearest.changes) == ['gradient rule "updated weights"']


def test_two_changes_that_were_not_tried_are_not_claimed_to_be() -> None:
    """A single number of few digits is no evidence for a pair."""
    assert explain_figures(number("0.0123"), 2).looked == 1


def test_a_number_of_few_digits_proves_nothing() -> None:
    (group,) = explain_figures(number("0.00036")).groups
    assert not group.sure
    assert names(group.best.changes) == ['gradient rule "updated weights"']


@pytest.mark.parametrize("round_", mostly([300], [300, 1000]))
def test_a_number_of_a_late_round_is_explained_as_well(round_: int) -> None:
    after = Change("gradient rule", "", "", (("gradient", "updated weights"),))
    for changes, name in (([after], 'gradient rule "updated weights"'), ([step(0.37)], "step 0.37")):
        figures = figures_under(WIDELY_READ, changes, [(round_, "E")], 9)
        (group,) = explain_figures(figures, 1).groups
        assert names(group.best.changes) == [name] and group.sure


def step(size: float) -> Change:
    return Change("step", "", "", (("step", size),))


@SMALL
def test_a_step_that_nobody_lists_is_solved_for_beside_another_change(size: tuple[int, int, int]) -> None:
    forgotten = Change("gradient rule", "", "", (("gradient", "hidden derivative forgotten"),))
    spec = problem(size, biases="frozen")
    places = [(3, name) for name in ("o1", "E", "dE_dw1", updated(spec.network.weights[-1].name))]
    figures = figures_under(spec, [forgotten, step(0.37)], places, 7)
    (group,) = explain_figures(figures, 2).groups
    rule, solved = names(group.best.changes)
    assert rule == 'gradient rule "hidden derivative forgotten"' and solved in ("step 0.37", "η = 0.37")


def test_a_slip_of_one_round_does_not_hide_what_was_done_differently_in_later_ones() -> None:
    """The rule alters nothing that is printed for round 1."""
    after = Change("gradient rule", "", "", (("gradient", "updated weights"),))
    spec = problem()
    later = figures_under(spec, [after], [(3, "o1"), (3, "E"), (3, "dE_dw1")], 7)
    figures = [Figure(spec, 1, "in_h1", "0.98765"), *later]
    groups = explain_figures(figures, 1).groups
    found = [group for group in groups if names(group.best.changes) == ['gradient rule "updated weights"']]
    assert found and found[0].sure and found[0].figures == (1, 2, 3)


# --- whatever is printed, and stopping ---


@pytest.mark.parametrize("printed", ["1e400", "nan", "-inf", "-0.0", "0.", "1e-400", "1e300", "0.0"])
@pytest.mark.parametrize("settings", [{}, {"step": 1e300}, {"precision": "float32"}], ids=["", "step", "float32"])
def test_whatever_is_printed_is_searched_for_without_a_fault_or_a_warning(
    printed: str, settings: dict[str, object]
) -> None:
    spec = replace(problem((1, 1, 1)), **settings)  # type: ignore[arg-type]
    figures = [Figure(spec, round_, name, printed) for round_ in (1, 3) for name in ("o1", "dE_dw1", "change_w1")]
    assert is_whole(explain_figures(figures, 1))


def test_a_search_may_be_stopped_at_any_time_and_progress_counts_up() -> None:
    sizes = {**dict.fromkeys(("o1", "dE_dw1"), 1), **dict.fromkeys(("E", "new_w5"), 2)}
    figures = [Figure(problem(), round_, name, "0.1234") for name, round_ in sizes.items()]
    search, seen = Search(figures, 1), []
    assert is_whole(search.explanation)
    assert set(search.explanation.left) == {0, 1, 2, 3}
    for progress in search.run():
        seen.append(progress)
        explanation = search.explanation
        assert is_whole(explanation)
        assert explanation.looked == 0
        assert progress.changes == progress.tried == progress.of == 0 or 1 <= progress.tried <= progress.of
    assert search.explanation.looked == 1
    for before, after in pairwise(seen):
        assert after.changes >= before.changes
        assert (after.of == before.of and after.tried - before.tried in (0, 1)) or after.tried == 1


def test_what_was_found_before_a_search_is_stopped_stays_found() -> None:
    """Of two rounds the second is explained; the first, which nothing explains, is where it is stopped."""
    after = Change("gradient rule", "", "", (("gradient", "updated weights"),))
    spec = problem()
    right = figures_under(spec, [], [(1, "in_h2"), (1, "h2")], 9)
    slips = [Figure(spec, 1, "in_h1", "0.98765"), Figure(spec, 1, "o1", "0.12345")]
    search = Search([*right, *slips, *figures_under(spec, [after], [(2, "o1"), (2, "E"), (2, "dE_dw1")], 9)])
    for progress in search.run():
        if progress.changes == 2:
            break
    explanation = search.explanation
    assert is_whole(explanation)
    assert 'gradient rule "updated weights"' in [name for one in explanation.groups for name in names(one.best.changes)]
    assert {2, 3} & set(explanation.left) and explanation.looked == 1


def test_a_figure_that_no_round_has_is_left() -> None:
    explanation = explain_figures([Figure(problem(), 1, "dE_dw99", "0.12345")], 1)
    assert (explanation.left, explanation.recomputed) == ((0,), (None,))


def test_everything_that_may_be_printed_can_be_asked_about() -> None:
    spec = problem((1, 1, 1), biases="per neuron")
    for name in list_printable(spec.network):
        assert is_whole(explain_figures([Figure(spec, 1, name, "0.98765")], 1))


# --- mistakes in a number alone ---

CARRIED_ON = ("h1", "in_o1", "o1", "E", "delta_h1", "dE_dw5", "new_w5")


@pytest.mark.parametrize("digits", [9, 5])
def test_what_follows_from_a_slip_is_not_explained_but_said_to_follow(digits: int) -> None:
    """The rest was calculated with all its digits, so of few printed ones the last may be off."""
    slip = Change("given", "", "", (("inputs", ((0.05, 0.1),)), ("biases_hidden", (0.33, 0.35))))
    places = [(1, name) for name in ("in_h1", *CARRIED_ON)]
    figures = [*figures_under(WIDELY_READ, [slip], places, digits), Figure(WIDELY_READ, 1, "in_h2", "0.3925")]
    audit = explain_figures(figures, 1).audit
    assert audit.slips == (0,)
    assert {audit.findings[place].status for place in range(1, 8)} <= {FOLLOWS, "right"}
    assert audit.findings[3].status == FOLLOWS


@pytest.mark.parametrize(
    ("printed", "name", "slip"),
    [
        ("0.289371109", "E", "digits swapped"),
        ("0.35981648", "new_w5", "digits swapped"),
        ("0.000488568", "dE_dw1", "one digit"),
        ("-0.082167041", "dE_dw5", "sign lost"),
        ("0.0082167041", "dE_dw5", "decimal point"),
    ],
)
def test_a_mistake_in_a_single_number_is_among_what_gives_it(printed: str, name: str, slip: str) -> None:
    explanation = explain_figures(number(printed, name))
    found = {name for group in explanation.groups for one in (group.best, *group.others) for name in names(one.changes)}
    assert slip in found


def test_nothing_comes_nearest_to_what_is_no_number() -> None:
    for printed in ("nan", "inf", "1e400"):
        assert explain_figures(number(printed), 1).nearest is None


def test_of_one_wrong_value_among_many_right_ones_no_two_changes_are_tried() -> None:
    right = figures_under(WIDELY_READ, [], [(1, name) for name in ("h1", "h2", "o1", "o2", "E", "dE_dw5")], 9)
    search, tried = Search([*right, *number("0.000123456")]), set[int]()
    for progress in search.run():
        tried |= {progress.changes}
    assert (search.explanation.left, search.explanation.groups) == ((6,), ())
    assert 2 not in tried


@SMALL
def test_how_many_sets_would_do_but_cannot_be_believed_is_counted(size: tuple[int, int, int]) -> None:
    two = [
        Change("a", "", "", (("gradient", "updated weights"),)),
        Change("b", "", "", (("activation_hidden", "tanh"),)),
    ]
    explanation = explain_figures(figures_under(problem(size), two, [(1, "dE_dw1")], 4), most=2)
    assert explanation.groups or (explanation.left == (0,) and explanation.possible >= 1)


# --- what is never claimed ---


def test_no_set_that_is_named_makes_a_matching_value_differ() -> None:
    """Unless it is said to be of another calculation than other rounds, which is never sure."""
    for seed in range(SOME if ALL else 2):
        case = misprint(seed, 2 - seed % 2, (2, 2, 2), most_rounds=3)
        explanation = explain_figures(case.figures, 1)
        apart = [group for group in explanation.groups if group.best.broken]
        assert not any(group.sure for group in apart)
        named = [c for group in explanation.groups if group not in apart for c in (group.best, *group.others)]
        for candidate in named:
            if any(change.kind == "slip" for change in candidate.changes):
                continue
            assert not candidate.broken
            assert explanation.right <= candidate.explains | {
                finding.place for finding in explanation.audit.findings if finding.status != WRONG
            }


def test_each_change_of_a_set_that_is_sure_counts() -> None:
    for seed in range(SOME if ALL else 2):
        case = misprint(seed, 2, (1, 2, 1), most_rounds=3)
        for group in explain_figures(case.figures, 1).groups:
            if group.sure and len(group.best.changes) > 1:
                assert each_counts(group.best.changes, case.figures)
