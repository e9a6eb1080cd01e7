"""The settings that belong to one choice of another setting: to an initialisation, or to an optimiser."""

from bptui.core.formulas.optimisers import OPTIMISERS

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


def find_unused(init: str, optimiser: str) -> set[str]:
    """Return the names of the fields that apply neither to an initialisation nor to an optimiser."""
    of_inits = {name for names in INITS.values() for name in names} - set(INITS[init])
    of_optimisers = {name for row in OPTIMISERS.values() for name in row.settings}
    return of_inits | of_optimisers - set(OPTIMISERS[optimiser].settings)
