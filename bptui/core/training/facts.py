"""What a training did, told from all of its rounds: its course, and what became of its neurons.

What holds "since" a round holds in every round from there to the last one with finite numbers. Losses are those at
the start of a round, before its update.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.core.engines.engine import Values
from bptui.core.formulas.network import Network
from bptui.core.problem.spec import Spec
from bptui.core.training.conditions import Condition, list_conditions
from bptui.core.training.run import History, Run
from bptui.core.training.verdict import VERDICTS, Course, find_halfway, is_falling, is_rising, judge, size_window


@dataclass(frozen=True, eq=False)
class Facts:
    """What a training did.

    Attributes:
        spec: The problem.
        rounds: How many rounds were looked at.
        course: Its loss, in short.
        verdict: One of ``VERDICTS``.
        at: The loss and the half squared error of some rounds: 1, 10, 100, … and the last.
        lowest: The lowest loss up to ``end``, and the first round that has it; infinity and 0 if there is none.
        span: The lowest and the highest finite loss of the last rounds, those looked at for oscillation.
        end: The last round with finite numbers; 0 if there is none.
        values: All quantities of that round, or of the first.
        since: What holds at the end, and the round since when: by kind of condition, then by subject. Neurons that
            are copies stand together.
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
    since: Mapping[str, Mapping[tuple[str, ...], int]]


def summarise_course(run: History, rounds: int) -> Course:
    """The loss of a run's first rounds, which are there, in short, as the verdict needs it."""
    last = _last_losses(run, rounds)
    lost = run.left_finite
    with np.errstate(all="ignore"):
        ups, downs = (int(np.count_nonzero(test(last[:-1], last[1:]))) for test in (is_rising, is_falling))
    return Course(
        first=run.loss(1),
        middle=run.loss(find_halfway(rounds)),
        last=run.loss(rounds),
        rises=ups,
        falls=downs,
        steps=size_window(rounds),
        lost=lost if lost is not None and lost <= rounds else 0,
    )


def _last_losses(run: History, rounds: int) -> NDArray[np.floating]:
    """Those that are looked at for oscillation, in the run's own precision."""
    losses = [run.loss(round_) for round_ in range(rounds - size_window(rounds), rounds + 1)]
    return np.array(losses, run.next_state.dtype)


def collect_facts(run: Run, rounds: int) -> Facts:
    """Look at the first rounds of a run, computing those that are not there.

    Args:
        run: The training.
        rounds: How many rounds, 1 or more.
    """
    run.train_to(rounds)
    short, spec = summarise_course(run, rounds), run.spec
    end = short.lost - 1 if short.lost else rounds
    since = dict.fromkeys(list_conditions(spec.network), 0)
    lowest = (float("inf"), 0)
    for first, rows in run.rows(1, end):
        state, numbers = rows[:, 1:].T, np.arange(first, first + len(rows))
        values = {**dict(zip(spec.network.state, state, strict=True)), **run.engine.evaluate(state, numbers)}
        for condition, before in since.items():
            holds = np.broadcast_to(condition.test(values), len(rows))
            since[condition] = _since(holds, first, before)
        lowest = min(lowest, (float(rows[:, 0].min()), first + int(rows[:, 0].argmin())))
    last = _last_losses(run, rounds)
    last = last[np.isfinite(last)]
    return Facts(
        spec=spec,
        rounds=rounds,
        course=short,
        verdict=VERDICTS[int(judge(short, spec.floor))],
        at={
            round_: (run.loss(round_), float(compute_half_squares(spec, run.values(round_))))
            for round_ in choose_rounds(rounds)
        },
        lowest=lowest,
        span=(float(last.min()), float(last.max())) if len(last) else (float("nan"), float("nan")),
        end=end,
        values=run.values(max(end, 1)),
        since=_by_kind(spec.network, since),
    )


def choose_rounds(rounds: int) -> list[int]:
    """Rounds to compare trainings at: 1, 10, 100, … and the last."""
    return [*(10**k for k in range(8) if 10**k < rounds), rounds]


def compute_half_squares(spec: Spec, values: Mapping[str, Any]) -> Any:
    """½Σ(o − y)² of a round or of many, in float64: a measure for all trainings, whatever loss each was trained on."""
    total: Any = 0.0
    with np.errstate(all="ignore"):
        for output, target in zip(spec.network.outputs, spec.targets, strict=True):
            error = np.asarray(values[output], np.float64) - target
            total = total + 0.5 * (error * error)
    return total


def _since(holds: NDArray[np.bool_], first: int, before: int) -> int:
    """Since when something holds at the end of some rounds.

    Args:
        holds: Whether it holds, in each of the rounds.
        first: The first of them.
        before: Since when it held at the end of the rounds before them; 0 if it did not.
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
        found["copies"] = dict(_groups(network, found["copies"]))
    return found


def _groups(network: Network, pairs: Mapping[tuple[str, ...], int]) -> Iterator[tuple[tuple[str, ...], int]]:
    """Neurons that are all copies of each other, from the pairs, and since when all of them are."""
    left = [neuron for layer in network.hidden_layers for neuron in layer.neurons]
    while left:
        head = left.pop(0)
        group = (head, *(other for other in left if (head, other) in pairs))
        left = [other for other in left if other not in group]
        if len(group) > 1:
            yield group, max(pairs[head, other] for other in group[1:])
