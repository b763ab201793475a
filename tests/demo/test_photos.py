"""The drawn pictures are small, sound, and the same each time."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from luoshi.demo.photos import MOST_BYTES, SIZE, photo, photo_kinds

AT = datetime(2026, 3, 4, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize("kind", [*photo_kinds(), "market.lifts", "something.else"])
@pytest.mark.parametrize("mended", [False, True])
def test_a_picture_is_a_small_sound_jpeg(kind: str, *, mended: bool) -> None:
    for seed in range(5):
        data = photo(kind, seed, AT, "990102001001J003", mended=mended)
        image = Image.open(io.BytesIO(data))
        image.load()
        assert (image.format, image.size) == ("JPEG", SIZE)
        assert len(data) < MOST_BYTES
        assert not image.getexif()


def test_the_same_seed_draws_the_same_and_mending_shows() -> None:
    assert photo("roads", 3, AT) == photo("roads", 3, AT)
    assert photo("roads", 3, AT) != photo("roads", 4, AT)
    assert photo("roads", 3, AT) != photo("roads", 3, AT, mended=True)
