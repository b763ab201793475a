"""Catalogues of sentences: gather them, compile them, and say which are missing.

Django's own tools need GNU gettext; here polib does what is needed, so that setting up needs
nothing but Python. Chinese is a translation like any other: sentences in code are English.

    python -m luoshi.config.translations             compile every .po to .mo
    python -m luoshi.config.translations --complete  fail if a sentence has no translation
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def catalogues() -> list[Path]:
    """Return every .po file."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def compile_all() -> int:
    """Write a .mo beside every .po that is newer; return how many."""
    written = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(target))
            written += 1
    return written


def missing() -> list[str]:
    """Return where a translation is missing or doubtful, as ``file:line: sentence``."""
    found = []
    for source in catalogues():
        catalogue = polib.pofile(str(source), encoding="utf-8")
        for entry in [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]:
            found.append(f"{source.relative_to(LOCALE)}:{entry.linenum}: {entry.msgid!r}")
    return found


def main(words: list[str]) -> int:
    """Run as the command line says; return 1 if a sentence is missing."""
    if words == ["--complete"]:
        problems = missing()
        sys.stderr.write("".join(f"{problem}\n" for problem in problems))
        return 1 if problems else 0
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
