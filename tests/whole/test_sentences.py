"""Every code with which an act or an answer can be refused has a sentence, in both languages."""

from __future__ import annotations

import re

import pytest
from django.utils.translation import override
from tests.whole.tree import ROOT, read, texts

from luoshi.actions.sentences import ANSWERS, REFUSALS
from luoshi.apps.look.reference import sentences_page
from luoshi.kernel.errors import Refused

PROBLEM = re.compile(r"(?:FieldProblem\(\s*[^,()]+,\s*|Wrong\(\s*)\"([a-z_]+\.[a-z_]+)\"")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
OF_FILES = ("row.",)  # told by the import, in its report


def refusals(parent: type[Refused] = Refused) -> list[type[Refused]]:
    """Return every class of refusal."""
    return [parent, *(each for child in parent.__subclasses__() for each in refusals(child))]


def test_every_refusal_has_a_sentence() -> None:
    assert len(refusals()) > 10
    codes = {each.code for each in refusals() if each.__module__.startswith("luoshi.")}
    assert sorted(codes - set(REFUSALS) - set(ANSWERS)) == []


def test_every_problem_with_an_answer_has_a_sentence() -> None:
    used = {
        code
        for path in texts("src/luoshi/kernel", "src/luoshi/actions", "src/luoshi/apps")
        if path.suffix == ".py"
        for code in PROBLEM.findall(read(path))
        if not code.startswith(OF_FILES)
    }
    assert len(used) > 10
    assert sorted(used - set(ANSWERS)) == []


@pytest.mark.parametrize("code", sorted({*ANSWERS, *REFUSALS}))
def test_a_sentence_is_chinese_in_chinese_and_names_the_same_facts(code: str) -> None:
    sentence = ANSWERS.get(code) or REFUSALS[code]
    with override("zh-hans"):
        chinese = str(sentence)
    with override("en"):
        english = str(sentence)
    assert CHINESE.search(chinese), chinese
    assert not CHINESE.search(english), english
    facts = re.compile(r"%\((\w+)\)s")
    assert set(facts.findall(chinese)) == set(facts.findall(english))


def test_the_page_of_sentences_is_up_to_date() -> None:
    written = read(ROOT / "docs/reference/sentences.md")
    assert written == sentences_page(), "run python -m luoshi.apps.look.reference"
