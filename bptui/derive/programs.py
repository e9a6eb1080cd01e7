"""The two programs of a problem as text: backpropagation by hand in NumPy, and the same run with autograd.

A program is a tuple of ``ProgramPart``. Part k of one program is the counterpart of part k of the other, and a file
holds the sources of all parts in order. The NumPy program is the round's own list of formulas, so a new rule or
activation needs no change here. The only user input that becomes source is numbers, and a title, which is
made a comment first.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from math import isfinite
from textwrap import wrap
from typing import NamedTuple

from bptui.core.formulas.activations import ACTIVATIONS
from bptui.core.formulas.backprop import Formula, list_formulas
from bptui.core.formulas.expr import Call, Expr, find_parts
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.names import bias, gradient, updated
from bptui.core.formulas.network import CHAIN_RULE, NUMBERINGS, Layer, Network
from bptui.core.formulas.notation import write
from bptui.core.formulas.rules import RULES
from bptui.core.problem.initialisation import initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.quantities.general import list_columns
from bptui.derive.notations import ASCII

PART_NAMES = ("imports", "data", "weights", "loop", "forward", "loss", "gradient", "update", "print")
MAX_COLUMNS = 59  # of a line that can be broken: two programs fit side by side in 120
NUMPY_NOTATION = replace(ASCII.letters, number=lambda v: repr(v).removesuffix(".0"), call=lambda f: f.code or f.python)
_DEEP = 32  # columns before a bracket beyond which its lines are not aligned below it
_IN = " " * 4
_QUIET = 'np.seterr(all="ignore")  # too large a number is inf'
_wrap_code = partial(wrap, width=MAX_COLUMNS, break_long_words=False, break_on_hyphens=False)
_PHASES = {
    "forward hidden": "forward pass, hidden layer",
    "forward output": "forward pass, output layer",
    "output deltas": "backward pass: the outputs' deltas, dE/d(in)",
    "output gradients": "gradients of the weights into the outputs",
    "hidden deltas": "the hidden neurons' deltas",
    "hidden gradients": "gradients of the weights into the hidden layer",
    "update": "update: a step down the slope",
}


@dataclass(frozen=True)
class ProgramPart:
    """A part of a program: its name, one of ``PART_NAMES``, and its source with all line ends."""

    name: str
    source: str


def join_source(program: Iterable[ProgramPart]) -> str:
    """Return the text of a program."""
    return "".join(part.source for part in program)


def count_code_lines(program: Iterable[ProgramPart]) -> int:
    """Return the number of lines that are neither empty nor comments."""
    return sum(line.strip()[:1] not in ("", "#") for line in join_source(program).splitlines())


def make_numpy_program(spec: Spec, title: str) -> tuple[ProgramPart, ...]:
    """Return the program by hand: NumPy scalars under their names, one line for each formula of a round."""
    n = spec.network
    trained = [p for p in n.parameters if not n.is_frozen(p)]
    needless = {name for p in n.parameters if n.is_frozen(p) for name in (gradient(p), updated(p))}
    lines = [f for f in list_formulas(n) if f.name not in needless]
    forward, loss = ([f for f in lines if f.phase.startswith(phase)] for phase in ("forward", "loss"))
    last = max(place for place, f in enumerate(lines, 1) if f.phase != "update")  # a rule may update in mid-round
    start = dict(zip(n.parameters, initial_parameters(spec), strict=True))
    rule = "" if n.rule == CHAIN_RULE else f'gradient rule "{n.rule}": {RULES[n.rule].about}'
    definitions = dict.fromkeys(f"\n\n{text}\n" for f in lines for text in _definitions(f.expr))
    return _make_parts(
        spec,
        [*_top_comment("by hand", "NumPy", title), "import numpy as np", "", _QUIET, *definitions],
        [*_scalar_assignment(spec, n.inputs, spec.inputs), *_scalar_assignment(spec, n.targets, spec.targets)],
        [
            f"# a line for each neuron the weights {'come from' if n.numbering == NUMBERINGS[0] else 'go to'}",
            *(
                line
                for g in _group_parameters(n, n.parameters)
                for line in _scalar_assignment(spec, g, [start[p] for p in g])
            ),
        ],
        _phase_lines(forward),
        _phase_lines(loss),
        [
            *(f"{_IN}# {line}" for line in wrap(rule, MAX_COLUMNS - 6)),
            *_phase_lines(lines[len(forward) + len(loss) : last]),
        ],
        [
            *_phase_lines(lines[last:]),
            *(
                line
                for g in _group_parameters(n, trained)
                for line in _assignment(", ".join(g), ", ".join(map(updated, g)))
            ),
        ],
        _print_statements("E", n.outputs, [gradient(p) for p in trained], trained),
    )


def make_torch_program(spec: Spec, title: str) -> tuple[ProgramPart, ...]:
    """Return the program with autograd: matrices V and W, and as little else as PyTorch needs."""
    n = spec.network
    double = ["", "torch.set_default_dtype(torch.float64)"] if spec.precision_of("torch") == "float64" else []
    tensors = _tensors_of(n)
    biases = [one.bias for one in tensors if one.layer.has_biases]
    leaves = [*(one.weights for one in tensors), *(() if all(map(n.is_frozen, n.biases)) else biases)]
    return _make_parts(
        spec,
        [*_top_comment("with autograd", "PyTorch", title), "import torch", *double],
        [*_tensor_assignment("x", spec.inputs), *_tensor_assignment("y", spec.targets)],
        _tensor_assignments(spec),
        [
            *(line for one in tensors for line in _layer_lines(one)),
        ],
        [f"{_IN}# loss", *_assignment("E", LOSSES[spec.loss].torch)],
        [
            f"{_IN}# backward pass: the chain rule, by autograd",
            f"{_IN}# (which adds to the gradients there are: clear them)",
            f"{_IN}{''.join(f'{leaf}.grad = ' for leaf in leaves)}None",
            f"{_IN}E.backward()",
        ],
        [
            f"{_IN}# {_PHASES['update']}",
            f"{_IN}with torch.no_grad():",
            *(f"{_IN * 2}{leaf} -= eta * {leaf}.grad" for leaf in leaves),
        ],
        _print_statements(
            "E.item()", ["*o.tolist()"], *([_flat_tensor(spec, leaf, of) for leaf in leaves] for of in (".grad", ""))
        ),
    )


PROGRAMS: dict[str, Callable[[Spec, str], tuple[ProgramPart, ...]]] = {
    "numpy": make_numpy_program,
    "torch": make_torch_program,
}


def _make_parts(
    spec: Spec, imports: Iterable[str], data: Iterable[str], *others: Iterable[str]
) -> tuple[ProgramPart, ...]:
    """Make the parts from their lines, and add the lines that both programs share."""
    data = [*data, f"eta = {float(spec.step)!r}  # the step size", f"rounds = {spec.rounds:d}"]
    weights, *inside = others
    blocks = zip(PART_NAMES, (imports, data, weights, ["for n in range(1, rounds + 1):"], *inside), strict=True)
    return tuple(
        ProgramPart(p, "\n".join(lines) + ("\n" if p in ("loop", PART_NAMES[-1]) else "\n\n")) for p, lines in blocks
    )


def _top_comment(how: str, library: str, title: str) -> list[str]:
    """Return the comment at the top.

    The title is its third line, because a comment in the first two lines may set an encoding.
    """
    plain = " ".join("".join(sign if sign.isprintable() or sign.isspace() else "?" for sign in title).split())
    lesson = wrap(f"Lesson: {plain}", MAX_COLUMNS - 2, max_lines=3, placeholder="…")
    lines = [f"Backpropagation {how}, round by round.", f"Runs by itself: it needs {library}, nothing else.", *lesson]
    return [*(f"# {line}" for line in lines), ""]


def _print_statements(
    loss: str, outputs: Iterable[str], gradients: Iterable[str], after: Iterable[str]
) -> Iterator[str]:
    """Yield the print statements of a round, which print four lines."""
    yield f'{_IN}print(f"round {{n}}  E {{{loss}}}")'
    for name, values in (("outputs", outputs), ("gradients", gradients), ("updated", after)):
        yield from _break_line(f"{_IN}print(", f'"  {name:9}", {", ".join(values)})')


def _number_list(values: Iterable[float]) -> str:
    """Return numbers with all digits, separated by commas."""
    return ", ".join(repr(v) if isfinite(v) else f'float("{v}")' for v in map(float, values))


def _mark_breaks(text: str) -> str:
    """Replace each space by NUL except where a line may end.

    A line may end after a comma or before a plus sign, outside every bracket that the text itself opens.
    """
    signs, depth, outermost = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        outermost = min(depth, outermost)
        ends = depth == outermost and (text[place - 1] == "," or text[place + 1 : place + 2] == "+")
        signs.append("\0" if sign == " " and not ends else sign)
    return "".join(signs)


def _break_line(head: str, rest: str) -> list[str]:
    """Return a line whose head ends with an opening bracket, broken inside the bracket if it is too long."""
    deep = len(head) > _DEEP and len(head + rest) > MAX_COLUMNS
    first = " " * (len(head) - len(head.lstrip())) + _IN if deep else head
    lines = _wrap_code(_mark_breaks(rest), initial_indent=first, subsequent_indent=" " * len(first))
    return [line.replace("\0", " ") for line in ([head, *lines] if deep else lines)]


def _assignment(names: str, value: str) -> list[str]:
    """Return an assignment in the loop; a long one is broken inside the value's own brackets, or inside added ones."""
    line = f"{_IN}{names} = {value}"
    if len(line) <= MAX_COLUMNS:
        return [line]
    if " " in _mark_breaks(value):
        return _break_line(f"{_IN}{names} = (", f"{value})")
    opened = [place for place, sign in enumerate(line, 1) if sign == "(" and " " in _mark_breaks(line[place:])]
    return _break_line(line[: opened[0]], line[opened[0] :]) if opened else [line]


def _scalar_assignment(spec: Spec, names: Sequence[str], values: Iterable[float]) -> list[str]:
    """Return the assignment of numbers to names, as NumPy scalars of the engine's precision."""
    left, right, dtype = ", ".join(names), _number_list(values), spec.precision_of("numpy")
    if len(names) == 1:
        return [f"{left} = np.{dtype}({right})"]
    return _break_line(f"{left} = np.array([", f"{right}])" if dtype == "float64" else f"{right}], np.{dtype})")


def _group_parameters(n: Network, parameters: Iterable[str]) -> list[list[str]]:
    """Group weights by the neuron they come from, or go to if so numbered, and biases by layer."""
    ends = {w.name: w.source if n.numbering == NUMBERINGS[0] else w.target for w in n.weights}
    return [list(group) for _, group in groupby(parameters, key=lambda p: ends.get(p, p[:3]))]


def _definitions(expr: Expr) -> Iterator[str]:
    """Yield the definitions of the functions in an expression that NumPy lacks."""
    if isinstance(expr, Call) and expr.function.define:
        yield expr.function.define
    for part in find_parts(expr):
        yield from _definitions(part)


def _phase_lines(lines: Iterable[Formula]) -> Iterator[str]:
    """Yield formulas as code, each phase under its name."""
    for phase, of_phase in groupby(lines, key=lambda f: f.phase):
        yield f"{_IN}# {_PHASES.get(phase, phase)}"
        for f in of_phase:
            yield from _assignment(f.name, write(f.expr, NUMPY_NOTATION))


def _tensor_assignment(name: str, values: Iterable[float], tail: str = ")") -> list[str]:
    return _break_line(f"{name} = torch.tensor([", f"{_number_list(values)}]{tail}")


class _Tensors(NamedTuple):
    """What the tensors of a layer are called: its outputs, the weights into it, its biases, and what arrives."""

    layer: Layer
    outputs: str
    weights: str
    bias: str
    sources: str


def _tensors_of(n: Network) -> list[_Tensors]:
    columns = list_columns(n)
    return [
        _Tensors(layer, to.letter, to.weights.upper(), f"b_{to.letter}", at.letter)
        for layer, at, to in zip(n.layers, columns, columns[1:], strict=False)
    ]


def _tensor_assignments(spec: Spec) -> Iterator[str]:
    """V, W and the biases there are."""
    n, leaf = spec.network, ", requires_grad=True)"
    start = dict(zip(n.parameters, initial_parameters(spec), strict=True))
    way = "row" if n.numbering == NUMBERINGS[0] else "column"
    yield f"# from row to column; w1, w2, ... are counted {way} by {way}"
    for one in _tensors_of(n):
        head, targets = f"{one.weights} = torch.tensor([", one.layer.neurons
        rows = [_number_list(start[n.weight(s, t)] for t in targets) for s in n.sources(targets[0])]
        if max(map(len, rows)) + len(f"{head}[]]{leaf}") <= MAX_COLUMNS:
            below = f"],\n{' ' * len(head)}["
            yield f"{head}[{below.join(rows)}]]{leaf}"
        else:
            yield from [head, *(line for row in rows for line in _break_line(f"{_IN}[", f"{row}],")), f"]{leaf}"]
    for one in _tensors_of(n):
        if one.layer.has_biases:
            own = [bias(neuron) for neuron in one.layer.neurons]
            kept = [start[b] for b in (own[:1] if n.shares_biases else own)]
            yield from _tensor_assignment(one.bias, kept, ")" if n.is_frozen(own[0]) else leaf)


def _layer_lines(of: _Tensors) -> list[str]:
    """A layer's weighted inputs and outputs; neuron by neuron where their activations differ."""
    z, texts = f"in_{of.outputs}", [ACTIVATIONS[name].torch for name in of.layer.activations]
    plus_bias = f" + {of.bias}" if of.layer.has_biases else ""
    lines = [f"{_IN}# {_PHASES[of.layer.forward]}", f"{_IN}{z} = {of.sources} @ {of.weights}{plus_bias}"]
    if len(set(texts)) == 1:
        return [*lines, f"{_IN}{of.outputs} = {texts[0].format(z=z)}"]
    each = ", ".join(text.format(z=f"{z}[{place}]") for place, text in enumerate(texts))
    return [*lines, *_break_line(f"{_IN}{of.outputs} = torch.stack([", f"{each}])")]


def _flat_tensor(spec: Spec, leaf: str, of: str) -> str:
    """Return code for the numbers of a trained tensor, or of its gradient, in the order of the parameters."""
    turned = "" if spec.numbering == NUMBERINGS[0] else ".T"
    sizes = {one.bias: len(one.layer.neurons) for one in _tensors_of(spec.network)}
    if leaf not in sizes:
        return f"*{leaf}{of}{turned}.flatten().tolist()"
    times = f" * {sizes[leaf]}" if spec.network.shares_biases else ""  # every neuron has a shared bias
    return f"*{leaf}{of}.tolist(){times}"
