"""Find the quantity that a written name means: ``∂E/∂w1``, ``grad w1``, ``δo1``, ``net_h1``, ``w1+``, ``A1``.

A name is compared without spaces and signs, so ``dE/dw1`` and ``dE_dw1`` are one. Upper and lower case tell a matrix
from a single number (``dW1``, ``dw1``); where only one of them fits what follows the name, it is meant. A name that may
mean two things means none: ``w_11`` is w11 to some, and the weight from 1 to 1 to others.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from bptui.core.formulas.names import split_sample
from bptui.core.formulas.network import Network
from bptui.core.quantities.arrays import NameMatrix, list_arrays, list_given_arrays
from bptui.core.quantities.printable import list_printable

_LONGEST = 60  # characters of a name: every known one is shorter
_MOST_STEPS = 3  # rewritings from what others write to a name
_SIGNS = str.maketrans({"∂": "d", "δ": "delta", "Δ": "Delta", "Σ": "sum", "ŷ": "yhat", "’": "'", "′": "'"})
_BRACES = str.maketrans("", "", "{}^")
_SAMPLE = re.compile(r"\((\d+)\)")  # a superscript, in plain signs
_COMMAND = re.compile(r"\\([A-Za-z]+)\*? ?")
_COMMANDS = {"partial": "d", "delta": "delta", "Delta": "Delta", "eta": "eta"}  # of LaTeX; the others say nothing
_TWO_WAYS = re.compile(r"w_\d{2,}|w\d_\d", re.IGNORECASE)
_NOTHING = re.compile(r"(?<!\d)_|_(?!\d)|[^\w+']")  # signs that tell no two names from each other
_LOSS = "(?:E|L|J|C|loss|cost|error)(?:_?total|ges|tot)?|total(?:loss|cost|error)|(?:loss|cost)value"
_OTHERS_WRITE = (  # patterns of whole names without signs, and the name here
    (f"(?:{_LOSS})", "E"),
    (f"d(?:{_LOSS})d(.+)", r"dEd\1"),
    (r"(?:grad(?:ient)?(?:of|for)?)(.+)|(.+?)grad(?:ient)?", r"dEd\1\2"),
    (r"d([wb].*)", r"dEd\1"),
    (r"(?:neu|updated|next)([wb].+)|([wb].*?)(?:\+|'|new|neu|updated|after)", r"new\1\2"),
    (r"(?:net|sum|z|preactivation|input)(.+)|(.+?)(?:net|in|input)", r"in\1\2"),
    (r"(?:out|output|a|act|activation)(.+)|(.+?)(?:out|output)", r"\1\2"),
    (r"(?:Delta|change(?:of)?)([wb].*)", r"change\1"),
    (r"d(?:out|a)(.+?d.+)", r"d\1"),
    (r"(d.+?d)(?:out|a)(.+)", r"\1\2"),
    (r"(d.+?d)(?:net|z)(.+)", r"\1in\2"),
    (r"dEdin(.+)", r"delta\1"),
    (r"dZ(\d)", r"Delta\1"),
    (r"yhat(\d)", r"o\1"),
)
_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), ours) for pattern, ours in _OTHERS_WRITE)
_NUMBERED = re.compile(r"(d[EL]_d.*?[a-z]|(?!d.*_d).*?[a-z])(\d+)")


class Meaning(NamedTuple):
    """What a written name means.

    Attributes:
        name: The quantity, array or given number.
        rows: Its entries, of which a single number has one.
    """

    name: str
    rows: NameMatrix


def find_meaning(network: Network, written: str, single: bool | None = None) -> Meaning | None:
    """Return what a written name means in a network's round; None if it means nothing, or may mean several things.

    Args:
        network: The network.
        written: The name as it was written.
        single: Whether one number follows it, and no array of several; None if that is not known.
    """
    if len(written) > _LONGEST:
        return None
    forms, meanings, by_form = (
        _find_forms(network, _strip_signs(written)),
        _list_meanings(network),
        _group_forms(network),
    )
    found = [Meaning(name, meanings[name]) for form in forms for name in by_form[form.lower()]]
    # Of those that fit what follows, the one in the same case; where none fits, whichever there is, for its fault
    fitting = [one for one in found if single in (None, _is_single(one))] or found
    same_case = [one for one in fitting if squash(one.name) in forms]
    return next(iter(same_case or fitting), None)


def has_two_meanings(written: str) -> bool:
    """Whether a name may mean a number by itself, or the weight between two neurons: ``w_11``."""
    return bool(_TWO_WAYS.search(_spell_out(written)))


def _is_single(meaning: Meaning) -> bool:
    return len(meaning.rows) == len(meaning.rows[0]) == 1


def squash(name: str) -> str:
    """Return a name without the signs that tell no two names from each other: ``dE_dw1`` as ``dEdw1``."""
    return _NOTHING.sub("", name)


def _spell_out(written: str) -> str:
    """Return a written name without letters and braces of LaTeX, and with words for Greek letters."""
    text = _COMMAND.sub(lambda command: _COMMANDS.get(command[1], ""), normalize("NFKC", written[:_LONGEST].strip()))
    text, samples = text.translate(_SIGNS), set(_SAMPLE.findall(text))
    if len(samples) == 1:
        text = f"{_SAMPLE.sub('', text)}_s{samples.pop()}"
    return text.translate(_BRACES)


def _strip_signs(written: str) -> str:
    """Return a written name in letters, without signs; empty if it has two meanings."""
    return "" if has_two_meanings(written) else squash(_spell_out(written))


def _find_forms(network: Network, form: str) -> list[str]:
    """Return the first forms, of a name and what it is rewritten to, that are names of the network without signs."""
    by_form, forms = _group_forms(network), [form]
    for _ in range(_MOST_STEPS + 1):
        if known := [one for one in forms if one.lower() in by_form]:
            return known
        forms = [other for one in forms for other in _rewrite(network, one)]
    return []


def _rewrite(network: Network, form: str) -> Iterator[str]:
    for pattern, ours in _PATTERNS:
        if match := pattern.fullmatch(form):
            yield match.expand(ours)
    if layer := re.fullmatch(r"A(\d)", form):
        yield "O" if int(layer[1]) == len(network.layers) else f"H{layer[1]}"
    if form == "yhat" and len(network.outputs) == 1:
        yield "o1"


@lru_cache(maxsize=64)
def _list_meanings(network: Network) -> Mapping[str, NameMatrix]:
    """Return the entries of all that a name can mean: numbers, arrays, lists of numbers, and what is given."""
    names, lists = list(list_printable(network)), dict[str, list[str]]()
    for name in sorted(names):
        if (found := _NUMBERED.fullmatch(name)) and not split_sample(name)[1]:
            lists.setdefault(found[1], []).append(name)
    arrays = {**list_given_arrays(network), **list_arrays(network)}
    return {
        **{stem: (tuple(sorted(those, key=len)),) for stem, those in lists.items()},
        **{name: ((name,),) for name in (*network.given, *names)},
        **arrays,
    }


@lru_cache(maxsize=64)
def _group_forms(network: Network) -> Mapping[str, tuple[str, ...]]:
    """Return the names without signs and in small letters, each with the names that it may stand for."""
    found = dict[str, list[str]]()
    for name in _list_meanings(network):
        found.setdefault(squash(name).lower(), []).append(name)
    return {form: tuple(names) for form, names in found.items()}
