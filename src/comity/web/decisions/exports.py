"""The data of a decided ballot: its ballots as CSV, and its outcome with every step as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from comity.platform.decisions.rolls import outcome_json, rolls_csv

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def ballots_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with what members said, a row each. Raises NotFound, or BallotNotOpen while that is not told."""
    answer = HttpResponse(rolls_csv(slug=slug, user=request.user), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}.csv"'
    return answer


@require_safe
def result(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the outcome of a ballot, its rule and every step. Raises NotFound, or BallotNotOpen before it is stated."""
    return JsonResponse(
        outcome_json(slug=slug, user=request.user), json_dumps_params={"ensure_ascii": False, "indent": 1}
    )
