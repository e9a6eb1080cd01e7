"""Make a draft from a lesson's problem, and a lesson from a draft."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from bptui.check.marks import follow_weights, keep_known_figures
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec, SpecError
from bptui.exercise.cells import BIASES, INPUTS, TARGETS, WEIGHTS, Shape
from bptui.exercise.draft import Draft
from bptui.exercise.heading import FIELDS, choose_bias_layers
from bptui.lessons.lesson import Lesson, list_bundled_names
from bptui.lessons.training import OWN_TITLE, make_own_lesson, make_own_name

_SIZES = ("title", "inputs", "hidden", "outputs", "samples", "biases")


def begin_draft(lesson: Lesson, spec: Spec, titles: Iterable[str]) -> Draft:
    """Return the draft to begin with: the exercise that is open, if it is the user's own, or an empty one.

    Args:
        lesson: The lesson that is open.
        spec: The problem that is open, which may be the lesson's with other settings.
        titles: The titles of all lessons there are, so that a new one gets another.
    """
    if is_own(lesson):
        return edit_lesson(lesson, spec)
    typed = any(getattr(spec, name) != getattr(lesson.spec, name) for name in ("inputs", "targets", "hidden"))
    if typed:  # an exercise of the user's own, typed into the settings
        return edit_lesson(make_own_lesson(spec, number_title(titles)), spec)
    return make_empty(titles)


def is_own(lesson: Lesson) -> bool:
    """Whether a lesson is the user's own, not one of the program's."""
    return lesson.name not in list_bundled_names()


def make_empty(titles: Iterable[str] = ()) -> Draft:
    """Return an exercise with nothing in its cells: two inputs, two hidden neurons, one output."""
    heading = {name: field.start for name, field in FIELDS.items()} | {"title": number_title(titles)}
    return Draft(heading, Shape(), {})


def number_title(titles: Iterable[str]) -> str:
    """Return the title of a new exercise, with a number if others have it."""
    taken = set(titles)
    candidates = (f"{OWN_TITLE} {number}" if number > 1 else OWN_TITLE for number in range(1, len(taken) + 2))
    return next(title for title in candidates if title not in taken)


def edit_lesson(lesson: Lesson, spec: Spec) -> Draft:
    """Return a draft of a lesson with some problem, which ``make_lesson`` makes the same lesson from."""
    heading = {name: FIELDS[name].kind.show(getattr(spec, name)) for name in FIELDS if name not in _SIZES}
    biased = tuple(key for key, own in zip(spec.layer_keys, spec.biases, strict=True) if own)
    shape = Shape(
        len(spec.inputs[0]),
        spec.hidden,
        len(spec.targets[0]),
        len(spec.inputs),
        spec.numbering,
        biased,
        spec.bias_update == "shared",
    )
    heading |= {
        "title": lesson.title,
        "inputs": str(shape.inputs),
        "hidden": FIELDS["hidden"].kind.show(shape.hidden),
        "outputs": str(shape.outputs),
        "samples": str(shape.samples),
        "biases": choose_bias_layers(biased, shape.layer_keys),
    }
    weights = make_initial_parameters(spec)[: len(spec.network.weights)].tolist()
    numbers = {
        INPUTS: [number for row in spec.inputs for number in row],
        TARGETS: [number for row in spec.targets for number in row],
        WEIGHTS: weights,
        BIASES: [number for own in spec.biases for number in (own[:1] if shape.shared else own)],
    }
    texts = dict[str, str]()
    for kind, those in numbers.items():
        keys = [cell.key for group in shape.groups if group.kind == kind for cell in group.cells]
        texts |= dict(zip(keys, map(_show, those), strict=True))
    order = {name: heading[name] for name in FIELDS}
    return Draft(order, shape, texts, replace(lesson, spec=spec))


def make_lesson(draft: Draft) -> Lesson:
    """Return the lesson of a finished draft: with the printed values and variants of its base that still fit.

    Raises:
        ValueError: If anything is missing or wrong.
    """
    spec, base = draft.spec, draft.base
    if spec is None:
        raise ValueError("the exercise is not finished")
    if base is None:
        return make_own_lesson(spec, draft.title)
    name = base.name if base.title == draft.title else make_own_name(draft.title)
    lesson = replace(base, name=name, title=draft.title, spec=spec)
    variants = []
    for variant in base.variants:
        with suppress(SpecError):
            lesson.make_variant(variant)
            variants.append(variant)
    figures = keep_known_figures(follow_weights(base.figures, base.spec, spec), spec)
    return replace(lesson, figures=tuple(figures), variants=tuple(variants))


def _show(number: float) -> str:
    """Return the shortest text that reads back as a number."""
    text = repr(number)
    return text.removesuffix(".0")
