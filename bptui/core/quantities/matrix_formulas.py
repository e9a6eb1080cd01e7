"""The matrix form of a round: its formulas once more, a line for each matrix instead of one for each number.

Where weights are numbered by source, W has a row per source and the samples are rows: ``Z1 = X·W1 + b1``. Where they
are numbered by destination, W has a row per neuron and the samples are columns: ``Z1 = W1·X + b1``. The matrices X, Y,
Z, H, O, Delta and b are then turned on their sides, against ``list_arrays``. A matrix's entries are the round's own
quantities, so the matrix form never calculates: it is another print of the same list.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from bptui.core.formulas.backprop import Formula, list_formulas
from bptui.core.formulas.expr import Expr, Name, find_names, substitute
from bptui.core.formulas.names import derivative, of_sample, weighted_input
from bptui.core.formulas.network import NUMBERINGS, Network
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.derivatives import derive_slope, has_joint_outputs
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.quantities.arrays import NameMatrix, list_arrays, list_given_arrays
from bptui.core.quantities.contraction import Contraction, NoMatrixFormError, Term, repeat_to, turn
from bptui.core.quantities.matrix_network import (
    MatrixNetwork,
    find_axes,
    find_stem,
    make_matrix_network,
    name_outputs,
    show_name,
)
from bptui.record import record


@record
class MatrixLine:
    """One line of the matrix form.

    Attributes:
        name: The name of the matrix, or E.
        expr: Its expression of other matrices; None where no product of matrices says what the round calculates.
        phase: The phase of a round, without a sample.
    """

    name: str
    expr: Expr | None
    phase: str


@record
class MatrixForm:
    """The matrix form of a network's round.

    Attributes:
        by_column: Whether the samples are columns, and W has a row per neuron.
        given: The names of the matrices that a round starts from: X, Y, the parameters, the optimiser's state.
        lines: The lines, in calculation order.
        entries: The quantities in each matrix, row by row.
    """

    by_column: bool
    given: tuple[str, ...]
    lines: tuple[MatrixLine, ...]
    entries: Mapping[str, NameMatrix]

    def shape(self, name: str) -> tuple[int, int] | None:
        """Return the number of rows and columns of a matrix; None for a scalar."""
        return (len(self.entries[name]), len(self.entries[name][0])) if name in self.entries else None

    def find_place(self, quantity: str) -> tuple[str, int, int] | None:
        """Return the matrix that holds a quantity, with its row and column from 0; None if none does."""
        for name, rows in self.entries.items():
            for i, row in enumerate(rows):
                if quantity in row:
                    return name, i, row.index(quantity)
        return None


@lru_cache(maxsize=64)
def find_matrix_form(network: Network) -> MatrixForm:
    """Return the matrix form of a network's round."""
    merged, by_column = make_matrix_network(network), network.numbering != NUMBERINGS[0]
    outputs = name_outputs(network)
    own = {name: layer.activations for name, layer in zip(outputs, network.layers, strict=True)}
    rules = Contraction(lambda name: find_axes(merged, name), own, by_column)
    formulas = list_formulas(merged)
    known = {**dict.fromkeys((*merged.inputs, *merged.targets, *merged.state)), **{f.name: None for f in formulas}}
    shown = {name: show_name(merged, name) for name in known}
    stems = _list_stems(network, by_column)
    entries = {shown[name]: rows for name in known if (rows := _find_entries(network, stems, name))}
    lines = []
    for line in formulas:
        try:
            expr: Expr | None = _contract_line(network, merged, rules, line)
        except NoMatrixFormError:
            expr = None
        if expr is not None:
            expr = substitute(turn(expr) if by_column else expr, {name: Name(words) for name, words in shown.items()})
        lines.append(MatrixLine(shown[line.name], expr, line.phase))
    given = tuple(shown[name] for name in (*merged.inputs, *merged.targets, *merged.state))
    return MatrixForm(by_column, given, tuple(lines), entries)


def _contract_line(network: Network, merged: MatrixNetwork, rules: Contraction, line: Formula) -> Expr:
    """Return a general line in matrices, with the sum or the mean over the samples where it is the round's."""
    several = len(network.samples) > 1
    of_round = line.name == "E" or line.phase.endswith("gradients")
    if line.phase.endswith("deltas"):
        by_neuron = not RULES[network.rule].general and line.phase != merged.layers[-1].deltas
        if by_neuron or (several and any(name.startswith(("dE_dW", "dE_db")) for name in find_names(line.expr))):
            raise NoMatrixFormError
    is_joint = line.name.startswith("delta") and line.phase == merged.layers[-1].deltas and has_joint_outputs(merged)
    if network.rounding != NONE and (is_joint or (of_round and several)):  # what is added up is rounded first
        raise NoMatrixFormError
    output = merged.outputs[0]
    own = {derivative(output, weighted_input(output)): derive_slope(merged, output)}  # of an output by its own input
    term = rules.contract(substitute(line.expr, own))
    if of_round:
        term = rules.sum_over_samples(term, several)
        if several and network.over_samples == "mean":
            term = Term(term.expr / float(len(network.samples)), term.axes)
    stem = find_stem(line.name)
    return repeat_to(term, find_axes(merged, line.name), stem)


def _list_stems(network: Network, by_column: bool) -> Mapping[str, NameMatrix]:
    """Return the matrices that all others are named after, as they are shown, by their names in the matrix network."""
    arrays = {**list_given_arrays(network), **list_arrays(network)}
    found = {name: arrays[name] for name in ("X", "Y", *name_outputs(network))}
    for number, node in enumerate(name_outputs(network), 1):
        if f"b{number}" in arrays:
            found[f"b_{node}"] = arrays[f"b{number}"]
    if by_column:
        found = {name: tuple(zip(*rows, strict=True)) for name, rows in found.items()}
    return found | {name: rows for name, rows in arrays.items() if name[:1] == "W"}


def _find_entries(network: Network, stems: Mapping[str, NameMatrix], name: str) -> NameMatrix:
    """Return the quantities of a matrix by its name in the matrix network; nothing for a scalar."""
    if name == "log_sum_exp":
        column = tuple((of_sample(name, sample),) for sample in network.samples or (0,))
        return tuple(zip(*column, strict=True)) if network.numbering != NUMBERINGS[0] else column
    if stem := find_stem(name):
        return tuple(tuple(name.removesuffix(stem) + entry for entry in row) for row in stems[stem])
    return ()


def collect_values(form: MatrixForm, values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return matrices filled with a round's numbers, and scalars as they are.

    Args:
        form: The matrix form.
        values: Values of a round and of what it is computed from, by name: float64 or float32 scalars.
        names: The names of the matrices and scalars.

    Returns:
        Arrays of shape (rows, columns) and scalars by name, in the values' precision.
    """
    return {
        name: np.array([[values[entry] for entry in row] for row in form.entries[name]])
        if name in form.entries
        else values[name]
        for name in names
    }
