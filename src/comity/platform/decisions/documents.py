"""Table documents and issue their versions and languages, each by an act: what is under consideration, under which symbol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.engines.decisions.symbols import demand_next, parse_symbol
from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.decisions.citing import checked_cites
from comity.platform.decisions.document_text import (
    checked_languages,
    checked_text,
    checked_texts,
    checked_title,
    digest_of,
)
from comity.platform.decisions.models import Document, DocumentVersion, VersionText
from comity.platform.dialogue.statement_text import checked_texts as checked_titles
from comity.platform.parties.bodies import body_of, demand_slug, reference_of_body, reference_of_member
from comity.platform.parties.models import Member
from comity.platform.parties.roster import members_on
from comity.platform.parties.rules import authorise
from comity.platform.parties.submission_text import demand_language
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import Visibility, demand_circle, seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet

    from comity.engines.decisions.symbols import Symbol
    from comity.platform.decisions.citing import Cite
    from comity.platform.decisions.document_text import Text

ISSUE = "issue a document"
TRANSLATE = "issue a translation"
AUTHORITY = "The secretariat issues documents and their translations"
RESERVED = frozenset({"new"})
MOST_SYMBOL = 40
MOST_NOTE = 300
CIRCLES = (Visibility.PUBLIC.value, Visibility.MEMBERS.value, Visibility.COMMITTEE.value)
Standing = VersionText.Standing
STANDINGS = tuple(Standing.values)
TAKEN = "That symbol, name or language is issued already; what is issued does not change. Nothing was issued."


def table_document(
    *,
    slug: str,
    body: str,
    symbol: str,
    sponsors: Sequence[str],
    texts: Mapping[str, Text],
    authentic: Sequence[str],
    by: Any,
    required: Sequence[str] | None = None,
    titles: Mapping[str, str] | None = None,
    cites: Sequence[Cite] = (),
    note: Mapping[str, str] | None = None,
    visibility: str = Visibility.PUBLIC,
    audience: str = "",
    released_at: dt.datetime | None = None,
) -> Document:
    """Table a document of a body under a symbol, and issue its first version.

    ``texts`` maps a language to a title and a text; those in ``authentic`` are authentic, the others translations for information.
    ``required`` are the languages in which an authentic text must be issued before a vote may open (the authentic ones, where it
    is left out). ``titles`` are for lists, and are those of the texts where they are left out. ``sponsors`` are slugs of members
    of the body. Raises NotPermitted, NotFound, BadParameter, or Conflict where name or symbol are taken, or where it cites what
    fewer people see.
    """
    office = authorise(by=by, action=ISSUE)
    demand_slug(slug)
    if slug in RESERVED:
        raise BadParameter(name="slug", found=slug, allowed="another name")
    here = body_of(slug=body)
    name = _checked_stem(symbol)
    given, tongues, needed = _checked_languages(texts, authentic=authentic, required=required)
    if visibility == Visibility.COMMITTEE and not audience:
        audience = f"committee:{body}"
    demand_circle(visibility=visibility, audience=audience)
    if visibility not in CIRCLES:
        raise BadParameter(name="visibility", found=visibility, allowed=", ".join(CIRCLES))
    called = checked_titles("title", titles or _titles(given), most=MOST_NOTE, needed=True)
    said = checked_titles("note", note or {}, most=MOST_NOTE, needed=False)
    parties = _sponsors(sponsors, body=body)
    cited = checked_cites(cites=cites, by=by, visibility=visibility, audience=audience)
    try:
        with transaction.atomic():
            made = Document.objects.create(
                body=here,
                slug=slug,
                symbol=str(name),
                titles=called,
                made_at=timezone.now(),
                visibility=visibility,
                audience=audience,
                released_at=released_at,
            )
            made.sponsors.set(parties)
            _issue(
                made,
                type_="issue-document",
                symbol=name,
                texts=given,
                authentic=tongues,
                required=needed,
                note=said,
                office=office,
                links=[
                    (made.reference, "wasAttributedTo", reference_of_body(body)),
                    *((made.reference, "wasAttributedTo", reference_of_member(p.slug)) for p in parties),
                    *((made.reference, relation, reference) for relation, reference in cited),
                ],
            )
    except IntegrityError:
        raise Conflict(problem=TAKEN) from None
    return made


def issue_version(
    *,
    slug: str,
    symbol: str,
    texts: Mapping[str, Text],
    authentic: Sequence[str],
    by: Any,
    required: Sequence[str] | None = None,
    note: Mapping[str, str] | None = None,
    cites: Sequence[Cite] = (),
) -> DocumentVersion:
    """Issue a version of a document under the symbol that comes next: a revision, an amendment, an addition, a correction.

    ``required`` stays as it was where it is left out. Raises NotPermitted, NotFound, BadParameter naming the symbols that may
    come next, or Conflict.
    """
    office = authorise(by=by, action=ISSUE)
    seen = document_seen(slug=slug, user=by)
    name = parse_symbol(symbol)
    said = checked_titles("note", note or {}, most=MOST_NOTE, needed=False)
    cited = checked_cites(cites=cites, by=by, visibility=seen.visibility, audience=seen.audience)
    try:
        with transaction.atomic():
            held = Document.objects.select_for_update(of=("self",)).select_related("body").get(pk=seen.pk)
            issued = [parse_symbol(s) for s in held.versions.values_list("symbol", flat=True)]
            demand_next(name, issued=issued)
            last = held.versions.order_by("-number")[0]
            given, tongues, needed = _checked_languages(
                texts, authentic=authentic, required=last.required if required is None else required
            )
            reference = f"{held.reference}/{last.number + 1}"
            base = held.versions.get(symbol=str(_issued_before(name)))
            return _issue(
                held,
                type_="issue-version",
                symbol=name,
                texts=given,
                authentic=tongues,
                required=needed,
                note=said,
                office=office,
                number=last.number + 1,
                links=[
                    (reference, "wasRevisionOf" if name.is_whole_text else "wasDerivedFrom", base.reference),
                    *((reference, relation, cited_one) for relation, cited_one in cited),
                ],
            )
    except IntegrityError:
        raise Conflict(problem=TAKEN) from None


def issue_text(*, symbol: str, language: str, title: str, text: str, standing: str, by: Any) -> VersionText:
    """Issue a version in one more language: an authentic text, or a translation for information. What is issued does not change.

    Authentic texts are the secretariat's; translators issue translations too. Raises NotPermitted, NotFound, BadParameter, or
    Conflict where the version has that language already.
    """
    if standing not in STANDINGS:
        raise BadParameter(name="standing", found=standing[:40], allowed=", ".join(STANDINGS))
    office = authorise(by=by, action=ISSUE if standing == Standing.AUTHENTIC else TRANSLATE)
    version = version_seen(symbol=symbol, user=by)
    tongue = demand_language(language)
    if standing != Standing.AUTHENTIC and tongue in version.required:
        raise BadParameter(name="standing", found=standing, allowed=f"authentic, since {tongue} is required for a vote")
    named, said = checked_title(title, language=tongue), checked_text(text, language=tongue)
    held = version.document
    try:
        with transaction.atomic():
            act = enter_act(
                type="issue-translation",
                office=office,
                authority=AUTHORITY,
                subject=version.reference,
                payload={
                    "symbol": version.symbol,
                    "language": tongue,
                    "standing": standing,
                    "title": named,
                    "text_sha256": digest_of(said),
                },
                visibility=held.visibility,
                audience=held.audience,
                released_at=held.released_at,
            )
            return VersionText.objects.create(
                version=version,
                language=tongue,
                standing=standing,
                title=named,
                text=said,
                text_sha256=digest_of(said),
                issued_at=timezone.now(),
                act=act,
            )
    except IntegrityError:
        raise Conflict(problem=TAKEN) from None


def missing_languages(version: DocumentVersion, /) -> tuple[str, ...]:
    """Return the languages in which an authentic text must still be issued before a vote on a version may open, in order."""
    there = set(version.texts.filter(standing=Standing.AUTHENTIC).values_list("language", flat=True))
    return tuple(sorted(set(version.required) - there))


def documents_seen(*, user: Any) -> QuerySet[Document]:
    """Return the documents that this account sees."""
    return Document.objects.filter(seen_by(user=user)).select_related("body")


def document_seen(*, slug: str, user: Any) -> Document:
    """Return one document. Raises NotFound where there is none, or none that this account sees."""
    found = documents_seen(user=user).filter(slug=slug).first()
    if found is None:
        raise NotFound(reference=f"decisions/documents/{slug[:60]}")
    return found


def version_seen(*, symbol: str, user: Any) -> DocumentVersion:
    """Return the version that bears a symbol. Raises NotFound where there is none, or none that this account sees."""
    found = DocumentVersion.objects.filter(symbol=symbol, document__in=documents_seen(user=user))
    version = found.select_related("document__body").first()
    if version is None:
        raise NotFound(reference=symbol[:60] or "a symbol")
    return version


def _issue(
    held: Document,
    /,
    *,
    type_: str,
    symbol: Symbol,
    texts: dict[str, Text],
    authentic: tuple[str, ...],
    required: tuple[str, ...],
    note: dict[str, str],
    office: str,
    links: list[tuple[str, str, str]],
    number: int = 1,
) -> DocumentVersion:
    """Write a version with its texts and enter its act, in the transaction of the caller."""
    now = timezone.now()
    standing = {t: Standing.AUTHENTIC.value if t in authentic else Standing.FOR_INFORMATION.value for t in texts}
    act = enter_act(
        type=type_,
        office=office,
        authority=AUTHORITY,
        subject=f"{held.reference}/{number}",
        payload={
            "document": held.slug,
            "body": held.body.slug,
            "symbol": str(symbol),
            "number": number,
            "sponsors": sorted(held.sponsors.values_list("slug", flat=True)),
            "required": list(required),
            "texts": {
                t: {"standing": standing[t], "title": title, "text_sha256": digest_of(text)}
                for t, (title, text) in texts.items()
            },
        },
        links=links,
        visibility=held.visibility,
        audience=held.audience,
        released_at=held.released_at,
    )
    version = DocumentVersion.objects.create(
        document=held, number=number, symbol=str(symbol), note=note, required=list(required), issued_at=now, act=act
    )
    VersionText.objects.bulk_create(
        VersionText(
            version=version,
            language=t,
            standing=standing[t],
            title=title,
            text=text,
            text_sha256=digest_of(text),
            issued_at=now,
            act=act,
        )
        for t, (title, text) in texts.items()
    )
    return version


def _checked_stem(symbol: str, /) -> Symbol:
    """Return the symbol of a new document. Raises BadParameter for a change to one, such as Rev.1."""
    name = parse_symbol(symbol)
    if name.changes or len(str(name)) > MOST_SYMBOL:
        raise BadParameter(
            name="symbol",
            found=str(name),
            allowed=f"that of a new document, such as C/3/L.7, of at most {MOST_SYMBOL} characters",
        )
    return name


def _checked_languages(
    texts: Mapping[str, Text], /, *, authentic: Sequence[str], required: Sequence[str] | None
) -> tuple[dict[str, Text], tuple[str, ...], tuple[str, ...]]:
    """Return texts, the languages of which are authentic, and the required ones. Raises BadParameter."""
    given = checked_texts(texts)
    tongues = checked_languages("authentic", authentic)
    needed = checked_languages("required", tongues if required is None else required)
    if not set(tongues) & set(given):
        raise BadParameter(
            name="texts", found=", ".join(given), allowed=f"one that is authentic at least: {', '.join(tongues)}"
        )
    if stray := sorted(set(needed) - set(tongues)):
        raise BadParameter(
            name="required", found=", ".join(stray), allowed=f"authentic languages: {', '.join(tongues)}"
        )
    return given, tongues, needed


def _titles(texts: Mapping[str, Text], /) -> dict[str, str]:
    """Return the titles of texts in the languages that lists know, or the first one as English where they know none."""
    known = {t: title for t, (title, _) in texts.items() if t in ("ar", "en", "es", "fr", "ru", "zh")}
    return known or {"en": next(iter(texts.values()))[0]}


def _sponsors(slugs: Sequence[str], /, *, body: str) -> list[Member]:
    """Return the members that table a document. Raises BadParameter for one that has no seat in the body today."""
    seated = {seat.slug for seat in members_on(body=body, on=timezone.now().date())}
    if stray := sorted(set(slugs) - seated):
        raise BadParameter(name="sponsors", found=", ".join(stray)[:80], allowed="members of the body today")
    return list(Member.objects.filter(slug__in=slugs).order_by("slug"))


def _issued_before(name: Symbol, /) -> Symbol:
    """Return what a version was issued on: the revision before it, or what it changes."""
    kind, number = name.changes[-1]
    return name.base.with_change(kind, number - 1) if kind == "Rev" and number > 1 else name.base
