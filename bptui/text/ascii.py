"""An ASCII form of every sign that is printed, for terminals and files that cannot take the sign itself.

On the screen a sign fills one cell, or two, and so must its form; what is printed line by line may be longer and
plainer.
"""

import codecs
import unicodedata

_CELLS = {
    "∂": "d", "δ": "d", "Δ": "D", "η": "n", "Σ": "S", "½": "H", "¼": "q", "¾": "Q", "·": "*", "×": "x", "÷": "/",
    "\xad": "-", "−": "-", "–": "-", "—": "-", "⁻": "-", "≈": "~", "≤": "<", "≥": ">", "≠": "#", "±": "+", "√": "V",
    "∞": "8", "→": ">", "←": "<", "↑": "^", "↓": "v", "↕": "|", "⏎": "<", "✓": "Y", "✗": "N", "✔": "Y", "▶": ">",
    "▸": ">", "›": ">", "◀": "<", "‹": "<", "▲": "^", "▼": "v", "●": "*", "•": "*", "○": "o", "“": '"', "”": '"',
    "„": '"', "‘": "'", "’": "'", "µ": "u", "ß": "s", "æ": "e", "ε": "e", "ø": "o", "©": "c", "▁": "_", "▂": ".",
    "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "#", "█": "#", "░": ".", "▒": ":", "▓": "#",
}  # fmt: skip
_LONGER = {
    "δ": "delta", "Δ": "Delta", "η": "eta", "Σ": "sum", "½": "1/2", "¼": "1/4", "¾": "3/4", "²": "^2", "³": "^3",
    "·": "*", "≈": "~=", "≤": "<=", "≥": ">=", "≠": "!=", "±": "+-", "√": "sqrt", "∞": "inf", "…": "...", "→": "->",
    "←": "<-", "⏎": "enter", "✓": "ok", "✗": "NO",
}  # fmt: skip
_ACROSS, _UPRIGHT = {"HORIZONTAL", "LEFT", "RIGHT"}, {"VERTICAL", "UP", "DOWN"}
_SQUARE = dict(zip("╭╮╰╯", "┌┐└┘", strict=True))  # corners that more fonts have
_DOTS = " .::**##@"  # by how many dots a braille sign has
_UNKNOWN = "?"
_WITHOUT_WIDTH = ("Mn", "Me", "Cf")  # marks over a letter, joiners, signs of direction


def cell(sign: str) -> str:
    """The ASCII form of a sign, as many columns wide."""
    if sign.isascii() or sign in _CELLS:
        return _CELLS.get(sign, sign)
    words = set(unicodedata.name(sign, "").split())
    if "BRAILLE" in words:
        return _DOTS[(ord(sign) & 0xFF).bit_count()]
    if "DRAWINGS" in words:
        return ("+" if words & _ACROSS else "|") if words & _UPRIGHT else "-"
    if words & {"BLOCK", "EIGHTH", "QUADRANT"}:
        return "|" if words & {"LEFT", "RIGHT"} else "-" if "UPPER" in words else "#"
    if unicodedata.category(sign) in _WITHOUT_WIDTH:
        return ""
    plain = unicodedata.normalize("NFKD", sign)[:1]
    wide = 1 + (unicodedata.east_asian_width(sign) in ("W", "F"))
    return wide * (plain if plain.isascii() else _UNKNOWN)


def printed(sign: str) -> str:
    """The ASCII form of a sign in a line of text, as long as it needs."""
    return _LONGER.get(sign) or cell(sign)


class CellForms(dict[int, str]):
    """What a text becomes on a screen: signs that it cannot show in their form, the others kept.

    Args:
        encodings: A sign can be shown if one of these has it.
    """

    def __init__(self, *encodings: str) -> None:
        super().__init__()
        self._encodings = encodings

    def shown(self, text: str) -> str:
        """A text as the screen shows it; a dot between spaces is a dash, others multiply."""
        return (text if self[ord("·")] == "·" else text.replace(" · ", " - ")).translate(self)

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        near = (
            one for one in (sign, _SQUARE.get(sign, sign)) if any(_has(encoding, one) for encoding in self._encodings)
        )
        self[code] = next(near, cell(sign))
        return self[code]


def _has(encoding: str, sign: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _in_print(fault: UnicodeError) -> tuple[str, int]:
    """What is printed for signs that a text cannot be encoded with."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return "".join(map(printed, fault.object[fault.start : fault.end])), fault.end


IN_PRINT = "bptui.printed"  # the ``errors`` of a text stream on which signs get their form in a line of text
codecs.register_error(IN_PRINT, _in_print)
