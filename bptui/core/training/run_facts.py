"""The facts about a run, from all of its rounds: its course, and the fate of its neurons.

A condition that holds "since" a round holds in every round from that one to the last round with finite numbers. Losses
are those at the start of a round, before its update.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.engine import NumpyEngine, Values
from bptui.core.formulas.network import Network
from bptui.core.problem.spec import Spec
from bptui.core.training.all_samples import compute_losses, evaluate_all_samples
from bptui.core.training.conditions import Condition, list_conditions
from bptui.core.training.history import History
from bptui.core.training.run import Run
from bptui.core.training.verdict import (
    VERDICTS,
    Course,
    find_halfway,
    is_falling,
    is_rising,
    judge,
    list_window,
    size_window,
)
from bptui.record import record


@record(eq=False)
class Facts:
    """The facts about a run.

    Attributes:
        spec: The problem.
        rounds: The number of rounds examined.
        course: The summary of its loss.
        verdict: One of ``VERDICTS``.
        at: The loss over all samples and the half squared error of some rounds: 1, 10, 100, … and the last.
        lowest: The lowest loss up to ``end``, and the first round that has it; infinity and 0 if there is none.
        span: The lowest and the highest finite loss of the last rounds (those examined for oscillation), or two nan.
        end: The last round with finite numbers; 0 if there is none.
        values: All quantities of that round for all samples, or of the first round if there is none.
        start: All quantities of the first round for all samples.
        since: The conditions that hold at ``end``, each with the first round since which it holds: by kind, then by
            subject. Neurons that are copies of each other are one subject.
    """

    spec: Spec
    rounds: int
    course: Course
    verdict: str
    at: Mapping[int, tuple[float, float]]
    lowest: tuple[float, int]
    span: tuple[float, float]
    end: int
    values: Values
    start: Values
    since: Mapping[str, Mapping[tuple[str, ...], int]]


def summarise_course(run: History, rounds: int) -> Course:
    """Summarise the loss of a run's first rounds as the verdict needs it.

    Args:
        run: A history that contains these rounds.
        rounds: The number of rounds, 1 or more.

    Returns:
        The course of this one run, with scalars in each field.

    Raises:
        IndexError: If the history does not contain a round.
    """
    last = _collect_last_losses(run, rounds)
    lost = run.left_finite
    with np.errstate(all="ignore"):
        ups, downs = (int(np.count_nonzero(test(last[:-1], last[1:]))) for test in (is_rising, is_falling))
    first, middle, latest = compute_losses(run, (1, find_halfway(rounds), rounds)).tolist()
    return Course(
        first=first,
        middle=middle,
        last=latest,
        rises=ups,
        falls=downs,
        steps=size_window(rounds, run.spec.period),
        lost=lost if lost is not None and lost <= rounds else 0,
        rounds=rounds,
    )


def _collect_last_losses(run: History, rounds: int) -> NDArray[np.floating]:
    """Return the losses that are examined for oscillation, in the run's own precision."""
    return compute_losses(run, list_window(rounds, run.spec.period))


def collect_facts(run: Run, rounds: int) -> Facts:
    """Collect the facts about the first rounds of a run; missing rounds are computed.

    Args:
        run: The run.
        rounds: The number of rounds, 1 or more.
    """
    run.train_to(rounds)
    short, spec = summarise_course(run, rounds), run.spec
    end = short.lost - 1 if short.lost else rounds
    since = dict.fromkeys(list_conditions(spec.with_all_samples().network), 0)
    lowest = (float("inf"), 0)
    for first, rows in run.rows(1, end):
        state, numbers = rows[:, 1:].T, np.arange(first, first + len(rows))
        values = {**dict(zip(spec.network.state, state, strict=True)), **evaluate_all_samples(spec, state, numbers)}
        for condition, before in since.items():
            holds = np.broadcast_to(condition.test(values), len(rows))
            since[condition] = _since(holds, first, before)
        losses = rows[:, 0] if spec.period == 1 else np.broadcast_to(values["E"], len(rows))
        lowest = min(lowest, (float(losses.min()), first + int(losses.argmin())))
    last, shown = _collect_last_losses(run, rounds), choose_rounds(rounds)
    last = last[np.isfinite(last)]
    return Facts(
        spec=spec,
        rounds=rounds,
        course=short,
        verdict=VERDICTS[int(judge(short, spec.floor))],
        at={
            round_: (float(loss), float(compute_half_squares(spec, find_values(run, round_))))
            for round_, loss in zip(shown, compute_losses(run, shown), strict=True)
        },
        lowest=lowest,
        span=(float(last.min()), float(last.max())) if len(last) else (float("nan"), float("nan")),
        end=end,
        values=find_values(run, max(end, 1)),
        start=find_values(run, 1),
        since=_by_kind(spec.network, since),
    )


def find_values(run: Run, round_: int) -> Values:
    """Return the quantities of a computed round for all samples."""
    if run.spec.period == 1:
        return run.values(round_)
    engine = NumpyEngine(run.spec.with_all_samples(), run.next_state.dtype.name)
    return engine.evaluate(run.state(round_), round_)


def choose_rounds(rounds: int) -> list[int]:
    """Return the rounds at which runs are compared: 1, 10, 100, … and the last, of ``rounds`` rounds."""
    return [*(10**k for k in range(8) if 10**k < rounds), rounds]


def compute_half_squares(spec: Spec, values: Mapping[str, Any]) -> Any:
    """Compute ½Σ(o − y)² over all samples: a measure that compares runs trained on different losses.

    Args:
        spec: The problem, with its targets.
        values: The outputs for every sample by name: scalars or arrays of shape (rounds,).

    Returns:
        A float64 scalar or an array of shape (rounds,).
    """
    total: Any = 0.0
    with np.errstate(all="ignore"):
        for name, target in spec.list_targets():
            error = np.asarray(values[name], np.float64) - target
            total = total + 0.5 * (error * error)
    return total


def _since(holds: NDArray[np.bool_], first: int, before: int) -> int:
    """Return the round since which a condition holds at the end of some rounds; 0 if it does not hold there.

    Args:
        holds: Whether it holds in each of the rounds, of shape (rounds,).
        first: The number of the first of them.
        before: The round since which it held at the end of the rounds before them; 0 if it did not.
    """
    if holds.all():
        return before or first
    return first + int(np.flatnonzero(~holds)[-1]) + 1 if holds[-1] else 0


def _by_kind(network: Network, since: Mapping[Condition, int]) -> dict[str, dict[tuple[str, ...], int]]:
    found: dict[str, dict[tuple[str, ...], int]] = {}
    for condition, round_ in since.items():
        if round_:
            found.setdefault(condition.kind, {})[condition.subject] = round_
    if "copies" in found:
        found["copies"] = dict(_group(network, found["copies"]))
    return found


def _group(network: Network, pairs: Mapping[tuple[str, ...], int]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Yield the groups of neurons that are all copies of each other, with the round since which all of them are."""
    left = [neuron for layer in network.hidden_layers for neuron in layer.neurons]
    while left:
        head = left.pop(0)
        group = (head, *(other for other in left if (head, other) in pairs))
        left = [other for other in left if other not in group]
        if len(group) > 1:
            yield group, max(pairs[head, other] for other in group[1:])
