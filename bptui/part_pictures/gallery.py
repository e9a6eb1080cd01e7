"""Which small pictures a part of a network has, in their order, and how each is made.

A neuron has its activation, a weight or bias the loss over it; these and the loss itself have their course over the
rounds. An input, which is given and never changes, has none.
"""

from collections.abc import Callable
from functools import partial

from bptui.core.engines.engine import Floats
from bptui.core.problem.spec import Spec
from bptui.core.training.history import History
from bptui.part_pictures.activation import picture_activation
from bptui.part_pictures.course import list_courses, picture_course
from bptui.part_pictures.picture import Picture
from bptui.part_pictures.slope import picture_slope
from bptui.record import record


@record(eq=False)
class Question:
    """What pictures are made of.

    Attributes:
        history: The run.
        last: The last round that may be drawn; it is computed.
        round: The round shown.
        part: The selected part.
        sample: The sample shown; 0 for all, or where there is only one.
        digits: Significant digits of the numbers in sentences.
        zoom: How many times narrower than usual an axis is that can be.
    """

    history: History
    last: int
    round: int
    part: str
    sample: int
    digits: int
    zoom: float = 1.0

    @property
    def spec(self) -> Spec:
        """The problem."""
        return self.history.spec

    @property
    def state(self) -> Floats:
        """The state that the round starts from."""
        return self.history.state(self.round)

    @property
    def one_sample(self) -> int:
        """The sample that a picture of one is about: the one shown, or the first that the round uses."""
        samples = self.spec.network_of(self.round).samples
        return (self.sample if self.sample in samples else samples[0]) if samples else 0


def list_pictures(question: Question) -> tuple[Callable[[], Picture], ...]:
    """Return what makes each picture of a part, in their order."""
    spec, part, digits = question.spec, question.part, question.digits
    found: list[Callable[[], Picture]] = []
    if part in spec.network.neurons:
        found.append(
            partial(picture_activation, spec, question.state, question.round, part, question.one_sample, digits)
        )
    elif part in spec.network.parameters:
        found.append(partial(picture_slope, spec, question.state, question.round, part, digits, question.zoom))
    sample = question.sample or min(1, len(spec.inputs) - 1)
    course = partial(picture_course, question.history, question.last, question.round)
    found += [partial(course, quantity, sample, digits) for quantity in list_courses(spec, part)]
    return tuple(found)


def can_zoom(question: Question, place: int) -> bool:
    """Whether a picture's axis can be made narrower: that of the loss over a parameter."""
    return place == 0 and question.part in question.spec.network.parameters
