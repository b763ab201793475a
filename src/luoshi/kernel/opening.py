"""Opening: the step that opens a case, prepared once for many cases.

An import asks a million times about the same step and the same person. What cannot differ between
two cases is looked up here once; what is left is what the answers decide. Only a plain yes is
given here: wherever an answer is not plainly right, ``decide`` is asked itself, and so there is
one place that refuses.

Terms    opening 立案 · command 操作 · decision 决定
Not here when the clocks are due (``starting``)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from luoshi.kernel.access import Actor, Post, may_take
from luoshi.kernel.answers import Wrong, checked
from luoshi.kernel.calendar import Calendar
from luoshi.kernel.consequences import effects_of, parts_of
from luoshi.kernel.fact import Doer, Fact, Json, salt_for, seal
from luoshi.kernel.obstacles import condition_met, phases_complete, target_of, without_interest
from luoshi.kernel.programme import Programme, Transition
from luoshi.kernel.provision import Need
from luoshi.kernel.seen import Seen
from luoshi.kernel.starting import Starting
from luoshi.kernel.transition import Command, Decision, Private, decide


class Opening:
    """What ``decide`` says of opening a case by one step, for one actor.

    Args:
        programme: The programme, in the version in which cases are opened.
        transition: Name of the step.
        actor: Who asks.
        calendar: The calendar that the programme names.
    """

    def __init__(
        self, programme: Programme, transition: str, actor: Actor, calendar: Calendar
    ) -> None:
        self.programme, self.actor, self.calendar = programme, actor, calendar
        step = programme.transitions.get(transition)
        post = may_take(programme, None, step, actor).post if step and step.opens else None
        self._prepared = (
            _Prepared(programme, step, actor, post, calendar)
            if step and post and _is_plain(step)
            else None
        )

    def decide(self, command: Command, now: datetime) -> Decision:
        """Return what ``transition.decide`` returns for no case, or raise what it raises."""
        prepared = self._prepared
        if prepared is not None and command.transition == prepared.step.name:
            local = now.astimezone(self.calendar.zone)
            answers = prepared.answered(command.answers, local)
            if answers is not None:
                return prepared.decided(command, answers, local)
        return decide(self.programme, None, command, self.actor, now, self.calendar)


def _is_plain(step: Transition) -> bool:
    """Return whether nothing about *step* itself can stand in the way of a new case."""
    spent = step.at_most is not None and step.at_most < 1
    plain = all(isinstance(value, str | int | float | None) for value in step.sets.values())
    return plain and not spent and step.extends is None


class _Prepared:
    """A step that may be taken, with everything about it that is the same for every case."""

    def __init__(
        self,
        programme: Programme,
        step: Transition,
        actor: Actor,
        post: Post,
        calendar: Calendar,
    ) -> None:
        self.programme, self.step, self.actor = programme, step, actor
        self.doer = Doer(actor.id, post.role, post.unit)
        names = dict.fromkeys(need.field for need in step.needs)
        self.fields = tuple(programme.fields[name] for name in names)
        self.asked = frozenset(names)
        self.required = tuple(need for need in step.needs if need.required)
        self.clocks = tuple(
            Starting(programme, step, programme.clocks[name], calendar) for name in step.starts
        )
        self.target = target_of(programme, step, None)
        self.ends = programme.states[self.target].kind.is_end

    def answered(self, raw: Mapping[str, object], now: datetime) -> dict[str, Json] | None:
        """Return the checked answers with what the step sets; ``None`` if one does not pass."""
        if not raw.keys() <= self.asked:
            return None
        answers: dict[str, Json] = {}
        try:
            for field in self.fields:
                given = raw.get(field.name)
                value = None if given is None else checked(field, given, self.programme.lists, now)
                if value is not None:
                    answers[field.name] = value
        except Wrong:
            return None
        if any(_is_lacking(need, answers, now) for need in self.required):
            return None
        return answers | self.step.sets if self.step.sets else answers  # type: ignore[operator]

    def decided(self, command: Command, answers: Mapping[str, Json], now: datetime) -> Decision:
        """Return the decision; the obstacles that answers can be are asked as ever."""
        programme, step = self.programme, self.step
        without_interest(programme, step, None, answers)
        if step.when is not None:
            given = {name: value for name, value in answers.items() if name not in step.sets}
            condition_met(programme, step, Seen(None, given, now), self.actor)
        if programme.phases:
            phases_complete(programme, step, Seen(None, answers, now))
        private = tuple(self._private(command, answers, now))
        fact = self._fact(command, answers, private, now)
        return Decision(fact, private, parts_of(step, None, command.id, answers))

    def _private(
        self, command: Command, answers: Mapping[str, Json], now: datetime
    ) -> Iterator[Private]:
        wall, fields = self.programme.wall, self.programme.fields
        is_up = wall is not None and wall.when.holds(Seen(None, answers, now))
        walled = wall.fields if wall is not None and is_up else ()
        for name, value in answers.items():
            if value is not None and fields[name].personal:
                salt = salt_for(command.secret, command.id, name)
                yield Private(name, value, salt, name in walled)

    def _fact(
        self,
        command: Command,
        answers: Mapping[str, Json],
        private: tuple[Private, ...],
        now: datetime,
    ) -> Fact:
        sealed = {one.field: seal(one.value, one.salt) for one in private}
        return Fact(
            id=command.id,
            case=command.case,
            seq=1,
            act=self.step.name,
            at=now,
            doer=self.doer,
            programme=self.programme.id,
            version=self.programme.version,
            source="",
            target=self.target,
            values={name: value for name, value in answers.items() if name not in sealed},
            sealed=sealed,
            clocks=tuple(
                effect for clock in self.clocks for effect in clock.effects(answers, now)
            ),
            effects=effects_of(self.step, None, command.id, answers, ends=self.ends),
        )


def _is_lacking(need: Need, answers: Mapping[str, Json], now: datetime) -> bool:
    if need.field in answers:
        return False
    return need.when is None or need.when.holds(Seen(None, answers, now))
