"""Refusals as problem details (RFC 9457), with the same code and data as on every other door."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from comity.errors import BadInput, ComityError, Conflict, NotFound, NotPermitted

if TYPE_CHECKING:
    from django.http import HttpRequest
    from ninja import NinjaAPI
    from ninja.errors import HttpError, ValidationError

MEDIA_TYPE = "application/problem+json"
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "the stable code of the refusal"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what was found, what is allowed, what to do"},
        "data": {"type": "object"},
        "fields": {"type": "array", "items": {"type": "object"}},
    },
}
DESCRIBED: dict[str, Any] = {
    "responses": {
        status: {"description": words, "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA}}}
        for status, words in (
            (400, "A parameter is not allowed"),
            (404, "There is no such thing, or none that you may see"),
        )
    }
}
"""What every operation may answer besides its own answer, for its description."""

STATUS: tuple[tuple[type[ComityError], int], ...] = (
    (NotFound, 404),
    (NotPermitted, 403),
    (Conflict, 409),
    (BadInput, 400),
)


def problem(*, status: int, code: str, detail: str, **more: Any) -> HttpResponse:
    """Return a problem document."""
    body = {"type": f"about:blank#{code}", "title": code, "status": status, "detail": detail, **more}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)


def nothing_there(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer an address under the API that leads nowhere."""
    del request
    return problem(status=404, code=NotFound.code, detail=str(NotFound(reference=f"api/v1/{rest[:80]}")))


def speak_problems(api: NinjaAPI) -> None:
    """Make an API answer every refusal as a problem document."""

    @api.exception_handler(ComityError)
    def refused(request: HttpRequest, error: ComityError) -> HttpResponse:
        del request
        status = next((code for kind, code in STATUS if isinstance(error, kind)), 500)
        data = {k: v for k, v in error.as_dict().items() if k not in {"code", "message"}}
        return problem(status=status, code=error.code, detail=str(error), data=data)

    from ninja.errors import HttpError as Http  # noqa: PLC0415  (after the names above, which are types only)
    from ninja.errors import ValidationError as Invalid  # noqa: PLC0415  (after the names that are types only)

    @api.exception_handler(Invalid)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        del request
        fields = [{"where": ".".join(str(p) for p in e["loc"]), "problem": e["msg"]} for e in error.errors]
        detail = "; ".join(f"{f['where']}: {f['problem']}" for f in fields)
        return problem(status=400, code="bad-parameter", detail=detail, fields=fields)

    @api.exception_handler(Http)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        del request
        return problem(status=error.status_code, code="http", detail=str(error))
