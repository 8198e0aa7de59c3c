"""Templates of agreements: one with its text, blanks and versions, its files, and the form by which the secretariat issues one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.adapters.agreement_templates import MOST_BYTES, read_template
from comity.engines.commons.blanks import fill_text
from comity.errors import BadInput, BadParameter, Conflict
from comity.platform.commons.agreement_pages import list_agreements
from comity.platform.commons.agreement_sides import FOR_BODY
from comity.platform.commons.templates import (
    ISSUE,
    checked_template,
    compare_templates,
    issue_template,
    template_version,
    template_view,
)
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.preparing import PREPARE
from comity.platform.parties.roster import assemblies
from comity.platform.parties.rules import may, require
from comity.platform.parties.texts import text_in
from comity.web import words_of_agreements as words
from comity.web.commons.agreements import MARKS
from comity.web.context import interface_language
from comity.web.parameters import chosen, free_text, whole_number
from comity.web.refusing import told

if TYPE_CHECKING:
    from django.http import HttpRequest

    from comity.engines.commons.blanks import Template
    from comity.errors import ComityError

MOST_NUMBER = 100_000


@require_safe
def template(request: HttpRequest, slug: str, number: int = 0) -> HttpResponse:
    """Show a version of a template in one language: its text with its blanks, what fills them, and what changed since another."""
    language = interface_language()
    tongue = chosen(request.GET, "tongue", allowed=LANGUAGES, default=language)
    view = template_view(slug=slug, language=tongue, number=number)
    against = whole_number(request.GET, name="against", low=1, high=MOST_NUMBER, default=0)
    changes = None
    if against and against != view.card.number:
        changes = compare_templates(slug=slug, old=against, new=view.card.number, language=tongue)
    context = {
        "view": view,
        "card": view.card,
        "kind": words.KINDS[view.card.kind],
        "state": words.TRANSLATIONS[view.state],
        "tongues": [(code, words.TRANSLATIONS[state]) for code, state in view.languages],
        "blanks": [
            (
                blank,
                text_in(blank.labels, language),
                words.BLANK_KINDS[blank.kind],
                [text_in(w, language) for _c, w in blank.options],
            )
            for blank in view.blanks
        ],
        "is_latest": view.card.number == view.numbers[0],
        "against": against,
        "changes": changes,
        "used": len(list_agreements(user=request.user, language=language, template=slug)),
        "may_make": may(user=request.user, action=PREPARE) or may(user=request.user, action=FOR_BODY),
        "may_issue": may(user=request.user, action=ISSUE),
        "marks": MARKS,
    }
    return render(request, "comity/commons/agreement_template.html", context)


@require_safe
def file_of_template(request: HttpRequest, slug: str, number: int, form: str) -> HttpResponse:
    """Give a version as its file in TOML, whose SHA-256 the act states, or its text in one language."""
    del request
    held = template_version(slug=slug, number=number)
    if form == "toml":
        content, kind = held.content, "application/toml"
    elif form.removesuffix(".txt") in held.texts and form.endswith(".txt"):
        content, kind = f"{held.texts[form.removesuffix('.txt')]}\n", "text/plain"
    else:
        raise Http404
    ending = form if form == "toml" else f"{form.removesuffix('.txt')}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{slug}-{number}.{ending}"'}
    return HttpResponse(content, content_type=f"{kind}; charset=utf-8", headers=headers)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form in which the secretariat sends the file of a template; look at what is in it, or issue it."""
    require(user=request.user, action=ISSUE)
    language = interface_language()
    bodies = assemblies(language=language)
    body = chosen(
        request.POST, "body", allowed=[slug for slug, _name in bodies], default=bodies[0][0] if bodies else ""
    )
    source, looked = "", None
    problem: ComityError | None = None
    if request.method == "POST":
        try:
            source = _source(request)
            looked = checked_template(read_template(source.encode()))
            if chosen(request.POST, "do", allowed=("look", "issue")) == "issue":
                made = issue_template(
                    given=looked, body=body, authority=free_text(request.POST, "authority"), by=request.user
                )
                messages.success(request, _("The template is issued. The act stands on the record."))
                return redirect("agreement-template-version", made.template.slug, made.number)
        except (BadInput, Conflict) as error:
            problem = error
    elif request.GET.get("from"):
        begun = chosen(request.GET, "from", allowed=(free_text(request.GET, "from"),))
        source = template_version(slug=begun).content
    said, status = told(problem)
    context = {
        "bodies": bodies,
        "body": body,
        "source": source,
        "authority": request.POST.get("authority", "")[:200],
        "looked": _looked(looked) if looked else None,
        "problem": said,
        "marks": MARKS,
    }
    return render(request, "comity/commons/agreement_template_new.html", context, status=status)


def _source(request: HttpRequest, /) -> str:
    sent = request.FILES.get("file")
    if sent is None:
        return request.POST.get("source", "").replace("\r\n", "\n")
    if (sent.size or 0) > MOST_BYTES:
        raise BadParameter(name="file", found=f"{sent.size} bytes", allowed=f"at most {MOST_BYTES} bytes")
    try:
        content: bytes = sent.read()
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise BadParameter(name="file", found="not in UTF-8", allowed="text in UTF-8") from None


def _looked(given: Template, /) -> dict[str, Any]:
    """Return what is in a file that may be issued, in the reader's language or another that it has."""
    language = interface_language()
    code = next(c for c in (language, "en", *sorted(given.texts)) if c in given.texts)
    parts = fill_text(text=given.texts[code], blanks=given.blanks, values={}, names={}, language=code)
    return {"title": text_in(given.titles, language), "parts": parts, "language": code, "blanks": len(given.blanks)}
