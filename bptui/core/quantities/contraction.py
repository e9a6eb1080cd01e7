"""From the general term of a sum to matrices: a sum over an index that two factors share is a matrix product.

A term has two axes, its rows and its columns. What belongs to samples has them as rows; ``turn`` makes them columns.
Functions, squares and quotients act entry by entry, and a single row or column counts for every row or column.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bptui.core.formulas.activations import ACTIVATIONS, EACH_ITS_OWN
from bptui.core.formulas.expr import (
    Call,
    EntryProduct,
    Expr,
    Function,
    MatrixProduct,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    SumOver,
    Transposed,
    find_definitions,
    find_parts,
    product,
    rebuild,
)
from bptui.core.formulas.functions import EXP, LOG, LOG_SUM_EXP, SOFTMAX
from bptui.core.formulas.notation import PYTHON, Notation, write
from bptui.core.formulas.rounding import ROUNDINGS
from bptui.core.quantities.matrix_network import SAMPLES, Axes
from bptui.record import record

_OWN_VALUE, _OWN_SLOPE = (
    part.function
    for part in (EACH_ITS_OWN.value(Number(0.0)), EACH_ITS_OWN.derivative(Number(0.0), Number(0.0)))
    if isinstance(part, Call)
)
SUM_ALL = Function("sum({0})", "np.sum({0})", r"\sum\left({0}\right)")
"""The sum of all entries."""
REPEATED = Function("{0}", "np.full_like({1}, {0})", "{0}")
"""A single number, row or column, as often as its place has it: of the shape of the second argument."""


_FILLED = Function("{1}", "np.full_like({0}, {1})", "{1}")
ARRAY_CODE = replace(
    PYTHON,
    number=lambda value: repr(value).removesuffix(".0"),
    square="{0}**2",
    call=lambda function: function.python if " if " in function.code else function.code or function.python,
)
"""How a program written by hand has expressions of whole arrays."""


class NoMatrixFormError(Exception):
    """An expression that no matrices of rows and columns say."""


@record
class Term:
    """An expression of matrices, with the axes of its value."""

    expr: Expr
    axes: Axes = ("", "")


def _add_along(word: str, axis: int) -> Function:
    return Function(f"sum_{word}({{0}})", f"np.sum({{0}}, {axis}, keepdims=True)", rf"\sum_{word}\left({{0}}\right)")


class Contraction:
    """The rules by which the general terms of a network become expressions of matrices.

    Args:
        find_axes: Returns the axes of a name.
        activations: The activations of each layer's neurons, by the name of its outputs.
        by_column: Whether the samples will be columns: the functions that have an axis follow it.
    """

    def __init__(
        self, find_axes: Callable[[str], Axes], activations: Mapping[str, Sequence[str]], by_column: bool
    ) -> None:
        self._find_axes, self._activations, self._by_column = find_axes, activations, by_column
        self.sum_samples, self._sum_nodes = _add_along("s", int(by_column)), _add_along("n", int(not by_column))
        self._log_sum_exp = Function(
            "",
            f"np.logaddexp.reduce({{0}}, {int(not by_column)}, keepdims=True)",
            "",
            means=lambda of: Call(LOG, (Call(self._sum_nodes, (Call(EXP, of),)),)),
        )

        part = f"np.exp({{0}} - np.logaddexp.reduce({{0}}, {int(not by_column)}, keepdims=True))"
        self._softmax = Function("", part, "", means=self._divide_by_sum)

    def _divide_by_sum(self, of: tuple[Expr, ...]) -> Expr:
        exps = Call(EXP, of)
        return exps / Call(self._sum_nodes, (exps,))

    def contract(self, expr: Expr) -> Term:
        """Return the expression of matrices whose entries have a general term.

        Raises:
            NoMatrixFormError: If there is none.
        """
        match expr:
            case Name(name):
                return Term(expr, self._find_axes(name))
            case Product(factors):
                return _multiply([self.contract(factor) for factor in factors])
            case SumOver(index, _, term):
                return self._sum_over(index, term)
            case Call(function, (SumOver(_, _, term),)) if function == LOG_SUM_EXP:
                return Term(Call(self._log_sum_exp, (self.contract(term).expr,)), (SAMPLES, ""))
            case Call(function, (of, SumOver())) if function == SOFTMAX:
                inner = self.contract(of)
                return Term(Call(self._softmax, (inner.expr,)), inner.axes)
            case Call(function, (Name() as of,)) if function in (_OWN_VALUE, _OWN_SLOPE):
                return self._apply_each(function, self.contract(of))
        parts = [self.contract(part) for part in find_parts(expr)]
        left = iter(parts)
        return Term(rebuild(expr, lambda _: next(left).expr), _align(parts))

    def sum_over_samples(self, term: Term, several: bool) -> Term:
        """Return the sum of a term over the samples, if it is of each; several is whether there are more than one."""
        if term.axes[0] != SAMPLES:
            return term
        match term.expr:
            case Quotient(over, Number() as under):
                of = self.sum_over_samples(Term(over, term.axes), several)
                return Term(of.expr / under, of.axes)
            case Negative(of):
                inner = self.sum_over_samples(Term(of, term.axes), several)
                return Term(-inner.expr, inner.axes)
            case Call(function, of) if function == self._sum_nodes:
                return Term(Call(SUM_ALL, of))
            case Call(function, (of,)) if function in ROUNDINGS.values() and not several:
                inner = self.sum_over_samples(Term(of, term.axes), several)
                return Term(Call(function, (inner.expr,)), inner.axes)
        return Term(Call(self.sum_samples, (term.expr,)) if several else term.expr, ("", term.axes[1]))

    def _sum_over(self, index: str, term: Expr) -> Term:
        found = [self.contract(f) for f in (term.factors if isinstance(term, Product) else (term,))]
        weights = [one for one in found if one.axes[0] not in ("", SAMPLES)]
        if not weights:
            return Term(Call(self._sum_nodes, (_multiply(found).expr,)), (SAMPLES, ""))
        right, others = _multiply(weights), [one for one in found if one not in weights]
        rows, columns = right.axes
        if not others and columns == index:
            return Term(Transposed(Call(self._sum_nodes, (right.expr,))), ("", rows))
        if not others or index not in right.axes:
            raise NoMatrixFormError
        left = _multiply(others)
        if rows == index:
            return Term(MatrixProduct(left.expr, right.expr), (left.axes[0], columns))
        return Term(MatrixProduct(left.expr, Transposed(right.expr)), (left.axes[0], rows))

    def _apply_each(self, general: Function, of: Term) -> Term:
        """Return each neuron's own activation, or its derivative, of its own weighted inputs and outputs."""
        node, exprs, is_value = of.axes[1], list[Expr](), general == _OWN_VALUE
        for place, name in enumerate(self._activations[node]):
            at = f"[{place}]" if self._by_column else f"[:, {place}]"
            row, z, a = ACTIVATIONS[name], Name(f"{{0}}{at}"), Name(f"{{1}}{at}")
            own = row.value(z) if is_value else row.derivative(z, a)
            exprs.append(Call(_FILLED, (z, own)) if isinstance(own, Number) else own)
        function = Function(
            "f({0})" if is_value else "f'({0}, {1})",
            self._stack(exprs, PYTHON),
            r"f\left({0}\right)" if is_value else r"f'\left({0}, {1}\right)",
            code=self._stack(exprs, ARRAY_CODE),
            define="\n\n\n".join(dict.fromkeys(text for expr in exprs for text in find_definitions(expr))),
        )
        return Term(Call(function, (of.expr,) if is_value else (of.expr, Name(node))), of.axes)

    def _stack(self, exprs: Sequence[Expr], notation: Notation) -> str:
        texts = ", ".join(write(expr, notation) for expr in exprs)
        return f"np.stack([{texts}]{'' if self._by_column else ', 1'})"


def repeat_to(term: Term, axes: Axes, like: str) -> Expr:
    """Return a term's expression, repeated where it has a single row or column for many."""
    if any(own not in ("", wanted) for own, wanted in zip(term.axes, axes, strict=True)):
        raise NoMatrixFormError
    return term.expr if term.axes == axes else Call(REPEATED, (term.expr, Name(like)))


def turn(expr: Expr) -> Expr:
    """Return the expression of the same matrices all turned on their sides: the products change their order."""
    if isinstance(expr, MatrixProduct):
        return MatrixProduct(turn(expr.right), turn(expr.left))
    return rebuild(expr, turn)


def _align(terms: Sequence[Term]) -> Axes:
    rows, columns = ({term.axes[i] for term in terms} - {""} for i in (0, 1))
    if len(rows) > 1 or len(columns) > 1:
        raise NoMatrixFormError
    return "".join(rows), "".join(columns)


def _multiply(terms: Sequence[Term]) -> Term:
    """Return the product entry by entry, or summed over the samples that two factors of two layers share."""
    scalars = [term.expr for term in terms if term.axes == ("", "")]
    matrices = [term for term in terms if term.axes != ("", "")]
    if not matrices:
        return Term(product(*scalars))
    if len(matrices) == 2 and len({term.axes[1] for term in matrices} - {""}) == 2:
        delta, source = matrices
        if delta.axes[0] != SAMPLES or source.axes[0] != SAMPLES:
            raise NoMatrixFormError
        whole = Term(MatrixProduct(Transposed(source.expr), delta.expr), (source.axes[1], delta.axes[1]))
    else:
        exprs = tuple(term.expr for term in matrices)
        whole = Term(exprs[0] if len(exprs) == 1 else EntryProduct(exprs), _align(matrices))
    return Term(product(*scalars, whole.expr), whole.axes)
