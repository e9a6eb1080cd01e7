"""Notices: one line for the user about what an intention has done."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from bptui.core.problem.setting_names import describe_settings
from bptui.lessons.lesson import Lesson
from bptui.lessons.training import LessonRun
from bptui.session.state import DIGITS
from bptui.text.words import format_count, make_printable


def describe_speed(speed: float) -> str:
    """Return what there is to say of a speed that was chosen."""
    words = f"{speed:,.0f} round{'s' if speed > 1 else ''} per second" if speed < inf else "as fast as possible"
    return f"speed: {words}"


def describe_digits(digits: int) -> str:
    """Return what there is to say of a number of significant digits that was asked for."""
    fewest, most = DIGITS
    if digits > most:
        return f"at most {most} significant digits: no number needs more"
    if digits < fewest:
        return f"at least {fewest} significant digits"
    return f"{digits} significant digits"


def describe_torch(state: str, own_run: bool) -> str:
    """Return which of torch's numbers were asked for, and when they come if they are not there."""
    words = "torch's own run from the same start" if own_run else "torch at NumPy's weights"
    return {"loading": f"{words}, once torch has loaded", "unavailable": f"{words}: torch is unavailable"}.get(
        state, words
    )


def describe_run(at: int, trainings: Sequence[LessonRun]) -> str:
    """Return which of a session's runs is shown, by index."""
    return f"run {at + 1} of {len(trainings)}: {trainings[at].name}"


def describe_printed(lesson: Lesson) -> str:
    """Return how many printed values a lesson has, and the key that checks them."""
    count = sum(len(figures.printed) for figures in lesson.figures)
    them = "it" if count == 1 else "them"
    return f"{format_count(count, 'printed value')}; press c to check {them}" if count else "no printed values"


def describe_printed_settings(changes: Mapping[str, Any]) -> str:
    """Return the training settings that a printed value was printed for, where a new run has them."""
    return f"new run with {describe_settings(changes)}, as printed; press o for earlier runs"


def say_lesson_saved(file: object) -> str:
    """Return that a lesson was written to a file."""
    return make_printable(f"saved the lesson in {file}")
