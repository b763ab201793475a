"""Small drawn pictures that stand in for photographs, before and after.

They are drawings, on purpose: nobody can take them for evidence of anything real, and nobody's
face or number plate is in them. The day and the place stand in the picture as cameras print them.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, ImageDraw, ImageFont

SIZE = (640, 480)
MOST_BYTES = 40_000

_SKIES = ((188, 212, 230), (203, 214, 220), (226, 207, 178), (150, 172, 196))
_ROAD, _GROUND, _LINE = (96, 98, 102), (152, 146, 128), (236, 232, 210)


@dataclass(frozen=True, slots=True)
class _Scene:
    """A canvas with its own source of chance, and whether the damage is mended."""

    draw: ImageDraw.ImageDraw
    rng: random.Random
    mended: bool

    def blot(self, x: int, y: int, size: int, colour: tuple[int, int, int]) -> None:
        """Draw an uneven patch round a point."""
        spots = [
            (
                x + side * self.rng.randint(size // 2, size),
                y + up * self.rng.randint(size // 4, size // 2),
            )
            for side, up in ((-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1), (0, 1), (-1, 1))
        ]
        self.draw.polygon(spots, fill=colour)


def photo(kind: str, seed: int, at: datetime, place: str = "", *, mended: bool = False) -> bytes:
    """Return a drawn scene as a JPEG of less than 40 kB.

    Args:
        kind: What is shown: a category of the taxonomy, of which the first part is enough.
        seed: The same seed draws the same picture.
        at: The moment printed in the corner.
        place: Plain letters printed beside it, such as a grid code.
        mended: Draw the place after the work.
    """
    rng = random.Random(seed)  # noqa: S311  # a drawing is no secret
    image = Image.new("RGB", SIZE, rng.choice(_SKIES))
    scene = _Scene(ImageDraw.Draw(image), rng, mended)
    _street(scene)
    _SUBJECTS.get(kind.split(".", maxsplit=1)[0], _heap)(scene)
    _stamp(scene, f"{at:%Y-%m-%d %H:%M}  {place}".strip())
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=72, optimize=True)
    return buffer.getvalue()


def photo_kinds() -> tuple[str, ...]:
    """Return the kinds that have a drawing of their own; any other kind is drawn as a heap."""
    return tuple(_SUBJECTS)


def _street(scene: _Scene) -> None:
    """Draw houses, the ground and a road."""
    width, height = SIZE
    for x in range(0, width, 92):
        tall = scene.rng.randint(90, 210)
        shade = scene.rng.randint(150, 205)
        scene.draw.rectangle((x, 260 - tall, x + 84, 270), fill=(shade, shade - 12, shade - 26))
        _windows(scene, x, 260 - tall)
    scene.draw.rectangle((0, 262, width, height), fill=_GROUND)
    scene.draw.polygon(((180, 264), (460, 264), (640, 480), (0, 480)), fill=_ROAD)
    for y in range(280, 480, 44):
        scene.draw.line((320, y, 320, y + 20), fill=_LINE, width=4)


def _windows(scene: _Scene, x: int, top: int) -> None:
    for wx in range(x + 10, x + 76, 22):
        for wy in range(top + 10, 250, 26):
            scene.draw.rectangle((wx, wy, wx + 11, wy + 14), fill=(118, 138, 158))


def _hole(scene: _Scene) -> None:
    """Draw a hole in the road, or the dark patch that fills it."""
    for _ in range(1 if scene.mended else scene.rng.randint(1, 3)):
        x, y = scene.rng.randint(220, 420), scene.rng.randint(320, 430)
        scene.blot(x, y, 56, (64, 64, 66) if scene.mended else (42, 38, 34))
        if not scene.mended:
            scene.blot(x + 4, y + 5, 30, (24, 22, 20))


def _heap(scene: _Scene) -> None:
    """Draw heaped bags beside the road, or two closed bins."""
    if scene.mended:
        for x in (70, 130):
            scene.draw.rectangle((x, 300, x + 46, 372), fill=(52, 110, 70), outline=(30, 60, 40))
        return
    for _ in range(16):
        x, y = scene.rng.randint(40, 200), scene.rng.randint(310, 390)
        scene.blot(x, y, 34, scene.rng.choice(((40, 44, 52), (180, 60, 50), (210, 206, 190))))


def _water(scene: _Scene) -> None:
    """Draw water across the road, or a wet trace."""
    colour = (110, 112, 116) if scene.mended else (112, 132, 120)
    for _ in range(2 if scene.mended else 9):
        scene.blot(scene.rng.randint(140, 500), scene.rng.randint(330, 440), 90, colour)


def _fumes(scene: _Scene) -> None:
    """Draw a chimney, with smoke or without."""
    scene.draw.rectangle((470, 90, 500, 262), fill=(120, 100, 92))
    if not scene.mended:
        for step in range(10):
            scene.blot(486 + step * 14, 84 - step * 7, 22 + 3 * step, (128 + 6 * step,) * 3)


def _lift(scene: _Scene) -> None:
    """Draw a lift door with a notice, or one that is lit."""
    scene.draw.rectangle((200, 110, 440, 450), fill=(176, 180, 186), outline=(90, 92, 96), width=6)
    scene.draw.line((320, 110, 320, 450), fill=(90, 92, 96), width=4)
    if scene.mended:
        scene.draw.ellipse((456, 250, 480, 274), fill=(90, 190, 110))
    else:
        scene.draw.rectangle(
            (262, 210, 378, 290), fill=(238, 214, 92), outline=(170, 60, 40), width=4
        )


def _stamp(scene: _Scene, text: str) -> None:
    """Print day and place in the corner, as a camera does."""
    font = ImageFont.load_default(20)
    scene.draw.rectangle((0, 448, SIZE[0], SIZE[1]), fill=(20, 20, 20))
    scene.draw.text((12, 453), f"DEMO  {text}", fill=(255, 206, 84), font=font)


_SUBJECTS: dict[str, Callable[[_Scene], None]] = {
    "roads": _hole,
    "transport": _hole,
    "cityscape": _heap,
    "utilities": _water,
    "rural": _water,
    "environment": _fumes,
    "market": _lift,
}
