"""The tracker of deliveries, and one commitment with its whole chain and what each side can do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadParameter, NotPermitted
from comity.platform.capacity import deliveries, measuring
from comity.platform.capacity.commitment_views import commitment_view
from comity.platform.capacity.commitments_seen import REPORT
from comity.platform.capacity.delivery_views import STATUSES, track_commitments
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.texts import MOST_TITLE
from comity.web.context import interface_language
from comity.web.learnt import notes_here
from comity.web.parameters import chosen, day_given, demand_sure, free_text, long_text, page_number, whole_number
from comity.web.refusing import refusal_of, told

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.errors import ComityError
    from comity.platform.capacity.commitment_views import CommitmentView
    from comity.platform.capacity.delivery_views import TrackRow

PER_PAGE = 50
SHOWN_PARTS = 6
MARKS = ("v-pub", "v-mem", "v-com", "v-del", "t-full", "t-open")
SIDES = ("provider", "recipient")


@require_safe
def tracker(request: HttpRequest) -> HttpResponse:
    """List what was promised, reported and confirmed: the reader's own first, then by the day that is due."""
    language = interface_language()
    status = chosen(request.GET, "status", allowed=STATUSES)
    rows = track_commitments(user=request.user, language=language)
    known = [s for s in STATUSES if any(s in r.statuses for r in rows)]
    kept = [r for r in rows if not status or status in r.statuses]
    page = Paginator(kept, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "page": page,
        "track": list(page),
        "status": status,
        "known": known,
        "totals": _totals(kept),
        "publishes": bool(settings.IATI_REPORTER),
        "marks": MARKS,
    }
    return render(request, "comity/capacity/deliveries.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def commitment(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a commitment with its chain; do one thing about it by POST."""
    language = interface_language()
    problem: ComityError | None = None
    if request.method == "POST":
        view = commitment_view(slug=slug, user=request.user, language=language)
        problem = refusal_of(lambda: _do(request, view=view))
        if problem is None:
            return redirect("commitment", slug)
    view = commitment_view(slug=slug, user=request.user, language=language)
    said, status = told(problem)
    context = {
        "view": view,
        "row": view.row,
        "problem": said,
        "typed": request.POST if problem else {},
        "side": view.acts_for[0] if len(view.acts_for) == 1 else "",
        "tongues": sorted(LANGUAGES, key=lambda t: t != language),
        "tongue": language,
        "most_explanation": deliveries.MOST_EXPLANATION,
        "most_indicator": measuring.MOST_INDICATOR,
        "typed_indicator": request.POST.get(f"indicator_{language}", "") if problem else "",
        "date_waits": any(p.new_date and any(s != p.asked_by for s in view.acts_for) for p in view.parts),
        "stage_at": max((n for n, s in enumerate(view.stages) if s.on), default=0),
        "marks": MARKS,
        # Who tells what it received is known: such notes are shown to those alone who know who receives.
        **(notes_here(request, f"capacity/commitments/{slug}") if view.row.recipient_name else {}),
    }
    return render(request, "comity/capacity/commitment.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form of a plan of delivery, or propose one by POST."""
    language = interface_language()
    view = commitment_view(slug=slug, user=request.user, language=language)
    if not view.acts_for:
        raise NotPermitted(action=REPORT, needed="head or delegate or focal-point")
    problem: ComityError | None = None
    if request.method == "POST":
        problem = refusal_of(lambda: _plan(request, view=view))
        if problem is None:
            messages.success(request, _("The plan is proposed. It holds once the other side agrees."))
            return redirect("commitment", slug)
    said, status = told(problem)
    context = {
        "view": view,
        "row": view.row,
        "problem": said,
        "rows": _typed_parts(request, view=view, refused=problem is not None),
        "tongue": language,
        "most_title": MOST_TITLE,
        "marks": MARKS,
    }
    return render(request, "comity/capacity/plan.html", context, status=status)


def _do(request: HttpRequest, *, view: CommitmentView) -> None:
    values = request.POST
    side = chosen(values, "side", allowed=SIDES, default=view.acts_for[0] if len(view.acts_for) == 1 else "")
    given: dict[str, Any] = {"slug": view.row.slug, "by": request.user}
    part = whole_number(values, name="part", low=1, high=deliveries.MOST_PARTS, default=1)
    match chosen(values, "do", allowed=("agree-plan", "report", "confirm", "ask", "agree-date", "measure", "end")):
        case "agree-plan":
            deliveries.agree_to_plan(**given, side=side)
            messages.success(request, _("You agreed to the plan. The act stands on the record."))
        case "report":
            deliveries.report_delivery(**given, number=part, units=free_text(values, "units"), on=_seen(request))
            messages.success(request, _("It is reported. It counts once the recipient confirms it."))
        case "confirm":
            deliveries.confirm_delivery(**given, number=part, units=free_text(values, "units"), on=_seen(request))
            messages.success(request, _("It is confirmed. The act stands on the record."))
        case "ask":
            deliveries.ask_new_date(
                **given,
                number=part,
                new_date=day_given(values, name="new_date"),
                explanation=long_text(values, "explanation", most=2 * deliveries.MOST_EXPLANATION),
                language=free_text(values, "language"),
                side=side,
            )
            messages.success(request, _("The date is asked for. It holds once the other side agrees."))
        case "agree-date":
            deliveries.agree_to_new_date(**given, number=part, on=_seen(request), side=side)
            messages.success(request, _("The new date is agreed. The act stands on the record."))
        case "measure":
            measuring.record_result(
                **given,
                indicators={t: free_text_of(request, f"indicator_{t}") for t in LANGUAGES},
                unit=free_text(values, "unit"),
                value=free_text(values, "value"),
                baseline=free_text(values, "baseline"),
                target=free_text(values, "target"),
                measured_on=day_given(values, name="measured_on"),
                evidence=free_text_of(request, "evidence"),
            )
            messages.success(request, _("The result is recorded. The act stands on the record."))
        case "end":
            demand_sure(values)
            said = long_text(values, "explanation", most=2 * deliveries.MOST_EXPLANATION)
            deliveries.end_commitment(**given, explanation=said, side=side)
            messages.success(request, _("The commitment has ended. What was confirmed stays."))
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")


def free_text_of(request: HttpRequest, name: str, /) -> str:
    """Return a text on one line that may be longer than a name."""
    return " ".join(long_text(request.POST, name, most=2 * measuring.MOST_EVIDENCE).split())


def _seen(request: HttpRequest, /) -> str | None:
    """Return what the reader saw of a part; None where the form does not say."""
    return request.POST.get("on", "")[:200] or None


def _plan(request: HttpRequest, *, view: CommitmentView) -> None:
    values, language = request.POST, interface_language()
    parts = []
    for number in range(1, deliveries.MOST_PARTS + 1):
        units = free_text(values, f"units-{number}")
        if not units and not values.get(f"due-{number}", ""):
            continue
        title = free_text(values, f"title-{number}")
        parts.append(
            deliveries.PlannedPart(
                titles={language: title} if title else {},
                units=units,
                due_on=day_given(values, name=f"due-{number}"),
            )
        )
    side = chosen(values, "side", allowed=SIDES, default=view.acts_for[0] if len(view.acts_for) == 1 else "")
    deliveries.plan_delivery(slug=view.row.slug, parts=parts, by=request.user, side=side)


def _typed_parts(request: HttpRequest, *, view: CommitmentView, refused: bool) -> list[dict[str, Any]]:
    """Return the rows of the form: what was typed, else the plan that stands, else one part of the whole."""
    rows: list[dict[str, Any]] = []
    if refused:
        for number in range(1, deliveries.MOST_PARTS + 1):
            held = {name: request.POST.get(f"{name}-{number}", "")[:200] for name in ("title", "units", "due")}
            if any(held.values()):
                rows.append(held)
    elif view.parts:
        rows = [{"title": p.title, "units": f"{p.units:f}", "due": p.due_on.isoformat()} for p in view.parts]
    else:
        due = view.row.due_on.isoformat() if view.row.due_on else ""
        rows = [{"title": "", "units": f"{view.row.promised:f}", "due": due}]
    for held in rows:
        text = held["units"]
        held["units"] = text.rstrip("0").rstrip(".") if "." in text else text
    room = min(deliveries.MOST_PARTS, max(SHOWN_PARTS, len(rows) + 3))
    return rows + [{"title": "", "units": "", "due": ""} for _n in range(room - len(rows))]


def _totals(rows: list[TrackRow], /) -> list[tuple[str, str, Any, Any, Any]]:
    """Return, by resource, what was promised, reported and confirmed in all of what is agreed."""
    sums: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        if row.state in {"agreed", "complete", "ended"}:
            held = sums.setdefault((row.resource_name, row.unit_name), [0, 0, 0])
            for place, figure in enumerate((row.promised, row.reported, row.confirmed)):
                held[place] += figure
    return [(name, unit, *figures) for (name, unit), figures in sorted(sums.items())]
