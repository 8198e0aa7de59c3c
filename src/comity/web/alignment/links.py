"""Links between provisions: two instruments side by side, the review queue, one link with its decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.platform.alignment import selectors
from comity.platform.alignment.readings import MOST_TEXT as MOST_READING
from comity.platform.alignment.readings import give_reading, members_who_may_read, readings_of
from comity.platform.alignment.services import decide_link
from comity.platform.alignment.stale import reasons_of
from comity.platform.parties.notices import is_written_to
from comity.platform.parties.rules import may, require
from comity.platform.parties.today import needs_of
from comity.platform.record.visibility import narrowest
from comity.web import words
from comity.web.alignment import board
from comity.web.alignment.instruments import RELATION_MARKS
from comity.web.context import interface_language
from comity.web.delegation.needs import in_words
from comity.web.parameters import chosen, free_text, long_text, page_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.alignment.readings import ReadingView

PER_PAGE = 10
PAIRS_PER_PAGE = 20
STATES = ("waiting", "stale", "confirmed", "rejected")
KEPT = ("state", "instrument", "topic", "page")
SHOW = ("all", "confirmed", "stale", "waiting", "without")
REVIEW = "review a suggested link"
STALE = "stale-link"


@dataclass(frozen=True, slots=True)
class PairRow:
    """One row of the crosswalk, read from the left text to the right one; ``link`` is None where nothing is suggested."""

    left: Any
    right: Any
    link: Any
    relation: str


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
        kept = [r for r in rows if show in {"all", r.link.state if r.link else "without"}]
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
    rows = []
    for provision in selectors.provisions_of(instrument=a, topic=topic):
        rows += by_left.get(provision.pk) or [PairRow(left=provision, right=None, link=None, relation="none")]
    return rows


def _counts(rows: list[PairRow]) -> dict[str, int]:
    return {
        "provisions": len({r.left.pk for r in rows}),
        "confirmed": sum(1 for r in rows if r.link and r.link.state == "confirmed"),
        "stale": sum(1 for r in rows if r.link and r.link.state == "stale"),
        "waiting": sum(1 for r in rows if r.link and r.link.state == "waiting"),
        "without": sum(1 for r in rows if not r.link),
    }


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """List suggestions, likeliest first, for reviewers to decide."""
    require(user=request.user, action=REVIEW)
    state = chosen(request.GET, "state", allowed=STATES, default="waiting")
    instruments = list(selectors.list_instruments(user=request.user))
    instrument = chosen(request.GET, "instrument", allowed=[i.slug for i in instruments])
    labels = {t.pk: board.label_of(t) for t in selectors.topics()}
    topic = chosen(request.GET, "topic", allowed=labels)
    found = selectors.review_queue(user=request.user, state=state, instrument=instrument, topic=topic)
    page = Paginator(found, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "page": page,
        "needs": [in_words(need) for need in needs_of(user=request.user) if need.kind == STALE],
        "is_written_to": is_written_to(user=request.user),
        "reasons": reasons_of(links=[link for link in page if link.state == "stale"]),
        "state": state,
        "states": words.STATES.items(),
        "instrument": instrument,
        "instruments": instruments,
        "topic": topic,
        "topics": list(labels.items()),
        "labels": labels,
        "totals": selectors.totals(user=request.user),
        "progress": board.progress(),
        "relations": words.RELATIONS.items(),
        "marks": ("v-pub", "v-del", *RELATION_MARKS),
    }
    return render(request, "alignment/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, name: str) -> HttpResponse:
    """Show one link; take a reviewer's decision."""
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
        decision = chosen(request.POST, "decision", allowed=("confirm", "reject", "uphold"))
        relation = chosen(request.POST, "relation", allowed=words.RELATIONS)
        on = free_text(request.POST, "on")
        decided = decide_link(name=name, decision=decision, relation=relation, by=request.user, on=on)
        sentence = {
            "confirmed": _("Confirmed. The act stands on the record."),
            "stale": _("Entered on the record. The text has changed since you opened it: look at this link again."),
        }.get(decided.state, _("Rejected. The act stands on the record."))
        messages.success(request, sentence)
        following = chosen(request.POST, "then", allowed=("queue", "link"), default="link")
        if following != "queue":
            return redirect("link", name=name)
        kept = {k: v for k, v in QueryDict(request.POST.get("back", "")[:300]).items() if k in KEPT}
        place = f"?{urlencode(kept)}" if kept else ""
        return redirect(reverse("review") + place)
    found = selectors.link_of(name=name, user=request.user)
    context = {
        "link": found,
        "relation": found.relation or found.suggested,
        "labels": {t.pk: board.label_of(t) for t in selectors.topics()},
        "may_decide": may(user=request.user, action=REVIEW) and found.state in {"waiting", "stale"},
        "reasons": reasons_of(links=[found]).get(found.pk, ()),
        "readings": _of_states(readings_of(links=[found])[found.pk]),
        "circle": narrowest(*((t.visibility, t.audience) for t in (found.a.instrument, found.b.instrument)))[0],
        "readers": members_who_may_read(link=found, user=request.user),
        "relations": words.RELATIONS.items(),
        "marks": ("v-pub", *RELATION_MARKS),
    }
    return render(request, "alignment/link.html", context)


def _of_states(readings: tuple[ReadingView, ...]) -> list[ReadingView]:
    """Return the readings of states, once each: an organisation's text is read by no single member."""
    states = board.atlas().states
    return list({r.party: r for r in readings if r.party in states}.values())
