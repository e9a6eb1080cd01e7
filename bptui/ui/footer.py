"""The footer of the stepper: the keys there is room for, and in a wide terminal some more."""

from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

_ROOMY = ("check", "number")  # actions whose keys do not fit into 80 columns


class StepperFooter(Footer):
    """The footer, with some of its keys in a wide terminal only."""

    DEFAULT_CSS = """
    StepperFooter .roomy { display: none; }
    StepperScreen.-wide StepperFooter .roomy { display: block; }
    """

    def compose(self) -> ComposeResult:
        """All keys, those for a wide terminal marked as such."""
        for key in super().compose():
            if isinstance(key, FooterKey) and key.action in _ROOMY:
                key.add_class("roomy")
            yield key
