"""How the API says no before anything is asked of a case: who you are, how often, in which form.

Terms    problem 问题 (RFC 9457) · scope 权限范围 · rate limit 限流
"""

from __future__ import annotations

from luoshi.kernel.errors import FieldProblem, Refused


class NotSignedIn(Refused):
    """Neither a session nor a token says who asks."""

    code = "auth.missing"
    template = "sign in, or send `Authorization: Bearer TOKEN`"


class TokenInvalid(Refused):
    """The token is none of ours, has expired, was taken back, or its account is closed."""

    code = "auth.invalid"
    template = "the token is not good, or no longer; ask for a new one"


class ScopeMissing(Refused):
    """The token was made for something else."""

    code = "auth.scope"
    template = "this needs the scope {scope!r}; the token has: {held}"


class NoPost(Refused):
    """The account holds no post, so there is nothing it may see or do."""

    code = "auth.no_post"
    template = "this account holds no post; ask an administrator for one"


class ForeignForm(Refused):
    """A session was used without the token of a form: another site may be asking."""

    code = "auth.csrf"
    template = "a session needs the header X-CSRFToken with the value of the cookie luoshi-form"


class RateExceeded(Refused):
    """This client has asked as often as it may within a minute."""

    code = "rate.exceeded"
    template = "at most {most} requests a minute; wait {seconds} seconds"


class UploadsExceeded(Refused):
    """Without an account no more bytes are taken from one place within an hour."""

    code = "upload.too_much"
    template = "at most {most} bytes an hour without an account; wait {seconds} seconds"


class RequestInvalid(Refused):
    """The request is not in the form that the description of the API asks for."""

    code = "request.invalid"
    template = "the request cannot be understood: {listing}"

    def __init__(self, problems: list[FieldProblem]) -> None:
        self.problems = tuple(problems)
        listing = "; ".join(f"{one.field}: {one.data.get('reason', one.code)}" for one in problems)
        super().__init__(listing=listing)


class RequestTooBig(Refused):
    """The body has more bytes than are read at once."""

    code = "request.too_big"
    template = "at most {most} bytes at once; send files in pieces (/uploads)"


class PathUnknown(Refused):
    """There is no such address in this version of the API."""

    code = "path.unknown"
    template = "there is nothing here; see /api/v1/openapi.json"


class NoAreaHere(Refused):
    """No area of the city holds the point."""

    code = "area.none_at_point"
    template = "no area of this city lies at longitude {lon}, latitude {lat}"


class MethodRefused(Refused):
    """This address takes other methods only; the header ``Allow`` names them."""

    code = "method.refused"
    template = "this address takes {allowed}"


class DatabaseGone(Refused):
    """The database does not answer."""

    code = "database.gone"
    template = "the database does not answer; try again in {seconds} seconds"


def invalid(where: str, reason: str) -> RequestInvalid:
    """Return the refusal of one part of a request."""
    return RequestInvalid([FieldProblem(where, "request.invalid", {"reason": reason})])
