r"""Model files: a header in JSON and packed arrays. Nothing in a file is ever executed.

A model file comes from outside and is hostile until checked: its size, its digest, the shapes and
the finiteness of its numbers. It holds 64-bit codes of grams, never the words themselves.

Layout   ``LUOSHI-TRIAGE\\n``, length of the header (4 bytes, little-endian), header (UTF-8 JSON),
         body (zlib). The header gives version, labels, taxonomy, calibration, card, SHA-256 of the
         body, and for each array its name, type and shape, in the order of the body
         A file of version 1 has no word vectors and no landmarks; one of version 2 knows of no
         words that tell categories apart, and has the first two views
Units    weights are 8-bit whole numbers times one factor for each block and category, word vectors
         times one factor for each of their numbers
"""

import hashlib
import json
import os
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from luoshi.insight.triage.arrays import Floats
from luoshi.insight.triage.calibration import AS_IT_IS, Belief, Calibration
from luoshi.insight.triage.company import WIDTH
from luoshi.insight.triage.grams import BLOCKS
from luoshi.insight.triage.linear import Linear
from luoshi.insight.triage.model import Model
from luoshi.insight.triage.sense import NO_SENSE, VIEWS, Sense
from luoshi.insight.triage.taxonomy import Category, Taxonomy
from luoshi.insight.triage.vocabulary import Vocabulary
from luoshi.kernel.errors import LuoshiError

MAGIC: Final = b"LUOSHI-TRIAGE\n"
VERSION: Final = 3
VIEWS_OF: Final = {1: 0, 2: 2, 3: len(VIEWS)}
"""Views of a message in a file of each version that can be read."""
MOST_BYTES: Final = 30_000_000
"""Size of a model file at most."""
MOST_HEADER: Final = 4_000_000
MOST_UNPACKED: Final = 200_000_000
MOST_NUMBER: Final = 1e6
"""No number of an honest model is greater; sums of products of such stay finite."""
MOST_LENGTH: Final = 1.01
"""Length of a landmark at most: it is 1 but for rounding."""
MOST_OF_A_REASON: Final = 200
"""Characters of a reason: it may quote the file."""

_TYPES: Final = {
    "codes": "<u8",
    "scale": "<f2",
    "weight": "|i1",
    "factor": "<f4",
    "words": "<u8",
    "vectors": "|i1",
    "vector_factor": "<f4",
    "telling": "<f4",
    "centre": "<f4",
    "landmarks": "<f2",
    "near": "<f4",
}
_STEPS: Final = 127
_MISFITS: Final = (ValueError, KeyError, TypeError, OverflowError)
"""What reading and fitting together raises where a file says something else than was expected."""


class ModelInvalid(LuoshiError):
    """The file is no model that can be used here."""

    code = "triage.model_invalid"
    template = "{file}: no usable triage model ({reason}); train it anew: luoshi triage train"


@dataclass(frozen=True, slots=True)
class Packed:
    """What a file holds: the header, and the arrays by name."""

    header: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


def save_model(model: Model, path: Path) -> None:
    """Write *model* to *path*, whole or not at all."""
    write(path, packed(model))


def load_model(path: Path) -> Model:
    """Return the model in *path*, which is not trusted.

    Raises:
        ModelInvalid: It is no model file, is damaged, too large, or of another version.
    """
    return unpacked(read(path))


def packed(model: Model) -> Packed:
    """Return *model* in the shape of a file."""
    weight, factor = _rounded(model.linear.weight)
    vectors, vector_factor = _rounded(model.sense.vectors)
    arrays = {
        "codes": model.vocabulary.codes.astype("<u8"),
        "scale": model.linear.scale.astype("<f2"),
        "weight": weight,
        "factor": factor.astype("<f4"),
        "words": model.sense.words.codes.astype("<u8"),
        "vectors": vectors,
        "vector_factor": vector_factor.astype("<f4"),
        "telling": model.sense.telling.astype("<f4"),
        "centre": model.sense.centre.astype("<f4"),
        "landmarks": model.sense.landmarks.astype("<f2"),
        "near": model.linear.near.astype("<f4"),
    }
    categories = [
        {"code": one.code, "parent": one.parent, "names": list(one.names)}
        for one in model.taxonomy.categories
    ]
    header = {
        "labels": list(model.labels),
        "taxonomy": categories,
        "bias": model.linear.bias.tolist(),
        "slope": model.calibration.slope,
        "offset": model.calibration.offset.tolist(),
        "belief": [list(step) for step in model.calibration.belief],
        "threshold": model.threshold,
        "card": model.card,
    }
    return Packed(header, arrays)


def _rounded(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Return *weight* (… × V × K) as whole numbers and their factors (… × 1 × K)."""
    factor = np.abs(weight).max(axis=-2, keepdims=True, initial=1e-9) / _STEPS
    return np.rint(weight / factor).astype(np.int8), factor


def write(path: Path, content: Packed) -> None:
    """Write *content* to *path*, whole or not at all."""
    body = zlib.compress(b"".join(array.tobytes() for array in content.arrays.values()), 6)
    header = {
        **content.header,
        "version": VERSION,
        "sha256": hashlib.sha256(body).hexdigest(),
        "arrays": [[name, list(array.shape)] for name, array in content.arrays.items()],
    }
    text = json.dumps(header, ensure_ascii=False).encode()
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(MAGIC + len(text).to_bytes(4, "little") + text + body)
        os.replace(beside, path)  # noqa: PTH105 - os.replace is the atomic one on every system
    finally:
        beside.unlink(missing_ok=True)


def read(path: Path) -> Packed:
    """Return what the file in *path* holds.

    Raises:
        ModelInvalid: Too large, no model, another version, damaged.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ModelInvalid(file=path.name, reason=f"larger than {MOST_BYTES} bytes")
        return _parsed(path.read_bytes(), path.name)
    except (OSError, RecursionError, zlib.error, *_MISFITS) as reason:
        raise ModelInvalid(file=path.name, reason=str(reason)[:MOST_OF_A_REASON]) from reason


def _parsed(raw: bytes, file: str) -> Packed:
    start = len(MAGIC) + 4
    length = int.from_bytes(raw[len(MAGIC) : start], "little")
    if not raw.startswith(MAGIC) or length > MOST_HEADER:
        raise ModelInvalid(file=file, reason="not written by luoshi triage train")
    header = json.loads(raw[start : start + length])
    if header["version"] not in VIEWS_OF:
        raise ValueError(f"version {header['version']!r}, not {VERSION}")
    body = raw[start + length :]
    if hashlib.sha256(body).hexdigest() != header["sha256"]:
        raise ModelInvalid(file=file, reason="damaged: its digest differs")
    return Packed(header, _arrays(header["arrays"], body))


def _arrays(shapes: list[tuple[str, list[int]]], body: bytes) -> dict[str, NDArray[Any]]:
    sizes = {name: np.dtype(_TYPES[name]).itemsize * _product(shape) for name, shape in shapes}
    total = sum(sizes.values())
    if total > MOST_UNPACKED:
        raise ValueError(f"unpacks to {total} bytes")
    unpacker = zlib.decompressobj()
    plain = unpacker.decompress(body, total + 1)
    if len(plain) != total:
        raise ValueError(f"{len(plain)} bytes of arrays where {total} are declared")
    arrays, at = {}, 0
    for name, shape in shapes:
        piece = plain[at : at + sizes[name]]
        arrays[name] = np.frombuffer(piece, _TYPES[name]).reshape(shape)
        at += sizes[name]
    return arrays


def _product(shape: list[int]) -> int:
    if len(shape) > 3 or not all(size >= 0 for size in shape):  # noqa: PLR2004
        raise ValueError(f"shape {shape!r}")
    product = 1
    for size in shape:
        product *= size
    return product


def unpacked(content: Packed) -> Model:
    """Return the model that *content* describes, its parts checked against each other.

    Raises:
        ModelInvalid: The parts do not fit together.
    """
    try:
        return _assembled(content)
    except (LuoshiError, *_MISFITS) as reason:
        raise ModelInvalid(file="model", reason=str(reason)[:MOST_OF_A_REASON]) from reason


def _assembled(content: Packed) -> Model:
    header, arrays = content.header, content.arrays
    _check_numbers(*(array for array in arrays.values() if array.dtype.kind == "f"))
    labels = tuple(str(label) for label in header["labels"])
    codes, scale = arrays["codes"], arrays["scale"].astype(np.float32)
    weight = arrays["weight"].astype(np.float32) * arrays["factor"]
    bias, offset = (np.array(header[name], np.float32) for name in ("bias", "offset"))
    _check_shapes(codes, scale, weight, len(labels))
    views = VIEWS_OF[header["version"]]
    sense = _sense(arrays, views)
    near = arrays["near"] if views else np.zeros((0, len(labels)), np.float32)
    if near.shape != (sense.width, len(labels)):
        raise ValueError("weights do not fit the landmarks")
    if bias.shape != (len(labels),) or offset.shape != bias.shape:
        raise ValueError("bias or offset has not one number for each label")
    belief = _belief(header.get("belief", AS_IT_IS))
    _check_numbers(
        bias, offset, np.array(belief), np.array([header["slope"], header["threshold"]])
    )
    return Model(
        labels,
        Vocabulary.of(codes),
        Linear(scale, weight, bias, near),
        Calibration(float(header["slope"]), offset, belief),
        float(header["threshold"]),
        Taxonomy(tuple(_category(one) for one in header["taxonomy"])),
        dict(header["card"]),
        sense,
    )


def _sense(arrays: Mapping[str, NDArray[Any]], views: int) -> Sense:
    if not views:
        return NO_SENSE
    words, centre = arrays["words"], arrays["centre"]
    vectors = arrays["vectors"].astype(np.float32) * arrays["vector_factor"]
    telling = arrays["telling"] if views == len(VIEWS) else np.ones(words.size, np.float32)
    landmarks = arrays["landmarks"].astype(np.float32)
    _check_sorted(words)
    if vectors.shape != (words.size, WIDTH) or telling.shape != words.shape:
        raise ValueError("word vectors do not fit the words")
    if centre.shape != (views, WIDTH) or landmarks.ndim != 3:  # noqa: PLR2004
        raise ValueError("not the views of this version")
    if landmarks.shape[::2] != centre.shape:
        raise ValueError("landmarks do not fit the word vectors")
    if (np.square(landmarks).sum(axis=-1) > MOST_LENGTH**2).any():
        raise ValueError("landmarks longer than 1")
    return Sense(Vocabulary.of(words), vectors, telling, centre, landmarks)


def _check_numbers(*parts: NDArray[Any]) -> None:
    for part in parts:
        if not (np.abs(part.astype(np.float64)) <= MOST_NUMBER).all():
            raise ValueError(f"a number that is none, or beyond {MOST_NUMBER:.0f}")


def _check_sorted(codes: NDArray[Any]) -> None:
    if codes.ndim != 1 or (codes[1:] <= codes[:-1]).any():
        raise ValueError("codes are not sorted")


def _check_shapes(codes: NDArray[Any], scale: Floats, weight: Floats, kinds: int) -> None:
    _check_sorted(codes)
    if scale.shape != (codes.size, BLOCKS) or weight.shape != (BLOCKS, codes.size, kinds):
        raise ValueError("scales or weights do not fit the vocabulary")
    if not kinds:
        raise ValueError("no label")


def _belief(steps: Sequence[Sequence[float]]) -> Belief:
    belief = tuple((float(odds), float(share)) for odds, share in steps)
    shares = [share for _, share in belief]
    if list(belief) != sorted(belief) or shares != sorted(shares):
        raise ValueError("steps of belief that do not rise")
    if not all(0 <= share <= 1 for share in shares):
        raise ValueError("a belief below 0 or above 1")
    return belief


def _category(one: Mapping[str, Any]) -> Category:
    return Category(str(one["code"]), str(one["parent"]), tuple(map(str, one["names"])))
