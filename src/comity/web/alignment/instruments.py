"""The collection: its instruments, one instrument, one provision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comity.engines.alignment.texts import KINDS, STATUSES
from comity.errors import NotFound
from comity.platform.alignment import convergence, histories, selectors, services
from comity.platform.alignment.fruitless import ACTION as NOTHING_FOUND
from comity.platform.alignment.fruitless import findings_of
from comity.platform.alignment.joint_actions import commitment_of
from comity.platform.alignment.stale import reasons_of
from comity.platform.alignment.tasks import start_alignment_if_changed
from comity.platform.parties.rules import may
from comity.web import words
from comity.web.alignment import board
from comity.web.learnt import notes_here
from comity.web.parameters import chosen, free_text, page_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 25
PROVISIONS_PER_PAGE = 40
RELATION_MARKS = ("x-same", "x-broader", "x-narrower", "x-related", "x-none")


@require_safe
def instruments(request: HttpRequest) -> HttpResponse:
    """List the collection, with filters."""
    parties = board.party_choices(user=request.user)
    topics = selectors.topics()
    party = chosen(request.GET, "party", allowed=[code for code, _name in parties])
    kind = chosen(request.GET, "kind", allowed=KINDS)
    status = chosen(request.GET, "status", allowed=STATUSES)
    topic = chosen(request.GET, "topic", allowed=[t.pk for t in topics])
    text = free_text(request.GET, "q")
    found = selectors.list_instruments(
        user=request.user, party=party, kind=kind, status=status, topic=topic, words=text
    )
    context = {
        "page": Paginator(found, PER_PAGE).get_page(page_number(request.GET)),
        "party": party,
        "kind": kind,
        "status": status,
        "topic": topic,
        "q": text,
        "parties": parties,
        "kinds": words.KINDS.items(),
        "statuses": words.STATUSES.items(),
        "topics": [(t.pk, board.label_of(t)) for t in topics],
        "totals": selectors.totals(user=request.user),
        "may_send": may(user=request.user, action="take an instrument into the collection"),
        "marks": ("v-del",),
    }
    return render(request, "alignment/instruments.html", context)


@require_safe
def instrument(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one instrument with its provisions."""
    found = selectors.instrument_of(slug=slug, user=request.user)
    labels = {t.pk: board.label_of(t) for t in selectors.topics()}
    topic = chosen(request.GET, "topic", allowed=labels)
    provisions = selectors.provisions_of(instrument=found, topic=topic)
    page = Paginator(provisions, PROVISIONS_PER_PAGE).get_page(page_number(request.GET))
    here = {mark.topic_id for p in selectors.provisions_of(instrument=found) for mark in p.topic_marks.all()}
    others = selectors.list_instruments(user=request.user).exclude(pk=found.pk)
    context = {
        "instrument": found,
        "page": page,
        "labels": labels,
        "topic": topic,
        "topics": [(t, label) for t, label in labels.items() if t in here],
        "no_colour": words.NO_COLOUR.get(convergence.reason_for_no_colour(found), ""),
        "others": others,
        "versions": histories.versions_of(instrument=found),
        "may_change_circle": may(user=request.user, action="change who sees an instrument"),
        "marks": ("v-pub", "v-mem", "v-com", "v-del"),
        **notes_here(request, f"alignment/instruments/{found.slug}", parts=True),
    }
    return render(request, "alignment/instrument.html", context)


@require_POST
def seen_by(request: HttpRequest, slug: str) -> HttpResponse:
    """Change who sees an instrument, and queue the alignment that follows from it."""
    services.change_who_sees(
        slug=slug, visibility=chosen(request.POST, "visibility", allowed=("public", "members")), by=request.user
    )
    start_alignment_if_changed()
    messages.success(request, _("Kept, and entered on the record. The figures are drawn up anew."))
    return redirect("instrument", slug)


@require_safe
def provision(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Show one provision, and what other instruments say of the same matter."""
    try:
        found = selectors.provision_of(slug=slug, ref=ref, user=request.user)
    except NotFound:
        # It stands no longer: its reference leads to where it last stood.
        number = histories.last_version_with(slug=slug, ref=ref, user=request.user)
        return redirect(f"{reverse('instrument-version', args=[slug, number])}?at={ref}#{ref}")
    before, after = selectors.neighbours_of(provision=found)
    links = selectors.links_of_provision(provision=found, user=request.user)
    reasons = reasons_of(links=links)
    rows = []
    for link in links:
        turned = link.b_id == found.pk
        relation = link.relation or link.suggested
        rows.append(
            {
                "link": link,
                "other": link.a if turned else link.b,
                "relation": words.MIRRORED[relation] if turned else relation,
                "waiting": link.is_open,
                "stale": reasons.get(link.pk, ()) if link.state == "stale" else (),
            }
        )
    context = {
        "provision": found,
        "instrument": found.instrument,
        "labels": {t.pk: board.label_of(t) for t in selectors.topics()},
        "commitment": commitment_of(provision=found),
        "rows": rows,
        "findings": findings_of(provisions=[found], user=request.user).get(found.pk, []),
        "may_search": may(user=request.user, action=NOTHING_FOUND),
        "past": histories.past_of(provision=found),
        "before": before,
        "after": after,
        "run": selectors.latest_run(),
        "progress": board.progress(),
        "marks": ("v-pub", *RELATION_MARKS),
        **notes_here(request, f"alignment/instruments/{found.instrument.slug}/{found.ref}"),
    }
    return render(request, "alignment/provision.html", context)
