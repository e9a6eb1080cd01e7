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
from bptui.core.formulas.names import change, delta, of_sample, share, split_sample, updated
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.derivatives import has_joint_outputs
from bptui.core.formulas.rules.gradient_rules import find_delta_factors
from bptui.core.formulas.samples import place_at
from bptui.core.quantities.printable import list_printable
from bptui.record import record


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
    def without_own(self) -> "Step":
        """The same step by ``expr`` alone."""
        return self if self.own is None else Step(self.name, self.expr)

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


@lru_cache(maxsize=512)
def list_steps(network: Network) -> tuple[Step, ...]:
    """Return the steps of a round, in order of calculation."""
    lines: list[Step] = []
    for f in list_formulas(network):
        *before, last = (_list_between(network, f.name) if network.rounding == NONE else ()) or (Step(f.name, f.expr),)
        lines += [*before, replace(last, own=f.expr if before else None)]
    return tuple(lines)


def list_lines(steps: Iterable[Step], own: bool) -> tuple[tuple[str, CodeType], ...]:
    """Return the names and compiled lines of steps, by their own formulas or by the steps before them."""
    return tuple((step.name, step.own_line if own else step.line) for step in steps)


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
    edited = [Step(step.name, other[step.name]) if step.name in other else step.without_own for step in steps]
    edited += [Step(name, expr) for name, expr in written.items() if name not in {step.name for step in steps}]
    names, done, found = {step.name: step for step in edited}, set[str](), list[Step]()

    def place(step: Step) -> None:
        if step.name not in done:
            done.add(step.name)
            for name in step.operands:
                if name in names:
                    place(names[name])
            found.append(step)

    for step in edited:
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


def _list_between(n: Network, name: str) -> list[Step]:
    """Return what a quantity may be computed from on paper, and last itself in these terms; empty for most."""
    known, (base, sample) = list_printable(n), split_sample(name)
    for neuron in n.neurons:
        if base == delta(neuron) and not (neuron in n.outputs and has_joint_outputs(n)):
            of_one = find_delta_factors(n.one_sample, neuron)
            factors = {of_sample(factor, sample): place_at(n, expr, sample) for factor, expr in of_one.items()}
            return [*(Step(*factor) for factor in factors.items()), Step(name, product(*map(Name, factors)))]
    shares = [one for one in (of_sample(share(o), sample) for o in n.outputs) if one in known]
    if base == "E" and shares:
        return [*(Step(part, known[part]) for part in shares), Step(name, total([Name(part) for part in shares]))]
    for p in n.parameters:
        if name == updated(p) and known[name] != Name(p):
            return [Step(change(p), known[change(p)]), Step(name, Name(p) + Name(change(p)))]
    return []


@lru_cache(maxsize=256)
def list_departures(network: Network) -> dict[str, Expr]:
    """Return the steps that a gradient rule calculates otherwise than the chain rule, by name."""
    right = {step.name: step.expr for step in list_steps(replace(network, rule=CHAIN_RULE))}
    return {step.name: step.expr for step in list_steps(network) if right.get(step.name) != step.expr}
