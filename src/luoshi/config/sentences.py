"""Find the sentences that code and templates show to people."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CALL = re.compile(r"\b(_|gettext|ngettext|pgettext|npgettext)\((?=\s*u?['\"])")


@dataclass(frozen=True, order=True)
class Sentence:
    """One sentence: its English, its plural if it counts something, and what sets it apart."""

    text: str
    context: str = ""
    plural: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What a catalogue knows it by."""
        return (self.context, self.text)


def sentences_below(package: Path) -> dict[Sentence, list[str]]:
    """Return every sentence in *package*, with the files that use it."""
    found: dict[Sentence, set[str]] = defaultdict(set)
    for file in sorted(package.rglob("*.py")):
        for sentence in in_python(file.read_text(encoding="utf-8")):
            found[sentence].add(file.relative_to(package).as_posix())
    for file in sorted(
        [*package.rglob("templates/**/*.html"), *package.rglob("templates/**/*.txt")]
    ):
        for sentence in in_template(file.read_text(encoding="utf-8")):
            found[sentence].add(file.relative_to(package).as_posix())
    return {sentence: sorted(files) for sentence, files in found.items()}


def in_python(source: str) -> Iterator[Sentence]:
    """Yield the sentences that Python *source* hands to a gettext function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _in_call(node)


def in_template(source: str) -> Iterator[Sentence]:
    """Yield the sentences of ``translate`` and ``blocktranslate`` tags, and of ``_("…")``."""
    text = templatize(source)
    for call in CALL.finditer(text):
        yield from in_python(_balanced(text[call.start() :]))


def _in_call(node: ast.Call) -> Iterator[Sentence]:
    function = node.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    words = [word.value for word in node.args if isinstance(word, ast.Constant)]
    texts = [word for word in words if isinstance(word, str)]
    if name in SINGLE and texts:
        yield Sentence(texts[0])
    elif name in PLURAL and len(texts) >= 2:  # noqa: PLR2004  singular and plural
        yield Sentence(texts[0], plural=texts[1])
    elif name in CONTEXT and len(texts) >= 2:  # noqa: PLR2004  context and sentence
        yield Sentence(texts[1], context=texts[0])


def _balanced(text: str) -> str:
    """Return the call that *text* begins with: the shortest beginning that parses."""
    for end in (found.end() for found in re.finditer(r"\)", text)):
        try:
            ast.parse(text[:end])
        except SyntaxError:
            continue
        return text[:end]
    return ""
