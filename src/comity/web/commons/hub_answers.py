"""Answers of the hub's protocol: who asks, refusals with the codes that its client knows, pages of a list with their Link."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.utils.translation import override

from comity.errors import BadInput, ComityError, Conflict, NotFound, NotPermitted
from comity.platform.commons.tokens import TokenReader, reader_of_token

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

P = ParamSpec("P")
MOST_ROWS = 1000
STATUS: tuple[tuple[type[ComityError], int], ...] = (
    (NotFound, 404),
    (NotPermitted, 403),
    (Conflict, 409),
    (BadInput, 400),
)
TAKEN_DOWN = "Access to this resource is disabled."
"""The words by which the client knows a repository that was taken down."""
BAD_TOKEN = "Invalid credentials in Authorization header"  # noqa: S105  (the client's words, no secret)


class HubRefusal(Exception):
    """A refusal with the code that the client expects in X-Error-Code."""

    def __init__(self, *, status: int, code: str, words: str) -> None:
        self.status, self.code, self.words = status, code, words
        super().__init__(words)


def hub_door(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase], /
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Answer refusals of a door as its client reads them: JSON with ``error``, in English, with X-Error-Code and X-Error-Message."""

    @functools.wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except HubRefusal as refused:
            return refuse(status=refused.status, code=refused.code, words=refused.words)
        except ComityError as refused:
            status = next((number for kind, number in STATUS if isinstance(refused, kind)), 500)
            with override("en"):
                return refuse(status=status, code=refused.code, words=str(refused), data=refused.as_dict())

    return answer


def refuse(*, status: int, code: str, words: str, data: dict[str, Any] | None = None) -> JsonResponse:
    """Return a refusal."""
    answer = JsonResponse({"error": words, **(data or {})}, status=status)
    answer["X-Error-Code"] = code
    answer["X-Error-Message"] = re.sub(r"[^\x20-\x7e]", "?", words)[:500]
    return answer


def reader_of(request: HttpRequest) -> Any:
    """Return who asks: the bearer of a token, else who is signed in, else the public. Raises HubRefusal for a token that opens nothing."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return request.user
    reader = reader_of_token(text=text.strip()) if scheme.lower() == "bearer" else None
    if reader is None:
        raise HubRefusal(status=401, code="InvalidToken", words=BAD_TOKEN)
    return reader


def sender_of(request: HttpRequest) -> TokenReader:
    """Return who publishes: the bearer of a token, and nobody else. Raises HubRefusal."""
    reader = reader_of(request)
    if not isinstance(reader, TokenReader):
        words = "Publishing by command needs a token. Make one on your account's page, and set COMITY_TOKEN."
        raise HubRefusal(status=401, code="TokenNeeded", words=words)
    return reader


def page_of(request: HttpRequest, rows: Sequence[Any], *, usual: int) -> tuple[Sequence[Any], str]:
    """Return the rows of the page that a request asks for, and its Link header, empty on the last page."""
    limit = _number(request, "limit", usual)
    begin = _number(request, "cursor", 0)
    end = begin + max(1, min(limit, MOST_ROWS))
    if end >= len(rows):
        return rows[begin:], ""
    query = request.GET.copy()
    query["cursor"] = str(end)
    return rows[begin:end], f'<{request.build_absolute_uri(request.path)}?{query.urlencode()}>; rel="next"'


def _number(request: HttpRequest, name: str, usual: int, /) -> int:
    text = request.GET.get(name, "")
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else usual
