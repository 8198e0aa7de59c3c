"""What a reader sees of agreements on sharing: cards for the list, one with its parties and texts, and what each own side may do now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.errors import NotFound
from comity.platform.commons.agreement_desks import Desk, desks_of, name_of_side
from comity.platform.commons.agreements_seen import (
    AWAITED,
    IN_FORCE,
    STANDS,
    agreement_seen,
    agreements_seen,
    inside_of,
    is_inside,
    is_secretariat,
    last_day,
    stands_of,
    texts_seen,
)
from comity.platform.commons.models import AgreementText, SharingAgreement
from comity.platform.commons.releases_seen import releases_seen_by
from comity.platform.commons.templates import as_template, state_of_text
from comity.platform.parties.bodies import LANGUAGES
from comity.platform.parties.preparing import own_members
from comity.platform.parties.roster import name_in
from comity.platform.parties.submission_text import Piece, compare_words
from comity.platform.parties.texts import language_in, text_in
from comity.platform.record.models import Act
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class SideCard:
    """A party: a member's slug, or empty for the body. ``signed_at`` is of the text that is shown; what it said of the end is told inside."""

    member: str
    name: str
    is_own: bool
    signed_at: dt.datetime | None
    notice_at: dt.datetime | None
    end_agreed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class AgreementCard:
    """An agreement in a list. ``stands`` is draft, proposed, awaited, in-force, ended or aside; ``is_mine``: the reader is on its inside.

    ``change_waits``: a change of what holds is proposed, which the inside alone is told.
    """

    slug: str
    reference: str
    body: str
    title: str
    language: str
    kind: str
    template: str
    template_title: str
    stands: str
    sides: tuple[SideCard, ...]
    begins_on: dt.date | None
    last_day: dt.date | None
    shown_to: str
    is_mine: bool
    change_waits: bool


@dataclass(frozen=True, slots=True)
class TextView:
    """A text of an agreement in one language. ``state`` is of the text, ``translation`` authentic, machine or reviewed.

    ``number`` is None for a draft. ``values`` are those of the blanks by their labels, ``named`` by their names. ``releases`` are those that the reader sees, as (slug, title, its language).
    """

    number: int | None
    state: str
    title: str
    title_language: str
    author: str
    languages: tuple[tuple[str, str], ...]
    language: str
    translation: str
    text: str
    annex: str
    values: tuple[tuple[str, str], ...]
    named: tuple[tuple[str, str], ...]
    begins_on: dt.date | None
    ends_on: dt.date | None
    project: str
    releases: tuple[tuple[str, str, str], ...]
    template: str
    template_number: int
    notice_days: int | None
    sha256: str
    proposed_at: dt.datetime | None
    concluded_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act on an agreement that this reader may open."""

    id: str
    type: str
    entered_at: dt.datetime


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement as its page shows it: one text, the numbers of the others that the reader sees, its own desks, and the record."""

    card: AgreementCard
    text: TextView
    numbers: tuple[tuple[int, str], ...]
    drafts: tuple[str, ...]
    desks: tuple[Desk, ...]
    acts: tuple[ActLine, ...]


def list_agreements(*, user: Any, language: str = "en", template: str = "") -> tuple[AgreementCard, ...]:
    """Return the agreements that a reader sees: one's own first, then by where they stand and by title."""
    rows = agreements_seen(user=user)
    if template:
        rows = rows.filter(texts__template__template__slug=template).distinct()
    cards = cards_of(rows, user=user, language=language)
    return tuple(sorted(cards, key=lambda c: (not c.is_mine, STANDS.index(c.stands), c.title.casefold(), c.slug)))


def cards_of(rows: QuerySet[SharingAgreement], /, *, user: Any, language: str) -> list[AgreementCard]:
    """Return a card for each agreement; the rows are those that the reader sees."""
    found = rows.prefetch_related("parties__member", "texts__template__template", "texts__steps", "texts__author")
    own = frozenset(own_members(user=user))
    office = is_secretariat(user=user)
    insides = set(SharingAgreement.objects.filter(inside_of(user=user)).values_list("pk", flat=True))
    cards = []
    for agreement in found:
        inside = agreement.pk in insides
        texts = [
            text
            for text in agreement.texts.all()
            if text.concluded_at is not None
            or (inside and text.proposed_at is not None)
            or (text.author.slug in own if text.author else office)
        ]
        shown = _present(texts)
        if shown is not None:
            cards.append(_card(agreement, shown, texts=texts, own=own, office=office, inside=inside, language=language))
    return cards


def agreement_view(
    *, slug: str, user: Any, language: str = "en", number: int = 0, draft: bool = False, tongue: str = ""
) -> AgreementView:
    """Return an agreement with one of its texts: the one of a ``number``, one's own draft, else what waits for the reader or holds.

    ``tongue`` is the language of the text, where that is another than the reader's. Raises NotFound.
    """
    agreement = agreement_seen(slug=slug, user=user)
    rows = texts_seen(agreement, user=user).prefetch_related("steps__cleared_by").select_related("prepared_by")
    texts = list(rows)
    if number:
        text = next((t for t in texts if t.number == number), None)
    elif draft:
        text = next((t for t in texts if t.state == AgreementText.State.DRAFT), None)
    else:
        text = _present(texts)
    if text is None:
        raise NotFound(reference=f"{agreement.reference}/{number or 'draft'}")
    text.agreement = agreement
    own, office = frozenset(own_members(user=user)), is_secretariat(user=user)
    inside = is_inside(agreement, user=user)
    card = _card(agreement, text, texts=texts, own=own, office=office, inside=inside, language=language)
    numbers = [(t.number, str(t.state)) for t in texts if t.number is not None]
    return AgreementView(
        card=card,
        text=text_view(text, user=user, language=tongue or language),
        numbers=tuple(sorted(numbers, reverse=True)),
        drafts=tuple(
            t.author.slug if t.author else "" for t in texts if t.state == AgreementText.State.DRAFT and t is not text
        ),
        desks=tuple(desks_of(agreement, text, texts=texts, user=user, language=language, stands=card.stands)),
        acts=acts_seen(agreement, user=user),
    )


def text_view(text: AgreementText, /, *, user: Any, language: str) -> TextView:
    """Return a text of an agreement, which its reader sees, in a language, else in one that it has."""
    given = as_template(text.template)
    shown = language_in(text.texts, language)
    labels = {blank.name: text_in(blank.labels, language) for blank in given.blanks}
    releases = text.releases.filter(releases_seen_by(user=user)).order_by("slug")
    return TextView(
        number=text.number,
        state=text.state,
        title=text.title,
        title_language=text.language,
        author=name_in(text.author.names, language) if text.author else "",
        languages=tuple((code, state_of_text(given, code)) for code in LANGUAGES if code in text.texts),
        language=shown,
        translation=state_of_text(given, shown),
        text=text.texts[shown],
        annex=text.annex,
        values=tuple((labels[name], value) for name, value in text.values.items()),
        named=tuple(text.values.items()),
        begins_on=text.begins_on,
        ends_on=text.ends_on,
        project=text.project,
        releases=tuple((r.slug, text_in(r.titles, language), language_in(r.titles, language)) for r in releases),
        template=text.template.template.slug,
        template_number=text.template.number,
        notice_days=text.template.notice_days,
        sha256=text.sha256,
        proposed_at=text.proposed_at,
        concluded_at=text.concluded_at,
    )


def document_of(*, slug: str, user: Any, number: int = 0) -> tuple[str, str]:
    """Return the canonical JSON that is signed of a text, and its digest; one's own draft where no number is given. Raises NotFound."""
    text = text_of(slug=slug, user=user, number=number)
    return text.document, text.sha256


def text_of(*, slug: str, user: Any, number: int = 0) -> AgreementText:
    """Return a text that a reader sees by its number, one's own draft where none is given. Raises NotFound."""
    rows = texts_seen(agreement_seen(slug=slug, user=user), user=user)
    found = (rows.filter(number=number) if number else rows.filter(state=AgreementText.State.DRAFT)).first()
    if found is None:
        raise NotFound(reference=f"commons/agreements/{slug[:60]}/{number or 'draft'}")
    return found


def plain_text(*, slug: str, user: Any, number: int, language: str) -> str:
    """Return a text in one language as a plain file: title, text, annex, and the digest of what is signed. Raises NotFound."""
    text = text_of(slug=slug, user=user, number=number)
    if language not in text.texts:
        raise NotFound(reference=f"{text.agreement.reference}/{number}/{language}")
    parts = [text.title, text.texts[language], *([text.annex] if text.annex else []), f"SHA-256 {text.sha256}"]
    return "\n\n* * *\n\n".join(parts) + "\n"


def compare_texts(*, slug: str, user: Any, old: int, new: int, language: str) -> tuple[tuple[Piece, ...], ...]:
    """Return a text with what came in and went out since another of the same agreement, word by word. Raises NotFound."""
    before, after = (text_of(slug=slug, user=user, number=n) for n in (old, new))
    code = language_in(after.texts, language)
    return compare_words(
        old="\n".join((before.title, before.texts.get(code, ""), before.annex)),
        new="\n".join((after.title, after.texts[code], after.annex)),
    )


def acts_seen(agreement: SharingAgreement, /, *, user: Any) -> tuple[ActLine, ...]:
    """Return the acts on an agreement that a reader may open, oldest first."""
    rows = Act.objects.filter(subject=agreement.reference) | Act.objects.filter(
        subject__startswith=f"{agreement.reference}/"
    )
    found = rows.filter(seen_by(user=user)).order_by("entered_at", "pk").only("pk", "type", "entered_at")
    return tuple(ActLine(id=str(act.pk), type=act.type, entered_at=act.entered_at) for act in found)


def agreements_on_release(*, slug: str, user: Any, language: str = "en") -> tuple[AgreementCard, ...]:
    """Return the agreements in force that cover a release and that a reader sees, by title."""
    rows = agreements_seen(user=user).filter(
        texts__state=AgreementText.State.CONCLUDED, texts__releases__slug=slug, ended_at__isnull=True
    )
    cards = cards_of(rows.distinct(), user=user, language=language)
    standing = [card for card in cards if card.stands in {IN_FORCE, AWAITED}]
    return tuple(sorted(standing, key=lambda c: (c.title.casefold(), c.slug)))


def _present(texts: Iterable[AgreementText], /) -> AgreementText | None:
    """Return the text to show first: what waits to be signed, what holds, one's own draft, else the latest."""
    held = list(texts)
    for state in (AgreementText.State.PROPOSED, AgreementText.State.CONCLUDED, AgreementText.State.DRAFT):
        found = next((text for text in held if text.state == state), None)
        if found is not None:
            return found
    return max(held, key=lambda text: text.number or 0, default=None)


def _card(
    agreement: SharingAgreement,
    text: AgreementText,
    /,
    *,
    texts: Iterable[AgreementText],
    own: frozenset[str],
    office: bool,
    inside: bool,
    language: str,
) -> AgreementCard:
    held = next((t for t in texts if t.state == AgreementText.State.CONCLUDED), None)
    signed = {step.party_id: step.signed_at for step in text.steps.all() if step.signed_at is not None}
    sides = [
        SideCard(
            member=party.member.slug if party.member else "",
            name=name_of_side(party, agreement=agreement, language=language),
            is_own=party.member.slug in own if party.member else office,
            signed_at=signed.get(party.pk),
            notice_at=party.notice_at,
            end_agreed_at=party.end_agreed_at if inside else None,
        )
        for party in agreement.parties.all()
    ]
    proposed = any(t.state == AgreementText.State.PROPOSED for t in texts)
    return AgreementCard(
        slug=agreement.slug,
        reference=agreement.reference,
        body=agreement.body.slug,
        title=text.title,
        language=text.language,
        kind=text.template.template.kind,
        template=text.template.template.slug,
        template_title=text_in(text.template.titles, language),
        stands=stands_of(agreement, held),
        sides=tuple(sorted(sides, key=lambda side: (not side.member, side.name.casefold()))),
        begins_on=(held or text).begins_on,
        last_day=last_day(agreement, held or text),
        shown_to=agreement.shown_to,
        is_mine=inside,
        change_waits=held is not None and proposed,
    )
