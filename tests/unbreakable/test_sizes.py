"""In a terminal of any size every screen is drawn, or says what size is needed; and resizing never ends the program."""

import random
from functools import partial
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.effort import ALL, mostly
from tests.unbreakable.driving import ENTER, FLAT_OUT, SCREENS, Driven, driven, lesson_of, second_opinion_by_numpy

SIZES = (
    *((1, 1), (2, 2), (5, 3), (1, 120), (10, 5), (400, 1), (20, 8), (40, 12), (79, 23), (79, 24), (80, 23), (80, 24)),
    *((115, 30), (115, 36), (116, 24), (116, 36), (120, 36), (200, 60), (400, 120)),
)
FEW = ((1, 1), (400, 1), (116, 36))
STORM = 500  # resizes
NEEDED = "bptui needs a terminal of at least 80 columns and 24 rows"
LEAST = {"boundary": (60, 15), "pictures": (60, 15)}  # screens that need less
SHORTER = ("needs 80 columns and 24 rows", "needs 80×24", "80×24")


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    second_opinion_by_numpy(monkeypatch)


@pytest.mark.parametrize("name", mostly(list(SCREENS)[::2], SCREENS))
async def test_a_screen_is_drawn_in_every_size_or_says_what_it_needs(name: str) -> None:
    async with driven(lesson_of(2, 4, 4, 4), size=(80, 24)) as program:
        program.type(*SCREENS[name])
        await program.until("the screen", lambda: name == "stepper" or program.app.screen is not program.stepper)
        for size in SIZES if name == "stepper" or ALL else FEW:
            program.resize(*size)
            least = LEAST.get(name, (80, 24))
            small = (
                size[0] < least[0] or size[1] < least[1]
            ) and name != "palette"  # which is Textual's own, and of use anyhow
            word = NEEDED if size[0] >= 60 or (size[1] >= 8 and size[0] > 8) else ""
            await program.until(f"{size}", partial(is_drawn, program, size, small if word else None))
        await program.must_answer()


async def test_the_palette_lists_its_commands_in_any_width() -> None:
    async with driven(size=(80, 24)) as program:
        for width in (7, 6, 5, 4, 3, 2, 1):
            program.type(*SCREENS["palette"], "l")
            await program.until("the palette", lambda: bool(program.app.screen.query("CommandList")))
            program.resize(width, 20)
            await program.until("that size", lambda wanted=width: shown_size(program)[0] == wanted)  # type: ignore[misc]
            await program.come_home()
        await program.must_answer()


@pytest.mark.parametrize("size", [(5, 1), (8, 5), (30, 4), (57, 1), (79, 23), (400, 1)])
async def test_the_word_on_the_size_that_is_needed_is_as_long_as_fits(size: tuple[int, int]) -> None:
    async with driven(size=size) as program:
        await program.until("a word", lambda: "80" in program.picture)
        assert words_of(program) in (NEEDED, *SHORTER)


async def test_a_storm_of_sizes_while_it_runs_leaves_a_program_that_answers_and_shows_the_right_numbers() -> None:
    sizes = random.Random(STORM)
    async with driven(size=(120, 36)) as program:
        program.type(FLAT_OUT, "g")
        await program.until("a field", lambda: program.app.focused is not None)
        program.type(*"9000000", ENTER)
        await program.until("it runs", lambda: program.session.goal is not None)
        for number in range(STORM):
            program.resize(sizes.randint(1, 400), sizes.randint(1, 120))
            if number % 25 == 0:
                await program.settle()
        await program.must_answer()


def is_drawn(program: Driven, size: tuple[int, int], small: bool | None) -> bool:
    """Whether the screen is drawn in a size, and says what size is needed where it is to; None where that is open."""
    return shown_size(program) == size and (small is None or (NEEDED in words_of(program)) == small)


def words_of(program: Driven) -> str:
    """What is written on the screen, with a space for every break."""
    return " ".join(program.picture.split())


def shown_size(program: Driven) -> tuple[int, int]:
    """The size of what is drawn."""
    lines = program.picture.split("\n")
    return cell_len(lines[0]), len(lines)
