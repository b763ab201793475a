"""Receiving: files that come with a form. They are kept first; the form then names their keys."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from luoshi.actions.files import MOST_BYTES, add_file
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import FieldProblem, Refused
from luoshi.kernel.programme import FieldType, Programme

MOST_AT_ONCE = 12
"""Files of one form that are looked at; the rest are refused unread."""


def received(
    files: MultiValueDict[str, UploadedFile[bytes]],
    programme: Programme,
    case: str,
    given: Mapping[str, object],
    actor: Actor,
) -> list[FieldProblem]:
    """Keep the files for the fields in *given*, add their keys there, and return what is wrong."""
    problems: list[FieldProblem] = []
    for name, keys in given.items():
        if programme.fields[name].type is not FieldType.FILES or not isinstance(keys, list):
            continue
        for sent in files.getlist(name)[:MOST_AT_ONCE]:
            try:
                keys.append(_kept(case, sent, actor))
            except Refused as refused:
                problems.append(FieldProblem(name, refused.code, refused.data))
    return problems


def _kept(case: str, sent: UploadedFile[bytes], actor: Actor) -> str:
    data = sent.read(MOST_BYTES + 1)
    return str(add_file(case, data, "", actor).id)
