"""As whom a reader takes part: the code that its browser keeps, its account, or a member for which it speaks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.conf import settings
from django.core import signing
from django.http import HttpResponseRedirect
from django.middleware.csrf import get_token, rotate_token
from django.utils.crypto import salted_hmac

from comity.errors import NotAsked, TooManyAtOnce
from comity.platform.dialogue import participation
from comity.platform.dialogue.selectors import dialogue_seen
from comity.platform.parties.roster import member_names
from comity.web.context import interface_language
from comity.web.parameters import chosen, free_text

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

    from comity.platform.dialogue.models import Dialogue, Participant

COOKIE = "comity_voice"
COOKIE_SECONDS = 180 * 24 * 3600
PERSON = "person"
JOIN = "dialogue_join"
MINUTES = 10
DRAWN_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Speaker:
    """A reader before a dialogue. ``participant`` is empty until the first answer; ``member`` is empty for a person.

    ``members`` are those for which the reader may answer, as (slug, name); ``may`` tells whether it may take part at all.
    """

    participant: Participant | None
    member: str
    member_name: str
    members: tuple[tuple[str, str], ...]
    as_person: bool
    may: bool
    clears: bool

    @property
    def speaks_as(self) -> str:
        """What a form sends to say as whom it speaks."""
        return self.member or PERSON


def speaker_of(request: HttpRequest, *, dialogue: Dialogue, values: QueryDict) -> Speaker:
    """Return as whom a reader takes part: as its member unless it says that it speaks as a person. Raises BadParameter."""
    members = participation.members_for(dialogue=dialogue, user=request.user)
    wanted = chosen(values, "as", allowed=(PERSON, *members))
    member = "" if wanted == PERSON else wanted or next(iter(members), "")
    held = participation.participant_of(dialogue=dialogue, user=request.user, key=key_of(request, slug=dialogue.slug))
    as_person = held is not None or participation.is_asked(dialogue=dialogue, user=request.user)
    names = member_names(language=interface_language()) if members else {}
    return Speaker(
        participant=participation.voice_of_member(dialogue=dialogue, member=member) if member else held,
        member=member,
        member_name=names.get(member, ""),
        members=tuple((slug, names[slug]) for slug in members),
        as_person=as_person,
        may=bool(member) or as_person,
        clears=bool(member) and participation.clears_answers(dialogue=dialogue, member=member),
    )


def voice_for_form(request: HttpRequest, *, slug: str, values: QueryDict) -> Participant | None:
    """Return the voice in which a form speaks, or None for a person who has none yet.

    A member's comes in with the first form that its delegation sends. Raises what ``participation.member_voice`` raises.
    """
    speaks_as = free_text(values, "as")
    if speaks_as in {"", PERSON}:
        return participation.voice_of_person(slug=slug, user=request.user, key=key_of(request, slug=slug))
    held = dialogue_seen(slug=slug, user=request.user)
    return participation.member_voice(dialogue=held, member=speaks_as, by=signed_in(request))


def onwards(address: str, *, slug: str, values: QueryDict, key: str, **query: str) -> HttpResponse:
    """Lead on to a page, in the same voice; ``key`` is the code of who has just come in, which that page shows once."""
    speaks_as = free_text(values, "as")
    given = ({"as": speaks_as} if speaks_as else {}) | query | ({"code": "new"} if key else {})
    path, hash_, part = address.partition("#")
    response = HttpResponseRedirect(f"{path}{f'?{urlencode(given)}' if given else ''}{hash_}{part}")
    if key:
        keep_key(response, slug=slug, key=key)
    return response


def is_plain_person(request: HttpRequest) -> bool:
    """Tell whether a form comes from a person without an account."""
    return request.POST.get("as", "") in {"", PERSON} and not request.user.is_authenticated


def signed_in(request: HttpRequest) -> Any:
    """Return the account of a request. Raises NotAsked where nobody is signed in."""
    if not request.user.is_authenticated:
        raise NotAsked(asked="members")
    return request.user


def demand_room(request: HttpRequest) -> None:
    """Count a voice that comes in from an address. Raises TooManyAtOnce."""
    if not ratelimit.consume(request, action=JOIN):
        raise TooManyAtOnce(minutes=MINUTES)


def key_of(request: HttpRequest, *, slug: str) -> str | None:
    """Return the code that the browser keeps for a dialogue, or None; one that was tampered with is none."""
    if COOKIE not in request.COOKIES:
        return None
    found: str | None = request.get_signed_cookie(COOKIE, default=None, salt=slug)
    return found


def keep_key(response: HttpResponse, *, slug: str, key: str) -> None:
    """Let the browser keep a code for the pages of one dialogue, out of reach of scripts."""
    response.set_signed_cookie(
        COOKIE,
        key,
        salt=slug,
        max_age=COOKIE_SECONDS,
        path=f"/dialogue/{slug}",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_key(request: HttpRequest, response: HttpResponse, *, slug: str) -> None:
    """Let the browser forget a code, and what would draw the same one again: another person may sit down at it."""
    rotate_token(request)
    response.delete_cookie(COOKIE, path=f"/dialogue/{slug}", samesite="Lax")


def lasting_draw(request: HttpRequest, *, slug: str) -> float:
    """Return a number from 0 to 1 that stays the same while the browser keeps the token of its forms.

    Who has not come in yet sees the same statement after a reload, and cannot choose by reloading what to answer first.
    """
    get_token(request)
    secret = f"{slug}:{request.META['CSRF_COOKIE']}".encode()
    return int.from_bytes(hashlib.sha256(secret).digest()[:6]) / 2**48


def chance_of_browser(request: HttpRequest, *, slug: str) -> bytes:
    """Return what the code of this browser is drawn with: a form that is sent twice at once brings in one voice and not two.

    It rests on the secret of the browser's form token, which is given up when the browser forgets its code.
    """
    get_token(request)
    return salted_hmac(f"voice:{slug}", request.META["CSRF_COOKIE"], algorithm="sha256").digest()


def sealed(*, slug: str, number: int, probability: float) -> str:
    """Return what a form carries of a draw, so that it comes back as it was."""
    return signing.dumps([number, probability], salt=f"drawn:{slug}")


def unsealed(text: str, *, slug: str, number: int) -> float | None:
    """Return the probability of a draw that a form brings back, or None where it is none of ours, or of another statement."""
    try:
        drawn, probability = signing.loads(text, salt=f"drawn:{slug}", max_age=DRAWN_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return float(probability) if drawn == number else None
