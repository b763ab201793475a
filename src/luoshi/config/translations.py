"""Catalogues of sentences: gather them, compile them, and say which are missing.

Django's own tools need GNU gettext; here polib does what is needed, so that setting up needs
nothing but Python. Sentences in code are English; Chinese, which people see first, is a
translation like any other.

    python -m luoshi.config.translations             compile every .po that is newer than its .mo
    python -m luoshi.config.translations --gather    add new sentences to every .po, drop unused
    python -m luoshi.config.translations --complete  fail if a sentence has no translation

An app with a folder ``locale`` keeps its own sentences; the rest are in the package's catalogue.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polib

from luoshi.config.sentences import Sentence, sentences_below

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "locale"


def places() -> list[tuple[Path, Path]]:
    """Return every folder that keeps sentences of its own, with its folder of catalogues."""
    own = sorted(PACKAGE.glob("apps/*/locale"))
    return [(PACKAGE, LOCALE), *((locale.parent, locale) for locale in own)]


def catalogues(locale: Path = LOCALE) -> list[Path]:
    """Return every .po file, one per language."""
    return sorted(locale.glob("*/LC_MESSAGES/django.po"))


def compile_all(locale: Path = LOCALE) -> int:
    """Write a .mo beside every .po that is newer; return how many."""
    written = 0
    for source in catalogues(locale):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            _read(source).save_as_mofile(str(target))
            written += 1
    return written


def gather(package: Path = PACKAGE, locale: Path = LOCALE) -> int:
    """Make every catalogue hold exactly the sentences of *package*; return how many are new."""
    wanted = _own_sentences(package)
    new = 0
    for source in catalogues(locale):
        old = {_key(entry): entry for entry in _read(source)}
        fresh = polib.POFile(wrapwidth=99)
        fresh.metadata = _read(source).metadata
        for sentence in {each.key: each for each in sorted(wanted)}.values():
            fresh.append(_updated(old.get(sentence.key), sentence, wanted[sentence]))
            new += sentence.key not in old
        fresh.save(str(source))
    return new


def missing(package: Path = PACKAGE, locale: Path = LOCALE) -> list[str]:
    """Return every sentence without a certain translation, as ``language: sentence``."""
    wanted = {sentence.key for sentence in _own_sentences(package)}
    found = []
    for source in catalogues(locale):
        done = {_key(entry) for entry in _read(source) if entry.translated()}
        language = source.parent.parent.name
        found += [f"{language}: {text!r}" for _, text in sorted(wanted - done)]
    return found


def _own_sentences(package: Path) -> dict[Sentence, list[str]]:
    """Return the sentences of *package*, without those that an app below it keeps itself."""
    others = tuple(
        f"{locale.parent.relative_to(package).as_posix()}/"
        for locale in package.glob("apps/*/locale")
    )
    found = {
        sentence: [file for file in files if not file.startswith(others)]
        for sentence, files in sentences_below(package).items()
    }
    return {sentence: files for sentence, files in found.items() if files}


def _read(source: Path) -> polib.POFile:
    return polib.pofile(str(source), encoding="utf-8", wrapwidth=99)


def _key(entry: polib.POEntry) -> tuple[str, str]:
    return (entry.msgctxt or "", entry.msgid)


def _updated(old: polib.POEntry | None, sentence: Sentence, files: list[str]) -> polib.POEntry:
    entry = old or polib.POEntry(msgid=sentence.text, msgctxt=sentence.context or None)
    entry.occurrences = [(file, "") for file in files]
    if sentence.plural and not entry.msgid_plural:
        entry.msgid_plural = sentence.plural
        entry.msgstr_plural = {0: entry.msgstr}
    return entry


def main(words: list[str]) -> int:
    """Run as the command line says; return 1 if a sentence is missing."""
    if words == ["--complete"]:
        problems = [problem for place in places() for problem in missing(*place)]
        sys.stderr.write("".join(f"no translation: {problem}\n" for problem in problems))
        return 1 if problems else 0
    for package, locale in places():
        if words == ["--gather"]:
            sys.stderr.write(f"{gather(package, locale)} new sentences in {locale.parent.name}\n")
        compile_all(locale)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
