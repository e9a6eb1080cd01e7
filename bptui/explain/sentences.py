"""An explanation in sentences, line by line.

A line has a kind and no colour; the caller decides its looks and its width.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from math import isfinite
from textwrap import wrap
from typing import NamedTuple

from bptui.derive.notations import format_label
from bptui.explain.result import ChangeSetData, ExplanationData, FigureData, GroupData
from bptui.explain.search import SearchProgress
from bptui.text.numbers import format_significant
from bptui.text.printed import parse_printed
from bptui.text.words import format_count

_EXTRA_DIGITS = 3  # digits shown beyond those printed
_DEFAULT_DIGITS = 6  # digits of a number where the printed ones give no precision
_MOST_OTHERS, _MOST_WORSE = 6, 3  # other sets of changes that are named


class TextLine(NamedTuple):
    """A line of an explanation: its kind ("title", "change", "formula", "row", "dim" or none), and its text."""

    kind: str
    text: str


def format_as_printed(value: float | str | None, printed: str, more: int = _EXTRA_DIGITS) -> str:
    """Return a number in the format of a printed value, with some more digits."""
    if value is None or isinstance(value, str) or not isfinite(value):
        return "no such number" if value is None else str(value)
    figure = parse_printed(printed)
    exponent = figure.as_tuple().exponent
    if not isinstance(exponent, int):
        return format_significant(value, _DEFAULT_DIGITS)
    if "e" in printed.lower() or exponent > 0:
        return f"{value:.{len(figure.as_tuple().digits) - 1 + more}e}"
    text = f"{value:.{min(-exponent + more, 17)}f}"
    return text if float(text) or not value else format_significant(value, _DEFAULT_DIGITS)


def describe_progress(progress: SearchProgress) -> str:
    """Return a search's progress in words."""
    if not progress.changes:
        return "calculating the figures' rounds"
    changes = "single changes" if progress.changes == 1 else f"{progress.changes} changes at once"
    return f"trying {changes}: {progress.tried:,} of {progress.of:,}"


def make_sentences(told: ExplanationData) -> Iterator[TextLine]:
    """Yield an explanation in sentences, line by line."""
    wrong = told["figures"] - told["right"]
    first = told["first_wrong"]
    if first is None:
        all_of = "the figure comes" if told["figures"] == 1 else f"all {told['figures']:,} figures come"
        yield TextLine("title", f"{told['lesson']}: {all_of} out, digit by digit")
        yield from _torch_line(told)
        return
    if told["figures"] > 1:
        do = "does" if wrong == 1 else "do"
        yield TextLine(
            "title", f"{told['lesson']}: {told['right']} of {told['figures']} figures come out, {wrong} {do} not"
        )
        yield TextLine("", f"The first that does not: {_figure_sentence(first)}.")
    else:
        yield TextLine("title", f"{told['lesson']}: {_figure_sentence(first)}")
    for number, group in enumerate(told["groups"], 1):
        yield TextLine("", "")
        yield from _group_lines(group, told, number)
    yield from _unexplained_lines(told)
    yield from _torch_line(told)


def _torch_line(told: ExplanationData) -> Iterator[TextLine]:
    if told["no_torch"]:
        yield TextLine("dim", f"{told['no_torch']}: the last digits of torch's own float32 figures are not compared")


def _figure_sentence(figure: FigureData) -> str:
    value = format_as_printed(figure["recomputed"], figure["printed"])
    name = format_label(figure["quantity"])
    return f"{name} of round {figure['round']:,} is printed {figure['printed']}, and comes to {value}"


def _group_lines(group: GroupData, told: ExplanationData, number: int) -> Iterator[TextLine]:
    """Yield one group: what was done differently, in words and as a formula, and the values that match."""
    count, of_all = len(group["figures"]), told["figures"]
    lead = f"{number}. " if len(told["groups"]) > 1 else ""
    comes = "comes" if count == 1 else "come"
    if group["sure"]:
        yield TextLine(
            "title", f"{lead}{format_count(count, 'figure')} {comes} out, digit by digit, if this was done instead:"
        )
    else:
        yield TextLine("title", f"{lead}{format_count(count, 'figure')} would come out, but that proves little:")
    changes, before = [change["about"] for change in group["changes"]], _find_earlier_group(group, told)
    if before:
        known = [change["about"] for change in told["groups"][before - 1]["changes"]]
        yield TextLine("change", f"   · the same as in {before}")
        changes = [about for about in changes if about not in known]
    names = {change["about"]: change["name"] for change in group["changes"]}
    dot = "· " if len(group["changes"]) > 1 else ""
    yield from (TextLine("change", f"   {dot}{about} [{names[about]}]") for about in changes)
    if group["formula"] and not before:
        used, right = group["formula"]
        yield TextLine("formula", f"   {used}")
        yield TextLine("dim", f"   instead of {right}")
    yield from _table_lines(group["figures"], "this gives")
    if of_all > 1 and group["explains"] > count:
        every, comes = "both" if of_all == 2 else f"all {of_all:,}", "comes" if group["explains"] == 1 else "come"
        some = every if group["explains"] == of_all else f"{group['explains']:,} of the {of_all:,}"
        yield TextLine("dim", f"   With it {some} figures {comes} out.")
    yield from _other_set_lines(group, of_all)


def _find_earlier_group(group: GroupData, told: ExplanationData) -> int:
    """Return the number of an earlier group whose changes are all in this one; 0 if there is none."""
    for number, other in enumerate(told["groups"], 1):
        if other is group:
            return 0
        if all(change in group["changes"] for change in other["changes"]):
            return number
    return 0


def _other_set_lines(group: GroupData, figures: int) -> Iterator[TextLine]:
    """Yield what else explains the same values, and whether it explains the others as well."""
    alike = [other for other in group["others"] if other["explains"] == group["explains"]]
    worse = [other for other in group["others"] if other["explains"] < group["explains"]]
    if alike:
        yield TextLine("", f"   {'The figure' if figures == 1 else 'The figures'} cannot tell it from:")
        yield from (TextLine("", f"   · {_join_descriptions(other)}") for other in alike[:_MOST_OTHERS])
        if len(alike) > _MOST_OTHERS:
            yield TextLine("dim", f"   · and {len(alike) - _MOST_OTHERS} more")
    if worse and group["sure"]:
        names = "; ".join(f"{_join_names(other)} ({other['explains']})" for other in worse[:_MOST_WORSE])
        more = f"; and {len(worse) - _MOST_WORSE} more" if len(worse) > _MOST_WORSE else ""
        yield TextLine("dim", f"   Also possible, but fewer of all figures come out: {names}{more}")


def _join_descriptions(candidate: ChangeSetData) -> str:
    return ", and ".join(change["about"] for change in candidate["changes"])


def _join_names(candidate: ChangeSetData) -> str:
    return " + ".join(change["name"] for change in candidate["changes"])


def _table_lines(figures: Sequence[FigureData], otherwise: str) -> Iterator[TextLine]:
    head = ("round", "", "printed", "lesson gives", otherwise if "otherwise" in figures[0] else "")
    rows = [
        (
            f"{figure['round']:,}",
            format_label(figure["quantity"]),
            figure["printed"],
            format_as_printed(figure["recomputed"], figure["printed"]),
            format_as_printed(figure["otherwise"], figure["printed"]) if "otherwise" in figure else "",
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for kind, row in (("dim", head), *(("row", row) for row in rows)):
        cells = [
            f"{cell:<{width}}" if column == 1 else f"{cell:>{width}}"
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield TextLine(kind, f"   {'  '.join(cells).rstrip()}")


def _unexplained_lines(told: ExplanationData) -> Iterator[TextLine]:
    """Yield the values that nothing explains, and how far the search went."""
    looked, left = told["looked"], told["left"]
    tried = "every single change was" if looked == 1 else f"up to {looked} changes at once were"
    far = f"{tried} tried" if looked else "not even every single change was tried"
    if left:
        what = "it" if told["figures"] == 1 else format_count(len(left), "figure")
        yield TextLine("", "")
        if told["stopped"]:
            yield TextLine("title", f"Stopped before anything was found that puts {what} right; {far}.")
        elif told["possible"]:
            sets = format_count(told["possible"], "combination")
            yield TextLine("title", f"Nothing certain puts {what} right: {sets} would, but that proves little; {far}.")
        else:
            yield TextLine("title", f"Nothing in the catalogue puts {what} right; {far}.")
        yield from _table_lines(left, "nearest gives")
        if told["nearest"]:
            yield TextLine("dim", f"   What comes nearest: {_join_descriptions(told['nearest'])}")
    elif told["stopped"]:
        yield TextLine("", "")
        yield TextLine("dim", f"Stopped before the end; {far}.")


def wrap_lines(said: Iterable[TextLine], width: int) -> Iterator[TextLine]:
    """Yield the same lines, broken where they are too wide."""
    for kind, text in said:
        indent = " " * (len(text) - len(text.lstrip()) + (2 if text.lstrip().startswith("·") else 0))
        if kind == "row" or len(text) <= width:
            yield TextLine(kind, text)
        else:
            yield from (TextLine(kind, line) for line in wrap(text, width, subsequent_indent=indent))


def fit_lines(said: Iterable[TextLine], width: int) -> Iterator[TextLine]:
    """Yield the lines broken to a width; a table too wide loses its last column but one, the lesson's values."""
    for is_table, group in groupby(
        pairwise((*said, TextLine("", ""))), lambda pair: "row" in (pair[0].kind, pair[1].kind)
    ):
        lines = [line for line, _ in group]
        ends = [cell.end() for cell in re.finditer(r"\S+( \S+)*", lines[0].text)]
        if is_table and len(ends) > 3 and max(len(line.text) for line in lines) > width:
            lines = [TextLine(kind, text[: ends[-3]] + text[ends[-2] :]) for kind, text in lines]
        yield from wrap_lines(lines, width)
