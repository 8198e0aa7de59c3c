"""Other views: the secretariat writes them down and marks those that their holders have checked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadParameter
from comity.platform.dialogue import other_views as views
from comity.platform.dialogue.moderation import MODERATE
from comity.platform.dialogue.selectors import dialogue_seen
from comity.platform.parties.rules import require
from comity.web import words
from comity.web.dialogue.frames import head_of
from comity.web.parameters import chosen, free_text, long_text, whole_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST_SENT = 2000
MOST_KEY = 2**62
_NUMBER = re.compile(r"[0-9]{1,7}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def other_views(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the other views of each track with a form for each; keep, check or remove one by POST."""
    require(user=request.user, action=MODERATE)
    held = dialogue_seen(slug=slug, user=request.user)
    if request.method == "POST":
        _take(request, slug=slug)
        return redirect("dialogue-other-views", slug)
    asked = [
        t for t in words.TRACKS if (t == "states" and held.has_states) or (t == "people" and held.people != "nobody")
    ]
    context = head_of(request, held) | {
        "tracks": [
            {
                "track": track,
                "name": words.TRACKS[track],
                "views": views.views_of(dialogue=held, track=track, checked=False),
            }
            for track in asked
        ],
        "most": views.MOST_TEXT,
        "most_note": views.MOST_NOTE,
    }
    return render(request, "dialogue/other_views.html", context)


def _take(request: HttpRequest, *, slug: str) -> None:
    values = request.POST
    key = whole_number(values, name="view", low=0, high=MOST_KEY, default=0)
    given: dict[str, Any] = {"slug": slug, "by": request.user}
    match chosen(values, "do", allowed=("keep", "check", "remove")):
        case "keep":
            views.write_view(
                **given,
                track=free_text(values, "track"),
                language=free_text(values, "language"),
                text=long_text(values, "text", most=MOST_SENT),
                note=long_text(values, "note", most=MOST_SENT),
                statements=_numbers(free_text(values, "statements")),
                view=key or None,
            )
            messages.success(request, _("The view is kept. It is shown once those who hold it have checked its words."))
        case "check":
            views.check_view(**given, view=key, text=long_text(values, "text", most=MOST_SENT))
            messages.success(request, _("Checked. The view is shown with the results."))
        case "remove":
            views.remove_view(**given, view=key)
            messages.success(request, _("The view is removed."))
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")


def _numbers(found: str) -> list[int]:
    """Return the numbers in a line such as ``3, 14``. Raises BadParameter."""
    words_given = found.replace(",", " ").replace("،", " ").split()
    if wrong := next((w for w in words_given if not _NUMBER.fullmatch(w)), ""):
        raise BadParameter(name="statements", found=wrong[:20], allowed="numbers of statements, such as 3, 14")
    return [int(w) for w in words_given]
