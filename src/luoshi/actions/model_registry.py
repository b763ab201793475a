"""The models at hand: one for each programme that has one, loaded once for the process.

A model that the city trained lies below ``LUOSHI_HOME/models``; without one, the starter model
that came with Luoshi is used; without that, nothing is suggested and everything else works. A file
that changes is read again at the next question.

Terms    model 模型 · digest 摘要 · starter model 起步模型
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock

import structlog
from django.conf import settings

from luoshi.insight.triage.model import Model
from luoshi.insight.triage.model_file import ModelInvalid, load_model

DIGEST_SIGNS = 32

log = structlog.get_logger("luoshi.models")


@dataclass(frozen=True, slots=True)
class Held:
    """A model with where it came from.

    Attributes:
        digest: First half of the SHA-256 of its file, in hexadecimal.
        mark: Place, time and size of the file: by these a change is noticed.
    """

    model: Model | None
    digest: str
    mark: tuple[str, int, int]


_lock = Lock()
_held: dict[str, Held] = {}


def own_model(programme: str) -> Path:
    """Return where the city's own model of *programme* lies, or would lie."""
    return Path(settings.LUOSHI.home) / "models" / f"{programme}.model"


def model_of(programme: str) -> Held | None:
    """Return the model of *programme*; ``None`` when there is none that can be used."""
    file = _file(programme)
    if file is None:
        return None
    with _lock:
        held = _held.get(programme)
        mark = _mark(file)
        if held is None or held.mark != mark:
            held = _held[programme] = _read(file, mark)
    return held if held.model is not None else None


def _file(programme: str) -> Path | None:
    starter = Path(settings.LUOSHI.models) / f"{programme}.model"
    return next((file for file in (own_model(programme), starter) if file.is_file()), None)


def _mark(file: Path) -> tuple[str, int, int]:
    now = file.stat()
    return str(file), now.st_mtime_ns, now.st_size


def _read(file: Path, mark: tuple[str, int, int]) -> Held:
    digest = sha256(file.read_bytes()).hexdigest()[:DIGEST_SIGNS]
    try:
        return Held(load_model(file), digest, mark)
    except ModelInvalid as invalid:
        log.warning("model not used", file=file.name, reason=str(invalid))
        return Held(None, digest, mark)
