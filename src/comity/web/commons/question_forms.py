"""What the forms of questions and replies bring: first as it was typed, so that a refused form comes back filled in; then as services take it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from comity.errors import BadParameter
from comity.platform.commons.answering import MOST_REPLY
from comity.platform.commons.notes_seen import note_seen
from comity.platform.commons.question_views import circles_to_ask, places_to_ask
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.roster import members_on
from comity.platform.parties.texts import MOST_NOTE, MOST_PURPOSE, MOST_TITLE
from comity.web.context import interface_language
from comity.web.parameters import EARLIEST, LATEST
from comity.web.preparing import place_chosen
from comity.web.words import VISIBILITY
from comity.web.words_of_questions import CIRCLE_MEANS, REPLY_SHOWN, REPLY_SHOWN_MEANS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, QueryDict

MOST_TYPED = 20_000
MOST_LINES = 20
MOST_MEMBERS = 400
Place = tuple[str, str, str, str]


def place_to_ask(request: HttpRequest, /) -> tuple[list[Place], tuple[str, str] | None]:
    """Return where an account may ask, and the (body, member) that it chose or that there is alone; None where it has to choose."""
    found = places_to_ask(user=request.user, language=interface_language())
    office = _("In the name of the body")
    places = [(body, name, member, member_name or office) for body, name, member, member_name in found]
    return places, place_chosen(request, places=places)


def choices_of(*, body: str, member: str, now_shown_to: str = "") -> dict[str, Any]:
    """Return what a form of a question in a body lets one choose from."""
    language, today = interface_language(), dt.datetime.now(tz=dt.UTC).date()
    circles = circles_to_ask(body=body, now_shown_to=now_shown_to)
    return {
        "circles": [(circle, str(VISIBILITY[circle]), str(CIRCLE_MEANS[circle])) for circle in circles],
        "seats": [(s.slug, s.name) for s in members_on(body=body, on=today, language=language) if s.slug != member],
        "today": today.isoformat(),
        **tongues(),
    }


def tongues() -> dict[str, Any]:
    """Return the languages of a form, the reader's own first, and how long its texts may be."""
    language = interface_language()
    return {
        "tongues": LANGUAGES,
        "tongue": language,
        "others": [code for code in LANGUAGES if code != language],
        "shown_choices": [(key, str(word), str(REPLY_SHOWN_MEANS[key])) for key, word in REPLY_SHOWN.items()],
        "most_title": MOST_TITLE,
        "most_text": MOST_PURPOSE,
        "most_reply": MOST_REPLY,
        "most_note": MOST_NOTE,
    }


def blank_question(values: QueryDict, /, *, user: Any) -> dict[str, Any]:
    """Return an empty question, about what the address names; about a ``note`` it asks the note's member."""
    about, to = [_reference(line) for line in values.getlist("about")[:MOST_LINES]], []
    if slug := values.get("note", "")[:60]:
        to = [note_seen(slug=slug, user=user).member.slug]
        about.append(f"commons/notes/{slug}")
    blank = {"titles": {}, "texts": {}, "visibility": "", "language": ""}
    return {**blank, "to": to, "about": [a for a in about if a]}


def question_typed(values: QueryDict, /) -> dict[str, Any]:
    """Return a question as it was typed; nobody is named where all are asked."""
    titles, lines = _texts(values, "title"), values.get("about", "")[:MOST_TYPED].split()[:MOST_LINES]
    return {
        "titles": titles,
        "texts": _texts(values, "text"),
        "language": _language(values, titles),
        "to": values.getlist("to")[:MOST_MEMBERS] if values.get("whom") == "named" else [],
        "is_named": values.get("whom") == "named",
        "about": [_reference(line) for line in lines],
        **{name: values.get(name, "")[:MOST_TYPED].strip() for name in ("visibility", "wanted_by", "note")},
    }


def question_given(typed: Mapping[str, Any], /) -> dict[str, Any]:
    """Return what was typed as the services take it. Raises BadParameter."""
    if typed["is_named"] and not typed["to"]:
        raise BadParameter(name="to", found="nothing", allowed="other members with a seat in this body")
    given = {name: value for name, value in typed.items() if name != "is_named"}
    return given | {"wanted_by": _day(typed["wanted_by"])}


def reply_typed(values: QueryDict, /) -> dict[str, Any]:
    """Return a reply as it was typed."""
    texts = _texts(values, "reply")
    return {
        "texts": texts,
        "language": _language(values, texts),
        **{name: values.get(name, "")[:MOST_TYPED].strip() for name in ("shown_to", "note")},
    }


def _texts(values: QueryDict, name: str, /) -> dict[str, str]:
    found = {code: values.get(f"{name}_{code}", "")[:MOST_TYPED].strip() for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def _language(values: QueryDict, texts: Mapping[str, str], /) -> str:
    """Return the language in which it was written: the one that was said, else the only one that there is."""
    said = values.get("language", "")[:20]
    return next(iter(texts)) if len(texts) == 1 and said not in texts else said


def _reference(line: str, /) -> str:
    """Return the reference that an address of this site names, which may be written whole."""
    return urlsplit(line[:500].strip()).path.strip("/")


def _day(found: str, /) -> dt.date | None:
    if not found:
        return None
    try:
        day = dt.date.fromisoformat(found)
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day <= LATEST:
        raise BadParameter(name="wanted_by", found=found[:20], allowed="a day such as 2027-06-30")
    return day
