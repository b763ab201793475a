"""A hundred programmes of real size, all different: sound, played, and judged while one waits."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from bench.check import variants

SECONDS = 40
"""What a person waits is measured by ``make bench``; here, beside other tests, the computing:
four seconds on one machine, and room for a slower one.
"""

LUOSHI = [sys.executable, "-c", "from luoshi.cli.app import main; main()"]


def test_a_hundred_programmes_are_checked_while_one_waits(tmp_path: Path) -> None:
    folders = variants(tmp_path, 100)
    texts = {(folder / "programme.yaml").read_bytes() for folder in folders}
    assert (len(folders), len(texts)) == (100, 100)
    assert sum(map(len, texts)) > 100 * 10_000  # a page each would prove nothing
    before = computed()
    done = subprocess.run(
        [*LUOSHI, "check", str(tmp_path), "--json"],
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
        capture_output=True, check=False, timeout=600,
    )  # fmt: skip
    taken = computed() - before
    told = json.loads(done.stdout)
    assert (told["programmes"], told["list"]) == (100, [])
    assert taken < SECONDS


def computed() -> float:
    """Return the seconds of computing of all processes that were started here and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
