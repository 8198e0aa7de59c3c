"""Where something comes from, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from comity.platform.record.chain import chain_of, prov_jsonld

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def chain(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the chain of a reference as a timeline."""
    return render(request, "record/chain.html", {"chain": chain_of(reference=reference.strip("/"), user=request.user)})


@require_safe
def prov(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer the chain of a reference as PROV-JSONLD."""
    found = chain_of(reference=reference.strip("/"), user=request.user)
    return JsonResponse(prov_jsonld(chain=found), json_dumps_params={"indent": 1}, content_type="application/ld+json")
