"""The command ``lessons``: the list, and one lesson's file."""

from bptui.cli.main import main
from bptui.lessons.lesson import load_bundled_lessons
from bptui.system.folders import BUNDLED_LESSONS
from tests.cli.refusals import Output


def test_lessons_are_listed_in_order_and_printed_as_their_files(capsys: Output) -> None:
    assert main(["lessons"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == [lesson.name for lesson in load_bundled_lessons()]
    assert main(["lessons", "two-by-two"]) == 0
    assert capsys.readouterr().out == (BUNDLED_LESSONS / "two-by-two.toml").read_text(encoding="utf-8")
