"""Take a conversation of Polis over into a draft from its files, and give one of ours out as the same files, for the convenor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadParameter, ComityError, FileTooLarge, NotFound, NotPermitted
from comity.platform.dialogue import polis, selectors
from comity.platform.parties.rules import require
from comity.web.context import interface_language
from comity.web.dialogue.result_rows import count
from comity.web.parameters import chosen, free_text
from comity.web.refusals import words_of

if TYPE_CHECKING:
    from typing import BinaryIO

    from django.http import HttpRequest, HttpResponse

MB = 1_000_000
MOST_MEGABYTES = 40
"""Of each file here; ``comity dialogue analyse`` reads larger ones."""
FILES = ("votes", "comments", "participants")
GIVEN_OUT = ("votes.csv", "comments.csv", "participants-votes.csv")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form of the files, or take them over; what cannot be is said above the form."""
    held = selectors.dialogue_seen(slug=slug, user=request.user)
    require(user=request.user, action=polis.ACTION, body=held.body.slug)
    if request.method == "POST":
        try:
            taken = _take_over(request, slug=slug)
        except NotPermitted:
            raise
        except ComityError as error:
            messages.error(request, words_of(error))
            return redirect("dialogue-import", slug)
        said = _(
            "Taken over: %(shown)s statements shown, %(waiting)s that wait here, %(refused)s refused, %(voices)s voices, "
            "%(answers)s answers."
        )
        counts = {name: getattr(taken, name) for name in ("shown", "waiting", "refused", "voices", "answers")}
        messages.success(request, said % counts)
        return redirect("dialogue-settings", slug)
    view = selectors.view_dialogue(dialogue=held, user=request.user, language=interface_language())
    context: dict[str, Any] = {
        "view": view,
        "card": view.card,
        "most_size": MOST_MEGABYTES,
        "most_answers_said": count(polis.MOST_ANSWERS),
        "given_out": GIVEN_OUT,
        "marks": ("v-com",),
    }
    return render(request, "dialogue/import.html", context)


@never_cache
@require_safe
def give_out(request: HttpRequest, slug: str, name: str) -> StreamingHttpResponse:
    """One of the three files of a consultation that is not open."""
    if name not in GIVEN_OUT:
        raise NotFound(reference=f"dialogue/{slug[:60]}/export/{name[:40]}")
    selectors.dialogue_seen(slug=slug, user=request.user)
    votes, comments = polis.export_conversation(slug=slug, by=request.user)
    from comity.adapters import polis_writing  # noqa: PLC0415  (heavy)

    lines = {
        "votes.csv": lambda: polis_writing.vote_lines(votes=votes),
        "comments.csv": lambda: polis_writing.comment_lines(comments=comments),
        "participants-votes.csv": lambda: polis_writing.participant_lines(votes=votes),
    }[name]()
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-{name}"'},
    )


def _take_over(request: HttpRequest, *, slug: str) -> polis.TakenOver:
    from comity.adapters.polis_files import demand_right_sign, read_comments_from, read_votes_from  # noqa: PLC0415  (heavy)

    sent = {name: request.FILES.get(name) for name in FILES}
    for name in ("votes", "comments"):
        if sent[name] is None:
            raise BadParameter(name=name, found=_("nothing"), allowed=_("one file"))
    agree_is = int(chosen(request.POST, "agree_is", allowed=("1", "-1"), default="1"))
    votes = read_votes_from(source=_opened(sent["votes"]), file=_name(sent["votes"]), agree_is=agree_is)
    comments = read_comments_from(source=_opened(sent["comments"]), file=_name(sent["comments"]))
    demand_right_sign(votes=votes, comments=comments, file=_name(sent["votes"]))
    about = sent["participants"]
    regions = None if about is None else read_votes_from(source=_opened(about), file=_name(about)).regions
    return polis.import_conversation(
        slug=slug,
        votes=votes,
        comments=comments,
        regions=regions,
        language=free_text(request.POST, "language"),
        by=request.user,
    )


def _opened(sent: Any) -> BinaryIO:
    """Return the bytes of a file that was sent. Raises FileTooLarge."""
    if sent.size > MOST_MEGABYTES * MB:
        raise FileTooLarge(file=_name(sent), found=f"{sent.size / MB:.0f}", allowed=MOST_MEGABYTES)
    opened: BinaryIO = getattr(sent.file, "file", sent.file)  # a large one stands in a file of its own
    return opened


def _name(sent: Any) -> str:
    return str(sent.name or "")[:100]
