"""The program by hand: backpropagation in NumPy.

It is the round's own list of formulas, so a new rule or activation needs no change here.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from textwrap import wrap

from bptui.core.formulas.backprop import Formula, list_formulas
from bptui.core.formulas.expr import Call, Expr, find_parts
from bptui.core.formulas.gradient_rules import RULES
from bptui.core.formulas.names import gradient, updated
from bptui.core.formulas.network import CHAIN_RULE, NUMBERINGS, Network
from bptui.core.formulas.notation import write
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.derive.code_lines import INDENT, MAX_COLUMNS, break_assignment, break_line, format_numbers
from bptui.derive.notations import ASCII
from bptui.derive.program_parts import PHASE_COMMENTS, ProgramPart, make_parts, make_print_statements, make_top_comment

NUMPY_NOTATION = replace(ASCII.letters, number=lambda v: repr(v).removesuffix(".0"), call=lambda f: f.code or f.python)
_QUIET = 'np.seterr(all="ignore")  # too large a number is inf'


def make_numpy_program(spec: Spec, title: str) -> tuple[ProgramPart, ...]:
    """Return the program by hand: NumPy scalars under their names, one line for each formula of a round."""
    n = spec.network
    trained = [p for p in n.parameters if not n.is_frozen(p)]
    needless = {name for p in n.parameters if n.is_frozen(p) for name in (gradient(p), updated(p))}
    lines = [f for f in list_formulas(n) if f.name not in needless]
    forward, loss = ([f for f in lines if f.phase.startswith(phase)] for phase in ("forward", "loss"))
    last = max(place for place, f in enumerate(lines, 1) if f.phase != "update")  # a rule may update in mid-round
    start = dict(zip(n.parameters, make_initial_parameters(spec), strict=True))
    rule = "" if n.rule == CHAIN_RULE else f'gradient rule "{n.rule}": {RULES[n.rule].about}'
    definitions = dict.fromkeys(f"\n\n{text}\n" for f in lines for text in _find_definitions(f.expr))
    return make_parts(
        spec,
        [*make_top_comment("by hand", "NumPy", title), "import numpy as np", "", _QUIET, *definitions],
        [*_assign_scalars(spec, n.inputs, spec.inputs[0]), *_assign_scalars(spec, n.targets, spec.targets[0])],
        [
            f"# a line for each neuron the weights {'come from' if n.numbering == NUMBERINGS[0] else 'go to'}",
            *(
                line
                for g in _group_parameters(n, n.parameters)
                for line in _assign_scalars(spec, g, [start[p] for p in g])
            ),
        ],
        _print_phases(forward),
        _print_phases(loss),
        [
            *(f"{INDENT}# {line}" for line in wrap(rule, MAX_COLUMNS - 6)),
            *_print_phases(lines[len(forward) + len(loss) : last]),
        ],
        [
            *_print_phases(lines[last:]),
            *(
                line
                for g in _group_parameters(n, trained)
                for line in break_assignment(", ".join(g), ", ".join(map(updated, g)))
            ),
        ],
        make_print_statements("E", n.outputs, [gradient(p) for p in trained], trained),
    )


def _assign_scalars(spec: Spec, names: Sequence[str], values: Iterable[float]) -> list[str]:
    """Return the assignment of numbers to names, as NumPy scalars of the engine's precision."""
    left, right, dtype = ", ".join(names), format_numbers(values), spec.precision_of("numpy")
    if len(names) == 1:
        return [f"{left} = np.{dtype}({right})"]
    return break_line(f"{left} = np.array([", f"{right}])" if dtype == "float64" else f"{right}], np.{dtype})")


def _group_parameters(n: Network, parameters: Iterable[str]) -> list[list[str]]:
    """Group weights by the neuron they come from, or go to if so numbered, and biases by layer."""
    ends = {w.name: w.source if n.numbering == NUMBERINGS[0] else w.target for w in n.weights}
    layers = {p: layer.name for layer in n.layers for p in n.parameters_into(layer)}
    return [list(group) for _, group in groupby(parameters, key=lambda p: ends.get(p, layers[p]))]


def _find_definitions(expr: Expr) -> Iterator[str]:
    """Yield the definitions of the functions in an expression that NumPy lacks."""
    if isinstance(expr, Call) and expr.function.define:
        yield expr.function.define
    for part in find_parts(expr):
        yield from _find_definitions(part)


def _print_phases(lines: Iterable[Formula]) -> Iterator[str]:
    """Yield formulas as code, each phase under its name."""
    for phase, of_phase in groupby(lines, key=lambda f: f.phase):
        yield f"{INDENT}# {PHASE_COMMENTS.get(phase, phase)}"
        for f in of_phase:
            yield from break_assignment(f.name, write(f.expr, NUMPY_NOTATION))
