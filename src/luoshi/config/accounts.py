"""Signing in: staff only, by name and password, or by the sign-in server of the house (OIDC).

An administrator makes accounts. Who comes from that server is known by ``preferred_username``,
which must be the sign-in name of an account here; afterwards by the server's own key for them.
Nothing else that it tells of a person is kept.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from luoshi.config.failures import forbidden


class StaffOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody can make an account for themselves; residents need none."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth passes it
        """Return that signing up is closed."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: accounts have no mail address."""


class HouseOnly(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Lets in by the house's server who has an account here, and makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:  # noqa: ARG002  allauth passes them
        """Return that signing up is closed."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account of whoever has signed in there; refuse where there is none."""
        name = claimed_name(sociallogin.account.extra_data)
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            sociallogin.account.save(update_fields=["extra_data"])
            return
        account = get_user_model().objects.filter(username=name, is_active=True).first()
        if not name or account is None:
            raise ImmediateHttpResponse(forbidden(request, PermissionDenied()))
        sociallogin.connect(request, account)


def claimed_name(claims: dict[str, Any]) -> str:
    """Return the sign-in name that the server tells; some tell it beside, some inside."""
    for place in (claims, claims.get("userinfo") or {}, claims.get("id_token") or {}):
        if place.get("preferred_username"):
            return str(place["preferred_username"])
    return ""
