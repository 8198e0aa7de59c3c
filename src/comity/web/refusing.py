"""Do what a form asks; where it is refused, the page comes back with the reason and with what was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render

from comity.errors import BadInput, Conflict
from comity.web.middleware import STATUS
from comity.web.refusals import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from comity.errors import ComityError


def refusal_of(act: Callable[[], object], /) -> ComityError | None:
    """Return why something was refused, None once it is done. What may not be seen or done is raised as ever."""
    try:
        act()
    except (BadInput, Conflict) as error:
        return error
    return None


def told(problem: ComityError | None, /) -> tuple[str, int]:
    """Return a refusal in the reader's words with its status; nothing and 200 where there is none."""
    if problem is None:
        return "", 200
    return words_of(problem), next(code for kind, code in STATUS if isinstance(problem, kind))


def shown_again(request: HttpRequest, template: str, context: dict[str, Any], /, *, error: ComityError) -> HttpResponse:
    """Show a form again as it was filled in, with what cannot be said above it."""
    problem, status = told(error)
    return render(request, template, context | {"problem": problem}, status=status)
