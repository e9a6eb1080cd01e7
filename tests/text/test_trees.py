"""The branches of a tree."""

from bptui.text.trees import draw_branches


def test_a_branch_goes_on_to_the_last_item_below_it() -> None:
    levels = [0, 1, 2, 2, 1, 2]
    drawn = [f"{first}{level}\n{rest}." for level, (first, rest) in zip(levels, draw_branches(levels), strict=True)]
    assert "\n".join(drawn).splitlines() == [
        "0",
        "│  .",
        "├─ 1",
        "│  │  .",
        "│  ├─ 2",
        "│  │     .",
        "│  └─ 2",
        "│        .",
        "└─ 1",
        "   │  .",
        "   └─ 2",
        "         .",
    ]


def test_several_roots_have_no_branches() -> None:
    assert [first for first, _ in draw_branches([0, 0, 1])] == ["", "", "└─ "]
    assert draw_branches([]) == []
