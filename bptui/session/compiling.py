"""Compile a large problem ahead: what is done once when its rounds are first computed and shown, and takes long.

It is for a thread: whatever it makes is kept by the functions that make it, so the event loop finds it made.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from bptui.core.engines.program import compile_program
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.samples import count_formulas
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import Lesson
from bptui.session.agreement import bound_differences
from bptui.session.frame import make_frame
from bptui.session.session import Session

_LARGE = 250  # formulas; to compile fewer takes less than 50 ms


def is_large(spec: Spec) -> bool:
    """Whether a problem takes so long to compile that keys would wait for it."""
    return count_formulas(spec.network) > _LARGE


def compile_ahead(spec: Spec) -> None:
    """Compile the rounds of a problem, line by line and as a whole, and the bounds that are shown with them."""
    with _keep_all():
        make_frame(Session.open(Lesson("", "", spec)))
        bound_differences(spec, 1, {}, {})
        compile_program(spec.network).compile_whole()


def list_ahead(spec: Spec) -> None:
    """List the formulas of all rounds that use other samples than the first."""
    with _keep_all():
        for round_ in range(1, spec.period + 1):
            list_formulas(spec.network_of(round_))


@contextmanager
def _keep_all() -> Iterator[None]:
    """Keep the collector off the objects made meanwhile: there are very many, and nearly all are kept for good."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
