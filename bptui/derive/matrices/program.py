"""The program in matrices: backpropagation in NumPy with ``@``, as courses write it.

It is the matrix form of the round's list of formulas. Where weights are numbered by source a sample is a row of X,
``X @ W1``; where they are numbered by destination it is a column, ``W1 @ X``. ``W1 = W1 - ..`` stands for the new W1.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Expr, Name, find_definitions, rebuild, substitute
from bptui.core.formulas.names import gradient, updated
from bptui.core.formulas.network import Network
from bptui.core.formulas.notation import write
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.quantities.contraction import ARRAY_CODE
from bptui.core.quantities.matrix_formulas import MatrixForm, MatrixLine, find_matrix_form
from bptui.derive.code_lines import INDENT, break_assignment, break_line, format_numbers, lay_out_matrix
from bptui.derive.numpy_program import QUIET, end_array
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

_EACH = """def each(function):  # of a number: the same for every entry
    return lambda z: np.array([function(v) for v in z.flat]).reshape(z.shape)"""
_UPDATING = ("optimiser state", "update")
_STACK = "np.stack(["


def make_matrix_program(spec: Spec, title: str) -> tuple[ProgramPart, ...]:
    """Return the program in matrices: one line for each matrix of a round."""
    n = spec.network.one_sample if spec.batch_size == 1 else spec.network
    matrices = find_matrix_form(n)
    frozen = {name for name in matrices.given if name[:1] == "b" and n.bias_update == "frozen"}
    left_out = {of(name) for name in frozen for of in (gradient, updated)}
    lines = [line for line in matrices.lines if line.name not in left_out]
    forward, loss = ([one for one in lines if one.phase.startswith(phase)] for phase in ("forward", "loss"))
    last = max(place for place, one in enumerate(lines, 1) if one.phase not in _UPDATING)
    trained = [name for name in matrices.given if name[:1] in "Wb" and name not in frozen]
    return make_parts(
        spec,
        [*make_top_comment("in matrices", "NumPy", title), "import numpy as np", "", QUIET, *_define(n, lines)],
        _assign_samples(spec, matrices),
        _assign_state(spec, n, matrices),
        _begin_round(spec, n, matrices),
        _print_lines(n, matrices, forward),
        _print_lines(n, matrices, loss),
        [*write_comment(name_rule(n), INDENT), *_print_lines(n, matrices, lines[len(forward) + len(loss) : last])],
        _print_lines(n, matrices, lines[last:]),
        make_print_statements("E", _print_outputs(spec, matrices), _flatten(map(gradient, trained)), _flatten(trained)),
    )


def _flatten(names: Iterable[str]) -> list[str]:
    return [f"*{name}.flat" for name in names]


def _define(n: Network, lines: Sequence[MatrixLine]) -> Iterator[str]:
    """Yield the definitions of the functions that NumPy lacks, which are made for whole matrices."""
    exprs = [line.expr for line in lines if line.expr is not None]
    if len(exprs) < len(lines):  # some are spelled out
        exprs += [formula.expr for formula in list_formulas(n)]
    if found := dict.fromkeys(text for expr in exprs for text in find_definitions(expr)):
        yield f"\n\n{_EACH}\n"
    for text in found:
        yield f"\n{text}\n"
        yield from (f"\n{name} = each({name})" for name in re.findall(r"^def (\w+)", text, re.MULTILINE))


# Samples


def _assign_samples(spec: Spec, matrices: MatrixForm) -> Iterator[str]:
    """Yield X and Y, or all samples where rounds differ in them."""
    yield f"# a {_name_line(matrices)} for each sample"
    turned = ".T" if matrices.by_column else ""
    for name, rows in (("X", spec.inputs), ("Y", spec.targets)):
        whole = f"all_{name}" if spec.period > 1 else name
        yield from lay_out_matrix(f"{whole} = np.array([", [*map(format_numbers, rows)], f"{end_array(spec)}{turned}")


def _name_line(matrices: MatrixForm) -> str:
    return "column" if matrices.by_column else "row"


def _begin_round(spec: Spec, n: Network, matrices: MatrixForm) -> Iterator[str]:
    """Yield what a round does first where rounds differ: take its samples, and its number for the optimiser."""
    if spec.period > 1:
        count, size, line = len(spec.inputs), spec.batch_size, f"{_name_line(matrices)}s"
        which = "next sample" if size == 1 else f"next {size} samples"
        yield f"{INDENT}# the {line if size > 1 else line[:-1]} of the {which}, in turn"
        yield f"{INDENT}{line} = [({size}*(n - 1) + k) % {count} for k in range({size})]"
        at = f"[:, {line}]" if matrices.by_column else f"[{line}]"
        yield f"{INDENT}X, Y = all_X{at}, all_Y{at}"
    if OPTIMISERS[n.optimiser].uses_time:
        yield f"{INDENT}t = n  # the number of the round"


def _print_outputs(spec: Spec, matrices: MatrixForm) -> Iterator[str]:
    """Yield the statements that print the outputs, each sample's on a line of its own."""
    if len(spec.inputs) == 1:
        yield from print_values('"  outputs  "', ["*O.flat"])
        return
    outputs = "O.T" if matrices.by_column else "O"
    where = f"zip({_name_line(matrices)}s, {outputs})" if spec.period > 1 else f"enumerate({outputs})"
    yield f"{INDENT}for s, o in {where}:"
    yield f'{INDENT}{INDENT}print(f"  outputs of sample {{s + 1}}:", *o)'


# Parameters and the optimiser's state


def _assign_state(spec: Spec, n: Network, matrices: MatrixForm) -> Iterator[str]:
    """Yield what the first round starts from."""
    start = dict(zip(n.parameters, make_initial_parameters(spec), strict=True))
    yield f"# weights: a row for each {'neuron they go to' if matrices.by_column else 'input or neuron they come from'}"
    for name in (one for one in matrices.given if one[:1] in "Wb"):
        turned = matrices.by_column and name[:1] == "b"
        rows = matrices.entries[name]
        shown = [*zip(*rows, strict=True)] if turned else rows
        tail = f"{end_array(spec)}{'.T' if turned else ''}"
        yield from lay_out_matrix(
            f"{name} = np.array([", [format_numbers(start[p] for p in row) for row in shown], tail
        )
    states = [name for name in matrices.given if name[:2] in ("m_", "v_")]
    if states:
        yield "# the optimiser's state before round 1"
    for name in states:
        yield f"{name} = np.zeros_like({name[2:]})"


# Formulas


def _print_lines(n: Network, matrices: MatrixForm, lines: Iterable[MatrixLine]) -> Iterator[str]:
    """Yield the lines as code, each phase under its name; a new parameter takes the place of the old one."""
    renamed = {updated(name): Name(name) for name in matrices.given}
    for phase, of_phase in groupby(lines, key=lambda line: line.phase):
        yield from describe_phase(n.one_sample, phase)
        for line in of_phase:
            name = line.name.removeprefix("new_")
            if line.expr is None:
                yield from _spell_out(n, matrices, line.name)
            else:
                yield from _break(name, write(substitute(line.expr, renamed), ARRAY_CODE))


def _break(name: str, value: str) -> list[str]:
    line = f"{INDENT}{name} = {value}"
    before, stack, rest = line.partition(_STACK)
    if stack and len(line) > 2 * len(INDENT) + 48:
        return break_line(f"{before}{stack}", rest)
    return break_assignment(name, value)


def _spell_out(n: Network, matrices: MatrixForm, name: str) -> Iterator[str]:
    """Yield the assignment of a matrix, entry by entry, or of E, where no product of matrices says it."""
    formulas = {f.name: f.expr for f in list_formulas(n)}
    spell = _make_speller(matrices, formulas)
    if name not in matrices.entries:
        yield from break_assignment(name, write(spell(formulas[name]), ARRAY_CODE))
        return
    yield f"{INDENT}{name} = np.array(["
    for row in matrices.entries[name]:
        cells = ", ".join(write(spell(formulas[entry]), ARRAY_CODE) for entry in row)
        yield from break_line(f"{INDENT}{INDENT}[", f"{cells}],")
    yield f"{INDENT}])"


def _make_speller(matrices: MatrixForm, formulas: Mapping[str, Expr]) -> Callable[[Expr], Expr]:
    """Return a function that writes an expression of numbers with the entries of matrices."""
    places = {
        entry: Name(f"{name.removeprefix('new_')}[{i}, {j}]")
        for name, rows in matrices.entries.items()
        for i, row in enumerate(rows)
        for j, entry in enumerate(row)
    }

    def spell(expr: Expr) -> Expr:
        if not isinstance(expr, Name):
            return rebuild(expr, spell)
        if expr.name in places:
            return places[expr.name]
        return spell(formulas[expr.name]) if expr.name in formulas else expr

    return spell
