"""Every no that a person can be told has a sentence, in every language."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

import luoshi.actions
import luoshi.kernel
from luoshi.actions.sentences import (
    ANSWERS,
    REFUSALS,
    problem_sentence,
    refusal_sentence,
)
from luoshi.apps.look.reference import sentences_page
from luoshi.kernel.answers import missing
from luoshi.kernel.errors import FieldProblem, Refused, TooOften
from luoshi.kernel.programme import Field, FieldType

ROOT = Path(__file__).parents[3]
CODE = re.compile(r"[a-z_]+\.[a-z_]+")
PLACE = re.compile(r"%\((\w+)\)s")


def _refusals() -> set[str]:
    for package in (luoshi.kernel, luoshi.actions):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(found.name)
    seen: set[str] = set()
    waiting = [Refused]
    while waiting:
        one = waiting.pop()
        seen.add(one.code)
        waiting += one.__subclasses__()
    return seen


def _answer_codes() -> Iterator[str]:
    """Yield the codes given to ``Wrong`` and ``FieldProblem``, and returned by the checks."""
    for file in ("kernel/answers.py", "kernel/transition.py", "actions/arrivals.py"):
        tree = ast.parse((ROOT / "src/luoshi" / file).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield from [node.value] if CODE.fullmatch(node.value) else []


@pytest.mark.parametrize("code", sorted(_refusals()))
def test_every_refusal_has_a_sentence(code: str) -> None:
    assert code in REFUSALS


@pytest.mark.parametrize("code", sorted({*_answer_codes(), "unit.unknown", "area.unknown"}))
def test_every_problem_of_an_answer_has_a_sentence(code: str) -> None:
    assert code in ANSWERS


@pytest.mark.parametrize("code", sorted({*ANSWERS, *REFUSALS}))
def test_every_sentence_is_there_in_both_languages_with_the_same_facts(code: str) -> None:
    sentence = {**REFUSALS, **ANSWERS}[code]
    with override("en"):
        english = str(sentence)
    with override("zh-hans"):
        chinese = str(sentence)
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert not re.search(r"[\u4e00-\u9fff]", english)
    assert set(PLACE.findall(english)) == set(PLACE.findall(chinese))


def test_facts_stand_in_the_sentence() -> None:
    with override("en"):
        told = problem_sentence(FieldProblem("x", "text.too_long", {"most": 60, "length": 71}))
        assert told == "This is 71 characters long; at most 60 are possible"
        range_ = FieldProblem("x", "number.range", {"least": 1.0, "most": 10.0})
        assert problem_sentence(range_) == "Please write a number from 1 to 10"
        open_end = FieldProblem("x", "number.range", {"least": 1.0, "most": None})
        assert problem_sentence(open_end) == "Please write a number of at least 1"
        open_start = FieldProblem("x", "number.range", {"least": None, "most": 2.5})
        assert problem_sentence(open_start) == "Please write a number of at most 2.5"
        refused = TooOften(transition="x", at_most=2, done=2)
        assert refusal_sentence(refused) == "This has been done as often as it may be: 2 times"


@pytest.mark.parametrize(
    ("kind", "english", "chinese"),
    [
        (FieldType.TEXT, "Please fill this in", "请填写"),
        (FieldType.PHONE, "Please fill this in", "请填写"),
        (FieldType.CHOICE, "Please choose", "请选择"),
        (FieldType.CHOICES, "Please choose", "请选择"),
        (FieldType.UNIT, "Please choose", "请选择"),
        (FieldType.DATE, "Please choose", "请选择"),
        (FieldType.FILES, "Please attach a photo or a file", "请上传照片或文件"),
    ],
)
def test_what_is_missing_is_asked_for_as_it_is_answered(
    kind: FieldType, english: str, chinese: str
) -> None:
    problem = missing(Field("x", kind, {"en": "X"}))
    for language, told in (("en", english), ("zh-hans", chinese)):
        with override(language):
            assert problem_sentence(problem) == told
    with override("en"):
        assert problem_sentence(FieldProblem("x", "field.missing")) == "Please fill this in"


def test_an_unknown_code_or_a_missing_fact_is_still_a_sentence() -> None:
    with override("en"):
        assert problem_sentence(FieldProblem("x", "new.code")) == "This is not possible now"
        assert problem_sentence(FieldProblem("x", "choice.too_many")) == "Please choose at most "


def test_the_reference_page_is_up_to_date() -> None:
    kept = (ROOT / "docs/reference/sentences.md").read_text(encoding="utf-8")
    assert kept == sentences_page(), (
        "run: python -m luoshi.apps.look.reference > docs/reference/sentences.md"
    )
