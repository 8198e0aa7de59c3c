"""What a reader sees of mirrors: the list, one with its history, those that hold a release, and those to which a fetch is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from comity.adapters.country_data import read_atlas
from comity.errors import NotFound
from comity.platform.commons.mirrors import COMPARE, NAME, OFFER, State, may_end
from comity.platform.commons.models import Mirror, MirrorComparison
from comity.platform.commons.releases_seen import releases_seen
from comity.platform.parties.models import Body, Member
from comity.platform.parties.origins import region_of
from comity.platform.parties.preparing import own_members, places_to_act
from comity.platform.parties.roster import name_in
from comity.platform.parties.rules import may
from comity.platform.parties.texts import language_in, text_in
from comity.platform.record.visibility import seen_by

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

MOST_SHOWN = 100
"""Comparisons of the history that a page shows; one a day for ninety days, and a few more."""
OF_A_GROUP: dict[str, str] = {
    "africa": "002",
    "asia-pacific": "142",
    "eastern-europe": "150",
    "latin-america-caribbean": "019",
    "western-europe-others": "150",
}
"""The M49 region in which most of a regional group lies, for members that are no country."""


@dataclass(frozen=True, slots=True)
class MirrorCard:
    """A mirror in the reader's language. ``result`` is same, behind, different or unreachable, empty where it was never compared.

    ``serves`` are slugs of releases, none for all that are public; ``lacks`` those of which a version is not there yet. ``member`` is
    empty for the body's own. ``differs_since``: nobody is sent to it while that stands.
    """

    slug: str
    reference: str
    name: str
    name_language: str
    member: str
    member_name: str
    place: str
    region: str
    address: str
    serves: tuple[str, ...]
    lacks: tuple[str, ...]
    state: str
    visibility: str
    result: str
    last_at: dt.datetime | None
    differs_since: dt.datetime | None

    @property
    def host(self) -> str:
        """Its address without the scheme, for a list."""
        return self.address.partition("://")[2]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """One comparison: ``versions`` by their manifests, ``looked_at`` bytes besides; ``differences`` are at most twenty of ``total``."""

    at: dt.datetime
    result: str
    versions: int
    looked_at: int
    differences: tuple[Mapping[str, Any], ...]
    total: int
    problem: str


@dataclass(frozen=True, slots=True)
class MirrorPage:
    """A mirror with its history, newest first, and what this reader may do with it. ``waits``: a comparison was asked for."""

    card: MirrorCard
    names: Mapping[str, str]
    body: str
    offered_at: dt.datetime
    named_at: dt.datetime | None
    ended_at: dt.datetime | None
    act: str
    history: tuple[ComparisonView, ...]
    waits: bool
    may_name: bool
    may_end: bool
    may_compare: bool


def mirrors_seen(*, user: Any, language: str = "en", state: str = State.NAMED) -> tuple[MirrorCard, ...]:
    """Return the mirrors of a state that a reader sees, in the order of their names in the reader's language."""
    return _cards(Mirror.objects.filter(seen_by(user=user), state=state), language)


def mirror_page(*, slug: str, user: Any, language: str = "en") -> MirrorPage:
    """Return a mirror with its history. Raises NotFound where there is none that this reader sees."""
    found = Mirror.objects.filter(seen_by(user=user), slug=slug).select_related("member", "body").first()
    if found is None:
        raise NotFound(reference=f"commons/mirrors/{slug[:60]}")
    stands = found.state != State.ENDED
    return MirrorPage(
        card=_card(found, language),
        names=found.names,
        body=found.body.slug,
        offered_at=found.offered_at,
        named_at=found.named_at,
        ended_at=found.ended_at,
        act=str(found.act_id),
        history=tuple(_comparison(c) for c in found.comparisons.order_by("-at", "-pk")[:MOST_SHOWN]),
        waits=found.state == State.NAMED and found.next_at is not None and found.next_at <= timezone.now(),
        may_name=found.state == State.OFFERED and may(user=user, action=NAME),
        may_end=stands and may_end(found, user=user),
        may_compare=found.state == State.NAMED and may(user=user, action=COMPARE),
    )


def mirrors_of_release(*, slug: str, user: Any, language: str = "en") -> tuple[MirrorCard, ...]:
    """Return the named mirrors that give a release, those in a region of the reader's own members first, then by name.

    None for a release that is not public, since a mirror holds no other; none that differs from what was released.
    """
    if not releases_seen(user=AnonymousUser()).filter(slug=slug, taken_down_at__isnull=True).exists():
        return ()
    rows = Mirror.objects.filter(state=State.NAMED, differs_since__isnull=True)
    near = regions_of_reader(user=user)
    cards = [card for card in _cards(rows, language) if not card.serves or slug in card.serves]
    return tuple(sorted(cards, key=lambda card: card.region not in near))


def mirrors_to_fetch_from(*, language: str = "en") -> tuple[MirrorCard, ...]:
    """Return the named mirrors to which a fetch is sent: all but those that differ from what was released."""
    return _cards(Mirror.objects.filter(state=State.NAMED, differs_since__isnull=True), language)


def regions_of_reader(*, user: Any) -> frozenset[str]:
    """Return the M49 regions of the members whose delegations a reader belongs to; none for everyone else."""
    own = Member.objects.filter(slug__in=own_members(user=user))
    atlas = read_atlas()
    found = {
        atlas.states[member.country].region if member.country in atlas.states else OF_A_GROUP.get(member.region, "")
        for member in own
    }
    return frozenset(found - {""})


def places_to_offer(*, user: Any, language: str = "en") -> tuple[tuple[str, str, str, str], ...]:
    """Return (body, its name, member, its name) for each assembly and member for which somebody may offer a mirror, by name.

    The member is empty for the body's own mirror, which the secretariat offers.
    """
    assemblies = Body.objects.filter(kind=Body.Kind.ASSEMBLY)
    found = places_to_act(user=user, action=OFFER, language=language, bodies=assemblies)
    if may(user=user, action=NAME):
        found += [(b.slug, name_in(b.names, language), "", name_in(b.names, language)) for b in assemblies]
    return tuple(sorted(found, key=lambda row: (row[1].casefold(), row[3].casefold(), row[2])))


def releases_to_serve(*, language: str = "en") -> tuple[tuple[str, str, str], ...]:
    """Return (slug, title, its language) of the releases that are public and stand, by title."""
    rows = releases_seen(user=AnonymousUser()).filter(taken_down_at__isnull=True)
    found = [(r.slug, text_in(r.titles, language), language_in(r.titles, language)) for r in rows]
    return tuple(sorted(found, key=lambda row: (row[1].casefold(), row[0])))


def _cards(rows: Any, language: str, /) -> tuple[MirrorCard, ...]:
    found: Iterable[MirrorCard] = (_card(mirror, language) for mirror in rows.select_related("member", "body"))
    return tuple(sorted(found, key=lambda card: (card.name.casefold(), card.slug)))


def _card(mirror: Mirror, language: str, /) -> MirrorCard:
    return MirrorCard(
        slug=mirror.slug,
        reference=mirror.reference,
        name=text_in(mirror.names, language),
        name_language=language_in(mirror.names, language),
        member=mirror.member.slug if mirror.member else "",
        member_name=name_in((mirror.member or mirror.body).names, language),
        place=mirror.place,
        region=region_of(origin=mirror.place),
        address=mirror.address,
        serves=tuple(mirror.serves),
        lacks=tuple(mirror.lacks),
        state=mirror.state,
        visibility=mirror.visibility,
        result=mirror.last_result,
        last_at=mirror.last_at,
        differs_since=mirror.differs_since,
    )


def _comparison(row: MirrorComparison, /) -> ComparisonView:
    return ComparisonView(
        at=row.at,
        result=row.result,
        versions=row.versions,
        looked_at=row.looked_at,
        differences=tuple(row.differences),
        total=row.total,
        problem=row.problem,
    )
