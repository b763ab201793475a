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
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, get_user, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from luoshi.config.failures import forbidden


class SignedIn(AuthenticationMiddleware):
    """Say who is signed in; Django's own way is gone where the session does not know it yet."""

    def process_request(self, request: HttpRequest) -> None:
        """Let ``request.user`` be found when it is first asked for."""
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _signed_in(request))  # type: ignore[assignment]


def _signed_in(request: Any) -> AbstractBaseUser | AnonymousUser:  # noqa: ANN401
    """Return the account that the session was read with, by the rules of ``auth.get_user``."""
    if not hasattr(request, "_cached_user"):
        session = request.session
        way = session.get(BACKEND_SESSION_KEY)  # this reads the session
        account = getattr(session, "account", None)
        is_known = account and account.is_active and way in settings.AUTHENTICATION_BACKENDS
        if not (is_known and _is_fresh(session, account)):
            account = get_user(request)
        request._cached_user = account
    return request._cached_user  # type: ignore[no-any-return]


def _is_fresh(session: SessionBase, account: Any) -> bool:  # noqa: ANN401
    """Return whether the password is still the one with which the session began."""
    known = str(session.get(HASH_SESSION_KEY, ""))
    return constant_time_compare(known, account.get_session_auth_hash())


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
