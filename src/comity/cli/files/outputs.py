"""Write the files of a run: each appears whole or not at all."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity import __version__
from comity.adapters.joint_action_files import (
    JOINT_ACTIONS,
    commitment_record,
    joint_action_records,
    joint_action_rows,
)
from comity.adapters.tables import table_lines
from comity.cli.files.clusters import COLUMNS, cluster_rows, clusters_of
from comity.cli.files.line import is_one_party
from comity.cli.files.standard_files import OSCAL, akoma_files, akoma_name, oscal_file
from comity.engines.alignment import crosswalk, joint_actions, topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.cli.files.line import Aligned

CROSSWALK = (
    "a",
    "b",
    "state",
    "relation",
    "score",
    "cosine",
    "strength_a",
    "strength_b",
    "shared_topics",
    "shared_terms",
    "same_party",
    "status_a",
    "status_b",
    "label_a",
    "text_a",
    "label_b",
    "text_b",
    "maker",
)
CONVERGENCE = ("topic", "member", "name", "level", "own", "through", "provisions")


def write_outputs(*, aligned: Aligned, folder: Path) -> dict[str, Any]:
    """Write report.html, crosswalk.csv, convergence.csv, common_ground.csv, joint_actions.csv and .json, provisions.jsonl, align.json, each instrument
    as Akoma Ntoso and, where there is a pair, the crosswalk as OSCAL; return what align.json holds.

    Raises OSError where the folder cannot be written; files of an earlier run are then left as they were.
    """
    from comity.adapters.visual.report.render import render_report
    from comity.cli.files.report import compose_report

    summary = summarise(aligned)
    clusters = clusters_of(aligned)
    joint: dict[str, Any] = {
        "groups": aligned.joint_actions,
        "provisions": {p.id: p for p in aligned.collection.provisions},
        "instruments": {i.id: i for i in aligned.collection.instruments},
    }
    contents = {
        "report.html": render_report(report=compose_report(aligned=aligned, clusters=clusters)),
        "crosswalk.csv": "".join(table_lines(header=CROSSWALK, rows=_crosswalk_rows(aligned))),
        "convergence.csv": "".join(table_lines(header=CONVERGENCE, rows=_convergence_rows(aligned))),
        "common_ground.csv": "".join(
            table_lines(header=COLUMNS, rows=cluster_rows(clusters=clusters, aligned=aligned))
        ),
        "joint_actions.csv": "".join(table_lines(header=JOINT_ACTIONS, rows=joint_action_rows(**joint))),
        "joint_actions.json": json.dumps(joint_action_records(**joint), ensure_ascii=False, indent=2) + "\n",
        "provisions.jsonl": "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in _provision_records(aligned)),
        "align.json": json.dumps(summary, ensure_ascii=False, indent=2) + "\n",
        **akoma_files(aligned=aligned),
    }
    mapping = oscal_file(aligned=aligned)
    if mapping is not None:
        contents[OSCAL] = mapping
    _write_whole(contents, folder=folder)
    if mapping is None:
        (folder / OSCAL).unlink(missing_ok=True)
    return summary


def _write_whole(contents: Mapping[str, str], *, folder: Path) -> None:
    parts = {folder / name: (folder / name).with_name(f".{Path(name).name}.{os.getpid()}") for name in contents}
    for place in {part.parent for part in parts.values()}:
        place.mkdir(parents=True, exist_ok=True)
    try:
        for text, part in zip(contents.values(), parts.values(), strict=True):
            part.write_text(text, encoding="utf-8", newline="")
        for place, part in parts.items():
            part.replace(place)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def summarise(aligned: Aligned) -> dict[str, Any]:
    """Return what align.json holds: counts, instruments, refusals, levels by topic, how it was made and how long it took."""
    provisions = aligned.collection.provisions
    counts: dict[str, int] = {}
    for provision in provisions:
        counts[provision.instrument] = counts.get(provision.instrument, 0) + 1
    levels: dict[str, dict[str, int]] = {t.id: {} for t in aligned.scheme.topics}
    for cell in aligned.convergence.cells:
        levels[cell.topic][cell.level] = levels[cell.topic].get(cell.level, 0) + 1
    embedder = aligned.embedder
    return {
        "comity": __version__,
        "as_of": aligned.as_of.isoformat(),
        "counts": {
            "files": aligned.gathered.looked_at,
            "instruments": len(aligned.collection.instruments),
            "provisions": len(provisions),
            "pairs": len(aligned.pairs),
            "goals": sum(c.kind == "goal" for c in aligned.commitments),
            "actions": sum(c.kind == "action" for c in aligned.commitments),
            "joint_actions": len(aligned.joint_actions),
        },
        "instruments": [
            {
                "id": i.id,
                "title": i.title,
                "party": i.party,
                "kind": i.kind,
                "status": i.status,
                "binding": i.binding,
                "language": i.language,
                "basis": i.basis,
                "stated_by": i.stated_by,
                "file": aligned.gathered.files[i.id],
                "provisions": counts.get(i.id, 0),
                "akoma_ntoso": akoma_name(instrument=i.id),
            }
            for i in aligned.collection.instruments
        ],
        "refused": [{"file": r.file, **r.error.as_dict()} for r in aligned.gathered.refused],
        "levels_by_topic": levels,
        "embedder": f"{embedder.name}/{embedder.version}" if embedder else "none",
        "makers": {"pairs": crosswalk.MAKER, "topics": topics.MAKER, "joint_actions": joint_actions.MAKER},
        "words_only_languages": sorted(aligned.words_only),
        "warnings": list(aligned.warnings),
        "seconds": aligned.seconds,
    }


def _crosswalk_rows(aligned: Aligned) -> Iterable[Sequence[Any]]:
    by_id = {p.id: p for p in aligned.collection.provisions}
    instruments = {i.id: i for i in aligned.collection.instruments}
    for pair in aligned.pairs:
        a, b = by_id[pair.a], by_id[pair.b]
        of_a, of_b = instruments[a.instrument], instruments[b.instrument]
        yield (
            pair.a,
            pair.b,
            "suggested",
            pair.relation,
            f"{pair.score:.6f}",
            "" if pair.cosine is None else f"{pair.cosine:.6f}",
            a.modality or "",
            b.modality or "",
            " ".join(pair.shared_topics),
            " ".join(pair.shared_terms),
            int(is_one_party(of_a, of_b)),
            of_a.status or "",
            of_b.status or "",
            a.label,
            a.text,
            b.label,
            b.text,
            crosswalk.MAKER,
        )


def _convergence_rows(aligned: Aligned) -> Iterable[Sequence[Any]]:
    from comity.engines.parties.countries import name_of

    for cell in aligned.convergence.cells:
        name = name_of(atlas=aligned.atlas, code=cell.member, language="en")
        through = "; ".join(f"{who}: {level}" for who, level in cell.through)
        yield cell.topic, cell.member, name, cell.level, cell.own or "", through, " ".join(cell.provisions)


def _provision_records(aligned: Aligned) -> Iterable[dict[str, Any]]:
    commitments = {c.provision: commitment_record(c) for c in aligned.commitments}
    for p in aligned.collection.provisions:
        yield {
            "id": p.id,
            "instrument": p.instrument,
            "ref": p.ref,
            "label": p.label,
            "heading": p.heading,
            "text": p.text,
            "language": p.language,
            "modality": p.modality,
            "modality_by": p.modality_by or ("coder" if p.modality else ""),
            "addressees": list(p.addressees),
            "addressees_by": p.addressees_by or ("coder" if p.addressees else ""),
            "topics": list(p.topics),
            "topics_by": p.topics_by,
            "topic_chances": list(p.topic_chances),
            "commitment": commitments.get(p.id),
            "page": p.page or None,
        }
