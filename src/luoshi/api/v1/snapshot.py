"""The snapshot of the API's description in the tree, with which a test compares.

    python -m luoshi.api.v1.snapshot          write openapi.json anew after a change

Terms    snapshot 快照
"""

from __future__ import annotations

import json
import os
from pathlib import Path

SNAPSHOT = Path(__file__).with_name("openapi.json")


def text() -> str:
    """Return the description as the snapshot holds it."""
    from luoshi.api.v1.site import api  # noqa: PLC0415  Django comes first

    return (
        json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    )


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    django.setup()
    SNAPSHOT.write_text(text(), encoding="utf-8")
