"""A member's reading of a link that rests on its law: it always has the right to correct what is said of it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from comity.errors import BadParameter, Conflict, NotFound
from comity.platform.alignment.models import CrosswalkLink, LinkReading, StaleMark
from comity.platform.alignment.selectors import instruments_seen
from comity.platform.alignment.services import reference_of_link, reference_of_provision
from comity.platform.alignment.stale import mark_late, steps_since, versions_seen
from comity.platform.parties.models import Member
from comity.platform.parties.rules import authorise, may
from comity.platform.record.models import Link
from comity.platform.record.services import enter_act
from comity.platform.record.visibility import narrowest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from comity.platform.record.models import Act

READING_RULE = "A member may at any time correct what is said of its law"
ACTION = "give a member's reading"
MOST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class ReadingView:
    """How a side of a link is read by the member whose text it is.

    ``reading`` is not-asked, confirms or differs. ``party`` is the code of the text's party, ``side`` a or b. ``act`` is None
    where the member has not spoken. ``is_on_earlier_text`` tells that a text has changed since.
    """

    side: str
    party: str
    reading: str
    text: str = ""
    language: str = ""
    given_at: dt.datetime | None = None
    act: Act | None = None
    is_on_earlier_text: bool = False


def give_reading(
    *, name: str, member: str, reading: str, by: Any, text: str = "", language: str = "en", on: str = ""
) -> LinkReading:
    """Give a member's reading of a link, as an act of its delegation; an earlier one stays on the record and no longer stands.

    ``reading`` is "confirms" or "differs"; one that differs says how, in ``text`` of ``language`` (BCP 47), at most 2,000
    characters. The log holds the digest of that text alone. Raises NotPermitted, NotFound, BadParameter, or Conflict where
    neither text is of that member, or the same reading stands already on the present texts. ``on`` are the versions of both
    texts that the member saw, "2.1"; without it, the present ones.
    """
    office = authorise(by=by, action=ACTION, member=member)
    cleaned = _checked(reading=reading, text=text)
    reference = reference_of_link(name)
    with transaction.atomic():
        seen = instruments_seen(user=by)
        links = CrosswalkLink.objects.select_for_update(of=("self",)).select_related("a__instrument", "b__instrument")
        link = links.filter(name=name, a__instrument__in=seen, b__instrument__in=seen).first()
        of = Member.objects.filter(slug=member).first()
        if link is None or of is None:
            raise NotFound(reference=reference if link is None else f"parties/members/{member[:60]}")
        if not of.country or of.country not in {link.a.instrument.party, link.b.instrument.party}:
            raise Conflict(problem=f"Neither of the two texts is of {member}; only a text's own member reads it here.")
        last = LinkReading.objects.filter(link=link, member=of).order_by("-pk").first()
        a_version, b_version = versions_seen(link=link, on=on)
        is_same = last is not None and (last.reading, last.text) == (reading, cleaned)
        if last is not None and is_same and last.pk not in on_earlier_text(links=[link]):
            raise Conflict(problem="This reading stands already; nothing was changed.")
        visibility, audience = narrowest(*((t.visibility, t.audience) for t in (link.a.instrument, link.b.instrument)))
        a, b = (reference_of_provision(p) for p in (link.a, link.b))
        act = enter_act(
            type="give-reading",
            office=office,
            member=member,
            authority=READING_RULE,
            subject=reference,
            payload={
                "a": a,
                "b": b,
                "reading": reading,
                "text_sha256": hashlib.sha256(cleaned.encode()).hexdigest() if cleaned else "",
            },
            links=[(reference, Link.Relation.WAS_INFLUENCED_BY, f"parties/members/{member}")],
            visibility=visibility,
            audience=audience,
        )
        given = LinkReading.objects.create(
            link=link,
            member=of,
            reading=reading,
            text=cleaned,
            language=language[:20],
            given_at=timezone.now(),
            a_version=a_version,
            b_version=b_version,
            act=act,
        )
        mark_late(link=link, steps=steps_since(link=link, seen=(a_version, b_version)), at=given.given_at)
        return given


def _checked(*, reading: str, text: str) -> str:
    if reading not in LinkReading.Reading.values:
        raise BadParameter(name="reading", found=reading[:20], allowed=", ".join(LinkReading.Reading.values))
    cleaned = text.strip().replace("\r\n", "\n")
    if len(cleaned) > MOST_TEXT:
        raise BadParameter(name="text", found=f"{len(cleaned)} characters", allowed=f"at most {MOST_TEXT} characters")
    if reading == LinkReading.Reading.DIFFERS and not cleaned:
        raise BadParameter(name="text", found="nothing", allowed="how the member reads it, in its own words")
    return cleaned if reading == LinkReading.Reading.DIFFERS else ""


def readings_of(*, links: Iterable[CrosswalkLink]) -> dict[int, tuple[ReadingView, ReadingView]]:
    """Return how both sides of each link are read now, by the link's key. The links must have been read for their reader."""
    held = list(links)
    latest: dict[tuple[int, str], LinkReading] = {}
    rows = LinkReading.objects.filter(link__in=[link.pk for link in held]).select_related("member", "act")
    for row in rows.order_by("pk"):
        latest[row.link_id, row.member.country] = row
    late = on_earlier_text(links=held)
    return {
        link.pk: (
            _view("a", link.a.instrument.party, link, latest, late),
            _view("b", link.b.instrument.party, link, latest, late),
        )
        for link in held
    }


def on_earlier_text(*, links: Iterable[CrosswalkLink]) -> frozenset[int]:
    """Return the keys of readings of these links that were given on a text which has changed since."""
    held = {link.pk: link for link in links}
    marks: dict[int, list[StaleMark]] = defaultdict(list)
    for mark in StaleMark.objects.filter(link__in=held):
        marks[mark.link_id].append(mark)
    found = set()
    for row in LinkReading.objects.filter(link__in=marks):
        link = held[row.link_id]
        seen = {link.a_id: row.a_version, link.b_id: row.b_version}
        if any(mark.version > seen[mark.provision_id] for mark in marks[link.pk]):
            found.add(row.pk)
    return frozenset(found)


def _view(
    side: str,
    party: str,
    link: CrosswalkLink,
    latest: dict[tuple[int, str], LinkReading],
    late: frozenset[int],
) -> ReadingView:
    row = latest.get((link.pk, party))
    if row is None:
        return ReadingView(side=side, party=party, reading="not-asked")
    return ReadingView(
        side=side,
        party=party,
        reading=row.reading,
        text=row.text,
        language=row.language,
        given_at=row.given_at,
        act=row.act,
        is_on_earlier_text=row.pk in late,
    )


def members_who_may_read(*, link: CrosswalkLink, user: Any) -> tuple[str, ...]:
    """Return the members whose text the link rests on and for whom an account may give a reading."""
    parties = {link.a.instrument.party, link.b.instrument.party} - {""}
    members = Member.objects.filter(country__in=parties).order_by("slug").values_list("slug", flat=True)
    return tuple(slug for slug in members if may(user=user, action=ACTION, member=slug))
