"""Fields: what is personal is known to be, and every answer that is asked for can be given."""

from __future__ import annotations

from collections.abc import Iterator

from luoshi.kernel.checks.rule import Rule, need_path
from luoshi.kernel.errors import Problem
from luoshi.kernel.programme import FREE_TEXT, Field, FieldType, Programme, Relation

WRITTEN = FREE_TEXT | {FieldType.PHONE, FieldType.EMAIL}
CHOSEN = frozenset({FieldType.CODE, FieldType.CHOICE, FieldType.CHOICES})
FOR_THE_PUBLIC = frozenset({FieldType.LINE, FieldType.TEXT, FieldType.FILES})
COUNTED = frozenset({FieldType.CHOICES, FieldType.FILES})


def written_answers_are_personal(programme: Programme) -> Iterator[Problem]:
    """Where a person can write anything, the answer is personal or is public wording."""
    for field in programme.fields.values():
        known = field.personal or field.reviewed or field.credit_code
        if field.type in WRITTEN and not known:
            said = (
                f"a {field.type} can hold anything about anybody; add personal: true with purpose "
                "and keep, or reviewed: true when it is wording for the public"
            )
            yield Problem("field.not_personal", said, f"fields.{field.name}")


def files_of_requesters_are_personal(programme: Programme) -> Iterator[Problem]:
    """A photograph that a requester sends can show faces, doors and number plates."""
    outside = {
        role.name for role in programme.roles.values() if role.relation is Relation.REQUESTER
    }
    sent = {
        need.field
        for step in programme.transitions.values()
        if outside & set(step.by)
        for need in step.needs
    }
    for field in programme.fields.values():
        known = field.personal or field.reviewed
        if field.type is FieldType.FILES and field.name in sent and not known:
            said = (
                "a requester sends it, and a photograph can show anybody; add personal: true with "
                "purpose and keep"
            )
            yield Problem("field.not_personal", said, f"fields.{field.name}")


def personal_fields_say_how_long(programme: Programme) -> Iterator[Problem]:
    """A personal field is kept for a stated time; other fields need none."""
    for field in programme.fields.values():
        if field.personal and field.keep is None:
            said = "is personal and does not say how long it is kept; add keep: 2 years"
            yield Problem("field.no_keep", said, f"fields.{field.name}")


def public_wording_is_text(programme: Programme) -> Iterator[Problem]:
    """Only lines, texts and files are made for the public, and never what is personal."""
    for field in programme.fields.values():
        if field.reviewed and (field.personal or field.type not in FOR_THE_PUBLIC):
            said = (
                "reviewed is for lines, texts and files that are not personal; remove one of the "
                "two"
            )
            yield Problem("field.reviewed", said, f"fields.{field.name}.reviewed")


def credit_codes_are_lines(programme: Programme) -> Iterator[Problem]:
    """Only a line is a credit code; it names an organisation and is therefore not personal."""
    for field in programme.fields.values():
        if field.credit_code and (field.personal or field.type is not FieldType.LINE):
            said = "credit_code is for lines that are not personal; remove one of the two"
            yield Problem("field.credit_code", said, f"fields.{field.name}.credit_code")


def choices_have_lists(programme: Programme) -> Iterator[Problem]:
    """A choice has a list, and nothing else has one."""
    for field in programme.fields.values():
        if (field.type in CHOSEN) != bool(field.choices):
            said = (
                "is chosen from a list; add list: …"
                if field.type in CHOSEN
                else f"a {field.type} takes no list; remove it, or make the field a choice"
            )
            yield Problem("field.list", said, f"fields.{field.name}")


def bounds_leave_room(programme: Programme) -> Iterator[Problem]:
    """The least is not above the most."""
    for field in programme.fields.values():
        least, most = field.least, field.most
        if least is not None and most is not None and least > most:
            said = f"at least {least:g} and at most {most:g} leaves nothing; mend one of them"
            yield Problem("field.bounds", said, f"fields.{field.name}.least")


def needed_answers_can_be_given(programme: Programme) -> Iterator[Problem]:
    """A field that a transition needs can be answered."""
    for step in programme.transitions.values():
        for need in step.needs:
            field = programme.fields.get(need.field)
            if field is None or not need.required:
                continue
            if _is_empty(programme, field) or _forbids_any(field):
                said = (
                    f"asks for {need.field!r}, which nobody can answer: nothing is allowed there"
                )
                yield Problem("need.impossible", said, need_path(step, need))


def _is_empty(programme: Programme, field: Field) -> bool:
    return field.choices in programme.lists and not programme.lists[field.choices]


def _forbids_any(field: Field) -> bool:
    return field.type in WRITTEN | COUNTED and field.most is not None and field.most < 1


def one_unit_holds_the_case(programme: Programme) -> Iterator[Problem]:
    """At most one field names the handling unit, and it names a unit."""
    holders = [field for field in programme.fields.values() if field.holder]
    for field in holders[1:]:
        said = f"{holders[0].name!r} names the handling unit already; keep one"
        yield Problem("field.holder", said, f"fields.{field.name}.holder")
    for field in holders[:1]:
        if field.type is not FieldType.UNIT:
            said = "names the handling unit and is therefore of type unit"
            yield Problem("field.holder", said, f"fields.{field.name}.type")


def relations_can_be_told(programme: Programme) -> Iterator[Problem]:
    """A role of the own unit or area has a field that says which unit or area that is."""
    has_area = any(field.type is FieldType.AREA for field in programme.fields.values())
    for role in programme.roles.values():
        place = f"roles.{role.name}.relation"
        if role.relation is Relation.OWN_UNIT and not programme.holder_field:
            said = "no field says whose case it is; mark a unit field with holder: true"
            yield Problem("role.no_holder", said, place)
        if role.relation is Relation.OWN_AREA and not has_area:
            said = "no field says where the case is; add a field of type area"
            yield Problem("role.no_area", said, place)


RULES: tuple[Rule, ...] = (
    written_answers_are_personal,
    files_of_requesters_are_personal,
    personal_fields_say_how_long,
    public_wording_is_text,
    credit_codes_are_lines,
    choices_have_lists,
    bounds_leave_room,
    needed_answers_can_be_given,
    one_unit_holds_the_case,
    relations_can_be_told,
)
