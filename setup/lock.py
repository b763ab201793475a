"""Write requirements/*.txt: the versions installed now of all that pyproject.toml asks for.

``base.txt`` is what Luoshi needs to run, ``dev.txt`` what its tests and checks need besides.
Plain ``name==version`` lines: no addresses, no options.
"""

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
BUILD = ["setuptools"]  # what an editable install needs besides pip


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _wanted(lines: Iterable[str], extras: Iterable[str] = ("",)) -> Iterator[Requirement]:
    for requirement in map(Requirement, lines):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
            yield requirement


def closure(lines: Iterable[str]) -> dict[str, str]:
    """Return name → version of everything *lines* ask for, directly or not."""
    found: dict[str, str] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    queue = list(_wanted(lines))
    while queue:
        requirement = queue.pop()
        visit = (_key(requirement.name), frozenset(requirement.extras))
        if visit in seen:
            continue
        seen.add(visit)
        installed = distribution(requirement.name)
        found[visit[0]] = installed.version
        queue += _wanted(installed.requires or [], {"", *requirement.extras})
    return found


def _write(name: str, purpose: str, pins: dict[str, str]) -> None:
    lines = [f"# {purpose}. Written by `make lock`."]
    lines += [f"{key}=={version}" for key, version in sorted(pins.items())]
    (ROOT / "requirements" / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    """Write both files from the running environment."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    base = closure(project["dependencies"])
    dev = closure([*project["optional-dependencies"]["dev"], *BUILD])
    _write("base.txt", "What Luoshi needs to run", base)
    _write(
        "dev.txt",
        "What tests and checks need besides",
        {k: v for k, v in dev.items() if k not in base},
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
