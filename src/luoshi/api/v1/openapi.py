"""The description of the API (OpenAPI 3.1): what ninja cannot know of errors, headers, access.

Terms    description 接口描述
Not here its snapshot in the tree (``snapshot``)
Source   OpenAPI 3.1.0
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from luoshi.api.v1.shapes import Problem

PROBLEM = "application/problem+json"
ALWAYS = {
    401: "Nobody, or somebody whose token is not good",
    403: "Not for this caller",
    404: "There is none, or none you may know of",
    413: "Too big",
    422: "Not in the form asked for, or answers that are wrong",
    429: "Too often",
    503: "The database does not answer",
}
ACTS = {409: "Not as things stand", 412: "The case has moved on; `changes` says how"}
FILES = {409: ACTS[409], 415: "A kind of file that is not taken"}
REFUSALS = {**ALWAYS, **ACTS, **FILES}
KEY = {
    "in": "header", "name": "Idempotency-Key", "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "The same key again is the same act. Without an account: a UUID.",
}  # fmt: skip
MATCH = {
    "in": "header", "name": "If-Match", "required": False,
    "schema": {"type": "string", "pattern": '^("[0-9]{1,9}"|\\*)$'},
    "description": "The ETag of the case as you saw it.",
}  # fmt: skip
TAGGED = ("Case", "Done", "Step", "Steps")
BINARY = {"schema": {"type": "string", "format": "binary"}}
TYPES = {
    "export_cases": ("text/csv", "application/x-ndjson"),
    "read_file": ("*/*",),
    "followed_file": ("*/*",),
}
HEADERS = {
    name: {"description": said, "schema": {"type": "string"}}
    for name, said in (
        ("RateLimit-Limit", "Requests a minute"),
        ("RateLimit-Remaining", "Requests left in this minute"),
        ("RateLimit-Reset", "Seconds until the count begins anew"),
        ("ETag", "The step of the case, quoted"),
    )
}
RATE = {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS if name != "ETag"}
ETAG = {"$ref": "#/components/headers/ETag"}


def described(schema: Any, api: Any) -> Any:
    """Return *schema* with errors, headers and ways to sign in."""
    doors = dict(_doors(api))
    schemas = schema["components"]["schemas"]
    schemas |= _problem_schemas()
    schema["components"]["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "luoshi"},
    }
    for path in schema["paths"].values():
        for operation in path.values():
            _complete(operation, doors[operation["operationId"]])
    schema["components"]["headers"] = HEADERS
    schema["components"]["responses"] = {
        f"Problem{status}": _refusal(said) for status, said in REFUSALS.items()
    }
    schema["servers"] = [{"url": "/"}]
    return schema


def _doors(api: Any) -> Iterator[tuple[str, Any]]:
    for router in api._get_bound_routers():
        for path in router.path_operations.values():
            for operation in path.operations:
                yield api.get_openapi_operation_id(operation), operation


def _problem_schemas() -> dict[str, Any]:
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**shape.pop("$defs"), "Problem": shape}


def _complete(operation: dict[str, Any], known: Any) -> None:
    name = known.view_func.__name__
    operation["operationId"] = name
    scope = known.auth_callbacks[0].scope
    both = [{"bearer": [scope] if scope else []}, {"session": []}]
    operation["security"] = both if scope else [*both, {}]
    _say_content(operation, name)
    acts = name in ("register", "take_transition", "take_followed_transition", "look")
    if acts and name != "look":
        operation["parameters"] += [KEY] if name == "register" else [KEY, MATCH]
    files = FILES if "upload" in name or "piece" in name else {}
    for answer in operation["responses"].values():
        answer["headers"] = {**RATE, **_tag(answer)}
    for status in {**ALWAYS, **(ACTS if acts else {}), **files}:
        operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
    operation["responses"] = {
        str(status): operation["responses"][status] for status in sorted(operation["responses"])
    }


def _say_content(operation: dict[str, Any], name: str) -> None:
    if name in TYPES:
        operation["responses"][200]["content"] = dict.fromkeys(TYPES[name], BINARY)


def _tag(answer: dict[str, Any]) -> dict[str, Any]:
    told = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return {"ETag": ETAG} if str(told.get("$ref", "")).rpartition("/")[2] in TAGGED else {}


def _refusal(said: str) -> dict[str, Any]:
    shape = {"$ref": "#/components/schemas/Problem"}
    return {"description": said, "headers": RATE, "content": {PROBLEM: {"schema": shape}}}
