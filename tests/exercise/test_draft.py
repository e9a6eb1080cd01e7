"""A draft: what is typed is what is trained, and sizes that change keep what fits."""

import random

from hypothesis import given
from hypothesis import strategies as st

from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import Table
from bptui.exercise.draft import Draft
from bptui.exercise.heading import FIELDS
from bptui.exercise.lessons import edit_lesson, make_empty, make_lesson
from bptui.lessons.lesson import Lesson, load_lesson
from tests.effort import examples
from tests.several import make_problems
from tests.strategies import tables

SIZES = ("inputs", "hidden", "outputs", "samples", "numbering", "biases", "bias_update")


def typed(draft: Draft, **texts: str) -> Draft:
    for name, text in texts.items():
        draft = draft.with_text(name, text)
    return draft


def filled(draft: Draft) -> Draft:
    """Every empty cell with a number that no other has."""
    for place, cell in enumerate(draft.shape.cells):
        draft = draft.with_text(cell.key, draft.text_of(cell.key) or f"0.{100 + place}")
    return draft


def by_name(draft: Draft) -> dict[str, str]:
    return {cell.name: draft.text_of(cell.key) for cell in draft.shape.cells}


def by_ends(draft: Draft) -> dict[str, str]:
    return {cell.ends: draft.text_of(cell.key) for cell in draft.shape.cells if "→" in cell.ends}


@given(tables().map(Spec.from_table) | st.sampled_from([*make_problems(12)]), st.randoms())
@examples(100)
def test_a_problem_typed_cell_by_cell_in_any_order_is_that_problem(spec: Spec, order: random.Random) -> None:
    whole = edit_lesson(Lesson("mine", "Mine", spec), spec)
    draft = Draft(make_empty().heading, make_empty().shape, {}, whole.base)
    keys = [*FIELDS, *(cell.key for cell in whole.shape.cells)]
    order.shuffle(keys)
    for key in keys:
        draft = draft.with_text(key, whole.text_of(key))
    assert draft.spec == spec
    assert not draft.faults and not draft.missing


@given(tables().map(Spec.from_table), st.lists(st.tuples(st.sampled_from(SIZES[:4]), st.integers(1, 8)), max_size=6))
@examples(100)
def test_sizes_that_change_there_and_back_bring_back_every_number(spec: Spec, changes: list[tuple[str, int]]) -> None:
    before = edit_lesson(Lesson("mine", "Mine", spec), spec)
    draft = typed(before, **{name: str(size) for name, size in changes})
    back = typed(draft, **{name: before.text_of(name) for name in SIZES[:4]})
    assert back.shape == before.shape
    assert back.spec == spec


def test_a_weight_stays_between_its_nodes_when_sizes_and_numbering_change() -> None:
    draft = filled(typed(make_empty(), hidden="2", outputs="2"))
    before, names = by_ends(draft), by_name(draft)
    wider = typed(draft, hidden="3", inputs="3", numbering="by destination")
    assert before.items() <= by_ends(wider).items()
    assert (names["w2"], by_name(wider)["w4"]) == (before["x1→h2"], before["x1→h2"])
    assert [wider.shape.names[key] for key in wider.missing] == [*("x3", "w3", "w6", "w7", "w8", "w9", "w12", "w15")]


def test_a_field_that_is_emptied_changes_no_size_and_says_what_it_needs() -> None:
    draft = filled(make_empty())
    for name, needs in (
        ("inputs", "1 to 8"),
        ("hidden", "1 to 8, or 0"),
        ("step", "a number above 0"),
        ("title", "a title"),
    ):
        emptied = typed(draft, **{name: ""})
        assert emptied.shape == draft.shape and emptied.texts == draft.texts
        assert emptied.faults[name].startswith(f"enter {needs}")
        assert emptied.spec is None and draft.spec is not None


def test_what_is_wrong_is_said_of_the_field_that_it_is_in() -> None:
    draft = filled(make_empty())
    cell = draft.shape.cells[0].key
    said = {
        "0,7": "must be a number; use a point: 0.7",
        "−0,05": "use a point: -0.05",
        "seven": "must be a number",
        "nan": "finite",
    }
    for text, message in said.items():
        assert message in typed(draft, **{cell: text}).faults[cell]
    assert typed(draft, step="0,5").faults == {"step": "must be a number; use a point: 0.5"}
    assert typed(draft, inputs="9").faults["inputs"] == "must be a whole number from 1 to 8"
    assert "softmax" not in FIELDS["activation_hidden"].options and "softmax" in FIELDS["activation_output"].options
    assert "batch" in typed(filled(typed(draft, samples="2")), batch="3").faults
    large = filled(typed(draft, inputs="8", hidden="8, 8, 8", outputs="8", samples="16"))
    assert "formulas" in large.faults["hidden"]


def test_a_layer_with_one_bias_has_one_cell_for_it() -> None:
    draft = filled(typed(make_empty(), biases="all layers", bias_update="shared", hidden="3", outputs="2"))
    assert [name for name in by_name(draft) if name[0] == "b"] == ["b_h1", "b_o1"]
    assert draft.spec is not None
    assert len(set(draft.spec.biases_hidden)) == 1 and len(draft.spec.biases_hidden) == 3
    apart = typed(draft, bias_update="frozen")
    assert [apart.shape.names[key] for key in apart.missing] == ["b_h2", "b_h3", "b_o2"]


def test_random_weights_are_the_same_for_a_seed_and_others_for_the_next() -> None:
    draft = typed(make_empty(), biases="hidden layers")
    one, other = draft.with_random_weights(), draft.with_random_weights().with_random_weights()
    assert one.texts == draft.with_random_weights().texts != other.texts
    numbers = [float(text) for text in by_ends(one).values()]
    assert len({*numbers}) == len(numbers) == 6 and all(-1 <= number <= 1 for number in numbers)
    assert {by_name(one)[name] for name in ("b_h1", "b_h2")} == {"0"}
    turned = typed(draft, numbering="by destination").with_random_weights()
    assert by_ends(turned) == by_ends(one)


def test_random_weights_come_at_any_sizes_also_while_something_is_wrong() -> None:
    for sizes in (("8", "8, 8, 8, 8", "8", "16"), ("1", "0", "1", "1"), ("", "2", "1", "1")):
        draft = typed(make_empty(), **dict(zip(SIZES, sizes, strict=False)), step="0,5").with_random_weights()
        assert all(by_ends(draft).values())
        assert draft.faults


def test_zero_weights_leave_a_bias_that_was_typed() -> None:
    draft = typed(make_empty(), biases="all layers", **{"b hidden 1": "0.35"}).with_zero_weights()
    assert set(by_ends(draft).values()) == {"0"}
    assert [by_name(draft)[name] for name in ("b_h1", "b_h2", "b_o1")] == ["0.35", "0", "0"]


def test_a_draft_keeps_what_it_has_no_field_for() -> None:
    lesson = load_lesson("momentum")
    draft = edit_lesson(lesson, lesson.spec)
    assert make_lesson(draft).spec == lesson.spec
    changed = make_lesson(typed(draft, step="0.25"))
    assert (changed.spec.step, changed.spec.optimiser) == (0.25, lesson.spec.optimiser)


def test_a_neuron_keeps_its_own_activation_until_its_layer_gets_another() -> None:
    table: Table = {
        "network": {"inputs": [0.1], "targets": [0.2], "weights": [1, 2, 3, 4], "activation": {"h2": "relu"}},
        "training": {},
    }
    spec = Spec.from_table(table)
    draft = edit_lesson(Lesson("mine", "Mine", spec), spec)
    assert draft.spec == spec
    other = typed(draft, activation_hidden="tanh").spec
    assert other is not None and other.activation_neurons == ()
