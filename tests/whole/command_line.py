"""Lines for the command ``luoshi`` that people are shown: does the command know every word?"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import typer
from typer.core import TyperCommand, TyperGroup

from luoshi.cli.app import app

Command = TyperCommand | TyperGroup
ROOT = typer.main.get_command(app)
SHOWN = re.compile(r"(?:^\s*(?:\$ )?|`|/|[A-Z_]+=\S+ )luoshi ([a-z][^`\n]*)", re.MULTILINE)


def shown(text: str) -> Iterator[str]:
    """Yield what stands behind ``luoshi`` in each line that *text* tells people to type."""
    for found in SHOWN.finditer(text.replace("\\\n", " ")):
        yield found[1]


def unknown(line: str) -> list[str]:
    """Return the words of *line* that are no sub-command or option where they stand."""
    words = shlex.split(line, comments=True)
    command = ROOT
    while words and isinstance(command, TyperGroup) and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    end = next((at for at, word in enumerate(words) if word in {"|", "&&", ">", "&"}), len(words))
    known = {
        "-h",
        "--help",
        *(name for one in command.params for name in (*one.opts, *one.secondary_opts)),
    }
    strange = [word for word in words[:end] if word[:1] == "-" and word.split("=")[0] not in known]
    if isinstance(command, TyperGroup) and words[:1] and words[0][:1] not in "-…":
        strange.append(words[0])
    return strange


def commands(group: Command = ROOT, path: str = "") -> Iterator[tuple[str, Command]]:
    """Yield every command that does something, with the words by which it is called."""
    if not isinstance(group, TyperGroup):
        yield path, group
        return
    for name, command in group.commands.items():
        yield from commands(command, f"{path} {name}".strip())
