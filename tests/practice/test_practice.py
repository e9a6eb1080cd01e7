"""Practice: what is right stays, what is wrong is recognised and never accepted, and nothing hidden is shown."""

import re
from dataclasses import replace
from decimal import Decimal
from math import exp, isfinite, nan
from statistics import median
from time import process_time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bptui.core.engines.engine import make_engine
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.notation import write
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.training.run import Run
from bptui.derive.notations import ASCII
from bptui.lessons.lesson import load_lesson
from bptui.practice.answers import read_answer
from bptui.practice.parts import PARTS
from bptui.practice.practice import HINTS, Practice
from bptui.practice.solution import Solution, describe_near_miss
from bptui.text.numbers import format_non_finite
from tests.effort import ALL, examples
from tests.loops import take_at_most
from tests.strategies import problem, problems, rounded_or_not
from tests.tables import over


def start(spec: Spec, part: str = "whole round") -> Practice:
    return Practice.about(spec, make_initial_parameters(spec), 1, part)


@pytest.fixture
def practice() -> Practice:
    return start(load_lesson("two-by-two").spec)


def truth(practice: Practice, name: str, digits: int = 6) -> str:
    """A right answer."""
    value = float(practice.solution.values[0][name])
    return f"{value:.{digits - 1}e}" if isfinite(value) else format_non_finite(value)


def answered(practice: Practice, until: str = "") -> Practice:
    """The practice after right answers up to a question, or to all."""
    while practice.current is not None and practice.current != until:
        before = practice.current
        practice = practice.answer(truth(practice, before))
        assert practice.mark(before).done, before
    return practice


def said(practice: Practice) -> tuple[str, str]:
    assert practice.feedback is not None
    return practice.feedback.kind, practice.feedback.text


# What is asked


@over(rule=RULES)
def test_every_rule_has_each_quantity_in_one_part_besides_the_whole_round(rule: str) -> None:
    """Also the one that updates in mid-round: what is asked there is hidden, and all else before the last is not."""
    spec = problem((3, 2, 2), biases="per neuron", gradient=rule)
    order = [f.name for f in list_formulas(spec.network)]
    whole, *rest = (start(spec, part) for part in PARTS)
    assert list(whole.asked) == order and sorted(name for part in rest for name in part.asked) == sorted(order)
    for part in (whole, *rest):
        assert part.current == part.asked[0] and answered(part).score["right"] == len(part.asked)
        before = order[: order.index(part.asked[-1])]
        assert part.known == {*part.solution.given[0], *before} - set(part.asked)


@pytest.mark.parametrize("part", PARTS)
def test_what_comes_before_a_part_is_shown_and_what_comes_after_is_not(part: str) -> None:
    practice = start(problem((3, 2, 2), loss="cross entropy", biases="per neuron"), part)
    order = [f.name for f in list_formulas(practice.solution.network)]
    first, last = order.index(practice.asked[0]), order.index(practice.asked[-1])
    assert list(practice.asked) == order[first : last + 1] == [q.name for q in practice.questions]
    assert practice.current == practice.asked[0]
    assert practice.known == {*order[:first], *practice.solution.given[0]}
    assert not any(q.value for q in practice.questions)
    with pytest.raises(KeyError):
        practice.choose_part("nothing")


def test_another_part_keeps_what_is_in_the_open_and_goes_on_where_it_is_not(practice: Practice) -> None:
    later = practice.answer("0.25").choose_part("update")
    assert "h1" in later.known and later.asked[0] == "new_w1" and later.score["open"] == 8
    assert later.choose_part("forward").current == "h1"


def test_the_learner_picks_any_question_and_passes_over_others(practice: Practice) -> None:
    assert practice.pick("E").current == "E" and practice.pick("nothing").current == "in_h1"
    assert practice.previous().current == "in_h1" and practice.next().next().previous().current == "h1"
    end = practice.pick("new_w8").next()
    assert end.current is None and end.next().current is None and end.previous().current == "new_w8"
    assert practice.pick("new_w8").answer(truth(practice, "new_w8")).current == "in_h1"
    assert said(end.answer("1"))[0] == "error" and end.hint() is end


# What is right


@examples(60)
@given(rounded_or_not, st.integers(3, 17))
def test_every_value_of_any_round_is_right_when_rounded_to_three_digits_or_more(spec: Spec, digits: int) -> None:
    practice = start(spec)
    for name in practice.asked:
        for values in practice.solution.values:
            text = (
                f"{values[name]:.{digits - 1}e}" if isfinite(values[name]) else format_non_finite(float(values[name]))
            )
            after = practice.pick(name).answer(text)
            assert after.mark(name).state == "right", (name, text)


@examples(60)
@given(problems())
def test_the_formulas_with_names_are_right_answers_in_the_order_of_calculation(spec: Spec) -> None:
    practice = start(spec)
    for formula in list_formulas(spec.network):
        text, value = write(formula.expr, ASCII.letters), abs(float(practice.solution.values[0][formula.name]))
        if len(text) > 200 or not isfinite(value) or 0 < value < 1e-9:  # too small to be told from what it is made of
            text = truth(practice, formula.name)
        practice = practice.pick(formula.name).answer(text)
        assert practice.mark(formula.name).state == "right", (formula.name, text, practice.feedback)


@over(
    activation=["sigmoid", "relu", "leaky relu"],
    loss=["half squared error", "mean squared error", "cross entropy", "binary cross entropy"],
    precision=["float64", "float32"],
)
def test_the_formulas_with_numbers_as_a_hint_prints_them_are_right_answers(
    activation: str, loss: str, precision: str
) -> None:
    practice = start(problem((2, 2, 2), activation, loss, "per neuron", precision=precision))
    for name in practice.asked:
        hinted = practice.hint().hint()
        assert hinted.current == name
        practice = hinted.answer(hinted.hints[1].removeprefix("="))
        assert practice.mark(name).state == "right later", (name, hinted.hints, practice.feedback)


def test_fractions_and_expressions_are_taken(practice: Practice) -> None:
    for text in ("0.5*0.2+0.3*0.5", "1/(1+exp(-in_h1))", "-2/100", "sigmoid(in_h2)", "0.1·h1 − 0.3·h2"):
        practice = practice.answer(text)
    assert practice.score["right"] == 5
    assert [q.value for q in practice.questions[:3]] == ["0.25", "0.562177", "−0.0200000"]


def test_too_few_digits_are_neither_right_nor_wrong(practice: Practice) -> None:
    practice = practice.answer("0.25").answer("0.56").answer("0.6")
    assert said(practice) == ("imprecise", "right so far; give at least 3 significant digits")
    assert practice.answer("sigmoid(0.3)").feedback != practice.feedback
    assert practice.mark("h1").wrong == 0
    assert practice.answer("0.562").mark("h1").state == "right"


def test_a_nought_that_rounding_has_moved_is_nought() -> None:
    spec = replace(
        load_lesson("two-by-two").spec, inputs=((3.0, 1.0),), weights=(0.1, 1.0, -0.3, 1.0, 1.0, 1.0, 1.0, 1.0)
    )
    practice = start(spec)
    assert 0 < abs(practice.solution.values[0]["in_h1"]) < 1e-16
    assert practice.answer("0").mark("in_h1").state == "right"
    assert practice.answer("0.001").mark("in_h1").wrong == 1


def test_numbers_that_overflow_are_answered_by_their_words() -> None:
    spec = replace(load_lesson("random-weights").spec, weights=(), init="constant", value=1e200)
    practice = start(spec)
    assert {"nan", "inf"} & {truth(practice, name) for name in practice.asked}
    for name in practice.asked:
        wrong = "-inf" if truth(practice, name) == "inf" else "inf"
        assert practice.pick(name).answer(wrong).mark(name).wrong == 1
    assert answered(practice).score["right"] == len(practice.asked)


def test_in_float32_its_own_value_and_that_of_float64_are_right_and_none_between() -> None:
    practice = start(load_lesson("torch-autograd").spec)
    assert practice.solution.spec.precision == "float32"
    own, exact = (float(values["E"]) for values in practice.solution.values)
    assert own != exact
    for value, state in ((own, "right"), (exact, "right"), ((own + exact) / 2, "open"), (2 * own - exact, "open")):
        assert practice.pick("E").answer(repr(value)).mark("E").state == state


def test_a_known_number_in_an_expression_may_also_be_the_result_rounded() -> None:
    """For new_w2 = 0.399975 the 0.4000 of 0 + 0.4000 is right, although 0.4 is also the weight before the update."""
    spec = load_lesson("two-by-two").spec
    practice = start(replace(spec, weights=(0.2, 0.4, *spec.weights[2:]), step=0.002)).pick("new_w2")
    assert f"{practice.solution.values[0]['new_w2']:.4f}" == "0.4000" != repr(practice.solution.values[0]["new_w2"])
    assert practice.answer("0 + 0.4000").mark("new_w2").state == "right"
    assert practice.answer("0 + 0.40000").mark("new_w2").state == "open"
    assert practice.answer("0 + 0.4").mark("new_w2").state == "open"


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("delta_h1", "0 + 186.604089"),
        ("delta_h1", "0 - 279.906134"),
        ("dE_dw1", "0 + 93.302045"),
        ("new_w1", "0 + 2472.24"),
        ("new_w4", "0 + (12313.0)"),
        ("new_w4", "0 + (-1231.3)"),
        ("delta_o1", "0 + (0.0700000)"),
    ],
)
def test_after_many_rounds_with_relus_an_expression_for_another_number_is_wrong(name: str, answer: str) -> None:
    """Nothing cancels on the way to these numbers of round 100 but what a slope of a ReLU multiplies with 0 or 1."""
    spec = load_lesson("random-weights").spec
    run = Run(make_engine("numpy", spec))
    run.train_to(100)
    practice = Practice.about(spec, run.state(100), 100).pick(name)
    assert practice.answer(answer).mark(name).state == "open"
    assert practice.answer(f"0 + {truth(practice, name)}").mark(name).state == "right"


# What is wrong


def off(true: float) -> set[str]:
    """Wrong numbers that look like the true one."""
    found = set()
    for digits in (2, 3, 5, 9):
        figure = Decimal(f"{true:.{digits}e}")
        exponent = figure.as_tuple().exponent
        assert isinstance(exponent, int)
        wrong = [figure + Decimal(units).scaleb(exponent) for units in (-10, -2, -1, 1, 2, 10)]
        wrong += [-figure, figure.scaleb(1), figure.scaleb(-1)]
        wrong.append(Decimal(repr(true)).quantize(Decimal(1).scaleb(exponent), "ROUND_DOWN"))
        unit = Decimal(1).scaleb(exponent)
        found |= {str(number) for number in wrong if abs(Decimal(true) - number) * 2 > unit}
    return found


@pytest.mark.parametrize(
    "spec",
    [
        load_lesson("two-by-two").spec,
        load_lesson("numpy-by-hand").spec,
        problem((2, 2, 2), "tanh", "cross entropy", "shared"),
        problem((1, 1, 1), "leaky relu", "squared error", "frozen"),
        problem((3, 1, 2), "softplus", "mean squared error", precision="float32"),
    ],
    ids=lambda spec: f"{spec.loss}, {spec.activation_hidden}",
)
def test_hundreds_of_wrong_answers_near_the_right_ones_are_never_accepted(spec: Spec) -> None:
    practice, tried = start(spec), 0
    for name in practice.asked:
        true = [float(values[name]) for values in practice.solution.values]
        for text in sorted(off(true[-1]))[:: 1 if ALL else 4]:
            decimal = Decimal(text)
            unit = Decimal(1).scaleb(int(decimal.as_tuple().exponent))
            if all(abs(Decimal(value) - decimal) * 2 > unit and str(value) != text for value in true):
                tried += 1
                after = practice.pick(name).answer(text)
                assert after.mark(name).wrong == 1 or said(after)[0] == "imprecise", (name, text)
                assert not after.mark(name).done and not after.shown(name), (name, text)
    assert tried > (30 if ALL else 30 / 4) * len(practice.asked) * 0.8


@examples(40)
@given(problems(), st.data())
def test_no_expression_off_in_the_fourth_digit_is_accepted(spec: Spec, data: st.DataObject) -> None:
    practice = start(spec)
    name = data.draw(st.sampled_from(practice.asked))
    true = [float(values[name]) for values in practice.solution.values]
    assume(all(isfinite(value) and abs(value) > 1e-9 for value in true))
    factor = data.draw(st.sampled_from(("1001/1000", "(1-1/1000)", "1.00100000", "0.99900000", "(-1)", "10")))
    after = practice.pick(name).answer(f"{true[-1]:.16e}*{factor}")
    assert after.mark(name).wrong == 1 or (after.feedback is not None and after.feedback.kind == "error")


def backwards(h1: float, h2: float) -> dict[str, float]:
    """The round of two-by-two, written out for other outputs of the hidden neurons."""
    v = {"h1": h1, "in_o1": 0.1 * h1 - 0.3 * h2, "in_o2": -0.5 * h1 + 0.8 * h2}
    for o, y in (("o1", 0.23), ("o2", -0.07)):
        v[o] = 1 / (1 + exp(-v[f"in_{o}"]))
        v[f"delta_{o}"] = (v[o] - y) * v[o] * (1 - v[o])
    v["E"] = 0.5 * (v["o1"] - 0.23) ** 2 + 0.5 * (v["o2"] + 0.07) ** 2
    v["dE_dw5"], v["dE_dw7"] = v["delta_o1"] * h1, v["delta_o1"] * h2
    v["delta_h1"] = (v["delta_o1"] * 0.1 - v["delta_o2"] * 0.5) * h1 * (1 - h1)
    v["dE_dw1"] = v["delta_h1"] * 0.5
    v["new_w1"] = 0.2 - v["dE_dw1"]
    return v


def test_a_slip_carried_on_correctly_is_recognised_down_the_whole_chain_and_never_accepted(practice: Practice) -> None:
    practice = practice.answer("0.25").answer("0.57").pick("in_h2").answer("-0.02").answer("0.495")
    wrong = backwards(0.57, float(practice.solution.values[0]["h2"]))
    givens = {
        **{"in_o1": "h1", "o1": "in_o1", "in_o2": "h1", "o2": "in_o2", "E": "o1 = .+ and o2", "delta_o1": "o1"},
        **{"delta_o2": "o2", "dE_dw5": "δ_o1 = .+ and h1", "dE_dw7": "δ_o1", "dE_dw1": "δ_h1", "new_w1": "∂E/∂w1"},
        "delta_h1": "δ_o1 = .+, δ_o2 = .+ and h1",
    }
    for name in (n for n in practice.asked if n in givens):
        practice = practice.pick(name).answer(f"{wrong[name]:.9f}")
        kind, text = said(practice)
        assert kind == "carried on", (name, text)
        assert re.match(
            f"your method is right, but it uses your {givens[name]} = [^ ]+, (a wrong value|wrong values): ", text
        ), text
        assert re.search("values?: fix [^;]+ first$", text), text
        assert practice.mark(name).state == "carried on" and name not in practice.known
        assert not any(truth(practice, n)[:6] in text for n in practice.asked if n not in practice.known)
    assert practice.score["carried on"] == 12


def test_only_the_wrong_answers_that_were_used_are_named(practice: Practice) -> None:
    practice = practice.answer("0.25").answer("0.57").pick("h2").answer("0.6")
    value = -0.3 * float(practice.solution.values[0]["h2"]) + 0.1 * 0.57
    kind, text = said(practice.pick("in_o1").answer(f"{value:.7f}"))
    assert kind == "carried on" and "your h1 = 0.57, a wrong value: " in text and "h2" not in text
    kind, text = said(practice.pick("in_o1").answer(f"{0.1 * 0.57 - 0.3 * 0.6:.7f}"))
    assert kind == "carried on" and "your h1 = 0.57 and h2 = 0.6, wrong values: " in text


def test_a_wrong_answer_in_between_may_be_passed_over(practice: Practice) -> None:
    practice = practice.answer("0.25").answer("0.57").pick("in_o1").answer("7")
    wrong = backwards(0.57, float(practice.solution.values[0]["h2"]))
    kind, text = said(practice.pick("o1").answer(f"{wrong['o1']:.8f}"))
    assert kind == "carried on" and "your h1 = 0.57, a wrong value: " in text


def test_a_slip_that_is_mended_by_now_is_recognised_with_the_value_that_is_known(practice: Practice) -> None:
    practice = practice.answer("0.25").answer("0.57").answer("0.56218")
    wrong = backwards(0.57, float(practice.solution.values[0]["h2"]))
    kind, text = said(practice.pick("in_o1").answer(f"{wrong['in_o1']:.8f}"))
    assert kind == "carried on" and text.endswith("a wrong value: h1 is 0.562177")


def test_numbers_of_an_own_wrong_answer_count_as_they_are_in_what_follows(practice: Practice) -> None:
    practice = practice.answer("0.25").answer("0.57").pick("h2").answer(truth(practice, "h2"))
    assert said(practice.pick("in_o1").answer("0.1*0.57 - 0.3*h2"))[0] == "carried on"


def test_the_published_slip_is_named_where_the_chain_rule_is_asked_for(practice: Practice) -> None:
    theirs = Solution(load_lesson("numpy-by-hand").spec, make_initial_parameters(practice.solution.spec), 1).values[0][
        "dE_dw1"
    ]
    after = practice.pick("dE_dw1").answer(f"{theirs:.6f}")
    assert said(after) == ("slip", f'the mistake "as published" gives that number: {RULES["as published"].about}')
    assert after.mark("dE_dw1").wrong == 1 and after.mark("dE_dw1").state == "open"


@over(rule=[rule for rule, row in RULES.items() if rule != "chain rule" and row.applies(problem().network)])
def test_every_rule_is_named_by_the_first_number_that_it_makes_another(practice: Practice, rule: str) -> None:
    spec = replace(practice.solution.spec, gradient=rule)
    theirs = Solution(spec, make_initial_parameters(spec), 1).values[0]
    name = next(n for n in practice.asked if theirs[n] != practice.solution.values[0][n])
    kind, text = said(practice.pick(name).answer(f"{theirs[name]:.8e}"))
    assert kind == "slip" and f'the mistake "{rule}" gives that number: {RULES[rule].about}' in text


def test_a_loss_without_the_half_is_named(practice: Practice) -> None:
    kind, text = said(practice.pick("E").answer("0.41942"))
    assert kind == "slip" and text.startswith("another loss gives that number, squared error: ")


def test_the_chain_rule_is_named_where_a_lesson_works_by_another(practice: Practice) -> None:
    other = start(load_lesson("numpy-by-hand").spec, "hidden gradients").pick("dE_dw1")
    kind, text = said(other.answer(truth(practice, "dE_dw1")))
    assert kind == "slip" and text.startswith(
        "the chain rule gives that number, but this lesson uses the gradient rule"
    )
    assert RULES["as published"].about in text


def test_a_wrong_sign_a_point_elsewhere_and_cutting_off_are_named(practice: Practice) -> None:
    practice = practice.pick("h1")
    for text, what in (("-0.562177", "sign"), ("5.62177", "decimal point"), ("0.562176", "cut off")):
        kind, words = said(practice.answer(text))
        assert kind == "slip" and what in words, text
    assert said(practice.answer("0.562170")) == ("wrong", "0.562170 is not right")
    assert "sign" in said(practice.pick("in_h2").answer("0.0200"))[1]


@pytest.mark.parametrize("digits", [3, 4, 5, 6])
def test_whoever_rounds_on_the_way_is_told_so_and_neither_accepted_nor_called_wrong(
    practice: Practice, digits: int
) -> None:
    """Every number is computed from the others rounded to so many digits, and typed with as many."""
    values, told = dict(practice.solution.given[0]), 0
    for formula in list_formulas(practice.solution.network):
        values[formula.name] = float(f"{float(compile_expression(formula.expr)(values)):.{digits - 1}e}")
        answered = practice.pick(formula.name).answer(f"{values[formula.name]:.{digits - 1}e}")
        kind, words = said(answered)
        told += kind == "imprecise" and "rounded too early" in words
        assert kind in ("right", "imprecise"), (formula.name, kind, words)
        if kind != "right":
            true = float(practice.solution.values[0][formula.name])
            values[formula.name] = float(f"{true:.{digits - 1}e}")
            answered = practice.pick(formula.name).answer(f"{true:.{digits - 1}e}")
        practice = answered
    assert told and practice.current is None


H1 = 0.5621765008857981
NEAR = [
    ("-0.562", H1, "wrong sign"),
    ("0.562", -H1, "wrong sign"),
    ("5.62", H1, "decimal point"),
    ("0.000562", H1, "decimal point"),
    ("0.5621", H1, "cut off"),
    ("-0.5621", -H1, "cut off"),
    ("0.5623", H1, ""),
    ("0.5620", H1, ""),
    ("0", H1, ""),
    ("nan", H1, ""),
    ("0.562", 0.0, ""),
    ("0.562", nan, ""),
]


@pytest.mark.parametrize(("text", "true", "said"), NEAR)
def test_an_everyday_slip_is_named_where_it_is_certain(text: str, true: float, said: str) -> None:
    found = describe_near_miss(read_answer(text), true)
    assert said in found and bool(said) == bool(found)


def test_what_is_no_answer_is_told_and_not_counted(practice: Practice) -> None:
    for text, what in (
        ("0,25*2", "point"),
        ("in_h1", "in_h1 is the number asked for"),
        ("h2", "h2 is not known yet"),
        ("", "enter a number"),
    ):
        after = practice.answer(text)
        assert said(after)[0] == "error" and what in said(after)[1] and after.marks == practice.marks


# Hints, score and summary


def test_hints_come_in_turn_and_the_value_stays(practice: Practice) -> None:
    practice = practice.answer("0.3")
    assert (practice.hints, practice.next_hint) == ((), HINTS[0])
    practice = practice.hint()
    assert (practice.hints, practice.next_hint) == (("in_h1 = w1·x1 + w3·x2",), HINTS[1])
    practice = practice.answer("?")
    assert (practice.hints[1], practice.next_hint) == ("= 0.2·0.5 + 0.5·0.3", HINTS[2])
    practice = practice.hint()
    assert practice.current == "h1" and said(practice) == ("shown", "shown: in_h1 = 0.25")
    assert practice.mark("in_h1").state == "shown" and practice.questions[0].value == "0.25"
    assert len(practice.pick("in_h1").hints) == 2 and practice.pick("in_h1").next_hint == ""


@examples(25)
@given(problems(), st.data())
def test_hints_and_feedback_hold_no_number_that_is_hidden(spec: Spec, data: st.DataObject) -> None:
    practice = start(spec)
    for name in sorted(data.draw(st.sets(st.sampled_from(practice.asked)))):
        practice = practice.pick(name).answer(truth(practice, name))
    for name in practice.asked:
        if name not in practice.known:
            asked = practice.pick(name).answer("123.456")
            hinted = asked.hint().hint()
            waits = [n for n in practice.solution.operands(name) if n not in practice.known]
            assert hinted.hints[1].startswith("for the numbers, find ") == bool(waits)
            hidden = [n for n in practice.asked if n not in hinted.known]
            assert not any(hinted.shown(n) for n in hidden) and name in hidden
            tokens = set(re.findall(r"\d+\.\d{4,}(?:e[-−+]?\d+)?", f"{hinted.hints} {asked.feedback}"))
            known = {float(practice.solution.values[0][n]) for n in hinted.known}
            for token in tokens - {"123.456"}:
                assert any(abs(abs(value) - float(token.replace("−", "-"))) <= 1e-4 * abs(value) for value in known)


def test_a_hint_with_numbers_waits_for_those_that_are_hidden(practice: Practice) -> None:
    hinted = practice.pick("in_o1").hint().hint()
    assert hinted.hints == ("in_o1 = w5·h1 + w7·h2", "for the numbers, find h1 and h2 first")
    hinted = practice.answer("0.25").answer("0.56218").pick("in_o1").hint().hint()
    assert hinted.hints[1] == "for the numbers, find h2 first"


def test_the_score_counts_every_question_once_and_the_summary_what_was_missed(practice: Practice) -> None:
    practice = practice.answer("0.25").answer("0.57").answer("0.56218").hint().answer("-0.02").hint().hint().hint()
    wrong = backwards(0.57, float(practice.solution.values[0]["h2"]))
    practice = practice.answer(f"{wrong['in_o1']:.8f}").pick("E").answer("3").pick(None)
    assert practice.score == {"open": 24, "right": 1, "right later": 2, "carried on": 1, "shown": 1}
    assert {q.name: q.mark.state for q in practice.missed} == {
        **{"h1": "right later", "in_h2": "right later", "h2": "shown"},
        **{"in_o1": "carried on", "E": "open"},
    }
    assert practice.equation("h1") == "h1 = 1/(1 + exp(−in_h1)) = 0.562177"
    assert practice.equation("in_o1") == "in_o1 = w5·h1 + w7·h2"
    later = practice.pick("in_o1").answer(truth(practice, "in_o1"))
    assert later.score["carried on"] == 0 and later.score["right later"] == 3


def test_a_round_without_a_fault_has_nothing_missed_and_ends_on_the_summary(practice: Practice) -> None:
    end = answered(practice)
    assert end.current is None and end.missed == () and end.score["right"] == 29
    assert said(end.pick("h1").answer("1"))[0] == "error"


def test_an_intention_leaves_the_practice_before_it_as_it_was(practice: Practice) -> None:
    practice.answer("0.25")
    practice.answer("7").hint()
    assert practice.current == "in_h1" and practice.score["open"] == 29 and not practice.marks and not practice.feedback


@pytest.mark.parametrize(("size", "most"), [(2, 0.2), (8, 1.0)])
def test_an_answer_takes_the_processor_no_more_than_a_moment(size: int, most: float) -> None:
    spec = problem((size, size, size), loss="cross entropy", biases="per neuron")
    practice, times = start(spec), []
    for name in (*practice.asked[:6], "E", "delta_o1", "delta_h1", "dE_dw1", "new_w1"):
        before = process_time()
        practice = practice.pick(name).answer("0.123456")
        assert practice.questions and practice.hints == ()
        times.append(process_time() - before)
    assert take_at_most(median(times), most)


def test_numbers_are_shown_with_the_digits_that_are_asked_for_but_with_enough_to_go_on_with() -> None:
    practice = start(load_lesson("mazur-2015").spec, "update")
    assert (practice.shown("h1"), practice.with_digits(9).shown("h1")) == ("0.593270", "0.593269992")
    assert practice.with_digits(3).shown("h1") == "0.593270"


def test_in_a_round_of_one_sample_a_number_that_is_the_rounds_and_the_samples_is_asked_once() -> None:
    spec = replace(load_lesson("online-or-batch").spec, batch="one at a time")
    practice = Practice.about(spec, make_initial_parameters(spec), 1)
    assert "E_s1" in practice.asked and "E" not in practice.asked
    assert "dE_dw1_s1" in practice.asked and "dE_dw1" not in practice.asked
    assert not {"E", "dE_dw1"} & practice.known
    while practice.current is not None:
        practice = practice.hint().hint().hint().next()
    assert {"E", "dE_dw1", "new_w1"} <= practice.known
