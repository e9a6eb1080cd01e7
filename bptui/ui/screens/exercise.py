"""The screen for the user's own exercise: a form with named cells, and the network drawn beside it.

The screen takes every key itself: a printable one is typed, others edit what is typed, and the rest are its bindings.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Button, Static

from bptui.core.formulas.layers import Weight
from bptui.core.problem.kinds.setting_kinds import Choice
from bptui.core.problem.spec import Spec
from bptui.exercise.cells import BIASES, INPUTS, TARGETS, WEIGHTS
from bptui.exercise.editor import Editor
from bptui.exercise.heading import FIELDS
from bptui.exercise.lessons import begin_draft, make_empty, make_lesson
from bptui.exercise.typing import TypedLine
from bptui.lessons.lesson import Lesson
from bptui.ui.bindings import HELP_BINDING, bind_key
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.forms.form import FormPanel
from bptui.ui.forms.sketch import SketchPanel
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.panel import Panel
from bptui.ui.widgets.role_styles import PanelScreen, require_set
from bptui.ui.widgets.too_small import TooSmall

_BESIDE = 100  # columns from which on form and network stand side by side
_TYPING: dict[str, Callable[[TypedLine], TypedLine]] = {
    "backspace": TypedLine.erase,
    "delete": TypedLine.erase_after,
    "ctrl+d": TypedLine.erase_after,
    "ctrl+u": TypedLine.erase_to_start,
    "ctrl+k": TypedLine.erase_to_end,
    "ctrl+w": TypedLine.erase_word,
    "home": TypedLine.go_to_start,
    "ctrl+a": TypedLine.go_to_start,
    "end": TypedLine.go_to_end,
    "ctrl+e": TypedLine.go_to_end,
}
"""What every field of a terminal takes, so that no help needs to list it."""


class MouseButton(Button, can_focus=False):
    """A button for the mouse alone: the cursor stays in the form."""

    def __init__(self, label: str, action: str) -> None:
        super().__init__(label, compact=True, action=f"screen.{action}")


class ExerciseScreen(DismissOnce[Lesson | None], PanelScreen[Lesson | None]):
    """Asks for an exercise of the user's own; returns it as a lesson, or nothing."""

    CSS_PATH = "exercise.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        bind_key("ctrl+s", "train", "exercise-train", "Train", "train it, from round 1", show=True, display="^s"),
        bind_key("tab", "edit('next')", "exercise-next", "Next", "the next field", show=True),
        bind_key("enter", "edit('enter')", "exercise-enter", "Next", "the next field; then the first empty cell"),
        bind_key("shift+tab", "edit('previous')", "exercise-before", "Before", "the field before"),
        bind_key("down", "down(1)", "exercise-down", "Down", "the field below"),
        bind_key("up", "down(-1)", "exercise-up", "Up", "the field above"),
        bind_key(
            "right", "across(1)", "exercise-right", "Right", "on in the text, then to the next field; the next choice"
        ),
        bind_key(
            "left", "across(-1)", "exercise-left", "Left", "back in the text, then to the field before; a choice back"
        ),
        bind_key(
            "f6", "edit('fill_random')", "exercise-random", "Random", "random weights, others each time", show=True
        ),
        bind_key("f7", "edit('fill_zeros')", "exercise-zeros", "Zeros", "weights of 0", show=True),
        bind_key(
            "f3", "switch_view", "exercise-view", "Network", "the network in place of the form, and back", show=True
        ),
        bind_key(
            "ctrl+z", "edit('undo')", "exercise-undo", "Undo", "take back the last change", show=True, display="^z"
        ),
        bind_key("ctrl+n", "begin_anew", "exercise-new", "New", "begin with an empty exercise"),
        bind_key("escape", "leave", "exercise-leave", "Cancel", "change nothing", show=True, display="esc"),
        replace(HELP_BINDING, key="f1"),
    ]
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (80, "-narrow"), (_BESIDE, "-beside"), (116, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012

    editor: reactive[Editor] = reactive(require_set, repaint=False, init=False)

    def __init__(self, lesson: Lesson, spec: Spec, titles: Collection[str], strokes: Strokes = BRAILLE) -> None:
        """Ask for an exercise.

        Args:
            lesson: The lesson that is open: what to begin with, if it is the user's own.
            spec: The problem that is open.
            titles: The titles that a new exercise cannot have.
            strokes: What the network is drawn with.
        """
        super().__init__()
        self._titles, self._strokes = titles, strokes
        self.set_reactive(ExerciseScreen.editor, Editor(begin_draft(lesson, spec, titles)))

    def compose(self) -> ComposeResult:
        """Yield the form and the network side by side, what is to be said, and the buttons."""
        with Horizontal(id="body"):
            yield FormPanel("my own exercise", id="form").data_bind(frame=ExerciseScreen.editor)
            yield SketchPanel(self._strokes).data_bind(frame=ExerciseScreen.editor)
        yield Static(_describe(self.editor), id="about", markup=False)
        with Horizontal(id="buttons"):
            yield MouseButton("Train", "train")
            yield MouseButton("Cancel", "leave")
            yield MouseButton("Random weights", "edit('fill_random')")
            yield MouseButton("Zero weights", "edit('fill_zeros')")
            yield MouseButton("Start empty", "begin_anew")
        yield TooSmall()
        yield KeysFooter()

    # Keys, pastes and clicks

    def on_key(self, event: events.Key) -> None:
        """Type a key; what is neither typed nor edits what is typed is a key of the bindings."""
        if event.is_printable and event.character:
            self.editor = self.editor.type_text(event.character)
        elif event.key in _TYPING:
            self.editor = self.editor.edit(_TYPING[event.key])
        else:
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Put in what is pasted, over as many cells as it has numbers."""
        event.stop()
        self.editor = self.editor.paste(event.text)

    def on_panel_selected(self, message: Panel.Selected) -> None:
        """Go to the field, or to the cell of the weight or node, that was clicked."""
        self.editor = self.editor.go_to(_find_key(self.editor, message.part))

    def action_edit(self, method: str) -> None:
        """Call the editor's method of a key."""
        self.editor = getattr(self.editor, method)()

    def action_down(self, step: int) -> None:
        """Go to the field below, or above."""
        self.editor = self.editor.go_down(self.query_one(FormPanel).list_rows(self.editor), step)

    def action_across(self, step: int) -> None:
        """Move the cursor to the right, or to the left."""
        self.editor = self.editor.go_across(step)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether an action makes sense: there is nothing to switch where form and network stand side by side."""
        return not (action == "switch_view" and self.app.size.width >= _BESIDE)

    def action_switch_view(self) -> None:
        """Show the network in place of the form, or the form again, where they do not stand side by side."""
        self.toggle_class("-network")

    def action_leave(self) -> None:
        """Return nothing; where something was typed, only when asked a second time."""
        asked = self.editor.ask_to_leave()
        if asked is None:
            self.dismiss(None)
        else:
            self.editor = asked

    def action_begin_anew(self) -> None:
        """Begin with an empty exercise."""
        self.editor = self.editor.begin_anew(make_empty(self._titles))

    def action_train(self) -> None:
        """Return the exercise, or go to what keeps it from being trained."""
        left = self.editor.find_fault()
        if left is None:
            self.dismiss(make_lesson(self.editor.draft))
        else:
            self.editor = left
            self.app.bell()

    def watch_editor(self, editor: Editor) -> None:
        """Say what there is to say of the field with the cursor."""
        self.query_one("#about", Static).update(_describe(editor))


def _find_key(editor: Editor, part: str) -> str:
    """Return the key of a field, or of the cell that a part of the drawing stands for."""
    shape = editor.draft.shape
    if part in editor.draft.fields:
        return part
    names = [part, f"{part}_s1", f"b_{part}", part.replace("o", "y", 1), f"{part.replace('o', 'y', 1)}_s1"]
    keys = {name: key for key, name in reversed(shape.names.items())}
    return next((keys[name] for name in names if name in keys), editor.at)


def _describe(editor: Editor) -> Content:
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
