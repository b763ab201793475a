"""What ``luoshi check`` takes for a hundred programmes of real size, and ``simulate`` for each."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "programmes"
MANY = 100
HISTORIES = 10_000
TOWN = re.compile(r"^(labels|owner): \{zh-Hans: (.*?), en: (.*?)\}$", re.MULTILINE)
LUOSHI = [sys.executable, "-c", "from luoshi.cli.app import main; main()"]


def figures() -> Iterator[Figure]:
    """Measure checking many programmes, and playing many lives of the slowest ones."""
    with tempfile.TemporaryDirectory(prefix="luoshi-bench-") as name:
        checked = len(variants(Path(name), MANY))
        seconds, told = _timed("check", name, "--json")
        assert (told["programmes"], told["problems"]) == (checked, 0)
    yield Figure(
        work=f"check {checked} programmes, all their scenarios played", value=seconds, unit="s",
        against="five seconds", limit=5, target=1,
    )  # fmt: skip
    slowest, of = max(_simulated(folder) for folder in shipped())
    yield Figure(
        work=f"simulate {HISTORIES:,} lives of a case, the slowest programme ({of})",
        value=slowest, unit="s", against="one minute", limit=60, target=1,
    )  # fmt: skip


def _simulated(folder: Path) -> tuple[float, str]:
    seconds, told = _timed("simulate", folder, "--histories", str(HISTORIES), "--json")
    untaken = [step for step, times in told["transitions"].items() if not times]
    assert (told["wrong"], untaken) == (0, []), folder.name
    print(f"    {seconds:5.1f} s  {told['facts']:,} facts  {folder.name}", file=sys.stderr)
    return seconds, folder.name


def _timed(*words: str | Path) -> tuple[float, dict]:
    begun = time.perf_counter()
    done = subprocess.run([*LUOSHI, *map(str, words)], check=True, stdout=subprocess.PIPE)
    return time.perf_counter() - begun, json.loads(done.stdout)


def shipped() -> list[Path]:
    """Return the folders of the programmes that are shipped."""
    return sorted(path.parent for path in SHIPPED.glob("*/programme.yaml"))


def variants(folder: Path, number: int) -> list[Path]:
    """Write *number* different programmes into *folder*: those of as many towns as it takes.

    Each town has its own copy of every programme, with its own name, owner and version; those that
    rest on each other do so within a town.
    """
    made: list[Path] = []
    for town in range(1, number + 1):
        names = [path.name for path in shipped()]
        for source in _in_order(shipped())[: number - len(made)]:
            made.append(_variant(source, folder, town, names))
        if len(made) == number:
            break
    return made


def _in_order(folders: Iterable[Path]) -> list[Path]:
    """Return *folders* with those that open parts elsewhere last, after what they rest on."""
    return sorted(folders, key=lambda folder: "opens_parts:" in _text(folder))


def _variant(source: Path, folder: Path, town: int, names: list[str]) -> Path:
    home = folder / f"{source.name}-{town}"
    shutil.copytree(source, home)
    text = _text(source)
    for name in names:
        ours = f"{name}-{town}"
        text = re.sub(rf"^id: {name}$", f"id: {ours}", text, flags=re.MULTILINE)
        text = text.replace(
            f"opens_parts: {{programme: {name},", f"opens_parts: {{programme: {ours},"
        )
    text = re.sub(
        r'^version: "(.*)"$', rf'version: "\1-{town}"', text, count=1, flags=re.MULTILINE
    )
    text = TOWN.sub(rf"\1: {{zh-Hans: 第{town}镇\2, en: \3 in town {town}}}", text)
    (home / "programme.yaml").write_text(text, encoding="utf-8")
    return home


def _text(folder: Path) -> str:
    return (folder / "programme.yaml").read_text(encoding="utf-8")
