"""A search in this process and in one of its own: the audit first, progress, limits, and being stopped."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise, takewhile

import pytest

from bptui.check.recompute import check_figures
from bptui.explain import worker as explaining
from bptui.explain.result import ExplanationData
from bptui.explain.search.progress import SearchProgress
from bptui.explain.search.search import Search
from bptui.explain.worker import Answers, LessonSearch
from bptui.lessons.lesson import Figures, Lesson, format_lesson, load_lesson
from bptui.system.process import Message, Process, Unavailable
from bptui.ui.widgets.explain_client import WORKER
from tests.explain.books import search_lesson


def lesson_of(round_: int = 1, **printed: str) -> Lesson:
    book = load_lesson("mazur-2015")
    return replace(book, name="mine", figures=(Figures(round_, "numpy", {}, printed),))


FOUND, NOTHING = lesson_of(dE_dw1="0.000364722878"), lesson_of(dE_dw1="0.000123456789")


def is_audit(found: SearchProgress | ExplanationData) -> bool:
    return not isinstance(found, SearchProgress) and bool(found["audit"]) and not found["groups"]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which every look at a clock takes a second."""
    for name in ("process_time", "monotonic"):
        monkeypatch.setattr(explaining, name, partial(next, iter(range(10**6))))


# --- in this process ---


def test_the_audit_comes_before_any_progress_and_everything_that_was_found_comes_last() -> None:
    search = LessonSearch(FOUND)
    first, *_, last = list(search.run(None))
    assert is_audit(first)
    assert last == search.told == search_lesson(FOUND)


def test_a_search_to_the_end_returns_what_it_found() -> None:
    told = search_lesson(FOUND)
    assert [change["name"] for change in told["groups"][0]["changes"]] == ['gradient rule "updated weights"']
    assert (told["lesson"], told["stopped"], told["limit"]) == ("mine", False, None)


def test_a_search_that_is_interrupted_keeps_what_it_found_until_then() -> None:
    search = LessonSearch(NOTHING)
    assert not search.has_begun
    for found in search.run(None):
        if isinstance(found, SearchProgress) and found.changes == 2:
            break
    told = search.stop()
    assert search.has_begun and (told["stopped"], told["looked"], len(told["left"])) == (True, 1, 1)


@pytest.mark.usefixtures("slow")
def test_a_search_stops_at_its_limit_and_goes_on_where_it_stopped() -> None:
    search = LessonSearch(NOTHING)

    def tried(found: Iterator[SearchProgress | ExplanationData]) -> list[int]:
        return [one.tried for one in found if isinstance(one, SearchProgress)]

    first = tried(search.run(5))
    assert (search.told["limit"], search.told["stopped"], search.told["looked"]) == (5, False, 0)
    second = tried(search.run(5))
    assert 0 < max(first) < min(second)


@pytest.mark.usefixtures("slow")
def test_a_search_in_many_parts_finds_what_one_in_one_part_does() -> None:
    search, parts = LessonSearch(FOUND), 0
    while not parts or search.told["limit"] is not None:
        parts += len(list(search.run(20))) > 0
    assert parts > 3 and search.told == search_lesson(FOUND)


def test_progress_is_reported_at_first_and_then_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10**6))
    monkeypatch.setattr(explaining, "monotonic", lambda: next(clock) * 0.03)
    reported = (found for found in LessonSearch(NOTHING).run(None) if isinstance(found, SearchProgress))
    first, *singles = takewhile(lambda progress: progress.changes < 2, reported)
    assert first.changes == 0
    steps = [after.tried - before.tried for before, after in pairwise(singles)]
    assert len(singles) > 10 and {step for step in steps if step > 0} <= {1, 2, 3, 4}
    assert any(progress.left > 0 for progress in singles)


@pytest.mark.usefixtures("slow")
def test_the_time_left_is_estimated_anew_for_each_pass() -> None:
    def passes(self: Search) -> Iterator[SearchProgress]:
        yield from (SearchProgress(1, tried, 100) for tried in (1, 51, 100, 1, 51))

    search = LessonSearch(FOUND)
    next(search.run())
    search._steps = passes(search._search)
    left = [found.left for found in search.run(None) if isinstance(found, SearchProgress)]
    assert left[0] == left[2] == left[3] == 0 and left[1] == left[4] > 0


def test_an_interruption_before_the_audit_leaves_nothing_to_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def at_once(self: Search) -> Iterator[SearchProgress]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(Search, "run", at_once)
    search = LessonSearch(NOTHING)
    with pytest.raises(KeyboardInterrupt):
        next(search.run())
    assert not search.has_begun


@pytest.mark.usefixtures("slow")
def test_asked_the_same_again_the_worker_goes_on_and_asked_another_it_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(LessonSearch.run, "__defaults__", (5,))
    answers = Answers()

    def ask(lesson: Lesson) -> list[Message]:
        return list(answers.answer({"explain": format_lesson(lesson), "name": "mine"}))

    def tried(messages: list[Message]) -> list[int]:
        return [message["progress"][1] for message in messages if "progress" in message]

    first, second, other = ask(NOTHING), ask(NOTHING), ask(FOUND)
    assert first[-1]["told"]["limit"] == second[-1]["told"]["limit"] == 5
    assert "so_far" in first[0] and max(tried(first)) < min(tried(second))
    assert "so_far" in other[0] and other[0]["so_far"]["audit"] != first[0]["so_far"]["audit"]


# --- in a process of its own ---


async def start() -> Process:
    process = Process(WORKER)
    try:
        assert await process.start() == {"ready": True}
    except Unavailable:
        await process.stop()
        raise
    return process


async def test_the_process_answers_with_every_printed_value_checked() -> None:
    process = await start()
    try:
        await process.send({"check": format_lesson(FOUND), "name": "mine"})
        answer = await process.receive()
    finally:
        await process.stop()
    (one,) = check_figures(FOUND)
    assert answer == {"checked": [{**one._asdict(), "changes": {}}]}


async def test_the_process_answers_with_the_audit_then_progress_and_last_with_what_a_search_here_finds() -> None:
    process, answers = await start(), list[Message]()
    try:
        await process.send({"explain": format_lesson(FOUND), "name": "mine"})
        while not answers or "told" not in answers[-1]:
            answers.append(await process.receive())
    finally:
        await process.stop()
    audit, *others, last = answers
    assert is_audit(audit["so_far"])
    assert last == {"told": search_lesson(FOUND)}
    assert all(len(one["progress"]) == 4 for one in others if "progress" in one)


async def test_the_process_answers_one_question_after_the_other_and_names_what_is_wrong_with_one() -> None:
    process = await start()
    try:
        await process.send({"explain": "not TOML ="})
        with pytest.raises(Unavailable, match="LessonError: lesson: is not TOML"):
            await process.receive()
        await process.send({"check": format_lesson(FOUND)})
        assert "checked" in await process.receive()
    finally:
        await process.stop()


async def test_the_process_is_stopped_in_the_middle_of_a_search_and_is_gone() -> None:
    process = await start()
    child = process._process
    assert child is not None
    try:
        await process.send({"explain": format_lesson(NOTHING)})
        assert "so_far" in await process.receive()
    finally:
        await process.stop()
    assert child.returncode is not None
    assert process._process is None
