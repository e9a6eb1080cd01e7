"""Settings as flags: what is written for a problem leads to exactly that problem again."""

import shlex
from dataclasses import replace
from typing import Any

from bptui.cli.arguments import read_lesson
from bptui.cli.main import _join_numbers, make_parser
from bptui.core.problem.flags import format_command, read_changes
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from tests.tables import over

LESSONS = ("two-by-two", "nnwj", "relu", "random-weights", "cross-entropy")
CHANGES: dict[str, dict[str, Any]] = {
    "nothing": {},
    "step": {"step": 0.001, "rounds": 7, "precision": "float32", "rounding": "3 digits", "loss": "squared error"},
    "start": {"init": "normal", "std": 0.25, "seed": 812, "weights": ()},
    "default start": {"init": "uniform", "seed": 1, "weights": ()},
    "constant": {"init": "constant", "value": -0.5, "weights": ()},
    "activations": {"activation_hidden": "tanh", "activation_output": "relu"},
    "one activation": {"activation_hidden": "tanh", "activation_output": "tanh"},
    "of a neuron": {"activation_neurons": (("h2", "leaky relu"), ("o1", "identity"))},
    "no hidden layer": {"hidden": (), "init": "zeros", "weights": (), "biases_hidden": (), "activation_output": "tanh"},
    "data": {"inputs": ((-0.5, 1e-30),), "targets": ((3.0, -2.5),), "gradient": "as published"},
}


def opened(words: str) -> Spec:
    """The problem that the program opens when this is typed."""
    name, *rest = shlex.split(words)
    assert name == "bptui"
    options = make_parser(["open"]).parse_args(_join_numbers(["open", *rest]))
    return read_lesson(options).spec


@over(change=CHANGES, lesson=LESSONS)
def test_the_command_of_a_problem_opens_exactly_that_problem(lesson: str, change: str) -> None:
    base = load_lesson(lesson).spec
    changed = {**CHANGES[change]}
    if "inputs" in changed and (len(base.inputs[0]), len(base.targets[0])) != (2, 2):
        changed |= {"inputs": base.inputs, "targets": base.targets}
    if "activation_neurons" in changed:
        changed["activation_neurons"] = tuple(
            {**dict(base.activation_neurons), **dict(changed["activation_neurons"])}.items()
        )
    spec = Spec.from_table(replace(base, **changed).to_table())
    assert opened(format_command(lesson, base, spec)) == spec


def test_a_command_names_what_differs_from_the_lesson_and_the_seed() -> None:
    base = load_lesson("two-by-two").spec
    assert format_command("two-by-two", base, base) == "bptui two-by-two"
    spec = replace(base, step=5.0, init="normal", seed=812, rounds=20, weights=())
    assert format_command("two-by-two", base, spec) == "bptui two-by-two --init normal --seed 812 --step 5 --rounds 20"
    tanh = replace(base, activation_hidden="tanh", activation_output="tanh")
    assert format_command("my lesson.toml", base, tanh) == "bptui 'my lesson.toml' --activation tanh"


def test_an_activation_is_one_of_all_neurons_or_of_where_it_says() -> None:
    assert read_changes({}, ["tanh", "o2=relu"], ["h1"]) == {
        "network": {"activation": {"hidden": "tanh", "output": "tanh", "h1": "tanh", "o2": "relu"}}
    }
    assert read_changes({"step": "0.5"}, [], []) == {"training": {"step": 0.5}}


def test_another_word_for_a_setting_is_a_change_that_a_file_would_write_so() -> None:
    changes = read_changes({"learning_rate": "0.5", "epochs": "3"}, [], [])
    assert changes == {"training": {"learning_rate": 0.5, "epochs": 3}}
