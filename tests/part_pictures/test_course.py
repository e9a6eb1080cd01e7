"""The picture of a quantity over the rounds: every number of its curve is the round's own."""

from dataclasses import replace

import numpy as np
import pytest

from bptui.core.engines.engine import make_engine
from bptui.core.problem.spec import Spec
from bptui.core.training.kept_rounds import BLOCK
from bptui.core.training.run import Run
from bptui.lessons.lesson import load_lesson
from bptui.part_pictures.course import choose_kept, choose_rounds, list_courses, picture_course

DEFAULT = load_lesson("two-by-two").spec


def trained(spec: Spec, rounds: int) -> Run:
    run = Run(make_engine("numpy", spec))
    run.train_to(rounds)
    return run


@pytest.mark.parametrize("quantity", ["E", "w5", "dE_dw5", "h1", "in_o2", "delta_h2"])
def test_each_point_is_the_round_s_number(quantity: str) -> None:
    run = trained(DEFAULT, 51)
    (curve,) = picture_course(run, 50, 7, quantity, 0, 6).curves
    values = [{**run.given(r), **run.values(r)}[quantity] for r in range(1, 51)]
    np.testing.assert_array_equal(curve.x, range(1, 51))
    np.testing.assert_allclose(curve.y, np.array(values, float), rtol=1e-15)


def test_the_sentences_say_the_first_the_present_the_last_and_the_extremes() -> None:
    run = trained(DEFAULT, 51)
    picture = picture_course(run, 50, 7, "E", 0, 6)
    write = [f"{run.loss(r):#.6g}" for r in (7, 1, 50)]
    assert picture.sentences[1] == f"● round 7: {write[0]}. Round 1: {write[1]}; round 50: {write[2]}."
    assert picture.sentences[2] == f"Lowest: {write[2]} in round 50; highest: {write[1]} in round 1."
    assert (picture.marks[0].x, picture.marks[0].y) == (7.0, run.loss(7))


def test_of_a_long_run_rounds_are_chosen_evenly_on_a_logarithmic_axis_the_one_shown_among_them() -> None:
    rounds = choose_rounds(1_000_000, 2000, 123_457)
    assert len(rounds) <= 2003 and rounds[0] == 1 and rounds[-1] == 1_000_000 and 123_457 in rounds
    assert np.log(rounds[1:] / rounds[:-1])[rounds[1:] > 300].max() < 0.015
    np.testing.assert_array_equal(choose_rounds(30, 2000, 4), range(1, 31))
    run = trained(DEFAULT, 5001)
    assert "of the" in picture_course(run, 5000, 4999, "w1", 0, 6).sentences[-1]


def test_one_round_equal_numbers_and_numbers_that_are_not_finite_are_said() -> None:
    only = picture_course(trained(DEFAULT, 2), 1, 1, "h1", 0, 6)
    assert "only one round so far" in only.sentences[-1] and not only.curves and not only.marks
    still = trained(replace(DEFAULT, step=1e-300), 21)
    assert picture_course(still, 20, 3, "w1", 0, 6).sentences[-1] == "It is the same in all rounds."
    lost = trained(load_lesson("random-weights").spec, 901)
    assert "it is not finite (×)" in picture_course(lost, 900, 3, "E", 0, 6).sentences[-1]


def test_of_several_samples_the_one_that_is_shown_is_drawn() -> None:
    run = trained(load_lesson("xor").spec, 21)
    (curve,) = picture_course(run, 20, 3, "h1", 2, 6).curves
    assert curve.y.tolist() == pytest.approx([float(run.values(r)["h1_s2"]) for r in range(1, 21)])


def test_where_rounds_use_other_samples_forward_numbers_are_those_of_the_sample_all_the_same() -> None:
    lesson = load_lesson("online-or-batch").spec
    spec = replace(lesson, batch="one at a time", step=0.01)
    assert list_courses(spec, "w1") == ("w1",) and list_courses(spec, "o1") == ("o1", "in_o1")
    run = trained(spec, 10)
    (curve,) = picture_course(run, 9, 3, "o1", 2, 6).curves
    for round_ in range(1, 10):
        w, x = float(run.parameters(round_)[0]), spec.inputs[1][0]
        if len(spec.network.parameters) == 1 and spec.activation_output == "identity":
            assert curve.y[round_ - 1] == pytest.approx(w * x)
    assert picture_course(run, 9, 3, "E", 2, 6).sentences[0].endswith("error). Each round uses different samples.")
    shown = run.values(2)
    assert curve.y[1] == pytest.approx(float(shown["o1_s2"]))


def test_an_input_has_no_course() -> None:
    assert list_courses(DEFAULT, "x1") == () and list_courses(DEFAULT, "E") == ("E",)


def test_of_a_thinned_run_rounds_are_drawn_that_are_kept() -> None:
    """But the first, the last and the one shown are those asked for."""
    run = trained(DEFAULT, 5 * BLOCK)
    while run.next_stride in (2, 4, 8):
        run.thin(1)
    rounds = choose_kept(run, choose_rounds(5 * BLOCK - 1, 300, 1000), 1000).tolist()
    assert {1, 1000, 5 * BLOCK - 1} <= set(rounds) and len(rounds) > 100
    assert all(run.find_kept(round_) == round_ for round_ in rounds if round_ not in (1, 1000, 5 * BLOCK - 1))
