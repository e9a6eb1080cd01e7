"""The dialog that edits everything in a ``Spec``; it returns another ``Spec``, or nothing.

The form is made from the settings' own descriptions, a row for each, and every change is parsed by the same check as a
lesson file, so an error appears beside its field while typing.
"""

from pathlib import Path
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Label, Select, Static

from bptui.check.marks import with_problem
from bptui.compare.outputs import describe_pair
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.kinds.array_kinds import describe_commas
from bptui.core.problem.kinds.setting_kinds import Choice, find_need
from bptui.core.problem.layer_keys import HIDDEN_KEYS, OUTPUT
from bptui.core.problem.settings import find_setting
from bptui.core.problem.spec import Spec, SpecError, list_settings
from bptui.core.problem.tables import Table, put_value
from bptui.core.problem.unused import find_unused_settings
from bptui.exercise.cells import WEIGHTS
from bptui.exercise.resizing import Resizing, describe_unknown
from bptui.lessons.lesson import Lesson
from bptui.session.notices import say_lesson_saved
from bptui.ui.bindings import CANCEL_BINDING, HELP_BINDING, bind_key
from bptui.ui.dialogs.session_file import SaveLessonScreen
from bptui.ui.forms.buttons import MouseButton
from bptui.ui.forms.setting_rows import SettingRow, SettingRows
from bptui.ui.widgets.dismiss_once import DismissOnce
from bptui.ui.widgets.fields.filter import FILTER_BINDING, FilterField
from bptui.ui.widgets.footer import KeysFooter
from bptui.ui.widgets.too_small import TooSmall

_OF_OUTPUTS = ("activation_output", "activation_neurons", "loss")  # settings that a loss may not go with


class SettingsScreen(DismissOnce[Spec | None], ModalScreen[Spec | None]):
    """Edits a problem."""

    CSS_PATH = "dialog.tcss"
    AUTO_FOCUS = ""  # it scrolls before it is known where the fields are
    BINDINGS = [  # noqa: RUF012
        Binding("ctrl+s", "apply", "Apply", tooltip="start a new run from round 1", id="apply", priority=True),
        Binding("tab", "app.focus_next", "Next", tooltip="go to the next setting", id="next-setting"),
        bind_key("shift+tab", "app.focus_previous", "setting-before", "Previous", "go to the previous setting"),
        FILTER_BINDING,
        bind_key("f4", "save_lesson", "save-lesson", "Save lesson", "save this problem as a lesson file"),
        CANCEL_BINDING,
        HELP_BINDING,
    ]

    def __init__(self, spec: Spec, first: str = "", lesson: Lesson | None = None) -> None:
        """Edit a problem.

        Args:
            spec: The problem.
            first: The setting whose field gets the cursor; the first of all if left out.
            lesson: The lesson that it is from, which it can be saved as.
        """
        super().__init__()
        self._lesson = lesson or Lesson("lesson", "A lesson", spec)
        self._before, self._first = spec, first
        self._spec: Spec | None = spec
        self._ready = False
        self._resizing = Resizing()

    def compose(self) -> ComposeResult:
        """Yield a row for each setting, in the order of the lesson file."""
        with Vertical(classes="dialog") as box:
            box.border_title = "settings"
            yield FilterField(rows := SettingRows())
            with rows:
                yield from self._compose_rows()
            yield Static(id="about", classes="about", markup=False)
            with Horizontal(id="buttons"):
                yield MouseButton("Apply", "apply")
                yield MouseButton("Cancel", "dismiss(None)")
        yield TooSmall()
        yield KeysFooter()

    def _compose_rows(self) -> ComposeResult:
        table = ""
        for item in list_settings():
            if item.metadata["path"][0] != table:
                yield Label(item.metadata["path"][0], classes="group" if table else "group -first", markup=False)
                table = item.metadata["path"][0]
            value, applies = getattr(self._before, item.name), item.name not in self._before.unused
            yield SettingRow(item, value, applies=applies, first=item is list_settings()[0])

    def on_mount(self) -> None:
        """Begin in the first field; show only what applies, after all rows have reported their first values."""
        self.query_one(SettingRows).focus(scroll_visible=False)
        self._follow(None)
        self.call_after_refresh(self._show_applicable)

    def _show_applicable(self) -> None:
        self._ready = True
        self._check()
        for row in self.query(SettingRow):
            if row.item.name == self._first and row.display:
                row.focus()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Explain the setting that is edited."""
        self._explain(event.widget)

    def _explain(self, editor: Widget | None) -> None:
        """Describe a setting, or show its error, for which the row has no room in a low terminal."""
        row = _find_row(editor) if editor else None
        if row is not None:
            kind, about = row.item.metadata["kind"], row.item.metadata["about"]
            chosen = kind.about_name(row.text) if isinstance(kind, Choice) else ""
            if row.item.name == "gradient" and self._spec and not RULES[row.text].applies(self._spec.network):
                chosen += "; it changes nothing in this network"
            if row.item.name in _OF_OUTPUTS and self._spec and (odd := describe_pair(self._spec)):
                chosen += f"; {odd}"
            said = row.fault or (f"{about}: {chosen}" if chosen else about)
            commas = describe_commas(kind, row.text)
            self.query_one("#about", Static).update(f"{commas}; {said}" if commas else said)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Check while typing; leave the settings that have the words of the filter."""
        if isinstance(event.input, FilterField):
            self._filter(event.input.words)
        else:
            self._take_change(event.input)

    def action_filter(self) -> None:
        """Type what the settings must have."""
        self.query_one(FilterField).open()

    def _filter(self, words: tuple[str, ...]) -> None:
        for row in self.query(SettingRow):
            row.filter(words)
        for group in self.query(".group"):
            group.set_class(bool(words), "-filtered")
        if words:
            self.query_one("#about", Static).update("no setting contains these words")
            self._explain(next((row.editor for row in self.query(SettingRow) if row.editor is not None), None))

    def on_select_changed(self, event: Select.Changed) -> None:
        """Check while choosing."""
        self._take_change(event.select)

    def _take_change(self, editor: Widget) -> None:
        if self._ready:
            self._follow(_find_row(editor))
            self._check()
            self._explain(self.focused)

    def _follow(self, changed: SettingRow | None) -> None:
        """Keep what fits of the other lists where a change was one of sizes, and say which weight leads where."""
        rows = {row.item.name: row for row in self.query(SettingRow)}
        form = {name: row.text for name, row in rows.items()}
        self._resizing, found = self._resizing.follow(form, changed.item.name if changed else "")
        for name, text in found.items():
            rows[name].put_text(text)
        if self._resizing.shape is not None:
            rows[WEIGHTS].show_map(self._resizing.shape)

    def on_input_submitted(self) -> None:
        """Go on to the next field."""
        self.focus_next()

    def action_apply(self) -> None:
        """Return the new problem if it has no errors."""
        spec = self._check()
        if spec is not None:
            self.dismiss(spec)
            return
        self.query_one(FilterField).action_clear()
        wrong = next(row for row in self.query(SettingRow) if row.has_class("-wrong"))
        wrong.focus()
        self.app.bell()

    def action_save_lesson(self) -> None:
        """Save what the form shows as a lesson, if it has no errors."""
        if (spec := self._check()) is not None:
            self.app.push_screen(SaveLessonScreen(with_problem(self._lesson, spec)), self._say_saved)
        else:
            self.app.bell()

    def _say_saved(self, file: Path | None) -> None:
        if file is not None:
            self.query_one("#about", Static).update(say_lesson_saved(file))

    def _check(self) -> Spec | None:
        rows = list(self.query(SettingRow))
        unused = _find_unused(rows)
        for row in rows:
            row.show(row.item.name not in unused)
        try:
            spec, faults = Spec.from_table(_form_table(rows, unused)), dict[str, str]()
        except SpecError as error:
            spec = None
            faults = {}
            for fault in error.faults:
                row_name = find_setting(fault.path)
                faults[row_name] = "; ".join(filter(None, [faults.get(row_name), fault.message]))
        for row in rows:
            shape = self._resizing.shape
            unknown = describe_unknown(shape, row.item.name, row.text) if shape else ""
            said = faults.get(row.item.name, "")
            if said and not row.text.strip():
                said = find_need(row.item.metadata["kind"]) or said
            row.show_fault(unknown or said)
        self._spec = spec
        return spec


def _find_row(editor: Widget) -> SettingRow | None:
    """Return the row of an editor."""
    return next((node for node in editor.ancestors_with_self if isinstance(node, SettingRow)), None)


def _find_unused(rows: list[SettingRow]) -> set[str]:
    """Return the names of the settings that do not apply to what is typed so far."""
    by_name = {row.item.name: row for row in rows}

    def read(name: str, otherwise: Any) -> Any:
        kind = by_name[name].item.metadata["kind"]
        try:
            return kind.check(kind.read(by_name[name].text))
        except ValueError:
            return otherwise

    hidden, samples = read("hidden", HIDDEN_KEYS), read("inputs", (0, 0))  # what cannot be read yet hides no row
    return find_unused_settings(by_name["init"].text, by_name["optimiser"].text, len(hidden), len(samples))


def _form_table(rows: list[SettingRow], unused: set[str]) -> Table:
    """Return the form as a lesson file's tables."""
    table: Table = {}
    for row in rows:
        if row.item.name in unused or (row.item.name == "init" and "weights" not in unused):
            continue
        value = row.item.metadata["kind"].read(row.text)
        if isinstance(value, dict) and not value.keys().isdisjoint((*HIDDEN_KEYS, OUTPUT)):
            value = row.text  # layers have rows of their own, which this one must not override
        put_value(table, row.item.metadata["path"], value)
    return table
