"""Review: the queue in which reviewers answer one link after another, and the rule under which answers decide."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comity.engines.alignment.settlement import MOST_REGIONS, MOST_REVIEWERS
from comity.platform.alignment import selectors
from comity.platform.alignment.answers import agreement_now, answers_on
from comity.platform.alignment.reviewing import (
    MOST_REASON,
    REVIEW,
    SET_RULE,
    answer_link,
    rule_now,
    rules_so_far,
    set_review_rule,
)
from comity.platform.alignment.stale import reasons_of
from comity.platform.parties.notices import is_written_to
from comity.platform.parties.rules import may, require
from comity.platform.parties.today import needs_of
from comity.web import words
from comity.web.alignment import board
from comity.web.alignment.instruments import RELATION_MARKS
from comity.web.delegation.needs import in_words
from comity.web.parameters import chosen, free_text, long_text, page_number, whole_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PER_PAGE = 10
STALE, STALE_STATE = "stale-link", "stale"
STATES = ("unanswered", "stale", "disputed", "waiting", "confirmed", "rejected")
KEPT = ("state", "instrument", "topic", "page")
_NAME = re.compile(r"[a-z0-9]{1,16}")


@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """List links for reviewers to answer: first those that reviewers do not agree on, then the likeliest."""
    require(user=request.user, action=REVIEW)
    state = chosen(request.GET, "state", allowed=STATES, default="unanswered")
    instruments = list(selectors.list_instruments(user=request.user))
    instrument = chosen(request.GET, "instrument", allowed=[i.slug for i in instruments])
    labels = {t.pk: board.label_of(t) for t in selectors.topics()}
    topic = chosen(request.GET, "topic", allowed=labels)
    found = selectors.review_queue(user=request.user, state=state, instrument=instrument, topic=topic)
    page = Paginator(found, PER_PAGE).get_page(page_number(request.GET))
    names = [link.name for link in page]
    at = free_text(request.GET, "at")
    context = {
        "page": page,
        "rows": _rows(request, page),
        "needs": [in_words(need) for need in needs_of(user=request.user) if need.kind == STALE],
        "is_written_to": is_written_to(user=request.user),
        "reasons": reasons_of(links=[link for link in page if link.state == STALE_STATE]),
        # One form alone has access keys: two with the same would make a key ambiguous.
        "keyed": at if at in names else (names[0] if names else ""),
        "state": state,
        "states": [(s, words.STATES[s]) for s in STATES],
        "instrument": instrument,
        "instruments": instruments,
        "topic": topic,
        "topics": list(labels.items()),
        "labels": labels,
        "totals": selectors.totals(user=request.user),
        "progress": board.progress(),
        "marks": ("v-pub", "v-mem", "v-del", *RELATION_MARKS),
        **answering(),
        **review_facts(request),
    }
    return render(request, "alignment/review.html", context)


def _rows(request: HttpRequest, page: Any) -> list[dict[str, Any]]:
    links = list(page)
    given = answers_on(links=links, user=request.user)
    after = [link.name for link in links[1:]] + ["list"]
    return [{"link": link, "given": given[link.pk], "next": name} for link, name in zip(links, after, strict=True)]


def answering() -> dict[str, Any]:
    """Return what the form of an answer needs: each answer with its access key."""
    return {
        "choices": [(value, name, key) for key, (value, name) in enumerate(words.ANSWERS.items(), 1)],
        "most_reason": MOST_REASON,
    }


def review_facts(request: HttpRequest) -> dict[str, Any]:
    """Return the rule in force and how far reviewers agree, as the pages say it."""
    version, rule = rule_now()
    found = agreement_now(user=request.user)
    return {
        "rule": rule,
        "rule_version": version,
        "agreement": found,
        "equal_percent": "" if found.equal is None else f"{round(100 * found.equal)}%",
        "may_set_rule": may(user=request.user, action=SET_RULE),
    }


def take_answer(request: HttpRequest, *, name: str) -> HttpResponse:
    """Take a reviewer's answer, and go on to the next link of the queue or back to this one."""
    decided = answer_link(
        name=name,
        answer=chosen(request.POST, "answer", allowed=words.ANSWERS),
        reason=long_text(request.POST, "reason", most=MOST_REASON),
        on=free_text(request.POST, "on"),
        by=request.user,
    )
    said = {
        "confirmed": _("Your answer met the rule: confirmed. The act stands on the record."),
        "rejected": _("Your answer met the rule: rejected. The act stands on the record."),
        "disputed": _("Your answer is kept. Reviewers do not agree on this link yet."),
        "waiting": _("Your answer is kept. The link awaits other reviewers."),
        "stale": _("Your answer is kept. The link awaits other reviewers."),
    }
    if (
        reasons_of(links=[decided])
        and decided.takes_answers
        and not answers_on(links=[decided], user=request.user)[decided.pk].mine
    ):
        messages.warning(
            request, _("Your answer is kept. The text has changed since you opened it: look at this link again.")
        )
    else:
        messages.success(request, said[decided.state])
    if chosen(request.POST, "then", allowed=("queue", "link"), default="link") != "queue":
        return redirect("link", name=name)
    kept = {k: v for k, v in QueryDict(request.POST.get("back", "")[:300]).items() if k in KEPT}
    following = request.POST.get("next", "")
    if _NAME.fullmatch(following):
        kept |= {"at": following} if following != "list" else {}
        return redirect(f"{reverse('review')}{f'?{urlencode(kept)}' if kept else ''}#{following}")
    return redirect(reverse("review") + (f"?{urlencode(kept)}" if kept else ""))


@require_http_methods(["GET", "HEAD", "POST"])
def review_rule(request: HttpRequest) -> HttpResponse:
    """Show the rule of review with its versions; the secretariat sets another."""
    if request.method == "POST":
        low = {"low": 0, "default": -1}
        set_review_rule(
            reviewers=whole_number(request.POST, name="reviewers", high=MOST_REVIEWERS, **low),
            regions=whole_number(request.POST, name="regions", high=MOST_REGIONS, **low),
            own_count=chosen(request.POST, "own", allowed=("yes", "no"), default="no") == "yes",
            by=request.user,
        )
        messages.success(request, _("The rule is set. The act stands on the record."))
        return redirect("review-rule")
    context = {
        "versions": rules_so_far(),
        "most_reviewers": MOST_REVIEWERS,
        "most_regions": MOST_REGIONS,
        "marks": ("v-pub",),
        **review_facts(request),
    }
    return render(request, "alignment/review_rule.html", context)
