"""Pairs are judged alike by one process and by two, and none is left of a search that was stopped."""

import sys
from multiprocessing import active_children

import pytest

from bptui.explain.search.search import Search
from bptui.system import cores
from tests.effort import mostly
from tests.misprints import explain_figures, misprint

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process judges them")


@pytest.fixture(autouse=True)
def no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """No torch, which other tests may have loaded, and with which one process judges them."""
    monkeypatch.delitem(sys.modules, "torch", raising=False)


@pytest.mark.parametrize("seed", mostly({4}, range(10)))
def test_two_processes_find_what_one_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = misprint(seed, 2, (2, 2, 2)).figures
    monkeypatch.setattr(cores, "count_cores", lambda: 2)
    found = explain_figures(figures)
    monkeypatch.setattr(cores, "count_cores", lambda: 1)
    assert explain_figures(figures) == found and found.groups


def test_a_search_that_is_stopped_among_pairs_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "count_cores", lambda: 2)
    steps = Search(misprint(4, 2, (2, 2, 2)).figures).run()
    while not active_children():
        next(steps)
    del steps
    assert not active_children()
