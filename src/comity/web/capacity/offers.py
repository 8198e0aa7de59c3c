"""Offers: the list, one offer, and the forms by which a delegation makes, changes and withdraws it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.errors import BadInput, Conflict, NotPermitted
from comity.platform.capacity import offers, prepared
from comity.platform.capacity.groups import group_names
from comity.platform.capacity.offer_views import offer_page, offer_to_change, others_offers, own_offers
from comity.platform.capacity.offers_seen import offer_cards
from comity.platform.capacity.resources import list_resources
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.preparing import PREPARE, own_members
from comity.platform.parties.rules import MAY, may
from comity.platform.parties.texts import MOST_NOTE, MOST_PURPOSE, MOST_TITLE
from comity.web.capacity import contribution_forms as forms
from comity.web.context import interface_language
from comity.web.parameters import chosen, page_number
from comity.web.preparing import Step, desk_steps, take_step
from comity.web.refusing import shown_again

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MARKS = ("v-pub", "v-mem", "v-del")
PER_PAGE = 50
OWN_FIRST = 20
WAYS = {
    **desk_steps(
        clear=prepared.clear_offer,
        send_back=prepared.send_back_offer,
        send=offers.make_offer,
        drop=prepared.drop_offer,
        sent=_("The offer is made. Whom you chose sees it from now on."),
    ),
    "withdraw": Step(
        offers.withdraw_offer,
        _("The offer is withdrawn. What is agreed from it stays agreed."),
        must_be_sure=True,
    ),
}


@require_safe
def list_all(request: HttpRequest) -> HttpResponse:
    """List one's own offers, what waits first, and those of others that this reader sees."""
    language = interface_language()
    kinds, groups = list_resources(language=language), group_names(language=language)
    asked: dict[str, Any] = {
        "resource": chosen(request.GET, "resource", allowed=[r.slug for r in kinds]),
        "tongue": chosen(request.GET, "tongue", allowed=LANGUAGES),
        "group": chosen(request.GET, "group", allowed=groups),
        "state": chosen(request.GET, "state", allowed=("open", "ended"), default="open"),
    }
    mine = chosen(request.GET, "of", allowed=("mine",)) == "mine"
    own = own_offers(user=request.user, language=language)
    rows: Any = own if mine else others_offers(user=request.user, **asked)
    page = Paginator(rows, PER_PAGE).get_page(page_number(request.GET))
    context = {
        "mine": mine,
        "own": list(page) if mine else own[:OWN_FIRST],
        "own_total": len(own),
        "has_delegation_here": bool(own_members(user=request.user)),
        "cards": [] if mine else offer_cards(offers=list(page), user=request.user, language=language),
        "page": page,
        "kinds": kinds,
        "groups": groups.items(),
        "group_names": groups,
        "tongues": LANGUAGES,
        "chosen": asked,
        "is_filtered": any((asked["resource"], asked["tongue"], asked["group"])),
        "may_prepare": may(user=request.user, action=PREPARE),
        "marks": MARKS,
    }
    return render(request, "comity/capacity/offers.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new offer, or keep it as a draft of the delegation."""
    places, place = forms.place_to_prepare(request)
    if not places:
        raise NotPermitted(action=PREPARE, needed=" or ".join(sorted(MAY[PREPARE])))
    context: dict[str, Any] = {"places": places, "place": place, "typed": forms.BLANK_OFFER, **_limits()}
    if place is None:
        return render(request, "comity/capacity/offer_form.html", context)
    body, member = place
    context |= forms.choices_of(body=body) | {"body": body, "member": member, "for": f"{body}/{member}"}
    if request.method == "POST":
        typed = forms.offer_typed(request.POST) | {"slug": request.POST.get("slug", "")[:100].strip()}
        try:
            given = forms.offer_given(typed, tongue=interface_language())
            made = offers.prepare_offer(body=body, member=member, by=request.user, **given)
        except (BadInput, Conflict) as error:
            return shown_again(request, "comity/capacity/offer_form.html", context | {"typed": typed}, error=error)
        messages.success(request, _("The draft is kept. Your delegation alone sees it until it is sent."))
        return redirect("offer", made.slug)
    return render(request, "comity/capacity/offer_form.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a delegation the form of its offer, or keep the change: of a draft at once, of what was made until it is sent too."""
    language = interface_language()
    held = offer_to_change(slug=slug, user=request.user)
    held["criteria_lines"] = forms.criteria_lines(held["criteria"], tongue=language)
    held["apply_until"] = held["apply_until"][:10]
    context = {"slug": slug, "typed": held, "seen_as": held["seen"], "body": held["body"], **_limits()}
    context |= forms.choices_of(body=held["body"])
    if request.method == "POST":
        typed = forms.offer_typed(request.POST)
        try:
            given = forms.offer_given(typed, tongue=language, before=held["criteria"])
            offers.change_offer(slug=slug, by=request.user, on=request.POST.get("on", "")[:80], **given)
        except (BadInput, Conflict) as error:
            context |= {"typed": typed | {"state": held["state"]}}
            return shown_again(request, "comity/capacity/offer_form.html", context, error=error)
        messages.success(request, _("The change is kept. Your delegation alone sees it until it is sent."))
        return redirect("offer", slug)
    return render(request, "comity/capacity/offer_form.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an offer as this reader sees it; do one thing with it by POST."""
    language = interface_language()
    view = offer_page(slug=slug, user=request.user, language=language)
    names = group_names(language=language)
    context = {
        "view": view,
        "card": view.card,
        "desk": view.desk,
        "slug": slug,
        "group_names": names,
        "drawn_templates": ["comity/capacity/_drawn_from_offer.html", "comity/capacity/_no_share.html"],
        "others": [t for t in view.texts if t[0] != view.card.title_language],
        **_limits(),
    }
    if request.method == "POST":
        step = chosen(request.POST, "do", allowed=WAYS)
        try:
            gone = take_step(request, step=step, slug=slug, steps=WAYS, is_draft=lambda: _is_draft(request, slug))
        except (BadInput, Conflict) as error:
            said = {"note": request.POST.get("note", "")[: forms.MOST_TYPED]}
            return shown_again(
                request, "comity/capacity/offer.html", context | {"said": said, "step": step}, error=error
            )
        return redirect("offers") if gone else redirect("offer", slug)
    return render(request, "comity/capacity/offer.html", context)


def _limits() -> dict[str, Any]:
    return {
        "most_title": MOST_TITLE,
        "most_text": MOST_PURPOSE,
        "most_note": MOST_NOTE,
        "most_licence": offers.MOST_LICENCE,
        "marks": MARKS,
    }


def _is_draft(request: HttpRequest, slug: str, /) -> bool:
    return bool(offer_to_change(slug=slug, user=request.user)["state"] == "draft")
