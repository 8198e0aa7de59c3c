"""The form of an agreement on sharing: a template is filled, looked at in every language, and kept as a draft; or changed later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadInput, BadParameter, Conflict, NotFound, NotPermitted
from comity.platform.commons.agreement_pages import agreement_view
from comity.platform.commons.agreement_sides import FOR_BODY
from comity.platform.commons.agreement_wording import MOST_ANNEX, Sides, Wording, fill_wording, releases_to_cover
from comity.platform.commons.sharing_agreements import checked_sides, draft_agreement, draft_text
from comity.platform.commons.templates import template_cards, template_view
from comity.platform.parties.bodies import LANGUAGES, body_of, member_of, reference_of_body
from comity.platform.parties.preparing import PREPARE, own_members
from comity.platform.parties.roster import body_names, member_names, members_on
from comity.platform.parties.rules import MAY, may
from comity.platform.parties.texts import MOST_TITLE, text_in
from comity.web import words_of_agreements as words
from comity.web.commons.agreements import MARKS, paragraphs_of
from comity.web.context import interface_language
from comity.web.middleware import STATUS
from comity.web.parameters import chosen, free_text, long_text, optional_day, whole_number
from comity.web.refusals import words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse, QueryDict

    from comity.errors import ComityError
    from comity.platform.commons.agreement_desks import Desk
    from comity.platform.commons.agreement_pages import AgreementView
    from comity.platform.commons.templates import TemplateView

MOST_NUMBER = 100_000
MOST_VALUE = 2000
MOST_TICKED = 100
RELEASES = "commons/releases/"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a template, the text as it is filled so far, or keep it as a draft; without a template, choose one."""
    language = interface_language()
    values = request.POST if request.method == "POST" else request.GET
    cards = template_cards(language=language)
    slug = chosen(values, "template", allowed=[card.slug for card in cards])
    places = _places(request)
    if not places:
        raise NotPermitted(action=PREPARE, needed=" or ".join(sorted(MAY[PREPARE])))
    if not slug:
        choices = {"templates": [(card, words.KINDS[card.kind]) for card in cards], "marks": MARKS}
        return render(request, "comity/commons/agreement_new.html", choices)
    view = template_view(slug=slug, language=language)
    body = view.card.body
    member = chosen(values, "member", allowed=[code for code, _name in places], default=places[0][0])
    covered = free_text(request.GET, "release") if request.method != "POST" else ""
    parties = values.getlist("party") or ([member] if member else [])
    shown_to = chosen(values, "shown_to", allowed=words.SHOWN, default="parties")
    with_body = "body" in values
    context: dict[str, Any] = {
        **_form(request, view, shown_to=shown_to, values=_blanks_typed(values, view) | _begun(view, covered)),
        "places": places,
        "member": member,
        "picked_parties": parties,
        "with_body": with_body,
        "parties": [(s.slug, s.name) for s in members_on(body=body, on=timezone.now().date(), language=language)],
        "picked_releases": values.getlist("release") or ([covered] if covered else []),
        "typed": values if request.method == "POST" else {},
        "is_new": True,
    }
    if request.method != "POST":
        return render(request, "comity/commons/agreement_form.html", context)
    try:
        wording = _wording(values, view)
        if chosen(values, "do", allowed=("look", "keep")) == "keep":
            made = draft_agreement(
                wording=wording,
                parties=parties,
                with_body=with_body,
                shown_to=shown_to,
                member=member,
                by=request.user,
            )
            messages.success(request, _("The draft is kept. Only your side sees it until it is proposed."))
            return redirect("sharing-agreement", made.slug)
        sides = checked_sides(body=body_of(slug=body), parties=parties, with_body=with_body, shown_to=shown_to)
        context |= _preview(request, wording, sides=sides)
    except (BadInput, Conflict, NotFound) as error:
        return _again(request, context, error=error)
    return render(request, "comity/commons/agreement_form.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a party the form of another text, filled with its own draft or with what is there, or keep it as its draft."""
    language = interface_language()
    view = agreement_view(slug=slug, user=request.user, language=language)
    values = request.POST if request.method == "POST" else request.GET
    desks = [desk for desk in view.desks if desk.may_prepare]
    if not desks:
        raise NotPermitted(action=PREPARE, needed=" or ".join(sorted(MAY[PREPARE])))
    member = chosen(values, "member", allowed=[d.member for d in desks], default=desks[0].member)
    desk = next(d for d in desks if d.member == member)
    held = _held(request, view, desk=desk)
    latest = template_view(slug=held.card.template, language=language)
    number = whole_number(values, name="number", low=1, high=MOST_NUMBER, default=held.text.template_number)
    template = template_view(slug=held.card.template, language=language, number=number)
    filled = dict(_values_of(held, template)) if request.method != "POST" else _blanks_typed(values, template)
    context: dict[str, Any] = {
        **_form(request, template, shown_to=held.card.shown_to, values=filled),
        "view": held,
        "member": member,
        "on": held.text.sha256 if held.text.state == "draft" else "",
        "numbers": latest.numbers,
        "picked_releases": values.getlist("release")
        if request.method == "POST"
        else [s for s, _title, _code in held.text.releases],
        "typed": values if request.method == "POST" else _typed_of(held),
        "is_new": False,
    }
    if request.method != "POST":
        return render(request, "comity/commons/agreement_form.html", context)
    context["on"] = free_text(values, "on")
    try:
        wording = _wording(values, template)
        if chosen(values, "do", allowed=("look", "keep")) == "keep":
            draft_text(slug=slug, wording=wording, member=member, on=context["on"], by=request.user)
            messages.success(request, _("The draft is kept. Only your side sees it until it is proposed."))
            return redirect(f"/commons/agreements/{slug}?draft=1")
        sides = Sides(
            body=body_of(slug=held.card.body),
            members=tuple(member_of(slug=side.member) for side in held.card.sides if side.member),
            with_body=any(not side.member for side in held.card.sides),
            shown_to=held.card.shown_to,
        )
        context |= _preview(request, wording, sides=sides)
    except (BadInput, Conflict, NotFound) as error:
        return _again(request, context, error=error)
    return render(request, "comity/commons/agreement_form.html", context)


def _held(request: HttpRequest, view: AgreementView, /, *, desk: Desk) -> AgreementView:
    """Return the agreement with the text to begin from: the side's own draft where there is one."""
    if desk.has_draft and view.text.state != "draft":
        return agreement_view(slug=view.card.slug, user=request.user, language=interface_language(), draft=True)
    return view


def _places(request: HttpRequest, /) -> list[tuple[str, str]]:
    """Return for whom a person may draft: its own members, and the body, which has no code."""
    names = member_names(language=interface_language())
    own = [
        (slug, names.get(slug, slug))
        for slug in own_members(user=request.user)
        if may(user=request.user, action=PREPARE, member=slug)
    ]
    return [*own, ("", _("The secretariat"))] if may(user=request.user, action=FOR_BODY) else own


def _form(request: HttpRequest, view: TemplateView, /, *, shown_to: str, values: Mapping[str, str]) -> dict[str, Any]:
    language = interface_language()
    releases = releases_to_cover(shown_to=shown_to, by=request.user)
    names = member_names(language=language)
    sides = [
        (s.slug, names.get(s.slug, s.slug))
        for s in members_on(body=view.card.body, on=timezone.now().date(), language=language)
    ]
    reference = reference_of_body(view.card.body)
    sides.append((reference, body_names(language=language).get(view.card.body, view.card.body)))
    kept = [(release.reference, text_in(release.titles, language)) for release in releases]
    rows = []
    for blank in view.blanks:
        options = {
            "party": sides,
            "release": kept,
            "choice": [(code, text_in(said, language)) for code, said in blank.options],
        }.get(blank.kind, [])
        rows.append((blank, text_in(blank.labels, language), options, values.get(blank.name, "")))
    return {
        "template": view,
        "blanks": rows,
        "releases": [(release.slug, text_in(release.titles, language)) for release in releases],
        "shown_words": [(code, word, words.SHOWN_MARKS[code]) for code, word in words.SHOWN.items()],
        "picked_shown": shown_to,
        "tongue": language,
        "most_title": MOST_TITLE,
        "most_annex": MOST_ANNEX,
        "marks": MARKS,
    }


def _begun(view: TemplateView, covered: str, /) -> dict[str, str]:
    """Return what fills the blanks for a release where somebody comes from the page of one."""
    return {blank.name: f"{RELEASES}{covered}" for blank in view.blanks if covered and blank.kind == "release"}


def _blanks_typed(values: QueryDict, view: TemplateView, /) -> dict[str, str]:
    return {blank.name: values.get(f"v-{blank.name}", "")[:MOST_VALUE] for blank in view.blanks}


def _wording(values: QueryDict, view: TemplateView, /) -> Wording:
    typed = _blanks_typed(values, view)
    # What fills a blank for a release is covered, whether or not its box is ticked.
    filled = [typed[blank.name].removeprefix(RELEASES) for blank in view.blanks if blank.kind == "release"]
    return Wording(
        template=view.card.slug,
        number=view.card.number,
        title=free_text(values, "title"),
        language=chosen(values, "tongue", allowed=LANGUAGES, default="en"),
        values=typed,
        annex=long_text(values, "annex", most=MOST_ANNEX),
        begins_on=optional_day(values, name="begins_on"),
        ends_on=optional_day(values, name="ends_on"),
        project=free_text(values, "project"),
        releases=tuple(slug for slug in (*values.getlist("release")[:MOST_TICKED], *filled) if slug),
    )


def _values_of(held: AgreementView, view: TemplateView, /) -> Mapping[str, str]:
    known = {blank.name for blank in view.blanks}
    return {name: value for name, value in held.text.named if name in known}


def _typed_of(held: AgreementView, /) -> dict[str, str]:
    text = held.text
    return {
        "title": text.title,
        "tongue": text.title_language,
        "annex": text.annex,
        "begins_on": text.begins_on.isoformat() if text.begins_on else "",
        "ends_on": text.ends_on.isoformat() if text.ends_on else "",
        "project": text.project,
    }


def _preview(request: HttpRequest, wording: Wording, /, *, sides: Sides) -> dict[str, Any]:
    """Return the text as it is filled so far, in the reader's language or another that it has."""
    filled = fill_wording(wording, sides=sides, by=request.user, whole=False)
    language = interface_language()
    code = next(c for c in (language, "en", *sorted(filled.parts)) if c in filled.parts)
    text = "".join(part.text for part in filled.parts[code])
    open_ones = [b for b in filled.given.blanks if b.required and b.name not in filled.values]
    return {
        "preview": paragraphs_of(text),
        "preview_language": code,
        "still_open": [text_in(blank.labels, language) for blank in open_ones],
    }


def _again(request: HttpRequest, context: dict[str, Any], /, *, error: ComityError) -> HttpResponse:
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 400)
    labels = {blank.name: label for blank, label, _options, _value in context["blanks"]}
    if isinstance(error, BadParameter) and error.data["name"] in labels:
        error = BadParameter(**{**error.data, "name": labels[error.data["name"]]})
    return render(request, "comity/commons/agreement_form.html", context | {"problem": words_of(error)}, status=status)
