"""ASCII forms of every printed symbol, for terminals and files that cannot take the symbol itself.

On the screen a form is as many cells wide as its symbol, one or two; in printed lines it may be longer and plainer.
"""

import codecs
import unicodedata

_CELLS = {
    "∂": "d", "δ": "d", "Δ": "D", "η": "n", "σ": "s", "Σ": "S", "½": "H", "¼": "q", "¾": "Q",
    "μ": "u", "α": "a", "β": "b", "λ": "l", "·": "*", "×": "x", "÷": "/", "⊙": "o",
    "\xad": "-", "−": "-", "–": "-", "—": "-", "⁻": "-", "≈": "~", "≤": "<", "≥": ">", "≠": "#", "±": "+", "√": "V",
    "∞": "8", "→": ">", "←": "<", "↑": "^", "↓": "v", "↕": "|", "⏎": "<", "✓": "Y", "✗": "N", "✔": "Y", "▶": ">",
    "▸": ">", "›": ">", "◀": "<", "‹": "<", "▲": "^", "▼": "v", "●": "*", "•": "*", "○": "o", "“": '"', "”": '"',
    "„": '"', "‘": "'", "’": "'", "µ": "u", "ß": "s", "æ": "e", "ε": "e", "ø": "o", "©": "c", "▁": "_", "▂": ".",
    "▃": "-", "▄": "=", "▅": "+", "▆": "*", "▇": "#", "█": "#", "░": ".", "▒": ":", "▓": "#",
    "′": "'", "⇒": ">", "∙": "*", "⋅": "*",
}  # fmt: skip
_LONGER = {
    "δ": "delta", "Δ": "Delta", "η": "eta", "Σ": "sum", "½": "1/2", "¼": "1/4", "¾": "3/4", "²": "^2", "³": "^3",
    "·": "*", "≈": "~=", "≤": "<=", "≥": ">=", "≠": "!=", "±": "+-", "√": "sqrt", "∞": "inf", "…": "...", "→": "->",
    "←": "<-", "⇒": "=>", "⏎": "enter", "✓": "ok", "✗": "NO", "μ": "mu", "α": "alpha", "β": "beta", "ε": "epsilon",
    "λ": "lambda", "⁽": "^(", "⁾": ")",
}  # fmt: skip
_ACROSS, _UPRIGHT = {"HORIZONTAL", "LEFT", "RIGHT"}, {"VERTICAL", "UP", "DOWN"}
_SQUARE = dict(zip("╭╮╰╯", "┌┐└┘", strict=True))  # corners that more fonts contain
_DOTS = " .::**##@"  # indexed by the number of dots of a braille character
_UNKNOWN = "?"
_WITHOUT_WIDTH = ("Mn", "Me", "Cf")  # combining marks, joiners, direction marks


def to_ascii_cell(sign: str) -> str:
    """Return the ASCII form of a symbol, equally many columns wide."""
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


def to_ascii_text(sign: str) -> str:
    """Return the ASCII form of a symbol in a line of text, of any length."""
    return _LONGER.get(sign) or to_ascii_cell(sign)


class AsciiTable(dict[int, str]):
    """A translation table for a screen: maps symbols it cannot show to their ASCII form, keeps the others.

    Args:
        encodings: A symbol can be shown if one of these can encode it.
    """

    def __init__(self, *encodings: str) -> None:
        super().__init__()
        self._encodings = encodings

    def apply(self, text: str) -> str:
        """Return a text as the screen shows it; a dot between spaces becomes a dash, other dots multiply."""
        return (text if self[ord("·")] == "·" else text.replace(" · ", " - ")).translate(self)

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        near = (
            one
            for one in (sign, _SQUARE.get(sign, sign))
            if any(_can_encode(encoding, one) for encoding in self._encodings)
        )
        self[code] = next(near, to_ascii_cell(sign))
        return self[code]


def _can_encode(encoding: str, sign: str) -> bool:
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _replace_in_print(fault: UnicodeError) -> tuple[str, int]:
    """Replace the symbols that cannot be encoded; a codec error handler."""
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return "".join(map(to_ascii_text, fault.object[fault.start : fault.end])), fault.end


ASCII_ERRORS = "bptui.printed"  # the ``errors`` of a text stream that replaces symbols by their printed form
codecs.register_error(ASCII_ERRORS, _replace_in_print)
