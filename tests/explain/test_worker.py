"""Explaining in this process and in one of its own: progress, the answer, and being stopped."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from bptui.check.recompute import check_figures
from bptui.explain import worker as explaining
from bptui.explain.search.search import Search, SearchProgress
from bptui.explain.worker import search_lesson
from bptui.lessons.lesson import Figures, Lesson, format_lesson, load_lesson
from bptui.system.process import Message, Process, Unavailable
from bptui.ui.widgets.explain_client import WORKER


def lesson_of(round_: int = 1, **printed: str) -> Lesson:
    book = load_lesson("mazur-2015")
    return replace(book, name="mine", figures=(Figures(round_, "numpy", {}, printed),))


FOUND, NOTHING = lesson_of(dE_dw1="0.000364722878"), lesson_of(dE_dw1="0.000123456789")


def unheard(progress: SearchProgress) -> None:
    """Nobody is told how far it is."""


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C comes when all single changes have been tried."""
    run = Search.run

    def until_then(self: Search) -> Iterator[SearchProgress]:
        for progress in run(self):
            if progress.changes == 2:
                raise KeyboardInterrupt
            yield progress

    clock = iter(range(10**6))
    monkeypatch.setattr(Search, "run", until_then)
    monkeypatch.setattr(explaining, "monotonic", lambda: next(clock))


# --- in this process ---


def test_a_search_to_the_end_tells_what_it_found() -> None:
    told = search_lesson(FOUND, unheard)
    assert [change["name"] for change in told["groups"][0]["changes"]] == ['gradient rule "updated weights"']
    assert (told["lesson"], told["stopped"]) == ("mine", False)


@pytest.mark.usefixtures("interrupted")
def test_a_search_that_is_interrupted_tells_what_it_found_until_then() -> None:
    told = search_lesson(NOTHING, unheard)
    assert (told["stopped"], told["looked"], len(told["left"])) == (True, 1, 1)


@pytest.mark.usefixtures("interrupted")
def test_progress_is_said_at_first_and_then_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10, 10**6))
    monkeypatch.setattr(explaining, "monotonic", lambda: next(clock) * 0.03)
    said: list[SearchProgress] = []
    search_lesson(NOTHING, said.append)
    first, *others = said
    assert first == SearchProgress(0, 0, 0)
    assert len(others) > 10 and {progress.changes for progress in others} == {1}
    steps = [after.tried - before.tried for before, after in pairwise(others) if after.of == before.of]
    assert {step for step in steps if step > 0} <= {2, 3, 4}


def test_an_interruption_while_the_figures_themselves_are_calculated_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing to tell by then."""

    def at_once(self: Search) -> Iterator[SearchProgress]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(Search, "run", at_once)
    with pytest.raises(KeyboardInterrupt):
        search_lesson(NOTHING, unheard)


# --- in a process of its own ---


async def started() -> Process:
    process = Process(WORKER)
    try:
        assert await process.start() == {"ready": True}
    except Unavailable:
        await process.stop()
        raise
    return process


async def test_it_answers_with_every_figure_checked() -> None:
    process = await started()
    try:
        await process.send({"check": format_lesson(FOUND), "name": "mine"})
        answer = await process.receive()
    finally:
        await process.stop()
    (one,) = check_figures(FOUND)
    assert answer == {"checked": [{**one._asdict(), "changes": {}}]}


async def test_it_answers_with_progress_and_then_the_same_as_a_search_here() -> None:
    process, answers = await started(), list[Message]()
    try:
        await process.send({"explain": format_lesson(FOUND), "name": "mine"})
        while not answers or "told" not in answers[-1]:
            answers.append(await process.receive())
    finally:
        await process.stop()
    *progress, last = answers
    assert last == {"told": search_lesson(FOUND, unheard)}
    assert all(len(one["progress"]) == 3 for one in progress)


async def test_it_answers_one_question_after_the_other_and_names_what_is_wrong_with_one() -> None:
    process = await started()
    try:
        await process.send({"explain": "not TOML ="})
        with pytest.raises(Unavailable, match="LessonError: lesson: is not TOML"):
            await process.receive()
        await process.send({"check": format_lesson(FOUND)})
        assert "checked" in await process.receive()
    finally:
        await process.stop()


async def test_it_is_stopped_in_the_middle_of_a_search_and_is_gone() -> None:
    process = await started()
    child = process._process
    assert child is not None
    try:
        await process.send({"explain": format_lesson(NOTHING)})
        assert "progress" in await process.receive()
    finally:
        await process.stop()
    assert child.returncode is not None
    assert process._process is None
