"""Values set in a TOML text: they are there afterwards, and everything else is as it was."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.system.toml_edit import set_values

OWN = """# mine
theme = "nord"  # cold, as I like it
digits=6

# vi's keys
[keys]
next = "j"
theme = "t"
"""


def test_a_value_takes_the_place_of_the_old_one_and_every_other_sign_stays() -> None:
    assert set_values(OWN, {"theme": "gruvbox", "digits": 12}) == OWN.replace("nord", "gruvbox").replace("=6", "=12")


def test_a_new_value_comes_behind_those_that_are_there_and_above_the_tables() -> None:
    assert set_values(OWN, {"log_scale": True}) == OWN.replace("digits=6\n", "digits=6\nlog_scale = true\n")
    assert set_values("", {"theme": "nord"}) == 'theme = "nord"\n'
    assert set_values("[keys]\nnext = 'j'", {"digits": 3}) == "digits = 3\n[keys]\nnext = 'j'"
    assert set_values("a = 1", {"digits": 3}) == "a = 1\ndigits = 3\n"


@pytest.mark.parametrize(
    "old", ['theme = """\nnord"""\n', '"theme" = "nord"\n', "theme.a = 1\n", "theme = [\n1,\n2]\n"]
)
def test_what_cannot_be_set_on_a_line_is_set_nevertheless(old: str) -> None:
    assert tomllib.loads(set_values(f"{old}[keys]\na = 'b'\n", {"theme": "x"})) == {"theme": "x", "keys": {"a": "b"}}


NAMES = st.text("abc_", min_size=1, max_size=3)
VALUES = st.one_of(st.booleans(), st.integers(-5, 99), st.text(st.characters(exclude_categories=["Cs"]), max_size=8))


@given(st.dictionaries(NAMES, VALUES), st.dictionaries(NAMES, VALUES), st.sampled_from(["\n", "\r\n"]))
def test_whatever_is_set_reads_back(old: dict[str, str | int], new: dict[str, str | int], end: str) -> None:
    text = set_values(set_values("", old).replace("\n", end), new)
    assert tomllib.loads(text.replace("\r\n", "\n")) == old | new
