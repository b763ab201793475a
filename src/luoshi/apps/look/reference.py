"""The reference page of what people are told when Luoshi says no.

python -m luoshi.apps.look.reference > docs/reference/sentences.md
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import override

from luoshi.actions.sentences import ANSWERS, REFUSALS

HEAD = """# Sentences

What people read when Luoshi says no, in each language; what programs look at is in
[errors](errors.md).

Made from `luoshi.actions.sentences`; do not edit. `code` is a promise to programs and never
changes its meaning; the sentences are for people and may be worded better. `%(…)s` stands for a
fact of the refusal. No personal value is ever in an error.
"""


def sentences_page() -> str:
    """Return ``docs/reference/sentences.md``."""
    refusals = {code: said for code, said in REFUSALS.items() if code not in ANSWERS}
    parts = [
        HEAD,
        *_section("An act is refused", refusals),
        *_section("An answer is wrong", ANSWERS),
    ]
    return "\n".join(parts) + "\n"


def _section(title: str, sentences: Mapping[str, Promise]) -> Iterable[str]:
    yield f"## {title}\n"
    yield "| code | English | 中文 |\n|---|---|---|"
    for code in sorted(sentences):
        yield f"| `{code}` | {_in('en', sentences[code])} | {_in('zh-hans', sentences[code])} |"
    yield ""


def _in(language: str, sentence: Promise) -> str:
    with override(language):
        return str(sentence)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    import django

    django.setup()
    sys.stdout.write(sentences_page())
