"""The password of the demonstration: one for all, made once, readable by its owner alone.

A demonstration's password is printed at every start; a real one would never be kept like this.
"""

from __future__ import annotations

import os
from pathlib import Path

from luoshi.demo.people import fresh_password

FILE = "demonstration-password"


def kept_password(home: Path) -> tuple[str, bool]:
    """Return the password kept below *home*, and whether it was made only now."""
    kept = home / FILE
    if kept.exists():
        return kept.read_text(encoding="ascii").strip(), False
    password = fresh_password()
    own = home / f"{FILE}.{os.getpid()}"
    descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{password}\n")
    own.replace(kept)  # never half a password
    return password, True
