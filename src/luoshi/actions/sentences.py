"""Sentences: what people read when Luoshi says no. Every error code has one, in every language.

A code is for programs; the sentence says what happened and what to do now. It never shows the name
of a field or step as programs write it. ``docs/reference/sentences.md`` is made from this file.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luoshi.kernel.errors import FieldProblem, LuoshiError
from luoshi.kernel.programme import FREE_TEXT, FieldType

ANSWERS: Mapping[str, Promise] = {
    "field.missing": _("Please fill this in"),
    "field.not_asked": _("This is not asked for here; reload the page and try again"),
    "text.not_text": _("Please write words here"),
    "text.control": _("This text holds signs that cannot be kept; type it anew, please"),
    "text.too_long": _("This is %(length)s characters long; at most %(most)s are possible"),
    "text.too_short": _("Please write a little more: at least %(least)s characters"),
    "phone.invalid": _(
        "This is not a telephone number we know how to call; a mobile number has 11 digits, "
        "a landline its area code"
    ),
    "email.invalid": _("This is not an e-mail address; it should look like name@example.com"),
    "choice.unknown": _("Please choose one of the answers offered"),
    "choice.too_many": _("Please choose at most %(most)s"),
    "yes_no.invalid": _("Please choose yes or no"),
    "number.invalid": _("Please write a number in digits"),
    "number.range": _("Please write a number from %(least)s to %(most)s"),
    "date.invalid": _(
        "This is not a date; choose it from the calendar, or write it as 2026-01-31"
    ),
    "date.future": _("This lies in the future; choose a time that has passed"),
    "date.too_early": _("This lies before the first year of the calendar; check the date"),
    "date.range": _("Please choose a day from %(first)s to %(last)s"),
    "credit_code.invalid": _(
        "This is not a unified social credit code; compare its 18 signs with the licence"
    ),
    "point.invalid": _("This is not a place on the map; choose the place again"),
    "point.order": _("Longitude and latitude seem to be exchanged; choose the place again"),
    "point.outside": _(
        "This place lies outside our area; choose a place inside it, or describe it in words"
    ),
    "unit.unknown": _("There is no such unit; choose one from the list"),
    "area.unknown": _("There is no such area; choose one from the list"),
    "files.unknown": _("One of the files was not received; attach it again"),
    "files.too_many": _("Please attach at most %(most)s files"),
    "file.empty": _("The file is empty; choose another one"),
    "file.too_big": _("The file is too big; choose a smaller one, or take the photo again"),
    "file.kind": _("Files of this kind cannot be taken; attach photos, PDF or office files"),
    "file.broken": _("The picture cannot be read; take it again, or save it anew"),
    "file.too_many": _("There are already as many files as one matter may hold"),
    "case.unknown": _("There is no open matter of this kind under this number; check the number"),
    "case.follows_itself": _(
        "A matter cannot be merged into itself, nor where others have been merged into it"
    ),
    "id.invalid": _("The address of this form is broken; start again, please"),
}
"""What can be wrong with one answer."""

WRITTEN = FREE_TEXT | {FieldType.PHONE, FieldType.EMAIL, FieldType.NUMBER, FieldType.CASE}
"""Types whose answer is written; every other is chosen, and files are attached."""

REFUSALS: Mapping[str, Promise] = {
    "refused": _("This is not possible now"),
    "case.not_found": _(
        "There is nothing under this number, or you may not see it; check the number, please"
    ),
    "case.stale": _(
        "Somebody else has done something in the meantime; look at what is new, then try again"
    ),
    "case.resent_different": _(
        "This was received before with another content, and the first one stands; nothing was "
        "changed now"
    ),
    "transition.unknown": _("There is no such step; reload the page, please"),
    "transition.wrong_state": _("This step is no longer possible where the matter is now"),
    "transition.not_yours": _("This step is for somebody else to take"),
    "transition.same_person": _(
        "Somebody other than the person who did the step before must do this"
    ),
    "transition.too_often": _("This has been done as often as it may be: %(done)s times"),
    "transition.held": _("Something is up that has to be lifted first, such as supervision"),
    "transition.interest": _(
        "The matter is about this unit; give it to one that has nothing to do with it"
    ),
    "transition.condition": _("What must hold before this step does not hold yet"),
    "fields.refused": _("Please check your answers"),
    "programme.unknown": _("There is no such service here"),
    "programme.invalid": _("The text of this service has mistakes; its editors must mend them"),
    "programme.changed": _("The text of this service was changed without a new version"),
    "calendar.unknown": _("The calendar by which this service counts is not there"),
    "calendar.not_covered": _("The working days of that year have not been announced yet"),
    "unmask.nothing": _("There is nothing hidden here that could be shown"),
    "unmask.over": _("The matter has ended; its contact details are no longer shown"),
    "language.unknown": _("There is no such language here"),
    "upload.unknown": _("There is no such upload any more; send the file again"),
    "upload.offset": _("The next piece of the file begins at byte %(offset)s; go on from there"),
    "upload.too_long": _("More came than the %(size)s bytes that were announced"),
    "upload.digest": _("The file arrived damaged; send it again from the beginning"),
    "auth.missing": _("Please sign in, or show a token"),
    "auth.invalid": _("The token is not good, or no longer; ask for a new one"),
    "auth.scope": _("This token may not be used for that; it needs the scope %(scope)s"),
    "auth.no_post": _("This account holds no post; ask an administrator for one"),
    "auth.csrf": _("The request does not come from a page of this site; load the page again"),
    "rate.exceeded": _("Too many requests; wait %(seconds)s seconds"),
    "upload.too_much": _(
        "Too much has been sent from here within an hour; wait %(seconds)s seconds"
    ),
    "code.too_many": _("Too many wrong codes were tried; wait %(seconds)s seconds"),
    "request.invalid": _("The request cannot be understood; look at what is wrong with it"),
    "request.too_big": _("The request is too big: at most %(most)s bytes at once"),
    "path.unknown": _("There is nothing at this address"),
    "area.none_at_point": _("No area of this city lies at this point"),
    "method.refused": _("This address does not take this method"),
    "database.gone": _("The service is interrupted; try again in half a minute"),
    **{code: ANSWERS[code] for code in ANSWERS if code.startswith("file.")},
}
"""Why an act can be refused."""


class _Facts(dict[str, object]):
    """Facts of a refusal; one that is not there leaves an empty place, never an error page."""

    def __missing__(self, _: str) -> str:
        return ""


def problem_sentence(problem: FieldProblem) -> str:
    """Return what is wrong with one answer, in words."""
    if problem.code == "field.missing" and "type" in problem.data:
        return _missing(FieldType(str(problem.data["type"])))
    sentence = ANSWERS.get(problem.code)
    if problem.code == "number.range":
        return _range(problem.data)
    return str(sentence or REFUSALS["refused"]) % _Facts(problem.data)


def refusal_sentence(refused: LuoshiError) -> str:
    """Return why an act was refused, in words."""
    return str(REFUSALS.get(refused.code, REFUSALS["refused"])) % _Facts(refused.data)


def _missing(kind: FieldType) -> str:
    if kind in WRITTEN:
        return str(ANSWERS["field.missing"])
    if kind is FieldType.FILES:
        return gettext("Please attach a photo or a file")
    return gettext("Please choose")


def _range(data: Mapping[str, object]) -> str:
    least, most = data.get("least"), data.get("most")
    if least is None:
        return gettext("Please write a number of at most %(most)s") % {"most": _plain(most)}
    if most is None:
        return gettext("Please write a number of at least %(least)s") % {"least": _plain(least)}
    return str(ANSWERS["number.range"]) % {"least": _plain(least), "most": _plain(most)}


def _plain(number: object) -> str:
    return f"{number:g}" if isinstance(number, float) else str(number)
