"""Every address of the site, taken from its own configuration: a new door cannot be forgotten.

Each route is given values for what it asks for, case by case; a route whose values nobody has
thought of fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from django.urls import URLPattern, URLResolver, get_resolver, reverse

CHANGES = {"account_logout"}
"""Views that change something for whoever merely looks at them."""

QUERIES: Mapping[str, Sequence[str]] = {
    "desk:worklist": ("", "?q={sought}", "?show=ended", "?q={number}"),
    "desk:table": ("", "?q={sought}"),
    "public:newest": ("", "?q={sought}"),
    "public:atom": ("", "?q={sought}"),
    "api:search": ("?q={sought}", "?q={number}"),
    "api:list_cases": ("", "?kind=ended"),
    "api:export_cases": ("", "?format=ndjson", "?kind=ended"),
    "api:area_at": ("?lon=122.505&lat=35.505",),
    "open311:requests": ("", "?extensions=true", "?service_request_id={number}"),
    "open311:request": ("", "?extensions=true"),
    "open311:updates": ("", "?extensions=true"),
}
"""What is asked after an address; nothing, unless it stands here."""


@dataclass(frozen=True)
class Case:
    """What the addresses of one case hold."""

    id: str
    number: str
    programme: str
    keys: tuple[str, ...]
    fields: tuple[str, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """What the other addresses hold."""

    programmes: tuple[str, ...]
    services: tuple[str, ...]
    files: tuple[str, ...]
    token: str
    subscriptions: tuple[str, ...]
    sought: str
    lists: tuple[tuple[str, str], ...] = field(default=())


def names_of(
    resolver: URLResolver, spaces: tuple[str, ...] = (), asked: tuple[str, ...] = ()
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the full name of every view with what its address asks for."""
    for each in resolver.url_patterns:
        here = asked + tuple(each.pattern.regex.groupindex)
        if isinstance(each, URLResolver):
            yield from names_of(
                each, (*spaces, each.namespace) if each.namespace else spaces, here
            )
        elif isinstance(each, URLPattern):
            assert each.name, f"a view without a name: {each}"
            yield ":".join([*spaces, each.name]), here


ROUTES: tuple[tuple[str, tuple[str, ...]], ...] = tuple(
    dict.fromkeys(sorted(names_of(get_resolver())))
)


def values(name: str, asked: str, ground: Ground, case: Case | None) -> Sequence[str]:
    """Return what stands in the place *asked* of the addresses of view *name*.

    Raises:
        LookupError: Nobody has thought of it.
    """
    own: Mapping[tuple[str, str], Sequence[str]] = {
        ("api:read_worklist", "name"): ("mine", "open", "ended"),
        ("api:take_followed_transition", "name"): ("rate",),
        ("api:read_area", "code"): ("991",),
        ("api:read_unit", "code"): ("roads",),
        ("open311:definition", "code"): ground.services,
        ("deadlines:calendar", "token"): (ground.token,),
        ("open311:token", "token"): (case.id if case else "1",),
        ("intake:step", "slug"): ("what", "where", "who"),
        ("account_reset_password_from_key", "key"): ("1-1",),
        ("account_confirm_email", "key"): ("1",),
    }
    every: Mapping[str, Sequence[str]] = {
        "programme": (case.programme,) if case else ground.programmes,
        "number": (case.number,) if case else (),
        "key": case.keys if case else (),
        "field": case.fields if case else (),
        "name": case.steps if case else (),
        "transition": case.steps if case else (),
        "suffix": ("xml", "json"),
        "file": ground.files,
        "uidb36": ("1",),
        "subscription": ground.subscriptions,
        "provider_id": ("house",),
    }
    return own.get((name, asked)) or every[asked]


def addresses(ground: Ground, cases: Sequence[Case]) -> Iterator[tuple[str, Case | None, str]]:
    """Yield every address: the name of its view, the case it is about, if any, and itself."""
    for name, asked in ROUTES:
        if name in CHANGES:
            continue
        wanted = tuple(one for one in asked if one != "test")
        about = {"number", "key", "field", "name", "transition", "token"} & set(wanted)
        is_single = not about or name in ("deadlines:calendar", "api:read_worklist")
        for case in [None] if is_single else cases:
            for address in _of_one(name, wanted, ground, case):
                yield name, case, address


def _of_one(name: str, wanted: Sequence[str], ground: Ground, case: Case | None) -> Iterator[str]:
    if name == "api:read_list":
        pairs = [one for one in ground.lists if case is None or one[0] == case.programme]
        yield from (reverse(name, args=pair) for pair in pairs)
        return
    for given in product(*(values(name, one, ground, case) for one in wanted)):
        address = reverse(name, kwargs=dict(zip(wanted, given, strict=True)))
        for query in QUERIES.get(name, ("",)):
            if "{number}" not in query:
                yield address + query.replace("{sought}", ground.sought)
            elif case:
                yield address + query.replace("{number}", case.number)
