"""Sentences are found where they are written, and none is left in English only."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from luoshi.config import translations
from luoshi.config.sentences import Sentence, in_python, in_template

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
HEAD += '"Plural-Forms: nplurals=1; plural=0;\\n"\n'


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('_("Ask")', [Sentence("Ask")]),
        ('gettext_lazy("Ask" " now")', [Sentence("Ask now")]),
        (
            't.ngettext("%(n)d case", "%(n)d cases", n)',
            [Sentence("%(n)d case", "", "%(n)d cases")],
        ),
        ('pgettext("verb", "close")', [Sentence("close", context="verb")]),
        ('print("not for people")', []),
    ],
)
def test_sentences_in_code_are_found(source: str, found: list[Sentence]) -> None:
    assert list(in_python(source)) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% load i18n %}<p>{% translate "Ask (now)" %}</p>', [Sentence("Ask (now)")]),
        ("{% blocktranslate %}Due {{ day }}{% endblocktranslate %}", [Sentence("Due %(day)s")]),
        ('{% include "a.html" with title=_("Ask") %}', [Sentence("Ask")]),
        ('{% translate "close" context "verb" %}', [Sentence("close", context="verb")]),
        (
            "{% blocktranslate count n=n %}{{ n }} case{% plural %}many{% endblocktranslate %}",
            [Sentence("%(n)s case", plural="many")],
        ),
        ("<p>not for (people)</p>", []),
    ],
)
def test_sentences_in_templates_are_found(source: str, found: list[Sentence]) -> None:
    assert list(in_template(source)) == found


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "locale/zh_Hans/LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "view.py").write_text('_("Ask")\n')
    (tmp_path / "locale/zh_Hans/LC_MESSAGES/django.po").write_text(HEAD, encoding="utf-8")
    return tmp_path


def test_a_new_sentence_is_gathered_missed_translated_and_compiled(package: Path) -> None:
    locale = package / "locale"
    catalogue = locale / "zh_Hans/LC_MESSAGES/django.po"
    assert translations.missing(package, locale) == ["zh_Hans: 'Ask'"]
    assert translations.gather(package, locale) == 1
    assert translations.missing(package, locale) == ["zh_Hans: 'Ask'"]
    done = catalogue.read_text(encoding="utf-8").replace(
        'msgid "Ask"\nmsgstr ""', 'msgid "Ask"\nmsgstr "提出诉求"'
    )
    catalogue.write_text(done, encoding="utf-8")
    assert translations.missing(package, locale) == []
    assert translations.gather(package, locale) == 0
    assert translations.compile_all(locale) == 1
    with catalogue.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Ask") == "提出诉求"


def test_a_sentence_nobody_uses_is_dropped(package: Path) -> None:
    locale = package / "locale"
    translations.gather(package, locale)
    (package / "view.py").write_text("")
    translations.gather(package, locale)
    assert '"Ask"' not in (locale / "zh_Hans/LC_MESSAGES/django.po").read_text(encoding="utf-8")


def test_an_app_with_a_catalogue_keeps_its_own_sentences(package: Path) -> None:
    (package / "apps/look/locale/zh_Hans/LC_MESSAGES").mkdir(parents=True)
    (package / "apps/look/view.py").write_text('_("Look")\n_("Ask")\n')
    own = package / "apps/look/locale/zh_Hans/LC_MESSAGES/django.po"
    own.write_text(HEAD, encoding="utf-8")
    assert translations.missing(package, package / "locale") == ["zh_Hans: 'Ask'"]
    found = translations.missing(package / "apps/look", package / "apps/look/locale")
    assert found == ["zh_Hans: 'Ask'", "zh_Hans: 'Look'"]
