"""What many tests of the core start from."""

import pytest

from bptui.core.problem.spec import Spec


@pytest.fixture(scope="session")
def default() -> Spec:
    """The problem the program opens on, written out here so that no lesson file can change it."""
    return Spec.from_table(
        {
            "network": {
                "inputs": [0.5, 0.3],
                "targets": [0.23, -0.07],
                "hidden": 2,
                "weights": [0.2, -0.4, 0.5, 0.6, 0.1, -0.5, -0.3, 0.8],
            }
        }
    )
