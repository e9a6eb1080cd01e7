"""Mark printed values beside the numbers of a round: which of them apply to the problem shown, and which match.

A value printed by torch is compared with torch's own run, so its mark waits for torch; if torch is unavailable, NumPy's
number takes its place, and in float32 the last digits may then differ.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bptui.check.side import Match, Side
from bptui.core.problem.spec import Spec, SpecError, list_settings
from bptui.core.problem.tables import Table, merge_tables, put_value
from bptui.core.quantities.printable import list_printable
from bptui.lessons.lesson import Figures, Lesson
from bptui.lessons.training import name_run
from bptui.record import record

YOUR_NUMBER = "your number"
"""The name of the lesson that asks about a number of the user's own."""
_CHANGED = " (edited)"  # behind the name of a lesson whose problem was
_WEIGHT = re.compile(r"(?:(?<=[_d])|^)w[0-9]+(?=_|$)")  # in the name of a quantity, such as dE_dw1_s2
MARK_SIGNS = {True: "✓", False: "✗", None: "·"}


@record
class ValueMark:
    """A printed value beside a number.

    Attributes:
        quantity: Its name in ``list_printable``.
        printed: Its digits.
        engine: "numpy" or "torch", whichever is said to have computed it.
        beside: The engine whose number it is compared with.
        agrees: Whether that number has these digits; None until that is known.
        last_digits: Whether it has them but for the last digits.
    """

    quantity: str
    printed: str
    engine: str
    beside: str
    agrees: bool | None
    last_digits: bool = False

    @property
    def sign(self) -> str:
        """The mark as a character."""
        return MARK_SIGNS[self.agrees]


Marks = Mapping[tuple[str, str], ValueMark]  # by quantity, and the engine whose number the mark is beside


def with_training(spec: Spec, changes: Mapping[str, Any]) -> Spec:
    """Return a problem with some of its training settings changed.

    Raises:
        SpecError: If the settings do not go together.
    """
    return Spec.from_table(merge_tables(spec.to_table(), {"training": changes})) if changes else spec


def find_figures(lesson: Lesson, spec: Spec) -> tuple[Figures, ...]:
    """Return the values printed under the training settings of a problem, the most specific ones last.

    Other changes to the lesson's problem do not matter: that is how a mistake can be observed. Names that the problem's
    network lacks are left out.
    """
    followed = follow_weights(lesson.figures, lesson.spec, spec)
    found = [figures for figures in keep_known_figures(followed, spec) if with_training(spec, figures.changes) == spec]
    return tuple(sorted(found, key=lambda figures: len(figures.changes)))


def follow_weights(figures: Iterable[Figures], before: Spec, after: Spec) -> Iterator[Figures]:
    """Yield printed values by the names that their weights have where sizes were changed.

    Those of weights that there are no more are left out; otherwise they would become those of other weights. Another
    numbering alone leaves the names as they were printed.
    """
    ends, names = ({(w.source, w.target): w.name for w in spec.network.weights} for spec in (before, after))
    if ends.keys() == names.keys():
        yield from figures
        return
    found = {name: names.get(pair, "") for pair, name in ends.items()}
    for entry in figures:
        printed = {
            _WEIGHT.sub(lambda match: found[match[0]], name): digits
            for name, digits in entry.printed.items()
            if all(found.get(weight) for weight in _WEIGHT.findall(name))
        }
        yield replace(entry, printed=printed)


def keep_known_figures(figures: Iterable[Figures], spec: Spec) -> Iterator[Figures]:
    """Yield the printed values whose quantities a problem has, each without those that it lacks."""
    for entry in figures:
        try:
            known = list_printable(with_training(spec, entry.changes).network_of(entry.round))
        except SpecError:
            continue
        if printed := {name: digits for name, digits in entry.printed.items() if name in known}:
            yield replace(entry, printed=printed)


def _read_training(spec: Spec) -> dict[str, Any]:
    """Return all training settings of a problem as a file has them, also those at their defaults."""
    table: Table = {}
    for item in list_settings():
        if item.metadata["path"][0] == "training" and item.name not in spec.unused:
            put_value(table, item.metadata["path"], getattr(spec, item.name))
    training: dict[str, Any] = table["training"]
    return training


def with_problem(lesson: Lesson, spec: Spec) -> Lesson:
    """Return a lesson with the problem shown as its own, called as its run is; its printed values apply to it.

    Note, variants and place are about the lesson's problem as it was: they go where that is changed.
    """
    if lesson.spec == spec:
        return lesson
    mine, its = _read_training(spec), _read_training(lesson.spec)
    changed = {key for key in mine | its if mine.get(key) != its.get(key)}
    followed = follow_weights((entry.without(changed) for entry in lesson.figures), lesson.spec, spec)
    figures = keep_known_figures(followed, spec)
    name = f"{lesson.name.removesuffix(_CHANGED)}{_CHANGED}"
    return Lesson(name, name_run(lesson, spec), spec, figures=tuple(figures))


def with_new_defaults(lesson: Lesson, changes: Mapping[str, Any]) -> Lesson:
    """Return a lesson with other training settings as its own; its printed values keep their conditions."""
    own = {key: value for key, value in _read_training(lesson.spec).items() if key in changes}
    figures = tuple(replace(entry, changes={**own, **entry.changes}) for entry in lesson.figures)
    return replace(lesson, spec=with_training(lesson.spec, changes), figures=figures)


def make_marks(figures: Iterable[Figures], mine: Side, theirs: Side | None, slack: float) -> Marks:
    """Mark the printed values of one round.

    Args:
        figures: The round's printed values, the most specific last.
        mine: NumPy's side; a quantity that is not calculated yet gets no mark.
        theirs: Torch's side; None if torch is unavailable.
        slack: How far NumPy's numbers may be off where they stand in for torch's, relative to them.
    """
    found: dict[tuple[str, str], ValueMark] = {}
    for entry in figures:
        side = theirs if entry.engine == "torch" and theirs else mine
        # by another gradient rule NumPy cannot stand in for torch
        able = entry.engine == side.engine or side.network == side.network.as_torch_computes()
        for name, number in entry.numbers.items():
            if mine.value_of(name) is None:
                continue
            off = 0.0 if entry.engine == side.engine else slack
            match = side.compare(name, number, off) if able else Match(None)
            found[name, side.engine] = ValueMark(name, number.printed, entry.engine, side.engine, *match)
    return found


def count_marks(found: Marks) -> tuple[int, int, int]:
    """Count the printed values that match, that differ, and that are undecided."""
    agree = [mark.agrees for mark in found.values()]
    return agree.count(True), agree.count(False), agree.count(None)
