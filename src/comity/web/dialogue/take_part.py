"""Take part: one statement at a time, answered by a plain form; the code of who has no account is shown once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.errors import UnknownCode
from comity.platform.dialogue import answering, delegations, participation, selectors
from comity.web import words
from comity.web.context import interface_language
from comity.web.dialogue import speakers
from comity.web.parameters import chosen, free_text, whole_number

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from comity.platform.dialogue.models import Dialogue

MARKS = ("v-pub", "v-mem", "v-com", "v-del", "t-yes", "t-no", "t-abs", "t-await")
VALUES = {"agree": 1, "disagree": -1, "pass": 0, "awaiting": None}
SIGNS = {"agree": "t-yes", "disagree": "t-no", "pass": "t-abs", "awaiting": "t-await"}
OF_VALUE = {value: vote for vote, value in VALUES.items() if value is not None}
MOST_NUMBER = 1_000_000
MOST_DIGITS = 5
NO_ANSWER = 2
_chance = random.SystemRandom()


@never_cache
@require_safe
def dialogue(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the next statement before a reader who may take part; tell anyone else what this is and how it stands."""
    held = selectors.dialogue_seen(slug=slug, user=request.user)
    speaker = speakers.speaker_of(request, dialogue=held, values=request.GET)
    context = dialogue_context(request, held, speaker)
    if speaker.may and context["card"].state == "open":
        shown, drawn = _statement_for(request, held, speaker)
        progress = answering.progress_of(dialogue=held, participant=speaker.participant)
        context |= {
            "statement": shown,
            "drawn": drawn,
            "progress": progress,
            "turn": progress.answered + 1,
            "choices": choices_for(speaker),
            "kept": whole_number(request.GET, name="kept", low=1, high=MOST_NUMBER, default=0),
            "regions": _regions(held) if speaker.participant is None and not speaker.member else (),
            "code": _code_to_show(request, slug=slug),
        }
    return render(request, "dialogue/dialogue.html", context)


@require_POST
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep an answer and go on to the next statement, or back to the list that it was given from."""
    number = whole_number(request.POST, name="number", low=1, high=MOST_NUMBER, default=0)
    vote = chosen(request.POST, "vote", allowed=VALUES, default="")
    value, key = VALUES.get(vote, NO_ANSWER), speakers.key_of(request, slug=slug)
    by_code = bool(key) and value is not None and speakers.is_plain_person(request)
    if by_code and answering.answer_by_code(slug=slug, key=key or "", number=number, value=value or 0):
        return _onwards(request, slug=slug, number=number, key="")
    voice, key = speakers.voice_for_form(request, slug=slug, values=request.POST), ""
    if voice is not None:
        standing = "awaiting" if vote == "awaiting" else free_text(request.POST, "standing")
        answering.give_answer(
            slug=slug,
            number=number,
            value=value,
            standing=standing,
            participant=voice,
            by=request.user,
            probability=speakers.unsealed(request.POST.get("drawn", ""), slug=slug, number=number),
        )
    else:
        key = _come_in(request, slug=slug, number=number, value=value)
    return _onwards(request, slug=slug, number=number, key=key)


def _come_in(request: HttpRequest, *, slug: str, number: int, value: int | None) -> str:
    """Take a first answer together with whom it comes from; return the code of who has no account."""
    speakers.demand_room(request)
    _voice, key, _given = answering.answer_on_coming_in(
        slug=slug,
        number=number,
        value=value,
        user=request.user,
        region=free_text(request.POST, "region"),
        probability=speakers.unsealed(request.POST.get("drawn", ""), slug=slug, number=number),
        chance=speakers.chance_of_browser(request, slug=slug),
    )
    return key


def _onwards(request: HttpRequest, *, slug: str, number: int, key: str) -> HttpResponse:
    # The answer is kept by now, and a new voice waits for its code: a wrong word here must not end in a refusal.
    then = request.POST.get("then", "")
    given: dict[str, Any] = {"slug": slug, "values": request.POST, "key": key}
    if then == "list":
        page = request.POST.get("page", "")
        given |= {"page": page} if page.isascii() and page.isdecimal() and len(page) <= MOST_DIGITS else {}
        return speakers.onwards(f"{reverse('dialogue-statements', args=[slug])}#s-{number}", **given)
    if then == "statement":
        return speakers.onwards(reverse("dialogue-statement", args=[slug, number]), **given)
    return speakers.onwards(reverse("dialogue", args=[slug]), **given, kept=str(number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, slug: str) -> HttpResponse:
    """Come back with a code, or come in with one that was given out."""
    held = selectors.dialogue_seen(slug=slug, user=request.user)
    if request.method == "POST":
        speakers.demand_room(request)
        key = participation.as_given_out(free_text(request.POST, "code"))
        try:
            participation.come_back(slug=slug, user=request.user, key=key)
        except UnknownCode:
            if held.people != "invited":
                raise
            participation.join_dialogue(
                slug=slug, user=request.user, region=free_text(request.POST, "region"), key=key or "-"
            )
        response = redirect("dialogue", slug)
        speakers.keep_key(response, slug=slug, key=key)
        return response
    speaker = speakers.speaker_of(request, dialogue=held, values=request.GET)
    context = dialogue_context(request, held, speaker) | {"regions": _regions(held) if held.people == "invited" else ()}
    return render(request, "dialogue/code.html", context)


@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Let this browser forget the code; what was answered stands, and the code still opens it."""
    selectors.dialogue_seen(slug=slug, user=request.user)
    messages.success(request, _("This browser has forgotten your code. With it you can come back anywhere."))
    response = redirect("dialogue", slug)
    speakers.forget_key(request, response, slug=slug)
    return response


def dialogue_context(request: HttpRequest, held: Dialogue, speaker: speakers.Speaker) -> dict[str, Any]:
    """Return what every page of a dialogue shows: what it is, how it stands, and as whom the reader speaks."""
    view = selectors.view_dialogue(dialogue=held, user=request.user, language=interface_language())
    return {
        "view": view,
        "card": view.card,
        "speaker": speaker,
        "has_desk": request.user.is_authenticated
        and bool(delegations.members_with_desk(dialogue=held, user=request.user)),
        "has_key": speaker.participant is not None and speaker.participant.way == "code",
        "may_write": speaker.may and view.takes_statements and view.card.state == "open",
        "tongues": selectors.TONGUES,
        "tongue": interface_language(),
        "most_characters": selectors.MOST_CHARACTERS,
        "marks": MARKS,
    }


def choices_for(speaker: speakers.Speaker) -> list[tuple[str, Any, str]]:
    """Return the answers that a form offers, as (value, word, mark): instructions are awaited by members alone."""
    return [(vote, words.VOTES[vote], SIGNS[vote]) for vote in VALUES if vote != "awaiting" or speaker.member]


def _statement_for(
    request: HttpRequest, held: Dialogue, speaker: speakers.Speaker
) -> tuple[selectors.ShownStatement | None, str]:
    """Return the statement to answer, and for who has not come in yet, the seal of its draw."""
    language, voice = interface_language(), speaker.participant
    if voice is not None:
        return answering.next_statement(participant=voice, draw=_chance.random(), language=language), ""
    drawn = answering.first_statement(
        dialogue=held, draw=speakers.lasting_draw(request, slug=held.slug), language=language
    )
    if drawn is None:
        return None, ""
    number = drawn.shown.number
    return drawn.shown, speakers.sealed(slug=held.slug, number=number, probability=drawn.probability)


def _regions(held: Dialogue) -> list[tuple[str, Any]]:
    return [(key, words.REGIONS.get(key, key)) for key in participation.regions_of(dialogue=held)]


def _code_to_show(request: HttpRequest, *, slug: str) -> str:
    """Return the code where it was drawn with the last answer: it is shown once."""
    return (speakers.key_of(request, slug=slug) or "") if request.GET.get("code") == "new" else ""
