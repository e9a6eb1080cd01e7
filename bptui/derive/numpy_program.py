"""The program by hand: backpropagation in NumPy.

It is the round's own list of formulas, so a new rule or activation needs no change here. Where rounds differ in their
samples, the loop has one round's formulas: ``h1_s1`` is of the first sample that the round takes, whichever that is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bptui.core.formulas.backprop import Formula, list_formulas
from bptui.core.formulas.expr import find_definitions
from bptui.core.formulas.names import gradient, of_sample, split_sample, state_of, updated
from bptui.core.formulas.network import NUMBERINGS, Network
from bptui.core.formulas.notation import write
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.derive.code_lines import INDENT, break_assignment, break_line, format_numbers, lay_out_matrix
from bptui.derive.notations import ASCII
from bptui.derive.program_parts import (
    ProgramPart,
    describe_phase,
    make_parts,
    make_print_statements,
    make_top_comment,
    name_rule,
    print_values,
    write_comment,
)

NUMPY_NOTATION = replace(ASCII.letters, number=lambda v: repr(v).removesuffix(".0"), call=lambda f: f.code or f.python)
QUIET = 'np.seterr(all="ignore")  # overflow becomes inf'
_UPDATING = ("optimiser state", "update")


def make_numpy_program(spec: Spec, title: str) -> tuple[ProgramPart, ...]:
    """Return the program by hand: NumPy scalars under their names, one line for each formula of a round."""
    n = pick_network(spec)
    lines = _list_needed(n)
    forward, loss = ([f for f in lines if f.phase.startswith(phase)] for phase in ("forward", "loss"))
    last = max(place for place, f in enumerate(lines, 1) if f.phase not in _UPDATING)  # a rule may update in mid-round
    definitions = dict.fromkeys(f"\n\n{text}\n" for f in lines for text in find_definitions(f.expr))
    return make_parts(
        spec,
        [*make_top_comment("by hand", "NumPy", title), "import numpy as np", "", QUIET, *definitions],
        _assign_samples(spec, n),
        _assign_state(spec, n),
        _begin_round(spec, n),
        _print_phases(n, forward, spec.period > 1),
        _print_phases(n, loss),
        [*write_comment(name_rule(n), INDENT), *_print_phases(n, lines[len(forward) + len(loss) : last])],
        [*_print_phases(n, lines[last:]), *_carry_over(n)],
        make_print_statements("E", print_outputs(spec, n), map(gradient, list_trained(n)), list_trained(n)),
    )


def pick_network(spec: Spec) -> Network:
    """Return the network of a round whose names the program uses."""
    return spec.network.one_sample if spec.batch_size == 1 else spec.network


def list_trained(n: Network) -> list[str]:
    """Return the parameters that the training changes."""
    return [p for p in n.parameters if not n.is_frozen(p)]


def _list_needed(n: Network) -> list[Formula]:
    """Return the formulas of a round without those that serve frozen biases alone."""
    needless = {name for p in n.parameters if n.is_frozen(p) for name in (gradient(p), updated(p))}
    return [f for f in list_formulas(n) if split_sample(f.name)[0] not in needless]


# Samples


def _assign_samples(spec: Spec, n: Network) -> Iterator[str]:
    """Yield the inputs and targets by name, or as the rows of X and Y where rounds differ in their samples."""
    if spec.period > 1:
        yield "# a row for each sample"
        for name, rows in (("X", spec.inputs), ("Y", spec.targets)):
            yield from lay_out_matrix(f"{name} = np.array([", [*map(format_numbers, rows)], end_array(spec))
        return
    for sample in n.samples or (0,):
        for names, rows in ((n.inputs, spec.inputs), (n.targets, spec.targets)):
            yield from _assign_scalars(spec, [of_sample(name, sample) for name in names], rows[max(sample - 1, 0)])


def _begin_round(spec: Spec, n: Network) -> Iterator[str]:
    """Yield what a round does first where rounds differ: find its samples, and its number for the optimiser."""
    if spec.period > 1:
        yield from _find_rows(spec, n)
        for sample in n.samples or (0,):
            for names, rows in ((n.inputs, "X"), (n.targets, "Y")):
                left = ", ".join(of_sample(name, sample) for name in names)
                yield f"{INDENT}{left} = {rows}[{_name_row(sample)}{', 0' if len(names) == 1 else ''}]"
    if OPTIMISERS[n.optimiser].uses_time:
        yield f"{INDENT}t = n  # the number of the round"


def _name_row(place: int) -> str:
    """Return the name of the row that holds a sample of the round, from its place in the round."""
    return f"s{place or ''}"


def _find_rows(spec: Spec, n: Network) -> Iterator[str]:
    count, size = len(spec.inputs), spec.batch_size
    if not n.samples:
        yield f"{INDENT}s = (n - 1) % {count}  # the samples in turn"
        return
    yield from write_comment(
        f"the rows of the next {size} samples, in turn; names ending in _s1 belong to the first", INDENT
    )
    yield f"{INDENT}first = {size}*(n - 1)"
    later = (f"(first + {place}) % {count}" for place in range(1, size))
    yield from break_assignment(", ".join(map(_name_row, n.samples)), ", ".join([f"first % {count}", *later]))


def print_outputs(spec: Spec, n: Network) -> Iterator[str]:
    """Yield the statements of the loop that print the outputs, each sample's on a line of its own."""
    for sample in n.samples or (0,):
        outputs = [of_sample(o, sample) for o in n.outputs]
        if len(spec.inputs) == 1:
            yield from print_values('"  outputs  "', outputs)
        elif spec.period == 1:
            yield from print_values(f'"  outputs of sample {sample}:"', outputs)
        else:
            yield from print_values(f'f"  outputs of sample {{{_name_row(sample)} + 1}}:"', outputs)


# Parameters and the optimiser's state


def _assign_state(spec: Spec, n: Network) -> Iterator[str]:
    """Yield what the first round starts from."""
    start = dict(zip(n.parameters, make_initial_parameters(spec), strict=True))
    source = "neuron" if n.hidden_layers else "input"
    ends = f"{source} the weights come from" if n.numbering == NUMBERINGS[0] else "neuron the weights go to"
    yield f"# a line for each {ends}"
    for group in _group_parameters(n, n.parameters):
        yield from _assign_scalars(spec, group, [start[p] for p in group])
    if states := _group_states(n):
        yield "# the optimiser's state before round 1"
    for group in states:
        yield from _assign_scalars(spec, group, [0.0] * len(group))


def _carry_over(n: Network) -> Iterator[str]:
    """Yield the assignments of what the next round starts from."""
    for group in [*_group_parameters(n, list_trained(n)), *_group_states(n)]:
        yield from break_assignment(", ".join(group), ", ".join(map(updated, group)))


def _assign_scalars(spec: Spec, names: Sequence[str], values: Iterable[float]) -> list[str]:
    """Return the assignment of numbers to names, as NumPy scalars of the engine's precision."""
    left, right = ", ".join(names), format_numbers(values)
    if len(names) == 1:
        return [f"{left} = np.{spec.precision_of('numpy')}({right})"]
    return break_line(f"{left} = np.array([", f"{right}{end_array(spec)}")


def end_array(spec: Spec) -> str:
    """Return what ends an array of the engine's precision."""
    dtype = spec.precision_of("numpy")
    return "])" if dtype == "float64" else f"], np.{dtype})"


def _group_parameters(n: Network, parameters: Iterable[str]) -> list[list[str]]:
    """Group weights by the neuron they come from, or go to if so numbered, and biases by layer."""
    ends = {w.name: w.source if n.numbering == NUMBERINGS[0] else w.target for w in n.weights}
    layers = {p: layer.name for layer in n.layers for p in n.parameters_into(layer)}
    return [list(group) for _, group in groupby(parameters, key=lambda p: ends.get(p, layers[p]))]


def _group_states(n: Network) -> list[list[str]]:
    """Group the names of the optimiser's state as the parameters are."""
    groups = _group_parameters(n, list_trained(n))
    return [[state_of(kind, p) for p in group] for kind in OPTIMISERS[n.optimiser].state for group in groups]


# Formulas


def _print_phases(n: Network, lines: Iterable[Formula], in_rows: bool = False) -> Iterator[str]:
    """Yield formulas as code, each phase under its name, and what is of all samples under a comment of its own.

    Args:
        n: The network that the formulas are of.
        lines: The formulas.
        in_rows: Whether the numbers of samples are those of the variables s1, s2, ... instead.
    """

    def is_combined(f: Formula) -> bool:
        return bool(n.samples) and f.phase not in _UPDATING and not split_sample(f.name)[1]

    for (phase, combined), of_phase in groupby(lines, key=lambda f: (f.phase, is_combined(f))):
        of_all = [f"{INDENT}# of the round: the {n.over_samples} over its samples"]
        yield from of_all if combined else describe_phase(n, phase, "sample in row s{0}" if in_rows else "sample {0}")
        for f in of_phase:
            yield from break_assignment(f.name, write(f.expr, NUMPY_NOTATION))
