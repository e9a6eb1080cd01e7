"""Whatever is typed and clicked, the program goes on, answers, and shows the right numbers."""

import asyncio
import os
import random
import secrets
import string
from collections.abc import Coroutine
from pathlib import Path
from time import monotonic
from typing import Any, ClassVar

import pytest

pytest.importorskip("pty", reason="pseudo-terminals are a POSIX thing")

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.theme import BUILTIN_THEMES

from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.problem.spec import Spec
from bptui.lessons.lesson import Lesson, load_bundled_lessons
from bptui.ui.drawing.strokes import ASCII, BRAILLE
from tests.strategies import problem
from tests.terminal import QUIT
from tests.unbreakable import driving
from tests.unbreakable.catastrophes import catastrophe
from tests.unbreakable.conftest import Start
from tests.unbreakable.driving import CTRL, ENTER, ESCAPE, FLAT_OUT, SCREENS, TAB, UP, Driven, driven, lesson_of
from tests.unbreakable.hostile import PIECES

NO_PATHS = "/\\~"  # nothing that is typed may name a file outside the test's own folder
SIGNS = "".join(sorted(set(string.printable[:95] + "½∂δη…✓é漢🙂\u0301") - set(NO_PATHS)))
NAMED = tuple(sequence for sequence, key in ANSI_SEQUENCES_KEYS.items() if isinstance(key, tuple) and len(sequence) > 1)
TEXTS = (
    *(
        "1000",
        "9,000,000",
        "0",
        "-1",
        "1e400",
        "nan",
        "0.562",
        "1-0.2*x1",
        "x1**99**99",
        "x1+",
        "delta_o1*w5",
        "?",
        ".",
    ),
    *("step=0.1,1,10", "step=0.1;loss=cross entropy", "1-500", "era-sheet.toml", "..", "lesson", "theme", "two-by-two"),
)
# A terminal's reader passes no surrogates on
PASTED = tuple(piece for piece in PIECES if not set(piece) & {*NO_PATHS, "\ud800"})
BROKEN = (
    *("\x1b[", "\x1b[1;", "\x1b[<0;5;", "\x1bO", "\x1b[999999~"),
    *("\x1b[<0;99999;99999M", "\x1b[<64;-1;-1M", "\x1b[I\x1b[O"),
)
LONG = (  # what begins something long, each from the stepper
    (FLAT_OUT,),
    ("g", "9000000", ENTER),
    ("w", CTRL["r"]),
    ("w", "\t\t", "300000", ENTER),
    ("c", "w"),
    ("m", CTRL["u"], "0.123456", ENTER),
    ("a", "v"),
    ("h", ENTER),
    (CTRL["s"], ENTER, ENTER),
    ("p", "w"),
    ("x", "?", ENTER, "?", ENTER),
)
keys = st.one_of(
    st.sampled_from(SIGNS),
    st.sampled_from(tuple(CTRL.values())),
    st.sampled_from(NAMED),
    st.sampled_from((ESCAPE, ENTER)),
)
DEEP = ((2, 3, 2, 1), (4, 4, 4, 4), (1, 2, 1, 2, 1), (2, 8, 1, 3, 8, 2))
THEMES = ("", *BUILTIN_THEMES)
STROKES = (BRAILLE, ASCII)
_KEPT = 50_000  # characters of what a program printed last, to tell why it ended
columns, rows = st.integers(1, 250), st.integers(1, 70)
extreme = st.integers(0, 2**32 - 1).map(lambda number: catastrophe(random.Random(number)))


@st.composite
def of_samples(draw: st.DrawFn) -> Lesson:
    """Lessons with several samples and any optimiser."""
    optimiser = draw(st.sampled_from(tuple(OPTIMISERS)))
    samples = draw(st.integers(2, 4))
    table = problem((2, 2, 1), optimiser={"kind": optimiser}).to_table()
    table["network"] |= {
        "inputs": [[0.1 * n, 1.0 - 0.3 * n] for n in range(samples)],
        "targets": [[n % 2] for n in range(samples)],
    }
    table["training"]["batch"] = draw(st.sampled_from(("all", "one at a time", 2)))
    return Lesson("mine", f"Samples by {optimiser}", Spec.from_table(table))


class Keys(RuleBasedStateMachine):
    """A program that is typed at; each rule is one thing that a user, or a cat on the keyboard, may do."""

    until: ClassVar[float] = 0.0
    pressed: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._context: Any = None
        self._program: Driven | None = None
        self._sound = self._comes_home = True

    @property
    def program(self) -> Driven:
        assert self._program is not None
        return self._program

    def _do(self, what: Coroutine[Any, Any, object], always: bool = False) -> None:
        """Do something with the program; nothing once the time is over."""
        if monotonic() > Keys.until and not always:
            what.close()
            return
        try:
            self._runner.run(what)
        except BaseException as fault:
            self._sound = False
            fault.add_note(f"after {self.program.sent!r}")
            raise

    def _send(self, *texts: str) -> None:
        Keys.pressed += len(texts)
        self.program.type(*texts)

    async def _typed(self, *texts: str, at_once: bool = True) -> None:
        for text in texts:
            self._send(text)
            if not at_once:
                await self.program.settle()
        await self.program.settle()

    @initialize(
        lesson=st.sampled_from([*load_bundled_lessons(), *(lesson_of(*sizes) for sizes in DEEP)])
        | of_samples()
        | extreme,
        size=st.tuples(columns, rows),
        looks=st.fixed_dictionaries(
            {"theme": st.sampled_from(THEMES), "strokes": st.sampled_from(STROKES), "presenter": st.booleans()}
        ),
        torch=st.sampled_from(("loaded", "loaded", "missing", "hanging")),
        comes_home=st.booleans(),
    )
    def open(self, lesson: Lesson, size: tuple[int, int], looks: dict[str, Any], torch: str, comes_home: bool) -> None:
        self._comes_home = comes_home
        driving.StandIn.kind = torch
        self._context = driven(lesson, size, **looks)
        self._program = self._runner.run(self._context.__aenter__())

    @rule(texts=st.lists(keys, min_size=20, max_size=80))
    def type_at_once(self, texts: list[str]) -> None:
        self._do(self._typed(*texts))

    @rule(texts=st.lists(keys, min_size=5, max_size=20))
    def type_one_by_one(self, texts: list[str]) -> None:
        self._do(self._typed(*texts, at_once=False))

    @rule(text=st.sampled_from(TEXTS), last=st.sampled_from((ENTER, TAB, UP, CTRL["u"])))
    def type_a_text(self, text: str, last: str) -> None:
        self._do(self._typed(*text, last))

    @rule(text=st.sampled_from(TEXTS) | st.lists(st.sampled_from(PASTED), max_size=8).map("".join))
    def paste(self, text: str) -> None:
        self._do(self._typed(f"\x1b[200~{text}\n{text}\x1b[201~"))

    @rule(texts=st.lists(st.sampled_from(BROKEN), min_size=1, max_size=3))
    def send_what_is_no_key(self, texts: list[str]) -> None:
        self._do(self._typed(*texts))

    @rule(button=st.sampled_from((0, 0, 0, 2, 16)), x=columns, y=rows, dx=st.integers(0, 3))
    def click_or_drag(self, button: int, x: int, y: int, dx: int) -> None:
        moves = [f"\x1b[<{button + 32};{x + n};{y}M" for n in range(1, dx + 1)]
        self._do(self._typed(f"\x1b[<{button};{x};{y}M", *moves, f"\x1b[<{button};{x + dx};{y}m"))

    @rule(button=st.sampled_from((64, 65, 66, 67, 80)), x=columns, y=rows, times=st.integers(1, 10))
    def wheel(self, button: int, x: int, y: int, times: int) -> None:
        self._do(self._typed(*[f"\x1b[<{button};{x};{y}M"] * times))

    @rule(sizes=st.lists(st.tuples(columns, rows) | st.sampled_from(((80, 24), (120, 36))), min_size=1, max_size=3))
    def resize(self, sizes: list[tuple[int, int]]) -> None:
        async def resized() -> None:
            for size in sizes:
                self.program.resize(*size)
            await self.program.settle()

        self._do(resized())

    @rule(opens=st.sampled_from(tuple(SCREENS.values())))
    def open_a_screen(self, opens: tuple[str, ...]) -> None:
        self._do(self._from_home(*opens))

    @rule(begins=st.sampled_from(LONG))
    def begin_something_long(self, begins: tuple[str, ...]) -> None:
        self._do(self._from_home(*begins))

    async def _from_home(self, *texts: str) -> None:
        await self.program.come_home()
        await self._typed(*texts, at_once=False)

    @rule(seconds=st.floats(0.0, 0.1))
    def wait(self, seconds: float) -> None:
        self._do(asyncio.sleep(seconds))

    @rule()
    def compare_what_is_shown(self) -> None:
        self._do(self.program.must_agree())

    def teardown(self) -> None:
        async def end() -> None:
            try:
                if self._sound and self._comes_home:
                    await self.program.must_answer()
            finally:
                await self.program.leave()
                await self._context.__aexit__(None, None, None)
            await nothing_is_left()

        if self._program is not None:
            self._do(end(), always=True)
        self._runner.close()
        driving.StandIn.kind = "loaded"


async def nothing_is_left() -> None:
    """Wait until all that the program had begun has ended, but for timers of Textual's own."""
    left: list[asyncio.Task[Any]] = []
    for _ in range(500):
        left = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        left = [task for task in left if not task.get_name().startswith("set_timer")]
        if not left:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"tasks are left: {left}")


@pytest.mark.long(seconds=12)
def test_whatever_is_typed_and_clicked_the_program_answers_and_its_numbers_are_right(
    until: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "a" / "b"
    here.mkdir(parents=True)
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(tmp_path))
    driving.second_opinion_by_numpy(monkeypatch, dies_after=50)
    some = settings(
        max_examples=3,
        stateful_step_count=30,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    begun, number = monotonic(), 0
    Keys.until = until
    while monotonic() < until or not number:
        number = number + 1 if os.environ.get("CI") else secrets.randbits(32)
        run_state_machine_as_test(seed(number)(Keys), settings=some)
    print(f"{Keys.pressed:,} keys and clicks, {Keys.pressed / (monotonic() - begun):.0f} a second")


@pytest.mark.long(seconds=3)
def test_a_real_terminal_that_sends_anything_leaves_a_program_that_answers(until: float, start: Start) -> None:
    signs = random.Random(0 if os.environ.get("CI") else None)
    left_out = ("q", CTRL["q"], CTRL["z"], CTRL["p"])  # what leaves the program, by Textual's palette too
    kinds = [[sign for sign in kind if sign not in left_out] for kind in (SIGNS, CTRL.values(), NAMED, BROKEN)]
    terminal = start(columns=100)
    sent, seen, goes_on = list[str](), b"", True
    while goes_on and (monotonic() < until or not sent):
        keys = [signs.choice(signs.choice(kinds)) for _ in range(signs.randint(1, 20))]
        mouse = f"\x1b[<{signs.choice((0, 2, 64, 65))};{signs.randint(1, 120)};{signs.randint(1, 40)}M"
        sent.append("".join([*keys, mouse]))
        terminal.type(sent[-1])
        terminal.resize(signs.randint(1, 200), signs.randint(1, 60))
        begun, busy = monotonic(), True  # nobody types faster than the program can take in for long
        while monotonic() < begun + (2.0 if busy else 0.2):
            before = len(terminal.seen)
            goes_on = terminal.read()
            busy = len(terminal.seen) > before
        seen = (seen + terminal.seen)[-_KEPT:]
    assert goes_on, f"it ended by itself with {terminal.wait()} after {sent[-5:]}: {seen.decode(errors='replace')}"
    terminal.resize(80, 24)
    for _ in range(10):  # the first may end what was left unfinished, and the next be asked whether runs may be lost
        terminal.type(QUIT)
        goes_on, end = True, monotonic() + 2.0
        while goes_on and monotonic() < end:
            goes_on = terminal.read()
        seen += terminal.seen
        if not goes_on:
            break
    assert terminal.wait() == 0, (seen[-4000:].decode(errors="replace"), sent)
    assert b"\x1b[?1049l" in seen and b"Traceback" not in seen, sent
