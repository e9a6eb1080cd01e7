"""Torch made quicker for tensors of a few numbers, with bit-identical results.

Weighted inputs are summed in source order, source by source; this reproduces the float32 results of a scalar program to
the last bit on any x86 processor, which a matrix product need not do.
"""

import ast
import os
from collections.abc import Callable, Sequence

# The last bits of exp depend on the processor, unless MKL is set, before it is loaded, to instructions that all have
os.environ.setdefault("MKL_CBWR", "COMPATIBLE")

import torch
from torch import Tensor

torch.set_num_threads(1)  # a thread pool costs more than it saves on tensors of eight numbers
_IN_ORDER = 4  # up to this number of rows torch's own, faster sum adds them one after the other


class _Quicker(ast.NodeTransformer):
    """A rewriter to the same operations, forwards and backwards, in fewer steps: torch converts Python numbers slowly.

    Torch computes 1 / z as torch.reciprocal(z) times 1, and z ** 2 as torch.square(z). Other numbers before an operator
    become named tensors.
    """

    def __init__(self) -> None:
        self.numbers: dict[str, float] = {}

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        match node:
            case ast.BinOp(ast.Constant(1), ast.Div(), z):
                return _call("reciprocal", z)
            case ast.BinOp(z, ast.Pow(), ast.Constant(2)):
                return _call("square", z)
            case ast.BinOp(ast.Constant(float() | int() as number), ast.Add() | ast.Sub() | ast.Mult()):
                name = f"number_{len(self.numbers)}"
                self.numbers[name] = number
                return ast.BinOp(ast.Name(name, ast.Load()), node.op, node.right)
        return node


def _call(name: str, argument: ast.expr) -> ast.expr:
    return ast.Call(ast.Attribute(ast.Name("torch", ast.Load()), name, ast.Load()), [argument], [])


def compile_text(text: str, dtype: "torch.dtype", *arguments: str) -> Callable[..., Tensor]:
    """Compile the torch text of a table row (the program's own text, never a user's), with bit-identical results.

    Args:
        text: A Python expression over the arguments.
        dtype: The precision of its constants, torch.float64 or torch.float32.
        arguments: The names of the function's arguments, each a tensor of shape (neurons,).

    Returns:
        The function of the arguments.
    """
    quicker = _Quicker()
    tree = ast.fix_missing_locations(quicker.visit(ast.parse(f"lambda {', '.join(arguments)}: {text}", mode="eval")))
    numbers = {name: torch.tensor(number, dtype=dtype) for name, number in quicker.numbers.items()}
    function: Callable[..., Tensor] = eval(compile(tree, text, "eval"), {"torch": torch, **numbers})
    return function


def make_gradient_function(dtype: "torch.dtype") -> Callable[[Tensor, Sequence[Tensor]], Sequence[Tensor]]:
    """Make a ``torch.autograd.grad`` that skips its checks, which take a fifth of a round.

    The function behind the checks is not public; if it cannot be called this way, ``torch.autograd.grad`` is returned.

    Args:
        dtype: The precision of the loss.

    Returns:
        A function of a scalar loss and its leaves that returns a gradient of each leaf's shape per leaf.
    """
    one, leaf = torch.ones((), dtype=dtype), torch.ones((), dtype=dtype, requires_grad=True)

    def quick(loss: Tensor, leaves: Sequence[Tensor]) -> Sequence[Tensor]:
        found: Sequence[Tensor] = run((loss,), (one,), False, False, tuple(leaves), False, accumulate_grad=False)
        return found

    try:
        run = torch.autograd.Variable._execution_engine.run_backward
        known = bool(quick(3 * leaf, [leaf])[0] == 3)
    except (AttributeError, TypeError, RuntimeError):
        known = False
    return quick if known else torch.autograd.grad


def choose_sum(count: int) -> Callable[[Tensor], Tensor]:
    """Choose the function that adds up ``count`` rows of a tensor of shape (..., rows, neurons) in their order."""
    return _sum if count <= _IN_ORDER else _sum_in_order


def _sum(rows: Tensor) -> Tensor:
    return rows.sum(-2)


def _sum_in_order(rows: Tensor) -> Tensor:
    first, *others = rows.unbind(-2)
    for row in others:
        first = first + row
    return first
