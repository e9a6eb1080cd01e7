"""Readable themes: each text has a contrast of at least 4.5 to 1 on its background, and muted text looks muted.

Textual's themes name their colours with variables. Here text colours are moved towards white or black, no further than
necessary, and background colours towards the theme's background. A terminal's own sixteen colours can be neither
measured nor changed, so themes made of them are left alone.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from textual.color import BLACK, WHITE, Color

MIN_CONTRAST = 4.5  # of the Web Content Accessibility Guidelines, level AA
_GOAL = 4.6  # the target, as colours are rounded on their way to the screen
_LEAST_STEP = 1.3  # contrast of plain text with muted text: two levels of ink
_STEPS = 25  # from a colour to white or black
_TEXT_OPACITY, _MUTED_OPACITY = 0.87, 0.60  # opacity of text on its background in Textual
_FOCUS_TINT = 0.05  # share of the text's colour that Textual mixes into a text field
_EDGE = 0.3  # how far panel edges are from the background; they use this one shade of Textual's
_LEAST_DISTINCTION = 1.4  # contrast of highlighted cells with others
_COLORS = ("primary", "secondary", "warning", "error", "success", "accent")
_GROUNDS = ("background", "surface", "panel", "surface-lighten-1", "surface-darken-1")
_LOW_AND_HIGH = {True: ("#56b4e9", "#e69f00"), False: ("#0072b2", "#d55e00")}  # by whether the theme is dark
_MIDDLE_GREY = 0.18  # luminance
_NEAREST = 0.2  # share of a side's colour in the one that is nearest to the background
_HEADINGS = tuple(f"markdown-h{level}-color" for level in range(1, 7))


def compute_contrast(one: Color, other: Color) -> float:
    """Return the ratio of two opaque colours' luminances, from 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def make_readable(color: Color, grounds: Iterable[Color]) -> Color:
    """Return the nearest colour to a given one that is readable on all of some opaque backgrounds.

    If there is none, return white or black, whichever has the better contrast.
    """
    luminances = [_luminance(ground) for ground in grounds]
    nearest = color
    for step in range(_STEPS + 1):
        for end in (WHITE, BLACK):
            tried = color.blend(end, step / _STEPS, alpha=1.0)
            worst = _worst_contrast(tried, luminances)
            if worst >= _GOAL:
                return tried
            if worst > _worst_contrast(nearest, luminances):
                nearest = tried
    return nearest


def make_diverging_colors(background: Color, steps: int) -> tuple[Color, ...]:
    """Return colours from a lowest value to a highest, with the background in their middle.

    The ends are blue and orange, which colour-blind people distinguish too: those of Okabe and Ito, "Color Universal
    Design" (2008), the lighter ones on a dark background.

    Args:
        background: An opaque colour.
        steps: The number of colours on each side of the middle.
    """
    low, high = (Color.parse(name) for name in _LOW_AND_HIGH[_luminance(background) < _MIDDLE_GREY])
    shares = [_NEAREST + (1.0 - _NEAREST) * step / max(steps - 1, 1) for step in range(steps)]
    below = [background.blend(low, share, alpha=1.0) for share in reversed(shares)]
    return (*below, background, *(background.blend(high, share, alpha=1.0) for share in shares))


def ensure_contrast(variables: Mapping[str, str]) -> dict[str, str]:
    """Return a theme's variables with every text colour made readable."""
    return dict(_with_contrast(tuple(variables.items())))


@lru_cache(maxsize=4)  # a start asks twice
def _with_contrast(items: tuple[tuple[str, str], ...]) -> dict[str, str]:
    variables = dict(items)
    if any("ansi" in variables[name] for name in ("background", "foreground", "primary")):
        return variables
    colors = {name: Color.parse(variables[name]) for name in (*_GROUNDS, *_COLORS, "foreground")}
    found = dict(variables)
    base = colors["background"]
    grounds = [base] + [base + colors[name] for name in _GROUNDS[1:]]
    grounds += [ground + Color.parse(variables["boost"]) for ground in grounds[:2]]
    text = make_readable(colors["foreground"], grounds)
    muted = make_readable(base.blend(text, _MUTED_OPACITY, alpha=1.0), grounds)
    text = _set_off(text, muted, base)
    faint = _background_for_text(colors["primary"], base, text)
    lit = [*grounds, faint, faint.tint(text.with_alpha(_FOCUS_TINT))]
    found |= {"foreground": text.hex, "text-muted": muted.hex, "foreground-muted": muted.hex}
    for name in _COLORS:
        found[f"text-{name}"] = make_readable(Color.parse(variables[f"text-{name}"]), lit).hex
        found[f"{name}-muted"] = _background_for_text(colors[name], base, text).hex
    found["text-disabled"] = found["foreground-disabled"] = make_readable(muted, lit).hex
    found |= {"block-cursor-background": faint.hex, "block-cursor-foreground": "auto 95%"}
    found |= {"block-cursor-blurred-background": faint.hex, "block-cursor-blurred-foreground": "auto 95%"}
    found |= {"input-selection-background": faint.hex, "input-selection-foreground": "auto 95%"}
    found |= {name: make_readable(Color.parse(variables[name]), grounds).hex for name in _HEADINGS}
    found |= {"panel-lighten-2": base.blend(text, _EDGE, alpha=1.0).hex, "footer-background": variables["panel"]}
    found |= {f"footer-{name}": text.hex for name in ("foreground", "description-foreground")}
    return found | {"footer-key-foreground": make_readable(colors["accent"], grounds).hex}


def _set_off(text: Color, muted: Color, background: Color) -> Color:
    """Return plain text that stands out from its background more than muted text does, no further than needed."""
    end = WHITE if _luminance(background) < _MIDDLE_GREY else BLACK
    goal = compute_contrast(muted, background) * _LEAST_STEP
    ways = (text.blend(end, step / _STEPS, alpha=1.0) for step in range(_STEPS + 1))
    return next((way for way in ways if compute_contrast(way, background) >= goal), end)


def _background_for_text(color: Color, background: Color, text: Color) -> Color:
    """Return a background for text: at least 70 % of the way to the theme's, but distinct from it if possible."""
    ways = (color.blend(background, 0.7 + 0.3 * step / _STEPS, alpha=1.0) for step in range(_STEPS + 1))
    ground = next((way for way in ways if _is_readable_on(way, text)), background)
    for _ in range(_STEPS):
        nearer = ground.blend(text, 1 / _STEPS, alpha=1.0)
        if compute_contrast(ground, background) >= _LEAST_DISTINCTION or not _is_readable_on(nearer, text):
            break
        ground = nearer
    return ground


def _is_readable_on(ground: Color, text: Color) -> bool:
    """Whether text is readable on a background, also in a text field."""
    black_or_white, tinted = ground + ground.get_contrast_text(_TEXT_OPACITY), ground.tint(text.with_alpha(_FOCUS_TINT))
    return compute_contrast(black_or_white, ground) >= _GOAL and compute_contrast(text, tinted) >= _GOAL


def _worst_contrast(color: Color, luminances: list[float]) -> float:
    own = _luminance(color)
    return min((max(own, other) + 0.05) / (min(own, other) + 0.05) for other in luminances)


def _luminance(color: Color) -> float:
    red, green, blue = map(_linear, color.normalized)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
