"""Check the values that a lesson has printed, and take whole arrays among them to pieces.

An array becomes the values of its entries, with the digits as printed: from there on nothing knows of arrays. A single
quantity may stand in the brackets of an array, as it does where a program works with matrices: ``E = "[[0.0955]]"``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from bptui.core.formulas.names import of_sample, split_sample
from bptui.core.formulas.network import Network
from bptui.core.problem.kinds.array_kinds import describe_orientation, describe_size_fault
from bptui.core.problem.kinds.array_text import Nested, has_brackets, read_arrays
from bptui.core.problem.kinds.suggestions import suggest
from bptui.core.problem.tables import format_briefly
from bptui.core.quantities.arrays import NameMatrix, has_orientation, has_samples, list_arrays, list_given_arrays
from bptui.core.quantities.parts import describe
from bptui.core.quantities.printable import list_printable
from bptui.lessons.quantity_names import find_meaning
from bptui.text.printed import parse_printed
from bptui.text.words import join_words


def expand_array(network: Network, name: str, text: str) -> dict[str, str]:
    """Return the printed values of an array's entries.

    Args:
        network: The network.
        name: Its name in ``list_arrays``.
        text: The array as printed, such as ``[[-0.49 -0.  ] [-0.24  0.  ]]``; a layer's may have a column per sample.

    Returns:
        Digits by quantity name, row by row.

    Raises:
        ValueError: If it is no array or has another size; the message says what is wrong.
    """
    return expand_rows(network, name, list_arrays(network)[name], text)


def expand_rows(network: Network, name: str, rows: NameMatrix, text: str) -> dict[str, str]:
    """Return the printed values of the entries of any rows of quantities; see ``expand_array``."""
    matrix = _read_matrix(text)
    if _has_columns(name, rows, matrix):
        matrix = [list(column) for column in zip(*matrix, strict=True)]
    size, needed = (len(matrix), len(matrix[0]) if matrix else 0), (len(rows), len(rows[0]))
    if "W" not in name and size != needed and not (1 in needed and size == needed[::-1]):
        by_sample = ", a row per sample" if len(rows) > 1 else ""
        raise ValueError("{} by {}, but {} is {} by {}{}".format(*size, name, *needed, by_sample))
    if other := describe_size_fault(size, needed, network.numbering, f"{name} is"):
        raise ValueError(other)
    digits = [str(item) for row in matrix for item in row]
    return dict(zip((entry for row in rows for entry in row), digits, strict=True))


def _read_matrix(text: str) -> list[list[Nested]]:
    """Return the rows of an array; what is no matrix is one row."""
    try:
        first, *others = read_arrays(text)
        if others:
            raise ValueError("one array")
        found: list[Nested] = first.items if isinstance(first.items, list) else [first.items]
        matrix: list[list[Nested]] = [row for row in found if isinstance(row, list)] or [found]
        if any(isinstance(item, list) for row in matrix for item in row):
            raise ValueError("one matrix")
    except ValueError as fault:
        raise ValueError(f"must be {fault}") from fault
    return matrix


def _has_columns(name: str, rows: NameMatrix, matrix: Sequence[Sequence[Nested]]) -> bool:
    """Whether a matrix of a layer has a column per sample; with as many samples as neurons it has a row per sample."""
    needed = len(rows), len(rows[0])
    return has_samples(name, rows) and needed[0] != needed[1] and (len(matrix[0]), len(matrix)) == needed


def remove_brackets(text: str) -> str:
    """Return the number in an array that holds it alone, such as ``[[0.0955]]``; any other text without its margins."""
    text = text.strip()
    if not has_brackets(text) or re.match(r"\(\s*[^-+−–\s]", text):  # (12) is −12 to some
        return text
    try:
        (array,) = read_arrays(text)
    except ValueError:
        return text
    item = array.items
    while isinstance(item, list) and len(item) == 1:
        (item,) = item
    return item if isinstance(item, str) else text


def expand_printed(network: Network, printed: Mapping[str, str]) -> dict[str, str]:
    """Return printed values with every array as the values of its entries; see ``expand_array``."""
    arrays, found = list_arrays(network), dict[str, str]()
    for name, text in printed.items():
        found |= expand_array(network, name, text) if name in arrays else {name: remove_brackets(text)}
    return found


def describe_matrices(network: Network, printed: Mapping[str, str]) -> dict[str, str]:
    """Return what the rows of printed matrices stand for, by name, where a matrix turned on its side would be another.

    Args:
        network: The network.
        printed: Printed values that ``expand_printed`` accepts.
    """
    arrays, found = list_arrays(network), dict[str, str]()
    for name, text in printed.items():
        if name in arrays and has_orientation(name, arrays[name]):
            found[name] = describe_orientation(network.numbering)
        elif name in arrays and has_samples(name, arrays[name]):
            columns = _has_columns(name, arrays[name], _read_matrix(text))
            found[name] = f"a {'column' if columns else 'row'} per sample"
    return found


def find_printed_faults(network: Network, printed: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the names of printed values that cannot be right, each with the reason as the rest of a sentence."""
    known, arrays, places = list_printable(network), list_arrays(network), dict[str, str]()
    for name, text in printed.items():
        if name not in known and name not in arrays:
            unknown = f"is not a quantity of this network{suggest_printable(network, name)}"
            yield name, describe_given(network, name) or describe_other_sample(network, name) or unknown
            continue
        if not isinstance(text, str):
            what = "the array" if name in arrays else "digits"
            yield name, f"{format_briefly(text)} must be {what} in quotes, as printed"
            continue
        try:
            entries = expand_array(network, name, text) if name in arrays else {name: remove_brackets(text)}
            for digits in entries.values():
                parse_printed(digits)
        except ValueError as fault:
            yield name, str(fault)
            continue
        if twice := next((entry for entry in entries if entry in places), None):
            yield name, f"{twice} is given twice" if name in arrays else f"is also in {places[twice]}"
        places |= dict.fromkeys(entries, name)


def describe_given(network: Network, name: str) -> str:
    """Return that a name is of what a round is calculated from, as the rest of a sentence; empty if it is not."""
    if name in list_given_arrays(network):
        return "is given, not calculated"
    if name in network.given:
        return f"is given, not calculated ({describe(network, name)})"
    return ""


def describe_other_sample(network: Network, name: str) -> str:
    """Return that a name is of a sample that the round does not use, as the rest of a sentence; empty if it is not."""
    base, sample = split_sample(name)
    others = sample and network.samples and sample not in network.samples
    if not others or of_sample(base, network.samples[0]) not in list_printable(network):
        return ""
    used = join_words([str(one) for one in network.samples])
    return f"belongs to sample {sample}, but this round uses {'samples' if network.samples[1:] else 'sample'} {used}"


def suggest_printable(network: Network, name: str) -> str:
    """Return ``; did you mean "..."?`` with a quantity or an array that others call so, or whose name is close."""
    quantities, arrays = list_printable(network), list_arrays(network)
    if (meant := find_meaning(network, name)) and (meant.name in quantities or meant.name in arrays):
        return f'; did you mean "{meant.name}"?'
    if network.samples and (own := find_meaning(network.one_sample, name)):
        of_first = of_sample(own.name, network.samples[0])
        if of_first in quantities:
            return f'; did you mean "{of_first}"?'
    return suggest(name, list(quantities)) or suggest(name, list(arrays))
