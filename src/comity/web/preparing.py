"""Do what a button says with something that a delegation prepares: clear, send back, send, put away, and what its own page adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.utils.translation import gettext_lazy as _

from comity.errors import BadParameter
from comity.web.parameters import demand_sure

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from django.http import HttpRequest, QueryDict

MOST_TYPED = 20_000
MOST_ON = 80
DROP = "drop"
SENT = _("It is sent. Whom you chose sees it from now on.")


def what_was_seen(values: QueryDict, /) -> dict[str, Any]:
    """Return what the page showed when the button was pressed, so that nobody acts on what they did not see."""
    return {"on": values.get("on", "")[:MOST_ON]}


def remark(values: QueryDict, /) -> dict[str, Any]:
    """Return the remark with which something is sent back."""
    return {"note": values.get("note", "")[:MOST_TYPED]}


@dataclass(frozen=True, slots=True)
class Step:
    """What a button does: the service, what is said once it is done, what of the form it takes, whether a tick must be set."""

    service: Callable[..., Any]
    said: Any
    given: Callable[[QueryDict], Mapping[str, Any]] = what_was_seen
    must_be_sure: bool = False


def desk_steps(
    *,
    clear: Callable[..., Any],
    send_back: Callable[..., Any],
    send: Callable[..., Any],
    drop: Callable[..., Any],
    sent: Any = SENT,
) -> dict[str, Step]:
    """Return the four steps that everything prepared has, by the name of their button."""
    return {
        "clear": Step(clear, _("It is cleared. Who speaks for your member can send it.")),
        "back": Step(send_back, _("It is sent back with your remark."), given=remark),
        "send": Step(send, sent),
        DROP: Step(drop, _("What was prepared is put away.")),
    }


def take_step(
    request: HttpRequest, *, step: str, slug: str, steps: Mapping[str, Step], is_draft: Callable[[], bool]
) -> bool:
    """Do one thing; tell whether it is gone afterwards, as a draft that is put away is. Raises what the service raises."""
    found = steps.get(step)
    if found is None:
        raise BadParameter(name="do", found="nothing", allowed="one of the buttons of the page")
    if found.must_be_sure:
        demand_sure(request.POST)
    gone = step == DROP and is_draft()
    found.service(slug=slug, by=request.user, **found.given(request.POST))
    messages.success(request, found.said)
    return gone


def place_chosen(request: HttpRequest, *, places: Collection[tuple[str, str, str, str]]) -> tuple[str, str] | None:
    """Return the (body, member) of ``for`` among places, or the one that there is alone; None where one has to choose.

    Raises BadParameter where another was named.
    """
    asked = (request.POST if request.method == "POST" else request.GET).get("for", "")
    pairs = [(body, member) for body, _body, member, _member in places]
    body, _stroke, member = asked.partition("/")
    if (body, member) in pairs:
        return body, member
    if asked:
        allowed = ", ".join("/".join(pair) for pair in pairs[:12])
        raise BadParameter(name="for", found=asked[:60], allowed=allowed or "nothing here")
    return pairs[0] if len(pairs) == 1 else None
