"""A text that scrolls by pages: its two keys, and the container that they scroll.

A screen adds the keys with ``*bind_page_keys(...)`` and has an ``action_page``. The keys have priority, because lists
take page keys for themselves.
"""

from textual.binding import Binding
from textual.containers import VerticalScroll


class PagedScroll(VerticalScroll, can_focus=False):
    """A container that scrolls by pages, keeping one line in sight."""

    def page(self, pages: int) -> None:
        """Scroll by pages, down or, if negative, up."""
        self.scroll_relative(y=pages * max(self.size.height - 1, 1), animate=False, immediate=True)


def bind_page_keys(what: str, *, show: bool = True) -> list[Binding]:
    """Return the page keys of a screen.

    Args:
        what: What they scroll, as help names it.
        show: Whether the footer shows them.
    """
    return [
        Binding(
            "pagedown",
            "page(1)",
            "Scroll",
            show=show,
            key_display="pgdn",
            tooltip=f"scroll {what} down",
            id="page-down",
            priority=True,
        ),
        Binding(
            "pageup", "page(-1)", "Scroll up", show=False, tooltip=f"scroll {what} up", id="page-up", priority=True
        ),
    ]
