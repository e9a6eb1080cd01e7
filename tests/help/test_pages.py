"""What help says: every row can be printed for any problem, with the formulas that ran and the keys there are."""

from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.core.engines.engine import NumpyEngine
from bptui.core.engines.program import compile_expression
from bptui.core.formulas.losses import LOSSES
from bptui.core.formulas.network import CHAIN_RULE
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.settings import MOST_ROUNDS
from bptui.help.pages import HelpContext, HelpPage, make_page
from bptui.help.screens import SCREEN_TOPICS
from bptui.help.stepper import STEPPER_TOPICS
from bptui.help.topics import SUBJECT_TOPICS, Topic
from bptui.lessons.lesson import load_bundled_lessons, load_lesson
from bptui.practice.answers import MIN_DIGITS
from tests.strategies import network_of, numbers

TWO_BY_TWO = load_lesson("two-by-two").spec.network
TOPICS = {topic.name: topic for topic in SUBJECT_TOPICS}


def printed(topic: Topic, lesson: str = "two-by-two", state: str = "ready", detail: str = "2.0") -> HelpPage:
    return make_page(topic, HelpContext(load_lesson(lesson).spec.network, state, detail, defaultdict(lambda: "x")))


@pytest.mark.parametrize("lesson", [lesson.name for lesson in load_bundled_lessons()])
def test_every_row_is_printed_for_every_lesson_and_says_something(lesson: str) -> None:
    for topic in [topic for topics in SCREEN_TOPICS.values() for topic in topics] + [*SUBJECT_TOPICS]:
        found = printed(topic, lesson)
        assert (
            found.reading_hint
            and all(found.paragraphs)
            and not {"{", "}"} & set("".join((*found.paragraphs, found.reading_hint)))
        )


def test_every_phase_of_a_round_is_explained_with_its_formulas() -> None:
    every = {*TWO_BY_TWO.phases, "optimiser state"}
    assert {phase for topic in SUBJECT_TOPICS for phase in topic.phases} == every
    assert {phase for topic in STEPPER_TOPICS for phase in topic.phases} >= set(TWO_BY_TWO.phases) - {
        "output deltas",
        "hidden deltas",
    }


def test_a_name_stands_for_one_topic_only() -> None:
    names = [topic.name for topic in (*STEPPER_TOPICS, *SUBJECT_TOPICS)]
    assert len(set(names)) == len(names)


def test_the_formulas_are_those_of_the_network_on_the_screen() -> None:
    assert "δ_h_j = (Σ(k=1..2) δ_o_k·w_jk)·h_j·(1 − h_j)" in printed(TOPICS["delta"]).formulas
    assert "δ_h_j = (Σ(k=1..2) ∂E/∂w_jk)·h_j·(1 − h_j)" in printed(TOPICS["delta"], "numpy-by-hand").formulas
    assert "in_h_j = Σ(i=1..2) v_ij·x_i + b_h_j" in printed(TOPICS["forward pass"], "mazur-2015").formulas


def test_the_chain_rule_stands_in_general_with_its_sum_over_the_outputs() -> None:
    assert printed(TOPICS["chain rule"]).formulas == (
        "∂E/∂w_jk = ∂E/∂o_k·∂o_k/∂in_o_k·∂in_o_k/∂w_jk",
        "∂E/∂v_ij = Σ(k=1..2) ∂E/∂o_k·∂o_k/∂in_o_k·∂in_o_k/∂h_j·∂h_j/∂in_h_j·∂in_h_j/∂v_ij",
    )


def test_help_has_the_formulas_of_several_samples_and_of_an_optimiser() -> None:
    network = replace(TWO_BY_TWO, samples=(1, 2, 3), over_samples="mean", optimiser="momentum", decays=True)
    context = HelpContext(network, "ready", "2.0", defaultdict(lambda: "x"))
    pages = {topic.name: make_page(topic, context) for topic in SUBJECT_TOPICS}
    assert "E = (Σ(s=1..3) E⁽ˢ⁾)/3" in pages["loss"].formulas
    assert "new v(w_jk) = μ·v(w_jk) + (∂E/∂w_jk + λ·w_jk)" in pages["update"].formulas
    assert "This problem uses the optimiser momentum: torch's form" in "".join(pages["update"].paragraphs)
    assert pages["chain rule"].formulas == printed(TOPICS["chain rule"]).formulas


def test_without_a_hidden_layer_the_chain_ends_at_the_weights_from_the_inputs() -> None:
    assert printed(TOPICS["chain rule"], "and-neuron").formulas == ("∂E/∂w_ik = ∂E/∂o_k·∂o_k/∂in_o_k·∂in_o_k/∂w_ik",)


def test_a_rule_that_changes_nothing_is_said_to() -> None:
    idle = replace(load_lesson("and-neuron").spec, gradient="as published").network
    found = make_page(TOPICS["delta"], HelpContext(idle, "ready", "2.0", defaultdict(lambda: "x")))
    assert found.paragraphs[-1].endswith(" It changes nothing in this network.")


def test_a_wrong_gradient_rule_is_told_beside_its_formulas() -> None:
    rule = RULES["as published"]
    assert rule.about in printed(TOPICS["delta"], "numpy-by-hand").paragraphs[-1]
    assert len(printed(TOPICS["delta"]).paragraphs) == 1


def test_the_rules_that_are_said_to_be_shown_in_print_are_those_of_the_bundled_lessons() -> None:
    (topic,) = (topic for topic in SCREEN_TOPICS["settings"] if topic.name == "gradient rule")
    said = topic.paragraphs[0].rpartition(" of bundled lessons: ")[2].removesuffix(".").split("; ")
    lessons = [lesson for lesson in load_bundled_lessons() if lesson.figures]
    specs = [lesson.spec for lesson in lessons]
    specs += [lesson.make_variant(variant).spec for lesson in lessons for variant in lesson.variants]
    assert set(said) == {spec.gradient for spec in specs} - {CHAIN_RULE} and "Four of them" in topic.paragraphs[0]


@given(numbers(3), numbers(3), st.sampled_from([name for name in LOSSES if "squared" in name]))
def test_in_a_squared_error_the_output_furthest_from_its_target_has_the_largest_part(
    outputs: list[float], targets: list[float], loss: str
) -> None:
    """As the help on the loss says; in a cross entropy an output far from its target can have a smaller part."""

    def rate(wrong: set[int]) -> float:
        """Return the loss where only these outputs differ from their targets."""
        given_ = {f"o{k + 1}": outputs[k] if k in wrong else targets[k] for k in range(3)}
        given_ |= {f"y{k + 1}": targets[k] for k in range(3)}
        return float(compile_expression(LOSSES[loss].value(network_of(1, 3, loss=loss)))(given_))

    parts = [rate({k}) for k in range(3)]
    apart = [abs(o - y) for o, y in zip(outputs, targets, strict=True)]
    assert parts[apart.index(max(apart))] == max(parts)
    assert "largest part" in TOPICS["loss"].reading_hint


def test_help_says_how_many_digits_an_answer_needs_and_how_many_rounds_there_are() -> None:
    said = {name: printed(topics[0]).text for name, topics in SCREEN_TOPICS.items()}
    assert MIN_DIGITS == 3 and "at least three significant digits" in said["practice"]
    assert f"from 1 to {MOST_ROUNDS:,}," in said["go_to"]


def test_the_examples_of_help_on_the_floor_are_so() -> None:
    page = printed(TOPICS["floor of the loss"])
    spec = load_lesson("two-by-two").spec
    assert spec.activation_output == "sigmoid" and -0.07 in spec.targets[0] and "target of −0.07" in page.text
    assert spec.floor == 0.5 * 0.07**2
    xor = replace(load_lesson("xor").spec, hidden=(), weights=(0.0,) * 2, biases_hidden=(), rounds=2)
    assert xor.floor == 0.0 and "For XOR it is 0, but a sigmoid without a hidden layer never comes" in page.text
    engine, random = NumpyEngine(xor), np.random.default_rng(1)
    states = random.normal(0.0, 1.0, (3, 1000)) * np.geomspace(0.1, 100.0, 1000)
    assert np.min(engine.evaluate(states, 1)["E"]) >= 0.5 - 1e-9


def test_why_torch_is_missing_is_told_in_full_and_what_to_do() -> None:
    why = "it does not load: " + "libtorch_cpu.so {0} [b]cannot[/b] be opened; " * 20
    (torch,) = (topic for topic in STEPPER_TOPICS if topic.name == "torch")
    said = " ".join(printed(torch, state="unavailable", detail=why).paragraphs)
    assert why in said and "x loads it again" in said and "finite differences" in said
    assert "2.0" in " ".join(printed(torch).paragraphs) and "loading" not in " ".join(printed(torch).paragraphs)
    assert "being loaded" in " ".join(printed(torch, state="loading", detail="").paragraphs)
