"""Read a number as people and programs print it, and rewrite it in plain signs, such as ``-1.2e-3``.

A comma is a decimal comma or stands between thousands, whichever the rest of the number decides; where nothing decides
it, as in ``1,234``, the number is refused. One point is always a decimal point. No digit is added or dropped, so the
plain form claims the same precision.
"""

import re
from unicodedata import decimal

from bptui.text.words import clip, make_one_line

EXAMPLE = "0.000439 or 4.39e-4"
"""Numbers as they may be written."""
_QUOTED = 40  # characters of a refused text that its message repeats
_TYPESET = str.maketrans(
    {
        **dict.fromkeys("−–\N{FIGURE DASH}\N{FULLWIDTH HYPHEN-MINUS}", "-"),
        **dict.fromkeys("\N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}\N{FIGURE SPACE}", " "),
        **dict.fromkeys("\N{DOT OPERATOR}\N{BULLET OPERATOR}", "·"),
        "\N{FRACTION SLASH}": "/",
        "’": "'",
        "∞": "inf",
    }
)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_TIMES_TEN = r"\ ?[×x·*]\ ?10"
_NUMBER = re.compile(
    rf"""
    (?P<sign>[-+]?)\ ?
    (?:
        (?P<word>nan|inf|infinity)
      | (?P<digits>[0-9.,'\ ]*?[0-9][.]?)
        (?:
            \ ?e(?P<e>[-+]?[0-9]+)
          | {_TIMES_TEN}(?P<raised>[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)
          | {_TIMES_TEN}\ ?(?:\^|\*\*)\ ?(?P<bracket>[({{])?(?P<power>[-+]?[0-9]+)(?(bracket)[)}}])
        )?
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN = re.compile(r"[0-9]+\.?|[0-9]*\.[0-9]+")
_DECIMAL_COMMA = re.compile(r"[0-9]+,[0-9]+")
_EITHER_COMMA = re.compile(r"[1-9][0-9]{0,2},[0-9]{3}")
_GROUPED = {  # what stands between thousands: the number, with what may be its decimal sign
    sign: re.compile(rf"[1-9][0-9]{{0,2}}(?:{re.escape(sign)}[0-9]{{3}})+(?:{decimals})?")
    for sign, decimals in {",": r"\.[0-9]*", ".": ",[0-9]+", " ": r"\.[0-9]*|,[0-9]+", "'": r"\.[0-9]*|,[0-9]+"}.items()
}
_REFUSED = {  # what else a number may look like, and what to write in its place
    r".*[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒].*|[-+]?[0-9., ]+[/÷:][0-9., ]+": "is a fraction: write it as a decimal, such as 0.3333",
    r"[-+]?[0-9., ]+%": "is a percentage: write it as a decimal, such as 0.125 for 12.5 %",
    r"[-+]?10 ?(\^|\*\*|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]).*": "is only a power of ten: write its digits too, such as 1·10^-3",
    rf"[-+]?[0-9., ]+{_TIMES_TEN} ?[-+]?[0-9]+".replace(
        r"\ ", " "
    ): "has an exponent that is not raised: write e-3 or 10^-3",
}


def to_plain(text: str) -> str:
    """Return a printed number with a decimal point, a minus and an exponent as programs write them, and no other sign.

    Raises:
        ValueError: If nobody would print a number like that, or it has two meanings; the message says what to write.
    """
    signs = text.strip().translate(_TYPESET)
    if not signs.isascii():  # digits of any script
        signs = "".join(str(decimal(sign)) if sign.isdecimal() else sign for sign in signs)
    found = _NUMBER.fullmatch(signs)
    if found and found["word"]:
        return f"{found['sign']}{found['word'].lower()}"
    power = (found["e"] or found["power"] or (found["raised"] or "").translate(_RAISED)) if found else ""
    digits = _join_digits(found["digits"], bool(power)) if found else ""
    if not found or not digits:
        raise ValueError(f'"{clip(make_one_line(text), _QUOTED)}" {_find_reason(signs)}')
    return f"{found['sign']}{digits}{f'e{power}' if power else ''}"


def _join_digits(digits: str, has_power: bool) -> str:
    """Return digits without what stands between thousands, and with a decimal point; empty if they cannot be read."""
    if _PLAIN.fullmatch(digits):
        return digits
    if _EITHER_COMMA.fullmatch(digits) and (digits.index(",") > 1 or not has_power):
        return ""  # before a power there is one digit, 1,234·10⁻³, and no thousands
    if _DECIMAL_COMMA.fullmatch(digits):
        return digits.replace(",", ".")
    for sign, pattern in _GROUPED.items():
        if pattern.fullmatch(digits):
            return digits.replace(sign, "").replace(",", ".")
    return ""


def _find_reason(signs: str) -> str:
    """Return why a number cannot be read, as the rest of a sentence."""
    found = _NUMBER.fullmatch(signs)
    if found and _EITHER_COMMA.fullmatch(found["digits"] or ""):
        return f"may mean {signs.replace(',', '')} or {signs.replace(',', '.')}: write the one you mean"
    for pattern, reason in _REFUSED.items():
        if re.fullmatch(pattern, signs):
            return reason
    return f"is not a number; a number looks like {EXAMPLE}"
