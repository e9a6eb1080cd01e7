"""What all tests share: hypothesis looks for new cases on a developer's machine, and repeats known ones elsewhere."""

import os

from hypothesis import settings

settings.register_profile("repeatable", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("repeatable")
