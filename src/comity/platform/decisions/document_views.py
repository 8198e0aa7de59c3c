"""Read documents as pages show them: versions under their symbols, languages and what each is worth, what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.engines.decisions.symbols import next_symbols, order_of, parse_symbol, present_text
from comity.errors import NotFound
from comity.platform.decisions.citing import cites_seen
from comity.platform.decisions.document_text import paragraphs_of
from comity.platform.decisions.documents import ISSUE, TRANSLATE, document_seen, documents_seen, missing_languages
from comity.platform.decisions.models import DocumentVersion, VersionText
from comity.platform.dialogue.selectors import text_in
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import may

if TYPE_CHECKING:
    import datetime as dt

    from comity.platform.decisions.citing import Cite
    from comity.platform.decisions.models import Document
    from comity.platform.dialogue.selectors import Words

AUTHENTIC = VersionText.Standing.AUTHENTIC


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """A version in one language; ``is_authentic`` is False for a translation for information."""

    language: str
    is_authentic: bool
    title: str
    text_sha256: str
    act: str


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the list of a document. ``missing`` are the languages that a vote on it still needs."""

    number: int
    symbol: str
    reference: str
    issued_at: dt.datetime
    note: Words
    is_whole_text: bool
    is_present: bool
    languages: tuple[LanguageRow, ...]
    required: tuple[str, ...]
    missing: tuple[str, ...]
    act: str
    sequence: int | None


@dataclass(frozen=True, slots=True)
class DocumentCard:
    """A document in a list. ``present`` is the symbol of the text as it stands."""

    slug: str
    reference: str
    symbol: str
    present: str
    title: Words
    body: str
    body_name: str
    visibility: str
    issued_at: dt.datetime
    versions: int


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as its page shows it: versions in the order of their symbols, sponsors by name, what it cites."""

    card: DocumentCard
    sponsors: tuple[tuple[str, str], ...]
    versions: tuple[VersionRow, ...]
    present: VersionRow
    cites: tuple[Cite, ...]
    next_symbols: tuple[str, ...]
    may_issue: bool
    may_translate: bool


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a document in one language, in paragraphs."""

    document: DocumentView
    row: VersionRow
    shown: LanguageRow
    paragraphs: tuple[str, ...]


def list_documents(*, user: Any, language: str, body: str = "") -> tuple[DocumentCard, ...]:
    """Return the documents that this account sees, of one body or of all, in the order of their symbols."""
    rows = documents_seen(user=user).prefetch_related("versions")
    if body:
        rows = rows.filter(body__slug=body)
    ordered = sorted(rows, key=lambda row: order_of(parse_symbol(row.symbol)))
    return tuple(_card(row, language=language) for row in ordered)


def document_view(*, slug: str, user: Any, language: str) -> DocumentView:
    """Return one document. Raises NotFound where there is none, or none that this account sees."""
    held = document_seen(slug=slug, user=user)
    kept = list(held.versions.select_related("act", "document").prefetch_related("texts").order_by("number"))
    symbols = [parse_symbol(v.symbol) for v in kept]
    present = str(present_text(symbols))
    rows = [_row(version, present=present, language=language) for version in kept]
    sponsors = ((m.slug, name_in(m.names, language)) for m in held.sponsors.all())
    return DocumentView(
        card=_card(held, language=language),
        sponsors=tuple(sorted(sponsors, key=lambda pair: pair[1].casefold())),
        versions=tuple(sorted(rows, key=lambda row: order_of(parse_symbol(row.symbol)))),
        present=next(row for row in rows if row.is_present),
        cites=cites_seen(references=(held.reference, *(v.reference for v in kept)), user=user),
        next_symbols=tuple(str(s) for s in next_symbols(symbols)),
        may_issue=may(user=user, action=ISSUE),
        may_translate=may(user=user, action=TRANSLATE),
    )


def version_view(*, slug: str, number: int, user: Any, language: str) -> VersionView:
    """Return a version in the language asked for, else in English, else in the first authentic one. Raises NotFound."""
    found = document_view(slug=slug, user=user, language=language)
    row = next((r for r in found.versions if r.number == number), None)
    if row is None:
        raise NotFound(reference=f"{found.card.reference}/{number}")
    by_tag = {held.language: held for held in row.languages}
    first = sorted(row.languages, key=lambda held: (not held.is_authentic, held.language))
    shown = by_tag.get(language) or by_tag.get("en") or first[0]
    text = version_text(slug=slug, number=number, language=shown.language, user=user)
    return VersionView(document=found, row=row, shown=shown, paragraphs=paragraphs_of(text))


def version_text(*, slug: str, number: int, language: str, user: Any) -> str:
    """Return the text of a version in a language, whose digest the act states. Raises NotFound."""
    held = document_seen(slug=slug, user=user)
    found = VersionText.objects.filter(version__document=held, version__number=number, language=language)
    text = found.values_list("text", flat=True).first()
    if text is None:
        raise NotFound(reference=f"{held.reference}/{number} in {language[:20]}")
    return text


def _card(held: Document, /, *, language: str) -> DocumentCard:
    versions = list(held.versions.all())
    present = present_text([parse_symbol(v.symbol) for v in versions])
    return DocumentCard(
        slug=held.slug,
        reference=held.reference,
        symbol=held.symbol,
        present=str(present),
        title=text_in(held.titles, language=language),
        body=held.body.slug,
        body_name=name_in(held.body.names, language),
        visibility=held.visibility,
        issued_at=next(v.issued_at for v in versions if v.symbol == str(present)),
        versions=len(versions),
    )


def _row(version: DocumentVersion, /, *, present: str, language: str) -> VersionRow:
    texts = sorted(version.texts.all(), key=lambda t: (t.standing != AUTHENTIC, t.language))
    return VersionRow(
        number=version.number,
        symbol=version.symbol,
        reference=version.reference,
        issued_at=version.issued_at,
        note=text_in(version.note, language=language),
        is_whole_text=parse_symbol(version.symbol).is_whole_text,
        is_present=version.symbol == present,
        languages=tuple(
            LanguageRow(
                language=t.language,
                is_authentic=t.standing == AUTHENTIC,
                title=t.title,
                text_sha256=t.text_sha256,
                act=str(t.act_id),
            )
            for t in texts
        ),
        required=tuple(version.required),
        missing=missing_languages(version),
        act=str(version.act_id),
        sequence=version.act.sequence,
    )
