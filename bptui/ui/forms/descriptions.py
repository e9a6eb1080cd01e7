"""The lines below the form of an exercise: what a key has done, or what the field with the cursor is."""

from textual.content import Content

from bptui.core.formulas.layers import Weight
from bptui.core.problem.kinds.setting_kinds import Choice
from bptui.exercise.cells import BIASES, INPUTS, TARGETS, WEIGHTS
from bptui.exercise.editor import Editor
from bptui.exercise.heading import FIELDS


def describe_field(editor: Editor) -> Content:
    """Return the lines below the form: what a key has done, or what the field with the cursor is."""
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
    options = Content(" · ").join(
        Content.styled(name, "bold $text-accent") if name == editor.text else Content(name) for name in editor.options
    )
    return Content.assemble(f"{field.about}{f': {chosen}' if chosen else ''}\n", options)


def _describe_cell(editor: Editor) -> str:
    """Return what a cell is, and how to fill it."""
    shape, at = editor.draft.shape, editor.at
    group, name = shape.find_group(at), shape.names[at]
    assert group is not None
    ends = {weight.name: weight for weight in shape.network.weights}
    what = {INPUTS: "an input", TARGETS: "a target", BIASES: f"a bias of {group.title.partition(' of ')[2]}"}
    said = _describe_weight(ends[name]) if group.kind == WEIGHTS else what[group.kind]
    return f"{name}: {said}. A pasted list or matrix goes on from here."


def _describe_weight(weight: Weight) -> str:
    return f"the weight from {weight.source} to {weight.target}"
