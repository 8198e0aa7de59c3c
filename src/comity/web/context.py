"""What the frame of every page needs: name of the body, languages, where we are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.translation import get_language, get_language_bidi

from comity.platform.parties.rules import may, standing_now

if TYPE_CHECKING:
    from django.http import HttpRequest

TAGS = {"ar": "ar", "zh-hans": "zh-Hans", "en": "en", "fr": "fr", "ru": "ru", "es": "es"}


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """One entry of the language switcher."""

    tag: str
    name: str
    address: str
    is_current: bool


def interface_language() -> str:
    """Return the reader's language as the country data names it: ar, en, es, fr, ru or zh."""
    return (get_language() or "en").split("-")[0]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the context that base.html needs."""
    code = get_language() or "en"
    kept = [(k, v) for k, v in request.GET.lists() if k != "lang"]
    choices = [
        LanguageChoice(
            tag=TAGS[c],
            name=name,
            address="?" + urlencode([*((k, v) for k, vs in kept for v in vs), ("lang", TAGS[c].split("-")[0])]),
            is_current=c == code,
        )
        for c, name in settings.LANGUAGES
    ]
    return {
        "body_name": settings.BODY_NAME,
        "example": settings.EXAMPLE,
        "language_tag": TAGS.get(code, "en"),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "languages": choices,
        "room": request.path.split("/")[1],
        "has_delegation": bool(standing_now(user=request.user).members),
        "may_review": may(user=request.user, action="review a suggested link"),
        "style_kilobytes": _style_kilobytes(),
    }


@lru_cache(maxsize=1)
def _style_kilobytes() -> int:
    import gzip  # noqa: PLC0415  (read once)
    from pathlib import Path  # noqa: PLC0415  (read once)

    found = finders.find("comity/comity.css")
    return max(1, round(len(gzip.compress(Path(found).read_bytes())) / 1024)) if isinstance(found, str) else 0
