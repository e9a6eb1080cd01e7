"""Whatever is typed, pasted and pressed, the form goes on, and what it trains is what its cells say."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bptui.core.formulas.names import bias
from bptui.exercise.editor import Editor
from bptui.exercise.lessons import make_empty, make_lesson
from bptui.exercise.typing import TypedLine
from tests.effort import examples

PIECES = (
    "0.5",
    "-",
    "1e",
    "8",
    "3, 2",
    "0,7",
    "[",
    "]",
    "[]",
    "[[[1]], []]",
    "[[1 2]\n [3 4]]",
    "1 2 3",
    "W1 = [[1,2],[3,4]]",
    "b2 = .5",
    "?",
    "\t",
)
METHODS = (
    "next",
    "previous",
    "enter",
    "fill_random",
    "fill_zeros",
    "undo",
    "choose_next",
    "finish",
    "ask_to_leave",
)
LINES = (TypedLine.erase, TypedLine.erase_after, TypedLine.erase_to_start, TypedLine.erase_word, TypedLine.go_to_end)
presses = st.one_of(
    st.tuples(st.just("type_text"), st.sampled_from(PIECES) | st.text(max_size=3)),
    st.tuples(st.just("paste"), st.sampled_from(PIECES) | st.text(max_size=20)),
    st.tuples(st.just("edit"), st.sampled_from(LINES)),
    st.tuples(st.just("go_across"), st.sampled_from([-1, 1])),
    st.tuples(st.sampled_from(METHODS)),
    st.tuples(st.just("field"), st.integers(0, 30)),
)


def press(editor: Editor, method: str, *arguments: Any) -> Editor:
    if method == "field":
        return editor.go_to(editor.draft.fields[arguments[0] % len(editor.draft.fields)])
    if method == "choose_next" and not editor.options:
        return editor
    return getattr(editor, method)(*arguments) or editor


@given(st.lists(presses, max_size=40))
@examples(300)
def test_no_key_and_no_paste_breaks_the_form(keys: list[tuple[Any, ...]]) -> None:
    editor = Editor(make_empty())
    for key in keys:
        editor = press(editor, *key)
        draft = editor.draft
        assert editor.at in draft.fields
        assert editor.place is None or 0 <= editor.place <= len(editor.text)
        assert not set(draft.faults) - set(draft.fields)
    editor = editor.finish()
    assert editor.is_refusal == (editor.draft.spec is None)
    if editor.draft.spec is not None:
        must_be_what_the_cells_say(editor)


def must_be_what_the_cells_say(editor: Editor) -> None:
    spec = make_lesson(editor.draft).spec
    named = {cell.name: editor.draft.text_of(cell.key) for cell in editor.draft.shape.cells}
    numbers = dict(zip((weight.name for weight in spec.network.weights), spec.weights, strict=True))
    for layer, own in zip(spec.network.layers, spec.biases, strict=True):
        numbers |= {bias(neuron): number for neuron, number in zip(layer.neurons, own, strict=False)}
    for row, (inputs, targets) in enumerate(zip(spec.inputs, spec.targets, strict=True), 1):
        sample = f"_s{row}" if len(spec.inputs) > 1 else ""
        numbers |= {f"x{place}{sample}": number for place, number in enumerate(inputs, 1)}
        numbers |= {f"y{place}{sample}": number for place, number in enumerate(targets, 1)}
    assert named.keys() <= numbers.keys()
    assert all(float(text.replace("−", "-")) == numbers[name] for name, text in named.items())
