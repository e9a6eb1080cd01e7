"""The program with autograd: the same run in PyTorch, by matrices.

Where a round uses several samples, capital letters stand for tensors with a row for each; ``o`` and ``y`` are rows.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.layers import Layer
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import bias
from bptui.core.formulas.network import NUMBERINGS, Network
from bptui.core.formulas.optimisers import DESCENT, OPTIMISERS
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.quantities.general_formulas import list_columns
from bptui.derive.code_lines import INDENT, break_assignment, break_line, format_numbers, lay_out_matrix
from bptui.derive.program_parts import (
    ProgramPart,
    describe_phase,
    make_parts,
    make_print_statements,
    make_top_comment,
    print_values,
    write_comment,
)


def make_torch_program(spec: Spec, title: str) -> tuple[ProgramPart, ...]:
    """Return the program with autograd: matrices V and W, and as little else as PyTorch needs."""
    n = spec.network.one_sample
    double = ["", "torch.set_default_dtype(torch.float64)"] if spec.precision_of("torch") == "float64" else []
    tensors, leaves = _list_tensors(spec), _list_leaves(spec)
    clear, step = _write_update(spec, leaves)
    return make_parts(
        spec,
        [*make_top_comment("with autograd", "PyTorch", title), "import torch", *double],
        _assign_samples(spec),
        [*_assign_tensors(spec), *_make_optimiser(spec, leaves)],
        _pick_samples(spec),
        [line for one in tensors for line in _print_layer(one, n)],
        _write_loss(spec),
        [
            f"{INDENT}# backward pass: the chain rule, by autograd",
            f"{INDENT}# (it adds to old gradients, so clear them first)",
            f"{INDENT}{clear}",
            f"{INDENT}E.backward()",
        ],
        [*describe_phase(n, "update"), *step],
        make_print_statements(
            "E.item()",
            _print_outputs(spec),
            write_gradients(spec),
            [_print_flat_tensor(spec, leaf, "") for leaf in leaves],
        ),
    )


def write_gradients(spec: Spec) -> list[str]:
    """Return code for the gradients, in the order of the parameters that the training changes."""
    return [_print_flat_tensor(spec, leaf, ".grad") for leaf in _list_leaves(spec)]


# Samples


def _has_rows(spec: Spec) -> bool:
    """Whether a round uses several samples, so that its tensors have a row for each."""
    return spec.batch_size > 1


def _assign_samples(spec: Spec) -> Iterator[str]:
    if len(spec.inputs) == 1:
        yield from _assign_tensor("x", spec.inputs[0])
        yield from _assign_tensor("y", spec.targets[0])
        return
    yield "# a row for each sample"
    for name, rows in (("X", spec.inputs), ("Y", spec.targets)):
        yield from lay_out_matrix(f"{name} = torch.tensor([", [*map(format_numbers, rows)], "])")


def _pick_samples(spec: Spec) -> Iterator[str]:
    """Yield the lines that choose a round's samples where rounds differ in them."""
    count, size = len(spec.inputs), spec.batch_size
    if spec.period == 1:
        return
    if size == 1:
        yield f"{INDENT}s = (n - 1) % {count}  # the samples in turn"
        yield f"{INDENT}x, y = X[s], Y[s]"
    else:
        yield f"{INDENT}# the rows of the next {size} samples, in turn"
        yield f"{INDENT}rows = [({size}*(n - 1) + k) % {count} for k in range({size})]"


def _write_loss(spec: Spec) -> list[str]:
    """Return the lines of the loss: the sum or the mean over the samples of the round."""
    text = LOSSES[spec.loss].torch
    if not _has_rows(spec):
        return [f"{INDENT}# loss", *break_assignment("E", text)]
    head = f"{INDENT}E = "  # of the same width as the indent of what is summed
    return [
        f"{INDENT}# loss: the {spec.over_samples} over the samples",
        f"{INDENT}E = sum(",
        *(f"{INDENT * 2}{line[len(head) :]}" for line in break_assignment("E", text)),
        f"{INDENT * 2}for o, y in zip(O, Y{_index_rows(spec)})",
        f"{INDENT}){f' / {spec.batch_size}' if spec.over_samples == 'mean' else ''}",
    ]


def _index_rows(spec: Spec) -> str:
    return "[rows]" if spec.period > 1 else ""


def _print_outputs(spec: Spec) -> list[str]:
    if len(spec.inputs) == 1:
        return print_values('"  outputs  "', ["*o.tolist()"])
    if not _has_rows(spec):
        return print_values('f"  outputs of sample {s + 1}:"', ["*o.tolist()"])
    rows = "zip(rows, O.tolist())" if spec.period > 1 else "enumerate(O.tolist())"
    (line,) = print_values('f"  outputs of sample {s + 1}:"', ["*o"])
    return [f"{INDENT}for s, o in {rows}:", f"{INDENT}{line}"]


# Updates


def _is_written_out(spec: Spec) -> bool:
    """Whether the program makes the update itself, as it is one line for each tensor."""
    return spec.optimiser == DESCENT and not spec.network.decays


def _make_optimiser(spec: Spec, leaves: list[str]) -> Iterator[str]:
    """Yield the making of torch's optimiser, if the program uses one."""
    if _is_written_out(spec):
        return
    words = OPTIMISERS[spec.optimiser].torch
    options = {name: f"({', '.join(own)})" if own[1:] else own[0] for name, own in words.options.items()}
    if words.has_state(spec.momentum):
        options |= {name: repr(value) for name, value in words.flags.items()}
    if spec.network.decays:
        options["weight_decay"] = "weight_decay"
    if words.by_rate:
        yield from write_comment(f"torch has no {spec.optimiser}; {words.name}'s own momentum gives the same weights")
    arguments = [f"[{', '.join(leaves)}]", "lr=eta", *(f"{name}={text}" for name, text in options.items())]
    yield from break_line(f"optimiser = torch.optim.{words.name}(", f"{', '.join(arguments)})")


def _write_update(spec: Spec, leaves: list[str]) -> tuple[str, list[str]]:
    """Return the statement that clears the gradients, and the lines of the update."""
    if not _is_written_out(spec):
        return "optimiser.zero_grad()", [f"{INDENT}optimiser.step()"]
    steps = [f"{INDENT * 2}{leaf} -= eta * {leaf}.grad" for leaf in leaves]
    return f"{''.join(f'{leaf}.grad = ' for leaf in leaves)}None", [f"{INDENT}with torch.no_grad():", *steps]


# Tensors


def _assign_tensor(name: str, values: Iterable[float], tail: str = ")") -> list[str]:
    return break_line(f"{name} = torch.tensor([", f"{format_numbers(values)}]{tail}")


class _Tensors(NamedTuple):
    """What the tensors of a layer are called: its outputs, the weights into it, its biases, and what arrives.

    Those with a row for each sample have capital letters.
    """

    layer: Layer
    outputs: str
    weights: str
    bias: str
    sources: str


def _list_tensors(spec: Spec) -> list[_Tensors]:
    columns = list_columns(spec.network)
    letters = [column.letter.upper() if _has_rows(spec) else column.letter for column in columns]
    sources = [f"{letters[0]}{_index_rows(spec)}" if _has_rows(spec) else letters[0], *letters[1:]]
    return [
        _Tensors(layer, letter, to.weights.upper(), f"b_{to.letter}", source)
        for layer, letter, to, source in zip(spec.network.layers, letters[1:], columns[1:], sources, strict=False)
    ]


def _list_leaves(spec: Spec) -> list[str]:
    """Return the names of the tensors that the training changes."""
    n, tensors = spec.network, _list_tensors(spec)
    biases = [one.bias for one in tensors if one.layer.has_biases]
    return [*(one.weights for one in tensors), *(() if all(map(n.is_frozen, n.biases)) else biases)]


def _assign_tensors(spec: Spec) -> Iterator[str]:
    """V, W and the biases there are."""
    n, leaf = spec.network, ", requires_grad=True)"
    start = dict(zip(n.parameters, make_initial_parameters(spec), strict=True))
    way = "row" if n.numbering == NUMBERINGS[0] else "column"
    yield "# a row for each source, a column for each neuron;"
    yield f"# w1, w2, ... are numbered {way} by {way}"
    for one in _list_tensors(spec):
        head, targets = f"{one.weights} = torch.tensor([", one.layer.neurons
        rows = [format_numbers(start[n.weight(s, t)] for t in targets) for s in n.sources(targets[0])]
        yield from lay_out_matrix(head, rows, f"]{leaf}")
    for one in _list_tensors(spec):
        if one.layer.has_biases:
            own = [bias(neuron) for neuron in one.layer.neurons]
            kept = [start[b] for b in (own[:1] if n.shares_biases else own)]
            yield from _assign_tensor(one.bias, kept, ")" if n.is_frozen(own[0]) else leaf)


def _print_layer(of: _Tensors, n: Network) -> list[str]:
    """A layer's weighted inputs and outputs; neuron by neuron where their activations differ."""
    z, texts = f"in_{of.outputs}", [ACTIVATIONS[name].torch for name in of.layer.activations]
    plus_bias = f" + {of.bias}" if of.layer.has_biases else ""
    lines = [*describe_phase(n, of.layer.forward), f"{INDENT}{z} = {of.sources} @ {of.weights}{plus_bias}"]
    if len(set(texts)) == 1:
        return [*lines, f"{INDENT}{of.outputs} = {texts[0].format(z=z)}"]
    at, axis = ("", "") if of.outputs.islower() else (":, ", ", 1")
    each = ", ".join(text.format(z=f"{z}[{at}{place}]") for place, text in enumerate(texts))
    return [*lines, *break_line(f"{INDENT}{of.outputs} = torch.stack([", f"{each}]{axis})")]


def _print_flat_tensor(spec: Spec, leaf: str, of: str) -> str:
    """Return code for the numbers of a trained tensor, or of its gradient, in the order of the parameters."""
    turned = "" if spec.numbering == NUMBERINGS[0] else ".T"
    sizes = {one.bias: len(one.layer.neurons) for one in _list_tensors(spec)}
    if leaf not in sizes:
        return f"*{leaf}{of}{turned}.flatten().tolist()"
    times = f" * {sizes[leaf]}" if spec.network.shares_biases else ""  # every neuron has a shared bias
    return f"*{leaf}{of}.tolist(){times}"
