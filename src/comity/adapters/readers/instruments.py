"""Instruments reads an instrument in our TOML form, people's summaries of its provisions, and the concept scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

from comity.adapters.readers.document import DEFAULT_LIMITS
from comity.adapters.readers.files import show_name
from comity.adapters.readers.tables import (
    LANGUAGE,
    PARTY,
    REF,
    SLUG,
    SUBDIVISION,
    Table,
    load_toml,
    open_table,
    open_tables,
)
from comity.engines.alignment.texts import (
    ADDRESSEES,
    KINDS,
    MODALITIES,
    STATUSES,
    Instrument,
    Modality,
    Provision,
    Scheme,
    Topic,
)
from comity.errors import BadInstrumentFile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from comity.adapters.readers.document import ReadingLimits

MULTI = "MULTI"
BASES = ("full-text", "partial-text")
MOST_PROVISIONS = 5_000
MOST_SUMMARY = 1_500
"""Characters of one summary."""

_NEEDED = (
    "id",
    "title",
    "short_title",
    "party",
    "kind",
    "status",
    "binding",
    "date",
    "language",
    "official_url",
    "basis",
)
_PROVISION = ("ref", "label", "heading", "summary", "modality", "addressees", "topics")


def read_instrument_file(
    *, path: Path, scheme: Scheme | None = None, limits: ReadingLimits = DEFAULT_LIMITS
) -> tuple[Instrument, tuple[Provision, ...], frozenset[tuple[str, str]]]:
    """Return the instrument of a TOML file, its provisions in their order, and the (member, topic) pairs it states as none.

    The texts are summaries that people wrote and coded: ``Instrument.summary`` is true and ``topics_by`` is "coder".
    ``instrument.language`` is that of the instrument; the summaries are in English, or in ``summary_language``.
    Topics are checked only where a ``scheme`` is given. Raises BadInstrumentFile at the first mistake, and the errors
    of reading a file.
    """
    file = show_name(path=path)
    values = load_toml(path=path, limits=limits)
    Table(file=file, where="the file", values=values).check_keys(
        required=("instrument",), optional=("provision", "states_none")
    )
    head = open_table(file=file, values=values, key="instrument")
    instrument = _read_instrument(table=head)
    language = "en"
    if "summary_language" in head.values:
        language = head.text("summary_language", most=12, pattern=LANGUAGE, example="en or pt-BR (BCP 47)")
    tables = open_tables(file=file, values=values, key="provision")
    if not tables:
        raise BadInstrumentFile(file=file, where="provision", problem="there is none; add at least one [[provision]]")
    if len(tables) > MOST_PROVISIONS:
        raise BadInstrumentFile(
            file=file,
            where="provision",
            problem=f"there are {len(tables)}; at most {MOST_PROVISIONS} are read, so split the file",
        )
    provisions = []
    places: dict[str, str] = {}
    for table in tables:
        provision = _read_provision(table=table, instrument=instrument, scheme=scheme, language=language)
        if provision.ref in places:
            raise table.refuse(
                key="ref", problem=f'"{provision.ref}" is the ref of {places[provision.ref]} too; give each its own'
            )
        places[provision.ref] = table.where
        provisions.append(provision)
    return instrument, tuple(provisions), read_stated_none(file=file, values=values, scheme=scheme)


def _read_instrument(*, table: Table) -> Instrument:
    table.check_keys(required=_NEEDED, optional=("subdivision", "signatories", "summary_language"))
    facts = read_facts(table=table)
    return Instrument(id=table.text("id", most=80, pattern=SLUG, example="eu-ai-act"), summary=True, **facts)


def read_facts(*, table: Table) -> dict[str, Any]:
    """Return those fields of Instrument that a table states, checked, under the names of the fields."""
    facts: dict[str, Any] = {}
    readers: dict[str, Callable[[str], Any]] = {
        "title": lambda k: table.text(k, most=500),
        "short_title": lambda k: table.text(k, most=120),
        "party": lambda k: table.text(k, most=16, pattern=PARTY, example="FRA, EU or MULTI"),
        "kind": lambda k: table.choice(k, allowed=KINDS),
        "status": lambda k: table.choice(k, allowed=STATUSES),
        "binding": table.flag,
        "date": table.date,
        "language": lambda k: table.text(k, most=12, pattern=LANGUAGE, example="en or pt-BR (BCP 47)"),
        "official_url": table.address,
        "basis": lambda k: table.choice(k, allowed=BASES),
        "subdivision": lambda k: table.text(k, most=6, pattern=SUBDIVISION, example="US-CO (ISO 3166-2)"),
        "signatories": lambda k: table.names(k, pattern=PARTY, most=300),
    }
    for key, read in readers.items():
        if key in table.values:
            facts[key] = read(key)
    if facts.get("signatories") and facts.get("party", MULTI) != MULTI:
        raise table.refuse(
            key="signatories", problem='only party = "MULTI" has signatories; change the party or remove them'
        )
    if facts.get("party") == MULTI and not facts.get("signatories"):
        raise table.refuse(key="party", problem='"MULTI" needs the key signatories; add it')
    return facts


def _read_provision(*, table: Table, instrument: Instrument, scheme: Scheme | None, language: str) -> Provision:
    table.check_keys(required=_PROVISION)
    known = None if scheme is None else [t.id for t in scheme.topics]
    return Provision(
        instrument=instrument.id,
        ref=table.text("ref", most=120, pattern=REF, example="art_14__para_2"),
        label=table.text("label", most=120),
        heading=table.text("heading", most=300, empty=True),
        text=table.text("summary", most=MOST_SUMMARY),
        language=language,
        modality=cast("Modality", table.choice("modality", allowed=MODALITIES)),
        addressees=table.names("addressees", allowed=ADDRESSEES, most=len(ADDRESSEES)),
        topics=table.names("topics", allowed=known, most=3),
        topics_by="coder",
    )


def read_stated_none(
    *, file: str, values: dict[str, Any], scheme: Scheme | None, key: Literal["states_none"] = "states_none"
) -> frozenset[tuple[str, str]]:
    """Return the (member, topic) pairs of ``[[states_none]]``: the member itself says that it has no provision."""
    pairs = set()
    for table in open_tables(file=file, values=values, key=key):
        table.check_keys(required=("member", "topic"))
        member = table.text("member", most=16, pattern=PARTY, example="FRA or EU")
        topic = (
            table.text("topic", most=60, pattern=SLUG, example="risk-management")
            if scheme is None
            else table.choice("topic", allowed=[t.id for t in scheme.topics])
        )
        if (member, topic) in pairs:
            raise table.refuse(key="topic", problem=f"{member} states this twice; remove one")
        pairs.add((member, topic))
    return frozenset(pairs)


def read_scheme(*, path: Path, limits: ReadingLimits = DEFAULT_LIMITS) -> Scheme:
    """Return the concept scheme of a topics file: ``[facets]`` and ``[[topic]]`` with id, facet, label, definition.

    Raises BadInstrumentFile at the first mistake, and the errors of reading a file.
    """
    file = show_name(path=path)
    values = load_toml(path=path, limits=limits)
    Table(file=file, where="the file", values=values).check_keys(required=("facets", "topic"))
    table = open_table(file=file, values=values, key="facets")
    facets = tuple((key, table.text(key, most=200)) for key in table.values)
    if not facets:
        raise table.refuse(key="", problem="it is empty; name at least one facet")
    topics = [
        _read_topic(table=t, facets=[f for f, _ in facets]) for t in open_tables(file=file, values=values, key="topic")
    ]
    if not topics:
        raise BadInstrumentFile(file=file, where="topic", problem="there is none; add at least one [[topic]]")
    _refuse_doubles(file=file, ids=[t.id for t in topics])
    return Scheme(facets=facets, topics=tuple(topics))


def _read_topic(*, table: Table, facets: Sequence[str]) -> Topic:
    table.check_keys(required=("id", "facet", "label", "definition"))
    return Topic(
        id=table.text("id", most=60, pattern=SLUG, example="risk-management"),
        facet=table.choice("facet", allowed=facets),
        label=table.text("label", most=120),
        definition=table.text("definition", most=MOST_SUMMARY),
    )


def _refuse_doubles(*, file: str, ids: Sequence[str]) -> None:
    for number, topic in enumerate(ids, start=1):
        if topic in ids[: number - 1]:
            raise BadInstrumentFile(
                file=file, where=f"topic {number}, id", problem=f'"{topic}" stands twice; give each topic its own id'
            )
