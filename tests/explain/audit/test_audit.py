"""The audit: slips are named where they were made, and right values are never wrong, however they are printed."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from bptui.core.problem.spec import Spec
from bptui.core.quantities.printable import list_printable
from bptui.explain.audit.audit import audit_figures
from bptui.explain.audit.finding import FOLLOWS, FULL, PRINTED, RIGHT, ROUNDED, UNKNOWN, WRONG, Audit
from bptui.explain.calculation.changes import ChangeSet
from bptui.explain.calculation.figure import Figure
from bptui.explain.catalogue.conventions import list_bias_signs, list_cut_digits, list_turned_signs
from tests.effort import ALL
from tests.explain.slips import FLOWS, STYLES, Sheet, make_sheet
from tests.strategies import problem

SHEETS = 50 if ALL else 4  # of each style and flow: 300 with slips, and more than 300 with none
LINE = Spec.from_table(  # everything can be worked out by hand: in_h1 = 0.5, o1 = 0.25, E = ½o1², δ_o1 = o1
    {
        "network": {
            "inputs": [1.0],
            "targets": [0.0],
            "hidden": 1,
            "weights": [0.5, 0.5],
            "activation": {"hidden": "identity", "output": "identity"},
        },
        "training": {"step": 1.0},
    }
)
BIASED = problem(biases="per neuron")
TYPOGRAPHY: dict[str, Callable[[str], str]] = {
    "minus sign": lambda text: text.replace("-", "−"),
    "decimal comma": lambda text: text if re.search(r"\.\d\d\d$", text) else text.replace(".", ","),
    "power of ten": lambda text: text.replace("e", "·10^") if "e" in text else f"{text}·10^0",
}


def audit(*printed: tuple[int, str, str], spec: Spec = LINE, changes: ChangeSet = ()) -> Audit:
    return audit_figures([Figure(spec, *one) for one in printed], changes)


def statuses(found: Audit) -> list[str]:
    return [finding.status for finding in found.findings]


def cut(style: str, spec: Spec) -> ChangeSet:
    return tuple(list_cut_digits(spec)) if style.startswith("cut") else ()


# --- random sheets ---


def assert_slips_named(sheet: Sheet) -> int:
    """Check the audit of a sheet with slips; return how many of these are named.

    A slip that is not named is one that nobody could see: by chance its digits are those that the lesson gives, or the
    values before it with all their digits or as they are printed; or it is off by no more than rounding on the way may
    have done (by a unit of its last digit, or by what the finding states). Nothing else is named, except where such a
    slip was gone on with.
    """
    found = audit_figures(sheet.figures)
    named = set(found.slips)
    for place in sheet.slips - named:
        finding, digits = found.findings[place], sheet.figures[place].digits
        assert finding.value is not None
        off = abs(float(sheet.meant[place]) - float(digits.value))
        by_rounding = sheet.units_off(place) <= 1 or off <= 2.0 * (digits.half + finding.slack)
        assert digits.agree(finding.value) or by_rounding, (sheet.name([place]), sheet.meant[place], finding)
    assert named <= sheet.slips or sheet.slips - named, sheet.name(named - sheet.slips)
    return len(named & sheet.slips)


@pytest.mark.parametrize("style", STYLES[:2])
@pytest.mark.parametrize("flow", FLOWS)
def test_independent_slips_of_arithmetic_are_named_exactly(flow: str, style: str) -> None:
    named, made = 0, 0
    for seed in range(SHEETS):
        for slips in (2, 3):
            sheet = make_sheet(str(seed), flow, style, slips)
            named, made = named + assert_slips_named(sheet), made + len(sheet.slips)
    assert named >= 0.9 * made


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("flow", FLOWS)
def test_right_values_are_never_called_wrong(flow: str, style: str) -> None:
    """Ties, zeros, dead neurons, shared biases, any loss, and from one printed value to all are among the sheets."""
    for seed in range(SHEETS):
        sheet = make_sheet(str(seed), flow, style, rounds=(1, 2, 3)[: 1 + seed % 3], least=0.0, odd=seed % 2 == 0)
        found = audit_figures(sheet.figures, cut(style, sheet.figures[0].spec))
        assert not found.slips, (seed, sheet.name(found.slips))
        if flow == FLOWS[0] or style in ("python", "float32"):
            assert set(statuses(found)) == {RIGHT}


@pytest.mark.parametrize("typography", TYPOGRAPHY)
def test_right_values_are_right_in_any_typography(typography: str) -> None:
    for seed in range(5):
        for style in STYLES[:2]:
            sheet = make_sheet(str(seed), FLOWS[0], style)
            written = [
                Figure(one.spec, one.round, one.name, TYPOGRAPHY[typography](one.printed)) for one in sheet.figures
            ]
            assert set(statuses(audit_figures(written))) == {RIGHT}


def test_a_slip_whose_followers_were_calculated_from_it_is_the_only_one() -> None:
    """A hundred values follow from the first, and not one of them is called wrong."""
    for flow in FLOWS:
        sheet = make_sheet("one", flow, "decimals", 1)
        found = audit_figures(sheet.figures)
        (slip,) = sheet.slips
        assert found.slips == (slip,)
        follow = [finding for finding in found.findings if finding.status == FOLLOWS]
        assert all(finding.slips == {slip} for finding in follow)


# --- what is said of a value ---


def test_values_that_follow_from_a_slip_say_from_which() -> None:
    """By hand: 0.35 is printed for o1 = 0.25; so E = 0.06125, δ = 0.35, new w2 = 0.5 − 0.35·0.5 = 0.325."""
    found = audit((1, "in_h1", "0.5"), (1, "o1", "0.35"), (1, "E", "0.06125"), (1, "delta_o1", "0.35"))
    assert statuses(found) == [RIGHT, WRONG, FOLLOWS, FOLLOWS]
    assert [finding.slips for finding in found.findings[2:]] == [{1}, {1}]
    slip = found.findings[1]
    assert slip.value == slip.own == 0.25 and slip.step is not None
    assert slip.step.compute(dict(slip.operands)) == 0.25


def test_a_value_that_was_calculated_with_a_slip_though_the_slip_is_in_another_round_follows_from_it() -> None:
    """By hand: new w2 = 0.475 for 0.375; in round 2 h1 = w1 = 0.375, so o1 = 0.178125 and not 0.140625."""
    found = audit((1, "new_w2", "0.475"), (2, "o1", "0.178125"), (2, "h1", "0.375"))
    assert statuses(found) == [WRONG, FOLLOWS, RIGHT]
    assert found.findings[1].slips == {0}


def test_a_slip_after_a_slip_is_judged_by_the_numbers_as_printed() -> None:
    """By hand: o1 = 0.35 is printed, δ = 0.35 would follow and 0.53 is printed, so new w2 = 0.5 − 0.53·0.5 = 0.235."""
    found = audit((1, "o1", "0.35"), (1, "delta_o1", "0.53"), (1, "new_w2", "0.235"))
    assert statuses(found) == [WRONG, WRONG, FOLLOWS]
    assert found.findings[1].value == 0.35 and found.findings[1].own == 0.25
    assert found.findings[2].slips == {1}


def test_a_last_digit_that_rounding_along_the_way_may_have_moved_is_no_slip() -> None:
    """By hand: in_h1 = 0.634 and o1 = 0.3487; with 0.63 it is 0.3465, printed 0.347, and without rounding 0.349."""
    table = LINE.to_table()
    spec = Spec.from_table({**table, "network": {**table["network"], "weights": [0.634, 0.55]}})
    assert statuses(audit((1, "in_h1", "0.63"), (1, "o1", "0.3465"), (1, "E", "0.0600"), spec=spec)) == [RIGHT] * 3
    assert statuses(audit((1, "in_h1", "0.634"), (1, "o1", "0.35"), (1, "E", "0.06125"), spec=spec)) == [RIGHT] * 3
    assert statuses(audit((1, "h1", "0.63"), (1, "o1", "0.35"), (1, "E", "0.062"), spec=spec)) == [
        RIGHT,
        RIGHT,
        ROUNDED,
    ]
    assert statuses(audit((1, "in_h1", "0.634"), (1, "E", "0.0700"), spec=spec))[1] == WRONG


def test_a_value_that_cannot_be_checked_says_which_number_needs_how_many_digits() -> None:
    """By hand: o1 = 0.251001, printed 0.25, so o1 − y = 0.000001 could be anything to 0.005; with 6 decimals not."""
    table = LINE.to_table()
    network = {**table["network"], "weights": [0.502002, 0.5], "targets": [0.251]}
    spec = Spec.from_table({**table, "network": network})
    found = audit((1, "o1", "0.25"), (1, "dE_do1", "-0.001000"), spec=spec)
    assert statuses(found) == [RIGHT, RIGHT]
    found = audit((1, "o1", "0.25"), (1, "dE_do1", "-0.0005"), spec=spec)
    assert statuses(found) == [RIGHT, UNKNOWN]
    name, round_, needs = found.findings[1].unsure or ("", 0, 0)
    assert (name, round_) == ("o1", 1) and needs >= 4


def test_a_misprint_that_the_sheet_does_not_go_on_with_is_the_only_slip() -> None:
    """The values after it are right by the number that it should be: nothing follows from it."""
    right = {"o1": "0.25", "E": "0.03125", "delta_o1": "0.25", "dE_dw2": "0.125", "new_w2": "0.375"}
    found = audit(*((1, name, {**right, "o1": "0.52"}[name]) for name in right))
    assert statuses(found) == [WRONG, RIGHT, RIGHT, RIGHT, RIGHT]
    late = audit((1, "new_w2", "0.735"), (2, "o1", "0.140625"), (2, "dE_dw2", "0.052734375"), (2, "h1", "0.375"))
    assert statuses(late) == [WRONG, RIGHT, RIGHT, RIGHT]


def test_a_slip_is_a_misprint_only_where_more_values_come_without_it_than_with_it() -> None:
    """δ_o1 has a slip, ∂E/∂w2 goes on with it, and new w1 has another one, by which it is just what it should be."""
    found = audit(
        (1, "o1", "0.35"),
        (1, "delta_o1", "0.55"),
        (1, "dE_dw2", "0.275"),
        (1, "new_w2", "0.225"),
        (1, "dE_dw1", "0.175"),
    )
    assert statuses(found)[:4] == [WRONG, WRONG, FOLLOWS, FOLLOWS]


@pytest.mark.parametrize("name", ["dE_db_o1", "delta_o1"])
def test_a_value_printed_under_another_name_stands_for_the_same_number(name: str) -> None:
    """The gradient of a bias is its neuron's delta: what is calculated from either follows from a slip in it."""
    plain = make_values(BIASED)
    slip = plain["delta_o1"] * 2
    follows = slip * plain["h1"]
    found = audit(
        (1, "h1", f"{plain['h1']:.7f}"), (1, name, f"{slip:.7f}"), (1, "dE_dw5", f"{follows:.7f}"), spec=BIASED
    )
    assert statuses(found) == [RIGHT, WRONG, FOLLOWS]


def test_a_slip_in_another_name_of_a_number_may_be_gone_on_with_under_that_name_alone() -> None:
    """The bias moves by its wrong gradient, and the weights by the right delta, which is not printed."""
    plain = make_values(BIASED)
    names = ("dE_dw5", "dE_dw7", "dE_dh1", "delta_h1")
    slip = plain["delta_o1"] + 0.1
    printed = [(1, "dE_db_o1", f"{slip:.7f}"), *((1, name, f"{plain[name]:.7f}") for name in names)]
    new = (1, "new_b_o1", f"{plain['new_b_o1'] - BIASED.step * 0.1:.7f}")
    found = audit(*printed, new, spec=BIASED)
    assert statuses(found)[0] == WRONG and WRONG not in statuses(found)[1:]


def test_factors_of_a_delta_and_shares_of_the_loss_are_judged_where_they_are_calculated() -> None:
    plain = make_values(BIASED)
    names = ("E_o1", "E_o2", "dE_do1", "do1_din_o1", "dE_dh1", "dh1_din_h1", "change_w1", "din_h1_dw3")
    right = [(1, name, f"{plain[name]:.7f}") for name in names]
    assert set(statuses(audit(*right, spec=BIASED))) == {RIGHT}
    for place, name in enumerate(names):
        wrong = [*right]
        wrong[place] = (1, name, f"{plain[name] + 0.1:.7f}")
        assert audit(*wrong, spec=BIASED).slips == (place,), name
    share = (1, "E_o1", f"{plain['E_o1'] + 0.1:.7f}")
    loss = (1, "E", f"{plain['E'] + 0.1:.7f}")
    assert statuses(audit(share, loss, spec=BIASED)) == [WRONG, FOLLOWS]


def make_values(spec: Spec) -> dict[str, float]:
    """Everything that may be printed for round 1."""
    found = audit(*((1, name, "0") for name in list_printable(spec.network)), spec=spec)
    return {
        name: finding.own or 0.0 for name, finding in zip(list_printable(spec.network), found.findings, strict=True)
    }


def test_values_are_audited_as_a_convention_reads_them() -> None:
    """With the signs turned, and the bias as the weight of −1, the same digits have other signs."""
    plain, turned = make_values(BIASED), tuple(list_turned_signs(BIASED))
    sign, _ = list_bias_signs(BIASED)
    both = audit((1, "delta_o1", f"{-plain['delta_o1']:.7f}"), (1, "new_w5", f"{plain['new_w5']:.7f}"), spec=BIASED)
    assert statuses(both)[0] == WRONG
    both = audit(
        (1, "delta_o1", f"{-plain['delta_o1']:.7f}"),
        (1, "new_w5", f"{plain['new_w5']:.7f}"),
        (1, "change_b_o1", f"{-plain['change_b_o1']:.7f}"),
        spec=BIASED,
        changes=(*turned, sign),
    )
    assert set(statuses(both)) == {RIGHT}


# --- which digits a sheet goes on with ---


@pytest.mark.parametrize(("flow", "found"), [(FLOWS[0], FULL), (FLOWS[1], PRINTED)])
def test_which_digits_a_sheet_goes_on_with_is_seen_from_its_values(flow: str, found: str) -> None:
    seen = Counter(
        audit_figures(make_sheet(str(seed), flow, "significant", least=0.9).figures).flow for seed in range(8)
    )
    assert seen.most_common(1)[0][0] == found
    assert not seen[{FULL: PRINTED, PRINTED: FULL}[found]]


def test_a_value_before_the_first_round_or_of_no_name_is_wrong_and_stops_nothing() -> None:
    found = audit((1, "dE_dw99", "0.5"), (1, "o1", "0.25"))
    assert statuses(found) == [WRONG, RIGHT] and found.findings[0].value is None


@pytest.mark.parametrize("printed", ["nan", "inf", "1e400", "-0.0", "0", "1e-400", "5."])
def test_whatever_is_printed_is_audited(printed: str) -> None:
    found = audit((1, "o1", printed), (1, "E", "0.03125"), (2, "o1", printed), (2, "E", printed))
    assert len(found.findings) == 4


@pytest.mark.parametrize("style", ["rounded", "cut"])
@pytest.mark.parametrize("start", [0.5, 1.7e308])
def test_values_at_the_ends_of_the_doubles_are_audited(start: float, style: str) -> None:
    """Rounded or in units of their last digit they may be larger than any double, and so may what they move."""
    table = LINE.to_table()
    table["network"]["weights"], table["training"]["step"] = [start, 0.5], 1e300
    spec = Spec.from_table(table)
    for loss, gradient in product(("0.5", "1e-320"), ("0.5", "1e308", "0.123456")):
        for after in ("1e300", "1.7e308", "2e308", "1e-320"):
            printed = ((1, "E", loss), (1, "dE_dw1", gradient), (1, "new_w1", after), (2, "in_h1", after))
            assert len(audit(*printed, spec=spec, changes=cut(style, spec)).findings) == 4


def test_a_value_that_a_digit_moves_without_end_needs_all_digits_of_it() -> None:
    table = LINE.to_table()
    table["training"]["step"] = 1e300
    spec = Spec.from_table(table)
    printed = ((1, "E", "0.5"), (1, "dE_dw1", "1e308"), (1, "new_w1", "1.7e308"), (2, "in_h1", "1.7e308"))
    found = audit(*printed, spec=spec, changes=cut("cut", spec)).findings[0]
    assert (found.status, found.unsure) == (UNKNOWN, ("in_o1", 1, 0))


# --- optimisers ---

ADAM = replace(LINE, optimiser="adam", step=0.1)
GRADIENTS = ((1, "dE_dw2", "0.1250"), (1, "dE_dw1", "0.1250"))


def test_an_optimisers_means_that_are_not_printed_are_not_rounded_to_the_sheets_decimals() -> None:
    right, wrong = (
        audit(*GRADIENTS, (1, "new_w1", "0.4000"), spec=ADAM),
        audit(*GRADIENTS, (1, "new_w1", "0.1838"), spec=ADAM),
    )
    assert statuses(right) == [RIGHT, RIGHT, RIGHT] and statuses(wrong) == [RIGHT, RIGHT, WRONG]
    assert wrong.findings[-1].value == pytest.approx(0.4)


def test_nobody_divides_by_the_root_of_a_mean_that_is_printed_as_0() -> None:
    found = audit(*GRADIENTS, (1, "new_v_w1", "0.0000"), (1, "new_w1", "0.1838"), spec=ADAM)
    assert statuses(found) == [RIGHT, RIGHT, RIGHT, WRONG]
    assert found.findings[-1].value == pytest.approx(0.4)
