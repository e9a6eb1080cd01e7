"""What a training did, as plain data: what the table of a comparison shows, and ``runs.json`` holds.

It can travel between processes as JSON, so its numbers are floats, or words where they are not finite.
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
    """The loss of a round, and its half squared error, the measure common to all trainings."""

    round: int
    loss: Number
    half_squared_error: Number


class Within(TypedDict):
    """The first round that is within a part of the floor, or of the first loss; None if none was found."""

    part: float
    round: int | None


class Summary(TypedDict):
    """A training.

    Attributes:
        rounds: How many were looked at.
        verdict: One of ``VERDICTS``.
        said: The verdict as a sentence.
        lost: The first round with numbers that are not finite; None if there is none.
        floor: The loss floor.
        at: The loss of some rounds.
        within: How many rounds it takes to come near to the floor.
        of_floor: Whether near means a part of the floor; else it is one of the first loss.
        looked: How many rounds were looked at for that; 0 where there is no floor.
        never: Whether it comes no nearer ever, for nothing moves any more, or its numbers are not finite.
        observations: What else there is to say, a sentence each.
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
    """Look at a training.

    Args:
        spec: The problem.
        rounds: How many rounds to look at.
        at: Rounds to tell the loss of, besides 1, 10, 100, … and the last.
        run: The training, where it is there already.
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
