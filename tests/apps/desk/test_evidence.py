"""What speaks for or against two cases being one matter, said in words."""

from __future__ import annotations

import pytest
from django.utils import translation

from luoshi.apps.desk.evidence import why
from luoshi.insight.similar import Evidence
from luoshi.store import models
from luoshi.store.directory import forget_directory

pytestmark = pytest.mark.usefixtures("city")


@pytest.mark.parametrize(
    ("evidence", "english", "chinese"),
    [
        (Evidence("area", 3, ("99", "991", "9911")), "in the same grid", "同一网格"),
        (Evidence("area", 2, ("99", "991")), "in the same community", "同一社区（村）"),
        (Evidence("area", 1, ("99",)), "", ""),
        (Evidence("area", 1, ("gone",)), "", ""),
        (Evidence("apart", 2, ("99", "991")), "in different grids", "不在同一网格"),
        (Evidence("apart", 1, ("99",)), "in different communities", "不在同一社区（村）"),
        (Evidence("apart", 0, ()), "in different areas", "不在同一区域"),
        (Evidence("elsewhere", 1.0), "the subjects name different places", "标题所说的地点不同"),
        (
            Evidence("meaning", 1, ("停水", "异味")),
            "both mean: 停水, 异味",
            "意思相同：停水、异味",
        ),
        (Evidence("place", 3.0), "at the same spot", "在同一地点"),
        (Evidence("text", 0.5, ("路灯",)), "", ""),
    ],
)
def test_evidence_is_said_in_both_languages(
    evidence: Evidence, english: str, chinese: str
) -> None:
    with translation.override("en"):
        assert why(evidence) == english
    with translation.override("zh-hans"):
        assert why(evidence) == chinese


@pytest.mark.parametrize(
    ("level", "same", "apart"),
    [
        ("county", "in the same county or district", "in different counties or districts"),
        ("town", "in the same town or subdistrict", "in different towns or subdistricts"),
        ("ward", "", "in different areas"),
    ],
)
def test_every_level_has_its_own_words(level: str, same: str, apart: str) -> None:
    models.Area.objects.filter(code="991").update(level=level)
    forget_directory()
    with translation.override("en"):
        assert why(Evidence("area", 2, ("99", "991"))) == same
        assert why(Evidence("apart", 1, ("99",))) == apart
    forget_directory()
