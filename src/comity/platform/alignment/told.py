"""Tell people that what they said rests on text which has changed: reviewers of links, and delegations that gave a reading."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from comity.platform.alignment.models import CrosswalkLink, LinkAnswer, LinkReading, LinkReview, StaleMark
from comity.platform.alignment.readings import ACTION as READ
from comity.platform.alignment.readings import on_earlier_text
from comity.platform.alignment.selectors import instruments_seen
from comity.platform.parties.models import Member
from comity.platform.parties.rules import may, standing_now
from comity.platform.parties.today import PROVIDERS, Need

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from comity.platform.parties.models import User

REVIEW = "review a suggested link"


def links_that_are_stale(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Links that this reviewer answered on or decided and whose text has changed, one need for each text that changed.

    It is due from the moment of the change: until somebody looks, the link counts for nothing.
    """
    del now
    if not may(user=user, action=REVIEW):
        return
    seen = instruments_seen(user=user)
    own = {
        *LinkReview.objects.filter(reviewer=user).values_list("link_id", flat=True),
        *LinkAnswer.objects.filter(reviewer=user).values_list("link_id", flat=True),
    }
    marks = StaleMark.objects.filter(
        settled_by__isnull=True,
        link__in=own,
        link__state=CrosswalkLink.State.STALE,
        link__a__instrument__in=seen,
        link__b__instrument__in=seen,
    ).select_related("provision__instrument")
    by_text: dict[str, list[StaleMark]] = defaultdict(list)
    for mark in marks:
        by_text[mark.provision.instrument.slug].append(mark)
    for slug, held in sorted(by_text.items()):
        yield Need(
            kind="stale-link",
            key=f"stale-{slug}",
            member="",
            address=f"/alignment/review?state=stale&instrument={slug}",
            title=held[0].provision.instrument.short_title,
            due_at=min(mark.marked_at for mark in held),
        )


def readings_that_are_stale(*, user: User, now: dt.datetime) -> Iterable[Need]:
    """Readings of a person's member that were given on a text which has changed since."""
    del now
    slugs = [slug for slug in standing_now(user=user).members if may(user=user, action=READ, member=slug)]
    seen = instruments_seen(user=user)
    for member in Member.objects.filter(slug__in=slugs).order_by("slug"):
        rows = LinkReading.objects.filter(
            member=member, link__marks__isnull=False, link__a__instrument__in=seen, link__b__instrument__in=seen
        )
        latest = {row.link_id: row.pk for row in rows.order_by("pk")}
        links = list(CrosswalkLink.objects.filter(pk__in=latest).select_related("a__instrument", "b__instrument"))
        late = on_earlier_text(links=links)
        for link in sorted(links, key=lambda held: held.name):
            if latest[link.pk] in late:
                marks = StaleMark.objects.filter(link=link).order_by("-marked_at")
                yield Need(
                    kind="stale-reading",
                    key=f"reading-{member.slug}-{link.name}",
                    member=member.slug,
                    address=f"/alignment/links/{link.name}",
                    title=f"{link.a.instrument.short_title} · {link.b.instrument.short_title}",
                    due_at=marks.values_list("marked_at", flat=True).first(),
                )


for provider in (links_that_are_stale, readings_that_are_stale):
    if provider not in PROVIDERS:
        PROVIDERS.append(provider)
