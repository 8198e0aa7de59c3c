"""Gather a folder of AI policies into one collection: read each file, split it, name its party, refuse what cannot be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from comity.engines.alignment.texts import Collection, Instrument
from comity.errors import ComityError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from comity.adapters.readers import Document
    from comity.engines.alignment.texts import Provision, Scheme
    from comity.engines.parties.countries import Atlas

SIDECAR = "instruments.toml"
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
_LANGUAGE_SUFFIX = re.compile(r"\.[a-z]{2,3}(-[A-Za-z]{2,4})?$")


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken in, with the refusal."""

    file: str
    error: ComityError


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a folder gave. ``files`` maps an instrument to the file it came from; ``looked_at`` counts all files."""

    collection: Collection
    refused: tuple[Refused, ...]
    files: Mapping[str, str]
    looked_at: int


def gather_folder(
    *,
    paths: Sequence[Path],
    scheme: Scheme,
    atlas: Atlas,
    progress: Callable[[str], None] | None = None,
    leave_out: frozenset[Path] = frozenset(),
    language: str = "",
) -> Gathered:
    """Read every file under ``paths`` and return one collection, sorted by id.

    A file that cannot be used is refused by name and the rest goes on. What a plain document does not say of itself
    (party, kind, status, whether it binds) is taken from a sidecar ``instruments.toml``, else from an instrument file
    of the same name in the run, else the party is guessed from the name of the file and marked so.

    ``leave_out`` are resolved paths of files and folders that are passed over: what an earlier run wrote. ``language`` is that of
    every plain document, where the caller knows it; else it is found. Raises PathNotFound where a path does
    not exist.
    """
    from comity.adapters.readers import find_documents, read_sidecar, show_name

    found = [p for p in find_documents(paths=paths) if leave_out.isdisjoint((p.resolve(), *p.resolve().parents))]
    sidecars = [p for p in found if p.name == SIDECAR]
    refused: list[Refused] = []
    stated: dict[Path, Mapping[str, object]] = {}
    stated_none: set[tuple[str, str]] = set()
    for path in sidecars:
        try:
            sidecar = read_sidecar(path=path, scheme=scheme)
        except ComityError as error:
            refused.append(Refused(file=show_name(path=path), error=error))
            continue
        stated |= {path.parent / name: facts for name, facts in sidecar.documents.items()}
        stated_none |= sidecar.stated_none
    instruments: dict[str, Instrument] = {}
    provisions: list[Provision] = []
    files: dict[str, str] = {}
    documents: list[tuple[Path, Document, tuple[Provision, ...]]] = []
    for path in (p for p in found if p.name != SIDECAR):
        if progress is not None:
            progress(show_name(path=path))
        try:
            if path.suffix == ".toml":
                instrument, parts, nones = _read_instrument(path, scheme, taken=instruments)
                instruments[instrument.id] = instrument
                provisions += parts
                stated_none |= nones
                files[instrument.id] = show_name(path=path)
            else:
                documents.append((path, *_read_document(path, scheme)))
        except ComityError as error:
            refused.append(Refused(file=show_name(path=path), error=error))
    summaries = dict(instruments)
    for path, document, coded in documents:
        instrument = _describe(
            path, document, stated=stated.get(path), summaries=summaries, atlas=atlas, taken=instruments
        )
        if language:
            instrument = replace(instrument, language=language)
        split = _named(coded, instrument) if coded else _split(document, instrument)
        if not split:
            refused.append(Refused(file=show_name(path=path), error=_without_provisions(path)))
            continue
        instruments[instrument.id] = instrument
        provisions += split
        files[instrument.id] = show_name(path=path)
    return Gathered(
        collection=Collection(
            instruments=tuple(instruments[i] for i in sorted(instruments)),
            provisions=tuple(sorted(provisions, key=lambda p: p.instrument)),
            stated_none=frozenset(stated_none),
        ),
        refused=tuple(sorted(refused, key=lambda r: r.file)),
        files=files,
        looked_at=len(found) - len(sidecars),
    )


def _read_instrument(
    path: Path, scheme: Scheme, *, taken: Mapping[str, Instrument]
) -> tuple[Instrument, tuple[Provision, ...], frozenset[tuple[str, str]]]:
    from comity.adapters.readers import read_instrument_file
    from comity.errors import BadInstrumentFile

    instrument, provisions, nones = read_instrument_file(path=path, scheme=scheme)
    if instrument.id in taken:
        raise BadInstrumentFile(
            file=path.name,
            where="instrument.id",
            problem=f'"{instrument.id}" is taken by another file; give each its own',
        )
    return instrument, provisions, nones


def _read_document(path: Path, scheme: Scheme) -> tuple[Document, tuple[Provision, ...]]:
    """Return a document, and its provisions where it is a table of them; else they have to be found in it."""
    from comity.adapters.readers import read_document, read_provision_table

    if path.suffix.lower() == ".csv":
        return read_provision_table(path=path, scheme=scheme)
    document = read_document(path=path)
    _demand_topics(document, scheme)
    return document, ()


def _demand_topics(document: Document, scheme: Scheme) -> None:
    from comity.adapters.readers import show_name
    from comity.errors import BadInstrumentFile

    known = {t.id for t in scheme.topics}
    for ref, coding in document.codings.items():
        for topic in coding.get("topics", ()):
            if topic not in known:
                raise BadInstrumentFile(
                    file=show_name(path=document.path),
                    where=f"its analysis of {ref[:60]}",
                    problem=f'"{topic[:60]}" is no topic here; take it out, or name one of the scheme',
                )


def _named(provisions: tuple[Provision, ...], instrument: Instrument) -> tuple[Provision, ...]:
    return tuple(replace(p, instrument=instrument.id, language=instrument.language) for p in provisions)


def _split(document: Document, instrument: Instrument) -> tuple[Provision, ...]:
    from comity.adapters.readers import provisions_of
    from comity.engines.alignment.segmentation import segment_articles, segment_blocks

    if document.articles:
        segments = segment_articles(articles=document.articles, language=instrument.language)
    else:
        segments = segment_blocks(blocks=document.blocks, language=instrument.language)
    told = replace(document, language=instrument.language)
    found = provisions_of(document=told, segments=segments, instrument_id=instrument.id)
    return tuple(replace(p, **document.codings.get(p.ref, {})) for p in found)


def _without_provisions(path: Path) -> ComityError:
    from comity.adapters.readers import show_name
    from comity.errors import EmptyFile

    return EmptyFile(file=show_name(path=path))


def name_of_document(*, path: Path, taken: Iterable[str] = ()) -> str:
    """Return the id of a plain document: its file name without the last suffix, as lower-case words joined by hyphens.

    >>> name_of_document(path=Path("EU AI Act.en.html"), taken=["x"])
    'eu-ai-act-en'
    >>> name_of_document(path=Path("eu-ai-act.en.pdf"), taken=["eu-ai-act-en"])
    'eu-ai-act-en-2'
    """
    name = _NOT_A_NAME.sub("-", path.stem.lower()).strip("-")[:70] or "document"
    held, number, unique = set(taken), 2, name
    while unique in held:
        unique, number = f"{name}-{number}", number + 1
    return unique


def _describe(
    path: Path,
    document: Document,
    *,
    stated: Mapping[str, object] | None,
    summaries: Mapping[str, Instrument],
    atlas: Atlas,
    taken: Mapping[str, Instrument],
) -> Instrument:
    from comity.engines.parties.countries import guess_party

    words = _LANGUAGE_SUFFIX.sub("", path.stem)
    name = name_of_document(path=path, taken=taken)
    title = document.title or words
    plain = Instrument(
        id=name,
        title=title,
        short_title=title if len(title) <= 80 else words,  # noqa: PLR2004  (a line of a table)
        party=None,
        language=document.language,
        basis="full-text",
    )
    plain = replace(plain, **document.facts)
    if stated is not None:
        return replace(plain, stated_by="collection", **stated)  # type: ignore[arg-type]  # read_sidecar has checked names and types
    known = summaries.get(_NOT_A_NAME.sub("-", words.lower()).strip("-"))
    if known is not None and not document.facts:
        return replace(
            known,
            id=name,
            short_title=f"{known.short_title} ({path.suffix.lstrip('.').upper()})",
            language=document.language,
            basis="full-text",
            summary=False,
        )
    party = None if plain.party else guess_party(atlas=atlas, words=words)
    return plain if party is None else replace(plain, party=party, stated_by="file name")
