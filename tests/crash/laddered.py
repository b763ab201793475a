"""Many cases whose clocks have long ladders, opened a week and more ago, in a home of its own.

Nobody is to be woken: the quiet hours last from an hour ago until three hours from now.

LUOSHI_HOME=… LUOSHI_PROGRAMMES=… python -m tests.crash.laddered COUNT
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import django
from tests.programmes.sample import LAMP

from luoshi.actions import clock

LADDER = """
    ladder:
      half: {share: 0.5, tell: [clerk], notice: late}
      over: {share: 1, tell: [clerk], notice: late, do: nudge}
      day: {after: 24 urgent hours, tell: [clerk], notice: late}
      days: {after: 48 urgent hours, tell: [clerk], notice: late}
      week: {after: 120 urgent hours, tell: [clerk, fitter], notice: late}
    limits:
"""
NUDGE = """
  nudge: {from: new, to: same, by: machine, labels: {zh-Hans: 催办, en: Nudge}, rests_on: art. 8}
clocks:
"""
LATE = "\n  late: {on: [nudge], to: clerk, by: inbox, text: {zh-Hans: 超期, en: Late}}\n"
ZONE = ZoneInfo("Asia/Shanghai")
RUNGS, NUDGES, LETTERS = 5, 1, 7
"""What each case gives: rungs, steps by the system, and letters for rungs and steps."""


def write(folder: Path) -> datetime:
    """Write the sample programme, with a ladder, into *folder*; return when quiet hours end."""
    now = clock.now().astimezone(ZONE).replace(second=0, microsecond=0)
    since, until = now - timedelta(hours=1), now + timedelta(hours=3)
    text = LAMP.replace("\n    limits:\n", LADDER, 1).replace("\nclocks:\n", NUDGE, 1)
    (folder / "lamp").mkdir(parents=True)
    quiet = f'quiet: {{from: "{since:%H:%M}", to: "{until:%H:%M}"}}\n'
    whole = text.rstrip("\n") + LATE + quiet
    (folder / "lamp" / "programme.yaml").write_text(whole, encoding="utf-8")
    return until


def opened(count: int) -> None:
    """Open *count* cases, ten days ago, in one go."""
    from django.db import transaction  # noqa: PLC0415  Django comes first

    from luoshi.actions.acts import Request, register  # noqa: PLC0415
    from luoshi.kernel.access import ANYBODY  # noqa: PLC0415
    from luoshi.store.programmes import take_up  # noqa: PLC0415

    with clock.at(clock.now() - timedelta(days=10)), transaction.atomic():
        take_up(clock.now())
        for number in range(count):
            words = {"what": f"第{number}盏路灯不亮", "kind": "broken"}
            register("lamp", Request("report", words), ANYBODY)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.config.settings")
    django.setup()
    opened(int(sys.argv[1]))
