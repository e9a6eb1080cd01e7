"""Command lines that are refused."""

from typing import Any

import pytest

from bptui.cli.main import main

Output = pytest.CaptureFixture[str]


def refused(capsys: Output, *words: str) -> list[str]:
    """Return the lines on standard error of words that end with status 2 and print nothing else."""
    try:
        status: Any = main(words)
    except SystemExit as end:
        status = end.code
    output = capsys.readouterr()
    assert (status, output.out) == (2, "")
    assert "Traceback" not in output.err
    return output.err.splitlines()
