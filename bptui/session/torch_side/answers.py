"""Reading the answers of torch's process: whatever it sends, an answer has the shape that its question asks for."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NoReturn

from bptui.system.process import Message, Unavailable
from bptui.text.words import format_count, make_one_line

_LONGEST = 60  # characters shown of what it sent


def read_answer(question: Mapping[str, Any], found: Message) -> dict[str, Any]:
    """Read the answer to a question.

    Args:
        question: The fields of a ``TorchQuestion``.
        found: What the process sent.

    Returns:
        The fields of a ``TorchAnswer`` that the question asks for.

    Raises:
        Unavailable: If that is no answer to the question; it says why.
    """
    answer = dict[str, Any]()
    if rounds := question["train"]:
        size, rows = len(question["start"]), found.get("rows")
        if not isinstance(rows, list) or len(rows) != rounds:
            _refuse("rows", rows, f"a row for {format_count(rounds, 'round')}")
        answer["rows"] = [_check_numbers(row, "rows", 1 + size) for row in rows]
        answer["after"] = _check_numbers(found.get("after"), "after", size)
    if own := question["own"]:
        answer["own"] = _read_values(question, found, "own")
        answer["state"] = _check_numbers(found.get("state"), "state", len(own))
    if question["check"]:
        answer["check"] = _read_values(question, found, "check")
    return answer


def _check_numbers(numbers: Any, key: str, count: int) -> list[float]:
    if not isinstance(numbers, list) or len(numbers) != count or not all(map(_is_number, numbers)):
        _refuse(key, numbers, format_count(count, "number"))
    return [float(number) for number in numbers]


def _read_values(question: Mapping[str, Any], found: Message, key: str) -> Mapping[str, float]:
    values = found.get(key)
    if not isinstance(values, dict) or not all(map(_is_number, values.values())):
        _refuse(key, values, "a number for each quantity")
    for name in _list_quantities(json.dumps(question["table"]), question["round"]):
        if name not in values:
            raise Unavailable(f'its process sent an invalid answer: "{key}" has no {name}')
    return {name: float(value) for name, value in values.items()}


@lru_cache(maxsize=64)
def _list_quantities(table: str, round_: int) -> tuple[str, ...]:
    """Return the names of what torch computes of a round."""
    from bptui.core.formulas.backprop import name_quantities
    from bptui.core.problem.spec import Spec

    return name_quantities(Spec.from_table(json.loads(table)).network_of(round_).as_torch_computes())


def _is_number(value: Any) -> bool:
    """Whether a value is a number that a float can be."""
    return type(value) is float or (type(value) is int and abs(value) < 1 << 1000)


def _refuse(key: str, value: Any, wanted: str) -> NoReturn:
    shown = make_one_line("nothing" if value is None else repr(value)[: 2 * _LONGEST], _LONGEST)
    raise Unavailable(f'its process sent an invalid answer: "{key}" must be {wanted}, not {shown}')
