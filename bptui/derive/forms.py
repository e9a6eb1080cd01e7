"""The forms in which a round's calculation is printed."""

from collections.abc import Callable, Iterator

from bptui.derive.graph.page import derive_graph
from bptui.derive.page import derive_round
from bptui.lessons.lesson import Lesson

FORMS: dict[str, Callable[[Lesson, int, str, int, str | None], Iterator[str]]] = {
    "letters": derive_round,
    "graph": derive_graph,
}
