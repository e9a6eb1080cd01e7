"""The program with autograd: the same run in PyTorch, by matrices."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.layers import Layer
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import bias
from bptui.core.formulas.network import NUMBERINGS, Network
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.quantities.general_formulas import list_columns
from bptui.derive.code_lines import INDENT, MAX_COLUMNS, break_assignment, break_line, format_numbers
from bptui.derive.program_parts import PHASE_COMMENTS, ProgramPart, make_parts, make_print_statements, make_top_comment


def make_torch_program(spec: Spec, title: str) -> tuple[ProgramPart, ...]:
    """Return the program with autograd: matrices V and W, and as little else as PyTorch needs."""
    n = spec.network
    double = ["", "torch.set_default_dtype(torch.float64)"] if spec.precision_of("torch") == "float64" else []
    tensors = _list_tensors(n)
    biases = [one.bias for one in tensors if one.layer.has_biases]
    leaves = [*(one.weights for one in tensors), *(() if all(map(n.is_frozen, n.biases)) else biases)]
    return make_parts(
        spec,
        [*make_top_comment("with autograd", "PyTorch", title), "import torch", *double],
        [*_assign_tensor("x", spec.inputs[0]), *_assign_tensor("y", spec.targets[0])],
        _assign_tensors(spec),
        [
            *(line for one in tensors for line in _print_layer(one)),
        ],
        [f"{INDENT}# loss", *break_assignment("E", LOSSES[spec.loss].torch)],
        [
            f"{INDENT}# backward pass: the chain rule, by autograd",
            f"{INDENT}# (which adds to the gradients there are: clear them)",
            f"{INDENT}{''.join(f'{leaf}.grad = ' for leaf in leaves)}None",
            f"{INDENT}E.backward()",
        ],
        [
            f"{INDENT}# {PHASE_COMMENTS['update']}",
            f"{INDENT}with torch.no_grad():",
            *(f"{INDENT * 2}{leaf} -= eta * {leaf}.grad" for leaf in leaves),
        ],
        make_print_statements(
            "E.item()",
            ["*o.tolist()"],
            *([_print_flat_tensor(spec, leaf, of) for leaf in leaves] for of in (".grad", "")),
        ),
    )


def _assign_tensor(name: str, values: Iterable[float], tail: str = ")") -> list[str]:
    return break_line(f"{name} = torch.tensor([", f"{format_numbers(values)}]{tail}")


class _Tensors(NamedTuple):
    """What the tensors of a layer are called: its outputs, the weights into it, its biases, and what arrives."""

    layer: Layer
    outputs: str
    weights: str
    bias: str
    sources: str


def _list_tensors(n: Network) -> list[_Tensors]:
    columns = list_columns(n)
    return [
        _Tensors(layer, to.letter, to.weights.upper(), f"b_{to.letter}", at.letter)
        for layer, at, to in zip(n.layers, columns, columns[1:], strict=False)
    ]


def _assign_tensors(spec: Spec) -> Iterator[str]:
    """V, W and the biases there are."""
    n, leaf = spec.network, ", requires_grad=True)"
    start = dict(zip(n.parameters, make_initial_parameters(spec), strict=True))
    way = "row" if n.numbering == NUMBERINGS[0] else "column"
    yield f"# from row to column; w1, w2, ... are counted {way} by {way}"
    for one in _list_tensors(n):
        head, targets = f"{one.weights} = torch.tensor([", one.layer.neurons
        rows = [format_numbers(start[n.weight(s, t)] for t in targets) for s in n.sources(targets[0])]
        if max(map(len, rows)) + len(f"{head}[]]{leaf}") <= MAX_COLUMNS:
            below = f"],\n{' ' * len(head)}["
            yield f"{head}[{below.join(rows)}]]{leaf}"
        else:
            yield from [head, *(line for row in rows for line in break_line(f"{INDENT}[", f"{row}],")), f"]{leaf}"]
    for one in _list_tensors(n):
        if one.layer.has_biases:
            own = [bias(neuron) for neuron in one.layer.neurons]
            kept = [start[b] for b in (own[:1] if n.shares_biases else own)]
            yield from _assign_tensor(one.bias, kept, ")" if n.is_frozen(own[0]) else leaf)


def _print_layer(of: _Tensors) -> list[str]:
    """A layer's weighted inputs and outputs; neuron by neuron where their activations differ."""
    z, texts = f"in_{of.outputs}", [ACTIVATIONS[name].torch for name in of.layer.activations]
    plus_bias = f" + {of.bias}" if of.layer.has_biases else ""
    lines = [f"{INDENT}# {PHASE_COMMENTS[of.layer.forward]}", f"{INDENT}{z} = {of.sources} @ {of.weights}{plus_bias}"]
    if len(set(texts)) == 1:
        return [*lines, f"{INDENT}{of.outputs} = {texts[0].format(z=z)}"]
    each = ", ".join(text.format(z=f"{z}[{place}]") for place, text in enumerate(texts))
    return [*lines, *break_line(f"{INDENT}{of.outputs} = torch.stack([", f"{each}])")]


def _print_flat_tensor(spec: Spec, leaf: str, of: str) -> str:
    """Return code for the numbers of a trained tensor, or of its gradient, in the order of the parameters."""
    turned = "" if spec.numbering == NUMBERINGS[0] else ".T"
    sizes = {one.bias: len(one.layer.neurons) for one in _list_tensors(spec.network)}
    if leaf not in sizes:
        return f"*{leaf}{of}{turned}.flatten().tolist()"
    times = f" * {sizes[leaf]}" if spec.network.shares_biases else ""  # every neuron has a shared bias
    return f"*{leaf}{of}.tolist(){times}"
