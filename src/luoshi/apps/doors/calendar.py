"""The page of the calendar of deadlines: its address, what is in it, and how long it is good.

Terms    calendar of deadlines 时限日历 · signed address 签名地址
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from luoshi.actions.own_account import account_of
from luoshi.apps.look.language import words
from luoshi.apps.look.staff import staff
from luoshi.kernel.access import Actor
from luoshi.store.directory import directory
from luoshi.store.signed_accounts import token_for

PURPOSE = "calendar"


@require_GET
@staff
def calendar(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the address under which a calendar program finds what is due."""
    path = reverse("deadlines:calendar", args=[token_for(account_of(request.user), PURPOSE)])
    address = request.build_absolute_uri(path)
    known = directory().units
    units = dict.fromkeys(post.unit for post in actor.posts if post.unit in known)
    own = [(words(known[code].labels), f"{address}?unit={code}") for code in units]
    return render(request, "doors/calendar.html", {"address": address, "units": own})
