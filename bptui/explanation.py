"""What a search for the cause of wrong figures has found, as plain data and as sentences.

``Told`` is what ``--json`` prints and what travels between processes; the sentences are made from it and from nothing
else, so the command line and the screen say the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import isfinite
from typing import NamedTuple, NotRequired, TypedDict

from bptui.check import followed
from bptui.core.changes import Change, changed
from bptui.core.explain import Explanation, Progress
from bptui.core.figures import parse
from bptui.core.formulas import formulas
from bptui.core.groups import Candidate
from bptui.core.notation import write
from bptui.core.printable import printable
from bptui.core.recomputed import Figure
from bptui.core.spec import Spec
from bptui.forms import UNICODE, label
from bptui.lessons import Lesson
from bptui.text import counted, full

_MORE = 3  # digits shown beyond those printed
_MOST_OTHERS, _MOST_WORSE = 6, 3  # other sets of changes that are named


class ToldFigure(TypedDict):
    """One figure: where it stands, its digits, and what it comes to; None where there is no such number."""

    round: int
    quantity: str
    printed: str
    recomputed: float | str | None
    otherwise: NotRequired[float | str | None]


class ToldChange(TypedDict):
    """One thing done otherwise."""

    kind: str
    name: str
    about: str


class ToldSet(TypedDict):
    """Changes made together, and how many figures come out under them."""

    changes: list[ToldChange]
    explains: int


class ToldGroup(ToldSet):
    """Figures that one set of changes puts right, and the other sets that do."""

    figures: list[ToldFigure]
    formula: list[str]
    others: list[ToldSet]
    sure: bool


class Told(TypedDict):
    """A whole explanation."""

    lesson: str
    figures: int
    right: int
    first_wrong: ToldFigure | None
    groups: list[ToldGroup]
    left: list[ToldFigure]
    nearest: ToldSet | None
    looked: int
    stopped: bool


class Said(NamedTuple):
    """A line of an explanation: its kind ("title", "change", "formula", "row", "dim" or none), and its text."""

    kind: str
    text: str


def figures_of(lesson: Lesson) -> tuple[Figure, ...]:
    """A lesson's printed figures, in the order of their calculation."""
    found: list[Figure] = []
    for entry in sorted(lesson.figures, key=lambda entry: entry.round):
        spec = lesson.spec_of(entry)
        alike = replace(followed(spec, entry.engine), precision=spec.precision_of(entry.engine), torch_precision="same")
        order = list(printable(spec.network))
        names = sorted(entry.printed, key=order.index)
        found += [Figure(alike, entry.round, name, entry.printed[name], entry.engine) for name in names]
    return tuple(found)


def told(name: str, explanation: Explanation, stopped: bool = False) -> Told:
    """An explanation as plain data.

    Args:
        name: What the lesson is called.
        explanation: What has been found.
        stopped: Whether the search was stopped before its end.
    """
    figures, recomputed = explanation.figures, explanation.recomputed

    def figure(place: int) -> ToldFigure:
        one = figures[place]
        return {
            "round": one.round,
            "quantity": one.name,
            "printed": one.printed,
            "recomputed": _plain(recomputed[place]),
        }

    wrong = [place for place in range(len(figures)) if place not in explanation.right]
    groups: list[ToldGroup] = [
        {
            **_set(group.best),
            "figures": _with(map(figure, group.figures), group.values),
            "formula": _formula(figures[group.figures[0]].spec, group.best.changes),
            "others": [_set(other) for other in group.others],
            "sure": group.sure,
        }
        for group in explanation.groups
    ]
    return {
        "lesson": name,
        "figures": len(figures),
        "right": len(explanation.right),
        "first_wrong": figure(wrong[0]) if wrong else None,
        "groups": groups,
        "left": _with(map(figure, explanation.left), explanation.near),
        "nearest": _set(explanation.nearest) if explanation.nearest else None,
        "looked": explanation.looked,
        "stopped": stopped,
    }


def _with(figures: Iterable[ToldFigure], values: Sequence[float | None]) -> list[ToldFigure]:
    """Figures with what they come to otherwise, as far as that is known."""
    found = list(figures)
    for figure, value in zip(found, values, strict=False):
        figure["otherwise"] = _plain(value)
    return found


def _set(candidate: Candidate) -> ToldSet:
    return {"changes": [_change(change) for change in candidate.changes], "explains": len(candidate.explains)}


def _formula(spec: Spec, changes: Iterable[Change]) -> list[str]:
    """The first formula that is another one under changes, and what it is without them; none if none is."""
    other = replace(changed(spec, changes), rounding=spec.rounding, numbering=spec.numbering).network
    right = {f.name: f.expr for f in formulas(spec.network)}
    for f in formulas(other):
        if f.name in right and f.expr != right[f.name]:
            return [f"{label(f.name)} = {write(expr, UNICODE.letters)}" for expr in (f.expr, right[f.name])]
    return []


def _change(change: Change) -> ToldChange:
    return {"kind": change.kind, "name": change.name, "about": change.about}


def _plain(value: float | None) -> float | str | None:
    """A number as JSON has it; one that is not finite as a word."""
    return value if value is None or isfinite(value) else full(value)


def as_printed(value: float | str | None, printed: str, more: int = _MORE) -> str:
    """A number in the way a figure was printed, with some digits more than it has."""
    if value is None or isinstance(value, str) or not isfinite(value):
        return "no such number" if value is None else str(value)
    figure = parse(printed)
    exponent = figure.as_tuple().exponent
    if not isinstance(exponent, int) or "e" in printed.lower() or exponent > 0:
        return f"{value:.{len(figure.as_tuple().digits) - 1 + more}e}"
    return f"{value:.{min(-exponent + more, 17)}f}"


# Sentences


def in_words(progress: Progress) -> str:
    """How far a search is."""
    changes = "single changes" if progress.changes == 1 else f"{progress.changes} changes at once"
    return f"trying {changes}: {progress.tried:,} of {progress.of:,}"


def sentences(told: Told) -> Iterator[Said]:
    """An explanation in the words of people, line by line."""
    wrong = told["figures"] - told["right"]
    first = told["first_wrong"]
    if first is None:
        all_of = "the figure comes" if told["figures"] == 1 else f"all {told['figures']:,} figures come"
        yield Said("title", f"{told['lesson']}: {all_of} out, digit by digit")
        return
    if told["figures"] > 1:
        do = "does" if wrong == 1 else "do"
        yield Said(
            "title", f"{told['lesson']}: {told['right']} of {told['figures']} figures come out, {wrong} {do} not"
        )
        yield Said("", f"The first that does not: {_of_figure(first)}.")
    else:
        yield Said("title", f"{told['lesson']}: {_of_figure(first)}")
    for number, group in enumerate(told["groups"], 1):
        yield Said("", "")
        yield from _of_group(group, told, f"{number}. " if len(told["groups"]) > 1 else "")
    yield from _of_the_rest(told)


def _of_figure(figure: ToldFigure) -> str:
    value = as_printed(figure["recomputed"], figure["printed"])
    name = label(figure["quantity"])
    return f"{name} of round {figure['round']:,} is printed {figure['printed']}, and comes to {value}"


def _of_group(group: ToldGroup, told: Told, number: str) -> Iterator[Said]:
    count, of = len(group["figures"]), "figure"
    comes = "comes" if count == 1 else "come"
    if not group["sure"]:
        yield Said(
            "title", f"{number}{counted(count, of)} would {comes.rstrip('s')} out, but so few digits prove nothing:"
        )
    else:
        yield Said("title", f"{number}{counted(count, of)} {comes} out, digit by digit, if this was done instead:")
    dot = "· " if len(group["changes"]) > 1 else ""
    for change in group["changes"]:
        yield Said("change", f"   {dot}{change['about']} [{change['name']}]")
    if group["formula"]:
        used, right = group["formula"]
        yield Said("formula", f"   {used}")
        yield Said("dim", f"   instead of {right}")
    yield from _rows(group["figures"], "this gives")
    if told["figures"] > 1:
        explains, every = group["explains"], f"all {told['figures']:,}" if told["figures"] > 2 else "both"
        yield Said(
            "dim", f"   With it {every if explains == told['figures'] else f'{explains} of {every}'} figures come out."
        )
    yield from _of_others(group, told["figures"])


def _of_others(group: ToldGroup, figures: int) -> Iterator[Said]:
    """What explains the same figures, and whether it explains the others as well."""
    alike = [other for other in group["others"] if other["explains"] == group["explains"]]
    worse = [other for other in group["others"] if other["explains"] < group["explains"]]
    if alike:
        yield Said("", f"   {'The figure' if figures == 1 else 'The figures'} cannot tell it from:")
        yield from (Said("", f"   · {_together(other)}") for other in alike[:_MOST_OTHERS])
        if len(alike) > _MOST_OTHERS:
            yield Said("dim", f"   · and {len(alike) - _MOST_OTHERS} more")
    if worse:
        names = "; ".join(f"{_in_short(other)} ({other['explains']})" for other in worse[:_MOST_WORSE])
        more = f"; and {len(worse) - _MOST_WORSE} more" if len(worse) > _MOST_WORSE else ""
        yield Said("dim", f"   Also possible, but fewer of all figures come out: {names}{more}")


def _together(candidate: ToldSet) -> str:
    return ", and ".join(change["about"] for change in candidate["changes"])


def _in_short(candidate: ToldSet) -> str:
    return " + ".join(change["name"] for change in candidate["changes"])


def _rows(figures: Sequence[ToldFigure], otherwise: str) -> Iterator[Said]:
    head = ("round", "", "printed", "lesson gives", otherwise if "otherwise" in figures[0] else "")
    rows = [
        (
            f"{figure['round']:,}",
            label(figure["quantity"]),
            figure["printed"],
            as_printed(figure["recomputed"], figure["printed"]),
            as_printed(figure["otherwise"], figure["printed"]) if "otherwise" in figure else "",
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for kind, row in (("dim", head), *(("row", row) for row in rows)):
        cells = [
            f"{cell:<{width}}" if column == 1 else f"{cell:>{width}}"
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield Said(kind, f"   {'  '.join(cells).rstrip()}")


def _of_the_rest(told: Told) -> Iterator[Said]:
    """The figures that nothing explains, and how far it was looked."""
    looked, left = told["looked"], told["left"]
    tried = "every single change was" if looked == 1 else f"up to {looked} changes at once were"
    far = f"{tried} tried" if looked else "not even every single change was tried"
    if left:
        what = "it" if told["figures"] == 1 else counted(len(left), "figure")
        found = "Stopped before anything was found that puts" if told["stopped"] else "Nothing in the catalogue puts"
        yield Said("", "")
        yield Said("title", f"{found} {what} right; {far}.")
        yield from _rows(left, "nearest gives")
        if told["nearest"]:
            yield Said("dim", f"   What comes nearest: {_together(told['nearest'])}")
    elif told["stopped"]:
        yield Said("", "")
        yield Said("dim", f"Stopped before the end; {far}.")


def as_lines(said: Iterable[Said], width: int) -> Iterator[Said]:
    """The same lines, broken where they are wider than there is room."""
    from textwrap import wrap

    for kind, text in said:
        indent = " " * (len(text) - len(text.lstrip()) + (2 if text.lstrip().startswith("·") else 0))
        if kind == "row" or len(text) <= width:
            yield Said(kind, text)
        else:
            yield from (Said(kind, line) for line in wrap(text, width, subsequent_indent=indent))
