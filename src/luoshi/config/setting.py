"""Single settings: words that must be a number, a switch, a list, a folder or a network."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path

from luoshi.kernel.errors import LuoshiError

ON, OFF = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})


class SettingInvalid(LuoshiError):
    """The environment says something that cannot be meant; the message says what can."""

    code = "environment.setting"
    template = "{name}={value} cannot be used: {wanted}"


def number(environ: Mapping[str, str], name: str, default: int) -> int:
    """Return the number that *name* says, or *default* where it says nothing.

    Raises:
        SettingInvalid: It is none.
    """
    value = environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit()):
        raise SettingInvalid(name=name, value=value, wanted=f"write a number, such as {default}")
    return int(value)


def switch(environ: Mapping[str, str], name: str) -> bool:
    """Return whether *name* is switched on; where it says nothing it is off.

    Raises:
        SettingInvalid: It says neither.
    """
    value = environ.get(name, "").strip().lower()
    if value not in ON | OFF:
        raise SettingInvalid(name=name, value=value, wanted="write 1 for on, 0 for off")
    return value in ON


def listed(words: str) -> tuple[str, ...]:
    """Return the words that *words* divides by commas."""
    return tuple(word.strip() for word in words.split(",") if word.strip())


def folder(environ: Mapping[str, str], name: str, default: Path) -> Path:
    """Return the folder that *name* says, or *default* where it says nothing.

    Raises:
        SettingInvalid: There is none.
    """
    value = environ.get(name, "")
    if value and not Path(value).is_dir():
        raise SettingInvalid(name=name, value=value, wanted="name a folder that is there")
    return Path(value or default).resolve()


def networks(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the networks that *name* says, divided by commas.

    Raises:
        SettingInvalid: One of them is none.
    """
    words = listed(environ.get(name, ""))
    for word in words:
        try:
            ipaddress.ip_network(word, strict=False)
        except ValueError:
            wanted = "write networks, such as 10.1.0.0/16"
            raise SettingInvalid(name=name, value=word, wanted=wanted) from None
    return words
