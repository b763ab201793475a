"""How often what happens to a request to the hotline; invented, and of the size people report."""

from __future__ import annotations

from luoshi.demo.cast import Ending, Pair

CHANCES: dict[str, float] = {
    "declined": 0.04,
    "emergency": 0.012,
    "on_spot": 0.62,  # of questions
    "wrong_unit": 0.07,
    "wrong_again": 0.2,
    "noticed": 0.3,  # of those routed to a wrong unit
    "designated": 0.25,
    "slow_desk": 0.04,
    "slow_receipt": 0.05,
    "slow_contact": 0.03,
    "slow_decision": 0.1,
    "slow_call": 0.05,
    "late": 0.03,
    "extension": 0.07,
    "granted": 0.72,
    "termination": 0.02,
    "terminated": 0.6,
    "escalation": 0.018,
    "meeting": 0.35,
    "explained": 0.14,
    "unsolved": 0.1,
    "missed": 0.22,
    "given_up": 0.6,
    "redone": 0.6,
    "overruled": 0.35,
    "added": 0.09,
    "withdrawn": 0.018,
    "reopening": 0.035,
    "reopened": 0.55,
    "urged": 0.55,
    "supervised": 0.4,
    "rated": 0.16,
    "published": 0.52,
    "unpublished": 0.02,
    "photographed": 0.14,
    "proved": 0.14,
    "classified": 0.6,
    "merged": 0.8,  # of those about a matter that is open already
    "parted": 0.04,
    "released": 0.02,
    "left": 0.02,
    "joint": 0.05,
    "third_unit": 0.4,
    "not_theirs": 0.12,
    "dropped": 0.3,
    "waived": 0.1,
    "long": 0.25,  # of those who ask for more time
    "checked": 0.7,  # of those drawn
    "spot_failed": 0.2,
    "appealed": 0.3,  # of those answered late
    "upheld": 0.4,
    "revoked": 0.15,
    "looked": 0.2,  # of those whose reporter is kept apart
    "decided": 0.6,
}
"""Each event with its share of the cases in which it could happen."""

FATES: tuple[frozenset[str], ...] = tuple(
    frozenset(names.split())
    for names in (
        "declined",
        "emergency",
        "classified published rated",
        "wrong_unit",
        "wrong_unit designated",
        "wrong_unit wrong_again",
        "wrong_unit noticed",
        "extension granted",
        "extension long granted published",
        "extension explained",
        "termination terminated",
        "termination published unpublished",
        "escalation",
        "escalation meeting proved",
        "missed given_up",
        "unsolved redone",
        "unsolved",
        "unsolved overruled",
        "added photographed",
        "withdrawn",
        "reopening reopened",
        "reopening",
        "late urged supervised slow_receipt slow_contact",
        "late appealed upheld published",
        "late appealed upheld revoked",
        "late appealed",
        "joint third_unit waived published",
        "joint slow_receipt published rated",
        "joint not_theirs",
        "joint not_theirs dropped",
        "checked spot_failed",
        "slow_desk",
    )
)
"""Fates given to the first cases, so that even a short story shows every step."""

PAIRS: tuple[Pair, ...] = tuple(
    Pair(frozenset(main.split()), frozenset(f"merged {follower}".split()), *stay, days)
    for main, follower, stay, days in (
        ("slow_contact", "", ("", ""), 0),
        ("slow_contact", "parted", ("", ""), 0),
        ("slow_contact", "left", ("", ""), 0),
        ("slow_contact", "released", ("", ""), 0),
        ("slow_desk on_spot", "", ("", ""), 0),
        ("slow_contact", "", ("handling", "merged"), 3.0),
    )
)
"""Two people with one matter: what happens to the first and to the second."""

ENDINGS: tuple[Ending, ...] = tuple(
    Ending(stays, frozenset(names.split()), days)
    for stays, names, days in (
        ("accepted", "", 0.03),
        ("dispatched", "", 0.6),
        ("handling", "added", 4),
        ("returned", "wrong_unit", 4),
        ("extension_asked", "extension", 6),
        ("termination_asked", "termination", 6),
        ("escalated", "escalation", 7),
        ("before_meeting", "escalation meeting", 20),
        ("answered", "", 9),
        ("called_back", "unsolved", 12),
        ("under_review", "unsolved", 14),
        ("reopen_asked", "reopening", 22),
        ("exemption_asked", "late appealed", 29),
    )
)
"""One case for every open state, so that everybody finds something to do."""
