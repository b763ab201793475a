"""Write docs/reference/errors.md: every code with which Luoshi says no, and what it says.

.venv/bin/python docs/make_errors.py
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")

PAGE = Path(__file__).resolve().parent / "reference" / "errors.md"
HEAD = """\
# Errors

Written by `docs/make_errors.py`; a test compares. Every error that Luoshi raises on purpose has a
**code**, which never changes its meaning and is what programs look at, and a sentence for people.
Words in braces are facts of the case.

| code | means | sentence |
|---|---|---|
"""


def errors() -> Iterator[type[Exception]]:
    """Yield every class of error in the package, bases without a code of their own left out."""
    import luoshi  # noqa: PLC0415  Django comes first
    from luoshi.kernel.errors import LuoshiError  # noqa: PLC0415

    for module in pkgutil.walk_packages(luoshi.__path__, "luoshi."):
        if not module.name.endswith((".__main__", ".wsgi")):
            importlib.import_module(module.name)
    yield from _own_code(LuoshiError)


def _own_code(base: type[Exception]) -> Iterator[type[Exception]]:
    for child in base.__subclasses__():
        if "code" in vars(child) and child.__module__.startswith("luoshi."):
            yield child
        yield from _own_code(child)


def page() -> str:
    """Return the page as it should be."""
    found = {(str(vars(error)["code"]), error) for error in errors()}
    return HEAD + "".join(_row(code, error) for code, error in sorted(found, key=_by_code))


def _by_code(pair: tuple[str, type[Exception]]) -> tuple[str, str]:
    return pair[0], pair[1].__qualname__


def _row(code: str, error: type[Exception]) -> str:
    means = (error.__doc__ or "").strip().splitlines()[0]
    sentence = " ".join(str(getattr(error, "template", "")).split())
    return f"| `{code}` | {_cell(means)} | {_cell(sentence)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
    sys.stderr.write(f"{PAGE}: {len(page().splitlines()) - len(HEAD.splitlines())} errors\n")
