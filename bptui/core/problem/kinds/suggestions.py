"""Suggestions for words that are no setting or value here: what is close, and what others call by another name.

The words of libraries and books are rows of ``_WELL_KNOWN``, in letters alone: ``nn.MSELoss`` is found as "mse".
"""

import re
from collections.abc import Iterable, Sequence

_WITH_COMMA = re.compile(  # a list would have a space, or more commas
    r"(?<![\w.,])[-+−]?[0-9]{1,30},[0-9]{1,30}(?!\w|\.|,\S)"
)
_TWO_MEANINGS = re.compile(r"[1-9][0-9]{0,2}(\.000)+")  # a whole number with decimals, or with points in thousands
_LONGEST_LIST = 150  # characters of names that are shown although the one that was meant is known
_LONGEST = 60  # characters of a word that are compared: every known word is shorter
_MOST_NEAR = 20  # known words that are close: of those as close as each other, one that begins with the word is meant
_SOFTMAX_TWO_WAYS = (
    'write output = "softmax" and loss = "categorical cross entropy", or output = "identity" and loss = "cross '
    'entropy", which applies softmax in the loss'
)
_BY_CLASS = 'write loss = "categorical cross entropy", with a target for each class, such as 0, 1, 0 for class number 1'
_WELL_KNOWN = {  # what others call something: its name here, and what to say if the name alone is not enough
    "lr": ("step", ""),
    "eta": ("step", ""),
    "linear": ("identity", ""),
    "none": ("identity", ""),
    "logits": ("identity", 'write output = "identity"; loss = "cross entropy" takes such outputs'),
    "softmax": ("softmax", ""),
    "logsoftmax": ("softmax", _SOFTMAX_TWO_WAYS),
    "logistic": ("sigmoid", ""),
    "sse": ("squared error", ""),
    "mse": ("mean squared error", ""),
    "bce": ("binary cross entropy", ""),
    "binarycrossentropy": ("binary cross entropy", ""),
    "bcewithlogits": ("binary cross entropy", 'write output = "sigmoid" and loss = "binary cross entropy"'),
    "crossentropy": ("cross entropy", ""),
    "cce": ("categorical cross entropy", ""),
    "categoricalcrossentropy": ("categorical cross entropy", ""),
    "sparsecategoricalcrossentropy": ("categorical cross entropy", _BY_CLASS),
    "logloss": ("categorical cross entropy", 'write "categorical cross entropy", or "binary cross entropy"'),
    "nll": ("categorical cross entropy", _SOFTMAX_TWO_WAYS),
    "negativeloglikelihood": ("categorical cross entropy", _SOFTMAX_TWO_WAYS),
}
_TAKEN_FOR_LOSSES = {  # what to say of them where a loss is meant
    "softmax": _SOFTMAX_TWO_WAYS,
    "logsoftmax": _SOFTMAX_TWO_WAYS,
    "logits": 'write output = "identity" and loss = "cross entropy", which takes the outputs as logits',
}


def list_names(names: Iterable[str]) -> str:
    """Return names in a row, in quotes if there is a comma in them, as in "raw error, no weights"."""
    return ", ".join(f'"{name}"' if "," in name else name for name in names)


def describe_names(names: Sequence[str], refused: object) -> str:
    """Return the names of which a value is none, and what was meant; if that is known, of many names the number."""
    near, known = suggest(refused, names) if isinstance(refused, str) else "", list_names(names)
    return f"{f'{len(names)} names' if near and len(known) > _LONGEST_LIST else known}{near}"


def suggest(word: str, known: Sequence[str]) -> str:
    """Return ``; did you mean "..."?`` if a known word is close or means the same, else an empty text."""
    short = _shorten(word)
    name, advice = _WELL_KNOWN.get(short, ("", ""))
    if short in _TAKEN_FOR_LOSSES and "cross entropy" in known:
        return f"; {_TAKEN_FOR_LOSSES[short]}"
    if name in known and advice:
        return f"; {advice}"
    meant = find_meant(word, known)
    return f'; did you mean "{meant}"?' if meant else ""


def find_meant(word: str, known: Sequence[str]) -> str:
    """Return the known word that is close or means the same; empty if there is none."""
    from difflib import SequenceMatcher, get_close_matches  # loaded for wrong words only

    name, _ = _WELL_KNOWN.get(_shorten(word), ("", ""))
    if name in known:
        return name
    word = word[:_LONGEST].lower()
    near = get_close_matches(word, known, n=_MOST_NEAR, cutoff=0.5)
    if not near:
        return ""
    first = SequenceMatcher(None, near[0], word).ratio()
    alike = {one for one in near if one.startswith(word) and SequenceMatcher(None, one, word).ratio() == first}
    return next((one for one in known if one in alike), near[0])


def _shorten(word: str) -> str:
    """Return the letters that libraries' names have in common with the table: "mse" of nn.MSELoss."""
    letters = "".join(filter(str.isalpha, word[:_LONGEST].lower().rpartition(".")[2]))
    return letters if letters in _WELL_KNOWN else letters.removesuffix("loss")


def list_meanings(text: str) -> str:
    """Return how to write each meaning of a number with a point that may stand in thousands; empty for other texts."""
    return f"; write {text.partition('.')[0]} or {text.replace('.', '')}" if _TWO_MEANINGS.fullmatch(text) else ""


def suggest_point(text: str) -> str:
    """Return ``use a point: 0.7`` where a typed text may have a comma for it, as in "0,7"; else an empty text."""
    typed = _WITH_COMMA.search(text)
    return f"use a point: {typed[0].replace(',', '.')}" if typed else ""


def describe_taken_apart(text: str) -> str:
    """Return what became of a number typed with a comma in a list: two numbers; empty if none was.

    A single pair of digits such as 0,1 and 1,2 is too common as a list to be taken for that, but for 0,2 to 0,9; of
    several, parted by spaces alone, each is.
    """
    typed: list[str] = _WITH_COMMA.findall(text)
    meant = typed if len(typed) > 1 and "[" not in text else [pair for pair in typed if not _is_common_list(pair)]
    if not meant:
        return ""
    one, _, other = meant[0].partition(",")
    return f"{meant[0]} is two numbers, {one} and {other}; if you mean one, {suggest_point(meant[0])}"


def _is_common_list(pair: str) -> bool:
    one, _, other = pair.partition(",")
    return len(other) == 1 and (other in "01" or one.strip("-+−") != "0")
