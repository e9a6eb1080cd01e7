"""Texts that take long to parse are refused in words about what they have too much of; no others are."""

import tomllib
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptui.system.reading import find_size_fault
from tests.effort import examples

BIG = 1 << 17
VALUES = ", ".join(f"w{n} = 0.{n:03d}1" for n in range(256))
TRUE = {
    "256 printed values on one line": f"printed = {{ {VALUES} }}",
    "with signs, exponents and underscores": "a = [" + ", ".join(["-1_0.5e-1_0"] * 500) + "]",
    "a note of many sentences on one line": 'note = "' + "It is. " * 1000 + '"',
    "a literal note": "note = '" + "It is. " * 1000 + "'",
    "a note of many lines": 'note = """\n' + "It is.\n" * 15_000 + '"""',
    "a row of underscores": 'note = """\n' + "_" * 5000 + '\n"""',
    "a row of digits": "note = '" + "1" * 5000 + "'",
    "brackets and equal signs": 'note = """' + "[=" * 60_000 + '"""',
    "commas": "note = '''" + "," * 130_000 + "'''",
    "quotes and backslashes": 'note = """' + '\\"""\\\\"' * 1000 + '."""',
    "a comment": "# " + "a.b" * 1000 + "\n# " + "_" * 5000,
    "dots in quoted names": '"' + "a." * 500 + '" = 1',
    "a quote in a literal": "a = 'it\"s'\nb = '" + "." * 500 + "'",
}
BOMBS = {
    'a = "x"\nb' + ".a" * 300 + " = 1": "line 2 has a key with more than 200 dots",
    'note = """\n\n"""\nb' + ".1" * 300 + " = 1": "line 4 has a key with more than 200 dots",
    "b" + " . a" * 300 + " = 1": "line 1 has a key with more than 200 dots",
    "b" + '."a"' * 300 + " = 1": "line 1 has a key with more than 200 dots",
    'a = ""\nb = 1' + "0" * 3000: "line 2 has a number or a name of more than 2,000 characters",
    "a = 1." + "0" * 3000: "line 1 has a number or a name of more than 2,000 characters",
    "a=1\n" * 60_000: "has more than 50,000 keys, lists and tables",
    "[]," * 60_000: "has more than 50,000 keys, lists and tables",
    "1," * 250_000: "has more than 200,000 lines and values",
}


@pytest.mark.parametrize("text", TRUE.values(), ids=TRUE)
def test_what_is_in_quotes_or_a_number_does_not_count(text: str) -> None:
    assert find_size_fault(text) == ""
    begun = process_time()
    tomllib.loads(text)
    assert process_time() - begun < 2.0


@pytest.mark.parametrize(("text", "fault"), BOMBS.items(), ids=BOMBS.values())
def test_what_takes_long_to_parse_is_refused_for_its_reason(text: str, fault: str) -> None:
    assert find_size_fault(text).startswith(fault)


@examples(200)
@given(
    st.lists(st.sampled_from(['"', '"""', "'", "'''", "\\", "\n", "#", ".", "a", " ", "=", "[1]", "é"]), max_size=30)
)
def test_after_any_quotes_a_key_of_many_parts_is_still_seen(parts: list[str]) -> None:
    """Where what comes before is TOML, so that the key is read at all."""
    before = "".join(parts) + "\n"
    try:
        tomllib.loads(before)
    except ValueError:
        return
    assert "key with more than 200 dots" in find_size_fault(before + "b" + ".a" * 300 + " = 1")


@pytest.mark.parametrize("unit", ['"""', "'''", '"', "'", '\\"""', '"""\\', "'''\n", "#", "\\", '""" ', "a'", '"\n'])
def test_looking_takes_no_longer_than_there_is_text(unit: str) -> None:
    text = unit * (BIG // len(unit))
    begun = process_time()
    find_size_fault(text)
    assert process_time() - begun < 1.0
