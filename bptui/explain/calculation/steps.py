"""The steps of a round as on paper, between which a printed number can be put.

Factors of a delta, an output's share of the loss and what an update adds are steps of their own, since books print
them; with results rounded on the way only the quantities themselves are steps.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from types import CodeType, MappingProxyType
from typing import Any

from bptui.core.engines.program import compile_line, run_line
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import Expr, Name, Product, find_names, product, rebuild, total
from bptui.core.formulas.names import change, delta, of_sample, share, updated
from bptui.core.formulas.network import CHAIN_RULE, Network, find_shape
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.formulas.rules.gradient_rules import find_delta_factors
from bptui.core.formulas.samples import place_at
from bptui.core.quantities.printable import list_changes, list_shares
from bptui.record import record

Lines = tuple[tuple[str, CodeType], ...]
"""Names with the compiled expressions of their numbers, in order of calculation."""


@record
class Step:
    """One line of a calculation.

    Attributes:
        name: The name of its number.
        expr: The expression that is computed for it.
        own: The quantity's own formula, where ``expr`` is made of intermediate steps; it may differ in the last bits.
    """

    name: str
    expr: Expr
    own: Expr | None = None

    @cached_property
    def operands(self) -> tuple[str, ...]:
        """The names in its expression."""
        return find_names(self.expr)

    @cached_property
    def own_operands(self) -> tuple[str, ...]:
        """The names in ``own`` if there is one, else in ``expr``."""
        return find_names(self.own) if self.own is not None else self.operands

    @cached_property
    def without_own(self) -> "Step":
        """The same step by ``expr`` alone."""
        return self if self.own is None else make_step(self.name, self.expr)

    @cached_property
    def line(self) -> CodeType:
        """``expr``, compiled."""
        return compile_line(self.expr)

    @cached_property
    def own_line(self) -> CodeType:
        """``own`` if there is one, else ``expr``, compiled."""
        return compile_line(self.own) if self.own is not None else self.line

    def compute(self, values: dict[str, Any]) -> Any:
        """Return its number, from all numbers before it by name; callers ignore overflow."""
        return run_line(self.line, values)

    def compute_own(self, values: dict[str, Any]) -> Any:
        """Return its number to the last bit of a round, where no number was put in place of another."""
        return run_line(self.own_line, values)


@lru_cache(maxsize=8192)
def make_step(name: str, expr: Expr, own: Expr | None = None) -> Step:
    """Make a step, once for all calculations that have it: most differ in few steps."""
    return Step(name, expr, own)


@lru_cache(maxsize=512)
def list_steps(network: Network) -> tuple[Step, ...]:
    """Return the steps of a round, in order of calculation."""
    between = _list_between(network) if network.rounding == NONE else {}
    lines: list[Step] = []
    for f in list_formulas(network):
        *before, last = between.get(f.name) or (make_step(f.name, f.expr),)
        lines += [*before, make_step(f.name, last.expr, f.expr) if before else last]
    return tuple(lines)


def list_lines(steps: Iterable[Step], own: bool) -> Lines:
    """Return the names and compiled lines of steps, by their own formulas or by the steps before them."""
    return tuple([(step.name, step.own_line if own else step.line) for step in steps])


def select_steps(
    steps: Sequence[Step], own: bool, found: Container[str], used: Iterable[str], known: Container[str]
) -> list[Step]:
    """Return the steps that it takes to compute some numbers, in their order.

    Args:
        steps: The steps of a round.
        own: Whether they are computed by their own formulas, or by the steps before them.
        found: The names of numbers to compute.
        used: The names of numbers that are used afterwards.
        known: The names of numbers that need no step where they are used.
    """
    needed, selected = set(used), list[Step]()
    for step in reversed(steps):
        if step.name in found or (step.name in needed and step.name not in known):
            selected.append(step)
            needed.update(step.own_operands if own else step.operands)
    return selected[::-1]


def edit_steps(
    steps: Sequence[Step], edits: Mapping[str, Expr], written: Mapping[str, Expr] = MappingProxyType({})
) -> tuple[Step, ...]:
    """Return steps with other expressions for some names, each after those that it uses.

    Args:
        steps: The steps of a round.
        edits: The other expressions; those of names that the round has no step for are left out.
        written: More of them, of which those become steps of their own.
    """
    if not edits and not written:
        return tuple(steps)
    other = {**edits, **written}
    edited = [make_step(step.name, other[step.name]) if step.name in other else step.without_own for step in steps]
    names = {step.name: step for step in edited}
    added = {name: make_step(name, expr) for name, expr in written.items() if name not in names}
    names |= added
    done, found = set[str](), list[Step]()

    def place(step: Step) -> None:
        if step.name not in done:
            done.add(step.name)
            for name in step.operands:
                if name in names and name not in done:
                    place(names[name])
            found.append(step)

    for step in (*edited, *added.values()):
        place(step)
    return tuple(found)


def write_out(step: Step, steps: Iterable[Step], whole: Container[str]) -> Step:
    """Return a step with the expressions of others in place of their names, except for the names in ``whole``."""
    inside = {one.name: one.expr for one in steps if one.name not in whole}
    if step.own is not None and not any(name in whole for name in step.operands):
        return Step(step.name, step.own)

    def put_in(expr: Expr) -> Expr:
        match expr:
            case Name(name):
                return put_in(inside[name]) if name in inside else expr
            case Product(factors):
                return product(*map(put_in, factors))
        return rebuild(expr, put_in)

    return Step(step.name, put_in(step.expr))


def list_calculated(network: Network) -> tuple[str, ...]:
    """Return the names of a round in order of calculation, including intermediate ones."""
    return tuple(step.name for step in list_steps(replace(network, rounding=NONE)))


def _list_between(n: Network) -> Mapping[str, tuple[Step, ...]]:
    """Return what quantities may be computed from on paper, by name, each last itself in these terms; few have such."""
    one, found = n.one_sample, dict(_list_changes(find_shape(n)))
    for neuron in n.neurons:
        if neuron in n.outputs and has_joint_outputs(n):
            continue
        factors = find_delta_factors(one, neuron)
        for sample in n.samples or (0,):
            name = of_sample(delta(neuron), sample)
            parts = {of_sample(factor, sample): place_at(n, expr, sample) for factor, expr in factors.items()}
            found[name] = _end_with(name, parts, product(*map(Name, parts)))
    known = {**list_shares(n), **{f.name: f.expr for f in list_formulas(n)}}
    for sample in (0, *n.samples):
        shares = {part: known[part] for o in n.outputs if (part := of_sample(share(o), sample)) in known}
        if shares:
            name = of_sample("E", sample)
            found[name] = _end_with(name, shares, total([*map(Name, shares)]))
    return found


@lru_cache(maxsize=64)
def _list_changes(n: Network) -> Mapping[str, tuple[Step, ...]]:
    """Return what an update may be computed from, by the name of each parameter after it."""
    known, trained = list_changes(n), [p for p in n.parameters if not n.is_frozen(p)]
    return {
        updated(p): _end_with(updated(p), {change(p): known[change(p)]}, Name(p) + Name(change(p))) for p in trained
    }


def _end_with(name: str, parts: Mapping[str, Expr], expr: Expr) -> tuple[Step, ...]:
    """Return steps for the parts of a quantity, and last for itself in their terms."""
    return *(make_step(*part) for part in parts.items()), make_step(name, expr)


@lru_cache(maxsize=256)
def list_departures(network: Network) -> dict[str, Expr]:
    """Return the steps that a gradient rule calculates otherwise than the chain rule, by name."""
    right = {step.name: step.expr for step in list_steps(replace(network, rule=CHAIN_RULE))}
    return {step.name: step.expr for step in list_steps(network) if right.get(step.name) != step.expr}
