"""Experience notes: the list, one note read like a short story, its form, an earlier version, and a translation beside its original."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadInput, Conflict, NotPermitted
from comity.platform.commons import notes_of_experience as notes
from comity.platform.commons.note_cards import (
    ORDERS,
    find_notes,
    members_that_tell,
    note_cards_of,
    own_notes,
    subjects_told,
)
from comity.platform.commons.note_parts import MOST_PART, PARTS
from comity.platform.commons.note_translations import (
    MOST_TRANSLATED,
    MOST_TRANSLATED_TITLE,
    check_note_translation,
    translation_desk,
    write_note_translation,
)
from comity.platform.commons.note_views import note_page, note_to_change, note_version
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.preparing import PREPARE, own_members
from comity.platform.parties.rules import MAY, may
from comity.platform.parties.texts import MOST_NOTE, MOST_TITLE
from comity.web.asked import questions_here
from comity.web.commons import note_forms as forms
from comity.web.commons.subjects import (
    RESOURCES,
    TOPICS,
    demand_subjects_seen,
    resource_choices,
    subjects_named,
    topic_choices,
)
from comity.web.context import interface_language
from comity.web.learnt import notes_here
from comity.web.parameters import chosen, free_text, page_number
from comity.web.preparing import Step, desk_steps, take_step, what_was_seen
from comity.web.refusing import shown_again

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from comity.platform.commons.note_views import NotePage
    from comity.platform.commons.release_views import ReleaseView

MARKS = ("v-pub", "v-mem", "v-com", "v-del", "t-full", "t-open")
PER_PAGE = 25
OWN_FIRST = 20
WAYS = {
    **desk_steps(clear=notes.clear_note, send_back=notes.send_back_note, send=notes.send_note, drop=notes.drop_note),
    "show": Step(
        notes.show_note,
        _("It is changed who sees this note."),
        given=lambda values: {**what_was_seen(values), "circle": values.get("circle", "")[:80]},
    ),
    "withdraw": Step(notes.withdraw_note, _("The note is withdrawn. No reason is asked or kept."), must_be_sure=True),
}
MONTHS = (3, 6, 12, 24)
FORM, PAGE, TRANSLATE = (f"comity/commons/{name}.html" for name in ("note_form", "note", "note_translate"))


@require_safe
def list_all(request: HttpRequest) -> HttpResponse:
    """List one's own notes, what waits first, and what members learnt, by title or newest first and never by how often it is read."""
    language = interface_language()
    topics = _told_of(request, TOPICS, topic_choices())
    resources = _told_of(request, RESOURCES, resource_choices())
    members = members_that_tell(user=request.user, language=language)
    picked = {
        "topic": chosen(request.GET, "topic", allowed=[r for r, _title in topics]),
        "resource": chosen(request.GET, "resource", allowed=[r for r, _title in resources]),
        "member": chosen(request.GET, "member", allowed=[slug for slug, _name in members]),
        "tongue": chosen(request.GET, "tongue", allowed=LANGUAGES),
        "months": chosen(request.GET, "months", allowed=[str(n) for n in MONTHS]),
        "order": chosen(request.GET, "order", allowed=ORDERS, default="title"),
        "q": free_text(request.GET, "q"),
    }
    keys = find_notes(
        user=request.user,
        language=language,
        about=[r for r in (picked["topic"], picked["resource"]) if r],
        member=picked["member"],
        tongue=picked["tongue"],
        months=int(picked["months"]) if picked["months"] else None,
        words=picked["q"],
        order=picked["order"],
    )
    page = Paginator(keys, PER_PAGE).get_page(page_number(request.GET))
    own = own_notes(user=request.user, language=language)
    context = {
        "page": page,
        "cards": note_cards_of(keys=list(page), user=request.user, language=language),
        "own": own[:OWN_FIRST],
        "own_total": len(own),
        "has_delegation_here": bool(own_members(user=request.user)),
        "topics": topics,
        "resources": resources,
        "tellers": members,
        "tongues": LANGUAGES,
        "spans": [(str(n), n) for n in MONTHS],
        "picked": picked,
        "is_filtered": any(value for name, value in picked.items() if name != "order"),
        "may_prepare": may(user=request.user, action=PREPARE),
        "marks": MARKS,
    }
    return render(request, "comity/commons/notes.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new note, or keep it as a draft of the delegation."""
    places, place = forms.place_to_write(request)
    if not places:
        raise NotPermitted(action=PREPARE, needed=" or ".join(sorted(MAY[PREPARE])))
    about = request.GET.get("about", "")[:250].strip("/")
    context: dict[str, Any] = {"places": places, "place": place, "about": about, **_limits()}
    if place is None:
        return render(request, FORM, context)
    body, member = place
    context |= forms.choices_for(member=member) | {"body": body, "member": member, "for": f"{body}/{member}"}
    if request.method == "POST":
        typed = forms.note_typed(request.POST)
        try:
            given = forms.note_given(typed)
            demand_subjects_seen(notes.checked_subjects(given["about"]), user=request.user)
            made = notes.prepare_note(body=body, member=member, by=request.user, **given)
        except (BadInput, Conflict) as error:
            return shown_again(request, FORM, context | {"typed": typed}, error=error)
        messages.success(request, _("The draft is kept. Your delegation alone sees it until it is sent."))
        return redirect("note", made.slug)
    return render(request, FORM, context | {"typed": forms.blank_note(about=about, user=request.user)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a delegation the form of its note, or keep the change: of a draft at once, of what was sent until it is sent too."""
    held = note_to_change(slug=slug, user=request.user)
    shown = {"slug": slug, "seen_as": held["seen"], "body": held["body"], "state": held["state"], **_limits()}
    context = shown | forms.choices_for(member=held["member"]) | {"typed": forms.typed_again(held)}
    if request.method == "POST":
        typed = forms.note_typed(request.POST)
        try:
            given = forms.note_given(typed)
            demand_subjects_seen(notes.checked_subjects(given["about"]), user=request.user, held=held["about"])
            notes.change_note(slug=slug, by=request.user, on=request.POST.get("on", "")[:80], **given)
        except (BadInput, Conflict) as error:
            return shown_again(request, FORM, context | {"typed": typed}, error=error)
        messages.success(request, _("The change is kept. Your delegation alone sees it until it is sent."))
        return redirect("note", slug)
    return render(request, FORM, context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def note(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a note as this reader sees it; do one thing with it by POST."""
    tongue = chosen(request.GET, "in", allowed=LANGUAGES)
    view = note_page(slug=slug, user=request.user, language=interface_language(), tongue=tongue)
    context = _context(request, view)
    if request.method == "POST":
        step = chosen(request.POST, "do", allowed=WAYS)
        try:
            gone = take_step(request, step=step, slug=slug, steps=WAYS, is_draft=lambda: view.card.state == "draft")
        except (BadInput, Conflict) as error:
            said = {"note": request.POST.get("note", "")[: forms.MOST_TYPED]}
            return shown_again(request, PAGE, context | {"said": said, "step": step}, error=error)
        return redirect("notes") if gone else redirect("note", slug)
    return render(request, PAGE, context)


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show the words of a note as one of its acts sent them."""
    card, words = note_version(slug=slug, number=number, user=request.user, language=interface_language())
    context = {"card": card, "words": words, "number": number, "marks": MARKS}
    return render(request, "comity/commons/note_version.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    """Show the original beside a translation, and keep what a person writes or finds good."""
    desk = translation_desk(slug=slug, language=language, user=request.user)
    context = {
        "desk": desk,
        "rows": [(part, text, dict(desk.words).get(part, "")) for part, text in desk.original],
        "typed_title": desk.words_title,
        "most_title": MOST_TRANSLATED_TITLE,
        "most_part": MOST_TRANSLATED,
        "marks": MARKS,
    }
    if request.method == "POST":
        typed = {part: request.POST.get(part, "")[: forms.MOST_TYPED] for part in PARTS}
        title = request.POST.get("title", "")[: forms.MOST_TYPED]
        given: dict[str, Any] = {"slug": slug, "language": language, "by": request.user}
        given["on"] = request.POST.get("on", "")[:40]
        try:
            if chosen(request.POST, "do", allowed=("keep", "check"), default="keep") == "check":
                check_note_translation(**given)
            else:
                write_note_translation(**given, title=title, parts=typed)
        except (BadInput, Conflict) as error:
            rows = [(part, text, typed[part]) for part, text in desk.original]
            return shown_again(request, TRANSLATE, context | {"rows": rows, "typed_title": title}, error=error)
        messages.success(request, _("The translation is kept, and says that a person has checked it."))
        return redirect(f"{request.path.partition('/translations/')[0]}?in={language}")
    return render(request, TRANSLATE, context)


def notes_of_release(view: ReleaseView, request: HttpRequest) -> dict[str, Any]:
    """Return what the page of a release shows of what members learnt with it."""
    return notes_here(request, view.card.reference)


def _told_of(request: HttpRequest, within: str, choices: Iterable[tuple[str, str]], /) -> list[tuple[str, str]]:
    """Return of some choices those that a note is about that this reader reads."""
    there = subjects_told(user=request.user, within=within)
    return [(reference, title) for reference, title in choices if reference in there]


def _limits() -> dict[str, Any]:
    return {"most_title": MOST_TITLE, "most_part": MOST_PART, "most_note": MOST_NOTE, "marks": MARKS}


def _context(request: HttpRequest, view: NotePage, /) -> dict[str, Any]:
    have = {code: (state, earlier) for code, state, earlier in view.tongues}
    return {
        "view": view,
        "card": view.card,
        "desk": view.desk,
        "words": view.words,
        "slug": view.card.slug,
        "told": [part for part, _text in view.words.parts] if view.words else [],
        "about": subjects_named(view.about, user=request.user),
        "next_about": subjects_named(view.next_about, user=request.user),
        "next_circle": forms.circle_shown(view.next_circle) if view.next_circle else (),
        "will_be_seen": (view.next_circle or view.card.visibility).partition(":")[0],
        "circles": [forms.circle_shown(circle) for circle in view.circles],
        "into": [(code, *have.get(code, ("", False))) for code in LANGUAGES if code != view.card.language],
        **(questions_here(request, view.card.reference) if view.card.state == "open" else {}),
        **_limits(),
    }
