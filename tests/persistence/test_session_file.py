"""Sittings in files: what is written reads back, and every fault is said at its place."""

import string
from dataclasses import replace
from math import inf
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from bptui.cli.main import main
from bptui.core.formulas.backprop import list_formulas
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import Table, UserError
from bptui.core.quantities.parts import group_quantities
from bptui.lessons.lesson import Lesson, Variant, format_lesson, load_lesson
from bptui.persistence.session_file import MAX_RUNS, format_session, load_session, parse_session, save_session
from bptui.session.session import Session
from bptui.session.state import SPEEDS, Goal
from bptui.system.reading import IsSessionFileError, LessonError, is_session_text, parse_toml
from bptui.system.writing import AlreadyExistsError
from tests.effort import examples
from tests.lessons.test_lesson import any_lesson, any_spec

RELU = load_lesson("relu")


@pytest.fixture
def session() -> Session:
    """Three trainings of two lessons, stepping through a round of the second."""
    first = Session.open(load_lesson("two-by-two"))
    changed = first.change(replace(first.spec, step=5.0, hidden=(1,), weights=(0.1, 0.2, 0.3, 0.4)))
    return changed.open_lesson(RELU).show_training(1).next().step_on().step_on().select("E").faster().switch_scale()


def kept(session: Session) -> tuple[object, ...]:
    """What a file keeps of a sitting."""
    problems = [(training.lesson, training.run.spec, training.name) for training in session.trainings]
    place = (session.current, session.round, session.formulas_done, session.fine_steps)
    return problems, place, session.selected, session.chosen_sample, session.speed, session.log_scale


def test_a_runs_own_name_is_kept_and_a_file_without_names_is_read(session: Session) -> None:
    named = session.rename("my first one")
    text = format_session(named)
    assert 'run = "my first one"' in text and text.count("run = ") == 1
    assert [one.name for one in parse_session(text).trainings] == [one.name for one in named.trainings]
    assert parse_session(text.replace('run = "my first one"', "")).trainings[1].name == session.trainings[1].name
    assert "run: must be text" in "".join(faults_of(parse_toml(text.replace('"my first one"', "3"), "")))


def test_an_untouched_start_stays_one_from_its_file() -> None:
    start = Session.start(RELU)
    assert parse_session(format_session(start)).untouched and "untouched" not in format_session(start.next())
    assert not parse_session(format_session(replace(start.next(), untouched=True))).untouched


def faults_of(table: Table) -> list[str]:
    """What is said about a file's tables, one line a fault, without the file's name."""
    with pytest.raises(LessonError) as error:
        parse_session(tomli_w.dumps(table), "mine")
    lines = str(error.value).split("\n")
    assert all(line.startswith("mine: ") for line in lines)
    return [line.removeprefix("mine: ") for line in lines]


# --- what is written reads back ---


def test_a_sitting_reads_back_with_its_trainings_and_the_place_that_is_shown(session: Session) -> None:
    read = parse_session(format_session(session))
    assert kept(read) == kept(session)
    assert [training.run.spec.step for training in read.trainings] == [1.0, 5.0, RELU.spec.step]
    assert (read.current, read.round, read.selected, read.speed, read.log_scale) == (1, 3, "E", 20.0, True)
    assert read.run.values(3) == session.run.values(3) and read.figures == session.figures
    assert not read.unsaved


def test_a_problem_that_is_the_lessons_own_is_written_once_and_one_that_is_not_only_where_it_differs(
    session: Session,
) -> None:
    one, other, _ = parse_toml(format_session(session), "")["trainings"]
    assert set(one) == {"name", "lesson"} and set(other["changed"]) == {"network", "training"}
    first = session.show_training(0)
    (*_, last) = parse_toml(format_session(first.change(replace(first.spec, step=2.0))), "")["trainings"]
    assert set(last["changed"]) == {"training"} and last["lesson"] == one["lesson"]


@st.composite
def sittings(draw: st.DrawFn) -> Session:
    """Any sitting, at any place."""
    own = st.tuples(any_lesson(), any_spec()) | any_lesson().map(lambda lesson: (lesson, lesson.spec))
    problems: list[tuple[Lesson, Spec]] = draw(st.lists(own, min_size=1, max_size=3))
    names = draw(st.lists(st.text(max_size=8), min_size=len(problems), max_size=len(problems)))
    session = Session.of(problems, draw(st.integers(0, len(problems) - 1)), names)
    session = replace(
        session,
        fine_steps=draw(st.booleans()),
        selected=draw(st.sampled_from(sorted(group_quantities(session.network)))),
        speed=draw(st.sampled_from(SPEEDS)),
        log_scale=draw(st.booleans()),
    )
    done = draw(st.none() | st.integers(0, len(list_formulas(session.network))))
    return session.go_to(draw(st.integers(1, 30)), done)


@examples(60)
@given(sittings())
def test_any_sitting_reads_back_from_what_is_written_of_it(session: Session) -> None:
    text = format_session(session)
    assert is_session_text(text) and kept(parse_session(text)) == kept(session)
    assert format_session(parse_session(text)) == text


def test_a_file_keeps_the_place_that_the_sitting_hurries_to_and_opens_on_the_way_to_it(session: Session) -> None:
    far = session.go_to(5_000_000, done=2)
    assert far.round < 5_000_000
    read = parse_session(format_session(far))
    assert read.round == 1 and read.run.rounds < 5_000_000
    assert read.goal == Goal(5_000_000, hurry=True, formulas_done=2) == far.goal
    near = parse_session(format_session(session.go_to(100_000, done=2)))
    while near.goal:
        near.run.train_to(near.goal.round + 1)
        near = near.tick(0.1)
    assert (near.round, near.formulas_done) == (100_000, 2)


def test_the_round_of_a_sitting_that_only_runs_is_the_one_shown(session: Session) -> None:
    running = session.run_or_pause()
    assert running.goal is not None
    assert parse_session(format_session(running)).round == session.round


def test_figures_and_variants_that_flags_have_left_no_place_are_left_out() -> None:
    lesson = load_lesson("mazur-2015")
    smaller = {"hidden": 1, "weights": [0.1, 0.2, 0.3, 0.4], "inputs": [1, 2], "targets": [0, 1]}
    table = lesson.spec.to_table()
    table["network"] = smaller
    of_two = Variant("two", {"network": {"weights": [0.5] * 8}})
    odd = replace(lesson, spec=Spec.from_table(table), variants=(of_two,))
    read = parse_session(format_session(Session.open(odd))).lesson
    assert read.spec == odd.spec and read.variants == ()
    before, after = ({name for figures in it.figures for name in figures.printed} for it in (lesson, read))
    assert "E" in after < before and "new_w8" in before - after


def test_a_name_with_signs_that_drive_a_terminal_is_written_and_read_without_them() -> None:
    odd = replace(RELU, name="a\x1b[2J\ud800b")
    assert parse_session(format_session(Session.open(odd))).lesson.name == "a\ufffd[2J\ufffdb"


# --- files ---


def test_a_file_is_saved_loaded_and_not_replaced_unless_told_to(tmp_path: Path, session: Session) -> None:
    path = tmp_path / "mine.toml"
    save_session(session, path)
    read = load_session(path)
    assert kept(read) == kept(session) and read.file == str(path)
    with pytest.raises(AlreadyExistsError):
        save_session(session.next(), path)
    assert load_session(path).round == session.round
    save_session(session.next(), path, replace=True)
    assert load_session(path).round == session.round + 1


def test_a_sitting_too_large_to_be_read_back_is_not_written(tmp_path: Path) -> None:
    one = Session.open(RELU)
    (training,) = one.trainings
    with pytest.raises(UserError, match="at most 200 runs; this session has 201"):
        save_session(replace(one, trainings=(training,) * (MAX_RUNS + 1)), tmp_path / "many.toml")
    long = training._replace(lesson=replace(RELU, note="x" * 100_000))
    with pytest.raises(UserError, match="too large to save: a session file holds at most 2 MiB"):
        save_session(replace(one, trainings=(long,) * 50), tmp_path / "large.toml")
    assert not list(tmp_path.iterdir())
    save_session(replace(one, trainings=(long,) * 5), path := tmp_path / "largish.toml")
    assert len(load_session(path).trainings) == 5


@pytest.mark.parametrize("verb", ["rounds", "check", "explain", "derive", "program", "practice", "lessons"])
def test_other_verbs_say_in_one_line_that_a_file_is_a_sitting(
    tmp_path: Path, session: Session, verb: str, capsys: pytest.CaptureFixture[str], in_a_terminal: None
) -> None:
    path = tmp_path / "mine.toml"
    save_session(session, path)
    long = [training._replace(lesson=replace(RELU, note="x" * 50_000)) for training in session.trainings]
    save_session(replace(session, trainings=tuple(long)), large := tmp_path / "large.toml")
    for file in (path, large):
        assert main([verb, str(file)]) == 2
        out, err = capsys.readouterr()
        assert (out, err) == ("", f"bptui: {file}: is a session, not a lesson; open it with `bptui {file}`\n")


@pytest.mark.parametrize("flags", [["--step", "5"], ["--activation", "o1=relu"]])
def test_settings_beside_a_sittings_file_are_refused(
    tmp_path: Path, session: Session, flags: list[str], capsys: pytest.CaptureFixture[str], in_a_terminal: None
) -> None:
    path = tmp_path / "mine.toml"
    save_session(session, path)
    assert main([str(path), *flags]) == 2
    assert capsys.readouterr().err.startswith(f"bptui: {path} is a session, and flags change only lessons: press s")


def of_older_version(text: str) -> str:
    """A session's text as it was when its first table was called ``[sitting]``."""
    assert text.startswith("[session]\n")
    return text.replace("[session]", "[sitting]", 1)


def test_a_file_of_an_older_version_is_read_and_saved_under_the_new_name(
    tmp_path: Path, session: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    (path := tmp_path / "mine.sitting.toml").write_text(of_older_version(format_session(session)))
    read = load_session(path)
    assert kept(read) == kept(session)
    assert main(["rounds", str(path)]) == 2
    assert "is a session, not a lesson" in capsys.readouterr().err
    save_session(read.next(), path, replace=True)
    assert path.read_text().startswith("[session]\n") and load_session(path).round == session.round + 1


def test_the_faults_of_a_file_of_an_older_version_name_its_own_table(session: Session) -> None:
    table = parse_toml(of_older_version(format_session(session)), "")
    table["sitting"] |= {"selected": "w99"}
    assert faults_of(table) == ['[sitting] selected: "w99" is not a part of this network']
    table["sitting"] |= {"rond": 1}
    assert faults_of(table) == ['[sitting] rond: unknown setting; did you mean "round"?']
    assert faults_of({"sitting": 1, "trainings": [{}]})[0] == "sitting: 1 must be a table"
    assert faults_of(table | {"session": {"version": 1}})[0].startswith("sitting: unknown key")


def test_a_lesson_is_no_sitting_and_a_sitting_with_comments_before_it_is_one(tmp_path: Path, session: Session) -> None:
    (path := tmp_path / "lesson.toml").write_text(text := format_lesson(RELU))
    assert not is_session_text(text)
    with pytest.raises(LessonError, match=r"lesson\.toml: is not a session: it has no table \[session\]"):
        load_session(path)
    path.write_text("\n# Monday\n\n" + format_session(session))
    assert kept(load_session(path)) == kept(session)
    with pytest.raises(IsSessionFileError):
        load_lesson(str(path))


# --- faults ---


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("version", 2, "[session] version: 2 must be 1, the only version that this bptui reads"),
        ("version", True, "[session] version: true must be 1, the only version that this bptui reads"),
        ("shown", 4, "[session] shown: 4 must be the number of a run, 1 to 3"),
        ("shown", 0, "[session] shown: 0 must be a whole number from 1 to 200"),
        ("round", 10_000_001, "[session] round: 10000001 must be a whole number from 1 to 10,000,000"),
        ("round", 1.5, "[session] round: 1.5 must be a whole number from 1 to 10,000,000"),
        ("single", 1, "[session] single: 1 must be true or false"),
        ("log_scale", "no", '[session] log_scale: "no" must be true or false'),
        ("speed", 3, "[session] speed: 3 must be one of 1, 2, 5, 10, 20, 50, 100, 1000, 10000, inf"),
        ("speed", True, "[session] speed: true must be one of 1, 2, 5, 10, 20, 50, 100, 1000, 10000, inf"),
        ("selected", 1, "[session] selected: 1 must be text"),
        ("selected", "w99", '[session] selected: "w99" is not a part of this network'),
        ("rond", 1, '[session] rond: unknown setting; did you mean "round"?'),
    ],
)
def test_a_wrong_word_about_what_is_shown_is_said_at_its_place(
    session: Session, key: str, value: object, said: str
) -> None:
    table = parse_toml(format_session(session), "")
    table["session"][key] = value
    assert faults_of(table) == [said]


def test_a_place_beyond_the_end_of_a_round_is_told_how_far_it_goes(session: Session) -> None:
    table = parse_toml(format_session(session), "")
    count = len(list_formulas(session.network))
    table["session"]["done"] = count + 1
    told = f"[session] done: {count + 1} must be at most {count}: a round has {count} formulas"
    assert faults_of(table) == [told]
    table["session"]["done"] = count
    assert parse_session(tomli_w.dumps(table)).formulas_done == count


def test_all_faults_are_told_at_once_each_with_its_training(session: Session) -> None:
    table = parse_toml(format_session(session), "")
    table["training"] = 1
    table["session"] |= {"version": 0, "speed": "fast"}
    one, two, three = table["trainings"]
    one |= {"nam": "x", "name": 5}
    one["lesson"]["training"]["step"] = -1
    one["lesson"]["hidden"] = 2
    two["changed"]["network"]["weights"] = [1, 2]
    two["changed"]["figures"] = []
    three["lesson"], three["changed"] = "relu", 2
    assert faults_of(table) == [
        'training: unknown key; did you mean "trainings"?',
        "[session] version: 0 must be 1, the only version that this bptui reads",
        f'[session] speed: "fast" must be one of {", ".join(f"{speed:g}" for speed in SPEEDS)}',
        '[trainings 1] nam: unknown key; did you mean "name"?',
        "[trainings 1] name: must be text",
        "trainings 1: lesson: hidden: unknown key",
        "trainings 1: lesson: [training] step: -1 must be a number above 0",
        "[trainings 2: changed] figures: unknown key",
        "trainings 2: changed: [network] weights: a 2-1-2 network has 4 weights (2·1 + 1·2), not 2",
        "[trainings 3] lesson: must be a table with the contents of a lesson file",
        "[trainings 3] changed: must be a table",
    ]


@pytest.mark.parametrize(
    ("trainings", "said"),
    [
        (None, "trainings: must have 1 to 200 runs, not 0"),
        ([], "trainings: must have 1 to 200 runs, not 0"),
        ([{}] * 201, "trainings: must have 1 to 200 runs, not 201"),
        ({}, "trainings: must be written as [[trainings]] tables"),
        ([1], "trainings: must be written as [[trainings]] tables"),
    ],
    ids=["none", "an empty list", "too many", "a table", "a list of numbers"],
)
def test_a_sitting_has_some_trainings(trainings: Any, said: str) -> None:
    table = {"session": {"version": 1}} | ({} if trainings is None else {"trainings": trainings})
    assert faults_of(table) == [said]


def test_what_is_no_table_is_one_fault() -> None:
    assert faults_of({"session": 1, "trainings": [{}]})[0] == "session: 1 must be a table"


def judged(text: str) -> None:
    """Read a text; it is a sitting, or a fault in words."""
    try:
        assert parse_session(text, "mine").trainings
    except LessonError as error:
        assert all(line.startswith("mine: ") and len(line) > len("mine: x") for line in str(error).split("\n"))


def test_every_beginning_of_a_file_is_a_sitting_or_a_fault_in_words(session: Session) -> None:
    text = format_session(replace(session, trainings=session.trainings[:2], current=0))
    for end in range(len(text)):
        judged(text[:end])


TEXT = format_session(Session.open(RELU).change(replace(RELU.spec, step=2.5)).next())


@examples(200)
@given(st.text(string.printable, max_size=20), st.integers(0, len(TEXT)), st.integers(0, 40))
def test_whatever_is_typed_into_a_file_it_is_a_sitting_or_a_fault_in_words(typed: str, at: int, over: int) -> None:
    judged(TEXT[:at] + typed + TEXT[at + over :])


plain_data = st.recursive(
    st.none().map(lambda _: 1) | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@examples(200)
@given(st.data(), plain_data)
def test_whatever_stands_in_the_place_of_a_value_it_is_a_sitting_or_a_fault_in_words(
    data: st.DataObject, value: object
) -> None:
    table: Any = parse_toml(TEXT, "")
    inside, steps = table, data.draw(st.integers(1, 5))
    for _ in range(steps):
        keys = list(range(len(inside))) if isinstance(inside, list) else sorted(inside)
        parent, key = inside, data.draw(st.sampled_from(keys))
        inside = parent[key]
        if not isinstance(inside, dict | list) or not inside:
            break
    parent[key] = value
    judged(tomli_w.dumps(table))


def test_the_fastest_speed_is_written_and_read(session: Session) -> None:
    assert parse_session(format_session(replace(session, speed=inf))).speed == inf
