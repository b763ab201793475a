"""Questions: the answers that a step asks for, as people fill them in.

Every form of every screen is made here from the programme: labels, hints, choices, what must be
given. What comes back is handed on as it was written; the kernel checks it.

Terms    question 填报项 · problem 错误
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.utils.datastructures import MultiValueDict
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext, ngettext

from luoshi.actions.sentences import problem_sentence
from luoshi.apps.look.language import words
from luoshi.apps.look.options import FEW, Group, groups_of
from luoshi.apps.look.typed import meant_by, shown_again, typed_in
from luoshi.kernel.duration import Period
from luoshi.kernel.errors import FieldProblem
from luoshi.kernel.programme import Choice, Field, FieldType, Programme, Transition

LONG_TEXT = 10_000
"""Characters of a refused text that are shown again; nobody typed more than this."""


@dataclass(frozen=True)
class Question:
    """One question: what is asked, what was answered, and what is wrong with it."""

    field: Field
    lists: Mapping[str, Mapping[str, Choice]]
    required: bool = False
    value: object = None
    problem: str = ""
    pictures: str = ""

    @property
    def name(self) -> str:
        """Name of the control."""
        return self.field.name

    @property
    def label(self) -> str:
        """The question itself."""
        return words(self.field.labels)

    @property
    def hint(self) -> str:
        """What helps to answer it."""
        return words(self.field.hint)

    @property
    def why(self) -> str:
        """For personal answers: what they are for, and how long they are kept."""
        if not self.field.personal or self.field.keep is None:
            return ""
        return gettext(
            "What for: %(purpose)s. Kept for %(period)s after the end, then deleted."
        ) % {
            "purpose": words(self.field.purpose),
            "period": period_words(self.field.keep),
        }

    @property
    def control(self) -> str:
        """Which control answers it: the name of a template under ``look/controls``."""
        kind = self.field.type
        if kind in (FieldType.CODE, FieldType.CHOICE):
            if len(self.groups) > 1:
                return "tree"
            return "radios" if sum(len(one.options) for one in self.groups) <= FEW else "select"
        return CONTROLS[kind]

    @property
    def control_template(self) -> str:
        """Template of the control."""
        return f"look/controls/{self.control}.html"

    @property
    def chosen(self) -> tuple[str, ...]:
        """What is ticked, where several may be."""
        return tuple(map(str, self.value)) if isinstance(self.value, list | tuple) else ()

    @property
    def open_group(self) -> str | None:
        """Code of the group that holds the answer."""
        return next((one.code for one in self.groups if one.holds(self.value)), None)

    @property
    def input_type(self) -> str:
        """``type`` of an ``<input>``; what a phone shows as keyboard."""
        return INPUTS.get(self.field.type, "text")

    @property
    def autocomplete(self) -> str:
        """What the browser may fill in by itself."""
        return AUTOCOMPLETE.get(self.field.type, "off")

    @property
    def most(self) -> int | None:
        """Most characters, where the programme says."""
        return int(self.field.most) if self.field.most else None

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """What may be chosen."""
        return groups_of(self.field, self.lists)

    @property
    def text(self) -> str:
        """The answer as it stands in a text control."""
        if self.field.type is FieldType.MOMENT and isinstance(self.value, str):
            return shown_again(self.value[:LONG_TEXT], get_current_timezone())
        return "" if self.value is None else str(self.value)[:LONG_TEXT]

    @property
    def described_by(self) -> str:
        """Ids of what a screen reader should read with the control."""
        parts = [("hint", self.hint), ("why", self.why), ("wrong", self.problem)]
        return " ".join(f"{self.name}-{part}" for part, there in parts if there)

    @property
    def is_yes(self) -> bool:
        """Was yes answered?"""
        return self.value is True or str(self.value).lower() in ("yes", "true", "1", "on")

    @property
    def is_grouped(self) -> bool:
        """Does it need a ``<fieldset>``, being several controls?"""
        return self.control in ("tree", "radios", "checks", "point", "files")


CONTROLS: Mapping[FieldType, str] = {
    FieldType.LINE: "line",
    FieldType.NAME: "line",
    FieldType.PHONE: "line",
    FieldType.EMAIL: "line",
    FieldType.ADDRESS: "line",
    FieldType.NUMBER: "line",
    FieldType.DATE: "line",
    FieldType.MOMENT: "line",
    FieldType.TEXT: "text",
    FieldType.CHOICES: "checks",
    FieldType.YES_NO: "yes",
    FieldType.POINT: "point",
    FieldType.AREA: "select",
    FieldType.UNIT: "select",
    FieldType.UNITS: "checks",
    FieldType.CASE: "line",
    FieldType.FILES: "files",
}
INPUTS: Mapping[FieldType, str] = {
    FieldType.PHONE: "tel",
    FieldType.EMAIL: "email",
    FieldType.DATE: "date",
    FieldType.MOMENT: "datetime-local",
}
AUTOCOMPLETE: Mapping[FieldType, str] = {
    FieldType.NAME: "name",
    FieldType.PHONE: "tel",
    FieldType.EMAIL: "email",
}


def questions_of(
    programme: Programme,
    names: Iterable[str],
    required: Iterable[str],
    answers: Mapping[str, object],
    problems: Iterable[FieldProblem] = (),
) -> tuple[Question, ...]:
    """Return the questions for the fields *names* of *programme*, with what was answered."""
    needed = set(required)
    fields = programme.fields
    wrong = {one.field: problem_sentence(one) for one in problems}
    return tuple(
        Question(
            fields[name],
            programme.lists,
            name in needed,
            answers.get(name),
            wrong.get(name, ""),
        )
        for name in names
    )


def asked_by(transition: Transition) -> tuple[str, ...]:
    """Return the names of the fields that *transition* asks for, in order."""
    return tuple(dict.fromkeys(need.field for need in transition.needs))


def required_by(transition: Transition) -> frozenset[str]:
    """Return the names of the fields that must always be given."""
    return frozenset(n.field for n in transition.needs if n.required and n.when is None)


def answers_in(
    post: MultiValueDict[str, str], programme: Programme, names: Iterable[str]
) -> dict[str, object]:
    """Return what *post* answers to the fields *names*, as it was written."""
    zone = get_current_timezone()
    fields = [programme.fields[name] for name in names]
    return {one.name: meant_by(one, typed_in(post, one), zone) for one in fields}


def period_words(period: Period) -> str:
    """Return how long something is kept, in words: ``2 years``."""
    parts = []
    years, months = divmod(period.months, 12)
    if years:
        parts.append(ngettext("%(n)s year", "%(n)s years", years) % {"n": years})
    if months:
        parts.append(ngettext("%(n)s month", "%(n)s months", months) % {"n": months})
    if period.days or not parts:
        parts.append(ngettext("%(n)s day", "%(n)s days", period.days) % {"n": period.days})
    return " ".join(parts)
