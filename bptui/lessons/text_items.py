"""Split a text of printed values into items: a name, and the number or the array behind it.

Between the two stands =, : or only a space. An array goes to its last bracket, over any number of lines; a number goes
as far as it can be one, so ``w1 = 0.15, w2 = 0.2`` are two items. Of a calculation, ``E = 0.27 + 0.02 = 0.29``, the
number behind its last sign is meant; of ``w1: 0.15 → 0.1498``, the one behind the arrow. Marks of a list, as in
``b) h1 = 0.6``, and remarks in parentheses behind a number, as in ``0.6 (rounded)``, say nothing.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_POWER = r"(?:\^|\*\*)\s?[({]?[-+−–]?\d+[)}]?|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+"
_DIGITS = r"(?:\d|[.,](?=\d))(?:[\d.,'’\u00a0\u2009\u202f]|[ ](?=\d{3}(?!\d)(?:[ .,;|\n]|$)))*"
_NUMBER = re.compile(
    rf"[-+−–]?[ ]?(?:(?:nan|inf(?:inity)?|∞)(?!\w)|{_DIGITS}"
    rf"(?:[ ]?e[-+−–]?\d+|[ ]?[×x·⋅∙*][ ]?10[ ]?(?:{_POWER}))?)",
    re.IGNORECASE,
)
_ENDED = re.compile(r"(?![ ]?%[^\S\n]*(?:[\n,;|)]|$))(?=\.?(?:[\s,;|}\"'#$→⇒]|$))")  # what may follow a number
_DIGIT_SOON = re.compile(r"[-+−–]?[ ]?[.,]?\d")
_CALL = r"(?<![\w.])(?:[A-Za-z_]\w*\.)*(?:array|tensor|matrix|parameter|float\d+|int\d+)\("
_ARRAY = re.compile(rf"(?:Parameter containing:\s*)?(?:{_CALL}|[\[(])", re.IGNORECASE)
_BEHIND_NAME = re.compile(
    rf"(?P<sign>:=|->|=>|[=:≈→]|\\approx\b)|(?P<column>;[^\S\n]*(?=[-+−–]?[.,]?\d))|(?P<end>[\n;#])"
    rf"|(?P<array>{_CALL}|\[)|(?P<word>(?<=[\s|,])(?=[^\s|,]))",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?:[\s,;|{}$→⇒]|#[^\n]*|\.(?=\s|$))+")
_SPACE = re.compile(r"[^\S\n]*")
_QUOTED_NAME = re.compile(r"([\"'])([^\"'\n]*)\1[^\S\n]*([:=])")  # as in a dictionary
_QUOTED_VALUE = re.compile(r"\"([^\"\n]*)\"")
_MARK = re.compile(r"(?:\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})\)[^\S\n]*|(?:\d{1,2}|[a-z])\.[^\S\n]+)(?=[^\W\d_]|[∂$\\])")
_CALCULATION = re.compile(  # to the last sign before the next item
    r"(?:(?:(?!\([=≈])[^=\n;,]|(?<=\d),(?=\d)|\n[^\S\n]*(?==))*=)+"
)
_TWO_WORDS = re.compile(r"[\w.)\]][^\S\n]+(?:[\w.∂δ]|\([^\W\d]\w*\))")  # with no sign between: no calculation
_FACTOR = re.compile(r"\([^,\n]*?\)[ ]?[-+−–*·⋅∙×/^²³(]")  # in parentheses, and no array, as more is done with it
_REMARK = re.compile(r"[^\S\n]*\((?:[=≈][^()\n]*|(?=[^\W\d_]{2})(?![^()\n]*\d[.,]\d)[^()\n=]*)\)")
_LINE = re.compile(r"[^\n;#]*")
_BECOMES = re.compile(r"[^\S\n]*(?:→|⇒|->|=>)[^\S\n]*")
_OPERATOR = re.compile(r"[ ]?[-+−*·×/(^]")
_TURNED = re.compile(r"\.T\b")
_NEXT_NAME = re.compile(r"\n[^\S\n]*[^\W\d][^\n\[]*[=:]|\n\s*\n")  # where an array ends whose brackets do not
_WORD = re.compile(r"[^\s,;|]+(?:[ ]?[/%][^\s,;|]*)?")


class TextItem(NamedTuple):
    """A name and what stands behind it.

    Attributes:
        line: The line of what stands behind it, or of the name if there is nothing; from 1.
        name: The name; empty if there is none.
        value: The text of the number or the array; empty if there is none.
        is_array: Whether it is in brackets.
        has_sign: Whether an equals sign stands between.
    """

    line: int
    name: str
    value: str
    is_array: bool = False
    has_sign: bool = False


class _Value(NamedTuple):
    """The text of a value, where it begins and where what follows it does."""

    text: str
    start: int
    end: int
    is_array: bool = False


def read_number(text: str, at: int = 0) -> str:
    """Return the text of the number at a place, as far as it can be one; empty if there is none."""
    match = _NUMBER.match(text, at)
    if not match:
        return ""
    found = match[0].rstrip(",'’")
    if found.endswith(".") and "." in found[:-1]:  # the end of a sentence
        found = found[:-1]
    return found if _ENDED.match(text, at + len(found)) else ""


def split_items(text: str) -> Iterator[TextItem]:
    """Yield the items of a text; see the module."""
    at, line, counted = 0, 1, 0
    while (at := _skip(_MARK, text, _skip(_BETWEEN, text, at))) < len(text):
        begun = at
        name, sign, at = _read_name(text, at)
        value = _read_value(text, at, sign)
        words_alone = sign and not value.text and text[value.start : value.start + 1] not in ("", "\n", ",", ";", "#")
        if words_alone and (sign == ":" or text[value.start] == "{"):
            continue  # words before a name, as in "Round 1: E = 0.3"
        if words_alone:
            value = _read_word(text, value.start)
        at = max(value.end, begun + 1)
        place = value.start if value.text else begun
        line, counted = line + text.count("\n", counted, place), max(counted, place)
        yield TextItem(line, name, value.text, value.is_array, sign not in ("", ":"))


def _skip(what: re.Pattern[str], text: str, at: int) -> int:
    match = what.match(text, at)
    return match.end() if match else at


def _read_name(text: str, at: int) -> tuple[str, str, int]:
    """Return the name at a place, the sign behind it, and the place behind both."""
    if quoted := _QUOTED_NAME.match(text, at):
        return quoted[2], quoted[3], quoted.end()
    if _begins_value(text, at):
        return "", "", at
    for match in _BEHIND_NAME.finditer(text, at):
        name = text[at : match.start()].strip(' \t|,"')
        if match["sign"]:
            return name, match["sign"], match.end()
        if match["column"]:  # of a table with semicolons
            return name, "", match.end()
        if match["end"] or match["array"] or _begins_value(text, match.start()):
            return name, "", match.start()
    return text[at:].strip(), "", len(text)


def _begins_value(text: str, at: int) -> bool:
    """Whether a number or an array begins at a place; the number may turn out to be none."""
    return bool(_DIGIT_SOON.match(text, at) or read_number(text, at) or _ARRAY.match(text, at))


def _read_value(text: str, at: int, sign: str) -> _Value:
    """Return the value at a place behind a sign, if there is one; without a text if there is no value."""
    start = _skip(_SPACE, text, at)
    if sign and text[start : start + 1] == "\n":  # a program prints an array below its name
        below = _skip(_BETWEEN, text, start)
        return _read_array(text, below) if _ARRAY.match(text, below) else _Value("", start, start)
    if sign and (quoted := _QUOTED_VALUE.match(text, start)):
        return _Value(quoted[1], start, quoted.end(), bool(_ARRAY.match(quoted[1].lstrip())))
    number = read_number(text, start)
    goes_on = not _REMARK.match(text, start + len(number)) and _OPERATOR.match(text, start + len(number))
    calculates = sign not in ("", ":") and (not number or goes_on)
    if calculates and (found := _read_calculation(text, start)):
        return found
    if number:
        return _read_last(text, number, start)
    if _ARRAY.match(text, start):
        return _read_array(text, start)
    return _read_word(text, start) if _DIGIT_SOON.match(text, start) else _Value("", start, start)


def _read_last(text: str, number: str, start: int) -> _Value:
    """Return a number at a place, or the one that an arrow behind it says it becomes."""
    while (arrow := _BECOMES.match(text, start + len(number))) and (later := read_number(text, arrow.end())):
        number, start = later, arrow.end()
    return _end_value(text, number, start)


def _read_calculation(text: str, start: int) -> _Value | None:
    """Return the result of the calculation at a place, or all of it where it has none; None if there is none."""
    signs = _CALCULATION.match(text, start)
    begins = text[start : start + 1] not in "[{(" or _FACTOR.match(text, start)
    if signs and begins and not _TWO_WORDS.search(signs[0]):
        last = _skip(_SPACE, text, signs.end())
        number = read_number(text, last)
        after = last + len(number)
        if number and (_REMARK.match(text, after) or not _OPERATOR.match(text, after)):
            return _end_value(text, number, last)
    if not read_number(text, start):
        return None
    end = _skip(_LINE, text, start)
    return _Value(text[start:end].strip(), start, end)


def _end_value(text: str, number: str, start: int) -> _Value:
    """Return a number at a place; a remark behind it is no part of what follows."""
    return _Value(number, start, _skip(_REMARK, text, start + len(number)))


def _read_word(text: str, start: int) -> _Value:
    """Return what stands where a number should, to the next space."""
    match = _WORD.match(text, start)
    end = match.end() if match else start + 1
    return _Value(text[start:end], start, end)


def _read_array(text: str, start: int) -> _Value:
    """Return the array that begins at a place, to its last bracket; where that is missing, to the next name."""
    depth = 0
    for at in range(start, len(text)):
        depth += (text[at] in "[(") - (text[at] in "])")
        if text[at] in "])" and depth <= 0:
            end = _skip(_TURNED, text, at + 1)
            return _Value(text[start:end], start, end, True)
    after = _NEXT_NAME.search(text, start)
    end = after.start() if after else len(text)
    return _Value(text[start:end], start, end, True)
