"""The program itself, driven by keys: what is on the screen is what the session holds."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from textual.pilot import Pilot
from textual.widgets import OptionList, Static

from bptui.core.problem.spec import list_settings
from bptui.lessons.lesson import load_bundled_lessons, load_lesson
from bptui.session.session import Session
from bptui.session.torch_side.process import TorchProcess
from bptui.system.process import Unavailable
from bptui.ui.app import BptuiApp
from bptui.ui.dialogs.help import list_keys
from bptui.ui.dialogs.settings import SettingsScreen
from bptui.ui.forms.setting_rows import SettingRow
from bptui.ui.panels.derivation import DerivationPage, DerivationPanel
from bptui.ui.panels.forward import ForwardPanel
from bptui.ui.panels.gradients import GradientsPanel
from bptui.ui.panels.loss import LossPanel
from bptui.ui.screens.practice import PracticeScreen
from bptui.ui.screens.programs import ProgramsScreen
from bptui.ui.screens.stepper import StepperScreen
from bptui.ui.textual_private import FooterKey
from bptui.ui.widgets.panel import Panel
from tests.effort import mostly
from tests.ui.seeing import edit_setting, screen_text, session_of, stepper, text_of, until

ALL_LAYOUTS = ((80, 24), (100, 30), (120, 24), (120, 30), (120, 36), (200, 60))


@pytest.fixture(autouse=True)
def torch_is_missing(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Most of these tests are not about torch, and start ten times as fast without it."""
    if "with_torch" not in request.keywords:

        async def start(self: TorchProcess) -> None:
            raise Unavailable("torch is not [i]installed[/i]")

        monkeypatch.setattr(TorchProcess, "start", start)


@pytest.fixture
async def pilot(request: pytest.FixtureRequest) -> AsyncIterator[Pilot[int]]:
    size = getattr(request, "param", (120, 36))
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=size) as pilot:
        await pilot.pause()
        yield pilot


def torch_has_spoken(pilot: Pilot[int]) -> bool:
    frame = stepper(pilot).frame
    return frame.second_by == "torch" and bool(frame.second)


@pytest.mark.parametrize("pilot", [(120, 36), (80, 24)], indirect=True)
async def test_keys_step_back_and_jump_and_the_screen_shows_the_round(pilot: Pilot[int]) -> None:
    panel = stepper(pilot).query_one(GradientsPanel)
    assert "0.208421" in screen_text(panel)
    await pilot.press("space", "n", "n", "b")
    assert session_of(pilot).round == 3
    await pilot.press("g", *"1000", "enter")
    await pilot.pause()
    assert session_of(pilot).round == 1000
    assert "-4.27409" in screen_text(panel)
    await pilot.press("home")
    assert session_of(pilot).round == 1
    await pilot.pause()
    assert "0.208421" in screen_text(panel)


async def test_running_advances_by_itself_and_any_key_is_taken_meanwhile(pilot: Pilot[int]) -> None:
    await pilot.press("plus", "plus", "plus", "r")
    await until(pilot, "some rounds", lambda: session_of(pilot).round > 5)
    await pilot.press("down")
    assert session_of(pilot).goal is not None and session_of(pilot).selected == "w2"
    await pilot.press("r")
    assert session_of(pilot).goal is None


async def test_flat_out_it_stops_at_the_last_round(pilot: Pilot[int]) -> None:
    await pilot.press(*["plus"] * 10, "r")
    await until(pilot, "the last round", lambda: session_of(pilot).goal is None)
    assert session_of(pilot).round == 1000


async def test_a_click_selects_and_the_derivation_follows(pilot: Pilot[int]) -> None:
    await pilot.click(GradientsPanel, offset=(10, 6))
    await pilot.pause()
    assert session_of(pilot).selected == "w5"
    assert "∂E/∂w5 = δ_o1·h1" in screen_text(stepper(pilot).query_one(DerivationPanel))


async def test_the_settings_form_starts_another_run_and_keeps_the_old(pilot: Pilot[int]) -> None:
    await pilot.press("s")
    form = pilot.app.screen
    rows = {row.item.name: row for row in form.query(SettingRow)}
    assert set(rows) == {item.name for item in list_settings()}
    (await edit_setting(pilot, "step")).value = "5"
    (await edit_setting(pilot, "activation_neurons")).value = "o2=relu"
    (await edit_setting(pilot, "loss")).value = "cross entropy"
    await pilot.pause()
    await pilot.press("ctrl+s")
    spec = session_of(pilot).spec
    assert (spec.step, spec.activation_neurons, spec.loss) == (5.0, (("o2", "relu"),), "cross entropy")
    assert len(session_of(pilot).trainings) == 2 and session_of(pilot).round == 1


async def test_without_hidden_neurons_the_form_has_no_settings_of_theirs(pilot: Pilot[int]) -> None:
    await pilot.press("s")
    rows = {row.item.name: row for row in pilot.app.screen.query(SettingRow)}
    of_hidden = [rows["activation_hidden"], rows["biases_hidden"]]
    (await edit_setting(pilot, "biases_hidden")).value = "1, 2"
    for typed, shown in (("0", False), ("x", True), ("0", False), ("2", True), ("0", False)):
        (await edit_setting(pilot, "hidden")).value = typed
        await pilot.pause()
        assert [row.display for row in of_hidden] == [shown, shown], typed
    assert rows["biases_hidden"].text == "1, 2"
    (await edit_setting(pilot, "weights")).value = "1, 2, 3, 4"
    (await edit_setting(pilot, "gradient")).value = "as published"
    rows["gradient"].focus()
    await pilot.pause()
    assert "changes nothing" in str(pilot.app.screen.query_one("#about", Static).render())
    await pilot.press("ctrl+s")
    spec = session_of(pilot).spec
    assert (spec.hidden, spec.biases_hidden, spec.weights) == ((), (), (1.0, 2.0, 3.0, 4.0))


async def test_a_fault_stands_beside_its_field_while_typing_and_nothing_is_applied(pilot: Pilot[int]) -> None:
    await pilot.press("s")
    rows = {row.item.name: row for row in pilot.app.screen.query(SettingRow)}
    (await edit_setting(pilot, "step")).value = "-1"
    (await edit_setting(pilot, "weights")).value = "0.1, 0.2"
    await pilot.pause()
    shown = {name: [str(fault.render()) for fault in row.query(".fault.-shown")] for name, row in rows.items()}
    assert "a number above 0" in shown["step"][0] and "8 weights" in shown["weights"][0] and not shown["inputs"]
    await pilot.press("ctrl+s")
    assert isinstance(pilot.app.screen, SettingsScreen)
    await until(pilot, "why", lambda: "8 weights" in str(pilot.app.screen.query_one("#about", Static).render()))
    rows["step"].focus()  # in a low terminal the fault beside it may be out of sight
    await until(pilot, "why", lambda: "above 0" in str(pilot.app.screen.query_one("#about", Static).render()))
    await pilot.press("escape")
    assert len(session_of(pilot).trainings) == 1


async def test_what_is_no_activation_of_a_neuron_is_refused(pilot: Pilot[int]) -> None:
    await pilot.press("s")
    field = await edit_setting(pilot, "activation_neurons")
    row = next(row for row in pilot.app.screen.query(SettingRow) if row.editor is field)
    for typed in ("o2: relu", "hidden=relu", "o2=relu, o2=tanh", "o9=relu", "o2=rleu"):
        field.value = typed
        await pilot.pause()
        fault = str(row.query_one(".fault.-shown", Static).render())
        assert fault and "*" not in fault, typed
        await pilot.press("ctrl+s")
        assert isinstance(pilot.app.screen, SettingsScreen), typed
        field.value = ""
        await pilot.pause()
        assert not row.query(".fault.-shown")


async def test_a_key_loads_torch_again_where_it_was_not_to_be_had(pilot: Pilot[int]) -> None:
    await until(pilot, "no torch", lambda: session_of(pilot).torch.state == "unavailable")
    await pilot.press("t")
    await until(pilot, "no torch again", lambda: session_of(pilot).torch.state == "unavailable")
    assert "not [i]installed[/i]" in session_of(pilot).notice


async def test_wheeling_through_a_panel_stays_where_it_is_when_a_round_goes_on(pilot: Pilot[int]) -> None:
    big = replace(session_of(pilot).spec, hidden=(8,), init="he normal", weights=())
    stepper(pilot).session = session_of(pilot).change(big)
    await pilot.pause()
    panel = stepper(pilot).query_one(GradientsPanel)
    panel.scroll_lines(20)
    await pilot.press("space")
    await pilot.pause()
    assert screen_text(panel).startswith("w20")


@pytest.mark.with_torch
@pytest.mark.parametrize("by_key", mostly([True], [True, False]))
async def test_ending_while_torch_is_busy_leaves_nothing_behind(by_key: bool) -> None:
    async with BptuiApp(Session.open(load_lesson("two-by-two"))).run_test(size=(120, 36)) as pilot:
        await until(pilot, "torch", lambda: torch_has_spoken(pilot))
        await pilot.press("g", *"50000", "enter")
        process = stepper(pilot)._child._process._process
        assert process is not None
        if by_key:
            await pilot.press("ctrl+q")
    assert process.returncode is not None


@pytest.mark.exhaustive  # tests/unbreakable/test_torch.py has a torch that crashes in mid-run
@pytest.mark.with_torch
async def test_a_torch_that_dies_in_mid_run_is_told_and_its_numbers_are_put_away(pilot: Pilot[int]) -> None:
    await until(pilot, "torch", lambda: torch_has_spoken(pilot))
    process = stepper(pilot)._child._process._process
    assert process is not None
    process.kill()
    await pilot.press("space", "space", "b")
    await until(pilot, "no torch", lambda: session_of(pilot).torch.state == "unavailable")
    assert stepper(pilot).frame.second_by == "finite differences"
    assert set(stepper(pilot).frame.second) == {f"dE_dw{n}" for n in range(1, 9)}
    await pilot.press("t")
    await until(pilot, "torch again", lambda: session_of(pilot).torch.state == "ready")


async def test_only_the_parameters_of_the_chosen_initialisation_are_shown(pilot: Pilot[int]) -> None:
    await pilot.press("s")
    rows = {row.item.name: row for row in pilot.app.screen.query(SettingRow)}
    await until(pilot, "the given weights", lambda: rows["weights"].display and not rows["std"].display)
    (await edit_setting(pilot, "init")).value = "normal"
    await until(pilot, "a normal start", lambda: rows["std"].display and not rows["weights"].display)
    assert rows["seed"].display
    await pilot.press("ctrl+s")
    assert session_of(pilot).spec.init == "normal"


async def test_the_lessons_screen_opens_a_lesson(pilot: Pilot[int]) -> None:
    await pilot.press("l")
    options = pilot.app.screen.query_one(OptionList).options
    assert str(options[0].prompt) == "My own exercise …"
    shown = [option.id.split("/")[1] for option in options if option.id and "/" in option.id]
    assert list(dict.fromkeys(shown)) == [lesson.name for lesson in load_bundled_lessons()]
    await pilot.press("down", "enter")
    assert session_of(pilot).lesson.name == shown[1]


async def test_the_lessons_screen_says_how_many_printed_values_there_are(pilot: Pilot[int]) -> None:
    await pilot.resize_terminal(80, 24)
    await pilot.press("l")
    shown = [str(option.prompt) for option in pilot.app.screen.query_one(OptionList).options]
    assert "  mazur-2015        25 printed values" in shown and "  two-by-two" in shown
    assert max(map(len, shown[:3])) <= pilot.app.screen.query_one(OptionList).scrollable_content_region.width
    await pilot.press("escape")


async def test_the_lessons_screen_opens_a_variant(pilot: Pilot[int]) -> None:
    await pilot.press("l")
    shown = [str(o.prompt) for o in pilot.app.screen.query_one(OptionList).options if not o.disabled]
    await pilot.press(*["down"] * (shown.index("    η 5") - 1), "enter")
    assert session_of(pilot).lesson.name == "step-size" and session_of(pilot).spec.step == 5.0
    assert "η 5" in stepper(pilot).frame.title and "changed" not in stepper(pilot).frame.title


async def test_a_lesson_of_ones_own_stands_first_in_the_list(pilot: Pilot[int]) -> None:
    own = replace(session_of(pilot).lesson, name="mine", title="Mine", note="my own note")
    stepper(pilot).open_lesson(own)
    await pilot.press("l")
    shown = [str(option.prompt) for option in pilot.app.screen.query_one(OptionList).options]
    assert shown[1:3] == ["open now", "  mine"]
    await pilot.press("escape")


async def test_a_changed_problem_says_in_its_title_what_differs(pilot: Pilot[int]) -> None:
    stepper(pilot).session = session_of(pilot).change(replace(session_of(pilot).spec, step=2.0))
    await pilot.pause()
    assert stepper(pilot).frame.title == "two-by-two, η 2"
    await pilot.press("o")
    assert not stepper(pilot).frame.title.startswith("changed")


async def test_without_torch_it_says_why_and_goes_on_with_finite_differences(pilot: Pilot[int]) -> None:
    await until(pilot, "no torch", lambda: session_of(pilot).torch.state == "unavailable")
    heading = str(stepper(pilot).query_one(GradientsPanel).border_title)
    assert "finite differences" in heading
    assert all(stepper(pilot).frame.agrees.values()) and stepper(pilot).frame.agrees


@pytest.mark.with_torch
async def test_torchs_numbers_appear_beside_numpys(pilot: Pilot[int]) -> None:
    await until(pilot, "torch", lambda: torch_has_spoken(pilot))
    await pilot.press("space", "space")
    await until(pilot, "torch again", lambda: torch_has_spoken(pilot))
    rows = screen_text(stepper(pilot).query_one(GradientsPanel)).splitlines()
    assert re.match(r"w1 +-0\.0111366  ↓  -0\.0111366 +(0|\d ulp) +agrees ", rows[1])
    await pilot.press("y")
    await until(pilot, "its own run", lambda: stepper(pilot).frame.own_run)
    rows = screen_text(stepper(pilot).query_one(GradientsPanel)).splitlines()
    assert "torch's own" in rows[0] and "check" not in rows[0] and "agrees" not in rows[1]


@pytest.mark.parametrize("pilot", [(79, 24), (80, 23), (40, 10)], indirect=True)
async def test_a_terminal_that_is_too_small_says_what_it_needs(pilot: Pilot[int]) -> None:
    assert stepper(pilot).query_one("#too-small").display
    assert not stepper(pilot).query_one("#panels").display
    await pilot.resize_terminal(120, 36)
    await pilot.pause()
    assert stepper(pilot).query_one("#panels").display


async def test_every_screen_opens_and_closes_at_80_by_24(pilot: Pilot[int]) -> None:
    await pilot.resize_terminal(80, 24)
    for key in ("g", "s", "l", "question_mark", "enter", "c", "m"):
        await pilot.press(key)
        assert len(pilot.app.screen_stack) == 2
        await pilot.press("escape")
        assert pilot.app.screen is stepper(pilot)


async def test_every_command_of_the_palette_is_a_key_of_the_stepper_or_a_lesson(pilot: Pilot[int]) -> None:
    titles = {command.title for command in pilot.app.get_system_commands(pilot.app.screen)}
    assert {description for _, description, _ in list_keys(StepperScreen.BINDINGS)} <= titles
    assert {f"Lesson {lesson.name}" for lesson in load_bundled_lessons()} <= titles


@pytest.mark.parametrize("pilot", [(120, 36), (80, 24)], indirect=True)
async def test_the_full_derivation_is_entered_factor_by_factor_and_left_again(pilot: Pilot[int]) -> None:
    await pilot.press("enter")
    page = pilot.app.screen.query_one(DerivationPage)
    entries = pilot.app.screen.query_one(OptionList)

    def shown() -> list[str]:
        return [str(option.prompt) for option in entries.options]

    assert "The chain rule multiplied out:" in screen_text(page)
    assert shown()[0].startswith("δ_h1 = (δ_o1·w5 + δ_o2·w6)·h1·(1 − h1) = ") and "x1 = 0.5, input" in shown()
    before = shown()
    await pilot.press("enter")
    await pilot.pause()
    assert page.border_title is not None and str(page.border_title).endswith("w1 › δ_h1")
    await pilot.press(*["down"] * shown().index("∂E/∂o2 = o2 − y2 = 0.528696 − (−0.07) = 0.598696"), "enter")
    await pilot.pause()
    assert "∂E/∂o2, derivative of E with respect to o2" in screen_text(page)
    await pilot.press("enter", "escape", "escape", "backspace")
    await pilot.pause()
    assert shown() == before and str(page.border_title).endswith(": w1")
    await pilot.press("escape")
    assert stepper(pilot).is_current


async def test_the_page_keys_scroll_the_derivation_and_q_closes_it_from_anywhere(pilot: Pilot[int]) -> None:
    await pilot.resize_terminal(80, 24)
    await pilot.press("enter", "pagedown")
    page = pilot.app.screen.query_one(DerivationPage)
    assert str(page.border_subtitle).startswith("7–18 of 18")
    await pilot.press("enter", "enter", "q")
    assert pilot.app.screen is stepper(pilot)


async def test_keys_step_through_a_round_and_the_panels_show_how_far_it_is(pilot: Pilot[int]) -> None:
    gradients = stepper(pilot).query_one(GradientsPanel)
    await pilot.press("less_than_sign", *["full_stop"] * 5)
    await pilot.pause()
    assert "0.034633" in screen_text(gradients) and "-0.008421" not in screen_text(gradients)
    await pilot.press("comma", "greater_than_sign")
    await pilot.pause()
    assert "-0.008421" in screen_text(gradients)
    await pilot.press("f", "full_stop")
    assert (session_of(pilot).round, session_of(pilot).formulas_done) == (2, 1)


@pytest.mark.parametrize("part", ["o1", "h1", "w5", "E"])
async def test_a_page_that_is_entered_is_never_the_page_it_is_entered_from(pilot: Pilot[int], part: str) -> None:
    """A neuron is a part with three quantities, and one of these by its own name; a weight is given, too."""
    stepper(pilot).session = session_of(pilot).select(part)
    await pilot.press("enter")
    page, entries = pilot.app.screen.query_one(DerivationPage), pilot.app.screen.query_one(OptionList)
    seen = [screen_text(page)]
    for _ in range(4):
        if not entries.options:
            break
        own = [i for i, option in enumerate(entries.options) if str(option.prompt).startswith(f"{part} ")]
        entries.highlighted = own[0] if own else 0
        await pilot.press("enter")
        await pilot.pause()
        assert screen_text(page) not in seen
        seen.append(screen_text(page))
    assert len(seen) > 1


async def test_a_practice_that_was_left_goes_on_where_it_was(pilot: Pilot[int]) -> None:
    await pilot.press("x", *"0", "full_stop", *"25", "enter", "escape", "x")
    practice = pilot.app.screen
    assert isinstance(practice, PracticeScreen) and practice.practice.current == "h1"
    await pilot.press("escape", "space", "x")
    other = pilot.app.screen
    assert isinstance(other, PracticeScreen) and other.practice.current == "in_h1"


async def test_p_shows_the_programs_of_the_problem_on_the_screen(pilot: Pilot[int]) -> None:
    await pilot.press("p")
    assert isinstance(pilot.app.screen, ProgramsScreen)
    await pilot.press("escape")
    assert stepper(pilot).is_current


async def test_a_figure_chosen_on_the_check_screen_is_shown_with_its_round_settings_and_part(pilot: Pilot[int]) -> None:
    stepper(pilot).open_lesson(load_lesson("numpy-by-hand"))
    await pilot.press("c")
    entries = pilot.app.screen.query_one(OptionList)
    await until(pilot, "the figures", lambda: entries.option_count)
    await pilot.press("end", "enter")
    await until(pilot, "its round", lambda: session_of(pilot).round == 1000)
    session = session_of(pilot)
    assert (session.selected, session.spec.step) == ("E", 5.0) and stepper(pilot).frame.mark("E")
    assert session.trainings[-2].run.spec == load_lesson("numpy-by-hand").spec


async def test_reasons_that_were_found_once_are_there_when_the_check_screen_is_opened_again(pilot: Pilot[int]) -> None:
    stepper(pilot).open_lesson(load_lesson("nnwj"))
    await pilot.press("c")
    entries = pilot.app.screen.query_one(OptionList)
    await until(pilot, "the figures", lambda: entries.option_count)
    await pilot.press("w")
    await until(pilot, "the end of the search", lambda: "cause (pgdn): " in text_of(pilot.app.screen))
    for keys in (("c",), ("space", "c")):
        await pilot.press("escape")
        await until(pilot, "the stepper", lambda: stepper(pilot).is_current)
        await pilot.press(*keys)
        await until(pilot, "the reasons", lambda: pilot.app.screen.has_class("-explained"))


@pytest.mark.parametrize(("columns", "last"), [(80, "? more"), (100, "? more"), (120, "^q Quit")])
async def test_the_footer_is_never_cut_and_has_the_keys_that_matter_and_shorter_words_where_it_is_narrow(
    pilot: Pilot[int], columns: int, last: str
) -> None:
    await pilot.resize_terminal(columns, 36)
    await pilot.pause()
    keys = [key for key in stepper(pilot).query(FooterKey) if key.display]
    assert {"open('check')", "open('number')", "open('compare')", "open('lessons')"} <= {key.action for key in keys}
    assert f"{keys[-1].key_display} {keys[-1].description}" == last
    assert max(key.region.right for key in keys) <= columns and all(key.region.width for key in keys)


@pytest.mark.parametrize("key", mostly("xs", ["x", "p", "enter", "question_mark", "s", "l", "c", "m"]))
async def test_the_terminal_may_be_resized_to_anything_while_another_screen_is_open(
    pilot: Pilot[int], key: str
) -> None:
    """The stepper below is drawn too, and does not hear of the new size's layout until it is on top again."""
    await pilot.press(key)
    for columns, rows in ((60, 15), (1, 1), (21, 50), (200, 2), (80, 24), (200, 60)):
        await pilot.resize_terminal(columns, rows)
        await pilot.pause()
    await pilot.press("escape")
    await pilot.pause()
    assert stepper(pilot).is_current and "0.208421" in screen_text(stepper(pilot).query_one(GradientsPanel))


@pytest.mark.parametrize("pilot", [(80, 24), (100, 30), (120, 36), (200, 60)], indirect=True)
async def test_every_digit_of_the_selected_number_is_on_the_screen_at_every_size(pilot: Pilot[int]) -> None:
    await pilot.press("space", "space")
    for part, name in (("w1", "dE_dw1"), ("h1", "h1"), ("E", "E")):
        stepper(pilot).session = session_of(pilot).select(part)
        await pilot.pause()
        assert repr(float(stepper(pilot).frame.values[name])) in whole_screen(pilot)


@pytest.mark.parametrize("pilot", [(80, 24), (120, 36)], indirect=True)
async def test_the_digits_shown_are_set_by_two_keys_and_said(pilot: Pilot[int]) -> None:
    panel = stepper(pilot).query_one(GradientsPanel)
    value = float(stepper(pilot).frame.values["dE_dw1"])
    for key, digits in (("]", 7), ("]", 8), ("]", 9), ("[", 8)):
        await pilot.press("right_square_bracket" if key == "]" else "left_square_bracket")
        await pilot.pause()
        assert session_of(pilot).digits == digits and f"{digits} significant digits" in whole_screen(pilot)
        assert f"{value:#.{digits}g} " in screen_text(panel)


@pytest.mark.parametrize("pilot", mostly([(80, 24), (120, 36), (200, 60)], ALL_LAYOUTS), indirect=True)
async def test_no_key_that_steps_changes_the_layout_and_nothing_of_a_2_2_2_network_is_out_of_sight(
    pilot: Pilot[int],
) -> None:
    screen, seen = stepper(pilot), set()
    for key in ("space", "full_stop", "full_stop", "comma", "greater_than_sign", "end", "home", "e", "b"):
        await pilot.press(key)
        await pilot.pause()
        seen.add(tuple(panel.region for panel in screen.query(Panel)))
        for kind in (GradientsPanel, ForwardPanel):
            panel = screen.query_one(kind)
            assert panel.line_count <= panel.content_size.height, kind
    assert len(seen) == 1


@pytest.mark.parametrize("pilot", [(120, 36), (200, 60)], indirect=True)
async def test_the_screen_makes_room_for_the_biases_of_another_lesson(pilot: Pilot[int]) -> None:
    panel = stepper(pilot).query_one(GradientsPanel)
    rows = panel.content_size.height
    stepper(pilot).open_lesson(load_lesson("mazur-2015"))
    await pilot.pause()
    assert panel.line_count == 13 <= panel.content_size.height >= rows
    assert "b_o2" in screen_text(panel)


@pytest.mark.parametrize("pilot", [(200, 60)], indirect=True)
async def test_a_large_terminal_has_the_chain_rule_and_a_curve_with_axes(pilot: Pilot[int]) -> None:
    await pilot.press("end")
    await pilot.pause()
    text = whole_screen(pilot)
    assert "The chain rule multiplied out:" in text and "∂E/∂o1·∂o1/∂in_o1" in text
    loss = screen_text(stepper(pilot).query_one(LossPanel))
    assert "0.2┤" in loss and re.search(r"round 1 .* 1,000", loss) and "lowest possible" in loss


@pytest.mark.parametrize("pilot", [(80, 24), (100, 30), (120, 36)], indirect=True)
async def test_a_click_into_the_loss_goes_to_its_round(pilot: Pilot[int]) -> None:
    await pilot.press("end")
    await pilot.pause()
    panel = stepper(pilot).query_one(LossPanel)
    row = panel.content_size.height - 2 if panel.content_size.height > 1 else 0
    axis = panel._axis
    assert axis is not None
    column = axis.left + axis.columns // 2
    wanted = axis.find_round(column, row)
    assert wanted is not None and 20 < wanted < 60
    await pilot.click(panel, offset=(column + panel.gutter.left, row + panel.gutter.top))
    await pilot.pause()
    assert stepper(pilot).session.round == wanted and stepper(pilot).frame.round == wanted


def whole_screen(pilot: Pilot[int]) -> str:
    return "\n".join(screen_text(panel) for panel in stepper(pilot).query(Panel) if panel.display)


@pytest.mark.parametrize(("screen", "columns"), [("", 80), ("", 120), ("d", 120)])
async def test_the_footer_offers_to_pause_while_rounds_are_played(pilot: Pilot[int], screen: str, columns: int) -> None:
    def word() -> str:
        (key,) = (key for key in pilot.app.screen.query(FooterKey) if key.action == "intend('run_or_pause')")
        return key.description if key.display else ""

    await pilot.resize_terminal(columns, 36)
    await pilot.press(*screen)
    await until(pilot, "the footer", lambda: word() == "Play")
    await pilot.press("r")
    await until(pilot, "playing", lambda: word() == "Pause")
    await pilot.press("r")
    await until(pilot, "a pause", lambda: word() == "Play")
