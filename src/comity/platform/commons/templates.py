"""Templates of agreements: issued by the secretariat in versions that never change, read by anyone, compared word by word."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.adapters.agreement_templates import write_template
from comity.engines.commons.blanks import STATES_OF_TRANSLATION, Blank, Part, Template, check_blanks, fill_text
from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.commons.models import AgreementTemplate, TemplateVersion
from comity.platform.parties.bodies import LANGUAGES, body_of, demand_rule, demand_slug, reference_of_body
from comity.platform.parties.rules import authorise
from comity.platform.parties.submission_text import Piece, compare_words
from comity.platform.parties.texts import MOST_TITLE, checked_texts, language_in, text_in
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

ISSUE = "issue a template"
MOST_SUMMARY = 500
MOST_TEXT = 60_000
MOST_NOTICE = 3660
RESERVED = frozenset({"new"})


@dataclass(frozen=True, slots=True)
class TemplateCard:
    """A template in a list, in the reader's language, as its latest version stands."""

    slug: str
    reference: str
    body: str
    kind: str
    title: str
    title_language: str
    summary: str
    summary_language: str
    number: int
    issued_at: dt.datetime
    authentic: tuple[str, ...]
    notice_days: int | None


@dataclass(frozen=True, slots=True)
class TemplateView:
    """A version of a template with one of its texts in pieces. ``state`` is authentic, machine or reviewed.

    ``numbers`` are those of every version, newest first; ``languages`` each language with the state of its text.
    """

    card: TemplateCard
    numbers: tuple[int, ...]
    languages: tuple[tuple[str, str], ...]
    language: str
    state: str
    parts: tuple[Part, ...]
    blanks: tuple[Blank, ...]
    sha256: str
    act: str
    content: str


def issue_template(*, given: Template, body: str, authority: str, by: Any) -> TemplateVersion:
    """Issue a template, or another version of one of that name, by an act with the digest of its file. What was issued never changes.

    Raises NotPermitted, NotFound, BadParameter with the place of what will not do, or Conflict where it is the same as the latest
    version, of another kind, or another body's.
    """
    office = authorise(by=by, action=ISSUE)
    demand_rule(authority)
    here = body_of(slug=body)
    checked = checked_template(given)
    content = write_template(checked).decode()
    digest = hashlib.sha256(content.encode()).hexdigest()
    with transaction.atomic():
        template = AgreementTemplate.objects.select_for_update(of=("self",)).filter(slug=checked.slug).first()
        if template is None:
            template = AgreementTemplate.objects.create(body=here, slug=checked.slug, kind=checked.kind)
        if template.body_id != here.pk or template.kind != checked.kind:
            raise Conflict(
                problem="There is a template of this name already, of another body or kind; nothing was issued."
            )
        latest = template.versions.order_by("-number").first()
        if latest is not None and latest.sha256 == digest:
            raise Conflict(problem="This is the same as the latest version; nothing was issued.")
        number = latest.number + 1 if latest else 1
        reference = f"{template.reference}/{number}"
        links = [(reference, "wasAttributedTo", reference_of_body(here.slug))]
        if latest is not None:
            links.append((reference, "wasRevisionOf", latest.reference))
        act = enter_act(
            type="issue-template",
            office=office,
            authority=authority,
            subject=reference,
            payload={
                "template": template.reference,
                "body": here.slug,
                "kind": checked.kind,
                "number": number,
                "titles": dict(checked.titles),
                "authentic": list(checked.authentic),
                "file_sha256": digest,
            },
            links=links,
        )
        return TemplateVersion.objects.create(
            template=template,
            number=number,
            titles=dict(checked.titles),
            summaries=dict(checked.summaries),
            texts=dict(checked.texts),
            authentic=list(checked.authentic),
            translations=dict(checked.translations),
            blanks=[asdict(blank) for blank in checked.blanks],
            notice_days=checked.notice_days,
            content=content,
            sha256=digest,
            issued_at=timezone.now(),
            act=act,
        )


def checked_template(given: Template, /) -> Template:
    """Return a template with its texts in one form. Raises BadParameter for what cannot be issued, with its place."""
    demand_slug(given.slug)
    if given.slug in RESERVED:
        raise BadParameter(name="slug", found=given.slug, allowed="another name")
    if given.kind not in AgreementTemplate.Kind.values:
        raise BadParameter(name="kind", found=given.kind[:40], allowed=", ".join(AgreementTemplate.Kind.values))
    texts = checked_texts("texts", given.texts, most=MOST_TEXT, lines=True)
    authentic = tuple(sorted(set(given.authentic)))
    if not authentic or any(language not in texts for language in authentic):
        raise BadParameter(
            name="authentic", found=", ".join(authentic)[:40] or "nothing", allowed="one or more languages of its texts"
        )
    for language in sorted(set(texts) | set(given.translations)):
        found = given.translations.get(language, "")
        if (language in authentic or language not in texts) and found:
            raise BadParameter(name="translations", found=language[:20], allowed="languages that are not authentic")
        if language not in authentic and language in texts and found not in STATES_OF_TRANSLATION:
            raise BadParameter(
                name=f"translations ({language})",
                found=found[:20] or "nothing",
                allowed=", ".join(STATES_OF_TRANSLATION),
            )
    if given.notice_days is not None and not 1 <= given.notice_days <= MOST_NOTICE:
        raise BadParameter(name="notice_days", found=str(given.notice_days)[:20], allowed=f"1 to {MOST_NOTICE}")
    checked = replace(
        given,
        titles=checked_texts("titles", given.titles, most=MOST_TITLE),
        summaries=checked_texts("summaries", given.summaries, most=MOST_SUMMARY, needed=False),
        texts=texts,
        authentic=authentic,
        translations={language: found for language, found in sorted(given.translations.items()) if found},
        blanks=tuple(_checked_blank(blank) for blank in given.blanks),
    )
    check_blanks(checked)
    return checked


def template_cards(*, language: str = "en", body: str = "") -> tuple[TemplateCard, ...]:
    """Return every template by its title in the reader's language."""
    rows = TemplateVersion.objects.select_related("template__body").defer("texts", "content", "blanks")
    if body:
        rows = rows.filter(template__body__slug=body)
    latest = {version.template_id: version for version in rows.order_by("number")}
    cards = [card_of_template(version, language=language) for version in latest.values()]
    return tuple(sorted(cards, key=lambda c: (c.title.casefold(), c.slug)))


def template_version(*, slug: str, number: int = 0) -> TemplateVersion:
    """Return a version of a template, the latest where no number is given. Raises NotFound."""
    rows = TemplateVersion.objects.filter(template__slug=slug).select_related("template__body", "act")
    found = (rows.filter(number=number) if number else rows.order_by("-number")).first()
    if found is None:
        raise NotFound(reference=f"commons/agreements/templates/{slug[:60]}{f'/{number}' if number else ''}")
    return found


def template_view(*, slug: str, language: str = "en", number: int = 0) -> TemplateView:
    """Return a version of a template, its text in a language, else in one that it has. Raises NotFound."""
    held = template_version(slug=slug, number=number)
    given = as_template(held)
    shown = language_in(given.texts, language)
    return TemplateView(
        card=card_of_template(held, language=language),
        numbers=tuple(held.template.versions.order_by("-number").values_list("number", flat=True)),
        languages=tuple((code, state_of_text(given, code)) for code in LANGUAGES if code in given.texts),
        language=shown,
        state=state_of_text(given, shown),
        parts=fill_text(text=given.texts[shown], blanks=given.blanks, values={}, names={}, language=shown),
        blanks=given.blanks,
        sha256=held.sha256,
        act=str(held.act_id),
        content=held.content,
    )


def compare_templates(*, slug: str, old: int, new: int, language: str) -> tuple[tuple[Piece, ...], ...]:
    """Return the text of one version in a language with what came in and went out since another. Raises NotFound."""
    before, after = template_version(slug=slug, number=old), template_version(slug=slug, number=new)
    code = language_in(after.texts, language)
    if code not in before.texts:
        raise NotFound(reference=f"{before.reference}/{code}")
    return compare_words(old=before.texts[code], new=after.texts[code])


def as_template(held: TemplateVersion, /) -> Template:
    """Return what a version holds as the engine reads it."""
    return Template(
        slug=held.template.slug,
        kind=held.template.kind,
        titles=held.titles,
        texts=held.texts,
        authentic=tuple(held.authentic),
        summaries=held.summaries,
        translations=held.translations,
        blanks=tuple(
            Blank(**{**row, "options": tuple((code, words) for code, words in row["options"])}) for row in held.blanks
        ),
        notice_days=held.notice_days,
    )


def state_of_text(given: Template, language: str, /) -> str:
    """Return whether the text in a language is authentic, or how sure a translation is."""
    return "authentic" if language in given.authentic else given.translations.get(language, "machine")


def card_of_template(held: TemplateVersion, /, *, language: str) -> TemplateCard:
    """Return a version of a template as a list shows it."""
    return TemplateCard(
        slug=held.template.slug,
        reference=held.template.reference,
        body=held.template.body.slug,
        kind=held.template.kind,
        title=text_in(held.titles, language),
        title_language=language_in(held.titles, language),
        summary=text_in(held.summaries, language),
        summary_language=language_in(held.summaries, language),
        number=held.number,
        issued_at=held.issued_at,
        authentic=tuple(held.authentic),
        notice_days=held.notice_days,
    )


def _checked_blank(blank: Blank, /) -> Blank:
    def said(name: str, words: Mapping[str, str]) -> dict[str, str]:
        return checked_texts(name, words, most=MOST_TITLE)

    options = tuple((code, said(f"option {code[:40]}", words)) for code, words in blank.options)
    return replace(blank, labels=said(f"labels of {blank.name[:40]}", blank.labels), options=options)
