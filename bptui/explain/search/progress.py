"""The progress of a search."""

from bptui.record import record


@record
class SearchProgress:
    """The progress of a search.

    Attributes:
        changes: The size of the sets being tried; 0 for the audit of the printed values, which comes first.
        tried: How many were tried.
        of: How many there are.
        left: The seconds that the rest will take, as far as can be estimated; 0 if it cannot.
    """

    changes: int
    tried: int
    of: int
    left: float = 0.0
