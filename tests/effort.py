"""How much is tested: what a developer waits for, or all of it, which ``dev.py test --all`` and ``dev.py soak`` do."""

import os

from hypothesis import settings

ALL = bool(os.environ.get("ALL_TESTS") or os.environ.get("SOAK_MINUTES"))


def examples(number: int) -> settings:
    """Return settings for so many random cases, a fourth of them unless all is tested."""
    return settings(max_examples=number if ALL else number // 4, deadline=None)
