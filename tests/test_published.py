"""The promise: every figure the source document prints comes out, digit by digit, of ``bptui rounds``.

So do the numbers that the bundled lessons' notes state about them.
"""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from importlib.util import find_spec
from math import copysign
from typing import Any

import pytest

from bptui import lessons
from bptui.cli import main
from bptui.core.figures import agrees, parse

RECONSTRUCTED = "random-weights"  # its start was worked back from its figures, which fix it to four digits
COUNTS = {
    "numpy-by-hand": 9,
    "torch-autograd": 63,
    "relu": 63,
    "mse-loss": 57,
    "cross-entropy": 57,
    "step-size": 0,
    "random-weights": 41,
    "zero-weights": 41,
}
HALF = "half squared error"  # the ruler that the notes measure every training of this network with
Rounds = dict[int, dict[str, Any]]


@dataclass
class Printing:
    """The figures of one lesson that one call of the program gives: same engine, same settings."""

    lesson: str
    engine: str
    changes: Mapping[str, Any]
    figures: dict[int, Mapping[str, str]] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        flags = [f"--{key.replace('_', '-')}={value}" for key, value in self.changes.items()]
        return [self.lesson, "--engine", self.engine, *flags]

    def computed(self, capsys: pytest.CaptureFixture[str], *others: str) -> list[tuple[str, str, float]]:
        """Every figure: where it stands, its digits, and what the program says, with other settings if any."""
        found = rounds(capsys, [*self.words, *others], *self.figures)
        return [
            (f"round {round_} {name}", digits, found[round_][name])
            for round_, printed in self.figures.items()
            for name, digits in printed.items()
        ]


def printings() -> list[Printing]:
    by_call: dict[str, Printing] = {}
    for lesson in lessons.catalogue():
        for f in lesson.figures:
            one = Printing(lesson.name, f.engine, f.changes)
            by_call.setdefault(" ".join(one.words), one).figures[f.round] = f.printed
    return list(by_call.values())


def rounds(capsys: pytest.CaptureFixture[str], words: list[str], *at: int) -> Rounds:
    """What ``bptui rounds`` prints for programs."""
    assert main(["rounds", *words, "--at", ",".join(map(str, at)), "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {line["round"]: line["quantities"] for line in lines}


def needs(engine: str) -> list[pytest.MarkDecorator]:
    missing = engine == "torch" and find_spec("torch") is None
    return [pytest.mark.skipif(missing, reason="torch is not installed")]


def comes_out(printed: str, value: float, tolerance: Fraction = Fraction(0)) -> bool:
    """Whether a value has a figure's digits and its sign, even of a zero.

    Args:
        printed: The figure. ``0.`` is how torch prints an exact zero; as a rounded number it would allow a half.
        value: The value.
        tolerance: How far it may lie, relatively, from numbers that have the digits.
    """
    figure, exponent = parse(printed), parse(printed).as_tuple().exponent
    assert isinstance(exponent, int)
    reach = Fraction(10) ** exponent / 2 + tolerance * abs(Fraction(figure))
    near = agrees(printed, value) or (tolerance > 0 and abs(Fraction(value) - Fraction(figure)) <= reach)
    return near and printed.startswith("-") == (copysign(1.0, value) < 0) and (printed != "0." or value == 0.0)


@pytest.mark.parametrize(
    "printing", [pytest.param(p, id=" ".join(p.words), marks=needs(p.engine)) for p in printings()]
)
def test_every_printed_figure_comes_out(printing: Printing, capsys: pytest.CaptureFixture[str]) -> None:
    """Digit by digit and with its sign; from the reconstructed start to four digits, most of them to the last."""
    computed = printing.computed(capsys)
    if printing.lesson == RECONSTRUCTED:
        assert [one for one in computed if not comes_out(one[1], one[2], Fraction(1, 10_000))] == []
        assert sum(comes_out(digits, value) for _, digits, value in computed) == 28
    else:
        assert [one for one in computed if not comes_out(one[1], one[2])] == []


@pytest.mark.parametrize(
    ("name", "other"),
    [
        pytest.param("numpy-by-hand", "--gradient=chain rule", marks=needs("numpy")),
        pytest.param("torch-autograd", "--activation=sigmoid", marks=needs("torch")),
        pytest.param("torch-autograd", "--precision=float64", marks=needs("torch")),
        pytest.param("relu", "--activation=relu", marks=needs("torch")),
        pytest.param("mse-loss", "--activation=torch.sigmoid", marks=needs("torch")),
        pytest.param("random-weights", "--activation=sigmoid", marks=needs("torch")),
        pytest.param("random-weights", "--step=1", marks=needs("torch")),
    ],
)
def test_the_figures_do_not_come_out_of_another_setting(
    name: str, other: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tolerance = Fraction(1, 10_000) if name == RECONSTRUCTED else Fraction(0)
    for printing in (p for p in printings() if p.lesson == name):
        computed = printing.computed(capsys, other)
        assert not all(comes_out(digits, value, tolerance) for _, digits, value in computed)


def test_the_lessons_hold_every_figure_of_the_document() -> None:
    by_lesson = {
        lesson.name: sum(len(f.printed) for f in lesson.figures)
        for lesson in lessons.catalogue()
        if lesson.name in COUNTS
    }
    assert by_lesson == COUNTS
    assert sum(by_lesson.values()) == 331


def stated(digits: str, note: str) -> bool:
    """Whether a note holds these digits as a number of its own, not as a part of another."""
    return re.search(rf"(?<![\d.]){re.escape(digits)}(?!\d|\.\d)", note) is not None


# What a note states: the words of a call that shows it, and digits by round and quantity
SAID: list[tuple[str, str, dict[int, dict[str, str]]]] = [
    (
        "numpy-by-hand",
        "numpy-by-hand",
        {1: {"dE_dw1": "0.014583"}, 10: {"E": "0.01719"}, 1000: {"h1": "0.3651"}},
    ),
    (
        "numpy-by-hand",
        "numpy-by-hand --gradient 'chain rule'",
        {1: {"dE_dw1": "-0.008421"}, 10: {"E": "0.01031"}, 1000: {"h1": "0.8383"}},
    ),
    (
        "numpy-by-hand",
        "numpy-by-hand --step 5",
        {1000: {"o1": "0.23038", "o2": "0.00954", "E": "0.003164"}},
    ),
    ("numpy-by-hand", "numpy-by-hand --step 5 --gradient 'chain rule'", {1000: {"E": "0.002591"}}),
    (
        "numpy-by-hand",
        "torch-autograd --engine torch",
        {1000: {"o1": "0.2296", "o2": "0.0098", "E": "0.003185"}},
    ),
    (
        "torch-autograd",
        "torch-autograd --engine torch",
        {10: {"E": "0.1108"}, 100: {"E": "0.01034"}, 1000: {"E": "0.00318519701", "o2": "0.0098"}},
    ),
    ("torch-autograd", "torch-autograd --engine torch --activation sigmoid", {1000: {"E": "0.00318519771"}}),
    ("torch-autograd", "torch-autograd --engine torch --precision float64", {1000: {"E": "0.00318519907"}}),
    (
        "relu",
        "relu --engine torch",
        {
            3: {"in_o2": "-0.0367", "new_w6": "-0.6480", "new_w8": "0.6700"},
            10: {"E": "0.018752"},
            1000: {"E": "0.002450"},
        },
    ),
    ("relu", "relu --engine torch --activation relu", {10: {"E": "0.004379"}, 1000: {"in_h2": "-0.02"}}),
    ("relu", "relu --engine torch --targets 0.23,0.2", {10: {"E": "0.0162"}}),
    ("relu", "torch-autograd --engine torch", {1000: {"E": "0.003185"}}),
    ("relu", "torch-autograd --engine torch --targets 0.23,0.2", {10: {"E": "0.0444"}}),
    (
        "mse-loss",
        "mse-loss --engine torch",
        {
            10: {"E": "0.1269", HALF: "0.06344"},
            100: {"E": "0.01236", HALF: "0.006182"},
            1000: {"E": "0.005628", HALF: "0.002814"},
        },
    ),
    (
        "mse-loss",
        "torch-autograd --engine torch",
        {10: {"E": "0.1108"}, 100: {"E": "0.01034"}, 1000: {"E": "0.003185"}},
    ),
    (
        "cross-entropy",
        "cross-entropy --engine torch",
        {
            1: {"o1": "0.4769", HALF: "0.2097"},
            10: {"E": "0.1041", HALF: "0.1944"},
            100: {"E": "0.01643", HALF: "0.2142"},
            1000: {"E": "-0.01825", "o1": "0.9929", "o2": "0.0072", HALF: "0.2940"},
        },
    ),
    ("step-size", "step-size --step 0.01", {10: {"E": "0.20837"}, 100: {"E": "0.19540"}, 1000: {"E": "0.10503"}}),
    ("step-size", "step-size --step 1", {10: {"E": "0.11082"}, 100: {"E": "0.010343"}, 1000: {"E": "0.003185"}}),
    ("step-size", "step-size --step 5", {10: {"E": "0.02169"}, 100: {"E": "0.003920"}, 1000: {"E": "0.002591"}}),
    ("step-size", "step-size --step 10", {10: {"E": "0.01031"}, 100: {"E": "0.003184"}, 1000: {"E": "0.002518"}}),
    ("random-weights", "random-weights --engine torch", {10: {"E": "-0.3573"}, 100: {"dE_dw4": "-46.4651"}}),
    (
        "zero-weights",
        "zero-weights --engine torch",
        {
            1: {HALF: "0.1989"},
            10: {"E": "0.0985"},
            100: {"E": "0.01783"},
            1000: {"E": "-0.01834", "o1": "0.9932", "o2": "0.0068", "h1": "0.7701", HALF: "0.2942"},
        },
    ),
    ("zero-weights", "cross-entropy --engine torch", {1000: {"E": "-0.01825"}}),
]


@pytest.mark.parametrize(
    ("note", "call", "said"),
    [
        pytest.param(*row, id=f"{row[0]}: {row[1]}", marks=needs("torch" if "engine torch" in row[1] else "numpy"))
        for row in SAID
    ],
)
def test_the_numbers_of_a_note_come_out(
    note: str, call: str, said: dict[int, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    found = rounds(capsys, shlex.split(call), *said)
    for quantities in found.values():
        quantities[HALF] = 0.5 * ((quantities["o1"] - 0.23) ** 2 + (quantities["o2"] + 0.07) ** 2)
    wrong = [
        (round_, name, digits, found[round_][name])
        for round_, printed in said.items()
        for name, digits in printed.items()
        if not (agrees(digits, found[round_][name]) and stated(digits, lessons.load(note).note))
    ]
    assert wrong == []


@pytest.mark.parametrize(("step", "within_10", "within_1"), [(1, 2942, 26407), (5, 589, 5283), (10, 295, 2643)])
def test_the_step_size_note_says_when_a_run_comes_near_the_floor(
    step: int, within_10: int, within_1: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = lessons.load("step-size")
    at = (within_10 - 1, within_10, within_1 - 1, within_1)
    found = rounds(capsys, [lesson.name, f"--step={step}"], *at)
    above = [found[round_]["E"] / lesson.spec.floor for round_ in at]
    assert above[0] > 1.1 >= above[1] > above[2] > 1.01 >= above[3]
    comma = f"{within_1:,}" if within_1 > 9999 else str(within_1)
    assert f"| round {within_10} | round {comma} |" in lesson.note


def test_the_squared_error_trains_exactly_as_the_half_squared_error_with_twice_the_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    whole = rounds(capsys, ["mse-loss"], 10, 100, 1000)
    half = rounds(capsys, ["torch-autograd", "--activation=sigmoid", "--step=2"], 10, 100, 1000)
    for round_, quantities in whole.items():
        same = ("h1", "h2", "o1", "o2", "new_w1", "new_w8")
        assert [quantities[name] for name in same] == [half[round_][name] for name in same]
        assert quantities["E"] == 2 * half[round_]["E"]


def test_the_output_of_the_relu_lesson_is_dead_from_round_3_on(capsys: pytest.CaptureFixture[str]) -> None:
    found = rounds(capsys, ["relu"], *range(1, 1001))
    assert [round_ for round_, q in found.items() if q["o2"] != 0] == [1, 2]
    assert {(q["new_w6"], q["new_w8"]) for round_, q in found.items() if round_ > 2} == {
        (found[2]["new_w6"], found[2]["new_w8"])
    }


def test_with_a_target_both_can_reach_relu_and_sigmoid_end_alike(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("relu", "torch-autograd"):
        assert rounds(capsys, [name, "--targets=0.23,0.2"], 1000)[1000]["E"] < 1e-13


def test_from_zero_weights_the_hidden_neurons_stay_twins_to_the_last_bit(capsys: pytest.CaptureFixture[str]) -> None:
    found = rounds(capsys, ["zero-weights"], *range(1, 1001))
    pairs = (("h1", "h2"), *((f"new_w{a}", f"new_w{b}") for a, b in ((1, 2), (3, 4), (5, 7), (6, 8))))
    assert [(round_, pair) for round_, q in found.items() for pair in pairs if q[pair[0]] != q[pair[1]]] == []
    assert {found[1][f"dE_dw{n}"] for n in (1, 2, 3, 4)} == {0.0}


def test_the_random_start_runs_away_by_8_2_percent_a_round_until_float32_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = rounds(capsys, ["random-weights"], 499, 500, 564, 565)
    for name in ("new_w1", "new_w2", "new_w3", "new_w4", "new_w5", "new_w7"):
        assert agrees("1.082", found[500][name] / found[499][name])
    assert found[500]["E"] == pytest.approx(-0.07 * found[500]["o1"], rel=1e-6)
    assert [isinstance(found[round_]["E"], str) for round_ in (564, 565)] == [False, True]  # not a number any more


@pytest.mark.parametrize("place", range(5))
def test_of_the_random_variants_one_runs_away_and_four_die_within_10_rounds(
    place: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = lessons.load("random-weights")
    spec = lesson.variant(lesson.variants[place]).spec
    found = rounds(capsys, [lesson.name, f"--init={spec.init}", f"--seed={spec.seed}"], 1, 10, 500)
    ends = [(q["o1"], q["o2"]) for q in found.values()]
    if spec.seed == 1:
        assert found[500]["E"] < -1e32
    else:
        assert ends[1:] == [(0.0, 0.0)] * 2
        assert (ends[0] == (0.0, 0.0)) == (spec.seed != 4)
        assert agrees("0.1109", found[500]["E"])


@pytest.mark.parametrize(
    ("name", "digits"),
    [
        ("torch-autograd", "0.00245"),
        ("relu", "0.00245"),
        ("mse-loss", "0.0049"),
        ("cross-entropy", "-0.019878"),
        ("step-size", "0.00245"),
    ],
)
def test_the_floor_that_a_note_states_is_the_floor(name: str, digits: str) -> None:
    lesson = lessons.load(name)
    assert agrees(digits, lesson.spec.floor)
    assert stated(digits, lesson.note)
