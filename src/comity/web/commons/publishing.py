"""Release a small version by a form: its files are sent once, how open it will be is looked at, and then it is released, or nothing is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadInput, BadParameter, Conflict, NotPermitted
from comity.platform.alignment.uploads import MOST_TOGETHER
from comity.platform.commons.release_views import release_view
from comity.platform.commons.releasing import MOST_PROVENANCE, MOST_SUMMARY, preview_version, release_version
from comity.platform.commons.senders import RELEASE, may_release_more, places_to_release
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.rules import MAY
from comity.platform.parties.texts import MOST_TITLE
from comity.platform.record.visibility import Visibility
from comity.web.commons import publishing_forms as forms
from comity.web.commons.held_files import MOST_HELD, HeldFile, held_in, take_uploads
from comity.web.commons.telling import tell_openness
from comity.web.context import interface_language
from comity.web.middleware import STATUS
from comity.web.parameters import chosen, demand_sure
from comity.web.preparing import place_chosen
from comity.web.refusals import words_of
from comity.web.words_of_commons import LICENCE_CLASSES, RELEASE_KINDS
from comity.web.words_of_components import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from comity.platform.commons.release_views import ReleaseView

MARKS = ("v-pub", "v-mem", "v-com", "v-del")
CHANGED = "Something was changed after you had looked at it. Look again; nothing was released."


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new release; look at it, or release its first version, by POST."""
    places = places_to_release(user=request.user, language=interface_language())
    if not places:
        raise NotPermitted(action=RELEASE, needed=" or ".join(sorted(MAY[RELEASE])))
    place = _place_of(request, places)
    context: dict[str, Any] = {"places": places, "place": place, "marks": MARKS}
    if place is None:
        return render(request, "comity/commons/release_form.html", context)
    return _form(request, context, place=place, typed=forms.BLANK, held=[], before=None)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def further(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form of a further version, with what the latest says and holds; look at it, or release it, by POST."""
    view = release_view(slug=slug, user=request.user, language=interface_language())
    if not may_release_more(slug=slug, user=request.user):
        raise NotPermitted(action=RELEASE, needed=" or ".join(sorted(MAY[RELEASE])))
    if view.taken_down is not None:
        raise Conflict(problem="This release was taken down; nothing is released under its name.")
    kept = [file for file in _files_of(view) if file.path not in forms.DESCRIPTIONS]
    context: dict[str, Any] = {"view": view, "place": (view.card.body, view.card.member), "marks": MARKS}
    context["too_many"] = len(kept) > MOST_HELD
    held = [] if context["too_many"] else kept
    return _form(request, context, place=context["place"], typed=forms.typed_before(view), held=held, before=view)


def _form(
    request: HttpRequest,
    context: dict[str, Any],
    *,
    place: tuple[str, str],
    typed: Mapping[str, Any],
    held: list[HeldFile],
    before: ReleaseView | None,
) -> HttpResponse:
    status = 200
    given: dict[str, Any] = dict(typed)
    if request.method == "POST":
        given = forms.typed_in(request.POST)
        if before is not None:
            given |= {"slug": before.card.slug, "kind": before.card.kind, "seen_by": before.card.visibility}
        held = []
        try:
            held += held_in(request.POST, kind_of=_kind_of(given["kind"]))
            take_uploads(
                request.FILES.getlist("files"),
                held,
                member=place[1],
                by=request.user,
                kind_of=lambda path: forms.kind_of_file(path, release=given["kind"]),
            )
            asked = _asked(request, given, held, place=place, before=before)
            seal = forms.seal_of(given, held, place)
            if chosen(request.POST, "do", allowed=("look", "release"), default="look") == "release":
                _demand_looked_at(request, seal)
                made = release_version(**asked)
                messages.success(request, _("It is released, and stands on the record."))
                return redirect("release", made.release.slug)
            context |= _looked(preview_version(**asked), seal)
        except (BadInput, Conflict) as error:
            status = next(code for kind, code in STATUS if isinstance(error, kind))
            context["problem"] = words_of(error)
    context |= _choices(place) | {"typed": given, "held": list(enumerate(held, 1)), "for": "/".join(place)}
    context["body"], context["member"] = place
    return render(request, "comity/commons/release_form.html", context, status=status)


def _demand_looked_at(request: HttpRequest, seal: str, /) -> None:
    if request.POST.get("seal") != seal:
        raise Conflict(problem=CHANGED)
    demand_sure(request.POST)


def _asked(
    request: HttpRequest,
    typed: Mapping[str, Any],
    held: list[HeldFile],
    *,
    place: tuple[str, str],
    before: ReleaseView | None,
) -> dict[str, Any]:
    body, member = place
    asked = forms.asked_of(typed, held, before=before.version.description if before else None)
    if before is None:
        circle = chosen(request.POST, "seen_by", allowed=_circles(member))
        if not circle:
            raise BadParameter(name="seen_by", found="nothing", allowed="one of the circles")
        asked |= {
            "is_new": True,
            "visibility": circle,
            "audience": f"delegation:{member}" if circle == Visibility.DELEGATION else "",
        }
    return asked | {"slug": typed["slug"], "body": body, "member": member, "by": request.user}


def _looked(version: Any, seal: str, /) -> dict[str, Any]:
    """Return what was looked at: nothing of it is kept."""
    told = version.openness
    return {
        "seal": seal,
        "open": tell_openness(told),
        "whole": LICENCE_CLASSES[told["licence"]["class"]],
        "size": version.size,
        "code_files": [f["path"] for f in told.get("code_files", [])],
        "described": version.manifest["description"],
    }


def _place_of(request: HttpRequest, places: list[tuple[str, str, str, str]], /) -> tuple[str, str] | None:
    """Return the (body, member) that was chosen, or that there is alone; None where one has to choose. A release names it."""
    place = place_chosen(request, places=places)
    if place is None and request.method == "POST":
        raise BadParameter(name="for", found="nothing", allowed=", ".join(f"{p[0]}/{p[2]}" for p in places)[:300])
    return place


def _files_of(view: ReleaseView, /) -> list[HeldFile]:
    kinds = {f["path"]: c["kind"] for c in view.version.openness.get("components", []) for f in c["files"]}
    return [
        HeldFile(f.path, f.sha256, f.size, kinds.get(f.path) or forms.kind_of_file(f.path, release=view.card.kind))
        for f in view.version.files
        if f.given
    ]


def _kind_of(release: str, /) -> Any:
    return lambda values, name, path: forms.kind_chosen(values, name, default=forms.kind_of_file(path, release=release))


def _circles(member: str, /) -> tuple[str, ...]:
    return ("public", "members", "delegation") if member else ("public", "members")


def _choices(place: tuple[str, str], /) -> dict[str, Any]:
    language = interface_language()
    return {
        "kinds": RELEASE_KINDS.items(),
        "parts": KINDS.items(),
        "licences": forms.LICENCES,
        "circles": _circles(place[1]),
        "tongue": language,
        "others": [code for code in LANGUAGES if code != language],
        "most_title": MOST_TITLE,
        "most_summary": MOST_SUMMARY,
        "most_provenance": MOST_PROVENANCE,
        "most_held": MOST_HELD,
        "most_together": MOST_TOGETHER,
    }
