"""Paper sheets: make a batch and print it, type each sheet in twice, and settle what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadParameter
from comity.platform.dialogue import participation, sheet_views
from comity.platform.dialogue import sheets as paper
from comity.platform.dialogue.selectors import TONGUES, dialogue_seen, text_in
from comity.platform.parties.rules import require
from comity.web import words
from comity.web.dialogue.frames import MARKS, head_of
from comity.web.dialogue.take_part import VALUES
from comity.web.parameters import chosen, free_text, whole_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from comity.platform.dialogue.models import Dialogue, SheetBatch

PRINTED_AT_ONCE = 50
DEFAULT_ON_A_SHEET = 12
MARKED = ("agree", "disagree", "pass", "blank")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: HttpRequest, slug: str) -> HttpResponse:
    """List batches with how far their entry has come; make a batch by POST."""
    held = _held(request, slug=slug)
    if request.method == "POST":
        made = paper.make_batch(
            slug=slug,
            place=free_text(request.POST, "place"),
            region=free_text(request.POST, "region"),
            language=free_text(request.POST, "language"),
            sheets=whole_number(request.POST, name="sheets", low=0, high=paper.MOST_SHEETS, default=0),
            statements=whole_number(request.POST, name="statements", low=0, high=paper.MOST_ON_A_SHEET, default=0),
            by=request.user,
        )
        messages.success(request, _("Batch %(number)s is made. Print its sheets.") % {"number": made.number})
        return redirect("dialogue-batch", slug, made.number)
    regions = participation.regions_of(dialogue=held)
    context = head_of(request, held) | {
        "batches": sheet_views.batches_of(dialogue=held),
        "regions": [(key, words.REGIONS.get(key, key)) for key in regions],
        "most_sheets": paper.MOST_SHEETS,
        "most_statements": paper.MOST_ON_A_SHEET,
        "usual_statements": DEFAULT_ON_A_SHEET,
        "takes": paper.takes_entries(dialogue=held, now=timezone.now()),
    }
    return render(request, "dialogue/sheets.html", context)


@never_cache
@require_safe
def batch_page(request: HttpRequest, slug: str, batch: int) -> HttpResponse:
    """Show one batch: its printing, how far it has come, what differs, and where to type the next sheet."""
    held = _held(request, slug=slug)
    found = paper.batch_in(dialogue=held, number=batch)
    if request.GET.get("serial", ""):
        serial = whole_number(request.GET, name="serial", low=1, high=found.sheets, default=0)
        return redirect("dialogue-sheet", slug, batch, serial)
    view = sheet_views.batch_view(batch=found)
    context = head_of(request, held) | {
        "batch": view,
        "prints": [
            (first, min(first + PRINTED_AT_ONCE - 1, view.sheets))
            for first in range(1, view.sheets + 1, PRINTED_AT_ONCE)
        ],
        "takes": paper.takes_entries(dialogue=held, now=timezone.now()),
    }
    return render(request, "dialogue/batch.html", context)


@never_cache
@require_safe
def print_page(request: HttpRequest, slug: str, batch: int) -> HttpResponse:
    """Show sheets of a batch to be printed, one to a page, in the language of the batch."""
    held = _held(request, slug=slug)
    found = paper.batch_in(dialogue=held, number=batch)
    first = whole_number(request.GET, name="first", low=1, high=found.sheets, default=1)
    last = whole_number(request.GET, name="last", low=first, high=found.sheets, default=first)
    if last - first >= PRINTED_AT_ONCE:
        raise BadParameter(name="last", found=str(last), allowed=f"at most {first + PRINTED_AT_ONCE - 1}")
    spoken = found.language if found.language in TONGUES else "en"
    with translation.override("zh-hans" if spoken == "zh" else spoken):
        context = {
            "batch": found,
            "slug": slug,
            "question": text_in(held.question, language=found.language),
            "printed": sheet_views.printed(batch=found),
            "serials": range(first, last + 1),
            "instructions_in": spoken,
            "votes": [words.VOTES[vote] for vote in ("agree", "disagree", "pass")],
            "ends": held.closes_at,
            "marks": ("t-open",),
        }
        return render(request, "dialogue/sheet_print.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, slug: str, batch: int, serial: int) -> HttpResponse:
    """Type one sheet in, or settle what its two typings differ in. Nobody sees what another typed before they did."""
    held = _held(request, slug=slug)
    found = paper.batch_in(dialogue=held, number=batch)
    paper.demand_serial(batch=found, serial=serial)
    if request.method == "POST":
        return _take(request, slug=slug, batch=found, serial=serial)
    state = sheet_views.sheet_state(batch=found, serial=serial)
    differences = sheet_views.differences_of(batch=found, serial=serial) if state == sheet_views.DIFFERS else ()
    of_value = {value: vote for vote, value in VALUES.items() if value is not None} | {None: "blank"}
    context = head_of(request, held) | {
        "batch": found,
        "serial": serial,
        "sheet_state": state,
        "typed_by_reader": state == sheet_views.ONCE
        and sheet_views.is_typed_by(batch=found, serial=serial, user=request.user),
        "printed": [{"p": p} for p in sheet_views.printed(batch=found)]
        if state in {sheet_views.NEW, sheet_views.ONCE}
        else [
            {"p": d.statement, "first": _marked(of_value[d.first]), "second": _marked(of_value[d.second])}
            for d in differences
        ],
        "votes": [(vote, _marked(vote)) for vote in MARKED],
        "takes": paper.takes_entries(dialogue=held, now=timezone.now()),
        "following": serial + 1 if serial < found.sheets else 0,
        "marks": MARKS,
    }
    return render(request, "dialogue/sheet.html", context)


def _take(request: HttpRequest, *, slug: str, batch: SheetBatch, serial: int) -> HttpResponse:
    given: dict[str, Any] = {"slug": slug, "batch": batch.number, "serial": serial, "by": request.user}
    answers = _answers(request.POST, batch=batch)
    match chosen(request.POST, "do", allowed=("enter", "settle")):
        case "enter":
            entry = paper.enter_sheet(**given, answers=answers)
        case "settle":
            entry = paper.settle_sheet(**given, answers=answers)
        case _:
            raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")
    state = sheet_views.sheet_state(batch=batch, serial=serial)
    said = {
        sheet_views.ONCE: _("Sheet %(serial)s is typed once. Another person types it the second time."),
        sheet_views.DIFFERS: _("Sheet %(serial)s: the two typings differ. Settle it with the paper in hand."),
        sheet_views.COUNTED: _("Sheet %(serial)s counts."),
        sheet_views.BLANK: _("Sheet %(serial)s has no mark, and is no voice."),
    }
    messages.success(request, said[state] % {"serial": entry.serial})
    return redirect("dialogue-batch", slug, batch.number)


def _answers(values: QueryDict, *, batch: SheetBatch) -> dict[int, int]:
    """Return the marks of a form: fields ``s-NUMBER``; a blank is no answer. Raises BadParameter for what was not printed."""
    found: dict[int, int] = {}
    for name in values:
        if not name.startswith("s-"):
            continue
        number = name[2:]
        if not number.isdecimal() or len(number) > 7 or int(number) not in batch.statements:  # noqa: PLR2004  (no statement has more digits)
            raise BadParameter(name="statement", found=number[:12], allowed="a statement of this sheet")
        vote = chosen(values, name, allowed=MARKED)
        value = VALUES.get(vote)
        if value is not None:
            found[int(number)] = value
    return found


def _marked(vote: str) -> Any:
    return words.VOTES.get(vote) or _("No mark, or unreadable")


def _held(request: HttpRequest, *, slug: str) -> Dialogue:
    require(user=request.user, action=paper.SHEETS)
    return dialogue_seen(slug=slug, user=request.user)
