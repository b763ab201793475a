"""Pages of a report: which questions stand together, whatever the programme asks.

What happened, of which sort, where, with which pictures, and how to reach the person: fields find
their page by their type. A yes-no question goes with the question before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luoshi.apps.intake.offers import Offer
from luoshi.kernel.programme import FieldType


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a report."""

    slug: str
    title: Promise
    lead: Promise
    fields: tuple[str, ...] = ()


WHAT, SORT, WHERE, PHOTOS, REACH = "what", "sort", "where", "photos", "reach"
CHECK = "check"

PLACES: Mapping[FieldType, str] = {
    FieldType.CODE: SORT,
    FieldType.CHOICE: SORT,
    FieldType.CHOICES: SORT,
    FieldType.POINT: WHERE,
    FieldType.ADDRESS: WHERE,
    FieldType.AREA: WHERE,
    FieldType.FILES: PHOTOS,
    FieldType.NAME: REACH,
    FieldType.PHONE: REACH,
    FieldType.EMAIL: REACH,
}
"""Where a type of field belongs; the others belong to what happened."""

PAGES = (
    Page(WHAT, _("What is it about?"), _("Write it the way you would tell it to somebody.")),
    Page(SORT, _("What sort of matter is it?"), _("If you are not sure, leave it to us.")),
    Page(WHERE, _("Where is it?"), _("A point on the map or a few words are enough.")),
    Page(PHOTOS, _("Do you have photos?"), _("One wide picture and one close one help most.")),
    Page(
        REACH,
        _("How can we reach you?"),
        _(
            "You may leave all of this empty and stay anonymous; you can still follow the matter "
            "with its number and query code."
        ),
    ),
)

REACHED = _(
    "So that the unit can get in touch with you. You can also follow the matter with its number "
    "and query code."
)
"""Lead of the last page where nobody can stay anonymous."""


def pages_of(offer: Offer) -> tuple[Page, ...]:
    """Return the pages on which the questions of *offer* stand, without empty ones."""
    held: dict[str, list[str]] = {page.slug: [] for page in PAGES}
    place = WHAT
    for name in offer.asked:
        kind = offer.programme.fields[name].type
        if kind is not FieldType.YES_NO:
            place = PLACES.get(kind, WHAT)
        held[place].append(name)
    return tuple(
        Page(page.slug, page.title, _lead(offer, page), _ordered(offer, held[page.slug]))
        for page in PAGES
        if held[page.slug]
    )


def _lead(offer: Offer, page: Page) -> Promise:
    return REACHED if page.slug == REACH and not offer.may_be_anonymous else page.lead


def _ordered(offer: Offer, names: list[str]) -> tuple[str, ...]:
    """Put the map before the words and the list of areas, otherwise keep the programme's order."""
    late = {FieldType.POINT: 0, FieldType.ADDRESS: 1, FieldType.AREA: 2}
    return tuple(sorted(names, key=lambda name: late.get(offer.programme.fields[name].type, 0)))
