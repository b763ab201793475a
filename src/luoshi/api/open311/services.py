"""Services: what residents may open here, one for each category of each programme.

A programme that residents may open is one service, or one for each entry of its category list that
has no entries below it. Where the category need not be given, the programme itself is a service
too: for whoever does not know which it is.

Terms    service 服务事项 · service code 服务代码 · category 事项分类
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from luoshi.api.open311.asking import Ask
from luoshi.api.open311.refusals import Problem, Stop
from luoshi.kernel.access import ANYBODY, may_take
from luoshi.kernel.limit import Labels
from luoshi.kernel.programme import (
    Choice,
    Field,
    FieldType,
    Programme,
    Relation,
    Transition,
)
from luoshi.store.programmes import remembered

BETWEEN = "."


@dataclass(frozen=True, eq=False)
class Service:
    """One entry of the list of services.

    Attributes:
        category: Code of its category; empty for the programme as a whole.
        asked: Fields that a resident is asked for on opening, by name.
        required: Names of those that must always be given.
    """

    programme: Programme
    transition: Transition
    category: str
    asked: Mapping[str, Field]
    required: frozenset[str]

    @cached_property
    def code(self) -> str:
        """The service code, always the same text."""
        return service_code(self.programme.id, self.category)

    @cached_property
    def choice(self) -> Choice | None:
        """Its entry in the list of categories."""
        return _choices(self.programme).get(self.category)

    @property
    def name(self) -> Labels:
        """What it is called."""
        return self.choice.labels if self.choice else self.programme.labels

    @cached_property
    def groups(self) -> tuple[Labels, ...]:
        """What its category lies under, the widest first."""
        choices, found, choice = _choices(self.programme), [], self.choice
        while choice and choice.parent in choices:
            choice = choices[choice.parent]
            found.append(choice.labels)
        return tuple(reversed(found))

    def first(self, *kinds: FieldType) -> str:
        """Return the name of the first field of *kinds* that is asked; empty when none is."""
        if len(kinds) == 1:
            return self._first.get(kinds[0], "")
        return next((name for name, one in self.asked.items() if one.type in kinds), "")

    @cached_property
    def _first(self) -> Mapping[FieldType, str]:
        return {one.type: name for name, one in reversed(list(self.asked.items()))}


def service_code(programme: str, category: str) -> str:
    """Return the code of the service for a category of a programme."""
    return f"{programme}{BETWEEN}{category}" if category else programme


@remembered
def _choices(programme: Programme) -> Mapping[str, Choice]:
    field = programme.fields.get(programme.field_of(FieldType.CODE))
    return programme.lists.get(field.choices, {}) if field else {}


def leaves(programme: Programme) -> tuple[str, ...]:
    """Return the categories of *programme* that have none below them."""
    choices = _choices(programme)
    parents = {choice.parent for choice in choices.values()}
    return tuple(code for code in choices if code not in parents)


def services_of(programmes: Iterable[Programme]) -> dict[str, Service]:
    """Return every service of *programmes* by its code, in the order of their files."""
    found: dict[str, Service] = {}
    for programme in programmes:
        found |= _by_code(programme)
    return found


@remembered
def _by_code(programme: Programme) -> dict[str, Service]:
    return {service.code: service for service in _services(programme)}


def _services(programme: Programme) -> Iterator[Service]:
    step = next((one for one in programme.opening if _is_for_all(programme, one)), None)
    if step is None:
        return
    asked = {name: programme.fields[name] for name in _asked(programme, step)}
    required = frozenset(n.field for n in step.needs if n.required and n.when is None)
    category = programme.field_of(FieldType.CODE)
    if category not in asked or category not in required:
        yield Service(programme, step, "", asked, required)
    for code in leaves(programme) if category in asked else ():
        yield Service(programme, step, code, asked, required)


def _is_for_all(programme: Programme, step: Transition) -> bool:
    return bool(may_take(programme, None, step, ANYBODY))


def _asked(programme: Programme, step: Transition) -> Iterator[str]:
    """Yield the names of the fields that a requester is asked for and may see."""
    own = {r.name for r in programme.roles.values() if r.relation is Relation.REQUESTER}
    for need in dict.fromkeys(need.field for need in step.needs):
        seen_by = programme.fields[need].seen_by
        if not seen_by or seen_by & own:
            yield need


def categories_of(service: Service) -> list[tuple[str, str]]:
    """Return the pairs of programme and category whose cases are told of under *service*."""
    own = service.programme.id
    if service.category:
        return [(own, service.category)]
    finer = set(leaves(service.programme)) if _has_finer(service) else set()
    return [(own, ""), *((own, code) for code in _choices(service.programme) if code not in finer)]


def _has_finer(service: Service) -> bool:
    return service.programme.field_of(FieldType.CODE) in service.asked


def code_of(services: Mapping[str, Service], programme: str, category: str) -> str:
    """Return the code of the service under which a case is told of."""
    exact = service_code(programme, category)
    return exact if exact in services else programme


def service_of(ask: Ask, code: str) -> Service:
    """Return the service with that code in the jurisdiction asked.

    Raises:
        Stop: 404, there is none.
    """
    for programme in ask.programmes().values():
        found = _by_code(programme).get(code)
        if found is not None:
            return found
    raise Stop(404, Problem("service.unknown", "service_code"))
