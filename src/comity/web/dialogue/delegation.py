"""Answers of a delegation: prepared, cleared, sent back, and given in the member's name. Seen by that delegation alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadParameter, NotFound
from comity.platform.dialogue import delegations
from comity.platform.dialogue.selectors import dialogue_seen
from comity.platform.parties.roster import member_names
from comity.web import words
from comity.web.context import interface_language
from comity.web.dialogue.desk import number_of
from comity.web.dialogue.frames import MARKS, head_of
from comity.web.dialogue.take_part import OF_VALUE, SIGNS, VALUES
from comity.web.parameters import chosen, free_text, long_text, page_number

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, QueryDict

    from comity.platform.dialogue.delegations import PreparedView

PER_PAGE = 20
MOST_SENT = 2000
MOST_AT_ONCE = 100
STEPS = ("prepare", "drop", "clear", "back", "give", "clear-all", "give-all")
SHOWS = ("all", "prepare", "clear", "give")
WAITS: dict[str, Callable[[PreparedView], bool]] = {
    "prepare": lambda row: row.prepared_at is None and row.statement.answer is None,
    "clear": lambda row: row.awaits_clearance,
    "give": lambda row: row.may_give,
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a delegation what it answered and what it prepares; do one thing by POST."""
    held = dialogue_seen(slug=slug, user=request.user)
    own = delegations.members_with_desk(dialogue=held, user=request.user)
    if not own:
        raise NotFound(reference=f"{held.reference}/delegation")
    source = request.POST if request.method == "POST" else request.GET
    member = chosen(source, "member", allowed=own, default=own[0])
    show = chosen(source, "show", allowed=SHOWS, default="all")
    if request.method == "POST":
        _take(request, slug=slug, member=member)
        query = urlencode({"member": member, "show": show})
        return redirect(f"{reverse('dialogue-delegation', args=[slug])}?{query}")
    desk = delegations.desk_of(dialogue=held, member=member, user=request.user, language=interface_language())
    rows = [row for row in desk.rows if show == "all" or WAITS[show](row)]
    page = Paginator(rows, PER_PAGE).get_page(page_number(request.GET))
    names = member_names(language=interface_language())
    context = head_of(request, held) | {
        "desk": desk,
        "page": page,
        "rows": [_row(row) for row in page],
        "to_clear_here": [row for row in page if row.may_clear],
        "member": member,
        "member_own": names[member],
        "members_own": [(m, names[m]) for m in own],
        "show": show,
        "shows": _shows(),
        "choices": [(vote, words.VOTES[vote], SIGNS[vote]) for vote in VALUES if vote != "awaiting"],
        "standings": [(s, words.STANDINGS[s]) for s in delegations.STANDINGS],
        "most_note": delegations.MOST_NOTE,
        "marks": (*MARKS, *SIGNS.values()),
    }
    return render(request, "dialogue/delegation.html", context)


def _shows() -> list[tuple[str, str]]:
    return [
        ("all", _("All statements")),
        ("prepare", _("Without an answer")),
        ("clear", _("Awaiting clearance")),
        ("give", _("Can be given")),
    ]


def _row(row: PreparedView) -> dict[str, Any]:
    given = row.statement.answer
    return {
        "p": row,
        "given": "awaiting" if row.statement.standing == "awaiting" else "" if given is None else OF_VALUE[given],
        "prepared": "" if row.value is None else OF_VALUE[row.value],
    }


def _take(request: HttpRequest, *, slug: str, member: str) -> None:
    values, number = request.POST, number_of(request.POST)
    given: dict[str, Any] = {"slug": slug, "member": member, "by": request.user}
    match chosen(values, "do", allowed=STEPS):
        case "prepare":
            vote = chosen(values, "vote", allowed=OF_VALUE.values())
            delegations.prepare_answer(
                **given,
                number=number,
                value=VALUES.get(vote),
                standing=free_text(values, "standing"),
                note=long_text(values, "note", most=MOST_SENT),
                on=free_text(values, "on"),
            )
            messages.success(request, _("The answer is prepared. Only your delegation sees it."))
        case "drop":
            delegations.drop_prepared(**given, number=number)
            messages.success(request, _("What was prepared is put away."))
        case "clear":
            delegations.clear_answer(**given, number=number, on=free_text(values, "on"))
            messages.success(request, _("Cleared. Who holds the voice can give it now."))
        case "clear-all":
            done = delegations.clear_answers(**given, seen=_seen(values))
            text = ngettext("%(n)s answer is cleared.", "%(n)s answers are cleared.", done)
            messages.success(request, text % {"n": done})
        case "back":
            delegations.send_back(**given, number=number, note=long_text(values, "note", most=MOST_SENT))
            messages.success(request, _("Sent back with your remark."))
        case "give":
            delegations.give_prepared(**given, numbers=[number])
            messages.success(request, _("The answer is given. You can change it until the dialogue closes."))
        case "give-all":
            done = len(delegations.give_prepared(**given))
            text = ngettext("%(n)s answer is given.", "%(n)s answers are given.", done)
            messages.success(request, text % {"n": done})
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")


def _seen(values: QueryDict) -> dict[int, str]:
    """Return what a form says was seen: fields ``seen`` of a number and a moment each."""
    found: dict[int, str] = {}
    for pair in values.getlist("seen")[:MOST_AT_ONCE]:
        number, colon, moment = pair.partition(":")
        if not colon or not number.isdecimal() or len(number) > 7:  # noqa: PLR2004  (no statement has more digits)
            raise BadParameter(name="seen", found=pair[:20], allowed="what the page sends")
        found[int(number)] = moment[:40]
    return found
