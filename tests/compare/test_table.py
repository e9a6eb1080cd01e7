"""Trainings beside each other: what differs, what there is room for, and what is said of all of them."""

from dataclasses import replace
from math import inf
from typing import Any

import pytest

from bptui.compare.remarks import make_remarks
from bptui.compare.summary import Summary, summarise_run
from bptui.compare.table import (
    Column,
    RunRow,
    find_differing,
    fit_columns,
    make_columns,
    make_footnotes,
    make_letter,
)
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.text.words import clip_cells, count_cells, pad_cells


@pytest.fixture(autouse=True, scope="module")
def near() -> Any:
    """Floors are looked for in 8,000 rounds only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bptui.core.training.convergence._MOST", 64_000)
        yield


def rows_of(*specs: Spec, rounds: int = 100) -> list[RunRow]:
    return [RunRow(make_letter(n), f"run {n}", spec, summarise_run(spec, rounds)) for n, spec in enumerate(specs)]


@pytest.fixture(scope="module")
def steps(near: None) -> list[RunRow]:
    spec = load_lesson("step-size").spec
    return rows_of(*(replace(spec, step=step) for step in (1.0, 5.0, 10.0)), rounds=1000)


def column(found: list[Column], head: str) -> tuple[str, ...]:
    return next(one.cells for one in found if one.head == head)


def test_the_table_has_what_differs_the_losses_and_what_came_of_each(steps: list[RunRow]) -> None:
    found = make_columns(steps)
    assert [one.head for one in found] == [
        "", "run", "η", "round 1", "round 10", "round 100", "round 1,000", "floor", "within 10 %", "within 1 %",
        "verdict",
    ]  # fmt: skip
    assert column(found, "η") == ("1.0", "5.0", "10.0")
    assert column(found, "round 1,000") == ("0.003185", "0.002591", "0.002518")
    assert column(found, "within 10 %") == ("2,942", "589", "295")
    assert column(found, "within 1 %") == ("> 8,000", "5,283", "2,643")
    assert set(column(found, "verdict")) == {"still falling"}


def test_a_row_that_is_not_looked_at_yet_has_dots(steps: list[RunRow]) -> None:
    found = make_columns([replace(steps[0], summary=None), steps[1]])
    assert column(found, "verdict")[0] == "…" and column(found, "round 1,000")[0] == "·"
    assert list(make_remarks([replace(steps[0], summary=None), steps[1]])) == []


def test_columns_are_left_out_until_the_rest_fits_and_verdicts_stay(steps: list[RunRow]) -> None:
    found = make_columns(steps)
    for width in range(10, 140):
        fit = fit_columns(found, width)
        assert {"", "verdict", "round 1,000"} <= {one.head for one in fit}
        assert sum(one.width + 2 for one in fit) - 2 <= width or all(one.rank == 0 for one in fit)
        assert fit == [one for one in found if one in fit]
    assert fit_columns(found, 200) == found


def test_settings_without_a_meaning_are_no_difference() -> None:
    spec = load_lesson("two-by-two").spec
    random = replace(spec, init="normal", weights=(), seed=3)
    assert [item.name for item in find_differing([spec, replace(spec, step=2.0)])] == ["step"]
    assert [item.name for item in find_differing([spec, replace(spec, seed=2)])] == []
    assert [item.name for item in find_differing([random, replace(random, seed=4)])] == ["seed"]
    assert [item.name for item in find_differing([spec, random])] == ["init", "seed"]
    assert find_differing([spec]) == []


def test_losses_trained_on_differently_are_compared_in_one_measure_and_that_is_said() -> None:
    spec = load_lesson("torch-autograd").spec
    rows = rows_of(spec, replace(spec, loss="cross entropy"), rounds=10)
    found = make_columns(rows)
    assert column(found, "round 1") == ("0.2097", "0.2097")
    assert column(found, "floor") == ("0.002450", "-0.01988*")
    text = " ".join(make_footnotes(rows))
    assert "½Σ(o − y)²" in text and "whatever loss a run was trained with" in text


def test_a_loss_without_a_floor_says_so_and_leaves_out_what_has_no_meaning() -> None:
    found = make_columns(rows_of(load_lesson("random-weights").spec, rounds=10))
    assert column(found, "floor") == ("none",)
    assert "within 10 %" not in [one.head for one in found]


def test_where_the_floor_is_0_near_is_a_part_of_the_first_loss() -> None:
    assert "of the first loss" in " ".join(make_footnotes(rows_of(load_lesson("mazur-2015").spec, rounds=10)))


def test_which_loss_comes_near_is_said_where_the_table_measures_another() -> None:
    """The half squared error of the table may be below 1 % of its first one long before the run's own loss is."""
    spec = load_lesson("mazur-2015").spec
    (own,) = (
        note for note in make_footnotes(rows_of(replace(spec, loss="squared error"), rounds=10)) if "10 %" in note
    )
    assert own == 'In the columns "within", 10 % and 1 % are of the first loss; measured by each run\'s own loss.'
    assert not any("own loss" in note for note in make_footnotes(rows_of(spec, rounds=10)))


def test_steps_that_only_decide_how_long_it_takes_are_recognised(steps: list[RunRow]) -> None:
    text = "\n".join(make_remarks(steps))
    assert "1 · 2,942 = 2,942, 5 · 589 = 2,945 and 10 · 295 = 2,950. These products agree to within 0.27 %" in text
    assert "All have the same lowest possible loss, 0.002450. Distance above it, in round 10: a 4,423 %, b" in text
    assert "in round 1,000: a 30 %, b 5.8 % and c 2.8 %" in text


def test_steps_that_change_more_are_told_as_such() -> None:
    spec = load_lesson("mazur-2015").spec
    text = "\n".join(make_remarks(rows_of(*(replace(spec, step=step) for step in (0.5, 40.0)))))
    assert "are not inversely proportional to η" in text


def test_nothing_follows_from_steps_that_hardly_differ() -> None:
    """Their products agree whatever the rounds go with, such as 2,942 and 2,830 rounds, or 10 and 10."""
    spec = load_lesson("step-size").spec
    remarks = list(make_remarks(rows_of(spec, replace(spec, step=1.04))))
    assert any("1 · 2,942 = 2,942 and 1.04 · 2,829 = 2,942." in remark for remark in remarks)
    assert not any("proportion" in remark for remark in remarks)


def test_runs_with_the_same_losses_are_told() -> None:
    spec = load_lesson("two-by-two").spec
    text = "\n".join(
        make_remarks(rows_of(spec, replace(spec, torch_precision="float32"), replace(spec, step=3.0), rounds=9))
    )
    assert "a and b have exactly the same half squared error in every round that the table shows for them." in text


def test_losses_that_are_no_numbers_are_not_called_the_same() -> None:
    spec = replace(load_lesson("two-by-two").spec, activation_hidden="identity", activation_output="identity")
    rows = rows_of(*(replace(spec, step=step) for step in (1e9, 1e8)), rounds=10)
    told = [row.summary["at"] for row in rows if row.summary]
    assert told[0] == told[1] and told[0][-1]["loss"] == "nan"
    assert not any("the same half squared error" in remark for remark in make_remarks(rows))


def test_with_other_floors_the_lowest_is_named() -> None:
    spec = load_lesson("two-by-two").spec
    other = replace(spec, activation_output="identity")
    assert any(
        remark.startswith("The lowest loss in round 100 is ") and remark.endswith(" (run b).")
        for remark in make_remarks(rows_of(spec, other))
    )


def test_losses_are_compared_within_like_problems_only() -> None:
    spec = load_lesson("two-by-two").spec
    others = [replace(spec, targets=((0.5, 0.4),)), replace(spec, loss="squared error")]
    alone = list(make_remarks(rows_of(spec, *others)))
    assert alone == [
        "There are 3 problems, with different data or a different loss (1: a; 2: b; 3: c). Losses are compared only "
        "within one problem."
    ]
    pair = list(make_remarks(rows_of(spec, others[0], replace(spec, activation_output="identity"))))
    assert "(1: a and c; 2: b)." in pair[0]
    assert pair[1].startswith("For a and c: the lowest loss in round 100 is ") and pair[1].endswith(" (run c).")
    assert not any("b" in text.split() for text in pair[1:])


def test_the_columns_are_what_differs_within_a_group_of_like_problems() -> None:
    spec = load_lesson("two-by-two").spec
    rows = rows_of(spec, replace(spec, step=2.0), replace(spec, targets=((0.5, 0.4),), weights=(0.3,) * 8))
    heads = [found.head for found in make_columns(rows)]
    assert heads[:4] == ["", "run", "problem", "η"] and not {"targets", "weights"} & set(heads)
    assert column(make_columns(rows), "problem") == ("1", "1", "2")


def test_names_of_wide_letters_stay_in_their_columns_and_are_never_left_out() -> None:
    spec = load_lesson("two-by-two").spec
    rows = [replace(row, name=name) for row, name in zip(rows_of(spec, spec), ("誤差逆伝播", "short"), strict=True)]
    found = make_columns(rows)
    assert found[1].width == 10 and fit_columns(found, 20)[:2] == found[:2]
    assert clip_cells("誤差逆伝播法", 9) == "誤差逆伝…" and count_cells(pad_cells("誤差", 6)) == 6


def test_losses_that_are_no_numbers_are_words() -> None:
    spec = replace(load_lesson("two-by-two").spec, activation_hidden="identity", activation_output="identity", step=1e9)
    rows = rows_of(spec, replace(spec, step=1e8), rounds=30)
    found = make_columns(rows)
    assert set(column(found, "round 30")) <= {"nan", "inf"} and set(column(found, "verdict")) == {"diverged"}
    assert all(isinstance(remark, str) for remark in make_remarks(rows))


def test_letters_go_on_behind_z() -> None:
    assert [make_letter(place) for place in (0, 25, 26, 27, 51, 52, 701, 702)] == [
        "a", "z", "aa", "ab", "az", "ba", "zz", "aaa",
    ]  # fmt: skip


def test_a_summary_of_a_floor_that_overflows_is_shown() -> None:
    spec = load_lesson("two-by-two").spec
    known: Summary = {**summarise_run(spec, 5), "floor": "inf"}
    found = make_columns([RunRow("a", "x", replace(spec, targets=((1e308, -1e308),)), known)])
    assert column(found, "floor")[0] == str(inf)
