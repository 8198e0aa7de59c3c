"""What an office does with releases: takes one down or restores it, and sets or ends notices on licences and export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.errors import BadInput, BadParameter, Conflict, NotPermitted
from comity.platform.commons.notices import (
    MOST_TEXT,
    SET_NOTICE,
    end_notice,
    notices_ended,
    notices_in_force,
    set_notice,
)
from comity.platform.commons.release_views import release_view
from comity.platform.commons.taking_down import MOST_REASON, TAKE_DOWN, restore_release, take_release_down
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.roster import assemblies
from comity.platform.parties.rules import may, require
from comity.web.context import interface_language
from comity.web.middleware import STATUS
from comity.web.parameters import chosen, whole_number
from comity.web.refusals import words_of
from comity.web.words_of_commons import LICENCE_CLASSES, RELEASE_KINDS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

MARKS = ("v-pub", "v-mem", "v-com", "v-del")
MOST_ENDED = 50
LARGEST_KEY = 2**63 - 1


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_down(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form that takes a release down, or restores one that was taken down; do it by POST."""
    view = release_view(slug=slug, user=request.user, language=interface_language())
    require(user=request.user, action=TAKE_DOWN)
    typed = {"rule": "", "reason": ""}
    context: dict[str, Any] = {"view": view, "card": view.card, "marks": MARKS, "most_reason": MOST_REASON}
    status = 200
    if request.method == "POST":
        typed = _typed(request.POST, "rule", "reason")
        given: dict[str, Any] = {"slug": slug, "by": request.user, **typed}
        try:
            if chosen(request.POST, "do", allowed=("take-down", "restore")) == "restore":
                restore_release(**given)
                messages.success(request, _("It is restored. Its files are given again."))
            elif request.POST.get("do"):
                take_release_down(**given)
                messages.success(request, _("It is taken down. Its files are given to nobody from now on."))
            else:
                raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")
        except (BadInput, Conflict) as error:
            context["problem"], status = words_of(error), _status(error)
        else:
            return redirect("release", slug)
    return render(request, "comity/commons/take_down.html", context | {"typed": typed}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """List the notices that releases show, and those that ended; set or end one by POST."""
    language = interface_language()
    allowed = may(user=request.user, action=SET_NOTICE)
    bodies = assemblies(language=language)
    typed: dict[str, Any] = {"texts": {}, "rule": "", "kinds": [], "classes": [], "body": "", "end": 0}
    context: dict[str, Any] = {"marks": MARKS, "bodies": bodies, "may_set": allowed, "most_text": MOST_TEXT}
    status = 200
    if request.method == "POST":
        if not allowed:
            raise NotPermitted(action=SET_NOTICE, needed="operator or secretariat")
        typed = _notice_typed(request.POST)
        try:
            _change(request, typed)
        except (BadInput, Conflict) as error:
            context["problem"], status = words_of(error), _status(error)
        else:
            return redirect("commons-notices")
    context |= {
        "typed": typed,
        "shown": _rows(notices_in_force(language=language)),
        "ended": _rows(notices_ended(language=language)[:MOST_ENDED]),
        "kinds": RELEASE_KINDS.items(),
        "classes": LICENCE_CLASSES.items(),
        "tongue": language,
        "others": [code for code in LANGUAGES if code != language],
    }
    return render(request, "comity/commons/notices.html", context, status=status)


def _change(request: HttpRequest, typed: dict[str, Any], /) -> None:
    if chosen(request.POST, "do", allowed=("set", "end"), default="set") == "end":
        end_notice(id=typed["end"], rule=typed["rule"], by=request.user)
        messages.success(request, _("The notice has ended. It stays on the record."))
        return
    set_notice(
        body=typed["body"],
        texts=typed["texts"],
        rule=typed["rule"],
        kinds=typed["kinds"],
        licence_classes=typed["classes"],
        by=request.user,
    )
    messages.success(request, _("The notice is shown from now on, on every release that it fits."))


def _notice_typed(values: QueryDict, /) -> dict[str, Any]:
    texts = {code: values.get(f"text_{code}", "")[: MOST_TEXT * 2].strip() for code in LANGUAGES}
    return {
        "texts": {code: text for code, text in texts.items() if text},
        "kinds": values.getlist("kinds")[:10],
        "classes": values.getlist("classes")[:10],
        "end": whole_number(values, name="notice", low=1, high=LARGEST_KEY, default=0),
        **_typed(values, "rule", "body"),
    }


def _typed(values: QueryDict, *names: str) -> dict[str, str]:
    return {name: values.get(name, "")[: MOST_REASON * 2].strip() for name in names}


def _rows(found: Any, /) -> list[tuple[Any, list[Any], list[Any]]]:
    return [
        (n, [RELEASE_KINDS.get(k, k) for k in n.kinds], [LICENCE_CLASSES.get(c, c) for c in n.licence_classes])
        for n in found
    ]


def _status(error: BadInput | Conflict, /) -> int:
    return next(code for kind, code in STATUS if isinstance(error, kind))
