"""How much is tested: what a developer waits for, or all of it, which ``dev.py test --all`` and ``dev.py soak`` do."""

import os
from collections.abc import Collection, Iterable, Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import settings

ALL = bool(os.environ.get("ALL_TESTS") or os.environ.get("SOAK_MINUTES"))


def examples(number: int) -> settings:
    """Return settings for so many random cases, a fourth of them unless all is tested."""
    return settings(max_examples=number if ALL else -(-number // 4), deadline=None)


def mostly(kept: Collection[Any], values: Iterable[Any], arguments: int = 1) -> list[Any]:
    """Return values for ``parametrize``, of which all but a few are tested only when all is.

    Args:
        kept: Those that always are.
        values: All values, or all rows of them.
        arguments: How many values a row has.
    """

    def left_out(value: Any) -> Any:
        return pytest.param(*([value] if arguments == 1 else value), marks=pytest.mark.exhaustive)

    return [value if value in kept else left_out(value) for value in values]


def each_once(**axes: Mapping[str, Any] | Iterable[Any]) -> pytest.MarkDecorator:
    """Return a parametrization by a table, of which each value of each axis is tested once unless all is.

    Args:
        axes: The values of each argument, by their names where they have some.
    """
    named = [axis if isinstance(axis, Mapping) else {_name(value): value for value in axis} for axis in axes.values()]
    longest = max(map(len, named))
    kept = set(zip(*([list(axis)[at % len(axis)] for at in range(longest)] for axis in named), strict=True))
    cells = [
        pytest.param(
            *(axis[name] for axis, name in zip(named, names, strict=True)),
            id="-".join(names),
            marks=[] if names in kept else [pytest.mark.exhaustive],
        )
        for names in product(*named)
    ]
    return pytest.mark.parametrize(list(axes), cells)


def _name(value: Any) -> str:
    return str(getattr(value, "__name__", value))
