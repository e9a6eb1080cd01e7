"""A lesson with a run of it and the run's name: what a session, a comparison and a report contain.

A new run is computed one round ahead, since the next key may ask for round 2. A run without a name of its own is called
after its lesson or variant and what differs from it, so two runs of one problem are only kept apart by
``name_apart``.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from itertools import count
from typing import NamedTuple

from bptui.core.engines.engine import NumpyEngine
from bptui.core.problem.setting_names import name_setting
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.lessons.lesson import Lesson, list_bundled_names
from bptui.text.words import clip, make_one_line

OWN_TITLE = "My exercise"
LONGEST_NAME = 60  # characters of a run's name
_LONGEST_OWN = 40  # characters of an own lesson's name
_NAMED = 2  # differences that a name tells
_LONGEST_VALUE = 18  # characters of a setting's value in a name
_WORDS = {
    "step": "η {0}",
    "loss": "{0}",
    "optimiser": "{0}",
    "gradient": "{0}",
    "numbering": "{0}",
    "activation_hidden": "{0} hidden",
    "activation_output": "{0} output",
    "precision": "{0}",
    "rounds": "{0} rounds",
}
"""How a name tells a setting's value; other values are short with their setting's name, or called "other"."""
_LISTS = ("inputs", "targets", "weights")


class LessonRun(NamedTuple):
    """One run of a session.

    Attributes:
        lesson: The lesson it was made from.
        run: The run, whose ``spec`` is the problem.
        own_name: The name it was given; empty for the default.
    """

    lesson: Lesson
    run: Run
    own_name: str = ""

    @classmethod
    def of(cls, lesson: Lesson) -> "LessonRun":
        """Begin a run of a lesson."""
        return cls(lesson, begin_run(lesson.spec))

    @property
    def name(self) -> str:
        """What it is called."""
        return self.own_name or name_run(self.lesson, self.run.spec)

    @property
    def title(self) -> str:
        """Its lesson's title, if it is a run of just that and was given no other name; else its name."""
        default = re.escape(name_run(self.lesson, self.run.spec))
        is_plain = not self.own_name or re.fullmatch(rf"{default} \(\d+\)", self.own_name)
        return self.lesson.title if is_plain and self.run.spec == self.lesson.spec else self.name

    def called(self, name: str) -> "LessonRun":
        """Return the run with a name of its own; with the default name if that is empty."""
        name = make_one_line(name, LONGEST_NAME)
        return self._replace(own_name="" if name == self._replace(own_name="").name else name)


def name_run(lesson: Lesson, spec: Spec, base: str = "") -> str:
    """Return the default name of a run: the variant's or the lesson's, and the first few settings that differ.

    Args:
        lesson: The lesson.
        spec: The run's problem.
        base: What the lesson is called in place of its name.
    """
    title, _, variant = lesson.title.rpartition(" · ")
    name = base or (variant if title and not lesson.variants else lesson.name)
    return ", ".join([name, *_name_differences(lesson.spec, spec)])


def find_own_name(lesson: Lesson, trainings: Iterable[LessonRun]) -> str:
    """Return the name that the user gave the run of a lesson as it stands; empty if there is none."""
    return next((one.own_name for one in trainings if one.lesson is lesson and one.run.spec == lesson.spec), "")


def name_apart(one: LessonRun, others: Iterable[LessonRun]) -> LessonRun:
    """Return a run with a name that no other run has: a repeated one gets a number."""
    taken = {other.name for other in others}
    endings = (f" ({number})" for number in count(2))
    numbered = (f"{clip(one.name, LONGEST_NAME - len(ending))}{ending}" for ending in endings)
    return one if one.name not in taken else one.called(next(name for name in numbered if name not in taken))


def rename_run(trainings: tuple[LessonRun, ...], at: int, name: str) -> tuple[LessonRun, ...]:
    """Return runs with one of them called something else; a name that another has gets a number."""
    others = (*trainings[:at], *trainings[at + 1 :])
    new = name_apart(trainings[at].called(name), others)
    return (*trainings[:at], new, *trainings[at + 1 :])


def make_own_lesson(spec: Spec, title: str = "") -> Lesson:
    """Return the lesson of an own exercise; without a title it is titled with its sizes."""
    sizes = "-".join(map(str, (len(spec.inputs[0]), *spec.hidden, len(spec.targets[0]))))
    title = title or f"{OWN_TITLE} {sizes}"
    return Lesson(make_own_name(title), title, spec)


def make_own_name(title: str) -> str:
    """Return the name of an own lesson with a title: its words with dashes in between, but no bundled lesson's name."""
    words = "".join(sign.lower() if sign.isalnum() else " " for sign in title).split()
    name = clip("-".join(words) or make_own_name(OWN_TITLE), _LONGEST_OWN).rstrip("-…")
    return f"my-{name}" if name in list_bundled_names() else name


def mark_note(note: str) -> str:
    """Return a lesson's note for a run with other settings: it says what it is about."""
    return f"*This note describes the lesson before its settings were changed.*\n\n{note}"


def is_other_exercise(lesson: Lesson, spec: Spec) -> bool:
    """Whether a problem has other data than a lesson: of another shape, or with no list as it was."""
    pairs = [(getattr(lesson.spec, name), getattr(spec, name)) for name in ("inputs", "targets")]
    return any(_measure(old) != _measure(new) for old, new in pairs) or all(old != new for old, new in pairs)


def _measure(rows: tuple[tuple[float, ...], ...]) -> tuple[int, int]:
    return len(rows), len(rows[0])


def _name_differences(old: Spec, new: Spec) -> list[str]:
    """Return the first differences between two problems in a few words each, and how many more there are."""
    names = [item.name for item in fields(Spec) if getattr(old, item.name) != getattr(new, item.name)]
    if "init" in names:
        names = [name for name in names if name != "weights"]  # which follow from it
    found = [_name_difference(name, new) for name in names if name not in new.unused]
    more = len(found) - _NAMED
    return found if more <= 0 else [*found[:_NAMED], f"{more} more"]


def _name_difference(name: str, spec: Spec) -> str:
    value = getattr(spec, name)
    if name in _LISTS:
        return f"other {name}"
    item = next(item for item in fields(Spec) if item.name == name)
    text = make_one_line(item.metadata["kind"].show(value) or "none")
    text = text.removesuffix(".0") if isinstance(value, float) else text
    if name.startswith("biases") and value:
        return f"other {name_setting(name)}"
    if name in _WORDS:
        return "1 round" if (name, text) == ("rounds", "1") else _WORDS[name].format(text)
    return f"{name_setting(name)} {clip(text, _LONGEST_VALUE)}"


def begin_variants(lesson: Lesson) -> Iterator[LessonRun]:
    """Begin a run of each of a lesson's variants."""
    for variant in map(lesson.make_variant, lesson.variants):
        yield LessonRun.of(variant)


def begin_run(spec: Spec) -> Run:
    """Begin the run of a problem, with its first rounds computed."""
    run = Run(NumpyEngine(spec))
    run.train_to(2)
    return run
