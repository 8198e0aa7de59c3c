"""Links that rest on text which has changed: mark them, settle them, and tell why.

A decision is on a text. When another version changes that text, the decision stands no longer as it was taken, and nobody but a
person can say whether it still holds: the link is marked with its reason and waits in the queue.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from comity.engines.alignment.changes import KEEPS_TEXT
from comity.engines.alignment.differences import mark_differences
from comity.errors import BadParameter
from comity.platform.alignment.models import CrosswalkLink, LinkAnswer, LinkReading, PastProvision, StaleMark

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from comity.engines.alignment.differences import Stretch
    from comity.platform.alignment.models import Provision
    from comity.platform.record.models import Act

STATES = CrosswalkLink.State
SIDES = 2
MOST_DIGITS = 6
UNDECIDED = (STATES.WAITING, STATES.DISPUTED)
HIDDEN = Q(state=STATES.REJECTED) | Q(state=STATES.STALE, relation="")
"""Links that no list shows but the queue: rejected, or rejected on a text that has changed since."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one side of a link is stale, with what changed in its text.

    ``side`` is a or b, ``kind`` what became of the provision in ``version`` of its instrument, ``before`` the version that the link
    was decided on. ``stretches`` are the differences of heading and text, and of the text alone where it was repealed.
    ``went_to`` are the refs that the text has in the new version.
    """

    side: str
    provision: Provision
    kind: str
    before: int
    version: int
    went_to: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    act: Act


def mark_links(*, touched: Mapping[int, str], version: int, act: Act, at: dt.datetime) -> tuple[str, ...]:
    """Mark every link that a person spoke of and that rests on touched text; return the names of those now stale.

    ``touched`` maps a provision's key to what became of it. For the transaction in which the version is taken in. All links of the
    provisions are locked whatever their state, so that a decision that is being entered is waited for and then seen. A mere
    suggestion waits: the next alignment looks at it anew, and no list shows one on text that is gone.
    """
    on_it = Q(a__in=touched) | Q(b__in=touched)
    links = list(CrosswalkLink.objects.select_for_update(of=("self",)).filter(on_it).order_by("pk"))
    keys = [link.pk for link in links]
    read = {
        *LinkReading.objects.filter(link__in=keys).values_list("link_id", flat=True),
        *LinkAnswer.objects.filter(link__in=keys).values_list("link_id", flat=True),
    }
    spoken = [link for link in links if link.state not in UNDECIDED or link.pk in read]
    StaleMark.objects.bulk_create(
        StaleMark(link=link, provision_id=key, kind=touched[key], version=version, marked_at=at, act=act)
        for link in spoken
        for key in (link.a_id, link.b_id)
        if key in touched
    )
    stale = [link for link in spoken if link.state not in UNDECIDED]
    CrosswalkLink.objects.filter(pk__in=[link.pk for link in stale]).update(state=STATES.STALE)
    # Answers on the old text count no longer, so nobody disagrees on the new one yet.
    CrosswalkLink.objects.filter(pk__in=keys, state=STATES.DISPUTED).update(state=STATES.WAITING)
    return tuple(sorted(link.name for link in stale))


def steps_since(*, link: CrosswalkLink, seen: tuple[int, int]) -> list[PastProvision]:
    """Return where the text of a link's provisions changed after the versions of both instruments that somebody saw."""
    found = []
    for provision, version in zip((link.a, link.b), seen, strict=True):
        steps = PastProvision.objects.filter(provision=provision, version__number__gte=version)
        found += list(steps.exclude(became__in=KEEPS_TEXT).select_related("version__act").order_by("version__number"))
    return found


def current_answers(*, links: Iterable[CrosswalkLink]) -> dict[int, list[LinkAnswer]]:
    """Return the answers on each link, by its key, that were given on the text as it stands; the earliest first.

    Both provisions and their instruments must be loaded.
    """
    held = {link.pk: link for link in links}
    changed: dict[int, list[int]] = defaultdict(list)
    sides = {key for link in held.values() for key in (link.a_id, link.b_id)}
    steps = PastProvision.objects.filter(provision__in=sides).exclude(became__in=KEEPS_TEXT)
    for provision, version in steps.values_list("provision_id", "version__number"):
        changed[provision].append(version)
    found: dict[int, list[LinkAnswer]] = {key: [] for key in held}
    for row in LinkAnswer.objects.filter(link__in=held).order_by("given_at", "pk"):
        link = held[row.link_id]
        # That nothing corresponds to a text which stands no longer can be said whatever it had been.
        is_over = row.answer == LinkAnswer.Answer.NONE
        seen = [
            (side.pk, saw)
            for side, saw in ((link.a, row.a_version), (link.b, row.b_version))
            if not (is_over and side.repealed_in is not None)
        ]
        if not any(version >= saw for side, saw in seen for version in changed[side]):
            found[row.link_id].append(row)
    return found


def versions_seen(*, link: CrosswalkLink, on: str) -> tuple[int, int]:
    """Return the versions of both texts that somebody saw: as a form says, ``"2.1"``, and the present ones where it says nothing.

    None is newer than the present one, or than the last that has the provision. Raises BadParameter.
    """
    present = (_last_version(link.a), _last_version(link.b))
    if not on:
        return present
    parts = on.split(".")
    if len(parts) != SIDES or not all(p.isascii() and p.isdecimal() and len(p) <= MOST_DIGITS for p in parts):
        raise BadParameter(name="on", found=on[:20], allowed="the versions of both texts, such as 1.2")
    return min(int(parts[0]), present[0]), min(int(parts[1]), present[1])


def _last_version(provision: Provision) -> int:
    gone = provision.repealed_in
    return provision.instrument.version if gone is None else gone - 1


def is_on_gone_text(*, link: CrosswalkLink) -> bool:
    """Tell whether a provision of a link stands no longer."""
    return link.a.repealed_in is not None or link.b.repealed_in is not None


def mark_late(*, link: CrosswalkLink, steps: Iterable[PastProvision], at: dt.datetime) -> None:
    """Mark what somebody said of a link on a text that had changed already, in the transaction that enters it."""
    StaleMark.objects.bulk_create(
        (
            StaleMark(
                link=link,
                provision_id=step.provision_id,
                kind=step.became,
                version=step.version.number + 1,
                marked_at=at,
                act=step.version.act,
            )
            for step in steps
        ),
        ignore_conflicts=True,
    )


def settle(*, link: CrosswalkLink, act: Act) -> None:
    """Say which decision looked at what had changed."""
    StaleMark.objects.filter(link=link, settled_by__isnull=True).update(settled_by=act)


def reasons_of(*, links: Iterable[CrosswalkLink]) -> dict[int, tuple[Reason, ...]]:
    """Return why each link is stale, by its key; links without an open mark are left out.

    Where a text changed more than once since, the difference is from what was decided on to what stands now. The links must
    have been read for their reader.
    """
    held = {link.pk: link for link in links}
    marks = StaleMark.objects.filter(link__in=held, settled_by__isnull=True).select_related("act").order_by("version")
    by_side: dict[tuple[int, int], list[StaleMark]] = defaultdict(list)
    for mark in marks:
        by_side[mark.link_id, mark.provision_id].append(mark)
    texts = {
        (p.provision_id, p.version.number): p
        for p in PastProvision.objects.filter(provision__in={key for _, key in by_side}).select_related("version")
    }
    found: dict[int, list[Reason]] = defaultdict(list)
    for (link_key, provision_key), steps in sorted(by_side.items()):
        link = held[link_key]
        side, provision = ("a", link.a) if link.a_id == provision_key else ("b", link.b)
        first, last = steps[0], steps[-1]
        before, after = texts.get((provision_key, first.version - 1)), texts.get((provision_key, last.version - 1))
        now = "" if provision.repealed_in is not None else _whole(provision)
        found[link_key].append(
            Reason(
                side=side,
                provision=provision,
                kind=last.kind,
                before=first.version - 1,
                version=last.version,
                went_to=tuple(after.went_to) if after is not None else (),
                stretches=mark_differences(old=_whole(before) if before is not None else "", new=now),
                act=last.act,
            )
        )
    return {key: tuple(sorted(reasons, key=lambda r: r.side)) for key, reasons in found.items()}


def open_marks(*, links: Iterable[CrosswalkLink]) -> dict[int, list[StaleMark]]:
    """Return the open marks of links, by the link's key: what tables and the programming door show of the reasons."""
    found: dict[int, list[StaleMark]] = defaultdict(list)
    keys = [link.pk for link in links]
    for mark in StaleMark.objects.filter(link__in=keys, settled_by__isnull=True).order_by("version", "pk"):
        found[mark.link_id].append(mark)
    return found


def _whole(provision: Any) -> str:
    return f"{provision.heading}\n{provision.text}" if provision.heading else str(provision.text)
