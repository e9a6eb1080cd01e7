"""Optimisers: how a parameter is updated from its gradient, one row each.

A row says everything the program knows about its optimiser. To add one, add a row. Its state has one number for each
trained parameter, 0 before round 1; ``v_w1`` is the state before a round's update, ``new_v_w1`` after it.
"""

from collections.abc import Callable, Mapping
from dataclasses import field

from bptui.core.formulas.expr import Call, Difference, Expr, Name, Negative, Square, Sum, product
from bptui.core.formulas.functions import POWER, SQRT, index_by_name
from bptui.core.formulas.names import state_of, unbiased, updated
from bptui.record import record

DESCENT = "gradient descent"


@record
class TorchClass:
    """An optimiser in torch.

    Attributes:
        name: Its class in ``torch.optim``.
        options: The class's arguments besides the learning rate and weight decay, each with the settings that it takes.
        flags: Arguments that are always the same.
        state: The class's own names for the optimiser's state.
        by_rate: Whether the class's state is this optimiser's divided by minus the learning rate.
    """

    name: str
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    state: Mapping[str, str] = field(default_factory=dict)
    by_rate: bool = False

    def has_state(self, momentum: float) -> bool:
        """Whether the class keeps state: it has none, and refuses its flags, with a momentum of 0."""
        return momentum != 0.0 or "momentum" not in self.options


@record
class Optimiser:
    """A way of updating parameters.

    Attributes:
        name: What lessons and screens call it.
        about: One line for people.
        lines: The optimiser's quantities as expressions by name, in calculation order, from the parameter's name and
            its gradient; the last is the parameter after the update.
        torch: The same in torch.
        state: The kinds of its state, such as "v".
        settings: The names of its settings.
        uses_time: Whether its formulas use t, the number of the round.
    """

    name: str
    about: str
    lines: Callable[[str, Expr], dict[str, Expr]]
    torch: TorchClass
    state: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    uses_time: bool = False


_ETA = Name("eta")


def _descend(parameter: str, slope: Expr) -> dict[str, Expr]:
    return {updated(parameter): Name(parameter) - product(_ETA, slope)}


def _gather(parameter: str, slope: Expr) -> tuple[str, Expr]:
    """Return the name of the momentum after the round, and its formula."""
    v = state_of("v", parameter)
    return updated(v), product(Name("momentum"), Name(v)) + slope


def _momentum(parameter: str, slope: Expr) -> dict[str, Expr]:
    new_v, gathered = _gather(parameter, slope)
    return {new_v: gathered, **_descend(parameter, Name(new_v))}


def _classical_momentum(parameter: str, slope: Expr) -> dict[str, Expr]:
    v = state_of("v", parameter)
    moved = product(Name("momentum"), Name(v)) - product(_ETA, slope)
    return {updated(v): moved, updated(parameter): Name(parameter) + Name(updated(v))}


def _nesterov(parameter: str, slope: Expr) -> dict[str, Expr]:
    new_v, gathered = _gather(parameter, slope)
    return {new_v: gathered, **_descend(parameter, slope + product(Name("momentum"), Name(new_v)))}


def _average(kind: str, rate: str, parameter: str, of: Expr) -> tuple[str, Expr]:
    """Return the name and the formula of a moving average after the round."""
    before = state_of(kind, parameter)
    return updated(before), product(Name(rate), Name(before)) + product(1.0 - Name(rate), of)


def _scaled(parameter: str, slope: Expr, size: str) -> Expr:
    """Return the parameter after a step that is divided by the gradient's usual size."""
    return Name(parameter) - product(_ETA, slope) / (Call(SQRT, (Name(size),)) + Name("epsilon"))


def _rmsprop(parameter: str, slope: Expr) -> dict[str, Expr]:
    new_v, average = _average("v", "alpha", parameter, Square(slope))
    return {new_v: average, updated(parameter): _scaled(parameter, slope, new_v)}


def _adam(parameter: str, slope: Expr) -> dict[str, Expr]:
    new_m, mean = _average("m", "beta1", parameter, slope)
    new_v, square = _average("v", "beta2", parameter, Square(slope))
    m_hat, v_hat = (unbiased(kind, parameter) for kind in ("m", "v"))
    return {
        new_m: mean,
        new_v: square,
        m_hat: Name(new_m) / (1.0 - Call(POWER, (Name("beta1"), Name("t")))),
        v_hat: Name(new_v) / (1.0 - Call(POWER, (Name("beta2"), Name("t")))),
        updated(parameter): _scaled(parameter, Name(m_hat), v_hat),
    }


def find_step(parameter: str, after: Expr) -> Expr:
    """Return what an update adds to a parameter, from the parameter's expression after it."""
    match after:
        case Name(name) if name == parameter:  # frozen
            return Difference(Name(updated(parameter)), after)
        case Difference(Name(name), step) if name == parameter:
            return Negative(step)
        case Sum((Name(name), step)) if name == parameter:
            return step
    return Difference(after, Name(parameter))


_SGD = TorchClass("SGD", {"momentum": ("momentum",)}, state={"v": "momentum_buffer"})
OPTIMISERS = index_by_name(
    Optimiser(DESCENT, "a step down the slope: w − η·∂E/∂w", _descend, TorchClass("SGD")),
    Optimiser(
        "momentum",
        "torch's form: v = μ·v + ∂E/∂w, then w − η·v",
        _momentum,
        _SGD,
        ("v",),
        ("momentum",),
    ),
    Optimiser(
        "classical momentum",
        "the older form: v = μ·v − η·∂E/∂w, then w + v",
        _classical_momentum,
        TorchClass("SGD", _SGD.options, state=_SGD.state, by_rate=True),
        ("v",),
        ("momentum",),
    ),
    Optimiser(
        "nesterov",
        "torch's form: v = μ·v + ∂E/∂w, then w − η·(∂E/∂w + μ·v)",
        _nesterov,
        TorchClass("SGD", _SGD.options, {"nesterov": True}, _SGD.state),
        ("v",),
        ("momentum",),
    ),
    Optimiser(
        "rmsprop",
        "v = α·v + (1 − α)·(∂E/∂w)², then w − η·∂E/∂w/(√v + ε)",
        _rmsprop,
        TorchClass("RMSprop", {"alpha": ("alpha",), "eps": ("epsilon",)}, state={"v": "square_avg"}),
        ("v",),
        ("alpha", "epsilon"),
    ),
    Optimiser(
        "adam",
        "Kingma and Ba 2015, algorithm 1: means m of the gradient and v of its square, then w − η·m_hat/(√v_hat + ε)",
        _adam,
        TorchClass(
            "Adam",
            {"betas": ("beta1", "beta2"), "eps": ("epsilon",)},
            state={"m": "exp_avg", "v": "exp_avg_sq"},
        ),
        ("m", "v"),
        ("beta1", "beta2", "epsilon"),
        uses_time=True,
    ),
)
