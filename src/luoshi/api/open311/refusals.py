"""Refusals: how this door says no, in the two languages of the house.

Each problem is one ``error`` with the status as its code, and a sentence that a person can be
shown; the stable code of the house stands behind it in brackets.

Terms    refusal 拒绝
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils import translation

from luoshi.actions.sentences import ANSWERS, REFUSALS, problem_sentence
from luoshi.kernel.errors import FieldProblem
from luoshi.kernel.limit import Labels
from luoshi.kernel.programme import label


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way; ``parameter`` is what the client calls it."""

    code: str
    parameter: str = ""
    data: Mapping[str, object] = field(default_factory=dict)


class Stop(Exception):
    """The request is refused with *status*, for one or several reasons."""

    def __init__(
        self, status: int, *problems: Problem, headers: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.problems = problems
        self.headers = headers or {}
        super().__init__(", ".join(problem.code for problem in problems))


def missing(*parameters: str) -> Stop:
    """Return the refusal of a request that lacks *parameters*."""
    return Stop(400, *(Problem("field.missing", name) for name in parameters))


def _both(zh: str, en: str) -> Labels:
    return {"zh-Hans": zh, "en": en}


SENTENCES: Mapping[str, Labels] = {
    "key.wrong": _both(
        "需要有效的 api_key；请向本服务的管理者申请",
        "A valid api_key is needed; ask whoever runs this service for one",
    ),
    "key.read_only": _both("此密钥不能提交诉求", "This key may not send requests"),
    "key.too_fast": _both("提交太快，请稍后再试", "Too many requests; try again in a minute"),
    "method.refused": _both("此地址不支持这种方法", "This address does not take this method"),
    "form.broken": _both("表单无法读取", "The form cannot be read"),
    "suffix.unknown": _both(
        "没有这个地址；地址以 .xml 或 .json 结尾",
        "There is no such address; addresses end in .xml or .json",
    ),
    "jurisdiction.unknown": _both("没有这个辖区", "There is no such jurisdiction"),
    "service.unknown": _both("没有这项服务", "There is no such service"),
    "service.plain": _both("这项服务没有附加问题", "This service asks no further questions"),
    "token.unknown": _both("没有这个凭证", "There is no such token"),
    "case.not_found": _both("没有这件诉求", "There is no such request"),
    "place.missing": _both(
        "请给出位置：lat 和 long，或 address_string，或 address_id",
        "A place is needed: lat and long, or address_string, or address_id",
    ),
    "place.half": _both("lat 和 long 须同时给出", "lat and long are only taken together"),
    "update.not_now": _both("这件诉求现在不能补充", "Nothing can be added to this request now"),
    "range.far": _both(
        "翻页过深，请沿 X-Next-Page-URL 继续",
        "This page lies too far on; follow X-Next-Page-URL instead",
    ),
    "bbox.invalid": _both("bbox 应为 西,南,东,北", "bbox is west,south,east,north"),
    "status.unknown": _both("status 只能是 open、closed", "status is open or closed"),
    "url.invalid": _both("应为 http 或 https 地址", "This should be an http or https address"),
}
"""What only this door says; everything else is said in the words of the house."""


def told(problem: Problem, language: str) -> str:
    """Return *problem* as a sentence, with the parameter before and the stable code behind it."""
    name = f"{problem.parameter}: " if problem.parameter else ""
    return f"{name}{_sentence(problem, language)} ({problem.code})"


def _sentence(problem: Problem, language: str) -> str:
    if problem.code in SENTENCES:
        return label(SENTENCES[problem.code], language)
    with translation.override(language.lower()):
        if problem.code in ANSWERS:
            return problem_sentence(FieldProblem("", problem.code, problem.data))
        return str(REFUSALS.get(problem.code, REFUSALS["refused"])) % _Facts(problem.data)


class _Facts(dict[str, object]):
    """Facts of a refusal; one that is not there leaves an empty place, never an error."""

    def __missing__(self, _: str) -> str:
        return ""


def errors_out(status: int, problems: Iterable[Problem], language: str) -> list[dict[str, object]]:
    """Return *problems* as the standard lists them."""
    return [{"code": str(status), "description": told(one, language)} for one in problems]


def problems_of(
    problems: Iterable[FieldProblem], called: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Return problems of fields under the names by which the client gave them."""
    return tuple(
        Problem(one.code, called.get(one.field, f"attribute[{one.field}]"), one.data)
        for one in problems
    )
