"""A network's round for very many runs at once: ufunc calls that write into preallocated arrays.

The source that the NumPy engine runs is split into single operations. Repeated operations are computed once, those
that depend on no parameter before the first round, and an array is reused as soon as its value is no longer needed.
Each run, one element on the arrays' only axis, goes through the same operations as alone, so it is bit-identical to
the single run (except for the sign of a nan, which has no meaning).
"""

import ast
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from bptui.core.engines.program import SCOPE
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.names import updated
from bptui.core.formulas.network import Network
from bptui.core.formulas.notation import PYTHON, write
from bptui.record import record

_OPERATORS: Mapping[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("add", "+"),
    ast.Sub: ("subtract", "-"),
    ast.Mult: ("multiply", "*"),
    ast.Div: ("divide", "/"),
}
_KEEP = "keep"


@record
class Batch:
    """A network's round, compiled for many runs.

    Attributes:
        buffers: The number of work arrays it needs, besides the arrays of the state.
        advance: ``(rounds, keep, buffers, data..., constants..., state...)``, see ``Network.given``: train that many
            rounds with the same data, and leave the final state in the state's arrays. Each buffer and each part of the
            state is an array of shape (runs,), all of one precision. ``keep`` is called once a round with the array of
            E, of shape (runs,); it must copy what it needs, because the array is reused.
        source: The compiled source text.
    """

    buffers: int
    advance: Callable[..., None]
    source: str


class _Step(NamedTuple):
    """One operation on arrays: the name of its result, its function and the function's operands."""

    value: str
    function: str
    operands: tuple[str, ...]


@lru_cache(maxsize=64)
def compile_batch(network: Network) -> Batch:
    """Compile the round of a network for many runs (a few milliseconds at 2-2-2, then cached).

    Args:
        network: The network.

    Returns:
        The compiled round, for float64 and float32 arrays of shape (runs,).
    """
    steps = _Steps(network)
    lines, buffers = _place(steps.needed(), network.state, steps.after)
    functions = sorted({"copyto", *(s.function for s in steps.made if s.function not in (*SCOPE, _KEEP))})
    given = ", ".join(network.given)
    source = "\n".join(
        [
            f"def advance(rounds, keep, buffers, {given}):",
            f"    [{', '.join(f'b{n}' for n in range(buffers))}] = buffers",
            *(f"    {name} = np.{name}" for name in functions),
            *(f"    {line}" for line in steps.before),
            "    for _ in range(rounds):",
            *(f"        {line}" for line in lines),
        ]
    )
    scope = dict(SCOPE)
    exec(compile(source, "<the round, for many runs>", "exec"), scope)
    return Batch(buffers, scope["advance"], source)


class _Steps:
    """A round split into single operations.

    Attributes:
        before: Source lines for the results that depend on no parameter, with the same operations as a single run.
        made: The operations, in calculation order, without repetitions.
        after: The name of the value that each part of the state has after the round.
    """

    def __init__(self, network: Network) -> None:
        self.before: list[str] = []
        self.made: list[_Step] = []
        self._scalars = {*network.data, *network.constants}
        self._known: dict[tuple[str, tuple[str, ...]], str] = {}
        self._names: dict[str, str] = {}  # a quantity of the round -> the value that holds it here
        for line in list_formulas(network):
            self._names[line.name] = self._operand(ast.parse(write(line.expr, PYTHON), mode="eval").body)
            if line.name == "E":
                self.made.append(_Step("", _KEEP, (self._names["E"],)))
        self.after = {part: self._names[updated(part)] for part in network.state}

    def needed(self) -> list[_Step]:
        """Return the operations that E and the updates need."""
        wanted, found = set(self.after.values()), list[_Step]()
        for step in reversed(self.made):
            if step.value in wanted or step.function == _KEEP:
                found.append(step)
                wanted |= set(step.operands)
        return found[::-1]

    def _operand(self, node: ast.expr) -> str:
        """Return the name or the digits of an expression's value, and record the operations that compute it."""
        match node:
            case ast.Constant(value):
                return repr(value)
            case ast.Name(name):
                return self._names.get(name, name)
            case ast.NamedExpr(ast.Name(name), value):
                self._names[name] = self._operand(value)
                return self._names[name]
            case ast.UnaryOp(ast.USub(), of):
                return self._value("negative", (self._operand(of),), "-{}")
            case ast.BinOp(left, ast.Pow(), right):
                return self._value("power", (self._operand(left), self._operand(right)), "{}**{}")
            case ast.BinOp(left, operator, right):
                function, sign = _OPERATORS[type(operator)]
                return self._value(function, (self._operand(left), self._operand(right)), f"{{}} {sign} {{}}")
            case ast.Call(ast.Attribute(_, function), arguments):
                operands = tuple(map(self._operand, arguments))
                return self._value(function, operands, f"np.{function}({', '.join('{}' for _ in operands)})")
            case ast.Call(ast.Name("logsumexp"), [first, *others]):
                total = self._operand(first)
                for other in others:
                    total = self._value("logaddexp", (total, self._operand(other)), "np.logaddexp({}, {})")
                return total
            case ast.Call(ast.Name("softmax"), [own, *layer]):
                return self._part_of_exps(*map(self._operand, (own, *layer)))
            case ast.Call(ast.Name(function), [first, second]):
                return self._value(function, (self._operand(first), self._operand(second)), f"{function}({{}}, {{}})")
        raise TypeError(f"not of a round: {ast.dump(node)}")

    def _part_of_exps(self, own: str, *layer: str) -> str:
        """Return the name of an output of softmax, by the operations of ``program.softmax``."""
        top, *others = layer
        for other in others:
            top = self._value("maximum", (top, other), "np.maximum({}, {})")
        raised = [self._value("subtract", (one, top), "{} - {}") for one in (own, *layer)]
        over, whole, *more = (self._value("exp", (one,), "np.exp({})") for one in raised)
        for one in more:
            whole = self._value("add", (whole, one), "{} + {}")
        return self._value("divide", (over, whole), "{} / {}")

    def _value(self, function: str, operands: tuple[str, ...], text: str) -> str:
        """Return the name of an operation's result: a scalar, computed by ``text`` before the rounds, or an array."""
        key = function, operands
        if key not in self._known:
            name = self._known[key] = f"v{len(self._known)}"
            if all(operand in self._scalars or not operand.isidentifier() for operand in operands):
                self._scalars.add(name)
                self.before.append(f"{name} = {text.format(*operands)}")
            else:
                self.made.append(_Step(name, function, operands))
        return self._known[key]


def _place(steps: Sequence[_Step], state: Sequence[str], after: Mapping[str, str]) -> tuple[list[str], int]:
    """Return operations as lines that write into arrays, and the number of arrays needed besides the state's own.

    The new value of a part of the state goes into that part's own array. If the old value is still needed, the new one
    is copied there at the end of the round instead.
    """
    last = {operand: place for place, step in enumerate(steps) for operand in step.operands}
    last |= dict.fromkeys(after.values(), len(steps))
    owners = {value: part for part, value in after.items()}
    where = {part: part for part in state}
    lines, free, count = list[str](), list[str](), 0
    for place, (value, function, operands) in enumerate(steps):
        words = ", ".join(where.get(operand, operand) for operand in operands)
        free += [where[o] for o in dict.fromkeys(operands) if last[o] == place and where.get(o, o) not in (o, *state)]
        if function == _KEEP:
            lines.append(f"{_KEEP}({words})")
            continue
        own = owners.get(value)
        if own is not None and last.get(own, 0) <= place:
            where[value] = own
        elif free:
            where[value] = free.pop()
        else:
            where[value], count = f"b{count}", count + 1
        into = where[value]
        lines.append(
            f"copyto({into}, {function}({words}))" if function in SCOPE else f"{function}({words}, out={into})"
        )
    lines += [f"copyto({p}, {where.get(v, v)})" for p, v in after.items() if where.get(v, v) != p]
    return lines, count
