"""The table of a comparison; what it shows of runs is tested with its screen."""

from bptui.ui.panels.overview import OverviewPanel


def test_a_table_that_never_had_room_has_as_many_lines_in_sight_as_it_is_high() -> None:
    """It is painted in a terminal of a few columns before anything was drawn."""
    assert [len(OverviewPanel().find_visible(height)) for height in range(4)] == [0, 1, 2, 3]
