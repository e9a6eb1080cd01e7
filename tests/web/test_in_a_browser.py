"""The page in a real browser: it opens, keys reach the program without a click, and the numbers are the right ones."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bptui.lessons.lesson import load_lesson
from bptui.session.session import Session
from bptui.text.numbers import repr_float
from tests.browser import Page, browser, needs_chromium

pytestmark = needs_chromium


@pytest.fixture
async def page(tmp_path: Path, port: int) -> AsyncIterator[Page]:
    """The program's page, as soon as it shows round 1."""
    async with browser(tmp_path) as page:
        await page.open(f"http://127.0.0.1:{port}/")
        await page.until("round 1/1,000")
        yield page


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 30.0) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)


async def test_a_key_steps_and_the_numbers_on_the_page_are_the_ones_the_core_computes(page: Page) -> None:
    run = Session.open(load_lesson("two-by-two")).run
    run.train_to(3)
    for round_ in (1, 2):
        values = run.values(round_)
        seen = await page.until(f"∂E/∂w1 {repr_float(values['dE_dw1'])} ")
        assert f"round {round_}/1,000" in seen
        await page.press(" ", 32)


async def test_a_larger_window_has_more_columns_and_rows(page: Page) -> None:
    before = (await page.text()).splitlines()
    await page.resize(1700, 1000)
    await page.until("─ derivation")

    async def fills_the_window() -> bool:
        after = (await page.text()).splitlines()
        grown = len(after) > len(before) and len(after[1]) > len(before[1])
        return grown and after[1].endswith("╮") and after[-1].startswith("space Next")

    await until(fills_the_window)


async def test_the_program_is_left_as_in_a_terminal_and_another_begins(page: Page) -> None:
    await page.press(" ", 32)
    await page.until("round 2/1,000")
    await page.press("q", 81, control=True)
    await until(lambda: page.evaluate("document.body.classList.contains('-closed')"))
    assert await page.evaluate("document.querySelector('.closed').innerText.includes('has ended')")
    await page.evaluate(
        "setTimeout(() => document.querySelector('.closed a').click())"
    )  # and the answer is there first
    await page.until("round 1/1,000")
