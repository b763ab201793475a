"""Questions: the form of a step, made from what its transition needs.

Every type of field has one way to be asked and one way to be read back. What came with the form is
shown again as it was typed, whatever became of it.

Terms    question 问题 · need 需填项
Units    moments are typed in the zone of the programme's calendar
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext

from luoshi.apps.desk import words
from luoshi.apps.desk.choosing import Option, options
from luoshi.apps.desk.conditions import Rest, asked_when, required_when
from luoshi.apps.desk.proposals import Proposal
from luoshi.apps.look.typed import meant_by, shown_again, typed_in
from luoshi.insight.triage.personal import Hidden
from luoshi.kernel.programme import Field, FieldType, Programme, Transition
from luoshi.kernel.seen import Seen
from luoshi.store.directory import directory

FEW = 5
"""Up to so many choices all stand on the page; more go into a list that can be searched."""

NONE = Proposal()
PREFILLED = frozenset(
    {
        FieldType.CHOICE,
        FieldType.CHOICES,
        FieldType.CODE,
        FieldType.NUMBER,
        FieldType.AREA,
        FieldType.POINT,
    }
)
"""Types that are proposed again as they were answered last; words and files are written anew."""

WIDGETS = {
    FieldType.LINE: "line",
    FieldType.NAME: "line",
    FieldType.ADDRESS: "line",
    FieldType.PHONE: "line",
    FieldType.EMAIL: "line",
    FieldType.TEXT: "text",
    FieldType.CODE: "tree",
    FieldType.UNIT: "tree",
    FieldType.UNITS: "several",
    FieldType.CASE: "line",
    FieldType.AREA: "tree",
    FieldType.CHOICES: "boxes",
    FieldType.NUMBER: "number",
    FieldType.DATE: "date",
    FieldType.MOMENT: "moment",
    FieldType.POINT: "point",
    FieldType.FILES: "files",
}
PLACES = (FieldType.POINT, FieldType.AREA, FieldType.ADDRESS, FieldType.FILES)
INPUT_MODES = {FieldType.PHONE: "tel", FieldType.EMAIL: "email"}


@dataclass(frozen=True, slots=True)
class Question:
    """One question as the page asks it.

    Attributes:
        value: What stands in the input: text, or a pair for points, or keys of files.
        asked, required: Always (``True``) or on a condition that the page follows.
        proposed: The value is a proposal that nobody has confirmed yet.
        hidden: What was hidden in the proposal.
        error: What is wrong with the answer, as a sentence.
    """

    name: str
    widget: str
    kind: FieldType
    label: str
    hint: str = ""
    value: object = ""
    options: tuple[Option, ...] = ()
    asked: Rest = True
    required: Rest = False
    least: float | None = None
    most: float | None = None
    mode: str = ""
    proposed: bool = False
    hidden: tuple[Hidden, ...] = ()
    error: str = ""

    @property
    def id(self) -> str:
        """Id of the control."""
        return f"q-{self.name}"

    @property
    def is_place(self) -> bool:
        """Does it say where something is, or show it?"""
        return self.kind in PLACES

    @property
    def always_required(self) -> bool:
        """Must it be answered, whatever else is answered?"""
        return self.required is True

    @property
    def asked_json(self) -> str:
        """The condition under which it is asked; empty for always."""
        return "" if self.asked is True else json.dumps(self.asked)

    @property
    def required_json(self) -> str:
        """The condition under which it must be answered; empty for always or never."""
        return json.dumps(self.required) if isinstance(self.required, dict) else ""


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one step."""

    questions: tuple[Question, ...] = field(default_factory=tuple)

    @property
    def errors(self) -> list[Question]:
        """Questions whose answers have to be corrected."""
        return [one for one in self.questions if one.error]

    @property
    def has_files(self) -> bool:
        """May files come with the form?"""
        return any(one.widget == "files" for one in self.questions)

    def told(self, errors: Mapping[str, str]) -> Form:
        """Return the form with what is wrong beside each question."""
        named = (replace(one, error=errors.get(one.name, "")) for one in self.questions)
        return Form(tuple(named))


def form_of(
    programme: Programme,
    transition: Transition,
    seen: Seen,
    given: Mapping[str, object],
    zone: ZoneInfo,
    proposals: Mapping[str, Proposal] | None = None,
) -> Form:
    """Return the form of *transition*.

    Args:
        programme: Says how each question is put.
        transition: The step.
        zone: Zone in which moments are typed.
        seen: The case as conditions see it now.
        given: What was typed (``typed``), or what is known and may stand again (``known``).
        proposals: Words that somebody may take over or change, by field.
    """
    names = dict.fromkeys(need.field for need in transition.needs)
    asked = set(names)
    made = []
    for name in names:
        shown = asked_when(transition.needs, name, asked, seen)
        if shown is False:
            continue
        proposal = (proposals or {}).get(name, NONE)
        value = given.get(name, proposal.text)
        question = _question(programme, programme.fields[name], value, zone, seen)
        made.append(
            replace(
                question,
                asked=shown,
                required=required_when(transition.needs, name, asked, seen),
                proposed=bool(proposal.text) and name not in given,
                hidden=proposal.hidden,
            )
        )
    return Form(tuple(made)) if made else Form()


def _question(
    programme: Programme, rule: Field, value: object, zone: ZoneInfo, seen: Seen
) -> Question:
    widget = _widget(programme, rule)
    if rule.type is FieldType.MOMENT:
        value = _local(value, zone, seen.now)
    chooses = widget in ("tree", "radios", "list", "boxes", "several")
    return Question(
        name=rule.name,
        widget=widget,
        kind=rule.type,
        label=words.say(rule.labels),
        hint=words.say(rule.hint) if rule.hint else _catalogued(programme, rule, seen),
        value=value,
        options=tuple(options(programme, rule, value)) if chooses else (),
        least=rule.least,
        most=rule.most,
        mode=INPUT_MODES.get(rule.type, "text"),
    )


def _catalogued(programme: Programme, rule: Field, seen: Seen) -> str:
    """Return which unit the catalogue 派单目录 names for the category; a person decides."""
    category = programme.fields.get(programme.field_of(FieldType.CODE))
    if not rule.holder or category is None:
        return ""
    entry = programme.lists.get(category.choices, {}).get(str(seen.value(category.name)))
    unit = entry.data.get("unit", "") if entry else ""
    if unit not in directory().units:
        return ""
    return gettext("The catalogue names: %(unit)s") % {"unit": words.unit_name(unit)}


def _widget(programme: Programme, rule: Field) -> str:
    if rule.type is FieldType.CHOICE:
        few = len(programme.lists.get(rule.choices, {})) <= FEW
        return "radios" if few else "list"
    return WIDGETS.get(rule.type, "yes-no")


def _local(value: object, zone: ZoneInfo, now: datetime) -> str:
    """Return a moment as the browser's input writes it; now, when nothing was said."""
    return shown_again(str(value or now.isoformat()), zone)


def known(transition: Transition, seen: Seen, programme: Programme) -> dict[str, object]:
    """Return what the case already says and the form may begin with.

    Never who handles it: a step that names the unit names another one.
    """
    found = {}
    for need in transition.needs:
        rule = programme.fields[need.field]
        value = seen.value(rule.name)
        if rule.type in PREFILLED and not rule.personal and value is not None:
            found[rule.name] = value
    return found


def typed(programme: Programme, transition: Transition, sent: QueryDict) -> dict[str, object]:
    """Return what was typed, by field, in the shape in which ``form_of`` shows it again."""
    names = dict.fromkeys(need.field for need in transition.needs)
    return {name: typed_in(sent, programme.fields[name]) for name in names}


def answers(
    programme: Programme, given: Mapping[str, object], zone: ZoneInfo
) -> dict[str, object]:
    """Return what was typed as answers: what was left empty is left out."""
    found = {}
    for name, value in given.items():
        answer = meant_by(programme.fields[name], value, zone)
        if answer not in (None, "", [], {}):
            found[name] = answer
    return found
