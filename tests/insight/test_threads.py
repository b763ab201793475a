"""Computing keeps to one core: the others belong to those who wait for a page."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

MULTIPLY = """
import os, luoshi, numpy
great = numpy.ones((600, 600), numpy.float32)
great @ great
print(len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="threads are counted in /proc")
def test_matrices_are_multiplied_by_one_thread() -> None:
    unset = {
        name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")
    }
    done = subprocess.run(
        [sys.executable, "-c", MULTIPLY],
        env=unset, capture_output=True, text=True, check=True, timeout=600,
    )  # fmt: skip
    assert done.stdout.strip() == "1"
