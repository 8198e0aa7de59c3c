"""Read the versions of an instrument, and what became of each provision from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from comity.engines.alignment.texts import Provision as Text
from comity.errors import NotFound
from comity.platform.alignment.models import PastProvision, PastVersion, Provision
from comity.platform.alignment.selectors import instrument_of
from comity.platform.alignment.services import reference_of_version

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from comity.engines.alignment.changes import Change
    from comity.engines.alignment.differences import Stretch
    from comity.platform.alignment.models import Instrument


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of an instrument: its number, its own date and status, and since when it stood here; ``ended_at`` is None today."""

    number: int
    title: str
    status: str
    date: str
    is_summary: bool
    began_at: dt.datetime
    ended_at: dt.datetime | None
    source_sha256: str


@dataclass(frozen=True, slots=True)
class VersionText:
    """A version with the provisions that it had, in order: rows of the present text, or of the earlier one."""

    instrument: Instrument
    version: VersionView
    provisions: tuple[Provision | PastProvision, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What became of some provisions, with their rows in both versions."""

    change: Change
    old: tuple[Provision | PastProvision, ...]
    new: tuple[Provision | PastProvision, ...]
    texts: tuple[Sequence[Text], Sequence[Text]]

    @property
    def language(self) -> str:
        """The language of the text that is shown."""
        return str((self.new or self.old)[0].language)

    def differences(self) -> tuple[Stretch, ...]:
        """Return where the words differ, worked out anew on each call; nothing where the text stayed to the letter."""
        from comity.engines.alignment.versions import differences_of  # noqa: PLC0415  (takes long to import, and few pages need it)

        return differences_of(change=self.change, old=self.texts[0], new=self.texts[1])


def versions_of(*, instrument: Instrument) -> tuple[VersionView, ...]:
    """Return every version of an instrument, the first one first. It must have been read for its reader."""
    past = [
        VersionView(
            number=row.number,
            title=str(row.facts["short_title"]),
            status=str(row.facts["status"]),
            date=str(row.facts["date"] or ""),
            is_summary=bool(row.facts["is_summary"]),
            began_at=row.began_at,
            ended_at=row.ended_at,
            source_sha256=row.source_sha256,
        )
        for row in PastVersion.objects.filter(instrument=instrument).order_by("number")
    ]
    present = VersionView(
        number=instrument.version,
        title=instrument.short_title,
        status=instrument.status,
        date=instrument.date.isoformat() if instrument.date else "",
        is_summary=instrument.is_summary,
        began_at=instrument.version_since or instrument.added_at,
        ended_at=None,
        source_sha256=instrument.source_sha256,
    )
    return (*past, present)


def version_of(*, slug: str, number: int, user: Any) -> VersionText:
    """Return one version with its provisions. Raises NotFound."""
    instrument = instrument_of(slug=slug, user=user)
    view = next((v for v in versions_of(instrument=instrument) if v.number == number), None)
    if view is None:
        raise NotFound(reference=reference_of_version(slug[:80], number))
    rows: Sequence[Provision | PastProvision]
    if number == instrument.version:
        rows = list(Provision.objects.filter(instrument=instrument).order_by("position"))
    else:
        rows = list(
            PastProvision.objects.filter(version__instrument=instrument, version__number=number).order_by("position")
        )
    return VersionText(instrument=instrument, version=view, provisions=tuple(rows))


def past_of(*, provision: Provision) -> list[PastProvision]:
    """Return a provision as it stood in each earlier version, the latest first. It must have been read for its reader."""
    rows = PastProvision.objects.filter(provision=provision).select_related("version")
    return list(rows.order_by("-version__number"))


def last_version_with(*, slug: str, ref: str, user: Any) -> int:
    """Return the number of the latest earlier version that has a provision of a ref. Raises NotFound where none has."""
    instrument = instrument_of(slug=slug, user=user)
    found = PastProvision.objects.filter(version__instrument=instrument, ref=ref).order_by("-version__number")
    number = found.values_list("version__number", flat=True).first()
    if number is None:
        raise NotFound(reference=f"alignment/instruments/{slug}/{ref[:80]}")
    return int(number)


def compare_versions_of(
    *, slug: str, old: int, new: int, user: Any
) -> tuple[VersionText, VersionText, tuple[ChangeView, ...]]:
    """Return two versions of an instrument and what became of each provision between them. Raises NotFound."""
    from comity.engines.alignment.versions import compare_versions  # noqa: PLC0415  (takes long to import, and few pages need it)

    before, after = (version_of(slug=slug, number=n, user=user) for n in (old, new))
    texts = _for_engine(before), _for_engine(after)
    found = tuple(
        ChangeView(
            change=change,
            old=tuple(before.provisions[i] for i in change.old),
            new=tuple(after.provisions[j] for j in change.new),
            texts=texts,
        )
        for change in compare_versions(old=texts[0], new=texts[1])
    )
    return before, after, found


def _for_engine(held: VersionText) -> list[Text]:
    return [
        Text(held.instrument.slug, row.ref, row.label, row.heading, row.text, row.language) for row in held.provisions
    ]
