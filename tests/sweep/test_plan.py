"""What a sweep trains: every combination, each run exactly that of its own problem; and what is refused."""

from dataclasses import replace

import pytest

from bptui.core.problem.initialisation import make_initial_parameters, make_initial_states
from bptui.core.problem.spec import Spec
from bptui.core.problem.tables import UserError
from bptui.lessons.lesson import load_lesson
from bptui.sweep.plan import Plan, list_comma_hints, make_plan, parse_seeds

BASE = load_lesson("two-by-two").spec
RANDOM = replace(BASE, init="normal", std=0.5, seed=42, weights=())
TEN = range(1, 11)
REFUSED = {
    "step=0": "--vary step=0: 0 must be a number above 0",
    "step=1,x": '--vary step=x: "x" must be a number',
    "step=": '--vary step=: "" must be a number',
    "step=0,1": "--vary step=0: 0 must be a number above 0; use a point: 0.1",
    "momentum=0,9": "--vary momentum=9: 9 must be a number below 1; use a point: 0.9",
    "step": "--vary step: enter values, as in --vary step=0.1,1,10",
    "stepp=1": '--vary stepp: unknown setting; did you mean "step"?',
    "loss=cross": '--vary loss=cross: "cross" must be one of half squared error, .*; did you mean "cross entropy"?',
    "activation=tan": '--vary activation=tan: "tan" must be one of .*; did you mean "tanh"?',
    "activation=o1=tan": '--vary activation=o1=tan: "tan" must be one of',
    "activation=o9=tanh": "--vary activation=o9=tanh: .network. activation.o9: must be hidden, output or a neuron",
    "hidden=3": "--vary hidden=3: .network. weights: a 2-3-2 network has 12 weights",
    "hidden=99": "--vary hidden=99: 99 must be a whole number from 0 to 8, or one from 1 to 8 for each hidden layer",
    "inputs=1,2,3;x": "--vary inputs=x: x must be|--vary inputs=x: .* a list of finite numbers",
    "std=2": '--vary std=2: .network. init.std: does not belong to init kind "given weights"',
}


def varied(plan: Plan) -> list[tuple[str, ...]]:
    return [tuple(setting.varied.values()) for setting in plan.settings]


@pytest.mark.parametrize("word", REFUSED)
def test_what_cannot_be_varied_is_refused_by_its_key_and_value(word: str) -> None:
    with pytest.raises(UserError, match=REFUSED[word].replace("?", r"\?").replace(".*;", ".*;")):
        make_plan(BASE, [word], None)


def test_every_combination_is_a_setting_in_the_order_of_the_words() -> None:
    plan = make_plan(BASE, ["step=0.1, 1", "loss=squared error,cross entropy"], None)
    assert plan.varied == ("step", "loss")
    assert varied(plan) == [
        ("0.1", "squared error"),
        ("0.1", "cross entropy"),
        ("1", "squared error"),
        ("1", "cross entropy"),
    ]
    assert [(s.spec.step, s.spec.loss) for s in plan.settings][1:3] == [(0.1, "cross entropy"), (1.0, "squared error")]
    assert plan.runs == 4 and not plan.replaced


@pytest.mark.parametrize("key", ["lr", "learning-rate", "learning_rate"])
def test_a_setting_may_be_varied_by_another_word_for_it(key: str) -> None:
    plan = make_plan(BASE, [f"{key}=0.1,1", "epochs=2,3"], None)
    assert [(s.spec.step, s.spec.rounds) for s in plan.settings] == [(0.1, 2), (0.1, 3), (1.0, 2), (1.0, 3)]


def test_without_seeds_each_setting_is_the_lessons_own_start_with_its_seed() -> None:
    for base in (BASE, RANDOM):
        (setting,) = make_plan(base, ["step=7"], None).settings
        assert setting.spec_of(setting.seeds[0]) == replace(base, step=7.0)
        assert len(setting.seeds) == 1


def test_with_seeds_given_weights_give_way_to_normal_starts() -> None:
    plan = make_plan(BASE, ["step=0.1,1"], TEN)
    assert plan.replaced and plan.runs == 20
    for setting in plan.settings:
        assert (setting.spec.init, setting.spec.mean, setting.spec.std) == ("normal", 0.0, 1.0)
        assert setting.seeds == TEN
    assert [setting.spec.std for setting in make_plan(BASE, ["std=0.1,2"], TEN).settings] == [0.1, 2.0]
    assert make_plan(BASE, ["hidden=1,8"], TEN).settings[1].spec.hidden == (8,)
    assert [s.spec.hidden for s in make_plan(BASE, ["hidden=3;3,2;0"], TEN).settings] == [(3,), (3, 2), ()]


def test_weights_that_were_asked_for_stay_and_are_trained_once() -> None:
    for plan in (make_plan(BASE, [], TEN, keep_start=True), make_plan(BASE, ["weights=1 2 3 4 5 6 7 8"], TEN)):
        assert plan.runs == 1 and not plan.replaced


def test_a_setting_whose_start_is_not_random_is_trained_once() -> None:
    plan = make_plan(BASE, ["init=normal,zeros,constant,he normal,given weights"], TEN)
    assert [len(setting.seeds) for setting in plan.settings] == [10, 1, 1, 10, 1]
    assert [setting.seeds[0] for setting in plan.settings] == [1] * 5
    assert make_plan(load_lesson("zero-weights").spec, [], TEN).runs == 1


def test_a_name_with_a_comma_is_varied_alone_or_among_others_parted_by_semicolons() -> None:
    name = "raw error, no weights"
    for word, names in ((name, [name]), (f"chain rule; {name}", ["chain rule", name])):
        assert [s.spec.gradient for s in make_plan(BASE, [f"gradient={word}"], None).settings] == names


def test_values_of_numbers_that_were_typed_with_a_comma_for_the_point_are_told() -> None:
    said = "--vary weight_decay: 0,5 is two numbers, 0 and 5; if you mean one, use a point: 0.5"
    assert list_comma_hints(["weight_decay=0,5", "step=0.1,1,10", "step=0.5,5", "rounds=10,25"]) == [said]


def test_values_of_a_list_are_parted_by_semicolons() -> None:
    plan = make_plan(
        BASE, ["inputs=0.1,0.2;-1 2", "biases-hidden=;1,2", "activation-neurons=o1=tanh,h1=relu;h2=relu"], None
    )
    assert [setting.spec.inputs for setting in plan.settings[::4]] == [((0.1, 0.2),), ((-1.0, 2.0),)]
    assert [setting.spec.biases_hidden for setting in plan.settings[:4:2]] == [(), (1.0, 2.0)]
    assert plan.settings[0].spec.activation_neurons == (("h1", "relu"), ("o1", "tanh"))


def test_an_activation_of_all_neurons_gives_way_to_that_of_a_layer() -> None:
    words = ["activation=tanh,relu,o2=identity", "activation-output=sigmoid,identity"]
    specs = [setting.spec for setting in make_plan(BASE, words, None).settings]
    assert [(s.activation_hidden, s.activation_output) for s in specs[:4]] == [
        ("tanh", "sigmoid"),
        ("tanh", "identity"),
        ("relu", "sigmoid"),
        ("relu", "identity"),
    ]
    assert specs[5].activation_neurons == (("o2", "identity"),)


def test_a_single_run_is_a_problem_with_exactly_the_start_of_its_column() -> None:
    (setting,) = make_plan(BASE, ["init=xavier uniform"], range(5, 9)).settings
    together = make_initial_states(setting.spec, setting.seeds)
    for column, seed in zip(together.T, setting.seeds, strict=True):
        assert (make_initial_parameters(setting.spec_of(seed)) == column).all()
        assert Spec.from_table(setting.spec_of(seed).to_table()) == setting.spec_of(seed)


def test_too_many_settings_are_refused_before_any_is_made() -> None:
    many = ",".join(map(str, range(1, 101)))
    with pytest.raises(UserError, match="--vary: at most 1,000 combinations are possible, not 10,000"):
        make_plan(BASE, [f"step={many}", f"rounds={many}"], None)


def test_more_runs_than_fit_into_memory_are_refused() -> None:
    with pytest.raises(UserError, match="--seeds: at most 100,000,000 runs are possible, not 200,000,000"):
        make_plan(BASE, ["step=0.1,1"], range(100_000_000))
    assert make_plan(BASE, ["step=0.1,1"], range(50_000_000)).runs == 100_000_000


@pytest.mark.parametrize(
    ("words", "seeds", "message"),
    [
        (["step=1", "step=2"], None, "--vary step: given twice"),
        (["step=1", "lr=2"], None, "--vary lr: given twice"),
        (["epochs=1", "rounds=2"], None, "--vary rounds: given twice"),
        (["seed=1,2"], TEN, "--vary seed: --seeds already gives the seeds"),
    ],
)
def test_what_is_said_twice_is_refused(words: list[str], seeds: range | None, message: str) -> None:
    with pytest.raises(UserError, match=message):
        make_plan(BASE, words, seeds)


def test_seeds_may_be_varied_like_any_setting_without_random_starts_of_their_own() -> None:
    assert [s.seeds[0] for s in make_plan(RANDOM, ["seed=3,812"], None).settings] == [3, 812]


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("10000", range(1, 10_001)), ("10,000", range(1, 10_001)), ("1-500", range(1, 501)), ("7-7", range(7, 8))],
)
def test_seeds_are_so_many_or_from_one_to_another(text: str, seeds: range) -> None:
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize(
    "text", ["0", "-5", "x", "9-3", "1-4294967296", "1.5", "1,5", "1,2,3", "1-1,5", "10.000", "", " "]
)
def test_what_names_no_seeds_is_refused(text: str) -> None:
    with pytest.raises(
        UserError,
        match=r"--seeds: \S+.* must be a number of seeds, such as 10000, or a range that rises, such as 1-500; the",
    ):
        parse_seeds(text)
