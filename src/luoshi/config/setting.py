"""Single settings: words of the environment that must be a number, a folder or a network."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path

from luoshi.kernel.errors import LuoshiError


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
    words = tuple(word.strip() for word in environ.get(name, "").split(",") if word.strip())
    for word in words:
        try:
            ipaddress.ip_network(word, strict=False)
        except ValueError:
            wanted = "write networks, such as 10.1.0.0/16"
            raise SettingInvalid(name=name, value=word, wanted=wanted) from None
    return words
