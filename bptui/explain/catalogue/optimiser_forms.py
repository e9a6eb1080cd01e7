"""Other forms of an optimiser: signs, factors, roots and corrections that people write otherwise.

A form is a row of ``FORMS`` under its optimiser. To add one, add a row; it gives only the lines that differ.
"""

from collections.abc import Callable

from bptui.core.formulas.expr import Call, Expr, Name, Negative, product
from bptui.core.formulas.functions import POWER, SQRT
from bptui.core.formulas.names import state_of, unbiased, updated
from bptui.explain.calculation.changes import Edits
from bptui.record import record

_ETA, _MU, _EPSILON = Name("eta"), Name("momentum"), Name("epsilon")


@record
class Form:
    """Another form of an optimiser.

    Attributes:
        name: What it is called.
        about: What was done, as a sentence.
        lines: The lines that differ, by name, from the parameter's name and its gradient.
        convention: Whether the weights are the same as long as the learning rate is, so that nothing is wrong.
    """

    name: str
    about: str
    lines: Callable[[str, Expr], Edits]
    convention: bool = False


def _before(kind: str, parameter: str) -> Name:
    return Name(state_of(kind, parameter))


def _after(kind: str, parameter: str) -> Name:
    return Name(updated(state_of(kind, parameter)))


def _subtract_momentum(p: str, slope: Expr) -> Edits:
    return {_after("v", p).name: slope - product(_MU, _before("v", p))}


def _weight_gradient(p: str, slope: Expr) -> Edits:
    return {_after("v", p).name: product(_MU, _before("v", p)) + product(1.0 - _MU, slope)}


def _leave_out(p: str, slope: Expr) -> Edits:
    return {_after("v", p).name: slope}


def _leave_out_twice(p: str, slope: Expr) -> Edits:
    return {**_leave_out(p, slope), **_step_by_gradient(p, slope)}


def _step_by_gradient(p: str, slope: Expr) -> Edits:
    return {updated(p): Name(p) - product(_ETA, slope)}


def _leave_out_of_step(p: str, slope: Expr) -> Edits:
    return {_after("v", p).name: Negative(product(_ETA, slope))}


def _scale_gradient(p: str, slope: Expr) -> Edits:
    v = _after("v", p)
    return {v.name: product(_MU, _before("v", p)) + product(_ETA, slope), updated(p): Name(p) - v}


def _subtract_both(p: str, slope: Expr) -> Edits:
    return {_after("v", p).name: Negative(product(_MU, _before("v", p))) - product(_ETA, slope)}


def _weight_step(p: str, slope: Expr) -> Edits:
    return {_after("v", p).name: product(_MU, _before("v", p)) - product(1.0 - _MU, _ETA, slope)}


def _look_back(p: str, slope: Expr) -> Edits:
    return {updated(p): Name(p) - product(_ETA, slope + product(_MU, _before("v", p)))}


def _rmsprop_root_of_sum(p: str, slope: Expr) -> Edits:
    return {updated(p): Name(p) - product(_ETA, slope) / Call(SQRT, (_after("v", p) + _EPSILON,))}


def _rmsprop_without_root(p: str, slope: Expr) -> Edits:
    return {updated(p): Name(p) - product(_ETA, slope) / (_after("v", p) + _EPSILON)}


def _adam_root_of_sum(p: str, _: Expr) -> Edits:
    m, v = (Name(unbiased(kind, p)) for kind in ("m", "v"))
    return {updated(p): Name(p) - product(_ETA, m) / Call(SQRT, (v + _EPSILON,))}


def _adam_without_root(p: str, _: Expr) -> Edits:
    m, v = (Name(unbiased(kind, p)) for kind in ("m", "v"))
    return {updated(p): Name(p) - product(_ETA, m) / (v + _EPSILON)}


def _leave_biased(*kinds: str) -> Callable[[str, Expr], Edits]:
    return lambda p, _: {unbiased(kind, p): _after(kind, p) for kind in kinds}


def _keep_time(p: str, _: Expr) -> Edits:
    rates = {"m": Name("beta1"), "v": Name("beta2")}
    return {unbiased(kind, p): _after(kind, p) / (1.0 - rate) for kind, rate in rates.items()}


def _advance_time(p: str, _: Expr) -> Edits:
    rates = {"m": Name("beta1"), "v": Name("beta2")}
    powers = {kind: product(rate, Call(POWER, (rate, Name("t")))) for kind, rate in rates.items()}
    return {unbiased(kind, p): _after(kind, p) / (1.0 - power) for kind, power in powers.items()}


_LEFT_OUT = "nothing is kept from the rounds before: μ·v is left out"
_SIGN = "the momentum is subtracted instead of added: μ·v has the opposite sign"
_WEIGHTED = "the gradient is multiplied by 1 − μ before it enters v"
_OUTSIDE = "v holds the steps: v = μ·v + η·∂E/∂w, then w − v"
_ROOT_OF_SUM = "ε is added under the root instead of outside it"
_NO_ROOT = "the root is left out: the step is divided by v + ε"
FORMS = {
    "momentum": (
        Form("momentum left out", _LEFT_OUT, _leave_out),
        Form("momentum subtracted", _SIGN, _subtract_momentum),
        Form("gradient times 1 − μ", _WEIGHTED, _weight_gradient),
        Form("v holds the steps", _OUTSIDE, _scale_gradient, convention=True),
    ),
    "classical momentum": (
        Form("momentum left out", _LEFT_OUT, _leave_out_of_step),
        Form("momentum subtracted", _SIGN, _subtract_both),
        Form("gradient times 1 − μ", _WEIGHTED, _weight_step),
        Form("v with the opposite sign", _OUTSIDE, _scale_gradient, convention=True),
    ),
    "nesterov": (
        Form("momentum left out", _LEFT_OUT, _leave_out_twice),
        Form("momentum left out of v", "μ·v is left out of v, but not of the step", _leave_out),
        Form("momentum left out of the step", "μ·v is left out of the step, but not of v", _step_by_gradient),
        Form("momentum subtracted", _SIGN, _subtract_momentum),
        Form("gradient times 1 − μ", _WEIGHTED, _weight_gradient),
        Form("v of the round before", "the step uses v before its update", _look_back),
    ),
    "rmsprop": (
        Form("ε under the root", _ROOT_OF_SUM, _rmsprop_root_of_sum),
        Form("root left out", _NO_ROOT, _rmsprop_without_root),
    ),
    "adam": (
        Form(
            "no bias correction",
            "the bias correction is left out: m and v are used as they are",
            _leave_biased("m", "v"),
        ),
        Form("no bias correction of m", "the bias correction of m is left out", _leave_biased("m")),
        Form("no bias correction of v", "the bias correction of v is left out", _leave_biased("v")),
        Form("bias correction of round 1", "every round uses the bias correction of round 1: t stays 1", _keep_time),
        Form("bias correction of the next round", "t is one too large in the bias correction", _advance_time),
        Form("ε under the root", _ROOT_OF_SUM, _adam_root_of_sum),
        Form("root left out", _NO_ROOT, _adam_without_root),
    ),
}
"""The other forms of each optimiser."""
