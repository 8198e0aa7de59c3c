"""What can be needed and offered: the kinds of resources that bodies count, and the form by which the secretariat defines one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comity.errors import BadInput, Conflict
from comity.platform.capacity import resources as services
from comity.platform.capacity.lookups import DEFINE
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.roster import assemblies, body_view
from comity.platform.parties.rules import may, require
from comity.web.context import interface_language
from comity.web.learnt import notes_here
from comity.web.parameters import chosen
from comity.web.refusals import words_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MARKS = ("v-pub",)
MOST_TYPED = 400


@require_http_methods(["GET", "HEAD", "POST"])
def list_all(request: HttpRequest) -> HttpResponse:
    """List what is counted; define one more by POST."""
    language = interface_language()
    context: dict[str, Any] = {
        "kinds": services.list_resources(language=language),
        "may_define": may(user=request.user, action=DEFINE),
        "bodies": _bodies(language),
        "named": [(code, "", "") for code in LANGUAGES],
        "typed": {"grain": "1", "authority": ""},
        "most_name": services.MOST_NAME,
        "most_unit": services.MOST_UNIT,
        "marks": MARKS,
    }
    if request.method == "POST":
        require(user=request.user, action=DEFINE)
        values = request.POST
        typed = {name: values.get(name, "")[:MOST_TYPED].strip() for name in ("slug", "body", "grain", "authority")}
        named = [
            (c, values.get(f"name_{c}", "")[:MOST_TYPED], values.get(f"unit_{c}", "")[:MOST_TYPED]) for c in LANGUAGES
        ]
        try:
            made = services.define_resource(
                slug=typed["slug"],
                body=chosen(values, "body", allowed=[slug for slug, _name in context["bodies"]]),
                names={code: name for code, name, _unit in named},
                unit_names={code: unit for code, _name, unit in named},
                grain=services.checked_amount("grain", typed["grain"] or "1", least=services.SMALLEST),
                authority=typed["authority"] or services.RULE,
                by=request.user,
            )
        except (BadInput, Conflict) as error:
            context |= {"problem": words_of(error), "typed": typed, "named": named}
            status = 400 if isinstance(error, BadInput) else 409
            return render(request, "comity/capacity/resources.html", context, status=status)
        messages.success(request, _("It is defined. The act stands on the record."))
        return redirect("resource", made.slug)
    return render(request, "comity/capacity/resources.html", context)


@require_http_methods(["GET", "HEAD"])
def resource(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one kind of resource."""
    view = services.resource_view(slug=slug, language=interface_language())
    context = {"view": view, "marks": MARKS, **notes_here(request, view.reference)}
    return render(request, "comity/capacity/resource.html", context)


def _bodies(language: str, /) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for slug, name in assemblies(language=language):
        found += [(slug, name), *body_view(slug=slug, language=language).parts]
    return found
