"""Lesson files: the bundled ones, what is written reads back, and every fault said in the file's own words."""

import os
import string
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bptui.core.engines.engine import NumpyEngine
from bptui.core.formulas.network import OVER_SAMPLES
from bptui.core.formulas.optimisers import OPTIMISERS
from bptui.core.problem.initialisation import make_initial_parameters
from bptui.core.problem.spec import Spec
from bptui.core.problem.spec import list_settings as spec_settings
from bptui.core.problem.tables import Table
from bptui.core.quantities.printable import list_printable
from bptui.lessons.lesson import (
    DEFAULT_LESSON,
    Figures,
    Lesson,
    Variant,
    find_lesson_file,
    format_lesson,
    load_bundled_lessons,
    load_lesson,
    parse_lesson,
    require_figures,
)
from bptui.system.reading import LessonError, read_text
from tests.effort import examples
from tests.strategies import numbers, starts, tables

PUBLISHED = (
    "numpy-by-hand",
    "torch-autograd",
    "relu",
    "mse-loss",
    "cross-entropy",
    "step-size",
    "random-weights",
    "zero-weights",
)
EXERCISES = (
    *("and-neuron", "xor", "softmax", "softmax-twice", "matrix-form", "deep"),
    *("online-or-batch", "momentum", "adam"),
)
BOOKS = ("mazur-2015", "era-sheet", "rgu-chapter-3", "nnwj")
PLAIN = """
title = "A lesson"
[network]
inputs = [0.5, 0.3]
targets = [0.23, -0.07]
weights = [0.2, -0.4, 0.5, 0.6, 0.1, -0.5, -0.3, 0.8]
[training]
step = 0.5
"""
every_bundled = pytest.mark.parametrize("name", [lesson.name for lesson in load_bundled_lessons()])


def faults_of(text: str) -> list[str]:
    """What is said about a file's text, one line per fault, without the file's name."""
    with pytest.raises(LessonError) as error:
        parse_lesson(text, "mine", "mine.toml")
    lines = str(error.value).splitlines()
    assert all(line.startswith("mine.toml: ") for line in lines)
    return [line.removeprefix("mine.toml: ") for line in lines]


def fault_of(text: str) -> str:
    """What is said about a file with one fault."""
    (fault,) = faults_of(text)
    return fault


# --- the bundled lessons ---


def test_the_catalogue_is_read_in_order_and_starts_with_the_lesson_the_program_opens_on() -> None:
    assert [lesson.name for lesson in load_bundled_lessons()] == [DEFAULT_LESSON, *PUBLISHED, *EXERCISES, *BOOKS]
    orders = [lesson.order for lesson in load_bundled_lessons()]
    assert orders == sorted(set(orders))


@every_bundled
def test_a_bundled_lesson_has_a_title_of_one_line_that_fits_a_list_and_a_note(name: str) -> None:
    lesson = load_lesson(name)
    assert lesson.title == lesson.title.strip() != ""
    assert "\n" not in lesson.title
    assert len(lesson.title) <= 90
    assert len(lesson.note) > 100


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_lesson_of_the_source_document_says_its_conclusion_then_what_the_numbers_show(name: str) -> None:
    note = load_lesson(name).note
    assert note.count("**") == 4
    assert note.startswith("**The course document says**")
    assert "\n\n**The numbers show**" in note


@pytest.mark.parametrize("name", BOOKS)
def test_a_lesson_of_a_books_example_says_what_is_printed_then_what_the_numbers_show(name: str) -> None:
    note = load_lesson(name).note
    assert note.count("**") == 4 and "\n\n**The numbers show**" in note
    assert note.startswith("**The ") and " says** " in note.split("\n")[0]


@pytest.mark.parametrize("name", BOOKS)
def test_a_lesson_of_a_books_example_is_calculated_as_the_book_claims(name: str) -> None:
    spec = load_lesson(name).spec
    assert (spec.gradient, spec.loss, spec.rounding) == ("chain rule", "half squared error", "none")
    assert (spec.precision, spec.numbering) == ("float64", "by destination")


@every_bundled
def test_a_bundled_lesson_reads_back_from_what_is_written_of_it(name: str) -> None:
    lesson = load_lesson(name)
    assert parse_lesson(format_lesson(lesson), name) == lesson


@every_bundled
def test_a_bundled_lesson_changes_what_its_variants_and_figures_say(name: str) -> None:
    lesson = load_lesson(name)
    specs = [lesson.make_variant(variant).spec for variant in lesson.variants]
    assert len(set(specs)) == len(specs)
    for figures in lesson.figures:
        changed = lesson.spec_of(figures)
        assert all(getattr(changed, key) == value for key, value in figures.changes.items())
        assert (changed == lesson.spec) == (not figures.changes)


def test_the_step_size_lesson_has_the_four_steps_of_the_document_as_variants() -> None:
    lesson = load_lesson("step-size")
    assert [lesson.make_variant(v).spec.step for v in lesson.variants] == [0.01, 1.0, 5.0, 10.0]


def test_the_random_lesson_has_fresh_normal_starts_as_variants_of_its_reconstructed_one() -> None:
    lesson = load_lesson("random-weights")
    found = [lesson.make_variant(v).spec for v in lesson.variants]
    assert [(s.init, s.mean, s.std, s.seed, s.weights) for s in found] == [
        ("normal", 0.0, 1.0, seed, ()) for seed in (1, 2, 3, 4, 5)
    ]


def test_a_bundled_lesson_is_found_by_name_even_beside_a_file_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("relu").write_text(PLAIN)
    assert find_lesson_file("relu") == find_lesson_file("relu").parent / "relu.toml"
    assert load_lesson("relu").title != "A lesson"
    assert load_lesson("./relu").title == "A lesson"


# --- reading and writing ---


def test_a_file_of_ones_own_is_a_lesson_called_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "homework.toml"
    path.write_text(PLAIN)
    lesson = load_lesson(str(path))
    assert (lesson.name, lesson.title, lesson.spec.step, lesson.note) == ("homework", "A lesson", 0.5, "")


def test_a_lesson_without_a_title_is_called_by_its_name() -> None:
    assert parse_lesson(PLAIN.replace('title = "A lesson"', ""), "mine").title == "mine"


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_endings_and_byte_order_marks_of_other_systems_make_no_difference(
    tmp_path: Path, ending: str, mark: str
) -> None:
    text = PLAIN.replace('"A lesson"', '"A lesson"\nnote = """\none\ntwo\n"""')
    path = tmp_path / "mine.toml"
    path.write_bytes((mark + text).replace("\n", ending).encode())
    assert load_lesson(str(path)) == parse_lesson(text, "mine")


def test_control_characters_of_a_file_never_reach_the_terminal() -> None:
    codes = [*range(0x00, 0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0)]
    escapes = "".join(f"\\u{code:04x}" for code in codes)
    text = PLAIN.replace("A lesson", f"A{escapes}lesson")
    text += f'[[variants]]\nname = "v{escapes}"\n'
    lesson = parse_lesson(f'note = "n{escapes}"\n{text}', "mine")
    for shown in (lesson.title, lesson.note, lesson.variants[0].name):
        assert [c for c in shown if not c.isalpha()] == ["\N{REPLACEMENT CHARACTER}"] * len(codes)


def test_a_lesson_at_the_defaults_is_written_without_what_it_does_not_use() -> None:
    text = format_lesson(parse_lesson(PLAIN, "mine"))
    assert not [key for key in ("note", "order", "figures", "variants", "init", "biases", "seed") if key in text]


def test_figures_are_read_with_the_settings_they_were_printed_under() -> None:
    lesson = parse_lesson(
        PLAIN + '[[figures]]\nround = 3\nengine = "torch"\nstep = 5\nprecision = "float32"\nprinted = { o1 = "0.50" }\n'
        '[[figures]]\nround = 4\nprinted = { E = "1.0e-3" }',
        "mine",
    )
    assert lesson.figures == (
        Figures(3, "torch", {"step": 5, "precision": "float32"}, {"o1": "0.50"}),
        Figures(4, "numpy", {}, {"E": "1.0e-3"}),
    )
    specs = [lesson.spec_of(figures) for figures in lesson.figures]
    assert [(s.step, s.precision) for s in specs] == [(5.0, "float32"), (0.5, "float64")]


def test_printed_values_under_their_newer_words_are_read_as_the_same() -> None:
    old = '[[figures]]\nround = 3\nstep = 5.0\nrounds = 7\nprinted = { o1 = "0.50" }\n'
    new = '[[printed]]\nround = 3\nlearning_rate = 5.0\nepochs = 7\nvalues = { o1 = "0.50" }\n'
    assert parse_lesson(PLAIN + new, "mine") == parse_lesson(PLAIN + old, "mine")
    mixed = parse_lesson(PLAIN + new + old.replace("= 3", "= 4"), "mine").figures
    assert [figures.round for figures in mixed] == [4, 3]


def test_printed_values_stay_out_of_the_way_of_a_setting_that_a_flag_changes() -> None:
    lesson = parse_lesson(PLAIN + '[[printed]]\nround = 1\nlearning_rate = 5\nvalues = { o1 = "0.5" }', "mine")
    assert lesson.figures[0].without({"step"}).changes == {}


@pytest.mark.parametrize(
    ("printed", "fault"),
    [
        ("", "[printed 1] values: must be a table such as"),
        ("values = { E = '1' }\nprinted = { E = '1' }", "[printed 1] values: means the same as printed"),
        ("values = { o3 = '1' }", "[printed 1] values.o3: is not a quantity of this network"),
        ("printed = { o3 = '1' }", "[printed 1] printed.o3: is not a quantity of this network"),
        ("values = { E = '1' }\nlearning_rate = -1", "[printed 1] learning_rate: -1 must be a number above 0"),
        ("values = { E = '1' }\nlearning_rate = 1\nstep = 1", "[printed 1] learning_rate: means the same as step"),
    ],
)
def test_a_fault_of_printed_values_is_said_in_the_words_of_the_file(printed: str, fault: str) -> None:
    assert fault_of(f"{PLAIN}[[printed]]\nround = 1\n{printed}").startswith(fault)


def test_a_variant_with_a_random_start_takes_the_place_of_given_weights_and_keeps_the_rest() -> None:
    lesson = parse_lesson(
        PLAIN + '[[variants]]\nname = "random"\nnetwork = { init = { kind = "normal", seed = 3 } }', "mine"
    )
    spec = lesson.make_variant(lesson.variants[0]).spec
    assert (spec.init, spec.seed, spec.weights, spec.step) == ("normal", 3, (), 0.5)
    assert lesson.spec.init == "given weights"


words = st.text(st.characters().filter(str.isprintable), max_size=30).map(lambda text: " ".join(text.split()))
paragraphs = st.text(st.characters().filter(lambda c: c.isprintable() or c in "\n\t"), max_size=60)


@st.composite
def any_training(draw: st.DrawFn) -> Table:
    """Some training settings, but not none."""
    training: Table = draw(tables())["training"]
    keys = draw(st.sets(st.sampled_from(sorted(training)), min_size=1))
    return {key: training[key] for key in sorted(keys)}


@st.composite
def any_figures(draw: st.DrawFn, spec: Spec) -> Figures:
    of_some_losses = ("softmax", "log", "E_")
    known = [name for name in list_printable(spec.network) if not name.startswith(of_some_losses)]
    digits = st.from_regex(r"-?[0-9]{1,5}(\.[0-9]{0,18})?(e[+-][0-8]?[0-9]{1,2})?", fullmatch=True)
    return Figures(
        round=draw(st.integers(1, 10_000_000)),
        engine=draw(st.sampled_from(("numpy", "torch"))),
        changes=draw(st.just({}) | any_training()),
        printed=draw(st.dictionaries(st.sampled_from(known), digits, min_size=1, max_size=4)),
    )


@st.composite
def any_spec(draw: st.DrawFn) -> Spec:
    table = draw(tables())
    if draw(st.booleans()):
        del table["network"]["weights"]
        table["network"]["init"] = draw(starts())
    if draw(st.booleans()):
        samples = draw(st.integers(2, 4))
        for name in ("inputs", "targets"):
            table["network"][name] = [draw(numbers(len(table["network"][name]))) for _ in range(samples)]
        batch = draw(st.sampled_from(["all", samples]))
        table["training"] |= {"batch": batch, "over_samples": draw(st.sampled_from(OVER_SAMPLES))}
    kind = draw(st.sampled_from(list(OPTIMISERS.values())))
    optimiser = {"kind": kind.name, **{name: draw(st.floats(0.0, 0.999)) for name in kind.settings}}
    table["training"] |= {"optimiser": optimiser, "weight_decay": draw(st.sampled_from([0.0, 0.25]))}
    return Spec.from_table(table)


@st.composite
def any_lesson(draw: st.DrawFn) -> Lesson:
    spec = draw(any_spec())
    changes = any_training().map(lambda t: {"training": t}) | starts().map(lambda t: {"network": {"init": t}})
    return Lesson(
        name="mine",
        title=draw(words),
        spec=spec,
        note=draw(paragraphs),
        order=draw(st.integers(-(2**63), 2**63 - 1)),
        figures=tuple(draw(st.lists(any_figures(spec), max_size=2))),
        variants=tuple(draw(st.lists(st.builds(Variant, words, changes), max_size=2))),
    )


@given(any_lesson())
def test_any_lesson_reads_back_from_what_is_written_of_it(lesson: Lesson) -> None:
    assert parse_lesson(format_lesson(lesson), lesson.name) == lesson


def set_in(table: Any, path: tuple[str, ...]) -> bool:
    """Whether nested data say something at a path; at its end ``*`` stands for a single neuron."""
    for key in path[:-1]:
        table = table.get(key, {})
    return path[-1] in table or (path[-1] == "*" and any(key[1:].isdigit() for key in table))


@pytest.mark.exhaustive
def test_the_lessons_read_back_above_hold_every_setting_there_is() -> None:
    left = {item.metadata["path"] for item in spec_settings()}

    @settings(max_examples=1500, deadline=None, database=None, derandomize=True)
    @given(any_spec())
    def collect(spec: Spec) -> None:
        table = spec.to_table()
        left.difference_update([path for path in left if set_in(table, path)])

    collect()
    assert left == set()


# --- numbering ---


@examples(50)
@given(tables())
def test_numbering_by_destination_renames_results_and_changes_none(table: Table) -> None:
    network = dict(table["network"], numbering="by source")
    source = Spec.from_table({**table, "network": network})
    number = {(w.source, w.target): n for n, w in enumerate(source.network.weights)}
    renamed = Spec.from_table({**table, "network": {**network, "numbering": "by destination"}}).network
    order = [number[w.source, w.target] for w in renamed.weights]
    network["weights"] = [source.weights[n] for n in order]
    destination = Spec.from_table({**table, "network": {**network, "numbering": "by destination"}})
    values, same = (NumpyEngine(spec).evaluate(make_initial_parameters(spec), 1) for spec in (source, destination))
    old = {w.name: source.network.weights[n].name for w, n in zip(renamed.weights, order, strict=True)}
    for name, value in same.items():
        kind, sign, rest = name.rpartition("w")
        by_source = kind + old[sign + rest] if sign and sign + rest in old else name
        assert np.array_equal(value, values[by_source], equal_nan=True), name


def test_numbering_by_destination_gives_w2_to_the_second_input() -> None:
    text = PLAIN.replace("[network]", '[network]\nnumbering = "by destination"')
    ends = {w.name: (w.source, w.target) for w in parse_lesson(text, "mine").spec.network.weights}
    assert (ends["w2"], ends["w3"], ends["w6"]) == (("x2", "h1"), ("x1", "h2"), ("h2", "o1"))


# --- faults of files ---


@pytest.mark.parametrize(
    ("name", "said"),
    [("two-by-too", 'did you mean "two-by-two"?'), ("no/such/file.toml", "no bundled lesson or file has this name")],
)
def test_a_lesson_that_is_not_there_is_said_with_the_nearest_name(name: str, said: str) -> None:
    with pytest.raises(LessonError) as error:
        load_lesson(name)
    assert str(error.value).startswith(f"{name}: ")
    assert said in str(error.value)


def test_a_folder_is_no_lesson_and_is_called_a_folder(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="is a folder, not a file"):
        load_lesson(str(tmp_path))


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_of_a_lesson_is_said_to_be_empty(name: str) -> None:
    with pytest.raises(LessonError, match=r"^LESSON: is empty; `bptui lessons` lists"):
        load_lesson(name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes in directories")
def test_a_pipe_is_no_lesson_and_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.toml"
    os.mkfifo(path)
    with pytest.raises(LessonError, match="is not an ordinary file"):
        load_lesson(str(path))


@pytest.mark.parametrize(("more", "fits"), [(0, True), (1, False)])
def test_a_file_of_more_than_128_kibibytes_is_no_lesson(tmp_path: Path, more: int, fits: bool) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(PLAIN + "#" * ((1 << 17) + more - len(PLAIN)))
    if fits:
        assert load_lesson(str(path)).title == "A lesson"
    else:
        with pytest.raises(LessonError, match="is larger than 128 KiB"):
            load_lesson(str(path))


@pytest.mark.parametrize(
    ("hidden", "key", "fault"),
    [
        ("2", "hidden2", "there is no hidden layer 2: hidden = 2 is one layer of 2 neurons"),
        ("[1, 2]", "hidden3", "there is no hidden layer 3: the network has 2 hidden layers"),
        ("[]", "hidden2", "there is no hidden layer 2: the network has no hidden layers"),
    ],
)
def test_an_activation_of_a_layer_that_a_file_does_not_have_is_a_fault(hidden: str, key: str, fault: str) -> None:
    text = f"""[network]
inputs = [1]
targets = [1]
hidden = {hidden}
init = {{ kind = "zeros" }}
activation = {{ {key} = "tanh" }}"""
    assert fault_of(text) == f"[network] activation.{key}: {fault}"


def test_a_variant_may_take_away_a_layer_that_has_an_activation_of_its_own() -> None:
    lesson = parse_lesson(
        """[network]
inputs = [1]
targets = [1]
hidden = [2, 2]
init = { kind = "zeros" }
activation = { hidden2 = "tanh" }
[[variants]]
name = "one layer"
network = { hidden = 2 }""",
        "mine",
    )
    assert lesson.make_variant(lesson.variants[0]).spec.hidden == (2,)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("network.inputs" + ".a" * 150 + " = 1", "must be a list of numbers"),
        ("network.inputs" + ".a" * 100_000 + " = 1", "line 1 has a key with more than 200 dots"),
        ("rounds = 1" + "0" * 5000, "line 1 has a number or a name of more than 2,000 characters"),
        ("order = true", "order: must be a whole number"),
        ('"\\u001b[2J" = 1', "\N{REPLACEMENT CHARACTER}[2J: unknown key"),
        ("network = 1", "network: 1 must be a table"),
    ],
    ids=["deep key", "endless key", "endless number", "a truth value", "a control character", "no table"],
)
def test_what_no_person_writes_is_one_clear_fault(text: str, fault: str) -> None:
    with pytest.raises(LessonError) as error:
        parse_lesson(text, "mine")
    assert fault in str(error.value)
    assert str(error.value).count(fault) == 1 and str(error.value).isprintable() == ("\n" not in str(error.value))


def test_a_name_too_long_for_a_file_is_no_lesson() -> None:
    with pytest.raises(LessonError, match="no bundled lesson or file has this name"):
        load_lesson("x" * 5000)


def test_a_title_is_one_line_and_a_note_keeps_its_signs() -> None:
    lesson = parse_lesson('title = "one\\nline"\nnote = "a\\u00a0no-break space"\n' + PLAIN.split("\n", 2)[2], "mine")
    assert lesson.title == "one line" and lesson.note == "a\u00a0no-break space"


def test_a_file_that_cannot_be_opened_is_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(PLAIN)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(LessonError, match="cannot be read: Permission denied"):
        read_text(path)


def test_a_file_in_another_encoding_is_said_to_be_so_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b'title = "caf\xe9"')
    with pytest.raises(LessonError, match=r"is not UTF-8 text \(byte 12\)"):
        load_lesson(str(path))


def test_a_file_that_is_not_toml_is_said_to_be_so_with_the_line() -> None:
    fault = fault_of(PLAIN + "this is prose")
    assert fault.startswith("is not TOML: ")
    assert f"at line {PLAIN.count(chr(10)) + 1}" in fault


@pytest.mark.parametrize("bracket", ["[", "{a="])
def test_a_file_nested_without_end_is_refused(bracket: str) -> None:
    assert fault_of("title = " + bracket * 20_000) == "is nested too deeply"


# --- faults of lessons ---


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (PLAIN.replace("title", "titel"), 'titel: unknown key; did you mean "title"?'),
        (PLAIN.replace("[training]", "[trainig]"), 'trainig: unknown key; did you mean "training"?'),
        (PLAIN.replace("step", "steps"), '[training] steps: unknown setting; did you mean "step"?'),
        (PLAIN.replace("inputs", "hiden = 2\ninputs"), '[network] hiden: unknown setting; did you mean "hidden"?'),
        (
            PLAIN + "[[figures]]\nround=1\nstepp=5\nprinted={E='1'}",
            "[figures 1] stepp: unknown key; did you mean",
        ),
        (PLAIN + "[[variants]]\nnam='b'\nname='a'", '[variants 1] nam: unknown key; did you mean "name"?'),
        (
            PLAIN + "[[variants]]\nname='a'\ntraining={stp=1}",
            "[variants 1] training.stp: unknown setting; did you mean",
        ),
        (
            PLAIN + "[[figures]]\nround=1\nprinted={dE_dw='1'}",
            "[figures 1] printed.dE_dw: is not a quantity of this network; did",
        ),
    ],
    ids=["top", "table", "training", "network", "figures", "variants", "in a variant", "quantity"],
)
def test_an_unknown_word_is_said_with_its_place_and_the_nearest_known_one(text: str, fault: str) -> None:
    assert fault_of(text).startswith(fault)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"A lesson"', "1", "title: must be text"),
        ('"A lesson"', '"a"\nnote = ["a"]', "note: must be text"),
        ('"A lesson"', '"a"\norder = "first"', "order: must be a whole number"),
        ('"A lesson"', '"a"\nfigures = 1', "figures: must be written as [[figures]] tables"),
        ('"A lesson"', '"a"\nvariants = ["a"]', "variants: must be written as [[variants]] tables"),
        ("step = 0.5", "step = 0", "[training] step: 0 must be a number above 0"),
        ("step = 0.5", "step = inf", "[training] step: inf must be a finite number"),
        ("step = 0.5", 'step = "1"', '[training] step: "1" must be a number'),
        ("step = 0.5", "rounds = 1.5", "[training] rounds: 1.5 must be a whole number from 1 to 10,000,000"),
        ("step = 0.5", 'loss = "mse"', '[training] loss: "mse" must be one of half squared error, squared error'),
        ("inputs = [0.5, 0.3]", "", "[network] inputs: is missing"),
        (
            "[0.5, 0.3]",
            "[0.5, nan]",
            "[network] inputs: 0.5, nan must be a list of numbers; entry 2 is not a finite number",
        ),
        (", 0.8]", "]", "[network] weights: a 2-2-2 network has 8 weights (2·2 + 2·2), not 7"),
        ("inputs", "biases = { hidden = [1.0] }\ninputs", "[network] biases.hidden: 1 number, but the layer has 2"),
        (
            "inputs",
            'activation = { o3 = "relu" }\ninputs',
            "[network] activation.o3: must be hidden, output or a neuron",
        ),
        ("inputs", 'init = { kind = "zeros" }\ninputs', "[network] init: give weights or init, not both"),
    ],
)
def test_a_value_that_cannot_be_is_said_with_its_place_and_what_can(old: str, new: str, fault: str) -> None:
    assert old in PLAIN
    assert fault_of(PLAIN.replace(old, new, 1)).startswith(fault)


@pytest.mark.parametrize(
    ("figures", "fault"),
    [
        ("printed = { E = '1' }", "[figures 1] round: must be a whole number from 1 to 10,000,000"),
        ("round = 0\nprinted = { E = '1' }", "[figures 1] round: must be a whole number from 1 to 10,000,000"),
        ("round = true\nprinted = { E = '1' }", "[figures 1] round: must be a whole number from 1 to 10,000,000"),
        ("round = 1\nengine = 'jax'\nprinted = { E = '1' }", "[figures 1] engine: must be numpy or torch"),
        ("round = 1\nstep = -1\nprinted = { E = '1' }", "[figures 1] step: -1 must be a number above 0"),
        ("round = 1", "[figures 1] printed: must be a table such as"),
        ("round = 1\nprinted = {}", "[figures 1] printed: must be a table such as"),
        ("round = 1\nprinted = { E = 0.11 }", "[figures 1] printed.E: 0.11 must be digits in quotes, as printed"),
        ("round = 1\nprinted = { E = '1,234' }", '[figures 1] printed.E: "1,234" may mean 1234 or 1.234'),
        ("round = 1\nprinted = { E = 'half' }", '[figures 1] printed.E: "half" is not a number; a number looks like'),
        ("round = 1\nprinted = { o3 = '1' }", "[figures 1] printed.o3: is not a quantity of this network"),
    ],
)
def test_figures_that_nobody_can_have_printed_are_refused(figures: str, fault: str) -> None:
    assert fault_of(f"{PLAIN}[[figures]]\n{figures}").startswith(fault)


def test_figures_keep_the_style_they_were_printed_in_and_are_numbers_of_their_block() -> None:
    lesson = parse_lesson(PLAIN + "[[figures]]\nround = 1\nprinted = { E = ' 0,11 ', o1 = '−1.' }", "mine")
    (figures,) = lesson.figures
    assert figures.printed == {"E": "0,11", "o1": "−1."}
    assert {name: str(number.value) for name, number in figures.numbers.items()} == {"E": "0.11", "o1": "-1.00"}
    assert parse_lesson(format_lesson(lesson), "mine").figures == lesson.figures


@pytest.mark.parametrize("name", ["E_o2", "dE_dh1", "change_w1", "dE_do1", "do1_din_o1", "din_o1_dw5", "din_o1_dh1"])
def test_a_figure_may_be_what_books_print_between_the_quantities(name: str) -> None:
    figures = f"[[figures]]\nround = 1\nprinted = {{ {name} = '0.5' }}"
    assert parse_lesson(PLAIN + figures, "mine").figures[0].printed == {name: "0.5"}


def test_a_lesson_whose_figures_fit_is_not_refused_and_one_of_another_shape_is() -> None:
    lesson = load_lesson("mazur-2015")
    require_figures(lesson)
    smaller = replace(lesson, spec=load_lesson("nnwj").spec)
    with pytest.raises(LessonError) as error:
        require_figures(smaller)
    faults = str(error.value).splitlines()
    assert [fault.partition(": is not a quantity")[0] for fault in faults] == [
        *(f"mazur-2015: [figures 1] printed.{name}" for name in ("o2", "E_o1", "E_o2", "new_w7", "new_w8")),
        "mazur-2015: [figures 4] printed.o2",
    ]


def test_figures_without_a_setting_are_those_of_the_lessons_own() -> None:
    figures = load_lesson("numpy-by-hand").figures[1]
    assert figures.without({"step": 1.0}).changes == {} and figures.without({"rounds": 5}) == figures


def test_figures_are_checked_against_the_network_that_their_settings_make() -> None:
    figures = "[[figures]]\nround = 1\n{}printed = {{ softmax_o1 = '0.5' }}"
    assert parse_lesson(PLAIN + figures.format("loss = 'cross entropy'\n"), "mine").figures[0].printed == {
        "softmax_o1": "0.5"
    }
    assert fault_of(PLAIN + figures.format("")).startswith("[figures 1] printed.softmax_o1: is not a quantity")


@pytest.mark.parametrize(
    ("variant", "fault"),
    [
        ("training = { step = 1 }", "[variants 1] name: must be text"),
        ("name = 1", "[variants 1] name: must be text"),
        ("name = 'a'\ntraining = { step = -1 }", "[variants 1] training.step: -1 must be a number above 0"),
        ("name = 'a'\nnetwork = { hidden = 3 }", "[variants 1] network.weights: a 2-3-2 network has 12 weights"),
        ("name = 'a'\nfigures = []", "[variants 1] figures: unknown key"),
    ],
)
def test_a_variant_that_is_no_problem_of_its_own_is_refused(variant: str, fault: str) -> None:
    assert fault_of(f"{PLAIN}[[variants]]\n{variant}").startswith(fault)


def test_all_faults_of_a_problem_are_said_at_once() -> None:
    text = PLAIN.replace("step = 0.5", "step = 0\nrounds = 0").replace("0.8]", "0.8, 0.9]").replace("title", "titel")
    assert [fault.split(":")[0] for fault in faults_of(text)] == [
        "titel",
        "[training] step",
        "[training] rounds",
        "[network] weights",
    ]


def test_all_faults_of_figures_and_variants_are_said_at_once_each_with_its_number() -> None:
    text = f"""note = 1
{PLAIN}
[[figures]]
round = 1
printed = {{ E = "1" }}
[[figures]]
round = 0
engine = "jax"
printed = {{ E = "x", o9 = "1" }}
[[variants]]
name = 1
training = {{ step = 0, rounds = 0 }}
[[variants]]
network = {{ hidden = 9 }}
"""
    assert [fault.split(":")[0] for fault in faults_of(text)] == [
        "note",
        "[figures 2] round",
        "[figures 2] engine",
        "[figures 2] printed.E",
        "[figures 2] printed.o9",
        "[variants 1] name",
        "[variants 1] training.step",
        "[variants 1] training.rounds",
        "[variants 2] name",
        "[variants 2] network.hidden",
    ]


@given(st.text(string.printable, max_size=20), st.integers(0, len(PLAIN)), st.integers(0, 20))
def test_whatever_is_typed_into_a_file_it_is_a_lesson_or_a_lesson_error(typed: str, at: int, over: int) -> None:
    try:
        assert parse_lesson(PLAIN[:at] + typed + PLAIN[at + over :], "mine").name == "mine"
    except LessonError as fault:
        assert str(fault).startswith("lesson: ")
