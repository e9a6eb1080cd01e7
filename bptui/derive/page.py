"""The whole calculation of a round as a page, in the order a person does it: what a student hands in.

The numbers are the NumPy engine's, in the run's precision and with the lesson's gradient rule. Rounding affects only
what is shown, unless the calculation itself rounds.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bptui.core.engines.engine import NumpyEngine
from bptui.core.formulas.backprop import list_formulas
from bptui.core.formulas.expr import find_names
from bptui.core.formulas.names import gradient, updated
from bptui.core.formulas.network import CHAIN_RULE, Network
from bptui.core.formulas.rounding import NONE
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.kinds.suggestions import suggest
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import UserError
from bptui.core.quantities.chain_rule import find_derivations
from bptui.core.quantities.parts import describe
from bptui.core.training.run import Run
from bptui.derive.blocks import Block, Equation, Equations, Heading, Paragraph, Table
from bptui.derive.formats import FORMATS
from bptui.derive.given import make_general_blocks, make_given_blocks
from bptui.derive.notations import WrittenForm, format_label
from bptui.derive.phases import title_phase
from bptui.derive.worked import WorkedDerivation, WorkedLine, Working
from bptui.lessons.lesson import Lesson
from bptui.lessons.printed_values import describe_other_sample
from bptui.text.words import format_count


def derive_round(lesson: Lesson, round_: int, kind: str, digits: int, quantity: str | None = None) -> Iterator[str]:
    """Yield the lines of the page.

    Args:
        lesson: The problem.
        round_: The round, from 1.
        kind: One of ``FORMATS``.
        digits: Significant digits shown.
        quantity: The name of the only quantity to derive; all if left out.

    Raises:
        UserError: If the network has no such quantity.
    """
    if quantity is None:
        return FORMATS[kind].print(make_derivation_page(lesson, round_, FORMATS[kind].form, digits))
    name = _resolve_name(lesson.spec.network_of(round_), quantity)
    return FORMATS[kind].print(
        _derive_quantity(make_working(train_to(lesson.spec, round_), round_, FORMATS[kind].form, digits), name)
    )


def make_derivation_page(lesson: Lesson, round_: int, form: WrittenForm, digits: int) -> Iterator[Block]:
    """Yield the whole page as blocks, to be printed alone or as part of another page.

    Args:
        lesson: The problem.
        round_: The round, from 1.
        form: How formulas are written.
        digits: Significant digits shown.
    """
    run = train_to(lesson.spec, round_)
    return _derive_round(lesson, round_, make_working(run, round_, form, digits), run.left_finite)


def train_to(spec: Spec, round_: int) -> Run:
    """Return a run of the NumPy engine that is trained to the end of a round."""
    run = Run(NumpyEngine(spec))
    run.train_to(round_)
    return run


def make_working(run: Run, round_: int, form: WrittenForm, digits: int) -> Working:
    """Return the numbers of a round of a run, ready to be put into formulas."""
    values = {**run.given(round_), **run.values(round_)}
    return Working(run.spec.network_of(round_), values, form=form, digits=digits)


def _resolve_name(network: Network, quantity: str) -> str:
    """Return the name of the quantity or factor that the user means."""
    known = list(find_derivations(network))
    on_paper = {spelling: name for name in known for spelling in (format_label(name), name.replace("_d", "/d"))}
    if (name := on_paper.get(quantity, quantity)) in known:
        return name
    if name in network.given:
        raise UserError(f"--quantity: {name} is given, not calculated ({describe(network, name)})")
    if other := describe_other_sample(network, name):
        raise UserError(f"--quantity: {name} {other}")
    hint = suggest(name, known) or f"; it has {', '.join(f.name for f in list_formulas(network))}"
    raise UserError(f"--quantity: this network has no {name}{hint}")


def _derive_quantity(working: Working, quantity: str) -> Iterator[Block]:
    worked = working.derivation(quantity)
    if worked.general:
        yield Paragraph("In general:")
        left, right = worked.general
        yield Equations((Equation(left, (right,)),))
        yield Paragraph("Here:")
    yield Equations((_make_equation(worked.line),))
    made_of = find_derivations(working.network)[quantity].formula.expr
    if parts := [working.line(name) for name in find_names(made_of) if name in find_derivations(working.network)]:
        yield Paragraph("with")
        yield Equations(tuple(map(_make_one_line_equation, parts)))
    if worked.chain:
        yield Paragraph("The chain rule, multiplied out:")
        yield Equations((_make_equation(worked.chain),))
        if worked.verdict:
            yield Paragraph(worked.verdict)
        yield Paragraph("The factors:")
        yield Equations(tuple(map(_make_one_line_equation, worked.factors)))
    yield from _simplify((worked,))


def _derive_round(lesson: Lesson, round_: int, working: Working, lost: int | None) -> Iterator[Block]:
    yield Heading(f"Backpropagation: derivation of round {round_:,}", 1)
    yield Paragraph(lesson.title)
    if lost is not None and lost <= round_:
        yield Paragraph(describe_lost_numbers(lost))
    yield from make_given_blocks(lesson.spec, working)
    yield from make_general_blocks(working)
    named, departs = {f.name for f in list_formulas(working.network)}, _find_first_departure(working.network)
    for number, (phase, group) in enumerate(groupby(list_formulas(working.network), lambda f: f.phase), 1):
        title, about = title_phase(working.network, phase)
        yield Heading(f"{number}. {title}")
        quantities = [f.name for f in group]
        yield Paragraph(f"{about} {make_rule_sentence(working.network)}" if departs in quantities else about)
        found = [working.derivation(name) for name in quantities]
        factors = [factor for worked in found if worked.by_chain_rule for factor in worked.factors]
        new = {factor.name: _make_one_line_equation(factor) for factor in factors if factor.name not in named}
        named |= new.keys()
        if new:
            yield Equations(tuple(new.values()))
        yield Equations(tuple(equation for worked in found for equation in _make_equations_with_chain(worked)))
        yield from _simplify([worked for worked in found if worked.simpler])
    yield Heading("Parameters before and after the update")
    yield _update_table(working)
    yield Paragraph(make_precision_sentence(lesson.spec, working.digits))


def _find_first_departure(network: Network) -> str | None:
    """Return the first quantity that is not computed by the chain rule, or is out of its order; None if none is."""
    by_chain_rule = list_formulas(replace(network, rule=CHAIN_RULE))
    return next((f.name for f, right in zip(list_formulas(network), by_chain_rule, strict=True) if f != right), None)


def make_rule_sentence(network: Network) -> str:
    """Return the rule that takes the place of the chain rule, and what it does."""
    done = RULES[network.rule].describe(network)
    return (
        f'Instead of the chain rule, this derivation follows the rule "{network.rule}". {done[:1].upper()}{done[1:]}.'
    )


def _make_equation(line: WorkedLine) -> Equation:
    # Skip lines that only repeat a name or a number
    return Equation(line.label, tuple(dict.fromkeys((line.letters, line.numbers, line.result))), exact=line.holds)


def _make_one_line_equation(line: WorkedLine) -> Equation:
    return replace(_make_equation(line), on_one_line=True)


def _make_equations_with_chain(worked: WorkedDerivation) -> tuple[Equation, ...]:
    """Return a quantity's short form, after the multiplied-out chain rule if its gradient rule is the chain rule."""
    short = _make_equation(worked.line)
    return (_make_equation(worked.chain), short) if worked.chain and worked.by_chain_rule else (short,)


def _simplify(found: Sequence[WorkedDerivation]) -> Iterator[Block]:
    """Yield some deltas simplified, each with all steps to it; nothing if they are simple already."""
    for number, worked in enumerate(worked for worked in found if worked.simpler):
        if not number:
            yield Paragraph(f"Simplified: {'; '.join(words for words, _ in worked.simpler)}.")
        letters = [line.letters for _, line in worked.simpler]
        last = worked.simpler[-1][1]
        yield Equations(
            (Equation(last.label, tuple(dict.fromkeys((*letters, last.numbers, last.result))), exact=last.holds),)
        )
        if worked.remark:
            yield Paragraph(worked.remark)


def _update_table(working: Working) -> Table:
    network, form = working.network, working.form

    rows = tuple((form.letters.name(p), *map(working.value, (p, gradient(p), updated(p)))) for p in network.parameters)
    return Table(("parameter", "before", "gradient", "after"), rows, formulas=(0, 1, 2, 3))


def describe_lost_numbers(lost: int) -> str:
    """Return a warning about a run whose numbers are no longer finite from a round on."""
    return f"From round {lost:,} on, the numbers of this run are no longer all finite: some are inf or nan."


def make_precision_sentence(spec: Spec, digits: int) -> str:
    """Return what the numbers were calculated in, and how many digits of them are shown."""
    to = spec.rounding.replace("digits", "significant digits").replace("decimals", "decimal places")
    between = "nothing else is rounded between the lines"
    if spec.rounding != NONE:
        between = f"every result is rounded to {to} before it is used"
    single = (
        " Float32 keeps about seven digits of every intermediate result; where a line has ≈ instead of =, this is why."
    )
    shown = format_count(digits, "significant digit")
    return (
        f"Calculated in {spec.precision}; {between}. Results are shown with {shown}; "
        "the numbers in a formula have more digits where its result needs them."
        f"{single if spec.precision == 'float32' else ''}"
    )
