"""Summarise a run as plain data: what the table of a comparison shows and ``runs.json`` contains.

It travels between processes as JSON, so its numbers are floats, or words where they are not finite.
"""

from collections.abc import Iterable
from typing import TypedDict

from bptui.compare.findings import Findings
from bptui.compare.observations import make_observations
from bptui.compare.verdict_sentence import describe_verdict
from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.spec import Spec
from bptui.core.training.all_samples import compute_losses
from bptui.core.training.convergence import TOLERANCES, measure_convergence
from bptui.core.training.precision import measure_drift
from bptui.core.training.run import Run
from bptui.core.training.run_facts import collect_facts, compute_half_squares, find_values
from bptui.text.numbers import to_json_number

JsonNumber = float | str


class LossAt(TypedDict):
    """The loss of a round and its half squared error, the common measure of all runs."""

    round: int
    loss: JsonNumber
    half_squared_error: JsonNumber


class RoundWithin(TypedDict):
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
    floor: JsonNumber
    at: list[LossAt]
    within: list[RoundWithin]
    of_floor: bool
    looked: int
    never: bool
    observations: list[str]


def summarise_run(spec: Spec, rounds: int, at: Iterable[int] = (), run: Run | None = None) -> Summary:
    """Summarise a run.

    Args:
        spec: The problem.
        rounds: How many rounds to consider.
        at: Rounds whose loss to include, besides 1, 10, 100, … and the last.
        run: The run, if it exists already.
    """
    run = run or Run(NumpyEngine(spec))
    found, near = collect_facts(run, rounds), measure_convergence(spec, rounds)
    values = dict(found.at)
    more = [r for r in at if r <= rounds]
    values |= {
        r: (float(loss), float(compute_half_squares(spec, find_values(run, r))))
        for r, loss in zip(more, compute_losses(run, more), strict=True)
    }
    return {
        "rounds": rounds,
        "verdict": found.verdict,
        "said": describe_verdict(found),
        "lost": found.course.lost or None,
        "floor": to_json_number(spec.floor),
        "at": [
            {"round": round_, "loss": to_json_number(loss), "half_squared_error": to_json_number(common)}
            for round_, (loss, common) in sorted(values.items())
        ],
        "within": [{"part": part, "round": round_} for part, round_ in zip(TOLERANCES, near.rounds, strict=True)],
        "of_floor": near.of_floor,
        "looked": near.looked,
        "never": near.still or near.lost,
        "observations": list(make_observations(Findings(found, near, measure_drift(spec, rounds)))),
    }
