"""Rhythm: when people in the demonstration do things. Days, nights, week-ends, holidays.

Terms    office hours 工作时 · desk 话务席 · arrival 来件
Units    instants are aware, in UTC; lengths are hours
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall
from functools import cache

from luoshi.kernel.calendar import Calendar

DESK_OPENS, DESK_CLOSES = 8, 20
_BY_HOUR = (2, 1, 1, 1, 1, 2, 5, 12, 24, 32, 30, 22, 16, 18, 26, 28, 26, 22, 18, 18, 17, 13, 8, 4)
_WEEK_END, _HOLIDAY, _AFTERWARDS = 0.55, 0.35, 1.45
_SATURDAY, _MORNING = 5, 7


@dataclass(frozen=True)
class Rhythm:
    """Days and hours of one calendar."""

    calendar: Calendar

    def arrivals(
        self, rng: random.Random, start: datetime, end: datetime, count: int
    ) -> list[datetime]:
        """Return *count* instants in order, thick where people have time to complain."""
        hours: list[datetime] = []
        weights: list[float] = []
        here = start
        while here < end:
            local = here.astimezone(self.calendar.zone)
            hours.append(here)
            weights.append(_BY_HOUR[local.hour] * self._weight_of(local.date()))
            here += timedelta(hours=1)
        chosen = rng.choices(hours, weights, k=count)
        spread = (hour + timedelta(seconds=rng.uniform(0, 3600)) for hour in chosen)
        return sorted(min(instant, end) for instant in spread)

    def _weight_of(self, day: date) -> float:
        """Return how much comes in on a day; most on the first one after days off."""
        if self._works(day):
            rested = not self._works(day - timedelta(days=1))
            return _AFTERWARDS if rested else 1.0
        return _WEEK_END if day.weekday() >= _SATURDAY else _HOLIDAY

    def _works(self, day: date) -> bool:
        return self.calendar.is_working_or_assumed(day)

    def office(self, start: datetime, hours: float) -> datetime:
        """Return the instant at which *hours* of office time have passed since *start*."""
        left = timedelta(hours=hours)
        day = self.calendar.day_of(start)
        while True:
            for opens, closes in _windows(self.calendar, day):
                begins = max(opens, start)
                if begins < closes and left <= closes - begins:
                    return begins + left
                left -= max(timedelta(), closes - begins)
            day += timedelta(days=1)

    def office_before(self, end: datetime, hours: float) -> datetime:
        """Return the last instant after which *hours* of office time pass until *end*."""
        left = timedelta(hours=hours)
        day = self.calendar.day_of(end)
        while True:
            for opens, closes in reversed(_windows(self.calendar, day)):
                ends = min(closes, end)
                if opens < ends and left <= ends - opens:
                    return ends - left
                left -= max(timedelta(), ends - opens)
            day -= timedelta(days=1)

    def desk(self, start: datetime, hours: float) -> datetime:
        """Return when a desk that is staffed from 8 to 20 every day gets to something."""
        local = (start + timedelta(hours=hours)).astimezone(self.calendar.zone)
        if local.hour < DESK_OPENS:
            return self._at(local.date(), DESK_OPENS, local)
        if local.hour >= DESK_CLOSES:
            return self._at(local.date() + timedelta(days=1), DESK_OPENS, local)
        return local.astimezone(UTC)

    def awake(self, start: datetime, hours: float) -> datetime:
        """Return an instant *hours* later, moved out of the night."""
        local = (start + timedelta(hours=hours)).astimezone(self.calendar.zone)
        if local.hour < _MORNING:
            local += timedelta(hours=_MORNING)
        return local.astimezone(UTC)

    def _at(self, day: date, hour: int, like: datetime) -> datetime:
        """Return the instant *hour* o'clock on a day, with the minutes of another one."""
        shown = datetime.combine(day, wall(hour, like.minute, like.second), self.calendar.zone)
        return shown.astimezone(UTC)


@cache
def _windows(calendar: Calendar, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """Return the office windows of a day on which offices are open; nothing on others."""
    return calendar.windows(day) if calendar.is_working_or_assumed(day) else ()
