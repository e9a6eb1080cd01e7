"""Every note: its claims hold, and none of its numbers goes unchecked."""

import re
from dataclasses import replace

import pytest

from bptui.core.training.convergence import measure_convergence
from bptui.lessons.lesson import load_bundled_lessons, load_lesson
from bptui.text.numbers import write_minus
from bptui.ui.bindings import STEPPER_BINDINGS
from bptui.ui.screens.programs import ProgramsScreen
from tests.lessons.idea_claims import IDEAS
from tests.lessons.lesson_runs import numbers_in, runs_of
from tests.lessons.published_claims import EXPERIMENTS, FIRST, PRINT
from tests.lessons.test_published import SAID

CLAIMS = FIRST | EXPERIMENTS | IDEAS | PRINT
# Numbers of notes that other tests compute, and that are no claims: rounds, and what a formula is made of
OTHERS = {
    "numpy-by-hand": "10 1000",
    "torch-autograd": "10 100 1000",
    "relu": "10 1000 0.23 0.2",
    "mse-loss": "10 100 1000",
    "cross-entropy": "10 100 1000 -0.019878",
    "step-size": "10 100 1000 0.01 2942 26,407 589 5283 295 2643 294,353",
    "random-weights": "10 100 100,000 500 565 0.1109 0.07",
    "zero-weights": "10 100 1000",
    "mazur-2015": "0.291027924 10,000",
    "era-sheet": "0.1 0.2 0.249953 0.249887",
    "rgu-chapter-3": "0.5 0.0406 0.68 0.6637 0.69 0.3 0.32 0.59288 0.5928",
    "nnwj": "12.5 5.4 0.643963 0.229275 99 999 -0.002997280 -0.007420753 -0.023406639",
}
every_note = pytest.mark.parametrize("name", [lesson.name for lesson in load_bundled_lessons()])


def read(name: str) -> str:
    """Return a lesson's note with its lines joined."""
    return " ".join(load_lesson(name).note.split())


def test_every_bundled_lesson_has_claims() -> None:
    assert set(CLAIMS) == {lesson.name for lesson in load_bundled_lessons()}


@every_note
def test_what_a_note_claims_holds(name: str) -> None:
    note, runs = read(name), runs_of(name)
    assert [words for words in CLAIMS[name] if words not in note] == []
    assert [words for words, holds in CLAIMS[name].items() if not holds(runs)] == []


@pytest.mark.parametrize("name", [*FIRST, *EXPERIMENTS, *PRINT])
def test_no_number_of_a_note_goes_unchecked(name: str) -> None:
    known = {number for words in CLAIMS[name] for number in numbers_in(words)}
    known |= set(map(write_minus, OTHERS.get(name, "").split()))
    for note, _, said in SAID:
        known |= {write_minus(digits) for found in said.values() for digits in found.values() if note == name}
    for figures in load_lesson(name).figures:
        known |= set(map(write_minus, figures.printed.values()))
    assert sorted(number for number in numbers_in(read(name)) - known if f"−{number}" not in known) == []


def test_the_keys_that_notes_name_are_keys_of_the_program() -> None:
    found = {key for lesson in load_bundled_lessons() for key in re.findall("`([a-z]|tab|enter)`", lesson.note)}
    bound = {
        key for one in (*STEPPER_BINDINGS, *ProgramsScreen.BINDINGS) for key in str(getattr(one, "key", "")).split(",")
    }
    assert {"a", "d", "enter", "i", "p", "tab", "v"} == found <= bound


@pytest.mark.exhaustive
def test_learning_rate_0_01_comes_within_10_percent_of_the_lowest_loss_in_the_round_that_its_note_gives() -> None:
    spec = replace(load_lesson("step-size").spec, step=0.01)
    assert measure_convergence(spec, 1000, (0.1,)).rounds == (294_353,)
