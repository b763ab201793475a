"""Words: everything that people read is there in Chinese and in English, and says its source."""

from __future__ import annotations

from collections.abc import Iterator

from luoshi.kernel.checks.rule import Rule
from luoshi.kernel.errors import Problem
from luoshi.kernel.limit import Labels
from luoshi.kernel.programme import Programme

LANGUAGES = ("zh-Hans", "en")


def labels_in_every_language(programme: Programme) -> Iterator[Problem]:
    """Everything that people read is there in every language."""
    for path, labels in labels_of(programme):
        for language in LANGUAGES:
            if not labels.get(language, "").strip():
                said = f"has no words in {language}; add {language}: …"
                yield Problem("labels.missing", said, path)


def labels_of(programme: Programme) -> Iterator[tuple[str, Labels]]:
    """Yield every set of words of *programme* with its place."""
    yield "labels", programme.labels
    yield "owner", programme.owner
    if programme.about:
        yield "about", programme.about
    yield from _of_fields(programme)
    for name, choices in programme.lists.items():
        for choice in choices.values():
            yield f"lists.{name}.{choice.code}", choice.labels
    for role in programme.roles.values():
        yield f"roles.{role.name}.labels", role.labels
    for state in programme.states.values():
        yield f"states.{state.name}.labels", state.labels
        yield f"states.{state.name}.public", state.public
    yield from _of_steps(programme)
    yield from _of_clocks(programme)


def _of_fields(programme: Programme) -> Iterator[tuple[str, Labels]]:
    for field in programme.fields.values():
        yield f"fields.{field.name}.labels", field.labels
        if field.hint:
            yield f"fields.{field.name}.hint", field.hint
        if field.personal:
            yield f"fields.{field.name}.purpose", field.purpose


def _of_steps(programme: Programme) -> Iterator[tuple[str, Labels]]:
    for step in programme.transitions.values():
        yield f"transitions.{step.name}.labels", step.labels
        if step.done_label:
            yield f"transitions.{step.name}.done_label", step.done_label
    for notice in programme.notices:
        yield f"notices.{notice.name}.text", notice.text
    for hold in programme.holds.values():
        yield f"holds.{hold.name}.labels", hold.labels
    for phase in programme.phases:
        yield f"phases.{phase.name}.labels", phase.labels
    for kind in programme.close_kinds.values():
        yield f"close_kinds.{kind.name}.labels", kind.labels


def _of_clocks(programme: Programme) -> Iterator[tuple[str, Labels]]:
    for clock in programme.clocks.values():
        yield f"clocks.{clock.name}.labels", clock.labels
        for index, limit in enumerate(clock.limits):
            for stage in limit.stages:
                place = f"clocks.{clock.name}.limits[{index}].stages.{stage.name}.labels"
                yield place, stage.labels


def sources_are_named(programme: Programme) -> Iterator[Problem]:
    """The programme and every limit say who says so."""
    if not programme.source.strip():
        yield Problem("source.missing", "names no rule; add source: …", "source")
    for clock in programme.clocks.values():
        for index, limit in enumerate(clock.limits):
            if not limit.source.strip():
                said = "names no source; add source: rule and article, or local"
                place = f"clocks.{clock.name}.limits[{index}]"
                yield Problem("limit.no_source", said, place)


def steps_rest_on_rules(programme: Programme) -> Iterator[Problem]:
    """Every transition names the article or practice that it comes from."""
    for step in programme.transitions.values():
        if not step.rests_on.strip():
            said = "names no rule that it comes from; add rests_on: …"
            yield Problem("transition.no_source", said, f"transitions.{step.name}")


RULES: tuple[Rule, ...] = (labels_in_every_language, sources_are_named, steps_rest_on_rules)
