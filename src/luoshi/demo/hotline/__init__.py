"""Lives of requests to the hotline, in the wording of ``programmes/hotline``.

The story may know this programme; nothing below it does.
"""

from luoshi.demo.hotline.chances import ENDINGS, FATES, PAIRS
from luoshi.demo.hotline.life import life

__all__ = ["ENDINGS", "FATES", "PAIRS", "life"]
