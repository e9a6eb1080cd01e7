"""The sentences of an explanation: they agree in number, claim no more than was found, and use the printed numbers."""

from dataclasses import replace

import pytest

from bptui.core.engines.engine import EngineUnavailableError
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.explain.calculation import torch_values
from bptui.explain.result import ExplanationData, GroupData
from bptui.explain.search.progress import SearchProgress
from bptui.explain.sentences import describe_progress, make_audit_lines, make_sentences
from bptui.explain.worker import LessonSearch
from bptui.lessons.lesson import Figures, load_lesson
from tests.explain.books import of_lesson, search_lesson

PROBLEM = replace(load_lesson("mazur-2015"), name="mine", figures=())
RIGHT, UPDATED, FEW, NOTHING = "0.000438567734", "0.000364722878", "0.00036", "0.000123456789"
THREE_WAYS = "0.002268350454"  # what two rules and a loss give


def ask(**printed: str) -> ExplanationData:
    """Return the explanation of some values of round 1."""
    return search_lesson(replace(PROBLEM, figures=(Figures(1, "numpy", {}, printed),)))


def audit(**printed: str) -> ExplanationData:
    """Return what is known of some values of round 1 before the search."""
    search = LessonSearch(replace(PROBLEM, figures=(Figures(1, "numpy", {}, printed),)))
    next(search.run())
    return search.told


def text(told: ExplanationData) -> str:
    return "\n".join(line.text for line in make_sentences(told))


def lines(told: ExplanationData) -> list[str]:
    return [line.text.strip() for line in make_sentences(told)]


def group_of(told: ExplanationData) -> GroupData:
    (group,) = told["groups"]
    return group


# --- the audit ---


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ({"dE_dw1": RIGHT}, "mine: the printed value matches, digit by digit"),
        ({"h1": "0.5932699921071873"}, "mine: the printed value matches, but for the last digits"),
        (
            {"dE_dw1": RIGHT, "h1": "0.5932699921071873"},
            "mine: both printed values match, 1 of them but for the last digits",
        ),
        ({"dE_dw1": RIGHT, "E": "0.298371109"}, "mine: both printed values match, digit by digit"),
        (
            {"dE_dw1": RIGHT, "E": "0.298371109", "h1": "0.593269992"},
            "mine: all 3 printed values match, digit by digit",
        ),
        ({"h1": "0.5932699921071873"}, "mine: the printed value matches, but for the last digits"),
        (
            {"h1": "0.5932699921071873", "dE_dw1": RIGHT},
            "mine: both printed values match, 1 of them but for the last digits",
        ),
        ({"dE_dw1": NOTHING}, "mine: the printed value differs"),
        ({"dE_dw1": NOTHING, "E": "0.298371109"}, "mine: 1 of 2 printed values matches, 1 differs"),
        ({"dE_dw1": NOTHING, "E": "0.9"}, "mine: 0 of 2 printed values match, 2 differ"),
    ],
)
def test_the_first_line_counts_what_matches_and_what_differs(printed: dict[str, str], said: str) -> None:
    first, *rest = make_audit_lines(audit(**printed))
    assert first.text == said
    assert bool(rest) == ("differ" in said)


def test_a_slip_is_shown_with_its_formula_and_the_printed_numbers_put_in() -> None:
    told = audit(h1="0.593269992", delta_o1="-0.5", dE_dw5="0.9")
    said = [line.text.strip() for line in make_audit_lines(told)]
    start = said.index("∂E/∂w5 in round 1 is printed as 0.9 but should be −0.297")
    assert said[start + 1 : start + 3] == ["∂E/∂w5 = δ_o1·h1", "= (−0.5)·0.593269992 = −0.297"]
    assert (
        "2 of them differ even if the numbers before them are taken as printed:" not in said
    )  # both that differ are slips
    assert "They differ even if the numbers before them are taken as printed:" in said
    assert "o1 is not printed, so the mistake may be there or earlier" in said


def test_what_goes_on_from_a_slip_is_counted_by_itself() -> None:
    said = [line.text for line in make_audit_lines(audit(delta_o1="-0.5", dE_dw5="-0.296634996"))]
    assert "1 of them differs even if the numbers before it are taken as printed:" in said
    assert "1 more differs only because it carries this error forward: ∂E/∂w5 in round 1" in said


def test_what_carries_on_one_of_several_slips_does_not_blame_all_of_them() -> None:
    said = text(of_lesson("nnwj"))
    assert "1 more differs only because it carries one of these errors forward: new w5 in round 1" in said


def test_names_share_their_round_where_they_are_listed() -> None:
    said = text(of_lesson("era-sheet"))
    assert "because they carry these errors forward: new w3 and new w4 in round 1; o2, E and ∂E/∂w6 in round 2" in said


def test_a_formula_of_a_convention_holds_for_the_numbers_as_they_are_printed() -> None:
    turned = {"delta_o1": "-0.2", "dE_dw5": "-0.082167041", "dE_dw6": "-0.082667628", "new_w5": "0.9"}
    found = list(make_audit_lines(audit(o1="0.75136507", h1="0.593269992", h2="0.596884378", **turned)))
    formulas = [line.text.strip() for line in found if line.kind == "formula"]
    assert "δ_o1 = (y1 − o1)·o1·(1 − o1)" in formulas
    assert "new w5 = w5 + η·∂E/∂w5" in formulas
    assert any("= 0.4 + 0.5·(−0.082167041) = 0.359" in line.text for line in found)


# --- what accounts for it ---


def test_of_a_single_value_it_is_said_what_was_done() -> None:
    said = text(ask(dE_dw1=UPDATED))
    assert "\nThis mistake reproduces the printed value:\n" in said
    (change,) = [line.text.strip() for line in make_sentences(ask(dE_dw1=UPDATED)) if line.kind == "change"]
    assert change == f'{RULES["updated weights"].about} [gradient rule "updated weights"]'
    (row,) = [line.text.split() for line in make_sentences(ask(dE_dw1=UPDATED)) if line.kind == "row"]
    assert row == ["1", "∂E/∂w1", UPDATED, "0.000438567734474", "0.000364722877594"]
    assert "Equally possible" not in said


def test_nothing_is_wrong_where_a_convention_accounts_for_everything() -> None:
    opposite = {"delta_o1": "-0.13849856", "delta_o2": "0.03809824", "dE_dw5": "-0.08216704", "dE_dw1": "-0.00043857"}
    said = text(ask(**opposite, new_w5="0.35891648", new_w1="0.14978072"))
    assert "This convention gives all 6 printed values, so nothing is wrong:" in said
    assert "should be" not in said and "mistake" not in said


def test_a_convention_is_one_possibility_where_a_mistake_would_do_as_well() -> None:
    said = text(ask(o1="0.75136507", delta_o1="-0.138498562"))
    assert "This convention gives both printed values; if it was used, nothing is wrong:" in said
    assert "the error has the wrong sign" in said.partition("Equally possible:")[2]
    assert "should be" not in said and "mistake" not in said


def test_a_value_that_matches_by_rounding_alone_is_named() -> None:
    told = ask(E="0.2", dE_dw1="0.00087713547")
    assert "This convention gives both printed values, so nothing is wrong:" in text(told)
    assert "   E in round 1 matches only if numbers were rounded along the way." in text(told)
    assert "rounded along the way" not in text(ask(dE_dw1=UPDATED))


def test_sets_that_fit_as_well_are_listed_with_a_value_that_would_decide() -> None:
    told = ask(dE_dw1=THREE_WAYS)
    best, _, others = text(told).partition("   Equally possible:\n")
    assert "This mistake reproduces the printed value:" in best
    *alike, decider = others.splitlines()
    assert [line[:5] for line in alike] == ["   · "] * 2
    for about in (RULES["output derivative forgotten"].about, RULES["raw error"].about, "the loss is binary cross"):
        assert about in text(told)
    assert group_of(told)["decider"] is not None and decider.endswith(" in round 1 would help to decide.")


def test_few_digits_are_said_to_prove_little() -> None:
    told = ask(dE_dw1=FEW)
    assert not group_of(told)["sure"]
    assert " would reproduce 1 printed value, but that could be chance:" in text(told)
    assert " reproduces " not in text(told)


def test_all_are_said_to_match_only_where_all_do() -> None:
    for told in (of_lesson("era-sheet"), of_lesson("nnwj"), ask(dE_dw1=FEW, E="0.9"), audit(dE_dw1=UPDATED)):
        alone = [group for group in told["groups"] if group["sure"] and group["explains"] == told["figures"]]
        assert bool(alone) == any(f"s {all_of}" in text(told) for all_of in ("all ", "both ", "the printed value:"))


def test_part_of_the_values_is_said_to_match_and_no_other_to_become_wrong() -> None:
    said = text(of_lesson("era-sheet"))
    assert "\nThis mistake reproduces 10 more printed values, and none that matched becomes wrong:\n" in said
    numbered = text(of_lesson("nnwj"))
    assert "\n1. This mistake reproduces 4 more printed values, and none that matched becomes wrong:\n" in numbered
    assert "\n2. " in numbered


def test_a_slip_without_a_cause_is_named_with_how_far_the_search_went() -> None:
    search = LessonSearch(replace(PROBLEM, figures=(Figures(1, "numpy", {}, {"dE_dw1": NOTHING}),)))
    for found in search.run():
        if isinstance(found, SearchProgress) and found.changes == 2:
            break
    told = search.stop()
    said = lines(told)
    assert said[-3:] == [
        "1 printed value has no known explanation so far.",
        "∂E/∂w1 in round 1 may come from an arithmetic error.",
        "Stopped before the end; each known mistake and convention was tried by itself.",
    ]
    assert lines({**told, "stopped": False, "limit": 20.0})[-1] == (
        "The search stopped after 20 s of processor time; each known mistake and convention was tried by itself."
    )
    ended = lines({**told, "stopped": False, "looked": 2, "left": told["left"] * 2})
    assert ended[-2:] == [
        "2 printed values have no known explanation; up to 2 known mistakes and conventions at once were tried.",
        "∂E/∂w1 and ∂E/∂w1 in round 1 may come from arithmetic errors.",
    ]


def test_where_an_explanation_has_too_few_digits_nothing_is_said_to_account_for_a_slip_only_for_certain() -> None:
    told = ask(dE_dw1=NOTHING)
    said = lines({**told, "possible": 1, "looked": 2, "limit": None})
    assert (
        "1 printed value has no certain explanation; up to 2 known mistakes and conventions at once were tried." in said
    )
    assert "1 explanation would give this value, but that could be chance." in said
    assert "certain" not in text({**told, "possible": 0})


def test_without_torch_it_is_said_that_last_digits_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_torch(name: str, spec: object) -> None:
        raise EngineUnavailableError("torch is not installed")

    monkeypatch.setattr(torch_values, "make_engine", no_torch)
    said = text(search_lesson(load_lesson("zero-weights")))
    assert said.endswith("torch is not installed: the last digits of torch's own float32 values are not compared")


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (SearchProgress(0, 0, 0), "calculating the rounds of the printed values"),
        (SearchProgress(1, 3, 110), "trying mistakes one by one: 3 of 110"),
        (SearchProgress(2, 1234, 4321, 12.3), "trying 2 mistakes at once: 1,234 of 4,321, about 12 s left"),
    ],
)
def test_progress_is_described_in_words(progress: SearchProgress, words: str) -> None:
    assert describe_progress(progress) == words
