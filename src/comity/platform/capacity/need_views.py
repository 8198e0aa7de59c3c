"""Read needs for pages: what is one's own first, then what others ask for, never more than a reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F

from comity.errors import NotFound
from comity.platform.capacity.attachments import AttachmentView, attachments_seen
from comity.platform.capacity.models import Need
from comity.platform.capacity.needs import take_pending
from comity.platform.capacity.needs_seen import (
    NeedCard,
    need_card,
    need_cards,
    need_seen,
    needs_seen,
    providing_members,
    sees_as_secretariat,
)
from comity.platform.capacity.prepared import desk_of
from comity.platform.capacity.questions import QuestionView, may_ask, questions_seen
from comity.platform.capacity.resources import in_figures
from comity.platform.parties.models import Body
from comity.platform.parties.preparing import PREPARE, is_waiting, own_members, places_to_act, token_of
from comity.platform.record.models import Act

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

    from comity.platform.parties.preparing import PreparedDesk

OPEN_STATES = ("open",)
ENDED_STATES = ("closed", "withdrawn")


@dataclass(frozen=True, slots=True)
class OwnNeed:
    """A need of the reader's own delegation in a list; ``waits``: it, or a change of it, waits to be cleared or sent."""

    card: NeedCard
    waits: bool
    is_cleared: bool
    questions: int


@dataclass(frozen=True, slots=True)
class NeedPage:
    """A need with all that this reader may see of it.

    ``sees_as`` is own, secretariat, provider or public: by what the reader sees it. ``texts`` are (language, title, purpose) in every
    language that it has. ``desk`` is for its delegation alone. ``asks_as`` are the members as which the reader may ask about it, and
    "" for the secretariat. ``act`` is the latest act on it where it is public. ``next`` is what the need will be once the change that
    waits is sent, for its delegation alone.
    """

    card: NeedCard
    sees_as: str
    texts: tuple[tuple[str, str, str], ...]
    desk: PreparedDesk | None
    attachments: tuple[AttachmentView, ...]
    questions: tuple[QuestionView, ...]
    asks_as: tuple[str, ...]
    may_answer: bool
    act: str
    was_public: bool
    next: NeedCard | None
    next_texts: tuple[tuple[str, str, str], ...]


def own_needs(*, user: Any, language: str) -> list[OwnNeed]:
    """Return the needs of the reader's own delegations: what waits first, then open ones, then what has ended."""
    own = own_members(user=user)
    if not own:
        return []
    rows = list(Need.objects.filter(member__slug__in=own).select_related("body", "member", "resource").order_by("slug"))
    cards = need_cards(needs=rows, user=user, language=language)
    asked = set(
        Need.objects.filter(
            member__slug__in=own, questions__answered_at__isnull=True, questions__isnull=False
        ).values_list("pk", flat=True)
    )
    found = [
        OwnNeed(
            card=card, waits=is_waiting(need), is_cleared=need.cleared_at is not None, questions=int(need.pk in asked)
        )
        for need, card in zip(rows, cards, strict=True)
    ]
    order = {"draft": 0, "open": 1, "closed": 2, "withdrawn": 2}
    return sorted(found, key=lambda o: (not o.waits, order[o.card.state], o.card.title.casefold(), o.card.slug))


def others_needs(
    *,
    user: Any,
    resource: str = "",
    tongue: str = "",
    state: str = "open",
    with_own: bool = False,
    now: dt.datetime | None = None,
) -> QuerySet[Need]:
    """Return what others ask for and this account sees: open ones by the day on which they are wanted, ended ones latest first.

    ``resource`` is a slug, ``tongue`` a language in which the need can be met (one that is met in any is among them), ``state`` open or
    ended; ``with_own`` adds those of the reader's own members. Cards of a page of it come from ``need_cards``.
    """
    rows = needs_seen(user=user, now=now)
    if not with_own:
        rows = rows.exclude(member__slug__in=own_members(user=user))
    rows = rows.filter(state__in=ENDED_STATES if state == "ended" else OPEN_STATES)
    if resource:
        rows = rows.filter(resource__slug=resource)
    if tongue:
        rows = rows.filter(pk__in=_met_in(rows, tongue))
    if state == "ended":
        return rows.order_by("-ended_at", "slug")
    return rows.order_by(F("wanted_by").asc(nulls_last=True), "slug")


def need_page(*, slug: str, user: Any, language: str, now: dt.datetime | None = None) -> NeedPage:
    """Return a need as this reader sees it. Raises NotFound where it sees none."""
    need = need_seen(slug=slug, user=user, now=now)
    card = need_card(need=need, user=user, language=language)
    questions = questions_seen(need=need, user=user, language=language)
    act, desk = need.act, desk_of(row=need, user=user)
    texts = _texts(need)
    waiting: NeedCard | None = None
    next_texts: tuple[tuple[str, str, str], ...] = ()
    if desk is not None and need.pending:
        changed = need_seen(slug=slug, user=user, now=now)
        take_pending(changed)
        waiting, next_texts = need_card(need=changed, user=user, language=language), _texts(changed)
    return NeedPage(
        card=card,
        sees_as=_sees_as(need, card=card, user=user),
        texts=texts,
        desk=desk,
        attachments=attachments_seen(need=need),
        questions=questions,
        asks_as=may_ask(need=need, user=user),
        may_answer=any(q.may_answer for q in questions),
        act=str(act.pk) if act is not None and (act.visibility == "public" or card.is_own) else "",
        was_public=card.is_own and _was_public(need),
        next=waiting,
        next_texts=next_texts,
    )


def _texts(need: Need, /) -> tuple[tuple[str, str, str], ...]:
    languages = sorted({*need.titles, *need.purposes})
    return tuple((tongue, need.titles.get(tongue, ""), need.purposes.get(tongue, "")) for tongue in languages)


def need_to_change(*, slug: str, user: Any) -> dict[str, Any]:
    """Return the fields of a need as a form holds them: those of the change that waits, else its own. Texts are by language.

    Raises NotFound for everyone outside its delegation.
    """
    need = need_seen(slug=slug, user=user)
    if need.member.slug not in own_members(user=user):
        raise NotFound(reference=need.reference)
    held: dict[str, Any] = {
        "titles": need.titles,
        "purposes": need.purposes,
        "resource": need.resource.slug,
        "units": in_figures(need.units),
        "languages": need.languages,
        "wanted_by": need.wanted_by.isoformat() if need.wanted_by else "",
        "shown_to": need.shown_to,
    }
    found: dict[str, Any] = held | need.pending | {"note": need.note, "body": need.body.slug, "seen": token_of(need)}
    return found | {"wanted_by": found["wanted_by"] or "", "state": need.state}


def places_to_prepare(*, user: Any, language: str) -> list[tuple[str, str, str, str]]:
    """Return where an account may prepare needs and offers: as ``places_to_act``, in bodies in which something is counted."""
    counting = Body.objects.filter(resources__isnull=False).distinct()
    return places_to_act(user=user, action=PREPARE, language=language, bodies=counting)


def _met_in(rows: QuerySet[Need], tongue: str) -> list[int]:
    """Return the keys of needs that can be met in a language. Asked in Python: the two databases search lists differently."""
    return [pk for pk, tongues in rows.values_list("pk", "languages") if not tongues or tongue in tongues]


def _sees_as(need: Need, /, *, card: NeedCard, user: Any) -> str:
    if card.is_own:
        return "own"
    if sees_as_secretariat(need=need, user=user):
        return "secretariat"
    if need.shown_to != Need.Shown.PUBLIC or providing_members(user=user, need=need):
        return "provider"
    return "public"


def _was_public(need: Need, /) -> bool:
    """Tell whether a need that is not public was so before: what is on the record stays known."""
    return (
        need.shown_to != Need.Shown.PUBLIC and Act.objects.filter(subject=need.reference, visibility="public").exists()
    )
