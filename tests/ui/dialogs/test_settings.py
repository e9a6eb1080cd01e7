"""The dialog for settings: a matrix pasted over several lines is taken whole."""

from textual.app import App
from textual.events import Paste
from textual.widgets import Input, OptionList, Select, Static

from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import load_lesson
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.settings import SettingsScreen
from bptui.ui.forms.setting_rows import SettingRow, SettingRows
from bptui.ui.widgets.fields.filter import FilterField
from tests.ui.seeing import edit_setting, text_of, until

PASTED = "W1 = tensor([[0.2000, 0.3000],\n        [-0.1000, 0.2000]])\nW2 = [[-0.49 -0.  ]\n [-0.24  0.  ]]\n"


class SettingsApp(App[None]):
    """Nothing but the dialog."""

    HORIZONTAL_BREAKPOINTS = BptuiApp.HORIZONTAL_BREAKPOINTS
    VERTICAL_BREAKPOINTS = BptuiApp.VERTICAL_BREAKPOINTS

    def __init__(self) -> None:
        super().__init__()
        self.chosen: Spec | None = None

    def on_mount(self) -> None:
        self.push_screen(SettingsScreen(load_lesson("two-by-two").spec, "weights"), self.choose)

    def choose(self, spec: Spec | None) -> None:
        self.chosen = spec


async def test_matrices_pasted_over_several_lines_are_the_weights() -> None:
    app = SettingsApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        row = next(row for row in app.screen.query(SettingRow) if row.item.name == "weights")
        assert app.focused is row.query_one(Input)
        for text, fault in ((PASTED[:-2], 'matching brackets; 1 "]" is missing'), (PASTED, "")):
            row.query_one(Input).value = ""
            app.screen.post_message(Paste(text))
            await pilot.pause()
            assert row.text == " ".join(text.split())
            assert fault in row.fault and bool(fault) == bool(row.fault)
        await pilot.press("ctrl+s")
    assert app.chosen is not None
    assert app.chosen.weights == (0.2, 0.3, -0.1, 0.2, -0.49, -0.0, -0.24, 0.0)


async def test_the_rows_of_a_layer_come_and_go_as_hidden_layers_are_typed_and_keep_what_is_typed_in_them() -> None:
    app = SettingsApp()
    async with app.run_test(size=(120, 50)) as pilot:
        await pilot.pause()
        rows = {row.item.name: row for row in app.screen.query(SettingRow)}

        async def type_(name: str, text: str) -> None:
            (await edit_setting(pilot, name)).value = text
            await pilot.pause()

        def shown() -> set[str]:
            return {name for name, row in rows.items() if "hidden" in name and row.display}

        layers = [{f"activation_hidden{n}", f"biases_hidden{n}"} for n in ("", "2", "3")]
        for text in ("2", "2, 3", "2, 3, 1", "2, 3", "0", "2, 3"):
            await type_("hidden", text)
            assert shown() == {"hidden"}.union(*layers[: 0 if text == "0" else text.count(",") + 1])
        await type_("biases_hidden2", "0.1")
        assert "3" in rows["biases_hidden2"].fault and not rows["biases_hidden"].fault
        await type_("biases_hidden2", "0.1, 0.2, 0.3")
        await type_("weights", "")
        (await edit_setting(pilot, "init")).value = "normal"
        await pilot.pause()
        assert not any(row.fault for row in rows.values())
        await pilot.press("ctrl+s")
    assert app.chosen is not None
    assert (app.chosen.hidden, app.chosen.biases_hidden2) == ((2, 3), (0.1, 0.2, 0.3))


async def test_a_row_has_its_editor_from_when_the_focus_first_comes_to_it() -> None:
    app = SettingsApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()

        def edited() -> list[str]:
            return [row.item.name for row in app.screen.query(SettingRow) if row.query("Input, Select")]

        assert edited() == ["inputs", "weights"]
        await pilot.press("tab", "tab", "tab")
        assert edited() == ["inputs", "weights", "biases_hidden", "biases_output", "bias_update"]
        await pilot.press("shift+tab", *"0.1, 0.2", "shift+tab", *"3, 4")
        rows = {row.item.name: row.text for row in app.screen.query(SettingRow)}
        assert (rows["biases_hidden"], rows["biases_output"]) == ("3, 4", "0.1, 0.2")


async def test_a_press_of_the_mouse_edits_where_it_is() -> None:
    app = SettingsApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        rows = {row.item.name: row for row in app.screen.query(SettingRow)}
        await pilot.mouse_down(rows["targets"], offset=(22 + 3, 0))
        await pilot.mouse_up(rows["targets"], offset=(22 + 3, 0))
        await pilot.press("9")
        assert rows["targets"].text == "0.923, -0.07"
        await pilot.mouse_down(rows["loss"], offset=(22 + 3, 0))
        await until(pilot, "the list", lambda: rows["loss"].query_one(Select).expanded)


async def test_a_press_on_an_editor_is_the_editors_own() -> None:
    app = SettingsApp()
    async with app.run_test(size=(120, 36)) as pilot:
        field, choice = await edit_setting(pilot, "targets"), await edit_setting(pilot, "loss")
        await pilot.click(field, offset=(1 + 2, 0))
        await pilot.press("9")
        assert field.value == "0.923, -0.07"
        await pilot.click(choice)
        await until(pilot, "the list", lambda: choice.expanded)
        names = choice.query_one(OptionList)
        await until(pilot, "its place", lambda: names.region)
        await pilot.click(names, offset=(4, 2))
        await until(pilot, "no list", lambda: not choice.expanded and app.focused is choice)
        assert choice.value == "half mean squared error"


async def test_sizes_that_change_keep_what_fits_and_the_map_follows() -> None:
    app = SettingsApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        rows = {row.item.name: row for row in app.screen.query(SettingRow)}
        weights = rows["weights"]
        before = weights.text

        async def choose(hidden: str) -> str:
            (await edit_setting(pilot, "hidden")).value = hidden
            await pilot.pause()
            await pilot.pause()
            return str(weights.query_one(".map", Static).render())

        assert "w8: h2→o2" in await choose("2") and weights.text == before
        assert "w12: h3→o2" in await choose("3")
        assert weights.text == "0.2, -0.4, ?, 0.5, 0.6, ?, 0.1, -0.5, -0.3, 0.8, ?, ?"
        assert weights.fault == "fill in each ?: w3 x1→h3, w6 x2→h3, w11 h3→o1, w12 h3→o2"
        await pilot.press("ctrl+s")
        assert app.chosen is None
        assert "w3: x2→h1" in await choose("2")
        assert weights.text == before and not weights.fault
        (await edit_setting(pilot, "numbering")).value = "by destination"
        await pilot.pause()
        assert "w2: x2→h1" in str(weights.query_one(".map", Static).render()) and weights.text == before


async def test_a_slash_leaves_the_settings_that_have_the_words_and_enter_goes_to_the_next_one() -> None:
    app = SettingsApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()

        def shown() -> list[str]:
            return [row.item.name for row in app.screen.query(SettingRow) if row.editor is not None]

        whole = shown()
        for words, said in (
            ("bias upd", "how training changes the biases"),
            ("zzz", "no setting contains these words"),
        ):
            await pilot.press("slash", *words)
            await pilot.pause()
            assert str(app.screen.query_one("#about", Static).content).startswith(said)
            await pilot.press("escape")
        await pilot.press("slash", *"rounds in a", "enter")
        assert shown() == ["rounds"]
        assert app.focused is not None and app.focused.parent is not None
        await pilot.press("ctrl+u", "7")
        app.screen.query_one(FilterField).action_clear()
        await pilot.pause()
        assert shown() == whole
        rows = {row.item.name: row for row in app.screen.query(SettingRow)}
        rows["inputs"].focus()
        await pilot.press("enter")
        assert app.focused is rows["targets"].query_one(Input)
        await pilot.click("#buttons MouseButton")
    assert app.chosen is not None and app.chosen.rounds == 7


async def test_the_setting_that_keys_change_is_in_sight_wherever_they_scroll() -> None:
    app = SettingsApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("shift+tab")
        for key in ("home", "pagedown", "shift+tab", "pagedown", "end", "pageup", "home", "shift+tab"):
            await pilot.press(key)
            await until(pilot, f"the focus in sight after {key}", lambda: _is_in_sight(app))
        select = await edit_setting(pilot, "precision")
        select.focus()
        await pilot.press("home")
        assert app.focused is app.screen.query(SettingRow).first().editor


def _is_in_sight(app: App[None]) -> bool:
    focused, rows = app.focused, app.screen.query_one(SettingRows)
    return focused is not None and (rows not in focused.ancestors or rows.region.contains_region(focused.region))


async def test_an_empty_field_says_what_it_takes() -> None:
    app = SettingsApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        rows = {row.item.name: row for row in app.screen.query(SettingRow)}
        for name in ("inputs", "targets", "step", "rounds"):
            (await edit_setting(pilot, name)).value = ""
        await pilot.pause()
        assert rows["inputs"].fault == "enter 1 to 8 numbers"
        assert rows["targets"].fault == "enter 1 to 8 numbers"
        assert rows["step"].fault == "enter a number"
        assert rows["rounds"].fault == "enter a whole number from 1 to 10,000,000"


async def test_what_a_choice_means_is_said_to_its_last_word_in_80_columns() -> None:
    app = SettingsApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        select = await edit_setting(pilot, "gradient")
        select.focus()
        for name in RULES:
            select.value = name
            await until(pilot, name, lambda: RULES[str(select.value)].about in " ".join(told(app).split()))


def told(app: App[None]) -> str:
    return text_of(app.screen).replace("│", " ")
