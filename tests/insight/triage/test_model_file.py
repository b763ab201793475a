"""Model files come from outside: whatever is in them, the answer is a model or a refusal."""

import contextlib
import errno
import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.insight.triage.model import Model
from luoshi.insight.triage.model_file import (
    MAGIC,
    ModelInvalid,
    load_model,
    packed,
    save_model,
    write,
)
from luoshi.insight.triage.vocabulary import Vocabulary

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="session")
def written(model: Model, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("model") / "city.model"
    save_model(model, path)
    return path.read_bytes()


def taken_apart(raw: bytes) -> tuple[dict[str, Any], bytes]:
    start = len(MAGIC) + 4
    end = start + int.from_bytes(raw[len(MAGIC) : start], "little")
    return json.loads(raw[start:end]), raw[end:]


def put_together(header: dict[str, Any], body: bytes) -> bytes:
    text = json.dumps(header).encode()
    return MAGIC + len(text).to_bytes(4, "little") + text + body


def refused(path: Path, raw: bytes) -> str:
    path.write_bytes(raw)
    with pytest.raises(ModelInvalid) as refusal:
        load_model(path)
    assert refusal.value.code == "triage.model_invalid"
    return str(refusal.value)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\x80\x04cos\nsystem\n", id="a pickle"),
        pytest.param(MAGIC + b"\xff\xff\xff\xff{}", id="header without end"),
        pytest.param(MAGIC + b"\x02\x00\x00\x00[]", id="header that is no object"),
        pytest.param(MAGIC + b"\x02\x00\x00\x00{}", id="empty header"),
        pytest.param(b"PK\x03\x04" + b"0" * 100, id="a zip"),
        pytest.param(MAGIC + b"\x40\x42\x0f\x00" + b"[" * 1_000_000, id="header without bottom"),
    ],
)
def test_what_is_no_model_is_refused(tmp_path: Path, raw: bytes) -> None:
    refused(tmp_path / "bad.model", raw)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelInvalid):
        load_model(tmp_path / "nowhere.model")


def test_a_file_cut_short_or_changed_is_refused(written: bytes, tmp_path: Path) -> None:
    assert "digest" in refused(tmp_path / "cut.model", written[:-10])
    changed = bytearray(written)
    changed[-20] ^= 1
    assert "digest" in refused(tmp_path / "changed.model", bytes(changed))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda header: header.update(version=4), id="another version"),
        pytest.param(lambda header: header["labels"].append("more"), id="one label too many"),
        pytest.param(lambda header: header.update(labels=[]), id="no label"),
        pytest.param(lambda header: header.update(bias=[0.0]), id="bias too short"),
        pytest.param(lambda header: header.update(slope=float("nan")), id="slope is no number"),
        pytest.param(lambda header: header.update(slope="steep"), id="slope is a word"),
        pytest.param(lambda header: header.update(belief=[[0, 1], [1, 0.5]]), id="falling belief"),
        pytest.param(lambda header: header.update(belief=[[0, 1.5]]), id="more than certain"),
        pytest.param(lambda header: header.update(belief=[[float("nan"), 1]]), id="no odds"),
        pytest.param(lambda header: header.update(card=[1]), id="card is a list"),
        pytest.param(lambda header: header.update(taxonomy=[{"code": "a"}]), id="half a category"),
        pytest.param(lambda header: header["arrays"][0].__setitem__(0, "object"), id="odd array"),
        pytest.param(
            lambda header: header["arrays"][0].__setitem__(1, [10**12]), id="a thousand gigabytes"
        ),
        pytest.param(lambda header: header["arrays"][0].__setitem__(1, [-1]), id="less than none"),
        pytest.param(
            lambda header: header["arrays"][0].__setitem__(1, ["x"]), id="shape of words"
        ),
        pytest.param(lambda header: header["arrays"].pop(), id="an array missing"),
        pytest.param(lambda header: header.update(version=2), id="more views than it had"),
        pytest.param(lambda header: header["arrays"][1].__setitem__(1, [3, 3]), id="wrong shape"),
        pytest.param(lambda header: header.update(slope=1e300), id="slope beyond all sense"),
        pytest.param(lambda header: header.update(version="9" * 100_000), id="a long version"),
    ],
)
def test_parts_that_do_not_fit_are_refused(written: bytes, tmp_path: Path, change: Change) -> None:
    header, body = taken_apart(written)
    change(header)

    assert len(refused(tmp_path / "odd.model", put_together(header, body))) < 400


@pytest.mark.parametrize("array", ["factor", "vector_factor", "telling", "centre", "landmarks"])
def test_numbers_whose_sums_would_be_none_are_refused(
    model: Model, tmp_path: Path, array: str
) -> None:
    """An infinite score has no confidence, and nothing would say so."""
    sound = packed(taught(model))
    largest = np.full_like(sound.arrays[array], np.finfo(sound.arrays[array].dtype).max)
    write(tmp_path / "odd.model", replace(sound, arrays={**sound.arrays, array: largest}))
    with pytest.raises(ModelInvalid, match=r"beyond|longer than 1"):
        load_model(tmp_path / "odd.model")


def taught(model: Model) -> Model:
    """Return *model* with a sense of one word and one landmark: it has learned from few."""
    centre = model.sense.centre
    sense = replace(
        model.sense,
        words=Vocabulary.of(np.array([7], np.uint64)),
        vectors=np.ones((1, centre.shape[1]), np.float32),
        telling=np.ones(1, np.float32),
        landmarks=np.zeros((len(centre), 1, centre.shape[1]), np.float32),
    )
    near = np.zeros((sense.width, len(model.labels)), np.float32)
    return replace(model, sense=sense, linear=replace(model.linear, near=near))


def test_where_there_is_no_room_nothing_is_left_behind(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("luoshi.insight.triage.model_file.os.replace", _full)
    with pytest.raises(OSError, match="No space"):
        save_model(model, tmp_path / "city.model")
    assert not list(tmp_path.iterdir())


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_file_written_before_belief_was_measured_is_read(written: bytes, tmp_path: Path) -> None:
    header, body = taken_apart(written)
    del header["belief"]
    (tmp_path / "old.model").write_bytes(put_together(header, body))

    assert load_model(tmp_path / "old.model").calibration.belief == ()


def test_belief_survives_its_file(model: Model, tmp_path: Path) -> None:
    belief = ((-1.0, 0.4), (3.0, 0.9))
    save_model(
        replace(model, calibration=replace(model.calibration, belief=belief)), tmp_path / "a"
    )

    assert load_model(tmp_path / "a").calibration.belief == belief


def test_a_bomb_is_not_unpacked(written: bytes, tmp_path: Path) -> None:
    header, _ = taken_apart(written)
    body = zlib.compress(b"\0" * 50_000_000)
    header["sha256"] = hashlib.sha256(body).hexdigest()

    assert "declared" in refused(tmp_path / "bomb.model", put_together(header, body))


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large.model").open("wb") as file:
        file.truncate(40_000_000)
    with pytest.raises(ModelInvalid, match="larger"):
        load_model(tmp_path / "large.model")


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 3000), value=st.integers(0, 255))
def test_any_changed_byte_of_the_header_is_survived(
    written: bytes, tmp_path_factory: pytest.TempPathFactory, place: int, value: int
) -> None:
    raw = bytearray(written)
    raw[place % len(raw)] = value
    path = tmp_path_factory.mktemp("fuzz") / "one.model"
    path.write_bytes(bytes(raw))
    with contextlib.suppress(ModelInvalid):
        load_model(path).suggest("路灯坏了")


def test_no_word_of_a_message_is_in_the_file(written: bytes) -> None:
    header, body = taken_apart(written)
    text = json.dumps(header, ensure_ascii=False).encode() + zlib.decompress(body)

    assert "东风小区".encode() not in text
    assert "有偿补课".encode("utf-32-le") not in text
