"""Solves for a given number that was copied wrongly: an input, a target, a weight, a bias or the learning rate.

The printed value of a slip is followed back to the number that gives it, by the secant method. As a person copied it,
that number is rounded to as few digits as still give the printed value.
"""

from collections.abc import Callable, Generator, Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from math import isfinite, nan
from typing import Any, NamedTuple, TypeVar

from bptui.core.problem.spec import Spec
from bptui.derive.notations import format_label
from bptui.explain.calculation.calculation import Calculation
from bptui.explain.calculation.changes import Change, ChangeSet
from bptui.explain.calculation.side_by_side import name_numbers
from bptui.explain.catalogue.copying import flatten_setting, fold_setting
from bptui.explain.search.evidence import Evidence
from bptui.explain.search.step_solver import solve_steps
from bptui.text.numbers import write_minus

_MOST_SLIPS = 3  # of a round that are followed back
_MOST_STEPS = 12  # of the secant method
_MOST_DIGITS = 6
_LATEST_EDITED = 20  # the last round for which the learning rate is solved for beside other steps: they are slow
_MOST_ROUNDS = 50  # the last round whose slips are followed back
_MOST = 10.0  # beyond it a number that was given below is no copy of it
Key = TypeVar("Key", bound=Hashable)
Root = tuple[float, float]
"""Where a function is 0, and its slope there."""


class GivenNumber(NamedTuple):
    """A number that a problem gives: its name, its field of ``Spec``, and its place there."""

    name: str
    setting: str
    place: int

    def read(self, spec: Spec) -> float:
        """Return the number."""
        return flatten_setting(spec, self.setting)[self.place]

    def put(self, spec: Spec, number: float) -> Any:
        """Return the field's value with another number."""
        numbers = flatten_setting(spec, self.setting)
        numbers[self.place] = number
        return fold_setting(spec, self.setting, numbers)


def list_given(spec: Spec) -> list[GivenNumber]:
    """Return the numbers that a problem gives, but for the learning rate, for which ``step_solver`` solves."""
    return [
        GivenNumber(name, setting, place)
        for setting, names in name_numbers(spec).items()
        if setting != "step"
        for place, name in enumerate(names)
    ]


def list_solved(evidence: Evidence, wanted: Sequence[int], base: ChangeSet = ()) -> Iterator[Change]:
    """Yield given numbers, the learning rate also of late rounds, with which a slip comes out.

    Args:
        evidence: The sheet.
        wanted: The slips, of one round.
        base: What else was done differently.
    """
    yield from solve_given(evidence, wanted, base)
    figures = sorted((evidence.figures[p] for p in wanted), key=lambda figure: -figure.digits.count)
    if not any(change.alters_steps for change in base) or figures[0].round <= _LATEST_EDITED:
        yield from solve_steps(evidence.figures[0].spec, base, figures)


def solve_given(evidence: Evidence, wanted: Sequence[int], base: ChangeSet = ()) -> Iterator[Change]:
    """Yield the given numbers with which a slip comes out, one changed at a time.

    Args:
        evidence: The sheet.
        wanted: The slips, of one round.
        base: What else was done differently.
    """
    if not wanted or evidence.figures[wanted[0]].round > _MOST_ROUNDS:
        return
    wanted = sorted(wanted, key=lambda p: (-evidence.figures[p].digits.count, p))[:_MOST_SLIPS]
    spec = Calculation(evidence.figures[0].spec, base).spec
    roots = _find_given(evidence, wanted, base, spec)
    for number in list_given(spec):
        near = (value for place in wanted for value in _round(evidence, number.read(spec), place, roots[number, place]))
        for value in dict.fromkeys(near):
            yield make_given_change(spec, number, value)


def make_given_change(spec: Spec, number: GivenNumber, value: float) -> Change:
    """Return the change to another given number; one that is no simple copying slip needs more evidence."""
    was, now = f"{number.read(spec):.12g}", f"{value:.12g}"
    name, how = format_label(number.name), describe_copying_slip(was, now)
    weight = Change.weight + (0 if how else len(Decimal(now).as_tuple().digits))
    about = f"{name} is taken as {write_minus(now)}, not as {write_minus(was)}{f': {how}' if how else ''}"
    return Change("given", f"{name} = {now}", about, ((number.setting, number.put(spec, value)),), weight=weight)


def describe_copying_slip(was: str, now: str) -> str:
    """Return how a number was copied wrongly, in words; empty if that is not plain."""
    if was.lstrip("-") == now.lstrip("-"):
        return "the minus sign is lost" if was.startswith("-") else "a minus sign is added"
    a, b = was.lstrip("-").replace(".", ""), now.lstrip("-").replace(".", "")
    if a.strip("0") == b.strip("0"):
        return "the decimal point is misplaced"
    if len(was) == len(now):
        off = [at for at, (one, other) in enumerate(zip(was, now, strict=True)) if one != other]
        if len(off) == 1:
            return f"the {was[off[0]]} is read as {now[off[0]]}"
        if len(off) == 2 and was[off[0]] == now[off[1]] and was[off[1]] == now[off[0]]:
            return "two of its digits are swapped"
    if now.startswith(was) and len(now) == len(was) + 1:
        return f"an extra {now[-1]} is added at the end"
    return f"the last digit, {was[-1]}, is left out" if was.startswith(now) and len(was) == len(now) + 1 else ""


def _find_given(
    evidence: Evidence, wanted: Sequence[int], base: ChangeSet, spec: Spec
) -> dict[tuple[GivenNumber, int], Root | None]:
    """Return with which value of each given number each slip comes out; see ``find_roots``."""
    starts = {number: number.read(spec) for number in list_given(spec)}

    def find_off(asked: Mapping[tuple[GivenNumber, int], float]) -> list[float]:
        settings = [{number.setting: number.put(spec, value)} for (number, _), value in asked.items()]
        places = [place for _, place in asked]
        found = evidence.quick.calculate_each(base, settings, places)
        stated = [float(evidence.figures[place].digits.value) for place in places]
        return [nan if value is None else value - to for value, to in zip(found, stated, strict=True)]

    pairs = {(number, place): at for number, at in starts.items() for place in wanted}
    return find_roots(find_off, {key: (at, at + (abs(at) or 1.0) * 0.01) for key, at in pairs.items()})


def _round(evidence: Evidence, at: float, place: int, root: Root | None) -> Iterator[float]:
    """Yield a number of few digits with which a printed value comes out, if there is one.

    Args:
        evidence: The sheet.
        at: The number as it is given.
        place: The place of the printed value.
        root: What it takes, and the slope there.
    """
    if root is None or abs(root[0]) > _MOST * max(1.0, abs(at)):
        return
    half, slack = evidence.figures[place].digits.half, evidence.audit.findings[place].slack
    for off_by in (min(slack, half), slack):  # the values before it may have had more digits than are printed
        one = round_within(root[0], (half + off_by) / abs(root[1]))
        if one is not None and one != at:
            yield one


def round_within(value: float, reach: float) -> float | None:
    """Return a number with as few digits as lie within reach of a value; None if that takes too many."""
    for count in range(1, _MOST_DIGITS + 1):
        near = float(f"{value:.{count - 1}e}")
        if abs(near - value) <= reach * 1.0001 + 1e-12:
            return near
    return None


def find_roots(
    find_off: Callable[[Mapping[Key, float]], Sequence[float]], starts: Mapping[Key, tuple[float, float]]
) -> dict[Key, Root | None]:
    """Return where functions are 0 and their slopes there, by the secant method; None where that is not found.

    Args:
        find_off: Returns the values of some of the functions, each at a number.
        starts: A first and a second number for each function.
    """
    searches, found = {key: _follow(*pair) for key, pair in starts.items()}, dict[Key, Root | None]()
    asked = {key: next(search) for key, search in searches.items()}
    while asked:
        values, last = find_off(asked), asked
        asked = {}
        for key, off in zip(last, values, strict=True):
            try:
                asked[key] = searches[key].send(off)
            except StopIteration as end:
                found[key] = end.value
    return found


def _follow(at: float, near: float) -> Generator[float, float, Root | None]:
    """Yield the numbers at which the secant method needs a function, and return its root and its slope there."""
    first = yield at
    second = yield near
    for _ in range(_MOST_STEPS):
        slope = (second - first) / (near - at) if near != at else 0.0
        if not isfinite(slope) or not slope:
            return None
        if not second or abs(second / slope) <= 1e-12 * max(1.0, abs(near)):
            return near, slope
        at, first, near = near, second, near - second / slope
        second = yield near
    return None
