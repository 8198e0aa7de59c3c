"""Compose the text of an agreement from a version of a template: checked, filled in every language, and its one form that is signed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import rfc8785
from django.db.models import Q
from django.utils import timezone

from comity.engines.commons.blanks import Part, check_values, fill_text
from comity.errors import BadParameter
from comity.platform.commons.models import AgreementText, Release, SharingAgreement
from comity.platform.commons.releases_seen import releases_seen_by
from comity.platform.commons.templates import as_template, template_version
from comity.platform.parties.bodies import reference_of_body, reference_of_member
from comity.platform.parties.rules import Installation
from comity.platform.parties.texts import MOST_TITLE, checked_language, checked_text
from comity.platform.record.visibility import Visibility

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.engines.commons.blanks import Template
    from comity.platform.commons.models import TemplateVersion
    from comity.platform.parties.models import Body, Member

FORM = 1
MOST_ANNEX = 20_000
MOST_RELEASES = 50
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
PROJECT = re.compile(r"(alignment|dialogue|decisions|standards|capacity|commons)/[A-Za-z0-9._~/-]{1,200}")


@dataclass(frozen=True, slots=True)
class Wording:
    """What the parties fill a template with. ``number`` 0 is the latest version; ``releases`` are slugs; ``language`` that of title and annex."""

    template: str
    title: str
    language: str = "en"
    number: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    annex: str = ""
    begins_on: dt.date | None = None
    ends_on: dt.date | None = None
    project: str = ""
    releases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """The parties: members in the order of their slugs, and whether the body itself is one."""

    body: Body
    members: tuple[Member, ...]
    with_body: bool
    shown_to: str

    @property
    def references(self) -> list[str]:
        """The permanent names of the parties."""
        members = [reference_of_member(member.slug) for member in self.members]
        return [*members, reference_of_body(self.body.slug)] if self.with_body else members

    @property
    def codes(self) -> dict[str, Mapping[str, str]]:
        """The names of the parties by language, by what a blank calls them: a member's slug, the body's reference."""
        named: dict[str, Mapping[str, str]] = {member.slug: member.names for member in self.members}
        return named | {reference_of_body(self.body.slug): self.body.names} if self.with_body else named


@dataclass(frozen=True, slots=True)
class Filled:
    """A text that is filled: its pieces in each language, and all that is signed."""

    version: TemplateVersion
    given: Template
    values: dict[str, str]
    parts: dict[str, tuple[Part, ...]]
    releases: tuple[Release, ...]


def fill_wording(wording: Wording, /, *, sides: Sides, by: Any, whole: bool = True) -> Filled:
    """Return a template filled with what the parties say; unless ``whole``, with what is there so far.

    A release that it covers is one that the person sees, and everyone who will see the agreement. Raises NotFound or BadParameter.
    """
    version = template_version(slug=wording.template, number=wording.number)
    given = as_template(version)
    releases = _releases(wording.releases, sides=sides, by=by)
    said = {name: checked_text(name, str(value), most=1000) for name, value in wording.values.items()}
    parties = sides.codes
    values = check_values(
        blanks=given.blanks,
        values=said,
        parties=parties,
        releases=[release.reference for release in releases],
        whole=whole,
    )
    names = dict(parties)
    for release in releases:
        names[release.reference] = {code: f"{title} ({release.reference})" for code, title in release.titles.items()}
    parts = {
        language: fill_text(text=text, blanks=given.blanks, values=values, names=names, language=language)
        for language, text in sorted(given.texts.items())
    }
    return Filled(version=version, given=given, values=values, parts=parts, releases=releases)


def compose_text(
    wording: Wording,
    /,
    *,
    agreement: SharingAgreement,
    sides: Sides,
    replaces: str,
    by: Any,
) -> tuple[AgreementText, tuple[Release, ...]]:
    """Return a text of an agreement, not yet written, and the releases that it covers. ``replaces``: the digest of what holds now.

    Its digest is that of the canonical JSON (RFC 8785) of all that is signed. Raises NotFound or BadParameter.
    """
    filled = fill_wording(wording, sides=sides, by=by)
    title = checked_text("title", wording.title, most=MOST_TITLE, least=3)
    language = checked_language(wording.language)
    annex = checked_text("annex", wording.annex, most=MOST_ANNEX, lines=True)
    project = checked_text("project", wording.project, most=250).removeprefix("/")
    if project and not PROJECT.fullmatch(project):
        raise BadParameter(name="project", found=project[:60], allowed="a reference such as capacity/commitments/NAME")
    demand_days(begins_on=wording.begins_on, ends_on=wording.ends_on)
    texts = {code: "".join(part.text for part in parts) for code, parts in filled.parts.items()}
    document: dict[str, Any] = {
        "comity_agreement": FORM,
        "agreement": agreement.reference,
        "replaces": replaces,
        "template": filled.version.reference,
        "template_sha256": filled.version.sha256,
        "title": title,
        "language": language,
        "parties": sides.references,
        "shown_to": sides.shown_to,
        "values": filled.values,
        "annex": annex,
        "begins_on": wording.begins_on.isoformat() if wording.begins_on else None,
        "ends_on": wording.ends_on.isoformat() if wording.ends_on else None,
        "project": project,
        "releases": [release.reference for release in filled.releases],
        "texts": {code: texts[code] for code in filled.given.authentic},
    }
    canonical = rfc8785.dumps(document)
    text = AgreementText(
        agreement=agreement,
        template=filled.version,
        title=title,
        language=language,
        values=filled.values,
        annex=annex,
        begins_on=wording.begins_on,
        ends_on=wording.ends_on,
        project=project,
        texts=texts,
        document=canonical.decode(),
        sha256=hashlib.sha256(canonical).hexdigest(),
    )
    return text, filled.releases


def demand_days(*, begins_on: dt.date | None, ends_on: dt.date | None) -> None:
    """Raise BadParameter for days that no agreement has, or an end before its beginning, or in the past."""
    for name, day in (("begins_on", begins_on), ("ends_on", ends_on)):
        if day is not None and not EARLIEST <= day <= LATEST:
            raise BadParameter(name=name, found=day.isoformat(), allowed=f"a day from {EARLIEST} to {LATEST}")
    first = max(day for day in (begins_on, timezone.now().date()) if day is not None)
    if ends_on is not None and ends_on < first:
        raise BadParameter(name="ends_on", found=ends_on.isoformat(), allowed=f"a day from {first.isoformat()} on")


def releases_to_cover(*, shown_to: str, by: Any) -> list[Release]:
    """Return the releases that an agreement may cover: seen by this person, and by everyone who will see the agreement."""
    wide = Q(visibility=Visibility.PUBLIC) | Q(released_at__lte=timezone.now())
    if shown_to != SharingAgreement.Shown.PUBLIC:
        wide |= Q(visibility=Visibility.MEMBERS)
    rows = Release.objects.filter(wide, taken_down_at__isnull=True)
    if not isinstance(by, Installation):
        rows = rows.filter(releases_seen_by(user=by))
    return list(rows.order_by("slug"))


def _releases(slugs: Sequence[str], /, *, sides: Sides, by: Any) -> tuple[Release, ...]:
    wanted = sorted(set(slugs))
    if len(wanted) > MOST_RELEASES:
        raise BadParameter(name="releases", found=str(len(wanted)), allowed=f"at most {MOST_RELEASES}")
    known = {release.slug: release for release in releases_to_cover(shown_to=sides.shown_to, by=by)}
    for slug in wanted:
        if slug not in known:
            raise BadParameter(
                name="releases", found=slug[:60], allowed="releases that everyone sees who will see the agreement"
            )
    return tuple(known[slug] for slug in wanted)
