"""Summarise a run as plain data: what the table of a comparison shows and ``runs.json`` contains.

It travels between processes as JSON, so its numbers are floats, or words where they are not finite.
"""

from collections.abc import Iterable
from typing import TypedDict

from bptui.compare.observations import Seen, observations, verdict
from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.convergence import PARTS, reach
from bptui.core.training.facts import facts, half_squares
from bptui.core.training.precision import parting
from bptui.core.training.run import Run
from bptui.text.numbers import json_number

Number = float | str


class At(TypedDict):
    """The loss of a round and its half squared error, the common measure of all runs."""

    round: int
    loss: Number
    half_squared_error: Number


class Within(TypedDict):
    """The first round within a fraction of the floor, or of the first loss; None if none was found."""

    part: float
    round: int | None


class Summary(TypedDict):
    """The summary of a run.

    Attributes:
        rounds: How many rounds were considered.
        verdict: One of ``VERDICTS``.
        said: The verdict as a sentence.
        lost: The first round with numbers that are not finite; None if there is none.
        floor: The loss floor.
        at: The loss of some rounds.
        within: How many rounds it takes to come close to the floor.
        of_floor: Whether close means a fraction of the floor, not of the first loss.
        looked: How many rounds were searched for that; 0 if there is no floor.
        never: Whether it never comes closer, because nothing moves any more or its numbers are not finite.
        observations: Everything else there is to say, one sentence each.
    """

    rounds: int
    verdict: str
    said: str
    lost: int | None
    floor: Number
    at: list[At]
    within: list[Within]
    of_floor: bool
    looked: int
    never: bool
    observations: list[str]


def summary(spec: Spec, rounds: int, at: Iterable[int] = (), run: Run | None = None) -> Summary:
    """Summarise a run.

    Args:
        spec: The problem.
        rounds: How many rounds to consider.
        at: Rounds whose loss to include, besides 1, 10, 100, … and the last.
        run: The run, if it exists already.
    """
    run = run or Run(NumpyEngine(spec))
    found, near = facts(run, rounds), reach(spec, rounds)
    values = dict(found.at)
    values |= {r: (run.loss(r), float(half_squares(spec, run.values(r)))) for r in at if r <= rounds}
    return {
        "rounds": rounds,
        "verdict": found.verdict,
        "said": verdict(found),
        "lost": found.course.lost or None,
        "floor": json_number(spec.floor),
        "at": [
            {"round": round_, "loss": json_number(loss), "half_squared_error": json_number(common)}
            for round_, (loss, common) in sorted(values.items())
        ],
        "within": [{"part": part, "round": round_} for part, round_ in zip(PARTS, near.rounds, strict=True)],
        "of_floor": near.of_floor,
        "looked": near.looked,
        "never": near.still or near.lost,
        "observations": list(observations(Seen(found, near, parting(spec, rounds)))),
    }
