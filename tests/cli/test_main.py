"""The command line as a whole: its words, its exit statuses, and what it says when something cannot be."""

import subprocess
import sys
from pathlib import Path
from shutil import make_archive

import pytest

import bptui
from bptui import __version__
from bptui.cli.main import COMMANDS, main, make_parser, with_command
from tests.cli.refusals import Output, refused

PACKAGE = Path(bptui.__file__).parent


@pytest.mark.parametrize("verb", ["rounds", "check", "lessons"])
@pytest.mark.parametrize("name", ["two-bye-two", "no/such/file.toml", "x" * 300, "a\0b"], ids=lambda name: name[:20])
def test_a_lesson_that_is_not_there_is_one_line(capsys: Output, verb: str, name: str) -> None:
    (line,) = refused(capsys, verb, name)
    assert line.startswith("bptui: ")
    assert ('did you mean "two-by-two"?' in line) == (name == "two-bye-two")


@pytest.mark.parametrize(
    "words", [("--engine", "tensorflow"), ("--json", "--csv"), ("--steps", "1"), ("--step",), ("7",)], ids=" ".join
)
def test_words_that_mean_nothing_are_refused_in_three_lines(capsys: Output, words: tuple[str, ...]) -> None:
    fault, usage, more = refused(capsys, "rounds", "two-by-two", *words)
    assert fault.startswith("bptui rounds: ")
    assert usage == "usage: bptui rounds LESSON [FLAG ...]"
    assert "`bptui rounds --help`" in more


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("chekc", "nnwj"), "`bptui check`"),
        (("lesson",), "`bptui lessons`"),
        (("raport", "xor"), "`bptui report`"),
        (("rounds", "xor", "--lerning-rate", "3"), "--learning-rate"),
        (("rounds", "xor", "--stepp=3"), "--step"),
        (("rounds", "xor", "--eta", "3"), "--step"),
    ],
)
def test_a_wrong_word_is_answered_with_the_one_that_was_meant(
    capsys: Output, words: tuple[str, ...], meant: str
) -> None:
    fault, *others = refused(capsys, *words)
    assert fault.endswith(f"did you mean {meant}?")
    assert len(others) <= 2 and "usage: bptui " in others[0]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("derive xor --form matric", '--form: "matric" must be one of letters, matrix, graph; did you mean "matrix"?'),
        ("completion fihs", 'SHELL: "fihs" must be one of bash, zsh, fish; did you mean "fish"?'),
        ("rounds xor --step", "--step needs a value"),
        ("rounds xor --json=3", "--json takes no value"),
        ("rounds xor --help=3", "--help takes no value"),
        ("rounds xor --step 1 --lr 2", "--learning-rate and --step cannot be used together"),
    ],
)
def test_a_flag_that_was_used_wrongly_is_refused_in_plain_words(capsys: Output, words: str, fault: str) -> None:
    assert refused(capsys, *words.split())[0] == f"bptui {words.split()[0]}: {fault}"


@pytest.mark.parametrize("endless", ["9" * 6000, "7 x" * 2000, "0,5," * 1500], ids=["number", "words", "commas"])
@pytest.mark.parametrize(
    "words",
    [
        "rounds xor --at ?",
        "rounds xor --at 1-?",
        "rounds xor --step ?",
        "rounds xor --inputs ?",
        "rounds xor --activation ?=tanh",
        "rounds xor --engine ?",
        "rounds xor --?",
        "rounds xor ?",
        "check ?",
        "explain era-sheet --number ?",
        "explain era-sheet --number ?=1",
        "explain era-sheet --number h1=1 --round ?",
        "sweep xor --seeds ?",
        "sweep xor --vary ?",
        "sweep xor --vary step=?:3",
        "sweep xor --vary hidden=?",
        "derive xor --round ?",
        "derive xor --quantity ?",
        "report xor --out none/?",
        "completion ?",
        "serve --port ?",
    ],
)
def test_a_fault_does_not_repeat_all_of_an_endless_text(capsys: Output, words: str, endless: str) -> None:
    for line in refused(capsys, *(word.replace("?", endless) for word in words.split(" "))):
        assert len(line) <= 2000


def test_a_fault_obeys_no_control_character_of_a_word(capsys: Output) -> None:
    for words in (["rounds", "xor", "--\x1b[31mred"], ["completion", "\x1b[31mred"], ["check", "\x1b[31mred"]):
        assert not any("\x1b" in line for line in refused(capsys, *words))


def test_a_lesson_that_is_not_there_is_no_command_where_one_was_given(
    capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bptui.cli.terminal.require_terminal", lambda otherwise: None)
    assert refused(capsys, "open", "nope") == [
        "bptui: nope: no bundled lesson or file has this name; `bptui lessons` lists the bundled lessons"
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_a_short_usage_and_an_example_that_works(capsys: Output, name: str) -> None:
    with pytest.raises(SystemExit) as end:
        main([name, "--help"])
    lines = capsys.readouterr().out.splitlines()
    assert (end.value.code, lines[0].startswith(f"usage: bptui {name} ")) == (0, True)
    program, *words = lines[-1].removeprefix("example: ").split()
    assert (program, words[0]) == ("bptui", name)
    if name in ("open", "practice", "serve"):  # these open the program, or wait for visitors
        assert make_parser({name}).parse_args(words).run
    else:
        assert main(words) == (name == "check"), "1 says that a printed value differs"
        assert capsys.readouterr().out


@pytest.mark.parametrize("words", [(), ("two-by-two",), ("open", "two-by-two"), ("--step", "2")], ids=" ".join)
def test_without_a_terminal_the_program_says_so_in_one_line(capsys: Output, words: tuple[str, ...]) -> None:
    assert refused(capsys, *words) == [
        "bptui: the program needs a terminal; `bptui rounds LESSON` prints the same numbers"
    ]


def test_the_version_is_the_packages(capsys: Output) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert (end.value.code, capsys.readouterr().out) == (0, f"bptui {__version__}\n")


@pytest.mark.parametrize("words", ["", "lessons"])
def test_from_an_archive_the_program_says_at_once_that_it_cannot_run(
    tmp_path_factory: pytest.TempPathFactory, words: str
) -> None:
    """Textual reads style sheets from files."""
    archive = tmp_path_factory.getbasetemp() / "archived" / "bptui.zip"
    if not archive.exists():
        make_archive(str(archive.with_suffix("")), "zip", PACKAGE.parent, PACKAGE.name)
    code = f"import sys; sys.path.insert(0, {str(archive)!r}); from bptui.cli.main import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", code, *words.split()], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    said = "cannot find its own lessons and other files: it does not run from an archive; unpack or install it first"
    assert done.stderr == f"bptui: {said}\n"


def test_a_reader_that_had_enough_is_no_fault() -> None:
    """As in ``bptui rounds two-by-two --at 1-3000 | head -1``."""
    code = "import sys; from bptui.cli.main import main; sys.exit(main())"
    words = [sys.executable, "-c", code, "rounds", "two-by-two", "--json", "--at", "1-3000"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"{")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", "open"),
        ("relu --step 5", "open relu --step 5"),
        ("--step 5 rounds", "open --step 5 rounds"),  # of a flag with a value, the next word may be it
        ("--ascii practice relu", "practice --ascii relu"),
        ("--ascii --presenter relu", "open --ascii --presenter relu"),
        ("--presenter serve --port 0", "serve --presenter --port 0"),
        ("--ascii --help", "--help --ascii"),
        ("rounds relu", "rounds relu"),
    ],
)
def test_a_command_may_be_left_out_and_may_follow_a_switch(typed: str, meant: str) -> None:
    assert with_command(typed.split()) == meant.split()


def test_without_enough_memory_a_command_says_so_in_one_line(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    def list_nothing(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("bptui.cli.commands.lessons.run", list_nothing)
    assert main(["lessons"]) == 2
    assert capsys.readouterr() == ("", "bptui: there is not enough memory for this\n")
