"""The footer of the stepper: the keys there is room for, and in a wide terminal some more."""

from textual.app import ComposeResult
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

_ROOMY = ("check", "number", "compare")  # actions whose keys do not fit into 80 columns


class StepperFooter(Footer):
    """The footer; the class ``roomy`` marks keys for a wide terminal only."""

    def compose(self) -> ComposeResult:
        """All keys, those for a wide terminal marked as such."""
        # The keys are made anew whenever a screen opens or closes, and this lets go of those there were: Textual binds
        # each to the footer, which would keep them all for ever
        self.mutate_reactive(Footer.compact)
        for key in super().compose():
            if isinstance(key, FooterKey) and key.action in _ROOMY:
                key.add_class("roomy")
            yield key
