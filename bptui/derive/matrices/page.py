"""The whole calculation of a round in matrices, as courses write it, each with its shape and its numbers.

It is another print of the round: the entries of a matrix are the quantities of ``bptui.derive.page``.
"""

from collections.abc import Iterator
from itertools import groupby

from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import gradient, updated
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.problem.kinds.suggestions import suggest
from bptui.core.problem.tables import UserError
from bptui.core.quantities.matrix_formulas import MatrixLine, find_matrix_form
from bptui.core.quantities.parts import describe
from bptui.derive.blocks import Block, Equation, Equations, Heading, MatrixEquation, Paragraph, Table
from bptui.derive.formats import FORMATS
from bptui.derive.given import describe_network
from bptui.derive.matrices.working import MatrixWorking
from bptui.derive.notations import ASCII, format_label
from bptui.derive.page import describe_lost_numbers, make_precision_sentence, make_rule_sentence, train_to
from bptui.derive.phases import title_phase
from bptui.lessons.lesson import Lesson
from bptui.lessons.printed_values import describe_other_sample

_BY_ROW = (
    "X and Y have a row for each sample, and so do Z, H, O and Δ. A matrix W has a row for each source and a column "
    "for each neuron, so the inputs come before the weights: X{0}W."
)
_BY_COLUMN = (
    "The weights are numbered by destination, so a matrix W has a row for each neuron and a column for each source, "
    "like the weight of torch's Linear. It comes before its inputs, W{0}X, so the samples are columns: X and Y have a "
    "column for each sample, and so do Z, H, O and Δ. Where a lesson or a printed value has a row for each sample, "
    "its X is transposed here."
)
_TOO_WIDE = "A matrix that is too wide for a line is shown in blocks of columns, and formulas have its name instead."
_ABOUT = "Where a line has ≈ instead of =, its last digits come from rounding: the round adds up in another order."
_SIGNS = (
    "{0} is the matrix product, {1} between matrices is the product entry by entry, and {2} transposes a matrix. "
    "Functions, squares and quotients act on each entry, and a single row or column is used for every row or column."
)
_SUMS = (
    " A sum with an s runs over the samples, one with an n over the neurons of a layer, and one with neither over "
    "all entries."
)
_SHARED = (
    " The neurons of a layer share one bias: all entries of its b are equal, and so are all entries of its gradient."
)


def derive_in_matrices(
    lesson: Lesson, round_: int, kind: str, digits: int, quantity: str | None = None
) -> Iterator[str]:
    """Yield the lines of the page.

    Args:
        lesson: The problem.
        round_: The round, from 1.
        kind: One of ``FORMATS``.
        digits: Significant digits shown.
        quantity: The name of a matrix, or of a quantity in one, to derive alone; all if left out.

    Raises:
        UserError: If no matrix has this name or holds this quantity.
    """
    network, form = lesson.spec.network_of(round_), FORMATS[kind].form
    name, entry = _resolve_name(network, quantity) if quantity is not None else ("", "")
    run = train_to(lesson.spec, round_)
    working = MatrixWorking(network, {**run.given(round_), **run.values(round_)}, form, digits)
    if quantity is not None:
        return FORMATS[kind].print(_derive_one(network, working, name, entry))
    return FORMATS[kind].print(_derive_all(lesson, round_, network, working, run.left_finite))


def _resolve_name(network: Network, quantity: str) -> tuple[str, str]:
    """Return the matrix that the user means, and the entry if a single quantity was named."""
    matrices = find_matrix_form(network)
    lines = [line.name for line in matrices.lines]
    on_paper = {spelling: name for name in lines for spelling in (format_label(name), name.replace("_d", "/d"))}
    if (name := on_paper.get(quantity, quantity)) in lines:
        return name, ""
    entries = {entry: name for name in lines for row in matrices.entries.get(name, ()) for entry in row}
    on_paper = {spelling: entry for entry in entries for spelling in (format_label(entry), entry.replace("_d", "/d"))}
    if (entry := on_paper.get(quantity, quantity)) in entries:
        return entries[entry], entry
    if name in matrices.given or name in network.given:
        raise UserError(f"--quantity: {name} is given, not calculated")
    if other := describe_other_sample(network, name):
        raise UserError(f"--quantity: {name} {other}")
    hint = suggest(name, [*lines, *entries]) or f"; it has {', '.join(lines)}"
    raise UserError(f"--quantity: this network has no matrix {name}, and none with an entry {name}{hint}")


def _derive_one(network: Network, working: MatrixWorking, name: str, entry: str) -> Iterator[Block]:
    matrices = working.matrices
    line = next(line for line in matrices.lines if line.name == name)
    if entry and (place := matrices.find_place(entry)):
        at = f"in row {place[1] + 1}, column {place[2] + 1} of the matrix {name}"
        yield Paragraph(f"{entry}, {describe(network, entry)}, is the entry {at}:")
    yield from _write_line(network, working, line)


def _derive_all(
    lesson: Lesson, round_: int, network: Network, working: MatrixWorking, lost: int | None
) -> Iterator[Block]:
    matrices = working.matrices
    yield Heading(f"Backpropagation in matrices: derivation of round {round_:,}", 1)
    yield Paragraph(lesson.title)
    if lost is not None and lost <= round_:
        yield Paragraph(describe_lost_numbers(lost))
    yield describe_network(lesson.spec, network)
    yield Heading("Given matrices")
    by = (_BY_COLUMN if matrices.by_column else _BY_ROW).format(" @ " if working.form is ASCII else "·")
    yield Paragraph(f"{by} {_TOO_WIDE}")
    numbers = [name for name in (*network.constants, *network.data) if name == "t" or name in network.constants]
    letters = working.form.letters
    yield Table(
        ("given", ""), (("numbers", ", ".join(f"{letters.name(n)} = {working.show(n)[0]}" for n in numbers)),), (1,)
    )
    for name in matrices.given:
        yield MatrixEquation(working.give_shape(name), (working.show(name),))
    yield from _make_general_blocks(network, working)
    for number, (phase, group) in enumerate(groupby(matrices.lines, lambda line: line.phase), 1):
        title, about = _title_phase(network, phase)
        yield Heading(f"{number}. {title}")
        yield Paragraph(about)
        for line in group:
            yield from _write_line(network, working, line)
    yield Heading("Parameters before and after the update")
    for name in (one for one in matrices.given if updated(one) in matrices.entries and one[0] in "Wb"):
        for one in (name, gradient(name), updated(name)):
            yield MatrixEquation(letters.name(one), (working.show(one),))
    yield Paragraph(make_precision_sentence(lesson.spec, working.digits))
    if lesson.spec.precision == "float64" and not all(working.work_out(line).holds for line in matrices.lines):
        yield Paragraph(_ABOUT)


def _title_phase(network: Network, phase: str) -> tuple[str, str]:
    """Return the heading of a phase, and what is said under it."""
    title, about = title_phase(network, phase)
    if not phase.endswith("deltas"):
        return title, about
    if network.rule != CHAIN_RULE:
        return title, make_rule_sentence(network)
    by_column = find_matrix_form(network).by_column
    line = "column" if by_column else "row"
    if phase == network.layers[-1].deltas and has_joint_outputs(network):
        return title, f"{about} Each {line} of Δ has these deltas for one sample.{_simplify(network)}"
    own = ": the derivatives of its own loss" if len(network.samples) > 1 else ""
    return title, f"Each {line} of Δ has the deltas of one sample{own}."


def _simplify(network: Network) -> str:
    """Return the simpler form of the deltas of softmax with this loss, if there is one."""
    if LOSSES[network.loss].simplify_joint is None:
        return ""
    return " With this loss, Δ is O times the sum of a sample's targets, minus Y; where that sum is 1, it is O − Y."


def _make_general_blocks(network: Network, working: MatrixWorking) -> Iterator[Block]:
    """Yield all formulas in letters, with the shape of every matrix."""
    yield Heading("The formulas with the shape of every matrix")
    plain = working.form is ASCII
    signs = _SIGNS.format(*(("@", "*", ".T") if plain else ("A dot between matrices", "⊙", "ᵀ")))
    sums = any("sum" in line.shaped for line in map(working.work_out, working.matrices.lines))
    yield Paragraph(signs + _SUMS * sums + _SHARED * (network.shares_biases and bool(network.biases)))
    equations = []
    for line in working.matrices.lines:
        if line.expr is not None:
            worked = working.work_out(line)
            equations.append(Equation(working.give_shape(line.name), (worked.shaped,)))
    yield Equations(tuple(equations))
    for number, layer in enumerate(network.layers, 1):
        if len(set(layer.activations)) > 1:
            each = ", ".join(
                f"{name} for {neuron}" for neuron, name in zip(layer.neurons, layer.activations, strict=True)
            )
            where = "row by row" if working.matrices.by_column else "column by column"
            of = f"Applied to Z{number}, f is each neuron's own activation, {where}"
            yield Paragraph(f"{of}: {each}. f' is its derivative, calculated from Z{number} and the output.")


def _write_line(network: Network, working: MatrixWorking, line: MatrixLine) -> Iterator[Block]:
    worked = working.work_out(line)
    if line.expr is None:
        yield Paragraph(f"{line.name} is shown by its numbers alone: {_excuse(network, line)}")
    yield MatrixEquation(working.give_shape(line.name), worked.sides, worked.holds)


def _excuse(network: Network, line: MatrixLine) -> str:
    """Return why no product of matrices says what the round calculates."""
    if line.phase.endswith("deltas") and network.rule != CHAIN_RULE:
        return f'the rule "{network.rule}" departs from the chain rule in a way that no product of matrices expresses.'
    return "no matrix holds the intermediate results that are rounded on the way."
