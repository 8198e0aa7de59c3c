"""A briefing note to take away, on a topic or on two texts: one composition, shown as a page to print and as a DOCX file."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comity.adapters.notes import Heading, Note, Quote, Table, Words, write_docx
from comity.engines.alignment.convergence import NOT_HERE
from comity.engines.parties.countries import groups_of, name_of
from comity.platform.alignment import convergence, selectors
from comity.platform.alignment.briefing import brief_pair, brief_topic
from comity.platform.alignment.readings import readings_of
from comity.platform.alignment.stale import reasons_of
from comity.web import words
from comity.web.alignment import board
from comity.web.alignment.pairs import two_texts
from comity.web.context import TAGS, interface_language
from comity.web.templatetags.comity import day, listed, party_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import HttpRequest

    from comity.adapters.notes import Block
    from comity.engines.parties.countries import Atlas
    from comity.platform.alignment.models import CrosswalkLink, Instrument, Provision

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SPOKEN = ("binding-own", "voluntary-own", "unstated-own", "binding-through", "voluntary-through", "unstated-through")
MOST_NAMED = 30
MOST_ALONE = 40


@require_safe
def topic_note(request: HttpRequest, topic: str) -> HttpResponse:
    """Show the note on a topic."""
    note = note_on_topic(topic=topic, user=request.user)
    return _page(request, note, file=f"{request.path}.docx")


@require_safe
def topic_file(request: HttpRequest, topic: str) -> HttpResponse:
    """Answer the note on a topic as a file."""
    return _file(request, note_on_topic(topic=topic, user=request.user), name=topic)


@require_safe
def pair_note(request: HttpRequest) -> HttpResponse:
    """Show the note on two texts."""
    a, b = two_texts(request)
    note = note_on_pair(a=a, b=b, user=request.user)
    return _page(request, note, file=f"{request.path}.docx?a={a}&b={b}")


@require_safe
def pair_file(request: HttpRequest) -> HttpResponse:
    """Answer the note on two texts as a file."""
    a, b = two_texts(request)
    return _file(request, note_on_pair(a=a, b=b, user=request.user), name=f"{a}-{b}")


def _page(request: HttpRequest, note: Note, *, file: str) -> HttpResponse:
    blocks = [(type(block).__name__.lower(), block) for block in note.blocks]
    return render(request, "alignment/briefing.html", {"note": note, "blocks": blocks, "file": file})


def _file(request: HttpRequest, note: Note, *, name: str) -> HttpResponse:
    return HttpResponse(
        write_docx(note=note, base=request.build_absolute_uri("/").rstrip("/")),
        content_type=DOCX,
        headers={"Content-Disposition": f'attachment; filename="comity-{name}.docx"'},
    )


def note_on_topic(*, topic: str, user: Any) -> Note:
    """Compose the note on a topic in the reader's language. Raises NotFound."""
    brief = brief_topic(topic=topic, user=user)
    atlas = board.atlas()
    cells = convergence.cells_of(topic=topic)
    levels = {code: cells[code].level if code in cells else NOT_HERE for code in board.members(atlas)}
    label = board.label_of(brief.topic)
    blocks: list[Block] = [
        Words(brief.topic.definitions.get(interface_language()) or brief.topic.definitions["en"]),
        *_levels(levels),
        *_shared_by_regions(levels, atlas),
        *_by_strength(brief.by_strength),
        Heading(_("Provisions in which most texts meet")),
        *(
            _quote(p, ngettext("met by %(n)s other text", "met by %(n)s other texts", n) % {"n": n})
            for p, n in brief.central
        ),
        *([] if brief.central else [Words(_("None yet."))]),
        *_links(brief.confirmed, brief.stale, brief.waiting, brief.waiting_in_all),
        *_not_known(levels, atlas),
        *_sources(brief.instruments),
        *_limits(),
    ]
    return _note(title=label, blocks=blocks)


def note_on_pair(*, a: str, b: str, user: Any) -> Note:
    """Compose the note on two texts in the reader's language. Raises NotFound."""
    brief = brief_pair(a=a, b=b, user=user)
    blocks: list[Block] = [
        *_links(brief.confirmed, brief.stale, brief.waiting, brief.waiting_in_all),
        Heading(_("Without a counterpart")),
        Words(_("Nothing was found for these in the other text. That does not show that it has no such rule."), True),
        *_alone(brief.a, brief.alone_in_a),
        *_alone(brief.b, brief.alone_in_b),
        *_sources((brief.a, brief.b)),
        *_limits(),
    ]
    return _note(title=f"{brief.a.short_title} · {brief.b.short_title}", blocks=blocks)


def _note(*, title: str, blocks: list[Block]) -> Note:
    now = timezone.now()
    run = selectors.latest_run()
    made = _("Briefing note of %(body)s, %(day)s.") % {"body": settings.BODY_NAME, "day": day(now.date())}
    compared = (
        _("The collection was last compared on %(day)s.") % {"day": day(run.finished_at.date())}
        if run is not None and run.finished_at is not None
        else _("The collection has not been compared yet.")
    )
    language = next(TAGS[code] for code in TAGS if code.split("-")[0] == interface_language())
    return Note(title=title, subtitle=f"{made} {compared}", language=language, made_on=now.date(), blocks=tuple(blocks))


def _levels(levels: Mapping[str, str]) -> Iterable[Block]:
    counts = Counter(levels.values())
    rows = [(str(words.LEVELS[level]), str(counts[level])) for level in board.LEVELS if counts[level]]
    yield Heading(_("How members stand"))
    yield Table(_("Members of the United Nations by their strongest level"), (_("Level"), _("Members")), tuple(rows))


def _shared_by_regions(levels: Mapping[str, str], atlas: Atlas) -> Iterable[Block]:
    """Say of each regional group how many of its members have a provision; common ground is where every group has one."""
    language = interface_language()
    speaking: Counter[str] = Counter()
    known: Counter[str] = Counter()
    for code, level in levels.items():
        for group in groups_of(atlas=atlas, state=code, kind="regional-group"):
            speaking[group] += level in SPOKEN
            known[group] += level != NOT_HERE
    rows = sorted((name_of(atlas=atlas, code=g, language=language), str(speaking[g]), str(known[g])) for g in known)
    present = [g for g in known if known[g]]
    silent = [name_of(atlas=atlas, code=g, language=language) for g in present if not speaking[g]]
    yield Heading(_("Common ground"))
    if present and not silent:
        yield Words(
            _("In every regional group that is present here, at least one member has a provision on this topic.")
        )
    elif silent:
        yield Words(_("No provision was found among the members of: %(groups)s.") % {"groups": listed(sorted(silent))})
    header = (_("Regional group"), _("Members with a provision"), _("Members of whom anything is known here"))
    yield Table(_("By regional group"), header, tuple(rows))


def _by_strength(by_strength: Mapping[str, tuple[str, ...]]) -> Iterable[Block]:
    rows = [
        (str(words.STRENGTHS[strength]), listed(sorted(party_name(p) for p in by_strength[strength])))
        for strength in words.STRENGTHS
        if by_strength.get(strength)
    ]
    if rows:
        yield Heading(_("Where they differ: strength of wording"))
        yield Words(_("Strength is compared apart from content. A party can stand in several rows."), True)
        yield Table(_("Parties by the strength of their provisions"), (_("Strength"), _("Parties")), tuple(rows))


def _links(
    confirmed: Iterable[CrosswalkLink],
    stale: Iterable[CrosswalkLink],
    waiting: Iterable[CrosswalkLink],
    waiting_in_all: int,
) -> Iterable[Block]:
    held = list(confirmed)
    yield Heading(_("Links that reviewers have confirmed"))
    if not held:
        yield Words(_("None yet."))
    for link in held:
        yield from _pair(link, title=str(words.RELATIONS[link.relation]))
    yield from _stale(list(stale))
    yield Heading(_("Links that a machine suggests"))
    yield Words(_("They wait for a person. Nothing rests on them."), True)
    shown = list(waiting)
    for link in shown:
        yield from _pair(link, title=_("Suggested: %(relation)s") % {"relation": words.RELATIONS[link.suggested]})
    if waiting_in_all > len(shown):
        rest = waiting_in_all - len(shown)
        yield Words(ngettext("%(n)s more waits.", "%(n)s more wait.", rest) % {"n": rest}, True)
    yield Words(
        _(
            "A link proposed by reviewers is not a legal interpretation. Whether two rules are equivalent is for members to declare, not for this page."
        )
    )


def _stale(links: list[CrosswalkLink]) -> Iterable[Block]:
    """Tell of links that were confirmed on another text, with what became of it; nothing where there are none."""
    if not links:
        return
    reasons = reasons_of(links=links)
    yield Heading(str(words.STATES["stale"]))
    yield Words(
        _("These were confirmed on an earlier text. Until a reviewer has looked again, nothing rests on them."), True
    )
    for link in links:
        yield from _pair(
            link, title=_("Confirmed before as: %(relation)s.") % {"relation": words.RELATIONS[link.relation]}
        )
        for reason in reasons.get(link.pk, ()):
            told = _("%(provision)s: %(change)s in version %(version)s.") % {
                "provision": f"{reason.provision.instrument.short_title}, {reason.provision.label}",
                "change": words.CHANGES[reason.kind],
                "version": reason.version,
            }
            yield Words(told, True)


def _pair(link: CrosswalkLink, *, title: str) -> Iterable[Block]:
    yield Heading(title, level=2)
    yield _quote(link.a, "A")
    yield _quote(link.b, "B")
    for read in readings_of(links=[link])[link.pk]:
        if read.reading != "not-asked":
            said = f"{party_name(read.party)}: {words.READINGS[read.reading]}."
            yield Words(f"{said} “{read.text}”" if read.text else said)


def _quote(provision: Provision, note: str) -> Quote:
    instrument = provision.instrument
    title = f"{instrument.short_title}, {provision.label}" + (f", {provision.heading}" if provision.heading else "")
    strength = f", {_strength(provision)}" if provision.modality else ""
    return Quote(
        title=f"{title} ({note}{strength})",
        text=provision.text,
        language=provision.language,
        source=_cited(instrument),
        address=reverse("provision", args=[instrument.slug, provision.ref]),
    )


def _strength(provision: Provision) -> str:
    """Return how strongly it means it, and that a machine says so where one does; nothing where nobody has judged it."""
    said = str(words.STRENGTHS.get(provision.modality, ""))
    return f"{said}, {_('suggested by a machine')}" if provision.modality_by else said


def _cited(instrument: Instrument) -> str:
    parts = [
        party_name(instrument.party) if instrument.party else "",
        instrument.title,
        day(instrument.date) if instrument.date else "",
        str(words.STATUSES[instrument.status]) if instrument.status else "",
        _("our summary, not the law itself") if instrument.is_summary else _("the text itself"),
    ]
    return ", ".join(p for p in parts if p) + "."


def _alone(instrument: Instrument, provisions: tuple[Provision, ...]) -> Iterable[Block]:
    yield Heading(instrument.short_title, level=2)
    rows = [(p.label, p.heading or p.text[:90], _strength(p)) for p in provisions]
    header = (_("Provision"), _("Matter"), _("Strength"))
    yield Table(
        ngettext("%(n)s provision", "%(n)s provisions", len(rows)) % {"n": len(rows)}, header, tuple(rows[:MOST_ALONE])
    )


def _not_known(levels: Mapping[str, str], atlas: Atlas) -> Iterable[Block]:
    language = interface_language()
    yield Heading(_("What is not known"))
    for level in board.NONES:
        codes = [code for code, at in levels.items() if at == level]
        names = [name_of(atlas=atlas, code=code, language=language) for code in codes[:MOST_NAMED]]
        rest = len(codes) - len(names)
        more = ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest}
        told = "; ".join([*names, more] if rest else names) or _("none")
        yield Words(f"{words.LEVELS[level]} ({len(codes)}): {told}.")
    yield Words(_("The three are never added up: none of them shows that a member has no rule."), True)


def _sources(instruments: Iterable[Instrument]) -> Iterable[Block]:
    yield Heading(_("Sources"))
    rows = [
        (i.short_title, _cited(i), i.official_url) for i in sorted(instruments, key=lambda i: i.short_title.casefold())
    ]
    yield Table(_("Texts that this note rests on"), (_("Text"), _("Citation"), _("Official source")), tuple(rows))


def _limits() -> Iterable[Block]:
    yield Heading(_("Limits"))
    yield Words(
        _("Names, codes and positions imply no opinion on the legal status of any country, territory or boundary.")
    )
    yield Words(_("Order is alphabetical, or the order of a text. Nothing here ranks or scores a member."))
