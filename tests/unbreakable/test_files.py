"""Whatever stands in a file, it is a lesson, a sitting, or one clear error: soon, in little memory, in plain words."""

import json
import os
import random
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from bptui.cli.main import main
from bptui.core.problem.tables import MOST_FAULTS, UserError
from bptui.lessons.lesson import Lesson, format_lesson, load_lesson, parse_lesson
from bptui.persistence.session_file import format_session, load_session
from bptui.session.frame import make_frame
from bptui.session.session import Session
from bptui.system.folders import BUNDLED_LESSONS
from tests.unbreakable.hostile import VALUES
from tests.unbreakable.oversized import lesson_texts, sitting_texts

ROOT = Path(__file__).parents[2]
MOST_LOOPS = 18  # a second where the loop takes 0.055 s
MOST_MEMORY = 200 << 10  # KiB
_LONGEST = 600  # signs of a line, beside the name of the file
BUNDLED = {path.name: path.read_bytes() for path in sorted(BUNDLED_LESSONS.glob("*.toml"))}
RELU = load_lesson("relu")
NAMED = (
    Session.open(RELU)
    .rename("../a [b]name[/] \U0001f642")
    .change(replace(RELU.spec, optimiser="adam"))
    .rename("x" * 99)
)
SITTING = format_session(NAMED.open_lesson(load_lesson("xor")).next()).encode()


def is_plain(text: str) -> bool:
    """Whether no sign of a text drives a terminal or turns the direction of reading."""
    odd = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return not any(
        unicodedata.bidirectional(c) in odd or unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")
        for c in text
        if c not in "\n\t"
    )


def judged(path: Path) -> bool:
    """Read a file as a lesson and as a sitting; whether it is one, which reads back then. Else it is told why not."""
    found = False
    for read in (load_lesson, lambda name: load_session(Path(name))):
        try:
            it = read(str(path))
        except UserError as fault:
            lines = str(fault).split("\n")
            assert is_plain(str(fault)) and len(lines) <= MOST_FAULTS + 1
            assert all(len("x: y") < len(line) - len(str(path)) < _LONGEST for line in lines)
        else:
            found = True
            of = [it] if isinstance(it, Lesson) else [training.lesson for training in it.trainings]
            for lesson in of:
                assert is_plain("".join([lesson.name, lesson.title, lesson.note, *(v.name for v in lesson.variants)]))
                assert parse_lesson(format_lesson(lesson), lesson.name) == lesson
    return found


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    return path


# --- good files, broken ---


@pytest.mark.parametrize("name", BUNDLED)
def test_every_lesson_cut_off_after_any_line_is_a_lesson_or_one_clear_error(tmp_path: Path, name: str) -> None:
    lines = BUNDLED[name].splitlines(keepends=True)
    found = [judged(written(tmp_path, b"".join(lines[:end]))) for end in range(len(lines) + 1)]
    assert found[-1] and not found[0]


@pytest.mark.long(seconds=2)
def test_every_file_cut_off_after_any_byte_is_read_or_one_clear_error(tmp_path: Path, until: float) -> None:
    places = [(text, end) for text in (*BUNDLED.values(), SITTING) for end in range(len(text))]
    random.Random(1).shuffle(places)
    for count, (text, end) in enumerate(places):
        judged(written(tmp_path, text[:end]))
        if monotonic() > until and count > 20:
            break


def mutated(text: bytes, other: bytes, rng: random.Random) -> bytes:
    """A text with a few things done to it that editors, disks and people do."""
    for _ in range(rng.randint(1, 4)):
        at, end = sorted(rng.choices(range(len(text) + 1), k=2))
        end = min(end, at + rng.choice((1, 5, 50, 500)))
        new = rng.choice(
            (
                b"",
                rng.randbytes(rng.randint(1, 8)),
                text[at:end] * 2,
                other[at:end],
                rng.choice(
                    (b"\0", b"\r", b"\xef\xbb\xbf", b"\xff", b'"""', b"'''", b"[[", b"\x1b[2J", b"\xc2\x9b", b"#")
                ),
                rng.choice((b"1e999", b"-0.0", b"nan", b"9" * 400, b"0x" + b"f" * 900, b"1979-05-27", b"true", b"{}")),
                "\u202e\u2066\u0301\u200d\uff21".encode(),
            )
        )
        text = text[:at] + new + text[end:]
    return text


@pytest.mark.long(seconds=3)
def test_whatever_happens_to_a_good_file_it_is_read_or_one_clear_error(tmp_path: Path, until: float) -> None:
    seed, texts = 0, [*BUNDLED.values(), SITTING]
    while monotonic() < until or seed <= 20:
        seed += 1
        rng = random.Random(seed)
        content = mutated(rng.choice(texts), rng.choice(texts), rng)
        try:
            judged(written(tmp_path, content))
        except Exception as fault:
            raise AssertionError(f"seed {seed}") from fault


@pytest.mark.long(seconds=1)
def test_random_bytes_are_one_clear_error(tmp_path: Path, until: float) -> None:
    seed = 0
    while monotonic() < until or seed <= 20:
        seed += 1
        rng = random.Random(seed)
        content = rng.randbytes(rng.randint(1, 3000))
        if seed % 2:  # as text that begins as a file does
            content = rng.choice((b"[session]\n", b"[sitting]\n", b"[network]\n", b"\xef\xbb\xbf")) + bytes(
                c & 0x7F for c in content
            )
        assert not judged(written(tmp_path, content)), f"seed {seed}"


@pytest.mark.parametrize("name", ["two-by-two.toml", "mazur-2015.toml"])
def test_line_ends_and_marks_of_any_system_change_nothing(tmp_path: Path, name: str) -> None:
    plain = load_lesson(str(written(tmp_path, BUNDLED[name])))
    for mark, end in ((b"", b"\r\n"), (b"\xef\xbb\xbf", b"\n"), (b"\xef\xbb\xbf", b"\r\n")):
        assert load_lesson(str(written(tmp_path, mark + BUNDLED[name].replace(b"\n", end)))) == plain


EVERY_KEY = """
title = 'All'
note = ''
group = 'g'
order = 1
[network]
inputs = [[0.5, 0.1], [0.2, 0.9], [1, 0]]
targets = [[0.2], [0.4], [1]]
hidden = [2, 2]
numbering = 'by source'
weights = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
[network.activation]
hidden = 'tanh'
hidden2 = 'relu'
output = 'sigmoid'
h1_2 = 'identity'
[network.biases]
hidden = [0.1, 0.2]
hidden2 = [0, 0]
output = [0.5]
update = 'per neuron'
[training]
loss = 'half squared error'
step = 0.5
batch = 2
over_samples = 'mean'
weight_decay = 0.1
rounds = 3
precision = 'float32'
torch_precision = 'float64'
rounding = 'none'
gradient = 'chain rule'
[training.optimiser]
kind = 'adam'
beta1 = 0.9
beta2 = 0.99
epsilon = 1e-8
[[printed]]
round = 2
engine = 'numpy'
step = 0.25
[printed.values]
h1_1_s1 = '0.5'
dE_dW1 = '[[1 2] [3 4]]'
[[variants]]
name = 'v'
[variants.training]
step = 2.0
[variants.network]
hidden = [2, 2]
"""
KEYS = ("momentum", "alpha", "value", "seed", "kind", "learning_rate", "epochs", "hidden3", "h9", "w1", "'a b'", "stp")
PYTHONS = re.compile(
    r"\b(NoneType|\w+Error|tuple|unhashable|object at|True|False|None|datetime|codec|literal)\b|<class|\bdict\b"
)


def replaced(rng: random.Random) -> str:
    """The lesson with every key, of which some have another value, another name or are not there."""
    lines = EVERY_KEY.split("\n")
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.choice([at for at, line in enumerate(lines) if "=" in line])
        key = lines[at].partition(" = ")[0]
        new = (f"{key} = {rng.choice(VALUES)}", f"{key} = {rng.choice(VALUES)}", f"{rng.choice(KEYS)} = 0.5", "")
        lines[at] = rng.choice(new)
    return "\n".join(lines)


@pytest.mark.long(seconds=2)
def test_whatever_stands_in_the_place_of_a_value_or_a_key_it_is_trained_or_refused_in_the_users_words(
    tmp_path: Path, until: float
) -> None:
    seed, works = 0, 0
    while monotonic() < until or seed <= 60:
        seed += 1
        text = replaced(random.Random(seed))
        path = written(tmp_path, text.encode(errors="replace"))
        try:
            if judged(path):
                works += 1
                session = Session.open(load_lesson(str(path)))
                make_frame(session.next().next())
            else:
                with pytest.raises(UserError) as refused:
                    load_lesson(str(path))
                said = str(refused.value).replace(str(path), "")
                assert not (found := PYTHONS.search(said)) or found[0] in text, said
        except Exception as fault:
            raise AssertionError(f"seed {seed}") from fault
    assert works


# --- files that are too much ---

_MEASURE = f"""
import json, sys
from pathlib import Path
from time import process_time
from bptui.core.problem.tables import UserError
from bptui.lessons.lesson import load_lesson
from bptui.persistence.session_file import load_session
from tests.loops import take_at_most

for path in sys.argv[1:]:
    begun = process_time()
    try:
        load_session(Path(path)) if "sitting" in path else load_lesson(path)
        said = []
    except UserError as fault:
        said = str(fault).split("\\n")
    seconds = process_time() - begun
    peak = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    print(json.dumps([path, take_at_most(seconds, {MOST_LOOPS}), int(peak[0].split()[1]), said]))
"""


def oversized(tmp_path: Path) -> Iterator[Path]:
    for kind, texts in (("lesson", lesson_texts()), ("sitting", sitting_texts())):
        for name, text in texts.items():
            path = tmp_path / f"{kind}-{name}.toml"
            path.write_bytes(text)
            yield path
        huge = tmp_path / f"{kind}-100-megabytes.toml"
        huge.write_bytes(b"[session]\nversion = 1\n" if kind == "sitting" else b'title = "x"\n')
        os.truncate(huge, 100 << 20)
        yield huge


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell the memory of processes")
def test_files_of_too_much_of_anything_are_judged_in_little_time_and_200_megabytes(tmp_path: Path) -> None:
    paths = [str(path) for path in oversized(tmp_path)]
    told = subprocess.run(
        [sys.executable, "-c", _MEASURE, *paths], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False
    )
    assert (told.returncode, told.stderr) == (0, "")
    results = [json.loads(line) for line in told.stdout.splitlines()]
    assert [path for path, *_ in results] == paths
    for path, soon, memory, said in results:
        assert soon and memory < MOST_MEMORY, (path, soon, memory)
        assert said and len(said) <= MOST_FAULTS + 1 and max(map(len, said)) < _LONGEST + len(path), (path, said)


# --- what is no file ---


def told_by_the_command_line(words: list[str]) -> str:
    """What a verb says of a bad file; in a process of its own, for it must not wait."""
    done = subprocess.run(
        [sys.executable, "-m", "bptui", *words], capture_output=True, cwd=ROOT, timeout=20, check=False
    )
    said = done.stderr.decode()
    assert (done.returncode, done.stdout) == (2, b"") and said.startswith("bptui: ") and said.count("\n") == 1
    assert is_plain(said)
    return said


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in folders")
def test_a_pipe_a_folder_a_device_and_a_loop_of_links_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(pipe := tmp_path / "pipe")
    (loop := tmp_path / "loop").symlink_to(loop)
    (to_pipe := tmp_path / "link").symlink_to(pipe)
    assert "is not an ordinary file" in told_by_the_command_line(["rounds", str(pipe)])
    for path in (to_pipe, tmp_path, Path("/dev/zero"), Path("/dev/tty"), loop, tmp_path / "a\0b", Path("x" * 5000)):
        for read in (lambda path: load_lesson(str(path)), load_session):
            with pytest.raises(UserError) as fault:
                read(path)
            assert is_plain(str(fault.value)) and "\n" not in str(fault.value)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="the system has no such file")
def test_a_file_that_the_system_will_not_read_is_one_clear_error() -> None:
    with pytest.raises(UserError, match=r"^/proc/self/mem: cannot be read: Input/output error$"):
        load_lesson("/proc/self/mem")


@pytest.mark.skipif(os.name == "nt", reason="the system has no such names")
def test_a_name_with_signs_that_drive_a_terminal_is_shown_without_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "a\x1b[31m\nb\u202e\x9bc\udcff.toml"
    good.write_bytes(BUNDLED["mazur-2015.toml"])
    (bad := good.with_suffix(".bad")).write_text("[")
    assert load_lesson(str(good)).name == "a\ufffd[31m b\ufffd\ufffdc\ufffd"
    for words in (
        ["rounds"],
        ["rounds", "--json"],
        ["rounds", "--csv"],
        ["check"],
        ["derive"],
        ["program"],
        ["lessons"],
    ):
        assert main([*words[:1], str(good), *words[1:]]) in (0, 1)
        assert main([*words[:1], str(bad), *words[1:]]) == (0 if words == ["lessons"] else 2)
        out, err = capsys.readouterr()
        assert (is_plain(out + err) and "a\ufffd[31m" in out + err) or words == ["lessons"]
