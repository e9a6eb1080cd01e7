"""The screen for the user's own exercise: a form with named cells, and the network drawn beside it.

The screen takes every key itself: a printable one is typed, others edit what is typed, and the rest are its bindings.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.reactive import reactive
from textual.widgets import Static

from bptui.core.problem.spec import Spec
from bptui.exercise.editor import Editor
from bptui.exercise.lessons import begin_draft, make_empty, make_lesson
from bptui.exercise.typing import TypedLine
from bptui.lessons.lesson import Lesson
from bptui.session.notices import say_lesson_saved
from bptui.ui.bindings import HELP_BINDING, bind_key
from bptui.ui.dialogs.printed_values import PrintedScreen
from bptui.ui.dialogs.session_file import SaveLessonScreen
from bptui.ui.drawing.strokes import BRAILLE, Strokes
from bptui.ui.forms.buttons import MouseButton
from bptui.ui.forms.descriptions import describe_field
from bptui.ui.forms.form import FormPanel
from bptui.ui.forms.sketch import SketchPanel
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.ordered_keys import MANY_KEYS, TypedInto
from bptui.ui.widgets.painting.role_styles import PanelScreen, require_set
from bptui.ui.widgets.panel import Panel
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


class ExerciseScreen(DismissOnce[Lesson | None], PanelScreen[Lesson | None], TypedInto):
    """Asks for an exercise of the user's own; returns it as a lesson, or nothing."""

    CSS_PATH = "exercise.tcss"
    BINDINGS = [  # noqa: RUF012 - Textual's own form
        bind_key(
            "ctrl+s", "train", "exercise-train", "Train", "train this exercise from round 1", show=True, display="^s"
        ),
        bind_key("tab", "edit('next')", "exercise-next", "Next", "go to the next field", show=True),
        bind_key(
            "enter",
            "edit('enter')",
            "exercise-enter",
            "Next",
            "go to the next field; at the end, to the first empty cell",
        ),
        bind_key("shift+tab", "edit('previous')", "exercise-before", "Previous", "go to the previous field"),
        bind_key("down", "down(1)", "exercise-down", "Down", "go to the field below"),
        bind_key("up", "down(-1)", "exercise-up", "Up", "go to the field above"),
        bind_key(
            "right", "across(1)", "exercise-right", "Right", "move right in the text or to the next field; next choice"
        ),
        bind_key(
            "left",
            "across(-1)",
            "exercise-left",
            "Left",
            "move left in the text or to the previous field; previous choice",
        ),
        bind_key(
            "f6",
            "edit('fill_random')",
            "exercise-random",
            "Random",
            "set random weights, different each time",
            show=True,
        ),
        bind_key("f7", "edit('fill_zeros')", "exercise-zeros", "Zeros", "set all weights to 0", show=True),
        bind_key(
            "f8",
            "enter_printed",
            "exercise-printed",
            "Printed",
            "type or paste the printed values of this exercise",
            show=True,
        ),
        bind_key("f4", "save", "exercise-save", "Save", "save this exercise as a lesson file"),
        bind_key("f3", "switch_view", "exercise-view", "Network", "switch between the form and the network", show=True),
        bind_key("ctrl+z", "edit('undo')", "exercise-undo", "Undo", "undo the last change", show=True, display="^z"),
        bind_key("ctrl+n", "begin_anew", "exercise-new", "New", "start an empty exercise"),
        bind_key("escape", "leave", "exercise-leave", "Cancel", "close without changes", show=True, display="esc"),
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
        yield Static(id="about", markup=False)
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
        if event.character and (event.is_printable or event.key == MANY_KEYS):
            self.editor = self.editor.type_keys(event.character)
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
        """Return the exercise."""
        self._when_finished(self.dismiss)

    def action_save(self) -> None:
        """Save the exercise in a file."""
        self._when_finished(lambda lesson: self.app.push_screen(SaveLessonScreen(lesson), self._take_file))

    def _take_file(self, file: Path | None) -> None:
        if file is not None:
            self.editor = replace(self.editor, notice=say_lesson_saved(file))

    def action_enter_printed(self) -> None:
        """Type or paste the values that were printed for the exercise."""
        self._when_finished(lambda lesson: self.app.push_screen(PrintedScreen(lesson), self._take_printed))

    def _take_printed(self, lesson: Lesson | None) -> None:
        if lesson is not None:
            self.editor = self.editor.with_base(lesson)

    def _when_finished(self, then: Callable[[Lesson], object]) -> None:
        """Do something with the exercise, or go to what keeps it from being one."""
        self.editor = self.editor.finish()
        if self.editor.draft.spec is None:
            self.app.bell()
        else:
            then(make_lesson(self.editor.draft))

    def watch_editor(self, editor: Editor) -> None:
        """Say what there is to say of the field with the cursor."""
        self._describe()

    def on_resize(self) -> None:
        """Say it in as many columns as there are now."""
        self._describe()

    def _describe(self) -> None:
        about = self.query_one("#about", Static)
        about.update(describe_field(self.editor, self.app.size.width - about.gutter.width))


def _find_key(editor: Editor, part: str) -> str:
    """Return the key of a field, or of the cell that a part of the drawing stands for."""
    shape = editor.draft.shape
    if part in editor.draft.fields:
        return part
    names = [part, f"{part}_s1", f"b_{part}", part.replace("o", "y", 1), f"{part.replace('o', 'y', 1)}_s1"]
    keys = {name: key for key, name in reversed(shape.names.items())}
    return next((keys[name] for name in names if name in keys), editor.at)
