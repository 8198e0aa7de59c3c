"""Public series from outside: take the figures of countries in with their source, and say how they are spread and whom they leave out."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from comity.adapters.country_columns import find_states, group_states
from comity.adapters.country_data import read_atlas
from comity.engines.parties.countries import name_of
from comity.errors import BadParameter, BadRow, Conflict, NotFound
from comity.platform.capacity.models import Series, SeriesValue
from comity.platform.parties.bodies import demand_rule, demand_slug
from comity.platform.parties.rules import authorise, may
from comity.platform.parties.texts import checked_text, checked_texts
from comity.platform.record.services import enter_act

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from comity.adapters.value_tables import ValueTable
    from comity.engines.capacity.coverage import GroupCoverage
    from comity.engines.capacity.inequality import Spread

TAKE_IN = "take figures in"
MOST_BYTES = 5_000_000
MOST_NAME = 120
RESERVED = frozenset({"new"})


@dataclass(frozen=True, slots=True)
class SeriesCard:
    """A series in a list; ``known`` countries have a figure."""

    slug: str
    name: str
    unit: str
    source: str
    licence: str
    as_of: dt.date
    known: int


@dataclass(frozen=True, slots=True)
class Region:
    """One M49 region of a series: codes and names of its states with their figures, None where there is none, in the reader's order."""

    code: str
    name: str
    figures: tuple[tuple[str, str, float | None], ...]

    @property
    def known(self) -> int:
        """How many of its states have a figure."""
        return sum(value is not None for _, _, value in self.figures)


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series as its page shows it.

    ``spread`` is over the member states that have a figure, each counted once, with Theil between and within M49 regions.
    ``development`` is the coverage of least developed, landlocked and small island States, by name of the group.
    """

    card: SeriesCard
    reference: str
    act: str
    sequence: int | None
    file_sha256: str
    members: int
    most: float
    regions: tuple[Region, ...]
    spread: Spread
    development: tuple[GroupCoverage, ...]


def take_series_in(
    *,
    slug: str,
    names: Mapping[str, str],
    unit: str,
    source: str,
    licence: str,
    as_of: dt.date,
    file_name: str,
    content: bytes,
    column: str,
    member: str,
    by: Any,
    authority: str,
) -> tuple[Series, tuple[str, ...]]:
    """Take the figures of one column of a CSV file in, as an act; return the series and the names that are no state that is known here.

    ``member`` is the column of names or codes (ISO 3166-1, M49). What was taken in does not change: a later date is another series.
    Raises NotPermitted, BadParameter, BadRow with the row, the refusals of a file that cannot be read, or Conflict where the name is
    taken. Nothing is kept of a file that is refused.
    """
    office = authorise(by=by, action=TAKE_IN)
    demand_slug(slug)
    if slug in RESERVED:
        raise BadParameter(name="slug", found=slug, allowed="another name")
    demand_rule(authority)
    called = checked_texts("names", names, most=MOST_NAME)
    told = {"unit": (unit, 60), "source": (source, 300), "licence": (licence, 100)}
    said = {name: checked_text(name, text, most=most, least=1) for name, (text, most) in told.items()}
    if as_of > timezone.now().date():
        raise BadParameter(name="as_of", found=as_of.isoformat(), allowed="a day that has come")
    if len(content) > MOST_BYTES:
        raise BadParameter(name="file", found=f"{len(content)} bytes", allowed=f"at most {MOST_BYTES} bytes")
    table = _read(content, file_name=file_name, column=column, member=member)
    figures, unknown = _by_country(table)
    digest = hashlib.sha256(content).hexdigest()
    try:
        with transaction.atomic():
            act = enter_act(
                type="take-series-in",
                office=office,
                authority=authority.strip(),
                subject=f"capacity/series/{slug}",
                payload={
                    "names": called,
                    **said,
                    "as_of": as_of.isoformat(),
                    "column": column,
                    "file_sha256": digest,
                    "figures": {code: repr(value) for code, value in sorted(figures.items())},
                },
            )
            made = Series.objects.create(
                slug=slug,
                names=called,
                as_of=as_of,
                file_sha256=digest,
                imported_at=timezone.now(),
                act=act,
                **said,
            )
            SeriesValue.objects.bulk_create(
                SeriesValue(series=made, country=code, value=value) for code, value in sorted(figures.items())
            )
    except IntegrityError:
        raise Conflict(problem=f"There is a series called {slug} already; nothing was changed.") from None
    return made, unknown


def list_series(*, language: str = "en") -> tuple[SeriesCard, ...]:
    """Return all series by their names. They are public."""
    rows = Series.objects.prefetch_related("values").order_by("slug")
    return tuple(sorted((_card(row, language) for row in rows), key=lambda c: c.name.casefold()))


def series_view(*, slug: str, language: str = "en") -> SeriesView:
    """Return a series with its measures. Raises NotFound."""
    from comity.engines.capacity.coverage import cover_groups  # noqa: PLC0415  (numpy)
    from comity.engines.capacity.inequality import measure_spread  # noqa: PLC0415  (numpy)

    row = Series.objects.select_related("act").prefetch_related("values").filter(slug=slug).first()
    if row is None:
        raise NotFound(reference=f"capacity/series/{slug[:60]}")
    atlas = read_atlas()
    states = {code: s for code, s in atlas.states.items() if s.status == "member"}
    figures = {v.country: v.value for v in row.values.all()}
    order = sorted(states.values(), key=lambda s: s.ranks[language])
    regions = []
    for code in sorted({s.region for s in order if s.region}):
        group = atlas.groupings[f"M49-{code}"]
        held = [
            (s.iso3, name_of(atlas=atlas, code=s.iso3, language=language), figures.get(s.iso3))
            for s in order
            if s.region == code
        ]
        regions.append(Region(code=code, name=group.names.get(language) or group.names["en"], figures=tuple(held)))
    development = {}
    for by in ("ldc", "lldc", "sids"):
        group = atlas.groupings[by.upper()]
        inside = next(iter(group_states(atlas=atlas, by=by).members.values()))
        development[group.names.get(language) or group.names["en"]] = inside
    return SeriesView(
        card=_card(row, language),
        reference=row.reference,
        act=row.act.body_sha256,
        sequence=row.act.sequence,
        file_sha256=row.file_sha256,
        members=len(states),
        most=max(figures.values(), default=0.0),
        regions=tuple(sorted(regions, key=lambda r: r.name.casefold())),
        spread=measure_spread(
            values=[figures.get(code) for code in sorted(states)],
            groups=[states[code].region for code in sorted(states)],
        ),
        development=tuple(
            c
            for c in cover_groups(members={m: figures.get(m) for m in states}, groups=development)
            if c.group is not None
        ),
    )


def may_take_in(*, user: Any) -> bool:
    """Tell whether an account may take figures in."""
    return may(user=user, action=TAKE_IN)


def _card(row: Series, language: str) -> SeriesCard:
    return SeriesCard(
        slug=row.slug,
        name=row.names.get(language) or row.names.get("en") or next(iter(row.names.values())),
        unit=row.unit,
        source=row.source,
        licence=row.licence,
        as_of=row.as_of,
        known=len(row.values.all()),
    )


def _read(content: bytes, /, *, file_name: str, column: str, member: str) -> ValueTable:
    from comity.adapters.value_tables import read_values  # noqa: PLC0415  (only where a file comes)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "series.csv"
        path.write_bytes(content)
        try:
            return read_values(path=path, column=column, member=member)
        except BadRow as error:
            raise BadRow(**{**error.data, "file": Path(file_name).name[:80] or "the file"}) from None


def _by_country(table: ValueTable, /) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return the figures by country, and the names that mean no state. Raises BadRow where two rows mean one country, or none has any."""
    meant = find_states(atlas=read_atlas(), cells=table.members)
    found: dict[str, float] = {}
    first: dict[str, int] = {}
    for name, row, value in zip(table.members, table.rows, table.values.figures, strict=True):
        code = meant[name]
        if code is None:
            continue
        if code in first:
            raise BadRow(
                file=table.file, row=row, problem=f"{name} is the country of row {first[code]}: give each one row"
            )
        first[code] = row
        if value is not None:
            found[code] = value
    if not found:
        raise BadRow(file=table.file, row=1, problem="no row names a state that is known here with a figure")
    return found, tuple(name for name in table.members if meant[name] is None)
