"""The lines below the form of an exercise: what a key has done, or what the field with the cursor is."""

from textual.content import Content

from bptui.core.formulas.layers import Weight
from bptui.core.problem.kinds.setting_kinds import Choice
from bptui.exercise.cells import BIASES, INPUTS, TARGETS, WEIGHTS
from bptui.exercise.editor import Editor
from bptui.exercise.heading import FIELDS

_BETWEEN, _MORE = " · ", "… "


def describe_field(editor: Editor, width: int) -> Content:
    """Return the lines below the form: what a key has done, or what the field with the cursor is.

    Args:
        editor: The form.
        width: Columns of a line, in which the options of a choice are to stand.
    """
    if editor.notice:
        return Content.styled(editor.notice, "$text-error" if editor.is_refusal else "$text-success")
    draft, at = editor.draft, editor.at
    if fault := draft.faults.get(at):
        return Content.styled(f"{draft.name_of(at)}: {fault}", "$text-error")
    if at not in FIELDS:
        return Content(_describe_cell(editor))
    field = FIELDS[at]
    if not isinstance(field.kind, Choice):
        return Content(field.about if at == "title" else f"{field.about} ({field.needs})")
    chosen = field.kind.about_name(editor.text)
    return Content.assemble(f"{field.about}{f': {chosen}' if chosen else ''}\n", _list_options(editor, width))


def _list_options(editor: Editor, width: int) -> Content:
    """Return the options around the one that is chosen, as many as fit in a line."""
    options = editor.options
    first = chosen = options.index(editor.text)
    end = first + 1

    def measure(first: int, end: int) -> int:
        more = (first > 0) + (end < len(options))
        return len(_BETWEEN.join(options[first:end])) + more * len(_MORE)

    while True:
        grown = [(max(first - 1, 0), end), (first, min(end + 1, len(options)))]
        fitting = [span for span in grown if span != (first, end) and measure(*span) <= width]
        if not fitting:
            break
        first, end = min(fitting, key=lambda span: abs(chosen - span[0] - (span[1] - 1 - chosen)))
    shown = (
        Content.styled(name, "bold $text-accent") if name == editor.text else Content(name)
        for name in options[first:end]
    )
    before, after = _MORE * (first > 0), _MORE[::-1] * (end < len(options))
    return Content.assemble(before, Content(_BETWEEN).join(shown), after)


def _describe_cell(editor: Editor) -> str:
    """Return what a cell is, and how to fill it."""
    shape, at = editor.draft.shape, editor.at
    group, name = shape.find_group(at), shape.names[at]
    assert group is not None
    ends = {weight.name: weight for weight in shape.network.weights}
    what = {INPUTS: "an input", TARGETS: "a target", BIASES: f"a bias of {group.title.partition(' of ')[2]}"}
    said = _describe_weight(ends[name]) if group.kind == WEIGHTS else what[group.kind]
    return f"{name}: {said}. A pasted list or matrix fills the cells from here on."


def _describe_weight(weight: Weight) -> str:
    return f"the weight from {weight.source} to {weight.target}"
