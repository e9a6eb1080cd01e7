"""Derivations in print: every printed line is true, in letters, in numbers and in all three forms.

The tests' own evaluator reads a printed line by Python's own parser, in doubles, as a calculator does. A square is a
product, as it is in a round. What is printed as ``log(1 + exp(z))`` or ``log(exp(a) + exp(b))`` the engine computes
without overflow, so there, and only there, the last bits may differ.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import accumulate
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import find_names
from bptui.core.formulas.notation import write
from bptui.core.formulas.rounding import to_decimals, to_digits
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.core.quantities.chain_rule import find_derivations
from bptui.core.training.run import Run
from bptui.derive.notations import ASCII, LATEX, UNICODE, WrittenForm
from bptui.derive.worked import WorkedDerivation, WorkedLine, Working
from bptui.lessons.lesson import Lesson, load_bundled_lessons, load_lesson
from tests.effort import examples
from tests.strategies import is_smooth, problem, problems, rounded_or_not
from tests.tables import over

OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "exp": np.exp,
    "log": np.log,
    "tanh": np.tanh,
    "max": max,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)) if z >= 0 else np.exp(z) / (1 + np.exp(z)),
    "signif": lambda z, count: to_digits(z, int(count)),
    "round": lambda z, count: to_decimals(z, int(count)),
}
SOFT = re.compile(r"((signif|round)\()?(log\((1 \+ )?exp\(|exp\([^/]+\)/\(?exp\()")
TO_ASCII = str.maketrans({"·": "*", "−": "-", "½": "0.5", "²": "**2"})
FROM_LATEX = (  # again and again, as the innermost come first
    (r" \\cdot 10\^\{(-?\d+)\}", r"e\1"),
    (r"\\tfrac\{1\}\{2\}", "0.5"),
    (r"\\mathbf\{1\}\\left\[([^\[\]]*)\\right\]", r"(1 if \1 else 0)"),
    (r"\\(?:left|right)([()])|\\text\{([^{}]*)\}", r"\1\2"),
    (r" \\cdot ", "*"),
    (r"\\ln", "log"),
    (r"\\sigma", "sigmoid"),
    (r"\\(tanh|max|inf)(ty)?", r"\1"),
    (r"^\\mathrm\{(signif|round)\}_\{(\d)\}\((.*)\)$", r"\1(\3, \2)"),
    (r"\\mathrm\{NaN\}", "nan"),
    (r"\^2", "**2"),
    (r"e\^\{([^{}]*)\}", r"exp(\1)"),
    (r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))"),
)
NUMPY_BY_HAND = load_lesson("numpy-by-hand").spec
rounds = st.integers(1, 3)


def round_of(spec: Spec, round_: int = 1) -> dict[str, Any]:
    """Everything in a round: what it is computed from, in the engine's precision, and what it computes."""
    engine = NumpyEngine(spec)
    run = Run(engine)
    run.train_to(round_)
    n = spec.network
    with np.errstate(all="ignore"):
        data = np.array([*spec.inputs[0], *spec.targets[0]]).astype(engine.dtype)
    start = zip(n.inputs + n.targets + n.parameters, (*data, *run.parameters(round_)), strict=True)
    return {**dict(start), "eta": spec.step, **run.values(round_)}


def worked(spec: Spec, round_: int = 1, form: WrittenForm = ASCII, digits: int = 6) -> dict[str, WorkedDerivation]:
    working = Working(spec.network, round_of(spec, round_), form=form, digits=digits)
    return {line.name: working.derivation(line.name) for line in list_formulas(spec.network)}


def lines(derived: dict[str, WorkedDerivation]) -> list[WorkedLine]:
    return [line for one in derived.values() for line in (one.line, one.chain, *one.factors) if line]


def worth(text: str, kind: type[Any], values: Mapping[str, Any] | None = None) -> Any:
    """What a text is worth in numbers of a precision, its letters by their values."""

    def of(node: ast.expr) -> Any:
        match node:
            case ast.Constant(value):
                return kind(value)
            case ast.Name(word):
                return values[word] if values else kind(word)  # nan or inf
            case ast.UnaryOp(ast.USub(), operand):
                return -of(operand)
            case ast.BinOp(base, ast.Pow(), ast.Constant(2)):
                return of(base) * of(base)
            case ast.BinOp(left, sign, right):
                return OPERATORS[type(sign)](of(left), of(right))
            case ast.Call(ast.Name(name), arguments):
                return FUNCTIONS[name](*map(of, arguments))
            case ast.IfExp(ast.Compare(left, [ast.Gt()], [right]), then, otherwise):
                return of(then) if of(left) > of(right) else of(otherwise)
        raise AssertionError(ast.dump(node))

    with np.errstate(all="ignore"):
        return of(ast.parse(text, mode="eval").body)


def is_true(line: WorkedLine, digits: int) -> bool:
    """Whether the numbers of a line give its result to somebody with a calculator, to the digits it is shown with."""
    return same(float(f"{float(worth(line.numbers, np.float64)):.{digits - 1}e}"), float(line.result))


def same(one: Any, other: Any) -> bool:
    return bool(one == other or (np.isnan(one) and np.isnan(other)))


def ascii_of_latex(text: str) -> str:
    for pattern, by in FROM_LATEX * 3:
        text = re.sub(pattern, by, text)
    return text


def is_well_set(latex: str) -> bool:
    """Whether braces, and pairs of left and right, open before they close, with something in all of them."""
    for opens, closes in ((r"\{", r"\}"), (r"\\left[(\[]", r"\\right[)\]]")):
        depths = list(accumulate(1 if found[1] else -1 for found in re.finditer(f"({opens})|{closes}", latex)))
        if depths and (min(depths) < 0 or depths[-1] != 0):
            return False
    return not re.search(r"\{ *\}|\\left. *\\right|[(\[] *[)\]]|  |^ | $", latex)


@examples(200)
@given(rounded_or_not, rounds)
def test_every_formula_and_its_letters_are_worth_the_engine_s_value_to_the_last_bit(spec: Spec, round_: int) -> None:
    values, kind = round_of(spec, round_), NumpyEngine(spec).dtype.type
    for line in list_formulas(spec.network):
        found, letters = compile_expression(line.expr)(values), write(line.expr, ASCII.letters)
        assert type(found) is kind and same(found, values[line.name]), line
        assert SOFT.match(letters) or np.isnan(found) or same(worth(letters, kind, values), found), letters


@examples(200)
@given(rounded_or_not, rounds)
def test_the_printed_numbers_put_into_the_printed_formula_give_the_printed_result(spec: Spec, round_: int) -> None:
    for digits in (3, 6, 12, 17):
        for line in dict.fromkeys(lines(worked(spec, round_, digits=digits))):
            assert "nan" in line.numbers or is_true(line, digits) == line.holds, (digits, line)
            # in float32 a small difference of large numbers is not what a calculator makes of them
            soft = SOFT.match(line.numbers) or "if nan > 0" in line.numbers  # which is not nan as it is written
            assert line.holds or spec.precision == "float32" or soft, (digits, line)


@over(round_=[1, 2, 100], lesson=load_bundled_lessons())
def test_hardly_a_line_of_a_bundled_lesson_is_only_about_true(lesson: Lesson, round_: int) -> None:
    found = dict.fromkeys(lines(worked(lesson.spec, round_)))
    not_quite = [line for line in found if not line.holds and "inf" not in line.numbers + line.result]
    assert len(not_quite) <= (0.03 * len(found) if lesson.spec.precision == "float32" else 0), not_quite


@examples(200)
@given(rounded_or_not, rounds)
def test_every_derivation_prints_the_same_in_all_three_forms(spec: Spec, round_: int) -> None:
    kind = NumpyEngine(spec).dtype.type
    in_all = zip(*(lines(worked(spec, round_, form)) for form in (ASCII, UNICODE, LATEX)), strict=True)
    for plain, signs, latex in dict.fromkeys(in_all):
        texts = [(line.label, line.letters, line.numbers, line.result) for line in (plain, signs, latex)]
        assert all(map(all, texts))
        assert "".join(texts[0]).isascii() and not re.search("[-*]", "".join(texts[1]))
        assert all(map(is_well_set, texts[2])), latex
        assert (signs.numbers.translate(TO_ASCII), signs.result.translate(TO_ASCII)) == (plain.numbers, plain.result)
        assert same(worth(ascii_of_latex(latex.numbers), kind), worth(plain.numbers, kind)), (latex, plain)
        assert same(worth(ascii_of_latex(latex.result), kind), worth(plain.result, kind))


@examples(100)
@given(rounded_or_not)
def test_operands_have_no_more_digits_than_it_takes_to_make_the_line_true(spec: Spec) -> None:
    working = Working(spec.network, round_of(spec), form=ASCII, digits=3)
    for name, found in find_derivations(spec.network).items():
        line = working.line(name)
        for digits in range(3, 17):
            shorter = write(found.formula.expr, ASCII.numbers(working.values, digits))
            if shorter == line.numbers or not line.holds:
                break
            assert not is_true(replace(line, numbers=shorter), 3), line


@examples(100)
@given(problems(gradient="chain rule"), rounds)
def test_the_chain_rule_agrees_with_itself(spec: Spec, round_: int) -> None:
    values = round_of(spec, round_)
    assume(is_smooth(spec, values))
    for one in worked(spec, round_).values():
        assert one.agrees is (True if one.chain else None), one


@pytest.mark.parametrize(("precision", "small", "large"), [("float64", 1e-312, 1e150), ("float32", 1e-42, 1e19)])
def test_the_chain_rule_agrees_with_itself_in_tiny_and_huge_numbers(precision: str, small: float, large: float) -> None:
    start = replace(NUMPY_BY_HAND, gradient="chain rule", precision=precision)
    for spec in (
        replace(start, inputs=((small, 0.3),)),
        replace(start, weights=tuple(large * w for w in start.weights), activation_hidden="identity"),
    ):
        assert {one.agrees for one in worked(spec).values() if one.chain} <= {True, None}


def test_the_published_slip_is_told_from_the_chain_rule() -> None:
    agrees = {name: one.agrees for name, one in worked(NUMPY_BY_HAND, 3).items() if one.chain}
    wrong = {"delta_h1", "delta_h2", "dE_dw1", "dE_dw2", "dE_dw3", "dE_dw4"}
    assert agrees == {name: name not in wrong for name in agrees} and len(agrees) == 12


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_not_the_chain_rule_is_told_from_it_by_a_sentence(rule: str) -> None:
    """At every delta and gradient that it changes, and at no other."""
    spec = replace(NUMPY_BY_HAND, gradient=rule, rounds=1)
    right = round_of(replace(spec, gradient="chain rule"))
    for name, one in worked(spec).items():
        if one.chain:
            same_number = round_of(spec)[name] == right[name]
            assert one.agrees == same_number == one.by_chain_rule, name
            assert (f'the rule "{rule}" is not the chain rule' in one.verdict) != same_number


def test_a_round_that_is_rounded_on_the_way_says_so_and_blames_no_rule() -> None:
    spec = replace(NUMPY_BY_HAND, gradient="chain rule", rounding="3 digits")
    found = {one.verdict for one in worked(spec).values() if one.chain}
    assert found == {"Every result is rounded before it is used; the factors of this product are not."}
    line = worked(spec, form=UNICODE)["in_h2"].line
    assert (line.letters, line.numbers, line.result) == (
        "signif(w2·x1 + w4·x2, 3)",
        "signif((−0.4)·0.5 + 0.6·0.3, 3)",
        "−0.02",
    )


@pytest.mark.parametrize(("precision", "off"), [("float64", 1e-12), ("float32", 1e-3)])
def test_a_gradient_that_is_off_by_more_than_rounding_does_not_agree(precision: str, off: float) -> None:
    spec = replace(NUMPY_BY_HAND, precision=precision)
    values = round_of(spec)
    values["dE_dw5"] *= 1 + off
    assert Working(spec.network, values).derivation("dE_dw5").agrees is False


@examples(100)
@given(rounded_or_not, st.data())
def test_nothing_is_printed_that_needs_a_name_that_is_not_known(spec: Spec, data: st.DataObject) -> None:
    values, found = round_of(spec), find_derivations(spec.network)
    hidden = data.draw(st.sets(st.sampled_from(sorted(values))))
    working = Working(spec.network, values, known=set(values) - hidden)
    factors = {name: find_names(one.formula.expr) for name, one in found.items() if not one.formula.phase}
    hidden |= {name for name, of in factors.items() if hidden & set(of)}
    for name, expected in found.items():
        one = working.derivation(name)
        for line, expr in ((one.line, expected.formula.expr), (one.chain, expected.chain)):
            if line and expr:
                assert {bool(line.numbers), bool(line.result)} == {not hidden & {name, *find_names(expr)}}, line
        assert one.agrees is None or (one.chain and one.chain.result)


WORDS = {ASCII: "inf -inf nan", UNICODE: "inf −inf nan", LATEX: r"\infty -\infty \mathrm{NaN}"}


@pytest.mark.parametrize("form", WORDS)
@pytest.mark.parametrize(("precision", "scale"), [("float64", 1e200), ("float32", 1e30)])
def test_numbers_that_are_not_finite_print_as_words(form: WrittenForm, precision: str, scale: float) -> None:
    spec = problem((2, 3, 2), activation="identity", precision=precision)
    spec = replace(spec, weights=tuple(scale * w for w in spec.weights))
    words, seen = WORDS[form].split(), set()
    for round_ in (1, 2):
        for name, one in worked(spec, round_, form).items():
            value = round_of(spec, round_)[name]
            if not np.isfinite(value):
                assert one.line.result == words[2 if np.isnan(value) else int(value < 0)]
                seen.add(one.line.result)
    assert seen == set(words)
