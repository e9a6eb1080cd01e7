"""Nested plain data: put, merged and searched for what is no setting."""

import tomllib
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.problem.spec import Spec, SpecError
from bptui.core.problem.tables import OTHERS, Fault, Table, find_unknown, format_briefly, merge_tables, put_value

_keys = st.sampled_from(["a", "b", "c"])
_nested = st.recursive(st.integers(), lambda inner: st.dictionaries(_keys, inner, max_size=3), max_leaves=8)
nested = st.dictionaries(_keys, _nested, max_size=3)

PATHS = [
    ("network", "inputs"),
    ("network", "hidden"),
    ("network", "activation", "output"),
    ("network", "activation", OTHERS),
    ("network", "init", "kind"),
]


def at(table: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        table = table[key]
    return table


def test_put_makes_the_tables_on_the_way_and_leaves_the_others() -> None:
    table: Table = {"network": {"hidden": 2}}
    put_value(table, ("network", "init", "kind"), "zeros")
    put_value(table, ("training", "step"), 0.5)
    assert table == {"network": {"hidden": 2, "init": {"kind": "zeros"}}, "training": {"step": 0.5}}


def test_put_at_others_adds_the_keys_of_a_table() -> None:
    table: Table = {"activation": {"hidden": "tanh"}}
    put_value(table, ("activation", OTHERS), {"o2": "relu"})
    assert table == {"activation": {"hidden": "tanh", "o2": "relu"}}


def test_what_is_put_at_others_and_is_no_table_is_named_as_it_was_typed() -> None:
    table: Table = {"network": {"inputs": [1], "targets": [1], "hidden": 1, "weights": [1, 2]}}
    put_value(table, ("network", "activation", OTHERS), "hidden2=relu")
    with pytest.raises(SpecError, match='hidden2=relu" must be pairs of a neuron and its activation') as caught:
        Spec.from_table(table)
    assert "*" not in str(caught.value)


@given(nested, nested)
def test_merging_lays_every_leaf_of_the_changes_over_the_table(table: Table, changes: Table) -> None:
    """Every change is there, everything the changes do not mention is as before, and the arguments are untouched."""
    before = deepcopy((table, changes))
    result = merge_tables(table, changes)
    assert (table, changes) == before
    assert set(result) == set(table) | set(changes)
    for key in result:
        old, new = table.get(key), changes.get(key)
        if key not in changes:
            assert result[key] == old
        elif isinstance(old, dict) and isinstance(new, dict):
            assert result[key] == merge_tables(old, new)
        else:
            assert result[key] == new


@given(nested)
def test_merging_nothing_changes_nothing_and_merging_twice_is_merging_once(table: Table) -> None:
    assert merge_tables(table, {}) == table
    assert merge_tables({}, table) == table
    assert merge_tables(merge_tables({"a": 1}, table), table) == merge_tables({"a": 1}, table)


WEIGHTS = {"network": {"hidden": 2, "weights": [1.0, 2.0]}}
NORMAL = {"network": {"hidden": 2, "init": {"kind": "normal", "mean": 0.5, "std": 2.0, "seed": 7}}}


@pytest.mark.parametrize(
    ("table", "changes", "expected"),
    [
        (WEIGHTS, {"init": {"kind": "zeros"}}, {"hidden": 2, "init": {"kind": "zeros"}}),
        (NORMAL, {"weights": [3.0]}, {"hidden": 2, "weights": [3.0]}),
        (NORMAL, {"init": {"kind": "uniform"}}, {"hidden": 2, "init": {"kind": "uniform"}}),
        (
            NORMAL,
            {"init": {"seed": 8}},
            {"hidden": 2, "init": {"kind": "normal", "mean": 0.5, "std": 2.0, "seed": 8}},
        ),
        (
            NORMAL,
            {"init": {"kind": "given weights"}, "weights": [3.0]},
            {"hidden": 2, "init": {"kind": "given weights"}, "weights": [3.0]},
        ),
        (WEIGHTS, {"hidden": 3}, {"hidden": 3, "weights": [1.0, 2.0]}),
    ],
    ids=["init for weights", "weights for init", "init of another kind", "same kind", "both", "neither"],
)
def test_weights_and_init_replace_each_other(table: Table, changes: Table, expected: Table) -> None:
    """And an init of another kind replaces the old one whole, so that nothing of it is left over."""
    assert merge_tables(table, {"network": changes}) == {"network": expected}


def test_a_fault_names_its_table_and_key_as_the_file_does() -> None:
    assert str(Fault(("network", "activation", "o2"), "is wrong")) == "[network] activation.o2: is wrong"
    assert str(Fault(("title",), "is wrong")) == "title: is wrong"


def test_every_key_that_is_no_setting_is_found_at_any_depth() -> None:
    table = {"network": {"input": [1], "hidden": 2, "init": {"sede": 3, "kind": "zeros"}, "zzz": {"kind": 1}}}
    faults = [str(fault) for fault in find_unknown(table, ("network",), PATHS)]
    assert faults == [
        '[network] input: unknown setting; did you mean "inputs"?',
        "[network] init.sede: unknown setting",
        "[network] zzz: unknown setting",
    ]


def test_where_any_key_may_stand_none_is_unknown() -> None:
    assert list(find_unknown({"network": {"activation": {"o7": "relu"}}}, ("network",), PATHS)) == []


@pytest.mark.parametrize("table", [{}, {"network": {}}, {"network": 3}, {"network": {"init": 3}}], ids=str)
def test_what_is_missing_or_no_table_has_no_unknown_keys(table: Table) -> None:
    assert list(find_unknown(table, ("network",), PATHS)) == []


@given(nested, st.lists(_keys, min_size=1, max_size=3).map(tuple), st.integers())
def test_what_was_put_is_there(table: Table, path: tuple[str, ...], value: int) -> None:
    for depth in range(1, len(path)):
        put_value(table, path[:depth], {})
    put_value(table, path, value)
    assert at(table, path) == value


AS_WRITTEN = (
    *("true", "[false]", "1979-05-27", "[07:32:00]", "1979-05-27T07:32:00+00:00", "nan", "-0.0", "[[true], {a = 1}]"),
    *("{}", "[{a = {b = [true]}}]", '"x"'),
)


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_a_refused_value_is_shown_as_a_file_has_it(text: str) -> None:
    shown = format_briefly(tomllib.loads(f"value = {text}")["value"])
    assert shown == (text[1:-1] if text[0] in "[{" and text[-1] in "]}" else text)


def test_a_refused_value_is_shown_in_short_however_large_and_deep_it_is() -> None:
    deep: Any = 1
    for _ in range(1000):
        deep = {"a": [deep]}
    for value in (deep, [deep], {str(n): n for n in range(1000)}, [{str(n): n for n in range(1000)}], [10**9000]):
        assert len(format_briefly(value)) <= 60
