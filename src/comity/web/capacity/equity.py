"""Is it fair over time: shares of groups over rounds, public series on equal tiles, and what a delegation's own member rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.adapters.country_data import read_atlas
from comity.adapters.tables import table_lines
from comity.adapters.visual.figures import figure_tiles, share_line
from comity.errors import BadInput, ComityError, Conflict
from comity.platform.capacity import equity as selectors
from comity.platform.capacity import series as services
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.roster import member_names
from comity.platform.parties.rules import require, standing_now
from comity.web.context import interface_language
from comity.web.parameters import chosen, day_given, free_text
from comity.web.refusals import words_of
from comity.web.templatetags.comity import as_percent
from comity.web.words_of_equity import MEASURES, REASONS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from comity.engines.capacity.inequality import Spread
    from comity.platform.capacity.equity import GroupShares, RoundShare

MARKS = ("v-pub", "v-del")


@require_safe
def equity(request: HttpRequest) -> HttpResponse:
    """Show the shares of groups in one resource, the public series, and to a delegation what its member rests on."""
    language = interface_language()
    shared = selectors.resources_shared(user=request.user, language=language)
    resource = chosen(request.GET, "resource", allowed=[s for s, _n in shared], default=shared[0][0] if shared else "")
    view = selectors.equity_view(resource=resource, user=request.user, language=language) if resource else None
    names = member_names(language=language)
    context = {
        "shared": shared,
        "resource": resource,
        "view": view,
        "everyone": as_percent(view.everyone.last) if view else "",
        "panels": [_panel(group, view.everyone.rounds) for group in view.groups] if view else (),
        "found": services.list_series(language=language),
        "may_take_in": services.may_take_in(user=request.user),
        "reliances": [
            (names.get(member, member), selectors.reliance_of(member=member, user=request.user, language=language))
            for member in sorted(standing_now(user=request.user).members)
        ],
        "over": as_percent(selectors.OVER),
        "marks": MARKS,
    }
    return render(request, "comity/capacity/equity.html", context)


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a public series: where it comes from, whom it leaves out, how it is spread, and each region on equal tiles."""
    language = interface_language()
    view = services.series_view(slug=slug, language=language)
    atlas = read_atlas()
    regions = []
    placed = [{code: atlas.tiles[code] for code, _n, _v in r.figures if code in atlas.tiles} for r in view.regions]
    widest = max(
        (max(c for c, _ in held.values()) - min(c for c, _ in held.values()) + 1 for held in placed if held), default=0
    )
    for at, (region, here) in enumerate(zip(view.regions, placed, strict=True)):
        values = {code: value for code, _n, value in region.figures if value is not None}
        said = ngettext(
            "%(region)s: %(known)s of %(n)s member State has a figure.",
            "%(region)s: %(known)s of %(n)s member States have a figure.",
            len(region.figures),
        ) % {"region": region.name, "known": region.known, "n": len(region.figures)}
        drawn = figure_tiles(
            tiles=here,
            values={code: value for code, value in values.items() if code in here},
            most=view.most,
            labels={code: atlas.states[code].iso2 for code in here},
            title=said,
            anchor=f"r-{at}",
            columns=widest,
        )
        rows = [(name, figure(value)) for _c, name, value in region.figures if value is not None]
        without = [name for _c, name, value in region.figures if value is None]
        regions.append((region, said, drawn, rows, without))
    context = {
        "view": view,
        "regions": regions,
        "measures": _measures(view.spread),
        "mean": figure(view.spread.mean),
        "most_said": figure(view.most),
        "development": [
            (c.group, c.known, c.members, round(100 * c.known / c.members) if c.members else 0)
            for c in view.development
        ],
        "missing": view.members - view.spread.n,
        "marks": MARKS,
    }
    return render(request, "comity/capacity/series.html", context)


@require_safe
def series_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Give a series out as a table: every member State, an empty cell where there is no figure."""
    del request
    view = services.series_view(slug=slug)
    rows = [
        (code, name, region.name, "" if value is None else repr(value))
        for region in view.regions
        for code, name, value in region.figures
    ]
    lines = table_lines(header=("iso3", "name", "m49_region", "value"), rows=sorted(rows))
    answer = StreamingHttpResponse((line.encode() for line in lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{view.card.slug}.csv"'
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a series, or take one in; what was typed is kept where it is refused."""
    require(user=request.user, action=services.TAKE_IN)
    problem: ComityError | None = None
    if request.method == "POST":
        try:
            made, unknown = services.take_series_in(by=request.user, **_given(request))
        except (BadInput, Conflict) as error:
            problem = error
        else:
            messages.success(request, _("The series is taken in. The act is on the record."))
            if unknown:
                messages.warning(
                    request,
                    _("No member of the country data has these names, so they were left out: %(names)s")
                    % {"names": ", ".join(name[:60] for name in unknown[:20])},
                )
            return redirect("series", made.slug)
    context = {
        "typed": request.POST,
        "named": [
            (tongue, request.POST.get(f"name_{tongue}", ""))
            for tongue in sorted(LANGUAGES, key=lambda t: t != interface_language())
        ],
        "problem": words_of(problem) if problem else "",
        "most_megabytes": services.MOST_BYTES // 1_000_000,
        "marks": MARKS,
    }
    return render(request, "comity/capacity/new_series.html", context, status=400 if problem else 200)


def figure(value: float | None, /) -> str:
    """Return a figure with three places at most, as the reader's language writes it."""
    return "" if value is None else number_format(f"{value:.3f}".rstrip("0").rstrip("."), use_l10n=True)


def _panel(group: GroupShares, everyone: tuple[RoundShare, ...], /) -> tuple[GroupShares, Any, str]:
    """Return a group with its line and the same in words."""
    own, others = [r.share for r in group.rounds], [r.share for r in everyone]
    first, last = (f"{r.confirmed_at:%m/%Y}" for r in (group.rounds[0], group.rounds[-1]))
    said = ngettext(
        "%(group)s: %(share)s of what it asked, over %(n)s round. All members: %(all)s.",
        "%(group)s: %(share)s of what it asked, over %(n)s rounds. All members: %(all)s.",
        len(own),
    ) % {
        "group": group.name,
        "share": as_percent(group.last),
        "n": len(own),
        "all": as_percent(next((s for s in reversed(others) if s is not None), None)),
    }
    line = share_line(own=own, everyone=others, first=first, last=last, shown=as_percent(group.last), title=said)
    return group, line, said


def _measures(spread: Spread, /) -> list[tuple[Any, Any, str, Any]]:
    """Return each measure with its name, what it says, its value, and why it has none."""
    rows = []
    for code, (name, meaning) in MEASURES.items():
        value = getattr(spread, code)
        rows.append((name, meaning, figure(value), "" if value is not None else REASONS[spread.undefined[code]]))
    return rows


def _given(request: HttpRequest, /) -> dict[str, Any]:
    """Return what the form says, as the service takes it. Raises BadParameter."""
    values: QueryDict = request.POST
    sent = request.FILES.get("file")
    too_much = sent is not None and (sent.size or 0) > services.MOST_BYTES
    return {
        "slug": free_text(values, "slug"),
        "names": {tongue: free_text(values, f"name_{tongue}") for tongue in LANGUAGES},
        "unit": free_text(values, "unit"),
        "source": free_text(values, "source"),
        "licence": free_text(values, "licence"),
        "as_of": day_given(values, name="as_of"),
        "file_name": sent.name or "" if sent else "",
        # one byte too many is refused by the service, in its words; none is an empty file
        "content": b"" if sent is None else sent.read(services.MOST_BYTES + 1 if too_much else -1),
        "column": free_text(values, "column"),
        "member": free_text(values, "member"),
        "authority": free_text(values, "authority"),
    }
