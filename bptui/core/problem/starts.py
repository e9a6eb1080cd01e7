"""The ways in which the weights of a run may start, and the settings that each of them has."""

GIVEN = "given weights"
INITS: dict[str, tuple[str, ...]] = {
    GIVEN: ("weights",),
    "zeros": (),
    "constant": ("value",),
    "uniform": ("low", "high", "seed"),
    "normal": ("mean", "std", "seed"),
    "xavier uniform": ("seed",),
    "he normal": ("seed",),
}


def find_unused(init: str) -> set[str]:
    """Return the names of the fields that do not apply to an initialisation."""
    return {name for names in INITS.values() for name in names} - set(INITS[init])
