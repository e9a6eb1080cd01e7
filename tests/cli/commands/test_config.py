"""The command ``config``: prints a file that reads back as what holds, and what is wrong with the one there is."""

import tomllib
from pathlib import Path

import pytest
from textual.theme import BUILTIN_THEMES

from bptui.cli.main import main
from bptui.persistence.preferences import CONFIG_FILE, Preferences, parse_preferences
from bptui.system.folders import find_config_folder
from bptui.ui.app import BptuiApp
from bptui.ui.keymap import find_actions, is_typed, parse_key

Output = pytest.CaptureFixture[str]


def test_without_a_file_it_prints_what_holds_and_where_the_file_would_be(capsys: Output) -> None:
    assert main(["config"]) == 0
    out = capsys.readouterr().out
    assert (
        out.startswith(f"# {find_config_folder() / CONFIG_FILE} (does not exist yet)\n")
        and not find_config_folder().exists()
    )
    assert tomllib.loads(out) == {
        "theme": "textual-dark",
        "digits": 6,
        "speed": 10,
        "log_scale": False,
        "keys": {},
    }


def test_it_prints_a_file_that_reads_back_with_every_action_and_its_keys(capsys: Output) -> None:
    main(["config"])
    lines = capsys.readouterr().out.splitlines()
    keys = lines.index("[keys]")
    text = "\n".join([*lines[: keys + 1], *(line.removeprefix("# ") for line in lines[keys + 1 :])])
    found = parse_preferences(text, Path(CONFIG_FILE), list(BUILTIN_THEMES), parse_key)
    assert found.error is None
    places = find_actions(BptuiApp)
    assert found.preferences.keys.keys() == {action for place in places.values() for action in place}
    own = {"next", "faster", "quit", "step-on"}
    few = Preferences(keys={action: found.preferences.keys[action] for action in own})
    assert found._replace(preferences=few).check_keys(places, is_typed).error is None


def test_a_faulty_file_is_told_with_status_2_after_what_is_right_in_it(capsys: Output) -> None:
    find_config_folder().mkdir(parents=True)
    (find_config_folder() / CONFIG_FILE).write_text('digits = 2\nspeed = "flat out"\n[keys]\nnext = "j"\nnxet = "k"\n')
    assert main(["config"]) == 2
    out, err = capsys.readouterr()
    assert 'digits = 6\nspeed = "flat out"\n' in out and '\nnext = "j"  # boundary, pictures, stepper\n' in out
    assert err.splitlines() == [
        f"bptui: {find_config_folder() / CONFIG_FILE}: digits: 2 must be a whole number from 3 to 17",
        f'bptui: {find_config_folder() / CONFIG_FILE}: [keys] nxet: unknown action; did you mean "next"?',
    ]
