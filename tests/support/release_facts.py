"""The facts of a release that states everything there is to state, and one that states almost nothing."""

from __future__ import annotations

import datetime as dt
import hashlib

from comity.adapters.release_facts import GivenFile, ReleaseFacts, media_type_of
from comity.adapters.release_folders import Looked, join_description
from comity.adapters.release_manifests import compose_description
from comity.adapters.table_heads import may_be_table, read_columns
from comity.engines.commons.manifests import ReleaseFile

SITE = "https://comity.example.org"
CONTENTS = {
    "README.md": b"# Words\n\nA list of words.\n",
    "LICENSE": b"MIT License\n\nPermission is hereby granted\n",
    "data/train set.csv": b"code,label\n1,one\n2,two\n",
    "data/more.jsonl": b'{"code": 3, "label": "three", "share": 0.5, "checked": true}\n',
    "weights.safetensors": bytes(range(256)) * 4,
    "train.py": b"print('trained')\n",
}
FULL = {
    "comity_release": 1,
    "name": "Words of Lake Province",
    "version": "1.2",
    "intended_use": "Reading texts aloud in schools.",
    "known_limits": "Numbers, and names of places.",
    "components": [
        {"id": "card", "kind": "model-card", "licence": "CC-BY-4.0", "files": ["README.md"]},
        {"id": "terms", "kind": "licence-text", "licence": "", "files": ["LICENSE"]},
        {"id": "speech", "kind": "datasets", "licence": "CC-BY-4.0", "files": ["data/*"], "where": "recorded in 2025"},
        {"id": "weights", "kind": "model-parameters", "licence": "Apache-2.0", "files": ["weights.safetensors"]},
        {"id": "training", "kind": "training-code", "licence": "MIT OR Apache-2.0", "files": ["train.py"]},
    ],
    "languages": [
        {
            "language": "sw",
            "measure": "word error rate",
            "value": 18.5,
            "n": 487,
            "low": 17.1,
            "high": 19.9,
            "source": "our test set",
        },
        {"language": "sw", "measure": "speed", "value": 2.0},
        {"language": "fr"},
    ],
    "running": {
        "offline": True,
        "offline_note": "after it was installed",
        "hardware": "any computer of the last ten years",
        "memory_gb": 4.0,
        "gpu_memory_gb": 2.5,
        "energy": "12 kWh",
        "training_compute": "40 GPU hours",
    },
    "public_good": {
        "goals": [4, 10],
        "goals_evidence": "It reads school books aloud.",
        "ownership": {"answer": True, "text": "University of Dodoma"},
        "restricting_dependencies": False,
        "documentation": {"answer": True, "text": "README.md"},
        "other_data": False,
        "privacy_laws": {"answer": True, "text": "Personal Data Protection Act"},
        "standards": {"answer": True, "text": "UTF-8"},
        "best_practices": True,
        "prevents_harm": {"answer": True, "text": "reviewed by teachers"},
        "personal_data": False,
        "holds_content": False,
        "users_interact": False,
    },
}


def facts_of(description=None, *, kind: str = "model", contents=None, **more) -> ReleaseFacts:
    """Facts of a description and the contents of its files."""
    found = CONTENTS if contents is None else contents
    told = FULL if description is None else description
    hub = f"{SITE}/hub/m1/words/resolve/1.2"
    files = tuple(
        GivenFile(
            path=path,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            media_type=media_type_of(path),
            address=f"{hub}/{path.replace(' ', '%20')}",
            columns=read_columns(head=content, path=path) if may_be_table(path) else (),
        )
        for path, content in sorted(found.items())
    )
    looked = {f.path: ReleaseFile(f.path, f.size, f.sha256) for f in files}
    types = {"dataset": "data"}
    return ReleaseFacts(
        **{
            "reference": "commons/releases/words/1.2",
            "address": f"{SITE}/commons/releases/words/1.2",
            "hub_name": "m1/words",
            "kind": kind,
            "label": "1.2",
            "titles": {"en": told["name"], "fr": "Mots de la province du Lac"},
            "summaries": {"en": "Words, spoken and written.", "fr": "Des mots, dits et écrits."},
            "publisher": "Republic of One",
            "publisher_address": f"{SITE}/parties/members/m1",
            "released_at": dt.datetime(2026, 11, 1, 9, 30, tzinfo=dt.UTC),
            "manifest": join_description(
                compose_description(tree=told | {"type": types.get(kind, kind)}, file="comity-release.json"),
                Looked(files=looked, left=()),
            ),
            "files": files,
            "authors": ("Asha Mollel", "Jean Kalala"),
            "provenance": "Read by volunteers in three schools.",
            **more,
        }
    )


def poor_facts(*, kind: str = "dataset") -> ReleaseFacts:
    """Facts of a release that states nothing but its name: no licence, no language, no author."""
    bare = {"comity_release": 1, "name": "x", "components": [{"id": "a", "kind": "other", "files": ["a.bin"]}]}
    return facts_of(bare, kind=kind, contents={"a.bin": b"\x00"}, authors=(), provenance="", summaries={})
