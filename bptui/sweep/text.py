"""Format a sweep's results for people, in at most 100 columns except for long commands.

Shares refer to the finished runs. A loss is that of the last round; nan counts as higher than any other.
"""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from bptui.core.problem.initialisation import is_random
from bptui.core.problem.spec import Spec
from bptui.core.training.verdict import VERDICTS
from bptui.sweep.distribution import Distribution
from bptui.sweep.plan import Setting
from bptui.sweep.results import BARS, SweepResult
from bptui.sweep.runner import SweepProgress
from bptui.sweep.tally import Tally
from bptui.text.numbers import format_number, format_percent
from bptui.text.words import align_columns, format_count

_WIDTH = 100  # columns
_BLOCKS = " ▁▂▃▄▅▆▇█"
_FEW = 8  # settings that are each shown in detail
_ENOUGH = 20  # losses for a histogram
_SHOWN = {"5 %": 0.05, "median": 0.5, "95 %": 0.95}
_PROGRESS = 24  # columns of the bar


def format_progress(progress: SweepProgress) -> str:
    """Format the progress of a sweep as a line."""
    share = progress.done / progress.total
    left = "" if progress.seconds is None else f"  {format_duration(progress.seconds)} left"
    full_, rest = divmod(round(share * _PROGRESS * 8), 8)
    blocks = "█" * full_ + (" ▏▎▍▌▋▊▉"[rest] if rest else "")
    return f"▕{blocks:<{_PROGRESS}}▏ {share:4.0%}  {progress.done:,} of {format_count(progress.total, 'run')}{left}"


def format_duration(seconds: float) -> str:
    """Format a time: 8 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60} min"


def as_text(swept: SweepResult) -> Iterator[str]:
    """Yield what was swept and a row per setting; for a few settings also histogram, best and worst run."""
    yield from _format_heading(swept)
    rows = [(setting, tally) for setting, tally in swept.rows if tally]
    if not rows:
        return
    yield ""
    yield from format_table(swept.plan.varied, [(setting, tally) for setting, tally in rows if tally])
    if len(rows) <= _FEW:
        for setting, tally in rows:
            yield ""
            yield from _format_details(swept, setting, tally)
    else:
        yield ""
        yield from _format_best(swept, rows)


def _format_heading(swept: SweepResult) -> Iterator[str]:
    plan, progress = swept.plan, swept.outcome.progress
    rounds = sorted({setting.spec.rounds for setting in plan.settings})
    each = format_count(rounds[0], "round") if len(rounds) == 1 else f"{rounds[0]:,} to {rounds[-1]:,} rounds"
    combinations = format_count(len(plan.settings), "combination")
    yield f"{swept.lesson}: {combinations}, {format_count(plan.runs, 'run')} of {each}"
    if progress.done < progress.total:
        yield f"stopped early, with {progress.done:,} of {format_count(progress.total, 'run')} done"
    if not plan.seeds:
        return
    random = [setting for setting in plan.settings if is_random(setting.spec)]
    if random:
        starts = " and ".join(dict.fromkeys(_format_start(setting.spec) for setting in random))
        instead = ", instead of the lesson's weights" if plan.replaced else ""
        first, last = plan.seeds[0], plan.seeds[-1]
        yield f"starts: {starts}{instead}; {f'seeds {first:,} to {last:,}' if first < last else f'seed {first:,}'}"
    if len(random) < len(plan.settings):
        yield "settings without a random start are trained once"


def _format_start(spec: Spec) -> str:
    about = {
        "normal": f", mean {spec.mean:g}, std {spec.std:g}",
        "uniform": f", {spec.low:g} to {spec.high:g}",
    }
    return spec.init + about.get(spec.init, "")


def format_table(varied: Sequence[str], rows: Sequence[tuple[Setting, Tally]], width: int = _WIDTH) -> Iterator[str]:
    """Yield a head and a row per setting if they fit the width, else some lines per setting.

    Args:
        varied: The settings that vary.
        rows: One or more settings with their tallies.
        width: The available columns.
    """
    yield from fit_rows(varied, rows, width) or _format_lines(varied, rows, width)


def fit_rows(varied: Sequence[str], rows: Sequence[tuple[Setting, Tally]], width: int) -> list[str]:
    """Return a head of one or two lines and a row per setting; nothing if they do not fit the width."""
    cells, several = _make_cells(rows), any(tally.runs > 1 for _, tally in rows)
    left = len(varied)
    heads = [name.split(" ", 1) if " " in name else ["", name] for name, _ in cells[0]]  # two lines take fewer columns
    table = [*map(list, zip(*heads, strict=True)), *([cell for _, cell in row] for row in cells)]
    lines = align_columns(table, left=left if several else left + 1)
    if max(map(len, lines)) > width:
        return []
    return lines if lines[0].strip() else lines[1:]


def _format_lines(varied: Sequence[str], rows: Sequence[tuple[Setting, Tally]], width: int) -> Iterator[str]:
    left = len(varied)
    for row in _make_cells(rows):
        values, found = (", ".join(f"{name} {cell}" for name, cell in part) for part in (row[:left], row[left:]))
        yield from wrap(f"{values or 'all runs'}:", width, subsequent_indent="  ")
        yield from wrap(found, width, initial_indent="  ", subsequent_indent="  ")


def _make_cells(rows: Sequence[tuple[Setting, Tally]]) -> list[list[tuple[str, str]]]:
    several = any(tally.runs > 1 for _, tally in rows)
    common = len({setting.spec.loss for setting, _ in rows}) > 1
    return [list(_make_row(setting, tally, several, common, _find_verdicts(rows))) for setting, tally in rows]


def _find_verdicts(rows: Sequence[tuple[Setting, Tally]]) -> list[int]:
    """Return the indices of the verdicts that any run has."""
    return [place for place in range(len(VERDICTS)) if any(tally.verdicts[place] for _, tally in rows)]


def _make_row(
    setting: Setting, tally: Tally, several: bool, common: bool, found: Sequence[int]
) -> Iterator[tuple[str, str]]:
    """Yield the cells of a setting, each with the name of its column."""
    yield from setting.varied.items()
    if several:
        yield "runs", f"{tally.runs:,}"
        yield from ((VERDICTS[place], format_percent(tally.verdicts[place] / tally.runs)) for place in found)
        yield from ((f"loss {name}", format_number(tally.loss.quantile(part))) for name, part in _SHOWN.items())
    else:
        yield "verdict", VERDICTS[tally.verdicts.index(1)]
        yield "loss", format_number(tally.loss.highest.value)
    if common:
        yield "½Σ(o−y)²" + " median" * several, format_number(tally.half_squares.quantile(0.5))


def _format_details(swept: SweepResult, setting: Setting, tally: Tally) -> Iterator[str]:
    name = " ".join(f"{key} {text}" for key, text in setting.varied.items())
    if tally.runs == 1:
        yield f"{name or 'the run'}: `{swept.command(setting, setting.seeds[0])}`"
        return
    yield f"{name or 'all runs'}: loss in round {setting.spec.rounds:,}"
    yield from draw_histogram(tally.loss)
    yield from (f"  {line}" for line in align_columns(list(_format_runs(swept, setting, tally)), left=3))


def _format_runs(swept: SweepResult, setting: Setting, tally: Tally) -> Iterator[tuple[str, str, str]]:
    for name, loss, seed in pick_runs(tally):
        yield name, "" if loss is None else format_number(loss), f"`{swept.command(setting, seed)}`"


def pick_runs(tally: Tally) -> Iterator[tuple[str, float | None, int]]:
    """Yield single runs worth opening: name, loss (None if unknown) and seed.

    They are the best and the worst, and one of each verdict if there are several.
    """
    for name, one in (("best", tally.loss.lowest), ("worst", tally.loss.highest)):
        if one is not None:
            yield name, one.value, one.seed
    examples = [(word, seed) for word, seed in zip(VERDICTS, tally.examples, strict=True) if seed is not None]
    if len(examples) > 1:
        yield from ((word, None, seed) for word, seed in examples)


def draw_histogram(losses: Distribution, bars: int = BARS) -> Iterator[str]:
    """Yield a line of blocks for the finite losses if there are enough, and how many are not finite."""
    found = losses.histogram(bars)
    if len(found.counts) > 1 and format_number(found.edges[0]) == format_number(found.edges[-1]):
        yield f"  {sum(found.counts):,} losses of {format_number(found.edges[0])}, to the digits shown"
    elif len(found.counts) > 1 and sum(found.counts) >= _ENOUGH:
        most = max(found.counts)
        blocks = "".join(_BLOCKS[-(-8 * count // most)] for count in found.counts)
        axis = "logarithmic" if found.log else "linear"
        yield f"  {format_number(found.edges[0])} {blocks} {format_number(found.edges[-1])}  {axis}"
    left_out = len(losses.values) - sum(found.counts)
    if left_out:
        yield f"  {left_out:,} {'loss is' if left_out == 1 else 'losses are'} not finite"


def _format_best(swept: SweepResult, rows: Sequence[tuple[Setting, Tally | None]]) -> Iterator[str]:
    known = [(tally.loss.lowest, setting) for setting, tally in rows if tally and tally.loss.lowest]
    if known:
        one, setting = min(known, key=lambda pair: pair[0])
        yield f"best of all: {format_number(one.value)}  `{swept.command(setting, one.seed)}`"
