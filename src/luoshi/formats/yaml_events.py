"""YAML events: the signs of a YAML file, one after the other, by either of two parsers.

``ruamel.yaml`` reads YAML 1.2 and says what is wrong and where; it is written in Python. libyaml,
by way of PyYAML, is twenty times faster. It reads what is plain: text in which the two are known
to agree. What a word means is not asked of either (PyYAML would make ``on`` a truth value).

Terms    event 解析事件
Not here what the events mean (``yaml_file``)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml
from ruamel.yaml import YAML

Event = Any
"""An event of either parser: both name their classes, and what those hold, alike."""

PARSER: Any = getattr(yaml, "CSafeLoader", None)
"""libyaml's parser; nothing where PyYAML was built without it. Only its events are asked for."""

NOT_PLAIN = re.compile(
    r"^(?:%|---|\.\.\.)|[!\t\r\x85\u2028\u2029\ufeff]|[|>][-+0-9]*#|[|>][^\n]*\n[\s]*#",
    re.MULTILINE,
)
"""What is left to the slower parser."""


class NotPlain(Exception):
    """The text is not for the fast parser, or it found something wrong."""


def events_of(text: str) -> Iterator[Event]:
    """Yield the events of *text*.

    Raises:
        YAMLError: It is not YAML; the error says where, and what was expected.
    """
    yield from YAML(typ="safe", pure=True).parse(text)


def events_of_plain(text: str) -> Iterator[Event]:
    """Yield the events of *text*, as ``events_of`` would.

    Raises:
        NotPlain: Only ``events_of`` can tell.
    """
    if PARSER is None or NOT_PLAIN.search(text):
        raise NotPlain
    parser = PARSER(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    except yaml.YAMLError as error:
        raise NotPlain from error
    finally:
        parser.dispose()
