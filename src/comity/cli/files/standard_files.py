"""What a run writes for the tools of others: each instrument as Akoma Ntoso, the crosswalk as an OSCAL mapping collection."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from comity import __version__
from comity.adapters.akoma import SUFFIX, akoma_text
from comity.engines.alignment import crosswalk
from comity.engines.alignment.oscal import MappedLink, MappedText, compose_mapping

if TYPE_CHECKING:
    from comity.cli.files.line import Aligned
    from comity.engines.alignment.texts import Provision

AKOMA = "akoma-ntoso"
"""The folder of a run with one file for each instrument."""

OSCAL = "oscal-mapping.json"


def akoma_name(*, instrument: str) -> str:
    """Return the name of an instrument's file within the folder of a run."""
    return f"{AKOMA}/{instrument}{SUFFIX}"


def akoma_files(*, aligned: Aligned) -> dict[str, str]:
    """Return the text of each instrument's file by its name. What a machine proposed is marked so in it."""
    topics = {t.id: t.label for t in aligned.scheme.topics}
    held: dict[str, list[Provision]] = {i.id: [] for i in aligned.collection.instruments}
    for provision in aligned.collection.provisions:
        held[provision.instrument].append(provision)
    return {
        akoma_name(instrument=i.id): akoma_text(
            instrument=i, provisions=held[i.id], topics=topics, atlas=aligned.atlas, on=aligned.as_of
        )
        for i in aligned.collection.instruments
    }


def oscal_file(*, aligned: Aligned) -> str | None:
    """Return every suggested pair as a mapping collection, in JSON; None where there is no pair, for which OSCAL has no form."""
    if not aligned.pairs:
        return None
    by_id = {p.id: p for p in aligned.collection.provisions}
    links = [
        MappedLink(
            source=by_id[pair.a],
            target=by_id[pair.b],
            relation=pair.relation,
            state="suggested",
            maker=crosswalk.MAKER,
            score=pair.score,
            cosine=pair.cosine,
        )
        for pair in aligned.pairs
    ]
    linked = {p.instrument for link in links for p in (link.source, link.target)}
    document = compose_mapping(
        texts=[
            MappedText(instrument=i, address=akoma_name(instrument=i.id))
            for i in aligned.collection.instruments
            if i.id in linked
        ],
        links=links,
        title="Crosswalk of AI policies",
        version=__version__,
        modified=dt.datetime.combine(aligned.as_of, dt.time.min, tzinfo=dt.UTC),
        origin="",
    )
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
