"""The questions of a practised round: how each stands, and the reply to an answer."""

from bptui.practice.answers import Answer
from bptui.record import record

OPEN, FIRST_TRY, RIGHT_LATER, CARRIED_ON, REVEALED = STATES = ("open", "right", "right later", "carried on", "shown")


@record
class PracticeMark:
    """The state of one question, how many hints and wrong answers it had, and the last wrong answer."""

    state: str = OPEN
    hints: int = 0
    wrong: int = 0
    last: Answer | None = None

    @property
    def done(self) -> bool:
        """Whether the value is revealed."""
        return self.state in (FIRST_TRY, RIGHT_LATER, REVEALED)


@record
class Question:
    """One quantity that is asked for; ``value`` is its formatted value, empty while it is hidden."""

    name: str
    phase: str
    mark: PracticeMark
    value: str


@record
class Feedback:
    """The reply to an answer.

    Its kind is "right", "wrong", "imprecise", "carried on", "slip", "error" or "shown"; its text says it in words.
    """

    kind: str
    text: str
