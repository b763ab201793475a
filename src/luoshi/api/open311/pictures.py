"""Pictures: files that come with a request, under any of the names that clients use.

Terms    media 附件
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from luoshi.actions.files import MOST_BYTES, FileTooBig, add_file
from luoshi.api.open311.asking import Ask
from luoshi.api.open311.refusals import Problem, Stop
from luoshi.api.open311.services import Service
from luoshi.kernel.access import Actor
from luoshi.kernel.errors import Refused
from luoshi.kernel.programme import FieldType

NAMES = re.compile(r"media(\[\])?|photo\d{0,2}|file_?\w{0,20}")
MOST_FILES = 9


def files_of(ask: Ask) -> Iterator[UploadedFile[Any]]:
    """Yield the files of a form that were sent under a name for pictures."""
    for name, files in ask.request.FILES.lists():
        if NAMES.fullmatch(name):
            yield from files


def received(ask: Ask, service: Service, case: str, actor: Actor) -> dict[str, object]:
    """Keep the files that came; return the answer that names them.

    Raises:
        Stop: 400, there are too many, or one is of no kind that is taken.
    """
    field = service.first(FieldType.FILES)
    files = list(files_of(ask))
    if not files or not field:
        return {}
    most = int(service.asked[field].most or MOST_FILES)
    if len(files) > most:
        raise Stop(400, Problem("files.too_many", "media", {"most": most}))
    try:
        return {field: [_kept(file, case, actor) for file in files]}
    except Refused as refused:
        raise Stop(400, Problem(refused.code, "media", refused.data)) from None


def _kept(file: UploadedFile[Any], case: str, actor: Actor) -> str:
    if (file.size or 0) > MOST_BYTES:
        raise FileTooBig(size=file.size, most=MOST_BYTES, unit="bytes")
    return str(add_file(case, file.read(), file.name or "", actor).id)
