"""Compiling a large problem ahead: nothing of it is left for the rounds that are shown then."""

import gc
from collections.abc import Iterator

import pytest

from bptui.core.engines import program
from bptui.core.engines.error_bounds import compile_bounds
from bptui.core.engines.program import compile_program
from bptui.core.formulas.backprop import list_formulas
from bptui.core.problem.spec import Spec
from bptui.core.quantities.chain_rule import find_derivations
from bptui.core.quantities.parts import group_printable
from bptui.lessons.lesson import Lesson, load_bundled_lessons
from bptui.session import compiling
from bptui.session.agreement import bound_differences
from bptui.session.frame import make_frame
from bptui.session.session import Session

KEPT = (list_formulas, compile_program, compile_bounds, find_derivations, group_printable)
ROUNDS = 60  # more than those after which a problem is compiled as a whole


@pytest.fixture
def large() -> Iterator[Spec]:
    """A problem of 303 formulas, whose rounds use two of three samples."""
    rows = [[0.1 * (place + sample) for place in range(6)] for sample in range(3)]
    network = {"inputs": rows, "targets": [row[:4] for row in rows], "hidden": 6, "weights": [0.1, -0.2, 0.3] * 20}
    yield Spec.from_table({"network": network, "training": {"batch": 2}})
    gc.unfreeze()


def test_problems_of_lessons_are_not_large_and_one_of_300_formulas_is(large: Spec) -> None:
    assert not any(compiling.is_large(lesson.spec) for lesson in load_bundled_lessons())
    assert compiling.is_large(large)


def test_rounds_that_are_shown_afterwards_compile_nothing(large: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    compiling.compile_ahead(large)
    before = [function.cache_info().misses for function in KEPT]
    monkeypatch.setattr(program, "_compile_function", None)
    session = Session.open(Lesson("large", "large", large))
    for _ in range(ROUNDS):
        frame = make_frame(session)
        find_derivations(frame.network)
        group_printable(frame.network)
        bound_differences(large, session.round, frame.values, {}, "float64")
        session = session.next()
    assert [function.cache_info().misses for function in KEPT] == before


def test_the_collector_goes_on_afterwards_even_after_a_fault(large: Spec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "compile_program", None)
    with pytest.raises(TypeError):
        compiling.compile_ahead(large)
    assert gc.isenabled()
