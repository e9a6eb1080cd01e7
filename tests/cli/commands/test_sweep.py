"""The command ``sweep``: what it prints in each form, that what it names opens as it says, and what it refuses."""

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from bptui.cli.main import main
from bptui.core.engines.engine import NumpyEngine
from bptui.core.training.run import Run
from bptui.core.training.run_facts import collect_facts
from bptui.core.training.verdict import VERDICTS
from bptui.lessons.lesson import load_lesson
from bptui.sweep.plan import Plan, make_plan
from bptui.sweep.results import SweepResult, as_csv, as_json
from bptui.sweep.runner import SweepOutcome, SweepProgress
from bptui.sweep.text import as_text, format_duration, format_progress
from tests.core.problem.test_flags import opened
from tests.sweeps import tallied

Output = pytest.CaptureFixture[str]
BASE = load_lesson("two-by-two").spec
STARTS = range(1, 41)


def swept(*words: str, seeds: range | None = STARTS, done: int = 10**9, rounds: int = 30) -> SweepResult:
    """A sweep of which the first settings are done."""
    plan = make_plan(replace(BASE, rounds=rounds), words, seeds)
    results = [tallied(s.spec, s.seeds) if n < done else None for n, s in enumerate(plan.settings)]
    runs = sum(tally.runs for tally in results if tally)
    return SweepResult(
        "two-by-two", BASE, plan, SweepOutcome(SweepProgress(runs, plan.runs, 0.0, tuple(results)), runs < plan.runs)
    )


def objects(found: SweepResult) -> list[dict[str, Any]]:
    return [json.loads(line, parse_constant=pytest.fail) for line in as_json(found)]


def text(found: SweepResult) -> list[str]:
    return list(as_text(found))


# --- for people ---


def test_a_row_tells_the_share_of_each_verdict_there_is_and_how_the_losses_are_spread() -> None:
    found = swept("step=0.1,1")
    lines = text(found)
    assert lines[0] == "two-by-two: 2 combinations, 80 runs of 30 rounds"
    assert lines[1] == "starts: normal, mean 0, std 1, instead of the lesson's weights; seeds 1 to 40"
    assert lines[3].split() == ["still", "loss", "loss", "loss"]
    assert lines[4].split() == ["step", "runs", "falling", "5", "%", "median", "95", "%"]
    assert lines[5].split()[:4] == ["0.1", "40", "100", "%"]
    assert all(len(line) <= 100 for line in lines)


def test_of_a_few_settings_histogram_and_ends_are_told_and_the_ends_open_as_they_say() -> None:
    found = swept("step=0.1,5")
    lines = text(found)
    assert sum("█" in line for line in lines) == 2
    for name in ("best", "worst"):
        told = [line.split(maxsplit=2) for line in lines if line.startswith(f"  {name} ")]
        assert len(told) == 2
        for _, value, words in told:
            run = Run(NumpyEngine(opened(words.strip("`"))))
            run.train_to(30)
            assert f"{run.loss(30):.6f}" == value


def test_a_run_of_each_verdict_is_named_where_there_are_several() -> None:
    lines = text(swept("activation=relu", rounds=400))
    examples = [line for line in lines if line.startswith(("  converged ", "  stuck ")) and "`" in line]
    assert len(examples) == 2
    for line in examples:
        spec = opened(line.partition("`")[2].strip("`"))
        assert line.strip().startswith(collect_facts(Run(NumpyEngine(spec)), 400).verdict)


def test_single_runs_have_a_verdict_and_no_quantiles() -> None:
    lines = text(swept("step=0.1,1", "loss=squared error,cross entropy", seeds=None))
    assert lines[2].split() == ["step", "loss", "verdict", "loss", "½Σ(o−y)²"]
    assert "still falling" in lines[3] and "median" not in "".join(lines)
    assert "`bptui two-by-two --loss 'cross entropy' --rounds 30`" in lines[-1]


def test_the_half_squared_error_is_a_column_where_losses_differ() -> None:
    assert "½Σ(o−y)²" not in "".join(text(swept("step=0.1,1")))
    assert "½Σ(o−y)²" in "".join(text(swept("loss=squared error,cross entropy")))


def test_many_settings_are_rows_and_the_best_of_all() -> None:
    lines = text(swept("step=1,2,3,4,5,6,7,8,9", seeds=range(1, 3)))
    assert len(lines) == 2 + 1 + 2 + 9 + 1 + 1
    assert lines[-1].startswith("best of all: ") and lines[-1].endswith("--step 9 --rounds 30`")


def test_a_table_too_wide_for_the_page_is_lines_that_name_what_they_tell() -> None:
    words = ["gradient=as published,hidden derivative forgotten", "loss=cross entropy,half mean squared error"]
    lines = text(swept(*words, "step=0.01,100", "precision=float32,float64", "activation=tanh", rounds=10))
    assert "loss cross entropy" in "".join(lines)
    assert all(len(line) <= 100 for line in lines if "`" not in line)


def test_what_is_stopped_says_how_far_it_came_and_tells_what_is_done() -> None:
    lines = text(swept("step=0.1,1,2", done=1))
    assert lines[1] == "stopped early, with 40 of 120 runs done"
    assert [line.split()[0] for line in lines if line.startswith(("0.1 ", "1 ", "2 "))] == ["0.1"]
    assert len(text(swept("step=0.1,1", done=0))) == 3


def test_losses_that_are_not_finite_are_counted_beside_the_histogram() -> None:
    lines = text(swept("activation=identity", "step=30", rounds=100))
    assert any("losses are not finite" in line for line in lines)
    assert any(line.startswith("  worst  nan") for line in lines)


def test_a_setting_without_random_starts_says_that_it_is_trained_once() -> None:
    lines = text(swept("init=zeros,normal"))
    assert "settings without a random start are trained once" in lines
    assert text(swept("init=zeros"))[0] == "two-by-two: 1 combination, 1 run of 30 rounds"


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "0 s"), (59.4, "59 s"), (61, "1 min 1 s"), (7500, "2 h 5 min"), (4e6, "1,111 h 6 min")]
)
def test_a_time_is_told_in_two_units_at_the_most(seconds: float, words: str) -> None:
    assert format_duration(seconds) == words


def test_the_bar_grows_and_tells_the_runs_and_the_time_left() -> None:
    assert format_progress(SweepProgress(0, 1_000, None, ())) == f"▕{' ' * 24}▏   0%  0 of 1,000 runs"
    assert (
        format_progress(SweepProgress(500, 1_000, 8.2, ()))
        == f"▕{'█' * 12}{' ' * 12}▏  50%  500 of 1,000 runs  8 s left"
    )
    assert format_progress(SweepProgress(1_000, 1_000, 0.0, ())).startswith(f"▕{'█' * 24}▏ 100%")
    assert {format_progress(SweepProgress(n, 777, None, ())).index("%") for n in range(778)} == {30}


# --- for programs ---


@pytest.mark.parametrize("words", [("step=0.1,1",), ("activation=identity", "step=30"), ("loss=cross entropy",)])
def test_json_tells_of_each_setting_everything_that_is_counted(words: tuple[str, ...]) -> None:
    found = swept(*words)
    for told, (setting, tally) in zip(objects(found), found.rows, strict=True):
        assert tally is not None
        assert (told["lesson"], told["varied"], told["start"]) == ("two-by-two", dict(setting.varied), "normal")
        assert (told["seeds"], told["runs"], told["of"], told["stopped"]) == ([1, 40], 40, 40, False)
        assert told["verdicts"] == dict(zip(VERDICTS, tally.verdicts, strict=True))
        assert list(told["loss"]["quantiles"]) == ["0.01", "0.05", "0.25", "0.5", "0.75", "0.95", "0.99"]
        assert sum(told["loss"]["histogram"]["counts"]) <= 40
        assert told["problem"] == json.loads(json.dumps(setting.spec.to_table()))
        for verdict, example in told["examples"].items():
            spec = opened(example["command"])
            assert spec == setting.spec_of(example["seed"])
            assert collect_facts(Run(NumpyEngine(spec)), 30).verdict == verdict


def test_a_setting_of_which_nothing_is_done_has_no_results() -> None:
    first, second = objects(swept("step=0.1,1", done=1))
    assert first["stopped"] and second["stopped"]
    assert "verdicts" in first and "verdicts" not in second and second["runs"] == 0


def test_csv_has_a_row_a_setting_with_as_many_cells_as_names() -> None:
    found = swept("loss=squared error,cross entropy", "step=0.1,30", "activation=identity", done=3, rounds=100)
    head, *rows = csv.reader(io.StringIO("\n".join(as_csv(found))))
    assert len(rows) == 4 and all(len(row) == len(head) for row in rows)
    assert head[:4] == ["lesson", "loss", "step", "activation"]
    first = dict(zip(head, rows[0], strict=True))
    assert (first["runs"], first["first_seed"], first["last_seed"]) == ("40", "1", "40")
    assert float(first["loss_50"]) == found.rows[0][1].loss.quantile(0.5)  # type: ignore[union-attr]
    assert dict(zip(head, rows[1], strict=True))["worst_loss"] == "nan"
    assert dict(zip(head, rows[3], strict=True))["runs"] == "0"


# --- the command ---


@pytest.mark.parametrize("form", ["--json", "--csv", ""])
def test_the_command_prints_what_was_swept(capsys: Output, form: str) -> None:
    words = ["sweep", "two-by-two", "--vary", "step=0.1,1", "--seeds", "40", "--rounds", "30", *filter(None, [form])]
    assert main(words) == 0
    output = capsys.readouterr()
    write = {"--json": as_json, "--csv": as_csv, "": as_text}[form]
    assert output.out.splitlines() == list(write(swept("step=0.1,1")))
    assert output.err == ""


def test_weights_and_starts_that_flags_ask_for_are_kept(capsys: Output) -> None:
    asked = ["sweep", "two-by-two", "--seeds", "9", "--json", "--rounds", "3"]
    assert main([*asked, "--weights", "1,2,3,4,5,6,7,8"]) == 0
    assert json.loads(capsys.readouterr().out)["of"] == 1
    assert main([*asked, "--init", "uniform", "--low", "0"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["start"], told["runs"]) == ("uniform", 9)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("sweep two-by-two", "sweep needs --vary KEY=V1,V2,… or --seeds N, or both"),
        ("sweep two-by-two --vary step=0", "--vary step=0: 0 must be a number above 0"),
        ("sweep two-by-two --seeds 0", "--seeds: 0 must be a number of seeds, such as 10000"),
        ("sweep two-by-two --vary hidden=3", "--vary hidden=3: [network] weights: a 2-3-2 network has 12 weights"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(capsys: Output, words: str, message: str) -> None:
    assert main(words.split()) == 2
    output = capsys.readouterr()
    assert output.out == "" and output.err.startswith(f"bptui: {message}") and output.err.count("\n") == 1


@pytest.mark.parametrize(("stopped", "fault", "status"), [(True, "", 130), (False, "its process ended", 2)])
def test_what_is_done_is_told_also_of_a_sweep_that_did_not_come_to_its_end(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, stopped: bool, fault: str, status: int
) -> None:
    done = swept("step=0.1,1", done=1)

    def outcome(plan: Plan, say: Any) -> SweepOutcome:
        say(done.outcome.progress)
        return SweepOutcome(done.outcome.progress, stopped, fault)

    monkeypatch.setattr("bptui.sweep.runner.run_until_interrupt", outcome)
    assert main(["sweep", "two-by-two", "--vary", "step=0.1,1", "--seeds", "40", "--rounds", "30"]) == status
    output = capsys.readouterr()
    assert output.out.splitlines() == text(done)
    assert output.err == (f"bptui: sweep: {fault}; the results up to then are printed\n" if fault else "")


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal's ctrl+c is a signal there is not")
def test_ctrl_c_ends_it_with_what_is_done_and_no_traceback() -> None:
    words = ["sweep", "two-by-two", "--vary", "step=0.1,1", "--seeds", "4000000", "--csv"]
    code = (
        "import sys, os, signal\nfrom bptui.sweep import runner as sweeping\nfrom bptui.cli.main import main\n"
        "note = sweeping._ProgressAggregator.note\n"
        "def noted(self, part, answer):\n"
        "    if 'tally' in answer: os.killpg(0, signal.SIGINT)\n"
        "    return note(self, part, answer)\n"
        "sweeping._ProgressAggregator.note = noted\n"
        f"sys.exit(main({words!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False, start_new_session=True
    )
    assert (done.returncode, done.stderr) == (130, "")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert 0 < sum(int(row["runs"]) for row in rows) < 8_000_000
