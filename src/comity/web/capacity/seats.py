"""Seats of a course: who is proposed, points by the published criteria, the choice, and what people did next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadParameter
from comity.platform.capacity import training
from comity.platform.capacity.training_views import training_view
from comity.web.context import interface_language
from comity.web.parameters import chosen, demand_sure, free_text, long_text, whole_number
from comity.web.refusing import refusal_of, told

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.errors import ComityError
    from comity.platform.capacity.training_views import TrainingView

MOST_NUMBER = 2**31 - 1
STEPS = ("propose", "withdraw", "points", "choose", "completed", "not-completed", "next", "erase")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def applications(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who applies for the seats of an offer to those who may know; do one thing by POST."""
    language = interface_language()
    problem: ComityError | None = None
    view = training_view(slug=slug, user=request.user, language=language)
    if request.method == "POST":
        problem = refusal_of(lambda: _do(request, view=view))
        if problem is None:
            return redirect("applications", slug)
        view = training_view(slug=slug, user=request.user, language=language)
    said, status = told(problem)
    context = {
        "view": view,
        "offer": view.offer,
        "problem": said,
        "typed": request.POST if problem else {},
        "names_of_criteria": {c.code: c.name for c in view.offer.criteria},
        "a_seat": training.A_SEAT,
        "most_name": training.MOST_NAME,
        "most_grounds": training.MOST_GROUNDS,
        "most_next": training.MOST_NEXT,
        "marks": ("v-del",),
    }
    return render(request, "comity/capacity/applications.html", context, status=status)


def _do(request: HttpRequest, *, view: TrainingView) -> None:
    values = request.POST
    step = chosen(values, "do", allowed=STEPS)
    if step == "propose":
        members = [s.member for s in view.seats]
        training.propose_applicant(
            offer=view.offer.slug,
            member=chosen(values, "member", allowed=members, default=members[0] if len(members) == 1 else ""),
            name=free_text(values, "name"),
            grounds=long_text(values, "grounds", most=2 * training.MOST_GROUNDS),
            by=request.user,
        )
        messages.success(request, _("The application is sent to the provider."))
        return
    if step == "choose":
        demand_sure(values)
        picked = [
            int(v) for v in values.getlist("chosen") if v.isascii() and v.isdigit() and len(v) < len(str(MOST_NUMBER))
        ]
        training.choose_applicants(offer=view.offer.slug, chosen=picked, by=request.user)
        messages.success(request, _("The choice is made. Each member sees what became of its applications."))
        return
    number = whole_number(values, name="number", low=1, high=MOST_NUMBER, default=0)
    given: dict[str, Any] = {"number": number, "by": request.user}
    match step:
        case "withdraw":
            training.withdraw_applicant(**given)
            messages.success(request, _("The application is withdrawn."))
        case "points":
            training.give_points(**given, points=_points(request, view=view))
            messages.success(request, _("The points are kept."))
        case "completed" | "not-completed":
            training.tell_completion(**given, completed=step == "completed")
            messages.success(request, _("It is noted."))
        case "next":
            training.tell_what_followed(**given, did_next=long_text(values, "did_next", most=2 * training.MOST_NEXT))
            messages.success(request, _("It is noted."))
        case "erase":
            demand_sure(values)
            training.erase_applicant(**given)
            messages.success(request, _("The person is erased. The figure stays."))
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")


def _points(request: HttpRequest, *, view: TrainingView) -> dict[str, int]:
    """Return the points that were given; a criterion left empty is left out, and so refused."""
    found = {}
    for criterion in view.offer.criteria:
        if request.POST.get(f"p-{criterion.code}", ""):
            found[criterion.code] = whole_number(
                request.POST, name=f"p-{criterion.code}", low=0, high=criterion.most, default=0
            )
    return found
