"""Find the faults of a lesson file outside its problem: in its keys, its printed values and its variants.

Printed values and variants are checked against the problem, so only where the problem itself has no fault.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bptui.core.problem.kinds.setting_kinds import WholeNumber
from bptui.core.problem.kinds.suggestions import suggest
from bptui.core.problem.layer_keys import HIDDEN_KEYS
from bptui.core.problem.settings import MOST_ROUNDS
from bptui.core.problem.spec import Spec, SpecError, list_settings
from bptui.core.problem.tables import ALIASES, Fault, merge_tables
from bptui.text.words import format_count

TRAINING_KEYS = tuple(s.metadata["path"][1] for s in list_settings() if s.metadata["path"][0] == "training")
FIGURE_SETTINGS = (*TRAINING_KEYS, *ALIASES)  # what an entry of printed values may change
FIGURE_TABLES = ("figures", "printed")  # two words for the same
_FIGURE_KEYS = ("round", "engine", "printed", "values", *FIGURE_SETTINGS)
_VARIANT_KEYS = ("name", "network", "training")
_MOST_BITS = 63  # of a whole number without its sign, as in TOML
_KEYS = ("title", "note", "order", "group", "network", "training", *FIGURE_TABLES, "variants")


def find_top_faults(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the faults at the top of a file, apart from those in the tables of the problem."""
    yield from find_unknown_top_keys(table, _KEYS)
    for key in ("title", "note", "group"):
        if not isinstance(table.get(key, ""), str):
            yield Fault((key,), "must be text")
    order = table.get("order", 0)
    if type(order) is not int:
        yield Fault(("order",), "must be a whole number")
    elif not -(1 << _MOST_BITS) <= order < 1 << _MOST_BITS:
        yield Fault(("order",), f"must be a whole number that fits into {_MOST_BITS + 1} bits")


def find_layer_faults(spec: Spec, table: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield a fault for each activation of a hidden layer that the problem of a file does not have.

    Changes of a problem may take layers away, so only what the file says itself is checked.
    """
    count = len(spec.hidden)
    if count == 1:
        given = f"hidden = {spec.hidden[0]} is one layer of {format_count(spec.hidden[0], 'neuron')}"
    else:
        given = f"the network has {count or 'no'} hidden layers"
    for number, key in enumerate(HIDDEN_KEYS, 1):
        if number > max(count, 1) and key in table["network"].get("activation", ()):
            yield Fault(("network", "activation", key), f"there is no hidden layer {number}: {given}")


def find_unknown_top_keys(table: Mapping[str, Any], known: Sequence[str]) -> Iterator[Fault]:
    """Yield the unknown top-level keys of a file."""
    for key in table:
        if key not in known:
            yield Fault((key,), f"unknown key{suggest(key, known)}")


def read_entries(table: Mapping[str, Any], key: str, faults: list[Fault]) -> list[tuple[str, dict[str, Any]]]:
    """Return the entries of an array of tables, each with a label for its place."""
    entries = table.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        faults.append(Fault((key,), f"must be written as [[{key}]] tables"))
        return []
    return [(f"{key} {number}", entry) for number, entry in enumerate(entries, 1)]


def find_figure_faults(spec: Spec, place: str, entry: dict[str, Any]) -> Iterator[Fault]:
    """Yield the faults of an entry of [[figures]] or [[printed]]."""
    yield from find_unknown_keys(place, entry, _FIGURE_KEYS)
    if "printed" in entry and "values" in entry:
        yield Fault((place, "values"), "means the same as printed; give only one of them")
    try:
        WholeNumber(1, MOST_ROUNDS).check(entry.get("round"))
    except ValueError as fault:
        yield Fault((place, "round"), f"must be {fault}")
    if entry.get("engine", "numpy") not in ("numpy", "torch"):
        yield Fault((place, "engine"), "must be numpy or torch")
    round_ = entry["round"] if type(entry.get("round")) is int and entry["round"] > 0 else 1
    network = spec.network_of(round_)
    try:
        changes = {k: v for k, v in entry.items() if k in FIGURE_SETTINGS}
        network = Spec.from_table(merge_tables(spec.to_table(), {"training": changes})).network_of(round_)
    except SpecError as error:
        yield from (Fault((place, *fault.path[1:]), fault.message) for fault in error.faults)
    word = name_values(place, entry)
    printed = entry.get(word)
    if not isinstance(printed, dict) or not printed:
        yield Fault((place, word), 'must be a table such as { o1 = "0.4109" }')
        return
    from bptui.lessons.printed_values import find_printed_faults  # which few lessons need

    yield from (Fault((place, word, name), reason) for name, reason in find_printed_faults(network, printed))


def name_values(place: str, entry: Mapping[str, Any]) -> str:
    """Return the key of the printed values in an entry: where there is none, the one that belongs there."""
    words = ("printed", "values") if place.startswith(FIGURE_TABLES[0]) else ("values", "printed")
    return next((word for word in words if word in entry), words[0])


def find_variant_faults(spec: Spec, place: str, entry: dict[str, Any]) -> Iterator[Fault]:
    """Yield the faults of an entry of [[variants]]."""
    yield from find_unknown_keys(place, entry, _VARIANT_KEYS)
    if not isinstance(entry.get("name"), str):
        yield Fault((place, "name"), "must be text")
    try:
        Spec.from_table(merge_tables(spec.to_table(), {k: v for k, v in entry.items() if k != "name"}))
    except SpecError as error:
        yield from (Fault((place, *fault.path), fault.message) for fault in error.faults)


def find_unknown_keys(place: str, entry: Mapping[str, Any], known: Sequence[str]) -> Iterator[Fault]:
    """Yield the unknown keys of an entry."""
    for key in entry:
        if key not in known:
            yield Fault((place, key), f"unknown key{suggest(key, known)}")
