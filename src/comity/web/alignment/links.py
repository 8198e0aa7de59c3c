"""Links between provisions: two instruments side by side, one link with its answers and readings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.platform.alignment import selectors
from comity.platform.alignment.answers import answers_on
from comity.platform.alignment.fruitless import ACTION as NOTHING_FOUND
from comity.platform.alignment.fruitless import findings_of
from comity.platform.alignment.readings import MOST_TEXT as MOST_READING
from comity.platform.alignment.readings import give_reading, members_who_may_read, readings_of
from comity.platform.alignment.reviewing import REVIEW
from comity.platform.alignment.stale import reasons_of
from comity.platform.parties.rules import may
from comity.platform.record.visibility import narrowest
from comity.web import words
from comity.web.alignment import board
from comity.web.alignment.instruments import RELATION_MARKS
from comity.web.alignment.review import answering, review_facts, take_answer
from comity.web.context import interface_language
from comity.web.parameters import chosen, free_text, long_text, page_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.alignment.fruitless import Finding
    from comity.platform.alignment.readings import ReadingView

PAIRS_PER_PAGE = 20
SHOW = ("all", "confirmed", "stale", "waiting", "without")


@dataclass(frozen=True, slots=True)
class PairRow:
    """One row of the crosswalk, read from the left text to the right one; ``link`` is None where nothing is suggested.

    ``findings`` are then what people searched in the right text, or in all texts of its party, and did not find.
    """

    left: Any
    right: Any
    link: Any
    relation: str
    findings: tuple[Finding, ...] = ()


@require_safe
def side_by_side(request: HttpRequest) -> HttpResponse:
    """Show two instruments provision by provision."""
    choices = list(selectors.list_instruments(user=request.user))
    slugs = [i.slug for i in choices]
    slug_a, slug_b = chosen(request.GET, "a", allowed=slugs), chosen(request.GET, "b", allowed=slugs)
    show = chosen(request.GET, "show", allowed=SHOW, default="all")
    labels = {t.pk: board.label_of(t) for t in selectors.topics()}
    topic = chosen(request.GET, "topic", allowed=labels)
    context: dict[str, Any] = {
        "choices": choices,
        "slug_a": slug_a,
        "slug_b": slug_b,
        "show": show,
        "topic": topic,
        "topics": list(labels.items()),
        "progress": board.progress(),
        "run": selectors.latest_run(),
        "marks": ("v-del", *RELATION_MARKS),
    }
    if slug_a and slug_b and slug_a != slug_b:
        a = selectors.instrument_of(slug=slug_a, user=request.user)
        b = selectors.instrument_of(slug=slug_b, user=request.user)
        rows = _pair_rows(request, a=a, b=b, topic=topic)
        context |= {"a": a, "b": b, "counts": _counts(rows)}
        context["may_search"] = may(user=request.user, action=NOTHING_FOUND)
        kept = [r for r in rows if show in {"all", _shown_as(r)}]
        page = Paginator(kept, PAIRS_PER_PAGE).get_page(page_number(request.GET))
        stale = [r.link for r in page if r.link and r.link.state == "stale"]
        context |= {"page": page, "reasons": reasons_of(links=stale)}
    elif slug_a and slug_a == slug_b:
        context["same_twice"] = True
    return render(request, "alignment/side_by_side.html", context)


def _pair_rows(request: HttpRequest, *, a: Any, b: Any, topic: str) -> list[PairRow]:
    """Return the rows in the order of A's provisions: each link of a provision, or one row without a link."""
    by_left: dict[int, list[PairRow]] = {}
    for link in selectors.links_between(a=a, b=b, user=request.user):
        turned = link.a.instrument_id == b.pk
        left, right = (link.b, link.a) if turned else (link.a, link.b)
        relation = link.relation or link.suggested
        row = PairRow(left=left, right=right, link=link, relation=words.MIRRORED[relation] if turned else relation)
        by_left.setdefault(left.pk, []).append(row)
    provisions = selectors.provisions_of(instrument=a, topic=topic)
    alone = [p for p in provisions if p.pk not in by_left]
    findings = findings_of(provisions=alone, user=request.user)
    rows = []
    for provision in provisions:
        here = [
            f for f in findings.get(provision.pk, []) if f.row.instrument_id == b.pk or f.row.party == b.party != ""
        ]
        rows += by_left.get(provision.pk) or [
            PairRow(left=provision, right=None, link=None, relation="none", findings=tuple(here))
        ]
    return rows


def _shown_as(row: PairRow) -> str:
    if not row.link:
        return "without"
    return "waiting" if row.link.is_open else str(row.link.state)


def _counts(rows: list[PairRow]) -> dict[str, int]:
    return {
        "provisions": len({r.left.pk for r in rows}),
        "confirmed": sum(1 for r in rows if r.link and r.link.state == "confirmed"),
        "stale": sum(1 for r in rows if r.link and r.link.state == "stale"),
        "waiting": sum(1 for r in rows if r.link and r.link.is_open),
        "without": sum(1 for r in rows if not r.link),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, name: str) -> HttpResponse:
    """Show one link; take a reviewer's answer, or a member's reading."""
    if request.method == "POST" and "reading" in request.POST:
        give_reading(
            name=name,
            member=free_text(request.POST, "member"),
            reading=chosen(request.POST, "reading", allowed=("confirms", "differs")),
            text=long_text(request.POST, "text", most=MOST_READING),
            language=interface_language(),
            by=request.user,
            on=free_text(request.POST, "on"),
        )
        messages.success(request, _("The member's reading stands beside the link. The act stands on the record."))
        return redirect("link", name=name)
    if request.method == "POST":
        return take_answer(request, name=name)
    found = selectors.link_of(name=name, user=request.user)
    context = {
        "link": found,
        "relation": found.relation or found.suggested,
        "labels": {t.pk: board.label_of(t) for t in selectors.topics()},
        "may_answer": may(user=request.user, action=REVIEW) and found.takes_answers,
        "given": answers_on(links=[found], user=request.user)[found.pk],
        "reasons": reasons_of(links=[found]).get(found.pk, ()),
        "readings": _of_states(readings_of(links=[found])[found.pk]),
        "circle": narrowest(*((t.visibility, t.audience) for t in (found.a.instrument, found.b.instrument)))[0],
        "readers": members_who_may_read(link=found, user=request.user),
        "keyed": found.name,
        "marks": ("v-pub", "v-mem", *RELATION_MARKS),
        **answering(),
        **review_facts(request),
    }
    return render(request, "alignment/link.html", context)


def _of_states(readings: tuple[ReadingView, ...]) -> list[ReadingView]:
    """Return the readings of states, once each: an organisation's text is read by no single member."""
    states = board.atlas().states
    return list({r.party: r for r in readings if r.party in states}.values())
