"""The field for an answer, whose screen's keys take effect in the order they are pressed."""

from textual import events
from textual.binding import Binding
from textual.widgets import Input


class AnswerInput(Input, inherit_bindings=False):
    """The field for an answer."""

    BINDINGS = [binding for binding in Input.BINDINGS if isinstance(binding, Binding) and binding.key != "enter"]  # noqa: RUF012

    async def on_key(self, event: events.Key) -> None:
        """Run the screen's action of a key at once, so that quick keys take effect in the order they are pressed."""
        active = self.screen.active_bindings.get(event.key)
        if active is not None and active.node is self.screen:
            event.stop()
            event.prevent_default()
            await self.screen.run_action(active.binding.action)
