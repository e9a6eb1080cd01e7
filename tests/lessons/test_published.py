"""The promise: every figure the source document prints comes out, digit by digit, of ``bptui rounds``.

Of the books' examples it is known which figures do not, and what they should be. The numbers that the bundled lessons'
notes state come out as well.
"""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from math import copysign
from typing import Any

import pytest

from bptui.check.recompute import check_figures
from bptui.cli.main import main
from bptui.lessons.lesson import Figures, load_lesson
from bptui.text.numbers import write_minus
from bptui.text.printed import PrintedNumber, agrees, parse_printed
from tests.torches import needs_torch

RECONSTRUCTED = "random-weights"  # its start was worked back from its printed values
NEAR = Fraction(1, 100_000)  # how near they come that do not match to the last digit
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
    for lesson in map(load_lesson, COUNTS):
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
    return [needs_torch] if engine == "torch" else []


def comes_out(printed: str, value: float, tolerance: Fraction = Fraction(0)) -> bool:
    """Whether a value has a figure's digits and its sign, even of a zero.

    Args:
        printed: The figure. ``0.`` is how torch prints an exact zero; as a rounded number it would allow a half.
        value: The value.
        tolerance: How far it may lie, relatively, from numbers that have the digits.
    """
    figure, exponent = parse_printed(printed), parse_printed(printed).as_tuple().exponent
    assert isinstance(exponent, int)
    reach = Fraction(10) ** exponent / 2 + tolerance * abs(Fraction(figure))
    near = agrees(printed, value) or (tolerance > 0 and abs(Fraction(value) - Fraction(figure)) <= reach)
    return near and printed.startswith("-") == (copysign(1.0, value) < 0) and (printed != "0." or value == 0.0)


@pytest.mark.parametrize(
    "printing", [pytest.param(p, id=" ".join(p.words), marks=needs(p.engine)) for p in printings()]
)
def test_every_printed_figure_comes_out(printing: Printing, capsys: pytest.CaptureFixture[str]) -> None:
    """Digit by digit and with its sign; from the reconstructed start to five digits, 34 of 41 to the last."""
    computed = printing.computed(capsys)
    if printing.lesson == RECONSTRUCTED:
        assert [one for one in computed if not comes_out(one[1], one[2], NEAR)] == []
        assert sum(comes_out(digits, value) for _, digits, value in computed) == 34
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
    tolerance = NEAR if name == RECONSTRUCTED else Fraction(0)
    for printing in (p for p in printings() if p.lesson == name):
        computed = printing.computed(capsys, other)
        assert not all(comes_out(digits, value, tolerance) for _, digits, value in computed)


def test_the_lessons_hold_every_figure_of_the_document() -> None:
    by_lesson = {name: sum(len(f.printed) for f in load_lesson(name).figures) for name in COUNTS}
    assert by_lesson == COUNTS
    assert sum(by_lesson.values()) == 331


def stated(digits: str, note: str) -> bool:
    """Whether a note holds these digits as a number of its own, not as a part of another."""
    return re.search(rf"(?<![\d.]){re.escape(write_minus(digits))}(?!\d|\.\d)", note) is not None


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
    ("random-weights", "random-weights --engine torch", {10: {"E": "-0.3573026"}}),
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
    (
        "mazur-2015",
        "mazur-2015",
        {
            1: {"E": "0.298371109", "dE_dw1": "0.000438568"},
            2: {"E": "0.291027774"},
            10000: {"E": "0.0000351085"},
            10001: {"E": "0.0000351019", "o1": "0.015913620", "o2": "0.984064274"},
        },
    ),
    (
        "mazur-2015",
        "mazur-2015 --gradient 'updated weights'",
        {
            1: {"dE_dw1": "0.000364723"},
            2: {"E": "0.291027924"},
            10001: {"E": "0.0000350848", "o1": "0.015912196", "o2": "0.984065734"},
        },
    ),
    (
        "mazur-2015",
        "mazur-2015 --weights "
        "0.149780716,0.19956143,0.24975114,0.29950229,0.35891648,0.408666186,0.51130127,0.561370121",
        {1: {"E": "0.291027774"}},
    ),
    (
        "era-sheet",
        "era-sheet",
        {
            1: {"dE_dw3": "0.000351776", "dE_dw4": "0.000703553", "new_w3": "0.249648224", "new_w4": "0.299296447"},
            2: {"o2": "0.626802249", "E": "0.013377916", "dE_dw6": "0.012626747"},
        },
    ),
    (
        "era-sheet",
        "era-sheet --gradient 'first derivative for all'",
        {1: {"dE_dw3": "0.000351869", "dE_dw4": "0.000703737", "new_w3": "0.249648131", "new_w4": "0.299296263"}},
    ),
    ("era-sheet", "era-sheet --step 0.1", {68: {"E": "0.009572139"}}),
    ("era-sheet", "era-sheet --step 0.2", {68: {"E": "0.006369970"}}),
    ("era-sheet", "era-sheet --step 2", {68: {"E": "0.00000209236233509645"}}),
    ("era-sheet", "era-sheet --step 0.2 --gradient 'first derivative for all'", {68: {"E": "0.006369969"}}),
    ("era-sheet", "era-sheet --step 2 --gradient 'first derivative for all'", {68: {"E": "0.00000209236521683586"}}),
    (
        "rgu-chapter-3",
        "rgu-chapter-3",
        {
            1: {
                **{"o1": "0.690283", "delta_o1": "0.040681", "delta_h1": "0.002654"},
                **{"new_w5": "0.272326", "new_w6": "0.872998"},
                **{"new_w1": "0.09907", "new_w2": "0.7976", "new_w3": "0.3971", "new_w4": "0.5926"},
            },
            2: {"o1": "0.682019"},
        },
    ),
    (
        "rgu-chapter-3",
        "rgu-chapter-3 --weights 0.09916,0.7978,0.3972,0.5928,0.272392,0.87305",
        {1: {"o1": "0.682045"}},
    ),
    (
        "nnwj",
        "nnwj",
        {
            1: {"in_o1": "0.592605125", "o1": "0.643962659", "new_w5": "0.326593361"},
            100: {"E": "0.037478"},
            1000: {"E": "0.001206"},
        },
    ),
    ("nnwj", "nnwj --gradient 'raw error, no weights'", {100: {"E": "0.116205"}, 1000: {"E": "0.122895"}}),
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
        if HALF in str(said):
            quantities[HALF] = 0.5 * ((quantities["o1"] - 0.23) ** 2 + (quantities["o2"] + 0.07) ** 2)
    wrong = [
        (round_, name, digits, found[round_][name])
        for round_, printed in said.items()
        for name, digits in printed.items()
        if not (agrees(digits, found[round_][name]) and stated(digits, load_lesson(note).note))
    ]
    assert wrong == []


@pytest.mark.parametrize(("step", "within_10", "within_1"), [(1, 2942, 26407), (5, 589, 5283), (10, 295, 2643)])
def test_the_step_size_note_says_when_a_run_comes_near_the_floor(
    step: int, within_10: int, within_1: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = load_lesson("step-size")
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


@needs_torch
def test_the_command_of_the_note_on_mse_loss_gives_the_outputs_of_the_lesson(
    capsys: pytest.CaptureFixture[str],
) -> None:
    (command,) = re.findall("`bptui rounds (.*) --at 10,100,1000`", load_lesson("mse-loss").note)
    twice, whole = (rounds(capsys, words, 10, 100, 1000) for words in (command.split(), ["mse-loss", "--engine=torch"]))
    assert all(twice[round_][name] == whole[round_][name] for round_ in whole for name in ("o1", "o2"))


@needs_torch
def test_the_sigmoid_written_out_and_torchs_own_have_the_same_losses_in_rounds_10_and_100(
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = ["torch-autograd", "--engine=torch", "--activation=sigmoid"]
    torch, own = (rounds(capsys, words, 10, 100, 1000) for words in (other[:2], other))
    assert [torch[round_]["E"] == own[round_]["E"] for round_ in torch] == [True, True, False]


def test_the_output_of_the_relu_lesson_is_dead_from_round_3_on(capsys: pytest.CaptureFixture[str]) -> None:
    found = rounds(capsys, ["relu"], *range(1, 1001))
    assert [round_ for round_, q in found.items() if q["o2"] != 0] == [1, 2]
    assert {(q["new_w6"], q["new_w8"]) for round_, q in found.items() if round_ > 2} == {
        (found[2]["new_w6"], found[2]["new_w8"])
    }


def test_with_a_target_both_can_reach_relu_and_sigmoid_end_alike(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("relu", "torch-autograd"):
        assert rounds(capsys, [name, "--targets=0.23,0.2"], 1000)[1000]["E"] < 1e-13


@pytest.mark.parametrize("name", ["cross-entropy", "zero-weights"])
def test_cross_entropy_drives_o1_up_and_o2_down_in_every_round(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = list(rounds(capsys, [name], *range(1, 1001)).values())
    assert all(before["o1"] < after["o1"] and before["o2"] > after["o2"] for before, after in pairwise(found))


def test_from_zero_weights_the_hidden_neurons_stay_twins_to_the_last_bit(capsys: pytest.CaptureFixture[str]) -> None:
    found = rounds(capsys, ["zero-weights"], *range(1, 1001))
    pairs = (("h1", "h2"), *((f"new_w{a}", f"new_w{b}") for a, b in ((1, 2), (3, 4), (5, 7), (6, 8))))
    assert [(round_, pair) for round_, q in found.items() for pair in pairs if q[pair[0]] != q[pair[1]]] == []
    assert {found[1][f"dE_dw{n}"] for n in (1, 2, 3, 4)} == {0.0}


def test_the_random_start_runs_away_by_8_2_percent_a_round_until_float32_ends(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = rounds(capsys, ["random-weights"], 1, 2, 10, 499, 500, 564, 565)
    for name in ("new_w1", "new_w2", "new_w3", "new_w4", "new_w5", "new_w7"):
        assert agrees("1.082", found[500][name] / found[499][name])
        assert 1.1 < found[2][name] / found[1][name] < 1.16
    assert found[500]["E"] == pytest.approx(-0.07 * found[500]["o1"], rel=1e-6)
    assert found[10]["E"] == pytest.approx(-0.07 * found[10]["o1"], rel=1e-2)
    assert [isinstance(found[round_]["E"], str) for round_ in (564, 565)] == [False, True]  # not a number any more


@pytest.mark.parametrize("place", range(5))
def test_of_the_random_variants_one_runs_away_and_four_die_within_10_rounds(
    place: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = load_lesson("random-weights")
    spec = lesson.make_variant(lesson.variants[place]).spec
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
    lesson = load_lesson(name)
    assert agrees(digits, lesson.spec.floor)
    assert stated(digits, lesson.note)


# The books' examples: what was printed and does not come out, by round and quantity (and step, where it is another),
# with the double that does. It was calculated once apart from this program, and the sign is the chain rule's.
WRONG: dict[str, dict[str, float]] = {
    "mazur-2015": {
        "2 E": 0.29102777369359933,
        "10001 E": 3.510187782978859e-05,
        "10001 o1": 0.01591362044355068,
        "10001 o2": 0.9840642735146238,
    },
    "era-sheet": {
        "1 dE_dw3": 0.0003517763215907322,
        "1 dE_dw4": 0.0007035526431814644,
        "1 new_w3": 0.24964822367840928,
        "1 new_w4": 0.29929644735681854,
        "2 o2": 0.6268022489437166,
        "2 E": 0.013377915565327117,
        "2 dE_dw3": 0.0003331098153719541,
        "2 dE_dw4": 0.0006662196307439082,
        "2 dE_dw6": 0.012626746665969782,
        "68 E step 0.2": 0.00636996967865649,
        "68 E step 2.0": 2.0923623350964516e-06,
    },
    "rgu-chapter-3": {
        "1 delta_o1": 0.04068112511233903,
        "1 new_w5": 0.27232596506128215,
        "1 new_w6": 0.8729983630089926,
        "1 delta_h1": 0.0026544890308847417,
        "1 new_w1": 0.09907092883919034,
        "1 new_w2": 0.7976109598722038,
        "1 new_w3": 0.39713992422755456,
        "1 new_w4": 0.592645519442283,
    },
    "nnwj": {
        "1 in_o1": 0.5926051248265559,
        "1 o1": 0.6439626587990135,
        "1 change_w5": -0.023406638956221183,
        "1 new_w5": 0.3265933610437788,
        "1 change_w2": -0.0029972796448495004,
        "1 change_w4": -0.007420752525799448,
    },
}
# What the books' right figures come to, where the examples state it
RIGHT: dict[str, dict[str, float]] = {
    "mazur-2015": {
        "1 h1": 0.5932699921071872,
        "1 h2": 0.596884378259767,
        "1 in_o1": 1.10590596705977,
        "1 o1": 0.7513650695523157,
        "1 o2": 0.7729284653214625,
        "1 E": 0.2983711087600027,
        "1 dE_dw1": 0.00043856773447434685,
        "1 dE_dw5": 0.08216704056423078,
        "1 new_w1": 0.1497807161327628,
        "1 new_w2": 0.19956143226552567,
        "1 new_w3": 0.24975114363236958,
        "1 new_w4": 0.29950228726473915,
        "1 new_w5": 0.35891647971788465,
        "1 new_w6": 0.4086661860762334,
        "1 new_w7": 0.5113012702387375,
        "1 new_w8": 0.5613701211079891,
    },
    "era-sheet": {
        "1 h1": 0.5068745667645342,
        "1 h2": 0.5106234010049637,
        "1 in_o1": 0.4325303571580474,
        "1 in_o2": 0.5342801539349972,
        "1 o1": 0.606477732206728,
        "1 o2": 0.6304808354506348,
        "1 E": 0.014181377937891659,
        "1 dE_dw1": 0.0003169933959102902,
        "1 dE_dw2": 0.0006339867918205804,
        "1 dE_dw5": 0.01288081863162825,
        "1 dE_dw6": 0.012976084910698517,
        "1 dE_dw7": 0.01540834828177308,
        "1 dE_dw8": 0.015522308119994766,
        "1 new_w1": 0.1496830066040897,
        "1 new_w2": 0.19936601320817943,
        "1 new_w5": 0.38711918136837176,
        "1 new_w6": 0.4370239150893015,
        "1 new_w7": 0.48459165171822693,
        "1 new_w8": 0.5344776918800053,
        "68 E step 0.1": 0.009572139465504783,
        "68 E step 0.5": 0.0017820220654992426,
        "68 E step 0.8": 0.0004786492206066037,
        "68 E": 0.00019683752612304454,
    },
    "rgu-chapter-3": {"1 h1": 0.6802671966986485, "1 h2": 0.6637386974043528, "1 o1": 0.6902834929076443},
    "nnwj": {
        "1 h1": 0.6341355910108007,
        "1 h2": 0.45760205922564895,
        "1 new_w6": 0.7931094069821171,
    },
}
BOOK_COUNTS = {"mazur-2015": 25, "era-sheet": 44, "rgu-chapter-3": 11, "nnwj": 10}


def check(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, dict[str, Any]]:
    """What ``bptui check`` prints for programs, by where a figure stands."""
    status = main(["check", *words, "--json"])
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert status == int(not all(one["agrees"] for one in found))
    changes = ["".join(f" {key} {value}" for key, value in one.get("training", {}).items()) for one in found]
    return {f"{one['round']} {one['quantity']}{to}": one for one, to in zip(found, changes, strict=True)}


@pytest.mark.parametrize("name", BOOK_COUNTS)
def test_exactly_the_wrong_figures_of_a_book_are_told_apart(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = check(capsys, name)
    assert len(found) == sum(len(f.printed) for f in load_lesson(name).figures) == BOOK_COUNTS[name]
    assert [where for where, one in found.items() if not one["agrees"]] == list(WRONG[name])


@pytest.mark.parametrize("name", BOOK_COUNTS)
def test_a_books_figures_are_recomputed_as_they_should_have_been(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = check(capsys, name)
    expected = {**RIGHT[name], **WRONG[name]}
    recomputed = {where: found[where]["recomputed"] for where in expected}
    assert recomputed == pytest.approx(expected, rel=2e-13, abs=0)  # as near as 10,000 rounds in another order come


def test_the_first_wrong_loss_of_the_article_and_its_outputs_are_those_of_the_updated_weights(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = check(capsys, "mazur-2015", "--gradient", "updated weights")
    agreeing = {where for where in WRONG["mazur-2015"] if found[where]["agrees"]}
    assert agreeing == {"2 E", "10001 o1", "10001 o2"}
    assert not found["1 dE_dw1"]["agrees"] and not found["1 new_w1"]["agrees"]


def test_every_value_of_the_class_spreadsheet_is_that_of_its_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    found = check(capsys, "era-sheet", "--gradient", "first derivative for all")
    assert all(one["agrees"] for one in found.values())


def test_the_chapters_figures_follow_from_one_another_as_printed() -> None:
    """Rounded numbers carried on, the updated w5 and w6 in the hidden step, and at last a digit cut off."""
    h1, h2, out, delta_out, w5, w6 = 0.68, 0.6637, 0.69, -0.0406, 0.272392, 0.87305
    assert agrees("-0.0406", (0.5 - out) * out * (1 - out))
    assert agrees("0.272392", 0.3 + delta_out * h1) and agrees("0.87305", 0.9 + delta_out * h2)
    delta_1, delta_2 = delta_out * w5 * h1 * (1 - h1), delta_out * w6 * h2 * (1 - h2)
    assert agrees("-0.002406", delta_1) and not agrees("-0.002406", delta_out * 0.3 * h1 * (1 - h1))
    new = [0.1 + delta_1 * 0.35, 0.8 + delta_1 * 0.9, 0.4 + delta_2 * 0.35, 0.6 + delta_2 * 0.9]
    assert all(map(agrees, ("0.09916", "0.7978", "0.3972", "0.59288"), new))


def test_the_pages_figures_are_the_raw_errors_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    found = check(capsys, "nnwj", "--gradient", "raw error, no weights")
    cut = [where for where, one in found.items() if PrintedNumber.of(one["printed"]).agree(one["recomputed"], cut=True)]
    assert [where for where in found if where not in cut] == ["1 new_w5", "1 new_w6"]
    assert agrees("0.326593362", 0.35 - 0.023406638) and agrees("0.793109407", 0.81 - 0.016890593)


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("era-sheet", {"dh1_din_h1": "0.249953", "dh2_din_h2": "0.249887"}),
        (
            "nnwj",
            {
                "change_w2": "-0.002997280",
                "change_w4": "-0.007420753",
                "change_w5": "-0.023406639",
                "dE_do1": "0.643963",
                "do1_din_o1": "0.229275",
            },
        ),
    ],
)
def test_the_numbers_that_a_books_note_states_in_between_come_out(note: str, said: dict[str, str]) -> None:
    lesson = load_lesson(note)
    found = check_figures(replace(lesson, figures=(Figures(1, "numpy", {}, said),)))
    assert [one for one in found if not (one.agrees and stated(one.printed, lesson.note))] == []


def test_the_page_moves_its_hidden_weights_12_5_and_5_4_times_too_far() -> None:
    right = WRONG["nnwj"]
    assert agrees("12.5", -0.037351064 / right["1 change_w2"]) and agrees("5.4", -0.039958271 / right["1 change_w4"])
    assert "12.5 and 5.4 times" in load_lesson("nnwj").note
