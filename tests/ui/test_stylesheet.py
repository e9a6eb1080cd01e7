"""The program's stylesheet gives every node the styles that Textual's own would, and looks each place up once."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.widgets import Input, Label, Static

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.screens.screen_table import SCREENS
from bptui.ui.stylesheet import QuickStylesheet
from bptui.ui.textual_private import get_variables
from tests.ui.seeing import stepper, until

Styles = Mapping[str, Mapping[str, Any]]


class SmallApp(App[None]):
    """Two fields of one kind at places that are alike, with rules about classes, states and neighbours."""

    CSS = """
    Label { color: red; }
    .box.-on Label { color: green; }
    Input:focus { color: blue; }
    .box > Static:first-child { color: yellow; }
    #second:disabled Label { color: white; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.stylesheet = QuickStylesheet(variables=get_variables(self.stylesheet))

    def compose(self) -> ComposeResult:
        """Two boxes."""
        for name in ("first", "second"):
            with Vertical(classes="box", id=name):
                yield Static("a")
                yield Static("b")
                yield Label("c")
                yield Input()


def styles_of(node: DOMNode) -> Styles:
    """What a node and its parts have of a stylesheet."""
    parts = {part: dict(styles.base.get_rules()) for part, styles in node._component_styles.items()}
    return {"": dict(node.styles.base.get_rules()), **parts}


def compare(app: App[Any]) -> None:
    """Compare what all nodes have with what Textual's own stylesheet gives them."""
    plain = Stylesheet(variables=get_variables(app.stylesheet))
    plain.source = dict(app.stylesheet.source)
    plain.parse()
    nodes = [app, *(node for screen in app.screen_stack for node in screen.walk_children(with_self=True))]
    found = [styles_of(node) for node in nodes]
    for node, ours in zip(nodes, found, strict=True):
        flags = node._has_hover_style, node._has_focus_within, node._has_order_style, node._has_odd_or_even
        plain.apply(node)
        assert styles_of(node) == ours, node
        assert flags == (node._has_hover_style, node._has_focus_within, node._has_order_style, node._has_odd_or_even)


async def summarise_none(questions: object) -> AsyncIterator[None]:
    """Start no process, whose end the test would have to wait for."""
    for _ in ():
        yield


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until all messages are handled."""
    for _ in range(3):
        await pilot.pause()


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=str)
@pytest.mark.usefixtures("torch_is_missing")
async def test_every_screen_has_the_styles_that_textual_gives_it_and_so_has_the_one_below_once_it_is_left(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bptui.ui.screens.compare.summarise_runs", summarise_none)
    async with BptuiApp(Session.open(load_lesson("mazur-2015"))).run_test(size=size) as pilot:
        await settle(pilot)
        compare(pilot.app)
        for name in SCREENS:
            stepper(pilot).action_open(name)
            await until(pilot, name, lambda: pilot.app.screen is not stepper(pilot))
            await settle(pilot)
            await pilot.press("tab")
            await settle(pilot)
            compare(pilot.app)
            pilot.app.screen.dismiss(None)
            await until(pilot, "the stepper", lambda: pilot.app.screen is stepper(pilot))
            await settle(pilot)
            compare(pilot.app)


@pytest.mark.usefixtures("torch_is_missing")
async def test_another_theme_and_another_size_change_the_styles_as_they_do_in_textual() -> None:
    async with BptuiApp(Session.open(load_lesson("mazur-2015"))).run_test(size=(120, 36)) as pilot:
        pilot.app.theme = "textual-light"
        await settle(pilot)
        compare(pilot.app)
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        compare(pilot.app)


async def test_classes_states_and_rules_that_come_later_change_the_styles_of_whoever_they_apply_to() -> None:
    async with SmallApp().run_test() as pilot:
        await settle(pilot)
        compare(pilot.app)
        first, second = pilot.app.query_one("#first"), pilot.app.query_one("#second")
        first.add_class("-on")
        second.disabled = True
        first.query_one(Input).focus()
        await settle(pilot)
        compare(pilot.app)
        for box in (first, second):
            await box.mount(Static("new"), before=0)
        first.remove_class("-on")
        await settle(pilot)
        compare(pilot.app)
        pilot.app.stylesheet.add_source("Label { background: red; } .input--cursor { color: red; }")
        pilot.app.stylesheet.update(pilot.app)
        compare(pilot.app)


async def test_a_place_is_looked_up_once_however_many_nodes_are_there_and_however_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with SmallApp().run_test() as pilot:
        await settle(pilot)
        looked: list[DOMNode] = []
        apply = Stylesheet.apply

        def note(self: Stylesheet, node: DOMNode, **options: Any) -> None:
            looked.append(node)
            apply(self, node, **options)

        monkeypatch.setattr(Stylesheet, "apply", note)
        pilot.app.stylesheet.update(pilot.app.screen)
        assert {type(node) for node in looked} <= {Static, Label}  # whose styles depend on neighbours
        looked.clear()
        await pilot.app.query_one("#first").mount(Input())
        assert not any(isinstance(node, Input) for node in looked)
