"""An empty Textual app: one line with a number, which a key or a timer counts up."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class EmptyApp(App[int]):
    """One line and nothing else."""

    BINDINGS = [("space", "next", "Next"), ("r", "run", "Run")]  # noqa: RUF012 - Textual's own form

    def compose(self) -> ComposeResult:
        """The line."""
        self.round = 1
        self.line = Static(self.text())
        self.timer = self.set_interval(1 / 30, self.action_next, pause=True)
        self.running = False
        yield self.line

    def text(self) -> str:
        """What the line says."""
        return f" round {self.round:,}/1,000,000 "

    def action_next(self) -> None:
        """Count one on; the line keeps its size, so nothing has to be laid out again."""
        self.round += 1
        self.line.update(self.text(), layout=False)

    def action_run(self) -> None:
        """Count by itself, thirty times a second, or stop."""
        self.running = not self.running
        (self.timer.resume if self.running else self.timer.pause)()


if __name__ == "__main__":
    EmptyApp().run()
