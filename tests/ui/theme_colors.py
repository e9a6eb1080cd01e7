"""Of which colours of a theme what is drawn is made: told apart once, and worth something else in each theme."""

import random
from collections.abc import Mapping
from contextlib import suppress

from textual.color import Color, ColorParseError
from textual.theme import BUILTIN_THEMES

from bptui.ui.themes import ensure_contrast

Colors = dict[str, Color]  # of a theme, by the names of its variables


def variables_of(theme: str) -> dict[str, str]:
    """Return a theme's variables as the program has them."""
    found = BUILTIN_THEMES[theme]
    return ensure_contrast({**found.to_color_system().generate(), **found.variables})


def colors_among(variables: Mapping[str, str]) -> Colors:
    """Return the variables that are colours."""
    found: Colors = {}
    for name, value in variables.items():
        with suppress(ColorParseError):
            found[name] = Color.parse(value)
    return {name: color for name, color in found.items() if color.auto is False}


def marked(variables: Mapping[str, str]) -> dict[str, str]:
    """Return variables with another dark value for each opaque colour, so that what is drawn tells of which it is."""
    opaque = [name for name, color in colors_among(variables).items() if color.a == 1.0]
    values = {name: "#{:02x}{:02x}{:02x}".format(*random.Random(name).choices(range(90), k=3)) for name in opaque}
    assert len(set(values.values())) == len(values)
    return {**variables, **values}


def grounds(colors: Colors) -> Colors:
    """Return all that text may stand on: a colour, one lightened for a field, or one tinted where the cursor is."""
    opaque = {name: color for name, color in colors.items() if color.a == 1.0}
    boosted = {f"{name} + boost": opaque[name] + colors["boost"] for name in ("background", "surface")}
    tint = opaque["foreground"].with_alpha(0.05)
    return opaque | boosted | {f"{name} in focus": color.tint(tint) for name, color in opaque.items()}


def fronts(colors: Colors, ground: Color) -> Colors:
    """Return all that text may be drawn with: a colour, or white or black mixed with the ground."""
    opaque = {name: color for name, color in colors.items() if color.a == 1.0}
    return opaque | {f"auto {part}": ground + ground.get_contrast_text(part) for part in (0.87, 0.95, 1.0)}


def name_in(colors: Colors, color: Color) -> str:
    """Return the name of a colour that was drawn."""
    return next((name for name, one in colors.items() if one.hex == color.hex), f"unknown colour {color.hex}")
