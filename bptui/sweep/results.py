"""Format a sweep's results for programs: one JSON object or one CSV row per setting.

Numbers have all digits, those that are not finite are words. A setting without finished runs has no results.
"""

import json
from collections.abc import Iterator
from typing import Any

from bptui.core.problem.flags import format_command
from bptui.core.problem.spec import Spec
from bptui.core.training.verdict import VERDICTS
from bptui.record import record
from bptui.sweep.distribution import Distribution, Extreme
from bptui.sweep.plan import Plan, Setting
from bptui.sweep.runner import SweepOutcome
from bptui.sweep.tally import Tally
from bptui.text.numbers import repr_float, to_json_number
from bptui.text.words import format_csv_line

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
BARS = 48


@record
class SweepResult:
    """A sweep that has ended.

    Attributes:
        lesson: The lesson, as the user named it.
        base: Its problem, before any flag.
        plan: The plan.
        outcome: How it ended.
    """

    lesson: str
    base: Spec
    plan: Plan
    outcome: SweepOutcome

    @property
    def rows(self) -> list[tuple[Setting, Tally | None]]:
        """The settings, each with the tally of its finished runs, if there are any."""
        return list(zip(self.plan.settings, self.outcome.progress.results, strict=True))

    def command(self, setting: Setting, seed: int) -> str:
        """Return the command that opens a single run."""
        return format_command(self.lesson, self.base, setting.spec_of(seed))


def as_json(swept: SweepResult) -> Iterator[str]:
    """Yield an object per setting: its values, its problem, and everything known about its runs."""
    stopped = swept.outcome.progress.done < swept.outcome.progress.total
    for setting, tally in swept.rows:
        spec, seeds = setting.spec, setting.seeds
        asked = {"lesson": swept.lesson, "varied": dict(setting.varied), "start": spec.init, "rounds": spec.rounds}
        runs = {
            "seeds": [seeds[0], seeds[-1]],
            "runs": tally.runs if tally else 0,
            "of": len(seeds),
            "stopped": stopped,
        }
        results = _make_results(swept, setting, tally) if tally else {}
        yield json.dumps({**asked, **runs, **results, "problem": spec.to_table()}, ensure_ascii=False)


def _make_results(swept: SweepResult, setting: Setting, tally: Tally) -> dict[str, Any]:
    examples = {word: seed for word, seed in zip(VERDICTS, tally.examples, strict=True) if seed is not None}
    return {
        "verdicts": dict(zip(VERDICTS, tally.verdicts, strict=True)),
        "examples": {word: _make_run(swept, setting, seed) for word, seed in examples.items()},
        "loss": {"name": setting.spec.loss, **_make_distribution(swept, setting, tally.loss)},
        "half_squared_error": _make_distribution(swept, setting, tally.half_squares),
    }


def _make_distribution(swept: SweepResult, setting: Setting, losses: Distribution) -> dict[str, Any]:
    def end(one: Extreme | None) -> dict[str, Any] | None:
        return one and {"value": to_json_number(one.value), **_make_run(swept, setting, one.seed)}

    return {
        "quantiles": {str(part): to_json_number(losses.quantile(part)) for part in QUANTILES},
        "histogram": losses.histogram(BARS)._asdict(),
        "best": end(losses.lowest),
        "worst": end(losses.highest),
    }


def _make_run(swept: SweepResult, setting: Setting, seed: int) -> dict[str, Any]:
    return {"seed": seed, "command": swept.command(setting, seed)}


def as_csv(swept: SweepResult) -> Iterator[str]:
    """Yield a line of names, then a row per setting."""
    varied = swept.plan.varied
    words = [word.replace(" ", "_") for word in VERDICTS]
    parts = [f"loss_{100 * part:g}" for part in QUANTILES]
    ends = ["best_loss", "best_seed", "worst_loss", "worst_seed", "half_squared_error_50"]
    yield format_csv_line(
        ["lesson", *varied, "start", "rounds", "first_seed", "last_seed", "runs", *words, *parts, *ends]
    )
    for setting, tally in swept.rows:
        spec, seeds = setting.spec, setting.seeds
        asked = [swept.lesson, *setting.varied.values(), spec.init, *map(str, (spec.rounds, seeds[0], seeds[-1]))]
        empty = [""] * (len(words) + len(parts) + len(ends))
        yield format_csv_line([*asked, *([str(tally.runs), *_make_cells(tally)] if tally else ["0", *empty])])


def _make_cells(tally: Tally) -> Iterator[str]:
    yield from map(str, tally.verdicts)
    yield from (repr_float(tally.loss.quantile(part)) for part in QUANTILES)
    for one in (tally.loss.lowest, tally.loss.highest):
        yield from (repr_float(one.value), str(one.seed)) if one else ("", "")
    yield repr_float(tally.half_squares.quantile(0.5))
