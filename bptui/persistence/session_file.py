"""Write a session to one TOML file and read it back: its runs in order, and which of them is shown.

``[session]``, in older files ``[sitting]``, says what is shown; each of ``[[trainings]]`` contains a lesson as in a
lesson file, with its ``name``, the run's own name, if it has one, as ``run``, and under ``changed`` the whole tables of
its problem that differ from the lesson's. Results are not stored: they are recomputed as far as they are viewed.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, field
from pathlib import Path
from typing import Any

from bptui.check.marks import keep_known_figures
from bptui.core.formulas.backprop import list_formulas
from bptui.core.problem.kinds.setting_kinds import WholeNumber
from bptui.core.problem.kinds.suggestions import suggest
from bptui.core.problem.settings import MOST_ROUNDS, MOST_SAMPLES
from bptui.core.problem.spec import Spec, SpecError
from bptui.core.problem.tables import MOST_FAULTS, Fault, Table, UserError, find_unknown, limit_faults, read_all
from bptui.core.quantities.parts import group_quantities
from bptui.lessons.faults import find_unknown_keys, find_unknown_top_keys, find_variant_faults, read_entries
from bptui.lessons.lesson import Lesson, make_lesson_table, read_lesson
from bptui.lessons.training import LessonRun
from bptui.persistence.file_kinds import TRUTH, OneOf, Text
from bptui.record import record
from bptui.session.session import Session
from bptui.session.state import SPEEDS
from bptui.system.reading import SESSION_TABLE, SESSION_TABLES, LessonError, find_size_fault, parse_toml, read_text
from bptui.system.writing import write_file
from bptui.text.words import make_one_line, make_printable

MAX_RUNS = 200  # runs in a file
_VERSION = 1
_LARGEST = 1 << 21  # bytes; a run is a page or two
_KEYS = (SESSION_TABLE, "trainings")
_OF_TRAINING = ("name", "run", "lesson", "changed")
_OF_PROBLEM = ("network", "training")
_MOST_FORMULAS = 1_000_000  # more than any round has


_Problem = tuple[Lesson, Spec, str]  # of a run, with its own name, empty for the default
_SPEED = OneOf(SPEEDS, f"one of {', '.join(f'{speed:g}' for speed in SPEEDS)}")


def _row(key: str, kind: Any, default: Any = MISSING) -> Any:
    return field(default=default, metadata={"path": (SESSION_TABLE, key), "kind": kind})


@record
class _Place:
    """The table ``[session]``: one row per key, as in ``Spec``. ``shown`` counts runs from 1."""

    version: int = _row("version", OneOf((_VERSION,), f"{_VERSION}, the only version that this bptui reads"))
    shown: int = _row("shown", WholeNumber(1, MAX_RUNS), 1)
    round: int = _row("round", WholeNumber(1, MOST_ROUNDS), 1)
    done: int | None = _row("done", WholeNumber(0, _MOST_FORMULAS), None)
    single: bool = _row("single", TRUTH, False)
    selected: str = _row("selected", Text("text"), "w1")
    sample: int = _row("sample", WholeNumber(0, MOST_SAMPLES), 1)
    speed: float = _row("speed", _SPEED, 10.0)
    log_scale: bool = _row("log_scale", TRUTH, False)
    untouched: bool = _row("untouched", TRUTH, False)

    @classmethod
    def of(cls, session: Session) -> "_Place":
        """Return where a session is, or where it hurries to."""
        goal = session.goal if session.goal and session.goal.hurry else session
        return cls(
            version=_VERSION,
            shown=session.current + 1,
            round=min(goal.round, MOST_ROUNDS),
            done=goal.formulas_done,
            single=session.fine_steps,
            selected=session.selected,
            sample=session.chosen_sample,
            speed=session.speed,
            log_scale=session.log_scale,
            untouched=session.untouched,
        )

    @classmethod
    def from_table(cls, table: Mapping[str, Any], faults: list[Fault | str]) -> "_Place | None":
        """Read the table; return None and append the faults if there are any."""
        items = dataclasses.fields(cls)
        paths = [item.metadata["path"] for item in items]
        values, refused = read_all(items, table, paths)
        found = [*limit_faults(find_unknown(table, (SESSION_TABLE,), paths)), *refused]
        faults += found
        return None if found else cls(**values)

    def to_table(self) -> Table:
        """Return the table that reads back as this place."""
        table = {key: value for key, value in dataclasses.asdict(self).items() if value is not None}
        return table if self.untouched else {key: value for key, value in table.items() if key != "untouched"}


def format_session(session: Session) -> str:
    """Return the text of a file that reads back as the same session.

    Raises:
        UserError: If it is larger than a file may be.
    """
    import tomli_w  # only writing needs it

    if len(session.trainings) > MAX_RUNS:
        raise UserError(f"a session file holds at most {MAX_RUNS} runs; this session has {len(session.trainings):,}")
    trainings = [_make_entry(training) for training in session.trainings]
    table = {SESSION_TABLE: _Place.of(session).to_table(), "trainings": trainings}
    text = tomli_w.dumps(table, multiline_strings=True)
    if len(text.encode()) > _LARGEST:
        raise UserError(f"this session is too large to save: a session file holds at most {_LARGEST >> 20} MiB")
    if too := find_size_fault(text):
        raise UserError(f"this session is too large to save: its file {too}")
    return text


def parse_session(text: str, source: str = SESSION_TABLE) -> Session:
    """Read a session from the text of its file.

    A distant round is reached by running there, as with ``Session.go_to``.

    Args:
        text: TOML.
        source: The origin of the text, for faults.

    Raises:
        LessonError: With all faults, if there are any.
    """
    written = parse_toml(text, source)
    head = next((name for name in SESSION_TABLES if name in written), "")
    if not head:
        raise LessonError(source, f"is not a session: it has no table [{SESSION_TABLE}]")
    table = {SESSION_TABLE if key == head else key: value for key, value in written.items()}
    faults: list[Fault | str] = [*limit_faults(find_unknown_top_keys(table, _KEYS))]
    place = _Place.from_table(table, faults)
    problems = _read_problems(table, faults)
    if place and not faults:
        faults += _find_conflicts(place, problems)
    if faults or not place:
        raise LessonError(source, [_as_written(fault, head) for fault in dict.fromkeys(faults)])
    session = dataclasses.replace(
        Session.of([(lesson, spec) for lesson, spec, _ in problems], place.shown - 1, [name for *_, name in problems]),
        fine_steps=place.single,
        selected=place.selected,
        chosen_sample=place.sample,
        speed=place.speed,
        log_scale=place.log_scale,
    )
    session = session.go_to(place.round, place.done)
    first = session.goal is None and (session.round, session.formulas_done) == (1, None)
    return dataclasses.replace(session, untouched=place.untouched and first and len(problems) == 1)


def _as_written(fault: Fault | str, head: str) -> Fault | str:
    """Return a fault with the name that the file gives the session's table."""
    if isinstance(fault, str) or fault.path[0] != SESSION_TABLE:
        return fault
    return dataclasses.replace(fault, path=(head, *fault.path[1:]))


def load_session(path: Path) -> Session:
    """Read a session file.

    Raises:
        LessonError: If it cannot be read or is no session file.
    """
    return dataclasses.replace(parse_session(read_text(path, SESSION_TABLE, _LARGEST), str(path)), file=str(path))


def save_session(session: Session, path: Path, replace: bool = False) -> None:
    """Write a session to a file, completely or not at all.

    Raises:
        AlreadyExistsError: If something exists there and must not be replaced.
        UserError: If it cannot be written, with the reason.
    """
    write_file(path, format_session(session), replace)


def _make_entry(training: LessonRun) -> Table:
    """Return a run as an entry of a file."""
    lesson, problem = _drop_misfits(training.lesson), training.run.spec.to_table()
    table = make_lesson_table(lesson)
    changed = {key: problem[key] for key in _OF_PROBLEM if problem[key] != table[key]}
    entry: Table = {"name": make_printable(lesson.name)}
    entry |= {"run": make_printable(training.own_name)} if training.own_name else {}
    return {**entry, "lesson": table, **({"changed": changed} if changed else {})}


def _drop_misfits(lesson: Lesson) -> Lesson:
    """Drop printed values and variants that no longer fit the lesson's problem, after flags changed it."""
    figures = keep_known_figures(lesson.figures, lesson.spec)
    variants = [
        v for v in lesson.variants if not any(find_variant_faults(lesson.spec, "", {"name": v.name, **v.changes}))
    ]
    return dataclasses.replace(lesson, figures=tuple(figures), variants=tuple(variants))


def _read_problems(table: Mapping[str, Any], faults: list[Fault | str]) -> list[_Problem]:
    """Return the lesson, problem and name of each run without faults; append the faults of the others."""
    wrong: list[Fault] = []
    listed = read_entries(table, "trainings", wrong)
    if not wrong and not 1 <= len(listed) <= MAX_RUNS:
        wrong.append(Fault(("trainings",), f"must have 1 to {MAX_RUNS} runs, not {len(listed):,}"))
    faults += wrong
    found = [_read_problem(place, entry, faults) for place, entry in listed if not wrong and len(faults) <= MOST_FAULTS]
    return [problem for problem in found if problem]


def _read_problem(place: str, entry: Mapping[str, Any], faults: list[Fault | str]) -> _Problem | None:
    faults += limit_faults(find_unknown_keys(place, entry, _OF_TRAINING))
    name, own, table, changed = (
        entry.get("name"), entry.get("run", ""), entry.get("lesson"), entry.get("changed", {})
    )  # fmt: skip
    for key, value, kind, what in (
        ("name", name, str, "text"),
        ("run", own, str, "text"),
        ("lesson", table, dict, "a table with the contents of a lesson file"),
        ("changed", changed, dict, "a table"),
    ):
        if not isinstance(value, kind):
            faults.append(Fault((place, key), f"must be {what}"))
    if not isinstance(table, dict) or not isinstance(changed, dict):
        return None
    faults += limit_faults(find_unknown_keys(f"{place}: changed", changed, _OF_PROBLEM))
    try:
        lesson = read_lesson(table, make_printable(str(name)), f"{place}: lesson")
    except LessonError as error:
        faults += str(error).split("\n")
        return None
    try:
        return lesson, Spec.from_table({**lesson.spec.to_table(), **changed}), make_one_line(str(own))
    except SpecError as error:
        faults += [f"{place}: changed: {fault}" for fault in error.faults]
        return None


def _find_conflicts(place: _Place, problems: list[_Problem]) -> Iterator[Fault]:
    """Yield faults between a place and the runs, each valid by itself."""
    if place.shown > len(problems):
        yield Fault((SESSION_TABLE, "shown"), f"{place.shown} must be the number of a run, 1 to {len(problems)}")
        return
    network = problems[place.shown - 1][1].network
    count, parts = len(list_formulas(network)), list(group_quantities(network))
    if place.done is not None and place.done > count:
        yield Fault((SESSION_TABLE, "done"), f"{place.done:,} must be at most {count}: a round has {count} formulas")
    if place.selected not in parts:
        near = suggest(place.selected, parts)
        yield Fault((SESSION_TABLE, "selected"), f'"{place.selected}" is not a part of this network{near}')
