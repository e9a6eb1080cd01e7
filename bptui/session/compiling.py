"""Compile a large problem ahead: what is done once when its rounds are first computed and shown, and takes long.

It is for a thread: whatever it makes is kept by the functions that make it, so the event loop finds it made.
"""

import gc

from bptui.core.engines.program import compile_program
from bptui.core.formulas.samples import count_formulas
from bptui.core.problem.spec import Spec
from bptui.core.quantities.chain_rule import find_derivations
from bptui.core.quantities.parts import group_printable
from bptui.lessons.lesson import Lesson
from bptui.session.agreement import bound_differences
from bptui.session.frame import make_frame
from bptui.session.session import Session

_LARGE = 250  # formulas; to compile fewer takes less than 50 ms


def is_large(spec: Spec) -> bool:
    """Whether a problem takes so long to compile that keys would wait for it."""
    return count_formulas(spec.network) > _LARGE


def compile_ahead(spec: Spec) -> None:
    """Compile the rounds of a problem and what is shown of them, those of all samples in turn.

    The collector is kept off the objects made meanwhile: there are very many, and nearly all are kept for good.
    """
    gc.disable()
    try:
        make_frame(Session.open(Lesson("", "", spec)))
        bound_differences(spec, 1, {}, {}, "float64")
        compile_program(spec.network).compile_whole()
        for round_ in range(1, spec.period + 1):
            network = spec.network_of(round_)
            find_derivations(network)
            group_printable(network)
    finally:
        gc.freeze()  # else the next full collection holds up all threads for some 80 ms
        gc.enable()
