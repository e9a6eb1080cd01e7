"""Text that is read by pages: the two keys for it, and the container that they scroll.

A screen takes the keys in by ``*pages(...)`` and has an ``action_page``. The keys have priority, as lists take page
keys for themselves.
"""

from textual.binding import Binding
from textual.containers import VerticalScroll


class Paged(VerticalScroll, can_focus=False):
    """Scrolls by pages, of which a line stays in sight."""

    def page(self, pages: int) -> None:
        """Scroll by pages, down or, below 0, up."""
        self.scroll_relative(y=pages * max(self.size.height - 1, 1), animate=False)


def pages(what: str, *, show: bool = True) -> list[Binding]:
    """The page keys of a screen.

    Args:
        what: What they scroll, as help says it.
        show: Whether the footer has them.
    """
    return [
        Binding(
            "pagedown",
            "page(1)",
            "Scroll",
            show=show,
            key_display="pgdn",
            tooltip=f"{what} further down",
            id="page-down",
            priority=True,
        ),
        Binding(
            "pageup", "page(-1)", "Scroll up", show=False, tooltip=f"{what} further up", id="page-up", priority=True
        ),
    ]
