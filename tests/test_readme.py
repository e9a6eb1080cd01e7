"""What README.md says: its commands mean something, its table is recomputed, its first five minutes end as it says."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from textual.pilot import Pilot

from bptui.check.recompute import CheckedValue, check_figures
from bptui.core.formulas.network import CHAIN_RULE
from bptui.core.formulas.rules.gradient_rules import RULES
from bptui.lessons.lesson import DEFAULT_LESSON, load_lesson
from bptui.session.session import Session
from bptui.ui.app import BptuiApp
from bptui.ui.panels.derivation import DerivationPage
from bptui.ui.panels.selection import SelectionPanel
from bptui.ui.screens.stepper import StepperScreen
from tests.film import FIVE_MINUTES
from tests.markdown_commands import find_commands, find_examples, require_printed, require_understood
from tests.ui.seeing import screen_text, until

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_page_is_short_and_its_links_lead_somewhere() -> None:
    assert len(README.splitlines()) <= 200
    links = set(re.findall(r"\]\(([^)#:]+)\)", README))
    assert "bptui/help/manual/installation.md" in links and ".github/CONTRIBUTING.md" in links
    assert [link for link in sorted(links) if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("command", sorted({*find_commands(README), *find_commands(CONTRIBUTING)}))
def test_a_command_is_understood(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    require_understood(command, monkeypatch)


@pytest.mark.parametrize("example", find_examples(README))
def test_an_example_is_what_it_prints(example: str, capsys: pytest.CaptureFixture[str]) -> None:
    require_printed(example, capsys)


# --- found in print ---


class FoundInPrint(NamedTuple):
    """A row of the table: a printed value, the right one, and the gradient rule that makes the printed one."""

    quantity: str
    round: int
    printed: str
    recomputed: str
    mistake: str
    rule: str
    lesson: str

    def check(self, rule: str) -> CheckedValue:
        """The printed value, recomputed with a gradient rule."""
        lesson = load_lesson(self.lesson)
        lesson = replace(lesson, spec=replace(lesson.spec, gradient=rule))
        found = [one for one in check_figures(lesson) if (one.round, one.quantity) == (self.round, self.quantity)]
        (value,) = [one for one in found if one.printed.replace("-", "−") == self.printed]
        return value


ROW = re.compile(
    r"^\| .* \| `(\w+)` of round (\d+): ([−\d.]+) \| ([−\d.]+) \| (.*)`([^`]+)` \| `([\w-]+)` \|$", re.MULTILINE
)
FOUND = [
    FoundInPrint(quantity, int(round_), *texts)
    for quantity, round_, *texts in ROW.findall(README.partition("## Found in print")[2].partition("\n## ")[0])
]


def test_five_calculations_are_found_in_print() -> None:
    assert len({row.lesson for row in FOUND}) == 5
    assert {row.rule for row in FOUND} <= set(RULES) - {CHAIN_RULE}


@pytest.mark.parametrize("row", FOUND, ids=lambda row: row.lesson)
def test_the_printed_value_differs_and_only_the_mistake_reproduces_it(row: FoundInPrint) -> None:
    right, wrong = row.check(CHAIN_RULE), row.check(row.rule)
    digits = f"{wrong.recomputed:.12f}".replace("-", "−")
    cut_off = "digits are cut off" in row.mistake and digits.startswith(row.printed)
    assert (right.agrees, wrong.agrees or cut_off) == (False, True)
    decimals = len(row.recomputed.partition(".")[2])
    assert f"{right.recomputed:.{decimals}f}".replace("-", "−") == row.recomputed


# --- the first five minutes ---

KEYS = {".": "full_stop", "<": "less_than_sign"}


def steps() -> list[list[str]]:
    """The keys of each numbered step, as they are written."""
    section = README.partition("## The first five minutes\n")[2].partition("\n## ")[0]
    numbered = re.split(r"^\d+\. ", section, flags=re.MULTILINE)[1:]
    return [[key for key in re.findall(r"`([^`]+)`", step) if not key.startswith("python3")] for step in numbered]


def test_the_moving_picture_shows_these_keys() -> None:
    shown = [key for scene in FIVE_MINUTES.scenes for key in scene.keys.split()]
    assert shown == [key for keys in steps() for key in keys]


def pressed(words: list[str]) -> list[str]:
    """Keys by Textual's names; a number is typed."""
    return [key for word in words for key in (word if word.isdigit() else [KEYS.get(word, word)])]


@pytest.mark.with_torch
async def test_the_first_five_minutes_end_with_the_mistake_found() -> None:
    app = BptuiApp(Session.open(load_lesson(DEFAULT_LESSON)))
    async with app.run_test(size=(80, 24)) as pilot:
        stepper = app.get_default_screen()
        first, blank, far, published, found, printed, mended = steps()

        async def press(keys: list[str], what: str, holds: Callable[[], object]) -> None:
            await pilot.press(*pressed(keys))
            await until(pilot, what, holds)

        await press(first[:-1], "two rounds on", lambda: stepper.session.round == 3)
        await press(first[-1:], "round 1", lambda: stepper.session.round == 1)
        await press(blank[:5], "half a round", lambda: stepper.session.formulas_done is not None)
        assert stepper.frame.last_step is not None and stepper.frame.last_step.phase == "output deltas"
        assert f"`{screen_text(stepper.query_one(SelectionPanel)).strip()}`" in README
        await press(
            blank[5:], "a whole round", lambda: stepper.frame.last_step and stepper.frame.last_step.phase == "update"
        )
        await press(far, "round 1000", lambda: stepper.frame.round == 1000 and "E" in stepper.frame.values)
        assert (f"{stepper.frame.values['E']:.5f}", f"{stepper.frame.floor:.5f}") == ("0.00319", "0.00245")
        await press(published, "the lesson", lambda: stepper.frame.spec.gradient == "as published")
        await until(pilot, "torch", lambda: stepper.frame.agrees and "dE_dw1" in stepper.frame.second)
        assert marks(stepper) == "✗✗✗✗✓✓✓✓" and stepper.session.selected == "w1"
        assert stepper.frame.values["dE_dw1"] > 0 > stepper.frame.second["dE_dw1"]
        await press(found, "the page", lambda: "δ_h1 = (∂E/∂w5 + ∂E/∂w6)·h1" in page(pilot, from_the_top=True))
        await press(printed, "round 10", lambda: stepper.is_current and stepper.frame.round == 10)
        assert {m.printed: m.agrees for m in stepper.frame.marks.values()} == dict.fromkeys(
            ("0.26348", "0.11236", "0.02"), True
        )
        assert f"{stepper.frame.values['E']:.5f}" == "0.01719"
        await press(mended[:6], "the right rule", lambda: stepper.frame.spec.gradient == "chain rule")
        await until(pilot, "torch again", lambda: stepper.frame.agrees and stepper.frame.second_by == "torch")
        assert marks(stepper) == "✓✓✓✓✓✓✓✓"
        await press(mended[6:9], "round 10 again", lambda: stepper.frame.round == 10)
        assert f"{stepper.frame.values['E']:.5f}" == "0.01031"
        await press(mended[9:], "the run before", lambda: stepper.frame.spec.gradient == "as published")
        assert (stepper.session.round, stepper.session.current, len(stepper.session.trainings)) == (10, 1, 3)


def marks(stepper: StepperScreen) -> str:
    """The mark of each weight's gradient."""
    return "".join("✓" if stepper.frame.agrees[w.name] else "✗" for w in stepper.frame.network.weights)


def page(pilot: Pilot[int], from_the_top: bool) -> str:
    """What the derivation's page shows."""
    panel = pilot.app.screen.query_one(DerivationPage)
    if from_the_top:
        panel.scroll_lines(-panel.line_count)
    return screen_text(panel)
