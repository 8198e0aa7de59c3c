"""Metadata of releases under the validators of the field: every Croissant under mlcroissant, every RO-Crate under rocrate-validator.

Run: ``python benchmarks/metadata.py [--peer PYTHON]``. rocrate-validator needs an older rich than import-linter, and fetches the context of
RO-Crate at every run; so that it stands in an environment of its own (``python -m venv PEER && PEER/bin/pip install roc-validator``), and
is given a context that maps the same names to the same addresses. What it finds on that context itself is left out and counted.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import mlcroissant

from comity.adapters.metadata_forms import ALL, FORMS, forms_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from support.release_facts import CONTENTS, facts_of, poor_facts

VALIDATE = r"""
import json, sys
import rdflib.plugins.shared.jsonld.context as context
import rdflib.plugins.shared.jsonld.util as util

STAND_IN = {"@context": {"@vocab": "http://schema.org/", "File": "http://schema.org/MediaObject",
                         "conformsTo": {"@id": "http://purl.org/dc/terms/conformsTo"}}}
real = util.source_to_json

def read(source, *more, **given):
    return (STAND_IN, None) if "w3id.org/ro/crate" in str(source) else real(source, *more, **given)

util.source_to_json = context.source_to_json = read
from rocrate_validator import models, services

for folder in sys.argv[1:]:
    asked = services.ValidationSettings(rocrate_uri=folder, profile_identifier="ro-crate-1.1",
                                        requirement_severity=models.Severity.RECOMMENDED)
    found = [(i.severity.name, i.check.identifier, i.message[:100]) for i in services.validate(asked).get_issues()]
    print(json.dumps([folder, found]))
"""
OF_THE_CONTEXT = "ro-crate-1.1_3."
"""Findings on the context, which the validator wants to fetch."""


def main() -> None:
    """Print what the validators find, and how long writing takes."""
    reader = argparse.ArgumentParser()
    reader.add_argument("--peer", help="a Python with roc-validator")
    given = reader.parse_args()

    print("| what | found |\n|---|---|")
    with tempfile.TemporaryDirectory() as place:
        folders = []
        for kind in sorted(ALL):
            for name, facts, contents in (
                ("full", facts_of(kind=kind), CONTENTS),
                ("poor", poor_facts(kind=kind), {"a.bin": b"\x00"}),
            ):
                folder = Path(place) / f"{kind}-{name}"
                for path, content in contents.items():
                    (folder / path).parent.mkdir(parents=True, exist_ok=True)
                    (folder / path).write_bytes(content)
                (folder / "ro-crate-metadata.json").write_bytes(FORMS["ro-crate-metadata.json"].write(facts))
                folders.append(folder)
        for name in ("full", "poor"):
            facts = facts_of(kind="dataset") if name == "full" else poor_facts()
            issues = mlcroissant.Dataset(json.loads(FORMS["croissant.json"].write(facts))).metadata.issues
            print(f"| mlcroissant, {name} | {len(issues.errors)} errors, {len(issues.warnings)} warnings |")
        if given.peer:
            tell_crates(given.peer, folders)
    part = {"id": "a", "kind": "datasets", "licence": "CC-BY-4.0", "files": ["d/*"]}
    told = {"comity_release": 1, "name": "x", "components": [part]}
    many = facts_of(told, kind="dataset", contents={f"d/{n}.csv": b"a,b\n1,2\n" for n in range(10_000)})
    for name, form in forms_of("dataset").items():
        begin = time.perf_counter()
        size = len(form.write(many))
        print(f"| {name} of 10,000 files | {time.perf_counter() - begin:.2f} s, {size / 1e6:.1f} MB |")


def tell_crates(python: str, folders: list[Path]) -> None:
    """Print what rocrate-validator finds on some crates."""
    done = subprocess.run(
        [python, "-c", VALIDATE, *map(str, folders)], capture_output=True, text=True, check=False, timeout=900
    )
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("[")]
    if len(rows) != len(folders):
        sys.exit(done.stderr[-2000:])
    found = [(s, c, m) for _, issues in rows for s, c, m in issues if not c.startswith(OF_THE_CONTEXT)]
    left = sum(c.startswith(OF_THE_CONTEXT) for _, issues in rows for _, c, _ in issues)
    severities = Counter(s for s, _, _ in found)
    print(f"| rocrate-validator, {len(rows)} crates | {severities['REQUIRED']} of what is required missing |")
    for message, count in Counter(m for _, _, m in found).most_common():
        print(f"| recommended | {count} x {message} |")
    print(f"| left out | {left} findings on a context that was not fetched |")


if __name__ == "__main__":
    main()
