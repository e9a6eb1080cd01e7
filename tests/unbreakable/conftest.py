"""How long the tests go on that could go on for ever: those marked ``long``.

Among the tests each takes the few seconds its mark says; ``dev.py soak`` sets ``SOAK_MINUTES``, which they share.
"""

import os
from time import monotonic

import pytest


@pytest.fixture
def until(request: pytest.FixtureRequest) -> float:
    """The moment, on ``time.monotonic``'s clock, up to which a test that is marked ``long`` goes on."""
    mark = request.node.get_closest_marker("long")
    assert mark is not None, "only a test that is marked long has a time to fill"
    seconds = float(mark.kwargs["seconds"])
    if minutes := float(os.environ.get("SOAK_MINUTES", "0")):
        sharing = sum(item.get_closest_marker("long") is not None for item in request.session.items)
        seconds = max(seconds, 60.0 * minutes / sharing)
    return monotonic() + seconds
